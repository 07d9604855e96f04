"""Where this workstation keeps things, from the arguments, the environment and the platform."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APPLICATION = "clinic-app"


@dataclass(frozen=True, slots=True)
class Settings:
    """Arguments that every command takes.

    ``data`` is the folder of the clinic; ``database_url`` names a server instead of the file in it; ``passphrase``
    is None when it is to be asked for.
    """

    data: Path
    demo: bool = False
    database_url: str = ""
    user_name: str = ""
    passphrase: str | None = None

    @property
    def database_file(self) -> Path:
        """The encrypted database."""
        return self.data / "clinic.db"

    @property
    def key_file(self) -> Path:
        """The wrapped keys."""
        return self.data / "clinic.keys"

    @property
    def tries_file(self) -> Path:
        """How often a wrong passphrase was typed in a row; there from a wrong one to the next right one."""
        return self.data / "clinic.tries"

    @property
    def research_key_file(self) -> Path:
        """Which patient stands under which pseudonym in research exports, encrypted; there from the first export on."""
        return self.data / "clinic.research"

    @property
    def server_file(self) -> Path:
        """The address of the clinic's server, where this workstation works on one."""
        return self.data / "clinic.server"

    @property
    def drafts_folder(self) -> Path:
        """Charts that wait on this workstation for a server that is away, encrypted."""
        return self.data / "drafts"

    @property
    def usual_backups(self) -> Path:
        """Where backups go unless the clinic chose another folder."""
        return self.data / "backups"

    @property
    def backups_hint_file(self) -> Path:
        """In which folder the backups are, for the day on which the record that says so cannot be opened."""
        return self.data / "clinic.backups"

    @property
    def rekeyed_folder(self) -> Path:
        """The record encrypted anew, from the moment from which it counts until its files are in their places."""
        return self.data / "clinic.rekeyed"

    @property
    def exists(self) -> bool:
        """Whether a clinic was set up here: both files, or either, since half of one must not be written over."""
        return self.database_file.exists() or self.key_file.exists()


def remembered_server(data: Path) -> str:
    """The address of the server on which this workstation works; "" where its clinic is in the folder."""
    try:
        return Settings(data=data).server_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def default_data_folder() -> Path:
    """The platform's folder for the data of programs."""
    return Path(platformdirs.user_data_path(APPLICATION, appauthor=False))


def cache_folder() -> Path:
    """The platform's folder for what can be made again."""
    return Path(platformdirs.user_cache_path(APPLICATION, appauthor=False))


def log_folder() -> Path:
    """The platform's folder for logs; they hold no patient data."""
    return Path(platformdirs.user_log_path(APPLICATION, appauthor=False))


def workstation_name() -> str:
    """This machine's name, for the audit trail."""
    return socket.gethostname()


def passphrase_from_environment() -> str | None:
    """``CLINIC_APP_PASSPHRASE``, for commands that run without a person; None when it is not set."""
    return os.environ.get("CLINIC_APP_PASSPHRASE")
