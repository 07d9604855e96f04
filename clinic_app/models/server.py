"""A clinic on a PostgreSQL server: how its address is read, how the server is reached, and how writers take turns.

Two accounts of the server work on a clinic: its owner makes and changes the tables, and the account for work, which
the program uses every day, can neither alter a signed visit nor the audit trail (``server_rights``). Design:
docs/decisions/0018.
"""

import ipaddress
import ssl
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from clinic_app.errors import ClinicError, StoreProblem
from clinic_app.models.data_key import DataKey

OLDEST = 140000
"""The oldest release of the server that is used, as the server counts: 14.0, the oldest one that is still mended."""
WORK_ACCOUNT = "clinic_work"
"""The server's account for work, unless the address names another."""
WRITERS = 0x636C6971
"""Any fixed number: writers wait for each other under it."""
OPEN_HERE = 0x636C6972
"""Held, shared, by every program that has the clinic open, and alone by the one that changes its tables."""
_MAY_BE_SAID = frozenset({"sslrootcert", "sslcert", "sslkey", "passfile", "host"})
_SERVICE = "clinic-app"
_LOOPBACK = frozenset({"", "localhost"})


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a clinic's server is, read from ``postgresql://account@host:port/database``.

    ``host`` is "" for a socket of this computer, whose folder is ``socket``. ``files`` are libpq's names of files with
    certificates or passwords.
    """

    host: str
    port: int
    database: str
    account: str
    socket: str
    files: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, text: str) -> "ServerAddress":
        """Read an address. Raises ClinicError for one that is none, or that holds a password."""
        try:
            url = make_url(text.strip())
        except (ArgumentError, ValueError) as error:
            raise ClinicError("server_address_form", field="address") from error
        if url.drivername not in ("postgresql", "postgres") or not url.database:
            raise ClinicError("server_address_form", field="address")
        if url.password:
            raise ClinicError("server_address_password", field="address")
        said = {name: each for name, each in url.query.items() if isinstance(each, str)}
        unknown = url.query.keys() - (_MAY_BE_SAID & said.keys())
        if unknown:
            raise ClinicError("server_address_option", field="address", option=min(unknown))
        return cls(
            host=(url.host or "").casefold(),
            port=url.port or 5432,
            database=url.database,
            account=url.username or WORK_ACCOUNT,
            socket=said.pop("host", ""),
            files=tuple(sorted(said.items())),
        )

    def __str__(self) -> str:
        query = dict(self.files) | ({"host": self.socket} if self.socket else {})
        url = URL.create("postgresql", self.account, None, self.host or None, self.port, self.database, query)
        return url.render_as_string()

    def with_account(self, account: str) -> "ServerAddress":
        """The same clinic, for another account of the server."""
        return replace(self, account=account)

    @property
    def near(self) -> bool:
        """Whether what is sent does not leave this computer."""
        if self.host in _LOOPBACK:
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def arguments(self, password: str = "") -> dict[str, Any]:
        """How libpq connects, with a password that was typed just now or with the one that this computer keeps.

        Off this computer only encrypted, and only to a server whose certificate was checked.
        """
        files = dict(self.files)
        if self.near:
            security = {"sslmode": "prefer"}
        else:
            # Without a file of the clinic's own, the authorities that the operating system trusts.
            authorities = files.get("sslrootcert") or ssl.get_default_verify_paths().cafile or "system"
            security = {"sslmode": "verify-full", "sslrootcert": authorities}
        return {
            "host": self.host or self.socket or None,
            "port": self.port,
            "dbname": self.database,
            "user": self.account,
            **files,
            **security,
            "password": password or self.password(),
            "application_name": "clinic-app",
            "connect_timeout": 5,
            # A line that was cut without a word is noticed within half a minute.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 25_000,
            "options": "-c timezone=UTC -c lock_timeout=10s",  # moments are kept in UTC without a zone
        }

    def password(self) -> str | None:
        """The password that this computer's keyring keeps for the account; None leaves it to libpq's password file."""
        if self.socket or not self.host:
            return None
        # Slow to import, and needed for a server only.
        import keyring
        from keyring.errors import KeyringError

        try:
            return keyring.get_password(_SERVICE, self._kept_under())
        except KeyringError:
            return None

    def remember_password(self, password: str) -> None:
        """Keep the password in this computer's keyring. Raises StoreProblem where it has none that is open."""
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(_SERVICE, self._kept_under(), password)
        except KeyringError as error:
            raise StoreProblem("server_no_keyring", field="password") from error

    def _kept_under(self) -> str:
        return f"{self.account}@{self.host}:{self.port}/{self.database}"


def server_engine(address: ServerAddress, key: DataKey | None = None, *, password: str = "") -> Engine:
    """An engine on the clinic's server. Writers wait for each other there as they do for a file.

    With a ``DataKey`` it connects no more, and raises StoreProblem, while the key is dropped. Without one it is for
    what is asked now and then, and keeps no connection.
    """
    import psycopg

    arguments = address.arguments(password)

    def connect() -> Any:
        if key is not None:
            key.reveal()
        return psycopg.connect(**arguments)

    kept: dict[str, Any] = {"poolclass": NullPool} if key is None else {"pool_pre_ping": True}
    engine = create_engine("postgresql+psycopg://", creator=connect, hide_parameters=True, **kept)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _without_values)
    if key is not None:
        _close_what_comes_back_late(engine)
    return engine


def _close_what_comes_back_late(engine: Engine) -> None:
    """A connection that somebody had while the engine was disposed of must not wait for the garbage collector."""
    disposals = 0

    def count(_engine: Engine) -> None:
        nonlocal disposals
        disposals += 1

    def begin(_driver: Any, record: ConnectionPoolEntry) -> None:
        record.info["disposals"] = disposals

    def end(_driver: Any, record: ConnectionPoolEntry) -> None:
        if record.info.get("disposals") != disposals:
            record.close()

    event.listen(engine, "engine_disposed", count)
    event.listen(engine, "connect", begin)
    event.listen(engine, "checkin", end)


def _without_values(context: ExceptionContext) -> None:
    # Below its first line the server tells the row that it refused, which names a patient.
    if getattr(context.original_exception, "sqlstate", None) is not None:
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None and error.args:
                error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])


def _begin(connection: Connection) -> None:
    # One writer at a time, as in a file: what a use case looked up is still so when it writes.
    if connection.get_execution_options().get("writing", False):
        # Nobody waits for a writer that went silent in the middle: its transaction is ended by the server.
        silent = "set_config('idle_in_transaction_session_timeout', '20s', true)"
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS}), {silent}")
