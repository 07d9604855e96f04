"""The few small files that a clinic has beside its record: the wrapped keys and the research key.

A clinic in a folder keeps them as files there, a clinic on a server as rows of a table, so that every workstation
has the same.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from sqlalchemy import Connection, Engine, LargeBinary, String, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from clinic_app.models.base import Base
from clinic_app.models.private_files import undone_on_failure, write_private
from clinic_app.settings import Settings

IMPORTED = "imported"
"""The small file in which a clinic that was brought in keeps, until somebody unlocks it, where it came from."""


class ClinicFile(Base):
    """A small file of a clinic on a server. It is what the program encrypted or wrapped, never plain."""

    __tablename__ = "clinic_file"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class SmallFile(Protocol):
    """A small file that is read and replaced whole."""

    @property
    def folder(self) -> Path | None:
        """The folder it lies in; None on a server."""

    def exists(self) -> bool:
        """Whether it is there."""

    def read(self) -> bytes:
        """All of it. Raises OSError, FileNotFoundError where there is none."""

    def write(self, content: bytes) -> None:
        """Replace it whole, at once and for itself. Raises StoreProblem."""

    def write_with(self, session: Session, content: bytes) -> None:
        """Replace it by a transaction of ``Database.writing``: what is not committed leaves it as it was."""


@dataclass(frozen=True, slots=True)
class FileInFolder:
    """A file that only its owner may read."""

    path: Path

    @property
    def folder(self) -> Path | None:
        """Where it lies."""
        return self.path.parent

    def exists(self) -> bool:
        """Whether it is there."""
        return self.path.exists()

    def read(self) -> bytes:
        """All of it."""
        return self.path.read_bytes()

    def write(self, content: bytes) -> None:
        """Replace it at once."""
        write_private(self.path, content)

    def write_with(self, session: Session, content: bytes) -> None:
        """Replace it with what the session commits."""
        session.info["beyond"].enter_context(undone_on_failure(self.path))
        self.write(content)


@dataclass(frozen=True, slots=True)
class FileOnServer:
    """A row of ``clinic_file``."""

    engine: Engine
    name: str

    @property
    def folder(self) -> Path | None:
        """Where it lies."""
        return None

    def exists(self) -> bool:
        """Whether it is there."""
        with self.engine.connect() as connection:
            return connection.scalar(select(ClinicFile.name).where(ClinicFile.name == self.name)) is not None

    def read(self) -> bytes:
        """All of it."""
        with self.engine.connect() as connection:
            content = connection.scalar(select(ClinicFile.content).where(ClinicFile.name == self.name))
        if content is None:
            raise FileNotFoundError(self.name)
        return bytes(content)

    def write(self, content: bytes) -> None:
        """Replace it at once."""
        with self.engine.begin() as connection:
            self._put(connection, content)

    def write_with(self, session: Session, content: bytes) -> None:
        """Replace it with what the session commits."""
        self._put(session.connection(), content)

    def _put(self, connection: Connection, content: bytes) -> None:
        there = connection.execute(update(ClinicFile).where(ClinicFile.name == self.name).values(content=content))
        if not there.rowcount:
            connection.execute(insert(ClinicFile).values(name=self.name, content=content))


@dataclass(frozen=True, slots=True)
class SmallFiles:
    """All of a clinic's small files."""

    keys: SmallFile
    research: SmallFile

    @classmethod
    def in_folder(cls, settings: Settings) -> Self:
        """Of a clinic in its folder."""
        return cls(FileInFolder(settings.key_file), FileInFolder(settings.research_key_file))

    @classmethod
    def on_server(cls, engine: Engine) -> Self:
        """Of a clinic on its server."""
        return cls(FileOnServer(engine, "keys"), FileOnServer(engine, "research"))


def small_file(at: Path | SmallFile) -> SmallFile:
    """A file that is told by its path, or as it is."""
    return FileInFolder(at) if isinstance(at, Path) else at
