"""A series of appointments: any number of weeks apart, each a record of its own, at the same hour all year round."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_app.errors import ClinicError, RecordChanged
from clinic_app.services.public_holidays import HolidayChoice
from clinic_app.services.schedule_data import AppointmentRow, Booking
from clinic_app.services.series import Scope
from clinic_app.terms import AppointmentState
from tests.services.conftest import OpenClinic

FIRST = datetime(2026, 3, 4, 10)


def booking(clinic: OpenClinic, patient_id: int, at: datetime = FIRST) -> Booking:
    return Booking(patient_id, clinic.physician.account_id, 1, at, 30)


def booked(clinic: OpenClinic, weeks: int = 12, count: int = 5) -> tuple[int, tuple[int, ...]]:
    clinic.services.working_times.set_holidays(clinic.physician, HolidayChoice(kept=False))
    patient_id = clinic.patient()
    places = clinic.services.series.plan(clinic.desk, booking(clinic, patient_id), weeks=weeks, count=count)
    assert all(place.problem is None for place in places)
    return patient_id, clinic.services.series.book(clinic.desk, [place.booking for place in places], weeks=weeks)


def rows(clinic: OpenClinic, patient_id: int) -> list[AppointmentRow]:
    return sorted(clinic.services.schedule.of_patient(clinic.desk, patient_id), key=lambda row: row.starts_at)


def test_each_appointment_of_a_series_is_its_own_and_keeps_its_hour_across_the_clock_changes(
    clinic: OpenClinic,
) -> None:
    patient_id, numbers = booked(clinic)
    found = rows(clinic, patient_id)
    assert [row.starts_at for row in found] == [FIRST + timedelta(weeks=12 * n) for n in range(5)]
    assert {row.starts_at.hour for row in found} == {10}
    assert [row.id for row in found] == list(numbers)
    assert len({row.series_id for row in found}) == 1
    assert [len(clinic.services.schedule.history(clinic.desk, number)) for number in numbers] == [1] * 5


def test_what_speaks_against_a_place_is_said_for_each_and_nothing_is_booked(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    clinic.services.working_times.close(clinic.physician, date(2026, 5, 27), date(2026, 5, 27), "Staff training")
    places = clinic.services.series.plan(clinic.desk, booking(clinic, patient_id), weeks=12, count=3)
    assert [place.problem and place.problem.code for place in places] == [None, "booking_closed", None]
    with pytest.raises(ClinicError) as refused:
        clinic.services.series.book(clinic.desk, [place.booking for place in places], weeks=12)
    assert refused.value.code == "booking_closed"
    assert rows(clinic, patient_id) == [], "all of them or none"


@pytest.mark.parametrize(("scope", "moved"), [(Scope.THIS, {1}), (Scope.LATER, {1, 2, 3}), (Scope.ALL, {0, 1, 2, 3})])
def test_one_this_and_later_or_all_are_moved_to_another_day_and_hour(
    clinic: OpenClinic, scope: Scope, moved: set[int]
) -> None:
    patient_id, numbers = booked(clinic, weeks=2, count=4)
    before = rows(clinic, patient_id)
    wanted = before[1].starts_at + timedelta(days=1, hours=4)
    done = clinic.services.series.move(clinic.desk, numbers[1], 1, scope, starts_at=wanted, minutes=45)
    assert {each.appointment_id for each in done} == {numbers[place] for place in moved}
    for place, row in enumerate(rows(clinic, patient_id)):
        was = before[place].starts_at
        assert row.starts_at == (was + timedelta(days=1, hours=4) if place in moved else was)
        assert row.minutes == (45 if place in moved else 30)


def test_a_clash_of_one_moves_none_of_them(clinic: OpenClinic) -> None:
    patient_id, numbers = booked(clinic, weeks=2, count=3)
    taken = FIRST + timedelta(weeks=4, hours=1)
    other = clinic.patient(family_name="Byrne")
    clinic.services.schedule.book(clinic.desk, booking(clinic, other, taken))
    before = rows(clinic, patient_id)
    with pytest.raises(ClinicError) as refused:
        clinic.services.series.move(
            clinic.desk, numbers[0], 1, Scope.ALL, starts_at=FIRST + timedelta(hours=1), minutes=30
        )
    assert refused.value.code == "booking_overlap_injector"
    assert rows(clinic, patient_id) == before


def test_what_was_injected_or_cancelled_stays_when_the_rest_changes(clinic: OpenClinic) -> None:
    patient_id, numbers = booked(clinic, weeks=2, count=4)
    clinic.services.schedule.set_state(clinic.desk, numbers[2], 1, AppointmentState.CANCELLED, "holiday")
    gone = clinic.services.series.cancel(clinic.desk, numbers[1], 1, Scope.LATER, "moves house")
    assert [each.appointment_id for each in gone] == [numbers[1], numbers[3]]
    assert [(row.state.value, row.reason) for row in rows(clinic, patient_id)] == [
        ("booked", ""),
        ("cancelled", "moves house"),
        ("cancelled", "holiday"),
        ("cancelled", "moves house"),
    ]


def test_what_cannot_be_is_a_sentence(clinic: OpenClinic) -> None:
    patient_id, numbers = booked(clinic, weeks=2, count=2)
    series = clinic.services.series
    for weeks, count, field in ((0, 2, "weeks"), (105, 2, "weeks"), (2, 1, "count"), (2, 53, "count")):
        with pytest.raises(ClinicError) as refused:
            series.plan(clinic.desk, booking(clinic, patient_id), weeks=weeks, count=count)
        assert refused.value.field == field
    with pytest.raises(RecordChanged):
        series.move(clinic.desk, numbers[0], 7, Scope.THIS, starts_at=FIRST, minutes=30)
    with pytest.raises(ClinicError) as unnamed:
        series.cancel(clinic.desk, numbers[0], 1, Scope.ALL, " ")
    assert unnamed.value.code == "cancel_reason_missing"


Change = tuple[Scope, int, int, int, bool]
a_change: st.SearchStrategy[Change] = st.tuples(
    st.sampled_from(list(Scope)), st.integers(0, 7), st.integers(-3, 3), st.integers(-4, 4), st.booleans()
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(1, 16),
    st.integers(2, 8),
    st.lists(a_change, max_size=6),
)
def test_no_order_of_changes_loses_an_appointment_or_makes_two_overlap_or_shifts_an_hour_that_nobody_shifted(
    clinic: OpenClinic, weeks: int, count: int, changes: list[Change]
) -> None:
    clinic.services.working_times.set_holidays(clinic.physician, HolidayChoice(kept=False))
    patient_id = clinic.patient()
    first = booking(clinic, patient_id, datetime(2027, 1, 6, 10))
    places = clinic.services.series.plan(clinic.desk, first, weeks=weeks, count=count)
    numbers = clinic.services.series.book(clinic.desk, [place.booking for place in places], weeks=weeks)
    for scope, which, days, hours, undone in changes:
        row = next(each for each in rows(clinic, patient_id) if each.id == numbers[which % len(numbers)])
        wanted = row.starts_at + timedelta(days=days, hours=hours)
        before = {each.id: each.starts_at for each in rows(clinic, patient_id)}
        try:
            changed = clinic.services.series.move(
                clinic.desk, row.id, row.version, scope, starts_at=wanted, minutes=row.minutes
            )
        except ClinicError:
            changed = ()
        moved = {each.appointment_id for each in changed}
        after = {each.id: each.starts_at for each in rows(clinic, patient_id)}
        assert after.keys() == before.keys()
        for number, at in after.items():
            expected = datetime.combine(before[number].date() + timedelta(days=days), wanted.time())
            assert at == (expected if number in moved else before[number])
        if undone:
            clinic.services.taken_back.put_back(clinic.desk, changed)
            assert {each.id: each.starts_at for each in rows(clinic, patient_id)} == before
    spans = [(row.starts_at, row.ends_at) for row in rows(clinic, patient_id)]
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))
    row = rows(clinic, patient_id)[0]
    clinic.services.series.cancel(clinic.desk, row.id, row.version, Scope.ALL, "the next example wants the places")
