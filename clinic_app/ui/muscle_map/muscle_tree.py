"""Every muscle of the reference by region and side, searchable: the road of keyboard and screen reader."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from clinic_app.reference.catalogue import Reference
from clinic_app.reference.muscles import Muscle
from clinic_app.terms import Side
from clinic_app.ui.muscle_map.map_state import Place
from clinic_app.ui.muscle_map.wording import region_name, side_letter
from clinic_app.ui.naming import capital, place_name
from clinic_app.ui.theme import ROW_PX, current_theme, heading_font

_PLACE = Qt.ItemDataRole.UserRole
_UNITS = Qt.ItemDataRole.UserRole + 1
_FOUND = Qt.ItemDataRole.UserRole + 2
_MOST_FOUND = 40
Index = QModelIndex | QPersistentModelIndex


class MuscleTree(QTreeWidget):
    """Regions that open into muscles, or what a search found, best first."""

    place_chosen = Signal(str, object)
    """Enter or a click on a muscle."""

    def __init__(self, reference: Reference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reference = reference
        self._items: dict[Place, QTreeWidgetItem] = {}
        self._units: dict[Place, str] = {}
        self._searched: str | None = None
        self.setAccessibleName("Muscles")
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setItemDelegate(_RowPainter(self))
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setStyleSheet("QTreeView { background: transparent; border: none; }")
        self.itemClicked.connect(self._clicked)

    def search(self, text: str) -> None:
        """Show what the text may mean; an empty text shows all by region."""
        if text == self._searched:
            return
        self._searched = text
        self.clear()
        self._items.clear()
        if text:
            for muscle in self._reference.find_muscles(text)[:_MOST_FOUND]:
                for side in sides_of(muscle):
                    self._add(None, muscle, side, found=True)
            if not self._items:
                nothing = QTreeWidgetItem(self, ["No muscle is called that."])
                nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            else:
                self.setCurrentItem(next(iter(self._items.values())))
            return
        regions: dict[str, QTreeWidgetItem] = {}
        for muscle in self._reference.muscles.values():
            if muscle.region not in regions:
                regions[muscle.region] = QTreeWidgetItem(self, [region_name(muscle.region)])
            for side in sides_of(muscle):
                self._add(regions[muscle.region], muscle, side, found=False)

    def set_units(self, units: dict[Place, str]) -> None:
        """The doses of the chart, shown beside the names."""
        if units == self._units:
            return
        for place in {*units, *self._units}:
            item = self._items.get(place)
            if item is not None:
                self._show_units(item, place, units.get(place, ""))
        self._units = units

    def places(self) -> list[Place]:
        """Every muscle that the list offers at the moment, from top to bottom."""
        return list(self._items)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses."""
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self._clicked(item)
        else:
            super().keyPressEvent(event)

    def choose(self, place: Place) -> bool:
        """Choose a muscle that the list offers at the moment."""
        item = self._items.get(place)
        if item is None:
            return False
        self.setCurrentItem(item)
        self._clicked(item)
        return True

    def choose_first(self) -> bool:
        """Choose the best of what was found."""
        first = self.topLevelItem(0)
        if first is None or first.data(0, _PLACE) is None:
            return False
        self._clicked(first)
        return True

    def changeEvent(self, event: QEvent) -> None:
        """Repaint in the colours of the new palette."""
        super().changeEvent(event)
        self.viewport().update()

    def _add(self, region: QTreeWidgetItem | None, muscle: Muscle, side: Side, *, found: bool) -> None:
        item = QTreeWidgetItem([capital(muscle.name)])
        place = (muscle.id, side)
        item.setData(0, _PLACE, place)
        item.setData(0, _FOUND, region_name(muscle.region) if found else "")
        item.setToolTip(0, f"{place_name(self._reference, *place)}\n{muscle.latin}")
        self._show_units(item, place, self._units.get(place, ""))
        if region is None:
            self.addTopLevelItem(item)
        else:
            region.addChild(item)
        self._items[place] = item

    def _show_units(self, item: QTreeWidgetItem, place: Place, units: str) -> None:
        item.setData(0, _UNITS, units)
        name = place_name(self._reference, *place)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{name}, {units}" if units else name)

    @Slot(QTreeWidgetItem)
    def _clicked(self, item: QTreeWidgetItem) -> None:
        place = item.data(0, _PLACE)
        if place is None:
            item.setExpanded(not item.isExpanded())
        else:
            self.place_chosen.emit(place[0], Side(place[1]))


class _RowPainter(QStyledItemDelegate):
    """Side letter, name and units; a region is a heading with its chevron."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A found muscle has its region below."""
        return QSize(120, 40 if index.data(_FOUND) else ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        theme = current_theme()
        data = index.data
        rect: QRect = option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = None
        if state & QStyle.StateFlag.State_Selected:
            ground = theme.accent_soft
        elif state & QStyle.StateFlag.State_MouseOver and state & QStyle.StateFlag.State_Enabled:
            ground = theme.hover
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(rect.adjusted(0, 1, -2, -1), 5, 5)
        place, text = data(_PLACE), data(Qt.ItemDataRole.DisplayRole)
        middle = Qt.AlignmentFlag.AlignVCenter
        if place is None:
            heading = bool(state & QStyle.StateFlag.State_Enabled)
            painter.setPen(QColor(theme.text if heading else theme.muted))
            if heading:
                opened = bool(state & QStyle.StateFlag.State_Open)
                painter.setPen(QColor(theme.muted))
                painter.drawText(rect.adjusted(6, 0, 0, 0), middle, "▾" if opened else "▸")
                painter.setPen(QColor(theme.text))
            painter.drawText(rect.adjusted(22 if heading else 8, 0, -4, 0), middle, text)
            painter.restore()
            return
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRect(rect.left() + 6, rect.top(), 14, ROW_PX - 2), middle, side_letter(Side(place[1])))
        units, region = data(_UNITS) or "", data(_FOUND) or ""
        line = QRect(rect.left() + 22, rect.top() + (2 if region else 0), rect.width() - 28, 20 if region else ROW_PX)
        if units:
            painter.setFont(heading_font(12))
            painter.setPen(QColor(theme.text))
            painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, units)
            line.setRight(line.right() - painter.fontMetrics().horizontalAdvance(units) - 6)
        painter.setFont(option.font)
        painter.setPen(QColor(theme.text))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, middle, shown)
        if region:
            painter.setPen(QColor(theme.muted))
            small = painter.font()
            small.setPixelSize(11)
            painter.setFont(small)
            painter.drawText(QRect(line.left(), rect.top() + 20, line.width(), 16), middle, region)
        painter.restore()


def sides_of(muscle: Muscle) -> tuple[Side, ...]:
    """The sides on which a muscle can be charted."""
    return (Side.RIGHT, Side.LEFT) if muscle.paired else (Side.MIDLINE,)
