from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from clinic_app.errors import ClinicError, NotAllowed, NotFound, RecordChanged
from clinic_app.models import AuditEntry
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
from clinic_app.services.patients import clean, fold, years_between
from clinic_app.services.typed_search import days_meant
from clinic_app.terms import (
    Aggravation,
    BodyRegion,
    Complication,
    DailyTask,
    EntryKind,
    ExaminationKind,
    PatientStatus,
    Relief,
    Sex,
    SurgeryKind,
    TherapyKind,
)
from tests.records import WHOLE
from tests.services.conftest import OpenClinic

FULL = replace(
    WHOLE,
    record_number="A-77",
    given_name="Élodie",
    sex=Sex.FEMALE,
    weighed_on=date(2026, 2, 1),
    breastfeeding=False,
    pregnancy_asked_on=date(2026, 2, 1),
    entries=(
        Entry(EntryKind.ALLERGY, "cow's milk protein", "cows_milk_protein_allergy", "hives", PartialDate(1999)),
        Entry(EntryKind.CONDITION, "trouble swallowing"),
        Entry(EntryKind.MEDICINE, "baclofen", "muscle_relaxants", "10 mg", PartialDate(2019, 4)),
        Entry(EntryKind.MEDICINE, "clonazepam", "", "", PartialDate(2015), PartialDate(2018, 12, 31)),
        Entry(EntryKind.TREATMENT, "once a week", TherapyKind.PHYSIOTHERAPY, "looser", PartialDate(2020)),
        Entry(EntryKind.SURGERY, "both sides", SurgeryKind.SELECTIVE_DENERVATION, since=PartialDate(2012)),
        Entry(EntryKind.TEST, "brain", ExaminationKind.MRI, "normal", PartialDate(2020, 5, 1)),
    ),
    history=replace(
        WHOLE.history,
        region_first=BodyRegion.NECK,
        is_task_specific=False,
        task_specific="",
        better_with=(Relief.TOUCH_FACE, "a collar"),
        worse_with=(Aggravation.STRESS,),
        daily_tasks=(DailyTask.DRIVING, "the garden"),
        complications=(Complication.MOOD,),
        runs_in_family=True,
        family="an aunt with tremor",
    ),
    authorizations=(AuthorizationForm("PA-1", "onabotulinumtoxinA", Decimal(300), 4, date(2026, 1, 1)),),
    toxin_elsewhere=(ElsewhereForm(date(2026, 1, 5), "", None, "cosmetic clinic", "frown lines"),),
)


def test_everything_typed_comes_back(clinic: OpenClinic) -> None:
    patient_id = clinic.services.patients.register(clinic.physician, FULL)
    assert clinic.services.patients.details(clinic.physician, patient_id).form == FULL


@pytest.mark.parametrize(
    "typed", ["Muñ", "munoz", "MUNOZ", "elodie munoz", "Muñoz Élo", "1961-03-12", "12.03.1961", "3/12/1961", "a-77"]
)
def test_a_patient_is_found_by_every_way_of_asking(clinic: OpenClinic, typed: str) -> None:
    patient_id = clinic.services.patients.register(clinic.physician, FULL)
    clinic.patient()
    assert clinic.services.patients.search(clinic.desk, typed)[0].id == patient_id


def test_a_search_that_fits_nobody_finds_nobody(clinic: OpenClinic) -> None:
    clinic.patient()
    assert clinic.services.patients.search(clinic.desk, "zzyzx") == ()
    assert clinic.services.patients.search(clinic.desk, "%") == ()


def test_a_name_in_another_script_is_found_in_latin_letters_and_in_its_own(clinic: OpenClinic) -> None:
    patient_id = clinic.patient(family_name="Чайковский", given_name="Пётр")
    assert clinic.services.patients.search(clinic.desk, "kovsk")[0].id == patient_id
    assert clinic.services.patients.search(clinic.desk, "Чайк")[0].id == patient_id


@pytest.mark.parametrize("name", ["a" * 300, "名" * 300, "م" * 300, "ß" * 300])
def test_a_name_of_300_characters_in_any_script_is_kept(clinic: OpenClinic, name: str) -> None:
    patient_id = clinic.patient(family_name=name)
    assert clinic.services.patients.details(clinic.desk, patient_id).form.family_name == name


@pytest.mark.parametrize(
    ("typed", "code", "field"),
    [
        ({"family_name": " "}, "family_name_missing", "family_name"),
        ({"family_name": "a" * 301}, "text_too_long", "family_name"),
        ({"birth_date": None}, "birth_date_missing", "birth_date"),
        ({"birth_date": date(2026, 3, 3)}, "birth_date_in_future", "birth_date"),
        ({"birth_date": date(1861, 3, 12)}, "birth_date_too_old", "birth_date"),
        ({"weight_kg": Decimal(0)}, "weight_impossible", "weight_kg"),
        ({"status": PatientStatus.DIED}, "died_on_missing", "died_on"),
        ({"died_on": date(1950, 1, 1)}, "died_on_impossible", "died_on"),
        ({"toxin_elsewhere": (ElsewhereForm(date(2026, 4, 1)),)}, "elsewhere_in_future", "toxin_elsewhere"),
        (
            {"toxin_elsewhere": (ElsewhereForm(date(2026, 1, 1), units=Decimal(-1)),)},
            "units_negative",
            "toxin_elsewhere",
        ),
        ({"weighed_on": date(2026, 3, 3)}, "day_impossible", "weighed_on"),
        ({"weighed_on": date(1961, 3, 11)}, "day_impossible", "weighed_on"),
        ({"pregnancy_asked_on": date(2026, 3, 3)}, "day_impossible", "pregnancy_asked_on"),
        ({"toxin_elsewhere": (ElsewhereForm(date(1960, 1, 1)),)}, "elsewhere_before_birth", "toxin_elsewhere"),
        ({"toxin_elsewhere": (ElsewhereForm(date(2026, 1, 1), place="a" * 301),)}, "text_too_long", "toxin_elsewhere"),
        ({"history": HistoryForm(onset=PartialDate(1960))}, "onset_impossible", "onset"),
        ({"history": HistoryForm(onset=PartialDate(2026, 4))}, "onset_impossible", "onset"),
        ({"history": HistoryForm(pain=11)}, "number_out_of_range", "pain"),
        ({"history": HistoryForm(icd10cm="neck")}, "icd10cm_impossible", "icd10cm"),
        ({"history": HistoryForm(icd10cm="G24.३")}, "icd10cm_impossible", "icd10cm"),
        ({"history": HistoryForm(family="a" * 1001)}, "text_too_long", "family"),
        ({"history": HistoryForm(cause="a" * 301)}, "text_too_long", "cause"),
        ({"history": HistoryForm(better_with=("rest", "a" * 1000))}, "text_too_long", "better_with"),
        ({"diagnoses": (DiagnosisForm(),)}, "diagnosis_empty", "diagnoses"),
        ({"diagnoses": (DiagnosisForm(icd10cm="12"),)}, "icd10cm_impossible", "diagnoses"),
        (
            {"diagnoses": (DiagnosisForm("blepharospasm", since=PartialDate(2027)),)},
            "diagnosis_date_impossible",
            "diagnoses",
        ),
        ({"components": (Component(" "),)}, "component_missing", "components"),
        ({"components": (Component("a" * 101),)}, "text_too_long", "components"),
        ({"authorizations": (AuthorizationForm(" "),)}, "authorization_number_missing", "authorizations"),
        ({"authorizations": (AuthorizationForm("1", units=Decimal(0)),)}, "units_negative", "authorizations"),
        ({"authorizations": (AuthorizationForm("1", visits=0),)}, "number_out_of_range", "authorizations"),
        (
            {"authorizations": (AuthorizationForm("1", first_day=date(2026, 2, 1), last_day=date(2026, 1, 31)),)},
            "authorization_ends_before_it_begins",
            "authorizations",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    clinic: OpenClinic, typed: dict[str, object], code: str, field: str
) -> None:
    with pytest.raises(ClinicError) as refused:
        clinic.patient(**typed)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert str(refused.value)


def test_a_record_number_belongs_to_one_patient(clinic: OpenClinic) -> None:
    clinic.patient(record_number="77")
    with pytest.raises(ClinicError) as refused:
        clinic.patient(record_number="77", family_name="Other")
    assert refused.value.field == "record_number"
    assert "77" in str(refused.value)


def test_an_empty_record_number_becomes_the_next_free_one(clinic: OpenClinic) -> None:
    clinic.patient(record_number="MRN0000002")
    patient_id = clinic.patient(family_name="Other")
    assert clinic.services.patients.details(clinic.desk, patient_id).form.record_number == "MRN0000003"


def test_the_second_of_two_saves_is_told_and_nothing_is_overwritten(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    shown = clinic.services.patients.details(clinic.physician, patient_id)
    clinic.services.patients.save(clinic.nurse, patient_id, shown.version, replace(shown.form, phone="555-1"))
    with pytest.raises(RecordChanged):
        clinic.services.patients.save(clinic.physician, patient_id, shown.version, replace(shown.form, phone="555-2"))
    assert clinic.services.patients.details(clinic.desk, patient_id).form.phone == "555-1"


def test_the_front_desk_saves_contact_and_leaves_the_clinical_record_alone(clinic: OpenClinic) -> None:
    patient_id = clinic.services.patients.register(clinic.physician, FULL)
    shown = clinic.services.patients.details(clinic.desk, patient_id)
    assert shown.form.history == HistoryForm()
    clinic.services.patients.save(clinic.desk, patient_id, shown.version, replace(shown.form, phone="555-9"))
    assert clinic.services.patients.details(clinic.physician, patient_id).form == replace(FULL, phone="555-9")


def test_possible_duplicates_are_those_of_like_name_and_birth_date(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    clinic.patient(family_name="Lindqvist", given_name="Tove")
    found = clinic.services.patients.possible_duplicates(
        clinic.desk, PatientForm(family_name="Okafo", given_name="Adah", birth_date=date(1961, 3, 12))
    )
    assert [row.id for row in found] == [patient_id]
    assert clinic.services.patients.possible_duplicates(clinic.desk, PatientForm()) == ()


def test_the_banner_says_who_it_is_and_what_to_look_out_for(clinic: OpenClinic) -> None:
    patient_id = clinic.services.patients.register(clinic.physician, replace(FULL, pregnant=True))
    banner = clinic.services.patients.banner(clinic.desk, patient_id)
    assert (banner.name, banner.age, banner.record_number) == ("Élodie Muñoz", 64, "A-77")
    assert banner.allergies == ("cow's milk protein",)
    assert banner.cautions == ("pregnant", "trouble swallowing", "baclofen")
    assert banner.last_injected_on == date(2026, 1, 5)
    assert banner.days_since_last == 56


def test_what_nobody_may_do_without_the_role(clinic: OpenClinic) -> None:
    stranger = replace(clinic.desk, roles=frozenset())
    with pytest.raises(NotAllowed):
        clinic.services.patients.search(stranger, "a")
    with pytest.raises(NotFound):
        clinic.services.patients.details(clinic.desk, 999)


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_cleaned_text_has_no_control_characters_and_stays_clean(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert "\x00" not in cleaned


@given(st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_age_grows_by_one_on_the_birthday_only(born: date, day: date) -> None:
    age = years_between(born, day)
    assert born.replace(year=born.year + age, day=min(born.day, 28)) <= day
    assert 0 <= age <= 200


def test_a_date_in_no_known_form_means_nothing() -> None:
    assert days_meant("1961", date(2026, 3, 2)) == ()
    assert days_meant("99/99/1961", date(2026, 3, 2)) == ()
    assert set(days_meant("03/12/1961", date(2026, 3, 2))) == {date(1961, 3, 12), date(1961, 12, 3)}


def entry(text: str = "baclofen", **more: object) -> Entry:
    return Entry(EntryKind.MEDICINE, text, **more)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (entry(" "), "entry_empty"),
        (entry("a" * 1001), "text_too_long"),
        (entry(detail="a" * 1001), "text_too_long"),
        (entry(since=PartialDate(2027)), "entry_in_future"),
        (entry(since=PartialDate(2026, 3, 3)), "entry_in_future"),
        (entry(until=PartialDate(2026, 4)), "entry_ends_in_future"),
        (entry(since=PartialDate(1960)), "entry_before_birth"),
        (entry(since=PartialDate(1961, 2)), "entry_before_birth"),
        (entry(since=PartialDate(2019, 4), until=PartialDate(2019, 3)), "entry_ends_before_it_begins"),
        (entry(since=PartialDate(2019, 4, 2), until=PartialDate(2019, 4, 1)), "entry_ends_before_it_begins"),
    ],
)
def test_a_dated_line_that_cannot_be_is_refused_at_its_list(clinic: OpenClinic, typed: Entry, code: str) -> None:
    with pytest.raises(ClinicError) as refused:
        clinic.patient(entries=(typed,))
    assert (refused.value.code, refused.value.field) == (code, "medicine")
    assert typed.text.strip()[:50] in str(refused.value) or code in ("entry_empty", "text_too_long")


@pytest.mark.parametrize(
    "typed",
    [
        entry("a" * 1000, detail="b" * 1000),
        entry(since=PartialDate(1961), until=PartialDate(1961)),
        entry(since=PartialDate(2019, 4), until=PartialDate(2019)),
        entry(since=PartialDate(2026, 3, 2), until=PartialDate(2026, 3, 2)),
        entry(since=PartialDate(2026), until=PartialDate(2026, 3)),
    ],
)
def test_a_dated_line_that_just_can_be_is_kept(clinic: OpenClinic, typed: Entry) -> None:
    patient_id = clinic.patient(entries=(typed,))
    assert clinic.services.patients.details(clinic.nurse, patient_id).form.entries == (typed,)


@pytest.mark.parametrize(
    ("typed", "kept"), [("g24.3", "G24.3"), (" G243 ", "G24.3"), ("i69351", "I69.351"), ("F48", "F48"), ("", "")]
)
def test_a_code_is_kept_as_the_code_book_writes_it(clinic: OpenClinic, typed: str, kept: str) -> None:
    patient_id = clinic.patient(history=HistoryForm(icd10cm=typed))
    assert clinic.services.patients.details(clinic.nurse, patient_id).form.history.icd10cm == kept


def test_own_words_are_cleaned_and_each_is_kept_once(clinic: OpenClinic) -> None:
    patient_id = clinic.patient(history=HistoryForm(better_with=(" rest\x00 ", "", "rest", "a collar")))
    kept = clinic.services.patients.details(clinic.nurse, patient_id).form.history.better_with
    assert kept == ("rest", "a collar")


def test_what_nobody_asked_stays_unasked(clinic: OpenClinic) -> None:
    patient_id = clinic.patient(history=HistoryForm(is_task_specific=None, runs_in_family=False))
    kept = clinic.services.patients.details(clinic.nurse, patient_id).form.history
    assert (kept.is_task_specific, kept.runs_in_family, kept.cause_group) == (None, False, None)


def test_the_front_desk_neither_reads_nor_changes_weight_and_pregnancy(clinic: OpenClinic) -> None:
    patient_id = clinic.services.patients.register(clinic.physician, replace(FULL, pregnant=True))
    shown = clinic.services.patients.details(clinic.desk, patient_id)
    assert (shown.form.weight_kg, shown.form.pregnant, shown.form.diagnoses) == (None, False, ())
    clinic.services.patients.save(clinic.desk, patient_id, shown.version, replace(shown.form, weight_kg=Decimal(1)))
    assert clinic.services.patients.details(clinic.physician, patient_id).form == replace(FULL, pregnant=True)


def test_a_save_of_the_front_desk_is_not_held_up_by_what_it_cannot_see(clinic: OpenClinic) -> None:
    patient_id = clinic.services.patients.register(clinic.physician, FULL)
    shown = clinic.services.patients.details(clinic.desk, patient_id)
    hostile = replace(shown.form, phone="555-9", entries=(entry(since=PartialDate(2027)),))
    clinic.services.patients.save(clinic.desk, patient_id, shown.version, hostile)
    assert clinic.services.patients.details(clinic.physician, patient_id).form == replace(FULL, phone="555-9")


def test_what_has_ended_is_no_caution_any_more(clinic: OpenClinic) -> None:
    entries = (
        Entry(EntryKind.MEDICINE, "gentamicin", "aminoglycosides", until=PartialDate(2026, 3, 1)),
        Entry(EntryKind.MEDICINE, "baclofen", "muscle_relaxants", until=PartialDate(2026, 3)),
        Entry(EntryKind.CONDITION, "trouble swallowing", until=PartialDate(2024)),
        Entry(EntryKind.ALLERGY, "penicillin", until=PartialDate(2020)),
        Entry(EntryKind.ALLERGY, "cow's milk"),
    )
    banner = clinic.services.patients.banner(clinic.desk, clinic.patient(entries=entries))
    assert banner.cautions == ("baclofen",)
    assert banner.allergies == ("cow's milk",)


def test_the_audit_tells_of_the_line_taken_away_and_of_the_others_only_that_they_moved_up(clinic: OpenClinic) -> None:
    first, second, third = entry("baclofen"), entry("clonazepam"), entry("levodopa")
    patient_id = clinic.patient(entries=(first, second, third))
    shown = clinic.services.patients.details(clinic.nurse, patient_id)
    clinic.services.patients.save(clinic.nurse, patient_id, shown.version, replace(shown.form, entries=(first, third)))
    with clinic.store.database.reading() as session:
        trail = session.scalars(select(AuditEntry).where(AuditEntry.kind == "patient_entry").order_by(AuditEntry.id))
        told = [(each.what, each.before.get("text"), each.after) for each in trail if each.what != "created"]
    assert ("removed", "clonazepam") in {(what, text) for what, text, _ in told}
    # The one behind moved up by one place; nothing else is told of it.
    assert [after for what, _, after in told if what == "changed"] == [{"position": 1}]
