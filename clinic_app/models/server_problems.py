"""What a PostgreSQL server refuses, as sentences with what to do. The server's own codes and libpq's words are told."""

from sqlalchemy.exc import DBAPIError

from clinic_app.errors import StoreProblem
from clinic_app.models.line import UNREACHABLE

_BY_CODE = {
    "28000": "server_account_refused",  # no such account, or not from here
    "28P01": "server_account_refused",  # wrong password
    "3D000": "server_without_database",
    "42501": "server_rights_missing",
    "25006": "store_read_only",
    "53100": "disk_full_now",
    "53300": "server_full",
    "55P03": "store_busy",  # waited longer than lock_timeout
    "40001": "store_busy",
    "40P01": "store_busy",
    "57P01": UNREACHABLE,  # the server is shut down
    "57P02": UNREACHABLE,
    "57P03": UNREACHABLE,  # the server starts
    "57P05": UNREACHABLE,  # was idle too long
    "25P03": UNREACHABLE,  # was idle in a transaction
}
"""https://www.postgresql.org/docs/current/errcodes-appendix.html"""
_BY_WORDS = (
    ("certificate verify failed", "server_certificate"),
    ("does not match host name", "server_certificate"),
    ("root certificate file", "server_certificate"),
    ("does not support SSL", "server_unencrypted"),
    ("failed to resolve host", "server_host_unknown"),
    ("could not translate host name", "server_host_unknown"),
    ("no password supplied", "server_password_missing"),
    ("password authentication failed", "server_account_refused"),
    ("no pg_hba.conf entry", "server_account_refused"),
    ('role "', "server_account_refused"),  # does not exist, or may not log in
    ("permission denied for database", "server_account_refused"),
    ('" does not exist', "server_without_database"),
    ("too many clients", "server_full"),
    ("remaining connection slots", "server_full"),
)
"""Before there is a connection there is no code."""


def server_problem(error: DBAPIError) -> StoreProblem | None:
    """The sentence for an error of the server; None for a file's error and for what is a bug."""
    if not type(error.orig).__module__.startswith("psycopg"):
        return None
    code = getattr(error.orig, "sqlstate", None)
    said = str(error.orig)
    if code in _BY_CODE:
        return StoreProblem(_BY_CODE[code])
    if "cannot contain NUL" in said:
        return StoreProblem("text_not_kept")
    if code is None:
        for words, found in _BY_WORDS:
            if words in said:
                return StoreProblem(found)
        # Off the line there is no code either: libpq tells of a closed connection in words of every kind.
        if error.connection_invalidated or type(error.orig).__name__ in ("OperationalError", "ConnectionTimeout"):
            return StoreProblem(UNREACHABLE)
    elif code.startswith("08"):
        return StoreProblem(UNREACHABLE)
    return None
