"""When a backup was last restored on trial, what came of it, and one more at once."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.services.rehearsal import Rehearsal
from clinic_app.ui.backup_watch import RehearsalWatch
from clinic_app.ui.locale import date_text, number_text, time_text
from clinic_app.ui.tasks import Steps
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.progress import WorkProgress
from clinic_app.ui.widgets.sections import Section

_ABOUT = "The newest backup is restored into a private folder, counted, its signatures worked out again, and removed."
_PARTS = ("Restoring the newest backup", "Counting what came back", "Working out every signature again")


class RehearsalSection(Section):
    """A part of the page of backups."""

    wanted = Signal()
    """One is to be made now."""
    unwanted = Signal()
    """The one under way is to be given up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Rehearsed restore", parent)
        self.now_button = PlainButton("Rehearse now", self)
        self.now_button.clicked.connect(self.wanted)
        self.progress = WorkProgress("Progress of the rehearsal", _telling, "the record and its backups stay", self)
        self.progress.cancelled.connect(self.unwanted)
        self.last = Note(Level.DONE, self)
        self.good = Muted("", self, wrap=True)
        self.add_action(self.now_button)
        self.add(Muted(_ABOUT, self, wrap=True))
        self.add(self.progress)
        self.add(self.last)
        self.add(self.good)
        self._any_backup = self._busy = False

    def show_last(self, last: Rehearsal | None, good: Rehearsal | None, *, any_backup: bool) -> None:
        """What came of the last one, and where it failed also of the last in which everything came back."""
        self._any_backup = any_backup
        self._offer()
        if last is None:
            self.last.say("No restore was rehearsed yet. The first one follows the first backup.", Level.INFO)
        elif last.wrong:
            self.last.say(f"Last rehearsal: {_when(last)}. It failed: {last.wrong}", Level.STOP)
        else:
            self.last.say(f"Last rehearsal: {_when(last)}. {_came_back(last)}", Level.DONE)
        earlier = good is not None and last is not None and bool(last.wrong)
        self.good.setText(f"Last good one: {_when(good)}. {_came_back(good)}" if earlier and good is not None else "")
        self.good.setVisible(earlier)

    def watch(self, watch: RehearsalWatch) -> None:
        """Show what it does, and have it make one when asked. What came of it is read again with the record."""
        self.wanted.connect(watch.run)
        self.unwanted.connect(watch.stop)
        watch.began.connect(self._began)
        watch.ended.connect(self._ended)
        watch.failed.connect(self._failed)

    def _offer(self) -> None:
        self.now_button.setEnabled(self._any_backup and not self._busy)

    @Slot(object)
    def _began(self, steps: Steps) -> None:
        self._busy = True
        self._offer()
        self.progress.start(steps)

    @Slot()
    def _ended(self) -> None:
        self._busy = False
        self._offer()
        self.progress.stop()

    @Slot(str)
    def _failed(self, sentence: str) -> None:
        self.last.say(sentence, Level.STOP)


def _telling(done: int, of: int) -> str:
    return _PARTS[done] if of else "Looking whether one is due"


def _when(rehearsal: Rehearsal) -> str:
    return f"{date_text(rehearsal.at.date())}, {time_text(rehearsal.at)}"


def _came_back(rehearsal: Rehearsal) -> str:
    patients, visits = number_text(rehearsal.patients), number_text(rehearsal.visits)
    seconds = number_text(max(1, round(rehearsal.seconds)))
    return f"Patients: {patients}, visits: {visits}, all as they were backed up; it took {seconds} s."
