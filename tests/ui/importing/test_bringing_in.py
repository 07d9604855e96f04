"""The last step, what is left of it, and taking it back."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clinic_app.services.access import Actor
from clinic_app.services.importing.choices import ImportChoices
from clinic_app.services.importing.files import ImportFile
from clinic_app.services.importing.imports import Done, Imports
from clinic_app.services.importing.preview import Preview
from clinic_app.services.paper import Step
from clinic_app.ui.clinic_window import SETTINGS, ClinicWindow
from clinic_app.ui.failures import Failures
from clinic_app.ui.find_anything import Found
from clinic_app.ui.settings.view import SettingsView
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.theme import Look
from tests.ui.clinic import Clinic
from tests.ui.desk import settle
from tests.ui.importing.conftest import INJECTIONS, PATIENTS, ImportDesk
from tests.ui.keyboard import CTRL, press

NEW = ("P1", "Nunez", "Ines", "1970-02-28", "f", "", "")
OTHER = ("P2", "Roe", "Tim", "1970-02-28", "m", "", "")
NAMELESS = ("P9", "", "Nobody", "1950-06-01", "f", "", "")


def bring(desk: ImportDesk, *rows: tuple[object, ...], name: str = "old.csv") -> None:
    desk.open(desk.csv(PATIENTS, *rows, name=name))
    desk.go_on(3)
    assert desk.step() == "Done"


def listed(desk: ImportDesk) -> list[tuple[str, int, int]]:
    return [(row.file_name, row.rows_in, row.rows_out) for row in desk.page.table.rows_model.rows()]


def test_what_came_in_and_what_did_not_is_said_and_listed(desk: ImportDesk) -> None:
    bring(desk, NEW, OTHER, NAMELESS)
    assert desk.records() == {"A1", "A2", "P1", "P2"}
    assert desk.wizard.done.heading.text() == "2 rows of old.csv came in."
    assert dict(desk.wizard.done.facts.facts())["Did not come in"] == "1 row"
    assert desk.wizard.done.save_button.isVisible()
    assert desk.messages[-1][0] == "2 rows of old.csv came in."
    assert not desk.wizard.next.isVisible()
    assert desk.wizard.unsaved() == ""
    assert desk.focus() is desk.wizard.done.back_button
    desk.wizard.done.back_button.click()
    desk.settle()
    assert not desk.wizard.isVisible()
    assert listed(desk) == [("old.csv", 2, 1)]
    assert desk.page.table.rows_model.index(0, 0).data() == "4 Aug 2026, 09:00", "by the clinic's clock"
    assert desk.page.table.rows_model.index(0, 6).data() == "On record"


def test_an_import_is_undone_once_that_was_confirmed_in_its_place(desk: ImportDesk) -> None:
    bring(desk, NEW)
    desk.wizard.done.back_button.click()
    desk.settle()
    assert not desk.page.undo_button.isEnabled()
    desk.page.table.selectRow(0)
    desk.page.undo_button.click()
    notice = desk.page.undo_notice
    assert notice.text().startswith("Everything that old.csv brought in goes from the record again (4 Aug 2026, 09:00")
    assert desk.focus() is notice.first
    notice.second.click()
    desk.settle()
    assert desk.records() == {"A1", "A2", "P1"}
    desk.page.undo_button.click()
    notice.first.click()
    desk.settle()
    assert desk.records() == {"A1", "A2"}
    assert desk.messages[-1][0] == "The import of old.csv is undone."
    assert desk.page.table.rows_model.index(0, 6).data() == "Undone on 4 Aug 2026 by Dr Ruth Abara"
    assert not desk.page.undo_button.isEnabled()


def test_it_is_undone_from_where_it_was_done_and_from_the_message_line(desk: ImportDesk) -> None:
    bring(desk, NEW)
    desk.wizard.done.undo_button.click()
    desk.settle()
    assert not desk.wizard.isVisible()
    chosen = desk.page.table.selected()
    assert chosen is not None
    assert chosen.file_name == "old.csv"
    desk.page.undo_notice.first.click()
    desk.settle()
    assert desk.records() == {"A1", "A2"}
    bring(desk, OTHER)
    desk.undo()
    assert desk.records() == {"A1", "A2"}
    assert not desk.wizard.isVisible()


def test_what_was_built_on_an_import_keeps_it_and_is_named(desk: ImportDesk) -> None:
    bring(desk, NEW)
    actor, services = desk.clinic.actor, desk.clinic.services
    patient = next(row for row in services.patients.search(actor, "P1"))
    desk.clinic.visit(patient.id)
    desk.wizard.done.undo_button.click()
    desk.settle()
    desk.page.undo_notice.first.click()
    desk.settle()
    said = desk.page.undo_notice.text()
    assert said.startswith("This import cannot be undone, because more was built on it.")
    assert "P1" in desk.records()
    assert desk.page.undo_button.isEnabled()


def test_the_same_file_again_is_warned_of(desk: ImportDesk) -> None:
    bring(desk, NEW)
    desk.open(desk.csv(PATIENTS, NEW))
    assert desk.wizard.file.before.text().startswith("This very file is on record already: it was brought in on 4 Aug")


def test_an_import_that_takes_long_shows_how_far_it_is_and_is_cancelled(
    desk: ImportDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_imports: Imports, _actor: Actor, _file: ImportFile, _choices: ImportChoices, step: Step) -> Done:
        while True:
            step(3, 4)

    desk.open(desk.csv(PATIENTS, NEW))
    desk.go_on(2)
    monkeypatch.setattr(Imports, "bring_in", endless)
    desk.wizard.next.click()
    qtbot.waitUntil(desk.wizard.progress.isVisible)
    qtbot.waitUntil(lambda: desk.wizard.progress.words.text() == "Bringing in: 3 of 4")
    assert desk.view.unsaved().startswith("The import of old.csv is not finished.")
    desk.view.go_back()
    desk.settle()
    assert desk.wizard.notice.text() == "The import was cancelled. Nothing of it was written."
    assert not desk.wizard.progress.isVisible()
    assert desk.step() == "Rows"
    assert desk.records() == {"A1", "A2"}
    monkeypatch.undo()
    desk.go_on()
    assert desk.records() == {"A1", "A2", "P1"}


def test_a_newer_decision_drops_the_older_answer(desk: ImportDesk) -> None:
    previews: list[Preview | None] = []
    desk.open(desk.csv(PATIENTS, ("", "Okafor", "Ada", "1961-03-12", "f", "", "")))
    desk.go_on(2)
    desk.wizard.work.previewed.connect(lambda: previews.append(desk.wizard.work.preview))
    for columns in ({"Phone": ""}, {"Phone": "phone"}, {"Phone": "email"}):
        desk.wizard.work.choose(columns=columns)
    desk.settle()
    (preview,) = previews
    assert preview is not None
    assert next(column.field for column in preview.columns if column.header == "Phone") == "email"


def test_what_changed_on_record_meanwhile_counts(desk: ImportDesk) -> None:
    desk.open(desk.csv(PATIENTS, NEW))
    desk.go_on(2)
    assert desk.wizard.next.text() == "Bring in 1 row"
    desk.clinic.patient("Ines", "Nunez", record_number="P1", birth_date=date(1970, 2, 28))
    desk.go_on()
    assert desk.wizard.notice.text().startswith("No row can come in.")
    assert desk.step() == "Rows"


def test_leaving_asks_only_where_something_would_be_lost(desk: ImportDesk) -> None:
    desk.open(desk.csv(PATIENTS, NEW))
    desk.wizard.leave.click()
    assert not desk.wizard.isVisible()
    desk.settle()
    desk.open(desk.csv(PATIENTS, NEW))
    desk.wizard.work.choose(columns={"Phone": ""})
    desk.settle()
    assert desk.view.unsaved() == "The import of old.csv is not finished. Bring it in or leave it first."
    desk.wizard.leave.click()
    assert desk.wizard.notice.text().startswith("Nothing of old.csv was written.")
    desk.wizard.notice.second.click()
    assert desk.wizard.isVisible()
    desk.wizard.leave.click()
    desk.wizard.notice.first.click()
    assert not desk.wizard.isVisible()
    assert desk.view.unsaved() == ""


def test_from_file_to_done_with_the_keyboard_alone(desk: ImportDesk, qtbot: QtBot) -> None:
    rows = (("P1", "Nunez", "Ines", "03/04/1971", "f", "", ""), ("", "Okafor", "Ada", "12/03/1961", "f", "", ""))
    wizard = desk.wizard

    def on_to(step: str) -> None:
        desk.key(Qt.Key.Key_Return, CTRL)
        qtbot.waitUntil(lambda: desk.step() == step)  # a button that a key presses goes down for a moment
        desk.settle()

    desk.open(desk.csv(PATIENTS, *rows))
    on_to("Columns")
    assert desk.focus() is wizard.columns.orders.buttons["dmy"]
    desk.key(Qt.Key.Key_Space)
    on_to("Rows")
    assert desk.focus() is wizard.rows.table
    for _ in range(20):
        desk.key(Qt.Key.Key_Tab)
        if desk.focus() in wizard.rows.panel.decision.buttons.values():
            break
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_Space)
    assert wizard.next.text() == "Bring in 2 rows"
    on_to("Done")
    desk.key(Qt.Key.Key_Space)
    assert not wizard.isVisible()
    assert desk.focus() is desk.page.area.button
    assert len(desk.records()) == 4


def test_back_and_the_list_of_steps_lead_back(desk: ImportDesk) -> None:
    injection = ("A1", "2020-01-28", "Zzz", "L", 40, "Botox", "C1")
    desk.open(desk.csv(INJECTIONS, injection))
    desk.go_on(3)
    steps = [desk.step()]
    for _ in range(4):
        desk.view.go_back()
        steps.append(desk.step())
    assert steps == ["Rows", "Questions", "Columns", "File", "File"]
    assert [button.isEnabled() for button in desk.wizard.step_list.buttons] == [True, False, False, False, False]
    assert not desk.wizard.back.isEnabled()


def test_import_is_found_in_the_menu_and_with_find_anything(
    open_clinic: Callable[[str], Clinic], tasks: Tasks, look: Look, bugs: list[BaseException], tmp_path: Path
) -> None:
    failures = Failures(tmp_path / "logs")
    window = ClinicWindow(open_clinic("ruth").workplace(tasks), look, failures)
    window.window.show()
    (found,) = _found(window, "import")
    found.run()
    settle(tasks)
    assert window.window.current_view() == SETTINGS
    view = window.window.view(SETTINGS)
    assert isinstance(view, SettingsView)
    assert view.importing is not None
    assert view.importing.isVisible()
    dialogs: list[object] = []
    view.importing.asked.connect(dialogs.append)
    (action,) = [each for each in window.window.commands() if each.text() == "Import…"]
    action.trigger()
    assert len(dialogs) == 1
    press(window.window, Qt.Key.Key_Escape)
    window.close()
    other = ClinicWindow(open_clinic("mei").workplace(tasks), look, failures)
    assert _found(other, "import") == []
    other.close()
    failures.uninstall()
    assert bugs == []


def _found(window: ClinicWindow, text: str) -> list[Found]:
    return window.window._find_commands(text)
