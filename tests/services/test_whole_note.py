"""A visit that holds everything that a visit can hold, from the first key to the correction, on paper."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from clinic_app.services.chart_data import ChartContent, ChartLine, Point, ScaleScore
from clinic_app.services.visit_data import ResponseData, SideEffectForm
from clinic_app.terms import Severity, Side
from tests.documents.reading import whole_text
from tests.services.booking import book
from tests.services.conftest import OpenClinic

PLATE = "head_neck_posterior"


def _points(clinic: OpenClinic, muscle: str, units: tuple[str, ...]) -> tuple[Point, ...]:
    """Places on the drawn muscle of the right side, each with units of its own."""
    plate = clinic.services.atlas.plate(PLATE)
    parts = (part for layer in plate.layers for part in layer.parts)
    part = next(part for part in parts if part.muscle == muscle and part.side == "right")
    x, y = part.anchor
    return tuple(Point(PLATE, part.id, 0.5, 0.2 + 0.3 * n, x, y, each) for n, each in enumerate(units))


def _everything(clinic: OpenClinic) -> ChartContent:
    vial = replace(
        clinic.content().vials[0],
        size_units=Decimal(200),
        diluent_ml="4",
        reconstituted_at=datetime(2026, 5, 4, 9, 30),
        wasted="100",
        waste_reason="remainder discarded",
        witness_id=clinic.nurse.account_id,
        serial="SN778",
    )
    lines = (
        ChartLine(
            "a",
            "splenius_capitis",
            Side.RIGHT,
            "60",
            _points(clinic, "splenius_capitis", ("38.5", "21.5")),
            ("EMG", "ultrasound"),
            "v1",
            note="Firm band.",
        ),
        ChartLine("b", "levator_scapulae", Side.RIGHT, "40", (), ("EMG",), "v1", indication="upper_limb_dystonia"),
    )
    return clinic.content(
        visited_on=date(2026, 5, 4),
        vials=(vial,),
        lines=lines,
        scores=(ScaleScore("twstrs", "severity", "17"),),
        complications="Light-headed for a minute.",
        codes=("64616-RT", "J0585 ×100"),
    )


def _signed_with_everything(clinic: OpenClinic) -> int:
    """Nine weeks after the first visit, which is too early: a stop is overridden."""
    services, patient = clinic.services, clinic.patient()
    first = clinic.signed(patient)
    clinic.clock.forward(weeks=9)
    response = ResponseData(7, 70, 8, patient_impression=2, clinician_impression=3, pain=4, note="Less pain at night.")
    services.visits.record_response(clinic.physician, first, response)
    effect = SideEffectForm(first, "dysphagia", "", Severity.MILD, date(2026, 3, 10), date(2026, 3, 20), "Soft food.")
    services.side_effects.record(clinic.physician, replace(effect, red_flag=False))
    visit = clinic.signed(patient, _everything(clinic))
    book(clinic, datetime(2026, 8, 4, 10, 30), patient)
    services.visits.add_addendum(clinic.physician, visit, "Left out", "Tolerated well.", clinic.confirmed())
    return visit


def test_the_note_says_all_that_the_record_holds_in_the_order_in_which_it_is_read(clinic: OpenClinic) -> None:
    visit = _signed_with_everything(clinic)
    details = clinic.services.visits.details(clinic.nurse, visit)
    text = whole_text(clinic.services.papers.visit_note(clinic.nurse, visit).render())
    overridden = next(answer for answer in details.answers if answer.level == "stop")
    checks = [words for answer in details.answers for words in (_words(answer.said)[0], *_words(answer.reason)[:1])]

    at = 0
    for words in (
        "Ada Okafor",
        "Visited on May 4, 2026 Injector Dr. Mara Ellison",
        "Cervical dystonia (spasmodic torticollis) (ICD-10-CM G24.3)",
        "Corrected May 4, 2026",
        "Since the last visit",
        "Mar 2, 2026, 9 weeks before",
        "70 %",
        "day 7",
        "week 8",
        "4 of 10",
        "much better",
        "a little better",
        "Trouble swallowing (mild), from day 8 to day 18, Soft food",
        "Less pain at night.",
        "Turns to the right.",
        "Scale totals Toronto Western",
        "17",
        "Consent Recorded",
        "onabotulinumtoxinA",
        "C1234, serial SN778 May 31, 2027 200 U 4 mL saline, 9:30 AM 5",
        "splenius capitis Right 60 1.2 2 EMG, ultrasound Firm band.",
        "levator scapulae Right 40 0.8 EMG for upper limb dystonia",
        "Total onabotulinumtoxinA (Botox) 100 2 2",
        "38.5",
        "21.5",
        "Checks",
        *checks,
        "Given and wasted",
        "C1234 200 U 100 U 100 U remainder discarded Nurse",
        "Light-headed for a minute.",
        "64616-RT, J0585 ×100",
        "Repeat in 12 weeks.",
        "12 weeks",
        "Aug 4, 2026, 10:30 AM",
        "Dr. Mara Ellison Signed electronically on May 4, 2026, 11:00 AM",
        "Correction",
        "Left out",
        "Tolerated well.",
        details.addenda[0].digest,
        details.digest,
    ):
        found = text.find(words, at)
        assert found >= 0, (words, text[max(0, at - 80) : at + 400])
        at = found + len(words)
    assert overridden.reason and overridden.by == "Dr. Mara Ellison"
    assert "DRAFT" not in text


def _words(sentence: str) -> list[str]:
    """The first words of a sentence, as many as a line of a narrow column holds."""
    return [" ".join(sentence.split()[:2])] if sentence else []
