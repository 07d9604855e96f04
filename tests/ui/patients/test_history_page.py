"""The history as it is read."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from clinic_app.partial_dates import PartialDate
from clinic_app.services.patient_data import AuthorizationForm, Component, ElsewhereForm, Entry, HistoryForm
from clinic_app.terms import EntryKind, Side
from clinic_app.ui.patients.history import HistoryPage
from clinic_app.ui.patients.history_words import onset_text
from clinic_app.ui.patients.record_lines import Line
from tests.records import WHOLE
from tests.ui.clinic import Clinic
from tests.ui.patients.conftest import Screen


def history_of(clinic: Clinic, screen: Screen, **typed: Any) -> HistoryPage:
    screen.show(clinic.patient(**typed), "history")
    return screen.view.page.history


def test_the_dystonia_is_told_in_the_order_in_which_it_is_asked(clinic: Clinic, screen: Screen) -> None:
    screen.show(clinic.services.patients.register(clinic.actor, WHOLE), "history")
    assert screen.view.page.history.dystonia.facts() == (
        ("Indication", "Cervical dystonia (spasmodic torticollis)"),
        ("ICD-10-CM", "G24.3 · Spasmodic torticollis"),
        ("Distribution", "Focal: one region"),
        ("Also", "Blepharospasm · G24.5 · since 2021\nG20.A1"),
        ("Onset", "Jun 2015 · age 54"),
        ("Region first", "Right shoulder"),
        ("Cause", "Acquired: stroke"),
        ("In the family", "No: nobody of three sisters"),
        ("Components", "Torticollis to the right\nRetrocollis\nWrist flexion\nA word of my own"),
        ("One task only", "Yes: writing"),
        ("Better with", "A collar, touch to chin or face"),
        ("Worse with", "Driving, stress"),
        ("Pain", "4 of 10"),
        ("Daily tasks", "Reading"),
        ("Complications", "Mood, a stiff jaw"),
    )


def test_what_nobody_asked_is_left_out_and_an_empty_history_says_what_to_do(clinic: Clinic, screen: Screen) -> None:
    page = history_of(clinic, screen, history=HistoryForm())
    assert page.dystonia.facts() == ()
    assert not page.dystonia._nothing.isHidden()
    page = history_of(clinic, screen, history=HistoryForm(runs_in_family=False))
    assert page.dystonia.facts() == (("In the family", "No"),)
    assert page.dystonia._nothing.isHidden()


def test_medicines_still_taken_stand_before_those_that_ended(clinic: Clinic, screen: Screen) -> None:
    page = history_of(
        clinic,
        screen,
        entries=(
            Entry(EntryKind.MEDICINE, "levodopa", "dopaminergic", "", PartialDate(2018), PartialDate(2019, 2)),
            Entry(EntryKind.MEDICINE, "baclofen", "muscle_relaxants", "10 mg", PartialDate(2021)),
            Entry(EntryKind.MEDICINE, "ramipril", until=PartialDate(2026, 8)),
        ),
    )
    assert page.lists[EntryKind.MEDICINE].lines() == (
        Line("Baclofen", "Muscle relaxant, baclofen or benzodiazepine · 10 mg", "since 2021"),
        Line("Ramipril", "", "until Aug 2026"),
        Line("Levodopa", "Dopaminergic", "2018 – Feb 2019", past=True),
    )


def test_tests_stand_the_latest_first_with_their_kind(clinic: Clinic, screen: Screen) -> None:
    page = history_of(
        clinic,
        screen,
        entries=(
            Entry(EntryKind.TEST, "brain", "mri", "no lesion", PartialDate(2019)),
            Entry(EntryKind.TEST, "Genetic test", "genetic", "no variant"),
            Entry(EntryKind.TEST, "of the neck", "emg", "", PartialDate(2024, 5, 6)),
        ),
    )
    assert page.lists[EntryKind.TEST].lines() == (
        Line("EMG: of the neck", "", "6 May 2024"),
        Line("MRI: brain", "no lesion", "2019"),
        Line("Genetic test", "no variant"),
    )


def test_a_lapsed_authorization_is_marked_and_stands_last(clinic: Clinic, screen: Screen) -> None:
    page = history_of(
        clinic,
        screen,
        authorizations=(
            AuthorizationForm("PA-1", "", None, None, None, date(2026, 8, 3)),
            AuthorizationForm("PA-2", "", Decimal(400), 1, date(2026, 8, 1), date(2026, 8, 4)),
        ),
    )
    assert page.authorizations.lines() == (
        Line("PA-2", "400 U · 1 visit", "1 Aug 2026 – 4 Aug 2026"),
        Line("PA-1", "", "to 3 Aug 2026", "Lapsed", past=True),
    )


def test_toxin_given_elsewhere_says_when_what_where_and_why(clinic: Clinic, screen: Screen) -> None:
    given = ElsewhereForm(date(2026, 3, 3), "", Decimal(20), "cosmetic clinic", "frown lines")
    page = history_of(clinic, screen, toxin_elsewhere=(given,))
    assert page.elsewhere.lines() == (Line("Product not known, 20 U", "cosmetic clinic · frown lines", "3 Mar 2026"),)


def test_that_nobody_is_pregnant_is_told_with_the_day_somebody_asked(clinic: Clinic, screen: Screen) -> None:
    page = history_of(clinic, screen, pregnancy_asked_on=date(2026, 8, 1))
    assert ("Pregnancy", "No, and not breastfeeding · asked 1 Aug 2026") in page.person_facts.facts()
    page = history_of(clinic, screen, pregnant=True)
    assert ("Pregnancy", "Pregnant") in page.person_facts.facts()


def test_the_age_at_onset_is_as_exact_as_the_onset() -> None:
    born = date(1961, 3, 12)
    assert onset_text(PartialDate(2015), born) == "2015 · age 53 or 54"
    assert onset_text(PartialDate(2015, 4), born) == "Apr 2015 · age 54"
    assert onset_text(PartialDate(2015, 3, 11), born) == "11 Mar 2015 · age 53"
    assert onset_text(PartialDate(1961), born) == "1961 · age 0"
    assert onset_text(PartialDate(2015), None) == "2015"
    assert onset_text(None, born) == ""


def test_a_side_is_said_as_the_component_has_it(clinic: Clinic, screen: Screen) -> None:
    page = history_of(
        clinic,
        screen,
        components=(
            Component("laterocollis", Side.LEFT),
            Component("shoulder_elevation", Side.RIGHT),
            Component("jaw_deviation", Side.LEFT),
            Component("wrist_flexion", Side.RIGHT),
        ),
    )
    assert dict(page.dystonia.facts())["Components"].splitlines() == [
        "Laterocollis to the left",
        "Shoulder elevation, right",
        "Jaw deviation to the left",
        "Wrist flexion, right",
    ]


def test_what_a_colleague_saves_stands_on_the_page_at_once(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    screen.show(patient, "history")
    page = screen.view.page.history
    assert page.lists[EntryKind.ALLERGY].lines() == ()

    details = clinic.services.patients.details(clinic.actor, patient)
    allergy = Entry(EntryKind.ALLERGY, "cow's milk", "cows_milk_protein_allergy", "hives", PartialDate(1999))
    clinic.services.patients.save(clinic.actor, patient, details.version, replace(details.form, entries=(allergy,)))
    screen.settle()

    assert page.lists[EntryKind.ALLERGY].lines() == (Line("Cow's milk", "Cow's milk protein · hives", "since 1999"),)
    assert screen.view.page.current_tab() == "history"
