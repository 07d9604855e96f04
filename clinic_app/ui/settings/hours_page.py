"""Working hours: each injector's week, and the days that do not go by it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.services.calendar_data import DayRun, WorkingWeek
from clinic_app.ui.settings.days_form import WantedDays
from clinic_app.ui.settings.page import Change, SettingsPage
from clinic_app.ui.settings.rebook_note import RebookNote
from clinic_app.ui.settings.single_days import SingleDaysSection
from clinic_app.ui.settings.week_editor import Week, WeekEditor, changed_days
from clinic_app.ui.settings.wording import days_text, lying_in
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.value_fields import ChoiceField
from clinic_app.ui.workplace import Workplace

_Read = tuple[tuple[WorkingWeek, ...], int]


class HoursPage(SettingsPage[_Read]):
    """One injector at a time."""

    rebook_requested = Signal()
    title = "Working hours"
    kinds = frozenset({"working_hours", "day_hours", "closure", "worked_holiday", "appointment", "account", "clinic"})

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(
            workplace, "When each injector can be booked. What is booked already stays where it is.", parent
        )
        self._times = workplace.services.working_times
        self._weeks: tuple[WorkingWeek, ...] = ()
        self._shown_id: int | None = None
        self.rebook = RebookNote(self)
        self.rebook.rebook_requested.connect(self.rebook_requested)
        self.injector: ChoiceField[int] = ChoiceField("Injector", (), self)
        self.injector.setMaximumWidth(384)
        self.injector.changed.connect(self._choose)
        self.week = WeekEditor(self)
        self.week.set_read_only(not self.manager)
        self.week.week_changed.connect(self._set_week)
        self.single = SingleDaysSection(self.manager, workplace.today, self)
        self.single.form.wanted.connect(self._set_days)
        self.single.remove_wanted.connect(self._clear_days)
        self.nobody = EmptyState("calendar", "Nobody injects here yet. Give an account the role of a physician.", self)
        for part in (self.rebook, self.nobody, self.injector, self.week, self.single):
            self.add(part)

    def read(self) -> _Read:
        """Everybody's hours, and how many appointments must be booked again."""
        services, actor = self.workplace.services, self.workplace.actor
        return services.working_times.weeks(actor), len(services.rebooking.rows(actor))

    def show_read(self, read: _Read) -> None:
        """Show the chosen injector's hours."""
        self._weeks, to_rebook = read
        self.rebook.show_count(to_rebook)
        self.injector.set_choices([(week.injector_id, week.name) for week in self._weeks])
        if self.injector.value() is None and self._weeks:
            mine = self.workplace.actor.account_id
            known = [week.injector_id for week in self._weeks]
            self.injector.set_value(mine if mine in known else known[0])
        self.nobody.setVisible(not self._weeks)
        for part in (self.injector, self.week, self.single):
            part.setVisible(bool(self._weeks))
        self._show_chosen()

    @Slot()
    def _choose(self) -> None:
        if self.week.check():
            self._show_chosen()
        else:
            self.injector.set_value(self._shown_id)  # what is half typed there would be lost

    def _show_chosen(self) -> None:
        week = self._chosen()
        if week is None:
            return
        anew = week.injector_id != self._shown_id
        self._shown_id = week.injector_id
        self.week.show_week(week.weekly, anew=anew)
        self.single.show_week(week, anew=anew)

    def _chosen(self) -> WorkingWeek | None:
        return next((week for week in self._weeks if week.injector_id == self.injector.value()), None)

    @Slot(object, object)
    def _set_week(self, before: Week, week: Week) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        times, actor, injector_id = self._times, self.workplace.actor, chosen.injector_id
        self.change(
            Change(
                f"{chosen.name}: {changed_days(before, week)} changed.",
                lambda: times.set_hours(actor, injector_id, week),
                lambda _: times.set_hours(actor, injector_id, before),
            )
        )

    @Slot(object)
    def _set_days(self, wanted: WantedDays) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        times, rebooking, actor = self._times, self.workplace.services.rebooking, self.workplace.actor
        injector_id, first_day, last_day = chosen.injector_id, wanted.first_day, wanted.last_day
        away = not any(day.spans for day in wanted.days)
        words = f"{chosen.name}: {'away' if away else 'other hours'} {days_text(first_day, last_day)}."
        self.change(
            Change(
                lambda result: words + result[1],
                lambda: (
                    times.set_days(actor, injector_id, first_day, last_day, wanted.days),
                    lying_in(rebooking.rows(actor), first_day, last_day, injector_id),
                ),
                lambda result: times.set_days(actor, injector_id, first_day, last_day, result[0]),
                self.single.was_set,
                self.single.form.show_error,
            )
        )

    @Slot(object)
    def _clear_days(self, run: DayRun) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        times, actor, injector_id = self._times, self.workplace.actor, chosen.injector_id
        first_day, last_day = run.first_day, run.last_day
        self.change(
            Change(
                f"{chosen.name}: {days_text(first_day, last_day)} by the week again.",
                lambda: times.set_days(actor, injector_id, first_day, last_day, ()),
                lambda before: times.set_days(actor, injector_id, first_day, last_day, before),
            )
        )
