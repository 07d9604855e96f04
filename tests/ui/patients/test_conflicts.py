"""Two people edited one patient."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QRadioButton

from clinic_app.partial_dates import PartialDate
from clinic_app.services.patient_data import (
    Entry,
    HistoryForm,
    PatientForm,
)
from clinic_app.terms import EntryKind, Relief
from clinic_app.ui.differences import Keep
from clinic_app.ui.patients.form import PatientFormPage
from clinic_app.ui.patients.merging import NAMES, differences, merged, shown
from tests.records import WHOLE
from tests.ui.clinic import Clinic
from tests.ui.patients.conftest import Screen


def edited_by_two(clinic: Clinic, screen: Screen) -> tuple[int, PatientFormPage]:
    """The phone is changed here, the address elsewhere, the payer by both; the save has been refused."""
    patient = clinic.patient(payer="Before", phone="1", address="Old Street")
    screen.show(patient)
    screen.view.edit_item()
    screen.type(phone="2", payer="Mine")
    details = clinic.services.patients.details(clinic.actor, patient)
    theirs = replace(details.form, payer="Theirs", address="New Street")
    clinic.services.patients.save(clinic.actor, patient, details.version, theirs)
    screen.settle()
    screen.save()
    return patient, screen.form()


def test_a_stale_save_shows_both_versions_and_suggests_what_only_one_person_changed(
    clinic: Clinic, screen: Screen
) -> None:
    _, form = edited_by_two(clinic, screen)

    assert form.conflict.choices() == {"phone": Keep.MINE, "address": Keep.THEIRS}
    assert form.conflict.open_fields() == ["payer"]
    assert not form.save_button.isEnabled()


@pytest.mark.parametrize(("keep", "payer"), [(Keep.MINE, "Mine"), (Keep.THEIRS, "Theirs")])
def test_after_choosing_the_save_keeps_what_was_chosen(clinic: Clinic, screen: Screen, keep: Keep, payer: str) -> None:
    patient, form = edited_by_two(clinic, screen)

    form.conflict.choose("payer", keep)
    assert form.save_button.isEnabled()
    screen.save()

    saved = clinic.form(patient)
    assert (saved.payer, saved.phone, saved.address) == (payer, "2", "New Street")
    assert screen.view.form() is None


def test_every_field_of_the_record_has_its_name_in_a_conflict() -> None:
    changed = differences(PatientForm(), WHOLE, PatientForm())
    assert {difference.name for difference in changed} <= set(NAMES)
    everything = {*NAMES} - {"status", "died_on", "pregnant"}  # what WHOLE leaves as it begins
    assert {difference.name for difference in changed} == everything


def test_every_value_of_the_record_is_shown_in_words_in_a_conflict(clinic: Clinic) -> None:
    said = {
        d.name: shown(clinic.services.reference, d.name, d.theirs) for d in differences(PatientForm(), WHOLE, WHOLE)
    }
    assert said == {}
    said = {
        d.name: shown(clinic.services.reference, d.name, d.theirs)
        for d in differences(PatientForm(), WHOLE, PatientForm())
    }
    assert said["history.better_with"] == "A collar, touch to chin or face"
    assert said["history.onset"] == "Jun 2015"
    assert said["history.cause_group"] == "Acquired"
    assert said["history.runs_in_family"] == "no"
    assert said["diagnoses"] == "Blepharospasm · G24.5 · since 2021\nG20.A1"
    assert said["entries.medicine"].splitlines()[1] == "levodopa · Dopaminergic · 2018 – 28 Feb 2019"
    assert not [text for text in said.values() if "(" in text.replace("(spasmodic torticollis)", "")]


def test_what_two_people_added_to_one_list_can_both_be_kept(clinic: Clinic, screen: Screen) -> None:
    before = (Entry(EntryKind.MEDICINE, "baclofen", "muscle_relaxants"), Entry(EntryKind.MEDICINE, "levodopa"))
    patient = clinic.patient(entries=before)
    screen.show(patient)
    screen.view.edit_item()
    medicines = screen.form().fields.lists["medicine"]
    medicines.rows()[1].remove_button.click()
    medicines.add_usual({"text": "apixaban", "code": "anticoagulants_antiplatelets"})
    details = clinic.services.patients.details(clinic.actor, patient)
    theirs = replace(details.form, entries=(*before, Entry(EntryKind.MEDICINE, "clonazepam")))
    clinic.services.patients.save(clinic.actor, patient, details.version, theirs)
    screen.settle()
    screen.save()

    conflict = screen.form().conflict
    assert conflict.open_fields() == ["entries.medicine"]
    conflict.choose("entries.medicine", Keep.BOTH)
    screen.save()

    assert [entry.text for entry in clinic.form(patient).entries] == ["baclofen", "clonazepam", "apixaban"]


@given(
    st.lists(st.sampled_from("abcdef"), unique=True),
    st.lists(st.sampled_from("abcdef"), unique=True),
    st.lists(st.sampled_from("abcdef"), unique=True),
)
def test_both_lists_together_lose_nothing_that_either_kept_or_added(
    base: list[str], theirs: list[str], mine: list[str]
) -> None:
    forms = [PatientForm(history=HistoryForm(better_with=tuple(words))) for words in (base, theirs, mine)]
    name = "history.better_with"
    both = merged(forms[0], forms[1], forms[2], {name: Keep.BOTH}).history.better_with
    for word in "abcdef":
        kept_by_both = word in theirs and word in mine
        added = word not in base and (word in theirs or word in mine)
        assert (word in both) == (kept_by_both or added)


def test_typing_goes_on_when_somebody_else_saves_meanwhile(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    screen.show(patient)
    screen.view.edit_item()
    screen.type(phone="555 0199")

    details = clinic.services.patients.details(clinic.actor, patient)
    clinic.services.patients.save(clinic.actor, patient, details.version, replace(details.form, note="Theirs"))
    screen.settle()

    assert screen.form().fields.plain["phone"].value() == "555 0199"


def test_a_third_save_in_between_keeps_what_was_chosen_so_far(clinic: Clinic, screen: Screen) -> None:
    patient, form = edited_by_two(clinic, screen)
    form.conflict.choose("payer", Keep.MINE)
    details = clinic.services.patients.details(clinic.actor, patient)
    clinic.services.patients.save(
        clinic.actor, patient, details.version, replace(details.form, email="third@example.org", phone="3")
    )
    screen.settle()
    screen.save()

    # The phone was changed here and by the third person; the rest is settled.
    assert form.conflict.open_fields() == ["phone"]
    assert form.conflict.choices() == {"payer": Keep.MINE, "email": Keep.THEIRS}
    form.conflict.choose("phone", Keep.MINE)
    screen.save()
    saved = clinic.form(patient)
    assert (saved.payer, saved.phone, saved.address, saved.email) == ("Mine", "2", "New Street", "third@example.org")


def test_two_who_typed_the_same_are_told_so_and_nobody_has_to_choose(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    screen.show(patient)
    screen.view.edit_item()
    screen.type(phone="555 0199")
    details = clinic.services.patients.details(clinic.actor, patient)
    clinic.services.patients.save(clinic.actor, patient, details.version, replace(details.form, phone="555 0199"))
    screen.settle()
    screen.save()

    assert screen.view.form() is None
    assert screen.messages[-1][0] == "Somebody else saved the same for Ada Okafor."


def test_each_field_of_the_history_is_chosen_alone_and_by_keyboard(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient(history=HistoryForm(indication="cervical_dystonia", pain=3, better_with=("rest",)))
    screen.show(patient, "history")
    screen.view.edit_item()
    fields = screen.form().fields.history
    fields["pain"].editor.setText("5")
    fields["better_with"].chip(Relief.LYING_DOWN).click()
    details = clinic.services.patients.details(clinic.actor, patient)
    theirs = replace(details.form.history, pain=7, onset=PartialDate(2015), better_with=("rest", "a collar"))
    clinic.services.patients.save(clinic.actor, patient, details.version, replace(details.form, history=theirs))
    screen.settle()
    screen.save()

    conflict = screen.form().conflict
    assert conflict.choices() == {"history.onset": Keep.THEIRS}
    assert set(conflict.open_fields()) == {"history.pain", "history.better_with"}
    buttons = {button.accessibleName(): button for button in conflict.findChildren(QRadioButton)}
    QTest.keyClick(buttons["Pain, yours: 5"], Qt.Key.Key_Space)
    both = "Better with, what both of you did: Rest, a collar, lying down"
    QTest.keyClick(buttons[both], Qt.Key.Key_Space)
    screen.save()

    saved = clinic.form(patient).history
    assert (saved.pain, saved.onset) == (5, PartialDate(2015))
    assert saved.better_with == ("rest", "a collar", Relief.LYING_DOWN)
