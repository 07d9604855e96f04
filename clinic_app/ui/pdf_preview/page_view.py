"""One page of a paper on the screen, with what was found on it and what is selected."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from clinic_app.ui.pdf_preview.file import PdfFile, Span
from clinic_app.ui.theme import LIGHT, current_theme

SCREEN_PER_POINT = 96 / 72
_MOST_PIXELS = 20_000_000
"""Of one picture: a page held three times as large on a sharp screen takes more, and nobody sees the difference."""
_REACH = 12.0
"""Points between the pointer and the line of text that it takes."""


class PageView(QWidget):
    """One page, rendered when it is first seen and again when its size changes."""

    selecting = Signal()
    """A selection begins here, so that of another page ends."""

    def __init__(self, file: PdfFile, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self._number = number
        self._image: QImage | None = None
        self._found: Sequence[Span] = ()
        self._current: Span | None = None
        self._anchor: int | None = None
        self._selected: Span | None = None
        self._boxes: dict[Span, list[QRectF]] = {}
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setAccessibleName(f"Page {number + 1}")

    def size_at(self, zoom: float) -> QSize:
        """How large the page is on the screen; at 1 as large as on paper."""
        width, height = self._file.sizes[self._number]
        return QSize(max(1, round(width * zoom * SCREEN_PER_POINT)), max(1, round(height * zoom * SCREEN_PER_POINT)))

    def rendered(self) -> bool:
        """Whether there is a picture of the page."""
        return self._image is not None

    def forget(self) -> None:
        """Let go of the picture; it comes again when the page is seen."""
        self._image = None

    def show_found(self, spans: Sequence[Span], current: Span | None) -> None:
        """Mark what was found on this page, ``current`` more than the rest."""
        if (spans, current) != (self._found, self._current):
            self._found, self._current = spans, current
            self.update()

    def place_of(self, span: Span) -> QRect:
        """Where characters stand in the widget; empty for characters without a place."""
        place = QRectF()
        for box in self._boxes_of(span):
            place = place.united(box)
        return self._on_screen(place).toAlignedRect()

    def selected_text(self) -> str:
        """What the person selected, or ""."""
        return "" if self._selected is None else self._file.words(self._number, self._selected)

    def select(self, span: Span | None) -> None:
        """Select characters of the page, or none."""
        if span != self._selected:
            self._selected = span
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.selecting.emit()
            self._anchor = self._character_at(event.position())
            self.select(None)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select from where the button went down to here."""
        here = self._character_at(event.position())
        if here is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        if self._anchor is None:
            self._anchor = here
        first, last = sorted((self._anchor, here))
        self.select((first, last + 1 - first))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the page, as sharp as the screen."""
        size = self.size()
        scale = min(self.devicePixelRatioF(), (_MOST_PIXELS / (size.width() * size.height())) ** 0.5)
        width = max(1, round(size.width() * scale))
        if self._image is None or self._image.width() != width:
            self._image = self._file.picture(self._number, width)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self._image)
        self._paint_marks(painter)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setPen(QColor(current_theme().hairline))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_marks(self, painter: QPainter) -> None:
        # The paper is white in the dark theme too: the colours on it are those of the light one, like a marker's.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for span in self._found:
            if span != self._current:
                self._fill(painter, self._boxes_of(span), LIGHT.warn_soft)
                painter.setPen(QColor(LIGHT.warn))
                for box in map(self._on_screen, self._boxes_of(span)):
                    painter.drawLine(box.bottomLeft(), box.bottomRight())
        if self._selected is not None:
            self._fill(painter, self._boxes_of(self._selected), LIGHT.accent_soft)
        if self._current is not None:
            boxes = self._boxes_of(self._current)
            self._fill(painter, boxes, LIGHT.accent_soft)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            painter.setPen(QPen(QColor(LIGHT.accent), 2))
            for box in boxes:
                painter.drawRect(self._on_screen(box).adjusted(-2, -1, 2, 1))

    def _fill(self, painter: QPainter, boxes: Iterable[QRectF], color: str) -> None:
        for box in boxes:
            painter.fillRect(self._on_screen(box), QColor(color))

    def _boxes_of(self, span: Span) -> list[QRectF]:
        if span not in self._boxes:
            if len(self._boxes) > 500:  # a selection that grew, letter by letter
                self._boxes.clear()
            self._boxes[span] = self._file.boxes(self._number, span)
        return self._boxes[span]

    def _on_screen(self, box: QRectF) -> QRectF:
        scale = self._scale()
        return QRectF(box.x() * scale, box.y() * scale, box.width() * scale, box.height() * scale)

    def _character_at(self, at: QPointF) -> int | None:
        return self._file.character_at(self._number, at / self._scale(), _REACH)

    def _scale(self) -> float:
        return self.width() / self._file.sizes[self._number][0]

    def point_of(self, top: float) -> QPoint:
        """Where a height of the page, in points from its upper edge, is in the widget."""
        return QPoint(0, round(top * self._scale()))
