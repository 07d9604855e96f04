"""What the inbox shows: one line for each thing that waits for somebody."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clinic_app.services.access import Act, Actor, may
from clinic_app.terms import Role, Severity


class InboxKind(StrEnum):
    """What waits, the gravest first: in this order the lines stand."""

    RED_FLAG = "red_flag"
    UNSIGNED = "unsigned"
    OPENED = "opened"
    VIAL = "vial"
    OUTCOME = "outcome"
    REBOOK = "rebook"
    RECALL = "recall"


_SEEN_WITH = {
    InboxKind.RED_FLAG: Act.READ_RECORD,
    InboxKind.UNSIGNED: Act.SIGN,
    InboxKind.OPENED: Act.SETTINGS,
    InboxKind.VIAL: Act.STOCK,
    InboxKind.OUTCOME: Act.EDIT_HISTORY,
    InboxKind.REBOOK: Act.BOOK,
    InboxKind.RECALL: Act.BOOK,
}


def seen_by(actor: Actor) -> frozenset[InboxKind]:
    """The kinds of line that the actor's roles may see."""
    return frozenset(kind for kind, act in _SEEN_WITH.items() if may(actor, act))


@dataclass(frozen=True, slots=True)
class Whom:
    """The patient of a line."""

    id: int
    name: str
    birth_date: date
    record_number: str


@dataclass(frozen=True, slots=True)
class FlagFacts:
    """What is known of a red flag. ``effect`` is an id of the catalogue, or "" where it stands in ``name`` alone.

    ``started_on`` and ``visited_on`` are days of the clinic; ``version`` is that of the side effect.
    """

    effect: str
    name: str
    severity: Severity
    started_on: date
    action: str
    recorded_by: str
    version: int


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line. ``what`` is one sentence, ``since`` the clinic's day on which it began to wait.

    The owner is a person (``owner``) or, where nobody in particular, a role (``owner_role``). ``mine`` tells whether
    that is the person who asked. ``record_id`` is what the line opens: the side effect, the draft, the visit or the
    lot; ``vial_id`` the opened vial. A line for a whole list has no patient and a ``count``. A missing outcome lacks
    the response, an answer about side effects, or both.
    """

    kind: InboxKind
    what: str
    mine: bool
    owner: str = ""
    owner_role: Role | None = None
    since: date | None = None
    patient: Whom | None = None
    record_id: int = 0
    vial_id: int = 0
    visited_on: date | None = None
    count: int = 1
    lacks_response: bool = False
    lacks_answer: bool = False
    flag: FlagFacts | None = None


def gravity(row: InboxRow) -> tuple[bool, bool, int, date, str, int, int]:
    """How lines are ordered: red flags first, then what is the person's own; each kind with the oldest first."""
    name = "" if row.patient is None else row.patient.name
    flag = row.kind is InboxKind.RED_FLAG
    return not flag, not row.mine, _ORDER.index(row.kind), row.since or date.max, name, row.record_id, row.vial_id


_ORDER = tuple(InboxKind)
