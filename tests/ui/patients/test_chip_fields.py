"""Answers as chips, with own words beside them, and the components of the dystonia."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinic_app.reference.catalogue import Reference
from clinic_app.services.patient_data import Component
from clinic_app.terms import Side
from clinic_app.ui.patients.chip_fields import ManyChips, OneChip
from clinic_app.ui.patients.component_field import ComponentField
from tests.ui.keyboard import press, type_text

CHOICES = (("rest", "Rest", ""), ("sleep", "After sleep", "In the morning"))


def shown(qtbot: QtBot, field: ManyChips | OneChip[str] | ComponentField) -> list[object]:
    """The field on screen, and what it told."""
    told: list[object] = []
    qtbot.addWidget(field)
    field.changed.connect(lambda: told.append(field.value()))
    field.show()
    field.activateWindow()
    qtbot.waitUntil(field.isActiveWindow)
    return told


def test_many_chips_keep_ids_and_own_words_in_their_order(qtbot: QtBot) -> None:
    field = ManyChips("Better with", CHOICES)
    told = shown(qtbot, field)
    field.set_value(("a collar", "sleep"))
    assert field.value() == ("a collar", "sleep")
    assert told == []

    field.chip("rest").click()
    field.chip("a collar").click()
    assert told == [("a collar", "sleep", "rest"), ("sleep", "rest")]
    field.chip("a collar").click()
    assert field.value() == ("sleep", "rest", "a collar")


def test_what_is_still_being_typed_counts(qtbot: QtBot) -> None:
    field = ManyChips("Better with", CHOICES)
    shown(qtbot, field)
    assert field.own is not None
    type_text(field.own, "a collar")
    assert field.value() == ("a collar",)
    field.own.clear()
    type_text(field.own, "after SLEEP")
    assert field.value() == ("sleep",)


def test_one_chip_is_an_answer_that_a_second_click_takes_back(qtbot: QtBot) -> None:
    field = OneChip("Region", CHOICES, own_words="Or more exactly")
    told = shown(qtbot, field)
    field.chip("rest").click()
    field.chip("sleep").click()
    field.chip("sleep").click()
    assert told == ["rest", "sleep", None]
    assert field.own is not None
    field.chip("rest").click()
    type_text(field.own, "x")
    assert field.value() == "x"
    assert not field.chip("rest").isChecked()
    field.chip("rest").click()
    assert (field.value(), field.own.text()) == ("rest", "")


def test_yes_no_and_not_asked_are_three_answers(qtbot: QtBot) -> None:
    field = OneChip[bool]("In the family", ((True, "Yes", ""), (False, "No", "")))
    qtbot.addWidget(field)
    assert field.value() is None
    field.set_value(False)
    assert field.value() is False
    field.set_value(True)
    assert field.value() is True
    field.set_value(None)
    assert field.value() is None


def test_the_chips_are_one_stop_of_tab_and_letters_go_through_them(qtbot: QtBot) -> None:
    field = ManyChips("Better with", (*CHOICES, ("speech", "Speech", ""), ("stress", "Stress", "")))
    shown(qtbot, field)
    field.setFocus()
    stops = [chip for chip in field.chips() if chip.focusPolicy() is Qt.FocusPolicy.StrongFocus]
    assert stops == [field.chip("rest")]
    for key, value in ((Qt.Key.Key_S, "speech"), (Qt.Key.Key_S, "stress"), (Qt.Key.Key_S, "speech")):
        press(QApplication.focusWidget(), key)
        assert QApplication.focusWidget() is field.chip(value)
    for key, value in ((Qt.Key.Key_Home, "rest"), (Qt.Key.Key_Left, "stress"), (Qt.Key.Key_Right, "rest")):
        press(QApplication.focusWidget(), key)
        assert QApplication.focusWidget() is field.chip(value)
    press(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert field.value() == ("rest",)


@pytest.fixture
def components(qtbot: QtBot, reference: Reference) -> ComponentField:
    field = ComponentField(reference)
    shown(qtbot, field)
    return field


def test_the_neck_offers_its_components_with_both_sides_and_says_what_they_mean(components: ComponentField) -> None:
    components.offer(["cervical_dystonia"])
    offered = components.offered()
    assert Component("torticollis", Side.LEFT) in offered
    assert Component("torticollis", Side.RIGHT) in offered
    assert Component("anterocollis") in offered
    assert Component("anterocollis", Side.LEFT) not in offered
    tip = components.chip(Component("torticollis", Side.RIGHT)).toolTip()
    assert tip == "Neck turned to one side between C2 and C7: to the patient's right"


def test_another_indication_offers_others_and_what_was_chosen_stays(components: ComponentField) -> None:
    components.offer(["cervical_dystonia"])
    components.chip(Component("torticollis", Side.RIGHT)).click()
    components.offer(["blepharospasm"])
    assert components.value() == (Component("torticollis", Side.RIGHT),)
    assert set(components.offered()) == {
        Component("orbicularis_spasm"),
        Component("eyelid_apraxia"),
        Component("frontalis_overaction"),
        Component("torticollis", Side.RIGHT),
    }
    components.offer(["writers_cramp"])
    assert Component("wrist_flexion", Side.LEFT) in components.offered()


def test_every_other_component_is_found_by_a_part_of_its_name(components: ComponentField) -> None:
    components.offer(["blepharospasm"])
    components.own.setFocus()
    type_text(components.own, "no-no")
    popup = QApplication.activePopupWidget()
    assert popup is not None
    press(popup, Qt.Key.Key_Return)
    assert components.value() == (Component("head_tremor_no_no"),)
    assert components.own.text() == ""


def test_own_words_are_a_component_too(components: ComponentField) -> None:
    components.own.setFocus()
    type_text(components.own, "qqq jerk")
    press(components.own, Qt.Key.Key_Return)
    assert components.value() == (Component("qqq jerk"),)
    components.chip(Component("qqq jerk")).click()
    assert components.value() == ()
