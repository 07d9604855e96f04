"""A server's clinic is found, refused in a sentence, and upgraded while workstations are open."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import make_url

from clinic_app import cli
from clinic_app.errors import ClinicError, StoreProblem
from clinic_app.models import server_rights
from clinic_app.models.server import OPEN_HERE
from clinic_app.models.upgrade import HEAD
from clinic_app.reference import Reference
from clinic_app.services.listening import Listening
from clinic_app.services.presence import SILENT
from clinic_app.services.server_clinics import connect_workstation, upgrade_server
from clinic_app.services.stores import set_up, unlock
from clinic_app.settings import Settings, remembered_server
from tests.clinics import CHEAP, PASSPHRASE, PORT_ALDER, SealedClinic, StandingClock
from tests.faults.workplace import enter
from tests.postgres import OWNER, PostgresServer
from tests.services.conftest import TEN, seal_port_alder
from tests.waiting import until


@pytest.fixture(scope="module")
def sealed(own_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> SealedClinic:
    return seal_port_alder(tmp_path_factory.mktemp("server") / "sealed", own_server)


@pytest.fixture
def settings(sealed: SealedClinic, own_server: PostgresServer, tmp_path: Path) -> Iterator[Settings]:
    yield sealed.copy(tmp_path / "workstation")
    own_server.drop_copies()


def _owner(settings: Settings) -> Settings:
    return replace(settings, database_url=make_url(settings.database_url).set(username=OWNER).render_as_string())


def _say(own_server: PostgresServer, settings: Settings, statement: str) -> None:
    """As the server's own people do, behind the program's back."""
    with own_server.admin(str(make_url(settings.database_url).database)) as connection:
        connection.execute(statement.encode())


def _refused(settings: Settings) -> str:
    with pytest.raises(StoreProblem) as refused:
        unlock(settings, "ellison", PASSPHRASE, StandingClock(TEN))
    assert str(refused.value)
    return refused.value.code


def test_a_workstation_remembers_its_server_for_every_command(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "another"
    assert cli.run(["--data", str(data), "--database", settings.database_url, "connect"]) == 0
    assert remembered_server(data) == settings.database_url
    monkeypatch.setenv("CLINIC_APP_PASSPHRASE", PASSPHRASE)
    assert cli.run(["--data", str(data), "--user", "ellison", "verify"]) == 0
    assert "whole" in capsys.readouterr().out


def test_locked_while_something_is_read_the_last_connection_closes_with_the_reading(settings: Settings) -> None:
    store = unlock(settings, "ellison", PASSPHRASE, StandingClock(TEN))
    reading = store.database.engine.raw_connection()
    driver = reading.driver_connection
    store.lock()
    reading.close()
    assert driver is not None and driver.closed


def test_a_database_without_a_clinic_and_one_of_another_program_are_told(
    own_server: PostgresServer, tmp_path: Path
) -> None:
    empty = Settings(data=tmp_path, database_url=own_server.url(own_server.new_database()))
    assert _refused(empty) == "server_without_clinic"
    _say(own_server, empty, "CREATE TABLE bills (id int)")
    assert _refused(empty) == "store_not_ours"
    with pytest.raises(StoreProblem) as refused:
        set_up(_owner(empty), PORT_ALDER, StandingClock(TEN), cost=CHEAP)
    assert refused.value.code == "store_not_ours"
    missing = replace(empty, database_url=own_server.url("nowhere"))
    assert _refused(missing) == "server_without_database"
    nobody = replace(empty, database_url=own_server.url("postgres", "nobody"))
    assert _refused(nobody) == "server_account_refused"
    away = replace(empty, database_url=own_server.url("postgres", port=1))
    assert _refused(away) == "server_unreachable"
    unknown = replace(empty, database_url=own_server.url("postgres", host="nowhere.invalid"))
    assert _refused(unknown) == "server_host_unknown"


def test_a_clinic_is_neither_set_up_over_another_nor_without_the_owner(settings: Settings) -> None:
    with pytest.raises(ClinicError) as refused:
        set_up(_owner(settings), PORT_ALDER, StandingClock(TEN), cost=CHEAP)
    assert refused.value.code == "server_has_clinic"
    with pytest.raises(ClinicError) as refused:
        upgrade_server(settings, lambda _: None)
    assert refused.value.code == "server_owner_needed"


def test_a_failed_set_up_leaves_an_account_that_may_not_make_tables_with_nothing(
    own_server: PostgresServer, tmp_path: Path
) -> None:
    empty = Settings(data=tmp_path, database_url=own_server.url(own_server.new_database()))
    with pytest.raises(StoreProblem) as refused:
        set_up(empty, PORT_ALDER, StandingClock(TEN), cost=CHEAP)
    assert refused.value.code == "server_owner_needed"
    set_up(_owner(empty), PORT_ALDER, StandingClock(TEN), cost=CHEAP)
    unlock(empty, "ellison", PASSPHRASE, StandingClock(TEN)).close()


def test_a_server_that_is_too_old_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_rights, "OLDEST", 990_000)
    assert _refused(settings) == "server_too_old"


def test_tables_of_another_release_are_told_and_not_touched(settings: Settings, own_server: PostgresServer) -> None:
    _say(own_server, settings, "UPDATE alembic_version SET version_num = '0011'")
    assert _refused(settings) == "server_older"
    _say(own_server, settings, "UPDATE alembic_version SET version_num = '9999'")
    assert _refused(settings) == "store_newer"
    with pytest.raises(StoreProblem) as refused:
        upgrade_server(_owner(settings), lambda _: None)
    assert refused.value.code == "store_newer"
    _say(own_server, settings, f"UPDATE alembic_version SET version_num = '{HEAD}'")
    unlock(settings, "ellison", PASSPHRASE, StandingClock(TEN)).close()


def test_an_upgrade_asks_everybody_to_leave_and_waits_for_the_last(settings: Settings, reference: Reference) -> None:
    clinic = enter(settings, reference)
    asked, waited, over = Event(), list[int](), Event()
    listening = Listening(clinic.store.database, lambda _: None, asked.set)
    listening.begin()
    until(lambda: listening.listens)

    def work() -> None:
        upgrade_server(_owner(settings), waited.append)
        over.set()

    upgrading = Thread(target=work)
    upgrading.start()
    assert asked.wait(30)
    assert not over.is_set()
    clinic.patient()  # nobody is thrown out in the middle of a save
    listening.end()
    clinic.store.close()
    upgrading.join()
    assert over.is_set()
    assert set(waited) == {1}
    again = enter(settings, reference)
    assert len(again.services.patients.search(again.physician, "Okafor")) == 1
    again.store.close()


def test_while_tables_are_changed_nobody_opens_the_clinic(settings: Settings, own_server: PostgresServer) -> None:
    with own_server.admin(str(make_url(settings.database_url).database)) as connection:
        connection.execute(f"SELECT pg_advisory_lock({OPEN_HERE})".encode())
        assert _refused(settings) == "server_upgrading"
    unlock(settings, "ellison", PASSPHRASE, StandingClock(TEN)).close()


def test_the_password_is_kept_when_the_server_took_it_and_not_before(
    own_server: PostgresServer, tmp_path: Path
) -> None:
    settings = Settings(data=tmp_path / "workstation")
    with pytest.raises(StoreProblem) as refused:
        connect_workstation(settings, own_server.url("nowhere"), "wrong")
    assert (refused.value.code, refused.value.field) == ("server_without_database", "address")
    assert remembered_server(settings.data) == ""


def test_a_clock_that_differs_is_told(
    settings: Settings, reference: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic = enter(settings, reference)
    told: list[float] = []
    right = time.time
    monkeypatch.setattr("clinic_app.services.listening.time.time", lambda: right() + 3600)
    listening = Listening(clinic.store.database, lambda _: None, lambda: None, told.append)
    listening.begin()
    until(lambda: told)
    listening.end()
    clinic.store.close()
    assert 3500 < told[0] < 3700


def test_two_see_each_other_although_their_clocks_differ_by_an_hour(settings: Settings, reference: Reference) -> None:
    here, there = enter(settings, reference), enter(settings, reference)
    there.clock.forward(hours=1)
    there.store.database.workstation = "another"
    draft = here.services.charts.start(here.physician, here.patient()).id
    for _ in range(3):
        there.services.presence.beat(there.physician, draft)
        seen = here.services.presence.beat(here.physician, draft)
        back = there.services.presence.beat(there.physician, draft)
        for clinic in (here, there):
            clinic.clock.forward(seconds=20)
    assert [each.workstation for each in seen] == ["another"]
    assert len(back) == 1
    # Both fall silent; a program that comes later sees nobody of then.
    here.clock.forward(seconds=int(SILENT.total_seconds()) + 3600 + 1)
    assert here.services.presence.beat(here.physician, draft) == ()
    for clinic in (here, there):
        clinic.store.close()
