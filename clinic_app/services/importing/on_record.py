"""What of the record an import is compared with, read in a few questions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.models import Account, AppointmentType, Clinic, DystoniaHistory, Patient, Room, Visit
from clinic_app.services.importing.fields import header_key
from clinic_app.services.importing.lines_on_record import LinesOnRecord, lines_of
from clinic_app.services.importing.meanings import Named
from clinic_app.services.patient_data import PatientRow
from clinic_app.typed_text import fold

CHOICE = "imports"
"""Under which the clinic's choices keep what columns and texts meant last time."""


@dataclass(frozen=True, slots=True)
class KnownPatient:
    """A patient on record, as far as rows of a file are compared with it."""

    row: PatientRow
    died_on: date | None
    indication: str
    names: tuple[str, str]
    """Family and given name, folded."""


class OnRecord:
    """The people of a clinic and what it has, at the moment of the look.

    ``closed`` are the patients whose restricted records do not open to whoever looks.
    """

    def __init__(self, session: Session, closed: frozenset[int]) -> None:
        self.closed = closed
        self._session = session
        self.patients = [_known(*row) for row in session.execute(_PATIENTS)]
        self._by_number = {each.row.record_number: each for each in self.patients}
        self._by_folded_number: defaultdict[str, list[KnownPatient]] = defaultdict(list)
        self.born_on: defaultdict[date, list[KnownPatient]] = defaultdict(list)
        self.called: defaultdict[tuple[str, str], list[KnownPatient]] = defaultdict(list)
        for each in self.patients:
            self.born_on[each.row.birth_date].append(each)
            self.called[each.names].append(each)
            self._by_folded_number[each.row.record_number.casefold()].append(each)
        self.accounts: dict[str, Named] = {}
        for account_id, user_name, full_name in session.execute(_ACCOUNTS):
            for name in (user_name, full_name):
                self.accounts.setdefault(fold(name), Named(account_id, full_name))
        clinic = session.scalars(select(Clinic)).one()
        self.region = clinic.label_region.value
        self._choices = clinic.choices.get(CHOICE)

    def numbered(self, number: str) -> KnownPatient | None:
        """The patient with this record number, in any case of its letters if only one has it so."""
        others = self._by_folded_number.get(number.casefold(), [])
        return self._by_number.get(number) or (others[0] if len(others) == 1 else None)

    def injected_on(self) -> set[tuple[int, date]]:
        """Every patient and day with a visit."""
        return {(row[0], row[1]) for row in self._session.execute(select(Visit.patient_id, Visit.visited_on))}

    def lines_of(self, patient_ids: Iterable[int]) -> dict[int, LinesOnRecord]:
        """What the records of some patients say, by patient."""
        return lines_of(self._session, patient_ids)

    def rooms(self) -> dict[str, Named]:
        """The rooms in use, by folded name."""
        return _named(self._session.execute(select(Room.id, Room.name).where(Room.active)).all())

    def types(self) -> dict[str, Named]:
        """The kinds of appointment in use, by folded name."""
        query = select(AppointmentType.id, AppointmentType.name).where(AppointmentType.active)
        return _named(self._session.execute(query).all())

    def remembered(self, part: str) -> dict[str, dict[str, str]]:
        """What ``columns`` or ``answers`` meant last time."""
        kept = self._choices.get(part) if isinstance(self._choices, dict) else None
        if not isinstance(kept, dict):
            return {}
        return {
            str(name): {str(text): str(meaning) for text, meaning in each.items()}
            for name, each in kept.items()
            if isinstance(each, dict)
        }


_PATIENTS = (
    select(
        Patient.id,
        Patient.record_number,
        Patient.family_name,
        Patient.given_name,
        Patient.birth_date,
        Patient.status,
        Patient.died_on,
        DystoniaHistory.indication,
    )
    .outerjoin(DystoniaHistory, DystoniaHistory.patient_id == Patient.id)
    .order_by(Patient.id)
)
# Of two accounts of one name the one in use is meant.
_ACCOUNTS = select(Account.id, Account.user_name, Account.full_name).order_by(Account.active.desc(), Account.id)


def _known(*row: object) -> KnownPatient:
    *of_row, died_on, indication = row
    patient = PatientRow(*of_row)  # type: ignore[arg-type]  # in the order of the question
    assert died_on is None or isinstance(died_on, date)
    return KnownPatient(patient, died_on, str(indication or ""), (fold(patient.family_name), fold(patient.given_name)))


def _named(rows: object) -> dict[str, Named]:
    return {header_key(name): Named(number, name) for number, name in rows}  # type: ignore[attr-defined]  # rows of two columns
