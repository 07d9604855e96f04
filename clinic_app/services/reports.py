"""Reports: what the record says about the clinic's work, counted where it lies."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.exchange.csv_text import csv_text
from clinic_app.models import Account, Appointment, Patient, Visit
from clinic_app.models.database import Database
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clinics import clinic_facts
from clinic_app.services.clock import Clock, local_now, local_today
from clinic_app.services.paper import Paper
from clinic_app.services.report_months import Counting, ReportMonths, kept_months
from clinic_app.services.reports_care import Missing, NoShows
from clinic_app.services.reports_cycles import CycleLength, InjectedLate
from clinic_app.services.reports_data import (
    Behind,
    FilterChoices,
    Heading,
    Kind,
    Line,
    Question,
    Report,
    ReportFilters,
    Steps,
)
from clinic_app.services.reports_doses import UnitsGiven, Waste
from clinic_app.services.reports_effects import Benefit, SideEffectRate
from clinic_app.services.reports_names import by_name, indication_word, product_word
from clinic_app.services.reports_paper import report_paper
from clinic_app.services.reports_sql import Reading, Rows

MOST_BEHIND = 1000
"""As many visits behind a row as anybody goes through."""


NOTHING_KEPT: Mapping[str, Rows] = {}


def unheard(_done: int, _of: int) -> None:
    """Nobody looks at the progress and nobody stops the work."""


class Reports:
    """The use cases of the reports. What they write is only what they would otherwise count again."""

    def __init__(self, database: Database, clock: Clock, time_zone: str, reference: Reference) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference
        self._months = ReportMonths(database)

    def choices(self, actor: Actor) -> FilterChoices:
        """What the filters offer: everybody who holds or held a calendar, and what was given for what."""
        require(actor, Act.REPORTS)
        with self._database.reading() as session:
            injectors = session.execute(
                select(Account.id, Account.full_name).where(
                    select(Visit.id).where(Visit.injector_id == Account.id).exists()
                )
            )
            return FilterChoices(
                tuple(sorted(injectors.all(), key=lambda each: each[1].casefold())),
                tuple(by_name({each: product_word(self._reference, each) for each in self._reference.products})),
                tuple(by_name({each: indication_word(self._reference, each) for each in self._reference.indications})),
            )

    def answer(self, actor: Actor, question: Question, filters: ReportFilters, steps: Steps = unheard) -> Report:
        """The answer to a question for the visits of a period.

        A long one is read in steps within one transaction, so that it is of one moment; ``steps`` hears of each and may
        raise to stop. Raises ClinicError for a period that ends before it begins.
        """
        require(actor, Act.REPORTS)
        if filters.first_day and filters.last_day and filters.last_day < filters.first_day:
            raise ClinicError("period_reversed", field="last_day")
        if question is Question.NO_SHOWS:
            with self._database.reading() as session:
                return self._with_filters(
                    session, NoShows(self._reading(session, filters, steps), self._now()).report()
                )
        # What is counted of whole months knows no filter and is kept for the next time, whatever that asks for.
        begin = partial(self._counting, question=question, filters=filters, steps=steps)
        self._months.bring_up_to_date(actor.account_id, self._clock(), begin)
        with self._database.reading() as session:
            kept = kept_months(session, begin(session))
            return self._with_filters(session, begin(session, kept=kept).report())

    def behind(self, actor: Actor, report: Report, line: Line) -> tuple[Behind, ...]:
        """The visits behind a row, the latest first, at most ``MOST_BEHIND``; of no-shows the appointments."""
        require(actor, Act.REPORTS)
        with self._database.reading() as session:
            if report.question is Question.NO_SHOWS:
                missed = NoShows(self._reading(session, report.filters, unheard), self._now())
                return self._appointments(session, missed.behind(line.key))
            asked = self._counting(session, report.question, report.filters, unheard)
            return self._visits(session, asked.behind(line.key), asked.said)

    def csv(self, actor: Actor, report: Report) -> str:
        """The rows of a report for a spreadsheet: numbers with a point, months as their first day."""
        require(actor, Act.REPORTS)
        header = [*(heading_text(heading) for heading in report.headings), "small count"]
        rows = [(*map(_rounded, report.headings, line.cells), "yes" if line.small else "") for line in report.lines]
        return csv_text(header, rows)

    def paper(self, actor: Actor, report: Report) -> Paper:
        """A report to print: picture and table, the clinic, the period, the filters."""
        require(actor, Act.REPORTS)
        with self._database.reading() as session:
            return report_paper(session, report, local_today(self._clock, self._time_zone))

    def _counting(
        self,
        session: Session,
        question: Question,
        filters: ReportFilters,
        steps: Steps,
        kept: Mapping[str, Rows] = NOTHING_KEPT,
    ) -> Counting:
        reading = self._reading(session, filters, steps, kept)
        if question is Question.SIDE_EFFECTS:
            return SideEffectRate(reading, clinic_facts(session).dose_limits)
        kinds: dict[Question, Callable[[Reading], Counting]] = {
            Question.CYCLES: CycleLength,
            Question.LATE: InjectedLate,
            Question.DOSES: UnitsGiven,
            Question.WASTE: Waste,
            Question.BENEFIT: Benefit,
            Question.MISSING: Missing,
        }
        return kinds[question](reading)

    def _reading(
        self, session: Session, filters: ReportFilters, steps: Steps, kept: Mapping[str, Rows] = NOTHING_KEPT
    ) -> Reading:
        return Reading(session, filters, self._reference, self._now().date(), self._time_zone, steps, kept)

    def _now(self) -> datetime:
        return local_now(self._clock, self._time_zone)

    def _with_filters(self, session: Session, report: Report) -> Report:
        return replace(report, applied=self._applied(session, report.filters))

    def _applied(self, session: Session, filters: ReportFilters) -> tuple[str, ...]:
        words = []
        if filters.injector_id is not None:
            injector = session.get(Account, filters.injector_id)
            words.append(injector.full_name if injector is not None else "unknown injector")
        if filters.product:
            words.append(product_word(self._reference, filters.product))
        if filters.indication:
            words.append(indication_word(self._reference, filters.indication))
        return tuple(words)

    def _visits(self, session: Session, ids: Select[Any], said: Callable[[Any], str]) -> tuple[Behind, ...]:
        found = ids.subquery()
        number, value = found.c
        query = (
            select(
                Visit.patient_id,
                Patient.given_name,
                Patient.family_name,
                Patient.record_number,
                Visit.visited_on,
                Account.full_name,
                Visit.id,
                value,
            )
            .select_from(found)
            .join(Visit, Visit.id == number)
            .join(Patient, Patient.id == Visit.patient_id)
            .join(Account, Account.id == Visit.injector_id)
            .order_by(Visit.visited_on.desc(), Visit.id.desc())
            .limit(MOST_BEHIND)
        )
        return tuple(
            Behind(patient, f"{given} {family}".strip(), record, day, injector, visit, said(told))
            for patient, given, family, record, day, injector, visit, told in session.execute(query)
        )

    def _appointments(self, session: Session, ids: Select[Any]) -> tuple[Behind, ...]:
        query = (
            select(
                Appointment.patient_id,
                Patient.given_name,
                Patient.family_name,
                Patient.record_number,
                Appointment.starts_at,
                Account.full_name,
            )
            .join(Patient, Patient.id == Appointment.patient_id)
            .join(Account, Account.id == Appointment.injector_id)
            .where(Appointment.id.in_(ids))
            .order_by(Appointment.starts_at.desc(), Appointment.id.desc())
            .limit(MOST_BEHIND)
        )
        return tuple(
            Behind(patient, f"{given} {family}".strip(), record, at.date(), injector, None, f"{at:%H:%M}, did not come")
            for patient, given, family, record, at, injector in session.execute(query)
        )


def heading_text(heading: Heading) -> str:
    """A column's title with its unit: "Median (weeks)"."""
    return f"{heading.title} ({heading.unit})" if heading.unit else heading.title


def _rounded(heading: Heading, cell: object) -> object:
    """Figures with the digits that mean something; counts and units exactly."""
    return round(cell, 2) if heading.kind is Kind.FIGURE and cell is not None else cell  # type: ignore[call-overload]  # figures are Decimals
