"""Research export in the window: what is left out, the tick for free text, where to, progress and cancel."""

from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import QCoreApplication, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.access import Act
from clinic_app.services.research import Exported
from clinic_app.ui.locale import number_text
from clinic_app.ui.tasks import Lane
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.fields import CheckField
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.notes import Note, Notice
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_ABOUT = (
    "One row for each injection, cycle and side effect, as files that a statistics program reads, with a dictionary of "
    "every column."
)
_TERMS = (
    (
        "Left out",
        "Names, record numbers, birth dates, telephone, address, doctors, payers, lot numbers and who injected.",
    ),
    (
        "Changed",
        "Each patient stands under a random pseudonym, the same in the next export. All dates of a patient are shifted "
        "by the same secret number of days, so that the days between them stay true. Ages over 89 are one group.",
    ),
    (
        "Stays here",
        "The key that tells who is who is kept encrypted in the clinic's folder. It is in no export.",
    ),
    (
        "Take care",
        "Whoever knows a patient may still recognise a rare case. Hand the files on only under an agreement.",
    ),
)
_TEXT_WARNING = (
    "Free text may name people, places and true dates. Read the files before you hand them on, and take out what "
    "tells who it is."
)


class ResearchPanel(Section):
    """A section that exports into a folder of the person's choice, beside whatever else is done meanwhile."""

    asked = Signal(object)
    """Carries the dialog that asks where."""
    _written = Signal(int, int)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__("Export for research", parent)
        self._workplace = workplace
        self._stop = Event()
        self.add(Muted(_ABOUT, self, wrap=True))
        self.add(self._terms())
        self.with_text = CheckField(
            "Include free text",
            self,
            hint="Assessments, plans and notes as they were typed. Without the tick they are left out.",
        )
        self.with_text.editor.setToolTip(
            "Adds what people typed in their own words; the program takes nothing out of it"
        )
        self.with_text.changed.connect(self._text_chosen)
        self.warning = Note(Level.WARN, self)
        self.notice = Notice(self)
        self.export = PrimaryButton("Export for research", self, icon="download")
        self.export.setToolTip("Asks for a folder, and makes a new one in it that is named after the day")
        self.export.clicked.connect(self._ask)
        self.cancel = PlainButton("Cancel export", self)
        self.cancel.setToolTip("Stops the export; nothing of it stays in the folder")
        self.cancel.clicked.connect(self._cancel)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the export")
        self.count = Muted("", self)
        self.add(self.with_text)
        self.add(self.warning)
        self.add(self.notice)
        self.add(self._foot())
        self._written.connect(self._show_progress)
        # Whoever locks or leaves the program does not wait for an export.
        stop = self._stop
        self.destroyed.connect(lambda: stop.set())
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(stop.set)
        self._show_running(False)
        if not workplace.may(Act.RESEARCH):
            self.export.setEnabled(False)
            self.with_text.set_read_only(True)
            self.notice.say("Only the manager can export data for research.", Level.INFO)

    def stop(self) -> None:
        """End an export that is under way; for whoever closes the window and would have to wait for it."""
        self._stop.set()

    def _terms(self) -> QWidget:
        terms = QWidget(self)
        grid = QGridLayout(terms)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(AROUND)
        grid.setVerticalSpacing(INSIDE)
        grid.setColumnStretch(1, 1)
        for line, (name, meaning) in enumerate(_TERMS):
            grid.addWidget(Strong(name, terms), line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Muted(meaning, terms, wrap=True), line, 1)
        return terms

    def _foot(self) -> QHBoxLayout:
        self._running = QWidget(self)
        beside = QVBoxLayout(self._running)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(INSIDE)
        beside.addWidget(self.count)
        beside.addWidget(self.bar)
        self.cancel.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout()
        row.setSpacing(BETWEEN)
        row.addWidget(self._running, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.export)
        row.addStretch()
        return row

    @Slot()
    def _text_chosen(self) -> None:
        self.warning.say(_TEXT_WARNING if self.with_text.value() else "")

    @Slot()
    def _ask(self) -> None:
        dialog = QFileDialog(self, "Choose where the folder of the export is made")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, "Export here")
        dialog.fileSelected.connect(self._begin)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self.asked.emit(dialog)

    @Slot(str)
    def _begin(self, parent: str) -> None:
        self._stop.clear()
        self.notice.hide()
        self.bar.setRange(0, 0)
        self.count.setText("Drawing pseudonyms")
        self._show_running(True)
        research, actor, with_text = self._workplace.services.research, self._workplace.actor, self.with_text.value()
        written, stopped = self._written, self._stop.is_set

        def tell(done: int, of: int) -> None:
            with suppress(RuntimeError):  # the window may have been closed meanwhile
                written.emit(done, of)

        self._workplace.tasks.run(
            lambda: research.export_into(actor, Path(parent), with_text=with_text, progress=tell, cancelled=stopped),
            self._done,
            self._refused,
            lane=Lane.PAPER,
            owner=self,
            ended=partial(self._show_running, False),
        )

    @Slot()
    def _cancel(self) -> None:
        self.stop()
        self.cancel.setEnabled(False)
        self.count.setText("Stopping the export")

    @Slot(int, int)
    def _show_progress(self, done: int, of: int) -> None:
        self.bar.setRange(0, of)
        self.bar.setValue(done)
        if not self._stop.is_set():
            self.count.setText(f"{number_text(done)} of {_counted(of, 'patient')}")

    def _done(self, exported: Exported | None) -> None:
        if exported is None:
            self.notice.say("The export was cancelled. Nothing of it stays in the folder.", Level.INFO)
            return
        counts, folder = exported.counts, exported.folder
        rows = (
            _counted(counts.injections, "injection"),
            _counted(counts.cycles, "cycle"),
            _counted(counts.side_effects, "side effect"),
        )
        said = f"{_counted(counts.patients, 'patient')}: {', '.join(rows)}. They are in {folder}."
        self.notice.offer(said, Level.DONE, ("Open the folder", partial(_open, folder)))

    def _refused(self, error: ClinicError) -> None:
        self.notice.say(told(error), Level.STOP)

    def _show_running(self, running: bool) -> None:
        leaving, coming = (self.export, self.cancel) if running else (self.cancel, self.export)
        had_focus = self.window().focusWidget() is leaving
        self._running.setVisible(running)
        self.cancel.setEnabled(running)
        coming.setVisible(True)
        if had_focus:  # else the person is somewhere else by now
            coming.setFocus(Qt.FocusReason.OtherFocusReason)
        leaving.setVisible(False)
        self.with_text.set_read_only(running)


def _counted(number: int, name: str) -> str:
    return f"{number_text(number)} {name}{'' if number == 1 else 's'}"


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
