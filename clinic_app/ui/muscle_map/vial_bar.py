"""Where the units of a vial go: given, wasted, left, and what is drawn beyond it."""

from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_app.reference.units import show_units
from clinic_app.services.charting import ReadVial
from clinic_app.ui.theme import current_theme

_HEIGHT = 10


class VialBar(QWidget):
    """Given in the accent, waste hatched, the rest empty; beyond the vial in red. The words stand beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vial: ReadVial | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A low bar."""
        return QSize(120, _HEIGHT)

    def set_vial(self, vial: ReadVial) -> None:
        """Show a vial."""
        if vial == self._vial:
            return
        self._vial = vial
        self.setAccessibleName(vial_words(vial))
        self.setToolTip(vial_words(vial))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(0.5, 0.5, self.width() - 1, self.height() - 1)
        shape = QPainterPath()
        shape.addRoundedRect(whole, 4, 4)
        painter.fillPath(shape, QColor(theme.sunken))
        vial = self._vial
        if vial is not None and vial.size_units:
            painter.save()
            painter.setClipPath(shape)
            full = max(vial.size_units, vial.given + vial.wasted)
            given = self._across(min(vial.given, vial.size_units), full)
            painter.fillRect(QRectF(0, 0, given, self.height()), QColor(theme.accent))
            wasted = self._across(vial.given + vial.wasted, full)
            self._hatch(painter, given, wasted, theme.muted)
            if vial.left < 0:
                holds = self._across(vial.size_units, full)
                painter.fillRect(QRectF(holds, 0, self.width() - holds, self.height()), QColor(theme.stop))
            painter.restore()
        painter.setPen(QPen(QColor(theme.control_border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(shape)

    def _across(self, units: Decimal, full: Decimal) -> float:
        return float(units / full) * self.width() if full else 0.0

    def _hatch(self, painter: QPainter, start: float, end: float, colour: str) -> None:
        painter.setPen(QPen(QColor(colour), 1.4))
        x = start
        painter.save()
        painter.setClipRect(QRectF(start, 0, max(0.0, end - start), self.height()), Qt.ClipOperation.IntersectClip)
        while x < end + self.height():
            painter.drawLine(QPointF(x, 0), QPointF(x - self.height(), self.height()))
            x += 4
        painter.restore()


def vial_words(vial: ReadVial) -> str:
    """The bar in words."""
    left = f"{show_units(vial.left)} left" if vial.left >= 0 else f"{show_units(-vial.left)} more than it holds"
    wasted = f" · {show_units(vial.wasted)} wasted" if vial.wasted else ""
    return f"{show_units(vial.given)} given{wasted} · {left}"
