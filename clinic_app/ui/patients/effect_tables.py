"""The tables of side effects and responses, each with what can be done to the chosen row."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act
from clinic_app.services.visit_data import ResponseData, SideEffectRow, VisitRow
from clinic_app.terms import Severity
from clinic_app.ui.locale import date_text
from clinic_app.ui.patients.effect_details import EffectDetails
from clinic_app.ui.patients.parts import SeverityDelegate
from clinic_app.ui.patients.record import PatientRecord
from clinic_app.ui.patients.words import (
    IMPRESSIONS,
    SEVERITIES,
    effect_name,
    ended_text,
    sided_muscle,
    started_text,
    units_text,
)
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.workplace import Workplace

_HEADER = 34
_ROW = 28
_ROWS_AT_MOST = 9


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
        self.table: RowTable[SideEffectRow] = RowTable(
            self._columns(),
            self,
            name="patient-side-effects",
            label="Side effects",
            key=lambda effect: effect.id,
            empty=EmptyState("activity", "No side effects on record. Ask at every visit, and note “none” too.", self),
        )
        self.table.setItemDelegateForColumn(1, SeverityDelegate(self._severity_at, self.table))
        self.table.selected_row.connect(self.chosen.show_effect)
        self.add(self.asked)
        self.add(self.table)
        self.add(self.chosen)

    def show_record(self, record: PatientRecord) -> None:
        """Show a patient's side effects; the chosen one stays chosen."""
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
                width=190,
            ),
            Column("Severity", lambda e: SEVERITIES[e.severity], lambda e: order.index(e.severity), width=122),
            Column("Started", started_text, lambda e: e.started_on, width=158),
            Column("Ended", ended_text, lambda e: (e.ended_on is None, e.ended_on or e.started_on), width=196),
            Column(
                "Suspected muscles", lambda e: muscles(e) or "–", tooltip=lambda e: muscles(e), width=150, stretch=True
            ),
        )

    def _severity_at(self, number: int) -> Severity | None:
        rows = self.table.rows_model.rows()
        return rows[number].severity if number < len(rows) else None


class ResponseSection(Section):
    """The response to each visit."""

    edit_requested = Signal(int)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__("Response to each visit", parent)
        self.edit_button = PlainButton("Note response", self, icon="pencil")
        self.edit_button.setVisible(workplace.may(Act.EDIT_HISTORY))
        self.edit_button.clicked.connect(self._edit)
        self.add_action(self.edit_button)
        self._may_edit = workplace.may(Act.EDIT_HISTORY)
        self.table: RowTable[VisitRow] = RowTable(
            _response_columns(),
            self,
            name="patient-responses",
            label="Responses",
            key=lambda visit: visit.id,
            empty=EmptyState("activity", "No visits yet. The response is noted at the next one.", self),
        )
        self.table.activated_row.connect(self._edit)
        self.table.selected_row.connect(self._selected)
        self.add(self.table)

    def show_record(self, record: PatientRecord) -> None:
        """Show the response to each visit; the chosen one stays chosen."""
        self.table.set_rows(record.visits)
        self.table.setFixedHeight(_HEADER + _ROW * min(max(len(record.visits), 4), _ROWS_AT_MOST) + 14)
        self.table.horizontalHeader().setVisible(bool(record.visits))
        if self.table.selected() is None and record.visits:
            self.table.select(record.visits[0])
        self._selected(self.table.selected())

    @Slot(object)
    def _selected(self, visit: VisitRow | None) -> None:
        self.edit_button.setEnabled(visit is not None)
        noted = visit is not None and visit.response is not None
        self.edit_button.setText("Change response" if noted else "Note response")

    @Slot()
    def _edit(self) -> None:
        visit = self.table.selected()
        if visit is not None and self._may_edit:
            self.edit_requested.emit(visit.id)


def _response_columns() -> tuple[Column[VisitRow], ...]:
    return (
        Column("Visit", lambda visit: date_text(visit.visited_on), lambda visit: visit.visited_on, width=104),
        _number("First day", "first_day", "day {}", 82),
        _number("Best benefit", "best_percent", "{} %", 102),
        _number("Wore off", "wore_off_week", "week {}", 84),
        _number("Pain", "pain", "{} of 10", 76),
        _impression("Patient", "patient_impression"),
        _impression("Clinician", "clinician_impression"),
        Column(
            "Note",
            lambda visit: visit.response.note if visit.response else "",
            tooltip=lambda visit: visit.response.note if visit.response else "",
            width=110,
            stretch=True,
        ),
    )


def _number(title: str, name: str, form: str, width: int) -> Column[VisitRow]:
    def value(visit: VisitRow) -> int | None:
        return getattr(visit.response or ResponseData(), name)  # type: ignore[no-any-return]  # a field of ResponseData

    def text(visit: VisitRow) -> str:
        found = value(visit)
        return "–" if found is None else form.format(found)

    return Column(title, text, value, numeric=True, width=width)


def _impression(title: str, name: str) -> Column[VisitRow]:
    column = _number(title, name, "{}", 120)

    def text(visit: VisitRow) -> str:
        found = getattr(visit.response or ResponseData(), name)
        return "–" if found is None else f"{found} · {IMPRESSIONS[found]}"

    return Column(title, text, column.sort_key, width=140, tooltip=text)
