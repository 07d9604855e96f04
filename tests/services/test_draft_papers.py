"""What is printed of a chart before the signature: the note as a draft, and the labels of its vials."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from clinic_app.errors import ClinicError, NotAllowed
from clinic_app.rules.findings import Level
from clinic_app.services import charting
from clinic_app.services.chart_data import Answer, ChartContent, ScaleScore
from clinic_app.services.charting import Charted
from tests.documents.reading import page_sizes, page_texts, whole_text
from tests.services.conftest import OpenClinic


def charted(clinic: OpenClinic, patient: int, content: ChartContent) -> Charted:
    context = clinic.services.charts.context(clinic.physician, patient)
    now = datetime(2026, 3, 2, 10, 0)
    return charting.read(content, context, clinic.services.reference, now)


def test_the_draft_says_what_the_signed_note_says_and_that_it_is_a_draft(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    content = clinic.content(scores=(ScaleScore("twstrs", "severity", "17"),))
    draft = clinic.services.draft_papers.note(clinic.physician, patient, content, charted(clinic, patient, content))
    said = whole_text(draft.render())
    signed = whole_text(clinic.services.papers.visit_note(clinic.physician, clinic.signed(patient, content)).render())

    assert "Draft. Not signed" in said and "DRAFT" in said
    assert "SHA-256" not in said and "DRAFT" not in signed
    injections = signed[signed.index("Injections") : signed.index("Total onabotulinumtoxinA")]
    vials = signed[signed.index("Consent and vials") : signed.index("Injections")]
    for told in (injections, vials, "Turns to the right.", "Repeat in 12 weeks.", "Ada Okafor"):
        assert told in said
    assert draft.of_visit is None
    assert draft.papers == ()


def test_the_draft_tells_answered_checks_from_those_that_still_wait(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    content = clinic.content(vials=(replace(clinic.content().vials[0], expires_on=date(2026, 1, 31)),))
    stop = next(each for each in charted(clinic, patient, content).findings if each.level is Level.STOP)
    by = clinic.physician.full_name, clinic.physician.account_id
    counts = charting.answering(stop, "No other vial.", *by)

    def said(*answers: Answer) -> str:
        answered = replace(content, answers=answers)
        read = charted(clinic, patient, answered)
        return whole_text(clinic.services.draft_papers.note(clinic.physician, patient, answered, read).render())

    words = " ".join(stop.sentence.split()[:4])
    assert f"Open {words}" in said()
    assert f"Overridden {words}" in said(counts)
    assert f"Open {words}" in said(replace(counts, said="Another figure."))
    assert f"Open {words}" in said(replace(counts, reason=""))


def test_a_half_filled_chart_is_printed_as_it_stands(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    lines = clinic.content().lines
    content = ChartContent(
        visited_on=clinic.today,
        injector_id=clinic.physician.account_id,
        lines=(replace(lines[0], units="", vial=""), replace(lines[1], units="no number", vial="")),
    )
    draft = clinic.services.draft_papers.note(clinic.physician, patient, content, charted(clinic, patient, content))
    said = whole_text(draft.render())
    assert "splenius capitis" in said and "levator scapulae" in said
    assert "Not recorded" in said  # the consent


def test_each_vial_that_is_ready_has_its_label(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    (vial,) = clinic.content().vials
    second = replace(vial, key="v2", lot_number="D5678", size_units=Decimal(200), diluent_ml="4")
    unmixed = replace(vial, key="v3", lot_number="E1", reconstituted_at=None)
    content = clinic.content(vials=(vial, second, unmixed))
    paper = clinic.services.draft_papers.labels(clinic.nurse, patient, content, charted(clinic, patient, content))
    pdf = paper.render()
    first, other = page_texts(pdf)
    for told in (
        "5 U per 0.1 mL",
        "100 U in 2 mL",
        "Lot C1234",
        "May 31, 2027",
        "Mixed Mar 2, 2026, 9:30",
        "Use by Mar 3,",
    ):
        assert told in " ".join(first.split()), told
    assert "Okafor A." in first and "Ada" not in first
    assert "born Mar 12, 1961 · MRN0000001" in " ".join(first.split())
    assert "Mara" not in first, "who prints a label need not have mixed the vial"
    assert "D5678" in other and "200 U in 4 mL" in " ".join(other.split())
    assert {(round(w), round(h)) for w, h in page_sizes(pdf)} == {(176, 82)}


def test_hours_that_nobody_verified_are_left_to_write(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    (vial,) = clinic.content().vials
    vial = replace(vial, product="abobotulinumtoxinA", size_units=Decimal(300))
    content = clinic.content(product="abobotulinumtoxinA", vials=(vial,))
    read = charted(clinic, patient, content)
    assert read.vials[0].use_by is not None and not read.vials[0].use_by_verified
    said = whole_text(clinic.services.draft_papers.labels(clinic.physician, patient, content, read).render())
    assert "Use by" in said and "Use by Mar" not in said


def test_without_a_mixed_vial_there_is_no_label(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    content = clinic.content(vials=())
    with pytest.raises(ClinicError) as refused:
        clinic.services.draft_papers.labels(clinic.physician, patient, content, charted(clinic, patient, content))
    assert refused.value.code == "no_vial_to_label"


def test_the_front_desk_prints_neither(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    content = clinic.content()
    read = charted(clinic, patient, content)
    for gather in (clinic.services.draft_papers.note, clinic.services.draft_papers.labels):
        with pytest.raises(NotAllowed):
            gather(clinic.desk, patient, content, read)
