"""Bring old records in from spreadsheets and bundles: look first, bring in, list, take back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from clinic_app.errors import ClinicError, NotFound
from clinic_app.models import Account, Clinic, DataImport, trail
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_now
from clinic_app.services.importing.appointments import Booker, NewAppointment
from clinic_app.services.importing.choices import ImportChoices
from clinic_app.services.importing.files import ImportFile, is_bundle, read_bundle_file, read_file
from clinic_app.services.importing.judging import Judged, judge, with_memory
from clinic_app.services.importing.on_record import CHOICE
from clinic_app.services.importing.preview import MadeImport, Preview
from clinic_app.services.importing.undoing import undo_import
from clinic_app.services.importing.writing import Writing
from clinic_app.services.paper import Step, untold
from clinic_app.services.record_access import closed_records
from clinic_app.terms import ImportKind

_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Done:
    """An import that was made, and the verdicts by which it was."""

    import_id: int
    preview: Preview


class Imports:
    """The use cases of whoever brings old records in."""

    def __init__(self, database: Database, clock: Clock, time_zone: str, reference: Reference) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference

    def read(
        self, actor: Actor, name: str, data: bytes, *, sheet: str = "", encoding: str = "", separator: str = ""
    ) -> ImportFile:
        """Read a spreadsheet or a FHIR bundle. Raises ClinicError for a file that is neither, or only a part of one."""
        require(actor, Act.IMPORT)
        if is_bundle(name, data):
            return read_bundle_file(name, data, self._reference, self._now().date())
        return read_file(name, data, sheet=sheet, encoding=encoding, separator=separator)

    def preview(self, actor: Actor, file: ImportFile, choices: ImportChoices) -> Preview:
        """What would become of each row, and what must be answered first. Nothing is written."""
        require(actor, Act.IMPORT)
        with self._database.reading() as session:
            return self._judged(session, actor, file, choices).preview

    def bring_in(self, actor: Actor, file: ImportFile, choices: ImportChoices, step: Step = untold) -> Done:
        """Bring in every row that can come, all in one transaction; what is left out stands in the preview.

        ``step`` is told how far it is; what it raises ends the work, and nothing came in. Raises ClinicError where a
        column is missing or no row can come in.
        """
        require(actor, Act.IMPORT)
        # Looked at before the turn to write, so that nobody waits for it; looked at anew where somebody wrote since.
        with self._database.reading() as session:
            seen = trail.head(session.connection()).last_id
            judged = self._judged(session, actor, file, choices)
        _refuse_empty(judged.preview)
        at = self._clock()
        step(0, judged.preview.coming_in)
        with self._database.writing(actor.account_id, at) as session:
            if trail.head(session.connection()).last_id != seen:
                judged = self._judged(session, actor, file, choices)
                _refuse_empty(judged.preview)
            preview = judged.preview
            made = DataImport(
                kind=choices.kind,
                file_name=file.table.name[:_LONGEST_NAME],
                digest=file.digest,
                rows_in=preview.coming_in,
                rows_out=len(preview.left_out),
                made_at=at,
                account_id=actor.account_id,
            )
            session.add(made)
            session.flush()
            writing = Writing(session, actor, at, made, step)
            writing.patients(judged.patients)
            writing.lines(judged.lines)
            writing.visits(judged.visits)
            writing.side_effects(judged.side_effects, self._reference)
            if choices.kind is ImportKind.APPOINTMENTS:
                preview = self._book(session, actor, file, choices, writing)
                made.rows_in, made.rows_out = preview.coming_in, len(preview.left_out)
            clinic = session.scalars(select(Clinic)).one()
            memory = with_memory(clinic.choices.get(CHOICE), choices)
            if memory != clinic.choices.get(CHOICE) and (choices.columns or choices.answers):
                clinic.choices = {**clinic.choices, CHOICE: memory}
            session.flush()
            return Done(made.id, preview)

    def imports(self, actor: Actor) -> tuple[MadeImport, ...]:
        """Every file that was brought in, the latest first."""
        require(actor, Act.IMPORT)
        with self._database.reading() as session:
            return _listed(session)

    def undo(self, actor: Actor, import_id: int, step: Step = untold) -> None:
        """Take an import back, in one transaction. ``step`` may end it, and then nothing is taken back.

        Raises ClinicError that names what was built on it, or where it was undone already, and NotFound.
        """
        require(actor, Act.IMPORT)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            made = session.get(DataImport, import_id)
            if made is None:
                raise NotFound("import_not_found")
            if made.undone_at is not None:
                raise ClinicError("import_undone")
            undo_import(session, made, step)
            made.undone_at, made.undone_by_id = at, actor.account_id

    def _book(
        self, session: Session, actor: Actor, file: ImportFile, choices: ImportChoices, writing: Writing
    ) -> Preview:
        """Each appointment is written before the next is looked at: they share rooms, devices and hours."""
        booked = 0

        def accept(new: NewAppointment) -> None:
            nonlocal booked
            writing.step(booked, writing.made.rows_in)
            writing.appointment(new)
            booked += 1

        return self._judged(session, actor, file, choices, accept).preview

    def _judged(
        self,
        session: Session,
        actor: Actor,
        file: ImportFile,
        choices: ImportChoices,
        accept: Callable[[NewAppointment], None] = lambda _new: None,
    ) -> Judged:
        booker = Booker(session, actor, self._reference, self._now(), self._time_zone, accept)
        judged = judge(file, choices, booker, closed_records(session, actor.account_id, self._clock()))
        same = DataImport.digest == file.digest
        before = _listed(session, same, DataImport.kind == choices.kind, DataImport.undone_at.is_(None))
        judged.preview = replace(judged.preview, before=before[0] if before else None)
        return judged

    def _now(self) -> datetime:
        return local_now(self._clock, self._time_zone)


def _refuse_empty(preview: Preview) -> None:
    if preview.missing:
        raise ClinicError("import_columns_missing", what=", ".join(field.title for field in preview.missing))
    if not preview.coming_in:
        raise ClinicError("import_nothing")


def _listed(session: Session, *conditions: ColumnElement[bool]) -> tuple[MadeImport, ...]:
    made_by, undone_by = aliased(Account), aliased(Account)
    query = (
        select(DataImport, made_by.full_name, undone_by.full_name)
        .join(made_by, made_by.id == DataImport.account_id)
        .outerjoin(undone_by, undone_by.id == DataImport.undone_by_id)
        .where(*conditions)
        .order_by(DataImport.id.desc())
    )
    return tuple(
        MadeImport(
            made.id, made.kind, made.file_name, made.rows_in, made.rows_out, made.made_at, by, made.undone_at,
            undone or "",
        )
        for made, by, undone in session.execute(query)
    )  # fmt: skip
