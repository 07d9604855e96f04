"""The audit trail: who did what to which record, filtered; and who was in a patient's record, on paper."""

import json
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from clinic_app.services.audit import AT_ONCE, AuditFilter, AuditRow
from clinic_app.services.audit_words import ACTS, GROUPS, act_in_words, group_in_words, kind_in_words
from clinic_app.ui.locale import date_text, time_text
from clinic_app.ui.patient_choice import PatientChoice
from clinic_app.ui.settings.page import SettingsPage, table_height
from clinic_app.ui.theme import BETWEEN
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.widgets.value_fields import ChoiceField, DateField
from clinic_app.ui.workplace import Workplace

_ABOUT = (
    "Every look, change, signature, print, export and log-in stands here, and nobody can change or remove an entry. "
    "Choose a patient to print for them who was in their record."
)
_EVERYBODY, _ANY = 0, ""
_LONGEST_VALUE = 400
_Read = tuple[tuple[AuditRow, ...], tuple[tuple[int, str], ...]]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an entry, before and after."""

    name: str
    before: str
    after: str


class AuditPage(SettingsPage[_Read]):
    """The filter, the entries, and what changed in the one that is selected."""

    title = "Audit trail"
    paper_requested = Signal(object)
    """Carries what gathers the list of who was in a record."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, _ABOUT, parent)
        self._rows: tuple[AuditRow, ...] = ()
        self.patient = PatientChoice(workplace, self, name="settings.audit", label="Patient", tells_bookings=False)
        self.person = ChoiceField[int]("Done by", ((_EVERYBODY, "anybody"),), self)
        self.act = ChoiceField[str]("What", ((_ANY, "anything"), *((act, act_in_words(act)) for act in ACTS)), self)
        groups = ((_ANY, "all of the clinic"), *((group, group_in_words(group)) for group in GROUPS))
        self.group = ChoiceField[str]("Where", groups, self)
        self.first_day = DateField("From", self, in_the_past=True, today=workplace.today)
        self.last_day = DateField("To", self, in_the_past=True, today=workplace.today)
        self.clear_button = LinkButton("Clear the filter", self)
        self.print_button = PlainButton("Print who was in the record", self, icon="printer")
        self.print_button.setToolTip("One line a person and day, for the patient who asks")
        self.table: RowTable[AuditRow] = RowTable(
            (
                Column("When", _when, lambda row: row.id, width=150, saved=lambda row: row.at),
                Column("Who", lambda row: row.who or "the program itself", width=170),
                Column("What", _what, tooltip=_what, stretch=True),
                Column("Patient", lambda row: row.patient, width=160),
                Column("Workstation", lambda row: row.workstation, width=120, spared=True),
            ),
            self,
            name="settings-audit",
            label="Audit trail",
            key=lambda row: row.id,
            empty=EmptyState("search", "Nothing fits. Widen the filter.", self),
        )
        self.more_button = LinkButton("Show earlier ones", self)
        self.fields: RowTable[FieldChange] = RowTable(
            (
                Column("Field", lambda change: change.name, width=190),
                Column("Before", lambda change: change.before, tooltip=lambda change: change.before, width=260),
                Column("After", lambda change: change.after, tooltip=lambda change: change.after, stretch=True),
            ),
            self,
            name="settings-audit-fields",
            label="What changed",
            key=lambda change: change.name,
            empty=EmptyState("file-text", "This entry holds no fields.", self),
        )
        self.changed_section = Section("What changed", self)
        self._build()
        self._connect()

    def read(self) -> _Read:
        """The newest entries that fit, and who there is to choose from."""
        audit, actor = self.workplace.services.audit, self.workplace.actor
        return audit.rows(actor, self.wanted()), audit.people(actor)

    def show_read(self, read: _Read) -> None:
        """Show them."""
        rows, people = read
        self.person.set_choices(((_EVERYBODY, "anybody"), *people))
        if self.person.value() is None:
            self.person.set_value(_EVERYBODY)
        self._show_rows(rows, more=len(rows) == AT_ONCE)

    def wanted(self) -> AuditFilter:
        """What the filter says."""
        patient, act, group = self.patient.patient(), self.act.value(), self.group.value()
        return AuditFilter(
            patient_id=None if patient is None else patient.id,
            account_id=self.person.value() or None,
            kinds=GROUPS[group] if group else frozenset(),
            acts=frozenset({act}) if act else frozenset(),
            first_day=self.first_day.value(),
            last_day=self.last_day.value(),
        )

    def _build(self) -> None:
        self.act.set_value(_ANY)
        self.group.set_value(_ANY)
        self.person.set_value(_EVERYBODY)
        narrow = Section("Look for", self)
        narrow.add_action(self.clear_button)
        grid = QGridLayout()
        grid.setHorizontalSpacing(BETWEEN)
        grid.setVerticalSpacing(BETWEEN)
        grid.addWidget(self.patient, 0, 0, 1, 2)
        grid.addWidget(self.person, 0, 2)
        grid.addWidget(self.group, 1, 0)
        grid.addWidget(self.act, 1, 1)
        days = QHBoxLayout()
        days.setSpacing(BETWEEN)
        days.addWidget(self.first_day)
        days.addWidget(self.last_day)
        grid.addLayout(days, 1, 2)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        narrow.add(grid)
        there = Section("Entries, the latest first", self)
        there.add_action(self.print_button)
        there.add(self.table)
        more = QHBoxLayout()
        more.addWidget(self.more_button)
        more.addStretch(1)
        there.add(more)
        self.changed_section.add(self.fields)
        self.changed_section.add(
            Muted("Passphrases and PINs never stand here: only that one was set.", self, wrap=True)
        )
        self.changed_section.hide()
        self.add(narrow)
        self.add(there)
        self.add(self.changed_section)
        self.print_button.hide()

    def _connect(self) -> None:
        self.patient.chosen.connect(self._narrowed)
        for field in (self.person, self.act, self.group, self.first_day, self.last_day):
            field.changed.connect(self._narrowed)
        self.clear_button.clicked.connect(self.clear)
        self.more_button.clicked.connect(self._ask_more)
        self.print_button.clicked.connect(self._print)
        self.table.selected_row.connect(self._selected)

    @Slot()
    def clear(self) -> None:
        """Everything again."""
        self.person.set_value(_EVERYBODY)
        self.act.set_value(_ANY)
        self.group.set_value(_ANY)
        self.first_day.set_value(None)
        self.last_day.set_value(None)
        self.patient.choose(None)  # tells that the filter changed

    @Slot()
    def _narrowed(self) -> None:
        self.print_button.setVisible(self.patient.patient() is not None)
        self.refresh()

    @Slot()
    def _ask_more(self) -> None:
        audit, actor, wanted, shown = self.workplace.services.audit, self.workplace.actor, self.wanted(), self._rows
        if shown:
            self.workplace.tasks.ask(
                "settings.audit.more",
                lambda: audit.rows(actor, wanted, before_id=shown[-1].id),
                lambda rows: self._show_rows((*shown, *rows), more=len(rows) == AT_ONCE),
                self._refused,
                owner=self,
            )

    def _show_rows(self, rows: tuple[AuditRow, ...], *, more: bool) -> None:
        self._rows = rows
        self.table.set_rows(rows)
        self.table.setFixedHeight(table_height(len(rows)))
        self.more_button.setVisible(more)
        self._selected()

    @Slot()
    def _selected(self) -> None:
        row = self.table.selected()
        changes = () if row is None else field_changes(row)
        self.fields.set_rows(changes)
        self.fields.setFixedHeight(table_height(len(changes)))
        self.changed_section.setVisible(row is not None)

    @Slot()
    def _print(self) -> None:
        patient = self.patient.patient()
        if patient is not None:
            audit, actor = self.workplace.services.audit, self.workplace.actor
            self.paper_requested.emit(partial(audit.access_list, actor, patient.id))


def field_changes(row: AuditRow) -> tuple[FieldChange, ...]:
    """What stood in the fields of an entry before and after, without those that were and stayed empty."""
    names = dict.fromkeys((*row.before, *row.after))
    changes = (
        FieldChange(
            name.replace("_", " ").capitalize(), _value_text(row.before.get(name)), _value_text(row.after.get(name))
        )
        for name in names
    )
    return tuple(change for change in changes if change.before or change.after)


def _value_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, "", [], {}):
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _when(row: AuditRow) -> str:
    return f"{date_text(row.at.date())}, {time_text(row.at)}"


def _what(row: AuditRow) -> str:
    kind = kind_in_words(row.kind, row.after) or row.kind.replace("_", " ")
    if row.kind == "account" and row.act in {"unlocked", "locked", "ended"}:
        return act_in_words(row.act)
    if row.act == "refused":
        wrong = row.after.get("wrong", 1)
        at = "a signature" if row.kind == "signature" else "the unlocking"
        return f"{act_in_words(row.act)} at {at}" + (f", {wrong} times" if wrong != 1 else "")
    return f"{act_in_words(row.act)} {kind}"
