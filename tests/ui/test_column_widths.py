"""Columns are as wide as their words where there is room, and give way in their turn where there is not."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from clinic_app.ui.widgets.column_widths import Fit, Need, shared_room
from clinic_app.ui.widgets.many_rows import ManyRows
from clinic_app.ui.widgets.tables import Column, Rows, RowTable

NEEDS = st.lists(
    st.builds(
        lambda least, more, turn: Need(least, least + more, turn),
        st.integers(0, 200),
        st.integers(0, 400),
        st.integers(0, 2),
    ),
    max_size=9,
)


@given(st.integers(0, 3000), NEEDS)
def test_every_width_lies_between_its_least_and_its_whole(room: int, needs: list[Need]) -> None:
    widths = shared_room(room, needs)
    assert all(need.least <= width <= need.whole for need, width in zip(needs, widths, strict=True))


@given(st.integers(0, 3000), NEEDS)
def test_nothing_is_cut_where_all_fits_and_nothing_overflows_where_all_can_be_cut(room: int, needs: list[Need]) -> None:
    widths = shared_room(room, needs)
    if sum(need.whole for need in needs) <= room:
        assert widths == [need.whole for need in needs]
    elif sum(need.least for need in needs) <= room:
        assert sum(widths) <= room
    else:
        assert widths == [need.least for need in needs]


@given(st.integers(0, 3000), NEEDS)
def test_a_later_turn_gives_way_only_when_all_before_have_nothing_left(room: int, needs: list[Need]) -> None:
    widths = shared_room(room, needs)
    cut = [need.turn for need, width in zip(needs, widths, strict=True) if width < need.whole]
    for need, width in zip(needs, widths, strict=True):
        if need.turn < max(cut, default=0):
            assert width == need.least


@dataclass(frozen=True)
class Line:
    who: str
    note: str = ""
    number: str = ""
    warning: str = ""


COLUMNS = [
    Column[Line]("Who", lambda line: line.who, width=80, fit=Fit.CONTENT),
    Column[Line]("Number", lambda line: line.number, width=80, fit=Fit.CONTENT, spared=True),
    Column[Line]("Note", lambda line: line.note, stretch=True),
    Column[Line]("Warning", lambda line: line.warning, width=80, fit=Fit.WHOLE, icon=lambda _line: "triangle-alert"),
]
ANNA = Line("Anna Maria Konstantinopolou", "rest of a single-patient vial", "MRN0000001", "Authorization ends 20 Nov")


@pytest.fixture
def table(qtbot: QtBot, settings: QSettings, look: object) -> RowTable[Line]:
    made: RowTable[Line] = RowTable(COLUMNS, name="fitted", settings=settings)
    qtbot.addWidget(made)
    made.resize(1000, 300)
    made.show()
    made.set_rows([ANNA, Line("Bo")])
    return made


def cut(table: RowTable[Line]) -> list[str]:
    """The titles of shown columns in which the first row is shortened."""
    found = []
    for number, column in enumerate(COLUMNS):
        index = table.rows_model.index(0, number)
        shown = not table.isColumnHidden(number)
        if shown and table.sizeHintForIndex(index).width() > table.columnWidth(number):
            found.append(column.title)
    return found


def test_where_there_is_room_everything_is_whole_and_the_rest_goes_to_the_widest(table: RowTable[Line]) -> None:
    assert cut(table) == []
    assert not table.isColumnHidden(1)
    assert sum(table.columnWidth(n) for n in range(4)) == table.viewport().width()


def test_in_a_narrow_table_a_spared_column_goes_first_then_the_note_is_cut_then_the_name(
    table: RowTable[Line],
) -> None:
    whole = sum(table.sizeHintForIndex(table.rows_model.index(0, n)).width() for n in range(4))
    states: list[tuple[object, ...]] = []
    for width in range(whole + 60, 260, -4):
        table.resize(width, 300)
        state = (table.isColumnHidden(1), *cut(table))
        if not states or states[-1] != state:
            states.append(state)
    assert states == [(False,), (True,), (True, "Note"), (True, "Who", "Note"), (True, "Who", "Note", "Warning")]
    table.resize(1000, 300)
    assert (table.isColumnHidden(1), *cut(table)) == (False,)


def test_a_filter_does_not_move_the_columns(table: RowTable[Line]) -> None:
    before = [table.columnWidth(n) for n in range(4)]
    table.set_filter("bo")
    assert table.rows_model.rowCount() == 1
    assert [table.columnWidth(n) for n in range(4)] == before


def test_a_width_that_a_person_chose_stays_and_is_remembered(
    qtbot: QtBot, settings: QSettings, table: RowTable[Line]
) -> None:
    fitted = table.columnWidth(0)
    table.horizontalHeader().resizeSection(0, 300)
    table.set_rows([Line("Bo")])
    table.resize(800, 300)
    assert table.columnWidth(0) == 300 != fitted
    again: RowTable[Line] = RowTable(COLUMNS, name="fitted", settings=settings)
    qtbot.addWidget(again)
    again.show()
    again.set_rows([ANNA])
    assert again.columnWidth(0) == 300


def test_resizing_the_window_is_nobodys_choice(settings: QSettings, table: RowTable[Line]) -> None:
    table.resize(500, 300)
    table.resize(900, 300)
    assert settings.allKeys() == []


def test_the_last_column_of_a_table_without_a_widest_takes_what_is_left_and_nobody_chose_that(
    qtbot: QtBot, settings: QSettings, look: object
) -> None:
    columns = [Column[Line](title, lambda line: line.number, width=60, fit=Fit.WHOLE) for title in ("First", "Last")]
    table: RowTable[Line] = RowTable(columns, name="counts", settings=settings)
    qtbot.addWidget(table)
    table.resize(300, 200)
    table.show()
    table.set_rows([Line("a", number="1")])
    for width in (700, 300):
        table.resize(width, 200)
        assert table.horizontalHeader().length() == table.viewport().width()
        assert table.horizontalScrollBar().maximum() == 0
    assert settings.value("tables/counts/chosen_widths") is None


def test_in_a_dense_table_the_room_is_shared_by_all_and_long_titles_stand_on_two_lines(
    qtbot: QtBot, settings: QSettings, look: object
) -> None:
    titles = ("Month", "Booked, late, %", "Not booked, late, %", "To, %")
    columns = [Column[Line](title, lambda line: line.number, width=60, fit=Fit.WHOLE) for title in titles]
    table: RowTable[Line] = RowTable(columns, name="dense", settings=settings, dense=True)
    qtbot.addWidget(table)
    table.resize(900, 200)
    table.show()
    table.set_rows([Line("a", number="1")])
    shown = [table.rows_model.headerData(n, Qt.Orientation.Horizontal) for n in range(4)]
    assert shown == ["Month", "Booked,\nlate, %", "Not booked,\nlate, %", "To, %"]
    header = table.horizontalHeader()
    assert header.height() > 2 * header.fontMetrics().lineSpacing()
    widths = [table.columnWidth(n) for n in range(4)]
    assert header.length() == table.viewport().width()
    assert max(widths) - min(widths) < 70  # nobody takes all that is left
    table.select(table.rows_model.row_at(0))
    table.copy_selected()
    assert QGuiApplication.clipboard().text().splitlines()[0] == "\t".join(titles)


@pytest.mark.parametrize("kind", [Rows, ManyRows])
def test_thousands_of_rows_are_measured_by_what_they_say_and_nothing_else_of_them_is_prepared(
    qtbot: QtBot, settings: QSettings, look: object, kind: type[Rows[Line]]
) -> None:
    asked: list[Line] = []

    def tooltip(line: Line) -> str:
        asked.append(line)
        return line.note

    columns = [
        Column[Line]("Who", lambda line: line.who, width=40, fit=Fit.WHOLE, tooltip=tooltip),
        Column[Line]("Mark", lambda line: line.number, width=40, fit=Fit.WHOLE, icon=lambda line: line.warning),
        Column[Line]("Note", lambda line: line.note, stretch=True),
    ]
    table: RowTable[Line] = RowTable(columns, name="many", settings=settings, rows=kind)
    qtbot.addWidget(table)
    table.resize(900, 200)
    table.show()
    lines = [Line(f"Ada Okafor {number}", number=f"MRN{7 * number}") for number in range(3000)]
    table.set_rows(lines)
    metrics = table.fontMetrics()
    plain = table.columnWidth(1)
    for column, texts in ((0, [line.who for line in lines]), (1, [line.number for line in lines])):
        widest = max(map(metrics.horizontalAdvance, texts))
        assert widest < table.columnWidth(column) <= widest + 40
    assert len(asked) == (3000 if kind is Rows else 0)
    table.set_rows([*lines, Line("Ada Byrne", number="MRN1", warning="clock")])
    assert table.columnWidth(1) > plain  # the icon stands beside the text
    assert table.rows_model.index(3000, 0).data(Qt.ItemDataRole.DisplayRole) == "Ada Byrne"
