"""A store without tables for every test, in a folder and on a server."""

from tests.both_kinds import server, store_kind
from tests.models.conftest import engine

__all__ = ["engine", "server", "store_kind"]
