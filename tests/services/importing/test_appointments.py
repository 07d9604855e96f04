"""Appointments from a spreadsheet: to come by the rules of booking, of before as they ended."""

from datetime import datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_app.errors import ClinicError
from clinic_app.services.importing.preview import Outcome
from clinic_app.services.importing.times import read_time
from clinic_app.terms import AppointmentState, ImportKind
from tests.services.importing.conftest import Desk, asked, reasons

A = ImportKind.APPOINTMENTS
HEADER = ("MRN", "Date", "Time", "Minutes", "Doctor", "Type", "Room", "Status")
TO_COME = ("A1", "2026-03-09", "10:00", "40", "Ellison", "Injection", "Room 1", "")
OF_BEFORE = ("A1", "2025-03-10", "9.15 Uhr", "", "Dr. Old Hand", "Review", "", "no show")


def on_record(desk: Desk) -> list[tuple[datetime, int, str, AppointmentState]]:
    names = {row.id: row.full_name for row in desk.clinic.services.clinics.accounts(desk.actor)}
    (patient,) = desk.clinic.services.patients.search(desk.actor, "okafor")
    rows = desk.clinic.services.schedule.of_patient(desk.actor, patient.id)
    return sorted((row.starts_at, row.minutes, names[row.injector_id], row.state) for row in rows)


def test_what_is_to_come_and_what_was_stand_in_the_schedule(desk: Desk) -> None:
    before = desk.contents()
    done = desk.bring(A, HEADER, TO_COME, OF_BEFORE)
    assert on_record(desk) == [
        (datetime(2025, 3, 10, 9, 15), 20, "Dr. Old Hand", AppointmentState.NO_SHOW),
        (datetime(2026, 3, 9, 10, 0), 40, "Dr. Mara Ellison", AppointmentState.BOOKED),
    ]
    again = desk.look(A, HEADER, TO_COME, OF_BEFORE)
    assert [verdict.outcome for verdict in again.verdicts] == [Outcome.DUPLICATE] * 2
    desk.imports.undo(desk.actor, done.import_id)
    assert desk.contents() == before


@pytest.mark.parametrize(
    ("place", "typed", "said"),
    [
        (0, "Z9", "MRN"),
        (1, "1950-01-02", "before the patient was born"),
        (1, "2025-03-09", "did not come"),
        (1, "2026-03-08", "Dr. Mara Ellison"),
        (2, "25:00", "Time"),
        (2, "noon", "Time"),
        (2, "", "Time"),
        (2, "23:30", "Dr. Mara Ellison"),
        (3, "3", "Minutes"),
        (4, "Somebody", "no account in use"),
        (4, "", "no account in use"),
        (7, "done", "still to come"),
    ],
)
def test_what_cannot_be_is_refused(desk: Desk, place: int, typed: str, said: str) -> None:
    (verdict,) = desk.look(A, HEADER, (*TO_COME[:place], typed, *TO_COME[place + 1 :])).verdicts
    assert verdict.outcome is Outcome.REFUSED
    assert said in reasons(verdict)


def test_what_room_kind_and_state_are_not_known_is_asked(desk: Desk) -> None:
    preview = desk.look(A, HEADER, (*TO_COME[:5], "Spritze", "Blue", "perhaps"))
    assert {ask.value for ask, _ in asked(preview)} == {"type", "room", "state"}


def test_clashes_are_refused_unless_there_is_a_reason(desk: Desk) -> None:
    desk.clinic.patient(record_number="B2", family_name="Lee")
    rows = (TO_COME, ("B2", *TO_COME[1:]))
    first, second = desk.look(A, HEADER, *rows).verdicts
    assert first.comes_in
    assert "10:00" in reasons(second)
    assert desk.bring(A, HEADER, *rows).preview.coming_in == 1
    desk.imports.undo(desk.actor, 1)
    assert desk.bring(A, HEADER, *rows, clash_reason="two chairs").preview.coming_in == 2


def test_nobody_is_in_two_places_whatever_the_reason(desk: Desk) -> None:
    rows = (TO_COME, (*TO_COME[:2], "10:20", *TO_COME[3:]))
    first, second = desk.look(A, HEADER, *rows, clash_reason="two chairs").verdicts
    assert (first.comes_in, second.comes_in) == (True, False)


@given(st.times(), st.sampled_from(["{:%H:%M}", "{:%H.%M}", "{:%Hh%M}", "{:%H:%M:00}", "{:%I:%M %p}", "{:%H:%M} Uhr"]))
@settings(max_examples=200)
def test_every_usual_way_to_write_a_time_is_read(moment: time, written: str) -> None:
    assert read_time(written.format(moment)) == moment.replace(second=0, microsecond=0)


@given(st.text(max_size=12))
def test_whatever_else_stands_there_is_a_time_or_a_sentence(typed: str) -> None:
    try:
        read_time(typed)
    except ClinicError as error:
        assert "time of day" in str(error)
