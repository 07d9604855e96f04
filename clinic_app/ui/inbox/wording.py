"""The words of the inbox."""

from clinic_app.services.inbox_data import InboxKind, InboxRow
from clinic_app.terms import Role
from clinic_app.ui.locale import date_text
from clinic_app.ui.tokens import Level

KINDS: dict[InboxKind, str] = {
    InboxKind.RED_FLAG: "Red flag",
    InboxKind.UNSIGNED: "Unsigned visit",
    InboxKind.OPENED: "Restricted record",
    InboxKind.VIAL: "Vial",
    InboxKind.OUTCOME: "Missing outcome",
    InboxKind.REBOOK: "To rebook",
    InboxKind.RECALL: "Recall",
}
ICONS: dict[InboxKind, str] = {
    InboxKind.RED_FLAG: "stop-filled",
    InboxKind.UNSIGNED: "pencil",
    InboxKind.OPENED: "lock",
    InboxKind.VIAL: "package",
    InboxKind.OUTCOME: "activity",
    InboxKind.REBOOK: "calendar",
    InboxKind.RECALL: "bell",
}
LEVELS: dict[InboxKind, Level | None] = {
    InboxKind.RED_FLAG: Level.STOP,
    InboxKind.UNSIGNED: Level.WARN,
    InboxKind.OPENED: Level.WARN,
    InboxKind.VIAL: Level.WARN,
    InboxKind.REBOOK: Level.WARN,
}
"""Those that are not here wait without harm."""
OPENS: dict[InboxKind, str] = {
    InboxKind.RED_FLAG: "Open side effect",
    InboxKind.UNSIGNED: "Open chart",
    InboxKind.OPENED: "I have read it",
    InboxKind.VIAL: "Show lot",
    InboxKind.OUTCOME: "Note response",
    InboxKind.REBOOK: "Open list to rebook",
    InboxKind.RECALL: "Open recall list",
}
_ROLES: dict[Role, str] = {
    Role.FRONT_DESK: "Front desk",
    Role.NURSE: "Nurses",
    Role.PHYSICIAN: "Physicians",
    Role.MANAGER: "Manager",
}


def opens_text(row: InboxRow) -> str:
    """What the button says that leads to where it is done."""
    if row.kind is InboxKind.OUTCOME and not row.lacks_response:
        return "Open side effects"
    return OPENS[row.kind]


def owner_text(row: InboxRow) -> str:
    """Whom it waits for: a name or a role."""
    return row.owner if row.owner_role is None else _ROLES[row.owner_role]


def since_text(row: InboxRow) -> str:
    """The day since which it waits, or ""."""
    return "" if row.since is None else date_text(row.since)


def waiting_text(rows: tuple[InboxRow, ...]) -> str:
    """How much waits for whom: "3 wait for you, 5 for others"."""
    own = sum(row.mine for row in rows)
    others = len(rows) - own
    parts = [f"{own} {'waits' if own == 1 else 'wait'} for you"] if own else []
    if others:
        parts.append(f"{others} {'' if own else 'waits ' if others == 1 else 'wait '}for others")
    return ", ".join(parts)


def own_text(rows: tuple[InboxRow, ...]) -> str:
    """The number at the rail in words, or ""."""
    own = sum(row.mine for row in rows)
    return f"{own} {'line waits' if own == 1 else 'lines wait'} for you" if own else ""


def unsigned_text(rows: tuple[InboxRow, ...]) -> str:
    """The reminder of the person's own unsigned visits, or ""."""
    count = unsigned_count(rows)
    return "" if not count else "1 unsigned visit" if count == 1 else f"{count} unsigned visits"


def unsigned_count(rows: tuple[InboxRow, ...]) -> int:
    """How many visits of earlier days wait for the person's signature."""
    return sum(row.mine and row.kind is InboxKind.UNSIGNED for row in rows)
