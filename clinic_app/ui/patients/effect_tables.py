"""The table of side effects, with what can be done to the chosen one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act
from clinic_app.services.visit_data import SideEffectRow
from clinic_app.terms import Severity
from clinic_app.ui.locale import date_text
from clinic_app.ui.patients.effect_details import EffectDetails
from clinic_app.ui.patients.parts import SeverityDelegate
from clinic_app.ui.patients.record import PatientRecord
from clinic_app.ui.patients.words import (
    SEVERITIES,
    effect_name,
    ended_text,
    sided_muscle,
    started_text,
    units_text,
)
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.column_widths import Fit
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.workplace import Workplace

_HEADER = 34
_ROW = 28
_ROWS_AT_MOST = 9

_NONE_NOTED = "No side effects on record. Ask at every visit, and note “none” too."
_NO_VISITS = "No visits yet. From the first signed one on, what was reported after it is noted here."


class EffectSection(Section):
    """Side effects with the visit they followed; below the table what is known of the chosen one."""

    note_requested = Signal()
    none_requested = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__("Side effects", parent)
        self._workplace = workplace
        self._reference: Reference = workplace.services.reference
        self.chosen = EffectDetails(workplace, self)
        self.asked = Muted("", self, wrap=True)
        self.none_button = PlainButton("None reported", self, icon="check")
        self.none_button.setToolTip("Note that somebody asked and nothing was reported since the last visit")
        self.note_button = PrimaryButton("Note side effect", self, icon="plus")
        for button in (self.none_button, self.note_button):
            button.setVisible(workplace.may(Act.REPORT_SIDE_EFFECT))
        self.add_action(self.none_button)
        self.add_action(self.note_button)
        self.none_button.clicked.connect(self.none_requested)
        self.note_button.clicked.connect(self.note_requested)
        self._empty = EmptyState("activity", "", self)
        self.table: RowTable[SideEffectRow] = RowTable(
            self._columns(),
            self,
            name="patient-side-effects",
            label="Side effects",
            key=lambda effect: effect.id,
            empty=self._empty,
        )
        self.table.setItemDelegateForColumn(1, SeverityDelegate(self._severity_at, self.table))
        self.table.selected_row.connect(self.chosen.show_effect)
        self.add(self.asked)
        self.add(self.table)
        self.add(self.chosen)

    def show_record(self, record: PatientRecord) -> None:
        """Show a patient's side effects; the chosen one stays chosen."""
        self._empty.set_sentence(_NONE_NOTED if record.visits else _NO_VISITS)
        self.table.set_rows(record.side_effects)
        rows = min(max(len(record.side_effects), 4), _ROWS_AT_MOST)
        self.table.setFixedHeight(_HEADER + _ROW * rows + 14)
        self.table.horizontalHeader().setVisible(bool(record.side_effects))
        self.none_button.setEnabled(bool(record.visits))
        self.note_button.setEnabled(bool(record.visits))
        last = record.visits[0] if record.visits else None
        if last is None:
            self.asked.setText("")
        elif last.asked_none:
            self.asked.setText(f"None reported after {date_text(last.visited_on)}")
        elif not last.side_effects:
            self.asked.setText(f"Not asked yet after {date_text(last.visited_on)}")
        else:
            self.asked.setText("")
        self.asked.setVisible(bool(self.asked.text()))
        self.chosen.show_effect(self.table.selected())

    def set_narrow(self, narrow: bool) -> None:
        """While a form stands beside it, its own buttons only take room."""
        for button in (self.none_button, self.note_button):
            button.setVisible(not narrow and self._workplace.may(Act.REPORT_SIDE_EFFECT))

    def _columns(self) -> tuple[Column[SideEffectRow], ...]:
        reference = self._reference

        def name(effect: SideEffectRow) -> str:
            return effect_name(reference, effect.kind, effect.other)

        def muscles(effect: SideEffectRow) -> str:
            return "; ".join(
                f"{sided_muscle(reference, muscle, side)} {units_text(units)}".strip()
                for muscle, side, units, _ in effect.muscles
            )

        order = list(Severity)
        return (
            Column(
                "What",
                name,
                tooltip=lambda effect: f"{name(effect)}{' (red flag)' if effect.red_flag else ''}",
                icon=lambda effect: "stop-filled" if effect.waits_for_review else "",
                width=120,
                fit=Fit.WHOLE,
            ),
            Column("Severity", lambda e: SEVERITIES[e.severity], lambda e: order.index(e.severity), width=122),
            Column("Started", started_text, lambda e: e.started_on, width=100, fit=Fit.CONTENT),
            Column(
                "Ended",
                ended_text,
                lambda e: (e.ended_on is None, e.ended_on or e.started_on),
                width=100,
                fit=Fit.CONTENT,
            ),
            Column(
                "Suspected muscles", lambda e: muscles(e) or "–", tooltip=lambda e: muscles(e), width=150, stretch=True
            ),
        )

    def _severity_at(self, number: int) -> Severity | None:
        rows = self.table.rows_model.rows()
        return rows[number].severity if number < len(rows) else None
