"""The baked picture of a layer on the map, drawn fast: what one zoom needs is made once, frames only copy pixels."""

from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPixmap, QRegion, QTransform, qAlpha
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from clinic_app.ui.muscle_map.hints import draw_hints, draw_hints_roughly

_MOST_KEPT_BYTES = 44_000_000
"""Pictures kept read beside the one in front: people go back and forth between a few layers."""

_WHOLE = 250
"""From this alpha on a pixel counts as fully there."""

_STRETCH = Qt.AspectRatioMode.IgnoreAspectRatio
_SMOOTH = Qt.TransformationMode.SmoothTransformation

Tint = tuple[QPainterPath, QColor]
"""A shape in mm and the colour multiplied over it."""


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """What another thread read: the picture, and the same already shrunk to what the view shows."""

    path: Path
    image: QImage
    shrunk: QImage


class PictureShelf:
    """The last pictures that were read, up to a number of bytes; the newest is always kept.

    Shrunk to what a view shows, many more fit: a plate that comes back is on the screen before it is read again.
    """

    def __init__(self, most_bytes: int = _MOST_KEPT_BYTES) -> None:
        self._most = most_bytes
        self._read: OrderedDict[Path, QPixmap] = OrderedDict()
        self._shrunk: OrderedDict[tuple[Path, int, int], QPixmap] = OrderedDict()
        self._sizes: dict[Path, QSize] = {}
        self.soft: dict[tuple[Path, Hashable], bool] = {}
        """Whether a shape, by what it belongs to, comes to where a picture ends or dissolves."""

    def picture(self, path: Path) -> QPixmap:
        """The picture; an empty one when the file cannot be read."""
        if path in self._read:
            self._read.move_to_end(path)
            return self._read[path]
        self._keep(path, _read_image(path))
        return self._read[path]

    def size(self, path: Path) -> QSize:
        """How large the picture is, also when it is not kept any more."""
        if path not in self._sizes:
            self.picture(path)
        return self._sizes[path]

    def put(self, read: ReadPicture) -> None:
        """Keep a picture that was read elsewhere."""
        if read.image.isNull() or self.has(read.path):
            return
        self._keep(read.path, read.image)
        if not read.shrunk.isNull():
            self._keep_shrunk(read.path, QPixmap.fromImage(read.shrunk))

    def has(self, path: Path) -> bool:
        """Whether the picture was read already."""
        return path in self._read

    def keep_only(self, paths: Collection[Path]) -> None:
        """Let the other pictures go; shrunk ones stay."""
        for path in self._read.keys() - set(paths):
            del self._read[path]

    def has_shrunk(self, path: Path, size: QSize) -> bool:
        """Whether the picture is there in this size."""
        return (path, size.width(), size.height()) in self._shrunk

    def shrunk(self, path: Path, size: QSize) -> QPixmap:
        """The picture in another size, smoothly."""
        key = (path, size.width(), size.height())
        if key not in self._shrunk:
            self._keep_shrunk(path, self.picture(path).scaled(size, _STRETCH, _SMOOTH))
        self._shrunk.move_to_end(key)
        return self._shrunk[key]

    def _keep(self, path: Path, image: QImage) -> None:
        self._read[path] = QPixmap.fromImage(image)
        self._read.move_to_end(path)
        self._sizes[path] = image.size()
        while len(self._read) > 1 and sum(_bytes(each) for each in self._read.values()) > self._most:
            self._read.popitem(last=False)

    def _keep_shrunk(self, path: Path, pixels: QPixmap) -> None:
        self._shrunk[path, pixels.width(), pixels.height()] = pixels
        while len(self._shrunk) > 1 and sum(_bytes(each) for each in self._shrunk.values()) > self._most // 4:
            self._shrunk.popitem(last=False)


def read_picture(path: Path, size: QSize) -> ReadPicture:
    """Read a picture and shrink it, from any thread; null images when the file cannot be read."""
    image = _read_image(path)
    shrinks = not image.isNull() and 0 < size.width() <= image.width()
    return ReadPicture(path, image, image.scaled(size, _STRETCH, _SMOOTH) if shrinks else QImage())


def _read_image(path: Path) -> QImage:
    image = QImage(str(path))
    if not image.isNull():
        image.convertTo(QImage.Format.Format_ARGB32_Premultiplied)
    return image


class PictureItem(QGraphicsItem):
    """One picture over a rectangle of millimetres, with dose colours multiplied into it and hints drawn over it.

    Scaling two million pixels smoothly for every frame is slow, and so is filling a dozen muscles. So what is on
    screen, and some way beyond it, is made once when the view rests; while it moves past that, it is drawn roughly.
    """

    def __init__(self, rect: QRectF, path: Path, shelf: PictureShelf) -> None:
        super().__init__()
        self._rect = rect
        self.path = path
        self._shelf = shelf
        self._size = shelf.size(path)
        self._whole = shelf.picture(path) if shelf.has(path) else None
        self._tints: dict[Hashable, Tint] = {}
        self._hints: dict[Hashable, QPainterPath] = {}
        self._plain = QPixmap()
        self._ready = QPixmap()
        self._region = QRectF()
        self._scale = 0.0
        self._ratio = 1.0
        self._resting = True

    @property
    def pixels_per_mm(self) -> float:
        """How fine the picture is."""
        return self._size.width() / self._rect.width() if self._rect.width() else 1.0

    @property
    def missing(self) -> bool:
        """Whether the picture could not be read."""
        return self._size.isEmpty()

    @property
    def _pixels(self) -> QPixmap:
        """The picture itself, which stays with the item once it was needed."""
        if self._whole is None:
            self._whole = self._shelf.picture(self.path)
        return self._whole

    def set_tints(self, tints: Mapping[Hashable, Tint]) -> None:
        """Multiply these colours over the picture, by what they belong to; fibres and shading stay visible."""
        before, self._tints = self._tints, dict(tints)
        changed = {key for key in (*before, *tints) if before.get(key) != tints.get(key)}
        where = [(tints.get(key) or before[key])[0].boundingRect().adjusted(-1, -1, 1, 1) for key in changed]
        if where and not self._ready.isNull():
            self._tint_again(where)
        for rect in where:
            self.update(rect)

    def set_hints(self, hints: Mapping[Hashable, QPainterPath]) -> None:
        """Mark these shapes as usual, by what they belong to. They are part of what is made once for a zoom."""
        before, self._hints = self._hints, dict(hints)
        # An outline reaches a little beyond its shape.
        room = 4 / self._scale * self._ratio if self._scale else 1.0
        where = [
            (before.get(key) or hints[key]).boundingRect().adjusted(-room, -room, room, room)
            for key in before.keys() ^ hints.keys()
        ]
        if where and not self._ready.isNull():
            self._tint_again(where)
        for rect in where:
            self.update(rect)

    def set_resting(self, resting: bool) -> None:
        """Say whether the view moves at the moment."""
        if resting is not self._resting:
            self._resting = resting
            self.update()

    def boundingRect(self) -> QRectF:
        """The rectangle in millimetres."""
        return self._rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Copy what is ready, make it ready, or draw roughly."""
        if self.missing or widget is None:
            return
        ratio = widget.devicePixelRatioF()
        transform = painter.worldTransform()
        scale = transform.m11() * ratio
        shown = self._shown(transform, widget)
        if shown.isEmpty():
            return
        covers = self._scale == scale and self._region.contains(shown)
        if not covers and self._resting:
            self._make(scale, ratio, shown)
            covers = True
        if not covers:
            pixels = self._pixels
            painter.drawPixmap(self._rect, pixels, QRectF(pixels.rect()))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            _lay(painter, self._tints.values())
            draw_hints_roughly(painter, self._hints.values())
            return
        if self._ready.isNull():
            self._ready = QPixmap(self._plain)
            self._tint_again([self._region])
        corner = transform.map(self._region.topLeft())
        painter.save()
        painter.resetTransform()
        painter.drawPixmap(QPointF(round(corner.x() * ratio) / ratio, round(corner.y() * ratio) / ratio), self._ready)
        painter.restore()

    def _shown(self, transform: QTransform, widget: QWidget) -> QRectF:
        """What of the rectangle is on screen, mm."""
        inverted, _ = transform.inverted()
        return inverted.mapRect(QRectF(widget.rect())).intersected(self._rect)

    def _make(self, scale: float, ratio: float, shown: QRectF) -> None:
        """Scale the picture: shrunk it is small enough to be kept whole, enlarged only what is near is made."""
        fine = self.pixels_per_mm
        if scale <= fine:
            self._region = self._rect
            self._plain = QPixmap(self._shelf.shrunk(self.path, shrunk_size(self._rect, scale)))
        else:
            margin_x, margin_y = shown.width() / 3, shown.height() / 3
            near = shown.adjusted(-margin_x, -margin_y, margin_x, margin_y).intersected(self._rect)
            self._region = near
            source = QRectF(
                (near.left() - self._rect.left()) * fine,
                (near.top() - self._rect.top()) * fine,
                near.width() * fine,
                near.height() * fine,
            )
            self._plain = QPixmap(QSize(max(1, round(near.width() * scale)), max(1, round(near.height() * scale))))
            self._plain.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._plain)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(QRectF(self._plain.rect()), self._pixels, source)
            painter.end()
        self._scale, self._ratio = scale, ratio
        self._plain.setDevicePixelRatio(ratio)
        self._ready = QPixmap()

    def _tint_again(self, where: Sequence[QRectF]) -> None:
        """Bring the tinted copy up to date inside rectangles of millimetres."""
        tints = {
            key: tint
            for key, tint in self._tints.items()
            if any(tint[0].boundingRect().intersects(rect) for rect in where)
        }
        factor = self._scale / self._ratio
        to_pixels = QTransform.fromScale(factor, factor).translate(-self._region.left(), -self._region.top())
        clip = QRegion()
        for rect in where:
            clip += to_pixels.mapRect(rect).toAlignedRect()
        painter = QPainter(self._ready)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRegion(clip)
        painter.setTransform(to_pixels)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        _draw_unscaled(painter, self._plain)
        _lay(painter, tints.values())
        if any(self._is_soft(key, path) for key, (path, _) in tints.items()):
            # Multiplied with nothing, a colour stays as it is: off the picture it goes again.
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
            _draw_unscaled(painter, self._plain)
        # Where the picture dissolves, its marks do too.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceAtop)
        hints = (path for path in self._hints.values() if any(path.boundingRect().intersects(rect) for rect in where))
        draw_hints(painter, hints, to_pixels)
        painter.end()

    def _is_soft(self, key: Hashable, path: QPainterPath) -> bool:
        """Whether a shape comes to where the picture ends or dissolves."""
        known, named = self._shelf.soft, (self.path, key)
        if named not in known:
            image, fine = self._pixels.toImage(), self.pixels_per_mm
            size = image.size()
            known[named] = False
            for number in range(path.elementCount()):
                corner = path.elementAt(number)
                x, y = round((corner.x - self._rect.left()) * fine), round((corner.y - self._rect.top()) * fine)
                inside = 0 < x < size.width() - 1 and 0 < y < size.height() - 1
                if not inside or qAlpha(image.pixel(x, y)) < _WHOLE:
                    known[named] = True
                    break
        return known[named]


def shrunk_size(rect: QRectF, scale: float) -> QSize:
    """The pixels of a rectangle in mm at ``scale`` px/mm."""
    return QSize(round(rect.width() * scale), round(rect.height() * scale))


def _draw_unscaled(painter: QPainter, picture: QPixmap) -> None:
    painter.save()
    painter.resetTransform()
    painter.drawPixmap(0, 0, picture)
    painter.restore()


def _lay(painter: QPainter, tints: Iterable[Tint]) -> None:
    """Multiply the colours."""
    painter.save()
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    for path, colour in tints:
        painter.fillPath(path, colour)
    painter.restore()


def _bytes(picture: QPixmap) -> int:
    return picture.width() * picture.height() * 4
