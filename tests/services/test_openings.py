"""When the clinic and each injector work: the week, single days, closures and public holidays."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_app.errors import ClinicError, NotAllowed
from clinic_app.models import DayHours, WorkedHoliday
from clinic_app.services.openings import Openings, openings
from clinic_app.services.public_holidays import HolidayChoice, public_holidays, subdivisions
from clinic_app.services.schedule_data import Booking
from tests.services.conftest import OpenClinic
from tests.services.statements import counted

MEMORIAL_DAY = date(2026, 5, 25)
MONDAY = date(2026, 6, 1)


def read(clinic: OpenClinic, first: date, last: date | None = None) -> Openings:
    with clinic.store.database.reading() as session:
        return openings(session, first, last or first)


def add(clinic: OpenClinic, *rows: DayHours | WorkedHoliday) -> None:
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        session.add_all(rows)


def test_the_holidays_of_the_clinics_country_close_days_once_it_keeps_them_but_for_those_it_works(
    clinic: OpenClinic,
) -> None:
    me = clinic.physician.account_id
    assert read(clinic, MEMORIAL_DAY).closed == {}, "nobody has said yet that holidays are kept"
    clinic.services.working_times.set_holidays(clinic.physician, HolidayChoice(kept=True))
    assert read(clinic, MEMORIAL_DAY).closed == {MEMORIAL_DAY: "Memorial Day"}
    assert read(clinic, MEMORIAL_DAY).hours(me, MEMORIAL_DAY) == ()
    add(clinic, WorkedHoliday(day=MEMORIAL_DAY))
    assert read(clinic, MEMORIAL_DAY).closed == {}
    assert read(clinic, MEMORIAL_DAY).hours(me, MEMORIAL_DAY) == read(clinic, MONDAY).hours(me, MONDAY) != ()


def test_a_clinic_may_keep_a_regions_holidays_or_none(clinic: OpenClinic) -> None:
    lincoln = date(2027, 2, 12)
    clinic.services.working_times.set_holidays(clinic.physician, HolidayChoice(kept=True))
    assert lincoln not in read(clinic, lincoln).closed
    clinic.services.working_times.set_holidays(clinic.physician, HolidayChoice(kept=True, subdivision="NY"))
    assert read(clinic, lincoln).closed == {lincoln: "Lincoln's Birthday"}
    with pytest.raises(ClinicError) as refused:
        clinic.services.working_times.set_holidays(clinic.physician, HolidayChoice(subdivision="BY"))
    assert refused.value.field == "subdivision"
    clinic.services.working_times.set_holidays(clinic.physician, HolidayChoice(kept=False))
    assert read(clinic, MEMORIAL_DAY).closed == {}
    with pytest.raises(NotAllowed):
        clinic.services.working_times.set_holidays(clinic.desk, HolidayChoice())


def test_holidays_are_named_in_the_clinics_language_and_an_unknown_country_has_none() -> None:
    assert public_holidays("DE", "BY", "de-DE", 2026, 2026)[date(2026, 1, 6)] == "Heilige Drei Könige"
    assert public_holidays("DE", "", "fr-FR", 2026, 2026)[date(2026, 1, 1)] == "New Year's Day"
    assert public_holidays("XX", "", "en", 2026, 2026) == {}
    assert public_holidays("US", "nowhere", "en", 2026, 2026) == {}
    assert "NY" in subdivisions("US")
    assert subdivisions("XX") == ()


def test_a_single_days_hours_stand_instead_of_the_weekdays(clinic: OpenClinic) -> None:
    me = clinic.physician.account_id
    add(
        clinic,
        DayHours(injector_id=me, day=MONDAY, opens=time(14), closes=time(18)),
        DayHours(injector_id=me, day=MONDAY + timedelta(days=1), reason="Congress"),
    )
    found = read(clinic, MONDAY, MONDAY + timedelta(days=2))
    assert found.hours(me, MONDAY) == ((time(14), time(18)),)
    assert found.holds(me, datetime(2026, 6, 1, 17, 30), 30)
    assert not found.holds(me, datetime(2026, 6, 1, 17, 31), 30)
    assert not found.holds(me, datetime(2026, 6, 1, 10), 30)
    assert found.away == {(me, MONDAY + timedelta(days=1)): "Congress"}
    assert found.hours(me, MONDAY + timedelta(days=1)) == ()
    assert found.hours(me, MONDAY + timedelta(days=2)) != ()


def test_a_year_takes_as_many_statements_as_a_day(clinic: OpenClinic) -> None:
    clinic.services.working_times.set_holidays(clinic.physician, HolidayChoice(kept=True))
    sent = []
    for last in (MONDAY, MONDAY + timedelta(days=365)):
        with counted(clinic.store.database) as statements:
            read(clinic, MONDAY, last)
        sent.append(len(statements))
    assert sent[0] == sent[1] <= 5


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.integers(0, 40))
def test_a_day_is_the_same_alone_and_within_any_span(clinic: OpenClinic, first: date, length: int) -> None:
    last = first + timedelta(days=length)
    clinic.services.working_times.set_holidays(clinic.physician, HolidayChoice(kept=True))
    whole, me = read(clinic, first, last), clinic.physician.account_id
    for day in (first, last, first + timedelta(days=length // 2)):
        alone = read(clinic, day)
        assert alone.hours(me, day) == whole.hours(me, day)
        assert (day in alone.closed) == (day in whole.closed)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (datetime(2026, 3, 8, 2, 30), "booking_hour_missing"),
        (datetime(2026, 11, 1, 1, 30), "booking_hour_twice"),
    ],
)
def test_an_hour_that_the_clocks_skip_or_repeat_is_asked_about(clinic: OpenClinic, at: datetime, code: str) -> None:
    booking = Booking(clinic.patient(), clinic.physician.account_id, 1, at, 30, overbook_reason="on purpose")
    with pytest.raises(ClinicError) as refused:
        clinic.services.schedule.book(clinic.physician, booking)
    assert refused.value.code == code
