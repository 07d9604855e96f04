"""The timeline as a picture in a file: the same shapes on white, with whose they are and what the signs mean."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter

from clinic_app.timeline.course import Course
from clinic_app.timeline.legend import legend
from clinic_app.timeline.picture import AXIS, picture_of
from clinic_app.timeline.shapes import Drawing, Text
from clinic_app.timeline.stage import NAMES
from clinic_app.ui.patients.timeline_painting import Painted, screen_writing
from clinic_app.ui.tokens import LIGHT

SCALE = 2
"""Dots of the picture for a pixel of the screen: sharp on a slide."""
_AROUND, _HEAD, _GAP = 16.0, 30.0, 12.0


def timeline_png(course: Course, per_day: float, left: float, right: float, head: str) -> bytes:
    """What lies between two places of the axis, whole in height, under a line that says whose it is.

    Paints on an image of its own, so that it may run on any thread.
    """
    writing, picture = screen_writing(), picture_of(course)
    stage = picture.drawn(per_day, left, right, writing)
    axis = picture.drawn_axis(per_day, left, right, writing)
    width = NAMES + right - left
    signs, signs_height = legend(writing, width)
    height = _HEAD + AXIS + picture.height + _GAP + signs_height
    image = QImage(
        round((width + 2 * _AROUND) * SCALE), round((height + 2 * _AROUND) * SCALE), QImage.Format.Format_RGB32
    )
    image.fill(QColor(LIGHT.surface))
    painter = QPainter(image)
    painter.scale(SCALE, SCALE)
    painter.translate(_AROUND, _AROUND)
    title = Drawing(texts=[Text(12, _HEAD / 2 - 4, head, bold=True)])
    for drawing, place, beside_names in (
        (title, QPointF(0, 0), False),
        (axis, QPointF(NAMES - left, _HEAD), True),
        (stage.picture, QPointF(NAMES - left, _HEAD + AXIS), True),
        (stage.names, QPointF(0, _HEAD + AXIS), False),
        (signs, QPointF(12, _HEAD + AXIS + picture.height + _GAP), False),
    ):
        painter.save()
        if beside_names:
            painter.setClipRect(round(NAMES), 0, round(right - left), round(height))
        painter.translate(place)
        Painted(drawing, LIGHT).paint(painter)
        painter.restore()
    painter.end()
    written = QBuffer()
    written.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(written, QByteArray(b"png")).write(image)
    return bytes(written.data().data())
