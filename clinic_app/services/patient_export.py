"""Hands a patient everything on record: a paper to read, files for other programs, and the papers that went out."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from clinic_app.errors import NotFound
from clinic_app.exchange.fhir.bundles import Bundles
from clinic_app.exchange.fhir.facts import RecordFact
from clinic_app.models import KeptFile, KeptPaper, Patient, Visit
from clinic_app.models.database import Database, tell
from clinic_app.models.private_files import private_bytes
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_now
from clinic_app.services.fhir_records import clinic_of, people_of, records_of
from clinic_app.services.new_folder import NewFolder, owner_only
from clinic_app.services.paper import LayOut, Paper, Step, untold
from clinic_app.services.patient_tables import tables_of
from clinic_app.services.record_access import RecordAccess
from clinic_app.services.timeline import Timeline
from clinic_app.timeline.course import Course

if TYPE_CHECKING:
    from clinic_app.documents.patient_record_content import PatientRecord

KIND = "patient_export"
ZIP = ".zip"
"""An export whose name ends so is one file; else it is a folder."""
RECORD, BUNDLE, PAPERS, TABLES = "record.pdf", "record.json", "papers", "tables"
_Write = Callable[[str, bytes], object]


@dataclass(frozen=True, slots=True)
class PatientExported:
    """An export that is in its place, with how many visits and papers it holds.

    ``damaged`` papers were left out: their files are no longer what went out.
    """

    place: Path
    visits: int
    papers: int
    damaged: int


@dataclass(frozen=True, slots=True)
class _Gathered:
    """Everything of one moment, still to be drawn and written."""

    record: "PatientRecord"
    course: Course
    fact: RecordFact
    bundles: Bundles
    tables: tuple[tuple[str, str], ...]
    papers: tuple[tuple[str, bytes], ...]
    damaged: int


class PatientExport:
    """The use cases of giving patients their record. Each is told in the audit trail."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        time_zone: str,
        reference: Reference,
        records: RecordAccess,
        timeline: Timeline,
    ) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference
        self._records = records
        self._timeline = timeline

    def paper(self, actor: Actor, patient_id: int) -> Paper:
        """The whole record as a document. Raises NotAllowed and NotFound as ``export`` does."""
        self._enter(actor, patient_id)
        with self._database.reading() as session:
            return _paper(self._record(session, actor, patient_id), self._timeline.course(session, patient_id))

    def export(self, actor: Actor, patient_id: int, place: Path, step: Step = untold) -> PatientExported:
        """Write everything into one ZIP file, or into a folder that is new or empty, for its owner only.

        A file that is there is replaced; where something fails, nothing changes. What ``step`` raises ends the work.
        Raises NotAllowed (also where the record is restricted and does not open to the actor), NotFound, StoreProblem,
        and ClinicError for a folder that holds anything.
        """
        self._enter(actor, patient_id)
        step(0, 1)
        with self._database.reading() as session:
            gathered = self._gathered(session, actor, patient_id)
        place = place.expanduser().resolve()
        at = gathered.record.made_at
        with _zip(place, at) if place.suffix.casefold() == ZIP else _folder(place) as write:
            of = 3 + len(gathered.papers)
            step(1, of)
            write(RECORD, _paper(gathered.record, gathered.course).render())
            step(2, of)
            write(BUNDLE, gathered.bundles.single(gathered.fact).encode())
            for name, text in gathered.tables:
                write(f"{TABLES}/{name}", text.encode())
            for done, (name, content) in enumerate(gathered.papers, start=3):
                step(done, of)
                write(f"{PAPERS}/{name}", content)
            step(of, of)
            exported = PatientExported(place, len(gathered.record.visits), len(gathered.papers), gathered.damaged)
            # Before it is in its place: an export that fails at its last step is told, but none leaves untold.
            self._tell(actor, patient_id, exported)
        return exported

    def export_by_number(self, actor: Actor, record_number: str, place: Path, step: Step = untold) -> PatientExported:
        """The same by the record number. Raises NotFound where nobody has it."""
        require(actor, Act.EXPORT)
        with self._database.reading() as session:
            found = session.scalar(select(Patient.id).where(Patient.record_number == record_number.strip()))
        if found is None:
            raise NotFound("record_number_not_found", number=record_number.strip())
        return self.export(actor, found, place, step)

    def _enter(self, actor: Actor, patient_id: int) -> None:
        require(actor, Act.EXPORT)
        self._records.enter(actor, patient_id)

    def _record(self, session: Session, actor: Actor, patient_id: int) -> "PatientRecord":
        from clinic_app.services.patient_record import patient_record

        patient = session.get(Patient, patient_id)
        if patient is None:
            raise NotFound("patient_not_found")
        return patient_record(
            session,
            patient,
            self._reference,
            ZoneInfo(self._time_zone),
            made_at=local_now(self._clock, self._time_zone),
            made_by=actor.full_name,
        )

    def _gathered(self, session: Session, actor: Actor, patient_id: int) -> _Gathered:
        record = self._record(session, actor, patient_id)
        papers, damaged = _kept(session, patient_id)
        (fact,) = records_of(session, (patient_id,), ZoneInfo(self._time_zone))
        return _Gathered(
            record=replace(record, kept_papers=len(papers)),
            course=self._timeline.course(session, patient_id),
            fact=fact,
            bundles=Bundles(clinic_of(session), people_of(session), self._reference),
            tables=tuple(tables_of(session.connection(), patient_id)),
            papers=papers,
            damaged=damaged,
        )

    def _tell(self, actor: Actor, patient_id: int, exported: PatientExported) -> None:
        after: dict[str, object] = {"file": str(exported.place), "papers": exported.papers}
        with self._database.writing(actor.account_id, self._clock()) as session:
            tell(session, "exported", KIND, None, patient_id, after=after)


def _paper(record: "PatientRecord", course: Course) -> Paper:
    from clinic_app.documents.patient_record import patient_record_document
    from clinic_app.documents.timeline import TimelinePaper, timeline_document

    documents: tuple[LayOut, ...] = (partial(patient_record_document, record),)
    if not course.empty and record.edition.language == "en":  # the timeline has no words of another language yet
        timeline = TimelinePaper(record.clinic, record.patient, course, record.edition)
        documents = (*documents, partial(timeline_document, timeline))
    return Paper("patient_record", "The whole record", f"record-{record.made_at:%Y-%m-%d}", documents)


def _kept(session: Session, patient_id: int) -> tuple[tuple[tuple[str, bytes], ...], int]:
    """The very files that went out, each once, the earliest first; and how many are no longer what they were."""
    query = (
        select(KeptPaper.kind, Visit.visited_on, KeptFile)
        .join(KeptFile, KeptFile.id == KeptPaper.file_id)
        .join(Visit, Visit.id == KeptPaper.visit_id)
        .where(Visit.patient_id == patient_id)
        .order_by(KeptPaper.at, KeptPaper.id)
        .options(undefer(KeptFile.content))
    )
    each_once = {file.id: (kind, on, file) for kind, on, file in session.execute(query)}
    whole = [
        (kind, on, file.content)
        for kind, on, file in each_once.values()
        if hashlib.sha256(file.content).hexdigest() == file.digest
    ]
    named = tuple(
        (f"{number:03}-{kind.replace('_', '-')}-{on}.pdf", content)
        for number, (kind, on, content) in enumerate(whole, start=1)
    )
    return named, len(each_once) - len(whole)


@contextmanager
def _zip(file: Path, at: datetime) -> Iterator[_Write]:
    """One file with everything in it. PDF files are packed already."""
    with private_bytes(file) as target, zipfile.ZipFile(target, "w") as packed:

        def write(name: str, content: bytes) -> None:
            entry = zipfile.ZipInfo(name, at.timetuple()[:6])
            entry.external_attr = 0o600 << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".pdf") else zipfile.ZIP_DEFLATED
            packed.writestr(entry, content)

        yield write


@contextmanager
def _folder(folder: Path) -> Iterator[_Write]:
    with NewFolder(folder) as target:

        def write(name: str, content: bytes) -> None:
            path = target.part / name
            with target.told():
                path.parent.mkdir(mode=0o700, exist_ok=True)
                with open(path, "xb", opener=owner_only) as file:
                    file.write(content)

        yield write
        target.flush()
        target.publish()
