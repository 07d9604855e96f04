"""The latest signed pattern of each indication: what a new visit starts from and is compared with."""

from collections.abc import Iterator, Sequence

from sqlalchemy import BindParameter, ColumnElement, bindparam, func, literal_column, select
from sqlalchemy.orm import Session, selectinload

from clinic_app.models import Injection, InjectionPoint, Visit
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
_WHOLE = (
    select(Visit)
    .where(Visit.id.in_(_IDS))
    .options(
        selectinload(Visit.injections).selectinload(Injection.points),
        selectinload(Visit.injections).joinedload(Injection.vial, innerjoin=True),
    )
)


def last_pattern(session: Session, patient_id: int, indication: str = "") -> Pattern | None:
    """The latest signed visit with injections; of an indication, its lines alone, whatever else the visit treated."""
    query = _LATEST.where(_treated() == indication) if indication else _LATEST
    visit_id = session.scalar(query, {"patient_id": patient_id})
    if visit_id is None:
        return None
    (visit,) = _visits(session, [visit_id])
    return _pattern(visit, indication) if indication else _whole(visit)


def latest_patterns(session: Session, patient_id: int) -> tuple[Pattern, ...]:
    """Of each indication that was ever treated the latest signed pattern, the most recent first."""
    rows = session.execute(_OF_EACH, {"patient_id": patient_id})
    latest: dict[str, int] = {}
    for indication, visit_id in rows:
        latest.setdefault(indication, visit_id)
    visits = {visit.id: visit for visit in _visits(session, list(latest.values()))}
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
    units = "" if point.units is None else show_number(point.units)
    return Point(point.plate, point.part, point.u, point.t, point.x_mm, point.y_mm, units)


def _visits(session: Session, ids: Sequence[int]) -> Sequence[Visit]:
    if not ids:
        return ()
    return session.scalars(_WHOLE, {"ids": ids}).all()


def _pattern(visit: Visit, indication: str) -> Pattern:
    """What the visit gave for one indication."""
    return _of(visit, indication, [i for i in visit.injections if (i.indication or visit.indication) == indication])


def _whole(visit: Visit) -> Pattern:
    return _of(visit, visit.indication, visit.injections)


def _of(visit: Visit, indication: str, injections: Sequence[Injection]) -> Pattern:
    lines = tuple(
        PatternLine(
            muscle=i.muscle,
            side=i.side,
            units=i.units,
            product=i.vial.product,
            points=tuple(kept_point(point) for point in i.points),
            guidance=tuple(i.guidance),
            indication=i.indication or visit.indication,
        )
        for i in injections
    )
    return Pattern(
        visit.id,
        visit.visited_on,
        indication,
        tuple(dict.fromkeys(line.product for line in lines)),
        lines,
        visit.interval_weeks,
        visit.icd10cm if indication == visit.indication else "",
        tuple(dict.fromkeys(_mixings(injections))),
        visit.assessment,
    )


def _mixings(injections: Sequence[Injection]) -> Iterator[Mixing]:
    for vial in (injection.vial for injection in injections):
        if vial.diluent_ml and vial.size_units:
            yield Mixing(vial.product, vial.size_units, vial.diluent_ml)
