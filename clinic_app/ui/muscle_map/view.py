"""The muscle map with the visit beside it: plates and layers │ the plate │ the chart."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from clinic_app.services.access import ALLOWED, Act, Actor
from clinic_app.services.chart_data import ChartContent, DraftRow, LotChoice
from clinic_app.services.charting import Charted
from clinic_app.services.clinics import AccountRow
from clinic_app.services.dose_colours import Limits, usual_limits
from clinic_app.services.paper import Paper
from clinic_app.services.presence import AlsoOpen
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.muscle_map.browse_page import BrowsePage
from clinic_app.ui.muscle_map.chart_desk import ChartDesk
from clinic_app.ui.muscle_map.chart_opening import Opened
from clinic_app.ui.muscle_map.conflict_page import ConflictPage
from clinic_app.ui.muscle_map.dose_colours import DoseColourSheet
from clinic_app.ui.muscle_map.map_area import MapArea
from clinic_app.ui.muscle_map.map_desk import MapDesk
from clinic_app.ui.muscle_map.map_reading import limits_on
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.over_pages import OverPages
from clinic_app.ui.muscle_map.plate_view import KEYS as MAP_KEYS
from clinic_app.ui.muscle_map.scan_desk import ScanDesk
from clinic_app.ui.muscle_map.sign_page import SignPage
from clinic_app.ui.muscle_map.visit_panel import VisitPanel
from clinic_app.ui.muscle_map.visit_start import VisitStart
from clinic_app.ui.naming import brand_of
from clinic_app.ui.theme import current_theme
from clinic_app.ui.widgets.notes import Notice
from clinic_app.ui.widgets.sections import Hairline
from clinic_app.ui.workplace import Workplace

KEYS = (
    *MAP_KEYS,
    ("Ctrl+Enter", "To the signature of the visit"),
    ("Ctrl+Shift+Enter", "Confirm every carried line, after a look"),
)
"""What the keys do: on the map while it has the focus, the last ones anywhere in the view."""
PANEL_WIDTH = 400
_MINUTE_MS = 60_000


class MuscleMapView(QWidget):
    """Charts a visit on the map, or lets the map be looked at."""

    banner_changed = Signal(object)
    """The patient's Banner, or None without a chart."""
    signed = Signal(int)
    """A visit was signed; carries its id."""
    patient_requested = Signal(int)
    choose_patient_requested = Signal()
    document_requested = Signal(str, int)
    """"visit_note", "referral_letter" or "aftercare", and the visit."""
    paper_requested = Signal(object)
    """Carries what gathers a paper of the chart that lies open."""
    message_offered = Signal(str, object)
    """A sentence for the message line, and what takes it back (or None)."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._desk = ChartDesk(workplace, self)
        self.panel: VisitPanel | None = None
        self._names: dict[int, str] = {}
        self._injectors: list[tuple[int, str]] = []
        self._staff: list[tuple[int, str]] = []
        self._signed_visit = 0
        self._loaded = False
        self._unheard: frozenset[str] = frozenset()
        self.map = MapArea(
            workplace.atlas,
            workplace.services.reference,
            workplace.tasks,
            self,
            may_limit=workplace.may(Act.LIMITS),
        )
        self.browse = BrowsePage(workplace.services.reference, workplace.may(Act.DRAFT_CHART), self)
        self._right = QStackedWidget(self)
        self._right.setFixedWidth(PANEL_WIDTH)
        self._blank = QWidget(self)
        self._right.addWidget(self.browse)
        self._right.addWidget(self._blank)
        self.starting = VisitStart(workplace, self._right, self)
        self._main = QWidget(self)
        columns = QHBoxLayout(self._main)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self.map, 1)
        columns.addWidget(Hairline(self._main, vertical=True))
        columns.addWidget(self._right)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._main)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        self.map_desk = MapDesk(self.map, self.browse, self)
        self.scans = ScanDesk(workplace, self)
        self._over = OverPages(workplace, self._desk, self._pages, self._name_of, self._notice)
        # A mixed vial grows old while a chart stands open: the checks look at the clock by themselves.
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE_MS)
        self._minute.timeout.connect(self._minute_passed)
        self._connect()
        self._add_shortcuts()

    @property
    def sign_page(self) -> SignPage | None:
        """The page on which the visit is signed, when it is in front."""
        return self._over.sign_page

    @property
    def conflict_page(self) -> ConflictPage | None:
        """The page of two people's changes, when it is in front."""
        return self._over.conflict_page

    @property
    def chart(self) -> OpenChart | None:
        """The chart that lies open."""
        return self._desk.chart

    # What the window asks

    def start(
        self, patient_id: int, repeat: bool = False, appointment_id: int | None = None, choose: bool = False
    ) -> None:
        """Open a new chart for a patient: empty, or with the last pattern, every line carried.

        With ``choose``, or when there is no last pattern to repeat, the person chooses what it starts from.
        """
        self._desk.start(patient_id, repeat, appointment_id, choose)

    @Slot(int)
    def open_draft(self, draft_id: int) -> None:
        """Go on with a chart in progress."""
        if self.chart is not None and self.chart.draft.id == draft_id:
            self._over.leave()
        else:
            self._desk.open(draft_id)

    @Slot()
    def print_paper(self) -> None:
        """The note: as a draft while the chart lies open, else of the visit that was just signed."""
        if self.chart is not None:
            self.print_draft_note()
        else:
            self._document_wanted("visit_note")

    @Slot()
    def print_draft_note(self) -> None:
        """The note as the chart stands, marked as a draft."""
        self._print_of_chart(self._workplace.services.draft_papers.note)

    @Slot()
    def print_labels(self) -> None:
        """A label for each vial that is ready."""
        self._print_of_chart(self._workplace.services.draft_papers.labels)

    @Slot(str)
    def _print_label(self, key: str) -> None:
        self._print_of_chart(partial(self._workplace.services.draft_papers.labels, only=key))

    def _print_of_chart(self, gather: Callable[[Actor, int, ChartContent, Charted], Paper]) -> None:
        chart = self.chart
        if chart is not None:
            what = self._workplace.actor, chart.draft.patient_id, chart.content, chart.charted
            self.paper_requested.emit(partial(gather, *what))

    @Slot()
    def save_now(self) -> None:
        """Keep the draft at once."""
        self._desk.save_now()

    def has_unsaved(self) -> bool:
        """Whether something typed would go with the window."""
        return self._desk.unsaved

    def close_chart(self) -> None:
        """Keep the chart as a draft and go back to looking."""
        self._desk.leave()
        self.refresh()

    def show_drafts(self) -> None:
        """The list of charts in progress; the one that lies open is put aside among them."""
        self.close_chart()
        self.browse.drafts.focus_first()

    @Slot()
    def refresh(self) -> None:
        """Look again at what others may have changed."""
        self._loaded = True
        services, actor, tasks = self._workplace.services, self._workplace.actor, self._workplace.tasks
        if self._workplace.may(Act.DRAFT_CHART):
            tasks.ask("muscle_map.drafts", lambda: services.charts.drafts(actor), self._show_drafts)
        tasks.ask("muscle_map.people", lambda: services.clinics.accounts(actor), self._show_people)
        self._desk.read_record_again()

    @Slot()
    @Slot()
    def review(self) -> None:
        """Show the page on which the visit is signed."""
        if self._workplace.may(Act.SIGN):
            self._over.review()

    @Slot()
    def confirm_all(self) -> None:
        """Every carried line was looked at."""
        if self.chart is not None:
            self.chart.edit(edits.confirm_all(self.chart.content))

    # The window's commands

    def save_item(self) -> None:
        """Ctrl+S."""
        self.save_now()

    def undo(self) -> None:
        """Ctrl+Z."""
        if self.chart is not None:
            self.chart.model.undo()

    def step_texts(self) -> tuple[str, str]:
        """What Ctrl+Z and Ctrl+Y would do."""
        return ("", "") if self.chart is None else (self.chart.model.undo_text, self.chart.model.redo_text)

    def redo(self) -> None:
        """Ctrl+Y."""
        if self.chart is not None:
            self.chart.model.redo()

    def focus_search(self) -> None:
        """Ctrl+F: type a muscle."""
        self._over.leave()
        self.map.sidebar.focus_search()

    def go_back(self) -> None:
        """Esc: back from signing, else nothing is chosen any more."""
        if self._over.leave():
            return
        if self.starting.page is not None:
            self.starting.leave()
        else:
            self.map.select(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo also where no window has commands for them."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """The first look fetches what stands beside the map."""
        super().showEvent(event)
        if not self._loaded:
            self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the page."""
        QPainter(self).fillRect(self.rect(), QColor(current_theme().window))

    def _connect(self) -> None:
        desk = self._desk
        self.map.limits_wanted.connect(self._choose_limits)
        self.browse.draft_chosen.connect(self.open_draft)
        self.browse.patient_wanted.connect(self.choose_patient_requested)
        self.browse.document_wanted.connect(self._document_wanted)
        desk.opening_changed.connect(self._opening_changed)
        desk.opened.connect(self._opened)
        desk.left.connect(self._left)
        desk.signed.connect(self._was_signed)
        desk.others_changed.connect(self._others_here)
        desk.record_changed.connect(self.banner_changed)
        desk.said.connect(self._said)
        self.starting.begun.connect(self._show_begun)
        self.starting.said.connect(self.message_offered)
        self.scans.said.connect(self.message_offered)
        self.map_desk.said.connect(self.message_offered)
        self._workplace.changes.committed.connect(self._others_changed)

    def _add_shortcuts(self) -> None:
        for keys, act in (
            ("Ctrl+Return", self.review),
            ("Ctrl+Enter", self.review),
            ("Ctrl+Shift+Return", self.confirm_all),
            ("Ctrl+Shift+Enter", self.confirm_all),
        ):
            shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # What becomes of the chart

    @Slot()
    def _opening_changed(self) -> None:
        self._show_column()
        if not self._desk.opening:
            kinds, self._unheard = self._unheard, frozenset()
            self._others_changed(kinds)

    def _show_column(self) -> None:
        """The visit, nothing while it comes, or else what can be looked at without one."""
        comes = self._desk.opening or self.chart is not None
        self._right.setCurrentWidget(self.panel or (self._blank if comes else self.browse))

    @Slot(object)
    def _opened(self, opened: Opened) -> None:
        """The map first: what the person looks for stands there while the many fields beside it are made."""
        chart = self.chart
        if chart is None:
            return
        self._show_people(opened.accounts)
        self._signed_visit = 0
        self.browse.set_signed(False)
        # Before the panel hears of a change: the colour on the map follows the key first.
        chart.changed.connect(self._show_on_map)
        self._minute.start()
        self.banner_changed.emit(opened.banner)
        self._show_where_charted(chart)
        QTimer.singleShot(0, chart, partial(self._show_beside, chart, opened))

    def _show_beside(self, chart: OpenChart, opened: Opened) -> None:
        """The chart's panel, which comes into view when it is whole. Meanwhile the chart may have been put aside."""
        if chart is not self.chart:
            return
        may_sign, may_share = self._workplace.may(Act.SIGN), self._workplace.may(Act.SHARE_PATTERNS)
        panel = VisitPanel(chart, may_sign, self, may_share=may_share)
        panel.facts.set_injectors(self._people_for(chart))
        panel.vials.set_people(self._staff)
        panel.lots_wanted.connect(self._fetch_lots)
        panel.sign_wanted.connect(self.review)
        panel.discard_wanted.connect(self._desk.discard)
        panel.patient_wanted.connect(self._patient_wanted)
        panel.draft_note_wanted.connect(self.print_draft_note)
        panel.labels_wanted.connect(self.print_labels)
        panel.vials.label_wanted.connect(self._print_label)
        panel.map_wanted.connect(self.map.view.setFocus)
        self.panel = panel
        self._right.addWidget(panel)
        self._show_column()
        panel.vials.forget_lots()  # what the panel asked for while it was built nobody heard
        self.map_desk.attach(chart, panel)
        self.scans.attach(chart, panel)
        self.starting.attach(chart, panel, opened)
        self._desk.attend(opened)

    @Slot()
    def _left(self) -> None:
        self.starting.detach()
        self.scans.detach()
        self.map_desk.detach()
        panel, self.panel = self.panel, None
        self._minute.stop()
        self._show_column()
        if panel is not None:
            self._right.removeWidget(panel)
            panel.hide()
            panel.deleteLater()
        self.map.show_chart(None)
        self.map.select(None)
        self.browse.card.hide()
        self.banner_changed.emit(None)

    @Slot(int)
    def _was_signed(self, visit_id: int) -> None:
        self._signed_visit = visit_id
        self.browse.set_signed(True)
        self.refresh()
        self.signed.emit(visit_id)

    @Slot()
    def _show_begun(self) -> None:
        """The chart has other lines: show where they are."""
        if self.chart is not None:
            self.map.select(None)
            self.map.show_where_charted(self.chart.content)

    @Slot(object)
    def _others_here(self, others: tuple[AlsoOpen, ...]) -> None:
        if self.panel is not None:
            self.panel.show_others(others)

    def _notice(self) -> Notice | None:
        return self.panel.notice if self.panel is not None else None

    @Slot(str, object)
    def _said(self, text: str, undo: object) -> None:
        self.refresh()
        self.message_offered.emit(text, undo)

    @Slot()
    def _choose_limits(self) -> None:
        """Where the dose colours of the visit's product begin and end."""
        chart = self.chart
        product = chart.content.product if chart is not None else ""
        if chart is None or not product:
            return
        usual = usual_limits(chart.reference, product)
        sheet = DoseColourSheet(
            brand_of(chart.reference, product, chart.region), limits_on(chart, product), usual, self
        )
        services, actor, tasks = self._workplace.services, self._workplace.actor, self._workplace.tasks

        def keep(limits: Limits | None) -> None:
            tasks.run(
                lambda: services.clinics.set_dose_limits(actor, product, limits),
                lambda _: (sheet.close(), self.refresh()),
                sheet.show_error,
                owner=sheet,
            )

        sheet.chosen.connect(keep)
        sheet.open_above(self.map.sidebar.limits)

    @Slot(str)
    def _fetch_lots(self, product: str) -> None:
        chart = self.chart
        if chart is None:
            return
        services, actor = self._workplace.services, self._workplace.actor
        patient, day = chart.draft.patient_id, self._workplace.today()

        def show(lots: tuple[LotChoice, ...]) -> None:
            if self.panel is not None and self.chart is chart:
                self.panel.vials.set_lots(product, lots)

        self._workplace.tasks.run(lambda: services.stock.choices(actor, product, patient, day), show, owner=self)

    @Slot()
    def _patient_wanted(self) -> None:
        if self.chart is not None:
            self.patient_requested.emit(self.chart.draft.patient_id)

    @Slot(str)
    def _document_wanted(self, kind: str) -> None:
        if self._signed_visit:
            self.document_requested.emit(kind, self._signed_visit)

    # What comes back

    @Slot()
    def _show_on_map(self) -> None:
        self.map.show_chart(self.chart)

    def _show_where_charted(self, chart: OpenChart) -> None:
        """Where the visit's muscles are, painted at once: the panel beside it has many fields and takes longer."""
        self.map.select(None)
        self.map.open_chart(chart)
        self.map.view.paint_now()

    def _show_drafts(self, drafts: tuple[DraftRow, ...]) -> None:
        self.browse.set_drafts(drafts, self._workplace.today())

    def _show_people(self, accounts: tuple[AccountRow, ...]) -> None:
        self._names = {row.id: row.full_name for row in accounts}
        signers = ALLOWED[Act.SIGN]
        self._staff = [(row.id, row.full_name) for row in accounts if row.active]
        self._injectors = [(row.id, row.full_name) for row in accounts if row.active and row.roles & signers]
        if self.panel is not None and self.chart is not None:
            self.panel.facts.set_injectors(self._people_for(self.chart))
            self.panel.vials.set_people(self._staff)

    def _people_for(self, chart: OpenChart) -> list[tuple[int, str]]:
        current = chart.content.injector_id
        if any(number == current for number, _ in self._injectors) or current not in self._names:
            return self._injectors
        return [*self._injectors, (current, self._names[current])]

    def _name_of(self, account_id: int) -> str:
        return self._names.get(account_id, "")

    @Slot()
    def _minute_passed(self) -> None:
        if self.chart is not None:
            self.chart.read_again()

    @Slot(object)
    def _others_changed(self, kinds: frozenset[str]) -> None:
        if self._desk.opening:
            self._unheard |= kinds  # looked at when the chart is here: most of it is its own draft
            return
        # Our own drafts announce themselves with every save; the list of drafts is out of sight while one is open.
        if self.chart is not None and "saved_pattern" in kinds:
            self.starting.patterns.read_again()
        if not self._loaded or not kinds or (self.chart is not None and kinds <= {"chart_draft", "saved_pattern"}):
            return
        self.refresh()
        if self.panel is not None and any(kind in kinds for kind in ("lot", "stock_movement")):
            self.panel.vials.forget_lots()
