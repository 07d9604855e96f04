"""What the reports counted of finished months, kept so that ten years need not be read again; and what makes it stale.

Derived and never shown by itself: everything here can be taken away, and is then counted anew. A session that writes
what a report counts leaves the number of the visit in the same transaction; the reports find out which months it means.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, UniqueConstraint, event, insert, inspect, select
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column
from sqlalchemy.orm.util import identity_key

from clinic_app.models.base import Base
from clinic_app.models.database import AuditedSession
from clinic_app.models.patient import Patient
from clinic_app.models.schedule import Appointment, AppointmentEvent
from clinic_app.models.side_effect import SideEffect, SideEffectAnswer, SuspectedMuscle
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
    if touched:
        session.connection().execute(insert(ReportTouch), [{"visit_id": visit} for visit in sorted(touched)])


def _visits_of(session: Session, record: Any, *, created: bool) -> Iterator[int | None]:
    """The visits of which a report counts something else now, by the record that was flushed."""
    match record:
        case Visit():
            if created:  # a signed one never changes
                yield record.id
        case Response() | SideEffectAnswer():
            yield record.visit_id
        case SideEffect():
            yield from _now_and_before(record, "visit_id")
        case SuspectedMuscle():
            yield _one(session, select(SideEffect.visit_id).where(SideEffect.id == record.side_effect_id))
        case AppointmentEvent(what="booked"):
            # Every booking passes here, and few follow a visit: the appointment is looked up only where it must be.
            known = (*session.new, session.identity_map.get(identity_key(Appointment, record.appointment_id)))
            booked = next((e for e in known if isinstance(e, Appointment) and e.id == record.appointment_id), None)
            if booked is not None:
                yield booked.follows_visit_id
            else:
                query = select(Appointment.follows_visit_id).where(Appointment.id == record.appointment_id)
                yield _one(session, query)
        case Appointment():
            if inspect(record).attrs.follows_visit_id.history.has_changes():
                yield from _now_and_before(record, "follows_visit_id")
        case Patient():
            if not created and inspect(record).attrs.usual_interval_weeks.history.has_changes():
                yield from session.connection().scalars(select(Visit.id).where(Visit.patient_id == record.id))


def _now_and_before(record: Any, name: str) -> Iterator[int | None]:
    yield getattr(record, name)
    yield from inspect(record).attrs[name].history.deleted or ()


def _one(session: Session, query: Any) -> int | None:
    # Past the session, which is in the midst of its flush.
    found: int | None = session.connection().scalar(query)
    return found
