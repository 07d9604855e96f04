"""A store without a clinic for every test, in a folder and on a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from clinic_app.models.database import Database
from clinic_app.models.upgrade import upgrade
from tests.both_kinds import server as server
from tests.both_kinds import store_kind as store_kind
from tests.clinics import EmptyStore
from tests.postgres import PostgresServer


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory, server: PostgresServer | None) -> EmptyStore:
    """Every table as this release has it, and nothing in them; for every test a copy."""
    folder, database = tmp_path_factory.mktemp("tables"), "" if server is None else server.new_database()
    store = EmptyStore(folder, server, database)
    engine = store.engine()
    upgrade(engine)
    engine.dispose()
    return store


@pytest.fixture
def engine(tmp_path: Path, server: PostgresServer | None) -> Iterator[Engine]:
    """An engine on a store without tables."""
    engine = EmptyStore.new(tmp_path, server).engine()
    yield engine
    engine.dispose()


@pytest.fixture
def database(tmp_path: Path, tables: EmptyStore) -> Iterator[Database]:
    database = Database(tables.copy(tmp_path).engine(), workstation="desk-1")
    yield database
    database.close()
