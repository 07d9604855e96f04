"""The patient's history, shown calmly; it is edited in the form."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act
from clinic_app.terms import EntryKind
from clinic_app.ui.patients.history_lines import (
    authorization_lines,
    dystonia_groups,
    elsewhere_lines,
    entry_lines,
    person_facts,
)
from clinic_app.ui.patients.parts import FactList, Page
from clinic_app.ui.patients.record import PatientRecord
from clinic_app.ui.patients.record_lines import RecordLines
from clinic_app.ui.patients.words import LISTS
from clinic_app.ui.theme import BETWEEN, TIGHT
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.sections import Hairline, Section, show_if
from clinic_app.ui.workplace import Workplace

_LABEL = 96
_EMPTY = {
    EntryKind.ALLERGY: "No allergies recorded.",
    EntryKind.CONDITION: "No conditions recorded. The checks look for weak breathing, trouble swallowing and the like.",
    EntryKind.MEDICINE: "No medicines recorded. The checks look for those that add to the toxin.",
    EntryKind.TREATMENT: "No therapy recorded.",
    EntryKind.SURGERY: "No operations recorded.",
    EntryKind.TEST: "No tests recorded.",
}

_PAST = {EntryKind.MEDICINE: "No longer taken", EntryKind.TREATMENT: "Ended", EntryKind.CONDITION: "Past"}


class HistoryPage(Page):
    """The dystonia and the person at the left; what the checks read and what else was done at the right."""

    edit_requested = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._reference: Reference = workplace.services.reference
        self._record: PatientRecord | None = None
        self.dystonia = _Groups("Dystonia", "Nothing recorded yet. Add it with Edit history (F2).", self)
        self.person = Section("Person", self)
        self.person_facts = FactList(self, label_width=_LABEL)
        self.person.add(self.person_facts)
        self.lists: dict[EntryKind, RecordLines] = {}
        medicines = self._lists("Medicines", EntryKind.MEDICINE)
        health = self._lists("Conditions and allergies", EntryKind.CONDITION, EntryKind.ALLERGY)
        done = self._lists("Therapy and operations", EntryKind.TREATMENT, EntryKind.SURGERY)
        tests = self._lists("Tests", EntryKind.TEST)
        self.elsewhere = RecordLines("None recorded. It counts in every interval check.", self)
        self.authorizations = RecordLines("No prior authorization recorded.", self, past="")
        elsewhere = Section("Toxin given elsewhere", self)
        elsewhere.add(self.elsewhere)
        payer = Section("Prior authorizations", self)
        payer.add(self.authorizations)
        self.edit_button = PlainButton("Edit history", self, icon="pencil")
        self.edit_button.setToolTip("Edit history (F2)")
        self.edit_button.setVisible(workplace.may(Act.EDIT_HISTORY))
        self.edit_button.clicked.connect(self.edit_requested)
        self.dystonia.add_action(self.edit_button)
        columns = QHBoxLayout()
        columns.setSpacing(BETWEEN)
        for sections in ((self.dystonia, self.person, elsewhere), (medicines, health, done, tests, payer)):
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
        form, today = record.details.form, self._today()
        self.dystonia.set_groups(dystonia_groups(self._reference, form))
        self.person_facts.set_facts(person_facts(form))
        for kind, part in self.lists.items():
            part.set_lines(entry_lines([entry for entry in form.entries if entry.kind is kind], today))
        region = self._workplace.services.clinic.label_region
        self.elsewhere.set_lines(elsewhere_lines(self._reference, region, form.toxin_elsewhere))
        self.authorizations.set_lines(authorization_lines(self._reference, region, form.authorizations, today))

    def _today(self) -> date:
        return self._workplace.today()

    def _lists(self, title: str, *kinds: EntryKind) -> Section:
        section = Section(title, self)
        for number, kind in enumerate(kinds):
            lines = RecordLines(_EMPTY[kind], section, past=_PAST.get(kind, "Past"))
            self.lists[kind] = lines
            if len(kinds) == 1:
                section.add(lines)
                continue
            if number:
                section.add(Hairline(section))
            block = QVBoxLayout()
            block.setSpacing(TIGHT)
            block.addWidget(Strong(LISTS[kind], section))
            block.addWidget(lines)
            section.add(block)
        return section


class _Groups(Section):
    """A section with facts in groups; a group of which nothing is known is left out."""

    def __init__(self, title: str, nothing: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._nothing = Muted(nothing, self, wrap=True)
        self.add(self._nothing)
        self._groups: dict[str, tuple[QWidget, FactList]] = {}

    def set_groups(self, groups: dict[str, list[tuple[str, str]]]) -> None:
        """Show these groups of facts."""
        for title, facts in groups.items():
            if title not in self._groups:
                self._groups[title] = self._new_group(title)
            box, shown = self._groups[title]
            shown.set_facts(facts)
            show_if(box, bool(shown.facts()))
        show_if(self._nothing, not self.facts())

    def facts(self) -> tuple[tuple[str, str], ...]:
        """Everything shown, in order."""
        return tuple(fact for _, shown in self._groups.values() for fact in shown.facts())

    def _new_group(self, title: str) -> tuple[QWidget, FactList]:
        box = QWidget(self)
        facts = FactList(box, label_width=_LABEL)
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addWidget(Strong(title, box))
        layout.addWidget(facts)
        self.add(box)
        return box, facts
