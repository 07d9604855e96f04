"""The patients of a day and what each needs, in the order of their appointments."""

from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.services.stock_data import PlannedPatient, Preparation
from clinic_app.ui.locale import number_text, time_text, weekday_date_text
from clinic_app.ui.stock.wording import Products, authorization_text, choice_text, remark_level, remarks, units_text
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PrimaryButton
from clinic_app.ui.widgets.column_widths import Fit
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Muted, Title
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.pills import Pill
from clinic_app.ui.widgets.tables import Column, RowTable

_ICONS = {Level.STOP: "octagon-alert", Level.WARN: "triangle-alert", Level.INFO: "info"}


class PreparePage(QWidget):
    """The table of a day. Enter opens the patient."""

    patient_requested = Signal(int)
    print_asked = Signal()

    def __init__(self, products: Products, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._products = products
        self.title, self.summary = Title("", self), Muted("", self)
        self.short, self.uncovered = Pill("", Level.STOP, self), Pill("", Level.WARN, self)
        self.problem = Note(Level.STOP, self)
        self.table: RowTable[PlannedPatient] = RowTable(
            self._columns(),
            self,
            name="stock-prepare",
            label="Patients of the day and what they need",
            key=_key,
            empty=EmptyState("calendar-days", ""),
        )
        self.print_button = PrimaryButton("Print list", self, icon="printer")
        self.print_button.setToolTip("Print the list of this day (Ctrl+P)")
        self.table.activated_row.connect(self._activated)
        self.print_button.clicked.connect(self.print_asked)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.print_button)
        counts = QHBoxLayout()
        counts.setSpacing(INSIDE)
        for part in (self.summary, self.short, self.uncovered):
            counts.addWidget(part)
        counts.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(AROUND, BETWEEN, AROUND, AROUND)
        layout.setSpacing(INSIDE)
        layout.addWidget(self.title)
        layout.addLayout(counts)
        layout.addWidget(self.problem)
        layout.addWidget(self.table, 1)
        layout.addLayout(foot)

    def set_day(self, day: date) -> None:
        """Say which day is shown."""
        self.title.setText(weekday_date_text(day))
        self.table.empty.set_sentence(
            f"Nobody is booked for an injection on {weekday_date_text(day)}. Choose another day at the left."
        )

    def set_loading(self) -> None:
        """Another day was asked for."""
        self.table.set_loading()

    def say(self, text: str) -> None:
        """Say why the day cannot be shown."""
        self.problem.say(text)
        self._count(None)
        self.table.empty.set_sentence("")
        self.table.set_rows(())

    def show_preparation(self, found: Preparation) -> None:
        """Show the patients of a day; selection and place stay."""
        self.problem.say("")
        bar = self.table.verticalScrollBar()
        before = bar.value()
        self.table.set_rows(found.patients)
        bar.setValue(before)
        self.table.horizontalHeader().setVisible(bool(found.patients))
        self.print_button.setEnabled(bool(found.patients))
        self._count(found)

    def _columns(self) -> tuple[Column[PlannedPatient], ...]:
        return (
            Column("Time", lambda row: time_text(row.starts_at), lambda row: row.starts_at, width=56, fit=Fit.CONTENT),
            Column("Patient", lambda row: row.name, tooltip=_who, width=100, fit=Fit.CONTENT),
            Column("Record number", lambda row: row.record_number, width=96, fit=Fit.CONTENT,
                   spared=True),
            Column("Injector", lambda row: row.injector, tooltip=lambda row: row.injector, width=84,
                   fit=Fit.CONTENT, spared=True),
            Column("Product", lambda row: self._products.brand(row.product), width=64, fit=Fit.CONTENT,
                   tooltip=lambda row: self._products.both(row.product)),
            Column("Units", _units, lambda row: row.units, numeric=True, width=56, tooltip=_source,
                   fit=Fit.CONTENT),
            Column("Vials", _vials, tooltip=_vials_tip, stretch=True),
            Column("Wasted", _spare, lambda row: row.spare, numeric=True, width=56, fit=Fit.CONTENT, spared=True),
            Column("To look at", remarks, tooltip=remarks, icon=_icon, color=_color, width=160,
                   fit=Fit.WHOLE),
        )  # fmt: skip

    def _count(self, found: Preparation | None) -> None:
        """Say how many come, and how much has to be looked at before."""
        rows = () if found is None else found.patients
        people = len({row.patient_id for row in rows})
        self.summary.setText("" if not people else "1 patient" if people == 1 else f"{people} patients")
        # Product by product: units of one are no units of another.
        short = [
            f"{self._products.brand(need.product)}: {units_text(need.short)} short"
            for need in (() if found is None else found.products)
            if need.short > 0
        ]
        self.short.set_state(", ".join(short), Level.STOP)
        self.short.setVisible(bool(short))
        uncovered = sum(1 for row in rows if authorization_text(row))
        self.uncovered.set_state(
            "1 authorization does not cover the visit"
            if uncovered == 1
            else f"{uncovered} authorizations do not cover the visit",
            Level.WARN,
        )
        self.uncovered.setVisible(uncovered > 0)

    @Slot(object)
    def _activated(self, row: PlannedPatient) -> None:
        self.patient_requested.emit(row.patient_id)


def _key(row: PlannedPatient) -> tuple[int, str]:
    return row.appointment_id, row.product


def _who(row: PlannedPatient) -> str:
    return f"{row.name}, {row.record_number}, with {row.injector}"


def _units(row: PlannedPatient) -> str:
    return "" if row.units is None else number_text(row.units)


def _source(row: PlannedPatient) -> str:
    if row.units is None:
        return "No signed visit says how many. Ask the injector."
    return "As in the chart begun for this appointment" if row.from_draft else "As at the last signed visit"


def _vials(row: PlannedPatient) -> str:
    return " + ".join(choice_text(choice) for choice in row.choices)


def _vials_tip(row: PlannedPatient) -> str:
    return f"{_vials(row)}: {units_text(row.spare)} would be wasted" if row.choices and row.spare else _vials(row)


def _spare(row: PlannedPatient) -> str:
    return "" if row.units is None else number_text(row.spare)


def _icon(row: PlannedPatient) -> str:
    level = remark_level(row)
    return "" if level is None else _ICONS[level]


def _color(row: PlannedPatient) -> str:
    level = remark_level(row)
    return "" if level is None else current_theme().level(level)[0]
