"""Clinics for tests: set up once in a folder of a run, copied for every test, at a clock that stands still."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from clinic_app.models.data_key import DataKey
from clinic_app.models.database import Database, encrypted_engine
from clinic_app.models.keys import Cost
from clinic_app.models.server import ServerAddress, server_engine
from clinic_app.services import charting
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.chart_data import ChartContent, Draft
from clinic_app.services.clock import local_now
from clinic_app.services.identity import Confirmed
from clinic_app.services.stores import NewClinic, OpenStore, add_person, set_up, unlock
from clinic_app.settings import Settings
from clinic_app.terms import LabelRegion, PaperSize, Role
from tests.postgres import OWNER, PostgresServer

PASSPHRASE = "four unrelated words here"
"""Everybody's passphrase."""
CHEAP = Cost(passes=1, memory_kib=8, lanes=1)
"""Keys that cost no time."""
PORT_ALDER = NewClinic(
    name="Port Alder Movement Clinic",
    country="US",
    time_zone="America/New_York",
    language="en-US",
    paper_size=PaperSize.LETTER,
    label_region=LabelRegion.US,
    full_name="Dr. Mara Ellison",
    user_name="ellison",
    roles=frozenset(Role),
    passphrase=PASSPHRASE,
)


@dataclass
class StandingClock:
    """A clock that goes when it is told."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **by: int) -> None:
        self.moment += timedelta(**by)


@dataclass(frozen=True, slots=True)
class SealedClinic:
    """A clinic as it was set up, which nobody works in."""

    settings: Settings
    recovery_code: str
    server: PostgresServer | None = None
    database: str = ""

    def copy(self, folder: Path) -> Settings:
        """The same clinic in a new folder, who may read it included, for one test to work in."""
        shutil.copytree(self.settings.data, folder)
        if self.server is None:
            return Settings(data=folder)
        return Settings(data=folder, database_url=self.server.url(self.server.copy(self.database)))

    def again(self, folder: Path) -> "SealedClinic":
        """Another one like it, to be furnished for several tests before they copy it; it stays until the end."""
        shutil.copytree(self.settings.data, folder)
        if self.server is None:
            return replace(self, settings=Settings(data=folder))
        database = self.server.new_database(like=self.database)
        return replace(self, settings=Settings(data=folder, database_url=self.server.url(database)), database=database)


def seal(
    folder: Path,
    answers: NewClinic,
    at: datetime,
    people: Mapping[str, tuple[str, Role]],
    server: PostgresServer | None = None,
) -> SealedClinic:
    """Set up a clinic in a folder that is not there yet, and add people: full name and role by user name.

    With a server the clinic is in a database there, and the folder is the workstation's.
    """
    settings, clock, database = Settings(data=folder), StandingClock(at), ""
    if server is None:
        code = set_up(settings, answers, clock, cost=CHEAP)
    else:
        folder.mkdir()
        database = server.new_database()
        code = set_up(replace(settings, database_url=server.url(database, OWNER)), answers, clock, cost=CHEAP)
        settings = replace(settings, database_url=server.url(database))
    store = unlock(settings, answers.user_name, PASSPHRASE, clock)
    for user_name, (full_name, role) in people.items():
        add_person(
            settings,
            store,
            clock,
            full_name=full_name,
            user_name=user_name,
            roles=frozenset({role}),
            passphrase=PASSPHRASE,
            cost=CHEAP,
        )
    store.close()
    return SealedClinic(settings, code, server, database)


@dataclass(frozen=True, slots=True)
class EmptyStore:
    """A store without a clinic: a file, or on a server a database in the hands of its owner."""

    folder: Path
    server: PostgresServer | None
    database: str

    @classmethod
    def new(cls, folder: Path, server: PostgresServer | None) -> "EmptyStore":
        """Without tables, for one test."""
        return cls(folder, server, "" if server is None else server.copy("template1"))

    def copy(self, folder: Path) -> "EmptyStore":
        """The same in another folder, for one test to work in."""
        if self.server is None:
            shutil.copy(self.folder / "clinic.db", folder)
            return replace(self, folder=folder)
        return replace(self, folder=folder, database=self.server.copy(self.database))

    def engine(self, key: DataKey | None = None) -> Engine:
        key = key or DataKey(b"k" * 32)
        if self.server is None:
            return encrypted_engine(self.folder / "clinic.db", key)
        return server_engine(ServerAddress.read(self.server.url(self.database, OWNER)), key)


@contextmanager
def owned(settings: Settings, store: OpenStore) -> Iterator[Database]:
    """The record in the hands of whoever holds its data key, or owns it on the server: no rights are in their way."""
    if not settings.database_url:
        yield store.database
        return
    database = Database(server_engine(ServerAddress.read(settings.database_url).with_account(OWNER)))
    try:
        yield database
    finally:
        database.close()


@contextmanager
def taking_nothing(database: Database) -> Iterator[None]:
    """A store that can be read and takes nothing, as on a disk that is full."""

    def turn(connection: Any, refuses: bool) -> None:
        if database.line is None:
            connection.execute(f"PRAGMA query_only = {refuses}")
        else:
            connection.read_only = refuses

    def refuse(connection: Any, *_rest: object) -> None:
        turn(connection, True)

    def take(connection: Any, *_rest: object) -> None:
        turn(connection, False)

    event.listen(database.engine, "checkout", refuse)
    event.listen(database.engine, "checkin", take)
    try:
        yield
    finally:
        event.remove(database.engine, "checkout", refuse)
        event.remove(database.engine, "checkin", take)


def sign(services: Services, actor: Actor, draft: Draft, content: ChartContent, reason: str) -> int:
    """Sign a draft, acknowledging every warning and giving every stop a reason; returns the visit's number."""
    context = services.charts.context(actor, draft.patient_id)
    now = local_now(services.clock, services.clinic.time_zone)
    charted = charting.read(content, context, services.reference, now, at_signing=True)
    answers = tuple(charting.answering(finding, reason) for finding in charted.findings)
    confirmed = Confirmed(actor.account_id, services.clock())
    return services.charts.sign(actor, draft.id, draft.version, replace(content, answers=answers), confirmed)
