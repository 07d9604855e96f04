from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.documents.diary import Diary, diary_document
from clinic_app.documents.letterhead import Clinic, PatientIdentity
from clinic_app.documents.page import Edition, to_pdf
from clinic_app.documents.wording import short_date
from tests.documents.build import CLINIC
from tests.documents.reading import fonts_used, page_sizes, page_texts, properties, whole_text

ADA = PatientIdentity("Ada Nkechi Okafor", date(1961, 3, 12), "MRN0004321")
DIARY = Diary(CLINIC, ADA, date(2026, 4, 14))
HOSTILE = "<b>& \n\x00wide" * 5_000


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_a_diary_is_one_page_of_twelve_weeks_with_the_patient_on_it(paper: str) -> None:
    pdf = to_pdf(diary_document(replace(DIARY, edition=Edition(paper, "en", "en_GB"))))
    assert len(page_sizes(pdf)) == 1
    text = whole_text(pdf)
    for expected in (
        ADA.name,
        "12 March 1961",
        "MRN0004321",
        CLINIC.name,
        CLINIC.phone,
        "After your injections on 14 April 2026",
        "15 Apr 2026 to 21 Apr 2026",
        "1 Jul 2026 to 7 Jul 2026",
        "0 to 100",
        "0 to 10",
        "Page 1 of 1",
    ):
        assert expected in text, expected
    assert all(fonts_used(pdf).values())
    assert properties(pdf)["Title"] == "Your diary"


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_the_weeks_follow_the_injections_on_any_day(injected_on: date) -> None:
    text = whole_text(to_pdf(diary_document(replace(DIARY, injected_on=injected_on))))
    for week in range(12):
        first = injected_on + timedelta(days=7 * week + 1)
        last = first + timedelta(days=6)
        assert f"{short_date(first, 'en_US')} to {short_date(last, 'en_US')}" in text


def test_hostile_names_neither_break_nor_lengthen_a_diary() -> None:
    clinic = Clinic(HOSTILE, (HOSTILE,) * 9, HOSTILE)
    pages = page_texts(
        to_pdf(diary_document(replace(DIARY, clinic=clinic, patient=PatientIdentity(HOSTILE, None, HOSTILE))))
    )
    assert len(pages) <= 2
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert "birth date not recorded" in " ".join(page.split())


def test_without_a_telephone_number_the_clinic_is_to_be_called_all_the_same() -> None:
    text = whole_text(to_pdf(diary_document(replace(DIARY, clinic=Clinic("Harbor Clinic")))))
    assert "call the clinic" in text
