"""The reports against the same figures computed from every row in plain Python."""

import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from clinic_app.errors import ClinicError, NotAllowed, WorkStopped
from clinic_app.reference.catalogue import Reference
from clinic_app.services.reports_care import ITEMS
from clinic_app.services.reports_data import Question, Report, ReportFilters
from clinic_app.services.reports_names import muscle_bands, visit_bands
from clinic_app.services.schedule_data import Booking
from tests.clinics import SealedClinic
from tests.services.conftest import OpenClinic, opened
from tests.services.reports_clinic import EYES, LEAP, NECK, fill, table
from tests.services.statements import statements

ALL = ReportFilters()
FILTERS = (
    ALL,
    ReportFilters(first_day=LEAP, last_day=LEAP),
    ReportFilters(first_day=date(2024, 2, 1), last_day=date(2025, 1, 31)),
    ReportFilters(injector_id=1, indication=EYES),
    ReportFilters(product="onabotulinumtoxinA", indication=NECK, last_day=date(2025, 12, 31)),
    ReportFilters(product="ourtoxin"),
)
NEW_YORK = ZoneInfo("America/New_York")
Row = Mapping[str, Any]


class Record:
    """Every row that the reports count, and which visits a filter keeps."""

    def __init__(self, clinic: OpenClinic, filters: ReportFilters) -> None:
        self.filters = filters
        self.every = {row["id"]: row for row in table(clinic, "visit")}
        self.vials = {row["id"]: row for row in table(clinic, "vial")}
        self.injections = table(clinic, "injection")
        self.injected = {row["visit_id"] for row in self.injections}
        self.visits = [row for row in self.every.values() if self._counts(row)]
        self.ids = {row["id"] for row in self.visits}

    def _counts(self, visit: Row) -> bool:
        filters, day = self.filters, visit["visited_on"]
        products = {row["product"] for row in self.vials.values() if row["visit_id"] == visit["id"]}
        own = {row["indication"] for row in self.injections if row["visit_id"] == visit["id"]}
        return (
            (filters.first_day is None or day >= str(filters.first_day))
            and (filters.last_day is None or day <= str(filters.last_day))
            and filters.injector_id in (None, visit["injector_id"])
            and (not filters.product or filters.product in products)
            and (not filters.indication or filters.indication in {visit["indication"], *own})
        )

    def given(self) -> list[tuple[Row, Row, str]]:
        """Injections with their visit and product."""
        rows = [
            (row, self.every[row["visit_id"]], self.vials[row["vial_id"]]["product"])
            for row in self.injections
            if row["visit_id"] in self.ids
        ]
        return [each for each in rows if self.filters.product in ("", each[2])]

    def other(self, visit: Row, later: bool) -> date | None:
        """The nearest day before or after a visit on which its patient was injected."""
        days = [
            row["visited_on"]
            for row in self.every.values()
            if row["patient_id"] == visit["patient_id"] and row["id"] in self.injected
        ]
        own = visit["visited_on"]
        near = [day for day in days if (day > own if later else day < own)]
        return date.fromisoformat((min if later else max)(near)) if near else None


def answer(clinic: OpenClinic, question: Question, filters: ReportFilters = ALL) -> Report:
    return clinic.services.reports.answer(clinic.physician, question, filters)


def day_of(row: Row) -> date:
    return date.fromisoformat(row["visited_on"])


def month(text: str) -> date:
    return date.fromisoformat(f"{text[:7]}-01")


def interval(part: int, whole: int) -> tuple[Decimal, Decimal]:
    """Wilson's interval from its quadratic equation: where the share lies 1.96 standard errors from the limit."""
    z2, share = Decimal("1.959963984540054") ** 2, Decimal(part) / whole
    a, b, c = 1 + z2 / whole, -(2 * share + z2 / whole), share * share
    root = max(Decimal(0), b * b - 4 * a * c).sqrt()
    return 100 * (-b - root) / (2 * a), 100 * (-b + root) / (2 * a)


def near(cells: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(round(cell, 6) if isinstance(cell, Decimal) else cell for cell in cells)


def shares(part: int, whole: int) -> tuple[object, ...]:
    return (Decimal(100 * part) / whole, *interval(part, whole)) if whole else (None, None, None)


@pytest.fixture(params=range(len(FILTERS)))
def filters(request: pytest.FixtureRequest) -> ReportFilters:
    return FILTERS[request.param]


@pytest.fixture(scope="module")
def filled(port_alder: SealedClinic, reference: Reference, tmp_path_factory: pytest.TempPathFactory) -> SealedClinic:
    """Several hundred visits in twenty-eight months."""
    sealed = port_alder.again(tmp_path_factory.mktemp("filled") / "clinic")
    with opened(sealed, sealed.settings, reference) as clinic:
        fill(clinic, 40, 9)
    return sealed


@pytest.fixture
def full(filled: SealedClinic, reference: Reference, tmp_path: Path) -> Iterator[OpenClinic]:
    """A copy of it for one test."""
    with opened(filled, filled.copy(tmp_path / "clinic"), reference) as clinic:
        yield clinic


def test_cycles_are_the_days_since_the_last_injection(full: OpenClinic, filters: ReportFilters) -> None:
    record = Record(full, filters)
    cycles: defaultdict[date, list[int]] = defaultdict(list)
    for visit in record.visits:
        last = record.other(visit, later=False)
        if visit["id"] in record.injected and last is not None:
            cycles[month(visit["visited_on"])].append((day_of(visit) - last).days)
    expected = []
    for when, days in sorted(cycles.items()):
        doubled = days * 2 if len(days) == 1 else days  # the quartiles of one value are the value
        lower, middle, upper = statistics.quantiles(map(Decimal, doubled), method="inclusive")
        expected.append((when, len(days), *(Decimal(n) / 7 for n in (middle, lower, upper, min(days), max(days)))))
    assert [near(line.cells) for line in answer(full, Question.CYCLES, filters).lines] == [*map(near, expected)]


def test_late_is_after_the_planned_day_with_and_without_a_booking_on_the_day_of_signing(
    full: OpenClinic, filters: ReportFilters
) -> None:
    record = Record(full, filters)
    usual = {row["id"]: row["usual_interval_weeks"] for row in table(full, "patient")}
    follows = {row["id"]: row["follows_visit_id"] for row in table(full, "appointment")}

    def local(moment: str) -> date:
        return datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(NEW_YORK).date()

    booked = {
        visit
        for event in table(full, "appointment_event")
        if (visit := follows[event["appointment_id"]]) is not None
        and event["what"] == "booked"
        and local(event["at"]) == local(record.every[visit]["signed_at"])
    }
    counts: defaultdict[date, Counter[tuple[bool, str]]] = defaultdict(Counter)
    for visit in record.visits:
        if visit["id"] not in record.injected:
            continue
        due = day_of(visit) + timedelta(weeks=visit["interval_weeks"] or usual[visit["patient_id"]] or 12)
        again = record.other(visit, later=True)
        if again is not None or due < full.today:
            ended = "not since" if again is None else "late" if again > due else "on time"
            counts[month(visit["visited_on"])][visit["id"] in booked, ended] += 1
    expected = []
    for when, of in sorted(counts.items()):
        cells: list[object] = [when]
        for with_booking in (True, False):
            again_count = of[with_booking, "late"] + of[with_booking, "on time"]
            cells += [again_count, shares(of[with_booking, "late"], again_count)[0]]
        not_since = of[True, "not since"] + of[False, "not since"]
        expected.append((*cells, not_since, of[True, "late"], of[False, "late"]))
    assert [near(line.cells) for line in answer(full, Question.LATE, filters).lines] == [*map(near, expected)]
    if filters == ALL:
        assert 0 < len(booked) < len({visit for visit in follows.values() if visit})


def test_units_are_counted_for_each_product_indication_and_muscle(full: OpenClinic, filters: ReportFilters) -> None:
    record = Record(full, filters)
    units: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    visits: defaultdict[tuple[str, str, str], set[int]] = defaultdict(set)
    for injection, visit, product in record.given():
        indication = injection["indication"] or visit["indication"]
        if filters.indication in ("", indication):
            key = (product, indication, injection["muscle"])
            units[key].append(injection["units"])
            visits[key].add(visit["id"])
    lines = answer(full, Question.DOSES, filters).lines
    assert {line.key: near(line.cells[3:]) for line in lines} == {
        key: near((len(visits[key]), len(each), Decimal(sum(each)) / 1000, Decimal(sum(each)) / 1000 / len(each)))
        for key, each in units.items()
    }
    for line in lines[:5]:
        behind = full.services.reports.behind(full.physician, answer(full, Question.DOSES, filters), line)
        assert {each.visit_id for each in behind} == visits[line.key]  # type: ignore[index]  # three words


def test_waste_is_counted_by_month_product_and_reason(full: OpenClinic, filters: ReportFilters) -> None:
    record = Record(full, filters)
    lost: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    opened: Counter[tuple[str, str]] = Counter()
    for vial in record.vials.values():
        if vial["visit_id"] in record.ids and filters.product in ("", vial["product"]):
            when = record.every[vial["visit_id"]]["visited_on"][:7]
            opened[when, vial["product"]] += vial["size_units"]
            if vial["wasted_units"]:
                lost[when, vial["product"], vial["waste_reason"].strip()].append(vial["wasted_units"])
    assert {line.key: near(line.cells[3:]) for line in answer(full, Question.WASTE, filters).lines} == {
        key: near(
            (
                len(each),
                Decimal(sum(each)) / 1000,
                Decimal(opened[key[:2]]) / 1000,
                Decimal(100 * sum(each)) / opened[key[:2]],
            )
        )
        for key, each in lost.items()
    }


def asked(clinic: OpenClinic) -> set[int]:
    return {row["visit_id"] for name in ("side_effect", "side_effect_answer") for row in table(clinic, name)}


def test_side_effect_rates_are_of_those_who_were_asked(full: OpenClinic, filters: ReportFilters) -> None:
    record, answered = Record(full, filters), asked(full)
    visit_of = {row["id"]: row["visit_id"] for row in table(full, "side_effect")}
    suspected = {
        (visit_of[row["side_effect_id"]], row["muscle"], row["side"]) for row in table(full, "suspected_muscle")
    }
    doses: Counter[tuple[int, str, str, str]] = Counter()
    for injection, visit, product in record.given():
        doses[visit["id"], product, injection["muscle"], injection["side"]] += injection["units"]
    counts: defaultdict[tuple[str, str, int], Counter[str]] = defaultdict(Counter)
    for (visit_id, product, muscle, side), units in doses.items():
        limits = muscle_bands(full.services.reference, product, {})
        band = sum(Decimal(units) / 1000 > limit for limit in limits)
        of = counts[product, muscle, band]
        of["asked" if visit_id in answered else "silent"] += 1
        of["with"] += visit_id in answered and (visit_id, muscle, side) in suspected
    report = answer(full, Question.SIDE_EFFECTS, filters)
    assert {line.key: near(line.cells[3:]) for line in report.lines} == {
        key: near((of["asked"], of["with"], *shares(of["with"], of["asked"]), of["silent"]))
        for key, of in counts.items()
    }
    assert all(line.small == (line.cells[3] < 10) for line in report.lines)  # type: ignore[operator]  # a count
    nobody = set(visit_of) - {row["side_effect_id"] for row in table(full, "suspected_muscle")}
    told = sum(visit_of[effect] in record.ids for effect in nobody)
    assert any(f"{told} side effect" in note for note in report.notes) == (told > 0)


def test_benefit_is_told_for_each_product_and_dose_of_the_visit(full: OpenClinic, filters: ReportFilters) -> None:
    record = Record(full, filters)
    told = {row["visit_id"]: row for row in table(full, "response")}
    doses: Counter[tuple[int, str]] = Counter()
    for injection, visit, product in record.given():
        doses[visit["id"], product] += injection["units"]
    groups: defaultdict[tuple[str, int], list[Row | None]] = defaultdict(list)
    for (visit_id, product), units in doses.items():
        band = sum(Decimal(units) / 1000 > limit for limit in visit_bands(full.services.reference, product))
        groups[product, band].append(told.get(visit_id))

    def median(rows: list[Row], name: str) -> Decimal | None:
        values = [row[name] for row in rows if row[name] is not None]
        return statistics.median(map(Decimal, values)) if values else None

    found = {line.key: line.cells for line in answer(full, Question.BENEFIT, filters).lines}
    assert found.keys() == groups.keys()
    for key, group in groups.items():
        rows = [row for row in group if row is not None]
        medians = [median(rows, name) for name in ("best_percent", "first_day", "wore_off_week")]
        cells = found[key]
        assert (cells[2], cells[3], cells[6], cells[7], cells[8]) == (len(rows), *medians, len(group) - len(rows))


def test_no_shows_are_of_those_who_came_or_did_not(full: OpenClinic, filters: ReportFilters) -> None:
    counts: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for row in table(full, "appointment"):
        day = date.fromisoformat(row["starts_at"][:10])
        inside = (filters.first_day or day) <= day <= (filters.last_day or day)
        past = row["starts_at"] <= "2026-03-02 10:00:00.000000"
        if inside and past and filters.injector_id in (None, row["injector_id"]):
            counts[month(row["starts_at"])][row["state"]] += 1
    expected = []
    for when, of in sorted(counts.items()):
        came = sum(of[state] for state in ("arrived", "in_room", "injected", "checked_out"))
        missed = of["no_show"]
        expected.append(
            (when, came + missed, missed, *shares(missed, came + missed), of["cancelled"],
             of["booked"] + of["confirmed"])
        )  # fmt: skip
    report = answer(full, Question.NO_SHOWS, filters)
    assert [near(line.cells) for line in report.lines] == [*map(near, expected)]
    if report.lines:
        behind = full.services.reports.behind(full.physician, report, report.lines[0])
        assert len(behind) == report.lines[0].cells[2]
        assert all(each.visit_id is None for each in behind)


def test_what_is_missing_is_found_in_each_visit(full: OpenClinic, filters: ReportFilters) -> None:
    record, answered = Record(full, filters), asked(full)
    responses = {row["visit_id"] for row in table(full, "response")}
    with_points = {row["injection_id"] for row in table(full, "injection_point")}
    counts: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    lacking: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
    for visit in record.visits:
        mine = [row for row in record.injections if row["visit_id"] == visit["id"]]
        if not mine:
            continue
        returned = any(
            row["patient_id"] == visit["patient_id"] and row["visited_on"] > visit["visited_on"]
            for row in record.every.values()
        )
        lacks = {
            "lot": any(v["visit_id"] == visit["id"] and not v["lot_number"].strip() for v in record.vials.values()),
            "points": any(row["id"] not in with_points for row in mine),
            "guidance": any(json.loads(row["guidance"]) == [] for row in mine),
            "consent": not visit["consent"],
            "reason": not visit["assessment"].strip(),
            "response": returned and visit["id"] not in responses,
            "side_effects": returned and visit["id"] not in answered,
        }
        key = (visit["injector_id"], visit["visited_on"][:7])
        counts[key].update(visits=1, returned=returned, any=any(lacks.values()), **lacks)
        if any(lacks.values()):
            lacking[key].add(visit["id"])
    report = answer(full, Question.MISSING, filters)
    assert {line.key: near((*line.cells[2:9], *line.cells[9:])) for line in report.lines} == {
        key: near(
            (
                of["visits"],
                Decimal(100 * of["any"]) / of["visits"],
                *(of[item] for item in ITEMS[:5]),
                of["returned"],
                *(of[item] for item in ITEMS[5:]),
            )
        )
        for key, of in counts.items()
    }
    for line in report.lines[:3]:
        behind = full.services.reports.behind(full.physician, report, line)
        assert {each.visit_id for each in behind} == lacking[line.key]  # type: ignore[index]  # number and month


@pytest.mark.parametrize("question", list(Question))
def test_without_a_record_there_are_no_rows_and_no_picture(clinic: OpenClinic, question: Question) -> None:
    report = answer(clinic, question)
    assert report.lines == ()
    assert all(not any(series.values) for series in report.picture.series)
    assert report.title


@pytest.mark.parametrize("question", [each for each in Question if each not in (Question.CYCLES, Question.NO_SHOWS)])
def test_a_single_visit_stands_in_its_month_alone(clinic: OpenClinic, question: Question) -> None:
    visit = clinic.signed(clinic.patient())
    clinic.clock.forward(weeks=13)
    report = answer(clinic, question)
    if question is Question.WASTE:
        assert report.lines == ()
        return
    assert all(line.small for line in report.lines)
    behind = [clinic.services.reports.behind(clinic.physician, report, line) for line in report.lines]
    expected = set() if question is Question.SIDE_EFFECTS else {visit}
    assert {each.visit_id for rows in behind for each in rows} == expected


def test_both_ends_of_the_period_count_by_the_clinics_day(clinic: OpenClinic) -> None:
    clinic.clock.moment = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)  # half past eleven at night in New York
    clinic.signed(clinic.patient(), clinic.content(visited_on=date(2026, 3, 2)))
    days = (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3))
    found = [len(answer(clinic, Question.DOSES, ReportFilters(day, day)).lines) for day in days]
    assert found == [0, 2, 0]


def test_a_period_that_ends_before_it_begins_is_told(clinic: OpenClinic) -> None:
    with pytest.raises(ClinicError) as told:
        answer(clinic, Question.CYCLES, ReportFilters(date(2026, 3, 2), date(2026, 3, 1)))
    assert told.value.code == "period_reversed"


def test_the_front_desk_and_nurses_see_no_reports(clinic: OpenClinic) -> None:
    reports = clinic.services.reports
    for actor in (clinic.desk, clinic.nurse):
        with pytest.raises(NotAllowed):
            reports.choices(actor)
        with pytest.raises(NotAllowed):
            reports.answer(actor, Question.CYCLES, ALL)


@pytest.mark.parametrize("question", list(Question))
def test_a_long_report_tells_its_steps_and_stops_when_asked(full: OpenClinic, question: Question) -> None:
    heard: list[tuple[int, int]] = []

    def stop_at_the_second(done: int, of: int) -> None:
        heard.append((done, of))
        if done == 1:
            raise WorkStopped("work_stopped")

    with pytest.raises(WorkStopped):
        full.services.reports.answer(full.physician, question, ALL, stop_at_the_second)
    assert [done for done, _ in heard] == [0, 1]
    assert heard[0][1] >= 3


def test_a_long_record_takes_as_many_statements_as_a_short_one(clinic: OpenClinic) -> None:
    """A few for each month that nobody asked of before, however many visits are in it; none for those that are kept."""

    def counted() -> list[int]:
        first, again = ([statements(clinic, partial(answer, clinic, each)) for each in Question] for _ in range(2))
        most.append(max(again))
        return first

    most: list[int] = []
    book = clinic.services.schedule.book
    for number in range(12):
        patient = clinic.patient(family_name=f"Okafor {number}")
        clinic.signed(patient)
        book(
            clinic.physician,
            Booking(
                patient,
                clinic.physician.account_id,
                1,
                datetime(2026, 3, 3, 9 + number // 2, 30 * (number % 2)),
                30,
                overbook_reason="counted",
            ),
        )
        if number == 0:
            clinic.clock.forward(weeks=20)
            short = counted()
            clinic.clock.forward(weeks=-20)
    clinic.clock.forward(weeks=20)
    assert counted() == short
    assert max(most) <= 13


def test_the_spreadsheet_has_every_row_with_its_unit(full: OpenClinic) -> None:
    for question in Question:
        report = answer(full, question)
        lines = full.services.reports.csv(full.physician, report).splitlines()
        assert len(lines) == len(report.lines) + 1
        assert lines[0].endswith("small count")
