from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.errors import ClinicError, NotAllowed, NotFound, RecordChanged
from clinic_app.services.patient_data import (
    AuthorizationForm,
    Component,
    ElsewhereForm,
    Entry,
    HistoryForm,
    PatientForm,
)
from clinic_app.services.patients import clean, dates_meant, fold, years_between
from clinic_app.terms import EntryKind, PatientStatus, Sex, Side
from tests.services.conftest import OpenClinic

FULL = PatientForm(
    record_number="A-77",
    family_name="Muñoz",
    given_name="Élodie",
    birth_date=date(1961, 3, 12),
    sex=Sex.FEMALE,
    weight_kg=Decimal("61.5"),
    weighed_on=date(2026, 2, 1),
    phone="555-0101",
    email="e@example.org",
    address="1 Mill Lane\nPort Alder",
    emergency_contact="Luis, 555-0102",
    language="Spanish",
    preferred_contact="telephone",
    referring_doctor="Dr. Aldridge",
    payer="State Plan",
    pregnant=False,
    note="Prefers mornings.",
    usual_interval_weeks=13,
    entries=(
        Entry(EntryKind.ALLERGY, "cow's milk protein", "cows_milk_protein_allergy"),
        Entry(EntryKind.CONDITION, "trouble swallowing"),
        Entry(EntryKind.MEDICINE, "baclofen", "muscle_relaxants"),
        Entry(EntryKind.TREATMENT, "physiotherapy"),
        Entry(EntryKind.TEST, "MRI", result="normal", dated=date(2020, 5, 1)),
    ),
    history=HistoryForm(indication="cervical_dystonia", icd10cm="G24.3", onset=date(2015, 1, 1), pain=4),
    components=(Component("torticollis", Side.RIGHT),),
    authorizations=(AuthorizationForm("PA-1", "onabotulinumtoxinA", Decimal(300), 4, date(2026, 1, 1)),),
    toxin_elsewhere=(ElsewhereForm(date(2026, 1, 5), "", None, "cosmetic clinic"),),
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
        ({"history": HistoryForm(onset=date(1950, 1, 1))}, "onset_impossible", "onset"),
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
    assert dates_meant("1961") == ()
    assert dates_meant("99/99/1961") == ()
    assert set(dates_meant("03/12/1961")) == {date(1961, 3, 12), date(1961, 12, 3)}
