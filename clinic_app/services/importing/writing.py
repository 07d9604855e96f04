"""Writes what was judged to come in: many rows at once, each with its line in the audit trail."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from clinic_app.models import (
    Account,
    Appointment,
    Base,
    DataImport,
    ImportedRow,
    Injection,
    Patient,
    SideEffect,
    Vial,
    Visit,
)
from clinic_app.models.base import table_of
from clinic_app.models.database import tell_rows
from clinic_app.models.report_cells import touch
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Actor
from clinic_app.services.appointment_writing import write_booking
from clinic_app.services.cycles import keep_cycle
from clinic_app.services.importing.appointments import NewAppointment
from clinic_app.services.importing.bundles import NewLines
from clinic_app.services.importing.injections import NewVisit
from clinic_app.services.importing.injectors import Injector
from clinic_app.services.importing.patients import NewPatient
from clinic_app.services.importing.side_effects import NewSideEffect
from clinic_app.services.paper import Step
from clinic_app.services.patient_rows import diagnosis_row, elsewhere_row, entry_row, fill
from clinic_app.services.side_effect_checks import fill as fill_side_effect
from clinic_app.services.signing import brought_in_digest
from clinic_app.services.visit_data import SideEffectForm
from clinic_app.typed_text import fold

_AT_ONCE = 500
LONGEST_USER_NAME = 100


@dataclass(slots=True)
class Writing:
    """One import while it is written. ``step`` is told how many of its rows are there, and may stop it."""

    session: Session
    actor: Actor
    at: datetime
    made: DataImport
    step: Step
    _accounts: dict[str, int] = field(default_factory=dict)

    def patients(self, plan: Sequence[NewPatient]) -> None:
        """Register patients, each with the record number of the file or the next free one."""
        numbers = _free_numbers(self.session, (new.form.record_number for new in plan))
        for done, new in enumerate(plan):
            if done % _AT_ONCE == 0:
                self._flush(done)
            patient, number = Patient(created_at=self.at), new.form.record_number or next(numbers)
            fill(patient, replace(new.form, record_number=number), clinical=True)
            self.session.add(patient)
        self._flush(len(plan))

    def lines(self, plan: Sequence[NewLines]) -> None:
        """Add lines to the records of patients who were there before."""
        for start in range(0, len(plan), _AT_ONCE):
            self.step(start, self.made.rows_in)
            some = plan[start : start + _AT_ONCE]
            ids = [new.patient_id for new in some]
            for patient in self.session.scalars(select(Patient).where(Patient.id.in_(ids))):
                patient.version += 1  # whoever has the form open is told
            rows = [row for new in some for row in _lines(new)]
            self.session.add_all(rows)
            self.session.flush()
            self.note_records(rows)

    def visits(self, plan: Sequence[NewVisit]) -> None:
        """Write visits with their vials and injections, sealed, and bring the patients' cycles up to date."""
        for start in range(0, len(plan), _AT_ONCE):
            self.step(start, len(plan))
            self._some_visits(plan[start : start + _AT_ONCE])
        for done, patient_id in enumerate(sorted({visit.patient_id for visit in plan})):
            if done % _AT_ONCE == 0:
                self.step(len(plan), len(plan))
            keep_cycle(self.session, patient_id)

    def appointment(self, new: NewAppointment) -> None:
        """Write an appointment with its line of history; those of before as they ended."""
        booking = replace(new.booking, injector_id=self.account_of(new.injector))
        self._note(Appointment, [write_booking(self.session, self.actor, booking, new.passed, self.at, new.state)])

    def side_effects(self, plan: Sequence[NewSideEffect], reference: Reference) -> None:
        """Write side effects. One that goes on still is a red flag where its kind is; one that is over was seen to."""
        for start in range(0, len(plan), _AT_ONCE):
            self.step(start, len(plan))
            effects = [self._side_effect(new, reference) for new in plan[start : start + _AT_ONCE]]
            self.session.add_all(effects)
            self.session.flush()
            self.note_records(effects)

    def account_of(self, injector: Injector) -> int:
        """The injector's account. A name without one becomes an account without roles that opens nothing."""
        if injector.account_id is not None:
            return injector.account_id
        key = fold(injector.full_name)
        if key not in self._accounts:
            account = Account(
                user_name=_free_user_name(self.session, key),
                full_name=injector.full_name,
                active=False,
                created_at=self.at,
                roles=[],
            )
            self.session.add(account)
            self.session.flush()
            self._note(Account, [account.id])
            self._accounts[key] = account.id
        return self._accounts[key]

    def note_records(self, records: Sequence[Base]) -> None:
        """Remember that this import made these records, which were flushed."""
        for kind in dict.fromkeys(type(record) for record in records):
            self._note(kind, [record.id for record in records if type(record) is kind])  # type: ignore[attr-defined]  # each has one

    def _side_effect(self, new: NewSideEffect, reference: Reference) -> SideEffect:
        form = SideEffectForm(
            visit_id=new.visit_id,
            kind=new.kind,
            other=new.other,
            severity=new.severity,
            started_on=new.started_on,
            ended_on=new.ended_on,
            action=new.action,
        )
        effect = SideEffect(
            patient_id=new.patient_id,
            visit_id=new.visit_id,
            recorded_at=self.at,
            recorded_by_id=self.actor.account_id,
        )
        fill_side_effect(effect, reference, form)
        effect.red_flag = effect.red_flag and new.ended_on is None
        return effect

    def _flush(self, done: int) -> None:
        self.step(done, self.made.rows_in)
        new = [record for record in self.session.new if isinstance(record, Patient)]
        self.session.flush()
        self.note_records(new)

    def _some_visits(self, plan: Sequence[NewVisit]) -> None:
        visits = self._added(Visit, [self._visit_row(new) for new in plan])
        vials = self._added(
            Vial,
            [
                _vial_row(visit["id"], position, vial)
                for visit, new in zip(visits, plan, strict=True)
                for position, vial in enumerate(new.vials)
            ],
        )
        of_visit: dict[int, list[dict[str, Any]]] = {}
        for vial in vials:
            of_visit.setdefault(vial["visit_id"], []).append(vial)
        injections = self._added(
            Injection,
            [
                row
                for visit, new in zip(visits, plan, strict=True)
                for row in _injection_rows(visit, new, of_visit[visit["id"]])
            ],
        )
        given: dict[int, list[dict[str, Any]]] = {}
        for injection in injections:
            given.setdefault(injection["visit_id"], []).append(injection)
        for visit in visits:
            visit["digest"] = brought_in_digest(visit, of_visit[visit["id"]], given[visit["id"]])
        visit_table = table_of(Visit)
        seal = update(visit_table).where(visit_table.c.id == bindparam("of")).values(digest=bindparam("seal"))
        connection = self.session.connection()
        connection.execute(seal, [{"of": visit["id"], "seal": visit["digest"]} for visit in visits])
        for kind, rows in ((Visit, visits), (Vial, vials), (Injection, injections)):
            tell_rows(self.session, "created", table_of(kind), rows)
        touch(connection, [visit["id"] for visit in visits])
        self._note(Visit, [visit["id"] for visit in visits])

    def _visit_row(self, new: NewVisit) -> dict[str, Any]:
        return {
            "patient_id": new.patient_id,
            "injector_id": self.account_of(new.injector),
            "visited_on": new.day,
            "indication": new.indication,
            "icd10cm": "",
            "assessment": "",
            "consent": False,
            "complications": "",
            "codes": [],
            "plan": "",
            "interval_weeks": None,
            "signed_at": self.at.astimezone(UTC),
            "signed_by_id": self.actor.account_id,
            "digest": "",
            "import_id": self.made.id,
        }

    def _added(self, kind: type[Base], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Insert rows past the session's records; each comes back with its id, in the same order."""
        table = table_of(kind)
        query = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        ids = self.session.connection().execute(query, rows).scalars().all()
        return [{"id": number, **row} for number, row in zip(ids, rows, strict=True)]

    def _note(self, kind: type[Base], ids: Sequence[int]) -> None:
        """Past the audit trail, which tells of each row already."""
        rows = [{"import_id": self.made.id, "kind": kind.__tablename__, "row_id": number} for number in ids]
        if rows:
            self.session.connection().execute(insert(ImportedRow), rows)


def _lines(new: NewLines) -> list[Base]:
    return [
        *(entry_row(each, position, new.patient_id) for position, each in enumerate(new.entries, new.held)),
        *(diagnosis_row(each, new.patient_id) for each in new.diagnoses),
        *(elsewhere_row(each, new.patient_id) for each in new.elsewhere),
    ]


def _vial_row(visit_id: int, position: int, vial: Any) -> dict[str, Any]:
    return {
        "visit_id": visit_id,
        "position": position,
        "lot_id": None,
        "product": vial.product,
        "lot_number": vial.lot_number,
        "expires_on": vial.expires_on,
        "size_units": vial.size_units,
        "diluent": "",
        "diluent_ml": vial.diluent_ml,
        "reconstituted_at": None,
        "wasted_units": None,
        "waste_reason": "",
        "witness_id": None,
        "gtin": None,
        "serial": None,
    }


def _injection_rows(
    visit: Mapping[str, Any], new: NewVisit, vials: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    of_vial = {vial: row["id"] for vial, row in zip(new.vials, vials, strict=True)}
    for position, each in enumerate(new.injections):
        yield {
            "visit_id": visit["id"],
            "vial_id": of_vial[each.vial],
            "position": position,
            "muscle": each.muscle,
            "side": each.side,
            "units": each.units,
            "guidance": list(each.guidance),
            "note": each.note,
            "indication": each.indication if each.indication not in ("", new.indication) else None,
        }


def _free_numbers(session: Session, also_taken: Iterable[str]) -> Iterator[str]:
    """The next free record numbers of the clinic's own series."""
    count = session.scalar(select(func.max(Patient.id))) or 0
    taken = {number.casefold() for number in (*session.scalars(select(Patient.record_number)), *also_taken)}
    while True:
        count += 1
        number = f"MRN{count:07d}"
        if number.casefold() not in taken:
            taken.add(number.casefold())
            yield number


def _free_user_name(session: Session, name: str) -> str:
    """A user name for somebody who will not use it: what the full name folds to, with a number where that is taken."""
    wanted = name.replace(" ", ".")[: LONGEST_USER_NAME - 8] or "unknown"
    taken = set(session.scalars(select(Account.user_name).where(Account.user_name.startswith(wanted, autoescape=True))))
    count, free = 1, wanted
    while free in taken:
        count += 1
        free = f"{wanted}.{count}"
    return free
