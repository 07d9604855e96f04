"""Only what holds on the day of the visit reaches the checks."""

from dataclasses import replace
from datetime import date, datetime

from clinic_app.partial_dates import PartialDate
from clinic_app.services import charting
from clinic_app.services.patient_data import Entry
from clinic_app.terms import EntryKind
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
