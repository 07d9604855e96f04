"""The slot that a repeat offers on a day is the free one nearest to the usual hour, whatever stands on that day."""

from datetime import date, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_app.errors import ClinicError
from clinic_app.services.schedule_data import Booking
from clinic_app.terms import AppointmentState
from tests.services.conftest import OpenClinic

DAY = date(2026, 5, 25)
"""Twelve weeks after the visit, a Monday."""
HOURS = ((time(8, 30), time(12, 30)), (time(13, 30), time(17)))
USUAL = datetime.combine(DAY, time(10))

TAKEN = st.lists(
    st.tuples(st.integers(0, 119), st.integers(1, 20), st.booleans()), max_size=25
)  # twelfths of an hour from eight on, their number, and whether it was cancelled


def nearest(taken: list[tuple[datetime, datetime]]) -> datetime | None:
    """Minute by minute, on the grid of a quarter of an hour."""
    fits = []
    for opens, closes in HOURS:
        start, end = datetime.combine(DAY, opens), datetime.combine(DAY, closes)
        while start + timedelta(minutes=30) <= end:
            if all(start + timedelta(minutes=30) <= a or b <= start for a, b in taken):
                fits.append(start)
            start += timedelta(minutes=15)
    return min(fits, key=lambda start: (abs(start - USUAL), start), default=None)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TAKEN)
def test_the_slot_of_a_day_is_the_nearest_free_one(clinic: OpenClinic, wanted: list[tuple[int, int, bool]]) -> None:
    schedule, desk = clinic.services.schedule, clinic.desk
    taken = []
    booked = []
    other = clinic.patient(family_name="Byrne")
    for start, length, cancelled in wanted:
        at = datetime.combine(DAY, time(8)) + timedelta(minutes=5 * start)
        booking = Booking(other, clinic.physician.account_id, 3, at, 5 * length)
        try:
            number = schedule.book(desk, booking)
        except ClinicError:
            continue  # out of hours, or taken
        booked.append(number)
        if cancelled:
            schedule.set_state(desk, number, 1, AppointmentState.CANCELLED, "ill")
        else:
            taken.append((at, at + timedelta(minutes=5 * length)))
    visit = clinic.signed(clinic.patient())
    slots = clinic.services.repeats.propose(desk, visit, count=30).slots
    assert next((slot.starts_at for slot in slots if slot.starts_at.date() == DAY), None) == nearest(taken)
    for number in booked:  # the next example has the day for itself
        row = schedule.appointment(desk, number)
        if row.state is AppointmentState.BOOKED:
            schedule.set_state(desk, number, row.version, AppointmentState.CANCELLED, "over")
