"""Charts of reports: months along the bottom, or named rows from the top down; bars, or marks with whiskers."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from math import ceil, floor, log10
from typing import Any

from clinic_app.documents.chart_content import Inks, Picture, Value
from clinic_app.documents.fonts import REGULAR
from clinic_app.documents.style import TextStyle
from clinic_app.documents.text import Limit, Line, fitted, one_line, text_width, wrapped
from clinic_app.documents.wording import month_and_year, number

_TITLE = TextStyle(9, 12, bold=True)
_TITLE_LINES = Limit(400, 2)
_SMALL = TextStyle(7.5, 10)
_PAD = 6.0
_KEY = 7.0
_MARK = 2.6
_MOST_TICKS = 5
_TALLEST_ROW = 26.0
_LONGEST_NAME = 200
_ROW_SHARE = 0.5
"""The part of the width that names of rows may take."""
_BAR_SHARE = 0.7


def chart(picture: Picture, width: float, height: float, inks: Inks, locale: str) -> Any:
    """The picture as a ReportLab drawing of this size in points."""
    return _Chart(picture, width, height, inks, locale).drawn()


class _Chart:
    """Lays one picture out; every method adds to the drawing."""

    def __init__(self, picture: Picture, width: float, height: float, inks: Inks, locale: str) -> None:
        from reportlab.graphics import shapes
        from reportlab.lib.colors import HexColor

        self._shapes: Any = shapes
        self._colour: Callable[[str], Any] = HexColor
        self._picture, self._inks, self._locale = picture, inks, locale
        self._width, self._height = width, height
        # Else the file would name a font that is not in it.
        self._drawing: Any = shapes.Drawing(width, height, initialFontName=REGULAR)
        ends = [value.at if value.high is None else value.high for _, _, value in self._values()]
        self._step = _nice_step(max(ends, default=1.0) or 1.0)
        self._top = self._step * max(1, ceil(max(ends, default=1.0) / self._step - 1e-9))
        if picture.unit == "%" and self._top > 100:
            self._top = 100.0

    def drawn(self) -> Any:
        """The whole chart."""
        top = self._height - self._head()
        if self._picture.lying:
            self._lying(top)
        else:
            self._upright(top)
        return self._drawing

    def _values(self) -> Iterator[tuple[int, int, Value]]:
        """Number of the series, of the category, and the value there."""
        for number_of, series in enumerate(self._picture.series):
            for place, value in enumerate(series.values):
                if value is not None:
                    yield number_of, place, value

    def _head(self) -> float:
        """Title and key; returns the height they take."""
        picture, y = self._picture, self._height
        unit = f" ({picture.unit})" if picture.unit else ""
        for line in wrapped(f"{picture.title}{unit}", _TITLE, self._width, _TITLE_LINES)[0]:
            y -= _TITLE.leading
            self._place(line, 0, y, _TITLE, self._inks.ink)
        entries = [each.name for each in picture.series] if len(picture.series) > 1 else []
        x, y = 0.0, y - _SMALL.leading - 3
        if not entries and not picture.spread:
            return self._height - y - _SMALL.leading + _PAD  # the line of the key stays free
        for place, name in enumerate(entries):
            wide = text_width(name, _SMALL)
            if x and x + _KEY + 4 + wide > self._width:
                x, y = 0.0, y - _SMALL.leading
            self._mark(place, x + _KEY / 2, y + 2.6)
            self._text(name, x + _KEY + 4, y, _SMALL, self._inks.quiet)
            x += _KEY + 4 + wide + 14
        if picture.spread:
            said = f"Whiskers: {picture.spread}"
            if x and x + text_width(said, _SMALL) > self._width:
                x, y = 0.0, y - _SMALL.leading
            self._text(said, x, y, _SMALL, self._inks.quiet, width=self._width - x)
        return self._height - y + 2 * _PAD

    def _ticks(self) -> list[tuple[float, str]]:
        return [
            (tick * self._step, number(round(tick * self._step, 6), self._locale))
            for tick in range(floor(self._top / self._step + 1e-9) + 1)
        ]

    # Months along the bottom

    def _upright(self, top: float) -> None:
        picture, ticks = self._picture, self._ticks()
        left = max(text_width(words, _SMALL) for _, words in ticks) + _PAD
        bottom = _SMALL.leading + _PAD
        plot = self._width - left
        for tick, words in ticks:
            y = bottom + (top - bottom) * tick / self._top
            self._line(left, y, self._width, y, self._inks.hairline, 0.5)
            self._text(words, left - _PAD, y - 2.6, _SMALL, self._inks.quiet, align="end")
        room = plot / max(1, len(picture.categories))
        self._months(left, room)

        def at(place: int, series: int) -> float:
            return left + room * (place + 0.5 + _shift(series, len(picture.series)))

        def up(value: float) -> float:
            return bottom + (top - bottom) * min(value, self._top) / self._top

        if picture.spread:
            self._trend(at, up)
            for series, place, value in self._values():
                x = at(place, series)
                if value.low is not None and value.high is not None:
                    self._line(x, up(value.low), x, up(value.high), self._series(series), 0.9)
                self._mark(series, x, up(value.at))
            return
        bar = room * _BAR_SHARE / max(1, len(picture.series))
        for series, place, value in self._values():
            x = left + room * (place + (1 - _BAR_SHARE) / 2) + bar * series
            self._bar(x, bottom, max(bar - 1.2, 0.5), up(value.at) - bottom, series)
            if len(picture.series) > 1:  # colours alone are one grey on a copy
                self._mark(series, x + bar / 2, up(value.at) + _MARK + 1.5)

    def _trend(self, at: Callable[[int, int], float], up: Callable[[float], float]) -> None:
        """Thin lines between neighbouring months; where one is missing, the line is broken."""
        for series, each in enumerate(self._picture.series):
            for place, (value, following) in enumerate(pairwise(each.values)):
                if value is not None and following is not None:
                    points = at(place, series), up(value.at), at(place + 1, series), up(following.at)
                    self._line(*points, self._series(series), 0.5)

    def _months(self, left: float, room: float) -> None:
        categories = self._picture.categories
        words = [month_and_year(each, self._locale) if isinstance(each, date) else each for each in categories]
        widest = max((text_width(each, _SMALL) for each in words), default=0.0)
        every = max(1, ceil((widest + _PAD) / room))
        for place in range(0, len(words), every):
            half = text_width(words[place], _SMALL) / 2
            middle = max(left + room * (place + 0.5), half)
            if middle + half > self._width and place:
                break
            self._text(words[place], middle, 2, _SMALL, self._inks.quiet, align="middle")

    # Named rows from the top down

    def _lying(self, top: float) -> None:
        picture, ticks = self._picture, self._ticks()
        names = [
            month_and_year(each, self._locale) if isinstance(each, date) else one_line(each)[:_LONGEST_NAME]
            for each in picture.categories
        ]
        widest = max((text_width(name, _SMALL) for name in names), default=0.0)
        left = min(widest, self._width * _ROW_SHARE) + _PAD
        # The figure of a bar stands behind it.
        right = self._width - (text_width(ticks[-1][1], _SMALL) / 2 if picture.spread else 34.0)
        room = min(_TALLEST_ROW, (top - _SMALL.leading - _PAD) / max(1, len(names)))
        bottom = top - room * len(names)

        def across(value: float) -> float:
            return left + (right - left) * min(value, self._top) / self._top

        widest = max(text_width(words, _SMALL) for _, words in ticks) + _PAD
        every = ceil(widest * len(ticks[1:]) / (right - left)) if len(ticks) > 1 else 1
        for place, (tick, words) in enumerate(ticks):
            self._line(across(tick), bottom, across(tick), top, self._inks.hairline, 0.5)
            if place % max(every, 1) == 0:  # in a narrow picture the figures would run into each other
                self._text(words, across(tick), bottom - _SMALL.leading - 2, _SMALL, self._inks.quiet, align="middle")
        for place, name in enumerate(names):
            middle = top - room * (place + 0.5)
            self._text(name, left - _PAD, middle - 2.6, _SMALL, self._inks.ink, align="end", width=left - _PAD)
        for series, place, value in self._values():
            middle = top - room * (place + 0.5)
            if picture.spread:
                if value.low is not None and value.high is not None:
                    self._line(across(value.low), middle, across(value.high), middle, self._series(series), 0.9)
                self._mark(series, across(value.at), middle)
                continue
            tall = room * _BAR_SHARE
            self._bar(left, middle - tall / 2, across(value.at) - left, tall, series)
            words = number(round(value.at, 1), self._locale)
            self._text(words, across(value.at) + 3, middle - 2.6, _SMALL, self._inks.quiet)

    # What is drawn

    def _series(self, series: int) -> str:
        return self._inks.series[series % len(self._inks.series)]

    def _line(self, x1: float, y1: float, x2: float, y2: float, colour: str, thick: float) -> None:
        self._drawing.add(self._shapes.Line(x1, y1, x2, y2, strokeColor=self._colour(colour), strokeWidth=thick))

    def _bar(self, x: float, y: float, width: float, height: float, series: int) -> None:
        fill = self._colour(self._series(series))
        self._drawing.add(self._shapes.Rect(x, y, max(width, 0), max(height, 0), fillColor=fill, strokeColor=None))

    def _mark(self, series: int, x: float, y: float) -> None:
        """A dot, a square, a triangle or a diamond."""
        shapes, size, kind = self._shapes, _MARK, series % 4
        fill = self._colour(self._series(series))
        if kind == 0:
            self._drawing.add(shapes.Circle(x, y, size, fillColor=fill, strokeColor=None))
            return
        corners = {
            1: (x - size, y - size, x + size, y - size, x + size, y + size, x - size, y + size),
            2: (x - size * 1.2, y - size, x + size * 1.2, y - size, x, y + size * 1.3),
            3: (x, y - size * 1.4, x + size * 1.4, y, x, y + size * 1.4, x - size * 1.4, y),
        }[kind]
        self._drawing.add(shapes.Polygon(list(corners), fillColor=fill, strokeColor=None))

    def _text(
        self,
        words: str,
        x: float,
        y: float,
        style: TextStyle,
        colour: str,
        *,
        align: str = "start",
        width: float | None = None,
    ) -> None:
        """One line of words from the first font that has each; ``align`` says which end of it stands at ``x``."""
        line = fitted(words, style, 10_000 if width is None else width)
        self._place(line, x - {"start": 0.0, "middle": line.width / 2, "end": line.width}[align], y, style, colour)

    def _place(self, line: Line, x: float, y: float, style: TextStyle, colour: str) -> None:
        for font, piece in line.runs:
            fill = self._colour(colour)
            self._drawing.add(self._shapes.String(x, y, piece, fontName=font, fontSize=style.size, fillColor=fill))
            x += text_width(piece, style)


def _shift(series: int, count: int) -> float:
    """How far a series stands beside the middle of its category, as a part of its room."""
    return 0.0 if count < 2 else 0.36 * (series / (count - 1) - 0.5)


def _nice_step(most: float) -> float:
    """A step of 1, 2 or 5 and zeros with which at most five lines reach ``most``."""
    rough = most / _MOST_TICKS
    power = 10.0 ** floor(log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough - 1e-12)
