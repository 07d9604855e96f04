"""The fields of one side effect: what happened, what to say, when, how bad, and which muscles can have caused it."""

from datetime import date
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from clinic_app.errors import ClinicError
from clinic_app.reference.side_effects import SideEffect
from clinic_app.services.access import Act
from clinic_app.services.side_effects import FollowedVisit, Suspect
from clinic_app.services.visit_data import SideEffectForm
from clinic_app.terms import Learned, Severity, Side
from clinic_app.ui.differences import Parts, Together
from clinic_app.ui.locale import date_text
from clinic_app.ui.patients.choices import ManyChoice, OpenChoice
from clinic_app.ui.patients.seriousness import SeriousnessFields
from clinic_app.ui.patients.side_panel import SidePanel
from clinic_app.ui.patients.words import LEARNED, SEVERITIES, ago_text, sided_muscle, told, units_text
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.clash_choice import ClashChoice
from clinic_app.ui.widgets.fields import CheckField, LabelledField, TextArea, TextField
from clinic_app.ui.widgets.notes import Note, Notice
from clinic_app.ui.widgets.value_fields import ChoiceField, DateField
from clinic_app.ui.workplace import Workplace

OTHER = ""
"""The kind of a side effect in the person's own words."""


class SideEffectFields(SidePanel):
    """They show a side effect in its parts and ask only what its kind asks for."""

    def __init__(
        self,
        workplace: Workplace,
        patient_id: int,
        visits: tuple[FollowedVisit, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", "", parent)
        self.patient_id = patient_id
        self.dirty = False
        self._workplace = workplace
        self._keep_both = False
        self._question = f"patients.suspects.{patient_id}"
        self._build_fields(visits)

    def _build_fields(self, visits: tuple[FollowedVisit, ...]) -> None:
        reference, today = self._workplace.services.reference, self._workplace.today()
        self.clash = ClashChoice(self)
        self.clash.part_chosen.connect(self._show_chosen)
        self.content.addWidget(self.clash)
        self.visit = ChoiceField[int](
            "After the visit of",
            [(v.id, f"{date_text(v.visited_on)} · {ago_text(v.visited_on, today)}") for v in visits],
            self,
            required=True,
        )
        self._visited = {v.id: v.visited_on for v in visits}
        kinds = sorted(((e.id, e.name) for e in reference.side_effects.values()), key=lambda kind: kind[1].casefold())
        self.kind = ChoiceField[str](
            "What happened",
            [*kinds, (OTHER, "Other, in own words")],
            self,
            searchable=True,
            placeholder="Type or choose",
        )
        line = self.kind.editor.lineEdit()
        assert line is not None  # a searchable field has one
        line.setPlaceholderText("Type or choose, such as trouble swallowing")
        self.other = TextField("In own words", self, longest=300)
        self.red_question = OpenChoice[bool]("", [(True, "Yes", ""), (False, "No", "")], self, across=True)
        self.red_question.label.setWordWrap(True)
        self.red_question.missing_text = "Ask this first: the answer decides what to say."
        self.advice = Note(Level.INFO, self)
        grades = {grade.id: grade.definition for grade in reference.side_effects_file.severity_scale.grades}
        self.severity = OpenChoice[Severity](
            "Severity",
            [(s, SEVERITIES[s], _sentence(grades.get(s.value, ""))) for s in Severity],
            self,
            required=True,
        )
        self.severity.missing_text = "Choose how severe it was."
        self.started = DateField("Began", self, in_the_past=True, required=True, today=self._workplace.today)
        self.started.missing_text = "Type the day it began."
        self.going_on = CheckField("Still going on", self)
        self.ended = DateField("Ended", self, in_the_past=True, today=self._workplace.today)
        self.action = TextArea("What was done", self, lines=2, placeholder="Advice, medicine, sent to hospital …")
        self.muscles = ManyChoice[tuple[str, Side]](
            "Suspected muscles", self, nothing="Choose what happened first; the muscles of the visit then stand here."
        )
        self.serious = SeriousnessFields(reference.side_effects_file.seriousness, self)
        self.serious.setVisible(self._workplace.may(Act.EDIT_HISTORY))
        self.learned = OpenChoice[Learned](
            "Learned", [(each, word, "") for each, word in LEARNED.items()], self, across=True
        )
        self.twice = Notice(self)
        below: dict[QWidget, QWidget] = {self.red_question: self.advice, self.kind: self.twice}
        for field in self._all_fields():
            self.content.addWidget(field)
            if field in below:
                self.content.addWidget(below[field])
            field.changed.connect(self._touched)
        self.content.addStretch(1)
        self.visit.changed.connect(self._visit_chosen)
        self.kind.changed.connect(self._kind_chosen)
        self.red_question.changed.connect(self._show_advice)
        self.started.changed.connect(self._show_day)
        self.started.left.connect(self._show_day)
        self.going_on.changed.connect(self._show_end)

    def _all_fields(self) -> tuple[LabelledField | CheckField | SeriousnessFields, ...]:
        return (
            self.visit,
            self.kind,
            self.other,
            self.red_question,
            self.started,
            self.going_on,
            self.ended,
            self.severity,
            self.action,
            self.muscles,
            self.serious,
            self.learned,
        )

    def form(self) -> SideEffectForm:
        """What stands in the form."""
        kind = self.kind.value()
        return SideEffectForm(
            visit_id=self.visit.value() or 0,
            kind=kind or "",
            other=self.other.value() if kind == OTHER else "",
            severity=self.severity.value(),
            started_on=self.started.value(),
            ended_on=None if self.going_on.value() else self.ended.value(),
            action=self.action.value(),
            red_flag=self.red_question.value() if self._is_conditional() else None,
            muscles=self.muscles.value(),
            learned=self.learned.value(),
            serious=self.serious.serious(),
            serious_criteria=self.serious.named(),
            keep_both=self._keep_both,
        )

    def focus_first(self) -> None:
        """Put the cursor where typing begins."""
        self.kind.setFocus()

    @Slot(str, object)
    def _show_chosen(self, title: str, value: Any) -> None:
        self._show_parts({title: value})

    def _show_parts(self, parts: Parts) -> None:
        for title, value in parts.items():
            self._show_part(title, value)
        self._kind_shown()
        self._show_end()
        self._show_day()

    def _show_part(self, title: str, value: Any) -> None:
        match title, value:
            case "What happened", Together((kind, other, red_flag)):
                self.kind.set_value(kind)
                self.other.set_value(other)
                self.red_question.set_value(red_flag)
            case "Began", _:
                self.started.set_value(value)
            case "Ended", _:
                self.going_on.set_value(value is None)
                self.ended.set_value(value)
            case "Severity", _:
                self.severity.set_value(value)
            case "What was done", _:
                self.action.set_value(value)
            case "Suspected muscles", _:
                if not set(value) <= set(self.muscles.offered_values()):
                    self.muscles.set_groups([("", [((m, s), self._muscle_text(m, s)) for m, s in value])])
                self.muscles.set_value(value)
            case "Serious", Together((serious, criteria)):
                self.serious.set_values(serious, criteria)
            case "Learned", _:
                self.learned.set_value(value)

    def _muscle_text(self, muscle: str, side: Side) -> str:
        return sided_muscle(self._workplace.services.reference, muscle, side)

    def _entry(self) -> SideEffect | None:
        kind = self.kind.value()
        return self._workplace.services.reference.side_effects.get(kind) if kind else None

    def _is_conditional(self) -> bool:
        entry = self._entry()
        return entry is not None and entry.red_flag == "conditional"

    def _is_red(self) -> bool:
        entry = self._entry()
        if entry is None:
            return False
        return entry.red_flag is True or (entry.red_flag == "conditional" and self.red_question.value() is True)

    def _kind_problem(self) -> str:
        kind = self.kind.value()
        if kind is None:
            typed = self.kind.editor.currentText().strip()
            return "Choose one from the list, or “Other, in own words”." if typed else "Choose what happened."
        return ""

    @Slot()
    def _touched(self) -> None:
        self.dirty = True
        self._keep_both = False
        self.problem.say("")
        self.twice.say("")

    @Slot()
    def _visit_chosen(self) -> None:
        self._show_day()
        self._ask_suspects()

    @Slot()
    def _kind_chosen(self) -> None:
        self.red_question.set_value(None)
        self._kind_shown()

    def _kind_shown(self) -> None:
        entry, kind = self._entry(), self.kind.value()
        self.other.setVisible(kind == OTHER and kind is not None)
        self.other.required = kind == OTHER
        self.other.missing_text = "Describe it in a few words."
        conditional = entry is not None and entry.red_flag == "conditional"
        self.red_question.setVisible(conditional)
        self.red_question.required = conditional
        if conditional and entry is not None:
            self.red_question.label.setText(f"{_sentence(entry.red_flag_when).rstrip('.')}?")
            self.red_question.setAccessibleName(self.red_question.label.text())
        self._show_advice()
        self._ask_suspects()

    @Slot()
    def _show_advice(self) -> None:
        entry = self._entry()
        if entry is None:
            self.advice.say("")
        elif self._is_red():
            self.advice.say(f"Red flag. Say now: {entry.advice}", Level.STOP)
        elif entry.red_flag == "conditional" and self.red_question.value() is None:
            self.advice.say("Ask the question above first.", Level.WARN)
        else:
            self.advice.say(entry.advice, Level.INFO)

    @Slot()
    def _show_day(self) -> None:
        started, visited = self.started.value(), self._visited.get(self.visit.value() or 0)
        self.started.set_hint("" if started is None or visited is None else _day_text(started, visited))

    @Slot()
    def _show_end(self) -> None:
        self.ended.setVisible(not self.going_on.value())
        self.ended.required = not self.going_on.value()
        self.ended.missing_text = "Type the day it ended, or tick “Still going on”."

    def _ask_suspects(self) -> None:
        visit_id, kind = self.visit.value(), self.kind.value()
        if visit_id is None or kind is None:
            return
        actor, effects = self._workplace.actor, self._workplace.services.side_effects
        self._workplace.tasks.ask(
            self._question, lambda: effects.suspects(actor, visit_id, kind), self._show_suspects, self._suspects_refused
        )

    def _show_suspects(self, suspects: tuple[Suspect, ...]) -> None:
        likely = [((s.muscle, s.side), self._suspect_text(s)) for s in suspects if s.likely]
        others = [((s.muscle, s.side), self._suspect_text(s)) for s in suspects if not s.likely]
        entry = self._entry()
        name = "this" if entry is None else entry.name.lower()
        self.muscles.set_groups(
            [(f"Can cause {name}", likely), ("Also injected then" if likely else "Injected then", others)]
        )

    def _suspect_text(self, suspect: Suspect) -> str:
        return f"{self._muscle_text(suspect.muscle, suspect.side)} · {units_text(suspect.units)}"

    def _suspects_refused(self, error: ClinicError) -> None:
        self.problem.say(told(error))


def _day_text(started: date, visited: date) -> str:
    days = (started - visited).days
    if days < 0:
        return "This is before the visit."
    return "The day of the injection" if days == 0 else f"Day {days} after the injection"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""
