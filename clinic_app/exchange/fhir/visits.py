"""What was done and what came of it, as resources: visits, injections, scales, responses, side effects, signatures."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator

from clinic_app.exchange.fhir.facts import (
    AddendumFact,
    AppointmentFact,
    InjectionFact,
    NoteFact,
    PatientFact,
    RecordFact,
    ResponseFact,
    ScoreFact,
    SideEffectFact,
    VisitFact,
)
from clinic_app.exchange.fhir.names import Names
from clinic_app.exchange.fhir.people import People
from clinic_app.exchange.fhir.values import (
    GTIN,
    HL7,
    Ids,
    Json,
    coding,
    concept,
    day,
    diagnosis_codings,
    instant,
    number,
    own,
    quantity,
    resource,
    utc,
)
from clinic_app.terms import IMPRESSIONS, AppointmentState, Severity

INJECTION = "Botulinum toxin injection"
NOT_SIGNED_HERE = "Brought in from an older record and not signed here."
_SURVEY = {"category": [concept("", coding(f"{HL7}observation-category", "survey"))]}
_STATES = {
    AppointmentState.BOOKED: "booked",
    AppointmentState.CONFIRMED: "booked",
    AppointmentState.ARRIVED: "arrived",
    AppointmentState.IN_ROOM: "checked-in",
    AppointmentState.INJECTED: "fulfilled",
    AppointmentState.CHECKED_OUT: "fulfilled",
    AppointmentState.CANCELLED: "cancelled",
    AppointmentState.NO_SHOW: "noshow",
}
#: FHIR knows three grades. The two beyond them are severe, and their text says what they are.
_GRADES = {Severity.LIFE_THREATENING: "severe", Severity.FATAL: "severe"}
_MEASURES = (
    ("best_percent", "Best benefit", "%", "%"),
    ("first_day", "First day of benefit after the injection", "days", "d"),
    ("wore_off_week", "Week in which it wore off", "weeks", "wk"),
    ("pain", "Pain, 0 to 10", "points", ""),
)


class Visits:
    """Maps what happened."""

    def __init__(self, ids: Ids, names: Names, people: People) -> None:
        self._ids = ids
        self._names = names
        self._people = people

    def everything_of(self, record: RecordFact) -> Iterator[Json]:
        """Visits with what belongs to them, then scales, side effects and appointments."""
        patient = record.patient
        for visit in record.visits:
            yield self._procedure(patient, visit)
            for injection in visit.injections:
                yield self._administration(patient, visit, injection)
            if visit.response is not None:
                yield self._response(patient, visit, visit.response)
            yield from self._signed(record, visit)
        for score in record.scores:
            yield self._score(patient, score)
        visits = {visit.id: visit for visit in record.visits}
        for effect in record.side_effects:
            yield self._side_effect(patient, effect, visits.get(effect.visit_id))
        for appointment in record.appointments:
            yield self._appointment(patient, appointment)

    def _procedure(self, patient: PatientFact, visit: VisitFact) -> Json:
        condition = self._people.condition_of(patient, visit.indication)
        indication = self._names.indication(visit.indication)
        reason = concept(indication or visit.icd10cm, *diagnosis_codings(visit.icd10cm))
        said = [visit.assessment, *visit.answers, NOT_SIGNED_HERE if visit.brought_in else ""]
        content = {
            "status": "completed",
            "code": concept(INJECTION, *self._names.procedure(visit.codes)),
            "subject": self._subject(patient),
            "performedDateTime": day(visit.visited_on),
            "performer": [{"actor": self._account(visit.injector_id), "onBehalfOf": self._ids.reference("clinic", 1)}],
            "reasonCode": [reason],
            "reasonReference": [condition],
            "complication": [concept(visit.complications)],
            "followUp": [concept(visit.plan)],
            "note": [*({"text": text} for text in said if text.strip()), *map(self._correction, visit.addenda)],
        }
        return resource("Procedure", self._ids.of("visit", visit.id), content)

    def _correction(self, addendum: AddendumFact) -> Json:
        text = f"Addendum ({addendum.reason}): {addendum.text}" if addendum.reason else f"Addendum: {addendum.text}"
        author = self._account(addendum.by_id)
        return {"authorReference": author, "time": utc(addendum.signed_at), "text": text}

    def _administration(self, patient: PatientFact, visit: VisitFact, injection: InjectionFact) -> Json:
        vial = injection.vial
        # R4 has no lot on what was given: the vial is a Medication inside it.
        medication = resource(
            "Medication",
            "vial",
            {
                "identifier": [
                    {"system": GTIN, "value": vial.gtin} if vial.gtin else None,
                    {"type": concept("serial number"), "value": vial.serial} if vial.serial else None,
                ],
                "code": self._names.product(vial.product),
                "batch": {"lotNumber": vial.lot_number, "expirationDate": day(vial.expires_on)},
            },
        )
        site = self._names.site(injection.muscle, injection.side)
        dose = quantity(injection.units, self._names.units_of(vial.product))
        indication = injection.indication or visit.indication
        other = self._names.indication(injection.indication)
        content = {
            "contained": [medication],
            "partOf": [self._ids.reference("visit", visit.id)],
            "status": "completed",
            "medicationReference": {"reference": "#vial"},
            "subject": self._subject(patient),
            "effectiveDateTime": day(visit.visited_on),
            "performer": [{"actor": self._account(visit.injector_id)}],
            "reasonCode": [concept(other)],
            "reasonReference": [self._people.condition_of(patient, indication)],
            "note": [{"text": injection.note}],
            "dosage": {
                "text": f"{dose['value']} {dose['unit']} into the {site['text']}",
                "site": site,
                "method": concept(", ".join(injection.guidance)),
                "dose": dose,
            },
        }
        return resource("MedicationAdministration", self._ids.of("injection", injection.id), content)

    def _signed(self, record: RecordFact, visit: VisitFact) -> Iterator[Json]:
        """The note that went out and the signatures. What was never signed here has neither."""
        patient = record.patient
        if visit.digest and not visit.brought_in:
            yield self._document(patient, visit, visit.note)
            targets = [self._ids.reference("visit", visit.id)]
            targets += [self._ids.reference("injection", each.id) for each in visit.injections]
            targets += [
                self._ids.reference("scale_total", each.id)
                for each in record.scores
                if each.scored and each.visit_id == visit.id
            ]
            injector: Json = {"type": concept("injector"), "who": self._account(visit.injector_id)}
            agents = [injector, self._author(visit.signed_by_id)]
            yield self._provenance("visit", visit.id, targets, utc(visit.signed_at), "signed", agents, visit.digest)
        for addendum in visit.addenda:
            agents = [self._author(addendum.by_id)]
            at = utc(addendum.signed_at)
            whole = [self._ids.reference("visit", visit.id)]
            yield self._provenance("addendum", addendum.id, whole, at, "corrected", agents, addendum.digest)

    def _provenance(
        self, kind: str, identifier: int, targets: list[Json], at: str, did: str, agents: list[Json], digest: str
    ) -> Json:
        # The digest is no signature over this JSON: it is what the record itself holds, to be compared with it.
        digested = {"identifier": {"type": concept("SHA-256 of what was signed in the record"), "value": digest}}
        content = {
            "target": targets,
            "recorded": at,
            "activity": concept(did),
            "agent": agents,
            "entity": [{"role": "source", "what": digested}] if digest else [],
        }
        return resource("Provenance", self._ids.of("signature", f"{kind}/{identifier}"), content)

    def _author(self, account_id: int) -> Json:
        kind = concept("author", coding(f"{HL7}provenance-participant-type", "author"))
        return {"type": kind, "who": self._account(account_id)}

    def _document(self, patient: PatientFact, visit: VisitFact, note: NoteFact | None) -> Json:
        attachment: Json = {"contentType": "application/pdf", "title": f"Visit note of {visit.visited_on}"}
        if note is not None:
            # FHIR asks for SHA-1 here, as a check of the transport; the record's own digests are SHA-256.
            digest = hashlib.sha1(note.content, usedforsecurity=False).digest()
            attachment |= {
                "data": b64encode(note.content).decode("ascii"),
                "size": len(note.content),
                "hash": b64encode(digest).decode("ascii"),
                "creation": utc(note.at),
            }
        content = {
            "status": "current",
            "docStatus": "final",
            "type": concept("Visit note"),
            "subject": self._subject(patient),
            "date": utc(note.at if note is not None else visit.signed_at),
            "author": [self._account(visit.signed_by_id)],
            "custodian": self._ids.reference("clinic", 1),
            "content": [{"attachment": attachment}],
            "context": {"related": [self._ids.reference("visit", visit.id)]},
        }
        return resource("DocumentReference", self._ids.of("visit_note", visit.id), content)

    def _score(self, patient: PatientFact, score: ScoreFact) -> Json:
        visit = [] if score.visit_id is None else [self._ids.reference("visit", score.visit_id)]
        content = {
            "partOf": visit,
            "status": "final",
            **_SURVEY,
            "code": self._names.scale(score.scale, score.subscale),
            "subject": self._subject(patient),
            "effectiveDateTime": day(score.measured_on),
            "valueQuantity": quantity(score.value, "points"),
        }
        kind = "scale_total" if score.scored else "scale_result"
        return resource("Observation", self._ids.of(kind, score.id), content)

    def _response(self, patient: PatientFact, visit: VisitFact, response: ResponseFact) -> Json:
        measures: list[Json] = [
            {"code": concept(text, own("response", name)), "valueQuantity": quantity(value, unit, ucum)}
            for name, text, unit, ucum in _MEASURES
            if (value := getattr(response, name)) is not None
        ]
        measures += [
            {"code": concept(text, own("response", name)), "valueString": f"{value}: {IMPRESSIONS.get(value, '')}"}
            for name, text in (("patient_impression", "Patient says"), ("clinician_impression", "Clinician says"))
            if (value := getattr(response, name)) is not None
        ]
        content = {
            "partOf": [self._ids.reference("visit", visit.id)],
            "status": "final",
            **_SURVEY,
            "code": concept("Response to the injections", own("response", "response")),
            "subject": self._subject(patient),
            "effectiveDateTime": utc(response.recorded_at),
            "note": [{"text": response.note}],
            "component": measures,
        }
        return resource("Observation", self._ids.of("response", visit.id), content)

    def _side_effect(self, patient: PatientFact, effect: SideEffectFact, visit: VisitFact | None) -> Json:
        graded = coding(f"{HL7}adverse-event-severity", _GRADES.get(effect.severity, effect.severity.value))
        outcome: Json | None = None
        if effect.severity is Severity.FATAL or effect.ended_on is not None:
            code = "fatal" if effect.severity is Severity.FATAL else "resolved"
            outcome = concept(code, coding(f"{HL7}adverse-event-outcome", code))
        criteria = ", ".join(each.replace("_", " ") for each in effect.serious_criteria)
        judged = {None: "", False: "not serious", True: f"serious: {criteria}" if criteria else "serious"}
        suspected = set(effect.muscles)
        injections = [
            each.id for each in (visit.injections if visit is not None else ()) if (each.muscle, each.side) in suspected
        ]
        suspects = [self._ids.reference("visit", effect.visit_id)] if visit is not None else []
        suspects += [self._ids.reference("injection", each) for each in injections]
        # R4's AdverseEvent has no place for when it ended and what was done: its text says both.
        said = [self._names.side_effect(effect.kind, effect.other)["text"]]
        said += [f"ended {effect.ended_on}"] if effect.ended_on is not None else []
        said += [effect.action] if effect.action.strip() else []
        event = self._names.side_effect(effect.kind, effect.other) | {"text": "; ".join(map(str, said))}
        content = {
            "actuality": "actual",
            "event": event,
            "subject": self._subject(patient),
            "date": day(effect.started_on),
            "recordedDate": utc(effect.recorded_at),
            "seriousness": concept(judged[effect.serious]),
            "severity": concept(effect.severity.value.replace("_", " "), graded),
            "outcome": outcome,
            "recorder": self._account(effect.recorded_by_id),
            "suspectEntity": [{"instance": each} for each in suspects],
        }
        return resource("AdverseEvent", self._ids.of("side_effect", effect.id), content)

    def _appointment(self, patient: PatientFact, appointment: AppointmentFact) -> Json:
        who = (self._subject(patient), self._account(appointment.injector_id))
        content = {
            "status": _STATES[appointment.state],
            "appointmentType": concept(appointment.type_name),
            "reasonCode": [concept(appointment.reason)],
            "start": instant(appointment.starts_at),
            "end": instant(appointment.ends_at),
            "minutesDuration": number(appointment.minutes),
            "comment": appointment.note,
            "participant": [{"actor": each, "status": "accepted"} for each in who],
        }
        return resource("Appointment", self._ids.of("appointment", appointment.id), content)

    def _subject(self, patient: PatientFact) -> Json:
        return self._ids.reference("patient", patient.id)

    def _account(self, account_id: int) -> Json:
        return self._ids.reference("account", account_id)
