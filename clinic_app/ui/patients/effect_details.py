"""What is known of the chosen side effect, the review of its red flag and its report to the regulator."""

from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.access import Act
from clinic_app.services.visit_data import SideEffectRow
from clinic_app.terms import Learned, ReportState
from clinic_app.ui.locale import date_text
from clinic_app.ui.patients.parts import FactList
from clinic_app.ui.patients.words import (
    SEVERITIES,
    ago_text,
    effect_name,
    ended_text,
    product_text,
    sided_muscle,
    started_text,
    told,
    units_text,
)
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.fields import TextArea, TextField
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.sections import Hairline
from clinic_app.ui.widgets.value_fields import DateField
from clinic_app.ui.workplace import Workplace

LEARNED = {Learned.TELEPHONE: "by telephone", Learned.VISIT: "at a visit"}


class EffectDetails(QWidget):
    """Below the table. What was typed for one side effect stays with it while others are looked at."""

    change_requested = Signal(object)
    resolve_requested = Signal(object, str)
    report_requested = Signal(object, object, str)
    """The side effect, the day of the report, its reference."""
    take_back_requested = Signal(object)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._reference = workplace.services.reference
        self._effect: SideEffectRow | None = None
        self._typed: dict[int, tuple[str, str, str]] = {}
        self.flag = Note(Level.STOP, self)
        self.duty = Note(Level.WARN, self)
        self.facts = FactList(self, label_width=128)
        self._build_fields()
        self._build_buttons()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        for part in (Hairline(self), self.flag, self.duty, self.facts, self.resolve_note, self.report):
            layout.addWidget(part)
        layout.addLayout(self._buttons)
        self.hide()

    def show_effect(self, effect: SideEffectRow | None) -> None:
        """Show a side effect, or nothing."""
        if self._effect is not None and (effect is None or effect.id != self._effect.id):
            day, reference = self.reported_on.editor.text(), self.report_reference.editor.text()
            self._typed[self._effect.id] = self.resolve_note.editor.toPlainText(), day, reference
        another = effect is not None and (self._effect is None or effect.id != self._effect.id)
        self._effect = effect
        self.setVisible(effect is not None)
        if effect is None:
            return
        if another:
            note, day, reference = self._typed.get(effect.id, ("", "", ""))
            self.resolve_note.set_value(note)
            self.reported_on.set_value(None)
            self.reported_on.editor.setText(day)
            self.report_reference.set_value(reference)
        self._show_facts(effect)
        self._show_ways(effect)

    def forget_typed(self, effect_id: int) -> None:
        """What was typed for it is in the record now."""
        self._typed.pop(effect_id, None)
        if self._effect is not None and self._effect.id == effect_id:
            self.resolve_note.set_value("")
            self.reported_on.set_value(None)
            self.report_reference.set_value("")

    def show_refusal(self, error: ClinicError) -> None:
        """Say at its field why it could not be done."""
        fields = {"reported_on": self.reported_on, "report_reference": self.report_reference}
        field = fields.get(error.field)
        if field is not None:
            field.set_error(told(error))
        elif self.resolve_note.isHidden():
            self.duty.say(told(error), Level.WARN)
        else:
            self.resolve_note.set_error(told(error))

    def _build_fields(self) -> None:
        self.resolve_note = TextArea(
            "What was done about the red flag", self, lines=2, hint="It stays with the side effect, with your name."
        )
        self.report = QWidget(self)
        self.reported_on = DateField(
            "Reported to the regulator on", self.report, in_the_past=True, today=self._workplace.today
        )
        self.report_reference = TextField(
            "Reference of the report", self.report, longest=200, placeholder="The number that the regulator gave it"
        )
        row = QGridLayout(self.report)
        row.setContentsMargins(0, 0, 0, 0)
        row.setHorizontalSpacing(BETWEEN)
        row.addWidget(self.reported_on, 0, 0)
        row.addWidget(self.report_reference, 0, 1)
        for column in (0, 1):
            row.setColumnStretch(column, 1)

    def _build_buttons(self) -> None:
        self.change_button = PlainButton("Change side effect", self, icon="pencil")
        self.take_back_button = PlainButton("Not reported after all", self, icon="undo-2")
        self.report_button = PlainButton("Mark as reported", self, icon="check")
        self.resolve_button = PlainButton("Resolve red flag", self, icon="check")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(INSIDE)
        self._buttons.addStretch(1)
        for button, run in (
            (self.change_button, self._change),
            (self.take_back_button, self._take_back),
            (self.report_button, self._report),
            (self.resolve_button, self._resolve),
        ):
            button.clicked.connect(run)
            self._buttons.addWidget(button)

    def _show_facts(self, effect: SideEffectRow) -> None:
        reference, today = self._reference, self._workplace.today()
        region = self._workplace.services.clinic.label_region.value
        muscles = "\n".join(
            f"{sided_muscle(reference, muscle, side)}"
            + (f" · {units_text(units)} {product_text(reference, product, region)}" if units is not None else "")
            for muscle, side, units, product in effect.muscles
        )
        learned = f", {LEARNED[effect.learned]}" if effect.learned is not None else ""
        resolved = effect.resolved_note
        if resolved and effect.resolved_by and effect.resolved_at is not None:
            resolved += f"\n{effect.resolved_by}, {date_text(effect.resolved_at.astimezone().date())}"
        ended = "going on" if effect.ended_on is None else f"ended {ended_text(effect)}"
        self.facts.set_facts(
            [
                (
                    effect_name(reference, effect.kind, effect.other),
                    f"{SEVERITIES[effect.severity]}, from {started_text(effect)}, {ended}",
                ),
                ("After the visit of", f"{date_text(effect.visited_on)} · {ago_text(effect.visited_on, today)}"),
                ("Suspected muscles", muscles),
                ("What was done", effect.action),
                ("Red-flag question", self._answer(effect)),
                ("Red flag resolved", resolved),
                ("Serious", _serious_text(effect)),
                ("To the regulator", _report_text(effect)),
                ("Noted by", f"{effect.recorded_by}{learned}"),
            ]
        )

    def _answer(self, effect: SideEffectRow) -> str:
        """The question of a conditional red flag with its answer; also that nobody asked it."""
        entry = self._reference.side_effects.get(effect.kind)
        if entry is None or entry.red_flag != "conditional":
            return ""
        answer = {True: "yes", False: "no", None: "not asked"}[effect.red_answer]
        return f"{entry.red_flag_when[:1].upper()}{entry.red_flag_when[1:]}? {answer.capitalize()}."

    def _show_ways(self, effect: SideEffectRow) -> None:
        entry = self._reference.side_effects.get(effect.kind)
        advice = f" Say to the patient: {entry.advice}" if entry is not None else ""
        self.flag.say(f"Red flag: no physician has reviewed it yet.{advice}" if effect.waits_for_review else "")
        waits = effect.report is ReportState.TO_BE_REPORTED
        self.duty.say(self._duty() if waits else "", Level.WARN)
        may_edit = self._workplace.may(Act.EDIT_HISTORY)
        may_resolve = effect.waits_for_review and self._workplace.may(Act.SIGN)
        self.resolve_note.setVisible(may_resolve)
        self.resolve_button.setVisible(may_resolve)
        self.report.setVisible(waits and may_edit)
        self.report_button.setVisible(waits and may_edit)
        self.take_back_button.setVisible(effect.reported and may_edit)
        self.change_button.setVisible(may_edit)

    def _duty(self) -> str:
        """Where the clinic reports, as the reference knows it."""
        reporting = self._reference.side_effects_file.reporting
        system = reporting.us if self._workplace.services.clinic.label_region.value == "US" else reporting.uk
        where = f"{system.system} ({system.phone})" if system.phone else system.system
        return f"To be reported to the regulator: {where}. Tell the {reporting.also_tell} too."

    @Slot()
    def _change(self) -> None:
        if self._effect is not None:
            self.change_requested.emit(self._effect)

    @Slot()
    def _resolve(self) -> None:
        if self._effect is not None:
            self.resolve_requested.emit(self._effect, self.resolve_note.value())

    @Slot()
    def _report(self) -> None:
        if self._effect is not None and self.reported_on.check():
            day: date | None = self.reported_on.value()
            self.report_requested.emit(self._effect, day, self.report_reference.value())

    @Slot()
    def _take_back(self) -> None:
        if self._effect is not None:
            self.take_back_requested.emit(self._effect)


def _serious_text(effect: SideEffectRow) -> str:
    if effect.serious is None:
        return "not judged yet"
    return ", ".join(effect.serious_criteria) or "yes" if effect.serious else "no"


def _report_text(effect: SideEffectRow) -> str:
    if effect.report is not ReportState.REPORTED:
        return "to be reported" if effect.report is ReportState.TO_BE_REPORTED else "not needed"
    day = f"reported on {date_text(effect.reported_on)}" if effect.reported_on is not None else "reported"
    return f"{day}, reference {effect.report_reference}" if effect.report_reference else day
