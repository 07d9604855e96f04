"""Bundles of other programs: what comes through, what is left out and why, and that none is too odd to be told so."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from random import Random
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.errors import ClinicError
from clinic_app.exchange.fhir import reading
from clinic_app.exchange.fhir.facts import DiagnosisFact, ElsewhereFact, EntryFact, PatientFact, RecordFact
from clinic_app.exchange.fhir.read_facts import ReadBundle, ReadDiagnosis, ReadPatient
from clinic_app.exchange.fhir.reading import read_bundle
from clinic_app.partial_dates import PartialDate
from clinic_app.reference.catalogue import Reference
from clinic_app.services.fhir_import import patient_form
from clinic_app.services.patient_checks import checked
from clinic_app.services.patient_data import PatientForm
from clinic_app.terms import EntryKind, PatientStatus, Sex
from tests.exchange.fhir.records import BARE, PATIENT, RECORD, bundles
from tests.exchange.fhir.resources import Resource, anna, bundle, of_anna
from tests.exchange.fhir.spoiling import spoiled

TODAY = date(2026, 11, 2)


def read(reference: Reference, *resources: Resource) -> ReadBundle:
    return read_bundle(bundle(*resources), reference, TODAY)


def only(reference: Reference, *resources: Resource) -> ReadPatient:
    (patient,) = read(reference, anna(), *resources).patients
    return patient


def said(found: ReadBundle) -> list[str]:
    return [str(each.reason) for each in found.left_out]


def test_a_patient_of_another_program_comes_through(reference: Reference) -> None:
    patient = only(reference)
    assert (patient.record_number, patient.given_name, patient.family_name) == ("77", "Anna Maria", "Larsen")
    assert (patient.birth_date, patient.sex) == (date(1970, 2, 28), Sex.FEMALE)
    assert patient.address == "1 Quay\nBergen 5003\nNO"
    assert (patient.phone, patient.email, patient.language) == ("555-1", "a@example.org", "nb")
    assert [str(each) for each in patient.remarks] == ["Only the first of identifier was taken over; left out: INS-9."]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": None}, "It has no family name."),
        ({"name": "Larsen"}, "It has no family name."),
        ({"birthDate": None}, "It has no birth date."),
        ({"birthDate": "1970"}, "The birth date “1970” is not a whole day."),
        ({"birthDate": "1970-02-30"}, "The birth date “1970-02-30” is not a whole day."),
        ({"birthDate": "2030-01-01"}, "The birth date 2030-01-01 cannot be."),
        ({"deceasedDateTime": "1969-12-31"}, "The date of death 1969-12-31 is before the birth or after today."),
        ({"deceasedDateTime": "2026-11-03"}, "The date of death 2026-11-03 is before the birth or after today."),
        ({"deceasedBoolean": True}, "The patient has died, but the file does not say on which day."),
        ({"name": [{"family": "x" * 301}]}, "Its name is longer than a record can hold."),
        (
            {"modifierExtension": [{"url": "urn:never-mind", "valueBoolean": True}]},
            "It is marked with rules that only the other program knows, so nothing of it can be trusted.",
        ),
    ],
)
def test_who_cannot_become_a_patient_is_refused_with_the_reason(
    reference: Reference, changes: Resource, reason: str
) -> None:
    found = read(reference, anna(**changes), of_anna("Condition", code={"text": "asthma"}))
    assert [str(each) for each in found.patients[0].refused] == [reason]
    assert said(found) == [reason, "Its patient cannot be taken over."]


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"name": [{"text": "Anna Larsen"}]}, "all of it stands as the family name"),
        ({"active": False}, "it stands as moved away"),
        ({"gender": "f"}, "“f” is no word for gender"),
        ({"telecom": [{"system": "phone", "value": "5" * 101}]}, "phone is longer"),
        ({"extension": [{"url": "http://example.org/race", "valueString": "x"}]}, "Extensions of the other program"),
        ({"_birthDate": {"extension": [{"url": "http://example.org/time"}]}}, "Extensions of the other program"),
        ({"photo": [{"url": "x"}], "link": []}, "Not taken over: link, photo."),
        ({"telecom": 5}, "telecom is not what FHIR has there"),
    ],
)
def test_what_was_not_taken_over_of_a_patient_is_told(reference: Reference, changes: Resource, remark: str) -> None:
    (patient,) = read(reference, anna(**changes)).patients
    assert patient.refused == ()
    assert remark in " ".join(map(str, patient.remarks))


def test_the_dead_have_their_day(reference: Reference) -> None:
    (patient,) = read(reference, anna(deceasedDateTime="2026-01-05T23:00:00+01:00")).patients
    assert (patient.status, patient.died_on, patient.refused) == (PatientStatus.DIED, date(2026, 1, 5), ())


def test_what_is_treated_is_found_by_its_code_and_everything_else_is_a_condition(reference: Reference) -> None:
    icd = "http://hl7.org/fhir/sid/icd-10-cm"
    patient = only(
        reference,
        of_anna("Condition", code={"coding": [{"system": icd, "code": "G24.3"}]}, onsetDateTime="2010-06"),
        of_anna("Condition", code={"coding": [{"system": icd, "code": "I10"}], "text": "high blood pressure"}),
        of_anna("Condition", code={"coding": [{"system": "http://snomed.info/sct", "code": "1", "display": "asthma"}]}),
    )
    assert patient.diagnoses == (ReadDiagnosis("cervical_dystonia", "G24.3", PartialDate(2010, 6)),)
    assert [(each.text, each.detail) for each in patient.entries] == [("high blood pressure", "I10"), ("asthma", "")]


def test_medicines_come_with_their_dose_and_from_wherever_they_are_named(reference: Reference) -> None:
    patient = only(
        reference,
        {"resourceType": "Medication", "id": "m", "code": {"text": "baclofen"}},
        of_anna("MedicationStatement", status="active", medicationReference={"reference": "Medication/m"}),
        of_anna(
            "MedicationStatement",
            status="active",
            contained=[{"resourceType": "Medication", "id": "in", "code": {"text": "tizanidine"}}],
            medicationReference={"reference": "#in"},
            dosage=[{"text": "2 mg at night"}],
            effectivePeriod={"start": "2020-03-04T10:00:00Z", "end": "2031"},
        ),
    )
    baclofen, tizanidine = patient.entries
    assert (baclofen.text, tizanidine.text, tizanidine.detail) == ("baclofen", "tizanidine", "2 mg at night")
    assert (tizanidine.since, tizanidine.until) == (PartialDate(2020, 3, 4), None)
    assert "It ends in the future (2031): it stands as going on." in map(str, patient.remarks)


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        (of_anna("Condition"), "It does not say what it is."),
        (of_anna("Condition", code={"text": "x" * 1001}), "code.text is longer than a record can hold"),
        (of_anna("Condition", code={"text": "a"}, onsetDateTime="1950"), "1950 is before the birth."),
        (of_anna("Condition", code={"text": "a"}, onsetDateTime="2027"), "2027 is in the future."),
        (
            of_anna("Condition", code={"text": "a"}, onsetDateTime="2020", abatementDateTime="2019"),
            "It ends before it begins (2020, 2019).",
        ),
        (
            of_anna("Condition", code={"text": "a"}, clinicalStatus={"coding": [{"code": "resolved"}]}),
            "It is over, but the file does not say since when.",
        ),
        (
            of_anna("AllergyIntolerance", code={"text": "a"}, verificationStatus={"coding": [{"code": "refuted"}]}),
            "refuted or entered in error",
        ),
        (
            of_anna("MedicationStatement", status="not-taken", medicationCodeableConcept={"text": "a"}),
            "The other program marked it as not-taken",
        ),
        # what R5 made of it
        (of_anna("MedicationStatement", status="recorded", medication={"concept": {"text": "a"}}), "does not say what"),
        ({"resourceType": "Condition", "code": {"text": "a"}}, "It belongs to nobody in the file"),
        (
            {"resourceType": "Condition", "code": {"text": "a"}, "subject": {"reference": "Patient/2"}},
            "It belongs to nobody in the file (Patient/2).",
        ),
        (anna(), "The same patient stands in the file already"),
        ({}, "It holds no resource."),
    ],
)
def test_what_cannot_become_a_line_of_the_record_is_left_out_with_the_reason(
    reference: Reference, resource: Resource, reason: str
) -> None:
    found = read(reference, anna(), resource)
    assert found.patients[0].entries == ()
    (left_out,) = found.left_out
    assert left_out.number == 2
    assert reason in str(left_out.reason)


def test_toxin_given_elsewhere_keeps_units_only_of_the_very_product(reference: Reference) -> None:
    text = bundles(reference).single(RECORD)
    ours = read_bundle(text.encode(), reference, TODAY)
    assert [each.units for each in ours.patients[0].elsewhere] == [Decimal("500.5"), None]
    other = text.replace("U of abobotulinumtoxinA", "U of onabotulinumtoxinA")
    theirs = read_bundle(other.encode(), reference, TODAY)
    assert [each.units for each in theirs.patients[0].elsewhere] == [None, None]
    assert "is not in units of the product" in " ".join(map(str, theirs.patients[0].remarks))


@pytest.mark.parametrize(
    ("dose", "units"),
    [
        ('{"value":500.125,"unit":"U of abobotulinumtoxinA"}', Decimal("500.125")),
        ('{"value":500.1255,"unit":"U of abobotulinumtoxinA"}', None),
        ('{"value":0,"unit":"U of abobotulinumtoxinA"}', None),
        ('{"value":-5,"unit":"U of abobotulinumtoxinA"}', None),
        ('{"value":1e999999999999999999999,"unit":"U of abobotulinumtoxinA"}', None),
        ('{"value":5,"unit":"U"}', None),
        ('{"value":"5","unit":"U of abobotulinumtoxinA"}', None),
    ],
)
def test_a_dose_that_is_not_sure_is_left_out_and_told(reference: Reference, dose: str, units: Decimal | None) -> None:
    text = bundles(reference).single(RECORD)
    changed = text.replace('{"value":500.5,"unit":"U of abobotulinumtoxinA"}', dose)
    assert changed != text
    (patient,) = read_bundle(changed.encode(), reference, TODAY).patients
    assert patient.elsewhere[0].units == units
    assert bool(patient.remarks) == (units is None)


def test_what_we_write_we_read_back(reference: Reference) -> None:
    text = "".join(bundles(reference).whole([RECORD]))
    found = read_bundle(text.encode(), reference, TODAY)
    assert found.left_out == ()
    assert found.patients[0].remarks == ()
    assert as_facts(patient_form(found.patients[0])) == comparable(PATIENT)


def test_the_dead_of_whom_we_have_no_day_are_not_brought_to_life(reference: Reference) -> None:
    found = read_bundle(bundles(reference).single(BARE).encode(), reference, TODAY)
    assert [each.code for each in found.patients[0].refused] == ["death_not_whole"]


WHEN = st.dates(date(1971, 1, 1), TODAY).map(str).flatmap(lambda day: st.sampled_from([day, day[:7], day[:4], ""]))
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20).map(
    partial(normalize, "NFC")  # as the record keeps them
)


@st.composite
def entries(draw: st.DrawFn) -> EntryFact:
    kind = draw(st.sampled_from([EntryKind.ALLERGY, EntryKind.CONDITION, EntryKind.MEDICINE]))
    since, until = draw(WHEN), draw(WHEN)
    if since and until and PartialDate.read(until).latest < PartialDate.read(since).earliest:
        until = ""
    return EntryFact(
        0, kind, draw(WORDS), draw(st.sampled_from(["", "known"])), draw(WORDS | st.just("")), since, until
    )


@given(
    lines=st.lists(entries(), max_size=5),
    names=st.tuples(WORDS, WORDS | st.just("")),
    given_on=st.none() | st.dates(date(1971, 1, 1), TODAY),
    units=st.none() | st.decimals("0.001", 99999, places=3),
    products=st.sampled_from(["onabotulinumtoxinA", "rimabotulinumtoxinB"]),
    diagnoses=st.permutations([("cervical_dystonia", "G24.3"), ("of_a_later_release", ""), ("", "G51.4")]),
)
def test_any_record_is_read_back_as_it_was_written(
    reference: Reference,
    lines: list[EntryFact],
    names: tuple[str, str],
    given_on: date | None,
    units: Decimal | None,
    products: str,
    diagnoses: list[tuple[str, str]],
) -> None:
    elsewhere = () if given_on is None else (ElsewhereFact(1, given_on, products, units, "", "why"),)
    patient = replace(
        PATIENT,
        family_name=names[0],
        given_name=names[1],
        birth_date=date(1970, 1, 1),
        entries=tuple(replace(each, id=number) for number, each in enumerate(lines)),
        elsewhere=elsewhere,
        diagnoses=tuple(DiagnosisFact(number, number == 0, *each) for number, each in enumerate(diagnoses)),
    )
    text = bundles(reference).single(RecordFact(patient))
    (found,) = read_bundle(text.encode(), reference, TODAY).patients
    assert as_facts(patient_form(found)) == comparable(patient)


def comparable(patient: PatientFact) -> PatientFact:
    """Without what is never imported, and without the numbers that the other record had."""
    imported = (EntryKind.ALLERGY, EntryKind.CONDITION, EntryKind.MEDICINE)
    return replace(
        patient,
        id=0,
        entries=tuple(replace(each, id=0) for each in patient.entries if each.kind in imported),
        diagnoses=tuple(replace(each, id=0) for each in patient.diagnoses),
        elsewhere=tuple(replace(each, id=0) for each in patient.elsewhere),
    )


def as_facts(form: PatientForm) -> PatientFact:
    """The form as the facts that it would be exported as."""
    assert form.birth_date is not None
    history = form.history
    main = [DiagnosisFact(0, True, history.indication, history.icd10cm, str(history.onset or ""))]
    others = [DiagnosisFact(0, False, each.indication, each.icd10cm, str(each.since or "")) for each in form.diagnoses]
    return PatientFact(
        id=0,
        record_number=form.record_number,
        family_name=form.family_name,
        given_name=form.given_name,
        birth_date=form.birth_date,
        sex=form.sex,
        phone=form.phone,
        email=form.email,
        address=form.address,
        emergency_contact=form.emergency_contact,
        language=form.language,
        referring_doctor=form.referring_doctor,
        status=form.status,
        died_on=form.died_on,
        entries=tuple(
            EntryFact(0, each.kind, each.text, each.code, each.detail, str(each.since or ""), str(each.until or ""))
            for each in form.entries
        ),
        diagnoses=(*main, *others),
        elsewhere=tuple(
            ElsewhereFact(0, each.given_on, each.product, each.units, each.place, each.reason)
            for each in form.toxin_elsewhere
        ),
    )


def deep(levels: int) -> bytes:
    return b'{"resourceType":"Bundle","entry":' + b"[" * levels + b"]" * levels + b"}"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "fhir_not_json"),
        (b"<Bundle xmlns='http://hl7.org/fhir'/>", "fhir_is_xml"),
        (b"\xef\xbb\xbf  <?xml version='1.0'?><Bundle/>", "fhir_is_xml"),
        (b"\xff\xfe{\x00}\x00", "fhir_not_utf8"),
        (b"%PDF-1.7", "fhir_not_json"),
        (bundle(anna())[:-30], "fhir_not_json"),
        (bundle(anna()) + bundle(anna()), "fhir_not_json"),
        (bundle(anna()) + b"\n" + bundle(anna())[:-30], "fhir_not_json"),
        (bundle(anna()) + b"\n[]", "fhir_not_bundle"),
        (json.dumps(anna()).encode(), "fhir_not_bundle"),
        (b"[]", "fhir_not_bundle"),
        (b"5", "fhir_not_bundle"),
        (b'{"resourceType":["Bundle"]}', "fhir_not_bundle"),
        (b'{"resourceType":"Bundle","resourceType":"Bundle"}', "fhir_name_twice"),
        (b'{"resourceType":"Bundle","total":NaN}', "fhir_no_number"),
        (deep(100_000), "fhir_too_deep"),
        (b" " * (reading.MOST_BYTES + 1), "fhir_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_bundle_is_refused_in_a_sentence(reference: Reference, content: bytes, code: str) -> None:
    with pytest.raises(ClinicError) as refused:
        read_bundle(content, reference, TODAY)
    assert refused.value.code == code
    assert str(refused.value).endswith(".")


def test_huge_numbers_and_empty_bundles_are_read(reference: Reference) -> None:
    assert read_bundle(b'{"resourceType":"Bundle"}', reference, TODAY) == ReadBundle(())
    huge = b'{"resourceType":"Bundle","total":' + b"9" * 100_000 + b',"x":1e999999999999999999999}'
    assert read_bundle(huge, reference, TODAY) == ReadBundle(())


def test_a_bundle_a_line_is_read_like_one_bundle(reference: Reference) -> None:
    allergy = of_anna("AllergyIntolerance", code={"text": "Penicillin"})
    other = anna(id="2", name=[{"family": "Li\u2028nd"}])
    lines = bundle(anna(), allergy) + b"\n" + bundle(other) + b"\r\n\n"
    assert read_bundle(lines, reference, TODAY) == read_bundle(bundle(anna(), allergy, other), reference, TODAY)


def test_half_a_character_never_reaches_the_record(reference: Reference) -> None:
    (patient,) = read(reference, anna(name=[{"family": "Lar\ud800sen\x00"}])).patients
    assert patient.family_name == "Larsen"


def test_3400_spoiled_files_are_told_in_a_sentence_or_read_as_what_can_be_a_record(reference: Reference) -> None:
    whole = json.loads(bundles(reference).single(RECORD))
    wanted = {"Patient", "Condition", "AllergyIntolerance", "MedicationStatement", "Organization"}
    whole["entry"] = [each for each in whole["entry"] if each["resource"]["resourceType"] in wanted]
    content = json.dumps(whole).encode()
    outcomes: dict[str, int] = {}
    for number in range(3400):
        came = _read_spoiled(spoiled(content, Random(number)), reference, number)
        outcomes[came] = outcomes.get(came, 0) + 1
    assert min(outcomes[each] for each in ("whole", "in part", "refused")) > 200


def _read_spoiled(content: bytes, reference: Reference, number: int) -> str:
    try:
        found = read_bundle(content, reference, TODAY)
    except ClinicError as error:
        assert str(error)
        return "refused"
    except Exception as error:
        raise AssertionError(f"file {number}") from error
    for each in found.left_out:
        assert str(each.reason).endswith((".", "…"))
    for patient in found.patients:
        assert all(map(str, patient.remarks))
        if not patient.refused:
            form = checked(patient_form(patient), TODAY, clinical=True)
            repr(form).encode("utf-8")
    return "in part" if found.left_out or any(each.remarks for each in found.patients) else "whole"
