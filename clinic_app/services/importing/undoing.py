"""Takes an import back: every row that it made, as long as nothing was built on one of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, Table, delete, or_, select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.models import Base, DataImport, ImportedRow, Patient
from clinic_app.models.database import tell_rows
from clinic_app.services.audit_words import kind_in_words
from clinic_app.services.cycles import keep_cycle
from clinic_app.services.paper import Step
from clinic_app.services.report_months import forget_every_month
from clinic_app.words import shown

_PARTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "patient": (
        ("dystonia_history", "patient_id"),
        ("patient_entry", "patient_id"),
        ("diagnosis", "patient_id"),
        ("toxin_elsewhere", "patient_id"),
    ),
    "visit": (("injection", "visit_id"), ("vial", "visit_id")),
    "appointment": (("appointment_device", "appointment_id"), ("appointment_event", "appointment_id")),
    "side_effect": (("suspected_muscle", "side_effect_id"),),
    "patient_entry": (),
    "diagnosis": (),
    "toxin_elsewhere": (),
    "account": (),
}
"""The records that imports make, in the order in which they can go after their parts: table and column."""
_LINES = ("patient_entry", "diagnosis", "toxin_elsewhere")
"""What bundles add to the records of patients who were there before."""
_ORDER = ("side_effect", "appointment", "visit", *_LINES, "patient", "account")
_DERIVED = frozenset({"treatment_cycle", "report_touch", "imported_row"})
"""What is worked out again, and what lists the rows themselves."""
_AT_ONCE = 1000
_NAMED = 5


@dataclass(frozen=True, slots=True)
class _Made:
    """The records of one kind that the import made, as conditions."""

    session: Session
    import_id: int

    def ids(self, kind: str) -> Select[Any]:
        return select(ImportedRow.row_id).where(ImportedRow.import_id == self.import_id, ImportedRow.kind == kind)

    def of(self, kind: str, column: ColumnElement[Any]) -> ColumnElement[bool]:
        return column.in_(self.ids(kind))


def undo_import(session: Session, made: DataImport, step: Step) -> None:
    """Remove what the import made. Raises ClinicError that names what was built on it."""
    rows = _Made(session, made.id)
    built = [*_built_on(rows), *_changed_since(rows, made.made_at)]
    if built:
        more = len(built) - _NAMED
        said = "; ".join(built[:_NAMED]) + (f"; and {more} more" if more > 0 else "")
        raise ClinicError("import_built_on", what=said)
    visits, cycles = _table("visit"), _table("treatment_cycle")
    first = session.scalar(rows.ids("visit").limit(1))
    patients = session.scalars(
        select(visits.c.patient_id).where(rows.of("visit", visits.c.id)).distinct().order_by(visits.c.patient_id)
    ).all()
    connection = session.connection()
    if first is not None:
        forget_every_month(session, first)
        connection.execute(
            delete(cycles).where(
                cycles.c.patient_id.in_(select(visits.c.patient_id).where(rows.of("visit", visits.c.id)))
            )
        )
    _tell_whose_lines_go(rows)
    for done, kind in enumerate(_ORDER):
        step(done, len(_ORDER))
        keep = _needed_accounts(rows) if kind == "account" else None
        for part, column in _PARTS[kind]:
            table = _table(part)
            _remove(session, table, rows.of(kind, table.c[column]))
        table = _table(kind)
        condition = rows.of(kind, table.c.id)
        _remove(session, table, condition if keep is None else condition & table.c.id.not_in(keep))
    connection.execute(delete(ImportedRow).where(ImportedRow.import_id == made.id))
    for done, patient_id in enumerate(patients):
        if done % _AT_ONCE == 0:
            step(len(_ORDER), len(_ORDER))
        keep_cycle(session, patient_id)


def _tell_whose_lines_go(rows: _Made) -> None:
    """Whoever has the form of such a patient open is told when they save."""
    for kind in _LINES:
        table = _table(kind)
        whose = select(table.c.patient_id).where(rows.of(kind, table.c.id))
        for patient in rows.session.scalars(select(Patient).where(Patient.id.in_(whose))):
            patient.version += 1
    rows.session.flush()


def _remove(session: Session, table: Table, condition: ColumnElement[bool]) -> None:
    """Remove rows with a line in the audit trail for each."""
    query = select(table).where(condition).order_by(*table.primary_key.columns)
    rows = session.connection().execute(query).mappings()
    while some := rows.fetchmany(_AT_ONCE):
        tell_rows(session, "removed", table, some)
    session.connection().execute(delete(table).where(condition))


def _built_on(rows: _Made) -> Iterator[str]:
    """What refers to a record of the import and was not made by it, and records that were changed since."""
    for kind in ("patient", "appointment", "side_effect"):
        table = _table(kind)
        changed = select(table).where(rows.of(kind, table.c.id), table.c.version != 1)
        for row in rows.session.connection().execute(changed).mappings():
            yield _said(rows.session, table, row, changed=True)
    for table in Base.metadata.sorted_tables:
        if table.name in _DERIVED:
            continue
        for kind in ("patient", "appointment", "side_effect", "visit"):
            columns = [
                column
                for column in table.columns
                if any(key.column.table.name == kind for key in column.foreign_keys)
                and (table.name, column.name) not in _PARTS[kind]
            ]
            if not columns:
                continue
            refers = or_(*(rows.of(kind, column) for column in columns))
            # A part of a record that the import made is not listed, but goes with it.
            own = [rows.of(table.name, table.c.id)] if table.name in _PARTS else []
            found = select(table).where(refers, *(~condition for condition in own))
            for row in rows.session.connection().execute(found.limit(_AT_ONCE)).mappings():
                yield _said(rows.session, table, row)


def _changed_since(rows: _Made, made_at: datetime) -> Iterator[str]:
    """People who were on record before, got lines by the import, and whose record somebody changed since.

    A line that was edited is another row, so only the audit trail tells.
    """
    patient, audit = _table("patient"), _table("audit_entry")
    added = or_(*((audit.c.kind == kind) & rows.of(kind, audit.c.record_id) for kind in _LINES))
    whose = select(audit.c.patient_id).where(audit.c.at == made_at, added)
    changed = select(audit.c.patient_id).where(
        audit.c.patient_id.in_(whose),
        audit.c.at > made_at,
        audit.c.kind.in_(("patient", *(part for part, _ in _PARTS["patient"]))),
        audit.c.what.in_(("created", "changed", "removed")),
    )
    for row in rows.session.connection().execute(select(patient).where(patient.c.id.in_(changed))).mappings():
        yield _said(rows.session, patient, row, changed=True)


def _needed_accounts(rows: _Made) -> list[int]:
    """Accounts of the import that stay: somebody put them to use, or other visits name them as well."""
    account = _table("account")
    made = rows.session.scalars(rows.ids("account")).all()
    needed = set(rows.session.scalars(select(account.c.id).where(account.c.id.in_(made), account.c.active)))
    for table in Base.metadata.sorted_tables if made else ():
        for column in table.columns:
            if any(key.column is account.c.id for key in column.foreign_keys):
                needed.update(rows.session.scalars(select(column).where(column.in_(made)).distinct()))
    return sorted(needed)


def _said(session: Session, table: Table, row: RowMapping, *, changed: bool = False) -> str:
    """For example "Ada Okafor has an appointment (24 Nov 2026)"."""
    patient, visit = _table("patient"), _table("visit")
    patient_id = row["id"] if table.name == "patient" else row.get("patient_id")
    if patient_id is None and row.get("visit_id") is not None:
        patient_id = session.scalar(select(visit.c.patient_id).where(visit.c.id == row["visit_id"]))
    found = (
        session.connection()
        .execute(select(patient.c.given_name, patient.c.family_name).where(patient.c.id == patient_id))
        .first()
    )
    name = "" if found is None else f"{found.given_name} {found.family_name}".strip()
    what = kind_in_words(table.name, {}) or table.name.replace("_", " ")
    days = (value for value in row.values() if isinstance(value, date))
    day = next((value.date() if isinstance(value, datetime) else value for value in days), None)
    when = "" if day is None or table.name == "patient" else f" of {shown(day)}"
    if changed:
        return f"{name}: somebody changed {what}{when}"
    return f"{name}: there is {what}{when}" if name else f"there is {what}{when}"


def _table(name: str) -> Table:
    return Base.metadata.tables[name]
