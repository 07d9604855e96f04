"""Calendar files of the schedule: whose, where, when, and no name that the clinic did not allow to leave."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from clinic_app.cli import run
from clinic_app.errors import ClinicError, NotAllowed
from clinic_app.services.schedule_data import Booking
from clinic_app.terms import AppointmentState
from tests.clinics import PASSPHRASE
from tests.services.conftest import OpenClinic
from tests.services.statements import statements

AT = datetime(2026, 3, 9, 10)


def read(file: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(file).walk("VEVENT"))


def booked(clinic: OpenClinic, at: datetime = AT, **more: object) -> int:
    details: dict[str, object] = {
        "patient_id": clinic.patient(), "injector_id": clinic.physician.account_id, "type_id": 1, "starts_at": at,
        "minutes": 30,
    }  # fmt: skip
    return clinic.services.schedule.book(clinic.physician, Booking(**{**details, **more}))  # type: ignore[arg-type]


def test_a_file_says_who_injects_where_and_when_and_names_nobody_unless_the_clinic_says_so(clinic: OpenClinic) -> None:
    room = clinic.services.calendar_rules.add_room(clinic.physician, "Room 9")
    booked(clinic, room_id=room)
    (event,) = read(clinic.services.calendars.of_injector(clinic.desk, "dr. mara ELLISON"))
    assert event["dtstart"].dt.replace(tzinfo=None) == AT
    assert event["organizer"].params["cn"] == "Dr. Mara Ellison"
    assert str(event["location"]) == "Room 9"
    assert "Okafor" not in str(event["summary"])
    clinic.services.calendars.set_names(clinic.physician, True)
    (event,) = read(clinic.services.calendars.of_injector(clinic.desk))
    assert str(event["summary"]).endswith("Ada Okafor")
    with pytest.raises(NotAllowed):
        clinic.services.calendars.set_names(clinic.desk, True)


def test_a_moved_and_then_cancelled_appointment_stays_the_same_event(clinic: OpenClinic) -> None:
    number = booked(clinic)
    (first,) = read(clinic.services.calendars.of_appointment(clinic.desk, number))
    clinic.clock.forward(minutes=5)
    version = clinic.services.schedule.move(
        clinic.desk, number, 1, starts_at=AT + timedelta(hours=1), minutes=45, injector_id=clinic.physician.account_id
    )
    clinic.services.schedule.set_state(clinic.desk, number, version, AppointmentState.CANCELLED, "ill")
    (last,) = read(clinic.services.calendars.of_appointment(clinic.desk, number))
    assert str(first["uid"]) == str(last["uid"])
    assert int(last["sequence"]) > int(first["sequence"])
    assert last["dtstamp"].dt > first["dtstamp"].dt
    assert last["last-modified"].dt - first["last-modified"].dt == timedelta(minutes=5)
    assert (str(first["status"]), str(last["status"])) == ("CONFIRMED", "CANCELLED")


def test_what_was_booked_over_a_clash_on_purpose_has_a_category(clinic: OpenClinic) -> None:
    booked(clinic)
    booked(clinic, patient_id=clinic.patient(family_name="Byrne"), overbook_reason="travels")
    events = read(clinic.services.calendars.of_injector(clinic.desk))
    assert [[str(each) for each in event["categories"].cats] if "categories" in event else [] for event in events] == [
        [],
        ["overbooked"],
    ]


def test_an_unknown_injector_and_an_unknown_appointment_are_sentences(clinic: OpenClinic) -> None:
    with pytest.raises(ClinicError, match=r"Nobody does not inject here"):
        clinic.services.calendars.of_injector(clinic.desk, " Dr. Nobody ")
    with pytest.raises(ClinicError):
        clinic.services.calendars.of_appointment(clinic.desk, 99)


def test_many_appointments_are_as_many_statements_as_one(clinic: OpenClinic) -> None:
    sent = []
    for number in range(2):
        booked(clinic, AT + timedelta(minutes=30 * number), patient_id=clinic.patient(family_name=f"Okafor {number}"))
        sent.append(statements(clinic, lambda: clinic.services.calendars.of_injector(clinic.desk)))
    assert sent[0] == sent[1]


def test_the_command_writes_the_file_for_its_owner_alone(
    clinic: OpenClinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    booked(clinic, datetime(2126, 3, 11, 10))
    clinic.store.database.close()
    monkeypatch.setenv("CLINIC_APP_PASSPHRASE", PASSPHRASE)
    out = tmp_path / "own.ics"
    asked = ["calendar", *clinic.address, "--user", "ellison", "--out", str(out)]
    assert run(asked) == 0
    assert len(read(out.read_bytes())) == 1
    assert out.stat().st_mode & 0o777 == 0o600
    assert str(out) in capsys.readouterr().out
    assert run([*asked, "--injector", "Dr. Nobody"]) == 1
    assert "does not inject here" in capsys.readouterr().err
