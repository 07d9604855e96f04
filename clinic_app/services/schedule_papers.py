"""Paper of the schedule: cards, day and week, whom to reach, whom to remind, who waits, and letters."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from clinic_app.errors import ClinicError, NotFound
from clinic_app.models import Account, Appointment, Patient, Room
from clinic_app.models.database import Database
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.letterheads import letterhead_and_edition, patients_edition
from clinic_app.services.paper import Paper
from clinic_app.services.recall import Recall, RecallKind, RecallRow
from clinic_app.services.reminders import ReminderRow
from clinic_app.services.schedule import Schedule
from clinic_app.services.schedule_data import AppointmentRow, Board
from clinic_app.services.waiting import WaitingList, WishRow
from clinic_app.terms import GONE

if TYPE_CHECKING:
    from clinic_app.documents.letterhead import Clinic as Letterhead
    from clinic_app.documents.letterhead import PatientIdentity
    from clinic_app.documents.page import Edition
    from clinic_app.documents.recall_list import RecallEntry
    from clinic_app.documents.reminder_list import Reminder
    from clinic_app.documents.waiting_list import WaitingEntry
    from clinic_app.documents.week_list import WeekDay, WeekEntry

DAYS_OF_WEEK = 7
WHOLE_YEAR = 52
"""Weeks: as far ahead as the recall looks."""


@dataclass(frozen=True, slots=True)
class _Names:
    """How people and rooms are called, also those who left."""

    injectors: dict[int, str]
    rooms: dict[int, str]


class SchedulePapers:
    """The documents of the front desk. ReportLab is imported when the first one is drawn."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        time_zone: str,
        schedule: Schedule,
        recall: Recall,
        waiting: WaitingList,
    ) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone
        self._schedule = schedule
        self._recall = recall
        self._waiting = waiting

    def appointment_card(self, actor: Actor, appointment_id: int) -> Paper:
        """The card of one appointment, with a code that a phone reads as a calendar event."""
        require(actor, Act.PRINT_HANDOUT)
        from clinic_app.documents.appointment_card import AppointmentCard, appointment_card_document

        with self._database.reading() as session:
            appointment = session.get(Appointment, appointment_id)
            if appointment is None:
                raise NotFound("appointment_not_found")
            patient = session.get_one(Patient, appointment.patient_id)
            clinic, edition = letterhead_and_edition(session)
            card = AppointmentCard(
                clinic=clinic,
                patient_name=f"{patient.given_name} {patient.family_name}".strip(),
                starts_at=appointment.starts_at.replace(tzinfo=ZoneInfo(self._time_zone)),
                minutes=appointment.minutes,
                injector=session.get_one(Account, appointment.injector_id).full_name,
                edition=patients_edition(edition, patient.language),
            )
        day = appointment.starts_at.date()
        documents = (partial(appointment_card_document, card),)
        return Paper("appointment_card", "Appointment card", f"appointment-{day}", documents, patients=(patient.id,))

    def day_list(self, actor: Actor, day: date) -> Paper:
        """The list of a day's appointments."""
        require(actor, Act.BOOK)
        from clinic_app.documents.day_list import DayEntry, DayList, day_list_document

        board = self._schedule.board(actor, day, 1)
        clinic, edition, names = self._clinic()
        page = DayList(
            clinic=clinic,
            day=day,
            entries=[
                DayEntry(
                    starts_at=row.starts_at,
                    patient_name=row.patient_name,
                    birth_date=row.birth_date,
                    record_number=row.record_number,
                    injector=names.injectors[row.injector_id],
                    kind=row.type_name,
                    state=row.state.value.replace("_", " "),
                    room=names.rooms.get(row.room_id or 0, ""),
                    remark="similar name" if row.similar_name else row.note,
                )
                for row in board.appointments
                if row.state not in GONE
            ],
            edition=edition,
        )
        return Paper("day_list", "Day list", f"day-list-{day}", (partial(day_list_document, page),))

    def week_list(self, actor: Actor, first_day: date, injector_ids: Collection[int] | None = None) -> Paper:
        """The appointments of the seven days from ``first_day`` on, by injector and day, with closures.

        Without ``injector_ids`` every injector who works here, and whoever left and still has appointments.
        """
        require(actor, Act.BOOK)
        from clinic_app.documents.week_list import InjectorWeek, WeekList, week_list_document

        board = self._schedule.board(actor, first_day, DAYS_OF_WEEK)
        clinic, edition, names = self._clinic()
        if injector_ids is None:
            working = [each.id for each in self._schedule.choices(actor).injectors]
            injector_ids = {*working, *(row.injector_id for row in board.appointments if row.state not in GONE)}
        chosen = sorted(injector_ids, key=lambda each: (names.injectors[each], each))
        page = WeekList(
            clinic=clinic,
            first_day=first_day,
            weeks=[InjectorWeek(names.injectors[each], _days(board, each, names)) for each in chosen],
            printed_on=self._today(),
            edition=edition,
        )
        return Paper("week_list", "Week list", f"week-list-{first_day}", (partial(week_list_document, page),))

    def recall_list(self, actor: Actor, weeks_ahead: int = 2, *, chosen: Sequence[RecallRow] | None = None) -> Paper:
        """Whom to reach about the next visit: the rows chosen, else all who are to be tried now."""
        require(actor, Act.BOOK)
        from clinic_app.documents.recall_list import RecallList, recall_list_document

        rows = self._recall.rows(actor, weeks_ahead=weeks_ahead) if chosen is None else chosen
        clinic, edition, _ = self._clinic()
        zone = ZoneInfo(self._time_zone)
        page = RecallList(
            clinic=clinic,
            printed_on=self._today(),
            weeks_ahead=weeks_ahead if chosen is None else None,
            entries=[_recall(row, zone) for row in rows],
            edition=edition,
        )
        return Paper("recall_list", "Recall list", f"recall-{page.printed_on}", (partial(recall_list_document, page),))

    def recall_letters(self, actor: Actor, patient_ids: Iterable[int]) -> Paper:
        """A letter to each of the chosen patients who has no next injection booked, in the order of the recall.

        Raises ClinicError when there is nobody of them to write to: all have booked meanwhile, or were never due.
        """
        require(actor, Act.PRINT_HANDOUT)
        from clinic_app.documents.recall_letter import RecallLetters, RecallRecipient, recall_letter_document

        rows = self._recall.rows(actor, weeks_ahead=WHOLE_YEAR, waiting=True, only=frozenset(patient_ids))
        clinic, edition, _ = self._clinic()
        page = RecallLetters(
            clinic=clinic,
            written_on=self._today(),
            recipients=[
                RecallRecipient(
                    patient=_identity(row),
                    address_lines=tuple(row.address.splitlines()),
                    why=row.kind.value,
                    injected_on=row.injected_on,
                    weeks=row.weeks,
                    missed_on=row.missed_on,
                    language=patients_edition(edition, row.language).language,
                )
                for row in rows
            ],
            edition=edition,
        )
        if not page.recipients:
            raise ClinicError("recall_letters_nobody")
        return Paper(
            "recall_letter",
            "Recall letters",
            f"recall-letters-{page.written_on}",
            tuple(partial(recall_letter_document, page, to) for to in page.recipients),
            patients=tuple(row.patient_id for row in rows),
        )

    def reminder_list(self, actor: Actor, rows: Sequence[ReminderRow]) -> Paper:
        """Whom to remind of an appointment, in the order given."""
        require(actor, Act.BOOK)
        from clinic_app.documents.reminder_list import ReminderList, reminder_list_document

        clinic, edition, _ = self._clinic()
        zone = ZoneInfo(self._time_zone)
        page = ReminderList(clinic, self._today(), [_reminder(row, zone) for row in rows], edition)
        return Paper(
            "reminder_list", "Reminder list", f"reminders-{page.printed_on}", (partial(reminder_list_document, page),)
        )

    def waiting_list(self, actor: Actor) -> Paper:
        """Who would come earlier, the longest waiting first."""
        require(actor, Act.BOOK)
        from clinic_app.documents.waiting_list import WaitingPaper, waiting_list_document

        rows = self._waiting.rows(actor)
        clinic, edition, _ = self._clinic()
        zone = ZoneInfo(self._time_zone)
        page = WaitingPaper(clinic, self._today(), [_waiting(row, zone) for row in rows], edition)
        return Paper(
            "waiting_list", "Waiting list", f"waiting-list-{page.printed_on}", (partial(waiting_list_document, page),)
        )

    def _today(self) -> date:
        return local_today(self._clock, self._time_zone)

    def _clinic(self) -> "tuple[Letterhead, Edition, _Names]":
        with self._database.reading() as session:
            injectors = dict(session.execute(select(Account.id, Account.full_name)).all())
            rooms = dict(session.execute(select(Room.id, Room.name)).all())
            return *letterhead_and_edition(session), _Names(injectors, rooms)


def _days(board: Board, injector_id: int, names: _Names) -> "list[WeekDay]":
    """The days of the week on which the injector works, or would but for a closure, or has appointments."""
    from clinic_app.documents.week_list import WeekDay

    entries: defaultdict[date, list[WeekEntry]] = defaultdict(list)
    for row in board.appointments:
        if row.injector_id == injector_id and row.state not in GONE:
            entries[row.starts_at.date()].append(_week_entry(row, names))
    closed = {
        each.day: _closed("Clinic closed" if each.injector_id is None else "Away", each.reason)
        # What closes the clinic counts for everybody: it comes last and stays.
        for each in sorted(board.closed, key=lambda each: each.injector_id is None)
        if each.injector_id in (None, injector_id)
    }
    works = {hours.day for hours in board.hours if hours.injector_id == injector_id}
    days = (board.first_day + timedelta(days=number) for number in range(board.days))
    return [
        WeekDay(day, entries[day], closed.get(day, "")) for day in days if day in works or day in closed or entries[day]
    ]


def _closed(what: str, reason: str) -> str:
    return f"{what}: {reason}" if reason else what


def _week_entry(row: AppointmentRow, names: _Names) -> "WeekEntry":
    from clinic_app.documents.week_list import WeekEntry

    return WeekEntry(
        starts_at=row.starts_at,
        minutes=row.minutes,
        patient=_identity(row),
        kind=row.type_name,
        state=row.state.value.replace("_", " "),
        room=names.rooms.get(row.room_id or 0, ""),
        overbooked_by=row.overbooked_by,
        similar_name=row.similar_name,
        noted=bool(row.note),
    )


def _recall(row: RecallRow, zone: ZoneInfo) -> "RecallEntry":
    from clinic_app.documents.recall_list import RecallEntry

    last = row.last
    return RecallEntry(
        patient=_identity(row),
        phone=row.phone,
        contact_by=row.preferred_contact,
        why="no-show" if row.kind is RecallKind.NO_SHOW else row.kind.value,
        injected_on=row.injected_on,
        due_on=row.due_on,
        missed_on=row.missed_on,
        attempts=row.attempts,
        tried_on=last.at.astimezone(zone).date() if last else None,
        tried=f"{last.way.value}, {last.outcome.value.replace('_', ' ')}" if last else "",
    )


def _reminder(row: ReminderRow, zone: ZoneInfo) -> "Reminder":
    from clinic_app.documents.reminder_list import Reminder

    done = row.reminded
    said = "" if done is None else f"reminded {done.at.astimezone(zone):%H:%M} by {done.by}, {done.way.value}"
    return Reminder(
        patient=_identity(row),
        phone=row.phone,
        contact_by=row.preferred_contact,
        starts_at=row.starts_at,
        injector=row.injector,
        kind=row.type_name,
        remark=said,
    )


def _waiting(row: WishRow, zone: ZoneInfo) -> "WaitingEntry":
    from clinic_app.documents.waiting_list import WaitingEntry

    form = row.form
    return WaitingEntry(
        patient=_identity(row),
        phone=row.phone,
        kind=row.type_name,
        minutes=row.minutes,
        since=row.wished_at.astimezone(zone).date(),
        injector=row.injector,
        weekdays=form.weekdays,
        not_before=form.not_before,
        not_after=form.not_after,
        first_day=form.first_day,
        last_day=form.last_day,
        notice_days=form.notice_days,
        booked_at=row.booked_at,
        due_on=row.due_on,
        note=form.note,
    )


def _identity(row: AppointmentRow | RecallRow | ReminderRow | WishRow) -> "PatientIdentity":
    from clinic_app.documents.letterhead import PatientIdentity

    name = row.patient_name if isinstance(row, AppointmentRow) else row.name
    return PatientIdentity(name, row.birth_date, row.record_number)
