"""The menu of a list, which every list has: copy rows, save the whole list for a spreadsheet."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QMenu, QWidget

from clinic_app.services.saved_lists import ShownList
from clinic_app.ui.icons import icon
from clinic_app.ui.locale import date_text, parse_number, time_text, weekday_date_text

if TYPE_CHECKING:
    from clinic_app.ui.widgets.tables import Column

Row = TypeVar("Row")
OF_PATIENT = "of_patient"
"""The property with a patient's id of a widget whose lists are a part of their record."""
_NOTHING = "–"


class ListDesk(QObject):
    """A child of the window, to which the lists in it are handed that somebody wants to save."""

    save_asked = Signal(object)
    """Carries the ``ShownList``."""


class ListMenu(QObject):
    """The menu at the right mouse button and the menu key. ``shown`` reads the list when it is wanted."""

    def __init__(
        self, view: QAbstractItemView, shown: Callable[[], ShownList], copy: Callable[[], object] | None = None
    ) -> None:
        super().__init__(view)
        self._view, self._shown, self._copy = view, shown, copy
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._open)

    def menu(self) -> QMenu:
        """What can be done with the list now."""
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._copy is not None:
            copy = menu.addAction(icon("copy"), "Copy", self._copy)
            copy.setEnabled(self._view.selectionModel().hasSelection())
        save = menu.addAction(icon("download"), "Save list…", self.save)
        save.setEnabled(self.can_save())
        return menu

    def is_shown(self) -> bool:
        """Whether the list is in front of somebody."""
        return self._view.isVisible()

    def can_save(self) -> bool:
        """Whether there is something to save, and a window that saves it."""
        return self._desk() is not None and self._view.model().rowCount() > 0

    @Slot()
    def save(self) -> None:
        """Hand the list to the window, which asks where to save it."""
        desk = self._desk()
        if desk is not None and self.can_save():
            patient_id = next(
                (each.property(OF_PATIENT) for each in _upwards(self._view) if each.property(OF_PATIENT)), None
            )
            desk.save_asked.emit(replace(self._shown(), patient_id=patient_id))

    @Slot(QPoint)
    def _open(self, where: QPoint) -> None:
        self.menu().popup(self._view.viewport().mapToGlobal(where))

    def _desk(self) -> ListDesk | None:
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        desks = (each.findChild(ListDesk, options=direct) for each in _upwards(self._view))
        return next((desk for desk in desks if desk is not None), None)


def nearest_list(start: QWidget) -> ListMenu | None:
    """The list that somebody at ``start`` means: the one there, or the only one beside it. None where it is unclear."""
    for place in _upwards(start):
        shown = [menu for menu in place.findChildren(ListMenu) if menu.is_shown()]
        if shown:
            return shown[0] if len(shown) == 1 else None
    return None


def list_of(
    title: str, name: str, columns: "Sequence[Column[Row]]", rows: Iterable[Row], texts: Sequence[Sequence[str]] = ()
) -> ShownList:
    """Rows as the columns show them; ``texts`` are those that are prepared already."""
    lines = tuple(
        tuple(
            _value(column, row, texts[number][place] if texts else column.text(row))
            for place, column in enumerate(columns)
        )
        for number, row in enumerate(rows)
    )
    return ShownList(title, name, tuple(column.title for column in columns), lines)


def _value(column: "Column[Row]", row: Row, text: str) -> object:
    """What a spreadsheet understands, where the text is nothing but a day, a moment or a number; else the text."""
    if column.saved is not None:
        return column.saved(row)
    if text == _NOTHING:
        return ""
    key = column.sort_key(row) if column.sort_key is not None else None
    if isinstance(key, date):
        return _day_or_moment(key, text)
    if column.numeric:
        try:
            number = parse_number(text)
        except ValueError:
            return text
        return "" if number is None else number
    return text


def _day_or_moment(key: date, text: str) -> object:
    day = key.date() if isinstance(key, datetime) else key
    if text in {date_text(day), weekday_date_text(day)}:
        return day
    if isinstance(key, datetime) and text in {
        f"{form(day)}, {time_text(key)}" for form in (date_text, weekday_date_text)
    }:
        return key.replace(tzinfo=None)
    return text


def _upwards(widget: QObject) -> Iterable[QObject]:
    place: QObject | None = widget
    while place is not None:
        yield place
        place = place.parent()
