"""Reads everything of one patient for paper, with as many statements for one visit as for hundreds."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from clinic_app.documents import patient_record_content as content
from clinic_app.documents.patient_record_content import Named, PatientRecord
from clinic_app.documents.visit_content import NoteAddendum, NoteCheck, NoteOrigin, NoteSignature
from clinic_app.models import (
    Account,
    Appointment,
    AppointmentType,
    Patient,
    ScaleResult,
    SideEffect,
    SideEffectAnswer,
)
from clinic_app.reference.catalogue import Reference
from clinic_app.rules.names import product_name
from clinic_app.services.clinics import clinic_facts
from clinic_app.services.diaries import diaries_of_patient
from clinic_app.services.letterheads import identity_of, letterhead_and_edition, patients_edition
from clinic_app.services.patient_data import Entry, HistoryForm, PatientForm
from clinic_app.services.patient_rows import form_of
from clinic_app.services.visit_data import ResponseData, VisitDetails
from clinic_app.services.visits import every_visit
from clinic_app.terms import IMPRESSIONS, EntryKind

_KINDS = frozenset({EntryKind.TEST, EntryKind.TREATMENT, EntryKind.SURGERY})
"""Entries whose code says what they are; that of others is a class, by which the program checks."""


def patient_record(
    session: Session, patient: Patient, reference: Reference, zone: ZoneInfo, *, made_at: datetime, made_by: str
) -> PatientRecord:
    """The whole record, in the language of the patient's papers. ``made_at`` is the clinic's wall clock."""
    clinic, edition = letterhead_and_edition(session)
    edition = patients_edition(edition, patient.language)
    reading = _Reading(session, reference, zone, clinic_facts(session).label_region.value, edition.language)
    form = form_of(patient, clinical=True)
    visits = tuple(every_visit(session, patient.id, reference))
    asked = set(session.scalars(select(SideEffectAnswer.visit_id).where(SideEffectAnswer.patient_id == patient.id)))
    days = {visit.id: visit.visited_on for visit in visits}
    return PatientRecord(
        clinic=clinic,
        patient=identity_of(patient),
        made_at=made_at,
        made_by=made_by,
        person=_person(form),
        diagnoses=tuple(reading.diagnoses(form)),
        history=_history(form.history, form),
        entries=tuple(_entry(entry, made_at.date()) for entry in _in_order(form.entries, made_at.date())),
        visits=tuple(reading.visit(visit, asked_none=visit.id in asked) for visit in visits),
        effects=tuple(reading.effects(patient.id, days)),
        scores=tuple(reading.scores(patient.id, visits)),
        diaries=tuple(_diaries(session, patient.id, days)),
        appointments=tuple(_appointments(session, patient.id)),
        elsewhere=tuple(
            content.RecordElsewhere(each.given_on, reading.product(each.product), each.units, each.place, each.reason)
            for each in sorted(form.toxin_elsewhere, key=lambda one: one.given_on, reverse=True)
        ),
        authorizations=tuple(
            content.RecordAuthorization(
                each.number, reading.product(each.product), each.units, each.visits, each.first_day, each.last_day
            )
            for each in form.authorizations
        ),
        edition=edition,
    )


class _Reading:
    """Turns ids into names: those of muscles in English, or in Latin for who reads another language."""

    def __init__(self, session: Session, reference: Reference, zone: ZoneInfo, region: str, language: str) -> None:
        self._session = session
        self._reference = reference
        self._zone = zone
        self._region = region
        self._latin = language != "en"

    def product(self, product: str) -> str:
        return product_name(self._reference, product, self._region) if product else ""

    def diagnoses(self, form: PatientForm) -> Iterator[content.RecordDiagnosis]:
        main = form.history
        if main.indication or main.icd10cm or main.onset is not None:
            yield content.RecordDiagnosis(self._indication(main.indication), main.icd10cm, main.onset)
        for each in form.diagnoses:
            yield content.RecordDiagnosis(self._indication(each.indication), each.icd10cm, each.since)

    def visit(self, visit: VisitDetails, *, asked_none: bool) -> content.RecordVisit:
        origin = visit.brought_in
        return content.RecordVisit(
            visited_on=visit.visited_on,
            injector=visit.injector,
            indication=self._indication(visit.indication),
            signature=NoteSignature(visit.signed_by, visit.signed_at.astimezone(self._zone), visit.digest),
            icd10cm=visit.icd10cm,
            brought_in=None
            if origin is None
            else NoteOrigin(origin.file_name, origin.at.astimezone(self._zone), origin.by),
            vials=tuple(self._vials(visit)),
            consent=visit.consent,
            assessment=visit.assessment,
            complications=visit.complications,
            plan=visit.plan,
            interval_weeks=visit.interval_weeks,
            codes=visit.codes,
            checks=tuple(NoteCheck(each.level, each.said, each.reason, each.by) for each in visit.answers),
            addenda=tuple(
                NoteAddendum(each.by, each.signed_at.astimezone(self._zone), each.text, each.reason, each.digest)
                for each in visit.addenda
            ),
            response=_response(visit.response),
            asked_none=asked_none,
        )

    def effects(self, patient_id: int, days: dict[int, date]) -> Iterator[content.RecordEffect]:
        query = (
            select(SideEffect)
            .where(SideEffect.patient_id == patient_id)
            .order_by(SideEffect.started_on.desc(), SideEffect.id.desc())
            .options(selectinload(SideEffect.muscles))
        )
        for each in self._session.scalars(query):
            known = self._reference.side_effects.get(each.kind)
            yield content.RecordEffect(
                name=Named(_plain(each.kind) or each.other) if known is None else Named(known.name, each.kind),
                other=each.other,
                visited_on=days[each.visit_id],
                severity=each.severity,
                started_on=each.started_on,
                ended_on=each.ended_on,
                muscles=tuple((self._muscle(suspect.muscle), suspect.side) for suspect in each.muscles),
                action=each.action,
                serious=each.serious,
                review=each.resolved_note,
            )

    def scores(self, patient_id: int, visits: Iterable[VisitDetails]) -> Iterator[content.RecordScore]:
        """What was scored in charts and with responses; of one score of one day, the signed one."""
        found: dict[tuple[date, str, str], Decimal] = {}
        for visit in visits:
            for scale, part, value in visit.scores:
                found.setdefault((visit.visited_on, scale, part), value)
        for row in self._session.scalars(select(ScaleResult).where(ScaleResult.patient_id == patient_id)):
            found.setdefault((row.measured_on, row.scale, row.subscale), row.value)
        for (on, scale, part), value in sorted(found.items(), key=lambda each: (-each[0][0].toordinal(), *each[0][1:])):
            known = self._reference.scales.get(scale)
            name = _plain(" ".join((scale, part)).strip()) if known is None else known.score_name(part)
            yield content.RecordScore(on, name, value)

    def _vials(self, visit: VisitDetails) -> Iterator[content.RecordVial]:
        """What was injected by product and lot, in the order of the visit."""
        expiries = {(vial.product, vial.lot_number): vial.expires_on for vial in visit.vials}
        for product, lot in dict.fromkeys((given.product, given.lot_number) for given in visit.injections):
            injections = tuple(
                content.RecordInjection(
                    muscle=self._muscle(given.muscle),
                    side=given.side,
                    units=given.units,
                    guidance=tuple(Named(each, each) for each in given.guidance),
                    treats=self._indication(given.indication) if given.indication else None,
                    remark=given.note,
                )
                for given in visit.injections
                if (given.product, given.lot_number) == (product, lot)
            )
            yield content.RecordVial(self.product(product), lot, expiries.get((product, lot)), injections)

    def _indication(self, indication: str) -> Named:
        known = self._reference.indications.get(indication)
        return Named(_plain(indication), indication) if known is None else Named(known.name, indication)

    def _muscle(self, muscle: str) -> str:
        known = self._reference.muscles.get(muscle)
        if known is None:
            return _plain(muscle)
        name = known.latin if self._latin else known.name
        return name[:1].upper() + name[1:]


def _person(form: PatientForm) -> content.RecordPerson:
    return content.RecordPerson(**{name: getattr(form, name) for name in content.RecordPerson.__dataclass_fields__})


def _history(history: HistoryForm, form: PatientForm) -> content.RecordHistory:
    return content.RecordHistory(
        region_first=_named(history.region_first),
        distribution=_named(history.distribution),
        cause_group=None if history.cause_group is None else _named(history.cause_group.value),
        cause=history.cause,
        components=tuple((Named(_plain(each.component), each.component), each.side) for each in form.components),
        is_task_specific=history.is_task_specific,
        task_specific=history.task_specific,
        better_with=_listed(history.better_with),
        worse_with=_listed(history.worse_with),
        pain=history.pain,
        daily_tasks=_listed(history.daily_tasks),
        complications=_listed(history.complications),
        runs_in_family=history.runs_in_family,
        family=history.family,
    )


def _in_order(entries: Iterable[Entry], today: date) -> list[Entry]:
    """What holds now before what is past; tests and operations the latest first."""
    held = sorted(entries, key=lambda entry: not entry.holds_on(today))
    return sorted(
        held,
        key=lambda entry: (
            -entry.since.earliest.toordinal()
            if entry.kind in (EntryKind.TEST, EntryKind.SURGERY) and entry.since is not None
            else 0
        ),
    )


def _entry(entry: Entry, today: date) -> content.RecordEntry:
    of = Named(_plain(entry.code), entry.code) if entry.code and entry.kind in _KINDS else None
    return content.RecordEntry(
        entry.kind, entry.text, of, entry.detail, entry.since, entry.until, not entry.holds_on(today)
    )


def _response(response: ResponseData | None) -> content.RecordResponse | None:
    if response is None:
        return None
    return content.RecordResponse(
        response.best_percent,
        response.first_day,
        response.wore_off_week,
        _impression(response.patient_impression),
        _impression(response.clinician_impression),
        response.pain,
        response.note,
    )


def _impression(step: int | None) -> Named | None:
    return None if step is None else Named(IMPRESSIONS.get(step, str(step)), str(step))


def _diaries(session: Session, patient_id: int, days: dict[int, date]) -> Iterator[content.RecordDiary]:
    written = diaries_of_patient(session, patient_id)
    for visit_id in sorted(written, key=lambda each: days[each], reverse=True):
        on = days[visit_id]
        yield content.RecordDiary(
            on,
            tuple(
                content.RecordWeek(week.week, *week.days(on), week.benefit_percent, week.pain, week.remark)
                for week in written[visit_id]
            ),
        )


def _appointments(session: Session, patient_id: int) -> Iterator[content.RecordAppointment]:
    query = (
        select(Appointment, AppointmentType.name, Account.full_name)
        .join(AppointmentType, AppointmentType.id == Appointment.type_id)
        .join(Account, Account.id == Appointment.injector_id)
        .where(Appointment.patient_id == patient_id)
        .order_by(Appointment.starts_at.desc(), Appointment.id.desc())
    )
    for each, kind, injector in session.execute(query):
        yield content.RecordAppointment(
            each.starts_at, each.minutes, kind, injector, each.state, each.reason, each.note
        )


def _named(word: str) -> Named | None:
    return Named(word, word) if word else None


def _listed(words: Iterable[str]) -> tuple[Named, ...]:
    return tuple(Named(word, word) for word in words)


def _plain(code: str) -> str:
    return code.replace("_", " ").strip().capitalize()
