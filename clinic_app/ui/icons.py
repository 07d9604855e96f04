"""The program's icons: Lucide's drawings in the colours of the palette, sharp at every scale."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QImage, QPainter, QPalette, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from clinic_app.resources import resource_path
from clinic_app.ui.tokens import Level

ICON_PX = 20
"""The usual size."""

LEVEL_ICONS = {
    Level.STOP: "stop-filled",
    Level.WARN: "warn-filled",
    Level.INFO: "info-filled",
    Level.DONE: "check",
}
"""The shape of each level: filled octagon, triangle, circle, and a check mark."""


def icon(name: str, color: str = "") -> QIcon:
    """The icon called ``name`` (a file of ``resources/icons``).

    Without a colour it takes the palette's text colour each time it is drawn, so it follows light and dark by itself.
    """
    _source(name)  # an unknown name is a bug here, not a hole in the window later
    return QIcon(_TintedEngine(name, color))


def pixmap(name: str, color: str, size: int = ICON_PX, scale: float = 1.0, ink: str = "") -> QPixmap:
    """The icon as a picture; ``ink`` is the mark inside a filled shape."""
    pixels = round(size * scale)
    key = f"icon/{name}/{color}/{ink}/{pixels}/{scale}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    text = _source(name).replace("currentColor", color).replace("inkColor", ink or "#FFFFFF")
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    picture = QPixmap.fromImage(image)
    picture.setDevicePixelRatio(scale)
    QPixmapCache.insert(key, picture)
    return picture


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")


class _TintedEngine(QIconEngine):
    """Draws one SVG file in the palette's colour of the moment."""

    def __init__(self, name: str, color: str) -> None:
        super().__init__()
        self._name = name
        self._color = color

    def _tint(self, mode: QIcon.Mode) -> str:
        palette = QGuiApplication.palette()
        if mode == QIcon.Mode.Disabled:
            return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText).name()
        return self._color or palette.color(QPalette.ColorRole.WindowText).name()

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        size = min(rect.width(), rect.height())
        device = painter.device()
        scale = device.devicePixelRatio() if device is not None else 1.0
        corner = QPoint(rect.x() + (rect.width() - size) // 2, rect.y() + (rect.height() - size) // 2)
        painter.drawPixmap(corner, self._picture(size, mode, scale))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self._at_left(size, mode, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        # The size is in the window's units, the picture in device pixels.
        return self._at_left(size, mode, scale)

    def _at_left(self, size: QSize, mode: QIcon.Mode, scale: float) -> QPixmap:
        """The icon in the size asked for; in a wider one at the left, which buttons use as the gap to their text."""
        picture = self._picture(min(size.width(), size.height()), mode, scale)
        if size.width() <= size.height():
            return picture
        wider = QPixmap((size.toSizeF() * scale).toSize())
        wider.fill(Qt.GlobalColor.transparent)
        wider.setDevicePixelRatio(scale)
        painter = QPainter(wider)
        painter.drawPixmap(0, 0, picture)
        painter.end()
        return wider

    def clone(self) -> QIconEngine:
        return _TintedEngine(self._name, self._color)

    def _picture(self, size: int, mode: QIcon.Mode, scale: float) -> QPixmap:
        return pixmap(self._name, self._tint(mode), max(1, size), scale)
