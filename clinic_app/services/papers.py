"""Paper for what the record holds: gathers plain data in one short read and hands it to the documents."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_app.atlas.atlas import Atlas
from clinic_app.errors import NotFound
from clinic_app.models import Appointment, Patient, Response, SideEffect, SideEffectAnswer, Visit
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.reference.units import show_number
from clinic_app.rules.names import indication_name, product_name
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clinics import ClinicFacts, clinic_facts
from clinic_app.services.clock import Clock, local_now
from clinic_app.services.dose_colours import limits_of
from clinic_app.services.letterheads import edition_of, identity_of, letterhead_of, patients_edition
from clinic_app.services.map_pictures import map_pictures
from clinic_app.services.paper import Paper
from clinic_app.services.record_access import RecordAccess
from clinic_app.services.visit_data import GivenInjection, VisitDetails
from clinic_app.services.visits import visit_details
from clinic_app.terms import GONE, IMPRESSIONS

if TYPE_CHECKING:
    from clinic_app.documents.visit_content import NoteResponse, VisitNote


class Papers:
    """The documents of a visit. ReportLab is imported when the first one is drawn."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        time_zone: str,
        reference: Reference,
        atlas: Atlas,
        records: RecordAccess,
    ) -> None:
        self._database = database
        self._records = records
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference
        self._atlas = atlas

    def visit_note(self, actor: Actor, visit_id: int) -> Paper:
        """The note of a signed visit."""
        require(actor, Act.PRINT_NOTE)
        self._records.enter_of_visit(actor, visit_id)
        from clinic_app.documents.visit_note import visit_note_document

        with self._database.reading() as session:
            note = self.note_of(session, visit_details(session, visit_id, self._reference))
        return Paper(
            "visit_note", "Visit note", f"visit-note-{note.visited_on}", (partial(visit_note_document, note),), visit_id
        )

    def aftercare(self, actor: Actor, visit_id: int) -> Paper:
        """The personal aftercare handout of a signed visit."""
        require(actor, Act.PRINT_HANDOUT)
        self._records.enter_of_visit(actor, visit_id)
        from clinic_app.documents.aftercare import AftercareHandout, TreatedMuscle, aftercare_document

        with self._database.reading() as session:
            clinic = clinic_facts(session)
            visit = visit_details(session, visit_id, self._reference)
            patient = session.get_one(Patient, visit.patient_id)
            places = dict.fromkeys((given.muscle, given.side.value) for given in visit.injections)
            handout = AftercareHandout(
                clinic=letterhead_of(session, clinic),
                patient=identity_of(patient),
                treated_on=visit.visited_on,
                injector=visit.injector,
                treated=tuple(TreatedMuscle(self._reference.muscle(muscle), side) for muscle, side in places),
                effects=tuple(self._reference.side_effects.values()),
                products=tuple(dict.fromkeys(self._product(v.product, clinic) for v in visit.vials)),
                interval_weeks=visit.interval_weeks,
                next_visit=self._next_visit(session, visit.patient_id),
                edition=patients_edition(edition_of(clinic), patient.language),
            )
        return Paper(
            "aftercare",
            "Aftercare handout",
            f"aftercare-{visit.visited_on}",
            (partial(aftercare_document, handout),),
            visit_id,
        )

    def diary(self, actor: Actor, visit_id: int) -> Paper:
        """The diary on paper that the patient keeps after a signed visit. Raises NotFound."""
        require(actor, Act.PRINT_HANDOUT)
        self._records.enter_of_visit(actor, visit_id)
        from clinic_app.documents.diary import Diary, diary_document

        with self._database.reading() as session:
            visit = session.get(Visit, visit_id)
            if visit is None:
                raise NotFound("visit_not_found")
            clinic = clinic_facts(session)
            patient = session.get_one(Patient, visit.patient_id)
            edition = patients_edition(edition_of(clinic), patient.language)
            diary = Diary(letterhead_of(session, clinic), identity_of(patient), visit.visited_on, edition)
        return Paper(
            "diary", "Diary", f"diary-{diary.injected_on}", (partial(diary_document, diary),), patients=(patient.id,)
        )

    def note_of(self, session: Session, visit: VisitDetails) -> "VisitNote":
        """What the record holds of a visit, as its papers say it; without a digest it is not signed yet."""
        from clinic_app.documents import visit_content as content

        clinic = clinic_facts(session)
        patient = session.get_one(Patient, visit.patient_id)
        zone = ZoneInfo(self._time_zone)
        totals: dict[str, tuple[Decimal, Decimal | None]] = {}
        for given in visit.injections:
            units, volume = totals.get(given.product, (Decimal(0), Decimal(0)))
            more = None if volume is None or given.volume_ml is None else volume + given.volume_ml
            totals[given.product] = units + given.units, more
        return content.VisitNote(
            clinic=letterhead_of(session, clinic),
            patient=identity_of(patient),
            visited_on=visit.visited_on,
            injector=visit.injector,
            indication=self._indication(visit.indication),
            icd10cm=visit.icd10cm,
            response=self._response_before(session, visit),
            assessment=visit.assessment,
            scale_totals=tuple((self._scale(scale, part), show_number(value)) for scale, part, value in visit.scores),
            consent="Recorded" if visit.consent else "Not recorded",
            vials=tuple(
                content.NoteVial(
                    product=self._product(vial.product, clinic),
                    lot=vial.lot_number,
                    expires_on=vial.expires_on,
                    size_units=vial.size_units,
                    diluent=vial.diluent if vial.diluent_ml or vial.diluent_ml is None else "ready to use",
                    diluent_ml=vial.diluent_ml or None,
                    units_per_tenth_ml=vial.size_units / vial.contents_ml / 10
                    if vial.size_units and vial.contents_ml
                    else None,
                    reconstituted_at=vial.reconstituted_at,
                    given_units=vial.given_units,
                    wasted_units=vial.wasted_units,
                    waste_reason=vial.waste_reason,
                    witness=vial.witness,
                    serial=vial.serial,
                )
                for vial in visit.vials
            ),
            injections=tuple(
                content.NoteInjection(
                    muscle=self._reference.muscle(given.muscle).name,
                    side=given.side.value,
                    units=given.units or None,
                    volume_ml=given.volume_ml,
                    points=len(given.points),
                    guidance=given.guidance,
                    vial_lot=given.lot_number,
                    remark=self._remark(given),
                )
                for given in visit.injections
            ),
            totals=tuple(
                content.NoteTotal(self._product(product, clinic), units, volume)
                for product, (units, volume) in totals.items()
            ),
            pictures=map_pictures(self._atlas, visit.injections),
            checks=tuple(
                content.NoteCheck(
                    "Overridden" if answer.level == "stop" else "Acknowledged", answer.said, answer.reason, answer.by
                )
                for answer in visit.answers
            ),
            complications=visit.complications,
            codes=visit.codes,
            plan=visit.plan,
            next_interval=_weeks(visit.interval_weeks),
            next_visit=self._next_visit(session, visit.patient_id),
            signature=content.NoteSignature(visit.signed_by, visit.signed_at.astimezone(zone), visit.digest)
            if visit.digest
            else None,
            brought_in=None
            if visit.brought_in is None
            else content.NoteOrigin(
                visit.brought_in.file_name, visit.brought_in.at.astimezone(zone), visit.brought_in.by
            ),
            addenda=tuple(
                content.NoteAddendum(each.by, each.signed_at.astimezone(zone), each.text, each.reason, each.digest)
                for each in visit.addenda
            ),
            edition=edition_of(clinic),
            dose_limits=limits_of(self._reference, next(iter(totals), ""), clinic.dose_limits),
        )

    def _response_before(self, session: Session, visit: VisitDetails) -> "NoteResponse | None":
        """What the visit before this one did."""
        from clinic_app.documents.visit_content import NoteResponse

        before = session.scalar(
            select(Visit)
            .where(Visit.patient_id == visit.patient_id, Visit.visited_on < visit.visited_on)
            .order_by(Visit.visited_on.desc(), Visit.id.desc())
            .limit(1)
        )
        if before is None:
            return None
        effects = session.scalars(
            select(SideEffect).where(SideEffect.visit_id == before.id).order_by(SideEffect.started_on, SideEffect.id)
        )
        told = tuple(self._told(effect, before.visited_on) for effect in effects)
        response = before.response or Response()
        return NoteResponse(
            response.best_percent,
            response.first_day,
            response.wore_off_week,
            told,
            bool(told) or session.get(SideEffectAnswer, before.id) is not None,
            response.note or "",
            before.visited_on,
            IMPRESSIONS.get(response.patient_impression or 0, ""),
            IMPRESSIONS.get(response.clinician_impression or 0, ""),
            response.pain,
        )

    def _next_visit(self, session: Session, patient_id: int) -> datetime | None:
        starts_at: datetime | None = session.scalar(
            select(func.min(Appointment.starts_at)).where(
                Appointment.patient_id == patient_id,
                Appointment.starts_at > local_now(self._clock, self._time_zone) + timedelta(hours=1),
                Appointment.state.not_in(GONE),
            )
        )
        return starts_at

    def _product(self, product: str, clinic: ClinicFacts) -> str:
        return product_name(self._reference, product, clinic.label_region.value)

    def _indication(self, indication: str) -> str:
        known = self._reference.indications.get(indication)
        return indication if known is None else known.name

    def _scale(self, scale: str, part: str) -> str:
        known = self._reference.scales.get(scale)
        name = scale if known is None else known.name
        return f"{name}, {part.replace('_', ' ')}" if part else name

    def _told(self, effect: SideEffect, injected_on: date) -> str:
        """A side effect with its severity, when it was there, and what was done."""
        known = self._reference.side_effects.get(effect.kind)
        name = effect.other if known is None else known.name
        days = f"from day {(effect.started_on - injected_on).days}"
        if effect.ended_on is not None:
            days += f" to day {(effect.ended_on - injected_on).days}"
        parts = (f"{name} ({effect.severity.value.replace('_', ' ')})", days, effect.action.strip().rstrip("."))
        return ", ".join(part for part in parts if part)

    def _remark(self, given: GivenInjection) -> str:
        treats = f"for {indication_name(self._reference, given.indication)}" if given.indication else ""
        return "; ".join(part for part in (treats, given.note) if part)


def _weeks(weeks: int | None) -> str:
    return "" if weeks is None else f"{weeks} weeks"
