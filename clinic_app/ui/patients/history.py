"""The patient's history, shown calmly; it is edited in the form."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act
from clinic_app.services.patient_data import AuthorizationForm, ElsewhereForm, Entry
from clinic_app.terms import EntryKind, PatientStatus
from clinic_app.ui.locale import date_text, number_text
from clinic_app.ui.patients.parts import FactList, Page
from clinic_app.ui.patients.record import PatientRecord
from clinic_app.ui.patients.words import (
    DISTRIBUTIONS,
    LISTS,
    SEXES,
    STATUSES,
    class_name,
    component_text,
    indication_name,
    product_text,
    units_text,
)
from clinic_app.ui.theme import BETWEEN, TIGHT
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.headings import Strong
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.workplace import Workplace

_LABEL = 112
_OTHERS = (EntryKind.TREATMENT, EntryKind.SURGERY, EntryKind.TEST)
_EMPTY = {
    EntryKind.ALLERGY: "No allergies recorded.",
    EntryKind.CONDITION: "No conditions recorded.",
    EntryKind.MEDICINE: "No medicines recorded.",
    EntryKind.TREATMENT: "No other treatments recorded.",
    EntryKind.SURGERY: "No operations recorded.",
    EntryKind.TEST: "No tests recorded.",
}


class HistoryPage(Page):
    """Two columns: the dystonia and the person at the left, the lists at the right."""

    edit_requested = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reference: Reference = workplace.services.reference
        self._region = workplace.services.clinic.label_region
        self._record: PatientRecord | None = None
        self.dystonia = _Facts("Dystonia", "Nothing recorded yet. Add it with Edit history.", self)
        self.person = _Facts("Person", "", self)
        medical = Section("Allergies, conditions, medicines", self)
        others = Section("Treatments and tests", self)
        payer = Section("Elsewhere and payer", self)
        self.lists = {
            kind: _listed(others if kind in _OTHERS else medical, LISTS[kind], _EMPTY[kind]) for kind in LISTS
        }
        self.elsewhere = _listed(payer, "Toxin given elsewhere", "None recorded. It counts in every interval check.")
        self.authorizations = _listed(payer, "Authorizations", "No prior authorization recorded.")
        self.edit_button = PlainButton("Edit history", self, icon="pencil")
        self.edit_button.setVisible(workplace.may(Act.EDIT_HISTORY))
        self.edit_button.clicked.connect(self.edit_requested)
        self.dystonia.add_action(self.edit_button)
        columns = QHBoxLayout()
        columns.setSpacing(BETWEEN)
        for sections in ((self.dystonia, self.person), (medical, others, payer)):
            column = QVBoxLayout()
            column.setSpacing(BETWEEN)
            for section in sections:
                section.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
                column.addWidget(section)
            column.addStretch(1)
            columns.addLayout(column, 1)
        self.content.addLayout(columns)
        self.content.addStretch(1)

    def show_record(self, record: PatientRecord) -> None:
        """Show a patient; the same record again changes nothing."""
        if record.details == (None if self._record is None else self._record.details):
            return
        self._record = record
        self.scroll_area.keeping_place(self._fill)

    def _fill(self) -> None:
        record = self._record
        assert record is not None
        self.dystonia.facts.set_facts(self._dystonia(record))
        self.person.facts.set_facts(_person(record))
        for kind, part in self.lists.items():
            entries = [entry for entry in record.details.form.entries if entry.kind is kind]
            part.set_facts([self._entry(entry) for entry in entries])
        form = record.details.form
        self.elsewhere.set_facts([self._elsewhere(given) for given in form.toxin_elsewhere])
        self.authorizations.set_facts([self._authorization(entry) for entry in form.authorizations])

    def _dystonia(self, record: PatientRecord) -> list[tuple[str, str]]:
        form = record.details.form
        history = form.history
        return [
            ("Indication", indication_name(self._reference, history.indication) if history.indication else ""),
            ("ICD-10-CM", history.icd10cm),
            ("Components", "\n".join(component_text(component) for component in form.components)),
            ("Distribution", DISTRIBUTIONS.get(history.distribution, history.distribution)),
            ("Onset", "" if history.onset is None else date_text(history.onset)),
            ("Region first", history.region_first),
            ("Cause", history.cause),
            ("Task-specific", history.task_specific),
            ("Better with", history.better_with),
            ("Worse with", history.worse_with),
            ("Pain", "" if history.pain is None else f"{history.pain} of 10"),
            ("Daily tasks", history.daily_tasks),
            ("Complications", history.complications),
            ("Family", history.family),
        ]

    def _entry(self, entry: Entry) -> tuple[str, str]:
        # Text at the left, what is known of it at the right, so that the eye runs down one column.
        known = [class_name(entry.code)] if entry.code else []
        known += [entry.result] if entry.result else []
        known += [date_text(entry.dated)] if entry.dated is not None else []
        return entry.text, " · ".join(known) or "–"

    def _elsewhere(self, given: ElsewhereForm) -> tuple[str, str]:
        product = product_text(self._reference, given.product, self._region) if given.product else "product not known"
        units = units_text(given.units) or "units not known"
        return date_text(given.given_on), " · ".join(part for part in (product, units, given.place) if part)

    def _authorization(self, entry: AuthorizationForm) -> tuple[str, str]:
        parts = [product_text(self._reference, entry.product, self._region)] if entry.product else []
        if entry.units is not None:
            parts.append(units_text(entry.units))
        if entry.visits is not None:
            parts.append(f"{entry.visits} visits")
        if entry.first_day is not None or entry.last_day is not None:
            first = "…" if entry.first_day is None else date_text(entry.first_day)
            last = "…" if entry.last_day is None else date_text(entry.last_day)
            parts.append(f"{first} – {last}")
        return entry.number, " · ".join(parts) or "–"


class _Facts(Section):
    """A section with one list of facts."""

    def __init__(self, title: str, nothing: str, parent: QWidget, *, label: int = _LABEL) -> None:
        super().__init__(title, parent)
        self.facts = FactList(self, label_width=label, nothing=nothing)
        self.add(self.facts)


def _listed(section: Section, title: str, nothing: str) -> FactList:
    facts = FactList(section, label_width=180, nothing=nothing)
    block = QVBoxLayout()
    block.setSpacing(TIGHT)
    block.addWidget(Strong(title, section))
    block.addWidget(facts)
    section.add(block)
    return facts


def _person(record: PatientRecord) -> list[tuple[str, str]]:
    form = record.details.form
    weight = ""
    if form.weight_kg is not None:
        weight = f"{number_text(form.weight_kg)} kg"
        weight += f", {date_text(form.weighed_on)}" if form.weighed_on is not None else ""
    states = [word for word, holds in (("pregnant", form.pregnant), ("breastfeeding", form.breastfeeding)) if holds]
    return [
        ("Sex", SEXES[form.sex]),
        ("Weight", weight),
        ("Now", ", ".join(states).capitalize()),
        ("Usual interval", "" if form.usual_interval_weeks is None else f"{form.usual_interval_weeks} weeks"),
        ("Status", "" if form.status is PatientStatus.ACTIVE else STATUSES[form.status]),
        ("Died", "" if form.died_on is None else date_text(form.died_on)),
    ]
