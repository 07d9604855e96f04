"""What became of a chart that is no longer in progress: signed or discarded, and by whom.

A draft is removed by the transaction that signs or discards it; the audit trail remembers that.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import NotFound
from clinic_app.models import Account, AuditEntry


@dataclass(frozen=True, slots=True)
class Ending:
    """How a draft ended. ``visit_id`` is None when it was discarded; ``version`` and ``content`` are its last state."""

    visit_id: int | None
    account_id: int
    name: str
    version: object
    content: object


def ending_of(session: Session, draft_id: int) -> Ending | None:
    """How the draft ended; None when there never was one. Reads the trail: only for a draft that is not there."""
    removed = session.scalar(
        select(AuditEntry)
        .where(AuditEntry.kind == "chart_draft", AuditEntry.record_id == draft_id, AuditEntry.what == "removed")
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    if removed is None or removed.account_id is None:
        return None
    # The visit that the same transaction made, if it made one.
    visit_id = session.scalar(
        select(AuditEntry.record_id)
        .where(
            AuditEntry.patient_id == removed.patient_id,
            AuditEntry.at == removed.at,
            AuditEntry.account_id == removed.account_id,
            AuditEntry.kind == "visit",
            AuditEntry.what == "created",
            AuditEntry.id < removed.id,
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    name = session.scalar(select(Account.full_name).where(Account.id == removed.account_id)) or ""
    return Ending(visit_id, removed.account_id, name, removed.before.get("version"), removed.before.get("content"))


def gone(session: Session, draft_id: int) -> NotFound:
    """The error that says who signed or discarded the chart."""
    ending = ending_of(session, draft_id)
    if ending is None:
        return NotFound("draft_not_found")
    if ending.visit_id is None:
        return NotFound("draft_discarded", name=ending.name)
    return NotFound("draft_signed", name=ending.name)
