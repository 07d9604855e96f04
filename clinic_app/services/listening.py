"""Hears what other programs commit, and whether the server is there, in a thread of its own.

A server calls those who listen (``LISTEN``); a file is looked at a few times a second. Either way the kinds of record
are announced as after a commit of one's own. Design: docs/decisions/0018.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import PoolProxiedConnection
from sqlalchemy.exc import DBAPIError

from clinic_app.errors import StoreProblem
from clinic_app.models.database import CHANNEL, Announce, Database
from clinic_app.models.server import OPEN_HERE

LEAVE = "leave"
"""What the owner of a server's clinic says on the channel: tables are about to change."""
LOOK = 0.4
"""Seconds between two looks at a file, and the longest that the end is waited for."""
HEARTBEAT = 12
"""Looks of silence after which a server is asked whether it is still there: about five seconds."""
MOST_AHEAD = 60
"""Seconds by which a clock may differ from the server's without anybody being told."""
_RETRY = 2.0
"""Seconds after which a file that could not be looked at is tried again."""


class Listening:
    """Listens from ``begin`` to ``end``, again and again if wanted. What it calls, it calls from its own thread.

    ``heard`` gets the kinds of record that others touched; ``asked_to_leave`` is called when a server's tables are
    about to change, and ``left_behind`` when they were changed while nobody listened, so that this release can work
    there no more; ``clock_differs`` hears by how many seconds this computer's clock is ahead of the server's, where
    that is more than a minute.
    """

    def __init__(
        self,
        database: Database,
        heard: Announce,
        asked_to_leave: Callable[[], None],
        clock_differs: Callable[[float], None] | None = None,
        left_behind: Callable[[], None] | None = None,
    ) -> None:
        self._database = database
        self._heard = heard
        self._asked_to_leave = asked_to_leave
        self._clock_differs = clock_differs
        self._left_behind = left_behind
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._seen = 0
        self._listens = threading.Event()

    @property
    def listens(self) -> bool:
        """Whether what is committed from now on is heard."""
        return self._listens.is_set()

    def begin(self) -> None:
        """Listen from now on."""
        self.end()
        self._ended.clear()
        listen = self._on_file if self._database.line is None else self._on_server
        self._thread = threading.Thread(target=self._steadily, args=(listen,), name="listening", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Hear nothing any more; every connection of the thread is closed."""
        self._ended.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        self._thread = None

    def _steadily(self, listen: Callable[[Any], None]) -> None:
        """Begin again where the line dropped or the file was out of reach, and tell what was missed."""
        while not self._ended.is_set():
            with suppress(DBAPIError, StoreProblem, self._database.engine.dialect.loaded_dbapi.Error):
                connection = self._connect()
                try:
                    listen(connection)
                finally:
                    self._listens.clear()
                    connection.invalidate()  # what it listens to must not go back to the pool
            if self._ended.is_set():
                return
            if self._database.line is None:
                self._ended.wait(_RETRY)
                continue
            self._database.line.dropped()
            with suppress(StoreProblem):
                while not self._ended.wait(_RETRY) and not self._database.line.look():
                    pass

    def _connect(self) -> PoolProxiedConnection:
        try:
            return self._database.engine.raw_connection()
        except StoreProblem as problem:
            if problem.code == "server_upgrading":
                self._asked_to_leave()
            elif problem.code == "store_newer" and self._left_behind is not None:
                self._left_behind()
            raise

    # --- a server

    def _on_server(self, connection: PoolProxiedConnection) -> None:
        driver: Any = connection.driver_connection
        driver.rollback()
        driver.autocommit = True
        driver.execute(f"LISTEN {CHANNEL}")
        if self._database.line is not None:
            self._database.line.look()  # it may have come back while nobody listened
        # Held until the connection ends, however it ends: whoever changes the tables sees who is still there.
        if not driver.execute(f"SELECT pg_try_advisory_lock_shared({OPEN_HERE})").fetchone()[0]:
            self._asked_to_leave()
        self._compare_clocks(driver)
        self._catch_up(lambda sql: driver.execute(sql).fetchall())
        self._listens.set()
        silent = 0
        while not self._ended.is_set():
            silent += 1
            for call in driver.notifies(timeout=LOOK, stop_after=1):
                silent = 0
                self._take(call.payload)
            if silent >= HEARTBEAT:
                driver.execute("SELECT 1")
                silent = 0

    def _compare_clocks(self, driver: Any) -> None:
        ahead = time.time() - float(driver.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()[0])
        if self._clock_differs is not None and abs(ahead) > MOST_AHEAD:
            self._clock_differs(ahead)

    def _take(self, payload: str) -> None:
        who, *kinds = payload.split(",")
        if who == LEAVE:
            self._asked_to_leave()
        elif who != self._database.name and kinds:
            self._heard(frozenset(kinds))

    # --- a file

    def _on_file(self, connection: PoolProxiedConnection) -> None:
        driver: Any = connection.driver_connection
        self._database.own_entries = set()

        def ask(sql: str) -> list[tuple[Any, ...]]:
            rows: list[tuple[Any, ...]] = driver.execute(sql).fetchall()
            return rows

        version = ask("PRAGMA data_version")
        self._catch_up(ask)
        self._listens.set()
        while not self._ended.wait(LOOK):
            now = ask("PRAGMA data_version")
            if now != version:
                version = now
                self._catch_up(ask)

    def _catch_up(self, ask: Callable[[str], list[tuple[Any, ...]]]) -> None:
        """Announce what stands in the trail since the last look and was not written here."""
        if not self._seen:
            self._seen = ask("SELECT coalesce(max(id), 0) FROM audit_entry")[0][0]
            return
        entries = ask(f"SELECT id, kind FROM audit_entry WHERE id > {self._seen} ORDER BY id")
        own = self._database.own_entries or set()
        kinds = {kind for number, kind in entries if number not in own}
        if entries:
            self._seen = entries[-1][0]
        own.difference_update([number for number in own if number <= self._seen])
        if kinds:
            self._heard(frozenset(kinds))
