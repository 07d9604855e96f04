"""The head of a lot's page: what it is, how long it may be used, how many are left, whose it is."""

from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.services.stock_data import LotRow
from clinic_app.ui.locale import date_text, number_text
from clinic_app.ui.stock.expiry import ExpiryBar, expiry_of, level_color
from clinic_app.ui.stock.wording import HOLD_LEVELS, Products, hold_text
from clinic_app.ui.theme import GROUPS, INSIDE, TIGHT, current_theme
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.headings import ElidedLabel, Muted, Title, set_text_color
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.palette import on_palette_change

_LONGEST_NAME = 24


class LotFacts(QWidget):
    """Title, why it is held, and four facts side by side."""

    patient_requested = Signal(int)

    def __init__(self, products: Products, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._products = products
        self._row: LotRow | None = None
        self._today = date.min
        self.title = Title("", self)
        self.generic = Muted("", self)
        self.holds = {hold: Note(level, self) for hold, level in HOLD_LEVELS.items()}
        self.number = _Fact("Lot", self, elides=True)
        self.expiry = _Fact("Expires", self)
        self.bar = ExpiryBar(self)
        self.left = _Fact("Vials left", self)
        self.owner = _Fact("Supplied for", self)
        self.owner_link = LinkButton("", self)
        self.owner_link.setStyleSheet("QPushButton { min-height: 18px; }")  # in a line of text, no higher than it
        self.owner_link.clicked.connect(self._show_owner)
        self._lay_out()
        on_palette_change(self.expiry.aside, self._tint)

    def show_row(self, row: LotRow, today: date) -> None:
        """Show a lot."""
        self._row, self._today = row, today
        self.title.setText(self._products.vial(row.product, row.size_units))
        self.generic.setText(self._products.generic(row.product))
        for hold, note in self.holds.items():
            note.say(hold_text(hold, row.hold_reason) if hold is row.hold else "")
        self.number.say(row.number)
        expiry = expiry_of(row.expires_on, today)
        self.bar.set_expiry(expiry)
        # The date stands there already: of "expired 24 Sep 2024" only the verb is news.
        aside = expiry.words.removeprefix("expires ").removesuffix(date_text(row.expires_on)).strip()
        self.expiry.say(date_text(row.expires_on), aside)
        self.left.say(number_text(row.vials_left), f"of {number_text(row.vials_received)} received")
        self.owner.say("" if row.patient_id is not None else "Anybody")
        self.owner.setToolTip(
            "" if row.patient_id is None else "A specialty pharmacy supplied it for this patient alone"
        )
        self.owner_link.setVisible(row.patient_id is not None)
        self.owner_link.setText(_shortened(row.patient_name))
        self.owner_link.setToolTip(f"Show {row.patient_name}")
        self.owner_link.setAccessibleName(f"Supplied for {row.patient_name}")
        self._tint()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(INSIDE)
        top.addWidget(self.title)
        top.addWidget(self.generic, 0, Qt.AlignmentFlag.AlignBottom)
        top.addStretch(1)
        self.expiry.add(self.bar)
        self.owner.add(self.owner_link)
        facts = QHBoxLayout()
        facts.setSpacing(GROUPS)
        for fact, share in ((self.number, 2), (self.expiry, 4), (self.left, 2), (self.owner, 3)):
            facts.addWidget(fact, share, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        layout.addLayout(top)
        for note in self.holds.values():
            layout.addWidget(note)
        layout.addLayout(facts)

    def _tint(self) -> None:
        if self._row is not None:
            level = expiry_of(self._row.expires_on, self._today).level if self._row.vials_left else None
            set_text_color(self.expiry.aside, level_color(level, current_theme().muted))

    @Slot()
    def _show_owner(self) -> None:
        if self._row is not None and self._row.patient_id is not None:
            self.patient_requested.emit(self._row.patient_id)


class _Fact(QWidget):
    """A caption over what is known, with a quiet word beside it. ``elides`` what may be long."""

    def __init__(self, caption: str, parent: QWidget, *, elides: bool = False) -> None:
        super().__init__(parent)
        self._caption = caption
        self.value = ElidedLabel("", self) if elides else QLabel("", self)
        self.value.setTextFormat(Qt.TextFormat.PlainText)
        self.aside = QLabel("", self)
        self.aside.setTextFormat(Qt.TextFormat.PlainText)
        self._line = QHBoxLayout()
        self._line.setSpacing(INSIDE)
        self._line.addWidget(self.value)
        self._line.addWidget(self.aside)
        self._line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addWidget(Muted(caption, self))
        layout.addLayout(self._line)

    def add(self, widget: QWidget) -> None:
        """A part of its own after the words."""
        self._line.insertWidget(2, widget)

    def say(self, value: str, aside: str = "") -> None:
        """Show what is known."""
        if isinstance(self.value, ElidedLabel):
            self.value.set_text(value)
        else:
            self.value.setText(value)
        self.value.setVisible(bool(value))
        self.aside.setText(aside)
        self.aside.setVisible(bool(aside))
        self.setAccessibleName(f"{self._caption}: {value} {aside}".strip())


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"
