from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from clinic_app.errors import ClinicError, NotAllowed
from clinic_app.services.booking_checks import AUTHORIZATION
from clinic_app.services.patient_data import AuthorizationForm
from clinic_app.services.schedule_data import Booking
from clinic_app.terms import LotHold, PatientStatus
from tests.services.conftest import OpenClinic
from tests.services.test_papers import pages

DAY = date(2026, 6, 1)


def said(paper_pages: list[str]) -> str:
    return " ".join(" ".join(paper_pages).split())


def test_the_preparation_list_says_what_the_view_says(clinic: OpenClinic) -> None:
    lapsed = AuthorizationForm("PA-1", "onabotulinumtoxinA", last_day=date(2026, 5, 31))
    patient_id = clinic.patient(authorizations=(lapsed,))
    clinic.signed(patient_id)
    clinic.services.schedule.book(
        clinic.desk,
        Booking(patient_id, clinic.physician.account_id, 1, datetime(2026, 6, 1, 10), 30, accepted=(AUTHORIZATION,)),
    )
    clinic.lot(number="L200", size=200)
    clinic.services.stock.receive(
        clinic.nurse,
        product="onabotulinumtoxinA",
        number="KEPT",
        size_units=Decimal(50),
        unlisted_size=True,
        expires_on=date(2027, 5, 31),
        vials=1,
        patient_id=patient_id,
    )
    paper = clinic.services.stock_papers.preparation(clinic.nurse, DAY)
    assert paper.file_name == "vials-2026-06-01"
    text = said(pages(paper))
    for words in (
        "Ada Okafor",
        "MRN0000001",
        "onabotulinumtoxinA (Botox)",
        "1 50 U KEPT May 31, 2027 kept for Ada Okafor",
        "1 × 200 U, lot L200",
        "1 × 50 U, lot KEPT, the patient's own",
        "Authorization lapses on 31 May 2026.",
    ):
        assert words in text, words


def test_letters_go_to_living_patients_once_each_with_the_clinics_own_words(clinic: OpenClinic) -> None:
    clinic.services.clinics.set_letterhead(
        clinic.physician, replace(clinic.services.clinics.letterhead(), address="12 Harbor Street", phone="555-0100")
    )
    lot_id = clinic.lot()
    ada = clinic.patient(address="3 Mill Lane\nPort Alder")
    gone = clinic.patient(family_name="Byrne", status=PatientStatus.DIED, died_on=date(2026, 3, 1))
    clinic.signed(ada, clinic.content(lot_id))
    clinic.signed(gone, replace(clinic.content(lot_id), visited_on=date(2026, 2, 1)))
    clinic.clock.forward(weeks=13)
    later = replace(clinic.content(lot_id).vials[0], reconstituted_at=datetime(2026, 6, 1, 9, 30))
    clinic.signed(ada, clinic.content(lot_id, visited_on=DAY, vials=(later,)))
    clinic.services.stock.hold(clinic.nurse, lot_id, LotHold.RECALLED, "notice 7")
    paper = clinic.services.stock_papers.lot_letters(clinic.nurse, lot_id, " Stored too warm on the way. ")
    assert paper.file_name == "lot-C1234-letters"
    (letter,) = pages(paper)
    text = said([letter])
    for words in (
        "Dear Ada Okafor,",
        "3 Mill Lane",
        "March 2, 2026 and June 1, 2026",
        "lot C1234",
        "Stored too warm on the way.",
        "555-0100",
        "Page 1 of 1",
    ):
        assert words in text, words
    listed = clinic.services.stock_papers.lot_recipients(clinic.nurse, lot_id)
    text = said(pages(listed))
    for words in ("2 patients, 3 visits", "Ada Byrne", "Died on 1", "Recalled: notice 7"):
        assert words in text, words


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "letter_reason_missing"),
        ("x" * 2001, "text_too_long"),
        ("x\n" * 41, "letter_reason_lines"),
        ("Because.", "lot_without_recipients"),
    ],
)
def test_a_letter_that_cannot_be_written_is_one_sentence(clinic: OpenClinic, reason: str, code: str) -> None:
    with pytest.raises(ClinicError) as refused:
        clinic.services.stock_papers.lot_letters(clinic.nurse, clinic.lot(), reason)
    assert refused.value.code == code
    assert str(refused.value)


def test_the_front_desk_prints_no_paper_of_the_stock(clinic: OpenClinic) -> None:
    papers, lot_id = clinic.services.stock_papers, clinic.lot()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: papers.preparation(clinic.desk, DAY),
        lambda: papers.lot_recipients(clinic.desk, lot_id),
        lambda: papers.lot_letters(clinic.desk, lot_id, "Because."),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()


def test_a_file_name_holds_no_sign_that_a_disk_refuses(clinic: OpenClinic) -> None:
    lot_id = clinic.lot(number="../C 1:2")
    assert clinic.services.stock_papers.lot_recipients(clinic.nurse, lot_id).file_name == "lot-C-1-2-patients"
