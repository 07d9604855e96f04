"""The front desk's weekly work: whom to call, who waits, whom to remind, what to book again."""

from PySide6.QtCore import QSettings, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_app.ui.recall import concerns
from clinic_app.ui.recall.rebook_page import RebookPage
from clinic_app.ui.recall.recall_page import RecallPage
from clinic_app.ui.recall.reminders_page import RemindersPage
from clinic_app.ui.recall.waiting_page import WaitingPage
from clinic_app.ui.theme import AROUND, BETWEEN, current_theme
from clinic_app.ui.widgets.sections import Hairline
from clinic_app.ui.widgets.segments import Segments
from clinic_app.ui.workplace import Workplace

RECALL, WAITING, REMINDERS, REBOOK = "Recall", "Waiting list", "Reminders", "To rebook"

_Page = RecallPage | WaitingPage | RemindersPage | RebookPage

KEYS = (
    ("Enter, N", "Note a try"),
    ("B, L", "Book the next visit, write a letter"),
    ("R, C", "Mark as reminded, as confirmed"),
    ("M", "Move what must be rebooked"),
    ("Alt+1 … Alt+4", "From list to list"),
)
"""What the keys do in the recall view."""


class RecallView(QWidget):
    """Four lists under one switch; each asks for its rows when it comes in front."""

    patient_requested = Signal(int)
    repeat_requested = Signal(int)
    """Propose times for the visit after this one."""
    appointment_requested = Signal(int)
    move_requested = Signal(int)
    """Open the form that moves this appointment."""
    document_requested = Signal(str, object)
    """"recall_letter" with a tuple of patient ids, "recall_list" with ``RecallRow``s, "reminder_list" with
    ``ReminderRow``s, "waiting_list" with nothing."""
    message_offered = Signal(str, object)
    """A sentence for the message line and a callable that takes back what it tells, or None."""

    def __init__(
        self, workplace: Workplace, parent: QWidget | None = None, *, settings: QSettings | None = None
    ) -> None:
        super().__init__(parent)
        self._workplace = workplace
        chosen = QSettings() if settings is None else settings
        self.recall = RecallPage(workplace, chosen, self)
        self.waiting = WaitingPage(workplace, self)
        self.reminders = RemindersPage(workplace, chosen, self)
        self.rebook = RebookPage(workplace, self)
        self._concerns = {
            self.recall: concerns.RECALL,
            self.waiting: concerns.WAITING,
            self.reminders: concerns.REMINDERS,
            self.rebook: concerns.REBOOK,
        }
        self._pages: dict[str, _Page] = {
            RECALL: self.recall,
            WAITING: self.waiting,
            REMINDERS: self.reminders,
            REBOOK: self.rebook,
        }
        positions = [(title, f"Alt+{number}") for number, title in enumerate(self._pages, 1)]
        self.segments = Segments("Recall", positions, self)
        self.pages = QStackedWidget(self)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.pages)
        self.pages.setFocusProxy(self.recall)

    def showEvent(self, event: QShowEvent) -> None:
        """Look again at what may have changed while another view was in front."""
        super().showEvent(event)
        self.refresh()
        if self.focusWidget() is None:
            self._page().setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(self.rect(), QColor(current_theme().window))

    @Slot(str)
    def show_page(self, title: str) -> None:
        """Bring one of the lists to the front."""
        page = self._pages[title]
        self.segments.set_position(title)
        self.pages.setCurrentWidget(page)
        self.pages.setFocusProxy(page)
        if self.isVisible():  # else it asks when it comes to the front
            page.refresh()
        page.setFocus()

    @Slot()
    def refresh(self) -> None:
        """Ask for the list in front again."""
        self._page().refresh()

    # What the window's commands call

    def new_item(self) -> None:
        """Ctrl+N: note a try, or add to the waiting list."""
        page = self._page()
        if isinstance(page, RecallPage | WaitingPage):
            page.begin()

    def edit_item(self) -> None:
        """F2: change the chosen wish."""
        if self._page() is self.waiting:
            self.waiting.edit_item()

    def save_item(self) -> None:
        """Ctrl+S."""
        if self._page() is self.waiting:
            self.waiting.save_item()

    def print_paper(self) -> None:
        """Ctrl+P: the list in front."""
        page = self._page()
        if not isinstance(page, RebookPage):
            page.print_list()

    def go_back(self) -> None:
        """Esc: to the list."""
        self._page().go_back()

    def focus_search(self) -> None:
        """Ctrl+F."""
        self._page().focus_search()

    def unsaved(self) -> str:
        """Why the window should stay open: a sentence, or "" when everything is saved."""
        return self.recall.unsaved() or self.waiting.unsaved()

    def _page(self) -> _Page:
        return next(page for page in self._pages.values() if page is self.pages.currentWidget())

    def _lay_out(self) -> None:
        for page in self._pages.values():
            self.pages.addWidget(page)
        top = QHBoxLayout()
        top.setContentsMargins(AROUND, BETWEEN, AROUND, BETWEEN)
        top.addWidget(self.segments)
        top.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(Hairline(self))
        layout.addWidget(self.pages, 1)

    def _connect(self) -> None:
        self._workplace.changes.committed.connect(self._committed)
        self.segments.chosen.connect(self.show_page)
        for page in self._pages.values():
            page.message_offered.connect(self.message_offered)
            page.patient_requested.connect(self.patient_requested)
        self.recall.repeat_requested.connect(self.repeat_requested)
        self.recall.letters_requested.connect(self._letters)
        self.recall.list_requested.connect(self._recall_list)
        self.reminders.list_requested.connect(self._reminder_list)
        self.waiting.list_requested.connect(lambda: self.document_requested.emit("waiting_list", ()))
        self.reminders.appointment_requested.connect(self.appointment_requested)
        self.rebook.appointment_requested.connect(self.appointment_requested)
        self.rebook.move_requested.connect(self.move_requested)

    @Slot(object)
    def _committed(self, kinds: frozenset[str]) -> None:
        page = self._page()
        if self.isVisible() and kinds & self._concerns[page]:
            page.refresh()

    @Slot(object)
    def _letters(self, patient_ids: tuple[int, ...]) -> None:
        self.document_requested.emit("recall_letter", patient_ids)

    @Slot(object)
    def _recall_list(self, rows: tuple[object, ...]) -> None:
        self.document_requested.emit("recall_list", rows)

    @Slot(object)
    def _reminder_list(self, rows: tuple[object, ...]) -> None:
        self.document_requested.emit("reminder_list", rows)
