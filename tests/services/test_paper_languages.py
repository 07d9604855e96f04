"""Every paper that a patient reads speaks the patient's language, and says nothing in another."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from clinic_app.services.handouts import Handouts
from clinic_app.services.paper import Paper
from clinic_app.services.schedule_data import Booking
from clinic_app.terms import LotHold
from tests.handouts.test_paper_texts import texts
from tests.services.conftest import OpenClinic
from tests.services.test_papers import pages

# Words of an English sheet that cannot stand in a Spanish one.
ENGLISH = re.compile(
    r"\b(Page|of|born|Patient|Birth|date|Record|number|none|recorded|the|your|you|with|and|weeks|to"
    r"|January|February|March|May|June|Monday|Tuesday|Wednesday|Thursday)\b"
)


def aftercare(clinic: OpenClinic, patient_id: int) -> Paper:
    visit_id = clinic.signed(patient_id)
    clinic.services.schedule.book(clinic.desk, booking(clinic, patient_id))
    return clinic.services.papers.aftercare(clinic.desk, visit_id)


def diary(clinic: OpenClinic, patient_id: int) -> Paper:
    return clinic.services.papers.diary(clinic.desk, clinic.signed(patient_id))


def card(clinic: OpenClinic, patient_id: int) -> Paper:
    appointment_id = clinic.services.schedule.book(clinic.desk, booking(clinic, patient_id))
    return clinic.services.schedule_papers.appointment_card(clinic.desk, appointment_id)


def recall_letter(clinic: OpenClinic, patient_id: int) -> Paper:
    clinic.signed(patient_id)
    clinic.clock.forward(weeks=13)
    return clinic.services.schedule_papers.recall_letters(clinic.desk, [patient_id])


def lot_letter(clinic: OpenClinic, patient_id: int) -> Paper:
    lot_id = clinic.lot()
    clinic.signed(patient_id, clinic.content(lot_id))
    clinic.services.stock.hold(clinic.nurse, lot_id, LotHold.RECALLED, "7")
    return clinic.services.stock_papers.lot_letters(clinic.nurse, lot_id, "Hizo demasiado calor en el camino.")


def booking(clinic: OpenClinic, patient_id: int) -> Booking:
    return Booking(patient_id, clinic.physician.account_id, 1, datetime(2026, 5, 26, 14, 30), 30, 1)


PAPERS = [aftercare, diary, card, recall_letter, lot_letter]
Made = Callable[[OpenClinic, int], Paper]
every_paper = pytest.mark.parametrize("made", PAPERS)


def said(paper: Paper) -> str:
    return " ".join(" ".join(pages(paper)).split())


@every_paper
@pytest.mark.parametrize("phone", ["555-0100", ""])
def test_a_patient_who_reads_spanish_gets_a_paper_that_is_spanish_throughout(
    clinic: OpenClinic, made: Made, phone: str
) -> None:
    clinic.services.clinics.set_letterhead(
        clinic.physician, replace(clinic.services.clinics.letterhead(), address="Puerto 12", phone=phone)
    )
    paper = made(clinic, clinic.patient(language="español", address="Molino 3"))
    text = said(paper).replace(clinic.services.clinics.letterhead().name, "")
    assert not ENGLISH.findall(text)
    assert b"/Lang (es)" in paper.render()
    if made is not card:  # a card has neither
        assert "Página 1 de" in text
        assert "nació el 12 de marzo de 1961" in text


@every_paper
def test_everybody_else_gets_it_in_english(clinic: OpenClinic, made: Made) -> None:
    paper = made(clinic, clinic.patient(language="Vietnamese"))
    assert ENGLISH.search(said(paper))
    assert b"/Lang (en)" in paper.render()


def test_the_note_of_a_spanish_patient_stays_in_the_language_of_the_program(clinic: OpenClinic) -> None:
    visit_id = clinic.signed(clinic.patient(language="Spanish"))
    text = said(clinic.services.papers.visit_note(clinic.nurse, visit_id))
    for words in ("Visit note", "born March 12, 1961", "Birth date", "Page 1 of", "Next interval 12 weeks"):
        assert words in text, words


def test_the_aftercare_sheet_says_when_in_spanish(clinic: OpenClinic) -> None:
    text = said(aftercare(clinic, clinic.patient(language="es-MX")))
    for words in (
        "Tratamiento del 2 de marzo de 2026",
        "unas 12 semanas después de este",
        "Martes, 26 de mayo de 2026, 2:30 p.m.",
        "el lado derecho del cuello (splenius capitis",
        texts("es", "paper")["record_number"],
    ):
        assert words in text, words


def test_each_letter_is_in_the_language_of_whom_it_goes_to(clinic: OpenClinic) -> None:
    written = {"Okafor": "Spanish", "Byrne": "English", "Costa": ""}
    patients = [clinic.patient(family_name=name, language=language) for name, language in written.items()]
    lot_id = clinic.lot()
    for patient_id in patients:
        clinic.signed(patient_id, clinic.content(lot_id))
    clinic.clock.forward(weeks=13)
    clinic.services.stock.hold(clinic.nurse, lot_id, LotHold.RECALLED, "7")
    for paper in (
        clinic.services.schedule_papers.recall_letters(clinic.desk, patients),
        clinic.services.stock_papers.lot_letters(clinic.nurse, lot_id, "Because."),
    ):
        greetings = {"Spanish": "Hola, Ada {}:", "English": "Dear Ada {},", "": "Dear Ada {},"}
        text = said(paper)
        for name, language in written.items():
            assert greetings[language].format(name) in text


def test_a_handout_has_its_own_language_with_dates_of_the_country(clinic: OpenClinic) -> None:
    handouts: Handouts = clinic.services.handouts
    text = said(handouts.paper(clinic.desk, "when_to_call", "es"))
    assert "2 de marzo de 2026" in text
    assert "Página 1 de 2" in text
    assert not re.search(r"\b(Page|March|of)\b", text)
