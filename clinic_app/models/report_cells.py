"""What the reports counted of finished months, kept so that ten years need not be read again; and what makes it stale.

Derived and never shown by itself: everything here can be taken away, and is then counted anew. A session that writes
what a report counts leaves the number of the visit in the same transaction; the reports find out which months it means.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import (
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    event,
    insert,
    inspect,
    select,
)
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column

from clinic_app.models.base import Base, table_of
from clinic_app.models.database import AuditedSession
from clinic_app.models.patient import Patient
from clinic_app.models.side_effect import SideEffect, SideEffectAnswer
from clinic_app.models.visit import Response, Visit


class ReportMonth(Base):
    """The counted rows of a question (as msgpack) for the visits of a month, such as "2026-03", without any filter.

    ``edition`` says how they were counted: rows of another edition are as good as none.
    """

    __tablename__ = "report_month"

    id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(String(32))
    month: Mapped[str] = mapped_column(String(7))
    edition: Mapped[str] = mapped_column(String(64))
    rows: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (UniqueConstraint("question", "month"),)


class ReportTouch(Base):
    """A visit of which something changed that a report counts. Numbers are never given twice."""

    __tablename__ = "report_touch"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"))

    __table_args__ = ({"sqlite_autoincrement": True},)


class ReportState(Base):
    """One row: up to which touch the months that it meant were taken away."""

    __tablename__ = "report_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    touched_up_to: Mapped[int] = mapped_column(Integer)


def touch(connection: Connection, visits: Iterable[int]) -> None:
    """Say that something changed of these visits. Whoever writes them, or what follows them, as rows says it itself."""
    rows = [{"visit_id": visit} for visit in sorted(visits)]
    if rows:
        connection.execute(_TOUCH, rows)


_TOUCH = insert(table_of(ReportTouch)).inline()


@event.listens_for(AuditedSession, "after_flush")
def _touch(session: Session, _context: UOWTransaction) -> None:
    changed = (record for record in session.dirty if session.is_modified(record))
    touched = {
        visit
        for records, created in ((session.new, True), (changed, False), (session.deleted, False))
        for record in records
        for visit in _visits_of(session, record, created=created)
        if visit is not None
    }
    touch(session.connection(), touched)


def _visits_of(session: Session, record: Any, *, created: bool) -> Iterator[int | None]:
    """The visits of which a report counts something else now, by the record that was flushed."""
    match record:
        case Visit():
            if created:  # a signed one never changes
                yield record.id
        case Response() | SideEffectAnswer():
            yield record.visit_id
        case SideEffect():  # its version counts the changes of its muscles too
            yield record.visit_id
            yield from inspect(record).attrs.visit_id.history.deleted or ()
        case Patient():
            if not created and inspect(record).attrs.usual_interval_weeks.history.has_changes():
                yield from session.connection().scalars(select(Visit.id).where(Visit.patient_id == record.id))
