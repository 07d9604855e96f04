"""A paper as the window gets it: gathered in one short read, drawn when and where it suits."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from clinic_app.documents.page import Document

LayOut = Callable[[], "Document"]
Step = Callable[[int, int], None]


class WentOut(StrEnum):
    """How a file left the program."""

    PRINTED = "printed"
    SAVED = "saved"


def untold(done: int, of: int) -> None:
    """For whoever does not ask how far the work is."""


class Printable(Protocol):
    """What the window shows, prints and saves."""

    @property
    def kind(self) -> str:
        """A word of the program for this kind of paper."""

    @property
    def title(self) -> str:
        """What it is called in the window."""

    @property
    def file_name(self) -> str:
        """Without its ending, and without names of people."""

    @property
    def papers(self) -> "tuple[Paper, ...]":
        """Those inside that are kept when they go out."""

    def render(self, step: Step = untold) -> bytes:
        """The PDF file: slow, without the database, on any thread.

        ``step`` is told before each document how many of them are done; what it raises ends the work.
        """


@dataclass(frozen=True, slots=True)
class Paper:
    """One or more documents ready to be drawn into one file.

    ``of_visit`` is the signed visit that it is about; ``patients`` whom it is about where that is no visit and no list.
    """

    kind: str
    title: str
    file_name: str
    documents: tuple[LayOut, ...]
    of_visit: int | None = None
    patients: tuple[int, ...] = ()

    @property
    def papers(self) -> "tuple[Paper, ...]":
        """Itself, where it is about a signed visit."""
        return () if self.of_visit is None else (self,)

    def render(self, step: Step = untold) -> bytes:
        """The PDF file."""
        return _bound(self.title, self.documents, step)


@dataclass(frozen=True, slots=True)
class BoundPapers:
    """Several papers in one file, such as those of a day."""

    kind: str
    title: str
    file_name: str
    papers: tuple[Paper, ...]

    def render(self, step: Step = untold) -> bytes:
        """The PDF file."""
        return _bound(self.title, [lay_out for paper in self.papers for lay_out in paper.documents], step)


def _bound(title: str, documents: Sequence[LayOut], step: Step) -> bytes:
    from clinic_app.documents.page import bound

    def laid_out() -> "Iterator[Document]":
        for done, lay_out in enumerate(documents):
            step(done, len(documents))
            yield lay_out()

    return bound(laid_out(), title if len(documents) > 1 else "")
