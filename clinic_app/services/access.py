"""Who may do what: the table of the product, asked at the start of every use case."""

from dataclasses import dataclass
from enum import StrEnum

from clinic_app.errors import NotAllowed
from clinic_app.terms import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """The person on whose behalf a use case runs."""

    account_id: int
    user_name: str
    full_name: str
    roles: frozenset[Role]


class Act(StrEnum):
    """What the table of permissions distinguishes."""

    BOOK = "book"
    OVERBOOK = "overbook"
    REGISTER = "register"
    READ_SUMMARY = "read_summary"
    READ_RECORD = "read_record"
    EDIT_HISTORY = "edit_history"
    REPORT_SIDE_EFFECT = "report_side_effect"
    DRAFT_CHART = "draft_chart"
    SHARE_PATTERNS = "share_patterns"
    SIGN = "sign"
    STOCK = "stock"
    PRINT_NOTE = "print_note"
    PRINT_HANDOUT = "print_handout"
    EDIT_HANDOUTS = "edit_handouts"
    REPORTS = "reports"
    LIMITS = "limits"
    SETTINGS = "settings"
    RESTRICT = "restrict"
    RESEARCH = "research"
    EXPORT = "export"
    EXPORT_ALL = "export_all"
    IMPORT = "import"


_D, _N, _P, _M = Role.FRONT_DESK, Role.NURSE, Role.PHYSICIAN, Role.MANAGER

ALLOWED: dict[Act, frozenset[Role]] = {
    Act.BOOK: frozenset({_D, _N, _P, _M}),
    Act.OVERBOOK: frozenset({_P, _M}),
    Act.REGISTER: frozenset({_D, _N, _P, _M}),
    Act.READ_SUMMARY: frozenset({_D, _N, _P, _M}),
    Act.READ_RECORD: frozenset({_N, _P}),
    Act.EDIT_HISTORY: frozenset({_N, _P}),
    Act.REPORT_SIDE_EFFECT: frozenset({_D, _N, _P}),
    Act.DRAFT_CHART: frozenset({_N, _P}),
    Act.SHARE_PATTERNS: frozenset({_P, _M}),
    Act.SIGN: frozenset({_P}),
    Act.STOCK: frozenset({_N, _P, _M}),
    Act.PRINT_NOTE: frozenset({_N, _P}),
    Act.PRINT_HANDOUT: frozenset({_D, _N, _P, _M}),
    Act.EDIT_HANDOUTS: frozenset({_P, _M}),
    Act.REPORTS: frozenset({_P, _M}),
    Act.LIMITS: frozenset({_P, _M}),
    Act.SETTINGS: frozenset({_M}),
    Act.RESTRICT: frozenset({_P, _M}),
    Act.RESEARCH: frozenset({_M}),
    Act.EXPORT: frozenset({_P, _M}),
    Act.EXPORT_ALL: frozenset({_M}),
    Act.IMPORT: frozenset({_M}),
}


def may(actor: Actor, act: Act) -> bool:
    """Whether one of the actor's roles covers the act; the window offers only what is covered."""
    return not ALLOWED[act].isdisjoint(actor.roles)


def require(actor: Actor, act: Act) -> None:
    """Raise NotAllowed unless one of the actor's roles covers the act."""
    if not may(actor, act):
        raise NotAllowed(f"not_allowed_{act.value}")
