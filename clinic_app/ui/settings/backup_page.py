"""Backups: where they go and how often, the ones that there are, and one more at once."""

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.backup_plan import MOST_HOURS, BackupChoice, BackupPlan, MadeBackup
from clinic_app.services.rehearsal import Rehearsal, Rehearsals
from clinic_app.ui.backup_watch import BackupWatch
from clinic_app.ui.locale import date_text, number_text, time_text
from clinic_app.ui.settings.page import Change, SettingsPage, table_height
from clinic_app.ui.settings.rehearsal_section import RehearsalSection
from clinic_app.ui.tasks import Steps
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.fields import TextField
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.notes import Notice
from clinic_app.ui.widgets.progress import WorkProgress
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.widgets.value_fields import ChoiceField
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_ABOUT = (
    "A backup is one encrypted file with everything in it. It opens with the passphrases of its day or with the "
    "recovery code, on any computer with this program. Keep one on another drive, away from this computer."
)
_HOURS = tuple((hours, f"every {hours} hours" if hours > 1 else "every hour") for hours in (1, 2, 4, 8, 12, 24))
_DAYS = ((1, "every day"), (7, "every week"), (14, "every two weeks"), (30, "every month"))
_PARTS = ("Copying the record", "Counting what was copied", "Writing the file", "Opening and comparing it")


@dataclass(frozen=True, slots=True)
class Backups:
    """What the page shows; ``wrong`` says why the folder cannot be read."""

    choice: BackupChoice
    made: tuple[MadeBackup, ...]
    last: Rehearsal | None
    last_good: Rehearsal | None
    wrong: str = ""


class BackupPage(SettingsPage[Backups]):
    """Made by themselves; what is due is made while others work."""

    title = "Backup"
    kinds = frozenset({"clinic"})
    wanted = Signal()
    """One is to be made now."""
    unwanted = Signal()
    """The one under way is to be given up."""

    def __init__(
        self, workplace: Workplace, plan: BackupPlan, rehearsals: Rehearsals, parent: QWidget | None = None
    ) -> None:
        super().__init__(workplace, _ABOUT, parent)
        self._plan = plan
        self._rehearsals = rehearsals
        self._choice: BackupChoice | None = None
        self.state = Notice(self)
        self.folder = TextField("Folder", self, longest=1000)
        self.folder.set_read_only(True)
        self.choose_button = PlainButton("Choose a folder…", self, icon="save")
        self.choose_button.clicked.connect(self._ask)
        self.hours = ChoiceField[int]("How often, while the program is open", _HOURS, self)
        self.hours.set_read_only(not self.manager)
        self.hours.changed.connect(self._hours_chosen)
        self.choose_button.setVisible(self.manager)
        self.days = ChoiceField[int]("How often a restore is rehearsed", _DAYS, self)
        self.days.set_read_only(not self.manager)
        self.days.changed.connect(self._days_chosen)
        self.rehearsal = RehearsalSection(self)
        self.now_button = PrimaryButton("Back up now", self, icon="save")
        self.now_button.setToolTip("Written beside the window, then opened and compared")
        self.now_button.clicked.connect(self.wanted)
        self.progress = WorkProgress("Progress of the backup", _telling, "the backups that there are stay", self)
        self.progress.cancelled.connect(self.unwanted)
        self.table: RowTable[MadeBackup] = RowTable(
            (
                Column("Made", _made_text, lambda row: row.made_at, width=170),
                Column("File", lambda row: row.file.name, tooltip=lambda row: str(row.file), stretch=True),
                Column("Size", _size, lambda row: row.size, numeric=True, width=90),
            ),
            self,
            name="settings-backups",
            label="Backups",
            key=lambda row: row.file,
            empty=EmptyState("save", "No backup yet. The first one is made soon after the start.", self),
        )
        self._build()

    def read(self) -> Backups:
        """The choice and what there is."""
        choice, rehearsals = self._plan.choice(), self._rehearsals
        last, good = rehearsals.last(), rehearsals.last_good()
        try:
            return Backups(choice, self._plan.made(), last, good)
        except ClinicError as error:
            return Backups(choice, (), last, good, told(error))

    def show_read(self, read: Backups) -> None:
        """Show it."""
        self._choice = read.choice
        self.folder.set_value(str(read.choice.folder))
        self.hours.set_value(read.choice.hours)
        self.days.set_value(read.choice.rehearse_days)
        self.rehearsal.show_last(read.last, read.last_good, any_backup=bool(read.made))
        self.table.set_rows(read.made)
        self.table.horizontalHeader().setVisible(bool(read.made))
        self.table.setFixedHeight(table_height(len(read.made)))
        if read.wrong:
            self.state.say(read.wrong, Level.STOP)

    def watch(self, watch: BackupWatch) -> None:
        """Show what it does, and have it make one when asked."""
        self.wanted.connect(watch.run)
        self.unwanted.connect(watch.stop)
        watch.began.connect(self._began)
        watch.ended.connect(self._ended)
        watch.made.connect(self._made)
        watch.failed.connect(self._failed)

    @Slot(object)
    def _began(self, steps: Steps) -> None:
        self.now_button.setEnabled(False)
        self.state.say("")
        self.progress.start(steps)

    @Slot()
    def _ended(self) -> None:
        self.now_button.setEnabled(True)
        self.progress.stop()

    @Slot(object)
    def _made(self, made: MadeBackup) -> None:
        if self._choice is not None:
            self.refresh()
            self.state.say(f"Backed up at {time_text(made.made_at)}, opened and compared.", Level.DONE)

    @Slot(str)
    def _failed(self, sentence: str) -> None:
        self.state.say(sentence, Level.STOP)

    def _build(self) -> None:
        where = Section("Automatic backups", self)
        row = QHBoxLayout()
        row.setSpacing(INSIDE)
        row.addWidget(self.folder, 1)
        row.addWidget(self.choose_button, 0, Qt.AlignmentFlag.AlignBottom)
        where.add(row)
        often = QHBoxLayout()
        often.setSpacing(BETWEEN)
        often.addWidget(self.hours, 1)
        often.addWidget(self.days, 1)
        where.add(often)
        where.add(Muted("Kept: the newest of each of 7 days, 5 weeks and 12 months.", self))
        there = Section("Backups there", self)
        there.add_action(self.now_button)
        there.add(self.progress)
        there.add(self.state)
        there.add(self.table)
        self.add(where)
        self.add(self.rehearsal)
        self.add(there)

    @Slot()
    def _hours_chosen(self) -> None:
        hours = self.hours.value()
        if self._choice is not None and hours is not None:
            self._choose(replace(self._choice, hours=min(hours, MOST_HOURS)))

    @Slot()
    def _days_chosen(self) -> None:
        days = self.days.value()
        if self._choice is not None and days is not None:
            self._choose(replace(self._choice, rehearse_days=days))

    @Slot()
    def _ask(self) -> None:
        dialog = QFileDialog(self, "Choose the folder of the backups", self.folder.value())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._folder_chosen)
        dialog.open()

    @Slot(str)
    def _folder_chosen(self, folder: str) -> None:
        if self._choice is not None:
            self._choose(replace(self._choice, folder=Path(folder)))

    def _choose(self, choice: BackupChoice) -> None:
        plan, actor = self._plan, self.workplace.actor
        said = (
            f"Backups go to {choice.folder}, {dict(_HOURS).get(choice.hours, '')}; "
            f"a restore is rehearsed {dict(_DAYS).get(choice.rehearse_days, '')}."
        )
        self.change(Change(said, lambda: plan.choose(actor, choice), lambda before: plan.choose(actor, before)))


def _telling(done: int, of: int) -> str:
    return _PARTS[done] if of else "Looking whether one is due"


def _made_text(row: MadeBackup) -> str:
    return f"{date_text(row.made_at.date())}, {time_text(row.made_at)}"


def _size(row: MadeBackup) -> str:
    return f"{number_text(max(1, round(row.size / 1_000_000)))} MB"
