import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from clinic_app.fault_report import report
from clinic_app.ui.failures import LOG_NAME, FailureDialog, Failures
from clinic_app.ui.tasks import Tasks


@pytest.fixture
def failures(qtbot: QtBot, tmp_path: Path) -> Iterator[Failures]:
    made = Failures(tmp_path / "logs")
    yield made
    made.uninstall()


def broken(patient: str) -> int:
    secret = {"name": patient}
    return int(secret["name"])


def bug_about(patient: str) -> BaseException:
    try:
        broken(patient)
    except ValueError as error:
        return error
    raise AssertionError


def test_the_report_names_places_and_no_values() -> None:
    try:
        raise KeyError("Ada Okafor") from bug_about("Ada Okafor")
    except KeyError as error:
        text = report(error)
    assert "Okafor" not in text
    assert "builtins.KeyError" in text
    assert "builtins.ValueError" in text
    assert "test_failures.py:" in text
    assert " broken" in text
    assert str(Path.home()) not in text


def test_a_bug_saves_the_work_then_logs_then_tells_one_sentence(
    failures: Failures, qtbot: QtBot, tmp_path: Path
) -> None:
    saved: list[str] = []
    failures.add_save_work(lambda: saved.append("chart"))
    with qtbot.waitSignal(failures.shown) as shown:
        failures.bug(bug_about("Ada Okafor"))
    dialog = shown.args[0]
    assert isinstance(dialog, FailureDialog)
    assert saved == ["chart"]
    log = (tmp_path / "logs" / LOG_NAME).read_text(encoding="utf-8")
    assert "ValueError" in log
    assert "Okafor" not in log
    dialog.copy_button.click()
    assert "ValueError" in QGuiApplication.clipboard().text()
    dialog.continue_button.click()
    assert not dialog.isVisible()


def test_a_save_that_fails_does_not_keep_the_others_from_saving(failures: Failures, qtbot: QtBot) -> None:
    saved: list[str] = []
    failures.add_save_work(lambda: broken("first"))
    failures.add_save_work(lambda: saved.append("second"))
    with qtbot.waitSignal(failures.shown) as shown:
        failures.bug(bug_about("x"))
    assert saved == ["second"]
    shown.args[0].accept()


def test_a_second_bug_is_logged_and_does_not_pile_up_dialogs(failures: Failures, qtbot: QtBot, tmp_path: Path) -> None:
    dialogs: list[FailureDialog] = []
    failures.shown.connect(dialogs.append)
    for number in range(3):
        failures.bug(bug_about(f"x{number}"))
    assert len(dialogs) == 1
    assert (tmp_path / "logs" / LOG_NAME).read_text(encoding="utf-8").count("builtins.ValueError") == 3
    dialogs[0].accept()
    failures.bug(bug_about("again"))
    assert len(dialogs) == 2
    dialogs[1].accept()


def test_the_hooks_catch_what_nobody_caught_in_any_thread(failures: Failures, qtbot: QtBot) -> None:
    before = sys.excepthook
    failures.install()
    error = bug_about("x")
    with qtbot.waitSignal(failures.shown) as shown:
        sys.excepthook(type(error), error, error.__traceback__)
    shown.args[0].accept()
    with qtbot.waitSignal(failures.shown) as shown:
        lane = threading.Thread(target=broken, args=("x",))
        lane.start()
        lane.join()
    shown.args[0].accept()
    failures.uninstall()
    assert sys.excepthook is before


def test_a_bug_in_a_task_reaches_the_boundary(failures: Failures, qtbot: QtBot) -> None:
    tasks = Tasks(failures.bug)
    with qtbot.waitSignal(failures.shown) as shown:
        tasks.run(lambda: broken("x"), print)
    shown.args[0].accept()
    assert tasks.wait_idle()
    tasks.close()


def test_closed_charts_are_not_saved_any_more(failures: Failures, qtbot: QtBot) -> None:
    saved: list[str] = []

    def save() -> None:
        saved.append("chart")

    failures.add_save_work(save)
    failures.remove_save_work(save)
    with qtbot.waitSignal(failures.shown) as shown:
        failures.bug(bug_about("x"))
    shown.args[0].accept()
    assert saved == []
