"""The fields of a delivery: filled by scans of the packages or by hand, one lot at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.stock_data import LotRow, ProductSize, ScannedVial
from clinic_app.ui.locale import date_text
from clinic_app.ui.patient_choice import ChosenPatient, PatientChoice
from clinic_app.ui.stock.receive_fields import ExpiryField, ScanField, ScannableField
from clinic_app.ui.stock.wording import Products, units_text, vials_text, whole_vials
from clinic_app.ui.theme import BETWEEN
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.fields import CheckField, LabelledField, check_all
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.value_fields import ChoiceField, NumberField
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_DOUBT = "The scanner left out a sign between the parts of the code. Compare the lot with the print on the package."


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the form says came. ``learn`` when its code is to be remembered for the product and size."""

    product: str
    number: str
    size_units: Decimal
    expires_on: date
    vials: int
    patient: ChosenPatient | None
    gtin: str
    learn: bool


@dataclass(frozen=True, slots=True)
class TypedReceipt:
    """Everything that stands in the form, as typed, to bring it back."""

    product: str | None
    size_units: Decimal | None
    number: str
    expiry: str
    vials: str
    code: str
    new_code: str
    serials: frozenset[str]
    patient: ChosenPatient | None


class ReceiveForm(QWidget):
    """Scan line, product, size, lot, expiry, number of vials, code, and perhaps the patient they are for."""

    scanned = Signal(str)
    """A code to be read; the answer comes by ``show_scan`` or ``refuse_scan``."""
    changed = Signal()

    def __init__(self, workplace: Workplace, products: Products, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._products = products
        self._sizes: tuple[ProductSize, ...] = ()
        self._serials: set[str] = set()
        self._new_code = ""
        self.scan_field = ScanField(
            "Scan",
            self,
            placeholder="Scan or type the code on the package",
            hint="Scan again, or press Enter, for one more vial of the same lot.",
        )
        self.new_code = Note(Level.INFO, self)
        self.remember_box = CheckField("Remember for this code", self)
        self.doubt = Note(Level.WARN, self)
        self.product_field: ChoiceField[str] = ChoiceField("Product", (), self, required=True)
        self.size_field: ChoiceField[Decimal] = ChoiceField("Vial size", (), self, required=True)
        self.code_field = ScannableField("Package code (GTIN)", self)
        self.code_field.editor.setPlaceholderText("Filled by a scan")
        self.code_field.editor.setToolTip("The 14 digits after (01); they may stay empty")
        self.lot_field = ScannableField("Lot", self, required=True)
        self.expiry_field = ExpiryField("Expiry", self, required=True, today=workplace.today)
        self.vials_field = NumberField("Vials", self, decimals=0, smallest=1, required=True)
        self.patient_choice = PatientChoice(
            workplace, self, name="stock.receive", label="For one patient", tells_bookings=False
        )
        self.patient_choice.search.editor.setPlaceholderText("Anybody, or search name, birth date, number")
        self.patient_choice.search.editor.setToolTip("Only for vials that a pharmacy supplied for one patient")
        self.lot_field.missing_text = "Type the lot number as it stands on the vial."
        self.vials_field.missing_text = "Type how many vials came."
        self.product_field.missing_text = "Choose the product."
        self.size_field.missing_text = "Choose how many units a vial holds."
        self.expiry_field.add_check(self._check_expiry)
        self._lay_out()
        self._connect()
        self.clear()

    def set_sizes(self, sizes: Sequence[ProductSize]) -> None:
        """Offer the packages that exist."""
        if tuple(sizes) == self._sizes:
            return
        self._sizes = tuple(sizes)
        products = dict.fromkeys(size.product for size in sizes)
        named = sorted((self._products.both(product), product) for product in products)
        self.product_field.set_choices([(product, name) for name, product in named])
        self._offer_sizes()

    def begin_more(self, row: LotRow) -> None:
        """More vials of a lot that is known."""
        self.clear()
        self._choose(row.product, row.size_units)
        self.lot_field.set_value(row.number)
        self.expiry_field.set_value(row.expires_on)
        self.changed.emit()
        self.vials_field.setFocus()

    def clear(self) -> None:
        """An empty form."""
        self._serials.clear()
        self._know_code("")
        self.doubt.say("")
        self.product_field.set_value(None)
        self._offer_sizes()
        self.size_field.set_value(None)
        for field in (self.scan_field, self.lot_field, self.code_field):
            field.set_value("")
        self.expiry_field.set_value(None)
        self.vials_field.set_value(None)
        if self.patient_choice.patient() is not None or self.patient_choice.search.text():
            self.patient_choice.choose(None)
        self.changed.emit()

    def typed(self) -> TypedReceipt | None:
        """What would be lost with the form, or None."""
        if not (self.lot_field.value() or self.scan_field.value() or self.code_field.value()):
            return None
        return TypedReceipt(
            self.product_field.value(),
            self.size_field.value(),
            self.lot_field.value(),
            self.expiry_field.editor.text(),
            self.vials_field.editor.text(),
            self.code_field.value(),
            self._new_code,
            frozenset(self._serials),
            self.patient_choice.patient(),
        )

    def bring_back(self, typed: TypedReceipt) -> None:
        """What stood in the form when it was put aside."""
        self.clear()
        self._know_code(typed.new_code)
        self.product_field.set_value(typed.product)
        self._offer_sizes()
        self.size_field.set_value(typed.size_units)
        self.lot_field.set_value(typed.number)
        self.expiry_field.editor.setText(typed.expiry)
        self.vials_field.editor.setText(typed.vials)
        self.code_field.set_value(typed.code)
        self._serials.update(typed.serials)
        if typed.patient is not None:
            self.patient_choice.choose(typed.patient)
        self.changed.emit()

    def vials(self) -> int | None:
        """How many vials it says, where it says a usable number."""
        return whole_vials(self.vials_field.value())

    def receipt(self) -> Receipt | None:
        """What came, or None after saying under the fields what is missing."""
        fields = (self.product_field, self.size_field, self.lot_field, self.expiry_field, self.vials_field)
        if not check_all(fields):
            return None
        product, size, expires_on = self.product_field.value(), self.size_field.value(), self.expiry_field.value()
        vials = self.vials()
        if product is None or size is None or expires_on is None or vials is None:
            return None
        code = self.code_field.value()
        learn = bool(code) and code == self._new_code and self.remember_box.value()
        patient = self.patient_choice.patient()
        return Receipt(product, self.lot_field.value(), size, expires_on, vials, patient, code, learn)

    def show_error(self, error: ClinicError) -> bool:
        """Show the error under its field; False when it belongs to none."""
        fields: dict[str, LabelledField] = {
            "product": self.product_field, "size_units": self.size_field, "size": self.size_field,
            "lot_number": self.lot_field, "number": self.lot_field, "lot": self.lot_field,
            "expires_on": self.expiry_field, "vials": self.vials_field, "gtin": self.code_field,
        }  # fmt: skip
        field = fields.get(error.field)
        if field is None:
            return False
        field.set_error(told(error))
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def show_scan(self, vial: ScannedVial) -> None:
        """Fill the fields from a package, or count it when it is another one of the same lot."""
        self.scan_field.set_error("")
        against = self._speaks_against(vial)
        if against:
            self.scan_field.set_error(against)
            return
        if vial.serial and vial.serial in self._serials:
            self.scan_field.set_error("This package was counted already. Scan the next one.")
            return
        if vial.serial:
            self._serials.add(vial.serial)
        self._fill(vial)
        self.doubt.say(_DOUBT if vial.doubtful else "")
        self.vials_field.set_value((self.vials() or 0) + 1)
        # The cursor stays, also where something is missing: the next package may be under the scanner already, and a
        # list of products would take its letters for a choice.
        self.changed.emit()

    def refuse_scan(self, text: str, error: ClinicError) -> None:
        """Say why a code cannot be read; it stays to be looked at."""
        if not self.scan_field.value():
            self.scan_field.set_value(text)
            self.scan_field.editor.selectAll()
        self.scan_field.set_error(told(error))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(BETWEEN)
        grid.setVerticalSpacing(BETWEEN)
        places: tuple[tuple[QWidget, int, int, int], ...] = (
            (self.product_field, 0, 0, 2), (self.size_field, 0, 2, 1), (self.code_field, 0, 3, 1),
            (self.lot_field, 1, 0, 2), (self.expiry_field, 1, 2, 1), (self.vials_field, 1, 3, 1),
            (self.patient_choice, 2, 0, 2),
        )  # fmt: skip
        for widget, row, column, columns in places:
            grid.addWidget(widget, row, column, 1, columns)
        for column in range(4):
            grid.setColumnStretch(column, 1)
        new_code = QHBoxLayout()
        new_code.setSpacing(BETWEEN)
        new_code.addWidget(self.new_code, 1)
        new_code.addWidget(self.remember_box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(BETWEEN)
        layout.addWidget(self.scan_field)
        layout.addLayout(new_code)
        layout.addWidget(self.doubt)
        layout.addLayout(grid)

    def _connect(self) -> None:
        for source in (self.scan_field, self.lot_field, self.code_field):
            source.scanned.connect(self.scanned)
        self.scan_field.asked_for_more.connect(self._one_more)
        self.product_field.changed.connect(self._product_chosen)
        for field in (self.size_field, self.lot_field, self.expiry_field, self.vials_field, self.code_field):
            field.changed.connect(self.changed)

    def _check_expiry(self) -> str:
        expires_on = self.expiry_field.value()
        if expires_on is not None and expires_on < self._workplace.today():
            return f"Expired {date_text(expires_on)}. Check the vial; expired vials are not received."
        return ""

    def _speaks_against(self, vial: ScannedVial) -> str:
        """Why a package cannot belong to the lot that stands in the form, as a sentence; "" when it can."""
        number, code, expires_on = self.lot_field.value(), self.code_field.value(), self.expiry_field.value()
        if not number:
            return ""
        if vial.lot and number.casefold() != vial.lot.casefold():
            have = vials_text(self.vials() or 0)
            return f"This package is of lot {vial.lot}. Receive the {have} of lot {number} first."
        product, size = self.product_field.value(), self.size_field.value()
        chosen = product is not None and size is not None
        if vial.size_units is not None and chosen and (product, size) != (vial.product, vial.size_units):
            what = self._products.vial(vial.product, vial.size_units)
            return f"This package holds {what}. Check the product and the vial size."
        if expires_on is not None and vial.expires_on is not None and expires_on != vial.expires_on:
            return f"This package expires {date_text(vial.expires_on)}. Compare the expiry with the print."
        if code and vial.gtin and code != vial.gtin:
            return f"This package has the code {vial.gtin}. Compare it with the others."
        return ""

    def _fill(self, vial: ScannedVial) -> None:
        if vial.product and vial.size_units is not None:
            self._choose(vial.product, vial.size_units)
        elif vial.gtin:
            self._know_code(vial.gtin)
        if vial.gtin:
            self.code_field.set_value(vial.gtin)
        if vial.lot:
            self.lot_field.set_value(vial.lot)
        if vial.expires_on is not None:
            self.expiry_field.set_value(vial.expires_on)
            self.expiry_field.check()

    def _choose(self, product: str, size_units: Decimal) -> None:
        self.product_field.set_value(product)
        self._offer_sizes()
        self.size_field.set_value(size_units)

    def _know_code(self, gtin: str) -> None:
        """A code that nobody has met before; "" when there is none."""
        self._new_code = gtin
        self.new_code.say(f"Code {gtin} is new here. Choose its product and vial size once." if gtin else "")
        self.remember_box.setVisible(bool(gtin))
        self.remember_box.set_value(bool(gtin))

    def _offer_sizes(self) -> None:
        product = self.product_field.value()
        sizes = sorted({size.size_units for size in self._sizes if size.product == product})
        self.size_field.set_choices([(size, units_text(size)) for size in sizes])
        if len(sizes) == 1:
            self.size_field.set_value(sizes[0])

    @Slot()
    def _product_chosen(self) -> None:
        self._offer_sizes()
        self.changed.emit()

    @Slot()
    def _one_more(self) -> None:
        if self.code_field.value() and self.lot_field.value():
            self.vials_field.set_value((self.vials() or 0) + 1)
            self.changed.emit()
