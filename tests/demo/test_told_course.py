"""The course that the demo tells: a rise of the sternocleidomastoid, trouble swallowing after it, the dose taken back.

Timeline, muscle bars, the check of earlier side effects, the chart's last time and the report must each tell it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from clinic_app.atlas.atlas import Atlas
from clinic_app.demo import template, told
from clinic_app.demo.people import people
from clinic_app.reference.catalogue import Reference
from clinic_app.services import charting
from clinic_app.services.bundle import Services
from clinic_app.services.clock import local_now
from clinic_app.services.reports_data import Line, Question, ReportFilters
from clinic_app.services.stores import OpenStore, unlock
from clinic_app.terms import Severity, Side
from clinic_app.timeline.course import Course
from clinic_app.timeline.picture import picture_of
from tests.demo.conftest import WEDNESDAY

ONA = "onabotulinumtoxinA"


@pytest.fixture(scope="module")
def demo(cache: object, atlas: Atlas, reference: Reference) -> Iterator[OpenStore]:
    """One clinic for all tests here: none of them changes what was signed."""
    folder = template.fresh_demo(lambda: WEDNESDAY, atlas, reference)
    store = unlock(folder.settings, template.USER, template.PASSPHRASE, lambda: WEDNESDAY)
    yield store
    store.database.close()
    folder.remove()


@pytest.fixture(scope="module")
def services(demo: OpenStore, reference: Reference) -> Services:
    return Services(demo.database, lambda: WEDNESDAY, reference)


@pytest.fixture(scope="module")
def patient(demo: OpenStore, services: Services) -> int:
    form = people(WEDNESDAY.date())[told.NUMBER].form
    (row,) = services.patients.search(demo.actor, form.record_number)
    return row.id


@pytest.fixture(scope="module")
def course(demo: OpenStore, services: Services, patient: int) -> Course:
    return services.timeline.of_patient(demo.actor, patient)


def side_of(course: Course) -> Side:
    return next(dose.side for dose in course.visits[0].doses if dose.muscle == told.MUSCLE)


def test_the_timeline_tells_when_it_came_and_that_it_went(course: Course) -> None:
    assert len(course.visits) == len(told.COURSE)
    totals = [visit.totals[ONA] for visit in course.visits]
    assert totals[1] - totals[0] == 20 and totals[2:] == [totals[0], totals[0]]
    (effect,) = course.effects
    assert effect.visit_id == course.visits[1].id
    assert (effect.severity, effect.muscles) == (Severity.MODERATE, ((told.MUSCLE, side_of(course)),))
    assert effect.started_on - effect.visited_on == timedelta(days=8)
    assert effect.ended_on is not None and effect.ended_on < course.visits[2].visited_on
    assert [visit.asked_none for visit in course.visits] == [True, False, True, False]


def test_the_bars_of_the_muscle_show_the_rise_the_mark_under_it_and_the_way_back(course: Course) -> None:
    lanes = picture_of(course).muscle_lanes()
    (lane,) = (each for each in lanes if each.muscle == told.MUSCLE)
    assert [(bar.units, bar.change, len(bar.effects)) for bar in lane.bars] == [
        (Decimal(40), 0, 0),
        (Decimal(60), 1, 1),
        (Decimal(40), -1, 0),
        (Decimal(40), 0, 0),
    ]
    assert not [bar for other in lanes if other is not lane for bar in other.bars if bar.effects]


@pytest.mark.parametrize(("units", "spoken"), [("40", False), ("55", False), ("60", True), ("70", True)])
def test_the_check_speaks_at_the_dose_that_was_followed_by_it(
    demo: OpenStore, services: Services, patient: int, units: str, spoken: bool
) -> None:
    draft = services.charts.start(demo.actor, patient, repeat=True)
    content = draft.content
    lines = tuple(replace(line, units=units) if line.muscle == told.MUSCLE else line for line in content.lines)
    now = local_now(lambda: WEDNESDAY, services.clinic.time_zone)
    context = services.charts.context(demo.actor, patient)
    findings = charting.read(replace(content, lines=lines), context, services.reference, now).findings
    services.charts.discard(demo.actor, draft.id, draft.version)
    assert any(finding.check == "history.side_effect" for finding in findings) is spoken


def test_the_report_counts_it_in_the_band_of_the_higher_dose_and_leads_to_the_visit(
    demo: OpenStore, services: Services, course: Course
) -> None:
    report = services.reports.answer(demo.actor, Question.SIDE_EFFECTS, ReportFilters(product=ONA))
    rows = {line: services.reports.behind(demo.actor, report, line) for line in report.lines if _is_muscle(line)}
    holding = [line for line, behind in rows.items() if course.visits[1].id in {row.visit_id for row in behind}]
    (line,) = holding
    assert line.cells[2:5] == ("50–75", 1, 1) and line.small
    others = {visit.id for number, visit in enumerate(course.visits) if number != 1}
    assert not [row for behind in rows.values() for row in behind if row.visit_id in others]


def _is_muscle(line: Line) -> bool:
    return line.key[1] == told.MUSCLE
