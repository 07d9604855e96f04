"""The schedule's grid: shows a sheet of appointments and tells what the person chose, dragged or asked for.

It never fetches and never books. Everything it can do with the mouse it can do with the keyboard: arrows walk between
appointments, Enter opens, V starts the visit, M moves, N books a new one, Delete cancels, Esc lets go.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from clinic_app.services.schedule_data import Board, ScheduleChoices
from clinic_app.ui.schedule.geometry import QUARTER, chosen_span, neighbour
from clinic_app.ui.schedule.grid_canvas import FreePlace, Ghost, GridCanvas
from clinic_app.ui.schedule.grid_model import Block, Mode
from clinic_app.ui.schedule.states import GONE, MOVABLE
from clinic_app.ui.schedule.wording import at_minute, spoken_appointment

__all__ = ["FreePlace", "ScheduleGrid"]

_DRAG_FROM = 6
"""Pixels the mouse must go before a press becomes a drag."""


@dataclass(slots=True)
class _Press:
    """What the mouse button went down on."""

    place: QPointF
    column: int
    minute: int
    block: Block | None
    dragging: bool = False
    at_column: int = 0
    at_minute: int = 0


KEYS = (
    ("Arrows", "From appointment to appointment"),
    ("Enter", "Open the appointment"),
    ("V", "Start the visit"),
    ("N", "New appointment"),
    ("M", "Move the appointment"),
    ("Delete", "Cancel the appointment"),
    ("Esc", "Let go of it"),
    ("Alt+Left, Alt+Right", "Day or week before, after"),
    ("Alt+Home", "Today"),
    ("Alt+1, Alt+2, Alt+3", "As day, week, list"),
)
"""What the keys do while the schedule has the focus, and those of its toolbar."""


class ScheduleGrid(GridCanvas):
    """Days and injectors as columns, time downwards."""

    appointment_chosen = Signal(int)
    appointment_opened = Signal(int)
    """Enter or a double click: the person wants to act on it."""
    free_chosen = Signal(object)
    """A ``FreePlace``."""
    move_wanted = Signal(int, object)
    """An appointment was dropped on a ``FreePlace``."""
    visit_asked = Signal(int)
    move_asked = Signal(int)
    cancel_asked = Signal(int)
    new_asked = Signal()
    let_go = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._press: _Press | None = None

    def set_board(
        self, board: Board, choices: ScheduleChoices, mode: Mode, shown_injectors: frozenset[int] | None = None
    ) -> None:
        """Show a board. A drag under way ends: what lay under the mouse may be gone."""
        self._press = None
        super().set_board(board, choices, mode, shown_injectors)

    def give_up_drag(self) -> bool:
        """End a drag without dropping; False when there was none."""
        dragged = self._press is not None and self._press.dragging
        self._press = None
        self.viewport().update()
        return dragged

    def ghost(self) -> Ghost | None:
        """What is being dragged, or else the booking being typed."""
        press = self._press
        if press is None or not press.dragging:
            return super().ghost()
        if press.block is None:
            start, minutes = chosen_span(press.minute, press.at_minute)
            return Ghost(press.at_column, start, minutes, "New appointment")
        return Ghost(press.at_column, press.at_minute, press.block.row.minutes, press.block.row.patient_name)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what lies under the mouse; a drag may follow."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        spot = self._spot(event.position())
        if spot is None:
            return
        column, minute = spot
        block = self._block_at(event.position())
        self._press = _Press(event.position(), column, minute, block, False, column, minute)
        if block is not None:
            self._choose(block.row.id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag an appointment to another time, or mark how long a new one is."""
        press = self._press
        if press is None or not event.buttons() & Qt.MouseButton.LeftButton:
            over = self._block_at(event.position()) is not None
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
            return
        far = (event.position() - press.place).manhattanLength() >= _DRAG_FROM
        press.dragging = press.dragging or (far and (press.block is None or press.block.row.state in MOVABLE))
        spot = self._spot(event.position())
        if press.dragging and spot is not None:
            press.at_column, press.at_minute = self._target(press, spot)
            if press.block is not None:
                self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop, or choose the free place."""
        press, self._press = self._press, None
        self.viewport().update()
        if press is None or event.button() != Qt.MouseButton.LeftButton:
            return
        column = self._sheet.columns[press.at_column]
        if press.block is None:
            start, minutes = chosen_span(press.minute, press.at_minute)
            column = self._sheet.columns[press.column]
            length = minutes if press.dragging and minutes > QUARTER else None
            self._selected = None
            self.free_chosen.emit(FreePlace(column.injector_id, at_minute(column.day, start), length))
        elif press.dragging and (press.at_column, press.at_minute) != (press.block.column, press.block.start):
            place = FreePlace(column.injector_id, at_minute(column.day, press.at_minute), press.block.row.minutes)
            self.move_wanted.emit(press.block.row.id, place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the appointment."""
        block = self._block_at(event.position())
        if block is not None:
            self.appointment_opened.emit(block.row.id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """No menu: everything on an appointment stands at the right."""
        event.accept()

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk between appointments and act on the chosen one."""
        steps = {
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
        }
        key = Qt.Key(event.key())
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.NoModifier and self._key(key, steps.get(key)):
            return
        super().keyPressEvent(event)

    def _key(self, key: Qt.Key, step: tuple[int, int] | None) -> bool:
        if step is not None:
            self._walk(*step)
            return True
        if key == Qt.Key.Key_N:
            self.new_asked.emit()
            return True
        if key == Qt.Key.Key_Escape:
            if not self.give_up_drag():
                self.let_go.emit()
            return True
        asked = {
            Qt.Key.Key_Return: self.appointment_opened,
            Qt.Key.Key_Enter: self.appointment_opened,
            Qt.Key.Key_V: self.visit_asked,
            Qt.Key.Key_M: self.move_asked,
            Qt.Key.Key_Delete: self.cancel_asked,
        }.get(key)
        if asked is None or self._selected is None:
            return False
        asked.emit(self._selected)
        return True

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
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, spoken_appointment(row, self._names)))
        self.appointment_chosen.emit(appointment_id)

    def _target(self, press: _Press, spot: tuple[int, int]) -> tuple[int, int]:
        if press.block is None:
            return press.column, spot[1]
        # The block keeps its place under the mouse: it moves by whole quarters from where it was.
        moved = press.block.start + spot[1] - press.minute
        latest = max(self._scale.first, self._scale.last - press.block.row.minutes)
        return spot[0], max(self._scale.first, min(latest, moved))
