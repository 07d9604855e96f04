"""The clinic, who works there, and what stays true of a patient between visits, as resources."""

from collections.abc import Iterator

from clinic_app.exchange.fhir.facts import (
    ClinicFact,
    DiagnosisFact,
    ElsewhereFact,
    EntryFact,
    PatientFact,
    PersonFact,
)
from clinic_app.exchange.fhir.names import Names
from clinic_app.exchange.fhir.values import (
    ALLERGY_ENDED,
    HL7,
    Ids,
    Json,
    coding,
    concept,
    day,
    diagnosis_codings,
    own,
    plain_text,
    quantity,
    resource,
)
from clinic_app.terms import EntryKind, PatientStatus

ELSEWHERE = "toxin given elsewhere"
DIAGNOSIS = "diagnosis"
"""The category of what is treated here, or was found beside it, apart from the conditions that matter for it."""
NOT_SAID = "not said"
"""FHIR wants a name for what was given or found; an old record may have an empty one."""


class People:
    """Maps who is known."""

    def __init__(self, ids: Ids, names: Names) -> None:
        self._ids = ids
        self._names = names

    def organization(self, clinic: ClinicFact) -> Json:
        """The clinic."""
        return resource(
            "Organization",
            self._ids.of("clinic", 1),
            {
                "active": True,
                "name": clinic.name,
                "telecom": _telecom(clinic.phone, ""),
                "address": [{"text": clinic.address}],
            },
        )

    def practitioner(self, person: PersonFact) -> Json:
        """Somebody who works there. Names of staff are kept whole, so they are a text here too."""
        content = {"active": person.active, "name": [{"text": person.full_name}]}
        return resource("Practitioner", self._ids.of("account", person.id), content)

    def everything_of(self, patient: PatientFact) -> Iterator[Json]:
        """The patient, then conditions, allergies, medicines, earlier treatments and tests."""
        yield self._patient(patient)
        for diagnosis in patient.diagnoses:
            yield self._diagnosis(patient, diagnosis)
        for entry in patient.entries:
            yield self._entry(patient, entry)
        for given in patient.elsewhere:
            yield self._elsewhere(patient, given)

    def condition_of(self, patient: PatientFact, indication: str) -> Json | None:
        """A reference to the condition that an indication of a visit is, where the record has it."""
        for each in patient.diagnoses:
            if each.indication == indication and indication:
                return self._ids.reference(*_condition_key(patient, each))
        return None

    def _patient(self, patient: PatientFact) -> Json:
        clinic = self._ids.reference("clinic", 1)
        died: Json = {"deceasedDateTime": day(patient.died_on)}
        if patient.status is PatientStatus.DIED and patient.died_on is None:
            died = {"deceasedBoolean": True}
        number = {
            "type": concept("record number", coding(f"{HL7}v2-0203", "MR")),
            "system": self._ids.record_numbers,
            "value": patient.record_number,
            "assigner": clinic,
        }
        return resource(
            "Patient",
            self._ids.of("patient", patient.id),
            {
                "identifier": [number],
                "active": patient.status is not PatientStatus.MOVED_AWAY,
                "name": [{"family": patient.family_name, "given": [patient.given_name]}],
                "telecom": _telecom(patient.phone, patient.email),
                "gender": patient.sex.value,
                "birthDate": day(patient.birth_date),
                **died,
                "address": [{"text": patient.address}],
                "contact": _contact(patient.emergency_contact),
                "communication": [{"language": {"text": patient.language}}] if patient.language.strip() else [],
                "generalPractitioner": [{"display": patient.referring_doctor}],
                "managingOrganization": clinic,
            },
        )

    def _diagnosis(self, patient: PatientFact, diagnosis: DiagnosisFact) -> Json:
        codes = diagnosis_codings(diagnosis.icd10cm)
        if diagnosis.indication:
            codes = (*codes, own("indication", diagnosis.indication))
        text = self._names.indication(diagnosis.indication) or diagnosis.icd10cm
        content = {
            "clinicalStatus": _status("condition-clinical", "active"),
            "category": [
                concept("", coding(f"{HL7}condition-category", "problem-list-item")),
                concept("diagnosis", own("category", DIAGNOSIS)),
            ],
            "code": concept(text, *codes),
            "subject": self._subject(patient),
            "onsetDateTime": diagnosis.since,
        }
        return resource("Condition", self._ids.of(*_condition_key(patient, diagnosis)), content)

    def _entry(self, patient: PatientFact, entry: EntryFact) -> Json:
        identifier = self._ids.of("patient_entry", entry.id)
        codes = (own(entry.kind.value, entry.code),) if entry.code else ()
        what = concept(plain_text(entry.text) or NOT_SAID, *codes)
        over = bool(entry.until)
        match entry.kind:
            case EntryKind.ALLERGY:
                content: Json = {
                    "extension": [{"url": ALLERGY_ENDED, "valueDateTime": entry.until}] if over else [],
                    "clinicalStatus": _status("allergyintolerance-clinical", "inactive" if over else "active"),
                    "code": what,
                    "patient": self._subject(patient),
                    "onsetDateTime": entry.since,
                    "reaction": [{"manifestation": [concept(entry.detail)]}] if entry.detail.strip() else [],
                }
                return resource("AllergyIntolerance", identifier, content)
            case EntryKind.CONDITION:
                content = {
                    "clinicalStatus": _status("condition-clinical", "inactive" if over else "active"),
                    "category": [concept("", coding(f"{HL7}condition-category", "problem-list-item"))],
                    "code": what,
                    "subject": self._subject(patient),
                    "onsetDateTime": entry.since,
                    "abatementDateTime": entry.until,
                    "note": _notes(entry.detail),
                }
                return resource("Condition", identifier, content)
            case EntryKind.MEDICINE:
                content = {
                    "status": "completed" if over else "active",
                    "medicationCodeableConcept": what,
                    "subject": self._subject(patient),
                    "effectivePeriod": {"start": entry.since, "end": entry.until},
                    "dosage": [{"text": entry.detail}],
                }
                return resource("MedicationStatement", identifier, content)
            case EntryKind.TREATMENT | EntryKind.SURGERY:
                content = {
                    "status": "completed" if over or entry.kind is EntryKind.SURGERY else "unknown",
                    "category": concept(entry.kind.value),
                    "code": what,
                    "subject": self._subject(patient),
                    "performedPeriod": {"start": entry.since, "end": entry.until},
                    "note": _notes(entry.detail),
                }
                return resource("Procedure", identifier, content)
            case EntryKind.TEST:
                content = {
                    "status": "final",
                    "code": what,
                    "subject": self._subject(patient),
                    "effectiveDateTime": entry.since,
                    "valueString": entry.detail,
                }
                return resource("Observation", identifier, content)

    def _elsewhere(self, patient: PatientFact, given: ElsewhereFact) -> Json:
        dose = [] if given.units is None else [{"doseQuantity": quantity(given.units, self._unit(given))}]
        content = {
            "status": "completed",
            "category": concept(ELSEWHERE),
            "medicationCodeableConcept": self._names.product(given.product),
            "subject": self._subject(patient),
            "effectiveDateTime": day(given.given_on),
            "informationSource": {"display": given.place},
            "reasonCode": [concept(given.reason)],
            "dosage": [{"doseAndRate": dose}],
        }
        return resource("MedicationStatement", self._ids.of("toxin_elsewhere", given.id), content)

    def _unit(self, given: ElsewhereFact) -> str:
        return self._names.units_of(given.product)

    def _subject(self, patient: PatientFact) -> Json:
        return self._ids.reference("patient", patient.id)


def _condition_key(patient: PatientFact, diagnosis: DiagnosisFact) -> tuple[str, int]:
    """The history has no number of its own: each patient has one."""
    return ("dystonia_history", patient.id) if diagnosis.main else ("diagnosis", diagnosis.id)


def _status(system: str, code: str) -> Json:
    return concept("", coding(f"{HL7}{system}", code))


def _telecom(phone: str, email: str) -> list[Json]:
    ways = (("phone", phone), ("email", email))
    return [{"system": system, "value": value} for system, value in ways if value.strip()]


def _contact(text: str) -> list[Json]:
    return [{"relationship": [concept("emergency contact")], "name": {"text": text}}] if text.strip() else []


def _notes(*texts: str) -> list[Json]:
    return [{"text": text} for text in texts if text.strip()]
