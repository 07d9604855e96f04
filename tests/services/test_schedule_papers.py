"""Paper of the schedule, as the front desk asks for it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from clinic_app.errors import ClinicError, NotFound
from clinic_app.services.recall import AttemptForm
from clinic_app.services.schedule_data import Booking
from clinic_app.services.waiting import WishForm
from clinic_app.terms import AppointmentState, ContactOutcome, ContactWay
from tests.services.conftest import OpenClinic
from tests.services.test_papers import pages

MONDAY = date(2026, 3, 9)


def said(paper_pages: list[str]) -> str:
    return " ".join(" ".join(paper_pages).split())


def booked(clinic: OpenClinic, at: datetime, name: str = "Okafor", **more: object) -> int:
    details: dict[str, object] = {
        "patient_id": clinic.patient(family_name=name), "injector_id": clinic.physician.account_id, "type_id": 1,
        "starts_at": at, "minutes": 30,
    }  # fmt: skip
    return clinic.services.schedule.book(clinic.physician, Booking(**(details | more)))  # type: ignore[arg-type]


def due(clinic: OpenClinic, name: str, **typed: object) -> int:
    """A patient injected now, who will be on the recall list in thirteen weeks."""
    patient_id = clinic.patient(family_name=name, **typed)
    clinic.signed(patient_id)
    return patient_id


def test_the_card_and_the_day_list_say_when(clinic: OpenClinic) -> None:
    starts_at = datetime(2026, 3, 4, 10)
    appointment_id = clinic.services.schedule.book(
        clinic.desk, Booking(clinic.patient(), clinic.physician.account_id, 1, starts_at, 30, 1)
    )
    (card,) = pages(clinic.services.schedule_papers.appointment_card(clinic.desk, appointment_id))
    assert "Ada Okafor" in card
    assert "10:00" in card
    (listed,) = pages(clinic.services.schedule_papers.day_list(clinic.desk, starts_at.date()))
    assert "MRN0000001" in listed
    assert "Room 1" in listed
    with pytest.raises(NotFound):
        clinic.services.schedule_papers.appointment_card(clinic.desk, 99)


def test_the_week_list_has_who_comes_when_what_is_closed_and_who_overbooked(clinic: OpenClinic) -> None:
    at = datetime.combine(MONDAY, time(10))
    booked(clinic, at, room_id=1, note="in a wheelchair")
    booked(clinic, at, "Byrne", overbook_reason="travels")
    gone = booked(clinic, at + timedelta(hours=2), "Costa")
    clinic.services.schedule.set_state(clinic.desk, gone, 1, AppointmentState.CANCELLED, "ill")
    booked(clinic, at + timedelta(days=7), "Dunn")
    closed = MONDAY + timedelta(days=2)
    clinic.services.working_times.close(clinic.physician, closed, closed, "Founders' Day")
    paper = clinic.services.schedule_papers.week_list(clinic.desk, MONDAY)
    assert paper.file_name == "week-list-2026-03-09"
    text = said(pages(paper))
    for words in (
        "Dr. Mara Ellison · 2 appointments",
        "Monday, March 9, 2026 · 2 appointments",
        "10:00 AM 30 min Ada Okafor Mar 12, 1961 MRN0000001 Injection Room 1 booked Note",
        "Ada Byrne Mar 12, 1961 MRN0000002 Injection booked Overbooked by Dr. Mara Ellison",
        "Wednesday, March 11, 2026 · Clinic closed: Founders' Day · nothing booked",
        "printed on Mar 2, 2026",
        "Page 1 of 1",
    ):
        assert words in text, words
    for words in ("Costa", "Dunn", "wheelchair", "travels"):
        assert words not in text, words


def test_the_week_list_of_chosen_injectors_leaves_the_others_out(clinic: OpenClinic) -> None:
    booked(clinic, datetime.combine(MONDAY, time(10)))
    papers = clinic.services.schedule_papers
    assert "Ada Okafor" in said(pages(papers.week_list(clinic.desk, MONDAY, [clinic.physician.account_id])))
    empty = said(pages(papers.week_list(clinic.desk, MONDAY, [clinic.nurse.account_id])))
    assert "Nothing is booked in this week." in empty
    assert "Okafor" not in empty


def test_the_recall_list_says_whom_to_call_and_what_was_tried(clinic: OpenClinic) -> None:
    tried = due(clinic, "Okafor", phone="555-0101", preferred_contact="telephone")
    waits = due(clinic, "Byrne")
    clinic.clock.forward(weeks=13)
    note = clinic.services.recall.note
    note(clinic.desk, tried, AttemptForm(ContactWay.TELEPHONE, ContactOutcome.LEFT_MESSAGE))
    note(clinic.desk, waits, AttemptForm(ContactWay.TELEPHONE, ContactOutcome.DECLINED))
    text = said(pages(clinic.services.schedule_papers.recall_list(clinic.desk, 4)))
    for words in (
        "1 patient without a next injection booked, due within 4 weeks or overdue",
        "Ada Okafor", "MRN0000001", "555-0101", "Mar 2, 2026", "May 25, 2026", "overdue", "Once Jun 1, 2026",
        "telephone, left message",
    ):  # fmt: skip
        assert words in text, words
    assert "Byrne" not in text


def test_a_letter_goes_to_each_chosen_patient_without_a_next_appointment(clinic: OpenClinic) -> None:
    clinic.services.clinics.set_letterhead(
        clinic.physician, replace(clinic.services.clinics.letterhead(), address="12 Harbor Street", phone="555-0100")
    )
    late, missed = due(clinic, "Okafor", address="3 Mill Lane\nPort Alder"), due(clinic, "Byrne")
    rebooked, other = due(clinic, "Costa"), due(clinic, "Dunn")
    clinic.clock.forward(weeks=12)
    number = booked(clinic, datetime(2026, 5, 26, 11), patient_id=missed)
    clinic.clock.forward(weeks=1)
    clinic.services.schedule.set_state(clinic.desk, number, 1, AppointmentState.NO_SHOW)
    booked(clinic, datetime(2026, 6, 3, 11), patient_id=rebooked)
    papers = clinic.services.schedule_papers
    paper = papers.recall_letters(clinic.desk, [missed, late, rebooked])
    assert paper.file_name == "recall-letters-2026-06-01"
    letters = {name: said([page]) for page in pages(paper) for name in ("Okafor", "Byrne", "Dunn") if name in page}
    assert {*letters} == {"Okafor", "Byrne"}
    for words in ("Ada Okafor 3 Mill Lane Port Alder", "March 2, 2026", "12 weeks", "555-0100", "That time has passed"):
        assert words in letters["Okafor"], words
    assert "a time for you on May 26, 2026" in letters["Byrne"]
    with pytest.raises(ClinicError) as refused:
        papers.recall_letters(clinic.desk, [rebooked])
    assert refused.value.code == "recall_letters_nobody"
    assert other not in {late, missed, rebooked}


def test_printing_letters_notes_nothing_by_itself(clinic: OpenClinic) -> None:
    patient_id = due(clinic, "Okafor")
    clinic.clock.forward(weeks=13)
    pages(clinic.services.schedule_papers.recall_letters(clinic.desk, [patient_id]))
    assert clinic.services.recall.attempts(clinic.desk, patient_id) == ()


def test_the_reminder_list_prints_the_rows_it_is_given(clinic: OpenClinic) -> None:
    patient_id = clinic.patient(phone="555-0101", preferred_contact="text message")
    at = datetime(2026, 3, 4, 9, 30)
    clinic.services.schedule.book(clinic.desk, Booking(patient_id, clinic.physician.account_id, 3, at, 20))
    rows = clinic.services.reminders.rows(clinic.desk)
    text = said(pages(clinic.services.schedule_papers.reminder_list(clinic.desk, rows)))
    for words in (
        "1 appointment to remind of",
        "Ada Okafor",
        "555-0101",
        "text message",
        "9:30 AM",
        "Dr. Mara Ellison",
    ):
        assert words in text, words


def test_the_waiting_list_says_when_everybody_could_come(clinic: OpenClinic) -> None:
    first, second = clinic.patient(phone="555-0101"), clinic.patient(family_name="Byrne")
    add = clinic.services.waiting.add
    add(clinic.desk, WishForm(first, 1, weekdays=(0, 3), not_before=time(9), not_after=time(12), notice_days=2))
    add(clinic.desk, WishForm(second, 1, clinic.physician.account_id, last_day=date(2026, 4, 1), note="by bus"))
    text = said(pages(clinic.services.schedule_papers.waiting_list(clinic.desk)))
    for words in (
        "2 patients who would come earlier",
        "Ada Okafor", "555-0101", "Mon, Thu 9:00 AM – 12:00 PM", "2 days",
        "Ada Byrne", "with Dr. Mara Ellison", "until Apr 1, 2026", "by bus", "Mar 2, 2026",
    ):  # fmt: skip
        assert words in text, words


def test_file_names_and_titles_carry_no_names_of_people(clinic: OpenClinic) -> None:
    patient_id = due(clinic, "Okafor")
    clinic.clock.forward(weeks=13)
    papers, desk = clinic.services.schedule_papers, clinic.desk
    for paper in (papers.recall_letters(desk, [patient_id]), papers.recall_list(desk), papers.waiting_list(desk)):
        assert paper.file_name.endswith("2026-06-01")
        assert "kafor" not in paper.file_name + paper.title
