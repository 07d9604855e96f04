"""What a check says: an id, a level, what it is about and the figures for its sentence."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

Value = str | int | Decimal | date

#: The source of what the program asks for by itself, whatever a label says.
PROGRAM = "rule of the program"
#: The source of a limit that the clinic set.
CLINIC = "limit of the clinic"
#: The source of the reference's anatomy: no page was read for it (muscles.yaml, anatomy_verified).
KNOWLEDGE = "K"


class Level(StrEnum):
    """How much a finding asks for."""

    #: Cannot be signed until changed, or until a physician overrides it with a written reason.
    STOP = "stop"
    #: Must be acknowledged.
    WARN = "warn"
    #: Is shown.
    INFO = "info"


_ORDER = tuple(Level)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. There is never more than one with the same ``id`` and ``subject``.

    ``subject`` is a muscle key ("splenius_capitis/left"), a vial key, the id of a product, condition or medicine
    class, or "" for the whole visit. Where a muscle or product is charted for several indications, what is told of
    one of them carries it at the end ("biceps_brachii/left/spasticity_upper"). ``source`` names sources of the
    reference, or says that it is a rule of the program or a limit of the clinic; ``verified`` says whether a page
    that was read states it. ``variant`` chooses among the sentences of the id. Units among the parameters are
    Decimals of the product that the parameters name.
    """

    id: str
    level: Level
    subject: str = ""
    parameters: tuple[tuple[str, Value], ...] = ()
    source: str = ""
    verified: bool = True
    variant: str = ""


def finding(
    check: str,
    level: Level,
    subject: str = "",
    *,
    source: Iterable[str] = (PROGRAM,),
    verified: bool = True,
    variant: str = "",
    **parameters: Value,
) -> Finding:
    """A finding with its parameters in a fixed order."""
    return Finding(check, level, subject, tuple(sorted(parameters.items())), ", ".join(source), verified, variant)


def stop_if(verified: bool) -> Level:
    """The level of a "stop*": a stop when the figure is verified in the reference, else a warning."""
    return Level.STOP if verified else Level.WARN


def about(subject: str, indication: str, indications: Collection[str]) -> str:
    """The subject of what is told for one indication: it is named only where it is one of several."""
    return f"{subject}/{indication}" if indication and len(indications) > 1 else subject


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Stops first, then by id and subject; of several with the same id and subject the most severe stays."""
    kept: dict[tuple[str, str], Finding] = {}
    for each in sorted(findings, key=_sort_key):
        kept.setdefault((each.id, each.subject), each)
    return tuple(kept.values())


def _sort_key(each: Finding) -> tuple[int, str, str, str, str]:
    return _ORDER.index(each.level), each.id, each.subject, each.variant, repr(each.parameters)
