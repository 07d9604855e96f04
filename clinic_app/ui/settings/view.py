"""The settings: a list of pages at the left, the chosen page beside it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_app.services.access import Act
from clinic_app.ui.importing.page import ImportPage
from clinic_app.ui.settings.accounts_page import AccountsPage
from clinic_app.ui.settings.audit_page import AuditPage
from clinic_app.ui.settings.backup_page import BackupPage
from clinic_app.ui.settings.charting_page import ChartingPage
from clinic_app.ui.settings.closures_page import ClosuresPage
from clinic_app.ui.settings.files_page import FilesPage
from clinic_app.ui.settings.handouts_page import HandoutsPage
from clinic_app.ui.settings.hours_page import HoursPage
from clinic_app.ui.settings.paper_page import PaperPage
from clinic_app.ui.settings.places_page import PlacesPage
from clinic_app.ui.settings.privacy_page import PrivacyPage
from clinic_app.ui.settings.record_page import RecordPage
from clinic_app.ui.settings.types_page import TypesPage
from clinic_app.ui.theme import INSIDE, current_theme
from clinic_app.ui.widgets.page_list import PageList
from clinic_app.ui.widgets.sections import Hairline
from clinic_app.ui.workplace import Workplace

_LIST = 208


class SettingsView(QWidget):
    """What counts for everybody in the clinic. Every change counts at once and can be undone."""

    undo_offered = Signal(str, object)
    """A sentence, and what takes the change back, or None."""
    paper_requested = Signal(object)
    """Carries what gathers a paper."""
    rebook_requested = Signal()
    """Somebody wants to see the appointments that must be booked again."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.charting = ChartingPage(workplace, self)
        self.types = TypesPage(workplace, self)
        self.places = PlacesPage(workplace, self)
        self.hours = HoursPage(workplace, self)
        self.closures = ClosuresPage(workplace, self)
        self.files = FilesPage(workplace, self)
        self.paper = PaperPage(workplace, self)
        self.handouts = HandoutsPage(workplace, self)
        self.privacy = PrivacyPage(workplace, self)
        self.handouts.paper_requested.connect(self.paper_requested)
        place = workplace.services.record_place
        self.record = None if place is None else RecordPage(workplace, place, self)
        plan, rehearsals = workplace.services.backup_plan, workplace.services.rehearsals
        self.backup = None
        if plan is not None and rehearsals is not None:
            self.backup = BackupPage(workplace, plan, rehearsals, self)
        self.importing = ImportPage(workplace, self) if workplace.may(Act.IMPORT) else None
        accounts = workplace.services.accounts if workplace.may(Act.SETTINGS) else None
        self.accounts = None if accounts is None else AccountsPage(workplace, accounts, self)
        self.audit = AuditPage(workplace, self) if workplace.may(Act.SETTINGS) else None
        if self.audit is not None:
            self.audit.paper_requested.connect(self.paper_requested)
        self.pages = (
            self.charting, self.types, self.places, self.hours, self.closures, self.files, self.paper, self.handouts,
            self.privacy,
            *(() if self.record is None else (self.record,)),
            *(() if self.backup is None else (self.backup,)),
            *(() if self.importing is None else (self.importing,)),
            *(() if self.accounts is None else (self.accounts,)),
            *(() if self.audit is None else (self.audit,)),
        )  # fmt: skip
        self.list = PageList("Pages of the settings", _LIST, self)
        for page in self.pages:
            self.list.add_page(page.title)
        self._stack = QStackedWidget(self)
        for page in self.pages:
            self._stack.addWidget(page)
            page.undo_offered.connect(self.undo_offered)
        for source in (self.hours, self.closures):
            source.rebook_requested.connect(self.rebook_requested)
        self.list.currentRowChanged.connect(self._stack.setCurrentIndex)
        left = QVBoxLayout()
        left.setContentsMargins(INSIDE, INSIDE * 2, INSIDE, INSIDE)
        left.addWidget(self.list)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(left)
        layout.addWidget(Hairline(self, vertical=True))
        layout.addWidget(self._stack, 1)
        self.list.setCurrentRow(0)

    def unsaved(self) -> str:
        """Why the window should stay open: a sentence, or "" when everything is saved."""
        return next((reason for page in self.pages if (reason := page.unsaved())), "")

    def go_back(self) -> None:
        """Esc: one step back on a page with steps."""
        if self.importing is not None and self._stack.currentWidget() is self.importing:
            self.importing.go_back()

    @Slot(object)
    def show_page(self, page: QWidget) -> None:
        """Bring one of the pages to the front."""
        self.list.setCurrentRow(self._stack.indexOf(page))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the pages."""
        QPainter(self).fillRect(self.rect(), QColor(current_theme().window))
