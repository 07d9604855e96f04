"""How full the clinic is: a month day by day, and the weeks ahead with who comes due against what is free."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from clinic_app.errors import ClinicError, NotAllowed
from clinic_app.models import Account, Appointment, AppointmentType, DayHours, Injection, Patient, Vial, Visit
from clinic_app.services.access import Actor
from clinic_app.services.capacity_data import DayCapacity, InjectorDay, WeekAhead
from clinic_app.services.cycles import keep_cycle
from clinic_app.services.recall import AttemptForm
from clinic_app.services.schedule_data import Booking
from clinic_app.terms import AppointmentState, ContactOutcome, ContactWay, PatientStatus, Side
from tests.services.conftest import OpenClinic
from tests.services.statements import statements

MONDAY = date(2026, 3, 2)
"""Today; the injector works from 8:30 to 12:30 and from 13:30 to 17:00, and an injection takes 30 minutes."""
TUESDAY = date(2026, 3, 3)
DUE = date(2026, 5, 25)
"""Twelve weeks from today, a Monday."""
SLOW = settings(max_examples=14, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def book(
    clinic: OpenClinic, at: datetime, minutes: int = 30, *, type_id: int = 1, patient_id: int | None = None
) -> int:
    who = patient_id or clinic.patient(family_name=f"Okafor {at:%d %H %M} {minutes}")
    booking = Booking(who, clinic.physician.account_id, type_id, at, minutes, overbook_reason="counted")
    return clinic.services.schedule.book(clinic.physician, booking)


def day_of(clinic: OpenClinic, day: date) -> DayCapacity:
    (found,) = clinic.services.capacity.month(clinic.desk, day, 1).days
    return found


def injector_on(clinic: OpenClinic, day: date) -> InjectorDay:
    return next(each for each in day_of(clinic, day).injectors if each.injector_id == clinic.physician.account_id)


def weeks(clinic: OpenClinic, number: int = 26) -> dict[date, WeekAhead]:
    found = clinic.services.capacity.ahead(clinic.desk, number).weeks
    assert [week.first_day for week in found] == [MONDAY + timedelta(weeks=n) for n in range(number)]
    return {week.first_day: week for week in found}


# The month


def test_an_empty_day_is_open_and_free_in_whole_places(clinic: OpenClinic) -> None:
    found = injector_on(clinic, TUESDAY)
    assert (found.open_minutes, found.booked_minutes, found.booked) == (450, 0, 0)
    assert (found.free_minutes, found.free_places) == (450, 15)
    month = clinic.services.capacity.month(clinic.desk, TUESDAY, 5)
    assert [day.day for day in month.days] == [TUESDAY + timedelta(days=n) for n in range(5)]
    assert month.place_minutes == 30
    assert [each.open_minutes for day in month.days for each in day.injectors] == [450] * 4 + [0]


def test_what_is_booked_leaves_gaps_and_no_sum_of_minutes(clinic: OpenClinic) -> None:
    book(clinic, datetime(2026, 3, 3, 8, 50), 200)  # leaves 20 minutes before, and 20 to the break
    found = injector_on(clinic, TUESDAY)
    assert (found.booked_minutes, found.free_minutes, found.free_places) == (200, 250, 7)


def test_time_taken_twice_or_outside_the_hours_counts_once_or_not(clinic: OpenClinic) -> None:
    book(clinic, datetime(2026, 3, 3, 9), 60)
    book(clinic, datetime(2026, 3, 3, 9, 30), 60)
    book(clinic, datetime(2026, 3, 3, 16, 30), 60)
    found = injector_on(clinic, TUESDAY)
    assert (found.booked, found.overbooked, found.booked_minutes) == (3, 2, 90 + 30)


def test_what_began_the_evening_before_takes_the_morning_but_is_no_appointment_of_it(clinic: OpenClinic) -> None:
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        session.add(DayHours(injector_id=clinic.physician.account_id, day=TUESDAY, opens=time(0, 0), closes=time(6)))
    book(clinic, datetime(2026, 3, 2, 22), 480)
    assert (injector_on(clinic, MONDAY).booked, injector_on(clinic, MONDAY).booked_minutes) == (1, 0)
    assert (injector_on(clinic, TUESDAY).booked, injector_on(clinic, TUESDAY).booked_minutes) == (0, 360)


@pytest.mark.parametrize("state", [AppointmentState.CANCELLED, AppointmentState.NO_SHOW])
def test_who_does_not_come_leaves_the_place_free(clinic: OpenClinic, state: AppointmentState) -> None:
    number = book(clinic, datetime(2026, 3, 2, 11))
    assert injector_on(clinic, MONDAY).booked == 1
    clinic.clock.forward(days=0, hours=1)
    clinic.services.schedule.set_state(clinic.desk, number, 1, state, "ill")
    assert (injector_on(clinic, MONDAY).booked, injector_on(clinic, MONDAY).booked_minutes) == (0, 0)


def test_what_has_passed_is_open_but_no_longer_free(clinic: OpenClinic) -> None:
    today = injector_on(clinic, MONDAY)  # it is ten o'clock
    assert (today.open_minutes, today.free_minutes, today.free_places) == (450, 360, 12)
    yesterday = injector_on(clinic, MONDAY - timedelta(days=3))
    assert (yesterday.open_minutes, yesterday.free_minutes, yesterday.free_places) == (450, 0, 0)


def test_closed_and_away_are_said_and_what_was_booked_stays_counted(clinic: OpenClinic) -> None:
    me = clinic.physician.account_id
    book(clinic, datetime(2026, 3, 3, 9))
    clinic.services.working_times.close(clinic.physician, TUESDAY, TUESDAY, "Burst pipe")
    clinic.services.working_times.close(clinic.physician, date(2026, 3, 4), date(2026, 3, 4), "Congress", me)
    closed, away = day_of(clinic, TUESDAY), injector_on(clinic, date(2026, 3, 4))
    assert closed.closed == "Burst pipe"
    assert (injector_on(clinic, TUESDAY).booked, injector_on(clinic, TUESDAY).open_minutes) == (1, 0)
    assert (away.away, away.open_minutes, day_of(clinic, date(2026, 3, 4)).closed) == ("Congress", 0, None)


def test_who_left_stands_in_the_month_only_where_patients_are_still_booked_with_them(clinic: OpenClinic) -> None:
    book(clinic, datetime(2026, 3, 3, 9))
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        session.get_one(Account, clinic.physician.account_id).active = False
    capacity = clinic.services.capacity
    assert [each.name for each in capacity.month(clinic.desk, TUESDAY, 1).injectors] == ["Dr. Mara Ellison"]
    assert capacity.month(clinic.desk, TUESDAY + timedelta(days=1), 1).injectors == ()


# The weeks ahead


def injected(clinic: OpenClinic, name: str = "Okafor", **content: object) -> int:
    patient_id = clinic.patient(family_name=name)
    clinic.signed(patient_id, replace(clinic.content(), **content))  # type: ignore[arg-type]  # a chart's own fields
    return patient_id


def test_a_cycle_comes_due_in_the_week_in_which_its_interval_ends(clinic: OpenClinic) -> None:
    injected(clinic)
    injected(clinic, "Byrne", interval_weeks=16)
    found = weeks(clinic)
    assert {day: week.demand for day, week in found.items() if week.demand} == {DUE: 1, DUE + timedelta(weeks=4): 1}
    assert found[DUE].free_places == 75
    assert not found[DUE].overfull


def test_whoever_is_booked_counts_in_the_week_of_the_appointment_and_not_as_due(clinic: OpenClinic) -> None:
    patient_id = injected(clinic)
    review = next(t.id for t in clinic.services.schedule.choices(clinic.desk).types if not t.is_injection)
    book(clinic, datetime(2026, 5, 26, 9), type_id=review, patient_id=patient_id)
    assert (weeks(clinic)[DUE].demand, weeks(clinic)[DUE].booked) == (1, 0)
    book(clinic, datetime(2026, 6, 2, 9), patient_id=patient_id)
    found = weeks(clinic)
    assert all(week.demand == 0 for week in found.values())
    assert {day: week.booked for day, week in found.items() if week.booked} == {date(2026, 6, 1): 1}
    assert (found[DUE].free_places, found[date(2026, 6, 1)].free_places) == (74, 74)


def test_the_appointment_at_which_the_patient_was_injected_today_is_not_the_next_one(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    book(clinic, datetime(2026, 3, 2, 11), patient_id=patient_id)
    assert weeks(clinic)[MONDAY].demand == 0
    clinic.signed(patient_id)
    found = weeks(clinic)
    assert (found[MONDAY].booked, found[MONDAY].demand, found[DUE].demand) == (1, 0, 1)


def test_who_is_overdue_is_due_now_and_said_to_be(clinic: OpenClinic) -> None:
    injected(clinic)
    clinic.clock.moment += timedelta(weeks=13)
    injected(clinic, "Byrne")
    clinic.clock.moment += timedelta(weeks=12)
    first, *others = clinic.services.capacity.ahead(clinic.desk).weeks
    assert (first.demand, first.overdue) == (2, 1), "one was due long ago, one is due today"
    assert all((week.demand, week.overdue) == (0, 0) for week in others)


def test_who_moved_away_died_or_declined_for_good_asks_for_no_place(clinic: OpenClinic) -> None:
    for status, died_on in ((PatientStatus.MOVED_AWAY, None), (PatientStatus.DIED, MONDAY)):
        patient_id = injected(clinic, status.value)
        details = clinic.services.patients.details(clinic.physician, patient_id)
        form = replace(details.form, status=status, died_on=died_on)
        clinic.services.patients.save(clinic.physician, patient_id, details.version, form)
    never, later, reached = injected(clinic, "Never"), injected(clinic, "Later"), injected(clinic, "Reached")
    clinic.clock.forward(days=1)
    note, way, said = clinic.services.recall.note, ContactWay.TELEPHONE, ContactOutcome
    note(clinic.desk, never, AttemptForm(way, said.DECLINED))
    note(clinic.desk, later, AttemptForm(way, said.DECLINED, next_try_on=DUE + timedelta(weeks=3)))
    note(clinic.desk, reached, AttemptForm(way, said.DECLINED))
    clinic.clock.forward(hours=1)
    note(clinic.desk, reached, AttemptForm(way, said.NO_ANSWER))
    found = {day: week.demand for day, week in weeks(clinic).items() if week.demand}
    assert found == {DUE: 1, DUE + timedelta(weeks=3): 1}


def test_who_declined_long_ago_and_came_again_is_due_again(clinic: OpenClinic) -> None:
    patient_id = injected(clinic)
    clinic.services.recall.note(clinic.desk, patient_id, AttemptForm(ContactWay.TELEPHONE, ContactOutcome.DECLINED))
    clinic.clock.forward(weeks=20)
    clinic.signed(patient_id)
    found = clinic.services.capacity.ahead(clinic.desk).weeks
    assert [week.first_day for week in found if week.demand] == [MONDAY + timedelta(weeks=32)]


def test_a_week_in_which_more_come_due_than_fit_is_overfull_months_before(clinic: OpenClinic) -> None:
    for number in range(3):
        injected(clinic, f"Okafor {number}")
    me = clinic.physician.account_id
    clinic.services.working_times.close(
        clinic.physician, DUE + timedelta(days=1), DUE + timedelta(days=6), "Congress", me
    )
    assert not weeks(clinic)[DUE].overfull
    for begins, places in ((time(9), 7), (time(13, 30), 5)):
        for number in range(places):
            book(clinic, datetime.combine(DUE, begins) + timedelta(minutes=30 * number))
    found = weeks(clinic)[DUE]
    assert (found.demand, found.free_places, found.lacking, found.overfull) == (3, 3, 0, False)
    book(clinic, datetime.combine(DUE, time(8, 30)))
    found = weeks(clinic)[DUE]
    assert (found.demand, found.free_places, found.lacking, found.overfull) == (3, 2, 1, True)


def test_what_cannot_be_asked_is_a_sentence(clinic: OpenClinic) -> None:
    capacity = clinic.services.capacity
    for days in (0, 401):
        with pytest.raises(ClinicError):
            capacity.month(clinic.desk, MONDAY, days)
    for number in (0, 105):
        with pytest.raises(ClinicError):
            capacity.ahead(clinic.desk, number)
    nobody = Actor(1, "nobody", "Nobody", frozenset())
    with pytest.raises(NotAllowed):
        capacity.month(nobody, MONDAY, 1)
    with pytest.raises(NotAllowed):
        capacity.ahead(nobody)


def test_a_clinic_that_books_no_injections_has_no_places(clinic: OpenClinic) -> None:
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        session.get_one(AppointmentType, 1).active = False
    assert (injector_on(clinic, TUESDAY).free_places, injector_on(clinic, TUESDAY).free_minutes) == (0, 450)
    assert clinic.services.capacity.ahead(clinic.desk).place_minutes == 0


def test_a_full_clinic_takes_as_many_statements_as_an_empty_one(clinic: OpenClinic) -> None:
    capacity, sent = clinic.services.capacity, []
    for number in range(4):
        sent.append(
            (
                statements(clinic, lambda: capacity.month(clinic.desk, MONDAY, 31)),
                statements(clinic, lambda: capacity.month(clinic.desk, MONDAY, 1)),
                statements(clinic, lambda: capacity.ahead(clinic.desk)),
                statements(clinic, lambda: capacity.ahead(clinic.desk, 52)),
            )
        )
        patient_id = injected(clinic, f"Okafor {number}")
        book(clinic, datetime(2026, 5, 26, 9 + number), patient_id=patient_id)
        clinic.services.working_times.close(
            clinic.physician, date(2026, 4, 6 + number), date(2026, 4, 6 + number), "Repairs"
        )
        injected(clinic, f"Byrne {number}")
    assert {month == day for month, day, *_ in sent} == {True}
    assert {short == long for *_, short, long in sent} == {True}
    assert sent[0] == sent[-1]
    assert max(sent[-1]) <= 12


# A slow count of the same


def given_toxin(clinic: OpenClinic, patient_id: int, on: date, weeks: int | None) -> None:
    """A visit as signing leaves it, with or without the interval of a plan."""
    me = clinic.physician.account_id
    with clinic.store.database.writing(me, clinic.clock()) as session:
        visit = Visit(
            patient_id=patient_id,
            injector_id=me,
            visited_on=on,
            indication="cervical_dystonia",
            interval_weeks=weeks,
            signed_at=clinic.clock(),
            signed_by_id=me,
            digest="",
        )
        session.add(visit)
        session.flush()
        vial = Vial(
            visit_id=visit.id,
            position=0,
            product="onabotulinumtoxinA",
            lot_number="C1234",
            expires_on=date(2027, 5, 31),
            size_units=Decimal(100),
            diluent="saline",
            diluent_ml=Decimal(2),
            wasted_units=Decimal(0),
        )
        session.add(vial)
        session.flush()
        units, muscle = Decimal(60), "splenius_capitis"
        session.add(
            Injection(visit_id=visit.id, vial_id=vial.id, position=0, muscle=muscle, side=Side.RIGHT, units=units)
        )
        session.flush()
        visit.digest = "a1" * 32
        keep_cycle(session, patient_id)


def counted_slowly(clinic: OpenClinic, today: date, monday: date) -> tuple[int, int, int]:
    """Demand, overdue and booked of a week, patient by patient and appointment by appointment."""
    sunday = monday + timedelta(days=6)
    demand = overdue = 0
    with clinic.store.database.reading() as session:
        kinds = {kind.id: kind.is_injection for kind in session.scalars(select(AppointmentType))}
        there = [
            a
            for a in session.scalars(select(Appointment))
            if kinds[a.type_id] and a.state not in (AppointmentState.CANCELLED, AppointmentState.NO_SHOW)
        ]
        for patient in session.scalars(select(Patient)):
            visits = [v for v in session.scalars(select(Visit)) if v.patient_id == patient.id]
            if not visits:
                continue
            last = max(visits, key=lambda v: (v.visited_on, v.id))
            own = [a.starts_at.date() for a in there if a.patient_id == patient.id]
            if any(day >= today and day > last.visited_on for day in own):
                continue
            due = last.visited_on + timedelta(weeks=last.interval_weeks or patient.usual_interval_weeks or 12)
            if monday <= max(due, today - timedelta(days=today.weekday())) <= sunday:
                demand += 1
                overdue += due < today
        booked = sum(monday <= a.starts_at.date() <= sunday for a in there)
    return demand, overdue, booked


@SLOW
@given(
    visits=st.lists(st.tuples(st.integers(0, 200), st.none() | st.integers(1, 30)), max_size=2),
    usual=st.none() | st.integers(8, 20),
    booked=st.none()
    | st.tuples(st.integers(-20, 180), st.sampled_from([1, 3]), st.sampled_from(list(AppointmentState))),
)
def test_the_weeks_ahead_are_what_a_slow_count_finds(
    clinic: OpenClinic,
    visits: list[tuple[int, int | None]],
    usual: int | None,
    booked: tuple[int, int, AppointmentState] | None,
) -> None:
    """One patient more with every example; the clinic keeps those before."""
    clinic.clock.moment = datetime.fromisoformat("2026-03-05T15:00:00+00:00")  # a Thursday
    today = clinic.clock.moment.date()
    patient_id = clinic.patient(family_name="Okafor", usual_interval_weeks=usual)
    for ago, planned in visits:
        given_toxin(clinic, patient_id, today - timedelta(days=ago), planned)
    if booked is not None:
        days, type_id, state = booked
        with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
            at = datetime.combine(today + timedelta(days=days), time(9))
            me = clinic.physician.account_id
            session.add(
                Appointment(
                    patient_id=patient_id, injector_id=me, type_id=type_id, starts_at=at, minutes=30, state=state
                )
            )
    for week in clinic.services.capacity.ahead(clinic.desk).weeks:
        assert (week.demand, week.overdue, week.booked) == counted_slowly(clinic, today, week.first_day)


@SLOW
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 95), st.integers(1, 16)), max_size=6))
def test_the_month_is_what_a_count_of_quarter_hours_finds(
    clinic: OpenClinic, wanted: list[tuple[int, int, int]]
) -> None:
    me, first = clinic.physician.account_id, date(2026, 4, 6)
    patient_id = clinic.patient()
    with clinic.store.database.writing(me, clinic.clock()) as session:
        for old in session.scalars(select(Appointment)):
            session.delete(old)
        for day, quarter, quarters in wanted:
            at = datetime.combine(first + timedelta(days=day), time()) + timedelta(minutes=15 * quarter)
            session.add(
                Appointment(
                    patient_id=patient_id, injector_id=me, type_id=1, starts_at=at, minutes=15 * quarters,
                    state=AppointmentState.BOOKED,
                )
            )  # fmt: skip
    for number, found in enumerate(clinic.services.capacity.month(clinic.desk, first, 5).days):
        busy = {q + n + 96 * day for day, q, quarters in wanted for n in range(quarters)}
        runs, booked = [], 0
        for opens, closes in ((34, 50), (54, 68)):  # quarter hours: 8:30 to 12:30, 13:30 to 17:00
            run = 0
            for quarter in range(opens, closes):
                taken = quarter + 96 * number in busy
                booked += 15 * taken
                run = 0 if taken else run + 1
                runs += [1] if run and run % 2 == 0 else []
        (own,) = [each for each in found.injectors if each.injector_id == me]
        assert (own.booked_minutes, own.free_minutes, own.free_places) == (booked, 450 - booked, sum(runs))
        assert own.booked == sum(day == number for day, *_ in wanted)
