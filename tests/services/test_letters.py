from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from clinic_app.errors import NotAllowed, NotFound
from clinic_app.services.chart_data import ChartLine, ChartVial
from clinic_app.services.visit_data import ResponseData, SideEffectForm
from clinic_app.terms import Severity, Side
from tests.documents.reading import whole_text
from tests.services.conftest import OpenClinic


def letter(clinic: OpenClinic, visit_id: int) -> str:
    return whole_text(clinic.services.letters.referral_letter(clinic.nurse, visit_id).render())


def test_the_letter_is_drawn_from_the_signed_visit(clinic: OpenClinic) -> None:
    head = replace(clinic.services.clinics.letterhead(), address="12 Harbor Street", phone="555-0100")
    clinic.services.clinics.set_letterhead(clinic.physician, head)
    patient = clinic.patient(referring_doctor="Dr. Samuel Brandt")
    first = clinic.signed(patient)
    clinic.services.visits.record_response(clinic.physician, first, ResponseData(7, 70, 11, note="Less pain."))
    clinic.clock.forward(weeks=13)
    effect = SideEffectForm(first, "dysphagia", "", Severity.MILD, date(2026, 3, 10), date(2026, 3, 20), "Soft food.")
    clinic.services.side_effects.record(clinic.physician, replace(effect, red_flag=False))
    second = clinic.signed(patient, clinic.content(visited_on=date(2026, 6, 1)))
    clinic.services.visits.add_addendum(clinic.physician, second, "Misread", "Levator got 38 U.", clinic.confirmed())
    text = letter(clinic, second)

    for words in (
        "Dr. Samuel Brandt",
        "Thank you for referring Ada Okafor. On June 1, 2026 we injected onabotulinumtoxinA (Botox), 100 U in total, "
        "for cervical dystonia (ICD-10-CM G24.3).",
        "by Dr. Mara Ellison: Levator got 38 U.",
        "After the injections of March 2, 2026: best benefit 70 %, from day 7, worn off in week 11. "
        "Side effects: Trouble swallowing (mild), from day 8 to day 18, Soft food. Less pain.",
        "splenius capitis 60 levator scapulae 40",
        "Turns to the right.",
        "Repeat in 12 weeks.",
        "after 12 weeks. Next appointment: not booked yet.",
        "555-0100",
        "Signed electronically by Dr. Mara Ellison on Jun 1, 2026",
    ):
        assert words in text, words


def test_the_letter_holds_nothing_that_is_the_clinics_own(clinic: OpenClinic) -> None:
    vial = replace(clinic.content().vials[0], size_units=Decimal(200), wasted="100", waste_reason="remainder discarded")
    visit = clinic.signed(clinic.patient(), clinic.content(vials=(vial,), codes=("64616",)))
    details = clinic.services.visits.details(clinic.nurse, visit)
    text = letter(clinic, visit)

    assert details.answers and details.codes
    for own in ("64616", "remainder", "onsent", "C1234", "Overridden", *(answer.said for answer in details.answers)):
        assert own not in text, own


def test_units_of_two_products_stand_under_their_own_names(clinic: OpenClinic) -> None:
    other = ChartVial("v2", "rimabotulinumtoxinB", None, "M77", date(2027, 5, 31), Decimal(2500))
    content = clinic.content()
    lines = (
        *content.lines,
        ChartLine("c", "glandula_parotidea", Side.LEFT, "2500", vial="v2", indication="sialorrhea"),
    )
    visit = clinic.signed(clinic.patient(), replace(content, vials=(*content.vials, other), lines=lines))
    text = letter(clinic, visit)

    assert "onabotulinumtoxinA (Botox), 100 U in total, and rimabotulinumtoxinB (Myobloc), 2500 U in total," in text
    assert "rimabotulinumtoxinB (Myobloc), for chronic sialorrhea parotid gland 2500" in text
    assert "2600" not in text


def test_who_may_not_read_the_note_prints_no_letter_and_what_is_not_signed_has_none(clinic: OpenClinic) -> None:
    visit = clinic.signed(clinic.patient())
    paper = clinic.services.letters.referral_letter(clinic.nurse, visit)

    assert (paper.kind, paper.file_name) == ("referral_letter", "referral-letter-2026-03-02")
    assert "To whom it may concern" in whole_text(paper.render())
    with pytest.raises(NotAllowed):
        clinic.services.letters.referral_letter(clinic.desk, visit)
    with pytest.raises(NotFound):
        clinic.services.letters.referral_letter(clinic.nurse, visit + 1)
