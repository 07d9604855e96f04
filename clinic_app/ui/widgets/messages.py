"""The message line at the bottom of the window: says what happened, offers undo, goes by itself."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from clinic_app.ui.icons import LEVEL_ICONS, pixmap
from clinic_app.ui.theme import INSIDE, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import IconButton, LinkButton
from clinic_app.ui.widgets.headings import ElidedLabel, set_text_color
from clinic_app.ui.widgets.palette import on_palette_change

SECONDS = 6.0
UNDO_SECONDS = 10.0
WayOn = tuple[str, Callable[[], object]]
"""What a button says, and what it does."""


class MessageBar(QWidget):
    """One message at a time; the newest wins. It waits while the pointer or the focus is on it."""

    gone = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = Level.INFO
        self._undo: Callable[[], object] | None = None
        self._way_on: WayOn | None = None
        self._shown = False
        self._picture = QLabel(self)
        self._text = ElidedLabel("", self)
        self._undo_button = LinkButton("Undo", self, icon="undo-2")
        self._undo_button.clicked.connect(self._take_back)
        self._way_on_button = LinkButton("", self)
        self._way_on_button.clicked.connect(self._go_on)
        self._close_button = IconButton("x", "Dismiss the message", self)
        self._close_button.setFixedSize(24, 24)
        self._close_button.clicked.connect(self.clear)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._time_over)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(32)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 4, 0)
        layout.setSpacing(INSIDE)
        layout.addWidget(self._picture)
        layout.addWidget(self._text)
        layout.addWidget(self._undo_button)
        layout.addWidget(self._way_on_button)
        layout.addWidget(self._close_button)
        layout.addStretch(1)
        on_palette_change(self._text, self._tint)
        self._show_parts()

    def show_message(
        self,
        text: str,
        level: Level = Level.DONE,
        undo: Callable[[], object] | None = None,
        seconds: float | None = SECONDS,
        way_on: WayOn | None = None,
    ) -> None:
        """Say something. ``seconds=None`` leaves it until the person dismisses it; a stop always stays.

        Beside it stands what takes it back, or a way on from it.
        """
        self._level = level
        self._undo, self._way_on = undo, way_on
        self._shown = True
        self._text.set_text(text)
        self._tint()
        self._show_parts()
        if level is Level.STOP:
            seconds = None
        if seconds is None:
            self._timer.stop()
        else:
            self._timer.start(int(1000 * max(seconds, UNDO_SECONDS if undo or way_on else 0.0)))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def text(self) -> str:
        """The message shown, or ""."""
        return self._text.accessibleName() if self._shown else ""

    def undo(self) -> bool:
        """Take back what the message offers to take back. False when it offers nothing."""
        if self._undo is None:
            return False
        self._take_back()
        return True

    @Slot()
    def clear(self) -> None:
        """Take the message away."""
        self._timer.stop()
        self._undo = self._way_on = None
        if self._shown:
            self._shown = False
            self._show_parts()
            self.gone.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Keep the message while somebody reads it."""
        if self._timer.isActive():
            self._timer.start()
        super().enterEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the soft ground of the level."""
        if self._shown:
            _, _, soft = current_theme().level(self._level)
            QPainter(self).fillRect(self.rect(), QColor(soft))

    def changeEvent(self, event: QEvent) -> None:
        """Repaint in the colours of the new palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    @Slot()
    def _time_over(self) -> None:
        if self.underMouse() or any(button.hasFocus() for button in self._buttons()):
            self._timer.start()
        else:
            self.clear()

    @Slot()
    def _take_back(self) -> None:
        undo = self._undo
        self.clear()
        if undo is not None:
            undo()

    @Slot()
    def _go_on(self) -> None:
        way_on = self._way_on
        self.clear()
        if way_on is not None:
            way_on[1]()

    def _buttons(self) -> tuple[QWidget, ...]:
        return self._undo_button, self._way_on_button, self._close_button

    def _show_parts(self) -> None:
        self._way_on_button.setText("" if self._way_on is None else self._way_on[0])
        self._way_on_button.setVisible(self._shown and self._way_on is not None)
        self._picture.setVisible(self._shown)
        self._text.setVisible(self._shown)
        self._undo_button.setVisible(self._shown and self._undo is not None)
        self._close_button.setVisible(self._shown)
        self.update()

    def _tint(self) -> None:
        color, _, soft = current_theme().level(self._level)
        self._picture.setPixmap(pixmap(LEVEL_ICONS[self._level], color, 16, self.devicePixelRatioF(), ink=soft))
        set_text_color(self._text, current_theme().text)
