"""The visits of a patient: the list, and below it the chosen one as it was signed."""

from decimal import Decimal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.access import Act
from clinic_app.services.visit_data import VisitDetails, VisitRow
from clinic_app.ui.locale import date_text
from clinic_app.ui.patients.record import PatientRecord
from clinic_app.ui.patients.visit_page import VisitPage
from clinic_app.ui.patients.words import effect_name, indication_name, told, totals_text
from clinic_app.ui.theme import AROUND, BETWEEN
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.workplace import Workplace


class VisitsPage(QWidget):
    """A table of visits over the signed visit."""

    document_requested = Signal(str, int)
    repeat_requested = Signal(int)
    message_offered = Signal(str, object)
    new_visit_requested = Signal(bool)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._patient_id: int | None = None
        self._wanted: int | None = None
        empty = EmptyState(
            "syringe",
            "No visits yet. Start one from an empty map.",
            self,
            action="New visit" if workplace.may(Act.DRAFT_CHART) else "",
        )
        empty.action_requested.connect(self._start_empty)
        self.table: RowTable[VisitRow] = RowTable(
            self._columns(),
            self,
            name="patient-visits",
            label="Visits",
            key=lambda visit: visit.id,
            empty=empty,
        )
        self.visit = VisitPage(workplace, self)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.visit)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setHandleWidth(BETWEEN)
        self.splitter.setStyleSheet("QSplitter::handle { background: transparent; }")
        self.table.setMinimumHeight(118)
        self.splitter.setSizes([204, 600])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(AROUND, BETWEEN, AROUND, AROUND)
        layout.addWidget(self.splitter)
        self.table.selected_row.connect(self._show_selected)
        self.visit.document_requested.connect(self.document_requested)
        self.visit.repeat_requested.connect(self.repeat_requested)
        self.visit.message_offered.connect(self.message_offered)
        self.visit.room_wanted.connect(self._make_room)

    def show_record(self, record: PatientRecord) -> None:
        """Show a patient's visits, the latest chosen; a refresh keeps the choice and shows it anew."""
        another = record.id != self._patient_id
        self._patient_id = record.id
        before = None if another else self._wanted
        if another:
            self.visit.show_nothing()
            self._wanted = None
            self.table.clearSelection()
        self.table.set_rows(record.visits)
        self.visit.setVisible(bool(record.visits))
        if not record.visits:
            return
        if another or self.table.selected() is None:
            self.table.select(record.visits[0])
        elif before is not None:
            self._read(before)

    def choose(self, visit_id: int) -> None:
        """Show a certain visit."""
        for row in self.table.rows_model.rows():
            if row.id == visit_id:
                self.table.select(row)

    def _columns(self) -> tuple[Column[VisitRow], ...]:
        reference = self._workplace.services.reference

        def effects(visit: VisitRow) -> str:
            if visit.side_effects:
                return ", ".join(
                    effect_name(reference, kind, "" if kind in reference.side_effects else kind)
                    for kind in visit.side_effects
                )
            return "none reported" if visit.asked_none else "not asked"

        return (
            Column(
                "Date",
                lambda visit: date_text(visit.visited_on),
                lambda visit: visit.visited_on,
                tooltip=lambda visit: _BROUGHT_IN if visit.brought_in else "",
                width=104,
            ),
            Column(
                "Indication",
                lambda visit: indication_name(reference, visit.indication).partition(" (")[0],
                tooltip=lambda visit: indication_name(reference, visit.indication),
                width=146,
            ),
            Column(
                "Injector",
                lambda visit: f"Brought in: {visit.injector}" if visit.brought_in else visit.injector,
                tooltip=lambda visit: f"{visit.injector}. {_BROUGHT_IN}" if visit.brought_in else visit.injector,
                width=132,
            ),
            Column(
                "Product and units",
                lambda visit: totals_text(visit.totals),
                lambda visit: sum((units for _, units in visit.totals), Decimal(0)),
                tooltip=lambda visit: totals_text(visit.totals),
                width=236,
                stretch=True,
            ),
            Column("Muscles", lambda visit: str(visit.muscles), lambda visit: visit.muscles, numeric=True, width=76),
            Column("Benefit", _benefit, _benefit_key, numeric=True, width=84),
            Column("Side effects", effects, tooltip=effects, width=150),
        )

    @Slot()
    def _make_room(self) -> None:
        self.splitter.setSizes([self.table.minimumHeight(), self.splitter.height()])

    @Slot(object)
    def _show_selected(self, row: VisitRow | None) -> None:
        if row is None:
            self._wanted = None
            self.visit.show_nothing()
        elif row.id != self._wanted:
            self._wanted = row.id
            self.visit.show_loading()
            self._read(row.id)

    def _read(self, visit_id: int) -> None:
        actor, visits = self._workplace.actor, self._workplace.services.visits
        self._workplace.tasks.ask(
            "patients.visit", lambda: visits.details(actor, visit_id), self._show_visit, self._failed, owner=self
        )

    def _show_visit(self, details: VisitDetails) -> None:
        if details.id == self._wanted:
            self.visit.show_visit(details)

    def _failed(self, error: ClinicError) -> None:
        self.visit.show_problem(told(error))

    @Slot()
    def _start_empty(self) -> None:
        self.new_visit_requested.emit(False)


_BROUGHT_IN = "Brought in from a file, not signed in this program"


def _benefit(visit: VisitRow) -> str:
    response = visit.response
    if response is None:
        return "not noted"
    return "–" if response.best_percent is None else f"{response.best_percent} %"


def _benefit_key(visit: VisitRow) -> int | None:
    return None if visit.response is None else visit.response.best_percent
