from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QEvent, QObject, QSettings, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinic_app.ui.theme import DARK, ROW_PX, Appearance, Look, current_theme
from clinic_app.ui.widgets.column_widths import Fit
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.tables import Column, Rows, RowTable
from tests.ui.keyboard import CTRL, press


@dataclass(frozen=True)
class Line:
    key: int
    muscle: str
    units: Decimal | None


COLUMNS = [
    Column[Line]("Muscle", lambda line: line.muscle, width=200, tooltip=lambda line: f"musculus {line.muscle}"),
    Column[Line](
        "Units",
        lambda line: "" if line.units is None else str(line.units),
        sort_key=lambda line: line.units,
        numeric=True,
        color=lambda line: "#B42318" if line.units and line.units > 50 else "",
        icon=lambda line: "triangle-alert" if line.units and line.units > 50 else "",
    ),
]
SPLENIUS = Line(1, "splenius capitis", Decimal(100))
LEVATOR = Line(2, "Levator scapulae", Decimal(20))
UNKNOWN = Line(3, "trapezius", None)
ALL = [SPLENIUS, LEVATOR, UNKNOWN]


def table(qtbot: QtBot, settings: QSettings) -> RowTable[Line]:
    made = RowTable(COLUMNS, name="test", label="Pattern", key=lambda line: line.key, settings=settings)
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    return made


def test_a_cell_is_a_look_up_of_what_the_row_said(qtbot: QtBot) -> None:
    rows = Rows(COLUMNS)
    rows.set_rows(ALL)
    assert (rows.rowCount(), rows.columnCount()) == (3, 2)
    cell = rows.index(0, 1)
    assert cell.data() == "100"
    assert cell.data(Qt.ItemDataRole.ForegroundRole) == QColor("#B42318")
    assert not cell.data(Qt.ItemDataRole.DecorationRole).isNull()
    assert rows.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == "musculus splenius capitis"
    assert rows.headerData(1, Qt.Orientation.Horizontal) == "Units"
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    assert rows.index(0, 1).data(Qt.ItemDataRole.TextAlignmentRole) == right
    assert rows.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole) == right
    assert rows.data(rows.index(9, 9)) is None


def settle() -> None:
    """Whatever a table puts off by one turn of the event loop is then done."""
    for _ in range(3):
        QApplication.processEvents()


class Paints(QObject):
    """Counts how often a widget is painted."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.Paint
        return False


def test_other_rows_and_the_widths_that_they_need_are_painted_once(qtbot: QtBot, settings: QSettings) -> None:
    columns = [
        Column[Line]("Muscle", lambda line: line.muscle, stretch=True, fit=Fit.WHOLE),
        Column[Line]("Units", lambda line: str(line.units), fit=Fit.CONTENT),
        Column[Line]("Place", lambda line: str(line.key), fit=Fit.CONTENT),
    ]
    shown = RowTable(columns, name="test", label="Pattern", key=lambda line: line.key, settings=settings)
    qtbot.addWidget(shown)
    shown.resize(600, 300)
    shown.show()
    qtbot.waitExposed(shown)
    settle()
    paints = Paints(shown)
    shown.viewport().installEventFilter(paints)
    for often, at_most in ((1, 1), (2, 1), (40, 2), (45, 1), (3, 2), (2, 1)):  # a scroll bar comes and goes
        shown.set_rows([Line(number, "trapezius" * (1 + number % 3), Decimal(often)) for number in range(often)])
        settle()
        assert 0 < paints.count <= at_most, often
        paints.count = 0


def test_sorting_is_by_value_and_the_unknown_comes_last_either_way(qtbot: QtBot, settings: QSettings) -> None:
    shown = table(qtbot, settings)
    shown.set_rows(ALL)
    shown.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert shown.rows_model.rows() == [LEVATOR, SPLENIUS, UNKNOWN]
    shown.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert shown.rows_model.rows() == [SPLENIUS, LEVATOR, UNKNOWN]
    shown.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert shown.rows_model.rows() == [LEVATOR, SPLENIUS, UNKNOWN]
    shown.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert shown.rows_model.rows() == ALL


def test_the_selection_survives_sorting_filtering_and_newer_rows(qtbot: QtBot, settings: QSettings) -> None:
    shown, told = table(qtbot, settings), list[Line | None]()
    shown.set_rows(ALL)
    shown.select(LEVATOR)
    shown.selected_row.connect(told.append)
    shown.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert shown.selectionModel().selectedRows()[0].row() == 1
    shown.set_filter("lev")
    assert shown.rows_model.rows() == [LEVATOR]
    assert shown.selectionModel().selectedRows()[0].row() == 0
    shown.set_filter("")
    assert told == []
    newer = Line(2, "Levator scapulae", Decimal(25))
    shown.set_rows([SPLENIUS, newer])
    assert (shown.selected(), told) == (newer, [newer])
    shown.set_rows([SPLENIUS])
    assert (shown.selected(), told) == (None, [newer, None])


def test_enter_opens_the_selected_row(qtbot: QtBot, settings: QSettings) -> None:
    shown, opened = table(qtbot, settings), list[Line]()
    shown.set_rows(ALL)
    shown.activated_row.connect(opened.append)
    shown.select(LEVATOR)
    press(shown, Qt.Key.Key_Return)
    press(shown, Qt.Key.Key_Down)
    press(shown, Qt.Key.Key_Return)
    assert opened == [LEVATOR, UNKNOWN]


def test_ctrl_c_copies_what_a_spreadsheet_understands(qtbot: QtBot, settings: QSettings) -> None:
    shown = table(qtbot, settings)
    shown.set_rows([Line(1, "two\twords\nand a line", Decimal("2.5"))])
    shown.select(shown.rows_model.row_at(0))
    press(shown, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "Muscle\tUnits\ntwo words and a line\t2.5"


def test_rows_are_28_pixels_high(qtbot: QtBot, settings: QSettings) -> None:
    shown = table(qtbot, settings)
    shown.set_rows(ALL)
    assert [shown.rowHeight(number) for number in range(3)] == [ROW_PX] * 3 == [28] * 3


def test_a_width_set_by_the_person_is_remembered(qtbot: QtBot, settings: QSettings) -> None:
    first = table(qtbot, settings)
    first.horizontalHeader().resizeSection(0, 240)
    again = table(qtbot, settings)
    assert again.columnWidth(0) == 240


def test_widths_of_another_set_of_columns_are_ignored(qtbot: QtBot, settings: QSettings) -> None:
    settings.setValue("tables/test/chosen_widths", ["a", "b"])
    assert table(qtbot, settings).columnWidth(0) == 200
    settings.setValue("tables/test/chosen_widths", [10, 20, 30])
    assert table(qtbot, settings).columnWidth(0) == 200


def test_an_empty_table_teaches_and_the_lesson_goes_with_the_first_row(qtbot: QtBot, settings: QSettings) -> None:
    empty = EmptyState("file-text", "No visits yet.", action="New visit")
    shown = RowTable(COLUMNS, name="test", empty=empty, settings=settings)
    qtbot.addWidget(shown)
    shown.show()
    assert empty.isVisible()
    with qtbot.waitSignal(empty.action_requested):
        empty.button.click()
    shown.set_rows(ALL)
    assert not empty.isVisible()


def test_the_shape_of_rows_shows_only_when_they_are_late(qtbot: QtBot, settings: QSettings) -> None:
    shown = table(qtbot, settings)
    shown.set_loading()
    assert not shown._skeleton.isVisible()
    assert not shown.empty.isVisible()
    qtbot.waitUntil(shown._skeleton.isVisible, timeout=2000)
    shown.set_rows([])
    assert not shown._skeleton.isVisible()
    assert shown.empty.isVisible()


def test_colours_of_cells_follow_the_theme(qtbot: QtBot, settings: QSettings, look: Look) -> None:
    column = Column[Line]("Muscle", lambda line: line.muscle, color=lambda _line: current_theme().stop)
    made = RowTable([column], name="themed", key=lambda line: line.key, settings=settings)
    qtbot.addWidget(made)
    made.set_rows(ALL)
    made.select(LEVATOR)
    look.set_appearance(Appearance.DARK)
    cell = made.rows_model.index(0, 0)
    assert cell.data(Qt.ItemDataRole.ForegroundRole) == QColor(DARK.stop)
    assert made.selected() == LEVATOR


def test_filtering_and_sorting_look_only_at_cells_that_are_prepared(qtbot: QtBot) -> None:
    asked: list[int] = []

    def muscle(line: Line) -> str:
        asked.append(line.key)
        return line.muscle

    rows = Rows([Column[Line]("Muscle", muscle)])
    rows.set_rows(ALL)
    assert asked == [1, 2, 3]
    rows.set_filter("LEV")
    rows.sort(0)
    rows.set_filter("")
    assert rows.rows() == [LEVATOR, SPLENIUS, UNKNOWN]
    assert asked == [1, 2, 3]
