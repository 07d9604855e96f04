from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from clinic_app.errors import ClinicError, NotAllowed, NotFound, RecordChanged
from clinic_app.models import Account, Device
from clinic_app.services.patient_data import AuthorizationForm, ElsewhereForm
from clinic_app.services.public_holidays import HolidayChoice
from clinic_app.services.schedule_data import Booking, DeviceRow
from clinic_app.services.stores import add_person
from clinic_app.services.visit_data import SideEffectForm
from clinic_app.terms import AppointmentState, DeviceKind, PatientStatus, Role, Severity
from tests.clinics import CHEAP, PASSPHRASE
from tests.services.conftest import OpenClinic

S = AppointmentState
TEN = datetime(2026, 3, 4, 10)


def booking(clinic: OpenClinic, patient_id: int, **changes: object) -> Booking:
    given = {
        "patient_id": patient_id,
        "injector_id": clinic.physician.account_id,
        "type_id": 1,
        "starts_at": TEN,
        "minutes": 30,
        "room_id": 1,
    } | changes
    return Booking(**given)  # type: ignore[arg-type]


def refused(clinic: OpenClinic, wanted: Booking) -> ClinicError:
    with pytest.raises(ClinicError) as error:
        clinic.services.schedule.book(clinic.desk, wanted)
    assert str(error.value)
    return error.value


def add_physician(clinic: OpenClinic) -> int:
    """A colleague with the same hours; returns the account."""
    number = add_person(
        clinic.settings, clinic.store, clinic.clock, full_name="Dr. Tomas Reyes", user_name="reyes",
        roles=frozenset({Role.PHYSICIAN}), passphrase=PASSPHRASE, cost=CHEAP,
    )  # fmt: skip
    hours: tuple[tuple[time, time], ...] = ((time(8), time(17)),)
    clinic.services.working_times.set_hours(clinic.physician, number, dict.fromkeys(range(5), hours))
    return number


def other(clinic: OpenClinic) -> int:
    return clinic.patient(family_name="Byrne", given_name="Callum", birth_date=date(1970, 1, 1))


def test_what_is_booked_stands_on_its_day(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    clinic.services.schedule.book(clinic.desk, booking(clinic, patient_id, note="wheelchair"))
    board = clinic.services.schedule.board(clinic.desk, TEN.date(), 1)
    (row,) = board.appointments
    assert (row.patient_name, row.starts_at, row.ends_at, row.state, row.note) == (
        "Ada Okafor",
        TEN,
        TEN + timedelta(minutes=30),
        S.BOOKED,
        "wheelchair",
    )
    assert [(h.opens, h.closes) for h in board.hours] == [(time(8, 30), time(12, 30)), (time(13, 30), time(17))]
    assert clinic.services.schedule.board(clinic.desk, TEN.date() + timedelta(days=1), 5).appointments == ()


@pytest.mark.parametrize("minutes", [-29, -1, 0, 1, 29])
def test_an_overlap_of_any_minute_is_named(clinic: OpenClinic, minutes: int) -> None:
    clinic.services.schedule.book(clinic.desk, booking(clinic, clinic.patient()))
    error = refused(clinic, booking(clinic, other(clinic), starts_at=TEN + timedelta(minutes=minutes), room_id=None))
    assert error.code == "booking_overlap_injector"
    assert "Ada Okafor" in str(error)


@pytest.mark.parametrize("minutes", [-30, 30])
def test_appointments_that_touch_do_not_clash(clinic: OpenClinic, minutes: int) -> None:
    clinic.services.schedule.book(clinic.desk, booking(clinic, clinic.patient()))
    clinic.services.schedule.book(
        clinic.desk, booking(clinic, other(clinic), starts_at=TEN + timedelta(minutes=minutes))
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"starts_at": datetime(2026, 3, 2, 9)}, "booking_past"),
        ({"starts_at": datetime(2026, 3, 7, 10)}, "booking_outside_hours"),
        ({"starts_at": datetime(2026, 3, 4, 12, 15)}, "booking_outside_hours"),
        ({"minutes": 0}, "booking_minutes"),
        ({"type_id": 99}, "booking_type_missing"),
        ({"injector_id": 99}, "booking_injector_missing"),
    ],
)
def test_a_booking_that_cannot_be_is_refused(clinic: OpenClinic, changes: dict[str, object], code: str) -> None:
    assert refused(clinic, booking(clinic, clinic.patient(), **changes)).code == code


def test_nobody_is_in_two_places_at_once_not_even_on_purpose(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    clinic.services.schedule.book(clinic.desk, booking(clinic, patient_id))
    with pytest.raises(ClinicError) as error:
        clinic.services.schedule.book(
            clinic.physician, booking(clinic, patient_id, overbook_reason="urgent", minutes=20)
        )
    assert error.value.code == "booking_overlap_patient"


def test_a_room_is_used_once(clinic: OpenClinic) -> None:
    clinic.services.schedule.book(clinic.desk, booking(clinic, clinic.patient()))
    clinic.services.working_times.set_hours(clinic.physician, clinic.nurse.account_id, {2: ((time(9), time(12)),)})
    error = refused(clinic, booking(clinic, other(clinic), injector_id=clinic.nurse.account_id))
    assert error.code == "booking_overlap_room"


def test_a_closure_is_named_and_can_be_booked_over_with_a_reason_by_those_who_may(clinic: OpenClinic) -> None:
    clinic.services.working_times.close(clinic.physician, TEN.date(), TEN.date(), "Staff training")
    patient_id = clinic.patient()
    error = refused(clinic, booking(clinic, patient_id))
    assert error.code == "booking_closed"
    assert "Staff training" in str(error)
    reasoned = booking(clinic, patient_id, overbook_reason="cannot come on another day")
    assert refused(clinic, reasoned).code == "booking_closed"
    appointment_id = clinic.services.schedule.book(clinic.physician, reasoned)
    (change,) = clinic.services.schedule.history(clinic.desk, appointment_id)
    assert ("reason", "cannot come on another day") in change.after


def test_an_injector_who_is_away_is_named(clinic: OpenClinic) -> None:
    clinic.services.working_times.close(
        clinic.physician, TEN.date(), TEN.date(), "Congress", injector_id=clinic.physician.account_id
    )
    error = refused(clinic, booking(clinic, clinic.patient()))
    assert error.code == "booking_away"
    assert "Dr. Mara Ellison" in str(error)


def test_an_injection_before_the_minimum_interval_is_refused_with_the_first_day(clinic: OpenClinic) -> None:
    patient_id = clinic.patient(toxin_elsewhere=(ElsewhereForm(date(2026, 2, 1), "onabotulinumtoxinA"),))
    error = refused(clinic, booking(clinic, patient_id))
    assert (error.code, error.parameters["earliest"]) == ("booking_interval", date(2026, 4, 26))
    clinic.services.schedule.book(clinic.desk, booking(clinic, patient_id, type_id=3))


def test_an_unreviewed_red_flag_is_reviewed_before_the_next_injection(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    visit_id = clinic.signed(patient_id)
    clinic.clock.forward(days=90)
    effect_id = clinic.services.side_effects.record(
        clinic.desk,
        SideEffectForm(visit_id, "breathing_difficulty", "", Severity.SEVERE, date(2026, 3, 8)),
    )
    wanted = booking(clinic, patient_id, starts_at=datetime(2026, 6, 3, 10))
    assert refused(clinic, wanted).code == "booking_unreviewed_red_flag"
    clinic.services.side_effects.resolve(clinic.physician, effect_id, 1, "Seen in hospital, recovered.")
    clinic.services.schedule.book(clinic.desk, wanted)


def test_a_move_is_told_in_the_history_and_the_old_place_is_free(clinic: OpenClinic) -> None:
    appointment_id = clinic.services.schedule.book(clinic.desk, booking(clinic, clinic.patient()))
    clinic.services.schedule.move(
        clinic.desk,
        appointment_id,
        1,
        starts_at=TEN + timedelta(hours=1),
        minutes=45,
        injector_id=clinic.physician.account_id,
        room_id=1,
    )
    changes = clinic.services.schedule.history(clinic.desk, appointment_id)
    assert [(c.what, c.by) for c in changes] == [("booked", "Desk"), ("moved", "Desk")]
    assert dict(changes[1].before) == {"starts_at": "2026-03-04T10:00", "minutes": "30"}
    assert dict(changes[1].after) == {"starts_at": "2026-03-04T11:00", "minutes": "45"}
    clinic.services.schedule.book(clinic.desk, booking(clinic, other(clinic)))


def test_the_second_of_two_moves_is_told(clinic: OpenClinic) -> None:
    appointment_id = clinic.services.schedule.book(clinic.desk, booking(clinic, clinic.patient()))
    clinic.services.schedule.set_state(clinic.desk, appointment_id, 1, S.CONFIRMED)
    with pytest.raises(RecordChanged):
        clinic.services.schedule.set_state(clinic.nurse, appointment_id, 1, S.CANCELLED, "ill")


def test_an_appointment_moves_along_through_its_day(clinic: OpenClinic) -> None:
    today = booking(clinic, clinic.patient(), starts_at=datetime(2026, 3, 2, 11))
    appointment_id = clinic.services.schedule.book(clinic.desk, today)
    version = 1
    for state in (S.CONFIRMED, S.ARRIVED, S.IN_ROOM, S.INJECTED, S.CHECKED_OUT):
        version = clinic.services.schedule.set_state(clinic.desk, appointment_id, version, state)
        row = clinic.services.schedule.appointment(clinic.desk, appointment_id)
        since = clinic.clock.moment if state in (S.ARRIVED, S.IN_ROOM) else None  # nobody else waits
        assert (row.state, row.since) == (state, since)
    with pytest.raises(ClinicError):
        clinic.services.schedule.set_state(clinic.desk, appointment_id, version, S.CANCELLED, "late")
    with pytest.raises(ClinicError):
        clinic.services.schedule.move(
            clinic.desk, appointment_id, version, starts_at=TEN, minutes=30, injector_id=clinic.physician.account_id
        )


def test_a_cancelled_place_is_free_and_cannot_be_taken_back_once_it_is_taken(clinic: OpenClinic) -> None:
    appointment_id = clinic.services.schedule.book(clinic.desk, booking(clinic, clinic.patient()))
    with pytest.raises(ClinicError):
        clinic.services.schedule.set_state(clinic.desk, appointment_id, 1, S.CANCELLED)
    version = clinic.services.schedule.set_state(clinic.desk, appointment_id, 1, S.CANCELLED, "ill")
    version = clinic.services.schedule.set_state(clinic.desk, appointment_id, version, S.BOOKED)
    version = clinic.services.schedule.set_state(clinic.desk, appointment_id, version, S.CANCELLED, "ill again")
    clinic.services.schedule.book(clinic.desk, booking(clinic, other(clinic)))
    with pytest.raises(ClinicError) as error:
        clinic.services.schedule.set_state(clinic.desk, appointment_id, version, S.BOOKED)
    assert error.value.code == "booking_overlap_injector"


def test_nobody_arrives_before_the_day(clinic: OpenClinic) -> None:
    appointment_id = clinic.services.schedule.book(clinic.desk, booking(clinic, clinic.patient()))
    with pytest.raises(ClinicError) as error:
        clinic.services.schedule.set_state(clinic.desk, appointment_id, 1, S.ARRIVED)
    assert error.value.code == "appointment_in_future"


def test_like_names_on_one_day_are_marked(clinic: OpenClinic) -> None:
    clinic.services.schedule.book(clinic.desk, booking(clinic, clinic.patient()))
    twin = clinic.patient(given_name="Adaeze", birth_date=date(1980, 1, 1))
    clinic.services.schedule.book(clinic.desk, booking(clinic, twin, starts_at=TEN + timedelta(hours=1)))
    clinic.services.schedule.book(clinic.desk, booking(clinic, other(clinic), starts_at=TEN + timedelta(hours=2)))
    rows = clinic.services.schedule.board(clinic.desk, TEN.date(), 1).appointments
    assert [row.similar_name for row in rows] == [True, True, False]
    assert [row.patient_id for row in clinic.services.schedule.of_patient(clinic.desk, twin)] == [twin]


def test_what_is_not_there_or_not_allowed_is_said(clinic: OpenClinic) -> None:
    with pytest.raises(NotFound):
        clinic.services.schedule.appointment(clinic.desk, 99)
    with pytest.raises(NotFound):
        clinic.services.schedule.set_state(clinic.desk, 99, 1, S.CONFIRMED)
    with pytest.raises(NotFound):
        clinic.services.schedule.book(clinic.desk, booking(clinic, 99))
    with pytest.raises(NotAllowed):
        clinic.services.schedule.book(replace(clinic.desk, roles=frozenset()), booking(clinic, 1))


def test_the_repeat_is_proposed_at_the_interval_same_weekday_and_hour_first(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    clinic.services.schedule.book(clinic.desk, booking(clinic, patient_id, starts_at=datetime(2026, 3, 2, 11)))
    visit_id = clinic.signed(patient_id)
    clinic.services.working_times.set_holidays(clinic.physician, HolidayChoice(kept=True))
    proposal = clinic.services.repeats.propose(clinic.desk, visit_id)
    assert (proposal.interval_weeks, proposal.from_what) == (12, "plan")
    assert (proposal.earliest, proposal.wanted) == (date(2026, 5, 25), date(2026, 5, 25))
    assert proposal.slots[0].starts_at == datetime(2026, 5, 26, 11), "the 25th is Memorial Day"
    proposal = clinic.services.repeats.propose(clinic.desk, visit_id, weeks=13)
    first = proposal.slots[0]
    assert (first.starts_at, first.weeks, first.why) == (
        datetime(2026, 6, 1, 11),
        13.0,
        "same weekday, hour, injector",
    )
    assert len(proposal.slots) == 5
    repeat = Booking(
        patient_id, first.injector_id, first.type_id, first.starts_at, first.minutes, first.room_id, "", visit_id
    )
    clinic.services.schedule.book(clinic.desk, repeat)
    again = clinic.services.repeats.propose(clinic.desk, visit_id, weeks=13)
    assert first.starts_at not in {slot.starts_at for slot in again.slots}


def test_no_repeat_is_proposed_before_the_minimum_or_on_a_closed_day(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    visit_id = clinic.signed(patient_id)
    clinic.services.working_times.close(clinic.physician, date(2026, 5, 25), date(2026, 5, 29), "Holiday")
    proposal = clinic.services.repeats.propose(clinic.desk, visit_id, weeks=8)
    assert proposal.earliest == date(2026, 5, 25)
    assert min(slot.starts_at.date() for slot in proposal.slots) == date(2026, 6, 1)
    for slot in proposal.slots:
        assert slot.starts_at.weekday() < 5
    with pytest.raises(ClinicError):
        clinic.services.repeats.propose(clinic.desk, visit_id, weeks=0)
    with pytest.raises(NotFound):
        clinic.services.repeats.propose(clinic.desk, 99)


def test_the_usual_interval_of_the_patient_counts_when_the_plan_names_none(clinic: OpenClinic) -> None:
    patient_id = clinic.patient(usual_interval_weeks=14)
    visit_id = clinic.signed(patient_id, clinic.content(interval_weeks=None))
    proposal = clinic.services.repeats.propose(clinic.desk, visit_id)
    assert (proposal.interval_weeks, proposal.from_what) == (14, "usual")
    plain = clinic.signed(other(clinic), clinic.content(interval_weeks=None))
    assert clinic.services.repeats.propose(clinic.desk, plain).from_what == "minimum"


def test_what_the_hours_and_closures_cannot_be(clinic: OpenClinic) -> None:
    with pytest.raises(ClinicError):
        clinic.services.working_times.set_hours(
            clinic.physician, clinic.physician.account_id, {0: ((time(9), time(8)),)}
        )
    with pytest.raises(NotFound):
        clinic.services.working_times.set_hours(clinic.physician, 99, {})
    with pytest.raises(ClinicError):
        clinic.services.working_times.close(clinic.physician, date(2026, 5, 2), date(2026, 5, 1), "x")
    with pytest.raises(NotAllowed):
        clinic.services.calendar_rules.add_room(clinic.desk, "Room 9")
    choices = clinic.services.schedule.choices(clinic.desk)
    assert [i.name for i in choices.injectors] == ["Dr. Mara Ellison"]
    assert [r.name for r in choices.rooms] == ["Room 1"]
    assert [(t.name, t.minutes) for t in choices.types] == [("Injection", 30), ("First visit", 60), ("Review", 20)]


def test_a_device_is_with_one_appointment_at_a_time(clinic: OpenClinic) -> None:
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        device = Device(name="Ultrasound 1", kind=DeviceKind.ULTRASOUND)
        session.add(device)
        session.flush()
        device_id = device.id
    schedule, colleague = clinic.services.schedule, add_physician(clinic)
    first = schedule.book(clinic.desk, booking(clinic, clinic.patient(), device_ids=(device_id,)))
    assert schedule.choices(clinic.desk).devices == (DeviceRow(device_id, "Ultrasound 1", DeviceKind.ULTRASOUND),)
    wanted = booking(clinic, other(clinic), injector_id=colleague, room_id=None, device_ids=(device_id,))
    error = refused(clinic, wanted)
    assert (error.code, error.parameters["device"]) == ("booking_overlap_device", "Ultrasound 1")
    schedule.book(clinic.desk, replace(wanted, device_ids=()))
    later = schedule.move(
        clinic.desk, first, 1, starts_at=TEN + timedelta(hours=2), minutes=30, injector_id=clinic.physician.account_id
    )
    assert later == 2
    assert schedule.appointment(clinic.desk, first).device_ids == (device_id,), "it keeps what it had"


def test_who_booked_over_a_clash_stands_on_the_appointment_until_it_is_moved_out_of_it(clinic: OpenClinic) -> None:
    schedule = clinic.services.schedule
    schedule.book(clinic.desk, booking(clinic, clinic.patient()))
    over = schedule.book(clinic.physician, booking(clinic, other(clinic), overbook_reason=" travels "))
    row = schedule.appointment(clinic.desk, over)
    assert (row.overbooked_by, row.overbook_reason) == ("Dr. Mara Ellison", "travels")
    schedule.move(
        clinic.physician, over, 1, starts_at=TEN + timedelta(hours=1), minutes=30,
        injector_id=clinic.physician.account_id, overbook_reason="not needed any more",
    )  # fmt: skip
    row = schedule.appointment(clinic.desk, over)
    assert (row.overbooked_by, row.overbook_reason) == ("", "")


def test_what_the_payer_did_not_agree_to_is_said_and_booked_when_the_person_accepts_it(clinic: OpenClinic) -> None:
    lapsed = AuthorizationForm("A1", "onabotulinumtoxinA", None, None, date(2025, 1, 1), date(2026, 5, 31))
    patient_id = clinic.patient(authorizations=(lapsed,))
    visit_id = clinic.signed(patient_id)
    assert "ends on" in clinic.services.repeats.propose(clinic.desk, visit_id, weeks=14).authorization
    assert clinic.services.repeats.propose(clinic.desk, visit_id, weeks=12).authorization == ""
    wanted = booking(clinic, patient_id, starts_at=datetime(2026, 6, 8, 10))
    assert refused(clinic, wanted).code == "booking_authorization"
    clinic.services.schedule.book(clinic.desk, replace(wanted, accepted=("booking.authorization",)))


def test_nobody_is_booked_with_an_injector_who_left_or_after_death(clinic: OpenClinic) -> None:
    colleague = add_physician(clinic)
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        session.get_one(Account, colleague).active = False
    assert refused(clinic, booking(clinic, clinic.patient(), injector_id=colleague)).code == "booking_injector_left"
    dead = clinic.patient(family_name="Byrne", status=PatientStatus.DIED, died_on=date(2026, 3, 1))
    assert refused(clinic, booking(clinic, dead)).code == "booking_patient_died"
