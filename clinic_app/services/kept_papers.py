"""What left the printer for signed visits: kept as the very file, with its digest, by whom and when."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import undefer

from clinic_app.errors import ClinicError, NotFound
from clinic_app.models import Account, KeptFile, KeptPaper, Visit
from clinic_app.models.database import Database
from clinic_app.services.access import Act, Actor, may, require
from clinic_app.services.clock import Clock
from clinic_app.services.paper import Paper, Step, WentOut, untold
from clinic_app.services.record_access import RecordAccess

NOTES = frozenset({"visit_note", "referral_letter"})
"""Kinds of paper that say what only those may read who may print the visit note."""


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A file that went out for a visit; ``at`` is the clinic's wall clock."""

    id: int
    visit_id: int
    kind: str
    way: WentOut
    at: datetime
    by: str
    digest: str


@dataclass(frozen=True, slots=True)
class KeptPaperFile:
    """A kept file, to be looked at and printed like any paper: ``render`` gives it as it was."""

    kind: str
    title: str
    file_name: str
    content: bytes
    papers: tuple[Paper, ...] = ()

    def render(self, step: Step = untold) -> bytes:
        """The very file."""
        return self.content


class KeptPapers:
    """The use cases around files that went out. Only papers of a signed visit are kept."""

    def __init__(self, database: Database, clock: Clock, time_zone: str, records: RecordAccess) -> None:
        self._database = database
        self._records = records
        self._clock = clock
        self._zone = ZoneInfo(time_zone)

    def keep(self, actor: Actor, paper: Paper, pdf: bytes, way: WentOut) -> int | None:
        """Note that a file went out, and keep it once however often it does. None where it is of no signed visit.

        Raises NotFound.
        """
        require(actor, _act(paper.kind))
        if paper.of_visit is None:
            return None
        digest = hashlib.sha256(pdf).hexdigest()
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            if session.get(Visit, paper.of_visit) is None:
                raise NotFound("visit_not_found")
            file = session.scalar(select(KeptFile).where(KeptFile.digest == digest))
            if file is None:
                file = KeptFile(digest=digest, content=pdf)
            kept = KeptPaper(
                visit_id=paper.of_visit, kind=paper.kind, file=file, way=way.value, at=at, by_id=actor.account_id
            )
            session.add(kept)
            session.flush()
            return kept.id

    def of_patient(self, actor: Actor, patient_id: int) -> tuple[KeptRow, ...]:
        """What went out for a patient's visits, as far as the actor may read it; the latest first."""
        require(actor, Act.PRINT_HANDOUT)
        self._records.enter(actor, patient_id)
        query = (
            select(KeptPaper, KeptFile.digest, Account.full_name)
            .join(KeptFile, KeptFile.id == KeptPaper.file_id)
            .join(Account, Account.id == KeptPaper.by_id)
            .join(Visit, Visit.id == KeptPaper.visit_id)
            .where(Visit.patient_id == patient_id)
            .order_by(KeptPaper.at.desc(), KeptPaper.id.desc())
        )
        with self._database.reading() as session:
            return tuple(
                KeptRow(kept.id, kept.visit_id, kept.kind, WentOut(kept.way), self._local(kept.at), by, digest)
                for kept, digest, by in session.execute(query)
                if may(actor, _act(kept.kind))
            )

    def again(self, actor: Actor, kept_id: int, title: str) -> KeptPaperFile:
        """The very file, under the ``title`` that its kind has in the window.

        Raises NotFound, and ClinicError where the file is no longer the one that its digest tells of.
        """
        with self._database.reading() as session:
            kept = session.get(KeptPaper, kept_id)
            if kept is None:
                raise NotFound("kept_paper_not_found")
            require(actor, _act(kept.kind))
            self._records.enter_of_visit(actor, kept.visit_id)
            file = session.get_one(KeptFile, kept.file_id, options=(undefer(KeptFile.content),))
            if hashlib.sha256(file.content).hexdigest() != file.digest:
                raise ClinicError("kept_paper_damaged")
            day = self._local(kept.at).date()
            name = f"{kept.kind.replace('_', '-')}-{kept.way}-{day}"
            return KeptPaperFile(kept.kind, title, name, file.content)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._zone).replace(tzinfo=None)


def _act(kind: str) -> Act:
    return Act.PRINT_NOTE if kind in NOTES else Act.PRINT_HANDOUT
