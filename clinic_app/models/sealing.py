"""What the database itself refuses: changing a signed visit, an addendum, a line of the stock's ledger or of the trail.

A visit is open while its digest is empty, inside the transaction that signs it, and sealed from then on. One that was
brought in from a file can be removed again, whole, with its import; changed it is never. Migrations
call ``install`` and ``remove``: a batch migration copies its table, and a copied table has lost its triggers.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

#: Tables whose rows belong to a visit by ``visit_id``.
_OF_A_VISIT = ("vial", "injection", "override", "scale_total")
_KEPT = " AND {visit}.import_id IS NULL"
_Trigger = tuple[str, str, str, str]
NEVER_CHANGED = ("addendum", "stock_movement", "audit_entry")

SIGNED = "a signed visit never changes"
LEDGER = "what was written here never changes"


def install(connection: Connection, *, imports: bool = True) -> None:
    """Put every trigger in place. Without ``imports`` the tables are of a time before visits could be brought in."""
    triggers = _triggers(_KEPT if imports else "")
    for statement in _postgresql(triggers) if connection.dialect.name == "postgresql" else _sqlite(triggers):
        connection.exec_driver_sql(statement)


def remove(connection: Connection) -> None:
    """Take every trigger away, to change a table under it."""
    server = connection.dialect.name == "postgresql"
    for name, table, _, _ in _triggers():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if server else ""))
        if server:
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}()")


def names() -> frozenset[str]:
    """The names of all triggers, for whoever looks whether they are there."""
    return frozenset(name for name, _, _, _ in _triggers())


def installed(connection: Connection) -> frozenset[str]:
    """The names of the triggers that are there and that nobody switched off."""
    listed = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.dialect.name == "postgresql":
        listed = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    return frozenset(connection.exec_driver_sql(listed).scalars())


def _triggers(kept: str = _KEPT) -> Iterator[_Trigger]:
    """Name, table, event and the condition, in terms of OLD and NEW, on which the change is refused.

    ``kept`` is what besides the seal keeps a visit from being removed.
    """
    yield "visit_is_sealed", "visit", "UPDATE", "OLD.digest <> ''"
    yield "visit_is_kept", "visit", "DELETE", f"OLD.digest <> ''{kept.format(visit='OLD')}"
    for table in _OF_A_VISIT:
        for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
            where = f"id = {row}.visit_id AND digest <> ''{_on_delete(event, kept)}"
            sealed = f"EXISTS (SELECT 1 FROM visit WHERE {where})"
            yield f"{table}_is_sealed_{event.lower()}", table, event, sealed
    for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        sealed = (
            "EXISTS (SELECT 1 FROM injection JOIN visit ON visit.id = injection.visit_id "
            f"WHERE injection.id = {row}.injection_id AND visit.digest <> ''{_on_delete(event, kept)})"
        )
        yield f"injection_point_is_sealed_{event.lower()}", "injection_point", event, sealed
    for table in NEVER_CHANGED:
        for event in ("UPDATE", "DELETE"):
            yield f"{table}_is_kept_{event.lower()}", table, event, ""


def _on_delete(event: str, kept: str) -> str:
    return kept.format(visit="visit") if event == "DELETE" else ""


def _sqlite(triggers: Iterable[_Trigger]) -> Iterator[str]:
    for name, table, event, condition in triggers:
        when = f"WHEN {condition} " if condition else ""
        words = SIGNED if condition else LEDGER
        yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{words}'); END"


def _postgresql(triggers: Iterable[_Trigger]) -> Iterator[str]:
    """The same refusals; a condition with a query inside cannot stand in WHEN there, so each has its function."""
    for name, table, event, condition in triggers:
        words = SIGNED if condition else LEDGER
        refuse = f"RAISE EXCEPTION '{words}';"
        body = f"IF {condition} THEN {refuse} END IF;" if condition else refuse
        row = "OLD" if event == "DELETE" else "NEW"
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body} RETURN {row}; END $$"
        )
        yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
