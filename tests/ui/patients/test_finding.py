from datetime import date

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest

from clinic_app.terms import PatientStatus
from tests.ui.clinic import Clinic
from tests.ui.patients.conftest import Screen


def test_without_patients_the_list_teaches_to_register_the_first(screen: Screen) -> None:
    assert not screen.view.finder.empty.isHidden()
    assert "Register the first one" in screen.view.finder.empty.sentence()


@pytest.mark.parametrize(
    "typed", ["muñ", "MUNOZ", "munoz jose", "José Muñoz", "12/03/1961", "1961-03-12", "HN-77", "hn-7"]
)
def test_a_patient_is_found_by_any_part_known(clinic: Clinic, screen: Screen, typed: str) -> None:
    clinic.patient("José", "Muñoz", record_number="HN-77")
    clinic.patient("Ada", "Okafor", birth_date=date(1970, 1, 1))

    assert screen.search(typed) == ["José Muñoz"]


def test_nobody_found_says_what_to_try(screen: Screen, clinic: Clinic) -> None:
    clinic.patient()

    assert screen.search("zzz") == []
    assert "Nobody fits" in screen.view.finder.empty.sentence()


def test_down_goes_from_the_search_into_the_list_and_enter_opens(clinic: Clinic, screen: Screen) -> None:
    ada = clinic.patient()
    screen.settle()
    screen.view.focus_search()

    QTest.keyClick(screen.view.finder.search.editor, Qt.Key.Key_Down)
    assert screen.view.finder.list.currentIndex().row() == 0
    QTest.keyClick(screen.view.finder.list, Qt.Key.Key_Return)
    screen.settle()

    assert screen.view.patient_id() == ada
    assert screen.banners[-1].name == "Ada Okafor"


def test_a_patient_registered_elsewhere_appears_without_asking_and_the_choice_stays(
    clinic: Clinic, screen: Screen
) -> None:
    ada = clinic.patient()
    screen.show(ada)

    clinic.patient("Ben", "Adler")
    screen.settle()

    assert [row.name for row in screen.view.finder.rows()] == ["Ben Adler", "Ada Okafor"]
    chosen = screen.view.finder.list.selectionModel().selectedIndexes()
    assert [screen.view.finder.rows()[index.row()].id for index in chosen] == [ada]


def test_enter_before_the_answer_opens_who_was_typed_and_not_who_still_stands_there(
    clinic: Clinic, screen: Screen
) -> None:
    clinic.patient("Ada", "Okafor")
    ben = clinic.patient("Ben", "Adler")
    assert screen.search("okafor") == ["Ada Okafor"]

    screen.search("adler")

    assert screen.view.patient_id() == ben


def test_a_similar_name_is_marked_and_enter_does_not_open_it(clinic: Clinic, screen: Screen) -> None:
    clinic.patient("Ada", "Okafor")

    assert screen.search("okafro") == ["Ada Okafor"]

    finder = screen.view.finder
    assert screen.view.patient_id() is None
    assert finder.list.currentIndex().row() == 0
    assert finder.caption.text() == "1 similar name"
    assert "similar name" in str(finder.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole))


def test_enter_opens_the_only_one_who_fits_beside_similar_names(clinic: Clinic, screen: Screen) -> None:
    meier = clinic.patient("Ada", "Meier")
    clinic.patient("Ada", "Meyer")

    assert screen.search("meier") == ["Ada Meier", "Ada Meyer"]
    assert screen.view.patient_id() == meier
    assert screen.view.finder.caption.text() == "1 patient, 1 similar name"


def test_each_key_asks_as_soon_as_it_is_read(clinic: Clinic, screen: Screen) -> None:
    clinic.patient("Ben", "Adler")
    clinic.patient("Ada", "Okafor")
    screen.settle()
    finder = screen.view.finder

    QTest.keyClick(finder.search.editor, Qt.Key.Key_O)
    QCoreApplication.processEvents()
    screen.settle()

    assert [row.name for row in finder.rows()] == ["Ada Okafor"]


def test_a_row_says_when_somebody_is_not_active(clinic: Clinic, screen: Screen) -> None:
    clinic.patient(status=PatientStatus.MOVED_AWAY)
    screen.settle()

    index = screen.view.finder.model.index(0)
    assert "moved away" in str(index.data(Qt.ItemDataRole.AccessibleTextRole))


def test_the_answer_to_an_older_question_never_replaces_the_newest(clinic: Clinic, screen: Screen) -> None:
    clinic.patient("Ben", "Adler")
    clinic.patient("Ada", "Okafor")
    search = screen.view.finder.search

    for text in ("a", "ad", "adl"):
        search.editor.setText(text)
        QTest.keyClick(search.editor, Qt.Key.Key_Return)
    screen.settle()

    assert [row.name for row in screen.view.finder.rows()] == ["Ben Adler"]


@pytest.mark.parametrize("letter", ["W", "漢", "ع", "ǅ", "𝒜", "ก"])
def test_a_name_of_300_letters_stays_usable(clinic: Clinic, screen: Screen, letter: str) -> None:
    name = letter * (300 // len(letter.encode("utf-16-le")) * 2)
    patient = clinic.patient("", name)
    clinic.visit(patient)

    for tab in screen.view.page.tab_keys():
        screen.show(patient, tab)
        assert screen.view.width() == 1368
        assert screen.view.page.edit_button.geometry().right() <= screen.view.page.width()
    screen.view.edit_item()
    screen.type(phone="555 0100")
    screen.save()

    assert clinic.form(patient).family_name == name
    assert clinic.form(patient).phone == "555 0100"
    assert len(screen.messages[-1][0]) < 80
