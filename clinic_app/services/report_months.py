"""Keeps what the reports counted of whole months, and takes away what holds no longer.

Nothing is trusted that could be stale: months of visits that were touched since count as not kept, in the same
transaction that reads the rest. So keeping is only ever a matter of time, and may fail or be stopped at any point.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

import msgspec
from sqlalchemy import ScalarSelect, Select, Subquery, delete, func, insert, select
from sqlalchemy.orm import Session, aliased

from clinic_app.errors import StoreProblem
from clinic_app.models import ReportMonth, ReportState, ReportTouch, Visit
from clinic_app.models.database import Database
from clinic_app.models.report_cells import touch
from clinic_app.services.reports_data import Question, Report
from clinic_app.services.reports_sql import Condition, CountedBy, Reading, Rows, injected

MANY = 1000
"""With more touched visits than a week has, as after an import, every month counts as touched."""
ONE = 1
"""The only row of ``report_state``."""


class Counting(Protocol):
    """A report that counts visits month by month."""

    question: Question
    reading: Reading

    @property
    def edition(self) -> str:
        """How it counts: changes with everything that makes it count otherwise."""

    def cells(self, some: Condition) -> CountedBy:
        """What it counts of some visits, by ``whose`` first and without any filter."""

    def report(self) -> Report:
        """The answer, from what is kept and what is counted."""

    def behind(self, key: tuple[str | int, ...]) -> Select[Any]:
        """The visits behind a row, each with something to be told of it."""

    def said(self, told: Any) -> str:
        """What is told beside a visit."""


def forget_every_month(session: Session, visit_id: int) -> None:
    """Take away every month: visits are about to be removed, one of them ``visit_id``, and no touch can tell of those.

    A touch is used up for it, so that a month that somebody counts meanwhile is not kept either.
    """
    connection = session.connection()
    touch(connection, [visit_id])
    newest = _newest_touch(session)
    for kind in (ReportMonth, ReportTouch, ReportState):
        connection.execute(delete(kind))
    connection.execute(insert(ReportState), [{"id": ONE, "touched_up_to": newest}])


def kept_months(session: Session, counting: Counting) -> dict[str, Rows]:
    """What was counted before and still holds, by month."""
    stale = _touched_months(session)
    query = select(ReportMonth.month, ReportMonth.rows).where(
        ReportMonth.question == counting.question.value, ReportMonth.edition == counting.edition
    )
    return {month: msgspec.msgpack.decode(rows) for month, rows in session.execute(query) if month not in stale}


class ReportMonths:
    """Brings what is kept up to date, each month in a transaction of its own that is over at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def bring_up_to_date(
        self,
        account_id: int | None,
        at: datetime,
        begin: Callable[[Session], Counting],
    ) -> None:
        """Count the whole months of a period that are not kept. ``Reading.steps`` may stop it; what is kept stays.

        A store that cannot be written to, or not now, keeps nothing: the report then counts by itself.
        """
        try:
            self._forget_touched(account_id, at)
            with self._database.reading() as session:
                counting = begin(session)
                kept = kept_months(session, counting)
                missing = [month for month in counting.reading.months() if month.whole and month.name not in kept]
            for number, month in enumerate(missing):
                counting.reading.steps(number, len(missing))
                with self._database.reading() as session:
                    counting = begin(session)
                    newest = _newest_touch(session)
                    rows = _plain(counting.reading.rows(counting.cells(month.holds(Visit.visited_on))))
                with self._database.writing(account_id, at, again=True) as session:
                    if _newest_touch(session) == newest:  # else somebody wrote meanwhile, perhaps into this month
                        _keep(session, counting, month.name, rows)
        except StoreProblem:
            return

    def _forget_touched(self, account_id: int | None, at: datetime) -> None:
        """Take away the months that the touches mean, and then the touches."""
        with self._database.reading() as session:
            if session.scalar(select(ReportTouch.id).limit(1)) is None:
                return
        with self._database.writing(account_id, at, again=True) as session:
            newest = _newest_touch(session)
            connection = session.connection()
            connection.execute(delete(ReportMonth).where(ReportMonth.month.in_(_touched_months(session))))
            connection.execute(delete(ReportTouch))
            connection.execute(delete(ReportState))
            connection.execute(insert(ReportState), [{"id": ONE, "touched_up_to": newest}])


def _keep(session: Session, counting: Counting, month: str, rows: bytes) -> None:
    question = counting.question.value
    connection = session.connection()
    connection.execute(delete(ReportMonth).where(ReportMonth.question == question, ReportMonth.month == month))
    row = {"question": question, "month": month, "edition": counting.edition, "rows": rows}
    connection.execute(insert(ReportMonth), [row])  # past the audit trail: it is derived


def _newest_touch(session: Session) -> int:
    """The number of the last touch that there ever was."""
    seen = session.scalar(select(ReportState.touched_up_to)) or 0
    return max(seen, session.scalar(select(func.max(ReportTouch.id))) or 0)


def _touched_months(session: Session) -> set[str]:
    """The months whose counts the touched visits can change: their own, and those of the visits next to them.

    How long a cycle was, whether the next injection was late and whether the patient came again are facts of a visit
    that the patient's next one decides.
    """
    touched = select(ReportTouch.visit_id).distinct().subquery()
    many = session.scalar(select(func.count()).select_from(touched)) or 0
    if many > MANY:
        return set(session.scalars(select(ReportMonth.month).distinct()))
    if not many:
        return set()
    days = select(Visit.patient_id, Visit.visited_on.label("day")).join(touched, touched.c.visit_id == Visit.id)
    each = days.distinct().subquery()
    found = session.connection().execute(select(each.c.day, *_next_to(each))).all()
    return {f"{day:%Y-%m}" for row in found for day in row if day is not None}


def _next_to(each: Subquery) -> Iterator[ScalarSelect[date]]:
    """The nearest days before and after with a visit of the patient, and with one at which something was injected."""
    other = aliased(Visit)
    for only in ((), (injected(other),)):
        for end, side in ((func.max, other.visited_on < each.c.day), (func.min, other.visited_on > each.c.day)):
            near = select(end(other.visited_on)).where(other.patient_id == each.c.patient_id, side, *only)
            yield near.correlate(each).scalar_subquery()


def _plain(rows: Rows) -> bytes:
    return msgspec.msgpack.encode([[_number(value) for value in row] for row in rows])


def _number(value: Any) -> Any:
    assert not isinstance(value, Decimal), "quantities are counted in thousandths"
    return value
