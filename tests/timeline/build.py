"""Courses as Hypothesis invents them, and a hand that writes letters of one width."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from clinic_app.partial_dates import PartialDate
from clinic_app.terms import Severity, Side
from clinic_app.timeline.course import (
    Benefit,
    Course,
    CourseEffect,
    CourseVisit,
    Dose,
    ElsewhereDose,
    Score,
    Treatment,
    TreatmentKind,
)
from clinic_app.timeline.shapes import TEXT_HEIGHT, Text
from clinic_app.timeline.writing import Writing

WRITING = Writing(
    day=lambda day: f"{day:%d %b %Y}",
    month=lambda day: f"{day:%b %Y}",
    number=lambda number: f"{number.normalize():f}",
    width=lambda text, bold: len(text) * (6.6 if bold else 6.0),
)
FIRST, TODAY = date(2020, 1, 6), date(2026, 8, 4)
ONABOT, ABOBOT = "onabotulinumtoxinA", "abobotulinumtoxinA"
MUSCLES = (("scm", "Sternocleidomastoid"), ("splenius", "Splenius capitis"), ("levator", "Levator scapulae"))


def overlaps(texts: list[Text]) -> list[tuple[Text, Text]]:
    """The pairs of texts of which one stands on the other."""
    boxes = []
    for text in texts:
        width = WRITING.width(text.text, text.bold)
        boxes.append((text.left(width), text.left(width) + width, text.y, text))
    boxes.sort(key=lambda box: box[:3])
    found = []
    for number, (_, right, y, text) in enumerate(boxes):
        for left, _, other_y, other in boxes[number + 1 :]:
            if left >= right - 1e-6:
                break
            if abs(other_y - y) < TEXT_HEIGHT - 2:
                found.append((text, other))
    return found


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """A course with everything in it: days that repeat, two products, what is not known, effects over each other."""
    days = st.integers(0, 2000).map(lambda days: FIRST + timedelta(days=days))
    visits = tuple(
        CourseVisit(number, day, "cervical dystonia", draw(_doses()), draw(st.none() | _benefits()))
        for number, day in enumerate(sorted(draw(st.lists(days, min_size=1, max_size=8))), 1)
    )
    effects = draw(st.lists(st.sampled_from(visits).flatmap(_effects), max_size=6))
    effects.sort(key=lambda effect: effect.started_on)
    effects = [replace(effect, id=number) for number, effect in enumerate(effects)]
    elsewhere = draw(
        st.lists(st.builds(ElsewhereDose, days, st.sampled_from((ONABOT, "")), st.none() | _UNITS), max_size=3)
    )
    products = dict.fromkeys(product for visit in visits for product in visit.totals)
    return Course(
        TODAY,
        visits,
        tuple(effects),
        tuple(sorted(elsewhere, key=lambda dose: dose.given_on)),
        tuple(draw(st.lists(_TREATMENTS, max_size=8))),
        tuple(draw(st.lists(st.builds(Score, days, st.sampled_from(("TWSTRS", "Global")), _UNITS), max_size=8))),
        tuple((product, product) for product in products),
    )


_UNITS = st.integers(1, 4000).map(lambda number: Decimal(number) / 4)
_DATES = st.integers(2005, 2026).map(PartialDate) | st.dates(date(2015, 1, 1), TODAY).map(PartialDate.of)
_TREATMENTS = st.builds(
    Treatment,
    st.sampled_from(TreatmentKind),
    st.sampled_from(("Baclofen", "Deep brain stimulation: both sides", "Physiotherapy")),
    st.none() | _DATES,
    st.none() | _DATES,
)


def _benefits() -> st.SearchStrategy[Benefit]:
    return st.builds(
        Benefit,
        st.none() | st.integers(0, 120),
        st.none() | st.integers(0, 100),
        st.none() | st.integers(0, 104),
        st.none() | st.integers(0, 10),
    )


@st.composite
def _doses(draw: st.DrawFn) -> tuple[Dose, ...]:
    places = st.tuples(st.sampled_from(MUSCLES), st.sampled_from(Side), st.sampled_from((ONABOT, ABOBOT)))
    chosen = draw(st.lists(places, min_size=1, max_size=3, unique=True))
    return tuple(Dose(muscle, name, side, product, draw(_UNITS)) for (muscle, name), side, product in chosen)


def _effects(visit: CourseVisit) -> st.SearchStrategy[CourseEffect]:
    def build(after: int, days: int | None, severity: Severity) -> CourseEffect:
        start = visit.visited_on + timedelta(days=after)
        end = None if days is None else start + timedelta(days=days)
        places = tuple((dose.muscle, dose.side) for dose in visit.doses[:2])
        return CourseEffect(0, visit.id, visit.visited_on, "Trouble swallowing", severity, start, end, places)

    return st.builds(build, st.integers(0, 60), st.none() | st.integers(0, 200), st.sampled_from(Severity))
