"""The settings page of imports: what can be brought in, the way to begin, and every file that came in so far."""

from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.importing.preview import MadeImport
from clinic_app.ui.importing.drop_area import DropArea
from clinic_app.ui.importing.wizard import ImportWizard
from clinic_app.ui.importing.wording import ABOUT_KINDS, KINDS, counted, made_text, moment_text, state_text
from clinic_app.ui.locale import number_text
from clinic_app.ui.settings.page import SettingsPage, table_height
from clinic_app.ui.tasks import Lane, Steps, Task
from clinic_app.ui.theme import AROUND, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.notes import Notice
from clinic_app.ui.widgets.progress import WorkProgress
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_ABOUT = (
    "Brings what was written down before into the record: tables from CSV files and Excel workbooks (.xlsx), patients "
    "from a FHIR bundle of another program (.json). You see what becomes of every row first. Nothing is written before "
    "the last step, and an import can be undone as long as nothing was built on it."
)


_ABOUT_BUNDLES = "Patients of another program, with their diagnoses, allergies, conditions and medicines."
_FILES = "Tables and FHIR bundles (*.csv *.xlsx *.txt *.tsv *.json *.ndjson);;All files (*)"


class ImportPage(SettingsPage[tuple[MadeImport, ...]]):
    """The list of imports; the steps stand in its place while a file is on its way in."""

    title = "Import"
    kinds = frozenset({"data_import"})
    asked = Signal(object)
    """Carries the dialog that asks for the file."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, _ABOUT, parent)
        self.setAcceptDrops(True)
        self._undoing: Task | None = None
        self._wanted: int | None = None
        zone = ZoneInfo(workplace.services.clinic.time_zone)
        self.area = DropArea(self)
        self.area.button.clicked.connect(self.choose_file)
        self.undo_notice = Notice(self)
        self.progress = WorkProgress("Progress of the undoing", _telling, "the import stays on record", self)
        self.progress.cancelled.connect(self._stop_undoing)
        self.table: RowTable[MadeImport] = RowTable(
            (
                Column("When", lambda row: moment_text(row.made_at, zone), lambda row: row.made_at, width=160),
                Column("File", lambda row: row.file_name, tooltip=lambda row: row.file_name, width=160, stretch=True),
                Column("What", lambda row: KINDS[row.kind], width=140),
                Column("Rows", lambda row: number_text(row.rows_in), lambda row: row.rows_in, numeric=True, width=70),
                Column(
                    "Left out", lambda row: number_text(row.rows_out), lambda row: row.rows_out, numeric=True, width=80
                ),
                Column("By", lambda row: row.by, tooltip=lambda row: row.by, width=130),
                Column("State", partial(state_text, zone=zone), tooltip=partial(state_text, zone=zone), width=140),
            ),
            self,
            name="settings-imports",
            label="Imports",
            key=lambda row: row.id,
            empty=EmptyState("file-text", "No file was brought in yet.", self),
        )
        self.table.selected_row.connect(self._selected)
        self.undo_button = PlainButton("Undo…", self, icon="undo-2")
        self.undo_button.setEnabled(False)
        self.undo_button.clicked.connect(self._ask_to_undo_selected)
        self.wizard = ImportWizard(workplace, self)
        self.wizard.hide()
        self.wizard.opened.connect(self._begin)
        self.wizard.left.connect(self._end)
        self.wizard.unreadable.connect(self._unreadable)
        self.wizard.message_offered.connect(self.undo_offered)
        self.wizard.undo_requested.connect(self._undo_from_wizard)
        self.wizard.taken_back.connect(self._undo)
        self.wizard.work.began.connect(self._reading_began)
        self.wizard.work.ended.connect(self.area.progress.stop)
        self.area.progress.cancelled.connect(self.wizard.work.stop)
        self._build()

    def read(self) -> tuple[MadeImport, ...]:
        """Every import."""
        return self.workplace.services.imports.imports(self.workplace.actor)

    def show_read(self, read: tuple[MadeImport, ...]) -> None:
        """Show them."""
        self.table.set_rows(read)
        self.table.horizontalHeader().setVisible(bool(read))
        self.table.setFixedHeight(table_height(len(read)))
        if self._wanted is not None:
            self.table.select(next((made for made in read if made.id == self._wanted), None))
            self._wanted = None
        self._selected(self.table.selected())

    def unsaved(self) -> str:
        """Why the window should stay open."""
        return "" if self.wizard.isHidden() else self.wizard.unsaved()

    @Slot()
    def begin(self) -> None:
        """What "Import…" in the menu does: the dialog, unless a file is on its way already."""
        if self.wizard.isHidden():
            self.choose_file()

    @Slot()
    def choose_file(self) -> None:
        """Ask for a file."""
        dialog = QFileDialog(self, "Choose the file to bring in", "", _FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self.asked.emit(dialog)

    @Slot(str)
    def open_file(self, path: str) -> None:
        """Begin with a file."""
        self.area.problem.say("")
        self.wizard.open(Path(path))

    def go_back(self) -> None:
        """Esc: stop what runs, else one step back."""
        if self.wizard.isHidden() or self.wizard.step is self.wizard.done:
            return
        if self.wizard.work.pending:
            self.wizard.progress.cancel_button.click()
        else:
            self.wizard.go_back()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file of this computer."""
        if _file_of(event) and not self.wizard.unsaved():
            event.acceptProposedAction()
            self.area.set_wanted(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It went elsewhere."""
        self.area.set_wanted(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Begin with the file."""
        self.area.set_wanted(False)
        path = _file_of(event)
        if path:
            event.acceptProposedAction()
            self.open_file(path)

    @Slot(str, object)
    def _reading_began(self, doing: str, steps: Steps) -> None:
        if self.wizard.isHidden():
            self.area.doing = doing
            self.area.progress.start(steps)

    @Slot()
    def _begin(self) -> None:
        self.area.progress.stop()
        self._scroll.hide()
        self.wizard.show()

    @Slot()
    def _end(self) -> None:
        self.wizard.hide()
        self._scroll.show()
        self.area.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    @Slot(str)
    def _unreadable(self, sentence: str) -> None:
        self.area.problem.say(sentence)
        self.area.button.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _selected(self, made: MadeImport | None) -> None:
        self.undo_button.setEnabled(made is not None and made.undone_at is None and self._undoing is None)

    @Slot()
    def _ask_to_undo_selected(self) -> None:
        made = self.table.selected()
        if made is not None:
            self._ask_to_undo(
                made.id, made.file_name, f"{made_text(made, self.wizard.work.zone)}: {counted(made.rows_in, 'row')}"
            )

    @Slot(int, str)
    def _undo_from_wizard(self, import_id: int, file_name: str) -> None:
        self._wanted = import_id
        if self.wizard.isHidden():
            self.refresh()
        else:
            self._end()
        self._ask_to_undo(import_id, file_name, "just now")

    def _ask_to_undo(self, import_id: int, file_name: str, when: str) -> None:
        self.undo_notice.offer(
            f"Everything that {file_name} brought in goes from the record again ({when}). The file itself stays.",
            Level.WARN,
            ("Undo this import", partial(self._undo, import_id, file_name)),
            ("Keep it", self.undo_button.setFocus),
        )
        self.undo_notice.first.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(self.undo_notice)

    @Slot(int, str)
    def _undo(self, import_id: int, file_name: str) -> None:
        if self.wizard.step is self.wizard.done and not self.wizard.isHidden():
            self._end()
        imports, actor, steps = self.workplace.services.imports, self.workplace.actor, Steps()

        def done(_: None) -> None:
            self.undo_offered.emit(f"The import of {file_name} is undone.", None)

        def failed(error: ClinicError) -> None:
            if error.code == "work_stopped":
                return
            self.undo_notice.say(told(error), Level.STOP)
            self.undo_offered.emit(told(error), None)

        self._undoing = self.workplace.tasks.run(
            lambda: imports.undo(actor, import_id, steps),
            done,
            failed,
            lane=Lane.PAPER,
            owner=self,
            ended=self._undone,
            steps=steps,
        )
        self.undo_button.setEnabled(False)
        self.progress.start(steps)

    @Slot()
    def _stop_undoing(self) -> None:
        if self._undoing is not None:
            self._undoing.cancel()
            self._undone()

    def _undone(self) -> None:
        self._undoing = None
        self.progress.stop()
        self.refresh()

    def _build(self) -> None:
        what = Section("What can be brought in", self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(AROUND)
        grid.setVerticalSpacing(INSIDE)
        grid.setColumnStretch(1, 1)
        for line, (kind, name) in enumerate(KINDS.items()):
            grid.addWidget(Strong(name, self), line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Muted(ABOUT_KINDS[kind], self, wrap=True), line, 1)
        line = len(KINDS)
        grid.addWidget(Strong("FHIR bundle", self), line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Muted(_ABOUT_BUNDLES, self, wrap=True), line, 1)
        what.add(grid)
        what.add(Muted("Bring the patients first: the other rows say whose they are.", self, wrap=True))
        what.add(self.area)
        made = Section("Brought in so far", self)
        made.add(self.undo_notice)
        made.add(self.table)
        foot = QHBoxLayout()
        foot.addWidget(self.undo_button)
        foot.addWidget(self.progress)
        foot.addStretch(1)
        made.add(foot)
        self.add(what)
        self.add(made)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(self.wizard, 1)


def _file_of(event: QDropEvent) -> str:
    """The one local file that is dragged, "" for anything else."""
    urls = event.mimeData().urls()
    return urls[0].toLocalFile() if len(urls) == 1 and urls[0].isLocalFile() else ""


def _telling(done: int, of: int) -> str:
    return f"{number_text(done)} of {number_text(of)}" if of else "Taking it back"
