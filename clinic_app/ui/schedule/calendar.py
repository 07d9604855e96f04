"""Which days are shown and how: steps through them, asks for what stands on them, and shows the answer."""

from datetime import date, datetime, timedelta

from PySide6.QtCore import QSettings, QTimer, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.schedule_data import AppointmentRow, ScheduleChoices
from clinic_app.ui.schedule.frame import ScheduleFrame
from clinic_app.ui.schedule.grid_model import Across, Mode, free_room, monday_of
from clinic_app.ui.schedule.loading import Loaded, Shown, load
from clinic_app.ui.schedule.wording import Names
from clinic_app.ui.widgets.dates import add_months
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_CONCERNS = frozenset(
    {
        "account",
        "account_role",
        "appointment",
        "appointment_type",
        "clinic",
        "closure",
        "day_hours",
        "device",
        "patient",
        "room",
        "visit",
        "worked_holiday",
        "working_hours",
    }
)
_TICK_MS = 20_000
_ACROSS = "schedule/across"
WEEKS_AHEAD = 26
"""Half a year: as far as two cycles go."""


class ScheduleCalendar(ScheduleFrame):
    """The days shown. What is chosen on them and done to it is the view's business."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, self._find_room, parent)
        self._settings = QSettings()
        self._mode = Mode.DAY
        self._across = _remembered_across(self._settings)
        self._day = workplace.today()
        self._loaded: Loaded | None = None
        self._known: Loaded | None = None
        """What was loaded last, until a commit concerns it: from week to week today is not read again."""
        self._workplace.changes.committed.connect(self._committed)
        self.toolbar.mode_chosen.connect(self.set_mode)
        self.toolbar.stepped.connect(self._step)
        self.toolbar.today_asked.connect(self._go_today)
        self.side.day_chosen.connect(self.show_day)
        self.side.injectors_changed.connect(self._show_board)
        self.side.across_chosen.connect(self.set_across)
        self.month_view.day_chosen.connect(self.open_day)
        self.month_view.month_wanted.connect(self.show_day)
        self.ahead_view.week_chosen.connect(self._open_week)
        self.side.across.set_position(self._across.value)
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._tick)
        self._clock.start()
        self.grid.set_now(workplace.now())

    @property
    def day(self) -> date:
        """The day shown, or the day that its week was reached by."""
        return self._day

    @property
    def mode(self) -> Mode:
        """How it is shown."""
        return self._mode

    @property
    def across(self) -> Across:
        """What a day's columns are."""
        return self._across

    @property
    def loaded(self) -> Loaded | None:
        """What stands on the days shown, as far as the answer has come."""
        return self._loaded

    def row(self, appointment_id: int) -> AppointmentRow | None:
        """An appointment of the days shown."""
        rows = () if self._loaded is None else self._loaded.board.appointments
        return next((row for row in rows if row.id == appointment_id), None)

    @Slot(object)
    def show_day(self, day: date) -> None:
        """Go to a day, or in week mode to its week."""
        self._day = day
        self._show_period()
        self._ask(self._known)

    @Slot(object)
    def open_day(self, day: date) -> None:
        """Go to a day where appointments can be seen: from a month or the weeks ahead to the day itself."""
        if self._mode in (Mode.MONTH, Mode.AHEAD):
            self._day = day
            self.set_mode(Mode.DAY)
        else:
            self.show_day(day)

    @Slot(object)
    def set_mode(self, mode: Mode) -> None:
        """Show a day, a week, a month, the weeks ahead, or a day as a list."""
        if mode is self._mode:
            return
        self._mode = mode
        widgets = {Mode.LIST: self.day_list, Mode.MONTH: self.month_view, Mode.AHEAD: self.ahead_view}
        self.center.setCurrentWidget(widgets.get(mode, self.grid))
        self._show_period()
        self._ask(self._known)

    @Slot(object)
    def set_across(self, across: Across) -> None:
        """A day's columns are injectors or rooms; the choice is remembered."""
        self._across = across
        self.side.across.set_position(across.value)
        self._settings.setValue(_ACROSS, across.value)
        self._show_board()

    @Slot()
    def refresh(self) -> None:
        """Ask for the days shown again, and for all that stands beside them."""
        self._known = None
        self._ask(None)

    def _ask(self, before: Loaded | None) -> None:
        shown, now = self._shown(), self._workplace.now()
        actor, services = self._workplace.actor, self._workplace.services
        if self._loaded is None:
            self.skeleton.start()
        self._workplace.tasks.ask(
            "schedule.board", lambda: load(services, actor, shown, now, before), self._show, self._load_failed
        )

    def board_shown(self) -> None:
        """What the view does when an answer stands on screen."""

    def _shown(self) -> Shown:
        first, days = self._day, 1
        if self._mode is Mode.WEEK:
            first, days = monday_of(self._day), 7
        elif self._mode is Mode.MONTH:
            first, days = self.month_view.span(self._day)
        elif self._mode is Mode.AHEAD:
            first, days = monday_of(self._workplace.today()), 7 * WEEKS_AHEAD
        return Shown(self._mode, self._day, first, days)

    def _show_period(self) -> None:
        shown = self._shown()
        days = [shown.first_day + timedelta(days=number) for number in range(shown.days)]
        one_day = self._mode in (Mode.MONTH, Mode.AHEAD)
        self.side.month.days.set_shown([self._day] if one_day else days, self._day)
        self.side.offer_across(self._mode is Mode.DAY)
        self.toolbar.set_period(shown)

    def _show(self, loaded: Loaded) -> None:
        if loaded.shown != self._shown():
            return  # the person has gone on meanwhile, and the answer to that is on its way
        self.skeleton.stop()
        self.problem.say("")
        new_choices = self._loaded is None or self._loaded.choices != loaded.choices
        self._loaded = self._known = loaded
        if new_choices:
            self._show_choices(loaded.choices)
        self.side.set_waiting(loaded.today.appointments, self._workplace.services.clock())
        self.overview.set_unbooked(loaded.unbooked, self._workplace.today())
        self._show_board()
        self.board_shown()

    def _show_choices(self, choices: ScheduleChoices) -> None:
        self.side.set_injectors(choices.injectors)
        self.appointment_panel.set_choices(choices)
        self.booking_form.set_choices(choices)

    @Slot()
    def _show_board(self) -> None:
        if self._loaded is None:
            return
        board, choices = self._loaded.board, self._loaded.choices
        off = self.side.unticked()
        shown = frozenset({i.id for i in choices.injectors} | {a.injector_id for a in board.appointments}) - off
        across = self._across if self._mode is Mode.DAY else Across.INJECTORS
        self.grid.set_now(self._workplace.now())
        self.grid.set_board(board, choices, self._mode, shown, across)
        rows = tuple(row for row in board.appointments if row.injector_id in shown)
        on_day = tuple(row for row in rows if row.starts_at.date() == self._day)
        if self._mode is Mode.LIST:
            self.day_list.set_day(self._day, on_day, Names.of(choices))
            self.day_list.select(self.grid.selected)
        if self._loaded.month is not None:
            self.month_view.set_month(self._loaded.month, shown)
        if self._loaded.ahead is not None:
            self.ahead_view.set_ahead(self._loaded.ahead)
        self.overview.set_day(self._day, on_day, somebody_works=self.grid.sheet.somebody_works)

    def _load_failed(self, error: ClinicError) -> None:
        self.skeleton.stop()
        self.problem.say(told(error))

    def _find_room(self, starts_at: datetime, minutes: int) -> int | None:
        if self._loaded is None:
            return None
        return free_room(self._loaded.board, self._loaded.choices, starts_at, minutes)

    @Slot(int)
    def _step(self, direction: int) -> None:
        if self._mode is Mode.MONTH:
            self.show_day(add_months(self._day, direction))
        else:
            self.show_day(self._day + timedelta(days=direction * (7 if self._mode is Mode.WEEK else 1)))

    @Slot(object)
    def _open_week(self, first_day: date) -> None:
        self._day = first_day
        self.set_mode(Mode.WEEK)

    @Slot()
    def _go_today(self) -> None:
        self.show_day(self._workplace.today())

    @Slot(object)
    def _committed(self, kinds: frozenset[str]) -> None:
        if kinds & _CONCERNS:
            self.refresh()

    @Slot()
    def _tick(self) -> None:
        self.grid.set_now(self._workplace.now())
        self.side.set_now(self._workplace.services.clock())
        self.side.month.days.set_today(self._workplace.today())
        self.month_view.set_today(self._workplace.today())


def _remembered_across(settings: QSettings) -> Across:
    kept = settings.value(_ACROSS, Across.INJECTORS.value)
    return next((across for across in Across if across.value == kept), Across.INJECTORS)
