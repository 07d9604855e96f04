"""The left column of Prepare: which day, and the vials to fetch for it, a card for each product."""

from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.services.stock_data import Preparation, ProductNeed, VialChoice
from clinic_app.ui.stock.expiry import expiry_of, level_color
from clinic_app.ui.stock.wording import Products, authorization_text, units_text, vials_text
from clinic_app.ui.theme import BETWEEN, INSIDE, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import IconButton, PlainButton
from clinic_app.ui.widgets.headings import ElidedLabel, Muted, Strong, set_text_color
from clinic_app.ui.widgets.loading import Skeleton
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.palette import on_palette_change
from clinic_app.ui.widgets.sections import Scroll, Section
from clinic_app.ui.widgets.value_fields import DateField
from clinic_app.ui.workplace import Workplace


class FetchList(QWidget):
    """Steps through days and lists what to take off the shelf. It is told the preparation."""

    day_chosen = Signal(object)
    """A date."""

    def __init__(self, workplace: Workplace, products: Products, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._products = products
        self._day = workplace.today()
        self._shown: Preparation | None = None
        self.day_field = DateField("Day", self, required=True, today=workplace.today)
        self.before = IconButton("chevron-left", "Previous day", self, shortcut="Alt+Left")
        self.after = IconButton("chevron-right", "Next day", self, shortcut="Alt+Right")
        self.today = PlainButton("Today", self, shortcut="Alt+Home")
        self.nothing = Muted("", self, wrap=True)
        self.cards: list[_NeedCard] = []
        self._cards = QVBoxLayout()
        self._lay_out()
        self.before.clicked.connect(self._step_back)
        self.after.clicked.connect(self._step_on)
        self.today.clicked.connect(self._go_today)
        self.day_field.left.connect(self._day_typed)
        self.day_field.editor.returnPressed.connect(self._day_typed)
        self.set_day(self._day)

    def set_day(self, day: date) -> None:
        """Say which day is shown."""
        self._day = day
        self.day_field.set_value(day)

    def set_loading(self) -> None:
        """Another day was asked for."""
        self._skeleton.start()

    def stop_loading(self) -> None:
        """Nothing comes: it was refused."""
        self._skeleton.stop()

    def show_preparation(self, found: Preparation) -> None:
        """Show the vials of a day."""
        self._skeleton.stop()
        if found == self._shown:
            return
        self._shown = found
        for card in self.cards:
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        today = self._workplace.today()
        cards = [
            _NeedCard(need, _uncovered(found, need.product), self._products, today, self) for need in found.products
        ]
        self.cards = sorted(cards, key=_loudest_first)
        for place, card in enumerate(self.cards):
            self._cards.insertWidget(place, card)
        self.nothing.setVisible(not self.cards)
        self.nothing.setText(
            "No vials to fetch for this day." if not found.patients else "No pattern says what to fetch."
        )

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(BETWEEN, 0, BETWEEN, 0)
        top.setSpacing(INSIDE)
        top.addWidget(self.before, 0, Qt.AlignmentFlag.AlignBottom)
        top.addWidget(self.day_field, 1)
        top.addWidget(self.after, 0, Qt.AlignmentFlag.AlignBottom)
        top.addWidget(self.today, 0, Qt.AlignmentFlag.AlignBottom)
        content = QWidget()
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(BETWEEN)
        inside = QVBoxLayout(content)
        inside.setContentsMargins(BETWEEN, 0, BETWEEN, BETWEEN)
        inside.setSpacing(BETWEEN)
        inside.addLayout(self._cards)
        inside.addWidget(self.nothing)
        inside.addStretch(1)
        scroll = Scroll(content, self)
        content.setAutoFillBackground(False)  # setWidget has switched it on
        self._skeleton = Skeleton(scroll)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(BETWEEN)
        layout.addLayout(top)
        layout.addWidget(scroll, 1)

    def _go(self, day: date) -> None:
        if day != self._day:
            self.set_day(day)
            self.day_chosen.emit(day)

    @Slot()
    def _step_back(self) -> None:
        self._go(self._day - timedelta(days=1))

    @Slot()
    def _step_on(self) -> None:
        self._go(self._day + timedelta(days=1))

    @Slot()
    def _go_today(self) -> None:
        self._go(self._workplace.today())

    @Slot()
    def _day_typed(self) -> None:
        day = self.day_field.value()
        if self.day_field.check() and day is not None:
            self._go(day)


class _NeedCard(Section):
    """One product: what is missing, how much the day needs, which vials, what would be wasted, who does not pay."""

    def __init__(
        self, need: ProductNeed, uncovered: list[str], products: Products, today: date, parent: QWidget
    ) -> None:
        super().__init__(products.brand(need.product), parent)
        self.layout_inside.setContentsMargins(BETWEEN, BETWEEN, BETWEEN, BETWEEN)
        self.layout_inside.setSpacing(INSIDE)
        self.need = need
        self.short = Note(Level.STOP, self)
        self.short.say(f"{units_text(need.short)} short. Receive more before the day." if need.short > 0 else "")
        self.add(self.short)
        self.setToolTip(products.both(need.product))
        self.add_action(Muted(f"{units_text(need.units)} needed", self))
        grid = QGridLayout()
        grid.setHorizontalSpacing(BETWEEN)
        grid.setVerticalSpacing(INSIDE)
        grid.setColumnStretch(2, 1)
        for row, choice in enumerate(need.vials):
            count = Strong(f"{choice.vials} × {units_text(choice.size_units)}", self)
            count.setAccessibleName(
                f"{vials_text(choice.vials)} of {units_text(choice.size_units)}, lot {choice.number}"
            )
            grid.addWidget(count, row, 0)
            grid.addWidget(ElidedLabel(choice.number, self), row, 1)
            grid.addWidget(_Remark(choice, today, self), row, 2, Qt.AlignmentFlag.AlignRight)
        self.add(grid)
        self.wasted = Muted(
            f"{units_text(need.spare)} would be wasted" if need.spare > 0 else "Nothing would be wasted", self
        )
        self.wasted.setVisible(bool(need.vials))
        self.add(self.wasted)
        self.uncovered = Note(Level.WARN, self)
        self.uncovered.say("\n".join(uncovered))
        self.add(self.uncovered)


def _uncovered(found: Preparation, product: str) -> list[str]:
    """Whose authorization does not cover the visit, a line for each."""
    said = [(row.name, authorization_text(row)) for row in found.patients if row.product == product]
    return [f"{name}: {text}" for name, text in said if text]


def _loudest_first(card: _NeedCard) -> tuple[bool, bool]:
    return not card.short.text(), not card.uncovered.text()


class _Remark(QLabel):
    """When the vials expire, and whether they are kept for one patient."""

    def __init__(self, choice: VialChoice, today: date, parent: QWidget) -> None:
        expiry = expiry_of(choice.expires_on, today)
        kept = "for its patient · " if choice.assigned else ""
        super().__init__(kept + expiry.words, parent)
        self._level = expiry.level
        self.setTextFormat(Qt.TextFormat.PlainText)
        on_palette_change(self, self._tint)

    def _tint(self) -> None:
        set_text_color(self, level_color(self._level, current_theme().muted))
