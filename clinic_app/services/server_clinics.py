"""A clinic on a server, seen from one workstation: which server it is, how the line to it is, and upgrading it."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from time import perf_counter

from sqlalchemy import Connection, text

from clinic_app.errors import StoreProblem
from clinic_app.models.database import CHANNEL, Database, store_problems
from clinic_app.models.keys import KeyFile
from clinic_app.models.private_files import private_folder, write_private
from clinic_app.models.server import OPEN_HERE, WORK_ACCOUNT, ServerAddress, server_engine
from clinic_app.models.server_rights import grant_work, may_change_tables, require_new_enough
from clinic_app.models.small_files import SmallFiles
from clinic_app.models.upgrade import current_revision, upgrade
from clinic_app.services.listening import LEAVE
from clinic_app.settings import Settings

_ASK_AGAIN = 2.0
"""Seconds between two looks whether every workstation has left."""


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What the settings tell of the server: its version, how what is sent is encrypted ("" on this computer only),
    how many workstations have the clinic open, and how long a question takes, in milliseconds.

    ``owner`` says that the account is the one that owns the tables, which the everyday work should not use.
    """

    address: str
    account: str
    owner: bool
    version: str
    encryption: str
    workstations: int
    answer_ms: float


def connect_workstation(settings: Settings, typed: str, password: str = "") -> str:
    """Look for the clinic at a server's address and remember it for this workstation; returns the address.

    A password that the server took goes to this computer's keyring. Raises ClinicError with the field "address" or
    "password".
    """
    address = ServerAddress.read(typed)
    engine = server_engine(address, password=password)
    try:
        with store_problems():
            require_new_enough(engine)
            with engine.connect() as connection:
                there = current_revision(connection)
            if there is None:
                raise StoreProblem("server_without_clinic", field="address")
            KeyFile.read(SmallFiles.on_server(engine).keys)
    except StoreProblem as problem:
        passwords = ("server_account_refused", "server_password_missing")
        problem.field = "password" if problem.code in passwords else "address"
        raise
    finally:
        engine.dispose()
    if password:
        address.remember_password(password)
    private_folder(settings.data)
    write_private(settings.server_file, f"{address}\n".encode())
    return str(address)


def server_facts(database: Database, typed: str) -> ServerFacts:
    """The server as it is at this moment. Raises StoreProblem."""
    address = ServerAddress.read(typed)
    with store_problems(), database.engine.connect() as connection:
        encryption = connection.scalar(text("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl"))
        began = perf_counter()  # the first question also opened a transaction
        connection.execute(text("SELECT 1"))
        answer_ms = (perf_counter() - began) * 1000
        return ServerFacts(
            str(address),
            address.account,
            may_change_tables(database.engine),
            str(connection.scalar(text("SHOW server_version"))),
            str(encryption or ""),
            _open_workstations(connection),
            answer_ms,
        )


def upgrade_server(settings: Settings, waits: Callable[[int], None]) -> None:
    """Bring the clinic's tables to this release with the owner's account, once every workstation has left.

    Those are asked to leave, and nobody is thrown out. ``waits`` hears how many have it open still; what it raises
    ends the waiting, and nothing was changed. Raises StoreProblem.
    """
    owner = ServerAddress.read(settings.database_url)
    engine = server_engine(owner)
    try:
        with store_problems(), engine.connect() as alone:
            require_new_enough(engine)
            if current_revision(alone) is None:
                raise StoreProblem("server_without_clinic")
            if not may_change_tables(engine):
                raise StoreProblem("server_owner_needed", account=owner.account)
            alone.commit()
            while not alone.scalar(text(f"SELECT pg_try_advisory_lock({OPEN_HERE})")):
                alone.execute(text("SELECT pg_notify(:channel, :said)"), {"channel": CHANNEL, "said": LEAVE})
                waits(_open_workstations(alone))
                alone.commit()
                Event().wait(_ASK_AGAIN)
            alone.commit()
            upgrade(engine)
            grant_work(engine, WORK_ACCOUNT)
    finally:
        engine.dispose()


def _open_workstations(connection: Connection) -> int:
    """How many programs hold the lock that says so in this database; every account may see the server's locks."""
    holders = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :number AND granted "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    return connection.scalar(holders, {"number": OPEN_HERE}) or 0
