from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest

from clinic_app.errors import NotAllowed, NotFound
from clinic_app.partial_dates import PartialDate
from clinic_app.services import charting
from clinic_app.services.chart_data import ChartContent, ChartLine, ScaleScore
from clinic_app.services.clock import local_now
from clinic_app.services.patient_data import ElsewhereForm, Entry
from clinic_app.services.visit_data import ResponseData, ScaleSheet, ScaleValue, SideEffectForm
from clinic_app.terms import EntryKind, Severity, Side
from clinic_app.timeline.course import Benefit, TreatmentKind
from clinic_app.timeline.picture import picture_of
from clinic_app.timeline.shapes import Ink, Pattern
from tests.services.conftest import OpenClinic
from tests.services.statements import statements
from tests.timeline.build import WRITING

SCM = "sternocleidomastoideus"
WEEKS = 12


def injected(clinic: OpenClinic, patient_id: int, neck: int) -> int:
    """A visit of today with so many units in the left sternocleidomastoid and the rest of a vial in the splenius."""
    content = clinic.content()
    lines = (
        ChartLine("a", SCM, Side.LEFT, f"{neck}", guidance=("EMG",), vial="v1"),
        ChartLine("b", "splenius_capitis", Side.RIGHT, f"{100 - neck}", guidance=("EMG",), vial="v1"),
    )
    vial = replace(content.vials[0], reconstituted_at=clinic.clock.moment.replace(tzinfo=None, hour=9))
    return clinic.signed(patient_id, replace(content, lines=lines, vials=(vial,)))


def story(clinic: OpenClinic) -> tuple[int, list[int]]:
    """Trouble swallowing after the second visit's rise from 30 to 50 units; back to 30, and it stayed away."""
    patient_id, visits = clinic.patient(), []
    for neck in (30, 50, 30):
        visits.append(injected(clinic, patient_id, neck))
        clinic.clock.forward(weeks=WEEKS)
    injected_on = date(2026, 3, 2) + timedelta(weeks=WEEKS)
    clinic.services.side_effects.record(
        clinic.nurse,
        SideEffectForm(
            visits[1],
            "dysphagia",
            severity=Severity.MODERATE,
            red_flag=False,
            started_on=injected_on + timedelta(days=8),
            ended_on=injected_on + timedelta(days=22),
            muscles=((SCM, Side.LEFT),),
        ),
    )
    for visit, best in zip(visits, (50, 70, 65), strict=True):
        clinic.services.visits.record_response(clinic.physician, visit, ResponseData(7, best, 11, pain=2))
    clinic.services.side_effects.none_reported(clinic.nurse, visits[2])
    return patient_id, visits


def test_the_course_tells_what_changed_before_the_trouble_and_that_it_went(clinic: OpenClinic) -> None:
    patient_id, visits = story(clinic)
    course = clinic.services.timeline.of_patient(clinic.nurse, patient_id)
    assert [visit.id for visit in course.visits] == visits
    assert [visit.totals for visit in course.visits] == [{"onabotulinumtoxinA": Decimal(100)}] * 3
    assert [interval.days for interval in course.intervals] == [84, 84]
    assert course.visits[1].benefit == Benefit(7, 70, 11, 2)
    (effect,) = course.effects
    assert (effect.visit_id, effect.severity, effect.muscles) == (visits[1], Severity.MODERATE, ((SCM, Side.LEFT),))
    assert (effect.started_on - effect.visited_on).days == 8
    assert [visit.asked_none for visit in course.visits] == [False, False, True]


def test_the_muscle_bars_show_the_rise_the_mark_under_it_and_the_lower_dose_after(clinic: OpenClinic) -> None:
    patient_id, visits = story(clinic)
    picture = picture_of(clinic.services.timeline.of_patient(clinic.nurse, patient_id))
    lane = next(lane for lane in picture.muscle_lanes() if lane.muscle == SCM)
    assert [(bar.visit.id, bar.units, bar.change, len(bar.effects)) for bar in lane.bars] == [
        (visits[0], Decimal(30), 0, 0),
        (visits[1], Decimal(50), 1, 1),
        (visits[2], Decimal(30), -1, 0),
    ]
    stage = picture.drawn(1.0, 0, 1e6, WRITING)
    top, foot = picture.top(lane), picture.top(lane) + lane.height
    drawn = [rect for rect in stage.picture.rects if top <= rect.y < foot]
    before, raised, lowered = (rect for rect in drawn if rect.ink in (Ink.DOSE, Ink.SAME_DOSE))
    assert before.height == pytest.approx(raised.height * 0.6) and lowered.height == before.height
    (mark,) = (rect for rect in drawn if rect.ink is Ink.MODERATE)
    assert mark.pattern is Pattern.STRIPES
    assert mark.x + mark.width / 2 == pytest.approx(raised.x + raised.width / 2)
    assert mark.y > raised.y + raised.height
    others = [lane for lane in picture.muscle_lanes() if lane.muscle != SCM]
    assert [effect for lane in others for bar in lane.bars for effect in bar.effects] == []
    told = next(spot.tell() for spot in stage.spots if spot.y == top and spot.visit_id == visits[1])
    assert told[0] == "Sternocleidomastoid, left: 30 → 50 U onabotulinumtoxinA"
    assert "moderate, from day 8 for 2 w 1 d" in told[2]


def test_the_check_speaks_when_the_dose_is_to_rise_again_and_not_below_it(clinic: OpenClinic) -> None:
    patient_id, _ = story(clinic)
    context = clinic.services.charts.context(clinic.physician, patient_id)
    now = local_now(clinic.clock, clinic.services.clinic.time_zone)

    def spoken(neck: int) -> list[str]:
        line = ChartLine("a", SCM, Side.LEFT, f"{neck}", guidance=("EMG",), vial="v1")
        content: ChartContent = clinic.content(lines=(line,))
        found = charting.read(content, context, clinic.services.reference, now).findings
        return [finding.check for finding in found if finding.check == "history.side_effect"]

    assert spoken(50) == ["history.side_effect"]
    assert spoken(40) == []


def test_what_else_was_given_and_changed_stands_beside_it(clinic: OpenClinic) -> None:
    patient_id = clinic.patient(
        entries=(
            Entry(EntryKind.MEDICINE, "baclofen", "muscle_relaxants", "", PartialDate(2025, 3), PartialDate(2025, 11)),
            Entry(EntryKind.SURGERY, "both sides", "deep_brain_stimulation", "", PartialDate(2020)),
            Entry(EntryKind.TREATMENT, "Physiotherapy", "physiotherapy"),
            Entry(EntryKind.ALLERGY, "latex", "", "", PartialDate(2001)),
        ),
        toxin_elsewhere=(ElsewhereForm(date(2026, 1, 5), "abobotulinumtoxinA", None, "cosmetic clinic", "frown"),),
    )
    clinic.signed(patient_id, clinic.content(scores=(ScaleScore("tsui", "", "12"),)))
    course = clinic.services.timeline.of_patient(clinic.nurse, patient_id)
    assert {(each.kind, each.name, each.since) for each in course.treatments} == {
        (TreatmentKind.MEDICINE, "baclofen", PartialDate(2025, 3)),
        (TreatmentKind.SURGERY, "Deep brain stimulation: both sides", PartialDate(2020)),
        (TreatmentKind.THERAPY, "Physiotherapy", None),
    }
    (elsewhere,) = course.elsewhere
    assert (elsewhere.product, elsewhere.units) == ("abobotulinumtoxinA", None)
    assert [product for product, _ in course.products] == ["abobotulinumtoxinA", "onabotulinumtoxinA"]
    assert [interval.days for interval in course.intervals] == [56]
    (score,) = course.scores
    assert (score.value, score.on) == (Decimal(12), date(2026, 3, 2))


def test_scores_of_the_response_stand_beside_the_signed_ones_and_none_stands_twice(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    first = clinic.signed(patient_id, clinic.content(scores=(ScaleScore("tsui", "", "12"),)))
    signed_on = clinic.clock.moment.date()
    clinic.clock.forward(weeks=WEEKS)
    measured_on = clinic.clock.moment.date()
    record = partial(clinic.services.visits.record_response, clinic.physician, first, ResponseData(best_percent=60))
    tsui, pain = ScaleValue("tsui", "", Decimal(9)), ScaleValue("twstrs", "pain", Decimal("7.25"))

    record(ScaleSheet(signed_on, (tsui,)))
    (score,) = clinic.services.timeline.of_patient(clinic.nurse, patient_id).scores
    assert (score.on, score.value) == (signed_on, Decimal(12))

    record(ScaleSheet(measured_on, (tsui, pain)))
    scores = clinic.services.timeline.of_patient(clinic.nurse, patient_id).scores
    assert [(each.on, each.value) for each in scores] == [
        (signed_on, Decimal(12)),
        (measured_on, Decimal(9)),
        (measured_on, Decimal("7.25")),
    ]


def test_a_long_course_takes_no_more_statements_than_there_are_kinds_of_rows(clinic: OpenClinic) -> None:
    short, (long, _) = clinic.patient(family_name="Short"), story(clinic)
    read = clinic.services.timeline.of_patient
    few = statements(clinic, partial(read, clinic.nurse, short))
    # Four of them let the person in and note the look; without a visit nothing is asked of side effects' muscles.
    assert few <= statements(clinic, partial(read, clinic.nurse, long)) <= 13


def test_only_those_who_may_read_the_record_see_it(clinic: OpenClinic) -> None:
    with pytest.raises(NotAllowed):
        clinic.services.timeline.of_patient(clinic.desk, clinic.patient())
    with pytest.raises(NotFound):
        clinic.services.timeline.of_patient(clinic.nurse, 99)
