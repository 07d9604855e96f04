"""The line to a clinic's server: whether it stands, waiting until it does, and what became of a lost answer.

A file has no line. Any thread may find that the line dropped and any may find it again; ``told`` hears of both.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, select, text
from sqlalchemy.exc import DBAPIError

from clinic_app.errors import StoreProblem
from clinic_app.models.commit_mark import CommitMark

UNREACHABLE = "server_unreachable"
"""The code of the StoreProblem that a dropped line raises; what was under way was not saved."""
FIRST_PAUSE = 0.2
MARKS_KEPT = timedelta(days=30)
"""A computer may sleep over a holiday between a commit and its answer."""
LONGEST_PAUSE = 5.0
"""Seconds between two looks whether the server is there again."""


class Line:
    """The line to one server, for all threads of a program.

    ``patience`` is how many seconds work waits for a server that is gone; None waits until the program ends.
    """

    def __init__(self, engine: Engine, patience: float | None = 30) -> None:
        self.patience = patience
        self.told: Callable[[bool], None] | None = None
        self._engine = engine
        self._stands = threading.Event()
        self._stands.set()
        self._ended = threading.Event()

    @property
    def stands(self) -> bool:
        """Whether the server was there when it was last asked."""
        return self._stands.is_set()

    def dropped(self) -> None:
        """Somebody found that the server is gone."""
        if self._stands.is_set():
            self._stands.clear()
            if self.told is not None:
                self.told(False)

    def end(self) -> None:
        """Nobody waits any more, until ``begin``: the clinic is locked, or the program ends."""
        self._ended.set()

    def begin(self) -> None:
        """Work waits again."""
        self._ended.clear()

    def look(self) -> bool:
        """Whether the server answers at this moment. Raises StoreProblem while the clinic is locked."""
        if not self._answers():
            return False
        if not self._stands.is_set():
            self._stands.set()
            if self.told is not None:
                self.told(True)
        return True

    def wait(self) -> bool:
        """Wait until the server answers; False when patience or the program ended first."""
        until = None if self.patience is None else time.monotonic() + self.patience
        pause = FIRST_PAUSE
        while not self._ended.is_set():
            if self.look():
                return True
            if until is not None and time.monotonic() + pause > until:
                return False
            self._ended.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        return False

    def was_committed(self, key: str) -> bool:
        """Whether the transaction that wrote this mark was committed, once the server is there again.

        Raises StoreProblem where nobody can tell, because the server stays away.
        """
        while self.wait():
            try:
                # The turn to write is had only when the transaction of before has ended, one way or the other.
                with self._engine.connect().execution_options(writing=True) as connection:
                    return connection.scalar(select(CommitMark.key).where(CommitMark.key == key)) is not None
            except DBAPIError:
                self.dropped()
        raise StoreProblem("save_unsure")

    def forget_marks(self, now: datetime) -> None:
        """Remove the marks of saves that nobody asks about any more. Raises StoreProblem while the clinic is locked."""
        with self._engine.begin() as connection:
            connection.execute(delete(CommitMark).where(CommitMark.at < now - MARKS_KEPT))

    def _answers(self) -> bool:
        try:
            with self._engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except DBAPIError:
            return False
        return True
