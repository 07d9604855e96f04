"""Draws one lot of the list: what it is and how many are left above, how long and for whom below."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from clinic_app.services.stock_data import LotRow
from clinic_app.terms import LotHold
from clinic_app.ui.icons import LEVEL_ICONS, pixmap
from clinic_app.ui.stock.expiry import BAR_HEIGHT, BAR_WIDTH, expiry_of, level_color, paint_bar
from clinic_app.ui.stock.lot_model import LOT, LotModel
from clinic_app.ui.stock.wording import HOLD_LEVELS, HOLDS, vials_text
from clinic_app.ui.theme import AROUND, INSIDE, TIGHT, current_theme

ROW_HEIGHT = 52
_MARK = 14
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class LotDelegate(QStyledItemDelegate):
    """Two lines a lot, all of one height."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Every row has the same height."""
        return QSize(100, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the ground and the two lines."""
        row, model = index.data(LOT), index.model()
        assert isinstance(row, LotRow)
        assert isinstance(model, LotModel)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            theme = current_theme()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_soft if chosen else theme.hover))
            painter.drawRoundedRect(QRectF(rect).adjusted(4, 1, -4, -1), 6, 6)
        inside = rect.adjusted(AROUND, 6, -AROUND, -6)
        half = inside.height() // 2
        # The muted grey is too faint on the ground of the selection.
        quiet = current_theme().text if chosen else current_theme().muted
        self._upper(painter, QRect(inside.left(), inside.top(), inside.width(), half), row, model, quiet)
        self._lower(painter, QRect(inside.left(), inside.top() + half, inside.width(), half), row, model, quiet)
        painter.restore()

    def _upper(self, painter: QPainter, place: QRect, row: LotRow, model: LotModel, quiet: str) -> None:
        usual = QFont(painter.font())
        strong = QFont(usual)
        strong.setWeight(QFont.Weight.DemiBold)
        left = vials_text(row.vials_left) if row.vials_left else "used up"
        painter.setFont(strong if row.vials_left else usual)
        right = _right(painter, place, left, current_theme().text if row.vials_left else quiet)
        painter.setFont(strong)
        name = model.products.vial(row.product, row.size_units)
        at = _left(painter, place, right, name, current_theme().text if row.vials_left else quiet)
        painter.setFont(usual)
        _left(painter, place.adjusted(at - place.left() + INSIDE, 0, 0, 0), right, row.number, quiet)

    def _lower(self, painter: QPainter, place: QRect, row: LotRow, model: LotModel, quiet: str) -> None:
        right = place.right() + 1
        if row.hold is not None:
            right = _mark(painter, place, row.hold)
        expiry = expiry_of(row.expires_on, model.today)
        at = place.left()
        if row.vials_left:
            middle = place.top() + (place.height() - BAR_HEIGHT) / 2
            paint_bar(painter, QRectF(place.left(), middle, BAR_WIDTH, BAR_HEIGHT), expiry)
            at += BAR_WIDTH + INSIDE
        level = expiry.level if row.vials_left else None
        if level is not None:
            color, _, soft = current_theme().level(level)
            scale = painter.device().devicePixelRatioF()
            picture = pixmap(LEVEL_ICONS[level], color, _MARK, scale, ink=soft)
            painter.drawPixmap(at, place.top() + (place.height() - _MARK) // 2, picture)
            at += _MARK + TIGHT
        words = QRect(at, place.top(), place.right() + 1 - at, place.height())
        at = _left(painter, words, right, expiry.words, level_color(level, quiet))
        if row.patient_name:
            rest = QRect(at + INSIDE, place.top(), right - INSIDE - at, place.height())
            _right(painter, rest, f"for {row.patient_name}", quiet)


def _mark(painter: QPainter, place: QRect, hold: LotHold) -> int:
    """Shape and word of a hold at the right; returns where it begins."""
    level = HOLD_LEVELS[hold]
    color, _, soft = current_theme().level(level)
    right = _right(painter, place, HOLDS[hold], color)
    picture = pixmap(LEVEL_ICONS[level], color, _MARK, painter.device().devicePixelRatioF(), ink=soft)
    left = right - _MARK + TIGHT
    painter.drawPixmap(left, place.top() + (place.height() - _MARK) // 2, picture)
    return left - INSIDE


def _left(painter: QPainter, place: QRect, right: int, text: str, color: str) -> int:
    """Text from the left up to ``right``, shortened where it must be; returns where it ends."""
    painter.setPen(QColor(color))
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, right - place.left()))
    painter.drawText(place, _MIDDLE | Qt.AlignmentFlag.AlignLeft, shown)
    return place.left() + metrics.horizontalAdvance(shown)


def _right(painter: QPainter, place: QRect, text: str, color: str) -> int:
    """Text at the right, shortened where it must be; returns where what stands before it has to end."""
    painter.setPen(QColor(color))
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, place.width()))
    painter.drawText(place, _MIDDLE | Qt.AlignmentFlag.AlignRight, shown)
    return place.right() + 1 - metrics.horizontalAdvance(shown) - INSIDE
