"""Product and vials of the visit."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from clinic_app.services.chart_data import LotChoice
from clinic_app.ui.muscle_map import vial_edits
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.package_form import PackageForm
from clinic_app.ui.muscle_map.vial_card import VialCard
from clinic_app.ui.naming import brand_of, product_text
from clinic_app.ui.theme import INSIDE, heading_font
from clinic_app.ui.widgets.buttons import IconButton, LinkButton
from clinic_app.ui.widgets.fields import TextField
from clinic_app.ui.widgets.headings import ElidedLabel
from clinic_app.ui.widgets.scanning import SeparatorKeeper
from clinic_app.ui.widgets.value_fields import ChoiceField

_SCAN_ANYWHERE = "A scanner is heard wherever the cursor is."


class VialList(QWidget):
    """The product's choice and a card for each vial."""

    lots_wanted = Signal(str)
    """The lots of this product are not known yet."""
    rows_changed = Signal()
    """Cards came or went."""
    vial_done = Signal()
    """A vial has all it needs; the muscles come next."""
    code_typed = Signal(str)
    """The code of a package, scanned or typed into its field."""
    label_wanted = Signal(str)
    """The key of a vial whose label is to be printed."""
    package_named = Signal(object, object)
    """The ScannedVial and the ProductSize it is."""

    def __init__(self, chart: OpenChart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart = chart
        self.cards: dict[str, VialCard] = {}
        self._lots: dict[str, tuple[LotChoice, ...]] = {}
        self._people: tuple[tuple[int, str], ...] = ()
        self._asked: set[str] = set()
        reference = chart.reference
        licensed = [p.id for p in reference.products.values() if p.brand_names(chart.region.value)]
        others = [p for p in reference.products if p not in licensed]
        self._offered = (*licensed, *others)
        self.product: ChoiceField[str] = ChoiceField(
            "Product",
            [(name, product_text(reference, name, chart.region)) for name in self._offered],
            self,
            placeholder="Choose the product",
        )
        self.product.changed.connect(self._product_chosen)
        self._name = ElidedLabel("", self)
        self._name.setFont(heading_font(13))
        self.change = IconButton("pencil", "Change the product", self)
        self.change.clicked.connect(self._change_product)
        self.add = LinkButton("Add a vial", self, icon="plus")
        self.add.clicked.connect(self._ask_product)
        self._menu = QMenu(self)
        self._menu.triggered.connect(self._add_vial)
        self.by_code = IconButton("package", "Take a vial by its package code", self)
        self.by_code.clicked.connect(self._ask_code)
        self.code = TextField(
            "Package code", self, longest=300, placeholder="Scan or type the code, then Enter", hint=_SCAN_ANYWHERE
        )
        self.separators = SeparatorKeeper(self.code.editor)
        self.code.editor.returnPressed.connect(self._take_code)
        self.code.hide()
        self.package = PackageForm(self)
        self.package.named.connect(self.package_named)
        top = QHBoxLayout()
        top.setSpacing(INSIDE)
        top.addWidget(self._name, 1)
        top.addWidget(self.change)
        top.addWidget(self.by_code)
        top.addWidget(self.add)
        self._column = QVBoxLayout()
        self._column.setSpacing(INSIDE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        layout.addLayout(top)
        layout.addWidget(self.product)
        layout.addWidget(self.code)
        layout.addWidget(self.package)
        layout.addLayout(self._column)

    def set_lots(self, product: str, lots: Sequence[LotChoice]) -> None:
        """The lots of a product arrived."""
        self._lots[product] = tuple(lots)
        for vial in self._chart.content.vials:
            if vial.product == product and vial.key in self.cards:
                self.cards[vial.key].set_lots(lots)

    def set_people(self, people: Sequence[tuple[int, str]]) -> None:
        """Who may have seen a waste."""
        self._people = tuple(people)
        for card in self.cards.values():
            card.set_people(people)
        self.refresh()

    def forget_lots(self) -> None:
        """Ask again for the lots on the shelf."""
        self._asked.clear()
        self.refresh()

    @Slot()
    def close_complete(self) -> None:
        """The person went on to the muscles: what is complete needs no fields any more."""
        self.product.setVisible(not self._chart.content.product)
        for card in self.cards.values():
            if card.complete:
                card.set_open(False)

    def refresh(self) -> None:
        """Show the chart as it is now."""
        content, charted = self._chart.content, self._chart.charted
        if self.product.value() != (content.product or None):
            self.product.set_value(content.product or None)
            self.product.setVisible(not content.product)
        name = product_text(self._chart.reference, content.product, self._chart.region)
        self._name.set_text(name if content.product else "Product and vial")
        self.change.setVisible(bool(content.product))
        self.add.setVisible(bool(content.product))
        keys = [vial.key for vial in content.vials]
        if keys != list(self.cards):
            self._match_cards(keys)
        for vial, read in zip(content.vials, charted.vials, strict=True):
            problems = {p.field: p.sentence for p in charted.problems if p.key == vial.key}
            self.cards[vial.key].refresh(vial, read, problems)
            if vial.product and vial.product not in self._asked:
                self._asked.add(vial.product)
                self.lots_wanted.emit(vial.product)

    def _match_cards(self, keys: list[str]) -> None:
        for key in [key for key in self.cards if key not in keys]:
            gone = self.cards.pop(key)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        vials = {vial.key: vial for vial in self._chart.content.vials}
        for key in keys:
            if key not in self.cards:
                card = VialCard(self._chart, key, self)
                card.set_lots(self._lots.get(vials[key].product, ()))
                card.set_people(self._people)
                card.set_open(not card.complete)
                card.done.connect(self.vial_done)
                card.label_wanted.connect(self.label_wanted)
                self.cards[key] = card
        self.cards = {key: self.cards[key] for key in keys}
        for number, card in enumerate(self.cards.values()):
            if self._column.indexOf(card) != number:
                self._column.insertWidget(number, card)
        self.rows_changed.emit()

    @Slot()
    def _product_chosen(self) -> None:
        chosen = self.product.value()
        if chosen is None:
            return
        self.product.hide()
        self._chart.edit(vial_edits.set_product(self._chart.content, chosen))

    def show_taken(self, key: str) -> None:
        """A package became this vial: what is still missing of it comes next."""
        self.code.set_value("")
        self.code.hide()
        self.package.hide()
        card = self.cards.get(key)
        if card is None:
            return
        card.set_open(not card.complete)
        self._chart.changed.emit()
        if not card.complete:
            card.diluent.setFocus()

    @Slot()
    def _ask_code(self) -> None:
        self.code.setVisible(self.code.isHidden())
        if self.code.isVisible():
            self.code.setFocus()

    @Slot()
    def _take_code(self) -> None:
        self.code_typed.emit(self.code.value())

    @Slot()
    def _change_product(self) -> None:
        self.product.setVisible(self.product.isHidden())
        if self.product.isVisible():
            self.product.editor.setFocus()

    @Slot()
    def _ask_product(self) -> None:
        """Most often another vial of the same product; a second product is possible and will be asked about."""
        chart = self._chart
        self._menu.clear()
        others = [name for name in self._offered if name != chart.content.product]
        for name in (chart.content.product, *others):
            text = brand_of(chart.reference, name, chart.region)
            action = self._menu.addAction(f"Another vial of {text}" if name == chart.content.product else text)
            action.setData(name)
            if name == chart.content.product:
                self._menu.addSeparator()
        self._menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft()))

    @Slot(QAction)
    def _add_vial(self, action: QAction) -> None:
        self._chart.edit(vial_edits.add_vial(self._chart.content, str(action.data())))
