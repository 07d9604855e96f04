"""Handouts at the patient: given, noted, taken back, printed again."""

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from clinic_app.services.handouts import Printing
from clinic_app.services.paper import Paper
from clinic_app.ui.patients.handout_section import HandoutSection
from tests.documents.reading import whole_text
from tests.ui.clinic import Clinic
from tests.ui.patients.conftest import Screen, Sit


@pytest.fixture(autouse=True)
def nothing_remembered(qapp: QApplication) -> None:
    QSettings().remove("handouts")


def section(screen: Screen, patient_id: int) -> HandoutSection:
    screen.show(patient_id, "documents")
    screen.settle()
    return screen.view.page.papers.handouts


def test_a_handout_that_is_given_is_shown_to_print_and_stands_in_the_record(sit: Sit, clinic: Clinic) -> None:
    screen, okafor = sit(clinic), clinic.patient()
    papers: list[Paper] = []
    screen.view.paper_requested.connect(lambda gather: papers.append(gather()))
    handouts = section(screen, okafor)
    handouts.large.editor.click()
    title = handouts.table.rows_model.row_at(0).title
    handouts.give_button.click()
    screen.settle()
    (row,) = clinic.services.handouts.given(clinic.actor, okafor)
    assert (row.title, row.printing) == (title, Printing(large=True))
    assert title in whole_text(papers[0].render())
    assert [each.id for each in handouts.given.rows_model.rows()] == [row.id]
    handouts.given.select(row)
    handouts.again_button.click()
    assert title in whole_text(papers[1].render())
    assert len(clinic.services.handouts.given(clinic.actor, okafor)) == 1
    said, undo = screen.messages[-1]
    assert title in said
    assert undo is not None
    undo()
    screen.settle()
    assert clinic.services.handouts.given(clinic.actor, okafor) == ()
    assert handouts.given.rows_model.rowCount() == 0


def test_looking_at_a_handout_notes_nothing(sit: Sit, clinic: Clinic) -> None:
    screen, okafor = sit(clinic), clinic.patient()
    papers: list[Paper] = []
    screen.view.paper_requested.connect(lambda gather: papers.append(gather()))
    handouts = section(screen, okafor)
    handouts.look_button.click()
    screen.settle()
    assert len(papers) == 1
    assert clinic.services.handouts.given(clinic.actor, okafor) == ()


def choose(handouts: HandoutSection, language: str) -> None:
    handouts.language.set_value(language)
    handouts.language.changed.emit()


def test_handouts_are_offered_in_the_patients_language_until_another_is_chosen(sit: Sit, clinic: Clinic) -> None:
    ana = clinic.patient("Ana", "Costa", language="Spanish")
    okafor, linh = clinic.patient(), clinic.patient("Linh", "Tran", language="Vietnamese")
    screen = sit(clinic)
    for patient, language in ((okafor, "en"), (ana, "es"), (linh, "en"), (ana, "es")):
        handouts = section(screen, patient)
        assert handouts.language.value() == language
        assert {row.language for row in handouts.table.rows_model.rows()} == {language}
    choose(handouts, "en")
    assert {row.language for row in handouts.table.rows_model.rows()} == {"en"}
    handouts.give_button.click()
    screen.settle()
    assert section(screen, ana).language.value() == "en", "what was chosen for this patient stays while she is shown"
    section(screen, okafor)
    assert section(screen, ana).language.value() == "es"


def test_print_is_that_of_the_last_time(sit: Sit, clinic: Clinic) -> None:
    okafor, weiss = clinic.patient(), clinic.patient("Ben", "Weiss")
    section(sit(clinic), okafor).contrast.editor.click()
    assert section(sit(clinic), weiss).printing() == Printing(contrast=True)
