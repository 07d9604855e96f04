"""From a double click to the unlocked clinic and back to the unlock page: what the program shows and when."""

from __future__ import annotations

import gc
import sys
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.settings import Settings
from clinic_app.ui.changes import Changes
from clinic_app.ui.closing import Closing
from clinic_app.ui.desks import Desk
from clinic_app.ui.failures import Failures
from clinic_app.ui.locking import Locking, close_store
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.theme import AFTER_FIRST_PAINT_MS, USUAL, Look
from clinic_app.ui.unlock import UnlockPage

# The services bring SQLAlchemy, which takes as long to import as everything before the unlock page. They are imported
# on the database lane while the person types the passphrase, and named here for types only.
if TYPE_CHECKING:
    from clinic_app.demo.template import DemoFolder
    from clinic_app.services.clock import Clock
    from clinic_app.services.stores import OpenStore
    from clinic_app.ui.clinic_window import ClinicWindow
    from clinic_app.ui.connect_form import ConnectForm
    from clinic_app.ui.first_run import FirstRun, FirstRunPage
    from clinic_app.ui.restoring import Restoring


class Program(QObject):
    """Shows the first-run page, the unlock page or the clinic, and passes from one to the other."""

    opened = Signal(object)
    """Carries the ClinicWindow that was built."""
    refused = Signal(str)
    """The clinic could not be opened; carries the sentence that the page shows."""

    def __init__(
        self, settings: Settings, clock: Clock, look: Look, failures: Failures, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._clock = clock
        self._look = look
        self._failures = failures
        self._tasks = Tasks(failures.bug, self)
        self._changes = Changes(self)
        self._demo: DemoFolder | None = None
        self._recovery_code = ""
        self._signing_hint = ""
        self._first_run: FirstRunPage | None = None
        self._unlock: UnlockPage | None = None
        self._restoring: Restoring | None = None
        self._answers: FirstRun | None = None
        self.clinic_window: ClinicWindow | None = None
        self.opening = OpeningWindow()
        self.opening.setWindowTitle("Injection clinic")
        self.opening.resize(USUAL)
        self._locking = Locking(
            self._tasks, clock, self.opening, self._show_unlock, self, hint=lambda: self._signing_hint
        )
        self._locking.to_front.connect(self._to_front)
        self._locking.build_again.connect(self._build)
        self._locking.refused.connect(self.refused)
        self._changes.committed.connect(self._locking.heard)
        # Direct: a veto must be heard before the window decides.
        self.opening.closing.connect(self._locking.ask_the_locked, Qt.ConnectionType.DirectConnection)

    @property
    def tasks(self) -> Tasks:
        """The lanes, for whoever must wait until they are idle."""
        return self._tasks

    def start(self) -> None:
        """Show the page that fits: demo, first run, or unlock."""
        if self._settings.demo:
            self._open_demo()
        elif not self._settings.exists and not self._settings.database_url:
            self._show_first_run()
        elif self._settings.user_name and self._settings.passphrase is not None:
            self._show_unlock()
            self._try_unlock(self._settings.user_name, self._settings.passphrase)
        else:
            self._show_unlock()

    def finish(self) -> None:
        """Keep what is typed, close the store, remove the demo's copy."""
        self.clinic_window = None
        front = self._locking.end()
        self._tasks.close()
        self._changes.blockSignals(True)  # of what was saved last nobody asks any more
        if front is not None:
            close_store(front)
        if self._demo is not None:
            self._demo.remove()
            self._demo = None
        self.opening.close()

    @Slot()
    def _import_services(self) -> None:
        """While the person types; not before the page is painted, since two threads import no faster than one."""
        if not self._tasks.closed:
            self._tasks.run(_import_services, _nothing, owner=self)

    def _show_page(self, page: QWidget) -> None:
        while (old := self.opening.widget(0)) is not None:
            self.opening.removeWidget(old)
            old.deleteLater()
        self.opening.addWidget(page)
        self.opening.show()

    # --- first run

    def _show_first_run(self) -> None:
        from clinic_app.ui.first_run import FirstRunPage

        page = FirstRunPage(self.opening)
        page.submitted.connect(self._set_up)
        page.recovery.tried.connect(self._try_code)
        self._offer_server(page.server)
        self._first_run = page
        self._show_page(page)
        QTimer.singleShot(AFTER_FIRST_PAINT_MS, self, self._import_services)

    @Slot(object)
    def _set_up(self, answers: FirstRun) -> None:
        settings, clock = self._settings, self._clock

        def work() -> str:
            from clinic_app.services.stores import NewClinic, set_up

            return set_up(settings, NewClinic(**{name: getattr(answers, name) for name in answers.__slots__}), clock)

        assert self._first_run is not None
        self._answers = answers
        self._first_run.set_busy(True)
        self._tasks.run(work, self._was_set_up, self._set_up_refused, owner=self)

    @Slot(str)
    def _was_set_up(self, code: str) -> None:
        from clinic_app.ui.recovery_paper import RecoveryPaper

        page, answers = self._first_run, self._answers
        assert page is not None
        assert answers is not None
        self._recovery_code = code
        made_on = date.fromtimestamp(self._clock().timestamp())
        paper = RecoveryPaper(answers.name, answers.paper_size.value, code, made_on, self._tasks, page)
        paper.message_offered.connect(page.say)
        page.recovery.print_requested.connect(paper.show)
        page.recovery.save_requested.connect(paper.save)
        page.set_busy(False)
        page.show_recovery_code(code)

    @Slot(object)
    def _set_up_refused(self, error: ClinicError) -> None:
        assert self._first_run is not None
        self._first_run.set_busy(False)
        self._first_run.show_error(error.field, str(error))
        self.refused.emit(str(error))

    @Slot(object)
    def _try_code(self, typed: dict[int, str]) -> None:
        settings, code = self._settings, self._recovery_code

        def work() -> None:
            from clinic_app.services.recovery_code import try_code_of

            try_code_of(settings.key_file, code, typed)

        assert self._first_run is not None
        self._first_run.recovery.set_busy(True)
        self._tasks.run(work, self._code_was_right, self._code_was_wrong, owner=self)

    def _code_was_right(self, _: None) -> None:
        self._after_first_run()

    def _code_was_wrong(self, error: ClinicError) -> None:
        assert self._first_run is not None
        self._first_run.recovery.show_error(error.field, str(error))

    def _after_first_run(self) -> None:
        answers = self._answers
        assert answers is not None
        self._recovery_code = ""
        self._answers = None
        self._first_run = None
        self._show_unlock()
        self._try_unlock(answers.user_name, answers.passphrase)

    # --- unlock

    def _show_unlock(self) -> UnlockPage:
        self.clinic_window = None
        page = UnlockPage("", self.opening)
        page.unlock_requested.connect(self._try_unlock)
        page.recovery_requested.connect(self._recover)
        page.server_offered.connect(self._offer_server)
        self._unlock, self._restoring = page, None
        self._show_page(page)
        QTimer.singleShot(AFTER_FIRST_PAINT_MS, self, self._import_services)
        return page

    @Slot(str, str)
    def _try_unlock(self, user_name: str, passphrase: str) -> None:
        settings, clock, announce = self._settings, self._clock, self._changes.announce

        def work() -> OpenStore:
            from clinic_app.services.stores import unlock

            return unlock(settings, user_name, passphrase, clock, announce)

        assert self._unlock is not None
        self._unlock.set_busy(True)
        self._tasks.run(work, self._was_unlocked, self._unlock_refused, owner=self)

    @Slot(str, str, str)
    def _recover(self, user_name: str, code: str, passphrase: str) -> None:
        settings, clock = self._settings, self._clock

        def work() -> tuple[str, str]:
            from clinic_app.services.stores import recover

            recover(settings, code, user_name, passphrase, clock)
            return user_name, passphrase

        def recovered(account: tuple[str, str]) -> None:
            self._try_unlock(*account)

        assert self._unlock is not None
        self._unlock.set_busy(True)
        self._tasks.run(work, recovered, self._unlock_refused, owner=self)

    @Slot(object)
    def _unlock_refused(self, error: ClinicError) -> None:
        from clinic_app.services.best_backup import RESTORABLE
        from clinic_app.ui.restoring import Restoring

        assert self._unlock is not None
        self._unlock.set_busy(False)
        if error.code in RESTORABLE and not self._settings.database_url:
            if self._restoring is None:
                self._restoring = Restoring(self._settings, self._clock, self._tasks, self._unlock)
            self._restoring.offer(error)
            self.refused.emit(str(error))
            return
        if self._settings.database_url and error.code.startswith("server_"):
            # What somebody who is locked here was at belongs to the server that they came from.
            address = "" if self._locking.holds_any else self._settings.database_url
            self._unlock.show_away(str(error), address)
            self.refused.emit(str(error))
            return
        seconds = error.parameters.get("seconds", 0)
        if isinstance(seconds, int) and seconds > 0:
            paused = error.code == "unlock_paused"  # its sentence tells the seconds as well, for where none are counted
            self._unlock.show_wait("The passphrase was wrong too often." if paused else str(error), seconds)
        else:
            self._unlock.show_error(str(error), error.field or "passphrase")
        self.refused.emit(str(error))

    # --- a clinic that is on a server

    @Slot(object)
    def _offer_server(self, form: ConnectForm) -> None:
        from clinic_app.ui.connecting import Connecting

        connecting = Connecting(self._settings, self._tasks, form)
        connecting.connected.connect(self._connected)
        connecting.refused.connect(self.refused)

    @Slot(str)
    def _connected(self, address: str) -> None:
        self._settings = replace(self._settings, database_url=address)
        self._first_run = None
        self._show_unlock()

    # --- the open clinic

    @Slot(object)
    def _was_unlocked(self, store: OpenStore) -> None:
        if not self._locking.brings_back(store):
            self._build(store)

    @Slot(object)
    def _build(self, store: OpenStore) -> None:
        from clinic_app.reference.catalogue import load_reference
        from clinic_app.services.bundle import Services
        from clinic_app.ui.clinic_window import ClinicWindow
        from clinic_app.ui.connection import Connection
        from clinic_app.ui.workplace import Workplace

        alone = self._settings.database_url or self._demo is not None  # what nobody backs up from here
        services = Services(
            store.database,
            self._clock,
            load_reference(),
            key_file=store.files.keys,
            research_key=store.research_key,
            backup=None if alone else (self._settings, store.key),
            data_key=store.key,
            drafts_folder=self._settings.drafts_folder if self._settings.database_url else None,
            settings=self._settings,
        )
        workplace = Workplace(services, store.actor, self._tasks, self._changes, services.atlas, self._signing_hint)
        clinic_window = ClinicWindow(workplace, self._look, self._failures, self)
        clinic_window.lock_requested.connect(self._locking.lock)
        clinic_window.switch_requested.connect(self._locking.switch)
        clinic_window.window.closing.connect(self._locking.ask_the_locked, Qt.ConnectionType.DirectConnection)
        clinic_window.window.show()
        connection = Connection(store, self._tasks, self._changes)
        self._locking.add(Desk(store, clinic_window, connection, self))

    @Slot(object)
    def _to_front(self, clinic_window: ClinicWindow) -> None:
        self.clinic_window = clinic_window
        self._unlock = self._restoring = None
        self.opened.emit(clinic_window)

    # --- the demo clinic

    def _open_demo(self) -> None:
        page = _DemoPage(self.opening)
        self._show_page(page)
        clock, progress = self._clock, page.lived.emit

        def work() -> DemoFolder:
            from clinic_app.demo.template import fresh_demo
            from clinic_app.reference.catalogue import load_reference
            from clinic_app.services.bundle import shipped_atlas

            return fresh_demo(clock, shipped_atlas(), load_reference(), progress)

        self._tasks.run(work, self._demo_ready, owner=self)

    @Slot(object)
    def _demo_ready(self, demo: DemoFolder) -> None:
        from clinic_app.demo.template import PIN

        self._demo = demo
        self._signing_hint = f"In this demo the PIN is {PIN}."
        self._settings = demo.settings
        assert demo.settings.passphrase is not None
        self._show_unlock()
        self._try_unlock(demo.settings.user_name, demo.settings.passphrase)


class OpeningWindow(QStackedWidget):
    """What stands before the record and in place of a locked one; asks before it closes."""

    closing = Signal(object)
    """Carries ``Closing``; connect directly and veto to keep the window open."""

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask whoever is locked with unsaved work."""
        question = Closing()
        self.closing.emit(question)
        if question.reasons:
            event.ignore()
        else:
            event.accept()


class _DemoPage(QWidget):
    """Shown while the demo clinic is made: at the first start of a release it takes a while."""

    lived = Signal(int, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        text = QLabel("Preparing the demo clinic", self)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bar = QProgressBar(self)
        self._bar.setRange(0, 0)
        self._bar.setFixedWidth(320)
        self._bar.setTextVisible(False)
        column = QVBoxLayout(self)
        column.addStretch()
        column.addWidget(text)
        column.addWidget(self._bar, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addStretch()
        self.lived.connect(self._show)

    @Slot(int, int)
    def _show(self, weeks: int, of: int) -> None:
        self._bar.setRange(0, of)
        self._bar.setValue(weeks)


def _import_services() -> None:
    new = "clinic_app.services.bundle" not in sys.modules
    import clinic_app.services.bundle
    import clinic_app.services.stores  # noqa: F401  # imported for its time, not its names

    if new:
        gc.freeze()  # what was imported stays for good: no collection needs to look at it again


def _nothing(_result: object) -> None:
    """What to do with an answer nobody needs."""
