"""The form of the waiting list: who would come earlier, for what, when, and at how short notice."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QLocale, QTimer, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.schedule_data import ScheduleChoices
from clinic_app.services.waiting import MOST_NOTICE, WishForm, WishRow
from clinic_app.ui.differences import Parts, Together
from clinic_app.ui.patient_choice import ChosenPatient, PatientChoice
from clinic_app.ui.patients.chip_fields import ManyChips
from clinic_app.ui.recall.wish_merging import parts_of_wish, shown
from clinic_app.ui.schedule.panels import Panel
from clinic_app.ui.theme import BETWEEN
from clinic_app.ui.together import Outcome, merged_text
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.clash_choice import ClashChoice
from clinic_app.ui.widgets.fields import LabelledField, TextArea, check_all
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.value_fields import ChoiceField, DateField, NumberField, TimeField
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_ANY = 0


@dataclass(frozen=True, slots=True)
class TypedWish:
    """What stands in the form of a new wish, to bring it back."""

    patient: ChosenPatient | None
    type_id: int | None
    injector_id: int | None
    weekdays: tuple[str, ...]
    texts: tuple[str, ...]


class WishFields(Panel):
    """Adds a wish or changes one. What is typed for a new one stays until it is added or the form is emptied."""

    wished = Signal(object, object)
    """A ``WishForm``, and the ``WishRow`` that it takes the place of, or None."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__("Add to waiting list", parent)
        self._workplace = workplace
        self._row: WishRow | None = None
        self._kept: TypedWish | None = None
        self._people: dict[int, ChosenPatient] = {}
        self._choices = ScheduleChoices((), (), ())
        locale = QLocale()
        self.clash = ClashChoice(self)
        self.clash.part_chosen.connect(self._show_part)
        self.patient_choice = PatientChoice(workplace, self, name="waiting")
        self.type_field: ChoiceField[int] = ChoiceField("Kind", (), self, required=True)
        self.injector_field: ChoiceField[int] = ChoiceField("Injector", [(_ANY, "Any")], self)
        self.weekday_field = ManyChips(
            "Days",
            [
                (str(day), locale.dayName(day + 1, QLocale.FormatType.ShortFormat), locale.dayName(day + 1))
                for day in range(7)
            ],
            self,
            own_words="",
        )
        self.weekday_field.set_hint("None ticked: any day.")
        self.from_field, self.until_field = TimeField("Not before", self), TimeField("Over by", self)
        self.first_field = DateField("First day", self, today=workplace.today)
        self.last_field = DateField("Last day", self, today=workplace.today)
        self.notice_field = NumberField("Notice needed", self, unit="days", decimals=0, largest=MOST_NOTICE)
        self.notice_field.editor.setToolTip("How many days before the visit the patient must know; empty means none")
        self._exact = (self.from_field, self.until_field, self.first_field, self.last_field, self.notice_field)
        for field, tip in (
            (self.type_field, "What the patient waits for; its usual length must fit the free place"),
            (self.injector_field, "Only places of this injector are offered"),
            (self.from_field, "The visit begins at this time at the earliest, such as 930 or 9:30"),
            (self.until_field, "The visit is over by this time, such as 1230"),
        ):
            field.editor.setToolTip(tip)
        self.note_field = TextArea("Note", self, lines=2)
        self.problem = Note(Level.STOP, self)
        self.empty_button = PlainButton("Empty form", self)
        self.save_button = PrimaryButton("", self)
        self.save_button.setProperty("waits", True)
        self._lay_out()
        self.empty_button.clicked.connect(self.clear)
        self.save_button.clicked.connect(self.submit)
        self.clear()

    def set_choices(self, choices: ScheduleChoices) -> None:
        """Offer kinds and injectors."""
        self._choices = choices
        self.type_field.set_choices([(kind.id, f"{kind.name} ({kind.minutes} min)") for kind in choices.types])
        self.injector_field.set_choices([(_ANY, "Any"), *((each.id, each.name) for each in choices.injectors)])
        if self.type_field.value() is None and choices.types:
            self.type_field.set_value(choices.types[0].id)
        if self.injector_field.value() is None:
            self.injector_field.set_value(_ANY)

    def begin(self) -> None:
        """A new wish, with what was typed for one before."""
        if self._row is not None:
            self.done()
        self._name()
        self.focus_first()

    def change(self, row: WishRow) -> None:
        """Change a wish."""
        if self._row is None:
            self._kept = self._typed() if self.unsaved() else None
        self._row = row
        self._show_parts(row, parts_of_wish(row.form))
        self.clash.forget()
        self.problem.say("")
        self._name()
        self.focus_first()

    def meet(self, outcome: Outcome[WishRow]) -> None:
        """Somebody else changed the wish too: go on from theirs, with what was typed here in the form."""
        self._row = outcome.known
        self._show_parts(outcome.known, outcome.parts)
        names = {number: person.name for number, person in self._people.items()}
        self.clash.show_clashes(
            "Somebody else changed this wish too. Choose what to keep, then save again. What else you typed is still "
            "in the form.",
            outcome.clashes,
            partial(shown, self._choices, names),
        )
        self.scroll_area.verticalScrollBar().setValue(0)
        self.clash.focus_first()
        if outcome.problem is not None:
            self.problem.say(merged_text(outcome.theirs))
            self.show_error(outcome.problem)

    def unsaved(self) -> bool:
        """Whether a new wish is typed and not on the list."""
        typed = self._kept if self._row is not None else self._typed()
        return typed is not None and (typed.patient is not None or any(typed.texts) or bool(typed.weekdays))

    def focus_first(self) -> None:
        """Put the focus where something is missing."""
        missing = self.patient_choice.patient() is None
        target: QWidget = self.patient_choice.search if missing else self.type_field.editor
        # The page may only now be coming on screen, and a hidden widget takes no focus.
        QTimer.singleShot(0, target, target.setFocus)

    def done(self) -> None:
        """What stands here is saved, or the change given up; a new wish that was begun before comes back."""
        kept = self._kept
        self._row, self._kept = None, None
        self.clear()
        if kept is not None:
            self._bring_back(kept)

    def show_error(self, error: ClinicError) -> None:
        """Say why it was not saved, under the field it belongs to."""
        fields: dict[str, LabelledField] = {
            "type": self.type_field,
            "not_after": self.until_field,
            "last_day": self.last_field,
            "notice_days": self.notice_field,
        }
        field = fields.get(error.field)
        if error.code == "wish_not_found":
            # Nothing can be changed any more, but what is typed can still be wished.
            self._row = None
            self._name()
            self.clash.forget()
            self.problem.say(
                "Somebody else took this wish off the waiting list. What you typed is still here: add it again if the "
                "patient still waits."
            )
        elif field is None:
            self.problem.say(told(error))
        else:
            field.set_error(told(error))
            field.setFocus()

    @Slot()
    def clear(self) -> None:
        """An empty form."""
        self.patient_choice.choose(None)
        self.injector_field.set_value(_ANY)
        self.weekday_field.set_value(())
        self.note_field.set_value("")
        for field in self._exact:
            field.editor.clear()
            field.set_error("")
        self.problem.say("")
        self.clash.forget()

    @Slot()
    def submit(self) -> None:
        """Save what the form says."""
        usable = [self.patient_choice.check(), check_all([self.type_field, *self._exact])]
        patient, type_id = self.patient_choice.patient(), self.type_field.value()
        if not all(usable) or patient is None or type_id is None or not self.clash.check():
            return
        self.problem.say("")
        form = WishForm(
            patient_id=patient.id,
            type_id=type_id,
            injector_id=self.injector_field.value() or None,
            weekdays=tuple(sorted(int(day) for day in self.weekday_field.value())),
            not_before=self.from_field.value(),
            not_after=self.until_field.value(),
            first_day=self.first_field.value(),
            last_day=self.last_field.value(),
            notice_days=int(self.notice_field.value() or 0),
            note=self.note_field.value(),
        )
        self.wished.emit(form, self._row)

    def _show_parts(self, row: WishRow, parts: Parts) -> None:
        person = ChosenPatient(row.form.patient_id, row.name, row.birth_date, row.record_number)
        chosen = self.patient_choice.patient()
        self._people = {each.id: each for each in (chosen, person) if each is not None}
        for title, value in parts.items():
            self._show_part(title, value)

    @Slot(str, object)
    def _show_part(self, title: str, value: Any) -> None:
        match title, value:
            case "Patient", _:
                self.patient_choice.choose(self._people[value])
            case "Kind", _:
                self.type_field.set_value(value)
            case "Injector", _:
                self.injector_field.set_value(value or _ANY)
            case "Days", _:
                self.weekday_field.set_value([str(day) for day in value])
            case "Hours", Together((not_before, not_after)):
                self.from_field.set_value(not_before)
                self.until_field.set_value(not_after)
            case "First and last day", Together((first_day, last_day)):
                self.first_field.set_value(first_day)
                self.last_field.set_value(last_day)
            case "Notice needed", _:
                self.notice_field.set_value(value or None)
            case "Note", _:
                self.note_field.set_value(value)

    def _typed(self) -> TypedWish:
        return TypedWish(
            self.patient_choice.patient(),
            self.type_field.value(),
            self.injector_field.value(),
            self.weekday_field.value(),
            (self.note_field.value(), *(field.editor.text() for field in self._exact)),
        )

    def _bring_back(self, typed: TypedWish) -> None:
        self.patient_choice.choose(typed.patient)
        self.type_field.set_value(typed.type_id)
        self.injector_field.set_value(typed.injector_id)
        self.weekday_field.set_value(typed.weekdays)
        self.note_field.set_value(typed.texts[0])
        for field, text in zip(self._exact, typed.texts[1:], strict=True):
            field.editor.setText(text)

    def _name(self) -> None:
        new = self._row is None
        self.heading.setText("Add to waiting list" if new else "Change the wish")
        self.save_button.setText("Add to waiting list" if new else "Save wish")
        self.empty_button.setVisible(new)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(BETWEEN)
        grid.setVerticalSpacing(BETWEEN)
        for number, field in enumerate((self.from_field, self.until_field, self.first_field, self.last_field)):
            grid.addWidget(field, number // 2, number % 2)
        grid.addWidget(self.notice_field, 2, 0)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        for part in (self.clash, self.patient_choice, self.type_field, self.injector_field, self.weekday_field):
            self.content.addWidget(part)
        self.content.addLayout(grid)
        self.content.addWidget(self.note_field)
        self.content.addWidget(self.problem)
        self.content.addStretch(1)
        self.foot.addWidget(self.empty_button)
        self.foot.addStretch(1)
        self.foot.addWidget(self.save_button)
