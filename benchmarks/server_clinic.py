"""The large clinic on a PostgreSQL server: copied from the built one, and kept there for the next run."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Table, inspect, text

from benchmarks.calendars import NOW, Size
from benchmarks.large_clinic import open_clinic
from clinic_app.models import Clinic, copying, sealing
from clinic_app.models.database import Database
from clinic_app.models.server import WORK_ACCOUNT, ServerAddress, server_engine
from clinic_app.models.upgrade import upgrade
from clinic_app.services.moving_places import whole_or_empty
from clinic_app.settings import Settings


def server_clinic(built: Settings, size: Size, owner: str, edition: str, say: Callable[[str], object]) -> str:
    """The address for work of the clinic on the server; copied there first unless it holds this edition already.

    ``owner`` is the address of the owner's account of a database that is empty or holds a clinic of an earlier run.
    """
    address = ServerAddress.read(owner)
    if _edition_there(address) != edition:
        say(f"Copying the clinic of {size.patients:,} patients to the server")
        _copy(built, size, owner, edition)
    return str(address.with_account(WORK_ACCOUNT))


def _edition_there(address: ServerAddress) -> str | None:
    engine = server_engine(address)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table(Clinic.__tablename__):
                return None
            edition: str | None = connection.scalar(text("SELECT obj_description('clinic'::regclass)"))
            return edition
    finally:
        engine.dispose()


def _copy(built: Settings, size: Size, owner: str, edition: str) -> None:
    clinic = open_clinic(built, size)
    with clinic.store.database.engine.connect() as source, whole_or_empty(owner, clinic.store.key.reveal()) as target:
        upgrade(target.engine)
        target.grant()
        with target.connection.begin():
            sealing.remove(target.connection)
            for table in copying.tables():
                _copy_table(source, target.connection, table)
        with Database(target.engine).writing(clinic.actor.account_id, NOW) as session:
            connection = session.connection()
            copying.go_on_numbering(connection)
            sealing.install(connection)
            connection.execute(text(f"COMMENT ON TABLE clinic IS '{edition}'"))
            target.files.keys.write_with(session, clinic.store.files.keys.read())
        target.finish()
        with target.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    clinic.close()


def _copy_table(source: Connection, target: Connection, table: Table) -> None:
    """Both engines read the same texts of days, moments and JSON."""
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    read: Any = source.connection.driver_connection
    write: Any = target.connection.driver_connection
    with write.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as lines:
        for row in read.execute(f'SELECT {columns} FROM "{table.name}"'):
            lines.write_row(row)
