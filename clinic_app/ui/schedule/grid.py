"""The schedule's grid: shows a sheet of appointments and tells what the person chose, dragged or asked for.

It never fetches and never books. Everything it can do with the mouse it can do with the keyboard: arrows walk between
appointments, with Ctrl they carry one to another time or column, with Shift they lengthen it, Enter drops it.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from clinic_app.services.schedule_data import Board, ScheduleChoices
from clinic_app.terms import GONE
from clinic_app.ui.schedule.carrying import Carried, Press
from clinic_app.ui.schedule.geometry import neighbour
from clinic_app.ui.schedule.grid_canvas import FreePlace, Ghost, GridCanvas
from clinic_app.ui.schedule.grid_model import Across, Mode
from clinic_app.ui.schedule.states import MOVABLE
from clinic_app.ui.schedule.wording import at_minute, carried_text, spoken_appointment

__all__ = ["FreePlace", "ScheduleGrid"]

_DRAG_FROM = 6
"""Pixels the mouse must go before a press becomes a drag."""
_ARROWS = {
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
}


KEYS = (
    ("Arrows", "From appointment to appointment"),
    ("Enter", "Open the appointment"),
    ("Space", "The usual next step"),
    ("V", "Start the visit"),
    ("N", "New appointment"),
    ("M", "Move to a day and time"),
    ("Ctrl+Arrows", "Carry it, Enter drops it"),
    ("Shift+Up, Down", "Shorten, lengthen it"),
    ("Ctrl+C, Ctrl+V", "Copy, put into this week"),
    ("Delete", "Cancel the appointment"),
    ("Esc", "Let go of it"),
    ("Alt+Left, Alt+Right", "Day or week before, after"),
    ("Alt+Home", "Today"),
    ("Alt+1 … Alt+5", "Day, week, month, ahead, list"),
    ("Alt+I, Alt+R", "Injectors, rooms across"),
)
"""What the keys do while the schedule has the focus, and those of its toolbar."""


class ScheduleGrid(GridCanvas):
    """Days and injectors or rooms as columns, time downwards."""

    appointment_chosen = Signal(int)
    appointment_opened = Signal(int)
    """Enter or a double click: the person wants to act on it."""
    free_chosen = Signal(object)
    """A ``FreePlace``."""
    move_wanted = Signal(int, object)
    """An appointment was dropped on a ``FreePlace``, perhaps longer or shorter than before."""
    step_asked = Signal(int)
    """The usual next step: arrived, in room, checked out."""
    visit_asked = Signal(int)
    move_asked = Signal(int)
    cancel_asked = Signal(int)
    copy_asked = Signal(int)
    paste_asked = Signal()
    new_asked = Signal()
    let_go = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._press: Press | None = None
        self._carried: Carried | None = None

    def set_board(
        self,
        board: Board,
        choices: ScheduleChoices,
        mode: Mode,
        shown_injectors: frozenset[int] | None = None,
        across: Across = Across.INJECTORS,
    ) -> None:
        """Show a board. A drag under way ends: what lay under the mouse may be gone."""
        self._press = self._carried = None
        super().set_board(board, choices, mode, shown_injectors, across)

    def give_up_drag(self) -> bool:
        """End a drag without dropping; False when there was none."""
        dragged = self._carried is not None or (self._press is not None and self._press.dragging)
        self._press = self._carried = None
        self.viewport().update()
        return dragged

    def ghost(self) -> Ghost | None:
        """What is being dragged or carried, or else the booking being typed."""
        carried = self._carried
        if self._press is not None and self._press.dragging:
            carried = self._press.carried(self._scale)
        if carried is None:
            return super().ghost()
        title = "New appointment" if carried.block is None else carried.block.row.patient_name
        return Ghost(carried.column, carried.start, carried.minutes, title)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what lies under the mouse; a drag may follow."""
        self._carried = None
        if event.button() != Qt.MouseButton.LeftButton:
            return
        spot = self._spot(event.position())
        if spot is None:
            return
        column, minute = spot
        block = self._block_at(event.position())
        edge = None if block is None else self._edge_at(event.position(), block)
        self._press = Press(event.position(), column, minute, block, edge, False, column, minute)
        if block is not None:
            self._choose(block.row.id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag an appointment or its edge, or mark how long a new one is."""
        press = self._press
        if press is None or not event.buttons() & Qt.MouseButton.LeftButton:
            self._show_cursor(event)
            return
        far = (event.position() - press.place).manhattanLength() >= _DRAG_FROM
        press.dragging = press.dragging or (far and (press.block is None or press.block.row.state in MOVABLE))
        spot = self._spot(event.position())
        if press.dragging and spot is not None:
            press.at_column, press.at_minute = spot
            if press.block is not None:
                held = Qt.CursorShape.ClosedHandCursor if press.edge is None else Qt.CursorShape.SizeVerCursor
                self.viewport().setCursor(held)
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop, or choose the free place."""
        press, self._press = self._press, None
        self.viewport().update()
        if press is None or event.button() != Qt.MouseButton.LeftButton:
            return
        carried = press.carried(self._scale)
        if press.block is None:
            length = carried.minutes if press.dragging and carried.minutes > self._scale.step else None
            self._selected = None
            self.free_chosen.emit(self._free_place(carried, length))
        elif press.dragging:
            self._drop(carried)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the appointment."""
        block = self._block_at(event.position())
        if block is not None:
            self.appointment_opened.emit(block.row.id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """No menu: everything on an appointment stands at the right."""
        event.accept()

    def _show_cursor(self, event: QMouseEvent) -> None:
        block = self._block_at(event.position())
        shape = Qt.CursorShape.ArrowCursor if block is None else Qt.CursorShape.PointingHandCursor
        if block is not None and block.row.state in MOVABLE and self._edge_at(event.position(), block) is not None:
            shape = Qt.CursorShape.SizeVerCursor
        self.viewport().setCursor(shape)

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk between appointments, carry the chosen one, and act on it."""
        key = Qt.Key(event.key())
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.NoModifier:
            taken = self._key(key, _ARROWS.get(key))
        elif held == Qt.KeyboardModifier.ControlModifier:
            taken = self._ctrl_key(key)
        else:
            taken = held == Qt.KeyboardModifier.ShiftModifier and self._stretch(_ARROWS.get(key, (0, 0))[1])
        if not taken:
            super().keyPressEvent(event)

    def _key(self, key: Qt.Key, step: tuple[int, int] | None) -> bool:
        if step is not None:
            self.give_up_drag()
            self._walk(*step)
            return True
        if key == Qt.Key.Key_N:
            self.new_asked.emit()
            return True
        if key == Qt.Key.Key_Escape:
            if not self.give_up_drag():
                self.let_go.emit()
            return True
        if self._carried is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            carried, self._carried = self._carried, None
            self._drop(carried)
            self.viewport().update()
            return True
        asked = {
            Qt.Key.Key_Return: self.appointment_opened,
            Qt.Key.Key_Enter: self.appointment_opened,
            Qt.Key.Key_Space: self.step_asked,
            Qt.Key.Key_V: self.visit_asked,
            Qt.Key.Key_M: self.move_asked,
            Qt.Key.Key_Delete: self.cancel_asked,
        }.get(key)
        if asked is None or self._selected is None:
            return False
        asked.emit(self._selected)
        return True

    def _ctrl_key(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_V:
            self.paste_asked.emit()
            return True
        if key == Qt.Key.Key_C and self._selected is not None:
            self.copy_asked.emit(self._selected)
            return True
        return key in _ARROWS and self._carry(*_ARROWS[key])

    def _carry(self, across: int, down: int) -> bool:
        carried = self._carried or self._taken_up()
        if carried is not None:
            self._show_carried(carried.stepped(across, down, self._scale))
        return carried is not None

    def _stretch(self, down: int) -> bool:
        carried = self._carried or self._taken_up()
        if carried is None or not down:
            return False
        self._show_carried(carried.stretched(down, self._scale))
        return True

    def _taken_up(self) -> Carried | None:
        """The chosen appointment, where it can be moved."""
        block = self._block_of(self._selected)
        return None if block is None or block.row.state not in MOVABLE else Carried.of(block)

    def _show_carried(self, carried: Carried) -> None:
        self._carried = carried
        self._reveal(self._scale.block(carried.column, carried.start, carried.minutes))
        column = self._sheet.columns[carried.column]
        begins = at_minute(column.day, carried.start)
        self._announce(carried_text(begins, carried.minutes, column.title))
        self.viewport().update()

    def _walk(self, across: int, down: int) -> None:
        blocks = [block for block in self._sheet.blocks if block.row.state not in GONE] or list(self._sheet.blocks)
        chosen = next((n for n, block in enumerate(blocks) if block.row.id == self._selected), None)
        found = neighbour([(block.column, block.start) for block in blocks], chosen, across, down)
        if found is not None:
            self._choose(blocks[found].row.id)

    def _choose(self, appointment_id: int) -> None:
        self.select(appointment_id)
        row = self._row(appointment_id)
        if row is not None:
            self._announce(spoken_appointment(row, self._names))
        self.appointment_chosen.emit(appointment_id)

    def _announce(self, text: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _drop(self, carried: Carried) -> None:
        if carried.block is not None and carried.elsewhere:
            self.move_wanted.emit(carried.block.row.id, self._free_place(carried, carried.minutes))

    def _free_place(self, carried: Carried, minutes: int | None) -> FreePlace:
        column = self._sheet.columns[carried.column]
        return FreePlace(column.injector_id, at_minute(column.day, carried.start), minutes, column.room_id)
