"""What people type, or what happens meanwhile, and what the schedule makes of it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial

import pytest

from clinic_app.errors import NotAllowed, NotFound, RecordChanged
from clinic_app.models import Account, Closure, Device, Patient, Room
from clinic_app.services.booking_checks import AUTHORIZATION, Clash
from clinic_app.services.patient_data import AuthorizationForm
from clinic_app.services.public_holidays import HolidayChoice
from clinic_app.services.series import Scope
from clinic_app.terms import AppointmentState, DeviceKind, PatientStatus
from tests.postgres import PostgresServer
from tests.services.booking import INJECTION, UNKNOWN, WEDNESDAY, book, change, move, refused, wanted
from tests.services.conftest import OpenClinic
from tests.services.statements import statements

S = AppointmentState


@pytest.mark.parametrize("at", [datetime(2026, 3, 2, 9, 59), datetime(2020, 2, 29, 10), datetime(1, 1, 1)])
def test_the_past_is_neither_booked_nor_moved_into(clinic: OpenClinic, at: datetime) -> None:
    schedule, patient_id = clinic.services.schedule, clinic.patient()
    error = refused(lambda: schedule.book(clinic.physician, wanted(clinic, patient_id, at, overbook_reason="was here")))
    assert (error.code, error.field) == ("booking_past", "starts_at")
    number = book(clinic)
    assert refused(lambda: move(clinic, number, starts_at=at)).code == "booking_past"
    (place, *_) = clinic.services.series.plan(clinic.desk, wanted(clinic, patient_id, at), weeks=1, count=2)
    assert place.problem is not None
    assert place.problem.code == "booking_past"


@pytest.mark.parametrize("minutes", [-30, -1, 0, 4, 481, 24 * 60, 10**12])
def test_no_appointment_ends_before_it_begins_or_lasts_longer_than_a_day(clinic: OpenClinic, minutes: int) -> None:
    schedule, patient_id = clinic.services.schedule, clinic.patient()
    error = refused(lambda: schedule.book(clinic.desk, wanted(clinic, patient_id, minutes=minutes)))
    assert (error.code, error.field) == ("booking_minutes", "minutes")
    number = book(clinic)
    assert refused(lambda: move(clinic, number, minutes=minutes)).code == "booking_minutes"
    series = clinic.services.series
    later = partial(series.move, clinic.desk, number, 1, Scope.ALL, starts_at=WEDNESDAY, minutes=minutes)
    assert refused(later).code == "booking_minutes"


def test_an_injector_who_leaves_keeps_what_was_booked_and_gets_nothing_new(clinic: OpenClinic) -> None:
    schedule, number = clinic.services.schedule, book(clinic)
    gone = book(clinic, WEDNESDAY + timedelta(hours=1))
    version = schedule.set_state(clinic.desk, gone, 1, S.CANCELLED, "ill")
    change(clinic, Account, clinic.physician.account_id, active=False)
    later = WEDNESDAY + timedelta(days=1)
    error = refused(lambda: book(clinic, later))
    assert (error.code, error.field) == ("booking_injector_left", "injector")
    assert refused(lambda: move(clinic, number, starts_at=later)).code == "booking_injector_left"
    assert schedule.appointment(clinic.desk, number).state is S.BOOKED
    schedule.set_state(clinic.desk, number, 1, S.CANCELLED, "Dr. Ellison left")
    schedule.set_state(clinic.desk, gone, version, S.BOOKED)


def test_a_patient_who_died_keeps_what_was_booked_until_somebody_cancels_it(clinic: OpenClinic) -> None:
    schedule, number = clinic.services.schedule, book(clinic)
    patient_id = schedule.appointment(clinic.desk, number).patient_id
    change(clinic, Patient, patient_id, status=PatientStatus.DIED, died_on=date(2026, 3, 2))
    first = wanted(clinic, patient_id, WEDNESDAY + timedelta(days=1))
    assert refused(lambda: schedule.book(clinic.desk, first)).code == "booking_patient_died"
    places = clinic.services.series.plan(clinic.desk, first, weeks=4, count=3)
    assert {place.problem and place.problem.code for place in places} == {"booking_patient_died"}
    assert refused(lambda: move(clinic, number)).code == "booking_patient_died"
    version = schedule.set_state(clinic.desk, number, 1, S.CANCELLED, "died")
    assert refused(lambda: schedule.set_state(clinic.desk, number, version, S.BOOKED)).code == "booking_patient_died"


def test_a_closure_over_booked_places_loses_none_of_them(clinic: OpenClinic) -> None:
    schedule = clinic.services.schedule
    numbers = [book(clinic, WEDNESDAY + timedelta(minutes=30 * number)) for number in range(3)]
    closure = clinic.services.working_times.close(clinic.physician, WEDNESDAY.date(), WEDNESDAY.date(), "Burst pipe")
    board = schedule.board(clinic.desk, WEDNESDAY.date(), 1)
    assert [(row.id, row.state, row.version) for row in board.appointments] == [(n, S.BOOKED, 1) for n in numbers]
    assert [closed.reason for closed in board.closed] == ["Burst pipe"]
    assert refused(lambda: move(clinic, numbers[0], minutes=20)).code == "booking_closed"
    move(clinic, numbers[0], starts_at=WEDNESDAY + timedelta(days=1))
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        session.delete(session.get_one(Closure, closure))
    move(clinic, numbers[0], 2)


def test_what_is_not_there_is_a_sentence_and_nothing_is_kept(clinic: OpenClinic) -> None:
    schedule, series, patient_id = clinic.services.schedule, clinic.services.series, clinic.patient()
    number = book(clinic)
    unknown: tuple[tuple[dict[str, object], str], ...] = (
        ({"patient_id": UNKNOWN}, "patient_not_found"),
        ({"injector_id": UNKNOWN}, "booking_injector_missing"),
        ({"type_id": UNKNOWN}, "booking_type_missing"),
        ({"room_id": UNKNOWN}, "booking_room_missing"),
        ({"device_ids": (UNKNOWN,)}, "booking_device_missing"),
        ({"follows_visit_id": UNKNOWN}, "visit_not_found"),
    )
    for more, code in unknown:
        asked = replace(wanted(clinic, patient_id, WEDNESDAY + timedelta(hours=1)), **more)  # type: ignore[arg-type]
        assert refused(partial(schedule.book, clinic.physician, replace(asked, overbook_reason="now"))).code == code
        if "follows_visit_id" in more:
            continue
        places = series.plan(clinic.desk, asked, weeks=2, count=2)
        assert [place.problem and place.problem.code for place in places] == [code, code]
        assert refused(partial(series.book, clinic.desk, [asked, asked], weeks=2)).code == code
    for act in (
        partial(move, clinic, UNKNOWN),
        partial(series.move, clinic.desk, UNKNOWN, 1, Scope.ALL, starts_at=WEDNESDAY, minutes=30),
        partial(series.cancel, clinic.desk, UNKNOWN, 1, Scope.ALL, "ill"),
        partial(schedule.set_state, clinic.desk, UNKNOWN, 1, S.CANCELLED, "ill"),
    ):
        assert isinstance(refused(act), NotFound)
    assert refused(partial(move, clinic, number, injector_id=UNKNOWN)).code == "booking_injector_missing"
    assert refused(partial(move, clinic, number, room_id=UNKNOWN)).code == "booking_room_missing"
    assert refused(partial(move, clinic, number, device_ids=(UNKNOWN,))).code == "booking_device_missing"
    assert schedule.history(clinic.desk, UNKNOWN) == ()
    assert schedule.of_patient(clinic.desk, patient_id) == ()
    assert schedule.appointment(clinic.desk, number).version == 1


def test_a_room_or_device_out_of_use_is_not_booked_but_what_stands_in_it_stays(clinic: OpenClinic) -> None:
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        device = Device(name="EMG 1", kind=DeviceKind.EMG)
        session.add(device)
        session.flush()
        device_id = device.id
    schedule = clinic.services.schedule
    number = book(clinic, room_id=1, device_ids=(device_id, device_id))
    assert schedule.appointment(clinic.desk, number).device_ids == (device_id,), "named twice, had once"
    version = schedule.set_state(clinic.desk, number, 1, S.CANCELLED, "ill")
    change(clinic, Device, device_id, active=False)
    change(clinic, Room, 1, active=False)
    at = WEDNESDAY + timedelta(hours=2)
    assert refused(lambda: book(clinic, at, room_id=1)).code == "booking_room_missing"
    assert refused(lambda: book(clinic, at, device_ids=(device_id,))).code == "booking_device_missing"
    version = schedule.set_state(clinic.desk, number, version, S.BOOKED)
    assert refused(lambda: move(clinic, number, version, starts_at=at)).code == "booking_device_missing"
    move(clinic, number, version, starts_at=at, device_ids=())


def test_a_stale_version_changes_nothing(clinic: OpenClinic) -> None:
    schedule, series, number = clinic.services.schedule, clinic.services.series, book(clinic)
    schedule.set_state(clinic.desk, number, 1, S.CONFIRMED)
    before = schedule.appointment(clinic.desk, number), schedule.history(clinic.desk, number)
    for stale in (0, 1, 3, -1):
        for act in (
            partial(move, clinic, number, stale, minutes=45),
            partial(schedule.set_state, clinic.desk, number, stale, S.CANCELLED, "ill"),
            partial(series.move, clinic.desk, number, stale, Scope.THIS, starts_at=WEDNESDAY, minutes=45),
            partial(series.cancel, clinic.desk, number, stale, Scope.THIS, "ill"),
        ):
            assert isinstance(refused(act), RecordChanged)
    assert (schedule.appointment(clinic.desk, number), schedule.history(clinic.desk, number)) == before


def test_text_as_long_as_a_book_and_signs_that_are_none_are_kept_as_far_as_there_is_room(clinic: OpenClinic) -> None:
    schedule, colleague = clinic.services.schedule, clinic.patient(family_name="Byrne")
    number = book(clinic, note="wheel\x00chair\x07\n\ud800needs ramp\x1b ")
    assert schedule.appointment(clinic.desk, number).note == "wheelchair\nneeds ramp"
    over = schedule.book(
        clinic.physician, wanted(clinic, colleague, note="ä" * 10_000, overbook_reason="\x00" + "travels " * 1_250)
    )
    row = schedule.appointment(clinic.desk, over)
    assert (len(row.note), len(row.overbook_reason)) == (1000, 300)
    schedule.set_state(clinic.desk, over, 1, S.CANCELLED, "cannot come " * 1_000)
    assert len(schedule.appointment(clinic.desk, over).reason) == 500
    assert len(dict(schedule.history(clinic.desk, over)[-1].after)["reason"]) == 500


@pytest.mark.parametrize("reason", ["", " ", "\x00", "\x07 \x1b", "\ud800"])
def test_a_reason_of_no_words_allows_nothing(clinic: OpenClinic, reason: str) -> None:
    book(clinic)
    schedule, other = clinic.services.schedule, clinic.patient(family_name="Byrne")
    over = wanted(clinic, other, overbook_reason=reason)
    assert refused(lambda: schedule.book(clinic.physician, over)).code == "booking_overlap_injector"
    number = book(clinic, WEDNESDAY + timedelta(hours=1), patient_id=other)
    cancel = partial(schedule.set_state, clinic.desk, number, 1, S.CANCELLED, reason)
    assert refused(cancel).code == "cancel_reason_missing"


def test_a_thousand_moves_and_undos_are_all_told_and_lose_nothing(
    clinic: OpenClinic, server: PostgresServer | None
) -> None:
    many = 1000 if server is None else 100  # a server answers each of them, but at the speed of a network
    schedule, number = clinic.services.schedule, book(clinic)
    version, there = 1, WEDNESDAY + timedelta(days=1)
    once = statements(clinic, partial(move, clinic, number, version, starts_at=there))
    reading = statements(clinic, partial(schedule.history, clinic.desk, number))
    showing = statements(clinic, partial(schedule.appointment, clinic.desk, number))
    version = move(clinic, number, version + 1)
    for _ in range(many - 2):
        version = move(clinic, number, version, starts_at=there)
        version = move(clinic, number, version)
    last = statements(clinic, partial(move, clinic, number, version, starts_at=there))
    move(clinic, number, version + 1)
    assert last == once, "a long history costs no more to add to"
    row = schedule.appointment(clinic.desk, number)
    assert (row.version, row.starts_at, row.minutes) == (2 * many + 1, WEDNESDAY, 30)
    lines = schedule.history(clinic.desk, number)
    assert [line.what for line in lines] == ["booked", *["moved"] * (2 * many)]
    at = [dict(line.after)["starts_at"] for line in lines]
    assert at[1:] == ["2026-03-05T10:00", "2026-03-04T10:00"] * many
    assert [dict(line.before)["starts_at"] for line in lines[1:]] == at[:-1]
    assert statements(clinic, partial(schedule.history, clinic.desk, number)) == reading == 1
    assert statements(clinic, partial(schedule.appointment, clinic.desk, number)) == showing


def test_a_series_onto_holidays_and_closures_names_each_of_them(clinic: OpenClinic) -> None:
    clinic.services.working_times.set_holidays(clinic.physician, HolidayChoice(kept=True))
    clinic.services.working_times.close(clinic.physician, date(2026, 6, 15), date(2026, 6, 15), "Staff training")
    first = wanted(clinic, clinic.patient(), datetime(2026, 5, 11, 10))
    places = clinic.services.series.plan(clinic.desk, first, weeks=1, count=9)
    said = {place.booking.starts_at.date(): str(place.problem) for place in places if place.problem is not None}
    assert list(said) == [date(2026, 5, 25), date(2026, 6, 15)]
    assert "Memorial Day" in said[date(2026, 5, 25)]
    assert "Staff training" in said[date(2026, 6, 15)]
    whole = partial(clinic.services.series.book, clinic.desk, [place.booking for place in places], weeks=1)
    assert refused(whole).code == "booking_closed"
    free = [place.booking for place in places if place.problem is None]
    assert len(clinic.services.series.book(clinic.desk, free, weeks=1)) == 7


@pytest.mark.parametrize("weeks", [1, 52])
def test_a_year_of_weeks_and_half_a_century_of_years_are_planned_and_booked(clinic: OpenClinic, weeks: int) -> None:
    first = wanted(clinic, clinic.patient())
    places = clinic.services.series.plan(clinic.desk, first, weeks=weeks, count=52)
    assert places[-1].booking.starts_at.date() == WEDNESDAY.date() + timedelta(weeks=51 * weeks)
    assert {place.booking.starts_at.time() for place in places} == {time(10)}
    assert [place.problem for place in places] == [None] * 52
    numbers = clinic.services.series.book(clinic.desk, [place.booking for place in places], weeks=weeks)
    assert len(set(numbers)) == 52


def test_a_series_beyond_the_century_is_planned_as_far_as_it_goes(clinic: OpenClinic) -> None:
    clinic.services.working_times.set_holidays(clinic.physician, HolidayChoice(kept=True))
    first = wanted(clinic, clinic.patient())
    places = clinic.services.series.plan(clinic.desk, first, weeks=104, count=52)
    assert places[-1].booking.starts_at == WEDNESDAY + timedelta(weeks=104 * 51)
    free = [place.booking for place in places if place.problem is None]
    assert any(booking.starts_at.year > 2100 for booking in free)
    assert len(clinic.services.series.book(clinic.desk, free, weeks=104)) == len(free)


@pytest.mark.parametrize("at", [datetime(2200, 1, 1, 10), datetime(9999, 12, 31, 23, 50)])
def test_a_year_that_can_only_be_mistyped_is_a_sentence(clinic: OpenClinic, at: datetime) -> None:
    schedule, series, number = clinic.services.schedule, clinic.services.series, book(clinic)
    far = wanted(clinic, clinic.patient(family_name="Byrne"), at, overbook_reason="far")
    for act in (
        partial(schedule.book, clinic.physician, far),
        partial(move, clinic, number, starts_at=at),
        partial(series.plan, clinic.desk, far, weeks=104, count=52),
        partial(series.book, clinic.desk, [far, far], weeks=104),
        partial(series.move, clinic.desk, number, 1, Scope.ALL, starts_at=at, minutes=30),
    ):
        error = refused(act)
        assert (error.code, error.field) == ("booking_too_far", "starts_at")


def test_what_has_passed_stays_when_the_rest_of_a_series_is_moved_or_cancelled(clinic: OpenClinic) -> None:
    first = wanted(clinic, clinic.patient())
    places = [replace(first, starts_at=WEDNESDAY + timedelta(weeks=number)) for number in range(4)]
    series, schedule = clinic.services.series, clinic.services.schedule
    numbers = series.book(clinic.desk, places, weeks=1)
    clinic.clock.forward(days=5)
    later = places[2].starts_at + timedelta(hours=1)
    moved = series.move(clinic.desk, numbers[2], 1, Scope.ALL, starts_at=later, minutes=30)
    cancelled = series.cancel(clinic.desk, numbers[2], 2, Scope.ALL, "moves house")
    for changed in (moved, cancelled):
        assert tuple(before.appointment_id for before in changed) == numbers[1:]
    assert schedule.appointment(clinic.desk, numbers[0]).state is S.BOOKED, "nobody said yet whether it took place"


def test_the_front_desk_accepts_a_lapsed_authorization_but_overbooks_nothing(clinic: OpenClinic) -> None:
    lapsed = AuthorizationForm("A1", "", None, None, date(2025, 1, 1), date(2026, 3, 10))
    patient_id = clinic.patient(authorizations=(lapsed,))
    schedule, series = clinic.services.schedule, clinic.services.series
    book(clinic, datetime(2026, 3, 11, 10), patient_id=clinic.patient(family_name="Byrne"))
    over = wanted(clinic, patient_id, datetime(2026, 3, 11, 10), type_id=INJECTION, overbook_reason="urgent")
    accepted = replace(over, accepted=(AUTHORIZATION,))
    assert refused(lambda: schedule.book(clinic.desk, accepted)).code == "booking_overlap_injector"
    beside = replace(over, starts_at=datetime(2026, 3, 11, 11), accepted=())
    assert refused(lambda: schedule.book(clinic.desk, beside)).code == "booking_authorization"
    number = schedule.book(clinic.desk, replace(beside, accepted=(AUTHORIZATION,)))
    row = schedule.appointment(clinic.desk, number)
    assert (row.overbooked_by, row.overbook_reason) == ("", ""), "an accepted check is no overbooking"
    later = row.starts_at + timedelta(hours=3)
    assert refused(lambda: move(clinic, number, starts_at=later)).code == "booking_authorization"
    asked = partial(series.move, clinic.desk, number, 1, Scope.THIS, starts_at=later, minutes=30)
    assert refused(asked).code == "booking_authorization"
    assert [before.appointment_id for before in asked(accepted=(AUTHORIZATION,))] == [number]
    version = schedule.set_state(clinic.desk, number, 2, S.CANCELLED, "a slip")
    schedule.set_state(clinic.desk, number, version, S.BOOKED)


def test_who_may_not_book_does_nothing_at_all(clinic: OpenClinic) -> None:
    number, nobody = book(clinic), replace(clinic.desk, roles=frozenset())
    schedule, series = clinic.services.schedule, clinic.services.series
    asked = wanted(clinic, clinic.patient(family_name="Byrne"), WEDNESDAY + timedelta(hours=1))
    for act in (
        partial(schedule.book, nobody, asked),
        partial(schedule.set_state, nobody, number, 1, S.CANCELLED, "ill"),
        partial(series.plan, nobody, asked, weeks=2, count=2),
        partial(series.book, nobody, [asked, asked], weeks=2),
        partial(series.move, nobody, number, 1, Scope.THIS, starts_at=WEDNESDAY, minutes=30),
        partial(series.cancel, nobody, number, 1, Scope.THIS, "ill"),
    ):
        assert isinstance(refused(act), NotAllowed)
    assert schedule.appointment(clinic.desk, number).version == 1


def test_what_was_allowed_to_clash_comes_back_so_and_no_longer_once_its_clash_has_gone(clinic: OpenClinic) -> None:
    schedule, number = clinic.services.schedule, book(clinic)
    over = schedule.book(
        clinic.physician, wanted(clinic, clinic.patient(family_name="Byrne"), overbook_reason="travels")
    )
    version = schedule.set_state(clinic.desk, over, 1, S.CANCELLED, "ill")
    version = schedule.set_state(clinic.desk, over, version, S.BOOKED)
    row = schedule.appointment(clinic.desk, over)
    assert (row.overbooked_by, row.overbook_reason) == ("Dr. Mara Ellison", "travels")
    version = schedule.set_state(clinic.desk, over, version, S.CANCELLED, "ill")
    move(clinic, number, starts_at=WEDNESDAY + timedelta(hours=1))
    schedule.set_state(clinic.desk, over, version, S.BOOKED)
    assert schedule.appointment(clinic.desk, over).overbooked_by == ""


def test_a_place_taken_since_the_cancellation_is_not_come_back_to(clinic: OpenClinic) -> None:
    schedule, number = clinic.services.schedule, book(clinic)
    version = schedule.set_state(clinic.desk, number, 1, S.CANCELLED, "ill")
    book(clinic, patient_id=clinic.patient(family_name="Byrne"))
    assert refused(lambda: schedule.set_state(clinic.desk, number, version, S.BOOKED)).code == (
        "booking_overlap_injector"
    )


def test_a_reason_counts_for_what_its_writer_was_told_of_and_for_nothing_else(clinic: OpenClinic) -> None:
    schedule, ada = clinic.services.schedule, clinic.patient()
    clinic.signed(ada)
    book(clinic)
    asked = wanted(clinic, ada, type_id=INJECTION, overbook_reason="severe pain")
    clash = refused(lambda: schedule.book(clinic.desk, asked))
    assert isinstance(clash, Clash)
    assert [problem.code for problem in clash.problems] == ["booking_overlap_injector", "booking_interval"]
    only_half = replace(asked, told=frozenset({"booking_overlap_injector"}))
    assert refused(lambda: schedule.book(clinic.physician, only_half)).code == "booking_overlap_injector"
    number = schedule.book(clinic.physician, replace(asked, told=frozenset(each.code for each in clash.problems)))
    assert schedule.appointment(clinic.desk, number).overbook_reason == "severe pain"
