"""Totals and subscales of rating scales that tell what a visit did; never the items of a scale."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound
from clinic_app.models import Account, ScaleResult, Visit
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.reference.units import show_number
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.record_access import RecordAccess
from clinic_app.services.visit_data import ScaleResultRow, ScaleSheet, ScaleValue


class ScaleResults:
    """What was measured, for whoever reads the record; they are written with the response."""

    def __init__(self, database: Database, records: RecordAccess) -> None:
        self._database = database
        self._records = records

    def of_patient(self, actor: Actor, patient_id: int) -> tuple[ScaleResultRow, ...]:
        """All results of a patient, the earliest first."""
        require(actor, Act.READ_RECORD)
        self._records.enter(actor, patient_id)
        query = (
            select(ScaleResult, Account.full_name)
            .join(Account, Account.id == ScaleResult.recorded_by_id)
            .where(ScaleResult.patient_id == patient_id)
            .order_by(ScaleResult.measured_on, ScaleResult.id)
        )
        with self._database.reading() as session:
            return tuple(
                ScaleResultRow(row.visit_id, row.measured_on, row.scale, row.subscale, row.value, recorder)
                for row, recorder in session.execute(query)
            )

    def of_visit(self, actor: Actor, visit_id: int) -> ScaleSheet | None:
        """The results that tell what a visit did; None while nothing was measured."""
        require(actor, Act.READ_RECORD)
        self._records.enter_of_visit(actor, visit_id)
        with self._database.reading() as session:
            return sheet_of(session, visit_id)


def sheet_of(session: Session, visit_id: int) -> ScaleSheet | None:
    """The results of a visit's cycle with their day; None while nothing was measured."""
    rows = _rows(session, visit_id)
    if not rows:
        return None
    return ScaleSheet(rows[-1].measured_on, tuple(ScaleValue(row.scale, row.subscale, row.value) for row in rows))


def sheets_of(scores: Sequence[Any]) -> dict[int, ScaleSheet]:
    """The results of a patient's cycles by visit, of the scores as ``TreatmentRows`` has them."""
    sheets: dict[int, ScaleSheet] = {}
    for row in sorted(scores, key=lambda row: row.measured_on):
        if row.visit_id is not None:
            before = sheets[row.visit_id].values if row.visit_id in sheets else ()
            value = ScaleValue(row.scale, row.subscale, row.value)
            sheets[row.visit_id] = ScaleSheet(row.measured_on, (*before, value))
    return sheets


def score_field(scale: str, subscale: str) -> str:
    """The name of the field in which a score is typed, for errors."""
    return f"scales.{scale}.{subscale}"


def range_problem(
    reference: Reference, scale: str, subscale: str, value: Decimal, field: str = ""
) -> ClinicError | None:
    """What to say of a score outside its range; None inside it, and where no page that was read confirms the range."""
    known = reference.scales.get(scale)
    limit = None if known is None else known.limit(subscale)
    if limit is None or limit.allows(value):
        return None
    assert limit.min is not None and limit.max is not None  # that is what a limit is
    lowest, highest = show_number(limit.min), show_number(limit.max)
    return ClinicError("scale_out_of_range", field=field, lowest=lowest, highest=highest)


def check_sheet(reference: Reference, sheet: ScaleSheet, visited_on: date, today: date) -> None:
    """Raise ClinicError with the field of what cannot be.

    A score outside its range is refused only where a page that was read confirms the range.
    """
    for each in sheet.values:
        field = score_field(each.scale, each.subscale)
        scale = reference.scales.get(each.scale)
        if scale is None or scale.score_range(each.subscale) is None:
            raise ClinicError("scale_unknown", field=field)
        outside = range_problem(reference, each.scale, each.subscale, each.value, field)
        if outside is not None:
            raise outside
        if each.value != round(each.value, 3):
            raise ClinicError("scale_too_precise", field=field)
    if sheet.values and not visited_on <= sheet.measured_on <= today:
        raise ClinicError("scale_day_impossible", field="measured_on", visited_on=visited_on)


def keep_sheet(session: Session, visit: Visit, sheet: ScaleSheet, account_id: int, at: datetime) -> None:
    """Make the results of a visit's cycle those of a checked sheet; what did not change keeps who wrote it."""
    wanted: dict[tuple[str, str], Decimal] = {(each.scale, each.subscale): each.value for each in sheet.values}
    for row in _rows(session, visit.id):
        value = wanted.pop((row.scale, row.subscale), None)
        if value is None:
            session.delete(row)
        elif (row.value, row.measured_on) != (value, sheet.measured_on):
            row.value, row.measured_on = value, sheet.measured_on
            row.recorded_at, row.recorded_by_id = at, account_id
    for (scale, subscale), value in wanted.items():
        session.add(
            ScaleResult(
                patient_id=visit.patient_id,
                visit_id=visit.id,
                scale=scale,
                subscale=subscale,
                value=value,
                measured_on=sheet.measured_on,
                recorded_at=at,
                recorded_by_id=account_id,
            )
        )


def visit_of(session: Session, visit_id: int) -> Visit:
    """A signed visit. Raises NotFound."""
    visit = session.get(Visit, visit_id)
    if visit is None:
        raise NotFound("visit_not_found")
    return visit


def _rows(session: Session, visit_id: int) -> Sequence[ScaleResult]:
    return session.scalars(
        select(ScaleResult).where(ScaleResult.visit_id == visit_id).order_by(ScaleResult.measured_on, ScaleResult.id)
    ).all()
