"""The left column: every lot on the shelf, found by a few letters or by a scan of the package."""

from datetime import date

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSettings, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from clinic_app.services.saved_lists import ShownList
from clinic_app.services.stock_data import LotRow
from clinic_app.ui.clipboard_watch import copy_for_a_minute
from clinic_app.ui.locale import date_text, number_text
from clinic_app.ui.stock.expiry import BAR_TIP
from clinic_app.ui.stock.loading import Shelf
from clinic_app.ui.stock.lot_model import LotModel
from clinic_app.ui.stock.lot_painting import ROW_HEIGHT, LotDelegate
from clinic_app.ui.stock.wording import HOLDS, Products, vials_text
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.fields import CheckField
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.list_menu import ListMenu, list_of
from clinic_app.ui.widgets.loading import Skeleton
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.scanning import SeparatorKeeper, looks_like_scan
from clinic_app.ui.widgets.search import SearchField
from clinic_app.ui.widgets.tables import Column
from clinic_app.ui.widgets.value_fields import ChoiceField

ALL = ""
"""The choice of every product."""
_PRODUCT, _USED_UP = "stock/product", "stock/used_up"


class _Lots(QListView):
    """Arrows choose, Enter goes to the lot, Up on the first goes back to the search, Ctrl+C copies the number."""

    entered_lot = Signal()
    left_upwards = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens on every platform; Up leaves at the top; the number is what other programs ask for."""
        if event.matches(QKeySequence.StandardKey.Copy) and self.currentIndex().isValid():
            self.copy_number()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.entered_lot.emit()
        elif event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    def copy_number(self) -> None:
        """Put the number of the chosen lot on the clipboard."""
        copy_for_a_minute(str(self.currentIndex().data()))


class LotList(QWidget):
    """Search, filter and list. It is told its lots and tells which one is chosen."""

    chosen = Signal(int)
    """The lot in front now."""
    entered = Signal()
    """Enter on the chosen lot: the person wants to act on it."""
    scanned = Signal(str, bool)
    """A code stands in the search; whether Enter ended it."""
    receive_asked = Signal()
    used_up_switched = Signal(bool)

    def __init__(self, products: Products, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._chosen_id: int | None = None
        self._filling = self._awaited = False
        self.search = SearchField("Lot, product or patient, or scan a package", self)
        SeparatorKeeper(self.search.editor)
        self.problem = Note(Level.INFO, self)
        self.offer_button = LinkButton("", self)
        self.offer_button.hide()
        self.product_field: ChoiceField[str] = ChoiceField("Product", [(ALL, "All products")], self)
        self.product_field.set_value(ALL)
        self.used_up_box = CheckField("Show used-up lots", self)
        self.used_up_box.editor.setToolTip("Also lots without a vial left, to look up who got them")
        self.used_up_box.set_value(bool(settings.value(_USED_UP, False, bool)))
        self._wanted_product = str(settings.value(_PRODUCT, ALL))  # until the lots are here
        self.caption = Muted("", self)
        self.model = LotModel(products, self)
        self.list = _Lots(self)
        self.empty = EmptyState("package", "", self.list)
        self._skeleton = Skeleton(self.list.viewport(), row_height=ROW_HEIGHT)
        self._build()
        self.search.searched.connect(self._search)
        self.search.submitted.connect(self._submit)
        self.search.moved_down.connect(self.enter_list)
        self.product_field.changed.connect(self._choose_product)
        self.used_up_box.changed.connect(self._switch_used_up)
        self.empty.action_requested.connect(self._help_on)
        self.offer_button.clicked.connect(self.receive_asked)
        self.list.entered_lot.connect(self.entered)
        self.list.left_upwards.connect(self.focus_search)
        self.list.doubleClicked.connect(self._double_clicked)

    def set_loading(self) -> None:
        """Show the shape of lots when they are late."""
        self.empty.hide()
        self._skeleton.start()

    def stop_loading(self) -> None:
        """Nothing comes: it was refused."""
        self._skeleton.stop()

    def show_shelf(self, shelf: Shelf, today: date) -> None:
        """Show the lots; the chosen one, the place in the list and what is typed stay."""
        self._skeleton.stop()
        if shelf.lots != self.model.all_lots() or today != self.model.today:
            before = self.list.verticalScrollBar().value()
            self._offer_products(shelf)
            self.model.set_lots(shelf.lots, today)
            self._filter()
            self.list.verticalScrollBar().setValue(before)
            if self._awaited:
                self._awaited = not self._bring_into_sight()
        self._tell_state()

    def select(self, lot_id: int | None) -> None:
        """Mark the lot that is shown beside, and bring it into sight as soon as it is there; tells nobody."""
        self._chosen_id = lot_id
        if self.model.place_of(lot_id) is None and self.model.knows(lot_id):
            self.product_field.set_value(ALL)
            self._filter()
        self._awaited = not self._bring_into_sight()

    def take_scan(self, text: str) -> None:
        """A scanner typed a code somewhere: look for its lot, and be ready for the next."""
        self.search.set_text(text)
        self.search.editor.selectAll()
        self.say("")
        self._filter()
        self.scanned.emit(text, True)

    def say(self, text: str, *, offer: str = "") -> None:
        """Say under the search why a code finds nothing, and perhaps offer the way on."""
        self.problem.say(text)
        self.offer_button.setText(offer)
        self.offer_button.setVisible(bool(offer))

    def lots(self) -> tuple[LotRow, ...]:
        """The lots shown."""
        return self.model.lots()

    def shown_list(self) -> ShownList:
        """The lots shown, for a file."""
        return list_of(self.list.accessibleName(), "lots", _columns(self.model.products), self.lots())

    @Slot()
    def focus_search(self) -> None:
        """Put the cursor into the search and select what stands there."""
        self.search.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.editor.selectAll()

    @Slot()
    def enter_list(self) -> None:
        """Go into the list."""
        if self.model.rowCount():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.model.index(0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the empty state over the list."""
        if watched is self.list.viewport() and isinstance(event, QResizeEvent):
            self.empty.setGeometry(self.list.viewport().geometry())
        return False

    def _build(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(LotDelegate(self.list))
        self.list.setAccessibleName("Lots")
        self.list.setAccessibleDescription(BAR_TIP)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setObjectName("lots")
        self.list.setStyleSheet("#lots { background: transparent; border: none; }")
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.viewport().installEventFilter(self)
        self.list_menu = ListMenu(self.list, self.shown_list, self.list.copy_number)
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        filters = QHBoxLayout()
        filters.setSpacing(BETWEEN)
        filters.addWidget(self.product_field, 1)
        filters.addWidget(self.used_up_box, 0, Qt.AlignmentFlag.AlignBottom)
        top = QVBoxLayout()
        top.setContentsMargins(BETWEEN, 0, BETWEEN, 0)
        top.setSpacing(INSIDE)
        top.addWidget(self.search)
        top.addWidget(self.problem)
        top.addWidget(self.offer_button, 0, Qt.AlignmentFlag.AlignLeft)
        top.addLayout(filters)
        top.addWidget(self.caption)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, INSIDE)
        layout.setSpacing(INSIDE)
        layout.addLayout(top)
        layout.addWidget(self.list, 1)

    def _offer_products(self, shelf: Shelf) -> None:
        here = {lot.row.product for lot in shelf.lots}
        named = sorted((self.model.products.brand(product), product) for product in here)
        self.product_field.set_choices([(ALL, "All products"), *((product, name) for name, product in named)])
        if self._wanted_product in here:
            self.product_field.set_value(self._wanted_product)
        self._wanted_product = ALL
        if self.product_field.value() is None:
            self.product_field.set_value(ALL)

    def _bring_into_sight(self) -> bool:
        place = self._mark_chosen()
        if place is not None:
            self.list.scrollTo(self.model.index(place))
        return place is not None

    def _mark_chosen(self) -> int | None:
        """Select the chosen lot where the list has it; returns its place."""
        place = self.model.place_of(self._chosen_id)
        self._filling = True
        if place is None:
            self.list.setCurrentIndex(QModelIndex())
        elif self.list.currentIndex().row() != place:
            self.list.setCurrentIndex(self.model.index(place))
        self._filling = False
        return place

    def _tell_state(self) -> None:
        lots = self.model.lots()
        vials = sum(row.vials_left for row in lots)
        every = len(self.model.all_lots())
        count = "1 lot" if every == 1 else f"{every} lots"
        some = f"{len(lots)} of {count}" if len(lots) < every else count
        self.caption.setText(f"{some} · {vials_text(vials)}" if lots else "")
        self.empty.setVisible(not lots and not self._skeleton.waiting())
        if self.model.all_lots():
            also = "" if self.used_up_box.value() else ", or show used-up lots too"
            self.empty.set_sentence(f"No lot fits. Try a part of its number{also}.")
            self.empty.set_action("Show used-up lots" if also else "")
        else:
            self.empty.set_sentence("No vials in stock. Receive the first ones.")
            self.empty.set_action("Receive vials")

    @Slot()
    def _filter(self) -> None:
        typed = self.search.text()
        # A code means one lot; the list stays whole around it.
        self.model.set_filter("" if looks_like_scan(typed) else typed, self.product_field.value() or ALL)
        self._mark_chosen()
        self._tell_state()

    @Slot(str)
    def _search(self, text: str) -> None:
        self.say("")
        self._filter()
        if looks_like_scan(text):
            self.scanned.emit(text, False)

    @Slot(str)
    def _submit(self, text: str) -> None:
        if looks_like_scan(text):
            self.scanned.emit(text, True)
        elif self.model.rowCount() == 1:
            # The cursor stays: the next package may be scanned at once.
            self.list.setCurrentIndex(self.model.index(0))
            self.search.editor.selectAll()
        else:
            self.enter_list()

    @Slot()
    def _choose_product(self) -> None:
        self._settings.setValue(_PRODUCT, self.product_field.value() or ALL)
        self._filter()

    @Slot()
    def _help_on(self) -> None:
        """What the empty list offers."""
        if self.model.all_lots():
            self.used_up_box.editor.setChecked(True)
            self.focus_search()
        else:
            self.receive_asked.emit()

    @Slot()
    def _switch_used_up(self) -> None:
        self._settings.setValue(_USED_UP, self.used_up_box.value())
        self.used_up_switched.emit(self.used_up_box.value())

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and not self._filling:
            self._chosen_id = self.model.lots()[current.row()].lot_id
            self.chosen.emit(self._chosen_id)

    @Slot()
    def _double_clicked(self) -> None:
        self.entered.emit()


def _columns(products: Products) -> tuple[Column[LotRow], ...]:
    """Of a list that is saved; on the screen the same stands in two lines."""
    return (
        Column("Product", lambda row: products.brand(row.product)),
        Column("Units in a vial", lambda row: number_text(row.size_units), numeric=True),
        Column("Lot", lambda row: row.number),
        Column("Expiry", lambda row: date_text(row.expires_on), lambda row: row.expires_on),
        Column("Vials left", lambda row: number_text(row.vials_left), numeric=True),
        Column("State", lambda row: "" if row.hold is None else HOLDS[row.hold]),
        Column("For", lambda row: row.patient_name),
    )
