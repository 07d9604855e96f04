"""Paper of the schedule: everything on it, within bounds whatever was typed, and letters that fit their envelopes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from clinic_app.documents.letterhead import Clinic, PatientIdentity
from clinic_app.documents.page import Edition, bound, to_pdf
from clinic_app.documents.recall_letter import RecallLetters, RecallRecipient, recall_letter_document
from clinic_app.documents.recall_list import RecallEntry, RecallList, recall_list_document
from clinic_app.documents.reminder_list import Reminder, ReminderList, reminder_list_document
from clinic_app.documents.waiting_list import WaitingEntry, WaitingPaper, waiting_list_document
from clinic_app.documents.week_list import InjectorWeek, WeekDay, WeekEntry, WeekList, week_list_document
from tests.documents.build import CLINIC
from tests.documents.reading import fonts_used, page_sizes, page_texts, pictures, properties, text_inside, whole_text

MONDAY = date(2026, 3, 2)
HOSTILE = {
    "markup and controls": ("<b>& \n\x00wide" * 1_000)[:10_000],
    "one long word": "W" * 10_000,
    "right to left": ("\u202e\u05d0\u05d1\u05d2 \u0645\u062d\u0645\u062f " * 1_200)[:10_000],
    "line ends": "\n" * 10_000 + "x",
}
NAMES = ("Ada Nkechi Okafor", "Σοφία Παπαδοπούλου", "Юлия Островская", "Łukasz Dvořák-Ñandú")


def letters_pdf(letters: RecallLetters) -> bytes:
    """All letters in one file."""
    return bound(recall_letter_document(letters, to) for to in letters.recipients)


def person(number: int) -> PatientIdentity:
    return PatientIdentity(f"Patient {number}", date(1961, 3, 12), f"MRN{number:07}")


def entry(number: int, day: date = MONDAY, **changes: object) -> WeekEntry:
    at = datetime.combine(day, time(8)) + timedelta(minutes=30 * (number % 20))
    return replace(WeekEntry(at, 30, person(number), "Injection", "confirmed", "Room 1"), **changes)  # type: ignore[arg-type]


def full_week(injectors: int, per_day: int) -> list[InjectorWeek]:
    """Monday to Friday; the number of an appointment is nobody else's."""
    return [
        InjectorWeek(
            f"Dr. Injector {i}",
            [
                WeekDay(day, [entry(1_000 * i + 100 * n + each, day) for each in range(per_day)])
                for n, day in enumerate(MONDAY + timedelta(days=n) for n in range(5))
            ],
        )
        for i in range(injectors)
    ]


def week_list(weeks: list[InjectorWeek], **changes: object) -> WeekList:
    return replace(WeekList(CLINIC, MONDAY, weeks, date(2026, 2, 27)), **changes)  # type: ignore[arg-type]


def recipient(number: int, **changes: object) -> RecallRecipient:
    address = (f"{number} Harbor Street", "Portland, OR 97201")
    return replace(RecallRecipient(person(number), address, "overdue", date(2025, 11, 3), 12), **changes)  # type: ignore[arg-type]


def letters(*recipients: RecallRecipient, **changes: object) -> RecallLetters:
    return replace(RecallLetters(CLINIC, MONDAY, recipients), **changes)  # type: ignore[arg-type]


def recall(number: int, **changes: object) -> RecallEntry:
    whole = RecallEntry(person(number), "555-0100", "telephone", "overdue", date(2025, 11, 3), date(2026, 1, 26))
    return replace(whole, **changes)  # type: ignore[arg-type]


def reminder(number: int, **changes: object) -> Reminder:
    at = datetime(2026, 3, 4, 9, 30)
    return replace(Reminder(person(number), "555-0100", "e-mail", at, "Dr. Marchetti"), **changes)  # type: ignore[arg-type]


def wish(number: int, **changes: object) -> WaitingEntry:
    return replace(WaitingEntry(person(number), "555-0100", "Injection", 30, MONDAY), **changes)  # type: ignore[arg-type]


def test_a_full_week_has_every_appointment_once_under_its_injector_and_day() -> None:
    pages = page_texts(to_pdf(week_list_document(week_list(full_week(5, 20)))))
    text = " ".join(" ".join(pages).split())
    for i in range(5):
        for n in range(5):
            for each in range(20):
                assert text.count(f"MRN{1_000 * i + 100 * n + each:07}") == 1
    for number, page in enumerate(pages, start=1):
        for words in (f"Page {number} of {len(pages)}", CLINIC.name, "printed on Feb 27, 2026", "March 8, 2026"):
            assert words in page
        assert "Birth date" in page and "Dr. Injector" in page


def test_a_week_of_twenty_appointments_is_a_page_for_every_injector() -> None:
    pages = page_texts(to_pdf(week_list_document(week_list(full_week(5, 4)))))
    assert len(pages) == 5
    for number, page in enumerate(pages):
        assert f"Dr. Injector {number} · 20 appointments" in page


def test_a_day_that_goes_on_overleaf_is_named_there_again() -> None:
    pages = page_texts(
        to_pdf(week_list_document(week_list([InjectorWeek("Dr. Marchetti", full_week(1, 60)[0].days[:1])])))
    )
    assert len(pages) > 1
    for number, page in enumerate(pages):
        assert "Monday, March 2, 2026 · 60 appointments" in page
        assert ("continued" in page) == (number > 0)


def test_marks_closures_and_the_days_without_appointments_are_said() -> None:
    marked = entry(1, overbooked_by="Dr. Elena Marchetti", similar_name=True, noted=True)
    days = [
        WeekDay(MONDAY, [marked]),
        WeekDay(MONDAY + timedelta(days=1), (), "Clinic closed: Founders' Day"),
        WeekDay(MONDAY + timedelta(days=2)),
    ]
    away = InjectorWeek("Dr. Away", [WeekDay(MONDAY, (), "Away: congress")])
    text = whole_text(to_pdf(week_list_document(week_list([away, InjectorWeek("Dr. Here", days)]))))
    for words in (
        "Overbooked by Dr. Elena Marchetti · Similar name · Note",
        "Tuesday, March 3, 2026 · Clinic closed: Founders' Day · nothing booked",
        "Wednesday, March 4, 2026 · nothing booked",
        "Dr. Away · nothing booked Monday, March 2, 2026 · Away: congress",
    ):
        assert words in text, words


def test_a_week_without_appointments_says_so() -> None:
    text = whole_text(to_pdf(week_list_document(week_list([InjectorWeek("Dr. Here", [WeekDay(MONDAY)])]))))
    assert "Nothing is booked in this week." in text
    assert "Nothing is booked in this week." in whole_text(to_pdf(week_list_document(week_list([]))))


def test_the_week_is_readable_without_colour() -> None:
    page = pictures(to_pdf(week_list_document(week_list(full_week(1, 4)))))[0].convert("L")
    darkest, lightest = page.getextrema()
    assert darkest < 90 and lightest == 255  # type: ignore[operator]  # of one channel they are numbers


def test_each_patient_gets_a_letter_of_one_page_that_names_nobody_else() -> None:
    pages = page_texts(letters_pdf(letters(*(recipient(number) for number in range(4)))))
    assert len(pages) == 4
    for number, page in enumerate(pages):
        own = " ".join(page.split())
        for words in (
            f"Dear Patient {number},",
            f"Patient {number} · born March 12, 1961 · MRN{number:07}",
            "You last had injections with us on November 3, 2025.",
            "after about 12 weeks",
            CLINIC.phone,
            "have moved",
            "Page 1 of 1",
        ):
            assert words in own, words
        assert not any(f"MRN{other:07}" in own for other in range(4) if other != number)


def test_the_letter_says_why_it_comes_and_blames_nobody() -> None:
    day = date(2026, 2, 1)
    told = page_texts(
        letters_pdf(
            letters(
                recipient(1, why="due"),
                recipient(2),
                recipient(3, why="cancelled", missed_on=day),
                recipient(4, why="no_show", missed_on=day),
            )
        )
    )
    for page, words in zip(
        told,
        (
            "We have no appointment for you in our book yet.",
            "That time has passed",
            "Your appointment on February 1, 2026 was cancelled",
            "a time for you on February 1, 2026 and did not see you. Such things happen",
        ),
        strict=True,
    ):
        own = " ".join(page.split())
        assert words in own, words
        assert not any(blame in own.lower() for blame in ("missed", "failed", "fault", "must"))


def test_whoever_opens_the_letter_learns_of_no_diagnosis_and_no_medicine() -> None:
    text = whole_text(letters_pdf(letters(recipient(1), recipient(2, why="due")))).lower()
    for word in ("dystonia", "toxin", "botox", "dysport", "xeomin", "myobloc", "spasm", "neck", "units"):
        assert word not in text, word


@pytest.mark.parametrize(
    ("paper", "always", "ever"),
    [
        # US #10 with its usual window, and DL: what shows however the letter slips, and all that can ever show.
        ("Letter", (63.0, 2.5 * 72, 4.375 * 72, 3.17 * 72), (0.0, 2.04 * 72, 5.375 * 72, 3.63 * 72)),
        ("A4", (57.0, 57 * 72 / 25.4, 283.0, 81 * 72 / 25.4), (0.0, 46 * 72 / 25.4, 312.0, 92 * 72 / 25.4)),
    ],
)
def test_the_window_of_the_envelope_shows_the_address_and_nothing_else(
    paper: str, always: tuple[float, float, float, float], ever: tuple[float, float, float, float]
) -> None:
    three = letters_pdf(letters(recipient(1), edition=Edition(paper)))
    whole = "Patient 1 1 Harbor Street Portland, OR 97201"
    assert text_inside(three, 0, *always) == text_inside(three, 0, *ever) == whole
    lines = ("Flat 2", "Mill House", "3 Mill Lane", "Portland", "OR 97201")
    long = RecallLetters(
        Clinic("R" * 400, ("Street " * 60,) * 5, "555"), MONDAY, [recipient(1, address_lines=lines)], Edition(paper)
    )
    assert text_inside(letters_pdf(long), 0, *ever) == " ".join(("Patient 1", *lines))


@pytest.mark.parametrize("name", NAMES)
def test_names_in_any_script_are_printed_in_address_and_greeting(name: str) -> None:
    to = recipient(1, patient=PatientIdentity(name, date(1961, 3, 12), "MRN0000001"))
    pdf = letters_pdf(letters(to))
    assert whole_text(pdf).count(name) == 3
    assert all(fonts_used(pdf).values())


def test_a_name_from_right_to_left_leaves_the_rest_of_the_letter_in_its_order() -> None:
    to = recipient(1, patient=PatientIdentity("\u05d0\u05d3\u05d4 \u05db\u05d4\u05df", date(1961, 3, 12), "MRN0000001"))
    (page,) = page_texts(letters_pdf(letters(to)))
    own = " ".join(page.split())
    assert "1 Harbor Street Portland, OR 97201" in own
    assert "· born March 12, 1961 · MRN0000001 Page 1 of 1" in own
    assert "\u05db\u05d4\u05df" in own or "\u05df\u05d4\u05db" in own


def test_a_letter_without_a_telephone_number_or_address_can_still_be_handed_over() -> None:
    (page,) = page_texts(letters_pdf(letters(recipient(1, address_lines=()), clinic=Clinic("Riverside"))))
    assert "Call the clinic and we will find a day" in " ".join(page.split())


def test_no_property_of_a_file_names_a_patient() -> None:
    for pdf in (letters_pdf(letters(recipient(1))), to_pdf(week_list_document(week_list(full_week(1, 2))))):
        assert "Patient" not in " ".join(properties(pdf).values())


def test_the_lists_have_everybody_with_what_is_needed_to_reach_them() -> None:
    tried = recall(0, attempts=2, tried_on=date(2026, 3, 1), tried="telephone, no answer")
    missed = recall(1, why="no-show", missed_on=date(2026, 2, 1))
    recalls = [tried, missed, *(recall(number) for number in range(2, 60))]
    wished = wish(0, weekdays=(0, 3), not_before=time(9), first_day=MONDAY, last_day=MONDAY, note="by bus")
    told = {
        "60 patients": to_pdf(recall_list_document(RecallList(CLINIC, MONDAY, 1, recalls))),
        "60 appointments": to_pdf(
            reminder_list_document(ReminderList(CLINIC, MONDAY, [reminder(n) for n in range(60)]))
        ),
        "60 patients who": to_pdf(
            waiting_list_document(WaitingPaper(CLINIC, MONDAY, [wished, *(wish(n) for n in range(1, 60))]))
        ),
    }
    for lead, pdf in told.items():
        pages, text = page_texts(pdf), whole_text(pdf)
        assert lead in text
        for number in range(60):
            assert f"Patient {number} Mar 12, 1961" in text
            assert f"MRN{number:07}" in text
        for number, page in enumerate(pages, start=1):
            assert f"Page {number} of {len(pages)}" in page
            assert "March 2, 2026" in page
            assert CLINIC.name in page
    first, second, third = (whole_text(pdf) for pdf in told.values())
    for words in ("within 1 week", "2 times, last Mar 1, 2026", "telephone, no answer", "no-show", "Feb 1, 2026"):
        assert words in first, words
    assert "Mar 4, 2026 9:30 AM Dr. Marchetti" in second
    for words in ("Mon, Thu", "from 9:00 AM", "Mar 2, 2026 – Mar 2, 2026", "any time", "by bus"):
        assert words in third, words


def test_lists_of_nobody_say_so() -> None:
    assert "Nobody is to be reached." in whole_text(to_pdf(recall_list_document(RecallList(CLINIC, MONDAY, 2, []))))
    assert "Nobody is to be reminded." in whole_text(to_pdf(reminder_list_document(ReminderList(CLINIC, MONDAY, []))))
    assert "Nobody waits" in whole_text(to_pdf(waiting_list_document(WaitingPaper(CLINIC, MONDAY, []))))


Draw = Callable[[Edition], bytes]


@pytest.mark.parametrize("paper", ["Letter", "A4"])
@pytest.mark.parametrize(
    ("lying", "draw"),
    [
        (True, lambda edition: to_pdf(week_list_document(week_list(full_week(1, 2), edition=edition)))),
        (True, lambda edition: to_pdf(recall_list_document(RecallList(CLINIC, MONDAY, 2, [recall(1)], edition)))),
        (True, lambda edition: to_pdf(reminder_list_document(ReminderList(CLINIC, MONDAY, [reminder(1)], edition)))),
        (True, lambda edition: to_pdf(waiting_list_document(WaitingPaper(CLINIC, MONDAY, [wish(1)], edition)))),
        (False, lambda edition: letters_pdf(letters(recipient(1), edition=edition))),
    ],
)
def test_the_paper_is_the_clinics_and_every_font_is_in_the_file(paper: str, lying: bool, draw: Draw) -> None:
    pdf = draw(Edition(paper))
    size = {"Letter": (612.0, 792.0), "A4": (595.28, 841.89)}[paper]
    assert page_sizes(pdf)[0] == pytest.approx(size[::-1] if lying else size, abs=0.1)
    assert all(fonts_used(pdf).values())


@pytest.mark.parametrize("bad", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_stays_within_bounds(bad: str) -> None:
    who = PatientIdentity(bad, date(1961, 3, 12), bad)
    clinic = Clinic(bad, (bad,) * 9, bad)
    days = [
        WeekDay(MONDAY, [entry(n, patient=who, kind=bad, room=bad, overbooked_by=bad) for n in range(20)], bad),
        WeekDay(MONDAY + timedelta(days=1), (), bad),
    ]
    assert len(page_texts(to_pdf(week_list_document(week_list([InjectorWeek(bad, days)] * 2, clinic=clinic))))) <= 6
    assert len(page_texts(to_pdf(week_list_document(week_list([InjectorWeek(bad, days[1:])] * 9, clinic=clinic))))) <= 2
    to = [recipient(n, patient=who, address_lines=(bad,) * 40) for n in range(3)]
    pages = page_texts(letters_pdf(letters(*to, clinic=clinic)))
    # Read back, the words of a line that turns may stand in another order: "1 of 1 Page".
    assert ["1 of 1" in page for page in pages] == [True] * 3
    recalls = [recall(n, patient=who, phone=bad, contact_by=bad, attempts=1, tried=bad) for n in range(20)]
    assert len(page_texts(to_pdf(recall_list_document(RecallList(clinic, MONDAY, 2, recalls))))) <= 3
    rows = [reminder(n, patient=who, phone=bad, injector=bad, kind=bad, remark=bad) for n in range(20)]
    assert len(page_texts(to_pdf(reminder_list_document(ReminderList(clinic, MONDAY, rows))))) <= 3
    wishes = [wish(n, patient=who, phone=bad, kind=bad, injector=bad, note=bad) for n in range(20)]
    assert len(page_texts(to_pdf(waiting_list_document(WaitingPaper(clinic, MONDAY, wishes))))) <= 3


def test_a_week_too_long_to_print_says_how_much_is_missing() -> None:
    days = [WeekDay(MONDAY, [entry(number) for number in range(450)])]
    assert "50 more in the record" in whole_text(
        to_pdf(week_list_document(week_list([InjectorWeek("Dr. Here", days)])))
    )
