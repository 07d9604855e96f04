"""Cycles: how long they were, and who was injected later than due."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CTE, Select, and_, case, func, select
from sqlalchemy.orm import aliased

from clinic_app.documents.chart_content import Picture, Series, Value
from clinic_app.models import Appointment, AppointmentEvent, Patient, Visit
from clinic_app.services.cycles import USUAL_WEEKS
from clinic_app.services.reports_data import Heading, Kind, Line, Question, Report
from clinic_app.services.reports_figures import quartiles, share, wilson
from clinic_app.services.reports_sql import (
    Condition,
    Reading,
    all_of,
    chosen,
    days_between,
    days_later,
    first_of,
    injected,
    local_day,
    month_of,
    whose,
)

_WEEK = Decimal(7)
_ON_TIME, _LATE, _NOT_YET = "on time", "late", "not injected since"


class CycleLength:
    """Days from an injection to the patient's next, by the month of the next one."""

    question = Question.CYCLES
    edition = "1"

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def report(self) -> Report:
        """Median and quartiles in weeks, by month."""
        by_month: defaultdict[str, Counter[int]] = defaultdict(Counter)
        for month, days, often in self.reading.counted(self.cells):
            by_month[month][days] += often
        return Report(
            self.question,
            self.reading.filters,
            (),
            (
                Heading("Month", Kind.MONTH, tip="In which the cycle ended with the next injection"),
                Heading("Cycles", Kind.COUNT),
                Heading("Median", Kind.FIGURE, "weeks", "Half of the cycles were shorter"),
                Heading("Lower ¼", Kind.FIGURE, "weeks", "A quarter of the cycles was shorter"),
                Heading("Upper ¼", Kind.FIGURE, "weeks", "A quarter of the cycles was longer"),
                Heading("Shortest", Kind.FIGURE, "weeks"),
                Heading("Longest", Kind.FIGURE, "weeks"),
            ),
            tuple(_cycle_line(month, days) for month, days in sorted(by_month.items())),
            Picture(
                "Median cycle length",
                "weeks",
                tuple(first_of(month) for month in sorted(by_month)),
                (Series("Median", tuple(_spread(days) for _, days in sorted(by_month.items()))),),
                spread="from the lower to the upper quartile",
            ),
            ("A first injection here ends no cycle. Toxin given elsewhere is not counted.",),
        )

    def behind(self, key: tuple[str | int, ...]) -> Select[Any]:
        """The visits that ended the cycles of a month, with the days of each."""
        rows = _since_last(chosen(month_of(Visit.visited_on) == key[0], *self.reading.visits())).subquery()
        return select(rows.c.visit_id, rows.c.days).where(rows.c.days.is_not(None))

    def said(self, days: int) -> str:
        """What is told beside a visit."""
        return f"{days} {'day' if days == 1 else 'days'} since the last injection"

    def cells(self, some: Condition) -> Select[Any]:
        """How many cycles ended after how many days."""
        visits = all_of(some)
        # Kept once: merged into the question around it, the last injection would be looked up for each mention.
        rows = _since_last(visits).cte("cycles").prefix_with("MATERIALIZED")
        keys = (*whose(visits), rows.c.days)
        return (
            select(*keys, func.count())
            .select_from(rows.join(visits, visits.c.id == rows.c.visit_id))
            .where(rows.c.days.is_not(None))
            .group_by(*keys)
        )


def _since_last(visits: CTE) -> Select[Any]:
    """Visits with injections, and how many days before the patient was injected last; None at the first time."""
    earlier = aliased(Visit)
    last = (
        select(earlier.visited_on)
        .where(
            earlier.patient_id == visits.c.patient_id,
            earlier.visited_on < visits.c.visited_on,
            injected(earlier),
        )
        .order_by(earlier.visited_on.desc())
        .limit(1)
        .correlate(visits)
        .scalar_subquery()
    )
    days = days_between(last, visits.c.visited_on).label("days")
    return select(visits.c.id.label("visit_id"), days).where(injected(visits))


def _cycle_line(month: str, days: Mapping[int, int]) -> Line:
    found = quartiles(days)
    assert found is not None  # a month stands there because of its cycles
    lower, middle, upper = found
    count = sum(days.values())
    figures = (middle, lower, upper, Decimal(min(days)), Decimal(max(days)))
    return Line((first_of(month), count, *(figure / _WEEK for figure in figures)), count, (month,))


def _spread(days: Mapping[int, int]) -> Value | None:
    found = quartiles(days)
    if found is None:
        return None
    lower, middle, upper = (float(each / _WEEK) for each in found)
    return Value(middle, lower, upper)


class InjectedLate:
    """Whether the next injection came by the day that the plan of the last visit asked for."""

    question = Question.LATE

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    @property
    def edition(self) -> str:
        """Another zone has other days of signing."""
        return f"1 {self.reading.zone}"

    def report(self) -> Report:
        """The share injected later than due, with and without a booking at sign-off."""
        by_month: defaultdict[str, Counter[tuple[int, str]]] = defaultdict(Counter)
        today = self.reading.today
        for month, booked, ended, due_on, often in self.reading.counted(self.cells):
            if ended is not None:
                by_month[month][booked, ended] += often
            elif date.fromisoformat(due_on) < today:
                by_month[month][booked, _NOT_YET] += often
        kept = sorted(by_month.items())
        late_tip = "The next injection came after the visit's own interval, else the patient's usual one, else 12 weeks"
        return Report(
            self.question,
            self.reading.filters,
            (),
            (
                Heading("Month", Kind.MONTH, tip="Of the visit after which the next injection was due"),
                Heading("Booked", Kind.COUNT, tip="Injected again; the next visit was booked on the day of signing"),
                Heading("Booked, late", Kind.FIGURE, "%", late_tip),
                Heading("Not booked", Kind.COUNT, tip="Injected again; nothing that follows was booked that day"),
                Heading("Not booked, late", Kind.FIGURE, "%", late_tip),
                Heading("Not since", Kind.COUNT, tip="Due, and not injected here since; in none of the shares"),
                Heading("Booked, late", Kind.COUNT, tip=late_tip),
                Heading("Not booked, late", Kind.COUNT, tip=late_tip),
            ),
            tuple(_late_line(month, counts) for month, counts in kept),
            Picture(
                "Injected later than due",
                "%",
                tuple(first_of(month) for month, _ in kept),
                tuple(
                    Series(name, tuple(_late_share(counts, booked) for _, counts in kept))
                    for booked, name in ((1, "Booked at sign-off"), (0, "Not booked then"))
                ),
                spread="95 % confidence interval",
            ),
            ("Shares are of those who were injected again. Who is due and was not injected since stands apart.",),
        )

    def behind(self, key: tuple[str | int, ...]) -> Select[Any]:
        """The visits of a month after which the next injection was late or did not come."""
        visits = chosen(month_of(Visit.visited_on) == key[0], *self.reading.visits())
        rows = self._until_next(visits).subquery()
        overdue = rows.c.ended.is_(None) & (rows.c.due_on < str(self.reading.today))
        told = case((overdue, _NOT_YET), else_=rows.c.ended)
        return select(rows.c.visit_id, told).where((rows.c.ended == _LATE) | overdue)

    def said(self, ended: str) -> str:
        """What is told beside a visit."""
        return "next injection later than due" if ended == _LATE else "due, and not injected since"

    def cells(self, some: Condition) -> Select[Any]:
        """Booked at sign-off or not, and late or not; whoever was not injected since with the day on which it is due.

        Whether that day is over is no matter of the record but of today.
        """
        visits = all_of(some)
        rows = self._until_next(visits).cte("ends").prefix_with("MATERIALIZED")
        keys = (*whose(visits), rows.c.booked, rows.c.ended, rows.c.due_on)
        return (
            select(*keys, func.count()).select_from(rows.join(visits, visits.c.id == rows.c.visit_id)).group_by(*keys)
        )

    def _until_next(self, visits: CTE) -> Select[Any]:
        later = aliased(Visit)
        again = (
            select(later.visited_on)
            .where(later.patient_id == visits.c.patient_id, later.visited_on > visits.c.visited_on, injected(later))
            .order_by(later.visited_on)
            .limit(1)
            .correlate(visits)
            .scalar_subquery()
        )
        usual = (
            select(func.nullif(Patient.usual_interval_weeks, 0))
            .where(Patient.id == visits.c.patient_id)
            .correlate(visits)
            .scalar_subquery()
        )
        weeks = func.coalesce(func.nullif(visits.c.interval_weeks, 0), usual, USUAL_WEEKS)
        each = (
            select(
                visits.c.id.label("visit_id"),
                days_between(visits.c.visited_on, again).label("days"),
                (weeks * 7).label("wanted"),
                days_later(visits.c.visited_on, weeks * 7).label("due_on"),
            )
            # Of one that was brought in nobody knows when the next was booked.
            .where(injected(visits), visits.c.import_id.is_(None))
            .cte("each_one")
            .prefix_with("MATERIALIZED")
        )
        booked = self._booked(visits).subquery()
        ended = case((each.c.days > each.c.wanted, _LATE), (each.c.days.is_not(None), _ON_TIME))
        return select(
            each.c.visit_id,
            case((booked.c.visit_id.is_not(None), 1), else_=0).label("booked"),
            ended.label("ended"),
            case((each.c.days.is_(None), each.c.due_on)).label("due_on"),
        ).select_from(each.outerjoin(booked, booked.c.visit_id == each.c.visit_id))

    def _booked(self, visits: CTE) -> Select[Any]:
        """The visits that an appointment follows which was booked on the day they were signed, in the clinic's zone."""
        zone, today = self.reading.zone, self.reading.today
        return (
            select(visits.c.id.label("visit_id"))
            .distinct()
            .select_from(visits)
            .join(Appointment, Appointment.follows_visit_id == visits.c.id)
            .join(
                AppointmentEvent,
                and_(AppointmentEvent.appointment_id == Appointment.id, AppointmentEvent.what == "booked"),
            )
            .where(local_day(AppointmentEvent.at, zone, today) == local_day(visits.c.signed_at, zone, today))
        )


def _late_line(month: str, counts: Mapping[tuple[int, str], int]) -> Line:
    shares: list[int | Decimal | None] = []
    late = [counts.get((booked, _LATE), 0) for booked in (1, 0)]
    for booked, missed in zip((1, 0), late, strict=True):
        again = missed + counts.get((booked, _ON_TIME), 0)
        shares += [again, share(missed, again)]
    not_since = counts.get((1, _NOT_YET), 0) + counts.get((0, _NOT_YET), 0)
    count = sum(often for (_, ended), often in counts.items() if ended != _NOT_YET)
    return Line((first_of(month), *shares, not_since, *late), count, (month,))


def _late_share(counts: Mapping[tuple[int, str], int], booked: int) -> Value | None:
    late = counts.get((booked, _LATE), 0)
    again = late + counts.get((booked, _ON_TIME), 0)
    found = wilson(late, again)
    return None if found is None else Value(100 * late / again, float(found[0]), float(found[1]))
