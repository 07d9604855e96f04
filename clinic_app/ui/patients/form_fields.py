"""The fields of the patient form in their sections, and the way from the fields to the record and back."""

from dataclasses import fields
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_app.services.access import Act
from clinic_app.services.patient_data import PatientForm
from clinic_app.terms import PatientStatus, Sex
from clinic_app.ui.patients.form_dystonia import DystoniaFields
from clinic_app.ui.patients.form_grid import FormPart, add_fields, tab_stops, whole
from clinic_app.ui.patients.form_health import HealthFields
from clinic_app.ui.patients.language_field import LanguageField
from clinic_app.ui.patients.row_editor import KeepingChoice
from clinic_app.ui.patients.row_lists import RowList
from clinic_app.ui.patients.words import SEXES, STATUSES
from clinic_app.ui.widgets.fields import TextArea, TextField
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.value_fields import ChoiceField, DateField, NumberField
from clinic_app.ui.workplace import Workplace

_PREFERRED = ("", "telephone", "text message", "e-mail", "letter")


class FormFields(QObject):
    """All fields of a patient. The clinical ones exist only for those who may change them."""

    changed = Signal()
    identity_changed = Signal()
    """Name or birth date changed."""
    row_removed = Signal(str, object)
    """A sentence about a row that was taken away, and what brings it back."""

    def __init__(self, workplace: Workplace, into: QVBoxLayout, parent: QWidget) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._parent = parent
        self._shown = PatientForm()
        self.clinical = workplace.may(Act.EDIT_HISTORY)
        self.plain: dict[str, Any] = {}
        self.lists: dict[str, RowList[Any]] = {}
        self.history: dict[str, Any] = {}
        self.person = Section("Person", parent)
        self._make_person()
        self.sections = [self.person, self._make_contact(), self._make_care()]
        if self.clinical:
            self._make_clinical()
        for section in self.sections:
            into.addWidget(section)
        for part in self.parts().values():
            part.changed.connect(self.changed)
        for rows in self.lists.values():
            rows.removed.connect(self.row_removed)
        for name in ("family_name", "given_name", "birth_date"):
            self.plain[name].changed.connect(self.identity_changed)
        self.plain["status"].changed.connect(self._show_status)
        self.show(PatientForm())

    def in_order(self) -> list[Any]:
        """The fields and lists as they stand from the top down."""
        clinical = [*self.dystonia.in_order(), *self.health.in_order()] if self.clinical else []
        own = [field for name, field in self.plain.items() if not self.clinical or name not in self.health.plain]
        return [*own, *clinical]

    def tab_stops(self) -> list[QWidget]:
        """What Tab comes to, from the top of the form down."""
        return [stop for part in self.in_order() for stop in tab_stops(part)]

    def parts(self) -> dict[str, FormPart]:
        """Every field and list by the name that an error gives it, from the top of the form down."""
        return {**self.plain, **(self.dystonia.parts() if self.clinical else {}), **self.lists}

    def ways(self) -> list[tuple[str, Section]]:
        """The sections worth going to at once, by a short name."""
        found = [("Person", self.person)]
        if self.clinical:
            names = ("Diagnosis", "Beginning", "Pattern", "Daily life")
            found += zip(names, self.dystonia.sections, strict=True)
            found += zip(("Medicines", "Weight", "Therapy and tests", "Elsewhere"), self.health.sections, strict=True)
        return found

    def form(self) -> PatientForm:
        """What stands in the fields. What has no field stays as it was shown."""
        typed: dict[str, Any] = {name: field.value() for name, field in self.plain.items()}
        typed["sex"] = typed["sex"] or Sex.UNKNOWN
        typed["status"] = typed["status"] or PatientStatus.ACTIVE
        if typed["status"] is not PatientStatus.DIED:
            typed["died_on"] = None
        typed["usual_interval_weeks"] = whole(typed["usual_interval_weeks"])
        if self.clinical:
            typed |= self.dystonia.values() | self.health.values()
        unseen = {f.name: getattr(self._shown, f.name) for f in fields(PatientForm) if f.name not in typed}
        return PatientForm(**{**unseen, **typed})

    def show(self, form: PatientForm) -> None:
        """Fill the fields."""
        self._shown = form
        for name, field in self.plain.items():
            field.set_value(getattr(form, name))
        if self.clinical:
            self.dystonia.show(form)
            self.health.show(form)
        self._show_status()

    def check(self) -> QWidget | None:
        """Check everything; the first part that is wrong, or None."""
        wrong = [part for part in self.parts().values() if not part.check()]
        return wrong[0] if wrong else None  # type: ignore[return-value]  # every part is a widget

    def _make_clinical(self) -> None:
        reference, today = self._workplace.services.reference, self._workplace.today
        region = self._workplace.services.clinic.label_region
        self.dystonia = DystoniaFields(reference, today, self._parent)
        self.health = HealthFields(reference, region, today, self._parent)
        self.history = self.dystonia.history
        self.lists = {"diagnoses": self.dystonia.diagnoses, **self.health.lists}
        self.plain |= self.health.plain
        self.sections += [*self.dystonia.sections, *self.health.sections]

    def _make_person(self) -> None:
        today = self._workplace.today
        add_fields(
            self.person,
            self.plain,
            ("family_name", TextField("Family name", required=True, longest=300), 6),
            ("given_name", TextField("Given name", longest=300), 6),
            ("birth_date", DateField("Birth date", required=True, in_the_past=True, today=today), 3),
            ("sex", ChoiceField[Sex]("Sex", list(SEXES.items())), 3),
            ("record_number", TextField("Record number", longest=64, placeholder="next free number"), 3),
            ("status", ChoiceField[PatientStatus]("Status", list(STATUSES.items())), 3),
            ("died_on", DateField("Died on", in_the_past=True, today=today), 3),
        )
        self.plain["family_name"].missing_text = "Type the family name."
        self.plain["birth_date"].missing_text = "Type the birth date."

    def _make_contact(self) -> Section:
        preferred = [(name, name.capitalize() or "No preference") for name in _PREFERRED]
        section = Section("Contact", self._parent)
        add_fields(
            section,
            self.plain,
            ("phone", TextField("Telephone", longest=100), 3),
            ("email", TextField("E-mail", longest=200), 4),
            ("preferred_contact", KeepingChoice("Preferred contact", preferred), 3),
            ("language", LanguageField(self._workplace.services.clinic.language), 2),
            ("address", TextArea("Address", lines=2), 6),
            ("emergency_contact", TextArea("Emergency contact", lines=2), 6),
        )
        return section

    def _make_care(self) -> Section:
        section = Section("Care", self._parent)
        weeks = NumberField("Usual interval", unit="weeks", decimals=0, smallest=1, largest=104)
        add_fields(
            section,
            self.plain,
            ("referring_doctor", TextField("Referring doctor", longest=300), 5),
            ("payer", TextField("Payer", longest=300), 5),
            ("usual_interval_weeks", weeks, 2),
            ("note", TextArea("Note", lines=2), 12),
        )
        return section

    def _show_status(self) -> None:
        died = self.plain["status"].value() is PatientStatus.DIED
        self.plain["died_on"].setVisible(died)
        self.plain["died_on"].required = died
        self.plain["died_on"].missing_text = "Type the day the patient died."
