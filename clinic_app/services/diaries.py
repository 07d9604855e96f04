"""The diary that a patient kept on paper after a visit, typed in."""

from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, RecordChanged
from clinic_app.models import DiaryWeek
from clinic_app.models.database import Database
from clinic_app.models.outcome import DIARY_WEEKS as DIARY_WEEKS
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.record_access import RecordAccess
from clinic_app.services.scale_results import visit_of
from clinic_app.services.visit_data import WeekOfDiary
from clinic_app.typed_text import clean

LONGEST_REMARK = 300
_OF_PATIENT = (
    select(DiaryWeek)
    .where(DiaryWeek.patient_id == bindparam("patient_id"))
    .order_by(DiaryWeek.visit_id, DiaryWeek.week)
)


class Diaries:
    """The use cases around a diary of twelve weeks."""

    def __init__(self, database: Database, clock: Clock, time_zone: str, records: RecordAccess) -> None:
        self._database = database
        self._records = records
        self._clock = clock
        self._time_zone = time_zone

    def of_visit(self, actor: Actor, visit_id: int) -> tuple[WeekOfDiary, ...]:
        """The weeks in which something is written, in their order."""
        require(actor, Act.READ_RECORD)
        self._records.enter_of_visit(actor, visit_id)
        with self._database.reading() as session:
            return tuple(_week(row) for row in _rows(session, visit_id))

    def of_patient(self, actor: Actor, patient_id: int) -> dict[int, tuple[WeekOfDiary, ...]]:
        """The diaries of a patient by visit."""
        require(actor, Act.READ_RECORD)
        self._records.enter(actor, patient_id)
        with self._database.reading() as session:
            return diaries_of_patient(session, patient_id)

    def keep(
        self, actor: Actor, visit_id: int, shown: tuple[WeekOfDiary, ...], weeks: tuple[WeekOfDiary, ...]
    ) -> tuple[WeekOfDiary, ...]:
        """Make the diary say ``weeks`` instead of what was ``shown``; returns what is on record then.

        Raises ClinicError with the field ``weeks.3.pain`` and the like of what cannot be, RecordChanged where somebody
        else wrote in the meantime.
        """
        require(actor, Act.EDIT_HISTORY)
        self._records.enter_of_visit(actor, visit_id)
        at = self._clock()
        kept = tuple(_checked(week) for week in sorted(weeks, key=lambda week: week.week))
        with self._database.writing(actor.account_id, at) as session:
            visit = visit_of(session, visit_id)
            _check_not_ahead(kept, visit.visited_on, local_today(self._clock, self._time_zone))
            rows = {row.week: row for row in _rows(session, visit_id)}
            if tuple(_week(row) for row in rows.values()) != tuple(week for week in shown if not week.empty):
                raise RecordChanged("diary_changed")
            written = {week.week: week for week in kept if not week.empty}
            for number, row in rows.items():
                if number not in written:
                    session.delete(row)
            for number, week in written.items():
                if number in rows and _week(rows[number]) == week:
                    continue
                row = rows.get(number) or DiaryWeek(patient_id=visit.patient_id, visit_id=visit_id, week=number)
                row.benefit_percent, row.pain, row.remark = week.benefit_percent, week.pain, week.remark
                row.recorded_at, row.recorded_by_id = at, actor.account_id
                session.add(row)
            return tuple(written.values())


def diaries_of_patient(session: Session, patient_id: int) -> dict[int, tuple[WeekOfDiary, ...]]:
    """The diaries of a patient by visit."""
    found: dict[int, tuple[WeekOfDiary, ...]] = {}
    for row in session.scalars(_OF_PATIENT, {"patient_id": patient_id}):
        found[row.visit_id] = (*found.get(row.visit_id, ()), _week(row))
    return found


def week_field(week: int, name: str) -> str:
    """The name of a field of the diary, for errors."""
    return f"weeks.{week}.{name}"


def _checked(week: WeekOfDiary) -> WeekOfDiary:
    if not 1 <= week.week <= DIARY_WEEKS:
        raise ClinicError("diary_week_unknown", field="weeks")
    for name, value, highest in (("benefit_percent", week.benefit_percent, 100), ("pain", week.pain, 10)):
        if value is not None and not 0 <= value <= highest:
            raise ClinicError("number_out_of_range", field=week_field(week.week, name), lowest=0, highest=highest)
    remark = clean(week.remark)
    if len(remark) > LONGEST_REMARK:
        raise ClinicError("text_too_long", field=week_field(week.week, "remark"), limit=LONGEST_REMARK)
    return WeekOfDiary(week.week, week.benefit_percent, week.pain, remark)


def _check_not_ahead(weeks: tuple[WeekOfDiary, ...], visited_on: date, today: date) -> None:
    for week in weeks:
        begins, _ = week.days(visited_on)
        if begins > today and not week.empty:
            name = (
                "benefit_percent" if week.benefit_percent is not None else "pain" if week.pain is not None else "remark"
            )
            raise ClinicError("diary_week_in_future", field=week_field(week.week, name), week=week.week, begins=begins)


def _rows(session: Session, visit_id: int) -> list[DiaryWeek]:
    return list(session.scalars(select(DiaryWeek).where(DiaryWeek.visit_id == visit_id).order_by(DiaryWeek.week)))


def _week(row: DiaryWeek) -> WeekOfDiary:
    return WeekOfDiary(row.week, row.benefit_percent, row.pain, row.remark)
