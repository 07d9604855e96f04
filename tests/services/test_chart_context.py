"""Only what holds on the day of the visit reaches the checks."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from clinic_app.partial_dates import PartialDate
from clinic_app.services import charting
from clinic_app.services.patient_data import Component, DiagnosisForm, Entry, HistoryForm
from clinic_app.terms import EntryKind, Side
from tests.services.conftest import OpenClinic

GENTAMICIN = Entry(EntryKind.MEDICINE, "gentamicin", "aminoglycosides", "a course", PartialDate(2026, 2))


def found(clinic: OpenClinic, *entries: Entry, on: date = date(2026, 3, 2)) -> set[tuple[str, str]]:
    """The findings about the record in a chart of a day."""
    context = clinic.services.charts.context(clinic.physician, clinic.patient(entries=entries))
    content = clinic.content(visited_on=on)
    charted = charting.read(content, context, clinic.services.reference, datetime(2026, 3, 2, 10))
    return {(f.check, f.subject) for f in charted.findings if f.check.startswith("patient.")}


def test_a_medicine_without_an_end_reaches_the_checks(clinic: OpenClinic) -> None:
    assert found(clinic, GENTAMICIN) == {("patient.interaction", "aminoglycosides")}


def test_a_medicine_counts_to_the_last_day_that_its_end_can_mean(clinic: OpenClinic) -> None:
    for until, counts in (
        (PartialDate(2026, 3, 2), True),
        (PartialDate(2026, 3), True),
        (PartialDate(2026), True),
        (PartialDate(2026, 3, 1), False),
        (PartialDate(2026, 2), False),
        (PartialDate(2025), False),
    ):
        medicine = replace(GENTAMICIN, since=None, until=until)
        assert bool(found(clinic, medicine)) == counts, until


def test_a_visit_charted_for_an_earlier_day_is_checked_against_that_day(clinic: OpenClinic) -> None:
    ended = replace(GENTAMICIN, until=PartialDate(2026, 2, 20))
    assert found(clinic, ended, on=date(2026, 2, 20)) == {("patient.interaction", "aminoglycosides")}
    assert found(clinic, ended, on=date(2026, 2, 21)) == set()


def test_conditions_and_allergies_end_as_medicines_do(clinic: OpenClinic) -> None:
    over = PartialDate(2026, 1)
    swallowing = Entry(EntryKind.CONDITION, "trouble swallowing", "preexisting_dysphagia_or_breathing_difficulty")
    toxin = Entry(EntryKind.ALLERGY, "botulinum toxin", "hypersensitivity")
    assert {check for check, _ in found(clinic, swallowing, toxin)} == {"patient.condition", "patient.allergy"}
    assert found(clinic, replace(swallowing, until=over), replace(toxin, until=over)) == set()


def test_therapy_operations_and_tests_are_no_business_of_the_checks(clinic: OpenClinic) -> None:
    others = (EntryKind.TREATMENT, EntryKind.SURGERY, EntryKind.TEST)
    assert found(clinic, *(Entry(kind, "trouble swallowing, gentamicin, milk") for kind in others)) == set()


def test_what_the_history_says_of_the_dystonia_reaches_the_chart(clinic: OpenClinic) -> None:
    patient = clinic.patient(
        weight_kg=Decimal("61.5"),
        pregnant=True,
        history=HistoryForm(indication="cervical_dystonia", icd10cm="G24.3"),
        diagnoses=(DiagnosisForm("blepharospasm", "G24.5"), DiagnosisForm("", "G20.A1")),
        components=(Component("torticollis", Side.RIGHT), Component("retrocollis")),
        entries=(
            Entry(EntryKind.ALLERGY, "cow's milk", "cows_milk_protein_allergy"),
            Entry(EntryKind.MEDICINE, "a medicine of no class"),
        ),
    )
    context = clinic.services.charts.context(clinic.physician, patient)

    assert context.indications == ("cervical_dystonia", "blepharospasm")
    facts = context.facts_on(date(2026, 3, 2))
    assert (facts.weight_kg, facts.pregnant, facts.breastfeeding) == (Decimal("61.5"), True, False)
    assert facts.components == (("torticollis", "right"), ("retrocollis", ""))
    # The class is what the checks know; where there is none, the words themselves are matched.
    assert (facts.allergies, facts.medicine_classes) == (("cows_milk_protein_allergy",), ("a medicine of no class",))


def test_the_facts_of_a_day_are_those_without_end_and_those_that_held_then(clinic: OpenClinic) -> None:
    going_on = Entry(EntryKind.MEDICINE, "baclofen", "muscle_relaxants", since=PartialDate(2020))
    context = clinic.services.charts.context(
        clinic.physician, clinic.patient(entries=(replace(GENTAMICIN, until=PartialDate(2026, 2)), going_on))
    )
    assert context.facts_on(date(2026, 2, 28)).medicine_classes == ("muscle_relaxants", "aminoglycosides")
    assert context.facts_on(date(2026, 3, 1)).medicine_classes == ("muscle_relaxants",)
