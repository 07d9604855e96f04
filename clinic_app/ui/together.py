"""The second of two saves: merged with what somebody else saved meanwhile, or handed back with what both changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from clinic_app.errors import ClinicError, RecordChanged, StoreProblem
from clinic_app.ui.differences import Difference, Keep, Parts, compared, kept
from clinic_app.ui.naming import decapital

Seen = TypeVar("Seen")
"""A record as it was read, with its version."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Seen]):
    """What became of a save.

    ``known`` is the record on which it rests now; ``parts`` are what was saved or, where it was not, what the form is
    to show: theirs with what I changed, mine where both did. ``theirs`` names what somebody else changed meanwhile.
    """

    known: Seen
    parts: Parts
    theirs: tuple[str, ...] = ()
    clashes: tuple[Difference, ...] = ()
    problem: ClinicError | None = None
    """Why what was merged cannot be."""
    result: Any = None
    """What the save returned."""
    nothing_left: bool = False
    """Somebody else saved the same, or everything that differs: there was nothing more to save."""

    @property
    def saved(self) -> bool:
        """Whether the record now says what it should."""
        return not self.clashes and self.problem is None


def save_together(
    base: Seen,
    mine: Parts,
    *,
    parts: Callable[[Seen], Parts],
    read: Callable[[], Seen],
    save: Callable[[Seen, Parts], object],
) -> Outcome[Seen]:
    """Save what was typed over ``base``; where somebody else saved since then, together with what they changed.

    Nothing is saved where both changed the same part. ``save`` raises RecordChanged where the record is not in the
    version it is given. Raises ClinicError where what was typed cannot be, and what ``read`` raises.
    """
    before = parts(base)
    known, wanted, theirs = base, mine, tuple[str, ...]()
    while True:
        try:
            return Outcome(known, wanted, theirs, result=save(known, wanted))
        except RecordChanged:
            known = read()
        except ClinicError as problem:
            if known is base or isinstance(problem, StoreProblem):
                raise
            return Outcome(known, wanted, theirs, problem=problem)
        now = parts(known)
        found = compared(before, now, mine)
        wanted = kept(before, now, mine, {each.name: each.suggested or Keep.MINE for each in found})
        clashes = tuple(each for each in found if each.suggested is None)
        theirs = tuple(name for name in now if now[name] != before[name])
        if clashes or wanted == now:
            return Outcome(known, wanted, theirs, clashes, nothing_left=not clashes)


def together_text(theirs: Sequence[str], by: str = "somebody else") -> str:
    """The end of a sentence about a save, ", together with what … changed meanwhile: severity"; nothing without any."""
    names = ", ".join(decapital(name) for name in theirs)
    return f", together with what {by} changed meanwhile: {names}" if names else ""


def merged_text(theirs: Sequence[str], by: str = "Somebody else") -> str:
    """What the form shows that was not typed here, where it could not be saved."""
    return f"{by} saved meanwhile, and the form now shows it: {', '.join(decapital(name) for name in theirs)}."
