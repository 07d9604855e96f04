"""Service calls off the GUI thread: one database lane, one paper lane, every answer back by one queued signal."""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal, Slot

from clinic_app.errors import ClinicError, WorkStopped
from clinic_app.ui.garbage import GarbageCollection

Result = TypeVar("Result")


class Lane(Enum):
    """Which single worker does the work; work of one lane runs strictly in the order asked."""

    DATABASE = "database"
    PAPER = "paper"
    """PDF files and other long work that must not hold up a search."""
    BACKUP = "backup"
    """What nobody waits for; in a huge clinic it takes minutes, in which others print."""


class Steps:
    """How far long work is, told by its worker between two steps, and the wish that it stops at the next.

    It holds two numbers and a mark, no callbacks: the window looks at it when it likes, the worker never waits.
    """

    def __init__(self) -> None:
        self.done = 0
        self.of = 0
        self._stopped = threading.Event()

    def __call__(self, done: int, of: int) -> None:
        """To be called by the worker. Raises WorkStopped when nobody waits any more."""
        if self._stopped.is_set():
            raise WorkStopped("work_stopped")
        self.done, self.of = done, of

    def stop(self) -> None:
        """End the work at its next step."""
        self._stopped.set()


class Task:
    """One piece of work under way. Keep it to cancel it; nothing is lost by dropping it."""

    def __init__(
        self,
        work: Callable[[], object],
        done: Callable[[Any], object],
        failed: Callable[[ClinicError], object] | None,
        ended: Callable[[], object] | None,
        owner: QObject | None,
        forget: Callable[[], None],
        steps: Steps | None = None,
    ) -> None:
        self.work = work
        self.done = done
        self.failed = failed
        self.ended = ended
        self.owner = owner
        self.steps = steps
        self.result: object = None
        self.error: BaseException | None = None
        self.future: Future[None] | None = None
        self._cancelled = False
        self._forget = forget

    def cancel(self) -> None:
        """Drop the answer. Work that has not begun is not begun; work in steps stops soon, other runs on unheard."""
        self._cancelled = True
        if self.steps is not None:
            self.steps.stop()
        if self.future is not None and self.future.cancel():
            self._forget()

    @property
    def wanted(self) -> bool:
        """Whether somebody is still there for the answer."""
        return not self._cancelled and (self.owner is None or shiboken6.isValid(self.owner))


class Tasks(QObject):
    """Runs work on its lane and calls back in the GUI thread.

    Callbacks of an owner that was destroyed are dropped. The owner is the ``owner`` argument, or else the QObject whose
    bound method ``done`` is. An unknown exception goes to ``bug``, never to ``failed``. A ``ClinicError`` without a
    ``failed`` callback is shown by whoever listens to ``refused``.
    """

    busy_changed = Signal(bool)
    refused = Signal(object)
    """Carries a ``ClinicError`` nobody asked to handle; the window shows it in the message bar."""
    closing = Signal()
    """Nothing is to be asked any more: whoever asks again and again stops."""
    _landed = Signal(int)

    def __init__(self, bug: Callable[[BaseException], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bug = bug
        self.through: Callable[[Callable[[], object]], object] = _at_once
        """How work is called, in its lane's thread: a clinic on a server waits there for a line that dropped."""
        self._lanes = {lane: ThreadPoolExecutor(1, thread_name_prefix=f"lane-{lane.value}") for lane in Lane}
        # Only the GUI thread adds and removes; a worker reads its own entry by number. The worker keeps no reference of
        # its own to work, result or callbacks: the last reference to a widget must not go in another thread.
        self._pending: dict[int, Task] = {}
        self._questions: dict[str, Task] = {}
        self._last_number = 0
        self._was_busy = False
        self._closed = False
        self._landed.connect(self._land, Qt.ConnectionType.QueuedConnection)
        # Other threads run from here on: none of them may collect a widget.
        self._garbage = GarbageCollection(lambda: self.busy, self)
        self._garbage.start()

    @property
    def busy(self) -> bool:
        """Whether any work is waiting, running or not yet answered."""
        return bool(self._pending)

    @property
    def closed(self) -> bool:
        """Whether nothing runs any more."""
        return self._closed

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], object],
        failed: Callable[[ClinicError], object] | None = None,
        *,
        lane: Lane = Lane.DATABASE,
        owner: QObject | None = None,
        ended: Callable[[], object] | None = None,
        steps: Steps | None = None,
    ) -> Task:
        """Do ``work`` on a lane, then call ``done`` with its result or ``failed`` with its ``ClinicError``.

        ``ended`` is called after either, and also after a bug, to take back what a button showed meanwhile. Long work
        tells ``steps`` how far it is, and is stopped through them when the task is cancelled or the lanes are closed.
        """
        if owner is None:
            owner = _receiver(done)
        task = Task(work, done, failed, ended, owner, self._forget_unbegun, steps)
        self._last_number += 1
        number = self._last_number
        self._pending[number] = task
        try:
            task.future = self._lanes[lane].submit(self._work, number)
        except RuntimeError:
            del self._pending[number]  # the lanes are closed
            raise
        self._tell_busy()
        return task

    def ask(
        self,
        question: str,
        work: Callable[[], Result],
        done: Callable[[Result], object],
        failed: Callable[[ClinicError], object] | None = None,
        *,
        lane: Lane = Lane.DATABASE,
        owner: QObject | None = None,
        ended: Callable[[], object] | None = None,
        steps: Steps | None = None,
    ) -> Task:
        """Like ``run``, but a newer question of the same name drops every older answer (search as you type)."""
        self.drop(question)
        task = self.run(work, done, failed, lane=lane, owner=owner, ended=ended, steps=steps)
        self._questions[question] = task
        return task

    def drop(self, question: str) -> None:
        """Forget a question: its answer will not come."""
        older = self._questions.pop(question, None)
        if older is not None:
            older.cancel()

    def wait_idle(self, seconds: float = 30.0) -> bool:
        """Process events until no work is left, also work that answers start. False when the time ran out first.

        Whoever does not want to wait for a backup stops it first.
        """
        if not self._pending:
            return True
        loop = QEventLoop()
        limit = QTimer()
        limit.setSingleShot(True)
        limit.timeout.connect(loop.quit)
        self.busy_changed.connect(loop.quit)
        limit.start(int(seconds * 1000))
        while self._pending and limit.isActive():
            loop.exec()
        self.busy_changed.disconnect(loop.quit)
        return not self._pending

    def close(self) -> None:
        """Let the work under way end, long work at its next step, and drop what waits. Nothing runs afterwards."""
        self._closed = True
        self.closing.emit()
        for task in self._pending.values():
            if task.steps is not None:
                task.steps.stop()
        for lane in self._lanes.values():
            lane.shutdown(wait=True, cancel_futures=True)
        self._garbage.stop()
        self._pending.clear()
        self._questions.clear()
        self._tell_busy()

    def _work(self, number: int) -> None:
        """Runs in a lane's thread."""
        try:
            self._pending[number].result = self.through(self._pending[number].work)
        except BaseException as error:  # one of the two boundaries: a bug here is told in the GUI thread
            self._pending[number].error = error
        # Qt's side may be gone when the program ends without close().
        with contextlib.suppress(RuntimeError):
            self._landed.emit(number)

    @Slot(int)
    def _land(self, number: int) -> None:
        # Before it is answered: an answer may wait until no other work is left.
        task = self._pending.pop(number, None)
        if task is None:
            return
        for question in [name for name, asked in self._questions.items() if asked is task]:
            del self._questions[question]
        try:
            self._answer(task)
        finally:
            self._tell_busy()

    def _answer(self, task: Task) -> None:
        try:
            if task.error is None:
                if task.wanted:
                    task.done(task.result)
            elif not isinstance(task.error, ClinicError):
                # A bug is told even when nobody waits for the answer any more.
                self._bug(task.error)
            elif task.wanted and task.error.code != "store_locked":
                if task.failed is not None:
                    task.failed(task.error)
                else:
                    self.refused.emit(task.error)
        finally:
            if task.ended is not None and task.wanted:
                task.ended()

    def _forget_unbegun(self) -> None:
        for number in [n for n, task in self._pending.items() if task.future is not None and task.future.cancelled()]:
            del self._pending[number]
        self._tell_busy()

    def _tell_busy(self) -> None:
        if self.busy is not self._was_busy:
            self._was_busy = self.busy
            self.busy_changed.emit(self.busy)


def _at_once(work: Callable[[], object]) -> object:
    return work()


def _receiver(done: Callable[..., object]) -> QObject | None:
    receiver = getattr(done, "__self__", None)
    return receiver if isinstance(receiver, QObject) else None
