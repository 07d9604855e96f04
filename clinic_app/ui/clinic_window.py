"""The unlocked clinic: the window with its views, and what each asks of the others."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.access import Act
from clinic_app.services.audit_words import EVERY_KIND
from clinic_app.services.inbox_data import InboxRow
from clinic_app.services.patient_data import Banner
from clinic_app.ui import view_keys
from clinic_app.ui.backup_watch import BackupWatch, RehearsalWatch
from clinic_app.ui.calendar_watch import CalendarWatch
from clinic_app.ui.closing import Closing
from clinic_app.ui.failures import Failures
from clinic_app.ui.find_anything import Found
from clinic_app.ui.inbox.source import InboxSource
from clinic_app.ui.inbox.wording import own_text, unsigned_count, unsigned_text
from clinic_app.ui.list_files import ListFiles
from clinic_app.ui.main_window import MainWindow, ViewEntry
from clinic_app.ui.passphrase_sheet import PassphraseSheet
from clinic_app.ui.patients.view import PatientsView
from clinic_app.ui.pin_sheet import PinSheet
from clinic_app.ui.telephone_note import TelephoneNote
from clinic_app.ui.theme import Look
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.banner import BannerFacts, banner_facts
from clinic_app.ui.window_papers import WindowPapers
from clinic_app.ui.workplace import Workplace

# Each view is imported when it is first shown: only the patients' is there from the start.
if TYPE_CHECKING:
    from clinic_app.ui.inbox.view import InboxView
    from clinic_app.ui.muscle_map.view import MuscleMapView
    from clinic_app.ui.recall.view import RecallView
    from clinic_app.ui.reports.view import ReportsView
    from clinic_app.ui.schedule.view import ScheduleView
    from clinic_app.ui.settings.view import SettingsView
    from clinic_app.ui.stock.view import StockView

PATIENTS, MUSCLE_MAP, SCHEDULE = "patients", "muscle_map", "schedule"
RECALL, STOCK, REPORTS, SETTINGS, INBOX = "recall", "stock", "reports", "settings", "inbox"


class ClinicWindow(QObject):
    """Builds the views and carries what one asks to the other."""

    lock_requested = Signal()
    switch_requested = Signal()
    paper_shown = Signal(object)
    """Carries the preview that opened."""

    def __init__(self, workplace: Workplace, look: Look, failures: Failures, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.workplace = workplace
        self._failures = failures
        clinic = workplace.services.clinic
        self.window = MainWindow(clinic.name, workplace.tasks, look, now=workplace.now)
        self.patients = PatientsView(workplace, self.window)
        self.recall: RecallView | None = None
        self.waiting = InboxSource(workplace, self)
        self.inbox: InboxView | None = None
        self.reports: ReportsView | None = None
        self.settings: SettingsView | None = None
        self.papers = WindowPapers(workplace, self.window, self)
        self.list_files = ListFiles(workplace, self.window, self)
        plan = workplace.services.backup_plan
        self.backups = None if plan is None else BackupWatch(plan, workplace.tasks, self)
        if self.backups is not None:
            self.backups.warned.connect(self._warn)
        rehearsals = workplace.services.rehearsals
        self.rehearsals = None if rehearsals is None else RehearsalWatch(rehearsals, workplace.tasks, self)
        if self.rehearsals is not None:
            self.rehearsals.warned.connect(self._warn)
        self.calendars = CalendarWatch(workplace, self)
        self.calendars.warned.connect(self._warn)
        self._banners: dict[str, BannerFacts | None] = {PATIENTS: None, MUSCLE_MAP: None}
        self.window.add_view(ViewEntry(PATIENTS, "Patients", "users", self.patients))
        self._add_views()
        self._connect()
        roles = sorted(role.value.replace("_", " ") for role in workplace.actor.roles)
        actions = [self.window.add_command("File", "Set PIN…", self.set_pin, icon_name="keyboard")]
        if workplace.services.accounts is not None:
            change = self.window.add_command("File", "Change passphrase…", self.change_passphrase, icon_name="pencil")
            actions.append(change)
        if workplace.may(Act.IMPORT):
            self.window.add_command("File", "Import…", self.bring_in, icon_name="file-text")
        if workplace.may(Act.DRAFT_CHART):
            self.window.add_command("View", "Charts in progress", self.show_drafts, shortcut="Ctrl+D")
        self.telephone = TelephoneNote(workplace, self.window, self.patients, PATIENTS)
        self.window.set_user(workplace.actor.full_name, roles, actions)
        self.waiting.changed.connect(self._show_waiting)
        self.window.set_status_facts(clinic.name)
        self.window.find_anything.add_provider(self._find_patients, slow=True)
        workplace.changes.committed.connect(self._committed)
        self._ask_titles()
        self._save_what_waited()

    def _add_views(self) -> None:
        """All but the patients' are made when they are first shown, which most are not on a day."""
        add, may = self.window.add_view, self.workplace.may
        lacks_banner = partial(ViewEntry, shows_patient=False)
        add(lacks_banner(INBOX, "Inbox", "inbox", self._make_inbox, "Ctrl+I", keys=view_keys.of_the_inbox))
        muscle_map = "Muscle map", "person-standing", lambda: self.muscle_map
        add(ViewEntry(MUSCLE_MAP, *muscle_map, keys=view_keys.of_the_muscle_map))
        add(lacks_banner(SCHEDULE, "Schedule", "calendar", lambda: self.schedule, keys=view_keys.of_the_schedule))
        if may(Act.BOOK):
            add(lacks_banner(RECALL, "Recall", "bell", self._make_recall, keys=view_keys.of_the_recall))
        if may(Act.STOCK):
            add(lacks_banner(STOCK, "Stock", "package", self._make_stock, keys=view_keys.of_the_stock))
        if may(Act.REPORTS):
            add(lacks_banner(REPORTS, "Reports", "chart-column", self._make_reports, keys=view_keys.of_the_reports))
        if may(Act.LIMITS):
            add(lacks_banner(SETTINGS, "Settings", "settings", self._make_settings, "Ctrl+,", at_the_foot=True))

    @cached_property
    def muscle_map(self) -> MuscleMapView:
        """The map, made when it is first asked for."""
        from clinic_app.ui.muscle_map.view import MuscleMapView

        muscle_map = MuscleMapView(self.workplace, self.window)
        muscle_map.banner_changed.connect(self._map_banner)
        muscle_map.signed.connect(self._signed)
        muscle_map.patient_requested.connect(self.show_patient)
        muscle_map.choose_patient_requested.connect(self._choose_patient)
        muscle_map.document_requested.connect(self.papers.open_paper)
        muscle_map.paper_requested.connect(self.papers.draw)
        muscle_map.message_offered.connect(self._say)
        self._failures.add_save_work(muscle_map.save_now)
        return muscle_map

    @property
    def _made_map(self) -> MuscleMapView | None:
        """The map if somebody has asked for it."""
        return vars(self).get("muscle_map")

    @cached_property
    def schedule(self) -> ScheduleView:
        """The schedule, made when it is first asked for."""
        from clinic_app.ui.schedule.view import ScheduleView

        schedule, papers = ScheduleView(self.workplace, self.window), self.papers
        schedule.patient_requested.connect(self.show_patient)
        schedule.visit_requested.connect(self.start_visit_of_appointment)
        schedule.document_requested.connect(papers.open_paper)
        schedule.day_list_requested.connect(papers.open_day_list)
        schedule.day_papers_requested.connect(papers.open_day_papers)
        schedule.week_list_requested.connect(papers.open_week_list)
        schedule.message_offered.connect(self._say)
        schedule.calendar_file_requested.connect(papers.save_calendar_file)
        if self.workplace.may(Act.REPORT_SIDE_EFFECT):
            schedule.telephone_requested.connect(self.telephone.take_call)
        return schedule

    @cached_property
    def stock(self) -> StockView | None:
        """The stock, made when it is first asked for; None for whoever has no right to it."""
        if not self.workplace.may(Act.STOCK):
            return None
        from clinic_app.ui.stock.view import StockView

        stock = StockView(self.workplace, self.window)
        stock.patient_requested.connect(self.show_patient)
        stock.paper_requested.connect(self.papers.draw)
        stock.message_offered.connect(self._say)
        return stock

    def _make_stock(self) -> QWidget:
        assert self.stock is not None  # else it is not in the rail
        return self.stock

    def _make_inbox(self) -> QWidget:
        from clinic_app.ui.inbox.view import InboxView

        inbox = InboxView(self.workplace, self.waiting, self.window)
        inbox.effect_requested.connect(self.show_side_effect)
        inbox.response_requested.connect(self.note_response)
        inbox.draft_requested.connect(self.open_draft)
        inbox.lot_requested.connect(self.show_lot)
        inbox.recall_requested.connect(self.show_recall)
        inbox.rebook_requested.connect(self.show_rebooking)
        inbox.message_offered.connect(self._say)
        self.inbox = inbox
        return inbox

    def _make_recall(self) -> QWidget:
        from clinic_app.ui.recall.view import RecallView

        recall = RecallView(self.workplace, self.window)
        recall.patient_requested.connect(self.show_patient)
        recall.repeat_requested.connect(self.propose_repeat)
        recall.appointment_requested.connect(self.show_appointment)
        recall.move_requested.connect(self.move_appointment)
        recall.document_requested.connect(self.open_recall_paper)
        recall.message_offered.connect(self._say)
        self.recall = recall
        return recall

    def _make_reports(self) -> QWidget:
        from clinic_app.ui.reports.view import ReportsView

        reports = ReportsView(self.workplace, self.window)
        reports.visit_requested.connect(self.show_visit)
        reports.patient_requested.connect(self.show_patient)
        reports.paper_requested.connect(self.papers.draw)
        reports.message_offered.connect(self._say)
        self.reports = reports
        return reports

    def _make_settings(self) -> QWidget:
        from clinic_app.ui.settings.view import SettingsView

        settings = SettingsView(self.workplace, self.window)
        settings.undo_offered.connect(self._say)
        settings.rebook_requested.connect(self.show_rebooking)
        settings.paper_requested.connect(self.papers.draw)
        if self.backups is not None and settings.backup is not None:
            settings.backup.watch(self.backups)
        if self.rehearsals is not None and settings.backup is not None:
            settings.backup.rehearsal.watch(self.rehearsals)
        self.settings = settings
        return settings

    def keep(self) -> None:
        """Keep the chart, and let what is under way end: nothing may ask the record when it is locked."""
        if self._made_map is not None:
            self._made_map.save_now()
        self._stop_long_work()
        self.workplace.tasks.wait_idle()

    def _save_what_waited(self) -> None:
        """What was typed on this workstation while the server was away, and the program ended before it was back."""
        here, actor = self.workplace.services.local_drafts, self.workplace.actor
        if here is not None:
            charts = self.workplace.services.charts
            self.workplace.tasks.run(lambda: here.save_waiting(actor, charts), self._say_what_waited, owner=self)

    def _say_what_waited(self, came: tuple[int, int]) -> None:
        saved, waiting = came
        if waiting:
            self._say(
                "A chart was typed here while the server was away, and changed elsewhere. Open it to choose.", None
            )
        elif saved:
            self._say("What was typed here while the server was away is saved now.", None)

    def look_again(self) -> None:
        """Ask for everything that is shown, after others may have worked meanwhile."""
        self.workplace.changes.committed.emit(EVERY_KIND)

    def unsaved(self) -> str:
        """Why the window should stay open: a sentence, or "" when everything is saved."""
        if self._made_map is not None and self._made_map.has_unsaved():
            return "The chart could not be kept. Look at what it says on the muscle map, then close again."
        views = (self.patients, self.recall, vars(self).get("stock"), self.inbox, self.settings)
        reasons = (view.unsaved() for view in views if view is not None)
        return next((reason for reason in reasons if reason), "")

    def close(self) -> None:
        """Keep what is typed and take the window away."""
        if self._made_map is not None:
            self._made_map.close_chart()
        self._stop_long_work()
        if self.reports is not None:
            self.reports.leave()
        self.workplace.tasks.wait_idle()
        if self._made_map is not None:
            self._failures.remove_save_work(self._made_map.save_now)
        self.papers.close()
        self.window.hide()
        self.window.deleteLater()

    @Slot(int)
    def show_patient(self, patient_id: int) -> None:
        """The patient's page."""
        self.patients.show_patient(patient_id)
        self.window.show_view(PATIENTS)

    @Slot(int, int)
    def show_side_effect(self, patient_id: int, effect_id: int) -> None:
        """The patient's side effects, with one of them chosen."""
        self.patients.show_side_effect(patient_id, effect_id)
        self.window.show_view(PATIENTS)

    @Slot(int, int)
    def note_response(self, patient_id: int, visit_id: int) -> None:
        """The form of a visit's response."""
        self.patients.note_response(patient_id, visit_id)
        self.window.show_view(PATIENTS)

    @Slot()
    def bring_in(self) -> None:
        """The page of imports, and the dialog that asks for a file."""
        self.window.show_view(SETTINGS)
        if self.settings is not None and self.settings.importing is not None:
            self.settings.show_page(self.settings.importing)
            self.settings.importing.begin()

    @Slot(int)
    def show_lot(self, lot_id: int) -> None:
        """A lot in the stock."""
        if self.stock is not None:
            self.stock.show_lot(lot_id)
            self.window.show_view(STOCK)

    @Slot(int, int)
    def show_visit(self, patient_id: int, visit_id: int) -> None:
        """A visit on the patient's page; the page alone for whoever may not read the record."""
        self.patients.show_visit(patient_id, visit_id)
        self.window.show_view(PATIENTS)

    @Slot(int, bool)
    def start_visit(self, patient_id: int, repeat: bool) -> None:
        """A new chart that repeats the last pattern, or with the choice what it starts from."""
        self.muscle_map.start(patient_id, repeat, choose=not repeat)
        self.window.show_view(MUSCLE_MAP)

    @Slot(int, int)
    def start_visit_of_appointment(self, patient_id: int, appointment_id: int) -> None:
        """The chart of an appointment: the one in progress, else one that repeats the last pattern if there is one."""
        charts, actor = self.workplace.services.charts, self.workplace.actor

        def begin(draft_id: int | None) -> None:
            if draft_id is not None:
                self.muscle_map.open_draft(draft_id)
            else:
                self.muscle_map.start(patient_id, True, appointment_id)
            self.window.show_view(MUSCLE_MAP)

        def look() -> int | None:
            drafts = charts.drafts(actor, patient_id)
            return drafts[0].id if drafts else None

        self.workplace.tasks.run(look, begin, owner=self)

    @Slot(int)
    def open_draft(self, draft_id: int) -> None:
        """Go on with a chart."""
        self.muscle_map.open_draft(draft_id)
        self.window.show_view(MUSCLE_MAP)

    @Slot()
    def show_drafts(self) -> None:
        """The charts in progress, beside the map."""
        self.muscle_map.show_drafts()
        self.window.show_view(MUSCLE_MAP)

    @Slot()
    def set_pin(self) -> None:
        """The panel for the PIN, beside the person's button."""
        sheet = PinSheet(self.workplace, self.window)
        sheet.said.connect(self.window.show_message)
        sheet.open_beside(self.window.rail.user_button)

    @Slot()
    def change_passphrase(self) -> None:
        """The panel for one's own passphrase, beside the person's button."""
        accounts = self.workplace.services.accounts
        assert accounts is not None  # else there is no such command
        sheet = PassphraseSheet(self.workplace, accounts, self.window)
        sheet.said.connect(self.window.show_message)
        sheet.open_beside(self.window.rail.user_button)

    @Slot(int)
    def book_for(self, patient_id: int) -> None:
        """Book any appointment for a patient."""
        self.schedule.book_for(patient_id)
        self.window.show_view(SCHEDULE)

    @Slot(int)
    def propose_repeat(self, visit_id: int) -> None:
        """Book the repeat of a signed visit."""
        self.schedule.propose_repeat(visit_id)
        self.window.show_view(SCHEDULE)

    @Slot(int)
    def show_appointment(self, appointment_id: int) -> None:
        """Show an appointment in the schedule."""
        self.schedule.show_appointment(appointment_id)
        self.window.show_view(SCHEDULE)

    @Slot(int)
    def move_appointment(self, appointment_id: int) -> None:
        """Show an appointment in the schedule with the form that moves it."""
        self.schedule.move_appointment(appointment_id)
        self.window.show_view(SCHEDULE)

    @Slot()
    def show_recall(self) -> None:
        """Whom to call."""
        from clinic_app.ui.recall.view import RECALL as RECALL_LIST

        self._show_list(RECALL_LIST)

    @Slot()
    def show_rebooking(self) -> None:
        """What must be booked again."""
        from clinic_app.ui.recall.view import REBOOK

        self._show_list(REBOOK)

    def _show_list(self, title: str) -> None:
        self.window.view(RECALL)  # makes it at the first time
        if self.recall is not None:
            self.recall.show_page(title)
            self.window.show_view(RECALL)
            self.recall.setFocus()

    @Slot(str, object)
    def open_recall_paper(self, kind: str, of: tuple[Any, ...]) -> None:
        """Preview letters to patients, or one of the lists; letters that are in front count as written."""
        view = self.recall
        drawn = None if view is None or kind != "recall_letter" else partial(view.recall.letters_drawn, of)
        self.papers.open_recall_paper(kind, of, drawn)

    def _connect(self) -> None:
        window, patients, papers = self.window, self.patients, self.papers
        papers.shown.connect(self.paper_shown)
        papers.refused.connect(self._warn)
        papers.calendar_file.message_offered.connect(self._say)
        window.lock_requested.connect(self.lock_requested)
        window.switch_requested.connect(self.switch_requested)
        window.reminder_chosen.connect(self.show_drafts)
        # Direct: a veto must be heard before the window decides.
        window.closing.connect(self._may_close, Qt.ConnectionType.DirectConnection)
        window.view_changed.connect(self._show_banner_of)
        patients.banner_changed.connect(self._patients_banner)
        patients.new_visit_requested.connect(self.start_visit)
        patients.draft_requested.connect(self.open_draft)
        patients.book_requested.connect(self.book_for)
        patients.repeat_requested.connect(self.propose_repeat)
        patients.appointment_requested.connect(self.show_appointment)
        patients.document_requested.connect(papers.open_paper)
        patients.paper_requested.connect(papers.draw)
        patients.message_offered.connect(self._say)

    @Slot(object)
    def _show_waiting(self, rows: tuple[InboxRow, ...]) -> None:
        """What waits for the person stands at the rail; unsigned visits also where they are signed."""
        self.window.rail.button(INBOX).set_badge(sum(row.mine for row in rows), own_text(rows))
        text = unsigned_text(rows)
        self.window.rail.button(MUSCLE_MAP).set_badge(unsigned_count(rows), text)
        self.window.set_reminder(text, "Of earlier days; they wait for your signature")

    @Slot(object)
    def _committed(self, kinds: frozenset[str]) -> None:
        if "clinic" in kinds:
            self._ask_titles()

    def _ask_titles(self) -> None:
        privacy = self.workplace.services.desk_privacy
        self.workplace.tasks.ask(
            "window.titles", privacy.names_in_titles, self.window.name_patient_in_title, _unheard, owner=self.window
        )

    @Slot(int)
    def _signed(self, visit_id: int) -> None:
        """Booking the repeat is part of signing off; the note comes out of the same click and waits beside it."""
        self.propose_repeat(visit_id)
        if self.workplace.may(Act.PRINT_NOTE):
            self.papers.open_note_aside(visit_id)

    @Slot()
    def _choose_patient(self) -> None:
        self.window.show_view(PATIENTS)
        self.patients.focus_search()

    @Slot(object)
    def _may_close(self, question: Closing) -> None:
        self.keep()  # one more backup is made when everything is closed
        reason = self.unsaved()
        if reason:
            question.veto(reason)

    def _stop_long_work(self) -> None:
        for watch in (self.backups, self.rehearsals, self.calendars):
            if watch is not None:
                watch.stop()

    @Slot(object)
    def _patients_banner(self, banner: Banner | None) -> None:
        self._banners[PATIENTS] = None if banner is None else banner_facts(banner)
        self._show_banner_of(self.window.current_view())

    @Slot(object)
    def _map_banner(self, banner: Banner | None) -> None:
        self._banners[MUSCLE_MAP] = None if banner is None else banner_facts(banner)
        self._show_banner_of(self.window.current_view())

    @Slot(str)
    def _show_banner_of(self, view: str) -> None:
        self.window.set_patient_banner(self._banners.get(view))

    @Slot(str, object)
    def _say(self, text: str, undo: Callable[[], object] | None) -> None:
        self.window.show_message(text, Level.DONE, undo)

    @Slot(str)
    def _warn(self, text: str) -> None:
        self.window.show_message(text, Level.WARN, seconds=None)

    def _find_patients(self, text: str) -> list[Found]:
        rows = self.workplace.services.patients.search(self.workplace.actor, text, limit=8)
        return [
            Found(
                row.name,
                partial(self.show_patient, row.id),
                f"similar name · {row.record_number}" if row.alike else row.record_number,
                "user",
            )
            for row in rows
        ]


def _unheard(_error: ClinicError) -> None:
    """The title stays as it is."""
