"""The audit trail's chain: each entry carries a digest of itself and of the entry before it.

Whoever changes, removes or slips in an entry breaks the chain there, for the clinic and for the patient whom the entry
is about. The chain needs no key: what keeps somebody with the record's key from writing it all anew are the backups,
each of which tells where the chain stood.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from clinic_app.models.audit import AuditEntry

SAID = ("at", "account_id", "workstation", "what", "kind", "record_id", "patient_id", "before", "after")
"""The columns over which an entry's digest goes."""
START = ""
"""What stands before the first entry."""
_AT_ONCE = 500
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode

_LAST_OF_PATIENT = (
    select(AuditEntry.patient_chain)
    .where(AuditEntry.patient_id == bindparam("patient_id"))
    .order_by(AuditEntry.id.desc())
    .limit(1)
)
_LAST = (
    select(AuditEntry.id, AuditEntry.chain, _LAST_OF_PATIENT.scalar_subquery().label("of_patient"))
    .order_by(AuditEntry.id.desc())
    .limit(1)
)
_WRITE = insert(AuditEntry).inline()


@dataclass(slots=True)
class Head:
    """Where the chain stands: id and digest of the last entry, and the digests of the patients asked about so far."""

    last_id: int
    chain: str
    of_patients: dict[int, str] = field(default_factory=dict)
    written: list[int] = field(default_factory=list)
    """The entries that were appended since."""


def head(connection: Connection, patient_id: int | None = None) -> Head:
    """Where the chain stands, and that of a patient.

    Whoever writes is alone until the transaction ends, in a file as on a server.
    """
    last = connection.execute(_LAST, {"patient_id": patient_id}).first()
    found = Head(0, START) if last is None else Head(last.id, last.chain)
    if patient_id is not None:
        found.of_patients[patient_id] = (last and last.of_patient) or START
    return found


def append(connection: Connection, rows: Sequence[dict[str, Any]], at: Head | None = None) -> Head:
    """Write entries at the end of the chain. ``at`` is what the last call in the same transaction returned.

    Each row has the columns of AuditEntry but the id and the digests.
    """
    patients = dict.fromkeys(row["patient_id"] for row in rows if row["patient_id"] is not None)
    at = at or head(connection, next(iter(patients), None))
    for patient_id in patients.keys() - at.of_patients:
        of_patient = connection.scalar(_LAST_OF_PATIENT, {"patient_id": patient_id})
        at.of_patients[patient_id] = of_patient or START
    connection.execute(_WRITE, list(chained(rows, at)))
    return at


def chained(rows: Iterable[Mapping[str, Any]], at: Head) -> Iterator[dict[str, Any]]:
    """The rows with their ids and digests; ``at`` moves on with them."""
    for row in rows:
        digest = digest_of(row)
        patient_id = row["patient_id"]
        at.last_id += 1
        at.chain = linked(at.chain, digest)
        of_patient = None
        if patient_id is not None:
            of_patient = at.of_patients[patient_id] = linked(at.of_patients.get(patient_id, START), digest)
        at.written.append(at.last_id)
        yield {**row, "id": at.last_id, "chain": at.chain, "patient_chain": of_patient}


def chain_anew(connection: Connection) -> None:
    """Chain all that stands there in its order: for what was written before there was a chain, and for the demo.

    The triggers that keep the trail must be off.
    """
    at = Head(0, START)
    entry = AuditEntry.__table__
    assert isinstance(entry, Table)
    change = (
        update(entry)
        .where(entry.c.id == bindparam("of"))
        .values(chain=bindparam("link"), patient_chain=bindparam("patient_link"))
    )
    columns = [entry.c[name] for name in ("id", *SAID)]
    while rows := connection.execute(
        select(*columns).where(entry.c.id > at.last_id).order_by(entry.c.id).limit(_AT_ONCE)
    ).all():
        links = chained([dict(row._mapping) for row in rows], at)
        connection.execute(
            change,
            [
                {"of": row.id, "link": link["chain"], "patient_link": link["patient_chain"]}
                for row, link in zip(rows, links, strict=True)
            ],
        )
        at.last_id = rows[-1].id


def linked(before: str, digest: str) -> str:
    """SHA-256, as hex, of an entry's digest behind what stood before it."""
    return hashlib.sha256(f"{before}\n{digest}".encode()).hexdigest()


def digest_of(row: Mapping[str, Any]) -> str:
    """SHA-256, as hex, of what an entry says. ``at`` is aware; ``before`` and ``after`` are plain JSON."""
    at: datetime = row["at"]
    said = [at.astimezone(UTC).isoformat(timespec="microseconds"), *(row[name] for name in SAID[1:])]
    return hashlib.sha256(_canonical(said).encode()).hexdigest()
