"""From what a FHIR bundle says of a patient to the form that a person would have filled in."""

from clinic_app.exchange.fhir.read_facts import ReadPatient
from clinic_app.services.patient_data import DiagnosisForm, ElsewhereForm, Entry, HistoryForm, PatientForm

_SAME_NAMES = (
    "record_number", "family_name", "given_name", "birth_date", "sex", "phone", "email", "address",
    "emergency_contact", "language", "referring_doctor", "status", "died_on",
)  # fmt: skip


def patient_form(read: ReadPatient) -> PatientForm:
    """The form. It passes ``checked`` for whoever was not refused, on the day on which the bundle was read.

    The first diagnosis becomes the one of the history: it is what the clinic treats.
    """
    main = next(iter(read.diagnoses), None)
    return PatientForm(
        **{name: getattr(read, name) for name in _SAME_NAMES},
        entries=tuple(
            Entry(each.kind, each.text, each.code, each.detail, each.since, each.until) for each in read.entries
        ),
        history=HistoryForm() if main is None else HistoryForm(main.indication, main.icd10cm, main.since),
        diagnoses=tuple(DiagnosisForm(each.indication, each.icd10cm, each.since) for each in read.diagnoses[1:]),
        toxin_elsewhere=tuple(
            ElsewhereForm(each.given_on, each.product, each.units, each.place, each.reason) for each in read.elsewhere
        ),
    )
