"""The address of a clinic's server: what is read, what is refused, and how the server is reached."""

from collections.abc import Callable, Iterator

import keyring
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.errors import NoKeyringError

from clinic_app.errors import ClinicError, StoreProblem
from clinic_app.models.server import WORK_ACCOUNT, ServerAddress

NAMES = st.text("abcdefghijklmnopqrstuvwxyz_0123456789", min_size=1, max_size=20)


class Keyring(KeyringBackend):
    """A keyring in memory, as the operating system's is on a disk."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library has no types there
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture(autouse=True)
def kept() -> Iterator[Callable[[], dict[tuple[str, str], str]]]:
    before, own = keyring.get_keyring(), Keyring()
    keyring.set_keyring(own)
    yield lambda: own.kept
    keyring.set_keyring(before)


@given(NAMES, NAMES, NAMES, st.integers(1, 65535))
def test_an_address_comes_back_as_it_was_read(host: str, database: str, account: str, port: int) -> None:
    read = ServerAddress.read(f"postgresql://{account}@{host}:{port}/{database}?sslrootcert=/etc/clinic/ca.crt")
    assert (read.host, read.port, read.database, read.account) == (host, port, database, account)
    assert ServerAddress.read(str(read)) == read


@given(st.text())
def test_whatever_is_typed_is_an_address_or_a_sentence(typed: str) -> None:
    for text in (typed, f"postgresql://{typed}", f"postgresql://clinic_work@host/{typed}"):
        try:
            read = ServerAddress.read(text)
        except ClinicError as error:
            assert str(error)
        else:
            assert read.database


def test_what_is_not_said_is_usual() -> None:
    read = ServerAddress.read(" postgresql://Record.Clinic.example/clinic ")
    assert (read.host, read.port, read.account) == ("record.clinic.example", 5432, WORK_ACCOUNT)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "server_address_form"),
        ("host/clinic", "server_address_form"),
        ("mysql://host/clinic", "server_address_form"),
        ("postgresql://host", "server_address_form"),
        ("postgresql://clinic_work:secret@host/clinic", "server_address_password"),
        ("postgresql://clinic_work@host/clinic?sslmode=disable", "server_address_option"),
        ("postgresql://clinic_work@host/clinic?host=a&host=b", "server_address_option"),
    ],
)
def test_what_is_no_address_is_told(typed: str, code: str) -> None:
    with pytest.raises(ClinicError) as refused:
        ServerAddress.read(typed)
    assert (refused.value.code, refused.value.field) == (code, "address")


@pytest.mark.parametrize("host", ["record.clinic.example", "192.168.0.7", "2001:db8::7", "localhost.example"])
def test_off_this_computer_only_a_server_that_proves_itself_is_spoken_to(host: str) -> None:
    named = f"[{host}]" if ":" in host else host
    arguments = ServerAddress.read(f"postgresql://{named}/clinic").arguments()
    assert arguments["sslmode"] == "verify-full"
    assert arguments["sslrootcert"]
    own = ServerAddress.read(f"postgresql://{named}/clinic?sslrootcert=/ca.crt").arguments()
    assert (own["sslmode"], own["sslrootcert"]) == ("verify-full", "/ca.crt")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.3.2.1", "[::1]", ""])
def test_on_this_computer_nothing_needs_to_be_encrypted(host: str) -> None:
    assert ServerAddress.read(f"postgresql://{host}/clinic").arguments()["sslmode"] == "prefer"


def test_a_password_is_kept_for_one_account_of_one_server(kept: Callable[[], dict[tuple[str, str], str]]) -> None:
    address = ServerAddress.read("postgresql://host/clinic")
    address.remember_password("wo-rk")
    assert address.arguments()["password"] == "wo-rk"
    assert address.arguments("typed")["password"] == "typed"
    assert address.with_account("clinic_owner").arguments()["password"] is None
    assert ServerAddress.read("postgresql://host/other").arguments()["password"] is None
    assert len(kept()) == 1


def test_without_a_keyring_the_password_file_is_left_to_libpq_and_nothing_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(*_: object) -> None:
        raise NoKeyringError

    monkeypatch.setattr(Keyring, "get_password", none)
    monkeypatch.setattr(Keyring, "set_password", none)
    address = ServerAddress.read("postgresql://host/clinic")
    assert address.arguments()["password"] is None
    with pytest.raises(StoreProblem) as refused:
        address.remember_password("wo-rk")
    assert (refused.value.code, refused.value.field) == ("server_no_keyring", "password")
