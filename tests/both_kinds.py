"""For rooms whose tests run on clinics of both kinds, in a folder and on a server.

Imported by their conftest files, so that each has fixtures of its own: a room that imports a clinic from another one
keeps it in a folder.
"""

import pytest

from tests.postgres import PostgresServer

FOLDER, SERVER = "folder", "server"


@pytest.fixture(scope="session", params=[FOLDER, SERVER])
def store_kind(request: pytest.FixtureRequest) -> str:
    """Where the clinics are."""
    kind: str = request.param
    return kind


@pytest.fixture(scope="session")
def server(store_kind: str, request: pytest.FixtureRequest) -> PostgresServer | None:
    """The server on which clinics are; None where they are in folders."""
    found: PostgresServer | None = request.getfixturevalue("own_server") if store_kind == SERVER else None
    return found
