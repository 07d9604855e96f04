"""A clinic on a server from a new computer: connected by hand, and typed in while the line is down."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import make_url

from clinic_app.models.database import CHANNEL
from clinic_app.services import listening
from clinic_app.services.patient_data import HistoryForm, PatientForm
from clinic_app.settings import Settings, remembered_server
from clinic_app.terms import Side
from clinic_app.ui.clinic_window import PATIENTS, ClinicWindow
from clinic_app.ui.connection import AWAY, LEAVE
from clinic_app.ui.first_run import FirstRunPage
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.program import Program
from clinic_app.ui.unlock import UnlockPage
from tests.clinics import PASSPHRASE, PORT_ALDER, seal
from tests.faults.proxy import Proxy
from tests.journeys.conftest import NOW, USER
from tests.journeys.hands import commit, editor, press, write
from tests.postgres import PostgresServer

UNITS = "Left splenius capitis, units"


@pytest.fixture(scope="module")
def address(own_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Of the clinic of all these journeys; each has a workstation of its own."""
    return seal(tmp_path_factory.mktemp("journeys") / "sealed", PORT_ALDER, NOW, {}, own_server).settings.database_url


@pytest.fixture
def proxy(own_server: PostgresServer) -> Iterator[Proxy]:
    proxy = Proxy(own_server.port)
    yield proxy
    proxy.end()


@pytest.fixture
def desk(address: str, proxy: Proxy, tmp_path: Path) -> Settings:
    """A workstation whose line goes through the proxy."""
    through = make_url(address).set(port=proxy.port).render_as_string()
    return Settings(data=tmp_path / "desk", database_url=through, user_name=USER, passphrase=PASSPHRASE)


def opened(program: Program) -> ClinicWindow:
    assert program.clinic_window is not None
    return program.clinic_window


def unlock_page(program: Program) -> UnlockPage:
    page = program.opening.widget(0)
    assert isinstance(page, UnlockPage)
    return page


def unlock_by_hand(program: Program) -> None:
    page = unlock_page(program)
    write(page, "User name", USER)
    write(page, "Passphrase", PASSPHRASE)
    press(page, "Unlock")
    assert program.tasks.wait_idle(60)


def open_new_chart(clinic: ClinicWindow) -> int:
    """Somebody's chart with one muscle and no units, kept on the server; returns its draft."""
    services, actor, tasks = clinic.workplace.services, clinic.workplace.actor, clinic.workplace.tasks
    history = HistoryForm(indication="cervical_dystonia", icd10cm="G24.3")
    form = PatientForm(family_name="Okafor", given_name="Ada", birth_date=date(1961, 3, 12), history=history)
    clinic.start_visit(services.patients.register(actor, form), False)
    assert tasks.wait_idle(60)
    chart, panel = clinic.muscle_map.chart, clinic.muscle_map.panel
    assert chart is not None
    assert panel is not None
    chart.edit(edits.add_line(chart.content, "splenius_capitis", Side.LEFT))
    panel.select("splenius_capitis", Side.LEFT, focus=True)
    clinic.muscle_map.save_now()
    assert tasks.wait_idle(60)
    return chart.keeper.draft_id


def type_units(clinic: ClinicWindow, units: str) -> None:
    panel = clinic.muscle_map.panel
    assert panel is not None
    line = editor(panel, UNITS)
    line.clear()
    commit(line, units)


def kept_units(clinic: ClinicWindow, draft_id: int) -> str:
    draft = clinic.workplace.services.charts.open(clinic.workplace.actor, draft_id)
    return draft.content.lines[0].units


def waits_here(clinic: ClinicWindow, draft_id: int) -> str:
    """The units that stand on this workstation alone."""
    here = clinic.workplace.services.local_drafts
    assert here is not None
    draft = here.read(clinic.workplace.actor, draft_id)
    return "" if draft is None else draft.content.lines[0].units


def test_a_new_computer_is_connected_by_hand_and_knows_the_clinic_from_then_on(
    address: str, tmp_path: Path, open_program: Callable[..., Program]
) -> None:
    settings = Settings(data=tmp_path / "new desk")
    program = open_program(settings)
    page = program.opening.widget(0)
    assert isinstance(page, FirstRunPage)
    press(page, "This clinic is already on a server…")
    write(page, "Address", address)
    press(page, "Connect")
    assert program.tasks.wait_idle(60)
    unlock_by_hand(program)
    assert opened(program).workplace.services.clinic.name == PORT_ALDER.name
    assert remembered_server(settings.data) == address


def test_an_address_where_the_server_is_not_any_more_is_corrected_from_the_unlock_page(
    address: str, proxy: Proxy, desk: Settings, open_program: Callable[..., Program]
) -> None:
    proxy.cut(for_good=True)
    program = open_program(desk)
    page = unlock_page(program)
    assert "cannot be reached" in page.away.text()
    press(page, "Another server address…")
    assert page.server.address.value() == desk.database_url
    write(page, "Address", address)
    press(page, "Connect")
    assert program.tasks.wait_idle(60)
    unlock_by_hand(program)
    assert opened(program).workplace.services.clinic.name == PORT_ALDER.name


def test_what_is_typed_while_the_line_is_down_is_kept_here_and_saved_when_it_is_back(
    proxy: Proxy, desk: Settings, open_program: Callable[..., Program], qtbot: QtBot
) -> None:
    program = open_program(desk)
    clinic = opened(program)
    draft_id = open_new_chart(clinic)
    proxy.cut(for_good=True)
    type_units(clinic, "40")
    qtbot.waitUntil(lambda: clinic.window.line_note.text() == AWAY, timeout=20_000)
    type_units(clinic, "47.5")
    qtbot.waitUntil(lambda: waits_here(clinic, draft_id) == "47.5", timeout=20_000)
    proxy.mend()
    qtbot.waitUntil(lambda: clinic.window.line_note.text() == "", timeout=20_000)
    assert clinic.window.messages.text() == "The clinic's server is back."
    clinic.muscle_map.save_now()
    assert program.tasks.wait_idle(60)
    assert kept_units(clinic, draft_id) == "47.5"
    assert waits_here(clinic, draft_id) == ""


def test_a_program_that_ends_while_the_line_is_down_saves_what_waited_at_its_next_start(
    proxy: Proxy, desk: Settings, open_program: Callable[..., Program], qtbot: QtBot
) -> None:
    program = open_program(desk)
    clinic = opened(program)
    draft_id = open_new_chart(clinic)
    proxy.cut(for_good=True)
    type_units(clinic, "47.5")
    qtbot.waitUntil(lambda: waits_here(clinic, draft_id) == "47.5", timeout=20_000)
    program.finish()
    proxy.mend()
    again = open_program(desk)
    clinic = opened(again)
    assert clinic.window.messages.text() == "What was typed here while the server was away is saved now."
    assert kept_units(clinic, draft_id) == "47.5"
    assert waits_here(clinic, draft_id) == ""


def test_a_window_closes_while_the_line_is_down_and_loses_nothing(
    proxy: Proxy, desk: Settings, open_program: Callable[..., Program], qtbot: QtBot
) -> None:
    program = open_program(desk)
    clinic = opened(program)
    draft_id = open_new_chart(clinic)
    proxy.cut(for_good=True)
    qtbot.waitUntil(lambda: clinic.window.line_note.text() == AWAY, timeout=20_000)
    type_units(clinic, "47.5")
    clinic.window.show_view(PATIENTS)
    clinic.patients.new_item()
    write(clinic.patients, "Family name", "Vance")
    assert not clinic.window.close(), "the form is kept nowhere"
    assert clinic.window.messages.text() == "The form of Vance is not saved. Save or discard it first."
    press(clinic.patients, "Discard changes")
    assert clinic.window.close(), "the chart is kept on this computer"
    assert waits_here(clinic, draft_id) == "47.5"


def test_who_gives_an_upgrade_up_asks_nobody_to_leave_any_more(
    desk: Settings,
    own_server: PostgresServer,
    open_program: Callable[..., Program],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("clinic_app.ui.connection.FORGOTTEN_MS", 1000)
    note = opened(open_program(desk)).window.line_note
    with own_server.admin(str(make_url(desk.database_url).database)) as elsewhere:

        def asked() -> bool:
            elsewhere.execute(f"SELECT pg_notify('{CHANNEL}', '{listening.LEAVE}')".encode())
            return note.text() == LEAVE

        qtbot.waitUntil(asked, timeout=20_000)
    qtbot.waitUntil(lambda: note.text() == "", timeout=20_000)
