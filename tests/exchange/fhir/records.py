"""A clinic with one patient of whom everything is known, and one of whom nearly nothing is."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from clinic_app.exchange.fhir.bundles import Bundles
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
from clinic_app.reference.catalogue import Reference
from clinic_app.terms import AppointmentState, EntryKind, PatientStatus, Severity, Sex, Side

NEW_YORK = ZoneInfo("America/New_York")
AT = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
CLINIC = ClinicFact("2020-01-01T00:00:00+00:00", "Port Alder Movement Clinic", "555-0100", "12 Harbor Street")
PEOPLE = (PersonFact(1, "Dr. Ada Reyes"), PersonFact(2, "Sam Nurse"), PersonFact(3, "Gone Long Ago", active=False))
PATIENT = PatientFact(
    id=7,
    record_number="C1234",
    family_name="Okafor",
    given_name="Ngozi",
    birth_date=date(1961, 5, 3),
    sex=Sex.FEMALE,
    phone="555-0101",
    email="ngozi@example.org",
    address="1 Mill Lane\nPort Alder",
    emergency_contact="Her son, 555-0202",
    language="English",
    referring_doctor="Dr. L. Farah",
    entries=(
        EntryFact(1, EntryKind.ALLERGY, "cow's milk", "cows_milk_protein_allergy", "hives", "2001", ""),
        EntryFact(2, EntryKind.ALLERGY, "penicillin", "", "", "1999-05", "2020"),
        EntryFact(3, EntryKind.CONDITION, "asthma", "", "mild", "1980", ""),
        EntryFact(4, EntryKind.CONDITION, "pneumonia", "", "", "2019-01-03", "2019-02"),
        EntryFact(5, EntryKind.MEDICINE, "tetrabenazine", "vmat2_inhibitor", "12.5 mg twice a day", "2024-04", ""),
        EntryFact(6, EntryKind.MEDICINE, "baclofen", "", "", "", "2023"),
        EntryFact(7, EntryKind.TREATMENT, "physiotherapy", "physiotherapy", "weekly", "2022", ""),
        EntryFact(8, EntryKind.SURGERY, "deep brain stimulation", "deep_brain_stimulation", "", "2018", ""),
        EntryFact(9, EntryKind.TEST, "MRI", "mri", "normal", "2017-03-02", ""),
    ),
    diagnoses=(
        DiagnosisFact(7, True, "cervical_dystonia", "G24.3", "2010-06"),
        DiagnosisFact(4, False, "blepharospasm", "G24.5", ""),
    ),
    elsewhere=(
        ElsewhereFact(1, date(2025, 2, 3), "abobotulinumtoxinA", Decimal("500.5"), "Elsewhere Hospital", "moved"),
        ElsewhereFact(2, date(2025, 6, 3)),
    ),
)
VIAL = VialFact("onabotulinumtoxinA", "C1234C3", date(2027, 5, 31), "00300230114501", "S1")
VISIT = VisitFact(
    id=11,
    injector_id=1,
    visited_on=date(2026, 3, 2),
    indication="cervical_dystonia",
    icd10cm="G24.3",
    signed_by_id=1,
    signed_at=AT,
    digest="ab" * 32,
    assessment="Turns to the right.",
    plan="Repeat in 12 weeks.",
    complications="A bruise.",
    codes=("64616-50", "95874", "J0585 ×100"),
    answers=("The total is above the cap. Long known. (Dr. Ada Reyes)",),
    injections=(
        InjectionFact(21, "splenius_capitis", Side.RIGHT, Decimal("62.5"), VIAL, ("EMG", "ultrasound"), "two points"),
        InjectionFact(22, "sternocleidomastoideus", Side.LEFT, Decimal(40), VIAL),
        InjectionFact(
            23,
            "orbicularis_oculi_pretarsal",
            Side.LEFT,
            Decimal(5),
            VialFact("rimabotulinumtoxinB"),
            (),
            "",
            "blepharospasm",
        ),
    ),
    addenda=(AddendumFact(5, 1, AT, "typed wrongly", "It was the left side.", "cd" * 32),),
    response=ResponseFact(AT, 4, 70, 11, 2, 3, 1, "Best in years."),
    note=NoteFact(3, AT, b"%PDF-1.4 a note"),
)
BARE_VISIT = VisitFact(12, 2, date(2026, 6, 1), "", "", 1, AT, "", brought_in=True)
SIDE_EFFECT = SideEffectFact(
    id=31,
    visit_id=11,
    kind="dysphagia",
    severity=Severity.MODERATE,
    started_on=date(2026, 3, 9),
    recorded_at=AT,
    recorded_by_id=2,
    ended_on=date(2026, 3, 20),
    action="Soft food.",
    serious=True,
    serious_criteria=("hospitalisation",),
    muscles=(("sternocleidomastoideus", Side.LEFT),),
)
RECORD = RecordFact(
    patient=PATIENT,
    visits=(VISIT, BARE_VISIT),
    scores=(
        ScoreFact(1, "twstrs", "", Decimal(33), date(2026, 3, 2), 11, scored=True),
        ScoreFact(1, "twstrs", "pain", Decimal("7.5"), date(2026, 4, 2), 11, scored=False),
        ScoreFact(2, "unheard_of", "", Decimal(1), date(2026, 4, 2), None, scored=False),
    ),
    side_effects=(
        SIDE_EFFECT,
        replace(SIDE_EFFECT, id=32, kind="", other="Felt odd", severity=Severity.FATAL, ended_on=None, serious=None),
        replace(SIDE_EFFECT, id=33, severity=Severity.LIFE_THREATENING, ended_on=None, serious=False, muscles=()),
    ),
    appointments=tuple(
        AppointmentFact(
            40 + number, 1, datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK), 45, state, "Injection", "again", "by bus"
        )
        for number, state in enumerate(AppointmentState)
    ),
)
BARE = RecordFact(PatientFact(8, "C1", "Ünal", "", date(1900, 1, 1), status=PatientStatus.DIED))


def bundles(reference: Reference) -> Bundles:
    """Writes the bundles of this clinic."""
    return Bundles(CLINIC, PEOPLE, reference)
