"""Every list of the window leaves as a file: by its menu, by its button, by the key."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QUrl
from PySide6.QtWidgets import QFileDialog, QMenu

from clinic_app.services.audit import AuditFilter
from clinic_app.ui.clinic_window import RECALL, SCHEDULE, STOCK, ClinicWindow
from clinic_app.ui.failures import Failures
from clinic_app.ui.schedule.grid_model import Mode
from clinic_app.ui.stock.lot_page import PATIENTS as RECIPIENTS
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.theme import Look
from clinic_app.ui.widgets.list_menu import ListMenu
from clinic_app.ui.widgets.tables import Column, RowTable
from tests.ui.clinic import Clinic
from tests.ui.desk import settle
from tests.ui.keyboard import CTRL, press

SHIFT = Qt.KeyboardModifier.ShiftModifier


class Desk:
    """The clinic's window, and the files that are saved from it."""

    def __init__(self, clinic: Clinic, window: ClinicWindow, tasks: Tasks, folder: Path) -> None:
        self.clinic, self.window, self.main = clinic, window, window.window
        self._tasks, self._folder = tasks, folder
        self._asked: list[QFileDialog] = []
        window.list_files.asked.connect(self._asked.append)

    def settle(self) -> None:
        settle(self._tasks)

    def saved(self) -> tuple[str, list[list[str]]]:
        """Answers the dialog that asks where; the proposed name, and what is in the file."""
        (dialog,) = self._asked
        self._asked.clear()
        name = Path(dialog.selectedFiles()[0]).name
        file = self._folder / name
        dialog.fileSelected.emit(str(file))
        dialog.reject()
        self.settle()
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return name, list(csv.reader(lines))

    def nothing_asked(self) -> bool:
        return not self._asked


@pytest.fixture
def desk(clinic: Clinic, tasks: Tasks, look: Look, bugs: list[BaseException], tmp_path: Path) -> Iterator[Desk]:
    failures = Failures(tmp_path / "logs")
    window = ClinicWindow(clinic.workplace(tasks), look, failures)
    window.window.show()
    settle(tasks)
    yield Desk(clinic, window, tasks, tmp_path)
    window.close()
    failures.uninstall()
    QSettings().remove("saved_files")
    assert bugs == []


def choose(menu: ListMenu, text: str) -> None:
    opened = menu.menu()
    (action,) = (each for each in opened.actions() if each.text() == text)
    assert action.isEnabled()
    action.trigger()
    opened.close()


def test_the_patients_found_by_the_menu_of_their_list(desk: Desk) -> None:
    desk.clinic.patient()
    desk.window.patients.finder.ask_again()
    desk.settle()
    finder = desk.window.patients.finder
    finder.list.customContextMenuRequested.emit(finder.list.rect().center())
    (menu,) = (each for each in finder.list.findChildren(QMenu) if each.isVisible())
    assert [each.text() for each in menu.actions()] == ["Save list…"]
    menu.actions()[0].trigger()
    menu.close()
    name, rows = desk.saved()
    assert name == "patients-2026-08-04.csv"
    assert rows == [
        ["Name", "Birth date", "Record number", "Status"],
        ["Ada Okafor", "1961-03-12", rows[1][2], "Active"],
    ]
    assert desk.main.messages.text() == "1 row is saved in patients-2026-08-04.csv."


def test_the_lots_as_they_are_filtered(desk: Desk) -> None:
    desk.clinic.receive("C1", vials=2)
    desk.clinic.receive("D2", vials=3, days=30)
    desk.main.show_view(STOCK)
    desk.settle()
    assert desk.window.stock is not None
    lots = desk.window.stock.lot_list
    lots.search.set_text("D2")
    lots.search.searched.emit("D2")
    choose(lots.list_menu, "Save list…")
    name, rows = desk.saved()
    assert name == "lots-2026-08-04.csv"
    assert rows == [
        ["Product", "Units in a vial", "Lot", "Expiry", "Vials left", "State", "For"],
        ["Botox", "100", "D2", "2026-09-03", "3", "", ""],
    ]


def test_a_table_by_the_key_where_it_has_the_focus(desk: Desk) -> None:
    desk.clinic.book(desk.clinic.patient(), datetime(2026, 8, 4, 11))
    desk.main.show_view(SCHEDULE)
    desk.settle()
    table = desk.window.schedule.day_list.table
    desk.window.schedule.set_mode(Mode.LIST)
    desk.settle()
    table.setFocus()
    press(desk.main, Qt.Key.Key_S, CTRL | SHIFT)
    name, rows = desk.saved()
    assert name == "schedule-day-2026-08-04.csv"
    assert rows[0] == ["Time", "Patient", "Birth date", "Record number", "Injector", "Kind", "State"]
    assert rows[1][:3] == ["11:00", "Ada Okafor", "1961-03-12"]


def test_the_key_takes_the_list_nearest_to_the_focus_and_asks_where_two_are_as_near(desk: Desk) -> None:
    desk.clinic.receive("C1", vials=2)
    desk.main.show_view(STOCK)
    desk.settle()
    assert desk.window.stock is not None
    page = desk.window.stock.lot_page
    desk.main.rail.button(STOCK).setFocus()
    press(desk.main, Qt.Key.Key_S, CTRL | SHIFT)
    assert desk.nothing_asked()
    assert desk.main.messages.text() == "Click into the list that you want to save, then try again."
    page.more_button.setFocus()
    press(desk.main, Qt.Key.Key_S, CTRL | SHIFT)
    name, rows = desk.saved()
    assert name == "stock-ledger-2026-08-04.csv"
    assert rows[1][:4] == ["2026-08-04T09:00:00", "Received", "2", "2"]
    page.tabs.setCurrentIndex(RECIPIENTS)
    next(each for each in desk.main.commands() if each.text() == "Save list…").trigger()
    assert desk.nothing_asked()
    assert desk.main.messages.text() == "The list is empty: there is nothing to save."


def test_a_page_by_its_button(desk: Desk) -> None:
    desk.clinic.visit(desk.clinic.patient())
    desk.clinic.clock.moment = desk.clinic.clock.moment.replace(month=12)
    desk.main.show_view(RECALL)
    desk.settle()
    assert desk.window.recall is not None
    page = desk.window.recall.recall.list
    assert page.save_button.text() == "Save list…"
    page.save_button.click()
    name, rows = desk.saved()
    assert name == "recall-2026-12-04.csv"
    assert rows[1][0] == "Ada Okafor"
    assert rows[1][rows[0].index("Injected")] == "2026-07-21"


def test_a_list_of_one_patient_is_told_in_their_record(desk: Desk) -> None:
    patient = desk.clinic.patient()
    desk.clinic.visit(patient)
    desk.window.show_visit(patient, 1)
    desk.settle()
    desk.window.patients.page.visits.table.list_menu.save()
    name, rows = desk.saved()
    assert (name, rows[1][0]) == ("patient-visits-2026-08-04.csv", "2026-07-21")
    told = desk.clinic.services.audit.rows(desk.clinic.actor, AuditFilter(patient_id=patient), limit=1)[0]
    assert (told.act, told.kind, told.after["rows"]) == ("exported", "list", 1)


def test_the_message_leads_to_the_folder_and_ctrl_z_does_not(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def refuse(url: QUrl) -> bool:
        opened.append(url.path())
        return False

    monkeypatch.setattr("clinic_app.ui.list_files.QDesktopServices.openUrl", refuse)
    desk.clinic.patient()
    desk.window.patients.finder.ask_again()
    desk.settle()
    desk.window.patients.finder.list_menu.save()
    desk.saved()
    assert not desk.main.messages.undo()
    desk.main.messages._way_on_button.click()
    assert len(opened) == 1
    assert "cannot be opened from here" in desk.main.messages.text()


def test_a_list_out_of_the_clinics_window_offers_nothing(desk: Desk) -> None:
    table: RowTable[str] = RowTable([Column("Word", str)], name="alone")
    table.set_rows(["one"])
    assert [each.isEnabled() for each in table.list_menu.menu().actions()] == [False, False]
    table.deleteLater()
