from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtTest import QTest

from clinic_app.ui.widgets.buttons import LinkButton
from tests.records import WHOLE
from tests.ui.clinic import Clinic
from tests.ui.patients.conftest import Screen, Sit


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


def test_a_language_is_chosen_or_typed_and_the_field_says_in_which_one_papers_are_printed(
    clinic: Clinic, screen: Screen
) -> None:
    field = screen.new_patient(family_name="Costa", birth_date="12/03/1961").fields.plain["language"]
    assert [field.editor.itemText(number) for number in range(field.editor.count())] == ["English", "Español"]

    QTest.keyClicks(field.editor.lineEdit(), "Vietnamese")
    assert field.hint() == "Papers in English"
    field.editor.lineEdit().clear()
    assert field.hint() == ""
    QTest.keyClicks(field.editor.lineEdit(), "spanish")
    assert field.hint() == ""
    field.editor.setCurrentIndex(1)
    field.editor.activated.emit(1)
    assert screen.form().dirty
    screen.save()

    patient = screen.view.patient_id()
    assert patient is not None
    assert clinic.form(patient).language == "Español"
