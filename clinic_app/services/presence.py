"""Who has the same chart on the screen: a row that is written anew while a chart is open.

The rows tell nothing of the patient, so they are written without the audit trail and without being announced.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, insert, literal, not_, select, update

from clinic_app.models import Account, ChartDraft, DraftPresence
from clinic_app.models.database import Database
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock

HEARTBEAT = timedelta(seconds=20)
"""How often an open chart says so."""
SILENT = timedelta(seconds=60)
"""A row older than this is of a program that ended without a word."""


@dataclass(frozen=True, slots=True)
class AlsoOpen:
    """Somebody who has the same chart open, perhaps the same person at another workstation."""

    name: str
    workstation: str
    same_person: bool


class Presence:
    """The use cases of an open chart's heartbeat."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._seen: dict[tuple[int, int, str], datetime] = {}

    def beat(self, actor: Actor, draft_id: int) -> tuple[AlsoOpen, ...]:
        """Say that the chart is open here, and hear who else has it open. A chart that is gone has nobody.

        Clocks of workstations may differ by an hour: who wrote another moment than at the last beat is there.
        """
        require(actor, Act.DRAFT_CHART)
        at, workstation = self._clock(), self._database.workstation
        here = and_(DraftPresence.account_id == actor.account_id, DraftPresence.workstation == workstation)
        with self._database.writing(actor.account_id, at, again=True) as session:
            known = session.execute(
                update(DraftPresence).where(DraftPresence.draft_id == draft_id, here).values(seen_at=at)
            )
            if not known.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
                here_now = (literal(actor.account_id), literal(workstation), literal(at, DraftPresence.seen_at.type))
                row = select(ChartDraft.id, *here_now).where(ChartDraft.id == draft_id)
                columns = ["draft_id", "account_id", "workstation", "seen_at"]
                session.execute(insert(DraftPresence).from_select(columns, row))
            others = session.execute(
                select(Account.full_name, DraftPresence.workstation, DraftPresence.account_id, DraftPresence.seen_at)
                .join(Account, Account.id == DraftPresence.account_id)
                .where(DraftPresence.draft_id == draft_id, not_(here))
                .order_by(Account.full_name, DraftPresence.workstation)
            )
            return tuple(
                AlsoOpen(name, there, account == actor.account_id)
                for name, there, account, seen_at in others
                if self._is_there((draft_id, account, there), seen_at, at)
            )

    def _is_there(self, who: tuple[int, int, str], seen_at: datetime, at: datetime) -> bool:
        before = self._seen.get(who, seen_at)
        self._seen[who] = seen_at
        return abs(at - seen_at) <= SILENT or seen_at != before

    def leave(self, actor: Actor, draft_id: int) -> None:
        """The chart is no longer open here."""
        require(actor, Act.DRAFT_CHART)
        with self._database.writing(actor.account_id, self._clock(), again=True) as session:
            session.execute(
                delete(DraftPresence).where(
                    DraftPresence.draft_id == draft_id,
                    DraftPresence.account_id == actor.account_id,
                    DraftPresence.workstation == self._database.workstation,
                )
            )
