"""The way to a clinic on a server: typed, tried, and refused where it was typed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.core import load_keyring
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from clinic_app.errors import ClinicError
from clinic_app.settings import Settings, remembered_server
from clinic_app.ui.connect_form import ConnectForm
from clinic_app.ui.connecting import Connecting
from clinic_app.ui.first_run import FirstRunPage
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.unlock import UnlockPage
from tests.clinics import SealedClinic, seal
from tests.postgres import PostgresServer
from tests.ui.clinic import LONDON, NINE
from tests.ui.desk import settle
from tests.ui.keyboard import press, type_text

ADDRESS = "postgresql://clinic_work@record.clinic.example:5432/clinic"


@pytest.fixture(scope="module")
def on_server(own_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> SealedClinic:
    return seal(tmp_path_factory.mktemp("connected") / "sealed", LONDON, NINE, {}, own_server)


@pytest.fixture
def no_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(load_keyring("keyring.backends.fail.Keyring"))
    yield
    keyring.set_keyring(before)


@pytest.fixture
def form(qtbot: QtBot) -> ConnectForm:
    made = ConnectForm()
    qtbot.addWidget(made)
    made.show()
    made.start()
    return made


@pytest.fixture
def connect(form: ConnectForm, tasks: Tasks, tmp_path: Path) -> Callable[[str, str], list[str]]:
    """Types into the form as it stands, and returns the address at which the clinic was found."""
    connecting, found = Connecting(Settings(data=tmp_path / "desk"), tasks, form), list[str]()
    connecting.connected.connect(found.append)

    def typed(address: str, password: str = "") -> list[str]:
        form.address.editor.setText(address)
        form.password.editor.setText(password)
        form.connect_button.click()
        settle(tasks)
        return found

    return typed


def test_without_an_address_nothing_is_asked_and_enter_connects(form: ConnectForm) -> None:
    asked: list[tuple[str, str]] = []
    form.connect_requested.connect(lambda *typed: asked.append(typed))
    press(form.password.editor, Qt.Key.Key_Return)
    assert asked == []
    assert form.address.error() == "Type the address of the clinic's server."
    type_text(form.address.editor, f" {ADDRESS} ")
    press(form.address.editor, Qt.Key.Key_Return)
    assert asked == [(ADDRESS, "")]


def test_nothing_is_asked_twice_while_the_server_is_asked(form: ConnectForm) -> None:
    asked: list[str] = []
    form.connect_requested.connect(lambda address, _: asked.append(address))
    form.address.set_value(ADDRESS)
    form.set_busy(True)
    form.connect_button.click()
    assert asked == []
    form.show_error(ClinicError("server_host_unknown", field="address"))
    assert form.address.error() == "The network knows no server of that name. Check the address."
    form.connect_button.click()
    assert asked == [ADDRESS]


def test_whoever_leaves_finds_no_password_there_when_coming_back(form: ConnectForm) -> None:
    form.start(ADDRESS)
    form.password.editor.insert("secret")
    form.back_button.click()
    assert (form.address.value(), form.password.value()) == (ADDRESS, "")


def test_a_clinic_that_is_there_is_found_and_remembered(
    connect: Callable[..., list[str]], on_server: SealedClinic, tmp_path: Path
) -> None:
    address = on_server.settings.database_url
    assert connect(address) == [address]
    assert remembered_server(tmp_path / "desk") == address


def test_what_is_wrong_with_an_address_stands_under_it_and_nothing_is_remembered(
    connect: Callable[..., list[str]], form: ConnectForm, own_server: PostgresServer, tmp_path: Path
) -> None:
    empty = own_server.url(own_server.new_database())
    for address, said in (
        ("our server", "That is no address"),
        ("postgresql://clinic_work:secret@host/clinic", "must not hold a password"),
        ("postgresql://clinic_work@127.0.0.1:1/clinic", "No server answers there"),
        (own_server.url("nothing"), "no database of that name"),
        (empty, "No clinic is set up"),
    ):
        assert connect(address) == []
        assert said in form.address.error()
        assert form.address.value() == address
        assert form.address.editor.hasFocus() or not form.isActiveWindow()
    assert remembered_server(tmp_path / "desk") == ""


def test_what_is_wrong_with_a_password_stands_under_it(
    connect: Callable[..., list[str]], form: ConnectForm, on_server: SealedClinic, no_keyring: None
) -> None:
    assert connect(on_server.settings.database_url, "secret") == []
    assert "no keyring" in form.password.error()
    assert form.address.error() == ""
    form.show_error(ClinicError("server_password_missing", field="password"))
    assert form.password.error() == "The server asks for this password."


def test_the_first_page_leads_there_and_back_with_what_was_typed(qtbot: QtBot) -> None:
    page = FirstRunPage()
    qtbot.addWidget(page)
    page.show()
    page.clinic_name.editor.insert("Hillside Movement Clinic")
    page.server_link.click()
    assert page.server.isVisible()
    assert not page.submit_button.isVisible()
    page.server.back_button.click()
    assert page.submit_button.isVisible()
    assert page.clinic_name.value() == "Hillside Movement Clinic"


def test_the_unlock_page_offers_another_address_only_when_told_one(qtbot: QtBot, settings: QSettings) -> None:
    page = UnlockPage("", settings=settings)
    qtbot.addWidget(page)
    page.show()
    page.passphrase.editor.insert("typed already")
    page.set_busy(True)
    page.show_away("The server is away.")
    assert page.away.text() == "The server is away."
    assert not page.away.first.isVisible()
    page.show_away("The server is away.", ADDRESS)
    page.away.first.click()
    assert page.server.isVisible()
    assert page.server.address.value() == ADDRESS
    assert not page.unlock_button.isVisible()
    page.server.back_button.click()
    assert page.unlock_button.isVisible()
    assert page.passphrase.value() == "typed already"
    page.show_away("The server is away.", ADDRESS)
    assert page.focusWidget() is page.user_name.editor  # whose turn it is to be filled
    page.user_name.set_value("reyes")
    page.show_away("The server is away.", ADDRESS)
    assert page.focusWidget() is page.passphrase.editor
    page.set_busy(True)
    assert page.away.text() == ""
