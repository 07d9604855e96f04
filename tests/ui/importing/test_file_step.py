"""Choosing a file, how it is read, and files that cannot be read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from clinic_app.terms import ImportKind
from clinic_app.ui.importing.work import likely_kind
from clinic_app.ui.settings.view import SettingsView
from clinic_app.ui.tasks import Tasks
from tests.ui.clinic import Clinic
from tests.ui.importing.conftest import INJECTIONS, PATIENTS, ImportDesk

ADA = ("P1", "Nunez", "Ines", "1970-02-28", "f", "555 0100", 38)
_LEFT = Qt.MouseButton.LeftButton
_NONE = Qt.KeyboardModifier.NoModifier


def choose(desk: ImportDesk, path: str) -> None:
    """Press the button, and choose a file in the dialog that it asks with."""
    dialogs: list[QFileDialog] = []
    desk.page.asked.connect(dialogs.append)
    desk.page.area.button.click()
    (dialog,) = dialogs
    dialog.fileSelected.emit(path)
    dialog.reject()
    desk.settle()


def dragged(*urls: QUrl) -> QMimeData:
    data = QMimeData()
    data.setUrls(list(urls))
    return data


def drop(desk: ImportDesk, data: QMimeData) -> bool:
    """Drag something onto the page and let it go there if it is taken."""
    entered = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, _LEFT, _NONE)
    entered.ignore()
    desk.page.dragEnterEvent(entered)
    if not entered.isAccepted():
        return False
    desk.page.dropEvent(QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, _LEFT, _NONE))
    desk.settle()
    return True


def test_only_whoever_may_import_is_offered_the_page(
    desk: ImportDesk, open_clinic: Callable[[str], Clinic], tasks: Tasks
) -> None:
    assert desk.page in desk.view.pages
    for user in ("mei", "rosa"):
        view = SettingsView(open_clinic(user).workplace(tasks))
        assert view.importing is None
        assert "Import" not in [page.title for page in view.pages]
        view.deleteLater()


def test_a_file_is_chosen_and_its_first_rows_stand_there_as_they_read(desk: ImportDesk) -> None:
    choose(desk, desk.csv(PATIENTS, ADA))
    step = desk.wizard.file
    assert desk.wizard.isVisible()
    assert desk.step() == step.title
    assert step.kind.value() is ImportKind.PATIENTS
    assert (step.encoding.value(), step.separator.value()) == ("utf-8", ",")
    assert not step.sheet.isVisible()
    shown = [step.rows.index(0, column).data() for column in range(step.rows.columnCount())]
    assert shown == ["P1", "Nunez", "Ines", "1970-02-28", "f", "555 0100", "38"]
    assert desk.focus() is step.kind.editor


def test_the_kind_is_guessed_from_what_the_columns_are_called() -> None:
    assert likely_kind(PATIENTS) is ImportKind.PATIENTS
    assert likely_kind(INJECTIONS) is ImportKind.INJECTIONS
    assert likely_kind(("MRN", "Date", "Muscle", "Units")) is ImportKind.INJECTIONS
    assert likely_kind(("MRN", "Date", "Time", "Injector", "Room", "Status")) is ImportKind.APPOINTMENTS
    assert likely_kind(("MRN", "Side effect", "Severity", "Began on")) is ImportKind.SIDE_EFFECTS
    assert likely_kind(("Who knows",)) in ImportKind


def test_a_file_is_dropped_on_the_page(desk: ImportDesk) -> None:
    path = desk.csv(PATIENTS, ADA)
    assert not drop(desk, dragged(QUrl("https://example.org/old.csv")))
    assert not drop(desk, dragged(QUrl.fromLocalFile(path), QUrl.fromLocalFile(path)))
    desk.page.dragLeaveEvent(QDragLeaveEvent())
    assert not desk.wizard.isVisible()
    assert drop(desk, dragged(QUrl.fromLocalFile(path)))
    assert desk.wizard.isVisible()
    desk.wizard.file.kind.set_value(ImportKind.INJECTIONS)
    desk.wizard.file.kind.changed.emit()
    desk.settle()
    assert not drop(desk, dragged(QUrl.fromLocalFile(path))), "what was decided would be lost"


def test_the_sheet_of_a_workbook_is_chosen(desk: ImportDesk) -> None:
    injection = ("A1", "2020-01-31", "SCM", "L", 40, "Botox", "C1")
    desk.open(desk.xlsx({"People": [PATIENTS, ADA], "Shots": [INJECTIONS, injection]}))
    step = desk.wizard.file
    assert step.sheet.isVisible()
    assert not step.encoding.isVisible()
    step.sheet.set_value("Shots")
    step.sheet.changed.emit()
    desk.settle()
    assert step.rows.headerData(2, Qt.Orientation.Horizontal) == "Muscle"
    assert step.sheet.value() == "Shots"


def test_an_encoding_that_does_not_fit_is_refused_at_its_place_and_the_one_before_stands(desk: ImportDesk) -> None:
    row = ("P1", "Núñez", "Inés", "1970-02-28", "f", "", "")
    desk.open(desk.write("old.csv", (";".join(PATIENTS) + "\r\n" + ";".join(row)).encode("cp1252")))
    step = desk.wizard.file
    assert (step.encoding.value(), step.separator.value()) == ("windows-1252", ";")
    assert step.rows.index(0, 1).data() == "Núñez"
    step.encoding.set_value("utf-8")
    step.encoding.changed.emit()
    desk.settle()
    assert step.problem.text() == "The text is not written in utf-8. Choose another encoding."
    assert step.encoding.value() == "windows-1252"
    step.encoding.set_value("cp850")
    step.encoding.changed.emit()
    desk.settle()
    assert step.problem.text() == ""
    assert step.rows.index(0, 1).data() != "Núñez"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("old.pdf", b"%PDF-1.7 and so on", "This is a PDF"),
        ("old.csv", b"", "There is nothing in this file"),
        ("old.csv", b"Name,DOB\r\n", "There is only one row"),
        ("old.xlsx", b"PK\3\4and not much more", "The workbook is damaged"),
        ("old.csv", b"Name,DOB\r\n\xc3\xa9t\xc3\xa9\xc3\xa9,\xc3", "A sign in line 2 is damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_where_it_was_chosen(
    desk: ImportDesk, name: str, data: bytes, said: str
) -> None:
    desk.open(desk.write(name, data))
    assert not desk.wizard.isVisible()
    assert desk.page.area.problem.text().startswith(said)
    assert desk.focus() is desk.page.area.button
    desk.open(desk.csv(PATIENTS, ADA))
    assert desk.wizard.isVisible()
    assert desk.page.area.problem.text() == ""


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(desk: ImportDesk, tmp_path: Path) -> None:
    for path in (tmp_path / "gone.csv", tmp_path):
        desk.open(str(path))
        assert desk.page.area.problem.text().endswith("Check that it is a file and that you may read it.")


def test_another_kind_of_content_asks_for_other_columns(desk: ImportDesk) -> None:
    desk.open(desk.csv(PATIENTS, ADA))
    desk.wizard.file.kind.set_value(ImportKind.SIDE_EFFECTS)
    desk.wizard.file.kind.changed.emit()
    desk.go_on()
    assert desk.step() == "Columns"
    assert desk.wizard.columns.missing.text().startswith("Side effects need side effect, severity and began on.")
