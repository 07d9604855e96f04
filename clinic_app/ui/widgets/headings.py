"""Text with a place in the order of a page: titles, headings, captions."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from clinic_app.ui.theme import BASE_PX, HEADING_PX, TITLE_PX, current_theme, heading_font
from clinic_app.ui.widgets.palette import on_palette_change


class Title(QLabel):
    """The heading of a page, 20 px."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFont(heading_font(TITLE_PX))
        self.setTextFormat(Qt.TextFormat.PlainText)


class Heading(QLabel):
    """The heading of a section or panel, 16 px."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFont(heading_font(HEADING_PX))
        self.setTextFormat(Qt.TextFormat.PlainText)


class Strong(QLabel):
    """A label that weighs more than its neighbours, in the size of the text."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFont(heading_font(BASE_PX))
        self.setTextFormat(Qt.TextFormat.PlainText)


class Muted(QLabel):
    """Captions and side remarks."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, wrap: bool = False) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        on_palette_change(self, self._tint)

    def _tint(self) -> None:
        set_text_color(self, current_theme().muted)


class ElidedLabel(QLabel):
    """One line that shortens with an ellipsis and tells the whole in its tooltip; never clipped."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self._shorter: tuple[str, ...] = ()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(24)
        self.set_text(text)

    def set_text(self, text: str, *shorter: str) -> None:
        """Show a text, or the first of the shorter ways to say it that fits."""
        self._whole, self._shorter = text, shorter
        self.setAccessibleName(text)
        # The whole text decides the wanted width; what is painted is shortened to the width there is.
        self.setText(text)
        self._explain()

    def text_shown(self) -> str:
        """What is painted at the present width."""
        metrics, width = self.fontMetrics(), self.contentsRect().width()
        ways = (self._whole, *self._shorter)
        fitting = next((text for text in ways if metrics.horizontalAdvance(text) <= width), ways[-1])
        return metrics.elidedText(fitting, Qt.TextElideMode.ElideRight, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten again."""
        super().resizeEvent(event)
        self._explain()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shortened text."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(self.contentsRect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, self.text_shown())

    def _explain(self) -> None:
        self.setToolTip(self._whole if self.text_shown() != self._whole else "")


def set_text_color(label: QWidget, color: str) -> None:
    """Colour the text of a label through its palette, which keeps the style sheet short."""
    palette = label.palette()
    palette.setColor(QPalette.ColorGroup.All, QPalette.ColorRole.WindowText, QColor(color))
    label.setPalette(palette)
