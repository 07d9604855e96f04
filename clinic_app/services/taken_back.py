"""Taking a change of appointments back: all of them stand again where they stood, or none does."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import RecordChanged
from clinic_app.models import Appointment, AppointmentEvent
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.appointment_history import Overbooked, facts, overbooked, tell
from clinic_app.services.appointment_writing import put
from clinic_app.services.booking_checks import stand_again
from clinic_app.services.clock import Clock, local_now
from clinic_app.services.schedule_data import Before


class TakenBack:
    """The use case of undo in the calendar."""

    def __init__(self, database: Database, clock: Clock, time_zone: str, reference: Reference) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference

    def put_back(self, actor: Actor, changed: Sequence[Before]) -> None:
        """Give every appointment of one change its place and state from before.

        Raises RecordChanged when one was changed since, and the clash when a place was taken meanwhile.
        """
        require(actor, Act.BOOK)
        now = self._clock()
        with self._database.writing(actor.account_id, now) as session:
            rows = [(session.get_one(Appointment, before.appointment_id), before) for before in changed]
            if any(row.version != before.version + 1 for row, before in rows):
                raise RecordChanged("appointment_changed")
            later = any(before.booking.starts_at > row.starts_at for row, before in rows)
            # Away from those behind them, so that no appointment meets the next one's place.
            for row, before in sorted(rows, key=lambda pair: pair[1].booking.starts_at, reverse=later):
                was = facts(row)
                reason = stand_again(
                    session,
                    actor,
                    row,
                    before.booking,
                    _passed_before(session, row),
                    now=local_now(self._clock, self._time_zone),
                    time_zone=self._time_zone,
                    reference=self._reference,
                )
                put(row, before.booking)
                row.state, row.reason = before.state, before.reason
                row.version += 1
                tell(session, row, actor, now, "taken_back", was, reason)
                session.flush()


def _passed_before(session: Session, row: Appointment) -> Overbooked:
    """Who allowed a clash at the appointment's place before the last change, and why."""
    query = select(AppointmentEvent).where(AppointmentEvent.appointment_id == row.id)
    last = session.scalars(query.order_by(AppointmentEvent.id.desc()).limit(1)).one().before
    if "overbooked_by_id" not in last:
        return overbooked(row)  # the change let it stand
    by, over = last["overbooked_by_id"], last.get("overbooked_over")
    return Overbooked(
        by if isinstance(by, int) else None,
        str(last.get("overbook_reason") or ""),
        tuple(str(code) for code in over) if isinstance(over, list) else (),
    )
