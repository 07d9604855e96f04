"""What the server's account for work may do: all that a clinic does in a day, nothing that alters what was signed.

The owner's account makes the tables and grants these rights anew after each change of the tables. Triggers
(``sealing``) refuse both accounts; what is not granted keeps the account for work from taking the triggers away and
from emptying a table, which no trigger for rows sees.
"""

from sqlalchemy import Connection, Engine, text

from clinic_app.errors import StoreProblem
from clinic_app.models.base import Base
from clinic_app.models.sealing import NEVER_CHANGED
from clinic_app.models.server import OLDEST

_KEEPS = ("alembic_version",)
"""Tables that the account for work only reads."""


def grant_work(engine: Engine, account: str) -> None:
    """Let an account of the server work on the clinic. Raises StoreProblem where the server has no such account."""
    with engine.begin() as connection:
        if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": account}) is None:
            raise StoreProblem("server_without_account", account=account)
        if connection.scalar(text("SELECT current_user")) == account:
            return  # one account for both is what a trial on one computer has
        quote = connection.dialect.identifier_preparer.quote_identifier
        role, schema = quote(account), quote(_schema(connection))
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
        for table in (*Base.metadata.tables, *_KEEPS):
            rights = "SELECT, INSERT, UPDATE, DELETE"
            if table in NEVER_CHANGED:
                rights = "SELECT, INSERT"
            elif table in _KEEPS:
                rights = "SELECT"
            connection.exec_driver_sql(f"REVOKE ALL ON {schema}.{quote(table)} FROM PUBLIC, {role}")
            connection.exec_driver_sql(f"GRANT {rights} ON {schema}.{quote(table)} TO {role}")
        connection.exec_driver_sql(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}")


def may_change_tables(engine: Engine) -> bool:
    """Whether this account of the server owns the clinic's tables, or could make them where there are none."""
    with engine.connect() as connection:
        owner = connection.scalar(
            text(
                "SELECT pg_has_role(tableowner, 'MEMBER') FROM pg_tables "
                "WHERE schemaname = current_schema() AND tablename = 'alembic_version'"
            )
        )
        if owner is None:
            owner = connection.scalar(text("SELECT has_schema_privilege(current_schema(), 'CREATE')"))
        return bool(owner)


def require_new_enough(engine: Engine) -> None:
    """Raise StoreProblem for a server that is older than what the program is tried with."""
    with engine.connect() as connection:
        version = int(connection.scalar(text("SHOW server_version_num")) or 0)
        if version < OLDEST:
            said = connection.scalar(text("SHOW server_version"))
            raise StoreProblem("server_too_old", version=said, oldest=OLDEST // 10000)


def _schema(connection: Connection) -> str:
    name: str = connection.scalar(text("SELECT current_schema()")) or "public"
    return name
