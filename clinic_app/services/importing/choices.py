"""What whoever brings a file in decided: columns, styles, answers to questions, what to do with duplicates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from clinic_app.exchange.typed_values import DateOrder, NumberStyle
from clinic_app.terms import ImportKind


class Ask(StrEnum):
    """What a question is about; each is asked once for a text, however many rows hold it."""

    COLUMN = "column"
    DATE_ORDER = "date_order"
    NUMBER_STYLE = "number_style"
    SEX = "sex"
    MUSCLE = "muscle"
    SIDE = "side"
    BOTH_SIDES = "both_sides"
    PRODUCT = "product"
    GUIDANCE = "guidance"
    INDICATION = "indication"
    INJECTOR = "injector"
    TYPE = "type"
    ROOM = "room"
    STATE = "state"
    SEVERITY = "severity"
    EFFECT = "effect"


REMEMBERED = frozenset(Ask) - {Ask.COLUMN, Ask.DATE_ORDER, Ask.NUMBER_STYLE, Ask.BOTH_SIDES}
"""What a text meant last time, it means again; how a file writes days and numbers says nothing about the next."""

EACH, TOTAL = "each", "total"
"""Answers for "both sides": the units stand for each side, or for both together."""
OF_PATIENT = "patient"
"""The answer for rows without an indication: the one that stands in the patient's record."""
NOTHING = "-"
"""The answer for a text that says nothing of what its column is about: as if it were not there."""


class Decision(StrEnum):
    """Whom a row is about that looks like somebody on record."""

    SAME = "same"
    ANOTHER = "another"


@dataclass(frozen=True, slots=True)
class ImportChoices:
    """Everything that was decided so far; a preview with the same choices is the same.

    ``columns`` says by the header what a column holds, "" for nothing; the others are matched by their names.
    ``answers`` are by question and text. ``duplicates`` and ``confirmed`` are by the number of the row: whom it is
    about, and whose warnings somebody looked at. With ``clash_reason`` appointments come in that clash with others.
    """

    kind: ImportKind
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    date_order: DateOrder | None = None
    number_style: NumberStyle | None = None
    answers: Mapping[tuple[Ask, str], str] = field(default_factory=lambda: MappingProxyType({}))
    duplicates: Mapping[int, Decision] = field(default_factory=lambda: MappingProxyType({}))
    confirmed: frozenset[int] = frozenset()
    clash_reason: str = ""
