"""Two people changed one record: in which of its parts they differ, and what follows from keeping theirs, mine or both.

A record is compared as parts, names with values in the order in which a person reads them. Of one record there are
three: ``base`` was loaded, ``theirs`` is on record now, ``mine`` was typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Form = TypeVar("Form", bound=DataclassInstance)

Parts = Mapping[str, Any]
Layout = Mapping[str, tuple[str, ...]]
"""The parts of a form by their titles, each with the fields that are only sensible together."""


class Keep(StrEnum):
    """Whose value of a part is kept."""

    THEIRS = "theirs"
    MINE = "mine"
    BOTH = "both"
    """A list with what either added and without what either took away."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A part with two values. ``suggested`` is whoever alone changed it; None when both did.

    ``both`` is a list that keeps what each of the two did, where both changed it; else None.
    """

    name: str
    theirs: Any
    mine: Any
    suggested: Keep | None
    both: tuple[Any, ...] | None = None

    def value(self, keep: Keep) -> Any:
        """What the part becomes by a choice."""
        return {Keep.THEIRS: self.theirs, Keep.MINE: self.mine, Keep.BOTH: self.both}[keep]


@dataclass(frozen=True, slots=True)
class Together:
    """The values of several fields that are one part: nobody chooses one of them without the others."""

    values: tuple[Any, ...]


def compared(base: Parts, theirs: Parts, mine: Parts) -> tuple[Difference, ...]:
    """Every part in which theirs and mine differ; those that both changed come first."""
    found = []
    for name, value in mine.items():
        if value == theirs[name]:
            continue
        suggested = Keep.MINE if theirs[name] == base[name] else Keep.THEIRS if value == base[name] else None
        both = None
        if suggested is None and isinstance(value, tuple):
            united = _united(base[name], theirs[name], value)
            both = None if united in (theirs[name], value) else united
        found.append(Difference(name, theirs[name], value, suggested, both))
    return tuple(sorted(found, key=lambda difference: difference.suggested is not None))


def kept(base: Parts, theirs: Parts, mine: Parts, choices: Mapping[str, Keep]) -> dict[str, Any]:
    """Theirs with the parts of mine that were chosen, and lists of both where that was chosen."""
    parts = dict(theirs)
    for name, keep in choices.items():
        if keep is Keep.MINE:
            parts[name] = mine[name]
        elif keep is Keep.BOTH:
            parts[name] = _united(base[name], theirs[name], mine[name])
    return parts


def parts_of(form: "DataclassInstance", layout: Layout) -> dict[str, Any]:
    """The parts of a form by their titles; fields outside the layout belong to none."""
    return {
        title: getattr(form, names[0]) if len(names) == 1 else Together(tuple(getattr(form, each) for each in names))
        for title, names in layout.items()
    }


def with_parts(form: "Form", parts: Parts, layout: Layout) -> "Form":
    """The form with these parts instead of its own."""
    fields: dict[str, Any] = {}
    for title, value in parts.items():
        values = value.values if isinstance(value, Together) else (value,)
        fields |= zip(layout[title], values, strict=True)
    return replace(form, **fields)


def _united(base: tuple[Any, ...], theirs: tuple[Any, ...], mine: tuple[Any, ...]) -> tuple[Any, ...]:
    """The list with everything that either added and nothing that either took away."""
    united = tuple(item for item in theirs if item in mine or item not in base)
    return united + tuple(item for item in mine if item not in theirs and item not in base)
