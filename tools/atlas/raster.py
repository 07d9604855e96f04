"""Painting a display list with Qt, the only module that uses it."""

from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPainterPath, QPen, QPolygonF

from tools.atlas.curves import Array
from tools.atlas.display_list import Clip, Dash, DisplayList, Fill, Operation, Polygons, Stroke
from tools.atlas.palette import Colour
from tools.atlas.sources import Fade

Box = tuple[float, float, float, float]


def paint(display_list: DisplayList, frame: Box, scale: float, box: Box, fade: Fade) -> QImage:
    """The display list inside ``frame`` (mm) at ``scale`` px/mm on a transparent ground.

    Towards the edges of the plate's ``box`` the picture dissolves as ``fade`` says. Painted with 16 bits per channel:
    at 8 bits the many weak passes band and shift in hue.
    """
    left, top, right, lower = frame
    image = QImage(
        round((right - left) * scale), round((lower - top) * scale), QImage.Format.Format_RGBA64_Premultiplied
    )
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        painter.translate(-left, -top)
        painter.save()
        painter.scale(1 / display_list.scale, 1 / display_list.scale)
        for operation in display_list.operations:
            _apply(painter, operation)
        painter.restore()
        _fade_edges(painter, box, fade)
    finally:
        painter.end()
    return image


def save_webp(image: QImage, path: Path, quality: int) -> None:
    """Write the picture as lossy WebP with alpha."""
    # Pillow gives the encoder's method and alpha quality, which Qt does not.
    pillow_image(image).save(path, "WEBP", quality=quality, alpha_quality=85, method=6)


def pillow_image(image: QImage):  # type: ignore[no-untyped-def]
    """The picture as a Pillow image with straight alpha."""
    from PIL import Image

    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return Image.frombytes(
        "RGBA", (plain.width(), plain.height()), bytes(plain.constBits()), "raw", "RGBA", plain.bytesPerLine()
    )


def _fade_edges(painter: QPainter, box: Box, fade: Fade) -> None:
    left, top, right, bottom = box
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    whole = QRectF(left - 1, top - 1, right - left + 2, bottom - top + 2)
    for reach, inner, outer in (
        (fade.left, QPointF(left + fade.left, 0), QPointF(left, 0)),
        (fade.top, QPointF(0, top + fade.top), QPointF(0, top)),
        (fade.right, QPointF(right - fade.right, 0), QPointF(right, 0)),
        (fade.bottom, QPointF(0, bottom - fade.bottom), QPointF(0, bottom)),
    ):
        if reach <= 0:
            continue
        gradient = QLinearGradient(inner, outer)
        for index in range(9):
            part = index / 8
            gradient.setColorAt(part, QColor.fromRgbF(0, 0, 0, 1 - part * part * (3 - 2 * part)))
        painter.fillRect(whole, gradient)


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
