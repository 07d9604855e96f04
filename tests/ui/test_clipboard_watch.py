"""What the program copied is cleared after a minute, and at once when it is locked."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from clinic_app.ui.clipboard_watch import AFTER_MS, ClipboardWatch, copy_for_a_minute, copy_for_keeps

OF_ANOTHER = "from another program"


@pytest.fixture
def watch(qapp: QApplication) -> Iterator[ClipboardWatch]:
    watch = ClipboardWatch(is_own=lambda: copied() != OF_ANOTHER)
    yield watch
    watch.timer.stop()
    QGuiApplication.clipboard().clear()


def test_what_another_program_copied_stays(watch: ClipboardWatch) -> None:
    QGuiApplication.clipboard().setText("555-0187")
    QGuiApplication.clipboard().setText(OF_ANOTHER)
    assert not watch.timer.isActive()
    watch.clear()
    assert copied() == OF_ANOTHER


def copied() -> str:
    return str(QGuiApplication.clipboard().text())


def test_a_copy_has_its_minute_and_is_cleared(watch: ClipboardWatch) -> None:
    QGuiApplication.clipboard().setText("555-0187")
    assert watch.timer.isActive()
    assert watch.timer.interval() == AFTER_MS
    watch.timer.timeout.emit()
    assert copied() == ""
    assert not watch.timer.isActive()


def test_what_names_nobody_may_stay(watch: ClipboardWatch) -> None:
    copy_for_keeps("clinic-app 0.1 · ValueError")
    watch.clear()
    assert copied() == "clinic-app 0.1 · ValueError"
    QGuiApplication.clipboard().setText("555-0187")
    watch.clear()
    assert copied() == ""


def test_what_may_name_a_patient_asks_to_be_left_out_of_histories(watch: ClipboardWatch) -> None:
    copy_for_a_minute("555-0187")
    assert copied() == "555-0187"
    content = QGuiApplication.clipboard().mimeData()
    assert bytes(content.data("x-kde-passwordManagerHint").data()) == b"secret"
    assert watch.timer.isActive()
    watch.clear()
    assert copied() == ""
