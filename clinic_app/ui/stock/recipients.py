"""Who got vials of a lot: the table, and the letter, list and file that a recall needs at once."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.languages import named_language
from clinic_app.services.stock_data import LotDetails, LotRecipient
from clinic_app.ui.locale import date_text, language_name, number_text
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.column_widths import Fit
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.fields import TextArea
from clinic_app.ui.widgets.sections import Card
from clinic_app.ui.widgets.table_page import TablePage
from clinic_app.ui.widgets.tables import Column, RowTable


class RecipientsPage(TablePage[LotRecipient]):
    """Patients and visits, the latest first; Enter opens the patient."""

    patient_requested = Signal(int)
    letters_asked = Signal(str)
    """Carries the reason that the letter gives."""
    list_asked = Signal()
    csv_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        table: RowTable[LotRecipient] = RowTable(
            _COLUMNS,
            name="stock-recipients",
            label="Patients who got vials of the lot",
            key=_key,
            empty=EmptyState("users", "Nobody got a vial of this lot yet. Patients stand here once a visit is signed."),
        )
        super().__init__(table, "Filter the patients", parent, own_file=True)
        self._lot_id = 0
        self._reasons: dict[int, str] = {}  # what was typed for the letters of each lot
        self._hold_reason = ""
        self.csv_button = self.add_tool("Save CSV…", "download", "Save the list for a spreadsheet")
        self.list_button = self.add_tool("Print list", "printer", "Print the list with telephone numbers (Ctrl+P)")
        self.letter_button = self.add_tool("Print letters…", "file-text", "A letter to each patient about this lot")
        self.letter_form = _LetterForm(self)
        self.inside.addWidget(self.letter_form)
        table.activated_row.connect(self._activated)
        self.csv_button.clicked.connect(self.csv_asked)
        self.list_button.clicked.connect(self.list_asked)
        self.letter_button.clicked.connect(self.begin_letters)
        self.letter_form.wished.connect(self._letters)

    def show_details(self, details: LotDetails) -> None:
        """Show who got vials of a lot."""
        if details.lot.lot_id != self._lot_id:
            self._reasons[self._lot_id] = self.letter_form.reason_field.value()
            self.letter_form.reason_field.set_value(self._reasons.get(details.lot.lot_id, ""))
            self.letter_form.hide()
        self._lot_id, self._hold_reason = details.lot.lot_id, details.lot.hold_reason
        self.letter_form.reason_field.set_hint(_languages(details.recipients))
        self.set_rows(list(details.recipients))
        for button in (self.csv_button, self.list_button, self.letter_button):
            button.setEnabled(bool(details.recipients))

    @Slot()
    def begin_letters(self) -> None:
        """Ask for the reason that the letters give."""
        self.letter_form.begin(self._hold_reason)

    def fold(self) -> bool:
        """Fold the letter's form; False when it was not open."""
        was_open = not self.letter_form.isHidden()
        self.letter_form.hide()
        return was_open

    @Slot(object)
    def _activated(self, row: LotRecipient) -> None:
        self.patient_requested.emit(row.patient_id)

    @Slot(str)
    def _letters(self, reason: str) -> None:
        self.letter_form.hide()
        self.letters_asked.emit(reason)


class _LetterForm(Card):
    """What the letters say happened. Ctrl+Enter prints, Esc folds it."""

    wished = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=BETWEEN, spacing=INSIDE)
        self.reason_field = TextArea("Why the patients get this letter", self, required=True, lines=3)
        self.reason_field.missing_text = "Write in plain words what the patients are told."
        self.cancel_button = PlainButton("Cancel", self)
        self.cancel_button.setToolTip("Cancel (Esc)")
        self.print_button = PrimaryButton("Print letters", self, icon="printer")
        self.print_button.setToolTip("Print letters (Ctrl+Enter)")
        foot = QHBoxLayout()
        foot.setSpacing(INSIDE)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.print_button)
        self.layout_inside.addWidget(self.reason_field)
        self.layout_inside.addLayout(foot)
        self.cancel_button.clicked.connect(self.hide)
        self.print_button.clicked.connect(self.submit)
        self.hide()

    def begin(self, reason: str) -> None:
        """Open with the reason of the lot's hold; what was typed before stays."""
        if not self.reason_field.value():
            self.reason_field.set_value(reason)
        self.show()
        self.reason_field.setFocus()

    @Slot()
    def submit(self) -> None:
        """Print with this reason, where there is one."""
        if self.reason_field.check():
            self.wished.emit(self.reason_field.value())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc folds, Ctrl+Enter prints."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.submit()
        else:
            super().keyPressEvent(event)


def _languages(recipients: Sequence[LotRecipient]) -> str:
    """That the reason stands as it is typed in letters of several languages; nothing where all are in one."""
    living = {row.patient_id: named_language(row.language) for row in recipients if row.died_on is None}
    told = Counter(living.values())
    if len(told) < 2:
        return ""
    named = ", ".join(f"{language_name(language)} {told[language]}" for language in sorted(filter(None, told)))
    return f"Each letter is in its patient's language ({named}). What you write here stands in all of them as it is."


def _name(row: LotRecipient) -> str:
    if row.died_on is not None:
        return f"{row.name} (died)"
    return f"{row.name} (moved away)" if row.moved_away else row.name


def _name_tip(row: LotRecipient) -> str:
    died = "" if row.died_on is None else f", died {date_text(row.died_on)}"
    return f"{_name(row)}{died}, with {row.injector}: press Enter for the patient"


def _phone_tip(row: LotRecipient) -> str:
    return "\n".join(part for part in (row.phone, row.address) if part)


def _key(row: LotRecipient) -> tuple[int, int]:
    return row.patient_id, row.visit_id


_COLUMNS: tuple[Column[LotRecipient], ...] = (
    Column("Patient", _name, tooltip=_name_tip, stretch=True, fit=Fit.WHOLE),
    Column("Birth date", lambda row: date_text(row.birth_date), lambda row: row.birth_date, width=120, fit=Fit.CONTENT),
    Column("Record number", lambda row: row.record_number, width=96, fit=Fit.CONTENT),
    Column("Telephone", lambda row: row.phone, tooltip=_phone_tip, width=100, fit=Fit.WHOLE),
    Column("Visit", lambda row: date_text(row.visited_on), lambda row: row.visited_on, width=120, fit=Fit.CONTENT),
    Column(
        "Injector", lambda row: row.injector, tooltip=lambda row: row.injector, width=84, fit=Fit.CONTENT, spared=True
    ),
    Column("Units", lambda row: number_text(row.units), lambda row: row.units, numeric=True, width=56, fit=Fit.CONTENT),
    Column(
        "Wasted",
        lambda row: "not known" if row.wasted is None else number_text(row.wasted),
        lambda row: row.wasted or 0,
        numeric=True,
        width=56,
        fit=Fit.CONTENT,
    ),
)
