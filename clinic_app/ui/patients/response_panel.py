"""What a visit did: when the benefit began, how good it was, when it wore off."""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from clinic_app.errors import ClinicError, NotFound
from clinic_app.services.visit_data import ResponseData, ScaleSheet, VisitRow
from clinic_app.terms import IMPRESSIONS
from clinic_app.ui.differences import Layout, Parts, parts_of, with_parts
from clinic_app.ui.locale import date_text, number_text
from clinic_app.ui.patients.scale_fields import ScaleFields
from clinic_app.ui.patients.side_panel import SidePanel
from clinic_app.ui.patients.words import told
from clinic_app.ui.theme import BETWEEN
from clinic_app.ui.together import Outcome, save_together, together_text
from clinic_app.ui.widgets.clash_choice import ClashChoice
from clinic_app.ui.widgets.fields import LabelledField, TextArea, check_all
from clinic_app.ui.widgets.value_fields import ChoiceField, NumberField
from clinic_app.ui.workplace import Workplace

LAYOUT: Layout = {
    "First day of benefit": ("first_day",),
    "Best benefit": ("best_percent",),
    "Wore off": ("wore_off_week",),
    "Pain": ("pain",),
    "Patient's impression": ("patient_impression",),
    "Clinician's impression": ("clinician_impression",),
    "Note": ("note",),
}
SCALES = "Rating scales"
"""All scores with their day: they are of one examination."""


class ResponsePanel(SidePanel):
    """The form of one visit's response."""

    def __init__(
        self,
        workplace: Workplace,
        patient_id: int,
        visit: VisitRow,
        parent: QWidget | None = None,
        *,
        used_scales: tuple[str, ...] = (),
    ) -> None:
        """``used_scales`` are those that the patient was measured with before."""
        super().__init__(f"Response to {date_text(visit.visited_on)}", "Save response", parent)
        self.patient_id = patient_id
        self.visit_id = visit.id
        self._workplace = workplace
        self._visit = visit
        self._theirs: ScaleSheet | None = None
        self.clash = ClashChoice(self)
        self.clash.part_chosen.connect(self._show_part)
        self.content.addWidget(self.clash)
        steps: list[tuple[int | None, str]] = [(None, "Not noted")]
        steps += [(number, f"{number} · {words}") for number, words in IMPRESSIONS.items()]
        self.first_day = NumberField("First day of benefit", self, unit="day", decimals=0, largest=120)
        self.best_percent = NumberField("Best benefit", self, unit="%", decimals=0, largest=100)
        self.wore_off_week = NumberField("Wore off", self, unit="week", decimals=0, largest=104)
        self.pain = NumberField("Pain, 0 to 10", self, unit="of 10", decimals=0, largest=10)
        self.patient_impression = ChoiceField[int | None]("Patient's impression", steps, self)
        self.clinician_impression = ChoiceField[int | None]("Clinician's impression", steps, self)
        self.note = TextArea("Note", self, lines=3)
        grid = QGridLayout()
        grid.setSpacing(BETWEEN)
        for number, short in enumerate((self.first_day, self.best_percent, self.wore_off_week, self.pain)):
            grid.addWidget(short, number // 2, number % 2)
        self.content.addLayout(grid)
        self.scales = ScaleFields(workplace, visit.indication, visit.scales, used_scales, self)
        for part in (self.patient_impression, self.clinician_impression, self.scales, self.note):
            self.content.addWidget(part)
        self.content.addStretch(1)
        self._fill(visit.response or ResponseData())
        for field in self._fields().values():
            field.changed.connect(self._touched)
        self.scales.changed.connect(self._touched)
        self.scales.changed.connect(self._scored)
        self.submitted.connect(self.save)
        self.dirty = False

    def focus_first(self) -> None:
        """Put the cursor where typing begins."""
        self.first_day.setFocus()

    def data(self) -> ResponseData:
        """What stands in the form."""
        return ResponseData(
            first_day=_whole(self.first_day.value()),
            best_percent=_whole(self.best_percent.value()),
            wore_off_week=_whole(self.wore_off_week.value()),
            patient_impression=self.patient_impression.value(),
            clinician_impression=self.clinician_impression.value(),
            pain=_whole(self.pain.value()),
            note=self.note.value(),
        )

    @Slot()
    def save(self) -> None:
        """Check, then save."""
        if not (self.scales.check() & check_all(self._fields().values())) or not self.clash.check():
            return
        data, sheet = self.data(), self._theirs or self.scales.sheet()
        self.problem.say("")
        self.set_busy(True)
        self._workplace.tasks.run(
            partial(self._record, self._visit, data, sheet),
            self._recorded,
            self._refused,
            owner=self,
            ended=lambda: self.set_busy(False),
        )

    def _record(self, visit: VisitRow, data: ResponseData, sheet: ScaleSheet) -> Outcome[VisitRow]:
        """Asks the services; the window is not touched."""
        typed = parts_of(data, LAYOUT) | {SCALES: _in_order(sheet)}
        actor, visits = self._workplace.actor, self._workplace.services.visits

        def read() -> VisitRow:
            for each in visits.of_patient(actor, self.patient_id):
                if each.id == visit.id:
                    return each
            raise NotFound("visit_not_found")

        def save(seen: VisitRow, parts: Parts) -> None:
            answers = {title: value for title, value in parts.items() if title != SCALES}
            # Scores are kept in the order of the form.
            scores = sheet if parts[SCALES] == typed[SCALES] else parts[SCALES]
            response = with_parts(ResponseData(), answers, LAYOUT)
            visits.record_response(actor, visit.id, response, scores, version=seen.response_version)

        unscored = ScaleSheet(visit.visited_on) if sheet.values else sheet

        def parts(seen: VisitRow) -> Parts:
            return parts_of(seen.response or ResponseData(), LAYOUT) | {SCALES: _in_order(seen.scales or unscored)}

        return save_together(visit, typed, parts=parts, read=read, save=save)

    def _recorded(self, outcome: Outcome[VisitRow]) -> None:
        if outcome.saved:
            self.dirty = False
            self.saved.emit(f"Response noted{together_text(outcome.theirs)}.")
            return
        self._visit = outcome.known
        for title, value in outcome.parts.items():
            self._show_part(title, value)
        self.clash.show_clashes(
            "Somebody else noted something about this visit too. Choose what to keep, then save again. What else you "
            "typed is still in the form.",
            outcome.clashes,
            _words,
        )
        self.scroll_area.verticalScrollBar().setValue(0)
        self.clash.focus_first()
        if outcome.problem is not None:
            self._refused(outcome.problem)

    @Slot(str, object)
    def _show_part(self, title: str, value: Any) -> None:
        if title == SCALES:
            # Theirs have no fields of their own here: they are kept as they are.
            self._theirs = None if value == _in_order(self.scales.sheet()) else value
        else:
            self._fill(with_parts(self.data(), {title: value}, LAYOUT))

    def _fields(self) -> dict[str, LabelledField]:
        return {
            "first_day": self.first_day,
            "best_percent": self.best_percent,
            "wore_off_week": self.wore_off_week,
            "pain": self.pain,
            "patient_impression": self.patient_impression,
            "clinician_impression": self.clinician_impression,
            "note": self.note,
        }

    def _fill(self, data: ResponseData) -> None:
        self.first_day.set_value(data.first_day)
        self.best_percent.set_value(data.best_percent)
        self.wore_off_week.set_value(data.wore_off_week)
        self.pain.set_value(data.pain)
        self.patient_impression.set_value(data.patient_impression)
        self.clinician_impression.set_value(data.clinician_impression)
        self.note.set_value(data.note)

    @Slot()
    def _touched(self) -> None:
        self.dirty = True
        self.problem.say("")

    @Slot()
    def _scored(self) -> None:
        self._theirs = None

    def _refused(self, error: ClinicError) -> None:
        field = (self._fields() | self.scales.fields()).get(error.field)
        if field is None:
            self.problem.say(told(error))
        else:
            field.set_error(told(error))
            field.setFocus()


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def _in_order(sheet: ScaleSheet) -> ScaleSheet:
    return replace(sheet, values=tuple(sorted(sheet.values, key=lambda each: (each.scale, each.subscale))))


def _words(title: str, value: Any) -> str:
    if title == SCALES:
        scores = ", ".join(f"{each.scale} {each.subscale} {number_text(each.value)}" for each in value.values)
        return f"{date_text(value.measured_on)}: {scores}" if scores else "none"
    if value in (None, ""):
        return "empty"
    return str(value)
