"""The chart that lies open: opened, kept, discarded, signed, and what happens when two people work on it."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from clinic_app.errors import ClinicError, NotFound, RecordChanged
from clinic_app.services.chart_context import ChartContext
from clinic_app.services.chart_data import ChartContent, Draft
from clinic_app.services.local_drafts import LocalDraft
from clinic_app.services.patient_data import Banner
from clinic_app.services.vial_conflicts import VialConflicts
from clinic_app.ui.muscle_map.chart_merging import Conflict, differences
from clinic_app.ui.muscle_map.chart_opening import Opened, open_draft, start_chart
from clinic_app.ui.muscle_map.draft_keeper import DraftKeeper
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.presence_watch import PresenceWatch
from clinic_app.ui.workplace import Workplace

_REOPENS = "Undo opens what you typed as a new chart."
_TAKEN_UP = "What was typed here while the server was away is in the chart again."
_APART = "Somebody else changed this chart too, so what you typed is kept as a chart of its own."


class ChartDesk(QObject):
    """Asks the services about one chart at a time; has no widgets."""

    opened = Signal(object)
    """A chart lies open; carries Opened. ``chart`` is there already; ``attend`` is called once it is shown."""
    opening_changed = Signal()
    """A chart was asked for, or the answer came: see ``opening``."""
    left = Signal()
    """No chart lies open any more."""
    signed = Signal(int)
    """The visit's id; the chart was left just before."""
    sign_refused = Signal(object)
    """The ClinicError that keeps the chart from being signed; it stays open."""
    changed_elsewhere = Signal(object)
    """A Conflict: somebody else kept another state of this chart; ``go_on`` or ``keep_apart`` decides."""
    taken_in = Signal(str)
    """A sentence: somebody else's changes, which touch nothing of one's own and no dose, stand in the chart now."""
    others_changed = Signal(object)
    """Who else has the chart open: a tuple of AlsoOpen."""
    record_changed = Signal(object)
    """The patient's Banner, read again."""
    said = Signal(str, object)
    """A sentence, and what takes it back (or None)."""

    def __init__(self, workplace: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self.chart: OpenChart | None = None
        self.opening = False
        """Whether a chart was asked for that is not here yet."""
        self.banner: Banner | None = None
        self._leaving: list[OpenChart] = []
        self._watch: PresenceWatch | None = None
        self._names: dict[int, str] = {}

    @property
    def unsaved(self) -> bool:
        """Whether something typed would go with the window, also of charts that were put aside."""
        charts = [*self._leaving, *([self.chart] if self.chart is not None else [])]
        return any(chart.keeper.at_risk for chart in charts)

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

    def attend(self, opened: Opened) -> None:
        """Say to others that the chart is open here, and take up what was typed on this workstation.

        Once there is a place in which what comes of it can be told.
        """
        workplace, chart, draft = self._workplace, self.chart, opened.draft
        assert chart is not None
        self._watch = PresenceWatch(workplace.services.presence, workplace.actor, workplace.tasks, draft.id, chart)
        self._watch.others_changed.connect(self.others_changed)
        if opened.here is not None:
            self._take_up(chart, draft, opened.here)

    def leave(self) -> None:
        """Put the chart aside; it stays a draft, and what was typed last is still kept."""
        chart, self.chart, self.banner = self.chart, None, None
        if chart is None:
            return
        if self._watch is not None:
            self._watch.end()
            self._watch = None
        self.left.emit()
        if chart.keeper.in_conflict and chart.keeper.unsaved:
            self._keep_as_new(chart, _APART)
            chart.deleteLater()
        elif chart.keeper.unsaved:
            # A chart put aside lives on until what was typed last is kept; a failed save is tried again.
            self._leaving.append(chart)
            keeper = chart.keeper
            keeper.changed_elsewhere.disconnect(self._fetch_theirs)
            keeper.gone.disconnect(self._gone)
            keeper.failed.disconnect(self._keep_failed)
            keeper.kept.connect(self._forget_left)
            keeper.failed.connect(self._refused)
            keeper.changed_elsewhere.connect(self._left_in_conflict)
            keeper.gone.connect(self._left_in_conflict)
            keeper.save_now()
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

    @Slot(str)
    def sign(self, secret: str) -> None:
        """Sign the chart as it stands, once the PIN or passphrase is found to be right."""
        if self.chart is not None:
            self.chart.keeper.when_saved(lambda: self._sign_kept(secret))

    def with_mine_now(self, conflict: Conflict) -> Conflict:
        """The same conflict with what was typed since it was told."""
        chart = self.chart
        if chart is None:
            return conflict
        found = differences(conflict.base, conflict.theirs, chart.content, chart.reference, chart.region, self._names)
        return replace(conflict, mine=chart.content, found=found)

    def go_on(self, conflict: Conflict, content: ChartContent) -> None:
        """Go on with what was chosen of both; one's own is one undo away."""
        if self.chart is not None:
            self.chart.keeper.take_over(conflict.version, conflict.theirs)
            self.chart.model.end_step()
            self.chart.edit(content)

    @Slot()
    def keep_apart(self) -> None:
        """Leave theirs as it is and go on with mine as a chart of its own."""
        chart = self.chart
        if chart is None:
            return
        services, actor, draft, content = self._workplace.services, self._workplace.actor, chart.draft, chart.content

        def kept(mine: Draft) -> None:
            self._end(chart)
            self.open(mine.id)

        self._workplace.tasks.run(
            lambda: services.charts.restore(actor, draft.patient_id, content, draft.appointment_id),
            kept,
            self._refused,
            owner=self,
        )

    @Slot()
    def _forget_left(self) -> None:
        for chart in [chart for chart in self._leaving if not chart.keeper.unsaved]:
            self._leaving.remove(chart)
            chart.deleteLater()

    @Slot()
    def _left_in_conflict(self) -> None:
        for chart in [chart for chart in self._leaving if chart.keeper.in_conflict]:
            self._leaving.remove(chart)
            self._keep_as_new(chart, _APART)
            chart.deleteLater()

    def _open(self, work: Callable[[], Opened]) -> None:
        self._set_opening(True)
        self.leave()
        self._workplace.tasks.ask(
            "muscle_map.open", work, self._opened, self._refused, ended=lambda: self._set_opening(False)
        )

    def _set_opening(self, opening: bool) -> None:
        self.opening = opening
        self.opening_changed.emit()

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
            here=workplace.services.local_drafts,
            patient_id=draft.patient_id,
        )
        keeper.changed_elsewhere.connect(self._fetch_theirs)
        keeper.gone.connect(self._gone)
        keeper.failed.connect(self._keep_failed)
        self.chart = OpenChart(
            draft, opened.context, workplace.services.reference, workplace.now, keeper, workplace.actor, self
        )
        self.chart.vials_changed.connect(self._look_behind_vials)
        self.banner = opened.banner
        self._names = {row.id: row.full_name for row in opened.accounts}
        self.opened.emit(opened)

    def _take_up(self, chart: OpenChart, draft: Draft, here: LocalDraft) -> None:
        """What was typed while the server was away goes on from there, past what others saved meanwhile."""
        chart.keeper.adopt(here.content)
        if here.version == draft.version:
            chart.edit(here.content)
            self.said.emit(_TAKEN_UP, None)
            return
        chart.keeper.pause()
        chart.edit(here.content)
        self._meet(here.base, draft)

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
            self._end(chart)
            self.said.emit("Draft discarded.", lambda: self._restore(draft, content))

        def failed(error: ClinicError) -> None:
            if not self._ended_elsewhere(chart, error):
                self._refused(error)

        self._workplace.tasks.run(lambda: services.charts.discard(actor, draft.id, version), done, failed, owner=self)

    def _restore(self, draft: Draft, content: ChartContent) -> None:
        services, actor = self._workplace.services, self._workplace.actor
        self._workplace.tasks.run(
            lambda: services.charts.restore(actor, draft.patient_id, content, draft.appointment_id).id,
            self.open,
            self._refused,
            owner=self,
        )

    def _sign_kept(self, secret: str) -> None:
        chart = self.chart
        if chart is None:
            return
        services, actor = self._workplace.services, self._workplace.actor
        draft_id, version, content = chart.draft.id, chart.keeper.version, chart.content

        def done(visit_id: int) -> None:
            self._end(chart)
            self.signed.emit(visit_id)

        def failed(error: ClinicError) -> None:
            if not self._ended_elsewhere(chart, error) and self.chart is chart:
                self.sign_refused.emit(error)

        def work() -> int:
            confirmed = services.identity.confirm(actor, secret)
            return services.charts.sign(actor, draft_id, version, content, confirmed)

        self._workplace.tasks.run(work, done, failed, owner=self)

    def _end(self, chart: OpenChart) -> None:
        """The chart is signed or discarded. Meanwhile the person may have gone on to another one."""
        chart.keeper.stop()
        if self.chart is chart:
            self.leave()

    def _ended_elsewhere(self, chart: OpenChart, error: ClinicError) -> bool:
        """Whether somebody else changed, signed or discarded the chart; what follows from that is done then."""
        if not isinstance(error, RecordChanged | NotFound):
            return False
        if self.chart is chart and isinstance(error, RecordChanged):
            chart.keeper.pause()
            self._fetch_theirs()
        elif self.chart is chart:
            self._gone(error)
        return True

    @Slot()
    def _fetch_theirs(self) -> None:
        chart = self.chart
        if chart is None:
            return
        services, actor, draft_id = self._workplace.services, self._workplace.actor, chart.draft.id
        self._workplace.tasks.run(
            lambda: services.charts.open(actor, draft_id), self._meet_theirs, self._gone, owner=self
        )

    def _meet_theirs(self, theirs: Draft) -> None:
        chart = self.chart
        if chart is None or chart.draft.id != theirs.id:
            return
        self._meet(chart.keeper.saved, theirs)

    def _meet(self, base: ChartContent, theirs: Draft) -> None:
        chart = self.chart
        assert chart is not None
        mine = chart.content
        found = differences(base, theirs.content, mine, chart.reference, chart.region, self._names)
        conflict = Conflict(theirs.saved_by, theirs.version, base, theirs.content, mine, found)
        if conflict.merges_quietly:
            self.go_on(conflict, conflict.merged([each.key for each in found if each.suggested_mine]))
            titles = [each.title.lower() for each in found if not each.suggested_mine]
            if titles:
                self.taken_in.emit(f"{theirs.saved_by} changed this chart too. Taken in: {', '.join(titles)}.")
        else:
            self.changed_elsewhere.emit(conflict)

    @Slot(object)
    def _gone(self, error: ClinicError) -> None:
        """Signed or discarded by somebody else meanwhile: what is nowhere else is offered again as a new chart."""
        chart = self.chart
        if chart is None:
            return
        draft, content = chart.draft, chart.content
        offered = chart.keeper.unsaved or error.code == "draft_discarded"
        chart.keeper.stop()
        self.leave()
        if offered:
            self.said.emit(f"{error} {_REOPENS}", lambda: self._restore(draft, content))
        else:
            self.said.emit(str(error), None)

    def _keep_as_new(self, chart: OpenChart, sentence: str) -> None:
        services, actor, draft, content = self._workplace.services, self._workplace.actor, chart.draft, chart.content

        def keep() -> None:
            self._workplace.tasks.run(
                lambda: services.charts.restore(actor, draft.patient_id, content, draft.appointment_id),
                lambda _: self.said.emit(sentence, None),
                lambda error: self.said.emit(str(error), keep),
                owner=self,
            )

        keep()

    @Slot(object)
    def _keep_failed(self, error: ClinicError) -> None:
        """A signature waited for this save; the page must know that it will not come."""
        if self.chart is not None:
            self.sign_refused.emit(error)

    @Slot(object)
    def _refused(self, error: ClinicError) -> None:
        self.said.emit(str(error), None)
