"""Signed visits: read, add to, and note what they did."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from clinic_app.errors import ClinicError, NotFound, RecordChanged
from clinic_app.models import (
    Account,
    Addendum,
    DataImport,
    Injection,
    Response,
    Vial,
    Visit,
)
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.services import charting
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.diaries import diaries_of_patient
from clinic_app.services.identity import Confirmed, require_confirmed
from clinic_app.services.latest_patterns import kept_point
from clinic_app.services.patients import clean
from clinic_app.services.record_access import RecordAccess
from clinic_app.services.scale_results import check_sheet, keep_sheet, sheets_of, visit_of
from clinic_app.services.signing import addendum_digest
from clinic_app.services.treatment_rows import TreatmentRows
from clinic_app.services.visit_data import (
    AddendumRow,
    BroughtIn,
    GivenInjection,
    ResponseData,
    ScaleSheet,
    SignedAnswer,
    UsedVial,
    VisitDetails,
    VisitRow,
)
from clinic_app.terms import Side

LONGEST_REASON = 300
_WHOLE = (
    selectinload(Visit.vials),
    selectinload(Visit.injections).selectinload(Injection.points),
    selectinload(Visit.injections).selectinload(Injection.vial),
    selectinload(Visit.overrides),
    selectinload(Visit.addenda),
    selectinload(Visit.scale_totals),
    selectinload(Visit.response),
)


class Visits:
    """The use cases around what was signed."""

    def __init__(
        self, database: Database, clock: Clock, time_zone: str, reference: Reference, records: RecordAccess
    ) -> None:
        self._database = database
        self._records = records
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference

    def of_patient(self, actor: Actor, patient_id: int) -> tuple[VisitRow, ...]:
        """All visits of a patient, the latest first, with what each did."""
        require(actor, Act.READ_RECORD)
        self._records.enter(actor, patient_id)
        with self._database.reading() as session:
            rows = TreatmentRows.of(session, patient_id)
            effects: dict[int, list[str]] = {}
            for effect in rows.side_effects:
                effects.setdefault(effect.visit_id, []).append(effect.kind or effect.other)
            totals, muscles = _sums(rows)
            sheets, diaries = sheets_of(rows.scores), diaries_of_patient(session, patient_id)
            return tuple(
                VisitRow(
                    id=visit.id,
                    visited_on=visit.visited_on,
                    injector=visit.full_name,
                    indication=visit.indication,
                    totals=tuple(totals.get(visit.id, {}).items()),
                    muscles=len(muscles.get(visit.id, ())),
                    response=None if visit.version is None else _response(visit),
                    side_effects=tuple(effects.get(visit.id, ())),
                    asked_none=visit.id in rows.asked_none,
                    scales=sheets.get(visit.id),
                    diary=diaries.get(visit.id, ()),
                    brought_in=visit.import_id is not None,
                    response_version=visit.version or 0,
                )
                for visit in reversed(rows.visits)
            )

    def details(self, actor: Actor, visit_id: int) -> VisitDetails:
        """A signed visit, whole."""
        require(actor, Act.READ_RECORD)
        self._records.enter_of_visit(actor, visit_id)
        with self._database.reading() as session:
            return visit_details(session, visit_id, self._reference)

    def add_addendum(self, actor: Actor, visit_id: int, reason: str, text: str, confirmed: Confirmed) -> None:
        """Sign a correction with its reason, which stands beside the original.

        The same words signed twice, by two clicks or after a lost answer, stand there once. Raises ClinicError with the
        field that is empty or too long.
        """
        require(actor, Act.SIGN)
        self._records.enter_of_visit(actor, visit_id)
        reason, text = clean(reason), clean(text)
        if not reason:
            raise ClinicError("addendum_reason_missing", field="reason")
        if len(reason) > LONGEST_REASON:
            raise ClinicError("text_too_long", field="reason", limit=LONGEST_REASON)
        if not text:
            raise ClinicError("addendum_empty", field="text")
        at = self._clock()
        require_confirmed(actor, confirmed, at)
        with self._database.writing(actor.account_id, at) as session:
            visit = session.get(Visit, visit_id)
            if visit is None:
                raise NotFound("visit_not_found")
            own = select(Addendum.id).where(Addendum.visit_id == visit_id, Addendum.account_id == actor.account_id)
            if session.scalar(own.where(Addendum.reason == reason, Addendum.text == text)) is not None:
                return
            addendum = Addendum(visit_id=visit_id, account_id=actor.account_id, signed_at=at, reason=reason, text=text)
            addendum.digest = addendum_digest(visit, addendum)
            session.add(addendum)

    def record_response(
        self,
        actor: Actor,
        visit_id: int,
        data: ResponseData,
        scales: ScaleSheet | None = None,
        *,
        version: int | None = None,
    ) -> None:
        """Note what a visit did, with the scale results of its cycle where ``scales`` is given.

        ``version`` is the one that was seen; None asks for none. Raises ClinicError with the field that is out of its
        range, and RecordChanged where somebody else noted something since.
        """
        require(actor, Act.EDIT_HISTORY)
        self._records.enter_of_visit(actor, visit_id)
        for name, lowest, highest in (
            ("first_day", 0, 120),
            ("best_percent", 0, 100),
            ("wore_off_week", 0, 104),
            ("patient_impression", 1, 7),
            ("clinician_impression", 1, 7),
            ("pain", 0, 10),
        ):
            value = getattr(data, name)
            if value is not None and not lowest <= value <= highest:
                raise ClinicError("number_out_of_range", field=name, lowest=lowest, highest=highest)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            visit = visit_of(session, visit_id)
            response = session.get(Response, visit_id)
            if version not in (None, 0 if response is None else response.version):
                raise RecordChanged("response_changed")
            if scales is not None:
                check_sheet(self._reference, scales, visit.visited_on, local_today(self._clock, self._time_zone))
                keep_sheet(session, visit, scales, actor.account_id, at)
            if response is None:
                response = Response(visit_id=visit_id, version=0)
                session.add(response)
            for name in data.__slots__:
                setattr(response, name, getattr(data, name))
            response.recorded_at = at
            response.version += 1


def visit_details(session: Session, visit_id: int, reference: Reference) -> VisitDetails:
    """A signed visit as plain data; the ``reference`` knows how much is in a vial that needs no mixing.

    Raises NotFound.
    """
    visit = session.scalar(select(Visit).where(Visit.id == visit_id).options(*_WHOLE))
    if visit is None:
        raise NotFound("visit_not_found")
    return _details(session, visit, _names(session), reference)


def every_visit(session: Session, patient_id: int, reference: Reference) -> Iterator[VisitDetails]:
    """All visits of a patient, whole, the latest first, with as many statements for one as for hundreds."""
    query = select(Visit).where(Visit.patient_id == patient_id).options(*_WHOLE)
    names = _names(session)
    for visit in session.scalars(query.order_by(Visit.visited_on.desc(), Visit.id.desc())):
        yield _details(session, visit, names, reference)


def _names(session: Session) -> dict[int, str]:
    return {row[0]: row[1] for row in session.execute(select(Account.id, Account.full_name))}


def _details(session: Session, visit: Visit, names: Mapping[int, str], reference: Reference) -> VisitDetails:
    return VisitDetails(
        id=visit.id,
        patient_id=visit.patient_id,
        visited_on=visit.visited_on,
        injector=names[visit.injector_id],
        indication=visit.indication,
        icd10cm=visit.icd10cm,
        assessment=visit.assessment,
        consent=visit.consent,
        complications=visit.complications,
        codes=tuple(visit.codes),
        plan=visit.plan,
        interval_weeks=visit.interval_weeks,
        signed_by=names[visit.signed_by_id],
        signed_at=visit.signed_at,
        digest=visit.digest,
        vials=tuple(_used(vial, visit.injections, names, reference) for vial in visit.vials),
        injections=tuple(_given(injection, reference) for injection in visit.injections),
        scores=tuple((s.scale, s.subscale, s.value) for s in visit.scale_totals),
        answers=tuple(SignedAnswer(o.check, o.level, o.said, o.reason, o.answered_by or "") for o in visit.overrides),
        addenda=tuple(AddendumRow(names[a.account_id], a.signed_at, a.reason, a.text, a.digest) for a in visit.addenda),
        response=None if visit.response is None else _response(visit.response),
        brought_in=_brought_in(session, visit, names),
    )


def _brought_in(session: Session, visit: Visit, names: Mapping[int, str]) -> BroughtIn | None:
    if visit.import_id is None:
        return None
    made = session.get_one(DataImport, visit.import_id)
    return BroughtIn(made.file_name, made.made_at, names[made.account_id])


def _sums(rows: TreatmentRows) -> tuple[dict[int, dict[str, Decimal]], dict[int, set[tuple[str, Side]]]]:
    """Of each visit the units of each product, and the muscles and sides that were injected."""
    totals: dict[int, dict[str, Decimal]] = {}
    muscles: dict[int, set[tuple[str, Side]]] = {}
    for visit_id, muscle, side, product, units in rows.injections:
        of_visit = totals.setdefault(visit_id, {})
        of_visit[product] = of_visit[product] + units if product in of_visit else units
        muscles.setdefault(visit_id, set()).add((muscle, side))
    return totals, muscles


def _response(noted: Any) -> ResponseData:
    """What a response says, whether it is a record or the columns of one."""
    return ResponseData(
        noted.first_day,
        noted.best_percent,
        noted.wore_off_week,
        noted.patient_impression,
        noted.clinician_impression,
        noted.pain,
        noted.note,
    )


def _used(vial: Vial, injections: list[Injection], names: Mapping[int, str], reference: Reference) -> UsedVial:
    given = sum((i.units for i in injections if i.vial_id == vial.id), Decimal(0))
    return UsedVial(
        vial.product,
        vial.lot_number,
        vial.expires_on,
        vial.size_units,
        vial.diluent,
        vial.diluent_ml,
        vial.reconstituted_at,
        given,
        vial.wasted_units,
        vial.waste_reason,
        names[vial.witness_id] if vial.witness_id is not None else "",
        vial.serial or "",
        _contents_ml(vial, reference),
    )


def _contents_ml(vial: Vial, reference: Reference) -> Decimal | None:
    """The mL in the vial as it was used: a ready-made solution is more than what was added to it."""
    if vial.size_units is None or vial.diluent_ml is None:
        return None
    known = reference.products.get(vial.product)
    contents = known.contents_ml(vial.size_units, vial.diluent_ml) if known is not None else None
    return vial.diluent_ml if contents is None else contents


def _given(injection: Injection, reference: Reference) -> GivenInjection:
    vial = injection.vial
    contents = _contents_ml(vial, reference)
    return GivenInjection(
        muscle=injection.muscle,
        side=injection.side,
        units=injection.units,
        volume_ml=injection.units * contents / vial.size_units if contents is not None and vial.size_units else None,
        product=vial.product,
        lot_number=vial.lot_number,
        guidance=tuple(injection.guidance),
        points=tuple(kept_point(point) for point in injection.points),
        point_units=charting.shares_of(injection.units, [point.units for point in injection.points]),
        indication=injection.indication or "",
        note=injection.note,
    )
