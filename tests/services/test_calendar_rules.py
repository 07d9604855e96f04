"""What the manager sets up for booking: kinds, rooms, devices, the calendar's lines, hours and closed days."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_app.errors import ClinicError, NotAllowed, NotFound
from clinic_app.services.calendar_data import SingleDay, TypeForm, WorkingWeek, day_runs, each_day, spans_clash
from clinic_app.services.openings import Span
from clinic_app.services.public_holidays import HolidayChoice, region_names
from clinic_app.services.schedule_data import Booking
from clinic_app.terms import AppointmentState, DeviceKind
from tests.services.conftest import OpenClinic
from tests.services.statements import gone_through

MONDAY = date(2026, 6, 1)
"""A working week without a holiday, three months after the tests begin."""
EMG = (DeviceKind.EMG,)


def field_of(act: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(ClinicError) as refused:
        act()
    assert str(refused.value)
    return refused.value.code, refused.value.field


def book(clinic: OpenClinic, at: datetime, minutes: int = 30, **changes: object) -> int:
    """Book a review, for a new patient, so that hours alone can speak against it."""
    booking = {
        "patient_id": clinic.patient(),
        "injector_id": clinic.physician.account_id,
        "type_id": 3,
        "starts_at": at,
        "minutes": minutes,
    } | changes
    return clinic.services.schedule.book(clinic.physician, Booking(**booking))  # type: ignore[arg-type]


# kinds of appointment


def test_a_kind_is_added_changed_retired_and_brought_back(clinic: OpenClinic) -> None:
    rules, me = clinic.services.calendar_rules, clinic.physician
    form = TypeForm("  Ultrasound   guided ", 45, True, "blue", True, (DeviceKind.ULTRASOUND, DeviceKind.EMG))
    added = rules.add_type(me, form)
    shown = next(kind for kind in clinic.services.schedule.choices(clinic.desk).types if kind.id == added)
    assert (shown.name, shown.minutes, shown.colour, shown.needs_room) == ("Ultrasound guided", 45, "blue", True)
    assert set(shown.needs) == {DeviceKind.ULTRASOUND, DeviceKind.EMG}
    rules.change_type(me, added, TypeForm("Guided", 50))
    rules.offer_type(me, added, False)
    assert added not in {kind.id for kind in clinic.services.schedule.choices(clinic.desk).types}
    (retired,) = [kind for kind in rules.furniture(clinic.desk).types if not kind.active]
    assert (retired.id, retired.form) == (added, TypeForm("Guided", 50))
    assert rules.furniture(clinic.desk).types[-1] == retired, "retired ones come last"
    every = TypeForm("Guided", 50, True, "pink", True, tuple(DeviceKind))
    rules.change_type(me, added, every)
    assert rules.furniture(me).types[-1].form == every, "what was set is what is read"
    rules.offer_type(me, added, True)
    assert added in {kind.id for kind in clinic.services.schedule.choices(clinic.desk).types}


def test_what_is_booked_as_a_retired_kind_stays_readable_and_keeps_its_length(clinic: OpenClinic) -> None:
    booked = book(clinic, datetime(2026, 6, 1, 10), 40)
    clinic.services.calendar_rules.change_type(clinic.physician, 3, TypeForm("Review", 15, False))
    clinic.services.calendar_rules.offer_type(clinic.physician, 3, False)
    row = clinic.services.schedule.appointment(clinic.desk, booked)
    assert (row.type_name, row.minutes) == ("Review", 40)


def test_what_is_wrong_with_a_kind_is_said_with_its_field(clinic: OpenClinic) -> None:
    rules, me = clinic.services.calendar_rules, clinic.physician
    assert field_of(lambda: rules.add_type(me, TypeForm(" ", 30))) == ("calendar_name_missing", "name")
    assert field_of(lambda: rules.add_type(me, TypeForm("x" * 101, 30))) == ("text_too_long", "name")
    assert field_of(lambda: rules.add_type(me, TypeForm("review", 30))) == ("calendar_name_taken", "name")
    assert field_of(lambda: rules.add_type(me, TypeForm("Short", 4))) == ("booking_minutes", "minutes")
    assert field_of(lambda: rules.add_type(me, TypeForm("Long", 481))) == ("booking_minutes", "minutes")
    assert field_of(lambda: rules.change_type(me, 99, TypeForm("X", 30))) == ("calendar_entry_not_found", "")
    assert [kind.form.name for kind in rules.furniture(me).types] == ["Injection", "First visit", "Review"]
    rules.change_type(me, 3, TypeForm("REVIEW", 20, False))


def test_the_last_kind_that_is_an_injection_stays_since_repeats_are_booked_as_one(clinic: OpenClinic) -> None:
    rules, me = clinic.services.calendar_rules, clinic.physician
    assert field_of(lambda: rules.offer_type(me, 1, False))[0] == "type_last_injection"
    assert field_of(lambda: rules.change_type(me, 1, TypeForm("Injection", 30, False)))[1] == "is_injection"
    rules.offer_type(me, 2, False)
    rules.add_type(me, TypeForm("Long injection", 60))
    rules.offer_type(me, 1, False)


# rooms and devices


def test_rooms_and_devices_are_added_renamed_retired_and_brought_back(clinic: OpenClinic) -> None:
    rules, me = clinic.services.calendar_rules, clinic.physician
    room, device = rules.add_room(me, "Room 2"), rules.add_device(me, "EMG 1", DeviceKind.EMG)
    rules.rename_room(me, room, "Garden room")
    rules.rename_device(me, device, "EMG trolley")
    book(clinic, datetime(2026, 6, 1, 10), room_id=room, device_ids=(device,))
    gone = book(clinic, datetime(2026, 6, 1, 11), room_id=room, device_ids=(device,))
    row = clinic.services.schedule.appointment(me, gone)
    clinic.services.schedule.set_state(me, gone, row.version, AppointmentState.CANCELLED, "ill")
    rules.offer_room(me, room, False)
    rules.offer_device(me, device, False)
    choices = clinic.services.schedule.choices(clinic.desk)
    assert ([r.name for r in choices.rooms], choices.devices) == (["Room 1"], ())
    furniture = rules.furniture(clinic.desk)
    assert [(r.name, r.active, r.booked) for r in furniture.rooms] == [("Room 1", True, 0), ("Garden room", False, 1)]
    assert [(d.name, d.kind, d.booked) for d in furniture.devices] == [("EMG trolley", DeviceKind.EMG, 1)]
    rules.offer_room(me, room, True)
    rules.offer_device(me, device, True)
    choices = clinic.services.schedule.choices(clinic.desk)
    assert ([r.name for r in choices.rooms], [d.name for d in choices.devices]) == (
        ["Room 1", "Garden room"],
        ["EMG trolley"],
    )


@pytest.mark.about_files
def test_what_is_over_is_not_counted_again(clinic: OpenClinic) -> None:
    rules = clinic.services.calendar_rules
    room, device = rules.add_room(clinic.physician, "Room 2"), rules.add_device(clinic.physician, "E", DeviceKind.EMG)
    book(clinic, datetime(2026, 6, 1, 10), room_id=room, device_ids=(device,))
    read_whole = gone_through(clinic, lambda: rules.furniture(clinic.desk))
    assert read_whole.isdisjoint({"appointment", "appointment_device"})


def test_what_was_just_added_can_be_taken_back_but_nothing_that_was_used_goes(clinic: OpenClinic) -> None:
    rules, me = clinic.services.calendar_rules, clinic.physician
    before = rules.furniture(me)
    rules.withdraw_type(me, rules.add_type(me, TypeForm("Typo", 30)))
    rules.withdraw_room(me, rules.add_room(me, "Typo"))
    rules.withdraw_device(me, rules.add_device(me, "Typo", DeviceKind.EMG))
    assert rules.furniture(me) == before
    kind, room = rules.add_type(me, TypeForm("Long review", 60, False)), rules.add_room(me, "Room 2")
    device = rules.add_device(me, "EMG 1", DeviceKind.EMG)
    booked = book(clinic, datetime(2026, 6, 1, 10), type_id=kind, room_id=room, device_ids=(device,))
    rules.withdraw_type(me, kind)
    rules.withdraw_room(me, room)
    rules.withdraw_device(me, device)
    row = clinic.services.schedule.appointment(me, booked)
    assert (row.type_name, row.room_id, row.device_ids) == ("Long review", room, (device,))
    after = rules.furniture(me)
    assert [entry.active for entry in (after.types[-1], after.rooms[-1], after.devices[-1])] == [False] * 3


def test_two_rooms_or_devices_never_share_a_name_whatever_the_case(clinic: OpenClinic) -> None:
    rules, me = clinic.services.calendar_rules, clinic.physician
    rules.add_room(me, "Äußerer Raum")
    assert field_of(lambda: rules.add_room(me, "ÄUSSERER RAUM")) == ("calendar_name_taken", "name")
    assert field_of(lambda: rules.rename_room(me, 1, "äußerer raum")) == ("calendar_name_taken", "name")
    rules.add_device(me, "Room 1", DeviceKind.ULTRASOUND)
    assert field_of(lambda: rules.add_device(me, "\tROOM 1", DeviceKind.EMG)) == ("calendar_name_taken", "name")
    assert field_of(lambda: rules.add_device(me, "", DeviceKind.EMG)) == ("calendar_name_missing", "name")
    with pytest.raises(NotFound):
        rules.offer_device(me, 99, True)


def test_the_calendars_lines_lie_a_quarter_apart_until_the_manager_chooses(clinic: OpenClinic) -> None:
    rules, me = clinic.services.calendar_rules, clinic.physician
    assert clinic.services.schedule.choices(clinic.desk).grid_minutes == 15
    for minutes in (5, 10, 15, 20, 30, 60):
        rules.set_grid_minutes(me, minutes)
        assert clinic.services.schedule.choices(clinic.desk).grid_minutes == minutes
    assert field_of(lambda: rules.set_grid_minutes(me, 7)) == ("grid_impossible", "grid_minutes")
    assert rules.furniture(clinic.desk).grid_minutes == 60


def test_only_the_manager_changes_and_everybody_reads(clinic: OpenClinic) -> None:
    rules, times = clinic.services.calendar_rules, clinic.services.working_times
    desk, mine = clinic.desk, clinic.physician.account_id
    for act in (
        lambda: rules.set_grid_minutes(desk, 5),
        lambda: rules.add_type(desk, TypeForm("X", 30)),
        lambda: rules.change_type(desk, 1, TypeForm("X", 30)),
        lambda: rules.offer_type(desk, 2, False),
        lambda: rules.add_room(desk, "X"),
        lambda: rules.rename_room(desk, 1, "X"),
        lambda: rules.offer_room(desk, 1, False),
        lambda: rules.withdraw_type(desk, 2),
        lambda: rules.withdraw_room(desk, 1),
        lambda: rules.withdraw_device(desk, 1),
        lambda: rules.add_device(desk, "X", DeviceKind.EMG),
        lambda: rules.rename_device(desk, 1, "X"),
        lambda: rules.offer_device(desk, 1, False),
        lambda: times.set_hours(desk, mine, {}),
        lambda: times.set_days(desk, mine, MONDAY, MONDAY, ()),
        lambda: times.close(desk, MONDAY, MONDAY, "x"),
        lambda: times.end_closure(desk, 1),
        lambda: times.set_holidays(desk, HolidayChoice()),
        lambda: times.work_holiday(desk, MONDAY, True),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert rules.furniture(desk).rooms
    assert [week.name for week in times.weeks(desk)] == ["Dr. Mara Ellison"]
    assert times.closures(desk) == ()
    assert times.holidays(desk)[0] == HolidayChoice()


# hours


def test_a_week_can_be_taken_back_exactly(clinic: OpenClinic) -> None:
    times, me = clinic.services.working_times, clinic.physician
    (before,) = times.weeks(me)
    assert before.weekly[0] == ((time(8, 30), time(12, 30)), (time(13, 30), time(17)))
    times.set_hours(me, me.account_id, {0: ((time(8, 30), time(11)),), 6: ((time(9), time(10)),)})
    (changed,) = times.weeks(me)
    assert changed.weekly == {0: ((time(8, 30), time(11)),), 6: ((time(9), time(10)),)}
    times.set_hours(me, me.account_id, before.weekly)
    assert times.weeks(me) == (before,)


def test_hours_that_share_time_or_end_before_they_begin_are_refused_whole(clinic: OpenClinic) -> None:
    times, me = clinic.services.working_times, clinic.physician
    before = times.weeks(me)
    mine = me.account_id
    overlapping = ((time(9), time(12)), (time(11, 59), time(15)))
    assert field_of(lambda: times.set_hours(me, mine, {1: overlapping})) == ("hours_overlap", "hours")
    assert field_of(lambda: times.set_hours(me, mine, {1: ((time(9), time(9)),)})) == ("hours_impossible", "hours")
    days = (SingleDay(MONDAY, overlapping),)
    assert field_of(lambda: times.set_days(me, mine, MONDAY, MONDAY, days)) == ("hours_overlap", "hours")
    assert times.weeks(me) == before
    times.set_hours(me, mine, {1: ((time(9), time(12)), (time(12), time(15)))})


minutes_of_day = st.integers(0, 23 * 60 + 59)
spans = st.lists(minutes_of_day, min_size=2, max_size=6, unique=True).map(
    lambda cuts: tuple(
        (time(*divmod(a, 60)), time(*divmod(b, 60)))
        for a, b in zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False)
    )
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans, st.booleans(), st.integers(0, 4), minutes_of_day, st.integers(5, 480))
def test_whatever_hours_are_set_booking_within_is_accepted_and_outside_refused(
    clinic: OpenClinic, chosen: tuple[Span, ...], single: bool, weekday: int, start: int, minutes: int
) -> None:
    times, schedule, me = clinic.services.working_times, clinic.services.schedule, clinic.physician
    mine, day = me.account_id, MONDAY + timedelta(days=weekday)
    if single:
        times.set_days(me, mine, day, day, (SingleDay(day, chosen, "Congress"),))
    else:
        times.set_hours(me, mine, {weekday: chosen})
    at = datetime.combine(day, time(*divmod(start, 60)))
    ends = at + timedelta(minutes=minutes)
    fits = any(datetime.combine(day, a) <= at and ends <= datetime.combine(day, b) for a, b in chosen)
    try:
        booked = book(clinic, at, minutes)
    except ClinicError as refused:
        assert refused.code == "booking_outside_hours"
        assert not fits
    else:
        assert fits
        row = schedule.appointment(me, booked)
        schedule.set_state(me, booked, row.version, AppointmentState.CANCELLED, "place for the next example")
    finally:
        times.set_days(me, mine, day, day, ())


@given(spans)
def test_spans_made_of_rising_times_never_clash_and_any_of_them_twice_does(chosen: tuple[Span, ...]) -> None:
    assert not spans_clash(chosen)
    assert spans_clash((*chosen, chosen[0]))


# single days


def test_single_days_replace_the_week_and_what_stood_there_before_comes_back(clinic: OpenClinic) -> None:
    times, me = clinic.services.working_times, clinic.physician
    mine, friday = me.account_id, MONDAY + timedelta(days=4)
    hours: tuple[Span, ...] = ((time(14), time(16)), (time(17), time(19)))
    assert times.set_days(me, mine, MONDAY, friday, each_day(MONDAY, friday, hours, "late", {0, 2})) == ()
    wednesday = MONDAY + timedelta(days=2)
    assert times.weeks(me)[0].single == (SingleDay(MONDAY, hours, "late"), SingleDay(wednesday, hours, "late"))
    book(clinic, datetime(2026, 6, 3, 18, 30))
    before = times.set_days(me, mine, MONDAY, wednesday, each_day(MONDAY, wednesday, (), "Congress"))
    assert len(times.weeks(me)[0].single) == 3
    assert field_of(lambda: book(clinic, datetime(2026, 6, 2, 9)))[0] == "booking_away"
    times.set_days(me, mine, MONDAY, wednesday, before)
    assert times.weeks(me)[0].single == before == (
        SingleDay(MONDAY, hours, "late"),
        SingleDay(wednesday, hours, "late"),
    )  # fmt: skip
    book(clinic, datetime(2026, 6, 2, 9))


def test_single_days_need_a_reason_for_being_away_and_an_order_of_days(clinic: OpenClinic) -> None:
    times, me = clinic.services.working_times, clinic.physician
    mine, far = me.account_id, MONDAY + timedelta(days=400)
    away = each_day(MONDAY, MONDAY, (), " ")
    assert field_of(lambda: times.set_days(me, mine, MONDAY, MONDAY, away)) == ("away_without_reason", "reason")
    assert field_of(lambda: times.set_days(me, mine, far, MONDAY, ())) == ("closure_impossible", "last_day")
    everyday = each_day(MONDAY, far, (), "x")
    assert field_of(lambda: times.set_days(me, mine, MONDAY, far, everyday)) == ("single_days_too_many", "last_day")
    assert field_of(lambda: times.set_days(me, 99, MONDAY, MONDAY, ()))[0] == "injector_missing"
    times.set_days(me, mine, MONDAY, MONDAY, each_day(MONDAY, MONDAY, ((time(9), time(10)),), ""))


def test_days_that_are_over_are_not_listed(clinic: OpenClinic) -> None:
    times, me = clinic.services.working_times, clinic.physician
    times.set_days(me, me.account_id, clinic.today, clinic.today, each_day(clinic.today, clinic.today, (), "Ill"))
    assert [each.day for each in times.weeks(me)[0].single] == [clinic.today]
    clinic.clock.forward(days=1)
    assert times.weeks(me)[0].single == ()


@given(
    st.dictionaries(st.integers(0, 30), st.sampled_from([((), "x"), ((), "y"), (((time(9), time(10)),), "x")])),
    st.sets(st.integers(0, 6)),
)
def test_lines_of_single_days_lose_no_day_and_bridge_none_that_is_worked(
    said: dict[int, tuple[tuple[Span, ...], str]], worked: set[int]
) -> None:
    days = tuple(SingleDay(MONDAY + timedelta(days=n), *said[n]) for n in sorted(said))
    week = WorkingWeek(1, "x", dict.fromkeys(worked, ((time(8), time(17)),)), days)
    runs = day_runs(week)
    assert [SingleDay(day, run.spans, run.reason) for run in runs for day in run.days] == list(days)
    for run in runs:
        between = {run.first_day + timedelta(days=n) for n in range((run.last_day - run.first_day).days)} - {*run.days}
        assert not any(day.weekday() in worked for day in between)
    for run, after in pairwise(runs):
        gap = [run.last_day + timedelta(days=n) for n in range(1, (after.first_day - run.last_day).days)]
        alike = (run.spans, run.reason) == (after.spans, after.reason)
        assert not alike or any(day.weekday() in worked for day in gap)


# closures and holidays


def test_a_closure_to_come_is_taken_away_and_brought_back(clinic: OpenClinic) -> None:
    times, me = clinic.services.working_times, clinic.physician
    times.close(me, MONDAY, MONDAY + timedelta(days=4), "Renovation")
    times.close(me, date(2026, 5, 4), date(2026, 5, 4), "Congress", me.account_id)
    first, second = times.closures(clinic.desk)
    assert (first.reason, first.injector, second.reason, second.injector) == (
        "Congress", "Dr. Mara Ellison", "Renovation", "",
    )  # fmt: skip
    times.end_closure(me, second.id)
    assert times.closures(me) == (first,)
    book(clinic, datetime(2026, 6, 1, 10))
    times.renew_closure(me, second)
    assert [row.reason for row in times.closures(me)] == ["Congress", "Renovation"]
    assert field_of(lambda: book(clinic, datetime(2026, 6, 1, 11)))[0] == "booking_closed"


def test_a_closure_that_has_begun_ends_with_yesterday(clinic: OpenClinic) -> None:
    times, me, today = clinic.services.working_times, clinic.physician, clinic.today
    closure = times.close(me, today, today + timedelta(days=9), "Water damage")
    clinic.clock.forward(days=3)
    (running,) = times.closures(me)
    times.end_closure(me, closure)
    assert times.closures(me) == ()
    board = clinic.services.schedule.board(me, today, 10)
    assert [each.day for each in board.closed] == [today + timedelta(days=n) for n in range(3)]
    times.renew_closure(me, running)
    assert times.closures(me) == (running,)


def test_bringing_back_a_closure_leaves_another_alone_that_was_given_its_number(clinic: OpenClinic) -> None:
    times, me = clinic.services.working_times, clinic.physician
    times.close(me, MONDAY, MONDAY, "Renovation")
    (ended,) = times.closures(me)
    times.end_closure(me, ended.id)
    times.close(me, date(2026, 5, 4), date(2026, 5, 4), "Congress")
    times.renew_closure(me, ended)
    assert [row.reason for row in times.closures(me)] == ["Congress", "Renovation"]


def test_a_closure_needs_a_reason_and_days_that_are_not_over(clinic: OpenClinic) -> None:
    times, me, today = clinic.services.working_times, clinic.physician, clinic.today
    yesterday = today - timedelta(days=1)
    assert field_of(lambda: times.close(me, today, yesterday, "x")) == ("closure_impossible", "last_day")
    assert field_of(lambda: times.close(me, yesterday, yesterday, "x")) == ("closure_past", "last_day")
    assert field_of(lambda: times.close(me, today, today, "\n ")) == ("closure_without_reason", "reason")
    assert field_of(lambda: times.close(me, today, today, "x", 99))[0] == "injector_missing"
    assert field_of(lambda: times.end_closure(me, 99))[0] == "calendar_entry_not_found"


def test_the_holidays_of_twelve_months_are_listed_and_one_can_be_worked(clinic: OpenClinic) -> None:
    times, me = clinic.services.working_times, clinic.physician
    times.set_holidays(me, HolidayChoice(True, "NY"))
    choice, rows = times.holidays(clinic.desk)
    assert choice == HolidayChoice(True, "NY")
    assert rows[0].day >= clinic.today
    assert rows[-1].day <= date(2027, 3, 2)
    assert len({row.day for row in rows}) == len(rows) > 10
    memorial = next(row for row in rows if row.name == "Memorial Day")
    assert field_of(lambda: book(clinic, datetime.combine(memorial.day, time(10))))[0] == "booking_closed"
    times.work_holiday(me, memorial.day, True)
    times.work_holiday(me, memorial.day, True)
    assert [row.day for row in times.holidays(me)[1] if row.worked] == [memorial.day]
    book(clinic, datetime.combine(memorial.day, time(10)))
    times.work_holiday(me, memorial.day, False)
    assert not any(row.worked for row in times.holidays(me)[1])


def test_regions_have_names_in_their_order() -> None:
    names = region_names("US")
    assert ("NY", "New York") in names
    assert [name.casefold() for _, name in names] == sorted(name.casefold() for _, name in names)
    assert region_names("XX") == ()
