"""Bring a store to the tables that this release needs: a fresh one from nothing, an older one step by step."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from clinic_app.errors import StoreProblem
from clinic_app.models.database import store_problems

HEAD = "0015"
MIGRATIONS = Path(__file__).parent / "migrations"


def current_revision(connection: Connection) -> str | None:
    """The revision of the store, None for an empty one. Raises StoreProblem for a file that is not ours."""
    names = inspect(connection).get_table_names()
    if "alembic_version" in names:
        revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return revision
    if names:
        raise StoreProblem("store_not_ours")
    return None


def upgrade(engine: Engine, *, before_change: Callable[[str], None] | None = None, to: str = HEAD) -> None:
    """Upgrade to this release. ``before_change`` is called with the old revision first, to copy the file.

    Raises StoreProblem for a store made by a newer release or by another program.
    """
    with store_problems():
        _upgrade(engine, before_change, to)


def _upgrade(engine: Engine, before_change: Callable[[str], None] | None, to: str) -> None:
    with engine.connect() as connection:
        revision = current_revision(connection)
    if revision == to:
        return
    # Alembic is slow to import and needed only when there is something to change.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreProblem("store_newer")
    if revision is not None and before_change is not None:
        before_change(revision)
    with _changing_tables(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def downgrade(engine: Engine, to: str) -> None:
    """Go back to an older revision; used by the tests of the migrations."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with _changing_tables(engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, to)


@contextmanager
def _changing_tables(engine: Engine) -> Iterator[Connection]:
    """One transaction without foreign keys: a batch migration drops and copies tables, and SQLite would delete rows."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if sqlite:
            _pragma(connection, "PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                yield connection
                if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise StoreProblem("store_damaged")
        finally:
            if sqlite:
                _pragma(connection, "PRAGMA foreign_keys = ON")


def _pragma(connection: Connection, statement: str) -> None:
    raw = connection.connection.driver_connection
    assert raw is not None
    cursor = raw.cursor()
    cursor.execute(statement)
    cursor.close()
