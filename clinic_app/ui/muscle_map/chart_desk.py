"""The chart that lies open: opened, kept, discarded, signed, and what happens when two people work on it."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from clinic_app.errors import ClinicError, NotFound
from clinic_app.services.chart_context import ChartContext
from clinic_app.services.chart_data import ChartContent, Draft
from clinic_app.services.patient_data import Banner
from clinic_app.services.vial_conflicts import VialConflicts
from clinic_app.ui.muscle_map.chart_opening import Opened, open_draft, start_chart
from clinic_app.ui.muscle_map.draft_keeper import DraftKeeper
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.workplace import Workplace

_GONE = "Somebody else signed or discarded this chart. Undo opens what you typed as a new draft."


class ChartDesk(QObject):
    """Asks the services about one chart at a time; has no widgets."""

    opened = Signal(object)
    """A chart lies open; carries Opened. ``chart`` is there already."""
    left = Signal()
    """No chart lies open any more."""
    signed = Signal(int)
    """The visit's id; the chart was left just before."""
    sign_refused = Signal(object)
    """The ClinicError that keeps the chart from being signed; it stays open."""
    changed_elsewhere = Signal(object)
    """Somebody else's Draft of this chart; ``take_theirs`` or ``keep_mine`` decides."""
    record_changed = Signal(object)
    """The patient's Banner, read again."""
    said = Signal(str, object)
    """A sentence, and what takes it back (or None)."""

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self.chart: OpenChart | None = None
        self.banner: Banner | None = None
        self._leaving: list[OpenChart] = []

    @property
    def unsaved(self) -> bool:
        """Whether something typed is not in the database yet, also of charts that were put aside."""
        charts = [*self._leaving, *([self.chart] if self.chart is not None else [])]
        return any(chart.keeper.unsaved for chart in charts)

    def save_now(self) -> None:
        """Keep everything at once."""
        for chart in [*self._leaving, *([self.chart] if self.chart is not None else [])]:
            chart.keeper.save_now()

    def start(self, patient_id: int, repeat: bool, appointment_id: int | None, choose: bool) -> None:
        """A new chart for a patient."""
        services, actor = self._workplace.services, self._workplace.actor
        self._open(lambda: start_chart(services, actor, patient_id, repeat, appointment_id, choose))

    def open(self, draft_id: int) -> None:
        """Go on with a chart in progress."""
        services, actor = self._workplace.services, self._workplace.actor
        self._open(lambda: open_draft(services, actor, draft_id))

    def leave(self) -> None:
        """Put the chart aside; it stays a draft, and what was typed last is still kept."""
        chart, self.chart, self.banner = self.chart, None, None
        if chart is None:
            return
        self.left.emit()
        if chart.keeper.unsaved and not chart.keeper.in_conflict:
            # A chart put aside lives on until what was typed last is kept; a failed save is tried again.
            self._leaving.append(chart)
            chart.keeper.kept.connect(self._forget_left)
            chart.keeper.failed.connect(self._refused)
            chart.keeper.save_now()
        else:
            chart.deleteLater()

    def read_record_again(self) -> None:
        """The patient's record may have changed."""
        chart = self.chart
        if chart is None:
            return
        services, actor, patient = self._workplace.services, self._workplace.actor, chart.draft.patient_id
        vials = chart.content.vials
        self._workplace.tasks.ask(
            "muscle_map.record",
            lambda: (services.charts.context(actor, patient, vials), services.patients.banner(actor, patient)),
            self._show_record,
        )

    @Slot()
    def discard(self) -> None:
        """Throw the chart away, with a way back."""
        if self.chart is not None:
            self.chart.keeper.when_saved(self._discard_kept)

    @Slot()
    def sign(self) -> None:
        """Sign the chart as it stands."""
        if self.chart is not None:
            self.chart.keeper.when_saved(self._sign_kept)

    def take_theirs(self, theirs: Draft) -> None:
        """Go on with what somebody else kept; one's own is one undo away."""
        if self.chart is not None:
            self.chart.keeper.take_over(theirs.version, theirs.content)
            self.chart.edit(theirs.content)

    def keep_mine(self, theirs: Draft) -> None:
        """Go on with one's own; it replaces what somebody else kept."""
        if self.chart is not None:
            self.chart.keeper.take_over(theirs.version, theirs.content)

    @Slot()
    def _forget_left(self) -> None:
        for chart in [chart for chart in self._leaving if not chart.keeper.unsaved]:
            self._leaving.remove(chart)
            chart.deleteLater()

    def _open(self, work: Callable[[], Opened]) -> None:
        self.leave()
        self._workplace.tasks.ask("muscle_map.open", work, self._opened, self._refused)

    def _opened(self, opened: Opened) -> None:
        workplace, draft = self._workplace, opened.draft
        self.leave()
        keeper = DraftKeeper(
            workplace.services.charts,
            workplace.actor,
            workplace.tasks,
            workplace.now,
            draft.id,
            draft.version,
            draft.content,
        )
        keeper.changed_elsewhere.connect(self._fetch_theirs)
        keeper.gone.connect(self._gone)
        keeper.failed.connect(self._keep_failed)
        self.chart = OpenChart(draft, opened.context, workplace.services.reference, workplace.now, keeper, self)
        self.chart.vials_changed.connect(self._look_behind_vials)
        self.banner = opened.banner
        self.opened.emit(opened)

    @Slot()
    def _look_behind_vials(self) -> None:
        """Other vials are on the chart: somebody else's patient may have them."""
        chart = self.chart
        if chart is None:
            return
        services, actor, patient = self._workplace.services, self._workplace.actor, chart.draft.patient_id
        vials = chart.content.vials

        def show(conflicts: VialConflicts) -> None:
            if self.chart is chart:
                chart.set_context(replace(chart.context, conflicts=conflicts))

        self._workplace.tasks.ask(
            "muscle_map.vials", lambda: services.charts.vial_conflicts(actor, patient, vials), show
        )

    def _show_record(self, record: tuple[ChartContext, Banner]) -> None:
        context, banner = record
        if self.chart is None or self.chart.draft.patient_id != context.patient_id:
            return
        if context != self.chart.context:
            self.chart.set_context(context)
        if banner != self.banner:
            self.banner = banner
            self.record_changed.emit(banner)

    def _discard_kept(self) -> None:
        chart = self.chart
        if chart is None:
            return
        services, actor = self._workplace.services, self._workplace.actor
        draft, version = chart.draft, chart.keeper.version

        def done(content: ChartContent) -> None:
            chart.keeper.stop()
            self.leave()
            self.said.emit("Draft discarded.", lambda: self._restore(draft, content))

        self._workplace.tasks.run(
            lambda: services.charts.discard(actor, draft.id, version), done, self._not_discarded, owner=self
        )

    def _restore(self, draft: Draft, content: ChartContent) -> None:
        services, actor = self._workplace.services, self._workplace.actor
        self._workplace.tasks.run(
            lambda: services.charts.restore(actor, draft.patient_id, content, draft.appointment_id).id,
            self.open,
            self._refused,
            owner=self,
        )

    def _sign_kept(self) -> None:
        chart = self.chart
        if chart is None:
            return
        services, actor = self._workplace.services, self._workplace.actor
        draft_id, version, content = chart.draft.id, chart.keeper.version, chart.content

        def done(visit_id: int) -> None:
            chart.keeper.stop()
            self.leave()
            self.signed.emit(visit_id)

        self._workplace.tasks.run(
            lambda: services.charts.sign(actor, draft_id, version, content), done, self._not_signed, owner=self
        )

    def _not_signed(self, error: ClinicError) -> None:
        if isinstance(error, NotFound) and error.code == "draft_not_found":
            self._gone()
        else:
            self.sign_refused.emit(error)

    def _not_discarded(self, error: ClinicError) -> None:
        if isinstance(error, NotFound):
            self._gone()
        else:
            self._refused(error)

    @Slot()
    def _fetch_theirs(self) -> None:
        chart = self.chart
        if chart is None:
            return
        services, actor, draft_id = self._workplace.services, self._workplace.actor, chart.draft.id

        def show(theirs: Draft) -> None:
            if self.chart is chart:
                self.changed_elsewhere.emit(theirs)

        self._workplace.tasks.run(
            lambda: services.charts.open(actor, draft_id), show, lambda error: self._gone(), owner=self
        )

    @Slot()
    def _gone(self) -> None:
        """Signed or discarded by somebody else meanwhile: what was typed here is offered again as a new chart."""
        chart = self.chart
        if chart is None:
            return
        draft, content = chart.draft, chart.content
        chart.keeper.stop()
        self.leave()
        self.said.emit(_GONE, lambda: self._restore(draft, content))

    @Slot(object)
    def _keep_failed(self, error: ClinicError) -> None:
        """A signature waited for this save; the page must know that it will not come."""
        if self.chart is not None:
            self.sign_refused.emit(error)

    @Slot(object)
    def _refused(self, error: ClinicError) -> None:
        self.said.emit(str(error), None)
