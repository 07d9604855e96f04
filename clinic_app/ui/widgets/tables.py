"""Tables: the rows are told, every cell is prepared, and showing one is only a look-up."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSettings,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from clinic_app.services.saved_lists import ShownList
from clinic_app.ui.clipboard_watch import copy_for_a_minute
from clinic_app.ui.icons import icon
from clinic_app.ui.theme import ROW_PX
from clinic_app.ui.widgets.column_widths import ColumnWidths, Fit
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.list_menu import ListMenu, list_of
from clinic_app.ui.widgets.loading import Skeleton
from clinic_app.ui.widgets.palette import on_palette_change

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
Cells = Sequence[dict[int, object]]
"""The prepared cells of a row: what each shows, by role."""
_NOWHERE = QModelIndex()
_AT_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_AT_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TWO_LINES_PX = 44
_SHORT_TITLE = 8
"""In letters."""
_first = itemgetter(0)


@dataclass(frozen=True)
class Column(Generic[Row]):
    """How one column is made from a row."""

    title: str
    text: Callable[[Row], str]
    sort_key: Callable[[Row], Any] | None = None
    """What to sort by; the text without regard to case when left out."""
    numeric: bool = False
    """Numbers stand at the right."""
    tooltip: Callable[[Row], str] | None = None
    color: Callable[[Row], str] | None = None
    """A colour as ``#RRGGBB``, or "" for the usual one. Colour needs a word or an icon beside it."""
    icon: Callable[[Row], str] | None = None
    """The name of an icon, or ""."""
    width: int = 120
    """In pixels; the narrowest for a column that fits its content."""
    stretch: bool = False
    """The column that takes what is left."""
    fit: Fit = Fit.FIXED
    """Whether it is as wide as its longest text where there is room."""
    saved: Callable[[Row], object] | None = None
    """What a saved list has instead of the text: a day, moment or number that the text does not tell a spreadsheet."""
    spared: bool = False
    """Whether it is hidden where room is short, before anything is cut; a tooltip beside it should say the same."""


def on_two_lines(title: str) -> str:
    """A title broken at the space that lets its column be narrowest; a short one is whole."""
    breaks = [number for number, letter in enumerate(title) if letter == " "]
    if not breaks or len(title) <= _SHORT_TITLE:
        return title
    narrowest = min(breaks, key=lambda number: max(number, len(title) - number - 1))
    return f"{title[:narrowest]}\n{title[narrowest + 1 :]}"


class Rows(QAbstractTableModel, Generic[Row]):
    """A table model that is told its rows. Sorting and filtering work on the prepared cells."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        key: Callable[[Row], object] | None = None,
        parent: QWidget | None = None,
        dense: bool = False,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.headings = [on_two_lines(column.title) if dense else column.title for column in columns]
        self._alignments = [_alignment(column) for column in columns]
        self._key = key
        self._all: list[tuple[Row, Cells]] = []
        self._rows: list[Row] = []
        self._cells: list[Cells] = []
        self._filter = ""
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows, in this order unless the person sorted by a column."""
        self._all = [(row, self._prepared(row)) for row in rows]
        self._arrange()

    def set_filter(self, text: str) -> None:
        """Show only rows of which some cell contains the text."""
        if text.casefold() != self._filter:
            self._filter = text.casefold()
            self._arrange()

    def row_at(self, number: int) -> Row:
        """The row object shown at a place."""
        return self._rows[number]

    def rows(self) -> list[Row]:
        """The rows as shown."""
        return list(self._rows)

    def texts(self, column: int) -> list[str]:
        """What a column shows in the rows shown."""
        return [_text(cells[column]) for cells in self._cells]

    def cells_of(self, column: int) -> list[dict[int, object]]:
        """The prepared cells of a column, those of rows that a filter hides among them."""
        return [cells[column] for _, cells in self._all]

    def all_rows(self) -> Iterator[Row]:
        """The rows as they came, those that a filter hides among them."""
        return map(_first, self._all)

    def all_texts(self, column: int) -> Iterator[str]:
        """What a column says in every row, those that a filter hides among them."""
        return (_text(cells[column]) for _, cells in self._all)

    def has_icons(self, column: int) -> bool:
        """Whether the column has an icon in some row."""
        return any(Qt.ItemDataRole.DecorationRole in cells[column] for _, cells in self._all)

    def place_of(self, row: Row) -> int | None:
        """Where a row, or its newer version with the same key, is shown."""
        wanted = self._key_of(row)
        for number, shown in enumerate(self._rows):
            if self._key_of(shown) == wanted:
                return number
        return None

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many rows are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """One prepared cell."""
        if not index.isValid() or index.row() >= len(self._cells):
            return None
        return self._cells[index.row()][index.column()].get(role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title of a column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.headings[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignments[section]
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; a column of -1 brings back the order in which the rows came."""
        self._sorted_by = (column, order) if 0 <= column < len(self.columns) else None
        self._arrange()

    def prepare_again(self) -> None:
        """Prepare the cells anew where the rows stay: their colours are those of another theme now."""
        self._all = [(row, self._prepared(row)) for row, _ in self._all]
        self._arranged()
        if self._rows:
            last = self.index(len(self._rows) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def _arrange(self) -> None:
        self.beginResetModel()
        self._arranged()
        self.endResetModel()

    def _arranged(self) -> None:
        shown = self._all
        if self._filter:
            shown = [pair for pair in shown if any(self._filter in _text(cell).casefold() for cell in pair[1])]
        if self._sorted_by is not None:
            number, order = self._sorted_by
            shown = _sorted(shown, number, self.columns[number], order == Qt.SortOrder.DescendingOrder)
        self._rows = [row for row, _ in shown]
        self._cells = [cells for _, cells in shown]

    def _prepared(self, row: Row) -> "Cells":
        return [prepared_cell(column, row) for column in self.columns]

    def _key_of(self, row: Row) -> object:
        return row if self._key is None else self._key(row)


class RowTable(QTableView, Generic[Row]):
    """A table of rows, keyboard first. Under ``name`` the column widths are remembered, and it is saved as a file.

    With ``several`` more than one row can be selected, with Shift and Ctrl as everywhere. A ``dense`` one is for many
    columns of figures: long titles stand on two lines, and less lies between the columns.
    """

    activated_row = Signal(object)
    """Enter or a double click on a row."""
    selected_row = Signal(object)
    """The selected row, or None."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        parent: QWidget | None = None,
        *,
        name: str,
        label: str = "",
        key: Callable[[Row], object] | None = None,
        empty: EmptyState | None = None,
        settings: QSettings | None = None,
        several: bool = False,
        dense: bool = False,
        rows: type[Rows[Row]] = Rows,
    ) -> None:
        super().__init__(parent)
        self.dense = dense
        self.rows_model: Rows[Row] = rows(columns, key=key, parent=self, dense=dense)
        self._selected: Row | None = None
        self._all_selected: list[Row] = []
        self._filling = False
        self.empty = EmptyState("inbox", "Nothing here.") if empty is None else empty
        self.empty.setParent(self)
        self.empty.setVisible(False)
        self._skeleton = Skeleton(self.viewport())
        self.setAccessibleName(label or name)
        self._name = name
        self.list_menu = ListMenu(self, self.shown_list, self.copy_selected)
        self.setModel(self.rows_model)
        self._set_behaviour()
        if several:
            self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._widths = ColumnWidths(self, QSettings() if settings is None else settings, f"tables/{name}/chosen_widths")
        self.activated.connect(self._activate)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        # After setModel, so that the view has forgotten the old rows before.
        self.rows_model.modelReset.connect(self._select_again)
        self._show_empty()
        on_palette_change(self, self.rows_model.prepare_again)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; the selected row stays selected when it is still there."""
        self._skeleton.stop()
        self.rows_model.set_rows(rows)
        self.executeDelayedItemsLayout()  # now, not while it is painted: that would paint it once more
        self._widths.measure()

    def set_filter(self, text: str) -> None:
        """Show only rows that contain the text."""
        self.rows_model.set_filter(text)

    def set_loading(self) -> None:
        """Show the shape of rows until ``set_rows``, once that takes longer than a moment."""
        self.empty.setVisible(False)
        self._skeleton.start()

    def selected(self) -> Row | None:
        """The selected row; of several the one that the keys move from."""
        return self._selected

    def selected_rows(self) -> list[Row]:
        """Every selected row, in the order shown."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.rows_model.row_at(place) for place in places]

    def select(self, row: Row | None) -> bool:
        """Select a row and scroll to it. False when it is not shown."""
        place = None if row is None else self.rows_model.place_of(row)
        if place is None:
            self.clearSelection()
            return False
        index = self.rows_model.index(place, 0)
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        )
        self.scrollTo(index)
        return True

    def copy_selected(self) -> None:
        """Put the selected rows on the clipboard as a spreadsheet understands them, with the titles."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        if not places:
            return
        order = sorted(range(len(self.rows_model.columns)), key=self.horizontalHeader().visualIndex)
        lines = [[self.rows_model.columns[number].title for number in order]]
        lines += [[str(self.rows_model.index(place, number).data() or "") for number in order] for place in places]
        text = "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in lines)
        copy_for_a_minute(text)

    def shown_list(self) -> ShownList:
        """Every row shown, in this order of rows and columns.

        A column that was hidden for want of room comes along: a file has room.
        """
        model, hidden = self.rows_model, self.isColumnHidden
        order = sorted(range(len(model.columns)), key=self.horizontalHeader().visualIndex)
        numbers = [number for number in order if model.columns[number].spared or not hidden(number)]
        columns = [model.columns[number] for number in numbers]
        texts = list(zip(*(model.texts(number) for number in numbers), strict=True))
        return list_of(self.accessibleName(), self._name, columns, model.rows(), texts)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies the rows; Enter opens one."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selected()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._activate(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the empty state over the rows, and share the room among the columns."""
        super().resizeEvent(event)
        self.empty.setGeometry(self.viewport().geometry())
        self._widths.fit()

    def _set_behaviour(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setProperty("rows", True)  # the style sheet draws its hairlines
        self.setProperty("dense", self.dense)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(ROW_PX)
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(40)
        if self.dense:
            header.setMinimumHeight(_TWO_LINES_PX)
        header.setSectionsMovable(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def _show_empty(self) -> None:
        nothing = not self.rows_model.rowCount() and not self._skeleton.waiting()
        self.empty.setGeometry(self.viewport().geometry())
        self.empty.setVisible(nothing)

    @Slot()
    def _select_again(self) -> None:
        """New rows, a filter or another order took the selection away; give it back."""
        self._show_empty()
        row = self._selected
        if row is None:
            return
        place = self.rows_model.place_of(row)
        if place is None:
            self._selected, self._all_selected = None, []
            self.selected_row.emit(None)
            return
        self._filling = True
        self.select(row)
        for other in self._all_selected:
            self._select_too(other)
        self._filling = False
        newer = self.rows_model.row_at(place)
        self._selected = newer
        if newer != row:
            self.selected_row.emit(newer)

    def _select_too(self, row: Row) -> None:
        place = self.rows_model.place_of(row)
        if place is not None:
            self.selectionModel().select(
                self.rows_model.index(place, 0),
                QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
            )

    @Slot(QModelIndex)
    def _activate(self, index: QModelIndex) -> None:
        if index.isValid():
            self.activated_row.emit(self.rows_model.row_at(index.row()))

    @Slot()
    def _selection_changed(self) -> None:
        if self._filling:
            return
        chosen = self.selectionModel().selectedRows()
        current = self.currentIndex().row()
        places = [index.row() for index in chosen]
        place = current if current in places else next(iter(places), None)
        self._selected = None if place is None else self.rows_model.row_at(place)
        self._all_selected = self.selected_rows()
        self.selected_row.emit(self._selected)


def prepared_cell(column: Column[Row], row: Row) -> dict[int, object]:
    """What a column shows of a row, by role."""
    cell: dict[int, object] = {
        Qt.ItemDataRole.DisplayRole: column.text(row),
        Qt.ItemDataRole.TextAlignmentRole: _alignment(column),
    }
    if column.tooltip is not None:
        cell[Qt.ItemDataRole.ToolTipRole] = column.tooltip(row) or None
    color = column.color(row) if column.color is not None else ""
    if color:
        cell[Qt.ItemDataRole.ForegroundRole] = QColor(color)
    name = column.icon(row) if column.icon is not None else ""
    if name:
        cell[Qt.ItemDataRole.DecorationRole] = icon(name, color)
    return cell


def _alignment(column: Column[Row]) -> Qt.AlignmentFlag:
    return _AT_RIGHT if column.numeric else _AT_LEFT


def _sorted(
    shown: list[tuple[Row, Cells]], number: int, column: Column[Row], descending: bool
) -> list[tuple[Row, Cells]]:
    """Sorted by a column; rows without a value come last either way."""
    key = column.sort_key
    keyed = [(_text(pair[1][number]).casefold() if key is None else key(pair[0]), pair) for pair in shown]
    known = sorted((each for each in keyed if each[0] is not None), key=_first, reverse=descending)
    return [pair for _, pair in known] + [pair for value, pair in keyed if value is None]


def _text(cell: dict[int, object]) -> str:
    return str(cell[Qt.ItemDataRole.DisplayRole])
