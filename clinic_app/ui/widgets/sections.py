"""Titled parts of a page: one hairline card, a heading with its actions, the content below."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, RADIUS, current_theme
from clinic_app.ui.widgets.headings import Heading


class Card(QWidget):
    """A surface with a hairline around it. ``layout_inside`` takes the content."""

    def __init__(self, parent: QWidget | None = None, *, margin: int = AROUND, spacing: int = BETWEEN) -> None:
        super().__init__(parent)
        self.layout_inside = QVBoxLayout(self)
        self.layout_inside.setContentsMargins(margin, margin, margin, margin)
        self.layout_inside.setSpacing(spacing)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the surface."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.hairline), 1))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


class Section(Card):
    """A card with a heading and, at its right, the actions on what it shows."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = Heading(title, self)
        self.setAccessibleName(title)
        self._top = QHBoxLayout()
        self._top.setSpacing(INSIDE)
        self._top.addWidget(self.heading)
        self._top.addStretch(1)
        self.layout_inside.addLayout(self._top)

    def add_action(self, widget: QWidget) -> None:
        """A button or label at the right of the heading."""
        self._top.addWidget(widget)

    def add(self, content: QWidget | QLayout, stretch: int = 0) -> None:
        """Content below what is there."""
        if isinstance(content, QWidget):
            self.layout_inside.addWidget(content, stretch)
        else:
            self.layout_inside.addLayout(content, stretch)


class Hairline(QFrame):
    """A line one pixel thin."""

    def __init__(self, parent: QWidget | None = None, *, vertical: bool = False) -> None:
        super().__init__(parent)
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        QPainter(self).fillRect(self.rect(), QColor(current_theme().hairline))


class Scroll(QScrollArea):
    """Lets a long page scroll downwards only."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        self.setWidget(content)


def show_if(widget: QWidget, shown: bool) -> None:
    """Show or hide a widget; cheap when nothing changes, which is what most keys do."""
    if widget.isHidden() is shown:
        widget.setVisible(shown)
