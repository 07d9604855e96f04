"""A history goes in by keyboard alone, in fewer keys than a minute has room for."""

from dataclasses import dataclass
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_app.partial_dates import PartialDate
from clinic_app.services.patient_data import Component, Entry, HistoryForm
from clinic_app.terms import (
    Aggravation,
    BodyRegion,
    Cause,
    Complication,
    DailyTask,
    EntryKind,
    Relief,
    Side,
)
from tests.ui.clinic import Clinic
from tests.ui.patients.conftest import Screen


@dataclass
class Keyboard:
    """Types into whatever has the focus and counts the keys."""

    screen: Screen
    pressed: int = 0

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            widget = QApplication.focusWidget()
            assert widget is not None
            QTest.keyClick(widget, key, modifier)
            self.pressed += 1

    def tab(self, times: int = 1) -> None:
        self.press(*[Qt.Key.Key_Tab] * times)

    def type(self, text: str) -> None:
        for letter in text:
            widget = QApplication.focusWidget()
            assert widget is not None
            QTest.keyClicks(widget, letter)
            self.pressed += 1

    def name(self) -> str:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget.accessibleName()


@pytest.fixture
def keyboard(screen: Screen) -> Keyboard:
    screen.view.activateWindow()
    return Keyboard(screen)


def test_a_typical_cervical_dystonia_takes_56_keys(clinic: Clinic, screen: Screen, keyboard: Keyboard) -> None:
    patient = clinic.patient(history=HistoryForm())
    screen.show(patient, "history")
    screen.view.edit_item()
    keyboard.pressed += 1  # F2
    assert keyboard.name() == "Indication"
    keyboard.type("c")
    keyboard.tab(4)
    keyboard.type("2015")
    keyboard.tab()
    keyboard.type("n")
    keyboard.tab(2)
    keyboard.type("i")
    keyboard.tab()
    keyboard.type("n")
    keyboard.tab()
    keyboard.press(Qt.Key.Key_Right, Qt.Key.Key_Space)
    keyboard.type("l ")
    keyboard.tab(2)
    keyboard.type("n")
    keyboard.tab()
    keyboard.type(" ")
    keyboard.tab(2)
    keyboard.type(" ")
    keyboard.tab(2)
    keyboard.type("d ")
    keyboard.tab(2)
    keyboard.type("5")
    keyboard.tab()
    keyboard.type("p ")
    keyboard.tab(2)
    keyboard.type("b")
    keyboard.press(Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert keyboard.name() == "Dose"
    keyboard.type("10 mg")
    keyboard.tab()
    keyboard.type("2021")
    screen.save()
    keyboard.pressed += 1  # Ctrl+S

    saved = clinic.form(patient)
    assert saved.history == HistoryForm(
        indication="cervical_dystonia",
        icd10cm="G24.3",
        onset=PartialDate(2015),
        region_first=BodyRegion.NECK,
        distribution="focal",
        cause_group=Cause.IDIOPATHIC,
        is_task_specific=False,
        better_with=(Relief.TOUCH_FACE,),
        worse_with=(Aggravation.STRESS,),
        pain=5,
        daily_tasks=(DailyTask.DRIVING,),
        complications=(Complication.PAIN_AND_FATIGUE,),
        runs_in_family=False,
    )
    assert saved.components == (Component("torticollis", Side.RIGHT), Component("laterocollis", Side.LEFT))
    assert saved.entries == (Entry(EntryKind.MEDICINE, "baclofen", "muscle_relaxants", "10 mg", PartialDate(2021)),)
    assert keyboard.pressed == 56


def test_tab_goes_down_the_whole_form_and_back_up_the_same_way(
    clinic: Clinic, screen: Screen, keyboard: Keyboard
) -> None:
    screen.show(clinic.patient(entries=(Entry(EntryKind.TEST, "brain", "mri"), Entry(EntryKind.MEDICINE, "baclofen"))))
    screen.view.edit_item()
    form = screen.form()
    down = [QApplication.focusWidget()]
    while down[-1] is not form.save_button:
        keyboard.tab()
        down.append(QApplication.focusWidget())
    up: list[QWidget | None] = [form.save_button]
    for _ in down[1:]:
        keyboard.press(Qt.Key.Key_Backtab, modifier=Qt.KeyboardModifier.ShiftModifier)
        up.append(QApplication.focusWidget())

    assert up[::-1] == down
    inside = form.scroll_area.widget()
    assert inside is not None
    places = [w.mapTo(inside, w.rect().center()).y() for w in down if w is not None and inside.isAncestorOf(w)]
    # Fields of one line differ by a few pixels; nothing further down ever comes before what is further up.
    assert all(later > earlier - 28 for earlier, later in pairwise(places))


def test_enter_in_a_row_adds_the_next_one_and_puts_the_cursor_there(
    clinic: Clinic, screen: Screen, keyboard: Keyboard
) -> None:
    form = screen.new_patient(family_name="Okafor", birth_date="12/03/1961")
    medicines = form.fields.lists["medicine"]
    medicines.add_row()
    keyboard.type("bacl")
    keyboard.press(Qt.Key.Key_Return)
    keyboard.type("something of their own")
    keyboard.press(Qt.Key.Key_Return)

    assert [(e.text, e.code) for e in medicines.items()] == [
        ("baclofen", "muscle_relaxants"),
        ("something of their own", ""),
    ]
    assert keyboard.name() == "Medicine"
    assert len(medicines.rows()) == 3


def test_own_words_beside_the_chips_go_in_with_enter_and_by_leaving(
    clinic: Clinic, screen: Screen, keyboard: Keyboard
) -> None:
    form = screen.new_patient(family_name="Okafor", birth_date="12/03/1961")
    better = form.fields.history["better_with"]
    better.own.setFocus()
    keyboard.type("a collar")
    keyboard.press(Qt.Key.Key_Return)
    keyboard.type("lying down")
    keyboard.tab()

    assert better.value() == ("a collar", Relief.LYING_DOWN)
    assert better.chip("a collar").isChecked()
    assert better.chip(Relief.LYING_DOWN).isChecked()
