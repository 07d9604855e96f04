"""The rail at the left: the views above, the person below."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QMenu, QToolButton, QVBoxLayout, QWidget

from clinic_app.ui.icons import icon
from clinic_app.ui.theme import INSIDE, TIGHT, current_theme, heading_font
from clinic_app.ui.widgets.palette import on_palette_change

WIDTH = 72
_BADGE, _BADGE_PX = 16, 11


class RailButton(QToolButton):
    """An icon above its word."""

    def __init__(self, title: str, icon_name: str, parent: QWidget, *, shortcut: str = "") -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self.setProperty("nav", True)
        self.setText(title)
        self.setAccessibleName(title)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(QSize(22, 22))
        self.setFixedSize(WIDTH - TIGHT, 54)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        native = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(f"{title} ({native})" if shortcut else title)
        self._tip = self.toolTip()
        self._badge = 0
        self.toggled.connect(self._tint)
        on_palette_change(self, self._tint)

    def set_badge(self, count: int, text: str) -> None:
        """A number at the icon, and what it counts in words; 0 takes it away."""
        self._badge = count
        self.setAccessibleName(f"{self.text()}, {text}" if count else self.text())
        self.setToolTip(f"{self._tip}\n{text}" if count else self._tip)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and the number over it."""
        super().paintEvent(event)
        if not self._badge:
            return
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(heading_font(_BADGE_PX))
        words = str(self._badge) if self._badge < 100 else "99+"
        width = max(_BADGE, painter.fontMetrics().horizontalAdvance(words) + 8)
        place = QRectF(self.width() / 2 + 4, 3, width, _BADGE)
        painter.setPen(QPen(QColor(theme.sunken), 2))
        painter.setBrush(QColor(theme.warn))
        painter.drawRoundedRect(place, _BADGE / 2, _BADGE / 2)
        painter.setPen(QColor(theme.on_warn))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)

    def _tint(self) -> None:
        theme = current_theme()
        self.setIcon(icon(self._icon_name, theme.accent if self.isChecked() else theme.muted))


class NavRail(QWidget):
    """Chooses the view. Arrow keys move between the views, Tab leaves them."""

    chosen = Signal(str)
    """Carries the key of the view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Views")
        self._buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        # Toggled, not clicked: assistive technology toggles a button that stays down.
        self._group.buttonToggled.connect(self._toggled)
        self._views, self._foot = QVBoxLayout(), QVBoxLayout()
        self._views.setSpacing(TIGHT)
        self._foot.setSpacing(TIGHT)
        self.user_button = RailButton("", "user", self)
        self.user_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.user_button.setVisible(False)
        self._menu = QMenu(self)
        self.user_button.setMenu(self._menu)
        self.lock_button = RailButton("Lock", "lock", self, shortcut="Ctrl+L")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, INSIDE, 2, INSIDE)
        layout.setSpacing(TIGHT)
        layout.addLayout(self._views)
        layout.addStretch(1)
        layout.addLayout(self._foot)
        layout.addWidget(self.user_button)
        layout.addWidget(self.lock_button)

    def add_view(self, key: str, title: str, icon_name: str, shortcut: str, *, at_the_foot: bool = False) -> None:
        """One more view below those there are, or at the foot of the rail."""
        button = RailButton(title, icon_name, self, shortcut=shortcut)
        button.setCheckable(True)
        self._buttons[key] = button
        self._group.addButton(button)
        (self._foot if at_the_foot else self._views).addWidget(button)
        # Tab goes through the rail from top to bottom, and a new window starts at its first view.
        self.setTabOrder(button, self.user_button)
        self.setTabOrder(self.user_button, self.lock_button)

    def button(self, key: str) -> RailButton:
        """The button of a view."""
        return self._buttons[key]

    def show_chosen(self, key: str) -> None:
        """Mark the view that is shown."""
        blocked = self._group.blockSignals(True)
        self._buttons[key].setChecked(True)
        self._group.blockSignals(blocked)

    def set_user(self, name: str, roles: str, actions: Sequence[QAction]) -> None:
        """Show who works: the family name in the rail, everything in tooltip and menu."""
        last = name.split()[-1] if name.split() else ""
        metrics = self.user_button.fontMetrics()
        self.user_button.setText(metrics.elidedText(last, Qt.TextElideMode.ElideRight, WIDTH - 12))
        self.user_button.setToolTip(f"{name}\n{roles}")
        self.user_button.setAccessibleName(f"{name}, {roles}")
        self.user_button.setVisible(bool(name))
        self._menu.clear()
        for text in (name, roles):
            self._menu.addAction(text).setEnabled(False)
        self._menu.addSeparator()
        self._menu.addActions(list(actions))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the hairline at the right."""
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.sunken))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), QColor(theme.hairline))

    def _toggled(self, button: QToolButton, down: bool) -> None:
        for key, listed in self._buttons.items():
            if down and listed is button:
                self.chosen.emit(key)
