"""The chosen lot: what it is, what can be done to it, its ledger, and who got it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.stock_data import LotDetails
from clinic_app.terms import LotHold
from clinic_app.ui.saved_file import CSV, SavedFile
from clinic_app.ui.stock.act_buttons import ActButton, CorrectButton
from clinic_app.ui.stock.ledger import LedgerPage
from clinic_app.ui.stock.lot_actions import LotActions
from clinic_app.ui.stock.lot_acts import CORRECTIONS, LotAct, Wish, offered_acts
from clinic_app.ui.stock.lot_facts import LotFacts
from clinic_app.ui.stock.lot_form import LotForm, TypedAct
from clinic_app.ui.stock.recipients import RecipientsPage
from clinic_app.ui.stock.wording import Products
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.loading import Skeleton
from clinic_app.ui.widgets.sections import Hairline, show_if
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

LEDGER, PATIENTS = 0, 1


class LotPage(QWidget):
    """Facts, buttons, the form that a button unfolds, and two tabs. It is told the lot."""

    more_asked = Signal(object)
    """The ``LotRow`` of which more came."""
    patient_requested = Signal(int)
    paper_requested = Signal(object)
    """A callable that gathers a ``Paper``."""
    message_offered = Signal(str, object)
    brought_back = Signal(int)
    """What was put aside for this lot stands in the form again and wants to be seen."""

    def __init__(self, workplace: Workplace, products: Products, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._details: LotDetails | None = None
        self._day = workplace.today()
        self._waiting: TypedAct | None = None
        self._tab_before: int | None = None
        self._stale: set[int] = set()
        """The tabs that do not show these details yet."""
        self.facts = LotFacts(products, self)
        self.lot_actions = LotActions(workplace, products, self)
        self.csv = SavedFile(CSV, workplace, self)
        self.more_button = PlainButton("Receive more", self, icon="plus")
        self.buttons = {act: ActButton(act, self) for act in LotAct if act not in CORRECTIONS}
        self.correct_button = CorrectButton(CORRECTIONS, self)
        self.form = LotForm(workplace.today, self)
        self.tabs = QTabBar(self)
        self.ledger = LedgerPage(workplace.services.clinic.time_zone, self)
        self.recipients = RecipientsPage(self)
        self.stack = QStackedWidget(self)
        self._skeleton = Skeleton(self)
        self._lay_out()
        self._connect()

    def details(self) -> LotDetails | None:
        """What is shown."""
        return self._details

    def set_loading(self) -> None:
        """Another lot was chosen and is on its way."""
        self._put_aside()
        self._skeleton.start()

    def stop_loading(self) -> None:
        """Nothing comes: it was refused."""
        self._skeleton.stop()

    def show_details(self, details: LotDetails) -> None:
        """Show a lot; the same lot anew keeps form, tab, selection and place."""
        self._skeleton.stop()
        before, today = self._details, self._workplace.today()
        if (details, today) == (before, self._day):
            return
        another = before is None or before.lot.lot_id != details.lot.lot_id
        self._details, self._day = details, today
        row = details.lot
        self.facts.show_row(row, today)
        offered = offered_acts(row, today)
        for act, button in self.buttons.items():
            show_if(button, act in offered)
        if another:
            self._turn_to_what_matters(details)
            self._put_aside()
        else:
            self.form.set_row(row)
        self._stale = {LEDGER, PATIENTS}
        self._fill_tab()
        count = len({recipient.patient_id for recipient in details.recipients})
        self.tabs.setTabText(PATIENTS, f"Patients ({count})")
        if self._waiting is not None and self._waiting.row.lot_id == row.lot_id:
            self.form.bring_back(self._waiting)
            self._waiting = None

    def set_witnesses(self, people: Sequence[tuple[int, str]]) -> None:
        """Offer colleagues as witnesses."""
        self.form.set_witnesses(people)

    @Slot(object)
    def begin(self, act: LotAct) -> None:
        """Open the form of an act, where the lot allows it."""
        if self._details is None or act not in offered_acts(self._details.lot, self._workplace.today()):
            return
        if self.form.act() is not act:
            self._put_aside()
            self.form.begin(self._details.lot, act)

    def fold(self) -> bool:
        """Esc: fold what is open; False when nothing was."""
        act = self.form.act()
        if act is None:
            return self.recipients.fold()
        self._put_aside()
        self.buttons.get(act, self.correct_button).setFocus()
        return True

    def focus_first(self) -> None:
        """Put the focus where the person acts on the lot."""
        self.more_button.setFocus()

    @Slot()
    def print_list(self) -> None:
        """Preview the list of who got the lot."""
        if self._details is not None and self._details.recipients:
            papers, actor, lot_id = self._workplace.services.stock_papers, self._workplace.actor, self._lot_id
            self.paper_requested.emit(lambda: papers.lot_recipients(actor, lot_id))

    @property
    def _lot_id(self) -> int:
        assert self._details is not None  # only the buttons of a lot that is shown ask for it
        return self._details.lot.lot_id

    def _lay_out(self) -> None:
        for title in ("Ledger", "Patients"):
            self.tabs.addTab(title)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("Parts of the lot")
        self.stack.addWidget(self.ledger)
        self.stack.addWidget(self.recipients)
        buttons = QHBoxLayout()
        buttons.setSpacing(INSIDE)
        buttons.addWidget(self.more_button)
        for button in self.buttons.values():
            buttons.addWidget(button)
        buttons.addWidget(self.correct_button)
        buttons.addStretch(1)
        top = QVBoxLayout()
        top.setContentsMargins(AROUND, BETWEEN, AROUND, INSIDE)
        top.setSpacing(BETWEEN)
        top.addWidget(self.facts)
        top.addLayout(buttons)
        top.addWidget(self.form)
        tabs = QHBoxLayout()
        tabs.setContentsMargins(AROUND, 0, AROUND, 0)
        tabs.addWidget(self.tabs, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addLayout(tabs)
        layout.addWidget(Hairline(self))
        layout.addWidget(self.stack, 1)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._turn)
        self.more_button.setToolTip("Receive more vials of this lot")
        self.more_button.clicked.connect(self._more)
        for button in self.buttons.values():
            button.asked.connect(self.begin)
        self.correct_button.asked.connect(self.begin)
        self.form.wished.connect(self._do)
        self.form.folded.connect(self.fold)
        self.facts.patient_requested.connect(self.patient_requested)
        self.ledger.visit_chosen.connect(self._show_patient_of)
        self.ledger.csv_asked.connect(self._save_ledger)
        self.recipients.patient_requested.connect(self.patient_requested)
        self.recipients.list_asked.connect(self.print_list)
        self.recipients.letters_asked.connect(self._print_letters)
        self.recipients.csv_asked.connect(self._save_recipients)
        for page in (self.ledger, self.recipients):
            page.copied.connect(self._copied)
        self.lot_actions.done.connect(self._done)
        for part in (self.lot_actions, self.csv):
            part.message_offered.connect(self.message_offered)

    @Slot(int)
    def _turn(self, tab: int) -> None:
        self.stack.setCurrentIndex(tab)
        self._fill_tab()

    def _fill_tab(self) -> None:
        """Only the tab in front: the other one when somebody turns to it."""
        tab = self.tabs.currentIndex()
        if self._details is not None and tab in self._stale:
            self._stale.discard(tab)
            page = self.recipients if tab == PATIENTS else self.ledger
            page.show_details(self._details)

    def _turn_to_what_matters(self, details: LotDetails) -> None:
        """Of a recalled lot everybody wants to know who got it; the tab from before comes back with the next lot."""
        urgent = details.lot.hold is LotHold.RECALLED and bool(details.recipients)
        if urgent and self._tab_before is None:
            self._tab_before = self.tabs.currentIndex()
            self.tabs.setCurrentIndex(PATIENTS)
        elif not urgent and self._tab_before is not None:
            self.tabs.setCurrentIndex(self._tab_before)
            self._tab_before = None

    def _put_aside(self) -> None:
        """Close the form; what was typed can be brought back."""
        typed = self.form.typed()
        self.form.hide()
        if typed is not None:
            text = f"What was typed for lot {typed.row.number} was put aside."
            self.message_offered.emit(text, lambda: self._bring_back(typed))

    def _bring_back(self, typed: TypedAct) -> None:
        if self._details is not None and self._details.lot.lot_id == typed.row.lot_id:
            self.form.bring_back(replace(typed, row=self._details.lot))
        else:
            self._waiting = typed
        self.brought_back.emit(typed.row.lot_id)

    @Slot()
    def _more(self) -> None:
        if self._details is not None:
            self.more_asked.emit(self._details.lot)

    @Slot(object)
    def _do(self, wish: Wish) -> None:
        if self._details is None:
            return
        self.form.set_busy(True)
        self.lot_actions.do(self._details.lot, wish, self._refused, self._answered)

    def _refused(self, error: ClinicError) -> None:
        if self.form.isHidden():  # the person has gone on to another lot
            self.message_offered.emit(told(error), None)
        else:
            self.form.show_error(error)

    def _answered(self) -> None:
        self.form.set_busy(False)

    @Slot(object)
    def _done(self, wish: Wish) -> None:
        self.form.hide()
        if wish.act is LotAct.RECALL and self._details is not None and self._details.recipients:
            self.tabs.setCurrentIndex(PATIENTS)  # whom to call is the next question
        if self.isVisible():
            self.more_button.setFocus()

    @Slot(int)
    def _show_patient_of(self, visit_id: int) -> None:
        recipients = () if self._details is None else self._details.recipients
        patient_id = next((r.patient_id for r in recipients if r.visit_id == visit_id), None)
        if patient_id is not None:
            self.patient_requested.emit(patient_id)

    @Slot(str)
    def _print_letters(self, reason: str) -> None:
        papers, actor, lot_id = self._workplace.services.stock_papers, self._workplace.actor, self._lot_id
        self.paper_requested.emit(lambda: papers.lot_letters(actor, lot_id, reason))

    @Slot()
    def _save_ledger(self) -> None:
        stock, actor, lot_id = self._workplace.services.stock, self._workplace.actor, self._lot_id
        self.csv.save(self._file_name("ledger"), lambda: stock.ledger_csv(actor, lot_id))

    @Slot()
    def _save_recipients(self) -> None:
        stock, actor, lot_id = self._workplace.services.stock, self._workplace.actor, self._lot_id
        self.csv.save(self._file_name("patients"), lambda: stock.recipients_csv(actor, lot_id))

    def _file_name(self, what: str) -> str:
        number = "" if self._details is None else self._details.lot.number
        return f"lot-{re.sub(r'[^A-Za-z0-9-]+', '-', number)}-{what}"

    @Slot(int)
    def _copied(self, rows: int) -> None:
        said = f"{rows} {'row is' if rows == 1 else 'rows are'} on the clipboard for a minute."
        self.message_offered.emit(said, None)
