"""What would become of a file, row by row, and what must be answered first: plain data for window and command."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from clinic_app.services.importing.choices import Ask
from clinic_app.services.importing.fields import Field
from clinic_app.services.patient_data import PatientRow
from clinic_app.terms import ImportKind


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    JOINS = "joins"
    """It comes in, and belongs to a patient who is on record."""
    DUPLICATE = "duplicate"
    """It is on record already, or looks like it until somebody decides."""
    REFUSED = "refused"


COMES_IN = frozenset({Outcome.NEW, Outcome.JOINS})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row does not come in, or what must be confirmed before: one sentence, and the column that it is about.

    ``code`` is that of the sentence: reasons of one kind have the same.
    """

    column: str
    sentence: str
    code: str = ""

    def __str__(self) -> str:
        return f"{self.column}: {self.sentence}" if self.column else self.sentence


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the row with this ``number`` in the file, and why.

    ``existing`` is the patient on record whom it joins or duplicates. ``asks`` says that a decision about the
    duplicate is still open, ``waits`` that an answer to a question is; ``warnings`` keep it out until confirmed,
    ``remarks`` do not.
    """

    number: int
    outcome: Outcome
    said: str
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    existing: PatientRow | None = None
    asks: bool = False
    waits: bool = False
    remarks: tuple[Reason, ...] = ()

    @property
    def comes_in(self) -> bool:
        """Whether it would be brought in."""
        return self.outcome in COMES_IN


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible answer and how it is said."""

    answer: str
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """What must be answered before the ``rows`` that hold ``text`` can come in.

    ``text`` is as it stands in the file: days or numbers for how they are meant, a header for a column, "" for
    nothing. The likeliest candidates come first.
    """

    ask: Ask
    text: str
    candidates: tuple[Candidate, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class MatchedColumn:
    """A column of the file, what it holds, and the first texts in it. ``field`` is "" where it is left out."""

    header: str
    field: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MadeImport:
    """A file that was brought in, as the list of imports shows it."""

    id: int
    kind: ImportKind
    file_name: str
    rows_in: int
    rows_out: int
    made_at: datetime
    by: str
    undone_at: datetime | None
    undone_by: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it would come in.

    ``missing`` are the fields without which nothing can. ``new_names`` are injectors whom no account is called like:
    each becomes an account that is not active. ``before`` is the import that brought in this very file. ``passed_over``
    counts what a bundle holds of kinds that are never brought in.
    """

    kind: ImportKind
    file_name: str
    columns: tuple[MatchedColumn, ...]
    missing: tuple[Field, ...]
    questions: tuple[Question, ...]
    verdicts: tuple[Verdict, ...]
    new_names: tuple[str, ...] = ()
    before: MadeImport | None = None
    passed_over: tuple[tuple[str, int], ...] = ()

    def count(self, outcome: Outcome) -> int:
        """How many rows have an outcome."""
        return sum(verdict.outcome is outcome for verdict in self.verdicts)

    @property
    def coming_in(self) -> int:
        """How many rows would be brought in."""
        return sum(verdict.comes_in for verdict in self.verdicts)

    @property
    def left_out(self) -> Sequence[Verdict]:
        """The verdicts on the rows that would not."""
        return [verdict for verdict in self.verdicts if not verdict.comes_in]
