from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest

from clinic_app.documents.letterhead import Clinic, PatientIdentity
from clinic_app.documents.lot_letter import LetterRecipient, LotLetter, lot_letter_document
from clinic_app.documents.lot_list import LotList, LotVisit, lot_list_document
from clinic_app.documents.page import Edition, bound, to_pdf
from clinic_app.documents.preparation_list import (
    ListedPatient,
    ListedProduct,
    ListedVials,
    PreparationList,
    preparation_list_document,
)
from tests.documents.build import CLINIC, PATIENT
from tests.documents.reading import fonts_used, page_sizes, page_texts, properties, whole_text

HOSTILE = "<b>& \n\x00wide" * 5_000
DAY = date(2026, 11, 24)
ONA = "onabotulinumtoxinA (Botox)"
VIALS = ListedVials("C7654C3", Decimal(100), date(2027, 5, 31), 2)
KEPT = ListedVials("C7701C1", Decimal(50), date(2027, 3, 31), 1, PATIENT.name)


def letters_pdf(letters: LotLetter) -> bytes:
    """All letters in one file."""
    return bound(lot_letter_document(letters, to) for to in letters.recipients)


def planned(number: int, **changes: object) -> ListedPatient:
    whole = ListedPatient(
        starts_at=time(8 + number % 9, number % 60),
        patient=PatientIdentity(f"Patient {number}", date(1961, 3, 12), f"MRN{number:07}"),
        injector="Dr. Elena Marchetti",
        product=ONA,
        units=Decimal("230.5"),
        vials=(VIALS, KEPT),
        spare=Decimal("19.5"),
        short=Decimal(0),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def listed(patients: list[ListedPatient], **changes: object) -> PreparationList:
    need = ListedProduct(ONA, Decimal("230.5"), (VIALS, KEPT), Decimal("19.5"), Decimal(0))
    return replace(PreparationList(CLINIC, DAY, patients, [need]), **changes)  # type: ignore[arg-type]


def recipient(number: int, **changes: object) -> LetterRecipient:
    patient = PatientIdentity(f"Patient {number}", date(1961, 3, 12), f"MRN{number:07}")
    whole = LetterRecipient(patient, (f"{number} Harbor Street", "Portland, OR 97201"), (date(2026, 8, 20),))
    return replace(whole, **changes)  # type: ignore[arg-type]


def letter(recipients: list[LetterRecipient], **changes: object) -> LotLetter:
    whole = LotLetter(CLINIC, ONA, "C7654C3", "The maker has asked for this lot back.", DAY, recipients)
    return replace(whole, **changes)  # type: ignore[arg-type]


def visit(number: int, **changes: object) -> LotVisit:
    patient = PatientIdentity(f"Patient {number}", date(1961, 3, 12), f"MRN{number:07}")
    whole = LotVisit(
        patient, "+1 503 555 0100", "Harbor Street", date(2026, 8, 20), "Dr. Elena Marchetti", Decimal(180), Decimal(20)
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def lot_list(visits: list[LotVisit], **changes: object) -> LotList:
    whole = LotList(CLINIC, ONA, "C7654C3", Decimal(200), date(2027, 5, 31), DAY, visits)
    return replace(whole, **changes)  # type: ignore[arg-type]


def test_the_preparation_list_says_what_to_take_and_for_whom() -> None:
    text = whole_text(to_pdf(preparation_list_document(listed([planned(1)]))))
    for words in (
        "Tuesday, November 24, 2026",
        "2 100 U C7654C3 May 31, 2027",
        "1 50 U C7701C1 Mar 31, 2027 kept for Ada Nkechi Okafor",
        "9:01 AM Patient 1 Mar 12, 1961",
        "MRN0000001",
        "230.5",
        "2 × 100 U, lot C7654C3",
        "1 × 50 U, lot C7701C1, the patient's own",
        "19.5",
        "last signed pattern",
    ):
        assert words in text, words


def test_what_is_short_or_not_known_is_said() -> None:
    need = ListedProduct(ONA, Decimal(100), (), Decimal(0), Decimal("62.5"))
    unknown = ListedProduct("incobotulinumtoxinA (Xeomin)", Decimal(0), (), Decimal(0), Decimal(0))
    rows = [
        planned(1, vials=(), spare=Decimal(0), short=Decimal("62.5"), remark="Authorization lapses on 20 Nov 2026."),
        planned(2, product="", units=None, vials=(), spare=Decimal(0)),
    ]
    text = whole_text(to_pdf(preparation_list_document(listed(rows, products=[need, unknown]))))
    for words in ("62.5 U short on the shelf", "units not known", "no pattern yet", "Authorization lapses"):
        assert words in text, words


def test_a_day_without_injections_says_so() -> None:
    assert "Nobody is booked" in whole_text(to_pdf(preparation_list_document(listed([], products=[]))))


def test_every_patient_of_a_full_day_is_on_the_list_and_each_page_says_which_day() -> None:
    pages = page_texts(to_pdf(preparation_list_document(listed([planned(number) for number in range(60)]))))
    text = " ".join(" ".join(pages).split())
    for number in range(60):
        assert f"MRN{number:07}" in text
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Tuesday, November 24, 2026" in page


def test_each_patient_gets_a_letter_of_their_own_with_its_own_page_numbers() -> None:
    pages = page_texts(letters_pdf(letter([recipient(1), recipient(2), recipient(3)])))
    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        own = " ".join(page.split())
        for words in (
            f"Dear Patient {number},",
            f"{number} Harbor Street",
            f"Patient {number} · born March 12, 1961 · MRN{number:07}",
            "On August 20, 2026 you had injections",
            "The medicine was onabotulinumtoxinA (Botox).",
            "lot C7654C3",
            "The maker has asked for this lot back.",
            CLINIC.phone,
            "November 24, 2026",
            "Page 1 of 1",
        ):
            assert words in own, words
        others = {f"MRN{other:07}" for other in (1, 2, 3) if other != number}
        assert not any(other in own for other in others)


def test_a_long_reason_takes_a_second_page_that_still_says_whose_letter_it_is() -> None:
    pages = page_texts(letters_pdf(letter([recipient(1), recipient(2)], reason="Why? " * 399)))
    assert len(pages) == 4
    for number, page in enumerate(pages):
        assert f"Page {number % 2 + 1} of 2" in page
        assert f"MRN{number // 2 + 1:07}" in page


def test_several_visits_are_listed_in_one_letter() -> None:
    days = (date(2026, 2, 3), date(2026, 5, 5), date(2026, 8, 20))
    text = whole_text(letters_pdf(letter([recipient(1, given_on=days)])))
    assert "on February 3, 2026, May 5, 2026 and August 20, 2026." in text


def test_a_letter_without_a_telephone_number_still_says_whom_to_call() -> None:
    assert "Call the clinic." in whole_text(letters_pdf(letter([recipient(1)], clinic=Clinic("Riverside"))))


def test_no_property_of_the_letters_names_a_patient() -> None:
    told = " ".join(properties(letters_pdf(letter([recipient(1)]))).values())
    assert "Patient 1" not in told
    assert "C7654C3" in told


def test_the_list_of_a_lot_has_everybody_with_what_is_needed_to_call() -> None:
    visits = [visit(number, remark="Died on 3 Nov 2026" if number == 7 else "") for number in range(60)]
    pages = page_texts(to_pdf(lot_list_document(lot_list(visits, hold="Recalled: notice of 20 November"))))
    text = " ".join(" ".join(pages).split())
    assert "60 patients, 60 visits" in text
    assert "Recalled: notice of 20 November" in text
    assert "Died on 3" in text
    for number in range(60):
        assert f"MRN{number:07}" in text
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert "C7654C3" in page


def test_a_lot_that_nobody_got_says_so() -> None:
    assert "Nobody got a vial" in whole_text(to_pdf(lot_list_document(lot_list([]))))
    assert "1 patient, 2 visits" in whole_text(to_pdf(lot_list_document(lot_list([visit(1), visit(1)]))))


Draw = Callable[[Edition], bytes]


@pytest.mark.parametrize("paper", ["Letter", "A4"])
@pytest.mark.parametrize(
    ("lying", "draw"),
    [
        (True, lambda edition: to_pdf(preparation_list_document(listed([planned(1)], edition=edition)))),
        (True, lambda edition: to_pdf(lot_list_document(lot_list([visit(1)], edition=edition)))),
        (False, lambda edition: letters_pdf(letter([recipient(1)], edition=edition))),
    ],
)
def test_the_paper_is_the_clinics_and_every_font_is_in_the_file(paper: str, lying: bool, draw: Draw) -> None:
    pdf = draw(Edition(paper))
    size = {"Letter": (612.0, 792.0), "A4": (595.28, 841.89)}[paper]
    assert page_sizes(pdf)[0] == pytest.approx(size[::-1] if lying else size, abs=0.1)
    assert all(fonts_used(pdf).values())


def test_hostile_text_stays_within_bounds() -> None:
    identity = PatientIdentity(HOSTILE, date(1961, 3, 12), HOSTILE)
    vials = replace(VIALS, lot=HOSTILE, kept_for=HOSTILE)
    rows = [planned(n, patient=identity, injector=HOSTILE, vials=(vials,) * 9, remark=HOSTILE) for n in range(20)]
    assert len(page_texts(to_pdf(preparation_list_document(listed(rows))))) <= 10
    visits = [visit(n, patient=identity, phone=HOSTILE, address=HOSTILE, remark=HOSTILE) for n in range(20)]
    assert len(page_texts(to_pdf(lot_list_document(lot_list(visits, lot=HOSTILE, hold=HOSTILE))))) <= 6
    to = recipient(1, patient=identity, address_lines=(HOSTILE,) * 40, given_on=(DAY,) * 300)
    pages = page_texts(letters_pdf(letter([to], lot=HOSTILE, reason=HOSTILE, clinic=Clinic(HOSTILE, (), HOSTILE))))
    assert len(pages) <= 4
