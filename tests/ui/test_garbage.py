"""Garbage is collected by the GUI thread alone."""

import gc
import sys
import threading

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from benchmarks.measure import resident_mb
from clinic_app.ui.garbage import GarbageCollection
from clinic_app.ui.tasks import Tasks


class Cycle(QWidget):
    """A widget that only the garbage collection can find."""

    def __init__(self, died: list[threading.Thread]) -> None:
        super().__init__()
        self.itself = self
        self._died = died

    def __del__(self) -> None:
        self._died.append(threading.current_thread())


def test_a_widget_in_a_cycle_dies_in_the_gui_thread_however_much_others_allocate(qtbot: QtBot, tasks: Tasks) -> None:
    died: list[threading.Thread] = []
    kept: list[object] = []
    gc.collect()
    Cycle(died)
    tasks.run(lambda: [[number] for number in range(300_000)], kept.append)
    assert tasks.wait_idle(20)
    qtbot.waitUntil(lambda: bool(died), timeout=10_000)
    assert died == [threading.main_thread()]


def test_it_waits_while_somebody_waits_for_an_answer_though_not_for_ever(qtbot: QtBot) -> None:
    asked: list[int] = []
    died: list[threading.Thread] = []

    def busy() -> bool:
        asked.append(len(died))
        return True

    collection = GarbageCollection(busy)
    collection.start()
    Cycle(died)
    kept = [[number] for number in range(10_000)]
    qtbot.waitUntil(lambda: bool(died), timeout=20_000)
    collection.stop()
    assert kept
    assert asked[:12] == [0] * 12


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory goes back by itself")
def test_what_is_free_goes_back_to_the_system_when_the_work_is_done(qtbot: QtBot, tasks: Tasks) -> None:
    blocks = [bytes(1000) for _ in range(100_000)]
    lasts = blocks[-1]  # what is freed below it stays with the process until somebody asks
    blocks.clear()
    full = resident_mb()
    kept = [[number] for number in range(10_000)]  # something for the collection to look through
    qtbot.waitUntil(lambda: resident_mb() < full - 50, timeout=10_000)
    assert kept
    assert lasts


def test_python_collects_again_when_the_lanes_are_closed(qtbot: QtBot) -> None:
    tasks = Tasks(lambda bug: None)
    assert not gc.isenabled()
    tasks.close()
    assert gc.isenabled()
