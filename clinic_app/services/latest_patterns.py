"""The latest signed pattern of each indication: what a new visit starts from and is compared with."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import BindParameter, ColumnElement, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from clinic_app.models import Injection, InjectionPoint, Vial, Visit
from clinic_app.reference.units import show_number
from clinic_app.services.chart_data import Mixing, Pattern, PatternLine, Point


def _treated() -> ColumnElement[str]:
    """What an injection was for: its own indication, else the visit's."""
    # Written out: to a server two parameters are never the same, and it would not group by what it selects.
    return func.coalesce(func.nullif(Injection.indication, literal_column("''")), Visit.indication)


# Built once: to put a question together and find its text again takes several times as long as to ask it.
_WHO: BindParameter[int] = bindparam("patient_id")
_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_LATEST = (
    select(Visit.id)
    .join(Injection, Injection.visit_id == Visit.id)
    .where(Visit.patient_id == _WHO)
    .order_by(Visit.visited_on.desc(), Visit.id.desc())
    .limit(1)
)
_OF_EACH = (
    select(_treated(), Visit.id)
    .join(Injection, Injection.visit_id == Visit.id)
    .where(Visit.patient_id == _WHO)
    .group_by(_treated(), Visit.id, Visit.visited_on)
    .order_by(Visit.visited_on.desc(), Visit.id.desc(), func.min(Injection.position))
)
"""Each visit that treated each indication, the latest first."""
_GIVEN = (
    select(
        Visit.id,
        Visit.visited_on,
        Visit.indication,
        Visit.icd10cm,
        Visit.interval_weeks,
        Visit.assessment,
        Injection.id,
        Injection.muscle,
        Injection.side,
        Injection.units,
        Injection.guidance,
        Injection.indication,
        Vial.product,
        Vial.size_units,
        Vial.diluent_ml,
    )
    .join(Injection, Injection.visit_id == Visit.id)
    .join(Vial, Vial.id == Injection.vial_id)
    .where(Visit.id.in_(_IDS))
    .order_by(Visit.id, Injection.position, Injection.id)
)
_POINTS = (
    select(
        InjectionPoint.injection_id,
        InjectionPoint.plate,
        InjectionPoint.part,
        InjectionPoint.u,
        InjectionPoint.t,
        InjectionPoint.x_mm,
        InjectionPoint.y_mm,
        InjectionPoint.units,
    )
    .join(Injection, Injection.id == InjectionPoint.injection_id)
    .where(Injection.visit_id.in_(_IDS))
    .order_by(InjectionPoint.injection_id, InjectionPoint.position)
)


@dataclass(frozen=True, slots=True)
class _Given:
    """One injection with its vial."""

    line: PatternLine
    size_units: Decimal | None
    diluent_ml: Decimal | None


@dataclass(frozen=True, slots=True)
class _Visit:
    """A visit as far as a pattern tells of it, with its injections in their order."""

    id: int
    visited_on: date
    indication: str
    icd10cm: str
    interval_weeks: int | None
    assessment: str
    given: list[_Given]


def last_pattern(session: Session, patient_id: int, indication: str = "") -> Pattern | None:
    """The latest signed visit with injections; of an indication, its lines alone, whatever else the visit treated."""
    query = _LATEST.where(_treated() == indication) if indication else _LATEST
    visit_id = session.connection().scalar(query, {"patient_id": patient_id})
    if visit_id is None:
        return None
    visit = _visits(session, [visit_id])[visit_id]
    return _pattern(visit, indication) if indication else _of(visit, visit.indication, visit.given)


def latest_patterns(session: Session, patient_id: int) -> tuple[Pattern, ...]:
    """Of each indication that was ever treated the latest signed pattern, the most recent first."""
    rows = session.connection().execute(_OF_EACH, {"patient_id": patient_id})
    latest: dict[str, int] = {}
    for indication, visit_id in rows:
        latest.setdefault(indication, visit_id)
    visits = _visits(session, list(dict.fromkeys(latest.values())))
    return tuple(_pattern(visits[visit_id], indication) for indication, visit_id in latest.items())


def usual_start(latest: Sequence[Pattern], indication: str = "") -> tuple[Pattern, ...]:
    """What a new visit for the indication starts from: its latest pattern, and what that visit treated besides.

    An indication that was treated again since is left out: there is a later pattern of it. Without an indication it
    is the latest visit.
    """
    main = next((each for each in latest if not indication or each.indication == indication), None)
    if main is None:
        return ()
    return (main, *(each for each in latest if each is not main and each.visit_id == main.visit_id))


def kept_point(point: InjectionPoint) -> Point:
    """A signed point as charts and views hold it."""
    return Point(point.plate, point.part, point.u, point.t, point.x_mm, point.y_mm, _as_typed(point.units))


def _as_typed(units: Decimal | None) -> str:
    return "" if units is None else show_number(units)


def _visits(session: Session, ids: Sequence[int]) -> Mapping[int, _Visit]:
    """The visits, each of which has injections, by id."""
    visits: dict[int, _Visit] = {}
    if not ids:
        return visits
    connection = session.connection()
    points: dict[int, list[Point]] = defaultdict(list)
    for injection_id, plate, part, u, t, x_mm, y_mm, units in connection.execute(_POINTS, {"ids": ids}):
        points[injection_id].append(Point(plate, part, u, t, x_mm, y_mm, _as_typed(units)))
    for row in connection.execute(_GIVEN, {"ids": ids}):
        visit_id, visited_on, indication, icd10cm, weeks, assessment, *rest = row
        injection_id, muscle, side, units, guidance, own, product, size_units, diluent_ml = rest
        at = tuple(points[injection_id])
        line = PatternLine(muscle, side, units, product, at, tuple(guidance), own or indication)
        visit = visits.setdefault(visit_id, _Visit(visit_id, visited_on, indication, icd10cm, weeks, assessment, []))
        visit.given.append(_Given(line, size_units, diluent_ml))
    return visits


def _pattern(visit: _Visit, indication: str) -> Pattern:
    """What the visit gave for one indication."""
    return _of(visit, indication, [each for each in visit.given if each.line.indication == indication])


def _of(visit: _Visit, indication: str, given: Sequence[_Given]) -> Pattern:
    return Pattern(
        visit.id,
        visit.visited_on,
        indication,
        tuple(dict.fromkeys(each.line.product for each in given)),
        tuple(each.line for each in given),
        visit.interval_weeks,
        visit.icd10cm if indication == visit.indication else "",
        tuple(dict.fromkeys(_mixings(given))),
        visit.assessment,
    )


def _mixings(given: Sequence[_Given]) -> Iterator[Mixing]:
    for each in given:
        if each.diluent_ml and each.size_units:
            yield Mixing(each.line.product, each.size_units, each.diluent_ml)
