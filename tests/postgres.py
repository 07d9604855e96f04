"""A PostgreSQL server of a test run's own: Debian's programs on a folder that goes away with the run."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

OWNER = "clinic_owner"
WORK = "clinic_work"
_ADMIN = "postgres"
# What a test needs of durability is that a killed server comes back with what it committed; the disk may lose power.
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "autovacuum": "off",
    "listen_addresses": "'127.0.0.1'",
    "log_min_messages": "fatal",
}


def programs() -> Path | None:
    """The folder of the newest release that is installed; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[4]))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).parent if elsewhere else None


class PostgresServer:
    """A server that is started, stopped and killed by tests; its accounts need no password on this computer."""

    def __init__(self, where: Path, **settings: str) -> None:
        self.programs = where
        self.folder = Path(tempfile.mkdtemp(prefix="clinic-server-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
        self.port = _free_port()
        self._copies: list[str] = []
        self._made = 0
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-D", str(self.data), "-U", _ADMIN, "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
        given = _SETTINGS | {"port": str(self.port), "unix_socket_directories": f"'{self.folder}'"} | settings
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in given.items())
        self.start()
        with self.admin() as connection:
            connection.execute(f"CREATE ROLE {OWNER} LOGIN")
            connection.execute(f"CREATE ROLE {WORK} LOGIN")
            connection.execute(f"GRANT {WORK} TO {OWNER}")

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"), "-o", "-F", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", "immediate", "stop")

    def kill(self) -> None:
        """As when the machine is switched off: no part of the server ends in order."""
        first = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        children = subprocess.run(["pgrep", "-P", str(first)], capture_output=True, text=True, check=False).stdout
        for process in (first, *map(int, children.split())):
            os.kill(process, signal.SIGKILL)
        while Path(f"/proc/{first}").exists() and "\nState:\tZ" not in Path(f"/proc/{first}/status").read_text():
            pass
        # A process that nobody has waited for yet looks alive to the next one.
        for left in (self.data / "postmaster.pid", self.folder / f".s.PGSQL.{self.port}.lock"):
            left.unlink(missing_ok=True)

    def end(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def admin(self, database: str = "postgres") -> Iterator[psycopg.Connection]:
        with psycopg.connect(
            host=str(self.folder), port=self.port, user=_ADMIN, dbname=database, autocommit=True
        ) as connection:
            yield connection

    def url(self, database: str, account: str = WORK, host: str = "127.0.0.1", port: int | None = None) -> str:
        return f"postgresql://{account}@{host}:{port or self.port}/{database}"

    def new_database(self, like: str = "template1") -> str:
        """A database that the owner's account owns, empty or like another one to which nobody is connected."""
        self._made += 1
        name = f"clinic{self._made}"
        with self.admin() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like} OWNER {OWNER} STRATEGY FILE_COPY")
        return name

    def copy(self, database: str) -> str:
        """A copy for one test; nobody may be connected to what is copied."""
        name = self.new_database(like=database)
        self._copies.append(name)
        return name

    def drop_copies(self) -> None:
        if self._copies:
            with self.admin() as connection:
                while self._copies:
                    connection.execute(f"DROP DATABASE {self._copies.pop()} WITH (FORCE)")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
