"""The fields of the patient form in their sections, and the way from the fields to the record and back."""

from dataclasses import fields
from decimal import Decimal
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act
from clinic_app.services.patient_data import Entry, HistoryForm, PatientForm
from clinic_app.terms import EntryKind, PatientStatus, Sex
from clinic_app.ui.patients.form_lists import authorization_list, component_list, elsewhere_list, entry_list
from clinic_app.ui.patients.row_lists import RowList
from clinic_app.ui.patients.words import DISTRIBUTIONS, SEXES, STATUSES
from clinic_app.ui.theme import BETWEEN
from clinic_app.ui.widgets.fields import CheckField, TextArea, TextField
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.value_fields import ChoiceField, DateField, NumberField
from clinic_app.ui.workplace import Workplace

_COLUMNS = 12
_PREFERRED = ("", "telephone", "text message", "e-mail", "letter")


class FormPart(Protocol):
    """What the form needs of a field or list."""

    changed: Any

    def check(self) -> bool:
        """Check it, show what is wrong, and say whether it can be used."""

    def set_error(self, text: str) -> None:
        """Show an error at it."""

    def error(self) -> str:
        """The error shown."""


class FormFields(QObject):
    """All fields of a patient. The clinical ones exist only for those who may change them."""

    changed = Signal()
    identity_changed = Signal()
    """Name or birth date changed."""

    def __init__(self, workplace: Workplace, into: QVBoxLayout, parent: QWidget) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._reference: Reference = workplace.services.reference
        self._parent = parent
        self._shown = PatientForm()
        self.clinical = workplace.may(Act.EDIT_HISTORY)
        self.plain: dict[str, Any] = {}
        self.history: dict[str, Any] = {}
        self.lists: dict[str, RowList[Any]] = {}
        self.person = Section("Person", parent)
        self._make_person()
        self._make_contact()
        into.addWidget(self.person)
        into.addWidget(self._contact)
        if self.clinical:
            self._make_history()
            self._make_lists()
            for section in (self._dystonia, self._medical, self._treatments):
                into.addWidget(section)
        into.addWidget(self._care)
        for part in self.parts().values():
            part.changed.connect(self.changed)
        for name in ("family_name", "given_name", "birth_date"):
            self.plain[name].changed.connect(self.identity_changed)
        self.plain["status"].changed.connect(self._show_status)
        if self.clinical:
            self.history["indication"].changed.connect(self._fill_code)
        self.show(PatientForm())

    def parts(self) -> dict[str, FormPart]:
        """Every field and list by the name that an error gives it."""
        return {**self.plain, **self.history, **self.lists}

    def form(self) -> PatientForm:
        """What stands in the fields. What has no field stays as it was shown."""
        typed: dict[str, Any] = {name: field.value() for name, field in self.plain.items()}
        typed["sex"] = typed["sex"] or Sex.UNKNOWN
        typed["status"] = typed["status"] or PatientStatus.ACTIVE
        if typed["status"] is not PatientStatus.DIED:
            typed["died_on"] = None
        typed["usual_interval_weeks"] = _whole(typed["usual_interval_weeks"])
        if self.clinical:
            history: dict[str, Any] = {name: field.value() for name, field in self.history.items()}
            history["pain"] = _whole(history["pain"])
            typed["history"] = HistoryForm(**history)
            entries: list[Entry] = []
            for kind in EntryKind:
                entries += self.lists[kind.value].items()
            typed["entries"] = tuple(entries)
            for name in ("components", "authorizations", "toxin_elsewhere"):
                typed[name] = self.lists[name].items()
        unseen = {f.name: getattr(self._shown, f.name) for f in fields(PatientForm) if f.name not in typed}
        return PatientForm(**{**unseen, **typed})

    def show(self, form: PatientForm) -> None:
        """Fill the fields."""
        self._shown = form
        for name, field in self.plain.items():
            field.set_value(getattr(form, name))
        if self.clinical:
            for name, field in self.history.items():
                field.set_value(getattr(form.history, name))
            for kind in EntryKind:
                self.lists[kind.value].set_items([entry for entry in form.entries if entry.kind is kind])
            for name in ("components", "authorizations", "toxin_elsewhere"):
                self.lists[name].set_items(getattr(form, name))
        self._show_status()

    def check(self) -> QWidget | None:
        """Check everything; the first part that is wrong, or None."""
        wrong = [part for part in self.parts().values() if not part.check()]
        return wrong[0] if wrong else None  # type: ignore[return-value]  # every part is a widget

    def _make_person(self) -> None:
        today = self._workplace.today
        text, date_field = TextField, DateField
        self._add(
            self.person,
            self.plain,
            (("family_name", text("Family name", required=True, longest=300)), 6),
            (("given_name", text("Given name", longest=300)), 6),
            (("birth_date", date_field("Birth date", required=True, in_the_past=True, today=today)), 3),
            (("sex", ChoiceField[Sex]("Sex", list(SEXES.items()))), 3),
            (("record_number", text("Record number", longest=64, placeholder="next free number")), 3),
            (("status", ChoiceField[PatientStatus]("Status", list(STATUSES.items()))), 3),
            (("died_on", date_field("Died on", in_the_past=True, today=today)), 3),
        )
        self.plain["family_name"].missing_text = "Type the family name."
        self.plain["birth_date"].missing_text = "Type the birth date."

    def _make_contact(self) -> None:
        preferred = [(name, name.capitalize() or "No preference") for name in _PREFERRED]
        self._contact = Section("Contact", self._parent)
        self._add(
            self._contact,
            self.plain,
            (("phone", TextField("Telephone", longest=100)), 3),
            (("email", TextField("E-mail", longest=200)), 4),
            (("preferred_contact", _KeepingChoice("Preferred contact", preferred)), 3),
            (("language", TextField("Language", longest=64)), 2),
            (("address", TextArea("Address", lines=2)), 6),
            (("emergency_contact", TextArea("Emergency contact", lines=2)), 6),
        )
        today = self._workplace.today
        self._care = Section("Care", self._parent)
        parts: list[tuple[tuple[str, Any], int]] = [
            (("referring_doctor", TextField("Referring doctor", longest=300)), 6),
            (("payer", TextField("Payer", longest=300)), 6),
            (
                (
                    "usual_interval_weeks",
                    NumberField("Usual interval", unit="weeks", decimals=0, smallest=1, largest=104),
                ),
                4,
            ),
        ]
        if self.clinical:
            parts += [
                (("weight_kg", NumberField("Weight", unit="kg", decimals=1, smallest=1, largest=400)), 4),
                (("weighed_on", DateField("Weighed on", in_the_past=True, today=today)), 4),
                (("pregnant", CheckField("Pregnant")), 4),
                (("breastfeeding", CheckField("Breastfeeding")), 8),
            ]
        parts.append((("note", TextArea("Note", lines=3)), 12))
        self._add(self._care, self.plain, *parts)
        if self.clinical:
            self._authorizations = authorization_list(
                self._reference, self._workplace.services.clinic.label_region, today, self._parent
            )
            self.lists["authorizations"] = self._authorizations
            self._care.add(self._authorizations)

    def _make_history(self) -> None:
        reference, today = self._reference, self._workplace.today
        indications = [("", "Not known yet"), *((entry.id, entry.name) for entry in reference.indications.values())]
        distributions = [("", "Not known yet"), *DISTRIBUTIONS.items()]
        self._dystonia = Section("Dystonia", self._parent)
        self._add(
            self._dystonia,
            self.history,
            (("indication", _KeepingChoice("Indication", indications)), 6),
            (("icd10cm", TextField("ICD-10-CM", longest=16)), 2),
            (("distribution", _KeepingChoice("Distribution", distributions)), 4),
            (("onset", DateField("Onset", in_the_past=True, today=today)), 3),
            (("region_first", TextField("Region first affected")), 3),
            (("cause", TextField("Cause", longest=300, placeholder="Idiopathic, inherited, acquired by …")), 6),
            (("task_specific", TextField("Task-specific", longest=300, placeholder="Writing, the violin …")), 6),
            (("family", TextField("Family history", longest=1000)), 6),
            (("better_with", TextField("Better with", longest=1000)), 5),
            (("worse_with", TextField("Worse with", longest=1000)), 5),
            (("pain", NumberField("Pain, 0 to 10", unit="of 10", decimals=0, largest=10)), 2),
            (("daily_tasks", TextArea("Daily tasks", lines=2)), 6),
            (("complications", TextArea("Complications", lines=2)), 6),
        )
        self.lists["components"] = component_list(reference, self._parent)
        self._dystonia.add(self.lists["components"])

    def _make_lists(self) -> None:
        reference, today = self._reference, self._workplace.today
        region = self._workplace.services.clinic.label_region
        self._medical = Section("Allergies, conditions, medicines", self._parent)
        self._treatments = Section("Treatments and tests", self._parent)
        for kind in EntryKind:
            self.lists[kind.value] = entry_list(reference, kind, today, self._parent)
            section = (
                self._treatments if kind in (EntryKind.TREATMENT, EntryKind.SURGERY, EntryKind.TEST) else self._medical
            )
            section.add(self.lists[kind.value])
        self.lists["toxin_elsewhere"] = elsewhere_list(reference, region, today, self._parent)
        self._treatments.add(self.lists["toxin_elsewhere"])

    def _add(self, section: Section, named: dict[str, Any], *parts: tuple[tuple[str, Any], int]) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(BETWEEN)
        grid.setVerticalSpacing(BETWEEN)
        row = column = 0
        for (name, field), width in parts:
            if column + width > _COLUMNS:
                row, column = row + 1, 0
            named[name] = field
            # Only the shares decide the widths, so that the fields of all sections stand under each other.
            field.setSizePolicy(QSizePolicy.Policy.Ignored, field.sizePolicy().verticalPolicy())
            grid.addWidget(field, row, column, 1, width)
            column += width
        for number in range(_COLUMNS):
            grid.setColumnStretch(number, 1)
        section.add(grid)

    def _show_status(self) -> None:
        died = self.plain["status"].value() is PatientStatus.DIED
        self.plain["died_on"].setVisible(died)
        self.plain["died_on"].required = died
        self.plain["died_on"].missing_text = "Type the day the patient died."

    def _fill_code(self) -> None:
        # A code that was typed stays; only the empty field gets the first billable code of the indication.
        indication = self._reference.indications.get(self.history["indication"].value() or "")
        if indication is None:
            return
        if not self.history["icd10cm"].value():
            code = next((entry.code for entry in indication.icd10cm if entry.billable), "")
            self.history["icd10cm"].set_value(code)
        if not self.history["distribution"].value() and indication.distribution in DISTRIBUTIONS:
            self.history["distribution"].set_value(indication.distribution)


class _KeepingChoice(ChoiceField[str]):
    """A choice that also offers a value which came from elsewhere, so that saving does not lose it."""

    def set_value(self, value: str | None) -> None:
        """Choose; an unknown value is offered as it is."""
        if value and value not in self._values:
            self._values.append(value)
            self.editor.addItem(value)
        super().set_value(value or "")

    def value(self) -> str:
        """The chosen value."""
        return super().value() or ""


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)
