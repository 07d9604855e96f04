"""What a visit did: when the benefit began, how good it was, when it wore off."""

from decimal import Decimal

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.visit_data import ResponseData, VisitRow
from clinic_app.terms import IMPRESSIONS
from clinic_app.ui.locale import date_text
from clinic_app.ui.patients.scale_fields import ScaleFields
from clinic_app.ui.patients.side_panel import SidePanel
from clinic_app.ui.patients.words import told
from clinic_app.ui.theme import BETWEEN
from clinic_app.ui.widgets.fields import LabelledField, TextArea, check_all
from clinic_app.ui.widgets.value_fields import ChoiceField, NumberField
from clinic_app.ui.workplace import Workplace


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
        if not (self.scales.check() & check_all(self._fields().values())):
            return
        data, sheet = self.data(), self.scales.sheet()
        actor, visits = self._workplace.actor, self._workplace.services.visits
        self.problem.say("")
        self.set_busy(True)
        self._workplace.tasks.run(
            lambda: visits.record_response(actor, self.visit_id, data, sheet),
            self._saved,
            self._refused,
            owner=self,
            ended=lambda: self.set_busy(False),
        )

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

    def _saved(self, _nothing: None) -> None:
        self.dirty = False
        self.saved.emit("Response noted.")

    def _refused(self, error: ClinicError) -> None:
        field = (self._fields() | self.scales.fields()).get(error.field)
        if field is None:
            self.problem.say(told(error))
        else:
            field.set_error(told(error))
            field.setFocus()


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)
