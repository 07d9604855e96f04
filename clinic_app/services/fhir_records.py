"""Reads what a FHIR bundle tells of patients, some at a time."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload, undefer

from clinic_app.exchange.fhir.facts import (
    AddendumFact,
    AppointmentFact,
    ClinicFact,
    DiagnosisFact,
    ElsewhereFact,
    EntryFact,
    InjectionFact,
    NoteFact,
    PatientFact,
    PersonFact,
    RecordFact,
    ResponseFact,
    ScoreFact,
    SideEffectFact,
    VialFact,
    VisitFact,
)
from clinic_app.models import (
    Account,
    Appointment,
    AppointmentType,
    Clinic,
    Injection,
    KeptFile,
    KeptPaper,
    Patient,
    Response,
    ScaleResult,
    SideEffect,
    Vial,
    Visit,
)

AT_ONCE = 50
"""Patients in memory at one time, with the files of their visits."""
NOTE = "visit_note"
_SAME_NAMES = (
    "id", "record_number", "family_name", "given_name", "birth_date", "sex", "phone", "email", "address",
    "emergency_contact", "language", "referring_doctor", "status", "died_on",
)  # fmt: skip
_OF_RESPONSE = (
    "recorded_at", "first_day", "best_percent", "wore_off_week", "patient_impression", "clinician_impression", "pain",
    "note",
)  # fmt: skip
Row = TypeVar("Row")


def clinic_of(session: Session) -> ClinicFact:
    """Whose record it is. What tells clinics apart is the moment at which the first account was made."""
    clinic = session.scalars(select(Clinic)).one()
    founded = session.scalars(select(Account.created_at).order_by(Account.id).limit(1)).one()
    return ClinicFact(founded.isoformat(), clinic.name, clinic.phone, clinic.address)


def people_of(session: Session) -> list[PersonFact]:
    """Everybody who works there or did."""
    return [
        PersonFact(each.id, each.full_name, each.active)
        for each in session.scalars(select(Account).order_by(Account.id))
    ]


def records_of(session: Session, patients: Sequence[int], zone: ZoneInfo) -> Iterator[RecordFact]:
    """The patients in their order, ``AT_ONCE`` at a time. Appointments are told in the clinic's ``zone``."""
    for start in range(0, len(patients), AT_ONCE):
        some = patients[start : start + AT_ONCE]
        yield from _some(session, some, zone)
        session.expunge_all()  # what was read of these is told; nothing was changed


def _some(session: Session, patients: Sequence[int], zone: ZoneInfo) -> list[RecordFact]:
    found = {
        each.id: each
        for each in session.scalars(
            select(Patient)
            .where(Patient.id.in_(patients))
            .options(
                selectinload(Patient.entries),
                selectinload(Patient.history),
                selectinload(Patient.diagnoses),
                selectinload(Patient.toxin_elsewhere),
            )
        )
    }
    notes = _notes(session, patients)
    visits = _by_patient(
        session.scalars(
            select(Visit)
            .where(Visit.patient_id.in_(patients))
            .order_by(Visit.patient_id, Visit.visited_on, Visit.id)
            .options(
                selectinload(Visit.injections).selectinload(Injection.vial),
                selectinload(Visit.overrides),
                selectinload(Visit.addenda),
                selectinload(Visit.scale_totals),
                selectinload(Visit.response),
            )
        )
    )
    results = _by_patient(
        session.scalars(
            select(ScaleResult)
            .where(ScaleResult.patient_id.in_(patients))
            .order_by(ScaleResult.patient_id, ScaleResult.measured_on, ScaleResult.id)
        )
    )
    effects = _by_patient(
        session.scalars(
            select(SideEffect)
            .where(SideEffect.patient_id.in_(patients))
            .order_by(SideEffect.patient_id, SideEffect.id)
            .options(selectinload(SideEffect.muscles))
        )
    )
    types = {each.id: each.name for each in session.scalars(select(AppointmentType))}
    appointments = _by_patient(
        session.scalars(
            select(Appointment)
            .where(Appointment.patient_id.in_(patients))
            .order_by(Appointment.patient_id, Appointment.starts_at, Appointment.id)
        )
    )
    return [
        RecordFact(
            patient=_patient(found[each]),
            visits=tuple(_visit(visit, notes.get(visit.id)) for visit in visits[each]),
            scores=(*_totals(visits[each]), *map(_result, results[each])),
            side_effects=tuple(map(_side_effect, effects[each])),
            appointments=tuple(_appointment(booked, types, zone) for booked in appointments[each]),
        )
        for each in patients
    ]


def _by_patient(rows: Iterator[Row]) -> dict[int, list[Row]]:
    """Rows in the order of their patients, each patient's together."""
    return defaultdict(list, {who: list(theirs) for who, theirs in groupby(rows, attrgetter("patient_id"))})


def _same(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _patient(patient: Patient) -> PatientFact:
    history = patient.history
    main = []
    if history is not None and (history.indication or history.icd10cm):
        main = [DiagnosisFact(patient.id, True, history.indication, history.icd10cm, history.onset)]
    others = [DiagnosisFact(each.id, False, each.indication, each.icd10cm, each.since) for each in patient.diagnoses]
    return PatientFact(
        **_same(patient, _SAME_NAMES),
        entries=tuple(
            EntryFact(each.id, each.kind, each.text, each.code, each.detail, each.since, each.until)
            for each in patient.entries
        ),
        diagnoses=(*main, *others),
        elsewhere=tuple(
            ElsewhereFact(each.id, each.given_on, each.product, each.units, each.place, each.reason)
            for each in patient.toxin_elsewhere
        ),
    )


def _visit(visit: Visit, note: NoteFact | None) -> VisitFact:
    return VisitFact(
        **_same(
            visit,
            (
                "id", "injector_id", "visited_on", "indication", "icd10cm", "signed_by_id", "signed_at", "digest",
                "assessment", "plan", "complications",
            ),
        ),
        codes=tuple(visit.codes),
        answers=tuple(
            f"{each.said} {each.reason}" + (f" ({each.answered_by})" if each.answered_by else "")
            for each in visit.overrides
        ),
        injections=tuple(
            InjectionFact(
                each.id,
                each.muscle,
                each.side,
                each.units,
                _vial(each.vial),
                tuple(each.guidance),
                each.note,
                each.indication or "",
            )
            for each in visit.injections
        ),
        addenda=tuple(
            AddendumFact(each.id, each.account_id, each.signed_at, each.reason, each.text, each.digest)
            for each in visit.addenda
        ),
        response=_response(visit.response),
        note=note,
        brought_in=visit.import_id is not None,
    )  # fmt: skip


def _vial(vial: Vial) -> VialFact:
    return VialFact(vial.product, vial.lot_number, vial.expires_on, vial.gtin or "", vial.serial or "")


def _response(response: Response | None) -> ResponseFact | None:
    return None if response is None else ResponseFact(**_same(response, _OF_RESPONSE))


def _notes(session: Session, patients: Sequence[int]) -> dict[int, NoteFact]:
    """The note of each visit that went out last. A file that is no longer what its digest tells of is left out."""
    query = (
        select(KeptPaper.visit_id, KeptPaper.id, KeptPaper.at, KeptFile)
        .join(KeptFile, KeptFile.id == KeptPaper.file_id)
        .join(Visit, Visit.id == KeptPaper.visit_id)
        .where(KeptPaper.kind == NOTE, Visit.patient_id.in_(patients))
        .order_by(KeptPaper.at, KeptPaper.id)
        .options(undefer(KeptFile.content))
    )
    return {
        visit_id: NoteFact(kept_id, at, file.content)
        for visit_id, kept_id, at, file in session.execute(query)
        if hashlib.sha256(file.content).hexdigest() == file.digest
    }


def _totals(visits: list[Visit]) -> Iterator[ScoreFact]:
    for visit in visits:
        for each in visit.scale_totals:
            yield ScoreFact(each.id, each.scale, each.subscale, each.value, visit.visited_on, visit.id, scored=True)


def _result(result: ScaleResult) -> ScoreFact:
    return ScoreFact(
        result.id, result.scale, result.subscale, result.value, result.measured_on, result.visit_id, scored=False
    )


def _side_effect(effect: SideEffect) -> SideEffectFact:
    return SideEffectFact(
        **_same(
            effect,
            (
                "id", "visit_id", "kind", "severity", "started_on", "recorded_at", "recorded_by_id", "other",
                "ended_on", "action", "serious",
            ),
        ),
        serious_criteria=tuple(effect.serious_criteria),
        muscles=tuple((each.muscle, each.side) for each in effect.muscles),
    )  # fmt: skip


def _appointment(appointment: Appointment, types: dict[int, str], zone: ZoneInfo) -> AppointmentFact:
    return AppointmentFact(
        appointment.id,
        appointment.injector_id,
        appointment.starts_at.replace(tzinfo=zone),
        appointment.minutes,
        appointment.state,
        types[appointment.type_id],
        appointment.reason,
        appointment.note,
    )
