"""Hours that the clocks skip or repeat, and the day that most years do not have."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest

from clinic_app.models import DayHours
from clinic_app.services.patient_data import ElsewhereForm
from clinic_app.services.series import Scope
from tests.services.booking import INJECTION, book, move, refused, wanted
from tests.services.conftest import OpenClinic


def works_at_night(clinic: OpenClinic, day: date) -> None:
    """The injector works from midnight that day, so that nothing but the clock can speak against an hour."""
    own = DayHours(injector_id=clinic.physician.account_id, day=day, opens=time(0), closes=time(12))
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        session.add(own)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (datetime(2026, 3, 8, 2), "booking_hour_missing"),
        (datetime(2026, 3, 8, 2, 30), "booking_hour_missing"),
        (datetime(2026, 3, 8, 1, 45), "booking_hour_missing"),  # its end
        (datetime(2027, 3, 14, 2, 30), "booking_hour_missing"),
        (datetime(2026, 11, 1, 1), "booking_hour_twice"),
        (datetime(2026, 11, 1, 1, 30), "booking_hour_twice"),
        (datetime(2026, 11, 1, 0, 45), "booking_hour_twice"),  # its end
        (datetime(2027, 11, 7, 1, 30), "booking_hour_twice"),
    ],
)
def test_an_hour_that_is_skipped_or_comes_twice_is_asked_about_whoever_books(
    clinic: OpenClinic, at: datetime, code: str
) -> None:
    works_at_night(clinic, at.date())
    booking = wanted(clinic, clinic.patient(), at, overbook_reason="night clinic")
    error = refused(lambda: clinic.services.schedule.book(clinic.physician, booking))
    assert (error.code, error.field) == (code, "starts_at")
    number = book(clinic)
    assert refused(lambda: move(clinic, number, starts_at=at)).code == code


@pytest.mark.parametrize("at", [datetime(2026, 3, 8, 3), datetime(2026, 3, 8, 1, 15), datetime(2026, 11, 1, 2)])
def test_the_hours_beside_the_change_are_booked_as_they_were_typed(clinic: OpenClinic, at: datetime) -> None:
    works_at_night(clinic, at.date())
    number = book(clinic, at)
    assert clinic.services.schedule.appointment(clinic.desk, number).starts_at == at


def test_a_series_over_the_change_names_the_one_place_whose_hour_is_not_there(clinic: OpenClinic) -> None:
    first, series = datetime(2027, 3, 7, 2, 30), clinic.services.series
    for number in range(3):
        works_at_night(clinic, first.date() + timedelta(weeks=number))
    places = series.plan(clinic.desk, wanted(clinic, clinic.patient(), first), weeks=1, count=3)
    assert [place.problem and place.problem.code for place in places] == [None, "booking_hour_missing", None]
    kept = [place.booking for place in places if place.problem is None]
    numbers = series.book(clinic.desk, kept, weeks=1)
    later = first + timedelta(weeks=1)
    week_on = partial(series.move, clinic.desk, numbers[0], 1, Scope.THIS, starts_at=later, minutes=30)
    assert refused(week_on).code == "booking_hour_missing"


def test_a_series_from_the_29th_of_february_goes_by_weeks_and_not_by_years(clinic: OpenClinic) -> None:
    clinic.clock.moment = datetime(2028, 2, 28, 15, tzinfo=UTC)
    first = wanted(clinic, clinic.patient(), datetime(2028, 2, 29, 10))
    places = clinic.services.series.plan(clinic.desk, first, weeks=52, count=5)
    days = [place.booking.starts_at.date() for place in places]
    assert days[:2] == [date(2028, 2, 29), date(2029, 2, 27)]
    assert {day.weekday() for day in days} == {1}
    assert [place.problem for place in places] == [None] * 5
    assert len(clinic.services.series.book(clinic.desk, [place.booking for place in places], weeks=52)) == 5


def test_who_was_born_on_the_29th_of_february_or_injected_on_it_is_booked_like_everybody(clinic: OpenClinic) -> None:
    clinic.clock.moment = datetime(2028, 3, 1, 15, tzinfo=UTC)
    given = (ElsewhereForm(date(2028, 2, 29), "onabotulinumtoxinA"),)
    patient_id = clinic.patient(birth_date=date(2012, 2, 29), toxin_elsewhere=given)
    schedule = clinic.services.schedule
    early = wanted(clinic, patient_id, datetime(2028, 5, 22, 10), type_id=INJECTION)
    error = refused(lambda: schedule.book(clinic.desk, early))
    assert (error.code, error.parameters["earliest"]) == ("booking_interval", date(2028, 5, 23))
    number = schedule.book(clinic.desk, replace(early, starts_at=datetime(2028, 5, 23, 10)))
    assert schedule.appointment(clinic.desk, number).birth_date == date(2012, 2, 29)
    year_later = wanted(clinic, patient_id, datetime(2029, 2, 28, 10), type_id=INJECTION)
    schedule.book(clinic.desk, year_later)


def test_a_repeat_a_year_after_the_29th_of_february_is_proposed_by_weeks(clinic: OpenClinic) -> None:
    clinic.clock.moment = datetime(2028, 2, 29, 15, tzinfo=UTC)
    content = clinic.content()
    mixed = datetime(2028, 2, 29, 9, 30)
    vials = (replace(content.vials[0], expires_on=date(2029, 5, 31), reconstituted_at=mixed),)
    visit_id = clinic.signed(clinic.patient(), replace(content, visited_on=mixed.date(), vials=vials))
    proposal = clinic.services.repeats.propose(clinic.desk, visit_id, weeks=52)
    assert (proposal.earliest, proposal.wanted) == (date(2028, 5, 23), date(2029, 2, 27))
    assert proposal.slots[0].starts_at.date() == date(2029, 2, 27)
