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


def test_language_and_print_are_those_of_the_last_time(sit: Sit, clinic: Clinic) -> None:
    okafor, weiss = clinic.patient(), clinic.patient("Ben", "Weiss")
    screen = sit(clinic)
    handouts = section(screen, okafor)
    assert handouts.language.value() == "en"
    handouts.contrast.editor.click()
    handouts.language.set_value("es")
    handouts.language.changed.emit()
    assert {row.language for row in handouts.table.rows_model.rows()} == {"es"}
    again = section(sit(clinic), weiss)
    assert again.language.value() == "es"
    assert again.printing() == Printing(contrast=True)
