"""The ledger of a lot: every movement, the latest first, with what was left after it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.services.stock_data import LedgerLine, LotDetails
from clinic_app.terms import StockKind
from clinic_app.ui.locale import number_text
from clinic_app.ui.stock.wording import change_text, line_text, moment_text, on_the_wall
from clinic_app.ui.theme import current_theme
from clinic_app.ui.widgets.column_widths import Fit
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.table_page import TablePage
from clinic_app.ui.widgets.tables import Column, RowTable

_WITNESS = 6
_ICONS = {
    StockKind.QUARANTINED: "triangle-alert",
    StockKind.RECALLED: "octagon-alert",
    StockKind.RELEASED: "check",
}


class LedgerPage(TablePage[LedgerLine]):
    """The table of movements."""

    visit_chosen = Signal(int)
    """Enter on a line of a visit; carries its id."""
    csv_asked = Signal()

    def __init__(self, time_zone: str, parent: QWidget | None = None) -> None:
        self._time_zone = time_zone
        table: RowTable[LedgerLine] = RowTable(
            self._columns(),
            name="stock-ledger",
            label="Ledger of the lot",
            key=_id,
            empty=EmptyState("history", "No movement yet."),
        )
        super().__init__(table, "Filter the ledger", parent, own_file=True)
        self.csv_button = self.add_tool("Save CSV…", "download", "Save the whole ledger for a spreadsheet")
        self.csv_button.clicked.connect(self.csv_asked)
        table.activated_row.connect(self._activated)

    def show_details(self, details: LotDetails) -> None:
        """Show the ledger of a lot."""
        self.table.setColumnHidden(_WITNESS, not any(line.witness for line in details.ledger))
        self.set_rows(list(details.ledger[::-1]))

    def _columns(self) -> tuple[Column[LedgerLine], ...]:
        def when(row: LedgerLine) -> str:
            return moment_text(row.at, self._time_zone)

        return (
            Column("When", when, lambda row: row.movement_id, width=130, fit=Fit.WHOLE,
                   saved=lambda row: on_the_wall(row.at, self._time_zone)),
            Column("What", line_text, tooltip=line_text, icon=_icon, color=_color, width=112, fit=Fit.WHOLE),
            Column("Vials", _vials, lambda row: row.vials, numeric=True, width=40, fit=Fit.CONTENT),
            Column("Left", lambda row: number_text(row.left_after), numeric=True, width=40, fit=Fit.CONTENT,
                   sort_key=lambda row: row.left_after, tooltip=_left_tip),
            Column("Units", _units, lambda row: row.units, numeric=True, width=40, fit=Fit.CONTENT,
                   tooltip=_units_tip),
            Column("Who", lambda row: row.by, tooltip=lambda row: row.by, width=90, fit=Fit.CONTENT),
            Column("Witness", lambda row: row.witness, tooltip=lambda row: row.witness, width=84,
                   fit=Fit.CONTENT),
            Column("Reason", lambda row: row.reason, tooltip=lambda row: row.reason, width=80, stretch=True),
            Column("Patient", lambda row: row.patient_name, tooltip=_patient_tip, width=90, fit=Fit.CONTENT),
        )  # fmt: skip

    @Slot(object)
    def _activated(self, row: LedgerLine) -> None:
        if row.visit_id is not None:
            self.visit_chosen.emit(row.visit_id)


def _id(row: LedgerLine) -> int:
    return row.movement_id


def _vials(row: LedgerLine) -> str:
    return change_text(row.vials) if row.vials else ""


def _units(row: LedgerLine) -> str:
    return "" if row.units is None else change_text(row.units)


def _icon(row: LedgerLine) -> str:
    return _ICONS.get(row.kind, "")


def _color(row: LedgerLine) -> str:
    theme = current_theme()
    return {StockKind.QUARANTINED: theme.warn, StockKind.RECALLED: theme.stop}.get(row.kind, "")


def _left_tip(row: LedgerLine) -> str:
    return "Vials on the shelf after this movement"


def _units_tip(row: LedgerLine) -> str:
    if row.units is None:
        return ""
    return "Units of the opened vial: its contents when opened, then what was drawn or wasted"


def _patient_tip(row: LedgerLine) -> str:
    return f"{row.patient_name}: press Enter for the patient" if row.visit_id is not None else ""
