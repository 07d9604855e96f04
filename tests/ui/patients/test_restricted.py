"""A restricted record at the window: set, met by somebody else, opened with a reason, lifted."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from clinic_app.ui.patients.restriction_dialog import RestrictionDialog
from tests.ui.clinic import Clinic
from tests.ui.patients.conftest import Screen, Sit


def dialog(screen: Screen) -> RestrictionDialog:
    screen.view.page.restrict_button.click()
    screen.settle()
    return next(each for each in screen.view.page.findChildren(RestrictionDialog) if each.isVisible())


def test_the_record_is_restricted_to_those_ticked_and_opens_to_all_again(clinic: Clinic, screen: Screen) -> None:
    patient = clinic.patient()
    clinic.visit(patient)
    screen.show(patient)
    assert screen.view.page.restrict_button.text() == "Restrict"
    asked = dialog(screen)
    assert asked.named() == {clinic.actor.account_id}, "whoever treats the patient is ticked"
    asked.save_button.click()
    assert asked.reason.error() == "Say why."
    asked.reason.editor.setPlainText("Works here.")
    asked.people.item(0).setCheckState(Qt.CheckState.Unchecked)
    asked.people.item(1).setCheckState(Qt.CheckState.Unchecked)
    asked.save_button.click()
    screen.settle()
    assert asked.people_error.text() == "Choose at least one person to whom the record opens."
    for row in range(2):
        asked.people.item(row).setCheckState(Qt.CheckState.Checked)
    asked.save_button.click()
    screen.settle()
    assert screen.messages[-1] == ("The record opens to 2 people from now on.", None)
    assert screen.view.page.restrict_button.text() == "Restricted"
    again = dialog(screen)
    assert again.reason.value() == "Works here."
    assert again.state.text().startswith("Restricted since 4 Aug 2026 by Dr Ruth Abara")
    again.lift_button.click()
    screen.settle()
    assert screen.view.page.restrict_button.text() == "Restrict"
    assert clinic.services.records.restriction(clinic.actor, patient) is None


def test_somebody_else_meets_a_closed_record_and_opens_it_with_a_reason(
    clinic: Clinic, open_clinic: Callable[[str], Clinic], sit: Sit
) -> None:
    patient = clinic.patient()
    clinic.services.records.restrict(clinic.actor, patient, "Works here.", {clinic.actor.account_id})
    screen = sit(open_clinic("rosa"))
    screen.show(patient)
    closed = screen.view.restricted
    assert screen.view.stack.currentWidget() is closed
    banner = screen.banners[-1]
    assert (banner.name, banner.opens, banner.allergies) == ("Ada Okafor", False, ())
    assert screen.view.page.restrict_button.isHidden(), "the front desk restricts nothing"
    closed.button.click()
    assert closed.reason.error() == "Say why you must open it."
    closed.reason.editor.setPlainText("Asks for the next date.")
    QTest.keyClick(closed, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    screen.settle()
    assert screen.view.stack.currentWidget() is screen.view.page
    (opened,) = clinic.services.records.waiting(clinic.actor)
    assert (opened.by, opened.reason) == ("Rosa Lind", "Asks for the next date.")


def test_what_is_typed_as_a_reason_stays_with_its_patient(
    clinic: Clinic, open_clinic: Callable[[str], Clinic], sit: Sit
) -> None:
    first, second = clinic.patient(), clinic.patient(family="Lund")
    for patient in (first, second):
        clinic.services.records.restrict(clinic.actor, patient, "Works here.", {clinic.actor.account_id})
    screen = sit(open_clinic("rosa"))
    screen.show(first)
    screen.view.restricted.reason.editor.setPlainText("Half a rea")
    screen.show(second)
    assert screen.view.restricted.reason.value() == ""
    screen.show(first)
    assert screen.view.restricted.reason.value() == "Half a rea"


@pytest.mark.parametrize("reason", ["x" * 501])
def test_a_reason_that_is_refused_is_told_under_its_field(
    clinic: Clinic, open_clinic: Callable[[str], Clinic], sit: Sit, reason: str
) -> None:
    patient = clinic.patient()
    clinic.services.records.restrict(clinic.actor, patient, "Works here.", {clinic.actor.account_id})
    screen = sit(open_clinic("rosa"))
    screen.show(patient)
    screen.view.restricted.reason.editor.setPlainText(reason)
    screen.view.restricted.open()
    screen.settle()
    assert "500" in screen.view.restricted.reason.error()
    assert screen.view.restricted.button.isEnabled()
