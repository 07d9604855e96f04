import threading
from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from clinic_app.errors import ClinicError, StoreProblem
from clinic_app.ui.tasks import Lane, Steps, Tasks
from clinic_app.ui.theme import Look


class Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.threads: set[int] = set()

    @Slot(object)
    def hear(self, answer: object) -> None:
        self.heard.append(answer)
        self.threads.add(threading.get_ident())


def test_every_one_of_1500_results_arrives_in_order_in_the_gui_thread(tasks: Tasks) -> None:
    listener = Listener()
    for number in range(1500):
        tasks.run(lambda number=number: number, listener.hear)  # type: ignore[misc]
    assert tasks.wait_idle()
    assert listener.heard == list(range(1500))
    assert listener.threads == {threading.get_ident()}


def test_work_runs_outside_the_gui_thread_and_each_lane_has_one_thread(tasks: Tasks) -> None:
    listener = Listener()
    for lane in (Lane.DATABASE, Lane.DATABASE, Lane.PAPER):
        tasks.run(threading.get_ident, listener.hear, lane=lane)
    assert tasks.wait_idle()
    assert threading.get_ident() not in listener.heard
    assert len(set(listener.heard)) == 2


def test_a_long_paper_does_not_hold_up_the_database(tasks: Tasks) -> None:
    listener, printed = Listener(), threading.Event()
    tasks.run(lambda: printed.wait(20), listener.hear, lane=Lane.PAPER)

    def answered(rows: str) -> None:
        listener.hear(rows)
        printed.set()  # the paper ends only when the database has answered

    tasks.run(lambda: "rows", answered)
    assert tasks.wait_idle()
    assert listener.heard == ["rows", True]


def test_an_answer_that_waits_for_all_other_work_does_not_wait_for_itself(tasks: Tasks) -> None:
    heard: list[object] = []

    def answered(_rows: str) -> None:
        tasks.run(lambda: "paper", heard.append, lane=Lane.PAPER)
        heard.append(tasks.wait_idle())

    tasks.run(lambda: "rows", answered)
    assert tasks.wait_idle()
    assert heard == ["paper", True]


def test_a_clinic_error_goes_to_the_one_who_asked(tasks: Tasks, bugs: list[BaseException]) -> None:
    listener, failed = Listener(), Listener()
    error = StoreProblem("store_gone")
    tasks.run(_raising(error), listener.hear, failed.hear)
    assert tasks.wait_idle()
    assert (listener.heard, failed.heard, bugs) == ([], [error], [])


def test_a_clinic_error_that_nobody_handles_is_offered_to_the_window(tasks: Tasks) -> None:
    listener, window = Listener(), Listener()
    tasks.refused.connect(window.hear)
    error = ClinicError("units_negative")
    tasks.run(_raising(error), listener.hear)
    assert tasks.wait_idle()
    assert window.heard == [error]


def test_an_unknown_exception_is_a_bug_and_the_button_is_given_back(tasks: Tasks, bugs: list[BaseException]) -> None:
    listener, failed, ended = Listener(), Listener(), Listener()
    error = ZeroDivisionError()
    tasks.run(_raising(error), listener.hear, failed.hear, ended=lambda: ended.hear("ended"))
    assert tasks.wait_idle()
    assert (listener.heard, failed.heard, bugs, ended.heard) == ([], [], [error], ["ended"])


def test_the_answer_for_a_destroyed_owner_is_dropped(tasks: Tasks) -> None:
    owner, heard, go_on = Listener(), list[object](), threading.Event()
    tasks.run(lambda: go_on.wait(20), heard.append, owner=owner)
    shiboken6.delete(owner)
    go_on.set()
    assert tasks.wait_idle()
    assert heard == []


def test_the_owner_is_found_from_the_bound_method(tasks: Tasks) -> None:
    owner, go_on = Listener(), threading.Event()
    tasks.run(lambda: go_on.wait(20), owner.hear)
    shiboken6.delete(owner)
    go_on.set()
    assert tasks.wait_idle()
    assert owner.heard == []


def test_a_newer_question_drops_every_older_answer(tasks: Tasks) -> None:
    listener, go_on, asked = Listener(), threading.Event(), list[str]()

    def find(text: str) -> Callable[[], str]:
        def work() -> str:
            asked.append(text)
            go_on.wait(20)
            return text

        return work

    for text in ("o", "ok", "oka"):
        tasks.ask("search", find(text), listener.hear)
    tasks.ask("another", lambda: "kept", listener.hear)
    go_on.set()
    assert tasks.wait_idle()
    assert listener.heard == ["oka", "kept"]
    assert "ok" not in asked  # what had not begun is not begun


def test_a_cancelled_task_never_answers_and_leaves_nothing_waiting(tasks: Tasks) -> None:
    listener, go_on = Listener(), threading.Event()
    first = tasks.run(lambda: go_on.wait(20), listener.hear)
    second = tasks.run(lambda: "second", listener.hear)
    second.cancel()
    first.cancel()
    go_on.set()
    assert tasks.wait_idle()
    assert listener.heard == []


def test_busy_is_told_once_for_a_burst_of_work(tasks: Tasks) -> None:
    told: list[bool] = []
    tasks.busy_changed.connect(told.append)
    listener = Listener()
    for number in range(5):
        tasks.run(lambda number=number: number, listener.hear)  # type: ignore[misc]
    assert tasks.busy
    assert tasks.wait_idle()
    assert told == [True, False]


def test_waiting_covers_the_work_that_an_answer_starts(tasks: Tasks) -> None:
    listener = Listener()
    tasks.run(lambda: 1, lambda _: tasks.run(lambda: 2, listener.hear))
    assert tasks.wait_idle()
    assert listener.heard == [2]


def test_closing_lets_running_work_end_and_drops_the_rest(look: object, qtbot: QtBot) -> None:
    tasks, listener, done = Tasks(_fail), Listener(), list[str]()
    begun = threading.Event()

    def work() -> None:
        begun.set()
        done.append("first")

    tasks.run(work, listener.hear)
    assert begun.wait(20)
    tasks.close()
    assert done == ["first"]
    assert not tasks.busy
    with pytest.raises(RuntimeError):
        tasks.run(lambda: 1, listener.hear)


def _fail(error: BaseException) -> None:
    raise error


def _raising(error: BaseException) -> Callable[[], object]:
    def work() -> object:
        raise error

    return work


def test_long_work_stops_at_its_next_step_when_it_is_cancelled(tasks: Tasks, bugs: list[BaseException]) -> None:
    listener, failed, steps = Listener(), Listener(), Steps()
    begun, go_on = threading.Event(), threading.Event()
    passed: list[int] = []

    def work() -> str:
        for number in range(3):
            steps(number, 3)
            passed.append(number)
            begun.set()
            go_on.wait(20)
        return "all"

    task = tasks.run(work, listener.hear, failed.hear, lane=Lane.PAPER, steps=steps)
    assert begun.wait(20)
    assert (steps.done, steps.of) == (0, 3)
    task.cancel()
    go_on.set()
    assert tasks.wait_idle()
    assert passed == [0]
    assert listener.heard == failed.heard == []
    assert bugs == []


def test_closing_does_not_wait_for_the_end_of_long_work(look: Look, bugs: list[BaseException]) -> None:
    running, steps = Tasks(bugs.append), Steps()
    begun = threading.Event()

    def endless() -> None:
        while True:
            steps(0, 1)
            begun.set()

    running.run(endless, lambda _: None, lane=Lane.PAPER, steps=steps)
    assert begun.wait(20)
    running.close()
    assert not running.busy
