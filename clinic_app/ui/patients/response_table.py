"""The table of responses, with the scales and the diary of the chosen visit."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.services.access import Act
from clinic_app.services.visit_data import ResponseData, VisitRow, WeekOfDiary
from clinic_app.terms import IMPRESSIONS
from clinic_app.ui.locale import date_text, number_text
from clinic_app.ui.patients.parts import FactList
from clinic_app.ui.patients.record import PatientRecord
from clinic_app.ui.scale_words import direction_text, range_text, score_name
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.column_widths import Fit
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.workplace import Workplace

_HEADER = 34
_ROW = 28
_ROWS_AT_MOST = 9


class ResponseSection(Section):
    """The response to each visit."""

    edit_requested = Signal(int)
    diary_requested = Signal(int)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__("Response to each visit", parent)
        self.edit_button = PlainButton("Note response", self, icon="pencil")
        self.edit_button.setVisible(workplace.may(Act.EDIT_HISTORY))
        self.edit_button.clicked.connect(self._edit)
        self.diary_button = PlainButton("Type diary", self, icon="keyboard")
        self.diary_button.setToolTip("Type in the diary that the patient kept on paper after the chosen visit")
        self.diary_button.setVisible(workplace.may(Act.EDIT_HISTORY))
        self.diary_button.clicked.connect(self._type_diary)
        self.add_action(self.diary_button)
        self.add_action(self.edit_button)
        self._reference = workplace.services.reference
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
        self.facts = FactList(self, label_width=128)
        self.add(self.table)
        self.add(self.facts)

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
        self.diary_button.setEnabled(visit is not None)
        self.diary_button.setText("Change diary" if visit is not None and visit.diary else "Type diary")
        told = [] if visit is None else [("Scales", self._scales(visit)), ("Diary", diary_text(visit.diary))]
        self.facts.set_facts(told)
        self.facts.setVisible(bool(self.facts.facts()))
        noted = visit is not None and visit.response is not None
        self.edit_button.setText("Change response" if noted else "Note response")

    def _scales(self, visit: VisitRow) -> str:
        """Each score with its range and direction, under the day on which it was measured."""
        if visit.scales is None:
            return ""
        lines = [f"Measured on {date_text(visit.scales.measured_on)}"]
        for each in visit.scales.values:
            scale = self._reference.scales.get(each.scale)
            facts = () if scale is None else (range_text(scale, each.subscale), direction_text(scale))
            known = ", ".join(fact for fact in facts if fact)
            name = score_name(self._reference, each.scale, each.subscale)
            lines.append(f"{name}: {number_text(each.value)}" + (f" ({known})" if known else ""))
        return "\n".join(lines)

    @Slot()
    def _type_diary(self) -> None:
        visit = self.table.selected()
        if visit is not None:
            self.diary_requested.emit(visit.id)

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

    return Column(title, text, column.sort_key, width=110, fit=Fit.CONTENT, tooltip=text)


def diary_text(diary: tuple[WeekOfDiary, ...]) -> str:
    """A diary in one line: "weeks 1 to 11, best 80 % in week 5, pain 6 to 2"."""
    if not diary:
        return ""
    first, last = diary[0].week, diary[-1].week
    told = [f"week {first}" if first == last else f"weeks {first} to {last}"]
    benefits = [(week.benefit_percent, -week.week) for week in diary if week.benefit_percent is not None]
    if benefits:
        best, week_before = max(benefits)
        told.append(f"best {best} % in week {-week_before}")
    pains = [week.pain for week in diary if week.pain is not None]
    if pains:
        told.append(f"pain {min(pains)} to {max(pains)} of 10" if min(pains) < max(pains) else f"pain {pains[0]} of 10")
    return ", ".join(told)
