"""A real calendar server on loopback, and what it was asked."""

import base64
import io
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import keyring
import pytest
import radicale.app
import radicale.config
from keyring.backend import KeyringBackend

USER, PASSWORD = "clinic", "let me in"
Respond = Callable[..., Any]


@dataclass
class Asked:
    """One request that reached the server."""

    method: str
    path: str
    body: bytes
    authorized: bool


@dataclass
class Radicale:
    """The server, with one calendar in which others have an event."""

    url: str
    folder: Path
    asked: list[Asked] = field(default_factory=list)

    @property
    def calendar(self) -> str:
        return f"{self.url}/{USER}/rooms/"

    @property
    def stored(self) -> Path:
        return self.folder / "collection-root" / USER / "rooms"

    def files(self) -> dict[str, str]:
        """The events that are in the calendar now, by the names of their files."""
        return {each.name: each.read_text() for each in self.stored.glob("*.ics")}

    def written(self) -> list[Asked]:
        """What changed something since the list of requests was emptied."""
        return [each for each in self.asked if each.method not in ("PROPFIND", "REPORT", "GET", "OPTIONS")]


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """A test says nothing of what went well."""


@contextmanager
def radicale_server(folder: Path, *, certificate: Path | None = None) -> Iterator[Radicale]:
    """Serve a calendar whose address ends in ``/clinic/rooms/``; over TLS with a certificate and key in one file."""
    people = folder / "people"
    folder.mkdir(parents=True, exist_ok=True)
    people.write_text(f"{USER}:{PASSWORD}\n")
    configuration = radicale.config.load()
    configuration.update(
        {
            "auth": {
                "type": "htpasswd",
                "htpasswd_filename": str(people),
                "htpasswd_encryption": "plain",
                "delay": "0",
            },
            "storage": {"filesystem_folder": str(folder)},
            "logging": {"level": "critical"},
        },
        "test",
        privileged=True,
    )
    application = radicale.app.Application(configuration)
    rooms = folder / "collection-root" / USER / "rooms"
    rooms.mkdir(parents=True)
    (rooms / ".Radicale.props").write_text('{"tag": "VCALENDAR"}')
    served = Radicale("", folder)
    right = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    def noted(environ: dict[str, Any], respond: Respond) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        authorized = environ.get("HTTP_AUTHORIZATION") == right
        served.asked.append(Asked(environ["REQUEST_METHOD"], environ["PATH_INFO"], body, authorized))
        environ["wsgi.input"] = io.BytesIO(body)
        answer: Iterable[bytes] = application(environ, respond)
        return answer

    server = make_server("127.0.0.1", 0, noted, handler_class=_Quiet)
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    served.url = f"{scheme}://127.0.0.1:{server.server_port}"
    running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    running.start()
    try:
        yield served
    finally:
        server.shutdown()
        running.join()
        server.server_close()


class Remembered(KeyringBackend):
    """A keyring in memory, as the operating system's is on a disk."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library has no types there
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture(autouse=True)
def ring() -> Iterator[Remembered]:
    before, ring = keyring.get_keyring(), Remembered()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)
