"""The papers of a day in one file: what the visits signed on it leave behind, patient by patient."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from clinic_app.errors import ClinicError
from clinic_app.models import KeptPaper, Visit
from clinic_app.models.database import Database
from clinic_app.services.access import Act, Actor, may, require
from clinic_app.services.paper import BoundPapers, Paper, Step, untold
from clinic_app.services.papers import Papers
from clinic_app.services.record_access import RecordAccess

KINDS = {"visit_note": Act.PRINT_NOTE, "aftercare": Act.PRINT_HANDOUT, "diary": Act.PRINT_HANDOUT}
"""What a day can print, in the order in which it lies on the desk, and the right that each needs."""


@dataclass(frozen=True, slots=True)
class DayOffer:
    """How many visits a day has that are signed; for how many of them a kind has gone out, for those that are kept."""

    visits: int
    went_out: dict[str, int]


class DayPapers:
    """The use cases around the batch of a day."""

    def __init__(self, database: Database, papers: Papers, records: RecordAccess) -> None:
        self._database = database
        self._records = records
        self._papers = papers

    def offer(self, actor: Actor, day: date) -> DayOffer:
        """What there is to print."""
        require(actor, Act.PRINT_HANDOUT)
        visits, went_out = self._visits(actor, day)
        told = Counter(kind for visit_id, kind in went_out if visit_id in visits)
        return DayOffer(len(visits), {kind: told[kind] for kind in KINDS})

    def bound(
        self, actor: Actor, day: date, kinds: Collection[str], *, only_new: bool = False, step: Step = untold
    ) -> BoundPapers:
        """Gather the papers; ``only_new`` leaves out those that have gone out. ``step`` hears of each visit.

        Raises ClinicError when nothing is left to print, and NotAllowed for a kind that is not the actor's to print.
        """
        for kind in kinds:
            require(actor, KINDS[kind])
        visits, went_out = self._visits(actor, day)
        made: list[Paper] = []
        make: dict[str, Callable[[Actor, int], Paper]] = {
            "visit_note": self._papers.visit_note, "aftercare": self._papers.aftercare, "diary": self._papers.diary,
        }  # fmt: skip
        for done, visit_id in enumerate(visits):
            step(done, len(visits))
            made += [
                make[kind](actor, visit_id)
                for kind in KINDS
                if kind in kinds and not (only_new and (visit_id, kind) in went_out)
            ]
        if not made:
            raise ClinicError("nothing_to_print", day=day)
        return BoundPapers("day_papers", "Papers of the day", f"papers-{day}", tuple(made))

    def _visits(self, actor: Actor, day: date) -> tuple[list[int], set[tuple[int, str]]]:
        """The signed visits of a day in the order of signing, and which kinds went out for which.

        Those of a restricted record are left out for whoever may not open it.
        """
        signed = select(Visit.id).where(Visit.visited_on == day, Visit.digest != "", Visit.import_id.is_(None))
        with self._database.reading() as session:
            query = select(Visit.id, Visit.patient_id).where(Visit.id.in_(signed))
            found = session.execute(query.order_by(Visit.signed_at, Visit.id)).all()
            went_out = select(KeptPaper.visit_id, KeptPaper.kind).where(KeptPaper.visit_id.in_(signed))
            known = {(visit_id, kind) for visit_id, kind in session.execute(went_out.distinct())}
        return [visit_id for visit_id, patient_id in found if self._records.is_open(actor, patient_id)], known


def offered_kinds(actor: Actor) -> tuple[str, ...]:
    """The kinds that are the actor's to print."""
    return tuple(kind for kind, act in KINDS.items() if may(actor, act))
