"""How the clinic's own work went: who did not come, and what the signed visits leave out."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, Select, String, case, cast, func, or_, select
from sqlalchemy.orm import aliased

from clinic_app.documents.chart_content import Picture, Series, Value
from clinic_app.models import Account, Appointment, Injection, InjectionPoint, Response, Vial, Visit
from clinic_app.services.reports_data import Cell, Heading, Kind, Line, Question, Report
from clinic_app.services.reports_effects import asked_after
from clinic_app.services.reports_figures import share, wilson
from clinic_app.services.reports_sql import Condition, Reading, all_of, chosen, first_of, injected, month_of, whose
from clinic_app.terms import AppointmentState

_OPEN = (AppointmentState.BOOKED, AppointmentState.CONFIRMED)
_CAME, _MISSED, _CANCELLED, _UNMARKED = "came", "no-show", "cancelled", "unmarked"


class NoShows:
    """Appointments of the past by month: kept, not kept, cancelled, and those that nobody marked."""

    question = Question.NO_SHOWS

    def __init__(self, reading: Reading, now: datetime) -> None:
        self.reading = reading
        self._now = now

    def report(self) -> Report:
        """The share of no-shows, of those who came or did not."""
        reading = self.reading
        by_month: defaultdict[str, Counter[str]] = defaultdict(Counter)
        outcome = case(
            (Appointment.state == AppointmentState.NO_SHOW, _MISSED),
            (Appointment.state == AppointmentState.CANCELLED, _CANCELLED),
            (Appointment.state.in_(_OPEN), _UNMARKED),
            else_=_CAME,
        )
        month = month_of(Appointment.starts_at)
        for spans in self._years():
            query = select(month, outcome, func.count()).where(*spans, *self._conditions()).group_by(month, outcome)
            for when, came, often in reading.rows(query):
                by_month[when][came] += often
        kept = sorted(by_month.items())
        notes = ["The clinic's wall clock decides the month. Cancelled appointments are in no share."]
        if reading.filters.product or reading.filters.indication:
            notes.insert(0, "Appointments have no product or indication: these filters are not used here.")
        return Report(
            self.question,
            reading.filters,
            (),
            (
                Heading("Month", Kind.MONTH),
                Heading("Came or not", Kind.COUNT, tip="Those who came and those who did not: the n of the share"),
                Heading("No-shows", Kind.COUNT),
                Heading("Share", Kind.FIGURE, "%"),
                Heading("From", Kind.FIGURE, "%", "Lower end of the 95 % confidence interval (Wilson)"),
                Heading("To", Kind.FIGURE, "%", "Upper end of the 95 % confidence interval (Wilson)"),
                Heading("Cancelled", Kind.COUNT),
                Heading("Not marked", Kind.COUNT, tip="Past appointments that still stand as booked or confirmed"),
            ),
            tuple(_no_show_line(when, counts) for when, counts in kept),
            Picture(
                "No-shows",
                "%",
                tuple(first_of(when) for when, _ in kept),
                (Series("No-shows", tuple(_no_show_share(counts) for _, counts in kept)),),
                spread="95 % confidence interval",
            ),
            tuple(notes),
        )

    def behind(self, key: tuple[str | int, ...]) -> Select[Any]:
        """The appointments of a month that were not kept."""
        missed = Appointment.state == AppointmentState.NO_SHOW
        month = month_of(Appointment.starts_at) == key[0]
        return select(Appointment.id).where(month, missed, *self._span(), *self._conditions())

    def _years(self) -> list[list[Condition]]:
        """The period cut at each new year, one step each."""
        ends = (select(end(Appointment.starts_at)).where(*self._span()) for end in (func.min, func.max))
        first, last = (self.reading.session.scalar(query) for query in ends)
        years = range(first.year, last.year + 1) if first is not None and last is not None else range(0)
        spans = []
        for number, year in enumerate(years):
            self.reading.steps(number, len(years))
            start, end = datetime(year, 1, 1), datetime(year + 1, 1, 1)
            spans.append([Appointment.starts_at >= start, Appointment.starts_at < end, *self._span()])
        return spans

    def _span(self) -> list[Condition]:
        first, last = self.reading.filters.first_day, self.reading.filters.last_day
        conditions: list[Condition] = [Appointment.starts_at <= self._now]
        if first is not None:
            conditions.append(Appointment.starts_at >= datetime.combine(first, time()))
        if last is not None:
            conditions.append(Appointment.starts_at < datetime.combine(last + timedelta(days=1), time()))
        return conditions

    def _conditions(self) -> list[Condition]:
        injector = self.reading.filters.injector_id
        return [] if injector is None else [Appointment.injector_id == injector]


def _no_show_line(month: str, counts: Mapping[str, int]) -> Line:
    missed, cancelled, unmarked = (counts.get(each, 0) for each in (_MISSED, _CANCELLED, _UNMARKED))
    whole = missed + counts.get(_CAME, 0)
    ends = wilson(missed, whole) or (None, None)
    return Line((first_of(month), whole, missed, share(missed, whole), *ends, cancelled, unmarked), whole, (month,))


def _no_show_share(counts: Mapping[str, int]) -> Value | None:
    missed = counts.get(_MISSED, 0)
    whole = missed + counts.get(_CAME, 0)
    found = wilson(missed, whole)
    return None if found is None else Value(100 * missed / whole, float(found[0]), float(found[1]))


ITEMS = ("lot", "points", "guidance", "consent", "reason", "response", "side_effects")
"""What a visit can lack, in the order of the columns; the last two are asked for at the return."""
_AT_RETURN = ITEMS[5:]
_WORDS = {
    "lot": "lot",
    "points": "points",
    "guidance": "guidance",
    "consent": "consent",
    "reason": "reason for the choice",
    "response": "response",
    "side_effects": "answer about side effects",
}


class Missing:
    """What signed visits lack, by injector and month."""

    question = Question.MISSING
    edition = "1"

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def report(self) -> Report:
        """How many visits lack each item, and the share of the visits that lack something."""
        found: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
        for month, injector, *numbers in self.reading.counted(self.cells):
            for name, often in zip(("visits", "returned", "any", *ITEMS), numbers, strict=True):
                found[injector, month][name] += int(often)
        query = select(Account.id, Account.full_name).where(Account.id.in_({injector for injector, _ in found}))
        names = dict(self.reading.session.execute(query).all()) if found else {}
        keys = sorted(found, key=lambda key: (key[1], names[key[0]], key[0]))
        lines = tuple(_missing_line(key, names[key[0]], found[key]) for key in keys)
        whole: Counter[str] = Counter()
        for counts in found.values():
            whole.update(counts)
        return Report(
            self.question,
            self.reading.filters,
            (),
            (
                Heading("Month", Kind.MONTH),
                Heading("Injector"),
                Heading(
                    "Visits",
                    Kind.COUNT,
                    tip="Signed visits with injections; not those that were brought in from a file",
                ),
                Heading("Lacking", Kind.FIGURE, "%", "Share of the visits that lack at least one of these"),
                Heading("Lot", Kind.COUNT, tip="Visits with a vial without its lot number"),
                Heading("Points", Kind.COUNT, tip="Visits with an injection without a point on the map"),
                Heading("Guidance", Kind.COUNT, tip="Visits with an injection that does not say how it was guided"),
                Heading("Consent", Kind.COUNT, tip="Visits without recorded consent"),
                Heading("Reason", Kind.COUNT, tip="Visits whose assessment says nothing"),
                Heading("Seen again", Kind.COUNT, tip="Visits after which the patient was seen again"),
                Heading("Response", Kind.COUNT, tip="Of those seen again: no response recorded"),
                Heading("Side effects", Kind.COUNT, tip="Of those seen again: nobody asked about side effects"),
            ),
            lines,
            Picture(
                "Visits that lack it",
                "%",
                tuple(_WORDS[item].capitalize() for item in ITEMS),
                (Series("Missing", tuple(_missing_share(whole, item) for item in ITEMS)),) if lines else (),
                lying=True,
                spread="95 % confidence interval",
            ),
            ("Response and side effects are asked at the return, so they count once the patient was seen again.",),
        )

    def behind(self, key: tuple[str | int, ...]) -> Select[Any]:
        """The visits of an injector and month that lack something, each with a digit for every item."""
        month = month_of(Visit.visited_on) == key[1]
        rows = self._rows(chosen(month, Visit.injector_id == key[0], *self.reading.visits())).subquery()
        digits: ColumnElement[Any] = cast("", String)
        for item in ITEMS:
            digits = digits + cast(rows.c[item], String)
        return select(rows.c.visit_id, digits).where(rows.c.any == 1)

    def said(self, digits: str) -> str:
        """What is told beside a visit."""
        return "no " + ", no ".join(_WORDS[item] for item, digit in zip(ITEMS, digits, strict=True) if digit == "1")

    def cells(self, some: Condition) -> Select[Any]:
        """By injector how many visits there are, after how many the patient returned, and how many lack what."""
        visits = all_of(some)
        rows = self._rows(visits).cte("lacks").prefix_with("MATERIALIZED")
        sums = (func.sum(rows.c[name]) for name in ("returned", "any", *ITEMS))
        keys = (*whose(visits), visits.c.injector_id)
        return (
            select(*keys, func.count(), *sums)
            .select_from(rows.join(visits, visits.c.id == rows.c.visit_id))
            .group_by(*keys)
        )

    def _rows(self, visits: CTE) -> Select[Any]:
        later, point, number = aliased(Visit), aliased(InjectionPoint), visits.c.id
        returned = select(later.id).where(
            later.patient_id == visits.c.patient_id, later.visited_on > visits.c.visited_on
        )
        no_lot = select(Vial.id).where(Vial.visit_id == number, func.trim(Vial.lot_number) == "")
        pointless = select(Injection.id).where(
            Injection.visit_id == number,
            ~select(point.id).where(point.injection_id == Injection.id).correlate(Injection).exists(),
        )
        unguided = select(Injection.id).where(Injection.visit_id == number, cast(Injection.guidance, String) == "[]")
        answered = select(Response.visit_id).where(Response.visit_id == number)
        facts: dict[str, ColumnElement[bool]] = {
            "returned": returned.correlate(visits).exists(),
            "lot": no_lot.correlate(visits).exists(),
            "points": pointless.correlate(visits).exists(),
            "guidance": unguided.correlate(visits).exists(),
            "consent": ~visits.c.consent,
            "reason": visits.c.unsaid,
            "response": ~answered.correlate(visits).exists(),
            "side_effects": ~asked_after(number, visits),
        }
        columns = (_digit(fact).label(name) for name, fact in facts.items())
        # Kept once: merged into the question around it, each fact would be looked up for each mention.
        each = (
            select(number.label("visit_id"), *columns)
            .where(injected(visits), visits.c.import_id.is_(None))  # what a file of before lacks is nobody's omission
            .cte("each_one")
            .prefix_with("MATERIALIZED")
        )
        lacks = {name: each.c[name] * each.c.returned if name in _AT_RETURN else each.c[name] for name in ITEMS}
        return select(
            each.c.visit_id,
            each.c.returned,
            *(lack.label(name) for name, lack in lacks.items()),
            _digit(or_(*(lack == 1 for lack in lacks.values()))).label("any"),
        )


def _digit(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0).cast(Integer)


def _missing_line(key: tuple[int, str], injector: str, counts: Mapping[str, int]) -> Line:
    at_signing: Sequence[Cell] = [counts[item] for item in ITEMS if item not in _AT_RETURN]
    at_return: Sequence[Cell] = [counts[item] for item in _AT_RETURN]
    visits = counts["visits"]
    incomplete: Decimal | None = share(counts["any"], visits)
    cells = (first_of(key[1]), injector, visits, incomplete, *at_signing, counts["returned"], *at_return)
    return Line(cells, visits, key)


def _missing_share(whole: Mapping[str, int], item: str) -> Value | None:
    of = whole["returned"] if item in _AT_RETURN else whole["visits"]
    found = wilson(whole[item], of)
    return None if found is None else Value(100 * whole[item] / of, float(found[0]), float(found[1]))
