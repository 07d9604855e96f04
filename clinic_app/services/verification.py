"""Whether a clinic's files and its record are what they were: pages, references, signatures, ledger, files, backups."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from clinic_app.errors import ClinicError, StoreProblem
from clinic_app.models import (
    Addendum,
    AuditEntry,
    HandoutEdition,
    Injection,
    KeptFile,
    Lot,
    Patient,
    SearchWord,
    StockMovement,
    Vial,
    Visit,
    sealing,
    search_word,
    trail,
)
from clinic_app.models.data_key import DataKey
from clinic_app.models.database import Database
from clinic_app.models.keys import KeyFile
from clinic_app.models.research_key import ResearchKey
from clinic_app.models.small_files import SmallFile, SmallFiles
from clinic_app.models.snapshot import damage
from clinic_app.services.backups import check_backup, read_manifest, verify_backup
from clinic_app.services.paper import Step, untold
from clinic_app.services.rekeying import rekeyed_at
from clinic_app.services.signing import addendum_digest, signed_digest
from clinic_app.settings import Settings

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Broken:
    """What is not as it was: ``what`` names the check, ``where`` the record or file without a patient's name."""

    what: str
    where: str


def verify_clinic(
    settings: Settings, database: Database, data_key: bytes, backups: Path, step: Step = untold
) -> tuple[Broken, ...]:
    """Everything that can be checked without a person; nothing is changed. ``step`` is told before each check.

    Raises StoreProblem where the record cannot be read at all.
    """
    of = len(_CHECKS) + 2
    step(0, of)
    found = []
    if not settings.database_url:
        wrong = damage(settings.database_file, data_key, lambda: step(0, of))
        found += [Broken("pages", wrong)] * bool(wrong)
    files = SmallFiles.in_folder(settings) if database.line is None else SmallFiles.on_server(database.engine)
    found += [*_keys(files.keys), *_research(files.research, data_key)]
    for done, check in enumerate(_CHECKS, start=1):
        step(done, of)
        with database.reading() as session:
            found += list(check(session))
    step(of - 1, of)
    with database.reading() as session:
        found += list(_backups(session, backups, data_key))
    return tuple(found)


def record_breaks(session: Session, pulse: Callable[[], object]) -> Iterator[Broken]:
    """What is not as it was in the record, whatever lies beside it. ``pulse`` is called before each check."""
    for check in _CHECKS:
        pulse()
        yield from check(session)


def _keys(file: SmallFile) -> Iterator[Broken]:
    try:
        for holder in KeyFile.read(file).damaged():
            yield Broken("keys", f"what opens the clinic for {holder}")
    except StoreProblem as problem:
        yield Broken("keys", str(problem))


def _research(file: SmallFile, data_key: bytes) -> Iterator[Broken]:
    try:
        ResearchKey(file, DataKey(data_key)).disguises(())
    except StoreProblem as problem:
        yield Broken("research key", str(problem))


def _triggers(session: Session) -> Iterator[Broken]:
    """Somebody who takes them off could change what was signed, and without those of searching nobody new is found."""
    for name in sorted((sealing.names() | search_word.names()) - sealing.installed(session.connection())):
        yield Broken("triggers", name)


def _search(session: Session) -> Iterator[Broken]:
    """Who is not found is registered twice, without the allergies of the record that is there."""
    found = session.scalar(select(func.count(SearchWord.patient_id.distinct())))
    people = session.scalar(select(func.count()).where(Patient.search_text != ""))
    if found != people:
        yield Broken("search", f"{found} of {people} patients are found by their names and numbers")


def trail_breaks(session: Session) -> Iterator[Broken]:
    """Where an entry does not follow from the one before it, somebody changed, took away or slipped in one there."""
    at = trail.Head(0, trail.START)
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=_AT_ONCE)):
        row = {name: getattr(entry, name) for name in trail.SAID}
        link = next(trail.chained([row], at))
        where = f"entry {entry.id} of {entry.at:%Y-%m-%d}"
        if link["chain"] != entry.chain:
            yield Broken("audit trail", where)
        elif link["patient_chain"] != entry.patient_chain:
            yield Broken("audit trail", f"{where}, about record {entry.patient_id}")
        # From there on by what stands there: one break is told once.
        at.last_id, at.chain = entry.id, entry.chain
        if entry.patient_id is not None and entry.patient_chain is not None:
            at.of_patients[entry.patient_id] = entry.patient_chain
        session.expunge(entry)


def _visits(session: Session) -> Iterator[Broken]:
    for visit in session.scalars(select(Visit).where(Visit.digest != "").execution_options(yield_per=_AT_ONCE)):
        if signed_digest(session, visit) != visit.digest:
            yield Broken("signatures", f"visit {visit.id} of {visit.visited_on}")


def _addenda(session: Session) -> Iterator[Broken]:
    query = select(Addendum, Visit).join(Visit, Visit.id == Addendum.visit_id).where(Addendum.digest != "")
    for addendum, visit in session.execute(query):
        if addendum_digest(visit, addendum) != addendum.digest:
            yield Broken("signatures", f"correction {addendum.id} of visit {visit.id}")


def _vials(session: Session) -> Iterator[Broken]:
    """Given + wasted = what was in it, where it is known: a file of before need not have told it."""
    given = dict(
        row for row in session.execute(select(Injection.vial_id, func.sum(Injection.units)).group_by(Injection.vial_id))
    )
    known = (Visit.digest != "", Vial.size_units.is_not(None), Vial.wasted_units.is_not(None))
    for vial in session.scalars(select(Vial).join(Visit, Visit.id == Vial.visit_id).where(*known)):
        if given.get(vial.id, Decimal(0)) + (vial.wasted_units or 0) != vial.size_units:
            yield Broken("vials", f"vial {vial.id} of visit {vial.visit_id}, lot {vial.lot_number}")


def _lots(session: Session) -> Iterator[Broken]:
    """No shelf holds fewer vials than none, and no opened vial less than nothing."""
    left = select(StockMovement.lot_id, func.sum(StockMovement.vials)).group_by(StockMovement.lot_id)
    numbers = dict(row for row in session.execute(select(Lot.id, Lot.number)))
    for lot_id, vials in session.execute(left):
        if vials < 0:
            yield Broken("ledger", f"lot {numbers[lot_id]}: {vials} vials")
    inside = (
        select(StockMovement.vial_id, func.sum(StockMovement.units))
        .where(StockMovement.vial_id.is_not(None))
        .group_by(StockMovement.vial_id)
    )
    for vial_id, units in session.execute(inside):
        if units is not None and units < 0:
            yield Broken("ledger", f"vial {vial_id}: {units} units")


def _kept_files(session: Session) -> Iterator[Broken]:
    for file in session.scalars(
        select(KeptFile).options(undefer(KeptFile.content)).execution_options(yield_per=_AT_ONCE // 10)
    ):
        if hashlib.sha256(file.content).hexdigest() != file.digest:
            yield Broken("kept files", f"file {file.id}")


def _handouts(session: Session) -> Iterator[Broken]:
    for edition in session.scalars(select(HandoutEdition)):
        if hashlib.sha256(edition.source.encode()).hexdigest() != edition.digest:
            yield Broken("handouts", f"{edition.language}/{edition.name}, edition {edition.id}")


def _backups(session: Session, folder: Path, data_key: bytes) -> Iterator[Broken]:
    """Each opens, and the audit trail still is what it was when the backup was made.

    Those from before a rekey open with the keys in them and no others; of them the bytes are compared.
    """
    rekeyed = rekeyed_at(session)
    for file in sorted(folder.glob("clinic-*.backup")) if folder.is_dir() else ():
        try:
            if rekeyed is not None and read_manifest(file).made_at < rekeyed:
                check_backup(file)
                continue
            end = verify_backup(file, data_key).trail
            if end is not None and session.scalar(select(AuditEntry.chain).where(AuditEntry.id == end[0])) != end[1]:
                yield Broken("audit trail", f"entry {end[0]} is not the one that {file.name} tells of")
        except ClinicError as error:
            yield Broken("backups", f"{file.name}: {error}")


_CHECKS: tuple[Callable[[Session], Iterator[Broken]], ...] = (
    _triggers, _search, trail_breaks, _visits, _addenda, _vials, _lots, _kept_files, _handouts,
)  # fmt: skip
"""Of the record itself."""
