import threading

from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from clinic_app.ui.changes import Changes


class View(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[frozenset[str], int]] = []

    @Slot(object)
    def look_again(self, kinds: frozenset[str]) -> None:
        self.heard.append((kinds, threading.get_ident()))


def test_a_commit_of_another_thread_is_told_in_the_gui_thread(qtbot: QtBot) -> None:
    changes, view = Changes(), View()
    changes.committed.connect(view.look_again)
    with qtbot.waitSignal(changes.committed):
        lane = threading.Thread(target=changes.announce, args=(["patient", "visit", "patient"],))
        lane.start()
        lane.join()
        assert view.heard == []  # never inside the commit
    assert view.heard == [(frozenset({"patient", "visit"}), threading.get_ident())]


def test_a_commit_that_touched_nothing_is_not_told(qtbot: QtBot) -> None:
    changes, view = Changes(), View()
    changes.committed.connect(view.look_again)
    with qtbot.waitSignal(changes.committed):
        changes.announce([])
        changes.announce(["visit"])
    assert [kinds for kinds, _ in view.heard] == [frozenset({"visit"})]
