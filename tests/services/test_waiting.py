"""The waiting list offers who fits a place that became free, and books nobody."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_app.errors import ClinicError, NotFound, RecordChanged
from clinic_app.services.patient_data import ElsewhereForm
from clinic_app.services.schedule_data import Booking
from clinic_app.services.waiting import FreePlace, WishForm
from clinic_app.terms import WishEnd
from tests.services.conftest import OpenClinic
from tests.services.statements import statements

TUESDAY = datetime(2026, 6, 2, 10)


def place(clinic: OpenClinic, at: datetime = TUESDAY, minutes: int = 60) -> FreePlace:
    return FreePlace(clinic.physician.account_id, at, minutes)


def wish(clinic: OpenClinic, name: str = "Okafor", **changes: Any) -> WishForm:
    return replace(WishForm(clinic.patient(family_name=name), 1), **changes)


def offered(clinic: OpenClinic, wanted: FreePlace) -> list[str]:
    return [row.name.removeprefix("Ada ") for row in clinic.services.waiting.offers(clinic.desk, wanted)]


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({}, True),
        ({"weekdays": (1,)}, True),
        ({"weekdays": (0, 2)}, False),
        ({"not_before": time(10), "not_after": time(10, 30)}, True),
        ({"not_before": time(10, 1)}, False),
        ({"not_after": time(10, 29)}, False),
        ({"first_day": date(2026, 6, 2), "last_day": date(2026, 6, 2)}, True),
        ({"first_day": date(2026, 6, 3)}, False),
        ({"last_day": date(2026, 6, 1)}, False),
        ({"notice_days": 60}, True),
    ],
)
def test_a_wish_fits_a_place_or_it_does_not(clinic: OpenClinic, changes: dict[str, Any], fits: bool) -> None:
    clinic.services.waiting.add(clinic.desk, wish(clinic, **changes))
    assert bool(offered(clinic, place(clinic))) is fits


def test_a_visit_must_fit_in_the_minutes_and_be_with_the_wished_injector(clinic: OpenClinic) -> None:
    waiting = clinic.services.waiting
    waiting.add(clinic.desk, wish(clinic, injector_id=clinic.nurse.account_id))
    assert offered(clinic, place(clinic)) == []
    waiting.add(clinic.desk, wish(clinic, "Byrne"))
    (row,) = waiting.offers(clinic.desk, place(clinic))
    assert offered(clinic, place(clinic, minutes=row.minutes)) == ["Byrne"]
    assert offered(clinic, place(clinic, minutes=row.minutes - 1)) == []


def test_short_notice_is_counted_in_days_to_the_visit(clinic: OpenClinic) -> None:
    clinic.services.waiting.add(clinic.desk, wish(clinic, notice_days=3))
    clinic.clock.forward(days=89)  # Saturday, three days before
    assert offered(clinic, place(clinic)) == ["Okafor"]
    clinic.clock.forward(days=1)
    assert offered(clinic, place(clinic)) == []


def test_a_place_that_has_passed_is_offered_to_nobody(clinic: OpenClinic) -> None:
    clinic.services.waiting.add(clinic.desk, wish(clinic))
    assert offered(clinic, place(clinic, datetime(2026, 3, 2, 9, 30))) == []


def test_nobody_is_offered_before_the_minimum_interval_over_every_toxin(clinic: OpenClinic) -> None:
    here = clinic.patient(family_name="Here")
    clinic.signed(here)
    elsewhere = clinic.patient(family_name="Elsewhere", toxin_elsewhere=(ElsewhereForm(date(2026, 3, 1)),))
    for patient_id in (here, elsewhere):
        clinic.services.waiting.add(clinic.desk, WishForm(patient_id, 1))
    assert offered(clinic, place(clinic, datetime(2026, 5, 22, 10))) == []
    assert offered(clinic, place(clinic, datetime(2026, 5, 24, 10))) == ["Elsewhere"]
    assert offered(clinic, place(clinic)) == ["Elsewhere", "Here"], "who is due longest comes first"


def test_who_is_booked_later_could_come_earlier_and_the_furthest_comes_first(clinic: OpenClinic) -> None:
    for name, day in (("Soon", 8), ("Late", 22), ("Before", 1)):
        form = wish(clinic, name)
        clinic.services.waiting.add(clinic.desk, form)
        at = datetime(2026, 6, day, 14)
        clinic.services.schedule.book(clinic.desk, Booking(form.patient_id, clinic.physician.account_id, 1, at, 30))
    clinic.services.waiting.add(clinic.desk, wish(clinic, "Unbooked"))
    assert offered(clinic, place(clinic)) == ["Unbooked", "Late", "Soon"]


def test_an_offer_books_nobody_and_a_wish_ends_when_somebody_says_so(clinic: OpenClinic) -> None:
    waiting = clinic.services.waiting
    number = waiting.add(clinic.desk, wish(clinic, note=" mornings "))
    (row,) = waiting.offers(clinic.desk, place(clinic))
    assert clinic.services.schedule.of_patient(clinic.desk, row.form.patient_id) == ()
    version = waiting.change(clinic.desk, number, row.version, replace(row.form, weekdays=(4, 1, 1)))
    assert waiting.rows(clinic.desk)[0].form.weekdays == (1, 4)
    assert waiting.rows(clinic.desk)[0].form.note == "mornings"
    with pytest.raises(RecordChanged):
        waiting.change(clinic.desk, number, row.version, row.form)
    waiting.end(clinic.desk, number, version, WishEnd.WITHDRAWN)
    assert waiting.rows(clinic.desk) == ()
    with pytest.raises(NotFound):
        waiting.end(clinic.desk, number, version + 1, WishEnd.WITHDRAWN)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type_id": 99}, "type"),
        ({"not_before": time(12), "not_after": time(12)}, "not_after"),
        ({"first_day": date(2026, 6, 2), "last_day": date(2026, 6, 1)}, "last_day"),
        ({"notice_days": 61}, "notice_days"),
        ({"notice_days": -1}, "notice_days"),
    ],
)
def test_what_cannot_be_wished_is_a_sentence(clinic: OpenClinic, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ClinicError) as refused:
        clinic.services.waiting.add(clinic.desk, wish(clinic, **changes))
    assert (refused.value.field, bool(str(refused.value))) == (field, True)


def test_a_long_list_takes_as_many_statements_as_a_short_one(clinic: OpenClinic) -> None:
    sent = []
    for number in range(4):
        patient_id = clinic.patient(family_name=f"Okafor {number}")
        clinic.signed(patient_id)
        clinic.services.waiting.add(clinic.desk, WishForm(patient_id, 1))
        sent.append(statements(clinic, lambda: clinic.services.waiting.offers(clinic.desk, place(clinic))))
    assert sent[0] == sent[-1]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 120), st.integers(0, 23), st.integers(15, 120))
def test_whoever_is_offered_a_place_wished_for_it(clinic: OpenClinic, days: int, hour: int, minutes: int) -> None:
    if not clinic.services.waiting.rows(clinic.desk):
        wishes: tuple[dict[str, Any], ...] = (
            {"weekdays": (0, 3)},
            {"not_before": time(12)},
            {"notice_days": 7},
            {"last_day": date(2026, 4, 1)},
        )
        for number, changes in enumerate(wishes):
            clinic.services.waiting.add(clinic.desk, wish(clinic, f"W{number}", **changes))
    at = datetime(2026, 3, 2, hour) + timedelta(days=days)
    for row in clinic.services.waiting.offers(clinic.desk, place(clinic, at, minutes)):
        form = row.form
        assert row.minutes <= minutes
        assert not form.weekdays or at.weekday() in form.weekdays
        assert form.not_before is None or form.not_before <= at.time()
        assert form.last_day is None or at.date() <= form.last_day
        assert days >= form.notice_days
