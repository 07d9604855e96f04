"""The stock: lots and their ledger, what came in, who got it, and what to prepare for a day."""

from datetime import date

from PySide6.QtCore import QSettings, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.stock_data import LotDetails, LotRow, Preparation, ScannedVial
from clinic_app.ui.stock.frame import LOTS, PREPARE, StockFrame
from clinic_app.ui.stock.loading import Found, Shelf, find_scanned, load_shelf
from clinic_app.ui.stock.lot_acts import LotAct
from clinic_app.ui.stock.lot_page import PATIENTS
from clinic_app.ui.stock.wording import Products
from clinic_app.ui.widgets.scan_catcher import ScanCatcher
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_SHELF_KINDS = frozenset({"lot", "stock_movement", "visit", "patient", "account"})
_DAY_KINDS = _SHELF_KINDS | {"appointment", "authorization", "chart_draft"}

KEYS = (
    ("Up, Down", "From lot to lot"),
    ("Enter", "Open the lot; in its tables, the patient"),
    ("Ctrl+C", "Copy the lot's number, or the row"),
    ("Ctrl+N", "Receive vials"),
    ("F2", "Correct the count"),
    ("Alt+1, Alt+2", "Lots, prepare"),
    ("Alt+Left, Alt+Right", "Prepare the day before, after"),
    ("Alt+Home", "Prepare today"),
)
"""What the keys do in the stock."""


class StockView(StockFrame):
    """Receive, find, hold and account for vials."""

    patient_requested = Signal(int)
    paper_requested = Signal(object)
    """A callable that gathers a ``Paper``; it runs away from the window's thread."""
    message_offered = Signal(str, object)
    """A sentence for the message line and a callable that takes back what it tells, or None."""

    def __init__(
        self, workplace: Workplace, parent: QWidget | None = None, *, settings: QSettings | None = None
    ) -> None:
        super().__init__(workplace, QSettings() if settings is None else settings, parent)
        self._products = Products.of(workplace)
        self._lot_id: int | None = None
        self._day = workplace.today()
        self._loaded = False
        self._not_in_stock: ScannedVial | None = None
        self._scans = ScanCatcher(self)
        self._connect()
        self.prepare_page.set_day(self._day)

    def showEvent(self, event: QShowEvent) -> None:
        """Look again at what may have changed, or at a new day, while another view was in front."""
        super().showEvent(event)
        self.refresh()
        if self.pages.currentWidget() is self.prepare_page:
            self._ask_preparation()

    # What the window's commands call

    def new_item(self) -> None:
        """Ctrl+N."""
        self.receive()

    def edit_item(self) -> None:
        """F2: the count of the chosen lot."""
        if self.pages.currentWidget() is self.lot_page:
            self.lot_page.begin(LotAct.CORRECT)

    def save_item(self) -> None:
        """Ctrl+S."""
        if self.pages.currentWidget() is self.receive_panel:
            self.receive_panel.submit()

    def print_paper(self) -> None:
        """Ctrl+P: the list of the day, or of who got the lot."""
        if self.pages.currentWidget() is self.prepare_page:
            self._print_day()
        elif self.pages.currentWidget() is self.lot_page:
            self.lot_page.tabs.setCurrentIndex(PATIENTS)
            self.lot_page.print_list()

    def go_back(self) -> None:
        """Esc: from what was opened last to the list of lots."""
        page = self.pages.currentWidget()
        if page is self.lot_page and self.lot_page.fold():
            return
        if page is self.receive_panel:
            self._leave_receiving()
        elif page is self.prepare_page:
            self.show_lots()
        self.lot_list.focus_search()

    def focus_search(self) -> None:
        """Ctrl+F."""
        self.show_lots()
        self.lot_list.focus_search()

    def unsaved(self) -> str:
        """Why the window should stay open: a sentence, or "" when everything is saved."""
        if self.receive_panel.unsaved():
            return "Vials are typed under Stock but not received. Receive them or empty the form first."
        if self.lot_page.form.typed() is not None:
            return "The form of a lot under Stock is filled but not done. Finish or cancel it first."
        return ""

    # What others ask for

    @Slot(int)
    def show_lot(self, lot_id: int) -> None:
        """Choose a lot."""
        self.show_lots()
        self.lot_list.select(lot_id)
        self._choose(lot_id)

    def show_lots(self) -> None:
        """The list of lots with the chosen one beside it."""
        self.segments.set_position(LOTS)
        self.sides.setCurrentWidget(self.lot_list)
        if self.pages.currentWidget() is self.prepare_page:
            self._show_page_of_lot()

    @Slot()
    def receive(self) -> None:
        """Open the panel that receives vials; what is typed there stays."""
        self.show_lots()
        self.pages.setCurrentWidget(self.receive_panel)
        self.receive_panel.begin()

    @Slot(object)
    def receive_more(self, row: LotRow) -> None:
        """Open the panel for more vials of a lot that is known."""
        self.receive()
        self.receive_panel.begin_more(row)

    @Slot(object)
    def prepare(self, day: date) -> None:
        """Show what a day needs."""
        another = day != self._day or self.pages.currentWidget() is not self.prepare_page
        self._day = day
        self.segments.set_position(PREPARE)
        self.sides.setCurrentWidget(self.fetch_list)
        self.pages.setCurrentWidget(self.prepare_page)
        self.fetch_list.set_day(day)
        self.prepare_page.set_day(day)
        if another:
            self.fetch_list.set_loading()
            self.prepare_page.set_loading()
        self._ask_preparation()

    @Slot()
    def refresh(self) -> None:
        """Ask for the lots and the chosen one again, without moving selection, place or typing."""
        if not self._loaded:
            self.lot_list.set_loading()
        services, actor, products = self._workplace.services, self._workplace.actor, self._products
        used_up = self.lot_list.used_up_box.value()
        self._workplace.tasks.ask(
            "stock.shelf",
            lambda: load_shelf(services, actor, products, used_up=used_up),
            self._show_shelf,
            self._shelf_failed,
            owner=self,
        )
        self._ask_lot()

    # Wiring

    def _connect(self) -> None:
        self._workplace.changes.committed.connect(self._committed)
        self._scans.scanned.connect(self._take_scan)
        self.segments.chosen.connect(self._switch)
        self.receive_button.clicked.connect(self.receive)
        lots, lot, panel, page = self.lot_list, self.lot_page, self.receive_panel, self.prepare_page
        lots.chosen.connect(self._choose)
        lots.entered.connect(self._enter_lot)
        lots.scanned.connect(self._find_scanned)
        lots.receive_asked.connect(self._receive_scanned)
        lots.used_up_switched.connect(self.refresh)
        lot.more_asked.connect(self.receive_more)
        lot.paper_requested.connect(self.paper_requested)
        lot.brought_back.connect(self.show_lot)
        panel.received.connect(self._received)
        panel.lot_requested.connect(self.show_lot)
        panel.closed.connect(self._leave_receiving)
        panel.brought_back.connect(self.receive)
        self.fetch_list.day_chosen.connect(self.prepare)
        page.print_asked.connect(self._print_day)
        for part in (lot, page):
            part.patient_requested.connect(self.patient_requested)
        for teller in (lot, panel):
            teller.message_offered.connect(self.message_offered)

    @Slot(object)
    def _committed(self, kinds: frozenset[str]) -> None:
        if not self.isVisible():
            return
        if kinds & _SHELF_KINDS:
            self.refresh()
        if kinds & _DAY_KINDS and self.pages.currentWidget() is self.prepare_page:
            self._ask_preparation()

    @Slot(str)
    def _switch(self, position: str) -> None:
        if position == PREPARE:
            self.prepare(self._day)
        else:
            self.show_lots()

    # The list

    def _show_shelf(self, shelf: Shelf) -> None:
        first = not self._loaded
        self._loaded = True
        self.lot_list.show_shelf(shelf, self._workplace.today())
        self.lot_page.set_witnesses(shelf.witnesses)
        self.receive_panel.set_shelf(shelf)
        self._teach(shelf)
        shown = self.lot_list.lots()
        if first and self._lot_id is None and shown:
            # What expires first is what should be looked at first.
            self.lot_list.select(shown[0].lot_id)
            self._choose_quietly(shown[0].lot_id)

    def _teach(self, shelf: Shelf) -> None:
        """What the page says while no lot is chosen."""
        if shelf.lots:
            self.start.set_sentence("Choose a lot at the left to see its ledger and who got it.")
        else:
            self.start.set_sentence(
                "Every lot that is received stands at the left; here stand its ledger and everybody who got it. "
                "Scan a package to begin."
            )

    def _shelf_failed(self, error: ClinicError) -> None:
        self.lot_list.stop_loading()
        self.lot_list.say(told(error))

    @Slot(str, object)
    def _take_scan(self, text: str, _before: object) -> None:
        """What a scanner typed, wherever the cursor stood: a package to receive, or the lot to look at."""
        receiving = self.pages.currentWidget() is self.receive_panel
        if receiving and not self.lot_list.isAncestorOf(self.focusWidget() or self):
            self.receive_panel.read(text)
        else:
            self.show_lots()
            self.lot_list.take_scan(text)

    @Slot(str, bool)
    def _find_scanned(self, text: str, ended: bool) -> None:
        services, actor = self._workplace.services, self._workplace.actor

        def refused(error: ClinicError) -> None:
            if ended:  # a person may still be typing it
                self.lot_list.say(told(error))

        self._workplace.tasks.ask(
            "stock.find", lambda: find_scanned(services, actor, text), self._show_found, refused, owner=self
        )

    def _show_found(self, found: Found) -> None:
        self._not_in_stock = None
        row = found.row
        if row is not None:
            if not row.vials_left and not self.lot_list.used_up_box.value():
                self.lot_list.used_up_box.set_value(True)
                self.refresh()
            self.show_lot(row.lot_id)
            self.lot_list.search.editor.selectAll()
        elif found.vial.lot:
            self._not_in_stock = found.vial
            self.lot_list.say(f"Lot {found.vial.lot} is not in stock.", offer="Receive it")
        else:
            self.lot_list.say("This code names no lot. Scan the square code on the package.")

    @Slot()
    def _receive_scanned(self) -> None:
        """From an empty list, or from a scan whose lot is not in stock yet."""
        vial, self._not_in_stock = self._not_in_stock, None
        self.receive()
        if vial is not None:
            self.lot_list.search.set_text("")
            self.lot_list.say("")
            self.receive_panel.begin_scanned(vial)

    # The chosen lot

    @Slot(int)
    def _choose(self, lot_id: int) -> None:
        self.pages.setCurrentWidget(self.lot_page)
        self._choose_quietly(lot_id)

    def _choose_quietly(self, lot_id: int) -> None:
        if lot_id != self._lot_id:
            self._lot_id = lot_id
            self.lot_page.set_loading()
        if self.pages.currentWidget() is self.start:
            self.pages.setCurrentWidget(self.lot_page)
        self._ask_lot()

    def _ask_lot(self) -> None:
        if self._lot_id is not None:
            stock, actor, lot_id = self._workplace.services.stock, self._workplace.actor, self._lot_id
            self._workplace.tasks.ask(
                "stock.lot", lambda: stock.lot(actor, lot_id), self._show_lot, self._lot_failed, owner=self
            )

    def _show_lot(self, details: LotDetails) -> None:
        if details.lot.lot_id == self._lot_id:
            self.lot_page.show_details(details)

    def _lot_failed(self, error: ClinicError) -> None:
        self.lot_page.stop_loading()
        self._offer_error(error)

    def _show_page_of_lot(self) -> None:
        self.pages.setCurrentWidget(self.start if self._lot_id is None else self.lot_page)

    @Slot()
    def _enter_lot(self) -> None:
        if self._lot_id is not None:
            self.pages.setCurrentWidget(self.lot_page)
            self.lot_page.focus_first()

    # Receiving

    @Slot(int)
    def _received(self, lot_id: int) -> None:
        self.lot_list.select(lot_id)
        self._choose_quietly(lot_id)

    @Slot()
    def _leave_receiving(self) -> None:
        self._show_page_of_lot()
        self.lot_list.focus_search()

    # Preparing

    def _ask_preparation(self) -> None:
        stock, actor, day = self._workplace.services.stock, self._workplace.actor, self._day
        self._workplace.tasks.ask(
            "stock.prepare",
            lambda: stock.prepare(actor, day),
            self._show_preparation,
            self._preparation_failed,
            owner=self,
        )

    def _show_preparation(self, found: Preparation) -> None:
        if found.day == self._day:
            self.fetch_list.show_preparation(found)
            self.prepare_page.show_preparation(found)

    def _preparation_failed(self, error: ClinicError) -> None:
        self.fetch_list.stop_loading()
        self.prepare_page.say(told(error))

    @Slot()
    def _print_day(self) -> None:
        papers, actor, day = self._workplace.services.stock_papers, self._workplace.actor, self._day
        self.paper_requested.emit(lambda: papers.preparation(actor, day))

    def _offer_error(self, error: ClinicError) -> None:
        self.message_offered.emit(told(error), None)
