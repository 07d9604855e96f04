"""What a signature makes of a chart: the visit and its rows, sealed; vials out of stock; the appointment moved on."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import BindParameter, Connection, RowMapping, Select, bindparam, insert, select, update
from sqlalchemy.orm import Session

from clinic_app.models import (
    Addendum,
    Base,
    Injection,
    InjectionPoint,
    Override,
    ScaleTotal,
    Vial,
    Visit,
)
from clinic_app.models.base import table_of
from clinic_app.models.database import RowChange
from clinic_app.models.report_cells import touch
from clinic_app.services import charting
from clinic_app.services.access import Actor
from clinic_app.services.chart_data import ChartContent, ChartLine
from clinic_app.typed_text import clean

_Row = Mapping[str, Any] | RowMapping


def signed_digest(session: Session, visit: Visit) -> str:
    """SHA-256 over everything the signature stands for, as canonical JSON, by what the database holds of it."""
    connection = session.connection()
    (row,) = _read(connection, Visit, visit.id)
    kinds = (Vial, Injection, InjectionPoint, Override, ScaleTotal)
    return _digest(row, *(_read(connection, kind, visit.id) for kind in kinds))


def brought_in_digest(
    visit: Mapping[str, object], vials: Sequence[Mapping[str, object]], injections: Sequence[Mapping[str, object]]
) -> str:
    """The same of a visit that comes from a file, by its rows: it has no points, checks or scales."""
    return _sha256(
        {
            "visit": _known(visit, leave=("digest",)),
            "vials": [_known(vial) for vial in vials],
            "injections": [_known(injection) | {"points": []} for injection in injections],
            "overrides": [],
            "scale_totals": [],
        }
    )


def addendum_digest(visit: Visit, addendum: Addendum) -> str:
    """SHA-256 over a correction and the digest of what it corrects: reason, text, author and moment."""
    return _sha256(
        {
            "visit": visit.digest,
            "reason": addendum.reason,
            "text": addendum.text,
            "author": addendum.account_id,
            "signed_at": _canonical(addendum.signed_at),
        }
    )


def _sha256(content: dict[str, object]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _digest(
    visit: _Row,
    vials: Iterable[_Row],
    injections: Iterable[_Row],
    points: Iterable[_Row],
    overrides: Iterable[_Row],
    totals: Iterable[_Row],
) -> str:
    points_of: dict[object, list[dict[str, object]]] = {}
    for point in points:
        points_of.setdefault(point["injection_id"], []).append(_known(point))
    return _sha256(
        {
            "visit": _known(visit, leave=("digest",)),
            "vials": [_known(vial) for vial in vials],
            "injections": [
                _known(injection) | {"points": points_of.get(injection["id"], [])} for injection in injections
            ],
            "overrides": [_known(override) for override in overrides],
            "scale_totals": [_known(total) for total in totals],
        }
    )


def _of_visit(kind: type[Vial] | type[Injection] | type[Override] | type[ScaleTotal]) -> Select[*tuple[Any, ...]]:
    table = table_of(kind)
    return select(table).where(table.c.visit_id == _VISIT).order_by(table.c.id)


# Built once: to put a question together takes several times as long as to ask it.
_VISIT: BindParameter[int] = bindparam("visit")
_ROWS: Mapping[type[Base], Select[*tuple[Any, ...]]] = {
    Visit: select(table_of(Visit)).where(Visit.id == _VISIT),
    InjectionPoint: (
        select(table_of(InjectionPoint))
        .join(table_of(Injection), Injection.id == InjectionPoint.injection_id)
        .where(Injection.visit_id == _VISIT)
        .order_by(InjectionPoint.injection_id, InjectionPoint.position)
    ),
    **{kind: _of_visit(kind) for kind in (Vial, Injection, Override, ScaleTotal)},
}
"""The rows that a seal holds, in its order."""
_WRITE = {kind: insert(table_of(kind)).inline() for kind in _ROWS}
_VISIT_ROW = insert(table_of(Visit)).returning(*table_of(Visit).columns)
_SEAL = update(table_of(Visit)).where(Visit.id == _VISIT).values(digest=bindparam("seal"))


def _read(connection: Connection, kind: type[Base], visit_id: int) -> Sequence[_Row]:
    """The visit's rows of a kind as the database holds them."""
    return connection.execute(_ROWS[kind], {"visit": visit_id}).mappings().all()


def _known(row: _Row, leave: tuple[str, ...] = ()) -> dict[str, object]:
    """The columns that hold something: one that a later release adds leaves the seals of older visits as they are."""
    return {name: _canonical(value) for name, value in row.items() if value is not None and name not in leave}


def _canonical(value: object) -> object:
    match value:
        case Decimal():
            return format(value.normalize(), "f")
        case datetime() | date():
            return value.isoformat()
        case float():
            return value + 0.0  # without the sign of a zero, which SQLite does not keep
        case _:
            return value


@dataclass(frozen=True, slots=True)
class Signed:
    """A visit that was written and sealed, as far as the rest of its signature asks for it.

    ``vials`` in their order, read and of no session, ``given`` the units given from each, by the vial's id. ``changes``
    are what the audit trail has to be told of it.
    """

    id: int
    patient_id: int
    visited_on: date
    vials: Sequence[Vial]
    given: Mapping[int, Decimal]
    changes: Sequence[RowChange] = ()


@dataclass(frozen=True, slots=True)
class _Written:
    """Rows of a kind: as the database holds them, and as the audit trail tells them."""

    held: Sequence[_Row]
    told: Sequence[RowChange]


def write_visit(
    session: Session, patient_id: int, content: ChartContent, charted: charting.Charted, actor: Actor, at: datetime
) -> Signed:
    """Write the visit that the signature makes of a chart, with all that belongs to it, and seal it.

    Past the session's records, which take several times as long: the caller tells the audit trail of ``changes``.
    """
    connection = session.connection()
    row = _visit_row(patient_id, content, charted, actor, at)
    visit = connection.execute(_VISIT_ROW, row).mappings().one()
    visit_id: int = visit["id"]
    overrides = _write(connection, Override, visit_id, _override_rows(visit_id, content, charted))
    totals = _write(connection, ScaleTotal, visit_id, _total_rows(visit_id, charted))
    vials = _write(connection, Vial, visit_id, _vial_rows(visit_id, content, charted))
    vial_ids = {vial.key: held["id"] for vial, held in zip(content.vials, vials.held, strict=True)}
    injections = _write(connection, Injection, visit_id, _injection_rows(visit_id, vial_ids, content, charted))
    lines = list(zip(content.lines, injections.held, strict=True))
    point_rows = [point for line, injection in lines for point in _point_rows(injection["id"], line)]
    points = _write(connection, InjectionPoint, visit_id, point_rows)
    digest = _digest(visit, vials.held, injections.held, points.held, overrides.held, totals.held)
    connection.execute(_SEAL, {"visit": visit_id, "seal": digest})
    touch(connection, [visit_id])
    unsealed = {**row, "id": visit_id}
    of_points = iter(points.told)
    changes = [
        RowChange(table_of(Visit), None, unsealed),
        *overrides.told,
        *totals.told,
        *vials.told,
        *(
            change
            for line, injection in zip(content.lines, injections.told, strict=True)
            for change in (injection, *islice(of_points, len(line.points)))
        ),
        RowChange(table_of(Visit), unsealed, {**unsealed, "digest": digest}),
    ]
    given: dict[int, Decimal] = defaultdict(Decimal)
    for injection in injections.held:
        given[injection["vial_id"]] += injection["units"]
    return Signed(visit_id, patient_id, content.visited_on, [Vial(**vial) for vial in vials.held], given, changes)


def _write(connection: Connection, kind: type[Base], visit_id: int, rows: Sequence[dict[str, Any]]) -> _Written:
    """Insert rows, in their order, as all of their kind that belong to the visit."""
    if not rows:
        return _Written((), ())
    connection.execute(_WRITE[kind], rows)
    held = _read(connection, kind, visit_id)
    table = table_of(kind)
    told = [RowChange(table, None, {**row, "id": each["id"]}) for row, each in zip(rows, held, strict=True)]
    return _Written(held, told)


def _visit_row(
    patient_id: int, content: ChartContent, charted: charting.Charted, actor: Actor, at: datetime
) -> dict[str, Any]:
    return {
        "patient_id": patient_id,
        "injector_id": content.injector_id,
        "visited_on": content.visited_on,
        "indication": content.indication,
        "icd10cm": content.icd10cm,
        "assessment": clean(content.assessment),
        "consent": content.consent,
        "complications": clean(content.complications),
        "codes": list(charted.codes),
        "plan": clean(content.plan),
        "interval_weeks": content.interval_weeks,
        "signed_at": at,
        "signed_by_id": actor.account_id,
        "digest": "",
        "import_id": None,
    }


def _override_rows(visit_id: int, content: ChartContent, charted: charting.Charted) -> list[dict[str, Any]]:
    return [
        {
            "visit_id": visit_id,
            "check": said.check,
            "level": said.level,
            "subject": said.subject,
            "said": clean(said.sentence),
            "reason": clean(said.reason),
            "answered_by": said.by or None,
        }
        for said in charting.answered(charted, content.answers)
    ]


def _total_rows(visit_id: int, charted: charting.Charted) -> list[dict[str, Any]]:
    return [
        {"visit_id": visit_id, "scale": score.scale, "subscale": score.subscale, "value": value}
        for score, value in charted.scores
    ]


def _vial_rows(visit_id: int, content: ChartContent, charted: charting.Charted) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for position, (vial, read) in enumerate(zip(content.vials, charted.vials, strict=True)):
        assert vial.expires_on is not None  # a missing expiry is a stop that cannot be overridden away
        rows.append(
            {
                "visit_id": visit_id,
                "position": position,
                "lot_id": vial.lot_id,
                "product": vial.product,
                "lot_number": clean(vial.lot_number),
                "expires_on": vial.expires_on,
                "size_units": read.size_units,
                "diluent": clean(vial.diluent),
                "diluent_ml": read.diluent_ml,
                "reconstituted_at": vial.reconstituted_at,
                "wasted_units": read.wasted,
                "waste_reason": clean(vial.waste_reason),
                "witness_id": vial.witness_id,
                "gtin": clean(vial.gtin) or None,
                "serial": clean(vial.serial) or None,
            }
        )
    return rows


def _injection_rows(
    visit_id: int, vial_ids: Mapping[str, int], content: ChartContent, charted: charting.Charted
) -> list[dict[str, Any]]:
    return [
        {
            "visit_id": visit_id,
            "vial_id": vial_ids[line.vial],
            "position": position,
            "muscle": line.muscle,
            "side": line.side,
            "units": units,
            "guidance": list(line.guidance),
            "note": clean(line.note),
            "indication": line.indication if line.indication not in ("", content.indication) else None,
        }
        for position, (line, units) in enumerate(zip(content.lines, charted.units, strict=True))
    ]


def _point_rows(injection_id: int, line: ChartLine) -> list[dict[str, Any]]:
    return [
        {
            "injection_id": injection_id,
            "position": position,
            "plate": point.plate,
            "part": point.part,
            "u": point.u,
            "t": point.t,
            "x_mm": point.x_mm,
            "y_mm": point.y_mm,
            "units": charting.quantity(point.units) if point.units.strip() else None,
        }
        for position, point in enumerate(line.points)
    ]
