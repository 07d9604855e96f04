from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from clinic_app.services.patient_data import (
    AuthorizationForm,
    Component,
    ElsewhereForm,
    Entry,
    HistoryForm,
    PatientForm,
)
from clinic_app.terms import EntryKind, PatientStatus, Sex, Side
from clinic_app.ui.patients.form import PatientFormPage
from clinic_app.ui.patients.merging import Keep
from clinic_app.ui.widgets.buttons import LinkButton
from tests.ui.patients.conftest import Clinic, Screen, Sit

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
    note="Comes with a walking stick.",
    usual_interval_weeks=13,
    entries=(
        Entry(EntryKind.ALLERGY, "cow's milk", "cows_milk_protein_allergy"),
        Entry(EntryKind.CONDITION, "swallows badly", "preexisting_dysphagia_or_breathing_difficulty"),
        Entry(EntryKind.MEDICINE, "apixaban 5 mg", "anticoagulants_antiplatelets"),
        Entry(EntryKind.MEDICINE, "levodopa", "dopaminergic"),
        Entry(EntryKind.TREATMENT, "physiotherapy", dated=date(2025, 1, 2)),
        Entry(EntryKind.TEST, "MRI", result="no lesion", dated=date(2024, 5, 6)),
    ),
    history=HistoryForm(
        indication="cervical_dystonia",
        icd10cm="G24.3",
        onset=date(2015, 6, 1),
        region_first="neck",
        distribution="focal",
        cause="idiopathic",
        task_specific="none",
        better_with="a touch to the chin",
        worse_with="long drives",
        pain=4,
        daily_tasks="reads ten minutes",
        complications="neck pain",
        family="an aunt with tremor",
    ),
    components=(Component("torticollis", Side.RIGHT), Component("retrocollis", None)),
    authorizations=(
        AuthorizationForm("PA-1", "onabotulinumtoxinA", Decimal(400), 4, date(2026, 1, 1), date(2026, 12, 31)),
    ),
    toxin_elsewhere=(ElsewhereForm(date(2026, 3, 3), "abobotulinumtoxinA", Decimal("12.5"), "cosmetic clinic"),),
)


def test_every_field_of_a_new_patient_is_kept(clinic: Clinic, screen: Screen) -> None:
    screen.view.new_item()
    screen.form().fields.show(WHOLE)

    screen.save()

    patient = screen.view.patient_id()
    assert patient is not None
    assert clinic.form(patient) == WHOLE
    assert screen.messages[-1][0] == "José Muñoz registered."
    assert screen.view.form() is None


def test_a_form_that_nobody_touched_saves_what_it_showed(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.services.patients.register(clinic.actor, WHOLE)
    screen.show(patient)
    screen.view.edit_item()

    assert screen.form().fields.form() == WHOLE
    assert not screen.form().dirty


def test_a_new_patient_without_a_number_gets_the_next_free_one(clinic: Clinic, screen: Screen) -> None:
    screen.new_patient(family_name="Okafor", birth_date="12/03/1961")
    screen.save()

    patient = screen.view.patient_id()
    assert patient is not None
    assert clinic.form(patient).record_number.startswith("MRN")


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"family_name": ""}, "family_name", "Type the family name."),
        ({"birth_date": ""}, "birth_date", "Type the birth date."),
        ({"birth_date": "5/8/2026"}, "birth_date", "future"),
        ({"birth_date": "31/02/1961"}, "birth_date", "Write a date"),
        ({"birth_date": "12/03/1861"}, "birth_date", "1890"),
        ({"record_number": "TAKEN"}, "record_number", "belongs to another patient"),
        ({"weight_kg": "-3"}, "weight_kg", "At least"),
        ({"weight_kg": "heavy"}, "weight_kg", "number"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    clinic: Clinic, screen: Screen, typed: dict[str, str], field: str, said: str
) -> None:
    clinic.patient("Ben", "Adler", record_number="TAKEN")
    kept = {"family_name": "Okafor", "birth_date": "12/03/1961", "phone": "555 0100"} | typed
    form = screen.new_patient(**kept)

    screen.save()

    part: Any = form.fields.plain[field]
    assert said in part.error()
    assert screen.view.form() is form
    for name, text in kept.items():
        assert form.fields.plain[name].editor.text() == text
    assert len(clinic.services.patients.search(clinic.actor, "okafor")) == 0


def test_an_onset_before_birth_is_said_at_the_onset(clinic: Clinic, screen: Screen) -> None:
    form = screen.new_patient(family_name="Okafor", birth_date="12/03/1961")
    form.fields.history["onset"].editor.setText("1/1/1950")

    screen.save()

    assert "between the birth date and today" in form.fields.history["onset"].error()


def test_a_person_who_may_be_registered_already_is_shown_and_can_be_opened_instead(
    clinic: Clinic, screen: Screen
) -> None:
    ada = clinic.patient()
    form = screen.new_patient(given_name="Ada", family_name="Okafor", birth_date="12/03/1961")
    form._ask_duplicates()  # the pause after the last key, without waiting for it
    screen.settle()

    assert [row.id for row in form.duplicates.rows()] == [ada]
    next(b for b in form.duplicates.findChildren(LinkButton) if b.text() == "Open this one instead").click()
    screen.settle()

    assert screen.view.patient_id() == ada
    assert screen.view.form() is None


def test_typing_waits_while_another_patient_is_looked_at(clinic: Clinic, screen: Screen) -> None:
    ada, ben = clinic.patient(), clinic.patient("Ben", "Adler")
    screen.show(ada)
    screen.view.edit_item()
    screen.type(phone="555 0199")

    screen.show(ben)
    assert screen.view.form() is None
    screen.show(ada)

    assert screen.form().fields.plain["phone"].value() == "555 0199"
    assert "not saved" in screen.view.unsaved()


def test_discarded_typing_can_be_had_back(clinic: Clinic, screen: Screen) -> None:
    screen.show(clinic.patient())
    screen.view.edit_item()
    screen.type(phone="555 0199")

    screen.view.go_back()
    text, undo = screen.messages[-1]
    assert screen.view.form() is None
    assert "discarded" in text
    assert undo is not None
    undo()
    screen.settle()

    assert screen.form().fields.plain["phone"].value() == "555 0199"


def test_leaving_an_untouched_form_says_nothing(clinic: Clinic, screen: Screen) -> None:
    screen.show(clinic.patient())
    screen.view.edit_item()

    screen.view.go_back()

    assert screen.view.form() is None
    assert screen.messages == []


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


def test_typing_goes_on_when_somebody_else_saves_meanwhile(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    screen.show(patient)
    screen.view.edit_item()
    screen.type(phone="555 0199")

    details = clinic.services.patients.details(clinic.actor, patient)
    clinic.services.patients.save(clinic.actor, patient, details.version, replace(details.form, note="Theirs"))
    screen.settle()

    assert screen.form().fields.plain["phone"].value() == "555 0199"


def test_rows_are_added_with_enter_and_removed_with_ctrl_delete(clinic: Clinic, screen: Screen) -> None:
    form = screen.new_patient(family_name="Okafor", birth_date="12/03/1961")
    medicines = form.fields.lists["medicine"]
    medicines.add_row()
    first = medicines.rows()[0].fields["text"]
    first.editor.setText("baclofen")  # type: ignore[attr-defined]  # a text field
    QTest.keyClick(first.editor, Qt.Key.Key_Return)
    assert len(medicines.rows()) == 2

    second = medicines.rows()[1].fields["text"]
    second.editor.setText("apixaban")  # type: ignore[attr-defined]  # a text field
    QTest.keyClick(second.editor, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)

    assert [entry.text for entry in medicines.items()] == ["baclofen"]


def test_an_empty_row_is_left_out(clinic: Clinic, screen: Screen) -> None:
    form = screen.new_patient(family_name="Okafor", birth_date="12/03/1961")
    for rows in form.fields.lists.values():
        rows.add_row()

    screen.save()

    patient = screen.view.patient_id()
    assert patient is not None
    saved = clinic.form(patient)
    assert not (saved.entries or saved.components or saved.authorizations or saved.toxin_elsewhere)


def test_toxin_elsewhere_without_its_date_is_asked_for_at_the_row(clinic: Clinic, screen: Screen) -> None:
    form = screen.new_patient(family_name="Okafor", birth_date="12/03/1961")
    elsewhere = form.fields.lists["toxin_elsewhere"]
    elsewhere.add_row()
    row = elsewhere.rows()[0]
    row.fields["place"].editor.setText("cosmetic clinic")  # type: ignore[attr-defined]  # a text field

    screen.save()

    assert screen.view.form() is form
    assert row.fields["given_on"].error()


def test_the_front_desk_changes_contact_and_leaves_the_clinical_record(
    open_clinic: Any, sit: Sit, clinic: Clinic
) -> None:
    patient = clinic.services.patients.register(clinic.actor, WHOLE)
    screen = sit(open_clinic("rosa"))
    screen.show(patient)
    screen.view.edit_item()
    assert "history" not in screen.form().fields.parts()
    assert not screen.form().fields.lists
    screen.type(phone="555 0999")

    screen.save()

    assert clinic.form(patient) == replace(WHOLE, phone="555 0999")
