"""Move: the same clinic on the other engine, whatever broke off on the way, and the one that was copied as it was."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from clinic_app import cli
from clinic_app.errors import ClinicError, NotAllowed, StoreProblem
from clinic_app.models import Patient, ReportState, Visit, copying
from clinic_app.models.database import encrypted_engine, store_problems
from clinic_app.models.keys import KeyFile
from clinic_app.models.line import UNREACHABLE
from clinic_app.models.rekeying import only_connection
from clinic_app.models.server import OPEN_HERE, WRITERS, ServerAddress, server_engine
from clinic_app.models.small_files import SmallFiles
from clinic_app.reference import Reference
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.chart_data import ChartLine, Point
from clinic_app.services.moving import Mark, Moved, move_clinic
from clinic_app.services.moving_places import held
from clinic_app.services.paper import Step, untold
from clinic_app.services.stores import OpenStore, unlock
from clinic_app.services.verification import verify_clinic
from clinic_app.settings import Settings
from clinic_app.terms import Side
from tests.clinics import PASSPHRASE
from tests.postgres import OWNER, PostgresServer
from tests.services.conftest import OpenClinic

ZERO = Point("head_neck_posterior", "splenius", 0.5, 0.4, -0.0, 60.5)
"""A place whose sign a server keeps, and SQLite does not."""
FEW = 3
"""Rows of a batch."""


class Killed(BaseException):
    """The power goes."""


@dataclass
class Mover:
    """A closed clinic and a place for it on the other engine."""

    clinic: OpenClinic
    server: PostgresServer
    folder: Path
    database: str

    @property
    def to_server(self) -> bool:
        return not self.clinic.settings.database_url

    @property
    def to(self) -> str:
        return self.server.url(self.database, OWNER) if self.to_server else str(self.folder)

    @property
    def there(self) -> Settings:
        """Where the clinic is afterwards, as a workstation has it."""
        if not self.to_server:
            return Settings(data=self.folder)
        return Settings(data=self.folder, database_url=self.server.url(self.database))

    def move(self, step: Step = untold, actor: Actor | None = None, to: str = "", at_once: int = FEW) -> Moved:
        clinic = self.clinic
        return move_clinic(
            clinic.settings,
            actor or clinic.physician,
            clinic.store.files,
            clinic.store.data_key,
            to or self.to,
            clinic.clock,
            step,
            at_once=at_once,
        )

    @contextmanager
    def target(self) -> Iterator[Connection]:
        """A connection to what lies on the server, unopened or not."""
        engine = server_engine(ServerAddress.read(self.server.url(self.database, OWNER)))
        with store_problems(), engine.begin() as connection:
            yield connection


@pytest.fixture
def mover(clinic: OpenClinic, own_server: PostgresServer, tmp_path: Path) -> Mover:
    """A clinic with a signed visit, a draft and a research key; its every window is closed."""
    patient = clinic.patient(family_name="Unmistakable")
    line = ChartLine("a", "splenius_capitis", Side.RIGHT, "100", vial="v1", points=(ZERO,))
    clinic.signed(patient, clinic.content(clinic.lot(), lines=(line,)))
    clinic.services.charts.start(clinic.physician, clinic.patient(family_name="Ünmistakable 🦢"))
    clinic.store.research_key.disguises([(patient, clinic.clock())])
    with clinic.store.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM report_touch"))
        connection.execute(text("DELETE FROM report_state"))
        connection.execute(ReportState.__table__.insert().values(id=1, touched_up_to=57))  # type: ignore[attr-defined]  # a table
    clinic.store.close()
    return Mover(clinic, own_server, tmp_path / "there", own_server.new_database())


def contents(settings: Settings, data_key: bytes) -> dict[str, copying.Content]:
    with held(settings, data_key) as connection, connection.begin():
        return {table.name: copying.content(connection, table, lambda _: None) for table in copying.tables()}


def files_beside(settings: Settings) -> dict[str, bytes]:
    """What lies in a folder beside the record."""
    return {file.name: file.read_bytes() for file in settings.data.iterdir() if file.is_file() and file.suffix != ".db"}


def opened(settings: Settings, mover: Mover, user: str = "ellison") -> OpenStore:
    settings.data.mkdir(exist_ok=True)
    return unlock(settings, user, PASSPHRASE, mover.clinic.clock)


def whole(mover: Mover, reference: Reference) -> None:
    """That the clinic opens where it was moved to, is what it was, and is worked in."""
    there, clinic = mover.there, mover.clinic
    with_keys = SmallFiles.in_folder(there).keys
    store = opened(there, mover)
    try:
        if mover.to_server:
            with_keys = store.files.keys
        assert KeyFile.read(with_keys).open_with_recovery(clinic.recovery_code) == clinic.store.data_key
        assert verify_clinic(there, store.database, store.data_key, there.data / "backups") == ()
        again = clinic.store.research_key.disguises([(1, clinic.clock())])
        assert store.research_key.disguises([(1, clinic.clock())]) == again
        services = Services(
            store.database, clinic.clock, reference, key_file=store.files.keys, research_key=store.research_key
        )
        moved = replace(clinic, settings=there, store=store, services=services)
        patient = moved.patient(family_name="After")
        moved.signed(patient, moved.content(moved.lot()))
        with store.database.reading() as session:
            assert session.scalars(select(Patient.family_name).order_by(Patient.id)).all() == [
                "Unmistakable", "Ünmistakable 🦢", "After",
            ]  # fmt: skip
            assert all(session.scalars(select(Visit.digest)))
        assert verify_clinic(there, store.database, store.data_key, there.data / "backups") == ()
        for refused in ("UPDATE audit_entry SET what = ''", "UPDATE visit SET plan = 'other'", "DELETE FROM vial"):
            with pytest.raises(DBAPIError), store.database.engine.begin() as connection:
                connection.execute(text(refused))
    finally:
        store.close()


def test_the_clinic_is_the_same_there_and_is_left_as_it_was(mover: Mover, reference: Reference) -> None:
    clinic = mover.clinic
    before = contents(clinic.settings, clinic.store.data_key)
    files = files_beside(clinic.settings)
    moved = mover.move()
    assert moved.rows == {name: content.rows for name, content in before.items()}
    after = contents(mover.there, clinic.store.data_key)
    assert {name for name in before if before[name] != after[name]} == {"audit_entry"}
    assert after["audit_entry"].rows == before["audit_entry"].rows + 1, "that it was moved"
    assert contents(clinic.settings, clinic.store.data_key) == before
    assert {
        f.name: f.read_bytes() for f in clinic.settings.data.iterdir() if f.is_file() and f.suffix != ".db"
    } == files
    for user in ("nurse", "desk"):
        opened(mover.there, mover, user).close()
    whole(mover, reference)
    opened(clinic.settings, mover).close()
    if not mover.to_server:
        assert oct(mover.folder.stat().st_mode)[-3:] == "700"
        assert {oct(file.stat().st_mode)[-3:] for file in mover.folder.iterdir()} == {"600"}
        return
    engine = server_engine(ServerAddress.read(mover.server.url(mover.database)))
    for refused in ("ALTER TABLE audit_entry DISABLE TRIGGER USER", "TRUNCATE audit_entry", "DELETE FROM audit_entry"):
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text(refused))


@pytest.mark.about_files
def test_there_and_back_again_is_the_same(mover: Mover, tmp_path: Path) -> None:
    key = mover.clinic.store.data_key
    before = contents(mover.clinic.settings, key)
    mover.move()
    store = opened(mover.there, mover)
    store.close()
    back = Settings(data=tmp_path / "back")
    move_clinic(mover.there, store.actor, store.files, key, str(back.data), mover.clinic.clock)
    after = contents(back, key)
    assert {name for name in before if before[name] != after[name]} == {"audit_entry"}
    opened(back, mover).close()


def test_broken_off_again_and_again_it_goes_on_where_it_stopped(mover: Mover, reference: Reference) -> None:
    starts: list[int] = []
    last = left = 1

    def crash(done: int, of: int) -> None:
        nonlocal left
        assert 0 <= done <= of
        if left == last:
            starts.append(done)
        if left == 0:
            raise Killed
        left -= 1

    while True:
        left = last
        try:
            mover.move(crash)
            break
        except Killed:
            assert not mover.folder.exists(), "half a clinic is nowhere that anybody would look"
        if mover.to_server:
            with pytest.raises(StoreProblem) as unopened:
                opened(mover.there, mover)
            assert unopened.value.code == "server_without_clinic"
            mover.folder.rmdir()
        last += 1 + last // 2
    assert starts == sorted(starts) and 0 < starts[1] < starts[2] < starts[3]
    whole(mover, reference)


def test_what_was_written_since_is_not_missed(mover: Mover, reference: Reference) -> None:
    def crash(done: int, of: int) -> None:
        if done > of / 4:
            raise Killed

    with pytest.raises(Killed):
        mover.move(crash)
    store = unlock(mover.clinic.settings, "ellison", PASSPHRASE, mover.clinic.clock)
    with store.database.writing(store.actor.account_id, mover.clinic.clock()) as session:
        session.scalars(select(Patient).where(Patient.id == 1)).one().given_name = "Changed"
    store.close()
    heard: list[int] = []
    mover.move(lambda done, _of: heard.append(done))
    assert heard[0] == 0, "it began anew"
    with held(mover.there, store.data_key) as connection, connection.begin():
        assert connection.scalar(select(Patient.given_name).where(Patient.id == 1)) == "Changed"
    whole(mover, reference)


@pytest.mark.about_files
def test_a_copy_that_is_not_the_same_does_not_count_and_is_made_anew(mover: Mover, reference: Reference) -> None:
    spoiled: list[int] = []

    def spoil(done: int, of: int) -> None:
        if done > of / 3 and not spoiled:
            with mover.target() as connection:
                spoiled.append(connection.execute(text("UPDATE patient SET note = 'x' WHERE id = 2")).rowcount)

    before = contents(mover.clinic.settings, mover.clinic.store.data_key)
    with pytest.raises(StoreProblem) as refused:
        mover.move(spoil)
    assert refused.value.code == "move_differs" and spoiled == [1]
    with pytest.raises(StoreProblem):
        opened(mover.there, mover)
    assert contents(mover.clinic.settings, mover.clinic.store.data_key) == before
    mover.folder.rmdir()
    mover.move()
    whole(mover, reference)


def refusal(mover: Mover, to: str = "", actor: Actor | None = None) -> ClinicError:
    with pytest.raises(ClinicError) as refused:
        mover.move(to=to, actor=actor)
    assert str(refused.value), "it has its sentence"
    return refused.value


def test_it_is_refused_while_a_window_is_open(mover: Mover) -> None:
    store = unlock(mover.clinic.settings, "ellison", PASSPHRASE, mover.clinic.clock)
    with store.database.engine.connect() as connection:
        if not mover.to_server:  # as every window has it
            connection.exec_driver_sql(f"SELECT pg_try_advisory_lock_shared({OPEN_HERE})")
        assert refusal(mover).code == "store_in_use"
    store.close()
    mover.move()


def test_nobody_writes_while_it_is_under_way(mover: Mover) -> None:
    clinic, alone = mover.clinic, []

    def knock(_done: int, _of: int) -> None:
        if clinic.settings.database_url:
            with server_engine(ServerAddress.read(clinic.settings.database_url)).begin() as connection:
                alone.append(not connection.scalar(text(f"SELECT pg_try_advisory_xact_lock({WRITERS})")))
            return
        with pytest.raises(StoreProblem), only_connection(clinic.settings.database_file, clinic.store.data_key):
            pytest.fail("somebody else got in")
        alone.append(True)

    mover.move(knock)
    assert alone and all(alone)


def test_only_the_manager_may(mover: Mover) -> None:
    assert isinstance(refusal(mover, actor=mover.clinic.nurse), NotAllowed)


def test_a_folder_with_something_in_it_is_refused(mover: Mover, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "letter.txt").write_text("mine")
    assert refusal(mover, str(kept)).code == "move_folder_not_empty"
    assert refusal(mover, str(kept / "letter.txt")).code == "folder_unusable"
    assert [file.name for file in kept.iterdir()] == ["letter.txt"]
    if mover.to_server:
        assert refusal(mover, str(mover.clinic.settings.data)).code == "store_exists"


@pytest.mark.about_files
def test_a_database_with_something_in_it_is_refused(mover: Mover) -> None:
    server = mover.server
    url = server.url(mover.database, OWNER)
    assert refusal(mover, server.url(mover.database)).code == "server_owner_needed"
    assert refusal(mover, f"{url}?sslmode=disable").code == "server_address_option"
    with mover.target() as connection:
        connection.execute(text("CREATE TABLE songs (id INTEGER)"))
    assert refusal(mover, url).code == "move_database_not_empty"
    with mover.target() as connection:
        connection.execute(text("DROP TABLE songs"))
    mover.move(to=url)
    assert refusal(mover, url).code == "move_database_not_empty"


def test_an_unfinished_copy_of_another_clinic_is_refused(mover: Mover) -> None:
    def crash(done: int, of: int) -> None:
        if done > of / 4:
            raise Killed

    with pytest.raises(Killed):
        mover.move(crash)
    if mover.to_server:
        with mover.target() as connection:
            mark = Mark.kept(connection)
            assert mark is not None
            replace(mark, clinic="another").keep(connection)
        assert refusal(mover).code == "move_of_another"
        return
    clinic = mover.clinic
    with pytest.raises(StoreProblem) as refused:
        move_clinic(clinic.settings, clinic.physician, clinic.store.files, bytes(32), mover.to, clinic.clock)
    assert refused.value.code == "move_of_another", "what lies there does not open with this clinic's key"


@pytest.mark.about_files
def test_text_that_a_server_cannot_keep_is_told(mover: Mover) -> None:
    engine = encrypted_engine(mover.clinic.settings.database_file, mover.clinic.store.data_key)
    with engine.begin() as connection:
        connection.execute(text("UPDATE patient SET note = :note WHERE id = 2"), {"note": "a\0b"})
    engine.dispose()
    refused = refusal(mover)
    assert (refused.code, refused.parameters) == ("move_row_refused", {"table": "patient", "row": "2"})
    with engine.begin() as connection:
        connection.execute(text("UPDATE patient SET note = 'ab' WHERE id = 2"))
    engine.dispose()
    mover.move()


def test_the_command_says_where_the_clinic_is_now(
    mover: Mover, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = mover.clinic.settings
    monkeypatch.setenv("CLINIC_APP_PASSPHRASE", PASSPHRASE)
    given = ["--data", str(settings.data), "--user", "ellison", "move", "--to", mover.to]
    given += ["--database", settings.database_url] if settings.database_url else []
    before = contents(settings, mover.clinic.store.data_key)
    assert cli.run(given) == 0
    said = capsys.readouterr()
    place = mover.there.database_url or str(mover.folder)
    assert place in said.out and "2 patients, 1 visits" in said.out and not said.err
    assert contents(settings, mover.clinic.store.data_key) == before
    assert cli.run(given) == 1
    assert "holds something already" in capsys.readouterr().err or not mover.to_server


def test_killed_it_goes_on(mover: Mover, reference: Reference) -> None:
    """A program that is killed says good-bye to nobody: neither to its files nor to the server."""
    clinic = mover.clinic
    for batches in (2, 60):
        if (process := os.fork()) == 0:
            left = batches

            def kill(_done: int, _of: int) -> None:
                nonlocal left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            try:
                mover.move(kill)
            finally:
                os._exit(1)
        assert os.waitpid(process, 0)[1] == signal.SIGKILL
        if not mover.to_server:
            assert not mover.folder.exists()
    moved = mover.move()
    assert moved.rows["patient"] == 2 and clinic.settings.data.exists()
    whole(mover, reference)


def test_where_the_line_drops_it_goes_on(mover: Mover, reference: Reference) -> None:
    cut = 0

    def drop(done: int, of: int) -> None:
        nonlocal cut
        if cut < 2 and done > (0.2, 0.6)[cut] * of:  # while it copies, and while it compares
            cut += 1
            with mover.server.admin() as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'clinic-app'"
                )

    for _ in range(2):
        with pytest.raises(StoreProblem) as refused:
            mover.move(drop)
        assert refused.value.code == UNREACHABLE
    mover.move(drop)
    whole(mover, reference)
