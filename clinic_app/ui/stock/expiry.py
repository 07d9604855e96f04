"""How long a lot may still be used, in words, as a level, and as the length of a bar."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_app.ui.locale import date_text
from clinic_app.ui.theme import current_theme
from clinic_app.ui.tokens import Level

SOON_DAYS = 30
"""From here on the bar and the words warn."""
COUNTED_DAYS = 90
"""Up to here the words count days; after it the date says more."""
FULL_BAR_DAYS = 365
BAR_WIDTH, BAR_HEIGHT = 64, 6
BAR_TIP = f"A full bar is a year or more; it turns amber {SOON_DAYS} days before the expiry."


@dataclass(frozen=True, slots=True)
class Expiry:
    """A lot's expiry seen from a day. ``days`` left, 0 on the last day of use; ``share`` of the bar from 0 to 1."""

    days: int
    words: str
    level: Level | None
    share: float


def expiry_of(expires_on: date, today: date) -> Expiry:
    """A vial is usable to the end of its expiry date."""
    days = (expires_on - today).days
    level = Level.STOP if days < 0 else Level.WARN if days <= SOON_DAYS else None
    return Expiry(days, _words(expires_on, days), level, min(1.0, max(0, days) / FULL_BAR_DAYS))


def level_color(level: Level | None, usual: str) -> str:
    """The colour of words that carry a level."""
    return usual if level is None else current_theme().level(level)[0]


def paint_bar(painter: QPainter, place: QRectF, expiry: Expiry) -> None:
    """A track with what is left of the time; one that has run out is a red outline."""
    theme = current_theme()
    radius = place.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.stop_soft if expiry.days < 0 else theme.hairline))
    painter.drawRoundedRect(place, radius, radius)
    if expiry.days < 0:
        painter.setPen(QColor(theme.stop))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        return
    left = QRectF(place)
    left.setWidth(max(place.height(), place.width() * expiry.share))
    painter.setBrush(QColor(level_color(expiry.level, theme.control_border)))
    painter.drawRoundedRect(left, radius, radius)


class ExpiryBar(QWidget):
    """The bar on its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._expiry: Expiry | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(BAR_TIP)

    def set_expiry(self, expiry: Expiry) -> None:
        """Show how much is left."""
        self._expiry = expiry
        self.setAccessibleName(expiry.words)
        self.update()

    def sizeHint(self) -> QSize:
        """As in the list."""
        return QSize(BAR_WIDTH, BAR_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar."""
        if self._expiry is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_bar(painter, QRectF(self.rect()), self._expiry)


def _words(expires_on: date, days: int) -> str:
    if days < -1:
        return f"expired {-days} days ago" if days >= -COUNTED_DAYS else f"expired {date_text(expires_on)}"
    if days <= 1:
        return {-1: "expired yesterday", 0: "expires today", 1: "expires tomorrow"}[days]
    return f"expires in {days} days" if days <= COUNTED_DAYS else f"expires {date_text(expires_on)}"
