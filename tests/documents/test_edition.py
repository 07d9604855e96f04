"""How paper is printed for readers of another language: words, dates and what the file says of itself."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.documents.aftercare import AftercareHandout, TreatedMuscle, aftercare_document, plain_places
from clinic_app.documents.appointment_card import AppointmentCard, appointment_card_document
from clinic_app.documents.diary import Diary, diary_document
from clinic_app.documents.letterhead import PatientIdentity
from clinic_app.documents.page import Edition, to_pdf
from clinic_app.documents.recall_letter import RecallLetters, RecallRecipient, recall_letter_document
from clinic_app.documents.wording import locale_in, long_date, time_of_day
from clinic_app.reference.catalogue import Reference
from tests.documents.build import CLINIC
from tests.documents.reading import page_sizes, page_texts, whole_text

MARIA = PatientIdentity("María Ángeles Ortega", date(1944, 9, 28), "MRN0004321")
SPANISH = Edition("Letter", "es", "es_US")
every_paper = pytest.mark.parametrize("paper", ["Letter", "A4"])


@pytest.mark.parametrize(
    ("language", "clinic", "locale"),
    [
        ("es", Edition("A4", "en", "en_US"), "es_US"),
        ("es", Edition("A4", "en", "en", "MX"), "es_MX"),
        ("es", Edition("A4", "en", "zh_Hant_TW"), "es"),
        ("es", Edition("A4", "en", "de_DE"), "es"),
        ("es", Edition("A4", "en", "en"), "es"),
        ("en", Edition("A4", "en", "de_DE"), "en_DE"),
        ("en", Edition("A4", "en", "en_GB", "US"), "en_GB"),
        ("en", Edition("A4", "es", "es_MX"), "en"),
    ],
)
def test_dates_are_written_as_in_the_language_in_the_clinics_country(
    language: str, clinic: Edition, locale: str
) -> None:
    assert clinic.speaking(language) == replace(clinic, language=language, locale=locale)


@given(st.text(max_size=12), st.text(max_size=12))
def test_no_language_and_no_country_are_too_odd_to_print_a_date(language: str, country: str) -> None:
    found = locale_in(language, country)
    assert long_date(date(2026, 3, 2), found)
    assert time_of_day(datetime(2026, 3, 2, 14, 30), found)


@every_paper
def test_a_spanish_diary_has_its_twelve_weeks_on_one_page_with_the_longest_dates(paper: str) -> None:
    diary = Diary(CLINIC, MARIA, date(2026, 9, 30), replace(SPANISH, paper=paper))
    pdf = to_pdf(diary_document(diary))
    assert len(page_sizes(pdf)) == 1
    text = whole_text(pdf)
    for words in ("Cuánto mejoró", "Dolor", "Qué más notó", "1 oct 2026 al 7 oct 2026", "28 de septiembre de 1944",
                  "17 dic 2026 al 23 dic 2026", "Número de expediente", "Página 1 de 1"):  # fmt: skip
        assert words in text, words
    assert "..." not in text, "nothing is cut"


@every_paper
@pytest.mark.parametrize("why", ["due", "overdue", "cancelled", "no_show"])
def test_a_spanish_recall_letter_is_one_page_and_nothing_of_it_is_cut(paper: str, why: str) -> None:
    to = RecallRecipient(
        MARIA, ("Calle del Molino 3", "Puerto"), why, date(2026, 9, 28), 12, date(2026, 12, 22), "es"  # type: ignore[arg-type]
    )  # fmt: skip
    letters = RecallLetters(CLINIC, date(2026, 12, 28), (to,), Edition(paper))
    (page,) = page_texts(to_pdf(recall_letter_document(letters, to)))
    assert "..." not in page
    assert "28 de diciembre de 2026" in page


@every_paper
def test_a_spanish_aftercare_sheet_of_a_usual_visit_is_two_pages_and_nothing_of_it_is_cut(
    reference: Reference, paper: str
) -> None:
    usual = (("splenius_capitis", "right"), ("semispinalis_capitis", "right"), ("sternocleidomastoideus", "left"))
    sheet = AftercareHandout(
        CLINIC,
        MARIA,
        date(2026, 9, 28),
        "Dr. Elena Marchetti",
        tuple(TreatedMuscle(reference.muscles[muscle], side) for muscle, side in usual),
        tuple(reference.side_effects.values()),
        interval_weeks=12,
        next_visit=datetime(2026, 12, 23, 14, 30),
        edition=replace(SPANISH, paper=paper),
    )
    pages = page_texts(to_pdf(aftercare_document(sheet)))
    assert len(pages) == 2
    assert "..." not in " ".join(pages)


def test_the_longest_day_and_hour_fit_on_a_spanish_card() -> None:
    card = AppointmentCard(CLINIC, MARIA.name, datetime(2026, 9, 23, 14, 30), 30, "Dr. Elena Marchetti", SPANISH)
    (page,) = page_texts(to_pdf(appointment_card_document(card)))
    assert "..." not in page
    assert "Miércoles,\r\n23 de septiembre de 2026" in page


@pytest.mark.parametrize("muscle", ["orbicularis_oculi_pretarsal", "glandula_parotidea", "trapezius_pars_descendens"])
def test_in_spanish_a_muscle_has_its_latin_name(reference: Reference, muscle: str) -> None:
    known = reference.muscles[muscle]
    (place,) = plain_places([TreatedMuscle(known, "left")], "es")
    assert known.name not in place
    assert place.count("(") == 1
    assert place.partition("(")[2].rstrip(")").casefold() in known.latin.casefold()


@every_paper
def test_without_name_birth_date_and_number_a_paper_says_so_in_its_language(paper: str) -> None:
    nobody = PatientIdentity("", None, "")
    text = whole_text(to_pdf(diary_document(Diary(CLINIC, nobody, date(2026, 9, 30), replace(SPANISH, paper=paper)))))
    for words in ("Paciente", "Sin nombre", "no anotada", "ninguno", "sin fecha de nacimiento"):
        assert words in text, words
