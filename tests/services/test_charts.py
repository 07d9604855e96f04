from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.errors import ClinicError, NotAllowed, NotFound, RecordChanged
from clinic_app.services import charting
from clinic_app.services.chart_data import (
    Answer,
    ChartContent,
    ChartLine,
    ChartVial,
    Point,
    ScaleScore,
)
from clinic_app.services.charts import content_from_json, content_to_json
from clinic_app.services.patient_data import ElsewhereForm
from clinic_app.services.schedule_data import Booking
from clinic_app.terms import AppointmentState, Side
from tests.services.conftest import OpenClinic
from tests.services.numbers import read_lines


def test_a_draft_keeps_what_is_typed_however_wrong(clinic: OpenClinic) -> None:
    draft = clinic.services.charts.start(clinic.nurse, clinic.patient())
    wrong = replace(
        draft.content,
        lines=(ChartLine("a", "splenius_capitis", Side.RIGHT, "minus a lot"),),
        vials=(ChartVial("v", "onabotulinumtoxinA", wasted="-3"),),
    )
    version = clinic.services.charts.keep(clinic.nurse, draft.id, draft.version, wrong)
    again = clinic.services.charts.open(clinic.physician, draft.id)
    assert (again.content, again.version, again.saved_by) == (wrong, version, "Nurse")


def test_two_people_on_one_draft_are_told(clinic: OpenClinic) -> None:
    draft = clinic.services.charts.start(clinic.nurse, clinic.patient())
    clinic.services.charts.keep(clinic.nurse, draft.id, 1, draft.content)
    with pytest.raises(RecordChanged):
        clinic.services.charts.keep(clinic.physician, draft.id, 1, draft.content)


def test_a_discarded_draft_can_be_brought_back(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    draft = clinic.services.charts.start(clinic.physician, patient_id)
    content = clinic.services.charts.discard(clinic.physician, draft.id, draft.version)
    assert clinic.services.charts.drafts(clinic.physician) == ()
    clinic.services.charts.restore(clinic.physician, patient_id, content)
    rows = clinic.services.charts.drafts(clinic.physician, patient_id)
    assert [(row.patient_name, row.visited_on) for row in rows] == [("Ada Okafor", date(2026, 3, 2))]


def test_a_signed_visit_holds_what_was_charted(clinic: OpenClinic) -> None:
    patient_id, lot_id = clinic.patient(), clinic.lot()
    content = clinic.content(
        lot_id,
        scores=(ScaleScore("twstrs", "severity", "17,5"),),
        lines=(
            ChartLine(
                "a",
                "splenius_capitis",
                Side.RIGHT,
                "60",
                points=(Point("head_neck_posterior", "splenius", 0.5, 0.4, 30.0, 60.5),),
                guidance=("EMG",),
                vial="v1",
            ),
            ChartLine("b", "levator_scapulae", Side.RIGHT, "37,5", guidance=("EMG",), vial="v1"),
        ),
        vials=(replace(clinic.content(lot_id).vials[0], wasted="2.5", waste_reason="rest"),),
    )
    visit = clinic.services.visits.details(clinic.nurse, clinic.signed(patient_id, content))
    assert [(i.muscle, i.side, i.units, i.volume_ml) for i in visit.injections] == [
        ("splenius_capitis", Side.RIGHT, Decimal(60), Decimal("1.2")),
        ("levator_scapulae", Side.RIGHT, Decimal("37.5"), Decimal("0.75")),
    ]
    assert visit.injections[0].points == content.lines[0].points
    (vial,) = visit.vials
    assert (vial.lot_number, vial.given_units, vial.wasted_units) == ("C1234", Decimal("97.5"), Decimal("2.5"))
    assert visit.scores == (("twstrs", "severity", Decimal("17.5")),)
    assert (visit.signed_by, len(visit.digest)) == ("Dr. Mara Ellison", 64)
    assert clinic.services.stock.vials_left(clinic.nurse, lot_id) == 9
    assert clinic.services.charts.drafts(clinic.physician) == ()


def test_only_a_physician_signs(clinic: OpenClinic) -> None:
    draft = clinic.services.charts.start(clinic.nurse, clinic.patient())
    with pytest.raises(NotAllowed):
        clinic.services.charts.sign(
            clinic.nurse, draft.id, draft.version, clinic.content(), clinic.confirmed(clinic.nurse)
        )
    with pytest.raises(NotAllowed):
        clinic.services.charts.start(clinic.desk, 1)


def _refused(clinic: OpenClinic, content: ChartContent) -> str:
    draft = clinic.services.charts.start(clinic.physician, clinic.patient())
    with pytest.raises(ClinicError) as refused:
        clinic.services.charts.sign(clinic.physician, draft.id, draft.version, content, clinic.confirmed())
    assert clinic.services.charts.open(clinic.physician, draft.id).version == draft.version
    assert str(refused.value)
    return refused.value.code


@pytest.mark.parametrize(
    ("units", "code"),
    [
        ("-5", "units_negative"),
        ("five", "units_not_a_number"),
        ("", "units_missing"),
        ("0", "units_missing"),
        ("200000", "units_too_many"),
        ("NaN", "units_not_a_number"),
    ],
)
def test_units_that_are_no_dose_are_refused_and_the_draft_stays(clinic: OpenClinic, units: str, code: str) -> None:
    line = replace(clinic.content().lines[0], units=units)
    assert _refused(clinic, clinic.content(lines=(line,))) == code


def test_a_vial_that_was_mixed_tomorrow_is_no_vial(clinic: OpenClinic) -> None:
    vial = clinic.content().vials[0]
    for minutes, code in ((1, "mixed_in_future"), (24 * 60, "mixed_in_future")):
        ahead = replace(vial, reconstituted_at=datetime(2026, 3, 2, 10, 0) + timedelta(minutes=minutes))
        assert _refused(clinic, clinic.content(vials=(ahead,))) == code
    clinic.signed(
        clinic.patient(record_number="now"),
        clinic.content(vials=(replace(vial, reconstituted_at=datetime(2026, 3, 2, 10, 0)),)),
    )


def test_more_than_the_vial_holds_cannot_be_signed(clinic: OpenClinic) -> None:
    line = replace(clinic.content().lines[0], units="160")
    answers = (Answer("vial.overdrawn", "v1", "because"),)
    assert _refused(clinic, clinic.content(lines=(line,), answers=answers)) == "chart_incomplete"


def test_carried_lines_must_be_confirmed(clinic: OpenClinic) -> None:
    line = replace(clinic.content().lines[0], carried=True)
    assert _refused(clinic, clinic.content(lines=(line,))) == "lines_not_confirmed"


def test_an_empty_chart_cannot_be_signed(clinic: OpenClinic) -> None:
    assert _refused(clinic, clinic.content(lines=())) == "chart_empty"


def test_a_visit_tomorrow_cannot_be_signed_today(clinic: OpenClinic) -> None:
    assert _refused(clinic, clinic.content(visited_on=date(2026, 3, 3))) == "visit_in_future"


def test_a_lot_without_vials_cannot_be_used(clinic: OpenClinic) -> None:
    lot_id = clinic.lot(vials=1)
    clinic.signed(clinic.patient(), clinic.content(lot_id))
    with pytest.raises(ClinicError) as refused:
        clinic.signed(clinic.patient(family_name="Byrne", birth_date=date(1970, 1, 1)), clinic.content(lot_id))
    assert refused.value.code == "lot_empty"
    assert clinic.services.stock.vials_left(clinic.nurse, lot_id) == 0


def test_a_stop_needs_a_reason_which_the_visit_keeps(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    clinic.signed(patient_id)
    clinic.clock.forward(days=30)
    content = clinic.content(visited_on=date(2026, 4, 1))
    draft = clinic.services.charts.start(clinic.physician, patient_id)
    with pytest.raises(ClinicError) as refused:
        clinic.services.charts.sign(clinic.physician, draft.id, draft.version, content, clinic.confirmed())
    assert refused.value.code == "stop_without_reason"
    visit = clinic.services.visits.details(clinic.physician, clinic.signed(patient_id, content))
    stop = next(answer for answer in visit.answers if answer.check == "interval.too_short")
    assert stop.reason == "discussed; benefit outweighs"
    assert stop.said


def test_toxin_given_elsewhere_counts_in_the_interval(clinic: OpenClinic) -> None:
    patient_id = clinic.patient(toxin_elsewhere=(ElsewhereForm(date(2026, 2, 9)),))
    context = clinic.services.charts.context(clinic.physician, patient_id)
    charted = charting.read(clinic.content(), context, clinic.services.reference, datetime(2026, 3, 2, 10))
    assert "interval.too_short" in {finding.check for finding in charted.findings}


def test_the_pattern_repeated_is_the_latest_and_every_line_is_carried(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    clinic.signed(patient_id)
    clinic.clock.forward(weeks=13)
    later = replace(clinic.content().lines[0], units="50")
    clinic.signed(
        patient_id,
        clinic.content(
            visited_on=date(2026, 6, 1),
            lines=(later,),
            vials=(
                replace(
                    clinic.content().vials[0],
                    wasted="50",
                    waste_reason="rest",
                    reconstituted_at=datetime(2026, 6, 1, 9, 30),
                ),
            ),
        ),
    )
    clinic.clock.forward(weeks=13)
    content = clinic.services.charts.start(clinic.physician, patient_id, repeat=True).content
    assert [(line.muscle, line.units, line.carried, line.previous_units) for line in content.lines] == [
        ("splenius_capitis", "50", True, Decimal(50))
    ]
    assert [(vial.product, vial.lot_number, vial.expires_on) for vial in content.vials] == [
        ("onabotulinumtoxinA", "", None)
    ]
    assert content.interval_weeks == 12


def test_there_is_nothing_to_repeat_before_the_first_visit(clinic: OpenClinic) -> None:
    with pytest.raises(ClinicError) as refused:
        clinic.services.charts.start(clinic.physician, clinic.patient(), repeat=True)
    assert refused.value.code == "no_pattern_to_repeat"


def test_signing_moves_todays_appointment_on(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    appointment_id = clinic.services.schedule.book(
        clinic.desk,
        Booking(patient_id, clinic.physician.account_id, 1, datetime(2026, 3, 2, 11), 30),
    )
    visit_id = clinic.signed(patient_id)
    row = clinic.services.schedule.appointment(clinic.desk, appointment_id)
    assert (row.state, row.visit_id) == (AppointmentState.INJECTED, visit_id)


def test_an_addendum_stands_beside_what_was_signed(clinic: OpenClinic) -> None:
    visit_id = clinic.signed(clinic.patient())
    before = clinic.services.visits.details(clinic.physician, visit_id)
    confirmed = clinic.confirmed()
    add = clinic.services.visits.add_addendum
    add(clinic.physician, visit_id, " Wrong side ", " Left, not right. ", confirmed)
    after = clinic.services.visits.details(clinic.physician, visit_id)
    assert [(a.by, a.reason, a.text) for a in after.addenda] == [("Dr. Mara Ellison", "Wrong side", "Left, not right.")]
    assert len(after.addenda[0].digest) == 64
    assert replace(after, addenda=()) == before
    for reason, text, field in (("  ", "Left.", "reason"), ("Side", "  ", "text"), ("x" * 301, "Left.", "reason")):
        with pytest.raises(ClinicError) as refused:
            add(clinic.physician, visit_id, reason, text, confirmed)
        assert refused.value.field == field


def test_content_survives_being_kept_as_json(clinic: OpenClinic) -> None:
    content = replace(
        clinic.content(),
        lines=(
            ChartLine(
                "a",
                "procerus",
                Side.MIDLINE,
                "2,5",
                (Point("p", "q", 0.1, 0.2, 3.0, 4.0),),
                ("EMG",),
                "v1",
                True,
                Decimal("2.50"),
            ),
        ),
        answers=(Answer("interval.too_short", "", "because"),),
        scores=(ScaleScore("tsui", "", "7"),),
    )
    assert content_from_json(content_to_json(content)) == content


def test_a_draft_that_was_signed_is_gone(clinic: OpenClinic) -> None:
    with pytest.raises(NotFound):
        clinic.services.charts.open(clinic.physician, 99)


units = st.decimals(min_value=Decimal("0.5"), max_value=Decimal(500), places=1)


@given(st.lists(units, min_size=1, max_size=8), st.decimals(min_value=0, max_value=100, places=1))
def test_given_wasted_and_left_are_what_the_vial_holds(given: list[Decimal], wasted: Decimal) -> None:
    charted = read_lines([str(amount) for amount in given], wasted=str(wasted))
    (vial,) = charted.vials
    assert vial.given + vial.wasted + vial.left == vial.size_units
    assert vial.given == sum(given) == dict(charted.totals)["onabotulinumtoxinA"]
    assert sum(v for v in charted.volumes_ml if v is not None) == vial.given * vial.diluent_ml / vial.size_units


@given(st.text(max_size=12))
def test_nothing_that_can_be_typed_breaks_the_reading(typed: str) -> None:
    charted = read_lines([typed])
    assert charted.units[0] >= 0
    assert charted.units[0] > 0 or charted.problems
