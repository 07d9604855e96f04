"""What a signature makes of a chart: the visit and its rows, sealed; vials out of stock; the appointment moved on."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.models import (
    Addendum,
    Appointment,
    AppointmentEvent,
    ChartDraft,
    Injection,
    InjectionPoint,
    Override,
    ScaleTotal,
    Vial,
    Visit,
)
from clinic_app.services import charting
from clinic_app.services.access import Actor
from clinic_app.services.chart_data import ChartContent
from clinic_app.services.vial_booking import book_vials
from clinic_app.terms import AppointmentState
from clinic_app.typed_text import clean

Child = TypeVar("Child", Vial, Injection, Override, ScaleTotal)


def signed_digest(session: Session, visit: Visit) -> str:
    """SHA-256 over everything the signature stands for, as canonical JSON."""
    points: dict[int, list[dict[str, object]]] = {}
    for point in session.scalars(
        select(InjectionPoint)
        .join(Injection, Injection.id == InjectionPoint.injection_id)
        .where(Injection.visit_id == visit.id)
        .order_by(InjectionPoint.injection_id, InjectionPoint.position)
    ):
        points.setdefault(point.injection_id, []).append(_columns(point))
    return _sha256(
        {
            "visit": _columns(visit, leave=("digest",)),
            "vials": [_columns(vial) for vial in _children(session, Vial, visit.id)],
            "injections": [
                _columns(injection) | {"points": points.get(injection.id, [])}
                for injection in _children(session, Injection, visit.id)
            ],
            "overrides": [_columns(override) for override in _children(session, Override, visit.id)],
            "scale_totals": [_columns(total) for total in _children(session, ScaleTotal, visit.id)],
        }
    )


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


def _children(session: Session, kind: type[Child], visit_id: int) -> list[Child]:
    return list(session.scalars(select(kind).where(kind.visit_id == visit_id).order_by(kind.id)))


def _columns(record: object, leave: tuple[str, ...] = ()) -> dict[str, object]:
    columns = type(record).__table__.columns.keys()  # type: ignore[attr-defined]  # mapped records only
    return _known({name: getattr(record, name) for name in columns}, leave)


def _known(row: Mapping[str, object], leave: tuple[str, ...] = ()) -> dict[str, object]:
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


def visit_of(draft: ChartDraft, content: ChartContent, charted: charting.Charted, actor: Actor, at: datetime) -> Visit:
    """The visit that the signature makes of a draft; ``add_rows`` adds its vials and injections."""
    return Visit(
        patient_id=draft.patient_id,
        injector_id=content.injector_id,
        visited_on=content.visited_on,
        indication=content.indication,
        icd10cm=content.icd10cm,
        assessment=clean(content.assessment),
        consent=content.consent,
        complications=clean(content.complications),
        codes=list(charted.codes),
        plan=clean(content.plan),
        interval_weeks=content.interval_weeks,
        signed_at=at,
        signed_by_id=actor.account_id,
        digest="",
        scale_totals=[
            ScaleTotal(scale=score.scale, subscale=score.subscale, value=value) for score, value in charted.scores
        ],
        overrides=[
            Override(
                check=said.check,
                level=said.level,
                subject=said.subject,
                said=clean(said.sentence),
                reason=clean(said.reason),
                answered_by=said.by or None,
            )
            for said in charting.answered(charted, content.answers)
        ],
    )


def add_rows(session: Session, visit: Visit, content: ChartContent, charted: charting.Charted) -> None:
    """Vials, injections and points, in the order of the chart."""
    vials = {}
    for position, (vial, read) in enumerate(zip(content.vials, charted.vials, strict=True)):
        assert vial.expires_on is not None  # a missing expiry is a stop that cannot be overridden away
        vials[vial.key] = Vial(
            visit_id=visit.id,
            position=position,
            lot_id=vial.lot_id,
            product=vial.product,
            lot_number=clean(vial.lot_number),
            expires_on=vial.expires_on,
            size_units=read.size_units,
            diluent=clean(vial.diluent),
            diluent_ml=read.diluent_ml,
            reconstituted_at=vial.reconstituted_at,
            wasted_units=read.wasted,
            waste_reason=clean(vial.waste_reason),
            witness_id=vial.witness_id,
            gtin=clean(vial.gtin) or None,
            serial=clean(vial.serial) or None,
        )
    session.add_all(vials.values())
    session.flush()
    for position, (line, units) in enumerate(zip(content.lines, charted.units, strict=True)):
        injection = Injection(
            visit_id=visit.id,
            vial_id=vials[line.vial].id,
            position=position,
            muscle=line.muscle,
            side=line.side,
            units=units,
            guidance=list(line.guidance),
            note=clean(line.note),
            indication=line.indication if line.indication not in ("", content.indication) else None,
            points=[
                InjectionPoint(
                    position=n,
                    plate=p.plate,
                    part=p.part,
                    u=p.u,
                    t=p.t,
                    x_mm=p.x_mm,
                    y_mm=p.y_mm,
                    units=charting.quantity(p.units) if p.units.strip() else None,
                )
                for n, p in enumerate(line.points)
            ],
        )
        session.add(injection)


def use_vials(session: Session, visit: Visit, actor: Actor, at: datetime) -> None:
    """Book the vials out of stock, unit by unit. Raises ClinicError for a vial that cannot be used (``book_vials``)."""
    book_vials(session, visit, actor, at)
    session.flush()


def move_appointment_on(session: Session, draft: ChartDraft, visit: Visit, actor: Actor, at: datetime) -> None:
    """The draft's appointment is injected now and knows its visit."""
    if draft.appointment_id is None:
        return
    appointment = session.get_one(Appointment, draft.appointment_id)
    before = appointment.state
    appointment.visit_id = visit.id
    appointment.state = AppointmentState.INJECTED
    appointment.version += 1
    session.add(
        AppointmentEvent(
            appointment_id=appointment.id,
            at=at,
            account_id=actor.account_id,
            what="injected",
            before={"state": before.value},
            after={"state": AppointmentState.INJECTED.value},
        )
    )
