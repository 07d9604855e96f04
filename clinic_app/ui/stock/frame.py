"""The parts of the stock view and where they stand: lots or what to fetch at the left, a page at the right."""

from PySide6.QtCore import QSettings
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_app.ui.stock.fetch_list import FetchList
from clinic_app.ui.stock.lot_list import LotList
from clinic_app.ui.stock.lot_page import LotPage
from clinic_app.ui.stock.prepare_page import PreparePage
from clinic_app.ui.stock.receive_panel import ReceivePanel
from clinic_app.ui.stock.wording import Products
from clinic_app.ui.theme import BETWEEN, current_theme
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.sections import Hairline
from clinic_app.ui.widgets.segments import Segments
from clinic_app.ui.workplace import Workplace

SIDE_WIDTH = 400
LOTS, PREPARE = "Lots", "Prepare"


class StockFrame(QWidget):
    """Makes the parts and lays them out; what they tell each other is the view's business."""

    def __init__(self, workplace: Workplace, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        products = Products.of(workplace)
        self.segments = Segments("Stock", [(LOTS, "Alt+1"), (PREPARE, "Alt+2")], self)
        self.receive_button = PlainButton("Receive vials", self, icon="plus")
        self.receive_button.setToolTip("Receive vials (Ctrl+N)")
        self.lot_list = LotList(products, settings, self)
        self.fetch_list = FetchList(workplace, products, self)
        self.start = EmptyState("package", "", self)
        self.lot_page = LotPage(workplace, products, self)
        self.receive_panel = ReceivePanel(workplace, products, self)
        self.prepare_page = PreparePage(products, self)
        self.sides, self.pages = QStackedWidget(self), QStackedWidget(self)
        self._lay_out()
        self.setFocusProxy(self.lot_list.search)

    def showEvent(self, event: QShowEvent) -> None:
        """The cursor goes into the search, unless it stood somewhere here before."""
        super().showEvent(event)
        if self.focusWidget() is None:
            self.lot_list.search.editor.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of both columns."""
        QPainter(self).fillRect(self.rect(), QColor(current_theme().window))

    def _lay_out(self) -> None:
        for side in (self.lot_list, self.fetch_list):
            self.sides.addWidget(side)
        for page in (self.start, self.lot_page, self.receive_panel, self.prepare_page):
            self.pages.addWidget(page)
        top = QHBoxLayout()
        top.setContentsMargins(BETWEEN, BETWEEN, BETWEEN, BETWEEN)
        top.addWidget(self.segments)
        top.addStretch(1)
        top.addWidget(self.receive_button)
        column = QWidget(self)
        column.setFixedWidth(SIDE_WIDTH)
        left = QVBoxLayout(column)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addLayout(top)
        left.addWidget(self.sides, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(column)
        layout.addWidget(Hairline(self, vertical=True))
        layout.addWidget(self.pages, 1)
