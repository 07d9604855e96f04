"""The timeline in a person's hands: drag, wheel and keys move through it, a click or Enter opens a visit."""

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from clinic_app.timeline.stage import NAMES
from clinic_app.ui.patients.timeline_canvas import TimelineCanvas

STEP = 1.25
"""How much a key or a step of the wheel makes a day wider or narrower."""
_NOTCH = 120.0
_STILL = 4
"""Pixels that the pointer may move in a click."""


class TimelineChart(TimelineCanvas):
    """Left and Right go from visit to visit, + and − zoom, 0 shows all; the wheel zooms, over the names it scrolls."""

    visit_requested = Signal(int)
    """Visit id."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed: QPointF | None = None
        self._last: QPointF | None = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every way of the pointer by keys."""
        key, down = event.key(), self.verticalScrollBar()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._go(1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_Home:
            self._choose(0)
        elif key == Qt.Key.Key_End:
            self._choose(-1)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(STEP, self.visit_place(self.selected))
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / STEP, self.visit_place(self.selected))
        elif key == Qt.Key.Key_0:
            self.show_all()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            down.setValue(down.value() + (down.singleStep() if key == Qt.Key.Key_Down else -down.singleStep()))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.selected is not None:
            self.visit_requested.emit(self.selected)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; over the names, or with Shift, scroll."""
        turn, down, across = event.angleDelta(), self.verticalScrollBar(), self.horizontalScrollBar()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier or abs(turn.x()) > abs(turn.y()):
            across.setValue(across.value() - (turn.x() or turn.y()))
        elif event.position().x() < NAMES and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            down.setValue(down.value() - turn.y() // 2)
        else:
            self.zoom(STEP ** (turn.y() / _NOTCH), event.position().x())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._last = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it along; without a button, show by the pointer what opens."""
        if self._pressed is None or self._last is None:
            spot = self.spot_at(event.position())
            opens = spot is not None and spot.visit_id is not None
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor)
            return
        if (event.position() - self._pressed).manhattanLength() <= _STILL:
            return
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        moved = event.position() - self._last
        for bar, by in ((self.horizontalScrollBar(), moved.x()), (self.verticalScrollBar(), moved.y())):
            bar.setValue(bar.value() - round(by))
        self._last = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the visit that it fell on."""
        pressed, self._pressed, self._last = self._pressed, None, None
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        if pressed is None or (event.position() - pressed).manhattanLength() > _STILL:
            return
        spot = self.spot_at(event.position())
        if spot is not None and spot.visit_id is not None:
            self.select(spot.visit_id)
            self.visit_requested.emit(spot.visit_id)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever comes by the keyboard starts at the latest visit."""
        super().focusInEvent(event)
        by_keyboard = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_keyboard and self.selected is None:
            self._choose(-1)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring goes with the focus."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _go(self, step: int) -> None:
        visits = self.picture.course.visits
        places = [number for number, visit in enumerate(visits) if visit.id == self.selected]
        if not places:
            self._choose(-1)
        else:
            self._choose(min(max(places[0] + step, 0), len(visits) - 1))

    def _choose(self, number: int) -> None:
        visits = self.picture.course.visits
        if visits:
            self.select(visits[number].id)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleDescription()))
