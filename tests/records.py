"""A record in which every field is filled."""

from datetime import date
from decimal import Decimal

from clinic_app.partial_dates import PartialDate
from clinic_app.services.patient_data import (
    AuthorizationForm,
    Component,
    DiagnosisForm,
    ElsewhereForm,
    Entry,
    HistoryForm,
    PatientForm,
)
from clinic_app.terms import Cause, EntryKind, PatientStatus, Sex, Side

WHOLE = PatientForm(
    record_number="HN-77",
    family_name="Muñoz",
    given_name="José",
    birth_date=date(1961, 3, 12),
    sex=Sex.MALE,
    weight_kg=Decimal("81.5"),
    weighed_on=date(2026, 8, 1),
    phone="555 0100",
    email="jose@example.org",
    address="1 Harbour Road\nPort Alder",
    emergency_contact="Ana Muñoz, 555 0101",
    language="Spanish",
    preferred_contact="telephone",
    referring_doctor="Dr H. Strand",
    payer="Union Care",
    status=PatientStatus.ACTIVE,
    pregnant=False,
    breastfeeding=True,
    pregnancy_asked_on=date(2026, 7, 30),
    note="Comes with a walking stick.",
    usual_interval_weeks=13,
    entries=(
        Entry(
            EntryKind.ALLERGY, "cow's milk", "cows_milk_protein_allergy", "hives", PartialDate(1999), PartialDate(2020)
        ),
        Entry(EntryKind.CONDITION, "swallows badly", "preexisting_dysphagia_or_breathing_difficulty", "thin liquids"),
        Entry(EntryKind.MEDICINE, "apixaban", "anticoagulants_antiplatelets", "5 mg", PartialDate(2021, 3)),
        Entry(EntryKind.MEDICINE, "levodopa", "dopaminergic", "", PartialDate(2018), PartialDate(2019, 2, 28)),
        Entry(EntryKind.MEDICINE, "baclofen", "anticholinergics"),
        Entry(EntryKind.TREATMENT, "physiotherapy", since=PartialDate(2025, 1, 2)),
        Entry(EntryKind.TREATMENT, "Stretching", "stretching", "looser"),
        Entry(EntryKind.SURGERY, "both sides", "deep_brain_stimulation", since=PartialDate(2020)),
        Entry(EntryKind.TEST, "MRI", "mri", "no lesion", PartialDate(2024, 5, 6)),
        Entry(EntryKind.TEST, "of another hospital", "a kind of theirs", "not known here"),
    ),
    history=HistoryForm(
        indication="cervical_dystonia",
        icd10cm="G24.3",
        onset=PartialDate(2015, 6),
        region_first="right shoulder",
        distribution="focal",
        cause_group=Cause.ACQUIRED,
        cause="stroke",
        is_task_specific=True,
        task_specific="writing",
        better_with=("a collar", "touch_face"),
        worse_with=("driving", "stress"),
        pain=4,
        daily_tasks=("reading",),
        complications=("mood", "a stiff jaw"),
        runs_in_family=False,
        family="nobody of three sisters",
    ),
    diagnoses=(DiagnosisForm("blepharospasm", "G24.5", PartialDate(2021)), DiagnosisForm("", "G20.A1")),
    components=(
        Component("torticollis", Side.RIGHT),
        Component("retrocollis", None),
        Component("wrist_flexion", Side.MIDLINE),
        Component("a word of my own"),
    ),
    authorizations=(
        AuthorizationForm("PA-1", "onabotulinumtoxinA", Decimal(400), 4, date(2026, 1, 1), date(2026, 12, 31)),
    ),
    toxin_elsewhere=(
        ElsewhereForm(date(2026, 3, 3), "abobotulinumtoxinA", Decimal("12.5"), "cosmetic clinic", "frown"),
    ),
)
