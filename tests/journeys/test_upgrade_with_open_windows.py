"""The tables on a server come to the next release while two people have their windows open and are typing."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import make_url

from clinic_app.errors import StoreProblem
from clinic_app.models.server import WRITERS
from clinic_app.reference.catalogue import load_reference
from clinic_app.services.bundle import Services
from clinic_app.services.patient_data import HistoryForm, PatientForm
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings
from clinic_app.terms import Role
from clinic_app.ui.connection import AWAY, LEAVE, LEFT_BEHIND
from clinic_app.ui.program import Program
from tests.clinics import PASSPHRASE, PORT_ALDER, seal
from tests.faults.proxy import Proxy
from tests.journeys.conftest import NOW, USER
from tests.journeys.newer_release import Release
from tests.journeys.test_locking import PIN, Person
from tests.journeys.test_on_a_server import open_new_chart, opened, type_units, waits_here
from tests.postgres import OWNER, PostgresServer
from tests.waiting import until

WINDOW = "tests.journeys.open_window"


class Opened:
    """A program in its own process, told what to do in its window."""

    def __init__(self, release: Release, data: Path, url: str, user: str) -> None:
        self.process = release.start(WINDOW, str(data), url, user)

    def ask(self, what: str, *more: object) -> Any:
        """Do it, and hear what came of it."""
        self.tell(what, *more)
        return self.hear()

    def tell(self, what: str, *more: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([what, *more]) + "\n")
        self.process.stdin.flush()

    def hear(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def url(own_server: PostgresServer, tmp_path: Path) -> str:
    people = {"desk": ("Front Desk", Role.FRONT_DESK)}
    return seal(tmp_path / "sealed", PORT_ALDER, NOW, people, own_server).settings.database_url


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return Release.newer(tmp_path_factory.mktemp("releases") / "newer")


@pytest.fixture
def patient(url: str, tmp_path: Path) -> int:
    store = unlock(Settings(tmp_path / "sealed", database_url=url), USER, PASSPHRASE, lambda: NOW)
    services = Services(store.database, lambda: NOW, load_reference())
    history = HistoryForm(indication="cervical_dystonia", icd10cm="G24.3")
    form = PatientForm(family_name="Okafor", given_name="Ada", birth_date=date(1961, 3, 12), history=history)
    registered = services.patients.register(store.actor, form)
    store.close()
    return registered


@pytest.fixture
def windows(url: str, tmp_path: Path) -> Iterator[tuple[Opened, Opened]]:
    """The physician's and the desk's."""
    physician, desk = (Opened(Release.this(), tmp_path / user, url, user) for user in (USER, "desk"))
    assert [physician.hear(), desk.hear()] == ["opened", "opened"]
    yield physician, desk
    physician.end()
    desk.end()


def asked_to_leave(program: Opened) -> bool:
    return bool(program.ask("look")["of the server"] == LEAVE)


def owners(url: str) -> str:
    return make_url(url).set(username=OWNER).render_as_string()


def waits_for_its_turn(connection: psycopg.Connection) -> bool:
    """Whether somebody is in the middle of a save."""
    asked = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
    row = connection.execute(asked.encode(), (WRITERS,)).fetchone()
    return row is not None and row[0] > 0


def test_windows_are_asked_to_leave_and_nothing_typed_is_lost(
    url: str,
    patient: int,
    windows: tuple[Opened, Opened],
    newer: Release,
    own_server: PostgresServer,
    tmp_path: Path,
) -> None:
    physician, desk = windows
    database = make_url(url)
    physician.ask("open chart", patient)
    physician.ask("type units", "47.5")
    desk.ask("open form", patient)
    desk.ask("type note", "Parks at the back.")

    upgrade = newer.upgrade(owners(url), tmp_path / "server room")
    until(lambda: asked_to_leave(physician) and asked_to_leave(desk))

    assert desk.ask("close") is False, "what is typed in a form is nowhere else"
    seen = desk.ask("look")
    assert seen["note"] == "Parks at the back."
    assert seen["message"] == "The form of Ada Okafor is not saved. Save or discard it first."
    with own_server.admin(str(database.database)) as elsewhere:
        elsewhere.execute(f"SELECT pg_advisory_lock({WRITERS})".encode())
        desk.ask("save")
        until(lambda: waits_for_its_turn(elsewhere))
        desk.tell("close")  # in the middle of the save
        assert upgrade.poll() is None
        elsewhere.execute(f"SELECT pg_advisory_unlock({WRITERS})".encode())
    assert desk.hear() is True
    assert desk.process.wait(30) == 0
    assert upgrade.poll() is None, "the physician is still there"
    physician.ask("type units", "52.5")
    assert physician.ask("close") is True
    assert physician.process.wait(30) == 0

    said, waited = upgrade.communicate(timeout=30)
    assert upgrade.returncode == 0, waited
    assert "of this release now" in said
    assert "2 open workstations" in waited
    with pytest.raises(StoreProblem) as refused:
        unlock(Settings(tmp_path / "old", database_url=url), USER, PASSPHRASE, lambda: NOW)
    assert refused.value.code == "store_newer"
    again = Opened(newer, tmp_path / USER, url, USER)
    try:
        assert again.hear() == "opened"
        assert again.ask("read", patient) == {"note": "Parks at the back.", "units": ["52.5"]}
        again.ask("open form", patient)
        again.ask("type note", "Comes by bus. ")
        again.ask("save")
        until(lambda: again.ask("read", patient)["note"] == "Comes by bus. Parks at the back.")
        assert again.ask("close") is True
    finally:
        again.end()


def test_a_window_whose_line_was_down_meanwhile_saves_nothing_of_an_old_release_and_keeps_the_chart(
    url: str,
    newer: Release,
    own_server: PostgresServer,
    tmp_path: Path,
    open_program: Callable[..., Program],
    qtbot: QtBot,
) -> None:
    proxy = Proxy(own_server.port)
    through = make_url(url).set(port=proxy.port).render_as_string()
    desk = Settings(tmp_path / "desk", database_url=through, user_name=USER, passphrase=PASSPHRASE)
    program = open_program(desk)
    clinic = opened(program)
    draft_id = open_new_chart(clinic)
    assert clinic.muscle_map.chart is not None
    patient = clinic.muscle_map.chart.draft.patient_id
    proxy.cut(for_good=True)
    qtbot.waitUntil(lambda: clinic.window.line_note.text() == AWAY, timeout=20_000)
    upgrade = newer.upgrade(owners(url), tmp_path / "server room")
    said, _ = upgrade.communicate(timeout=60)
    assert "of this release now" in said, "nobody waits for a computer that sleeps"
    proxy.mend()
    qtbot.waitUntil(lambda: clinic.window.line_note.text() == LEFT_BEHIND, timeout=20_000)
    type_units(clinic, "47.5")
    qtbot.waitUntil(lambda: waits_here(clinic, draft_id) == "47.5", timeout=20_000)
    assert clinic.window.close(), "what was typed is kept on this computer"
    program.finish()
    proxy.end()
    again = Opened(newer, desk.data, url, USER)
    try:
        assert again.hear() == "opened"
        until(lambda: again.ask("read", patient)["units"] == ["47.5"])
    finally:
        again.end()


def test_a_locked_window_is_waited_for_as_long_as_something_typed_there_is_nowhere_saved(
    url: str, newer: Release, tmp_path: Path, open_program: Callable[..., Program], qtbot: QtBot
) -> None:
    desk = Settings(tmp_path / "desk", database_url=url, user_name=USER, passphrase=PASSPHRASE)
    person = Person(open_program(desk))
    person.set_pin()
    person.half_typed()
    person.lock()
    upgrade = newer.upgrade(owners(url), tmp_path / "server room")
    assert upgrade.stderr is not None
    assert "1 open workstation," in upgrade.stderr.readline()
    person.type_pin(PIN)
    qtbot.waitUntil(lambda: person.clinic.window.line_note.text() == LEAVE, timeout=20_000)
    assert person.family_name() == "Half a na"
    assert upgrade.poll() is None
    form = person.clinic.patients.form()
    assert form is not None
    form.cancel_button.click()
    person.lock()
    assert "of this release now" in upgrade.communicate(timeout=60)[0], "a locked window without typing is in no way"
    person.type_pin(PIN)
    assert "newer release" in person.page.back.pin.error()
