"""The two ends of a move: the clinic that is read, with everybody else kept out, and the place that it goes to."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import sqlcipher3.dbapi2
from sqlalchemy import Connection, Engine, create_engine, event, inspect, select
from sqlalchemy.pool import StaticPool

from clinic_app.errors import ClinicError, StoreProblem
from clinic_app.models import sealing
from clinic_app.models.base import Base
from clinic_app.models.database import encrypted_engine, store_problems
from clinic_app.models.drives import on_the_network
from clinic_app.models.private_files import private_folder, usable
from clinic_app.models.rekeying import flush, only_connection
from clinic_app.models.server import OPEN_HERE, WORK_ACCOUNT, WRITERS, ServerAddress, server_engine
from clinic_app.models.server_rights import grant_work, may_change_tables, require_new_enough
from clinic_app.models.small_files import ClinicFile, SmallFiles
from clinic_app.models.upgrade import current_revision
from clinic_app.settings import Settings

_SERVER = ("postgresql:", "postgres:", "postgresql+")


def is_address(to: str) -> bool:
    """Whether this is meant to be a server's address and no folder."""
    return to.strip().casefold().startswith(_SERVER)


@contextmanager
def held(settings: Settings, data_key: bytes) -> Iterator[Connection]:
    """A connection to the clinic that is moved, whose transactions see it as it is at their first question.

    Until it ends nobody else writes there. Raises StoreProblem where a window is open anywhere.
    """
    if not settings.database_url:
        with only_connection(settings.database_file, data_key) as raw:
            engine = create_engine(
                "sqlite://", creator=lambda: raw, module=sqlcipher3.dbapi2, poolclass=StaticPool, hide_parameters=True
            )
            event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
            with engine.connect() as connection:
                yield connection
        return
    with server_engine(ServerAddress.read(settings.database_url)).connect() as connection:
        _keep_out(connection)
        with connection.begin():
            # Before the transaction that reads: waiting inside of it, one would see the clinic as it was before.
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({WRITERS})")
        yield connection.execution_options(isolation_level="REPEATABLE READ")


def _keep_out(connection: Connection) -> None:
    """No other program has the clinic open for as long as this connection lives. Raises StoreProblem where one has."""
    with connection.begin():
        if not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({OPEN_HERE})").scalar():
            raise StoreProblem("store_in_use")


class Place(Protocol):
    """Where a clinic goes: ``name`` for people, ``kind`` for the audit trail, and where its small files will be."""

    name: str
    kind: str
    engine: Engine
    connection: Connection
    files: SmallFiles

    def taken(self) -> ClinicError:
        """What to say of a place that holds something."""

    def grant(self) -> None:
        """Let those who will work there do so."""

    def finish(self) -> None:
        """All is written: the copy takes its place."""

    def discard(self) -> None:
        """Take away all that was written: the place is empty again."""


@contextmanager
def place(to: str, data_key: bytes) -> Iterator[Place]:
    """The place for a copy, empty or with what an earlier move left there. Raises ClinicError where it is neither."""
    with _full_disk_told(StoreProblem("move_disk_full", where=to)), store_problems(), _opened(to, data_key) as found:
        yield found


@contextmanager
def whole_or_empty(to: str, data_key: bytes) -> Iterator[Place]:
    """The place for a clinic that is written at once; what raises leaves it empty.

    Raises ClinicError as ``place`` does, and for one in which a move has begun.
    """
    with _opened(to, data_key) as found:
        with found.connection.begin():
            tables = inspect(found.connection).has_table(ClinicFile.__tablename__)
            if tables and found.connection.scalar(select(ClinicFile.name).limit(1)) is not None:
                raise found.taken()
        try:
            with _full_disk_told(StoreProblem("disk_full", folder=found.name)):
                yield found
        except BaseException:
            found.discard()
            raise


@contextmanager
def _opened(to: str, data_key: bytes) -> Iterator[Place]:
    found = _Server(to) if is_address(to) else _Folder(Path(to), data_key)
    try:
        yield found
    finally:
        found.connection.close()
        found.engine.dispose()


class _Server:
    """A database of a server, reached with the account that owns it."""

    kind = "to a server"

    def __init__(self, to: str) -> None:
        address = ServerAddress.read(to)
        self.name = str(address.with_account(WORK_ACCOUNT))
        self.engine = server_engine(address)
        self.files = SmallFiles.on_server(self.engine)
        require_new_enough(self.engine)
        if not may_change_tables(self.engine):
            raise StoreProblem("server_owner_needed", account=address.account)
        self.connection = self.engine.connect()
        with self.connection.begin():
            if self._holds_something():
                raise self.taken()
        _keep_out(self.connection)

    def _holds_something(self) -> bool:
        try:
            if current_revision(self.connection) is None:
                return False
        except StoreProblem:
            return True
        return not inspect(self.connection).has_table(ClinicFile.__tablename__) or self.files.keys.exists()

    def taken(self) -> ClinicError:
        """A clinic, or tables of another program."""
        return StoreProblem("move_database_not_empty")

    def grant(self) -> None:
        """The account for work."""
        grant_work(self.engine, WORK_ACCOUNT)

    def finish(self) -> None:
        """It is where it belongs."""

    def discard(self) -> None:
        """The tables, which nobody has opened."""
        with self.connection.begin():
            if inspect(self.connection).has_table(ClinicFile.__tablename__):
                sealing.remove(self.connection)
                Base.metadata.drop_all(self.connection)
                self.connection.exec_driver_sql("DROP TABLE alembic_version")


class _Folder:
    """A folder that is made beside its place, and put there by one renaming when it is whole."""

    kind = "to a folder"

    def __init__(self, to: Path, data_key: bytes) -> None:
        self._folder = to.expanduser().resolve()
        self.name = str(self._folder)
        made = Settings(data=self._folder.with_name(f"{self._folder.name}.moving"))
        self._made = made.data
        if on_the_network(self._folder):
            raise StoreProblem("store_on_share", folder=self._folder)
        with usable(self._folder):
            if Settings(data=self._folder).exists:
                raise StoreProblem("store_exists", folder=self._folder)
            if self._folder.exists() and any(self._folder.iterdir()):
                raise self.taken()
            private_folder(self._made)
            made.database_file.touch(mode=0o600)
        self.files = SmallFiles.in_folder(made)
        self.engine = encrypted_engine(made.database_file, data_key)
        try:
            with store_problems():
                self.connection = self.engine.connect()
                with self.connection.begin():
                    current_revision(self.connection)
        except StoreProblem as problem:
            if problem.code == "store_not_ours":
                raise StoreProblem("move_of_another", where=self._made) from problem
            raise

    def taken(self) -> ClinicError:
        """Whatever it is."""
        return StoreProblem("move_folder_not_empty", folder=self._folder)

    def grant(self) -> None:
        """Nobody: it belongs to who moves."""

    def finish(self) -> None:
        """One renaming, of files that the disk has."""
        self.connection.close()
        self.engine.dispose()  # the last connection folds the write-ahead log into the file
        with usable(self._folder.parent):
            for file in (*self._made.iterdir(), self._made):
                flush(file)
            if self._folder.exists():
                self._folder.rmdir()
            self._made.rename(self._folder)
            flush(self._folder.parent)

    def discard(self) -> None:
        """The folder beside its place."""
        self.connection.close()
        self.engine.dispose()
        shutil.rmtree(self._made, ignore_errors=True)


@contextmanager
def _full_disk_told(told: StoreProblem) -> Iterator[None]:
    try:
        yield
    except StoreProblem as problem:
        if problem.code != "disk_full_now":
            raise
        raise told from problem
