"""The clinical part of the patient form: rows, chips and what follows from what."""

from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from clinic_app.services.patient_data import Entry
from clinic_app.terms import Cause, EntryKind
from clinic_app.ui.patients.row_lists import RowList
from tests.ui.clinic import TODAY, Clinic
from tests.ui.patients.conftest import Screen


def with_medicines(screen: Screen, *names: str) -> RowList[Any]:
    """The form of a new patient with these medicines in their rows."""
    form = screen.new_patient(family_name="Okafor", birth_date="12/03/1961")
    medicines = form.fields.lists["medicine"]
    for name in names:
        medicines.add_usual({"text": name})
    return medicines


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


def test_a_row_that_was_removed_can_be_had_back_where_it_was(clinic: Clinic, screen: Screen) -> None:
    medicines = with_medicines(screen, "baclofen", "apixaban", "levodopa")
    medicines.rows()[1].remove_button.click()
    text, undo = screen.messages[-1]
    assert text == "apixaban removed."
    assert [entry.text for entry in medicines.items()] == ["baclofen", "levodopa"]

    assert undo is not None
    undo()

    assert [entry.text for entry in medicines.items()] == ["baclofen", "apixaban", "levodopa"]


def test_ctrl_z_brings_back_one_removed_row_after_the_other(clinic: Clinic, screen: Screen) -> None:
    medicines = with_medicines(screen, "baclofen", "apixaban", "levodopa")
    medicines.rows()[0].remove_button.click()
    medicines.rows()[0].remove_button.click()
    assert [entry.text for entry in medicines.items()] == ["levodopa"]

    for _ in range(3):
        editor = medicines.rows()[0].fields["text"].editor
        QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert [entry.text for entry in medicines.items()] == ["baclofen", "apixaban", "levodopa"]


def test_removing_a_row_in_which_nothing_was_typed_says_nothing(clinic: Clinic, screen: Screen) -> None:
    medicines = with_medicines(screen)
    medicines.add_row()
    medicines.rows()[0].remove_button.click()
    assert screen.messages == []
    assert medicines.rows() == []


def test_the_class_follows_the_medicine_until_the_person_chooses_one(clinic: Clinic, screen: Screen) -> None:
    medicines = with_medicines(screen)
    medicines.add_row()
    row = medicines.rows()[0]
    text: Any = row.fields["text"]
    code: Any = row.fields["code"]
    text.editor.setText("trihexyphenidyl 2 mg")
    assert code.value() == "anticholinergics"
    text.editor.setText("something else")
    assert code.value() == ""
    code.editor.setCurrentIndex(3)
    code.editor.activated.emit(3)
    chosen = code.value()
    text.editor.setText("baclofen")
    assert code.value() == chosen != "muscle_relaxants"


def test_an_end_before_its_beginning_is_said_at_the_end(clinic: Clinic, screen: Screen) -> None:
    medicines = with_medicines(screen, "baclofen")
    fields: Any = medicines.rows()[0].fields
    fields["since"].editor.setText("2019")
    fields["until"].editor.setText("12/2018")

    screen.save()

    assert fields["until"].error() == "This is before the beginning."
    assert screen.view.form() is not None
    fields["until"].editor.setText("2019")
    screen.save()
    assert screen.view.form() is None


def test_what_only_the_service_knows_is_said_under_the_list(clinic: Clinic, screen: Screen) -> None:
    medicines = with_medicines(screen, "baclofen")
    since: Any = medicines.rows()[0].fields["since"]
    since.editor.setText("1950")

    screen.save()

    assert medicines.error() == "“baclofen” lies before the birth date. Check its date."
    assert screen.view.form() is not None


def test_a_code_that_is_none_is_said_at_the_code_and_nothing_is_lost(clinic: Clinic, screen: Screen) -> None:
    form = screen.new_patient(family_name="Okafor", birth_date="12/03/1961")
    form.fields.history["icd10cm"].editor.setEditText("stiff neck")

    screen.save()

    assert "is not an ICD-10-CM code" in form.fields.history["icd10cm"].error()
    assert form.fields.history["icd10cm"].editor.currentText().casefold() == "stiff neck"


def test_choosing_the_indication_proposes_its_code_and_distribution_and_keeps_what_was_typed(
    clinic: Clinic, screen: Screen
) -> None:
    history = screen.new_patient(family_name="Okafor").fields.history

    def choose(indication: str) -> None:
        index = history["indication"].editor.findText(clinic.services.reference.indications[indication].name)
        history["indication"].editor.setCurrentIndex(index)
        history["indication"].editor.activated.emit(index)

    choose("hemifacial_spasm")
    assert (history["icd10cm"].value(), history["distribution"].value()) == ("G51.31", "focal")
    codes = history["icd10cm"].editor
    assert [codes.itemData(n) for n in range(codes.count())] == ["G51.31", "G51.32", "G51.33", "G51.39"]
    codes.activated.emit(1)
    choose("cervical_dystonia")
    assert history["icd10cm"].value() == "G51.32"


def test_fields_that_only_an_answer_makes_sensible_come_with_it(clinic: Clinic, screen: Screen) -> None:
    history = screen.new_patient(family_name="Okafor").fields.history
    assert [history[name].isHidden() for name in ("cause", "task_specific", "family")] == [True] * 3
    history["cause_group"].chip(Cause.ACQUIRED).click()
    history["is_task_specific"].chip(True).click()
    history["runs_in_family"].chip(True).click()
    assert [history[name].isHidden() for name in ("cause", "task_specific", "family")] == [False] * 3
    history["family"].editor.setText("an aunt")
    history["runs_in_family"].chip(False).click()
    assert not history["family"].isHidden()


def test_typing_a_weight_dates_it_and_ticking_pregnant_notes_when_it_was_asked(clinic: Clinic, screen: Screen) -> None:
    plain = screen.new_patient(family_name="Okafor").fields.plain
    plain["weight_kg"].editor.setText("70")
    plain["pregnant"].editor.click()
    assert plain["weighed_on"].value() == TODAY
    assert plain["pregnancy_asked_on"].value() == TODAY


def test_edit_history_goes_straight_to_the_diagnosis(clinic: Clinic, screen: Screen) -> None:
    screen.show(clinic.patient(), "history")
    screen.view.page.history.edit_button.click()
    screen.settle()
    form = screen.form()
    assert form.fields.history["indication"].editor.hasFocus() or not screen.view.isActiveWindow()
    assert form.scroll_area.verticalScrollBar().value() > 0
    form.way_buttons["Medicines"].click()
    top = form.fields.lists["medicine"].mapTo(form.scroll_area, QPoint(0, 0)).y()
    assert 0 < top < 120


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


def test_an_onset_before_birth_is_said_at_the_onset(clinic: Clinic, screen: Screen) -> None:
    form = screen.new_patient(family_name="Okafor", birth_date="12/03/1961")
    form.fields.history["onset"].editor.setText("1/1/1950")

    screen.save()

    assert "between the birth date and today" in form.fields.history["onset"].error()


def test_a_cell_too_narrow_for_its_text_says_the_whole_of_it_when_pointed_at(clinic: Clinic, screen: Screen) -> None:
    dose = "half a tablet in the morning and one and a half at night, with food, for as long as it helps"
    screen.show(
        clinic.patient(
            entries=(Entry(EntryKind.MEDICINE, "baclofen", "", dose), Entry(EntryKind.MEDICINE, "ramipril", "", "5 mg"))
        )
    )
    screen.view.edit_item()
    told = []
    for row in screen.form().fields.lists["medicine"].rows():
        editor = row.fields["detail"].editor
        event = QHelpEvent(QEvent.Type.ToolTip, QPoint(4, 4), editor.mapToGlobal(QPoint(4, 4)))
        QApplication.sendEvent(editor, event)
        told.append(QToolTip.text())
    QToolTip.hideText()

    teaches = "As it is taken, such as 10 mg three times a day"
    assert told == [f"{dose}\n{teaches}", teaches]
