"""The papers of the clinic's window: gathered and drawn off the GUI thread, then shown in a preview."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from clinic_app.errors import ClinicError
from clinic_app.services.paper import WentOut
from clinic_app.ui.main_window import MainWindow
from clinic_app.ui.saved_file import CALENDAR, SavedFile
from clinic_app.ui.tasks import Lane
from clinic_app.ui.workplace import Workplace

# What shows a paper is imported with the first.
if TYPE_CHECKING:
    from clinic_app.services.paper import Paper, Printable
    from clinic_app.ui.pdf_preview import PdfPreview


class WindowPapers(QObject):
    """What the views want printed or saved, by the words that they use for it."""

    shown = Signal(object)
    """Carries the preview that opened."""
    refused = Signal(str)
    """Carries a sentence."""

    def __init__(self, workplace: Workplace, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._window = window
        self._aside: PdfPreview | None = None
        self.calendar_file = SavedFile(CALENDAR, workplace, window)

    def close(self) -> None:
        """Take away the preview that stands beside the window."""
        if self._aside is not None:
            self._aside.close()

    @Slot(str, int)
    def open_paper(self, kind: str, record_id: int) -> None:
        """A document of a visit, patient or appointment."""
        self.draw(self._gathering(kind, record_id))

    def open_note_aside(self, visit_id: int) -> None:
        """The note of a visit that was just signed, beside what is done next."""
        self.draw(self._gathering("visit_note", visit_id), aside=True)

    @Slot(object)
    def open_day_list(self, day: date) -> None:
        """The list of a day."""
        papers, actor = self._workplace.services.schedule_papers, self._workplace.actor
        self.draw(lambda: papers.day_list(actor, day))

    @Slot(object, object)
    def open_week_list(self, first_day: date, injector_ids: frozenset[int]) -> None:
        """The list of a week."""
        papers, actor = self._workplace.services.schedule_papers, self._workplace.actor
        self.draw(lambda: papers.week_list(actor, first_day, injector_ids))

    def open_recall_paper(self, kind: str, of: tuple[Any, ...], shown: Callable[[], object] | None) -> None:
        """Letters to patients, or one of the lists; ``shown`` is called when it is in front."""
        papers, actor = self._workplace.services.schedule_papers, self._workplace.actor
        gather: dict[str, Callable[[], Paper]] = {
            "recall_letter": lambda: papers.recall_letters(actor, of),
            "recall_list": lambda: papers.recall_list(actor, chosen=of),
            "reminder_list": lambda: papers.reminder_list(actor, of),
            "waiting_list": lambda: papers.waiting_list(actor),
        }
        self.draw(gather[kind], shown=shown)

    @Slot(int)
    def save_calendar_file(self, appointment_id: int) -> None:
        """Save an appointment as a file that phones and calendars read."""
        calendars, actor = self._workplace.services.calendars, self._workplace.actor
        self.calendar_file.save("appointment", lambda: calendars.of_appointment(actor, appointment_id))

    @Slot(object)
    def open_day_papers(self, day: date) -> None:
        """Ask which papers of a day are wanted, and show them in one file."""
        from clinic_app.ui.schedule.day_papers import DayPapersDialog

        dialog = DayPapersDialog(self._workplace, day, self._window)
        dialog.drawn.connect(self.show)
        dialog.open()

    @Slot(object)
    def draw(
        self, gather: Callable[[], Printable], *, aside: bool = False, shown: Callable[[], object] | None = None
    ) -> None:
        """Gather, draw and preview."""
        tasks = self._workplace.tasks

        def show(drawn: tuple[Printable, bytes]) -> None:
            self.show(*drawn, aside=aside)
            if shown is not None:
                shown()

        def render(paper: Printable) -> None:
            tasks.run(lambda: (paper, paper.render()), show, self._refused, lane=Lane.PAPER, owner=self)

        tasks.run(gather, render, self._refused, owner=self)

    @Slot(object, bytes)
    def show(self, paper: Printable, pdf: bytes, *, aside: bool = False) -> None:
        """Preview what was drawn. One preview ``aside`` is enough for a morning: the one before goes."""
        from clinic_app.ui.pdf_preview import show_preview

        if aside:
            self.close()
        preview = show_preview(
            paper.title,
            pdf,
            self._window,
            file_name=f"{paper.file_name}.pdf",
            kind=paper.kind,
            aside=aside,
        )
        preview.printed.connect(lambda: self._went_out(paper, pdf, WentOut.PRINTED))
        preview.saved.connect(lambda _path: self._went_out(paper, pdf, WentOut.SAVED))
        if aside:
            self._aside = preview
            preview.finished.connect(self._aside_closed)
        self.shown.emit(preview)

    def _went_out(self, paper: Printable, pdf: bytes, way: WentOut) -> None:
        """The audit trail tells of it; what is of signed visits stays in the record, each as a file of its own."""
        audit, actor = self._workplace.services.audit, self._workplace.actor
        self._workplace.tasks.run(
            lambda: audit.went_out(actor, paper, way.value), lambda _: None, self._refused, owner=self
        )
        kept_papers, actor, tasks = self._workplace.services.kept_papers, self._workplace.actor, self._workplace.tasks
        alone = len(paper.papers) == 1

        def keep(files: list[tuple[Paper, bytes]]) -> None:
            for one, file in files:
                tasks.run(partial(kept_papers.keep, actor, one, file, way), lambda _: None, self._refused, owner=self)

        def files() -> list[tuple[Paper, bytes]]:
            return [(one, pdf if alone else one.render()) for one in paper.papers if one.of_visit is not None]

        if paper.papers:
            tasks.run(files, keep, self._refused, lane=Lane.PAPER, owner=self)

    def _gathering(self, kind: str, record_id: int) -> Callable[[], Paper]:
        services, actor = self._workplace.services, self._workplace.actor
        gather: dict[str, Callable[[], Paper]] = {
            "visit_note": lambda: services.papers.visit_note(actor, record_id),
            "referral_letter": lambda: services.letters.referral_letter(actor, record_id),
            "aftercare": lambda: services.papers.aftercare(actor, record_id),
            "diary": lambda: services.papers.diary(actor, record_id),
            "timeline": lambda: services.timeline.paper(actor, record_id),
            "appointment_card": lambda: services.schedule_papers.appointment_card(actor, record_id),
        }
        return gather[kind]

    def _refused(self, error: ClinicError) -> None:
        self.refused.emit(str(error))

    @Slot()
    def _aside_closed(self) -> None:
        if self.sender() is self._aside:
            self._aside = None
