"""Everything of a clinic read from the folder that ``clinic_export`` wrote, into a place where no clinic is yet.

The record comes as it was, signatures and trail included; the keys are new. One manager gets a passphrase, everybody
else gets theirs from the manager, as after a rekey. Design: docs/decisions/0020.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.models import Base, ClinicFile, Injection, Patient, Visit, copying, sealing
from clinic_app.models.database import Database
from clinic_app.models.keys import Cost, KeyFile, fold_name, new_data_key, new_recovery_code
from clinic_app.models.small_files import IMPORTED
from clinic_app.models.upgrade import upgrade
from clinic_app.services.accounts import check_user_name
from clinic_app.services.clinic_source import Source, look_at
from clinic_app.services.clinic_tables import exported_tables, file_of
from clinic_app.services.clock import Clock
from clinic_app.services.cycles import keep_cycle
from clinic_app.services.moving_places import whole_or_empty
from clinic_app.services.paper import Step, untold
from clinic_app.services.passphrases import check_passphrase
from clinic_app.services.verification import Broken, record_breaks
from clinic_app.settings import Settings, workstation_name
from clinic_app.terms import PatientStatus, Role

_REFUSALS = (("foreign key", "tables_reference"), ("unique", "tables_twice"))
"""What both engines say of a row, and what we say."""


@dataclass(frozen=True, slots=True)
class ImportedClinic:
    """A clinic that was read. The recovery code is to be printed and never stored.

    ``where`` is where the clinic is now, ``waiting`` the active accounts that need a passphrase from the manager, and
    ``broken`` what is not as it was signed: it came so, for somebody had changed it before the export or in its files.
    """

    where: str
    clinic: str
    recovery_code: str
    rows: dict[str, int]
    waiting: tuple[str, ...]
    broken: tuple[Broken, ...]


@dataclass(frozen=True, slots=True)
class _People:
    manager: str
    full_name: str
    others: tuple[str, ...]


def import_clinic(
    settings: Settings,
    folder: Path,
    user_name: str,
    passphrase: str,
    clock: Clock,
    step: Step = untold,
    *,
    cost: Cost | None = None,
    at_once: int = copying.AT_ONCE,
) -> ImportedClinic:
    """Read the export in ``folder`` and make the clinic of ``settings`` of it, or nothing.

    ``user_name`` is a manager of the export, who gets the passphrase. On a server the address names the owner's
    account. ``step`` hears of rows done and rows in all after each batch; what it raises ends the work. Raises
    ClinicError with the field, or with the file and line that is wrong, and StoreProblem.
    """
    source = look_at(folder)
    people = _people(source, user_name)
    check_passphrase(passphrase, (people.manager, people.full_name, source.clinic))
    data_key, code, cost = new_data_key(), new_recovery_code(), cost or Cost()
    keys = KeyFile(()).with_holder(people.manager, passphrase, data_key, cost).with_recovery(code, data_key, cost)
    with whole_or_empty(settings.database_url or str(settings.data), data_key) as target:
        upgrade(target.engine)
        target.grant()
        with Database(target.engine, workstation=workstation_name()).writing(None, clock()) as session:
            _fill(session, source, step, at_once)
            of = sum(source.rows.values())
            broken = tuple(record_breaks(session, lambda: step(of, of)))
            came = {"imported": source.made_at, "manifest": source.digest}
            session.execute(insert(ClinicFile).values(name=IMPORTED, content=json.dumps(came).encode()))
            target.files.keys.write_with(session, keys.content())
        target.finish()
        return ImportedClinic(target.name, source.clinic, code, source.rows, people.others, broken)


def _people(source: Source, user_name: str) -> _People:
    """Who gets the passphrase. Raises ClinicError for somebody who is no active manager there."""
    accounts, roles = (source.read(Base.metadata.tables[name]) for name in ("account", "account_role"))
    managers = {row["account_id"] for _, row in roles if row["role"] == Role.MANAGER}
    active = {row["user_name"]: row for _, row in accounts if row["active"]}
    for name in active:
        check_user_name(name)
    names = sorted(name for name, row in active.items() if row["id"] in managers)
    if fold_name(user_name) not in names:
        raise ClinicError("tables_no_manager", field="user_name", name=user_name.strip(), names=", ".join(names))
    chosen = active.pop(fold_name(user_name))
    return _People(chosen["user_name"], chosen["full_name"], tuple(sorted(active)))


def _fill(session: Session, source: Source, step: Step, at_once: int) -> None:
    connection = session.connection()
    sealing.remove(connection)
    of, done = sum(source.rows.values()), 0
    step(done, of)
    for table in exported_tables():
        there = copying.untyped(table, connection)
        for batch in _batches(source, table, at_once):
            _insert(connection, there, batch)
            done += len(batch)
            step(done, of)
    copying.go_on_numbering(connection)
    sealing.install(connection)
    treated = select(Visit.patient_id).join(Injection, Injection.visit_id == Visit.id).distinct()
    active = select(Patient.id).where(Patient.status == PatientStatus.ACTIVE, Patient.id.in_(treated))
    for patient_id in session.scalars(active).all():
        keep_cycle(session, patient_id)


def _batches(source: Source, table: Table, at_once: int) -> Iterator[list[tuple[int, dict[str, Any]]]]:
    rows = source.read(table)
    return iter(lambda: list(islice(rows, at_once)), [])


def _insert(connection: Connection, there: Table, batch: list[tuple[int, dict[str, Any]]]) -> None:
    """Raises ClinicError for the first row that the database does not take."""
    try:
        with connection.begin_nested():
            connection.execute(insert(there), [row for _, row in batch])
    except (DataError, IntegrityError):
        for line, row in batch:
            try:
                with connection.begin_nested():
                    connection.execute(insert(there), [row])
            except (DataError, IntegrityError) as error:
                said = str(error.orig).casefold()
                code = next((code for part, code in _REFUSALS if part in said), "tables_row")
                raise ClinicError(code, file=file_of(there), line=line) from error
        raise
