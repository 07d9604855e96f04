"""Hands records to other programs as FHIR R4: one patient's, or everybody's."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from clinic_app.errors import NotFound
from clinic_app.exchange.fhir.bundles import Bundles
from clinic_app.exchange.fhir.facts import RecordFact
from clinic_app.models import Patient, RecordGrant, Restriction
from clinic_app.models.database import Database, tell, tell_of_each
from clinic_app.models.private_files import private_text
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock
from clinic_app.services.fhir_records import clinic_of, people_of, records_of
from clinic_app.services.record_access import RecordAccess

Steps = Callable[[int, int], None]
"""Told how many patients are written, and of how many; what it raises ends the work and leaves nothing."""
KIND = "fhir_export"
LINES = ".ndjson"
"""A file that ends so holds a bundle for each patient, each on a line of its own, instead of one of everybody."""


def unheard(_done: int, _of: int) -> None:
    """Nobody looks at the progress and nobody stops the work."""


@dataclass(frozen=True, slots=True)
class FhirExported:
    """A file that is in its place. ``restricted`` records were left out, since they do not open to who exported."""

    file: Path
    patients: int
    resources: int
    restricted: int = 0


class FhirExport:
    """The use cases of handing records on. Each is told in the audit trail, and there of each patient."""

    def __init__(
        self, database: Database, clock: Clock, time_zone: str, reference: Reference, records: RecordAccess
    ) -> None:
        self._database = database
        self._clock = clock
        self._zone = ZoneInfo(time_zone)
        self._reference = reference
        self._records = records

    def patient(self, actor: Actor, patient_id: int, file: Path) -> FhirExported:
        """Write one patient's bundle; a file that is there is replaced.

        Raises NotAllowed (also where the record is restricted and does not open to the actor), NotFound, StoreProblem.
        """
        require(actor, Act.EXPORT)
        self._records.enter(actor, patient_id)
        with self._database.reading() as session:
            if session.get(Patient, patient_id) is None:
                raise NotFound("patient_not_found")
            bundles = self._bundles(session)
            (record,) = records_of(session, (patient_id,), self._zone)
        return self._write(actor, file, [bundles.single(record)], bundles, (patient_id,))

    def patient_by_number(self, actor: Actor, record_number: str, file: Path) -> FhirExported:
        """The same by the record number. Raises NotFound where nobody has it."""
        require(actor, Act.EXPORT)
        with self._database.reading() as session:
            found = session.scalar(select(Patient.id).where(Patient.record_number == record_number.strip()))
        if found is None:
            raise NotFound("record_number_not_found", number=record_number.strip())
        return self.patient(actor, found, file)

    def clinic(self, actor: Actor, file: Path, steps: Steps = unheard) -> FhirExported:
        """Write everybody's bundle, or a bundle a line (``LINES``); a file that is there is replaced.

        Restricted records that do not open to the actor stay out and are counted. One transaction reads all, so that
        the file is of one moment. Raises NotAllowed, StoreProblem, and what ``steps`` raises.
        """
        require(actor, Act.EXPORT_ALL)
        with self._database.reading() as session:
            everybody = session.scalars(select(Patient.id).order_by(Patient.id)).all()
            closed = self._closed(session, actor)
            wanted = [each for each in everybody if each not in closed]
            bundles = self._bundles(session)
            records = _counted(records_of(session, wanted, self._zone), len(wanted), steps)
            text = bundles.lines(records) if file.suffix == LINES else bundles.whole(records)
            return self._write(actor, file, text, bundles, wanted, restricted=len(closed))

    def _bundles(self, session: Session) -> Bundles:
        return Bundles(clinic_of(session), people_of(session), self._reference)

    def _closed(self, session: Session, actor: Actor) -> frozenset[int]:
        granted = and_(
            RecordGrant.patient_id == Restriction.patient_id,
            RecordGrant.account_id == actor.account_id,
            or_(RecordGrant.until.is_(None), RecordGrant.until > self._clock()),
        )
        return frozenset(
            session.scalars(select(Restriction.patient_id).where(~select(RecordGrant.id).where(granted).exists()))
        )

    def _write(
        self,
        actor: Actor,
        file: Path,
        text: Iterable[str],
        bundles: Bundles,
        patients: Iterable[int],
        restricted: int = 0,
    ) -> FhirExported:
        file = file.expanduser().resolve()
        patients = tuple(patients)
        with private_text(file) as target:
            target.writelines(text)
            exported = FhirExported(file, len(patients), bundles.resources, restricted)
            # Before the file is in its place: an export that fails at its last step is told, but none leaves untold.
            self._tell(actor, exported, patients)
        return exported

    def _tell(self, actor: Actor, exported: FhirExported, patients: tuple[int, ...]) -> None:
        name = str(exported.file)
        counts = {"patients": exported.patients, "resources": exported.resources, "restricted": exported.restricted}
        with self._database.writing(actor.account_id, self._clock()) as session:
            tell(session, "exported", KIND, after={**counts, "file": name})
            tell_of_each(session, "exported", KIND, patients, after={"file": name})


def _counted(records: Iterable[RecordFact], of: int, steps: Steps) -> Iterator[RecordFact]:
    for done, record in enumerate(records):
        steps(done, of)
        yield record
    steps(of, of)
