from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from clinic_app.documents.appointment_card import (
    CARD_SIZE,
    AppointmentCard,
    appointment_card_document,
    calendar_event,
    code_modules,
)
from clinic_app.documents.day_list import DayEntry, DayList, day_list_document
from clinic_app.documents.letterhead import Clinic
from clinic_app.documents.page import to_pdf
from clinic_app.documents.recovery_sheet import RecoverySheet, code_groups, recovery_sheet_document
from tests.documents.build import CLINIC
from tests.documents.reading import fonts_used, page_sizes, page_texts, pictures, properties, whole_text

CARD = AppointmentCard(
    CLINIC,
    "Ada Nkechi Okafor",
    datetime(2027, 2, 16, 9, 30, tzinfo=ZoneInfo("America/Los_Angeles")),
    30,
    "Dr. Elena Marchetti",
)
CODE = "7K2M-QX9P-4TRW-ZB3N-H6VD-1F8G-JC5Y-S0AE"
HOSTILE = "<b>& \n\x00wide" * 5_000


def entry(number: int, **changes: str) -> DayEntry:
    texts = {"patient_name": f"Patient {number}", "injector": "Elena Marchetti", "kind": "Injection"} | changes
    return DayEntry(
        datetime(2026, 11, 24, 8 + number % 10, number % 60),
        birth_date=date(1961, 3, 12),
        record_number=f"MRN{number:07}",
        state="Confirmed",
        **texts,
    )


def test_the_card_tells_who_when_with_whom_and_where_to_call() -> None:
    pages = page_texts(to_pdf(appointment_card_document(CARD)))

    assert len(pages) == 1
    for expected in (
        "Ada Nkechi Okafor",
        "Tuesday, February 16, 2027",
        "9:30 AM",
        "with Dr. Elena Marchetti",
        CLINIC.name,
        CLINIC.phone,
    ):
        assert expected in pages[0]


def test_the_calendar_event_names_the_moment_whatever_the_zone_of_the_telephone() -> None:
    event = calendar_event(CARD).split("\r\n")

    assert event[0] == "BEGIN:VEVENT" and event[-1] == "END:VEVENT"
    assert "DTSTART:20270216T173000Z" in event
    assert "DTEND:20270216T180000Z" in event
    assert "LOCATION:1200 Harbor Avenue\\, Portland\\, OR 97201" in event


def test_a_moment_without_a_zone_stays_on_the_wall_clock() -> None:
    card = replace(CARD, starts_at=datetime(2027, 2, 16, 9, 30))
    assert "DTSTART:20270216T093000\r\n" in calendar_event(card)


def test_the_calendar_event_does_not_tell_what_the_appointment_is_for() -> None:
    assert "Okafor" not in calendar_event(CARD)
    assert "SUMMARY:Appointment: Riverside Movement Clinic" in calendar_event(CARD)


def test_a_clinic_name_cannot_add_lines_to_the_event() -> None:
    card = replace(CARD, clinic=Clinic("Clinic\r\nATTENDEE:mailto:x;,\\", ("a\nDTSTART:1",)))
    lines = calendar_event(card).split("\r\n")

    assert len(lines) == 6
    assert lines[1] == "SUMMARY:Appointment: Clinic ATTENDEE:mailto:x\\;\\,\\\\"


def test_the_printed_code_shows_every_square() -> None:
    rows = code_modules(calendar_event(CARD))
    page = pictures(to_pdf(appointment_card_document(CARD)), scale=6)[0].convert("L")
    dark = [
        (x, y) for y in range(0, page.height, 3) for x in range(int(page.width * 0.6), page.width, 3)
        if page.getpixel((x, y)) == 0
    ]  # fmt: skip
    left, right = min(x for x, _ in dark), max(x for x, _ in dark)
    top = min(y for _, y in dark)
    step = (right - left + 3) / len(rows)

    wrong = sum(
        (page.getpixel((int(left + (column + 0.5) * step), int(top + (number + 0.5) * step))) == 0) != square
        for number, row in enumerate(rows)
        for column, square in enumerate(row)
    )
    assert wrong == 0


def test_the_code_stays_coarse_enough_for_a_telephone() -> None:
    worst = replace(CARD, clinic=Clinic("W" * 300, ("Ü" * 300,) * 3))
    millimetres = 46 / len(code_modules(calendar_event(worst)))
    assert millimetres > 0.55


def test_the_card_holds_hostile_text_on_its_one_small_page() -> None:
    card = replace(CARD, clinic=Clinic(HOSTILE, (HOSTILE,) * 5, HOSTILE), patient_name=HOSTILE, injector=HOSTILE)
    (size,) = page_sizes(to_pdf(appointment_card_document(card)))

    assert size == pytest.approx(CARD_SIZE, abs=0.1)


def test_the_day_list_prints_every_appointment_with_identity_and_state() -> None:
    entries = [entry(number) for number in range(45)]
    pages = page_texts(to_pdf(day_list_document(DayList(CLINIC, date(2026, 11, 24), entries))))

    text = " ".join(" ".join(pages).split())
    for number in range(45):
        assert f"Patient {number} Mar 12, 1961 MRN{number:07} Elena Marchetti Injection Confirmed" in text
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Tuesday, November 24, 2026" in page
        assert CLINIC.name in page
        assert "Birth date" in page


def test_an_empty_day_says_so() -> None:
    assert "Nothing is booked" in whole_text(to_pdf(day_list_document(DayList(CLINIC, date(2026, 11, 24), []))))


def test_a_day_list_of_hostile_text_is_bounded() -> None:
    entries = [entry(number, patient_name=HOSTILE, injector=HOSTILE, kind=HOSTILE) for number in range(1_000)]
    pdf = to_pdf(day_list_document(DayList(CLINIC, date(2026, 11, 24), entries)))

    assert len(page_texts(pdf)) <= 50
    assert "600 more in the record" in whole_text(pdf)


def test_the_recovery_sheet_prints_the_code_in_groups_on_one_page() -> None:
    pdf = to_pdf(recovery_sheet_document(RecoverySheet(CLINIC, CODE, date(2026, 11, 24))))
    pages = page_texts(pdf)

    assert len(pages) == 1
    for expected in (*CODE.split("-"), "November 24, 2026", CLINIC.name, "another place than the computer"):
        assert expected in pages[0]
    assert all(fonts_used(pdf).values())
    assert b"/Helvetica" not in pdf


def test_the_code_is_grouped_whatever_groups_it_came_in() -> None:
    assert code_groups("abcd efgh-ij") == ["ABCD", "EFGH", "IJ"]
    assert len(code_groups("x" * 100_000)) == 40


def test_the_recovery_code_stands_in_no_property_of_the_file() -> None:
    told = " ".join(
        properties(to_pdf(recovery_sheet_document(RecoverySheet(CLINIC, CODE, date(2026, 11, 24))))).values()
    )

    assert not any(group in told for group in CODE.split("-"))
