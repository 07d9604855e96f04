"""Why an earlier time was not offered: every reason, and none where the proposal would have offered the day."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_app.errors import NotAllowed, NotFound
from clinic_app.models import Account, Appointment, AppointmentType, Closure, DayHours, Device, Room, WorkingHours
from clinic_app.services.access import Actor
from clinic_app.services.clinics import new_account
from clinic_app.services.patient_data import ElsewhereForm
from clinic_app.services.repeat_reasons import FREE, MOST_DAYS, NotOffered, Why
from clinic_app.services.schedule_data import Booking, RepeatProposal
from clinic_app.terms import AppointmentState, DeviceKind, Role
from clinic_app.words import sentence
from tests.services.conftest import OpenClinic
from tests.services.statements import statements

EARLIEST = date(2026, 5, 25)
"""Twelve weeks after Monday 2 March, when the patient was injected at eleven; the interval is one of 13 weeks."""
WANTED = date(2026, 6, 1)
ELEVEN = time(11)


@pytest.fixture
def visit(clinic: OpenClinic) -> int:
    """Injected at eleven on Monday 2 March, to come again in thirteen weeks."""
    patient_id = clinic.patient()
    at = datetime(2026, 3, 2, 11)
    number = clinic.services.schedule.book(
        clinic.physician, Booking(patient_id, clinic.physician.account_id, 1, at, 30)
    )
    visit_id = clinic.signed(patient_id, clinic.content(interval_weeks=13))
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        session.get_one(Appointment, number).visit_id = visit_id
    return visit_id


def proposed(clinic: OpenClinic, visit_id: int, *, count: int = 5, weeks: int | None = None) -> RepeatProposal:
    return clinic.services.repeats.propose(clinic.desk, visit_id, count=count, weeks=weeks)


def told(row: NotOffered) -> str:
    return sentence(f"not_offered.{row.why}", **row.parameters)


def why(clinic: OpenClinic, visit_id: int, day: date, **asked: int) -> NotOffered:
    (row,) = clinic.services.repeat_reasons.why_not(clinic.desk, proposed(clinic, visit_id), day, **asked)
    assert row.day == day
    return row


def fill(clinic: OpenClinic, day: date, *, room: bool = False, injector_id: int | None = None) -> None:
    """Take the whole working day, with the room where one is named."""
    who = injector_id or clinic.physician.account_id
    for number, (begins, minutes) in enumerate(((time(8, 30), 240), (time(13, 30), 210))):
        at = datetime.combine(day, begins)
        patient_id = clinic.patient(family_name=f"Busy {day} {number} {who} {room}")
        clinic.services.schedule.book(
            clinic.physician,
            Booking(patient_id, who, 2, at, minutes, room_id=1 if room else None, overbook_reason="full"),
        )


def colleague(clinic: OpenClinic) -> int:
    """A second injector with the same hours."""
    me = clinic.physician.account_id
    with clinic.store.database.writing(me, clinic.clock()) as session:
        added = new_account(session, "byrne", "Dr. Ora Byrne", frozenset({Role.PHYSICIAN}), clinic.clock).id
        for weekday in range(5):
            for opens, closes in ((time(8, 30), time(12, 30)), (time(13, 30), time(17))):
                session.add(WorkingHours(injector_id=added, weekday=weekday, opens=opens, closes=closes))
    return added


def add(clinic: OpenClinic, *rows: Closure | DayHours | Room | Device) -> None:
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        session.add_all(rows)


def needs(clinic: OpenClinic, *kinds: DeviceKind) -> None:
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        session.get_one(AppointmentType, 1).needs = [kind.value for kind in kinds]


def test_a_day_before_the_minimum_interval_names_the_injection_it_counts_from(clinic: OpenClinic, visit: int) -> None:
    row = why(clinic, visit, EARLIEST - timedelta(days=3))
    assert (row.why, row.injector_id) == (Why.INTERVAL, None)
    assert told(row) == "The minimum interval of 12 weeks after 2 Mar 2026 ends 25 May 2026."


def test_toxin_given_elsewhere_meanwhile_is_named_as_such(clinic: OpenClinic) -> None:
    patient_id = clinic.patient(toxin_elsewhere=(ElsewhereForm(date(2026, 2, 1)),))
    visit_id = clinic.signed(patient_id)
    clinic.clock.forward(days=14)
    details = clinic.services.patients.details(clinic.physician, patient_id)
    form = replace(details.form, toxin_elsewhere=(ElsewhereForm(date(2026, 3, 10)),))
    clinic.services.patients.save(clinic.physician, patient_id, details.version, form)
    row = why(clinic, visit_id, EARLIEST)
    assert row.why is Why.INTERVAL_ELSEWHERE
    assert told(row) == (
        "The minimum interval of 12 weeks after the toxin given elsewhere on 10 Mar 2026 ends 2 Jun 2026."
    )


def test_a_day_that_has_passed_is_that_and_so_is_a_time_of_today(clinic: OpenClinic, visit: int) -> None:
    assert why(clinic, visit, date(2026, 3, 1)).why is Why.PAST
    clinic.clock.forward(weeks=14)  # ten o'clock on 8 June
    clinic.clock.forward(hours=6, minutes=45)
    row = why(clinic, visit, date(2026, 6, 8))
    assert (row.why, row.injector_name) == (Why.PAST, "Dr. Mara Ellison")


def test_a_closure_and_an_absence_are_told_with_their_reason_where_there_is_one(clinic: OpenClinic, visit: int) -> None:
    me, close = clinic.physician.account_id, clinic.services.working_times.close
    close(clinic.physician, WANTED, WANTED, "Burst pipe")
    add(clinic, Closure(first_day=date(2026, 6, 2), last_day=date(2026, 6, 2), reason=""))  # of an older release
    close(clinic.physician, date(2026, 6, 3), date(2026, 6, 3), "Congress", me)
    add(clinic, DayHours(injector_id=me, day=date(2026, 6, 4)))
    said = [why(clinic, visit, WANTED + timedelta(days=number)) for number in range(4)]
    assert [told(row) for row in said] == [
        "The clinic is closed: Burst pipe.", "The clinic is closed.", "Away: Congress.", "Away.",
    ]  # fmt: skip
    assert [row.injector_id for row in said] == [None, None, me, me]


def test_a_day_without_hours_is_one_on_which_the_injector_does_not_work(clinic: OpenClinic, visit: int) -> None:
    assert why(clinic, visit, date(2026, 6, 6)).why is Why.NO_HOURS


def test_a_full_day_is_told_in_minutes(clinic: OpenClinic, visit: int) -> None:
    fill(clinic, WANTED)
    row = why(clinic, visit, WANTED)
    assert (row.why, told(row)) == (Why.FULL, "Fully booked: 450 of 450 minutes.")


def test_a_day_whose_gaps_are_too_short_is_not_called_full(clinic: OpenClinic, visit: int) -> None:
    for begins, minutes in ((time(8, 50), 200), (time(13, 50), 180)):
        at = datetime.combine(WANTED, begins)
        patient_id = clinic.patient(family_name=f"Busy {begins}")
        booking = Booking(patient_id, clinic.physician.account_id, 2, at, minutes)
        clinic.services.schedule.book(clinic.physician, booking)
    row = why(clinic, visit, WANTED)
    assert (row.why, told(row)) == (Why.NO_GAP, "No 30 minutes free together: booked 380 of 450 minutes.")


def test_a_day_without_a_room_is_told_although_the_injector_is_free(clinic: OpenClinic, visit: int) -> None:
    other = colleague(clinic)
    fill(clinic, WANTED, room=True, injector_id=other)
    row = why(clinic, visit, WANTED, injector_id=clinic.physician.account_id)
    assert (row.why, told(row)) == (Why.NO_ROOM, "No room is free at the injector's free times.")
    add(clinic, Room(name="Room 2"))
    assert why(clinic, visit, WANTED, injector_id=clinic.physician.account_id).why in FREE


def test_a_day_without_the_device_that_is_needed_names_the_devices(clinic: OpenClinic, visit: int) -> None:
    needs(clinic, DeviceKind.EMG, DeviceKind.ULTRASOUND)
    add(clinic, Device(name="EMG 1", kind=DeviceKind.EMG))
    row = why(clinic, visit, WANTED)
    assert row.why is Why.DEVICE_MISSING
    assert told(row) == "The clinic has no device for ultrasound, which this kind of appointment needs."
    add(clinic, Device(name="Blue", kind=DeviceKind.ULTRASOUND))
    other = colleague(clinic)
    with clinic.store.database.reading() as session:
        blue = session.query(Device).filter_by(name="Blue").one().id
    for begins, minutes in ((time(8, 30), 240), (time(13, 30), 210)):
        at = datetime.combine(WANTED, begins)
        patient_id = clinic.patient(family_name=f"Busy {begins}")
        clinic.services.schedule.book(clinic.physician, Booking(patient_id, other, 2, at, minutes, device_ids=(blue,)))
    row = why(clinic, visit, WANTED, injector_id=clinic.physician.account_id)
    assert (row.why, told(row)) == (
        Why.NO_DEVICE, "No device for ultrasound is free at the injector's free times (Blue).",
    )  # fmt: skip


def test_a_free_day_before_the_interval_asked_for_says_how_to_be_offered_it(clinic: OpenClinic, visit: int) -> None:
    row = why(clinic, visit, EARLIEST)
    assert (row.why, row.parameters["time"]) == (Why.BEFORE_WANTED, ELEVEN)
    assert "13 weeks ends 1 Jun 2026" in told(row)
    assert EARLIEST in {slot.starts_at.date() for slot in proposed(clinic, visit, weeks=12).slots}


def test_a_free_day_that_others_came_before_says_by_what(clinic: OpenClinic, visit: int) -> None:
    other, me = colleague(clinic), clinic.physician.account_id
    proposal = proposed(clinic, visit, count=1)
    assert [slot.starts_at for slot in proposal.slots] == [datetime.combine(WANTED, ELEVEN)]
    with clinic.store.database.reading() as session:
        names = [session.get_one(Account, number).full_name for number in (me, other)]

    def asked(day: date) -> list[tuple[str, Why, object]]:
        rows = clinic.services.repeat_reasons.why_not(clinic.desk, proposal, day)
        return [(row.injector_name, row.why, row.parameters.get("other")) for row in rows]

    assert asked(WANTED) == [
        (names[0], Why.OFFERED, None), (names[1], Why.RANKED_BEHIND, "other injector"),
    ]  # fmt: skip
    assert asked(WANTED + timedelta(days=1)) == [
        (names[0], Why.RANKED_BEHIND, "other weekday"), (names[1], Why.RANKED_BEHIND, "other weekday, other injector"),
    ]  # fmt: skip
    assert asked(WANTED + timedelta(weeks=1))[0] == (names[0], Why.RANKED_BEHIND, "later than those offered")


def test_the_days_up_to_the_first_one_offered_are_told_but_not_the_weekend(clinic: OpenClinic, visit: int) -> None:
    clinic.services.working_times.close(clinic.physician, WANTED, date(2026, 6, 3), "Burst pipe")
    fill(clinic, date(2026, 6, 4))
    fill(clinic, date(2026, 6, 5))
    rows = clinic.services.repeat_reasons.why_not_earlier(clinic.desk, proposed(clinic, visit))
    assert [(row.day.day, row.why) for row in rows] == [
        (1, Why.CLOSED), (2, Why.CLOSED), (3, Why.CLOSED), (4, Why.FULL), (5, Why.FULL),
    ]  # fmt: skip
    assert not [row for row in rows if row.why in FREE]


def test_nothing_is_earlier_than_the_wanted_day_when_that_is_offered(clinic: OpenClinic, visit: int) -> None:
    assert clinic.services.repeat_reasons.why_not_earlier(clinic.desk, proposed(clinic, visit)) == ()


def test_where_nothing_is_offered_four_weeks_are_told(clinic: OpenClinic, visit: int) -> None:
    clinic.services.working_times.close(clinic.physician, WANTED, date(2027, 6, 1), "Rebuilding")
    rows = clinic.services.repeat_reasons.why_not_earlier(clinic.desk, proposed(clinic, visit))
    assert len(rows) == MOST_DAYS
    assert rows[-1].day == WANTED + timedelta(days=MOST_DAYS - 1)


def test_who_left_has_no_reasons_and_who_may_not_book_gets_none(clinic: OpenClinic, visit: int) -> None:
    proposal = proposed(clinic, visit)
    reasons = clinic.services.repeat_reasons
    with pytest.raises(NotFound):
        reasons.why_not(clinic.desk, proposal, WANTED, 99)
    with pytest.raises(NotFound):
        reasons.why_not(clinic.desk, replace(proposal, visit_id=99), WANTED)
    nobody = Actor(1, "nobody", "Nobody", frozenset())
    with pytest.raises(NotAllowed):
        reasons.why_not(nobody, proposal, WANTED)
    with pytest.raises(NotAllowed):
        reasons.why_not_earlier(nobody, proposal)


def test_every_reason_has_its_sentence() -> None:
    filled = {
        "interval": "12 weeks", "last_on": WANTED, "earliest": WANTED, "reason": "x", "booked": 1, "open": 2,
        "minutes": 30, "kind": "EMG", "devices": "x", "time": "11:00", "weeks": 12, "wanted": WANTED, "other": "x",
    }  # fmt: skip
    for each in Why:
        said = sentence(f"not_offered.{each}", **filled)
        assert said.endswith((".", ").")), each
        assert "{" not in said, each


def test_many_days_and_full_ones_take_as_many_statements_as_one_empty_day(clinic: OpenClinic, visit: int) -> None:
    reasons, sent = clinic.services.repeat_reasons, []
    needs(clinic, DeviceKind.EMG)
    for number in range(3):
        proposal = replace(proposed(clinic, visit), wanted=WANTED, slots=())
        sent.append(
            (
                statements(clinic, lambda p=proposal: reasons.why_not(clinic.desk, p, WANTED)),  # type: ignore[misc]
                statements(clinic, lambda p=proposal: reasons.why_not_earlier(clinic.desk, p)),  # type: ignore[misc]
            )
        )
        fill(clinic, WANTED + timedelta(days=number))
        add(clinic, Device(name=f"EMG {number}", kind=DeviceKind.EMG), Room(name=f"Extra {number}"))
    assert {one == many for one, many in sent} == {True}
    assert sent[0] == sent[-1]
    assert sent[0][0] <= 18


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(34, 68), st.integers(2, 20), st.booleans()), max_size=8),
    st.lists(st.integers(0, 6), max_size=3),
)
def test_a_day_is_free_exactly_when_the_proposal_could_offer_it(
    clinic: OpenClinic, wanted: list[tuple[int, int, int, bool]], closed: list[int]
) -> None:
    found = clinic.services.patients.search(clinic.physician, "Tested")
    patient_id = found[0].id if found else clinic.patient(family_name="Tested")
    visits = clinic.services.visits.of_patient(clinic.physician, patient_id)
    visit_id = visits[0].id if visits else clinic.signed(patient_id, clinic.content(interval_weeks=13))
    me = clinic.physician.account_id
    with clinic.store.database.writing(me, clinic.clock()) as session:
        for model in (Appointment, DayHours):
            for old in session.query(model):
                session.delete(old)
        for number in set(closed):
            session.add(DayHours(injector_id=me, day=WANTED + timedelta(days=number), reason="Away"))
        for after, quarter, quarters, with_room in wanted:
            session.add(
                Appointment(
                    patient_id=patient_id, injector_id=me, type_id=1, minutes=15 * quarters,
                    starts_at=datetime.combine(WANTED + timedelta(days=after), time())
                    + timedelta(minutes=15 * quarter),
                    room_id=1 if with_room else None, state=AppointmentState.BOOKED,
                )
            )  # fmt: skip
    every = clinic.services.repeats.propose(clinic.desk, visit_id, count=500)
    offered = {slot.starts_at.date() for slot in every.slots}
    asked = replace(every, slots=())
    for number in range(7):
        day = WANTED + timedelta(days=number)
        (row,) = clinic.services.repeat_reasons.why_not(clinic.desk, asked, day)
        assert (row.why in FREE) == (day in offered), row
