from dataclasses import replace
from datetime import date, datetime

import pypdfium2
import pytest

from clinic_app.errors import NotAllowed, NotFound
from clinic_app.services.paper import Paper
from clinic_app.services.visit_data import ResponseData, SideEffectForm
from clinic_app.terms import Severity
from tests.services.conftest import OpenClinic


def pages(paper: Paper) -> list[str]:
    document = pypdfium2.PdfDocument(paper.render())
    try:
        texts = []
        for page in document:
            text_page = page.get_textpage()
            texts.append(text_page.get_text_bounded())
            text_page.close()
            page.close()
        return texts
    finally:
        document.close()


def test_the_note_says_who_what_and_how_much_on_paper(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    first = clinic.signed(patient_id)
    clinic.services.visits.record_response(clinic.physician, first, ResponseData(first_day=7, best_percent=70))
    clinic.clock.forward(weeks=13)
    clinic.services.side_effects.record(
        clinic.physician,
        SideEffectForm(first, "dysphagia", "", Severity.MILD, date(2026, 3, 10), red_flag=False),
    )
    vial = replace(clinic.content().vials[0], reconstituted_at=datetime(2026, 6, 1, 9, 30))
    second = clinic.signed(patient_id, clinic.content(visited_on=date(2026, 6, 1), vials=(vial,)))
    clinic.services.visits.add_addendum(clinic.physician, second, "Left out", "Tolerated well.", clinic.confirmed())
    texts = pages(clinic.services.papers.visit_note(clinic.nurse, second))
    whole = "\n".join(texts)
    for words in (
        "splenius capitis",
        "levator scapulae",
        "60",
        "C1234",
        "Botox",
        "Cervical dystonia",
        "G24.3",
        "70",
        "Trouble swallowing",
        "Turns to the right.",
        "Dr. Mara Ellison",
        "Tolerated well.",
        "Left out",
        "Corrected",
        clinic.services.visits.details(clinic.nurse, second).digest,
        clinic.services.visits.details(clinic.nurse, second).addenda[0].digest,
    ):
        assert words in whole, words
    for number, text in enumerate(texts, 1):
        assert "Ada Okafor" in text
        assert "MRN0000001" in text
        assert f"{number} of {len(texts)}" in text


def test_the_handout_names_muscles_and_what_to_watch_for_and_no_doses(clinic: OpenClinic) -> None:
    visit_id = clinic.signed(clinic.patient())
    clinic.services.clinics.set_letterhead(
        clinic.physician, replace(clinic.services.clinics.letterhead(), address="12 Harbor Street", phone="555-0100")
    )
    whole = "\n".join(pages(clinic.services.papers.aftercare(clinic.desk, visit_id)))
    for words in ("splenius capitis", "right", "555-0100", "Ada Okafor", "swallow"):
        assert words in whole, words


def test_the_front_desk_prints_handouts_but_no_notes(clinic: OpenClinic) -> None:
    visit_id = clinic.signed(clinic.patient())
    with pytest.raises(NotAllowed):
        clinic.services.papers.visit_note(clinic.desk, visit_id)
    with pytest.raises(NotFound):
        clinic.services.papers.visit_note(clinic.nurse, 99)


def test_file_names_carry_no_names_of_people(clinic: OpenClinic) -> None:
    visit_id = clinic.signed(clinic.patient())
    assert clinic.services.papers.visit_note(clinic.nurse, visit_id).file_name == "visit-note-2026-03-02"
    assert clinic.services.papers.aftercare(clinic.nurse, visit_id).file_name == "aftercare-2026-03-02"


def test_the_diary_is_the_patients_and_anybody_at_the_desk_may_print_it(clinic: OpenClinic) -> None:
    visit = clinic.signed(clinic.patient())
    paper = clinic.services.papers.diary(clinic.desk, visit)
    (text,) = pages(paper)
    assert "Ada Okafor" in text and "MRN0000001" in text and "Page 1 of 1" in text
    assert paper.file_name == "diary-2026-03-02"
    with pytest.raises(NotFound):
        clinic.services.papers.diary(clinic.desk, 99)
