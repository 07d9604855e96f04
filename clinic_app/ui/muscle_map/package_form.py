"""Asked once for a package whose code is new: which product and size it is."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.reference.units import show_units
from clinic_app.services.stock_data import ProductSize, ScannedVial
from clinic_app.ui.theme import INSIDE
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.sections import Card
from clinic_app.ui.widgets.value_fields import ChoiceField


class PackageForm(Card):
    """One choice and its button."""

    named = Signal(object, object)
    """The ScannedVial and the ProductSize it is."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=INSIDE)
        self._scanned: ScannedVial | None = None
        self._words = Muted("", self, wrap=True)
        self.product: ChoiceField[ProductSize] = ChoiceField(
            "Product and size", (), self, required=True, placeholder="As the vial says"
        )
        self.save = PrimaryButton("Remember package", self)
        self.cancel = PlainButton("Cancel", self)
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self._cancel)
        buttons = QHBoxLayout()
        buttons.setSpacing(INSIDE)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save)
        self.layout_inside.addWidget(Strong("New package", self))
        self.layout_inside.addWidget(self._words)
        self.layout_inside.addWidget(self.product)
        self.layout_inside.addLayout(buttons)
        self.hide()

    def ask(self, scanned: ScannedVial, sizes: Sequence[ProductSize]) -> None:
        """Ask about a package; asked once, its code is known from then on."""
        self._scanned = scanned
        self._words.setText(f"The code {scanned.gtin} was never scanned here. Lot {scanned.lot}.")
        self.product.set_choices([(each, f"{each.name} · {show_units(each.size_units)}") for each in sizes])
        self.product.set_value(None)
        self.show()
        self.product.setFocus()

    @Slot()
    def _save(self) -> None:
        chosen = self.product.value()
        if not self.product.check() or chosen is None or self._scanned is None:
            return
        self.hide()
        self.named.emit(self._scanned, chosen)

    @Slot()
    def _cancel(self) -> None:
        self.hide()
        self.closed.emit()
