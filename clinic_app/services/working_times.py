"""When the clinic works: each injector's week, single days, closures and public holidays."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound
from clinic_app.models import (
    Account,
    AccountRole,
    Clinic,
    Closure,
    DayHours,
    WorkedHoliday,
    WorkingHours,
)
from clinic_app.models.database import Database
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.calendar_data import (
    LONGEST_REASON,
    MOST_DAYS,
    ClosureRow,
    HolidayRow,
    SingleDay,
    WorkingWeek,
    spans_clash,
)
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.openings import Span
from clinic_app.services.public_holidays import HOLIDAYS, HolidayChoice, holiday_choice, public_holidays, subdivisions
from clinic_app.terms import Role
from clinic_app.typed_text import clean

_YEAR = timedelta(days=365)


class WorkingTimes:
    """The manager's use cases around hours and closed days, and the lists that everybody reads."""

    def __init__(self, database: Database, clock: Clock, time_zone: str) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone

    def weeks(self, actor: Actor) -> tuple[WorkingWeek, ...]:
        """The hours of everybody who injects, by name, with the single days from today on."""
        require(actor, Act.READ_SUMMARY)
        today = local_today(self._clock, self._time_zone)
        injects = select(Account).join(AccountRole).where(AccountRole.role == Role.PHYSICIAN, Account.active)
        with self._database.reading() as session:
            weekly: dict[int, dict[int, tuple[Span, ...]]] = defaultdict(dict)
            for row in session.scalars(select(WorkingHours).order_by(WorkingHours.opens)):
                spans = weekly[row.injector_id].get(row.weekday, ())
                weekly[row.injector_id][row.weekday] = (*spans, (row.opens, row.closes))
            single: dict[int, list[DayHours]] = defaultdict(list)
            for own in session.scalars(select(DayHours).where(DayHours.day >= today)):
                single[own.injector_id].append(own)
            return tuple(
                WorkingWeek(each.id, each.full_name, weekly[each.id], _single_days(single[each.id]))
                for each in session.scalars(injects.order_by(Account.full_name, Account.id))
            )

    def set_hours(self, actor: Actor, injector_id: int, hours: Mapping[int, tuple[Span, ...]]) -> None:
        """Replace the working hours of an injector: spans by weekday, 0 is Monday.

        Raises ClinicError for a span that ends before it begins, and for two of one day that share time.
        """
        require(actor, Act.SETTINGS)
        for spans in hours.values():
            _check_spans(spans)
        wanted = {(weekday, *span) for weekday, spans in hours.items() for span in spans}
        with self._database.writing(actor.account_id, self._clock()) as session:
            _injector(session, injector_id)
            for old in session.scalars(select(WorkingHours).where(WorkingHours.injector_id == injector_id)):
                kept = (old.weekday, old.opens, old.closes)
                if kept in wanted:
                    wanted.remove(kept)
                else:
                    session.delete(old)
            session.flush()  # an hour that begins as one before it did must find its place free
            for weekday, opens, closes in sorted(wanted):
                session.add(WorkingHours(injector_id=injector_id, weekday=weekday, opens=opens, closes=closes))

    def set_days(
        self, actor: Actor, injector_id: int, first_day: date, last_day: date, days: Iterable[SingleDay]
    ) -> tuple[SingleDay, ...]:
        """Replace all single days of an injector from the first to the last; returns what stood there before.

        Days that are not named go by the week again. Given what came back, it is undone. Raises ClinicError.
        """
        require(actor, Act.SETTINGS)
        days = tuple(days)
        if last_day < first_day:
            raise ClinicError("closure_impossible", field="last_day")
        if (last_day - first_day).days >= MOST_DAYS:
            raise ClinicError("single_days_too_many", field="last_day", most=MOST_DAYS)
        for each in days:
            if not first_day <= each.day <= last_day:
                raise ValueError(f"{each.day} lies outside {first_day} to {last_day}")
            _check_spans(each.spans)
            if not each.spans and not clean(each.reason):
                raise ClinicError("away_without_reason", field="reason")
        between = (DayHours.injector_id == injector_id, DayHours.day.between(first_day, last_day))
        with self._database.writing(actor.account_id, self._clock()) as session:
            _injector(session, injector_id)
            old = session.scalars(select(DayHours).where(*between)).all()
            before = _single_days(old)
            for row in old:
                session.delete(row)
            session.flush()
            for each in days:
                reason = _reason(each.reason)
                spans: tuple[Span | tuple[None, None], ...] = each.spans or ((None, None),)
                for opens, closes in spans:
                    session.add(
                        DayHours(injector_id=injector_id, day=each.day, opens=opens, closes=closes, reason=reason)
                    )
            return before

    def closures(self, actor: Actor) -> tuple[ClosureRow, ...]:
        """Closures that are not over, the next first."""
        require(actor, Act.READ_SUMMARY)
        today = local_today(self._clock, self._time_zone)
        with self._database.reading() as session:
            return _closures(session, today)

    def close(self, actor: Actor, first_day: date, last_day: date, reason: str, injector_id: int | None = None) -> int:
        """Close the clinic, or one injector's calendar, from the first to the last day; returns the closure's id.

        Raises ClinicError for days in the wrong order or all past, and without a reason: whoever books is told it.
        """
        require(actor, Act.SETTINGS)
        if last_day < first_day:
            raise ClinicError("closure_impossible", field="last_day")
        if last_day < local_today(self._clock, self._time_zone):
            raise ClinicError("closure_past", field="last_day")
        if not clean(reason):
            raise ClinicError("closure_without_reason", field="reason")
        with self._database.writing(actor.account_id, self._clock()) as session:
            if injector_id is not None:
                _injector(session, injector_id)
            closure = Closure(first_day=first_day, last_day=last_day, reason=_reason(reason), injector_id=injector_id)
            session.add(closure)
            session.flush()
            return closure.id

    def end_closure(self, actor: Actor, closure_id: int) -> None:
        """Take a closure away; one that has begun ends with yesterday, so that the days past stay told."""
        require(actor, Act.SETTINGS)
        today = local_today(self._clock, self._time_zone)
        with self._database.writing(actor.account_id, self._clock()) as session:
            closure = session.get(Closure, closure_id)
            if closure is None:
                raise NotFound("calendar_entry_not_found")
            if closure.first_day < today:
                closure.last_day = min(closure.last_day, today - timedelta(days=1))
            else:
                session.delete(closure)

    def renew_closure(self, actor: Actor, ended: ClosureRow) -> None:
        """Bring back a closure as it was before it was ended."""
        require(actor, Act.SETTINGS)
        # An id can be given anew, so that the days and the person must be the same ones.
        same = (
            Closure.id == ended.id,
            Closure.first_day == ended.first_day,
            Closure.injector_id == ended.injector_id,
        )
        with self._database.writing(actor.account_id, self._clock()) as session:
            closure = session.scalar(select(Closure).where(*same))
            if closure is None:
                closure = Closure(first_day=ended.first_day, reason=ended.reason, injector_id=ended.injector_id)
                session.add(closure)
            closure.last_day = ended.last_day

    def holidays(self, actor: Actor) -> tuple[HolidayChoice, tuple[HolidayRow, ...]]:
        """What the clinic chose, and the holidays of its region in the twelve months from today on."""
        require(actor, Act.READ_SUMMARY)
        today = local_today(self._clock, self._time_zone)
        last = today + _YEAR
        with self._database.reading() as session:
            clinic = session.scalars(select(Clinic)).one()
            choice = holiday_choice(clinic.choices)
            found = public_holidays(clinic.country, choice.subdivision, clinic.language, today.year, last.year)
            worked = set(session.scalars(select(WorkedHoliday.day).where(WorkedHoliday.day.between(today, last))))
        rows = tuple(HolidayRow(day, name, day in worked) for day, name in found.items() if today <= day <= last)
        return choice, rows

    def set_holidays(self, actor: Actor, choice: HolidayChoice) -> None:
        """Whether the clinic keeps public holidays, and of which region. Raises ClinicError for an unknown region."""
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            clinic = session.scalars(select(Clinic)).one()
            if choice.subdivision and choice.subdivision not in subdivisions(clinic.country):
                raise ClinicError("holiday_region_unknown", field="subdivision")
            kept: dict[str, object] = {"kept": choice.kept, "subdivision": choice.subdivision}
            clinic.choices = {**clinic.choices, HOLIDAYS: kept}

    def work_holiday(self, actor: Actor, day: date, worked: bool) -> None:
        """Whether the clinic works on a public holiday all the same."""
        require(actor, Act.SETTINGS)
        with self._database.writing(actor.account_id, self._clock()) as session:
            before = session.get(WorkedHoliday, day)
            if worked and before is None:
                session.add(WorkedHoliday(day=day))
            elif before is not None and not worked:
                session.delete(before)


def _injector(session: Session, injector_id: int) -> None:
    if session.get(Account, injector_id) is None:
        raise NotFound("injector_missing")


def _check_spans(spans: Iterable[Span]) -> None:
    spans = tuple(spans)
    if any(opens >= closes for opens, closes in spans):
        raise ClinicError("hours_impossible", field="hours")
    if spans_clash(spans):
        raise ClinicError("hours_overlap", field="hours")


def _single_days(rows: Iterable[DayHours]) -> tuple[SingleDay, ...]:
    """The days in their order, each with its spans; one row without hours makes the day one of absence."""
    found: dict[date, list[DayHours]] = defaultdict(list)
    for row in rows:
        found[row.day].append(row)
    days = []
    for day in sorted(found):
        spans = sorted((r.opens, r.closes) for r in found[day] if r.opens is not None and r.closes is not None)
        away = [r for r in found[day] if r.opens is None]
        days.append(SingleDay(day, () if away else tuple(spans), (away or found[day])[0].reason))
    return tuple(days)


def _closures(session: Session, today: date) -> tuple[ClosureRow, ...]:
    query = (
        select(Closure, Account.full_name)
        .outerjoin(Account, Account.id == Closure.injector_id)
        .where(Closure.last_day >= today)
        .order_by(Closure.first_day, Closure.id)
    )
    return tuple(
        ClosureRow(c.id, c.first_day, c.last_day, c.reason, c.injector_id, name or "")
        for c, name in session.execute(query)
    )


def _reason(typed: str) -> str:
    return clean(typed)[:LONGEST_REASON]
