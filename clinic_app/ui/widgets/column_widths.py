"""How wide the columns of a table are: as a person dragged them, else as their words need and as there is room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSettings, QSignalBlocker, Slot
from PySide6.QtWidgets import QHeaderView

if TYPE_CHECKING:
    from clinic_app.ui.widgets.tables import RowTable

_PADDING = 26
"""What a cell has beside its text: the style sheet's padding, the margin of the text, and two against rounding."""
_DENSE_PADDING = 18
_DIGITS = "0123456789"
_BETWEEN = "\0"
_ICON = 22
_TURNS = 3
_KNOWN = 8192
"""Texts whose width is remembered: those of the longest list."""


class Fit(Enum):
    """How a column shares the room with its neighbours."""

    FIXED = "fixed"
    """Always of its width, unless it is the one that takes what is left: then it gives way first."""
    CONTENT = "content"
    """As wide as its longest text; gives way down to its width where room is short."""
    WHOLE = "whole"
    """As ``CONTENT``, but gives way last: what it says must not be cut."""


_WIDEST = {Fit.FIXED: 420, Fit.CONTENT: 240, Fit.WHOLE: 420}
"""A single long name or sentence must not push all others out."""


@dataclass(frozen=True, slots=True)
class Need:
    """``least`` is the narrowest that a column may become, ``whole`` shows its longest text, both in pixels.

    ``turn`` says when it gives way: 0 first, 2 last.
    """

    least: int
    whole: int
    turn: int = 0


def shared_room(room: int, needs: Sequence[Need]) -> list[int]:
    """The widths of the columns in ``room`` pixels: all whole where that fits.

    Otherwise those of the first turn give way, each by the same share of what it has above its least; those of a
    later turn only when all before are at their least. Where even that is too wide, each has its least.
    """
    widths = [need.whole for need in needs]
    for turn in range(_TURNS):
        over = sum(widths) - room
        spare = [need.whole - need.least if need.turn == turn else 0 for need in needs]
        total = sum(spare)
        if over <= 0 or not total:
            continue
        # Rounded up: a pixel too many would bring a scroll bar.
        given = [min(each, -(-each * over // total)) for each in spare]
        widths = [width - less for width, less in zip(widths, given, strict=True)]
    return widths


class ColumnWidths(QObject):
    """Sets the widths of a table and remembers, under a key of the settings, those that a person chose."""

    def __init__(self, table: "RowTable[Any]", settings: QSettings, key: str) -> None:
        super().__init__(table)
        self._table = table
        self._settings = settings
        self._key = key
        self._columns = table.rows_model.columns
        self._fits = any(column.fit is not Fit.FIXED for column in self._columns)
        self._fitting = False
        self._chosen: set[int] = set()
        self._whole = [column.width for column in self._columns]
        self._title = [0] * len(self._columns)
        self._given_up: set[int] = set()
        self._metrics = table.fontMetrics()
        self._advance = lru_cache(_KNOWN)(self._metrics.horizontalAdvance)
        self._begin()
        table.horizontalHeader().sectionResized.connect(self._resized)

    def measure(self) -> None:
        """Other rows are shown: look again at what the columns need."""
        if not self._fits:
            return
        metrics, titles = self._table.fontMetrics(), self._table.horizontalHeader().fontMetrics()
        if metrics != self._metrics:
            self._metrics = metrics
            self._advance = lru_cache(_KNOWN)(metrics.horizontalAdvance)
        padding = _DENSE_PADDING if self._table.dense else _PADDING
        widest = bytes.maketrans(_DIGITS.encode(), 10 * max(_DIGITS, key=metrics.horizontalAdvance).encode())
        for number, column in enumerate(self._columns):
            if column.fit is Fit.FIXED and not column.stretch:
                continue
            # Of numbers and days that differ in their digits alone one is measured, written in the widest digit.
            texts = set(_each_translated(set(self._table.rows_model.all_texts(number)), widest))
            icon = _ICON if self._table.rows_model.has_icons(number) else 0
            text = max(map(self._advance, texts), default=0) + padding + icon
            # The header's own hint leaves room for a sort mark beside the title; ours stands above it.
            lines = self._table.rows_model.headings[number].splitlines()
            self._title[number] = max(map(titles.horizontalAdvance, lines), default=0) + padding
            self._whole[number] = min(_WIDEST[column.fit], max(text, self._title[number]))
        self.fit()

    def fit(self) -> None:
        """Share the room that there is now."""
        if self._fitting or not self._fits:
            return
        header, room = self._table.horizontalHeader(), self._table.viewport().width()
        self._fitting = True
        shown = self._worth_showing(room)
        widths = shared_room(room, [self._need(n) for n in shown])
        if self._table.dense:  # figures stand side by side, none of them far out at the right
            left = max(0, room - sum(widths)) // len(widths)
            widths = [width + left for width in widths]
        with QSignalBlocker(header):  # told of each width, the table would be painted once more, later
            for number, width in zip(shown, widths, strict=True):
                if not self._columns[number].stretch:
                    header.resizeSection(number, width)
            header.resizeSections()
        self._table.updateGeometries()
        self._table.viewport().update()
        self._fitting = False

    def _worth_showing(self, room: int) -> list[int]:
        """The columns that stay: one that may be spared goes, the first first, before anything else is cut."""
        hidden = self._table.isColumnHidden
        shown = [n for n in range(len(self._columns)) if n in self._given_up or not hidden(n)]
        spared = set[int]()
        for number in shown:
            if sum(self._need(n).whole for n in shown if n not in spared) <= room:
                break
            if self._columns[number].spared:
                spared.add(number)
        for number in spared ^ self._given_up:
            self._table.setColumnHidden(number, number in spared)
        self._given_up = spared
        return [n for n in shown if n not in spared]

    def _need(self, number: int) -> Need:
        column = self._columns[number]
        if number in self._chosen or (column.fit is Fit.FIXED and not column.stretch):
            width = self._table.horizontalHeader().sectionSize(number)
            return Need(width, width)
        least = max(self._title[number], min(column.width, self._whole[number]))
        turn = {Fit.FIXED: 0, Fit.CONTENT: 1, Fit.WHOLE: 2}[column.fit]
        return Need(least, self._whole[number], turn)

    def _begin(self) -> None:
        header = self._table.horizontalHeader()
        remembered = _numbers(self._settings.value(self._key))
        if len(remembered) != len(self._columns):
            remembered = [0] * len(self._columns)
        for number, column in enumerate(self._columns):
            header.resizeSection(number, column.width)
            if column.stretch:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
            elif remembered[number] > 0:
                header.resizeSection(number, remembered[number])
                self._chosen.add(number)
        if not any(column.stretch for column in self._columns):
            header.setStretchLastSection(True)

    @Slot(int, int, int)
    def _resized(self, number: int, before: int, now: int) -> None:
        if self._fitting:
            return
        if not before or not now:
            self.fit()  # a column was hidden or shown
        elif not self._table.isVisible():
            return  # the layout of a window that is being built is nobody's choice
        elif self._takes_what_is_left(number):
            return
        elif self._table.horizontalHeader().sectionResizeMode(number) == QHeaderView.ResizeMode.Interactive:
            self._chosen.add(number)
            self._remember()
            self.fit()

    def _takes_what_is_left(self, number: int) -> bool:
        """Whether it is the last column, where no other stretches: Qt resizes it, and nobody chose that."""
        header = self._table.horizontalHeader()
        return header.stretchLastSection() and header.visualIndex(number) == header.count() - 1

    def _remember(self) -> None:
        header = self._table.horizontalHeader()
        sizes = [header.sectionSize(n) if n in self._chosen else 0 for n in range(header.count())]
        self._settings.setValue(self._key, sizes)


def _each_translated(texts: Iterable[str], table: bytes) -> list[str]:
    """Texts with other digits in them: in one go, for thousands of calls take longer than all the rest."""
    return (
        _BETWEEN.join(texts)
        .encode("utf-8", "surrogatepass")
        .translate(table)
        .decode("utf-8", "surrogatepass")
        .split(_BETWEEN)
    )


def _numbers(remembered: object) -> list[int]:
    if not isinstance(remembered, list):
        return []
    try:
        return [int(str(width)) for width in remembered]
    except ValueError:
        return []
