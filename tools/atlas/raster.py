"""Painting a display list with Qt, the only module that uses it."""

from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPainterPath, QPen, QPolygonF

from tools.atlas.curves import Array
from tools.atlas.display_list import Clip, Dash, DisplayList, Fill, Operation, Polygons, Stroke
from tools.atlas.palette import Colour

Box = tuple[float, float, float, float]


def paint(display_list: DisplayList, box: Box, scale: float, fade_bottom: float = 0.0, bottom: float = 0.0) -> QImage:
    """The display list inside ``box`` (mm) at ``scale`` px/mm on a transparent ground.

    ``fade_bottom`` mm above ``bottom`` the picture dissolves. Painted with 16 bits per channel:
    at 8 bits the many weak passes band and shift in hue.
    """
    left, top, right, lower = box
    image = QImage(
        round((right - left) * scale), round((lower - top) * scale), QImage.Format.Format_RGBA64_Premultiplied
    )
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        painter.translate(-left, -top)
        for operation in display_list.operations:
            _apply(painter, operation)
        if fade_bottom > 0:
            _fade(painter, box, fade_bottom, bottom)
    finally:
        painter.end()
    return image


def save_webp(image: QImage, path: Path, quality: int) -> None:
    """Write the picture as lossy WebP with alpha."""
    # Pillow gives the encoder's method and alpha quality, which Qt does not.
    pillow_image(image).save(path, "WEBP", quality=quality, alpha_quality=90, method=4)


def pillow_image(image: QImage):  # type: ignore[no-untyped-def]
    """The picture as a Pillow image with straight alpha."""
    from PIL import Image

    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return Image.frombytes(
        "RGBA", (plain.width(), plain.height()), bytes(plain.constBits()), "raw", "RGBA", plain.bytesPerLine()
    )


def _fade(painter: QPainter, box: Box, reach: float, bottom: float) -> None:
    gradient = QLinearGradient(0, bottom - reach, 0, bottom)
    for index in range(9):
        part = index / 8
        gradient.setColorAt(part, QColor.fromRgbF(0, 0, 0, 1 - part * part * (3 - 2 * part)))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    left, _, right, lower = box
    painter.fillRect(QRectF(left, bottom - reach, right - left, max(reach, lower - bottom + reach)), gradient)


def _colour(colour: Colour, alpha: float) -> QColor:
    return QColor.fromRgbF(colour[0] / 255, colour[1] / 255, colour[2] / 255, min(1.0, max(0.0, alpha)))


def _polygon(points: Array) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points.tolist()])


def _path(polygons: Polygons, closed: bool = True, odd_even: bool = False) -> QPainterPath:
    path = QPainterPath()
    for points in polygons:
        path.addPolygon(_polygon(points))
        if closed:
            path.closeSubpath()
    path.setFillRule(Qt.FillRule.OddEvenFill if odd_even else Qt.FillRule.WindingFill)
    return path


def _apply(painter: QPainter, operation: Operation) -> None:
    if isinstance(operation, Fill):
        painter.fillPath(
            _path(operation.polygons, odd_even=operation.odd_even), _colour(operation.colour, operation.alpha)
        )
    elif isinstance(operation, Stroke):
        pen = QPen(_colour(operation.colour, operation.alpha), operation.width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.translate(*operation.offset)
        painter.strokePath(_path(operation.lines, operation.closed), pen)
        painter.translate(-operation.offset[0], -operation.offset[1])
    elif isinstance(operation, Dash):
        pen = QPen(_colour(operation.colour, operation.alpha), operation.width)
        pen.setDashPattern([part / operation.width for part in operation.pattern])
        painter.strokePath(_path(operation.lines, operation.closed), pen)
    elif isinstance(operation, Clip):
        painter.save()
        painter.setClipPath(_path(operation.polygons, odd_even=operation.odd_even), Qt.ClipOperation.IntersectClip)
    else:
        painter.restore()
