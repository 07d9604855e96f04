"""The picture of a report: the page that would be printed, in the size and colours of its place on the screen."""

from PySide6.QtCore import QRectF, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_app.documents.chart_content import Inks
from clinic_app.ui.pdf_preview import page_image
from clinic_app.ui.theme import RADIUS, current_theme
from clinic_app.ui.tokens import TYPE_COLOURS
from clinic_app.ui.widgets.palette import on_palette_change

POINTS_PER_PIXEL = 0.68
"""Smaller text than the paper's would not be read on a screen: a page of the picture is drawn a little larger."""
_HEAD, _ROW = 74, 34
"""Pixels: what stands above and below the rows of a lying chart, and each row."""
_TALL = 0.86
"""The height of an upright chart as a part of its width, up to ``_HIGHEST`` pixels."""
_HIGHEST = 216
_EDGE = 2
"""Pixels between the widget's edge and the page."""
_PAUSE_MS = 120
_SERIES = ("teal", "brown", "blue", "violet")


class ReportPicture(QWidget):
    """Shows the first page of a PDF; asks for another when its size or the theme has changed."""

    wanted = Signal()
    """Another size or theme: the picture is to be drawn anew."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pdf = b""
        self._image: QImage | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._asked_for = self._drawn_for = (QSize(), False)
        self._rows = 0
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumSize(280, 140)
        on_palette_change(self, self._ask)

    def page_size(self) -> tuple[float, float]:
        """The size of the page to draw, in points."""
        self._asked_for = self._place()
        inside = self.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        return max(inside.width(), 1) * POINTS_PER_PIXEL, max(inside.height(), 1) * POINTS_PER_PIXEL

    def set_rows(self, rows: int) -> None:
        """Leave room for so many rows of a lying chart; 0 for an upright one."""
        self._rows = rows
        self.updateGeometry()

    def heightForWidth(self, width: int) -> int:
        """As high as the chart looks well: more would only stretch it."""
        return _HEAD + _ROW * self._rows if self._rows else min(_HIGHEST, round(width * _TALL))

    def show_pdf(self, pdf: bytes, told: str) -> None:
        """Show a page, or nothing with b""; ``told`` is what it shows in words."""
        self._pdf, self._image, self._drawn_for = pdf, None, self._asked_for
        self.setAccessibleName(told)
        self.update()

    def has_picture(self) -> bool:
        """Whether there is something to see."""
        return bool(self._pdf)

    def sizeHint(self) -> QSize:
        """As much as the table leaves."""
        return QSize(400, self.heightForWidth(400))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size wants another page, once it stays."""
        super().resizeEvent(event)
        self._pause.start()

    def showEvent(self, event: QShowEvent) -> None:
        """What changed out of sight counts now."""
        super().showEvent(event)
        self._pause.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The page, as sharp as the screen, in a hairline."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.hairline), 1))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        if not self._pdf:
            return
        device = painter.device()
        wide = self.width() - 2 * _EDGE
        width = round(wide * (device.devicePixelRatioF() if device is not None else 1.0))
        if self._image is None or self._image.width() != width:
            self._image = page_image(self._pdf, 0, width)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # Never stretched: until it is drawn for a new size it is only larger or smaller.
        high = wide * self._image.height() / self._image.width()
        painter.drawImage(QRectF(_EDGE, _EDGE, wide, high), self._image)

    def _place(self) -> tuple[QSize, bool]:
        return self.size(), current_theme().dark

    @Slot()
    def _ask(self) -> None:
        # Out of sight nobody needs it; ``showEvent`` asks then.
        if self._pdf and self.isVisible() and self._place() != self._drawn_for:
            self.wanted.emit()


def screen_inks() -> Inks:
    """The colours of the theme of the moment."""
    theme = current_theme()
    series = tuple(TYPE_COLOURS[name].in_theme(theme) for name in _SERIES)
    return Inks(theme.text, theme.muted, theme.hairline, theme.surface, series)
