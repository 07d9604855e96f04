"""The store: an encrypted SQLite file, or a PostgreSQL server by URL; short transactions; one hook on commits.

Every committed change is written to the audit trail by the same transaction and then announced by kind of record,
so that no screen and no service can forget either.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlcipher3.dbapi2
from sqlalchemy import Connection, Engine, RowMapping, Table, create_engine, event, insert, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session, UOWTransaction, sessionmaker
from sqlalchemy.pool import QueuePool

from clinic_app.errors import ClinicError, StoreProblem
from clinic_app.models import sealing, trail
from clinic_app.models.base import Base
from clinic_app.models.commit_mark import CommitMark
from clinic_app.models.data_key import DataKey
from clinic_app.models.line import UNREACHABLE, Line
from clinic_app.models.server_problems import server_problem

PAGE_CACHE_KIB = 32 * 1024
"""What a connection keeps decrypted, at most: to decrypt a page takes as long as to read a dozen rows."""

Announce = Callable[[frozenset[str]], None]
CHANNEL = "clinic_changes"
"""On which a server's programs tell each other, in one word per kind of record, what a commit touched."""
_CALL = text("SELECT pg_notify(:channel, :said)")


def encrypted_engine(path: Path, data_key: bytes | DataKey) -> Engine:
    """An engine on the SQLCipher file at ``path`` with the raw 32-byte key.

    With a ``DataKey`` it connects no more, and raises StoreProblem, while the key is dropped.
    """
    key = data_key if isinstance(data_key, DataKey) else DataKey(data_key)

    def connect() -> Any:
        # isolation_level None: SQLAlchemy's begin event below says BEGIN itself, once and of the right kind.
        connection = sqlcipher3.dbapi2.connect(path, isolation_level=None, check_same_thread=False)
        cursor = connection.cursor()
        cursor.execute("PRAGMA cipher_log_level = NONE")  # what is damaged is told in a sentence, not on the terminal
        cursor.execute(f"PRAGMA key = \"x'{key.reveal().hex()}'\"")
        cursor.execute(f"PRAGMA cache_size = -{PAGE_CACHE_KIB}")
        cursor.execute("PRAGMA busy_timeout = 5000")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")  # a signed visit must survive a power cut
        cursor.close()
        return connection

    # No statement's values in any message: they may name a patient.
    engine = create_engine(
        "sqlite://",
        creator=connect,
        module=sqlcipher3.dbapi2,
        poolclass=QueuePool,
        pool_use_lifo=True,  # who asks next finds pages decrypted already, and other connections fill no cache
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: two writers then wait for each other instead of failing half-way.
    immediate = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


class Database:
    """Hands out transactions. ``announce`` hears the kinds of record that each commit touched.

    ``line`` is None for a file. ``name`` tells this program from others in what a server tells about commits.
    """

    def __init__(self, engine: Engine, *, workstation: str = "", announce: Announce | None = None) -> None:
        self.engine = engine
        self.workstation = workstation
        self.announce = announce
        self.name = uuid4().hex
        self.line = Line(engine) if engine.dialect.name == "postgresql" else None
        self.own_entries: set[int] | None = None
        """Numbers of the audit entries that this program wrote, for whoever listens to others; None: nobody does."""
        self._sessions = sessionmaker(engine, class_=AuditedSession, expire_on_commit=False)
        self._moment = threading.local()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that is always rolled back, and sees the record as it was at its first question.

        Inside ``one_moment`` it is that one.
        """
        shared: Session | None = getattr(self._moment, "session", None)
        if shared is not None:
            yield shared
            return
        with self._problems(), self._sessions() as session:
            if self.line is not None:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """All that this thread reads inside the block is read in one transaction: from one moment, and once.

        What the block itself writes it does not see.
        """
        with self.reading() as session:
            before = getattr(self._moment, "session", None)
            self._moment.session = session
            try:
                yield
            finally:
                self._moment.session = before

    @contextmanager
    def writing(self, account_id: int | None, at: datetime, *, again: bool = False) -> Iterator[Session]:
        """A transaction that commits when the block returns and leaves no trace when it raises.

        ``again`` says that it may as well be done twice, such as to note a look; see ``commits_of_this_thread``.

        A server whose answer to the commit was lost is asked again; the caller hears only what became of it. Where the
        block itself could not end, nothing was saved, and it raises StoreProblem.
        """
        key = uuid4().hex
        committing = False
        try:
            with self._problems(), ExitStack() as beyond, self._sessions() as session:
                session.info.update(account_id=account_id, at=at, workstation=self.workstation, kinds=set())
                session.info["beyond"] = beyond
                connection = session.connection(execution_options={"writing": True})
                yield session
                session.flush()
                if self.line is not None:
                    self._tell_server(connection, key, at, session.info["kinds"])
                    committing = True
                with self._own(session):
                    session.commit()
        except StoreProblem as problem:
            if problem.code != UNREACHABLE or not committing or self.line is None:
                raise
            if not self.line.was_committed(key):
                raise
        if not again:
            _committed.count = commits_of_this_thread() + 1
        if self.announce is not None and session.info["kinds"]:
            self.announce(frozenset(session.info["kinds"]))

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _own(self, session: Session) -> Iterator[None]:
        """Known as one's own before anybody can see it: whoever listens may look before the commit has returned."""
        head = session.info.get("head")
        if self.own_entries is None or head is None:
            yield
            return
        self.own_entries.update(head.written)
        try:
            yield
        except BaseException:
            self.own_entries.difference_update(head.written)
            raise

    def _tell_server(self, connection: Connection, key: str, at: datetime, kinds: set[str]) -> None:
        """With the commit: the mark by which it is known again, and a call to all who have the clinic open."""
        connection.execute(insert(CommitMark), {"key": key, "at": at})
        if kinds:
            connection.execute(_CALL, {"channel": CHANNEL, "said": ",".join([self.name, *sorted(kinds)])})

    @contextmanager
    def _problems(self) -> Iterator[None]:
        try:
            with store_problems():
                yield
        except StoreProblem as problem:
            if problem.code == UNREACHABLE and self.line is not None:
                self.line.dropped()
            raise


_committed = threading.local()


def commits_of_this_thread() -> int:
    """How many transactions that must not be done twice this thread has committed."""
    count: int = getattr(_committed, "count", 0)
    return count


class AuditedSession(Session):
    """A session that writes the audit trail of what it flushes."""


def tell(
    session: Session,
    what: str,
    kind: str,
    record_id: int | None = None,
    patient_id: int | None = None,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    """Write a line into the audit trail about what changes no row, such as an export or a look at a record."""
    told = {"before": before or {}, "after": after or {}}
    _append(session, [{"what": what, "kind": kind, "record_id": record_id, "patient_id": patient_id, **told}])


def tell_of_each(session: Session, what: str, kind: str, patients: Iterable[int], *, after: dict[str, object]) -> None:
    """Write the same line about each of many patients, all at once."""
    line = {"what": what, "kind": kind, "record_id": None, "before": {}, "after": after}
    lines = [{**line, "patient_id": each} for each in patients]
    if lines:
        _append(session, lines)


def tell_rows(
    session: Session, what: str, table: Table, rows: Sequence[Mapping[str, Any]] | Sequence[RowMapping]
) -> None:
    """Write into the audit trail what was ``created`` or ``removed`` past the session's records, as they would be told.

    For work on so many rows that records would take too long. Each row has every column of its table.
    """
    removed = what == "removed"
    tell_changes(session, [RowChange(table, row, None) if removed else RowChange(table, None, row) for row in rows])


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row as it was and as it is, with every column of its table; None before it was created and once it is gone."""

    table: Table
    before: Mapping[str, Any] | RowMapping | None
    after: Mapping[str, Any] | RowMapping | None


def tell_changes(session: Session, changes: Sequence[RowChange]) -> None:
    """Write into the audit trail what was changed past the session's records, in this order and as they would be told.

    For what is done so often, or to so many rows, that records would take too long.
    """
    if changes:
        session.info["kinds"].update(change.table.name for change in changes)
        _append(session, [_entry_of(change) for change in changes])


def _entry_of(change: RowChange) -> dict[str, Any]:
    table, before, after = change.table, change.before, change.after
    row = after if after is not None else before
    assert row is not None
    names = _told_columns(table)
    if before is not None and after is not None:
        names = {name: told for name, told in names.items() if before[name] != after[name]}
    return {
        "what": "created" if before is None else "removed" if after is None else "changed",
        "kind": table.name,
        "record_id": row.get("id"),
        "patient_id": row["id"] if table.name == "patient" else row.get("patient_id"),
        "before": {} if before is None else {name: told(before[name]) for name, told in names.items()},
        "after": {} if after is None else {name: told(after[name]) for name, told in names.items()},
    }


@cache
def _told_columns(table: Table) -> dict[str, Callable[[object], object]]:
    """How each column is told."""
    return {column.name: _whether if column.info.get("secret") else _plain for column in table.columns}


@event.listens_for(AuditedSession, "after_flush")
def _audit(session: Session, context: UOWTransaction) -> None:
    rows = []
    # A child that its parent let go is removed as well, but stands among what was changed.
    gone = {state.obj(): None for state, (removed, listed) in context.states.items() if removed and not listed}
    for record, what in (
        *((record, "created") for record in session.new),
        *((record, "changed") for record in session.dirty if record not in gone and session.is_modified(record)),
        *((record, "removed") for record in gone if record is not None),
    ):
        kind = type(record).__tablename__
        session.info["kinds"].add(kind)
        before, after = _difference(record, what)
        rows.append(
            {
                "what": what,
                "kind": kind,
                "record_id": getattr(record, "id", None),
                "patient_id": record.id if kind == "patient" else getattr(record, "patient_id", None),
                "before": before,
                "after": after,
            }
        )
    if rows:
        _append(session, rows)


@event.listens_for(AuditedSession, "after_soft_rollback")
def _forget_head(session: Session, _previous: object) -> None:
    session.info.pop("head", None)  # what was written up to the savepoint is gone


def _append(session: Session, rows: list[dict[str, Any]]) -> None:
    who = {name: session.info[name] for name in ("at", "account_id", "workstation")}
    rows = [{**who, **row} for row in rows]
    session.info["head"] = trail.append(session.connection(), rows, session.info.get("head"))


def _difference(record: Base, what: str) -> tuple[dict[str, object], dict[str, object]]:
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    state = inspect(record)
    for column in state.mapper.column_attrs:
        if what == "created":
            told = _whether if column.columns[0].info.get("secret") else _plain
            after[column.key] = told(getattr(record, column.key))
            continue
        history = state.attrs[column.key].history
        if what == "changed" and not history.has_changes():
            continue
        told = _whether if column.columns[0].info.get("secret") else _plain
        old = history.deleted or history.unchanged
        before[column.key] = told(old[0]) if old else None
        if what != "removed":
            after[column.key] = told(getattr(record, column.key))
    return before, after


def _whether(value: object) -> object:
    return None if value is None else "set"


def _plain(value: object) -> object:
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value


@contextmanager
def store_problems() -> Iterator[None]:
    """Turn what the person can mend into a sentence; the rest stays a bug."""
    try:
        yield
    except OperationalError as error:
        if (found := server_problem(error)) is not None:
            raise found from error
        said = str(error.orig)
        for part, code in (
            ("full", "disk_full_now"),
            ("readonly", "store_read_only"),
            ("unable to open", "store_unreachable"),
            ("disk I/O", "store_unreachable"),
            ("locked", "store_busy"),
        ):
            if part in said:
                raise StoreProblem(code) from error
        raise
    except DatabaseError as error:
        if (found := server_problem(error)) is not None:
            raise found from error
        if "not a database" in str(error.orig):
            raise StoreProblem("store_not_ours") from error
        if "malformed" in str(error.orig):
            raise StoreProblem("store_damaged") from error
        # The triggers of ``sealing``: whoever asked for the change is told, and nothing of it was done.
        if sealing.SIGNED in str(error.orig):
            raise ClinicError("signed_never_changes") from error
        if sealing.LEDGER in str(error.orig):
            raise ClinicError("ledger_never_changes") from error
        raise
