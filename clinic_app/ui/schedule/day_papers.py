"""The papers of a day in one file: which of them, how far the drawing is, and the way to stop it."""

from datetime import date

from PySide6.QtCore import QSettings, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.day_papers import DayOffer, offered_kinds
from clinic_app.services.paper import BoundPapers
from clinic_app.ui.schedule.wording import long_day_text
from clinic_app.ui.tasks import Lane, Steps, Task
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.fields import CheckField
from clinic_app.ui.widgets.headings import Heading, Muted
from clinic_app.ui.widgets.notes import Notice
from clinic_app.ui.widgets.progress import WorkProgress
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_NAMES = {"visit_note": "Visit notes", "aftercare": "Aftercare handouts", "diary": "Diaries"}
_USUAL = {"visit_note": True, "aftercare": True, "diary": False}
_WIDTH = 520


class DayPapersDialog(QDialog):
    """Asks which papers of the signed visits are wanted, and draws them beside the window."""

    drawn = Signal(object, bytes)
    """Carries the papers and the PDF file."""

    def __init__(self, workplace: Workplace, day: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Papers of the day")
        self.setMinimumWidth(_WIDTH)
        self._workplace, self._day = workplace, day
        self._settings = QSettings()
        self._task: Task | None = None
        self._offered = False
        self.lead = Muted("Looking for signed visits", self)
        self.kinds = {kind: CheckField(_NAMES[kind], self) for kind in offered_kinds(workplace.actor)}
        self.counts = {kind: Muted("", self) for kind in self.kinds}
        self.only_new = CheckField("Only what has not gone out yet", self)
        self.only_new.editor.setToolTip("Leaves out what was printed or saved before; diaries are not counted")
        self.notice = Notice(self)
        self.progress = WorkProgress("Progress of the papers", _telling, "nothing is printed", self)
        self.make_button = PrimaryButton("Make one file", self, icon="printer")
        self.make_button.setToolTip("Draws the papers, patient by patient, and shows them to print or save")
        self.close_button = PlainButton("Close", self)
        self.close_button.setToolTip("Close (Esc)")
        self._lay_out()
        self._remembered()
        for field in (*self.kinds.values(), self.only_new):
            field.changed.connect(self._chosen)
        self.make_button.clicked.connect(self._make)
        self.close_button.clicked.connect(self.reject)
        self.progress.cancelled.connect(self._cancel)
        self.make_button.setDefault(True)
        self.make_button.setEnabled(False)
        day_papers, actor = workplace.services.day_papers, workplace.actor
        workplace.tasks.run(lambda: day_papers.offer(actor, day), self._show_offer, self._refused, owner=self)

    def wanted(self) -> tuple[str, ...]:
        """The kinds that are ticked."""
        return tuple(kind for kind, field in self.kinds.items() if field.value())

    def reject(self) -> None:
        """Esc stops the drawing first, and closes then."""
        if self._task is not None:
            self._cancel()
        else:
            super().reject()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(AROUND)
        grid.setVerticalSpacing(INSIDE)
        grid.setColumnStretch(1, 1)
        for line, (kind, field) in enumerate(self.kinds.items()):
            grid.addWidget(field, line, 0)
            grid.addWidget(self.counts[kind], line, 1)
        foot = QHBoxLayout()
        foot.setSpacing(INSIDE)
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        foot.addWidget(self.make_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(AROUND, AROUND, AROUND, AROUND)
        layout.setSpacing(BETWEEN)
        layout.addWidget(Heading(f"Papers of {long_day_text(self._day)}", self))
        layout.addWidget(self.lead)
        layout.addLayout(grid)
        layout.addWidget(self.only_new)
        layout.addWidget(self.notice)
        layout.addWidget(self.progress)
        layout.addLayout(foot)

    def _remembered(self) -> None:
        for kind, field in self.kinds.items():
            field.set_value(self._settings.value(f"day_papers/{kind}", _USUAL[kind], bool) is True)
        self.only_new.set_value(self._settings.value("day_papers/only_new", True, bool) is True)

    def _show_offer(self, offer: DayOffer) -> None:
        if offer.visits == 0:
            self.lead.setText("No visit of this day is signed yet.")
            return
        self.lead.setText("1 visit is signed." if offer.visits == 1 else f"{offer.visits} visits are signed.")
        for kind, label in self.counts.items():
            gone = offer.went_out[kind]
            label.setText(f"{gone} of {offer.visits} went out before" if gone else "")
        self._offered = True
        self._chosen()

    @Slot()
    def _chosen(self) -> None:
        self.notice.hide()
        self._allow()

    def _allow(self) -> None:
        self.make_button.setEnabled(self._offered and bool(self.wanted()) and self._task is None)

    @Slot()
    def _make(self) -> None:
        for kind, field in self.kinds.items():
            self._settings.setValue(f"day_papers/{kind}", field.value())
        self._settings.setValue("day_papers/only_new", self.only_new.value())
        day_papers, actor, day = self._workplace.services.day_papers, self._workplace.actor, self._day
        kinds, only_new, steps = self.wanted(), self.only_new.value(), Steps()

        def work() -> tuple[BoundPapers, bytes]:
            # How far the gathering is tells nothing of how long the drawing takes.
            papers = day_papers.bound(actor, day, kinds, only_new=only_new, step=lambda *_: steps(0, 0))
            return papers, papers.render(steps)

        self.notice.hide()
        self._task = self._workplace.tasks.run(
            work, self._done, self._refused, lane=Lane.PAPER, owner=self, ended=self._ended, steps=steps
        )
        self.progress.start(steps)
        self._allow()

    def _done(self, made: tuple[BoundPapers, bytes]) -> None:
        papers, pdf = made
        self.accept()
        self.drawn.emit(papers, pdf)

    def _ended(self) -> None:
        self._task = None
        self.progress.stop()
        self._allow()

    @Slot()
    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._ended()
            self.notice.say("Stopped. Nothing was made.", Level.INFO)

    def _refused(self, error: ClinicError) -> None:
        self.notice.say(told(error), Level.STOP)


def _telling(done: int, of: int) -> str:
    return f"{done} of {of} drawn" if of else "Reading the record"
