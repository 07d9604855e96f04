"""The baked picture of a layer on the map, drawn fast at the zoom at which it rests."""

from collections import OrderedDict
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

_MOST_SCALED_PIXELS = 8_000_000
"""A picture scaled for one zoom is kept up to this size; beyond it only a part is on screen anyway."""


class PictureShelf:
    """The last pictures that were read, because people go back and forth between a few layers."""

    def __init__(self, most: int = 5) -> None:
        self._most = most
        self._read: OrderedDict[Path, QPixmap] = OrderedDict()

    def picture(self, path: Path) -> QPixmap:
        """The picture; an empty one when the file cannot be read."""
        if path in self._read:
            self._read.move_to_end(path)
            return self._read[path]
        self.put(path, read_image(path))
        return self._read[path]

    def put(self, path: Path, image: QImage) -> None:
        """Keep a picture that was read elsewhere."""
        self._read[path] = QPixmap.fromImage(image)
        self._read.move_to_end(path)
        while len(self._read) > self._most:
            self._read.popitem(last=False)

    def has(self, path: Path) -> bool:
        """Whether the picture was read already."""
        return path in self._read


def read_image(path: Path) -> QImage:
    """Read a picture, from any thread; a null image when the file cannot be read."""
    image = QImage(str(path))
    if not image.isNull():
        image.convertTo(QImage.Format.Format_ARGB32_Premultiplied)
    return image


class PictureItem(QGraphicsItem):
    """One picture over a rectangle of millimetres.

    Scaling two million pixels smoothly for every frame is slow. So the picture is scaled once
    when the zoom rests, and every later frame only copies pixels; while the zoom moves it is drawn roughly.
    """

    def __init__(self, rect: QRectF, picture: QPixmap, parent: QGraphicsItem | None = None) -> None:
        super().__init__(parent)
        self._rect = rect
        self._picture = picture
        self._scaled = QPixmap()
        self._resting = True

    @property
    def pixels_per_mm(self) -> float:
        """How fine the picture is."""
        return self._picture.width() / self._rect.width() if self._rect.width() else 1.0

    def set_picture(self, picture: QPixmap) -> None:
        """Show another picture of the same rectangle."""
        self._picture = picture
        self._scaled = QPixmap()
        self.update()

    def set_resting(self, resting: bool) -> None:
        """Say whether the zoom moves at the moment."""
        if resting is not self._resting:
            self._resting = resting
            self.update()

    def boundingRect(self) -> QRectF:
        """The rectangle in millimetres."""
        return self._rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Copy the scaled picture, or draw the whole one."""
        if self._picture.isNull():
            return
        ratio = widget.devicePixelRatioF() if widget is not None else 1.0
        transform = painter.worldTransform()
        wanted = QSize(
            round(self._rect.width() * transform.m11() * ratio), round(self._rect.height() * transform.m22() * ratio)
        )
        if (
            self._scaled.size() != wanted
            and self._resting
            and 0 < wanted.width() * wanted.height() <= _MOST_SCALED_PIXELS
        ):
            self._scaled = self._picture.scaled(
                wanted, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self._scaled.setDevicePixelRatio(ratio)
        if self._scaled.size() == wanted:
            corner = transform.map(self._rect.topLeft())
            corner = QPointF(round(corner.x() * ratio) / ratio, round(corner.y() * ratio) / ratio)
            painter.save()
            painter.resetTransform()
            painter.drawPixmap(corner, self._scaled)
            painter.restore()
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._resting)
        painter.drawPixmap(self._rect, self._picture, QRectF(self._picture.rect()))
