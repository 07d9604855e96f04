"""Receiving vials: the form, and below it what came in so far, to be held against the delivery note."""

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.patient_data import Banner
from clinic_app.services.stock_data import LotRow, ScannedVial
from clinic_app.ui.locale import date_text, number_text, time_text
from clinic_app.ui.patient_choice import ChosenPatient
from clinic_app.ui.stock.loading import Shelf
from clinic_app.ui.stock.receive_form import Receipt, ReceiveForm, TypedReceipt
from clinic_app.ui.stock.wording import Products, vials_text
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import IconButton, PlainButton, PrimaryButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.sections import Scroll, Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace


@dataclass(frozen=True, slots=True)
class Received:
    """One line of what came in while the panel was open."""

    at: datetime
    lot_id: int
    movement_id: int
    receipt: Receipt


class ReceivePanel(QWidget):
    """Scan, look, press the button; the form is empty then and waits for the next lot."""

    received = Signal(int)
    """The lot that vials were added to."""
    lot_requested = Signal(int)
    message_offered = Signal(str, object)
    closed = Signal()
    brought_back = Signal()

    def __init__(self, workplace: Workplace, products: Products, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._products = products
        self._so_far: tuple[Received, ...] = ()
        self._reading = 0  # scans that are not answered yet
        self._waits_for_scans = False
        self.form = ReceiveForm(workplace, products, self)
        self.problem = Note(Level.STOP, self)
        self.close_button = IconButton("x", "Close (Esc)", self)
        self.empty_button = PlainButton("Empty the form", self)
        self.save_button = PrimaryButton("", self)
        self.so_far: RowTable[Received] = RowTable(
            self._columns(),
            self,
            name="stock-received",
            label="Received just now",
            empty=EmptyState("package", "What you receive is listed here, to be held against the delivery note."),
        )
        self._lay_out()
        self.form.scanned.connect(self.read)
        self.form.changed.connect(self._changed)
        self.save_button.clicked.connect(self.submit)
        self.empty_button.clicked.connect(self._empty_form)
        self.close_button.clicked.connect(self.closed)
        self.so_far.activated_row.connect(self._show_lot)
        self._show_so_far(())
        self._changed()

    def set_shelf(self, shelf: Shelf) -> None:
        """Offer the packages that exist."""
        self.form.set_sizes(shelf.sizes)

    def begin(self) -> None:
        """Wait for a scan; what stands in the form stays."""
        self.form.scan_field.setFocus()

    def begin_more(self, row: LotRow) -> None:
        """More vials of a lot that is known, for the same patient."""
        self._keep_typed()
        self.form.begin_more(row)
        if row.patient_id is not None:
            actor, patients, patient_id = self._workplace.actor, self._workplace.services.patients, row.patient_id
            self._workplace.tasks.ask(
                "stock.for_patient", lambda: patients.banner(actor, patient_id), self._choose_patient, self._refused
            )

    def begin_scanned(self, vial: ScannedVial) -> None:
        """A package that was scanned elsewhere and is not in stock."""
        self._keep_typed()
        self.form.show_scan(vial)

    def unsaved(self) -> bool:
        """Whether vials are typed that were not received."""
        return self.form.typed() is not None

    @Slot()
    def submit(self) -> None:
        """Receive what the form says."""
        self._waits_for_scans = self._reading > 0
        if self._waits_for_scans:
            return  # what was scanned last is not counted yet
        self.problem.say("")
        receipt = self.form.receipt() if self.save_button.isEnabled() else None
        if receipt is None:
            return
        self.save_button.setEnabled(False)
        self._workplace.tasks.run(
            lambda: self._perform(receipt),
            lambda outcome: self._done(*outcome),
            self._refused,
            owner=self,
            ended=self._answered,
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes, Ctrl+Enter receives."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.submit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        top, below = Section("Receive vials", self), Section("Received just now", self)
        top.add_action(self.close_button)
        top.add(self.form)
        top.add(self.problem)
        foot = QHBoxLayout()
        foot.setSpacing(INSIDE)
        foot.addStretch(1)
        foot.addWidget(self.empty_button)
        foot.addWidget(self.save_button)
        top.add(foot)
        self.save_button.setToolTip("Receive these vials (Ctrl+S)")
        below.add(self.so_far, 1)
        # As high as the window leaves it, but never so low that nothing can be read.
        self.so_far.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.so_far.setMinimumHeight(120)
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(AROUND, BETWEEN, AROUND, AROUND)
        inside.setSpacing(BETWEEN)
        inside.addWidget(top)
        inside.addWidget(below, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(Scroll(content, self))
        content.setAutoFillBackground(False)  # setWidget has switched it on

    def _columns(self) -> tuple[Column[Received], ...]:
        def package(row: Received) -> str:
            return self._products.vial(row.receipt.product, row.receipt.size_units)

        return (
            Column("At", lambda row: time_text(row.at), lambda row: row.at, width=80),
            Column("Vials", lambda row: number_text(row.receipt.vials), lambda row: row.receipt.vials, numeric=True,
                   width=64),
            Column("Package", package, width=160),
            Column("Lot", lambda row: row.receipt.number, width=130),
            Column("Expiry", lambda row: date_text(row.receipt.expires_on), lambda row: row.receipt.expires_on,
                   width=110),
            Column("For", _whom, stretch=True),
        )  # fmt: skip

    def _perform(self, receipt: Receipt) -> tuple[Received, ClinicError | None]:
        """Receive, then learn the code; a code that cannot be learned does not undo what came."""
        stock, actor = self._workplace.services.stock, self._workplace.actor
        lot_id = stock.receive(
            actor,
            product=receipt.product,
            number=receipt.number,
            size_units=receipt.size_units,
            expires_on=receipt.expires_on,
            vials=receipt.vials,
            patient_id=None if receipt.patient is None else receipt.patient.id,
            gtin=receipt.gtin,
        )
        received = Received(self._workplace.now(), lot_id, stock.last_received(actor, lot_id), receipt)
        try:
            if receipt.learn:
                stock.learn(actor, receipt.gtin, receipt.product, receipt.size_units)
        except ClinicError as error:
            return received, error
        return received, None

    def _done(self, received: Received, not_learned: ClinicError | None) -> None:
        receipt = received.receipt
        self._show_so_far((received, *self._so_far))
        self.form.clear()
        self.form.scan_field.setFocus()
        if not_learned is not None:
            self.problem.say(told(not_learned))
        package = self._products.vial(receipt.product, receipt.size_units)
        text = f"{vials_text(receipt.vials)} of {package}, lot {receipt.number}, received."
        self.message_offered.emit(text, lambda: self._take_back(received))
        self.received.emit(received.lot_id)

    def _take_back(self, received: Received) -> None:
        stock, actor = self._workplace.services.stock, self._workplace.actor
        self._workplace.tasks.run(
            lambda: stock.undo(actor, received.movement_id),
            lambda _line: self._taken_back(received),
            self._refused,
            owner=self,
        )

    def _taken_back(self, received: Received) -> None:
        self._show_so_far(tuple(line for line in self._so_far if line != received))
        self.message_offered.emit(f"Lot {received.receipt.number}: taken back; the ledger shows both.", None)

    def _refused(self, error: ClinicError) -> None:
        if not self.form.show_error(error):
            self.problem.say(told(error))

    def _answered(self) -> None:
        self.save_button.setEnabled(True)

    def _show_so_far(self, lines: tuple[Received, ...]) -> None:
        self._so_far = lines
        self.so_far.set_rows(lines)
        self.so_far.horizontalHeader().setVisible(bool(lines))

    @Slot(str)
    def read(self, text: str) -> None:
        """A code from the scanner: one more package."""
        stock, actor = self._workplace.services.stock, self._workplace.actor
        self._reading += 1
        # Every package counts: an answer to one scan must not be dropped for the next.
        self._workplace.tasks.run(
            lambda: stock.scan(actor, text),
            self.form.show_scan,
            lambda error: self.form.refuse_scan(text, error),
            owner=self,
            ended=self._was_read,
        )

    def _was_read(self) -> None:
        self._reading -= 1
        if self._waits_for_scans and not self._reading:
            self.submit()

    def _choose_patient(self, banner: Banner) -> None:
        self.form.patient_choice.choose(ChosenPatient(banner.id, banner.name, banner.birth_date, banner.record_number))

    def _keep_typed(self) -> None:
        """Another lot begins: offer the way back to what stood here."""
        typed = self.form.typed()
        self.form.clear()
        self.problem.say("")
        if typed is not None:
            self.message_offered.emit("What was typed to be received was put aside.", lambda: self._bring_back(typed))

    def _bring_back(self, typed: TypedReceipt) -> None:
        self.form.bring_back(typed)
        self.brought_back.emit()

    @Slot()
    def _changed(self) -> None:
        vials = self.form.vials()
        self.save_button.setText("Receive vials" if vials is None else f"Receive {vials_text(vials)}")
        self.problem.say("")

    @Slot()
    def _empty_form(self) -> None:
        self._keep_typed()
        self.form.scan_field.setFocus()

    @Slot(object)
    def _show_lot(self, line: Received) -> None:
        self.lot_requested.emit(line.lot_id)


def _whom(row: Received) -> str:
    return "Anybody" if row.receipt.patient is None else row.receipt.patient.name
