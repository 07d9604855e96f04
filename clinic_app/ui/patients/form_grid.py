"""How the sections of the patient form set their fields: twelve columns, the same in every section."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from clinic_app.ui.theme import BETWEEN
from clinic_app.ui.widgets.sections import Section

COLUMNS = 12


class FormPart(Protocol):
    """What the form needs of a field or list."""

    changed: Any

    def check(self) -> bool:
        """Check it, show what is wrong, and say whether it can be used."""

    def set_error(self, text: str) -> None:
        """Show an error at it."""

    def error(self) -> str:
        """The error shown."""


Placed = tuple[str, Any, int]
"""The name of a field, the field, and how many columns it takes."""


def add_fields(section: Section, named: dict[str, Any], *parts: Placed) -> None:
    """Set fields line by line into a section and note them by name."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(BETWEEN)
    grid.setVerticalSpacing(BETWEEN)
    row = column = 0
    for name, field, width in parts:
        if column + width > COLUMNS:
            row, column = row + 1, 0
        named[name] = field
        # Only the shares decide the widths, so that the fields of all sections stand under each other.
        policy = field.sizePolicy()
        policy.setHorizontalPolicy(policy.Policy.Ignored)
        policy.setRetainSizeWhenHidden(False)
        field.setSizePolicy(policy)
        grid.addWidget(field, row, column, 1, width)
        column += width
    for number in range(COLUMNS):
        grid.setColumnStretch(number, 1)
    section.add(grid)


def tab_stops(part: Any) -> list[QWidget]:
    """What Tab comes to in a field or list, in order."""
    return part.tab_stops() if hasattr(part, "tab_stops") else [part.editor]


def next_stop(stops: Sequence[QWidget], now: QWidget | None, *, forward: bool) -> QWidget | None:
    """Where Tab goes from ``now``; None when it is no stop, or the last one.

    Qt's own order is that in which widgets were made, and rows and chips are made as they are needed.
    """
    if now not in stops:
        return None
    number = stops.index(now)
    ahead = stops[number + 1 :] if forward else reversed(stops[:number])
    return next((stop for stop in ahead if _takes_focus(stop)), None)


def _takes_focus(widget: QWidget) -> bool:
    tab = Qt.FocusPolicy.TabFocus
    return widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & tab == tab


def whole(value: Decimal | None) -> int | None:
    """A number of whole things."""
    return None if value is None else int(value)
