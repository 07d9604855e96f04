"""The list of lots as a model: told its lots, filtered at once, and asked for words only by rows on screen."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from clinic_app.services.stock_data import LotRow
from clinic_app.ui.stock.loading import ShelvedLot, searchable
from clinic_app.ui.stock.wording import Products, lot_spoken

Index = QModelIndex | QPersistentModelIndex
LOT = Qt.ItemDataRole.UserRole
_NOWHERE = QModelIndex()


class LotModel(QAbstractListModel):
    """Lots in the order they were told."""

    def __init__(self, products: Products, parent: QWidget) -> None:
        super().__init__(parent)
        self.products = products
        self.today = date.min
        self._all: tuple[ShelvedLot, ...] = ()
        self._shown: tuple[LotRow, ...] = ()
        self._wanted: tuple[str, ...] = ()
        self._product = ""

    def set_lots(self, lots: Sequence[ShelvedLot], today: date) -> None:
        """Show these lots, as far as the filter lets them through."""
        self._all = tuple(lots)
        self.today = today
        self._arrange()

    def set_filter(self, text: str, product: str) -> None:
        """Show only lots of the product ("" for all) that have every word of the text."""
        wanted = tuple(searchable(text).split())
        if (wanted, product) != (self._wanted, self._product):
            self._wanted, self._product = wanted, product
            self._arrange()

    def lots(self) -> tuple[LotRow, ...]:
        """The lots shown."""
        return self._shown

    def all_lots(self) -> tuple[ShelvedLot, ...]:
        """The lots that were told, shown or not."""
        return self._all

    def place_of(self, lot_id: int | None) -> int | None:
        """Where a lot is shown."""
        return next((place for place, row in enumerate(self._shown) if row.lot_id == lot_id), None)

    def knows(self, lot_id: int | None) -> bool:
        """Whether a lot was told, shown or not."""
        return any(lot.row.lot_id == lot_id for lot in self._all)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many lots are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The lot itself for painting; words for typing ahead, tooltips and screen readers."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        row = self._shown[index.row()]
        if role == LOT:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.number
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return lot_spoken(row, self.products, self.today)
        return None

    def _arrange(self) -> None:
        self.beginResetModel()
        self._shown = tuple(
            lot.row
            for lot in self._all
            if self._product in ("", lot.row.product) and all(word in lot.searched for word in self._wanted)
        )
        self.endResetModel()
