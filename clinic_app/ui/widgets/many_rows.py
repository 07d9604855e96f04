"""A table of thousands of rows: a cell is prepared when it is first looked at, not before."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar, overload

from clinic_app.ui.widgets.tables import Cells, Rows, prepared_cell

Row = TypeVar("Row")


class ManyRows(Rows[Row]):
    """Rows of which only those on screen are prepared, until somebody sorts or filters by what they say."""

    def all_texts(self, column: int) -> Iterator[str]:
        """What a column says in every row, without preparing anything else of it."""
        return map(self.columns[column].text, self.all_rows())

    def has_icons(self, column: int) -> bool:
        """Whether the column has an icon in some row."""
        icon = self.columns[column].icon
        return icon is not None and any(map(icon, self.all_rows()))

    def _prepared(self, row: Row) -> Cells:
        return _LaterCells(self, row)


class _LaterCells(Sequence[dict[int, object]]):
    __slots__ = ("_made", "_model", "_row")

    def __init__(self, model: Rows[Any], row: object) -> None:
        self._model = model
        self._row = row
        self._made: dict[int, dict[int, object]] | None = None

    @overload
    def __getitem__(self, place: int) -> dict[int, object]: ...

    @overload
    def __getitem__(self, place: slice) -> list[dict[int, object]]: ...

    def __getitem__(self, place: int | slice) -> dict[int, object] | list[dict[int, object]]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        if self._made is None:
            self._made = {}
        if place not in self._made:
            if not 0 <= place < len(self):
                raise IndexError(place)
            self._made[place] = prepared_cell(self._model.columns[place], self._row)
        return self._made[place]

    def __len__(self) -> int:
        return len(self._model.columns)
