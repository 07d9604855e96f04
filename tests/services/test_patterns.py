"""Saved patterns, the latest pattern of an indication, and what a visit starts from."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_app.errors import ClinicError, NotAllowed, NotFound, RecordChanged
from clinic_app.models import Diagnosis
from clinic_app.services import starting
from clinic_app.services.access import Actor
from clinic_app.services.chart_data import ChartContent, ChartLine, ChartVial, Mixing, Point
from clinic_app.services.charts import content_from_json, content_to_json
from clinic_app.services.pattern_data import PatternSource, SavedLine
from clinic_app.services.schedule_data import Booking
from clinic_app.services.visit_data import ResponseData, SideEffectForm
from clinic_app.terms import Role, Severity, Side
from tests.documents.reading import whole_text
from tests.services.conftest import OpenClinic
from tests.services.statements import statements

NECK, EYES = "cervical_dystonia", "blepharospasm"
ONA, ABO = "onabotulinumtoxinA", "abobotulinumtoxinA"
HERE = Point("head_neck_posterior", "splenius", 0.5, 0.4, 30.0, 60.5, "15")
LEFT_SCM = ("sternocleidomastoideus", Side.LEFT)


def source(*lines: SavedLine, indication: str = NECK, product: str = ONA) -> PatternSource:
    return PatternSource(indication, product, lines or (SavedLine("splenius_capitis", Side.RIGHT, "60"),))


def signed(clinic: OpenClinic, patient_id: int, *lines: ChartLine, indication: str = NECK, product: str = ONA) -> int:
    """A visit of today with these lines from one vial of 200 units, whose rest is wasted."""
    today = clinic.clock.moment.date()
    units = sum(Decimal(line.units) for line in lines)
    vial = replace(
        clinic.content().vials[0],
        product=product,
        size_units=Decimal(200),
        wasted=str(200 - units),
        waste_reason="rest",
        reconstituted_at=datetime.combine(today, datetime.min.time()).replace(hour=9),
    )
    content = clinic.content(
        visited_on=today,
        indication=indication,
        icd10cm="G24.3" if indication == NECK else "G24.5",
        product=product,
        vials=(vial,),
        lines=lines,
    )
    return clinic.signed(patient_id, content)


def line(muscle: str, units: str, side: Side = Side.RIGHT, **rest: object) -> ChartLine:
    rest = {"guidance": ("EMG",), "vial": "v1"} | rest
    return ChartLine(f"{muscle}-{side.value}", muscle, side, units, **rest)  # type: ignore[arg-type]


def treats(clinic: OpenClinic, patient_id: int, indication: str) -> None:
    """A further diagnosis on the record."""
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        session.add(Diagnosis(patient_id=patient_id, indication=indication))


def charted(content: ChartContent) -> list[tuple[str, Side, str, str]]:
    return [(each.muscle, each.side, each.units, each.indication) for each in content.lines]


# --- saved patterns


def test_ones_own_patterns_stand_before_the_clinics_and_nobody_elses(clinic: OpenClinic) -> None:
    patterns = clinic.services.patterns
    patterns.save(clinic.physician, "Usual turn", source(), for_clinic=True)
    patterns.save(clinic.physician, "mine", source())
    patterns.save(clinic.nurse, "hers", source())
    assert [(row.name, row.own, row.saved_by) for row in patterns.of(clinic.physician)] == [
        ("mine", True, "Dr. Mara Ellison"),
        ("Usual turn", False, "Dr. Mara Ellison"),
    ]
    assert [row.name for row in patterns.of(clinic.nurse)] == ["hers", "Usual turn"]


def test_patterns_are_found_by_indication_and_product(clinic: OpenClinic) -> None:
    patterns = clinic.services.patterns
    patterns.save(clinic.physician, "neck", source())
    patterns.save(clinic.physician, "neck, other product", source(product=ABO))
    patterns.save(clinic.physician, "eyes", source(indication=EYES))
    assert [row.name for row in patterns.of(clinic.physician, NECK)] == ["neck", "neck, other product"]
    assert [row.name for row in patterns.of(clinic.physician, NECK, ABO)] == ["neck, other product"]
    assert [row.name for row in patterns.of(clinic.physician, product=ONA)] == ["eyes", "neck"]


def test_only_a_physician_or_manager_changes_the_clinics_patterns(clinic: OpenClinic) -> None:
    patterns = clinic.services.patterns
    with pytest.raises(NotAllowed):
        patterns.save(clinic.nurse, "for all", source(), for_clinic=True)
    with pytest.raises(NotAllowed):
        patterns.save(clinic.desk, "mine", source())
    with pytest.raises(NotAllowed):
        patterns.of(clinic.desk)
    manager = Actor(clinic.desk.account_id, "m", "Manager", frozenset({Role.MANAGER}))
    row = patterns.save(manager, "for all", source(), for_clinic=True)
    with pytest.raises(NotAllowed):
        patterns.rename(clinic.nurse, row.id, row.version, "hers")
    with pytest.raises(NotAllowed):
        patterns.remove(clinic.nurse, row.id, row.version)
    assert patterns.remove(clinic.physician, row.id, row.version).name == "for all"


def test_somebody_elses_own_pattern_is_not_there_for_others(clinic: OpenClinic) -> None:
    row = clinic.services.patterns.save(clinic.nurse, "hers", source())
    with pytest.raises(NotFound):
        clinic.services.patterns.rename(clinic.physician, row.id, row.version, "mine")
    with pytest.raises(NotFound):
        clinic.services.patterns.remove(clinic.physician, row.id, row.version)


def test_a_name_is_taken_once_for_an_owner_indication_and_product(clinic: OpenClinic) -> None:
    patterns = clinic.services.patterns
    patterns.save(clinic.physician, "Usual  turn ", source())
    for taken in ("Usual turn", "USUAL TURN"):
        with pytest.raises(ClinicError) as refused:
            patterns.save(clinic.physician, taken, source())
        assert (refused.value.code, refused.value.field) == ("pattern_name_taken", "name")
        assert taken in str(refused.value)
    patterns.save(clinic.physician, "Usual turn", source(product=ABO))
    patterns.save(clinic.physician, "Usual turn", source(indication=EYES))
    patterns.save(clinic.nurse, "Usual turn", source())
    patterns.save(clinic.physician, "Usual turn", source(), for_clinic=True)
    with pytest.raises(ClinicError):
        patterns.save(clinic.physician, "usual turn", source(), for_clinic=True)


@pytest.mark.parametrize(
    ("name", "kept", "code"),
    [
        ("  ", source(), "pattern_name_missing"),
        ("x" * 121, source(), "text_too_long"),
        ("x", PatternSource(NECK, ONA, ()), "pattern_empty"),
        ("x", source(product=""), "pattern_product_missing"),
    ],
)
def test_what_cannot_be_saved_is_told_in_a_sentence(
    clinic: OpenClinic, name: str, kept: PatternSource, code: str
) -> None:
    with pytest.raises(ClinicError) as refused:
        clinic.services.patterns.save(clinic.physician, name, kept)
    assert refused.value.code == code
    assert str(refused.value)


def test_a_pattern_is_renamed_and_an_older_version_is_refused(clinic: OpenClinic) -> None:
    patterns = clinic.services.patterns
    first, other = (patterns.save(clinic.physician, name, source()) for name in ("first", "other"))
    renamed = patterns.rename(clinic.physician, first.id, first.version, "First")
    assert (renamed.name, renamed.version) == ("First", first.version + 1)
    with pytest.raises(RecordChanged):
        patterns.rename(clinic.physician, first.id, first.version, "again")
    with pytest.raises(RecordChanged):
        patterns.remove(clinic.physician, first.id, first.version)
    with pytest.raises(ClinicError) as refused:
        patterns.rename(clinic.physician, other.id, other.version, "first")
    assert refused.value.code == "pattern_name_taken"


@pytest.mark.parametrize("for_clinic", [False, True])
def test_a_removed_pattern_comes_back_as_it_was(clinic: OpenClinic, for_clinic: bool) -> None:
    patterns = clinic.services.patterns
    kept = source(SavedLine("splenius_capitis", Side.RIGHT, "60", (HERE,), ("EMG",)))
    row = patterns.save(clinic.physician, "Usual", kept, for_clinic=for_clinic)
    gone = patterns.remove(clinic.physician, row.id, row.version)
    assert patterns.of(clinic.physician) == ()
    with pytest.raises(NotFound):
        patterns.remove(clinic.physician, row.id, row.version)
    back = patterns.restore(clinic.physician, gone)
    assert (back.name, back.source, back.own) == ("Usual", kept, not for_clinic)
    assert patterns.of(clinic.physician) == (back,)


def test_a_saved_pattern_never_gets_doses_that_its_source_does_not_have(clinic: OpenClinic) -> None:
    chart = clinic.content(
        lines=(line("splenius_capitis", "", points=(replace(HERE, units=""),)), line("levator_scapulae", "40"))
    )
    (kept,) = starting.sources_of_chart(chart)
    row = clinic.services.patterns.save(clinic.physician, "half", kept)
    draft = clinic.services.charts.start(clinic.physician, clinic.patient())
    begun = starting.from_saved(draft.content, row.source)
    assert [(each.units, each.previous_units) for each in begun.lines] == [("", None), ("40", None)]
    assert [point.units for point in begun.lines[0].points] == [""]


def test_a_chart_of_two_products_and_two_indications_is_kept_apart(clinic: OpenClinic) -> None:
    chart = clinic.content(
        vials=(ChartVial("v1", ONA), ChartVial("v2", ABO)),
        lines=(
            line("splenius_capitis", "60"),
            line("procerus", "5", Side.MIDLINE, indication=EYES),
            line("masseter", "100", vial="v2"),
        ),
    )
    kept = starting.sources_of_chart(chart)
    assert [(each.indication, each.product, [one.muscle for one in each.lines]) for each in kept] == [
        (NECK, ONA, ["splenius_capitis"]),
        (EYES, ONA, ["procerus"]),
        (NECK, ABO, ["masseter"]),
    ]


points = st.builds(
    Point,
    plate=st.just("head_neck_posterior"),
    part=st.sampled_from(["splenius", "levator"]),
    u=st.floats(0, 1),
    t=st.floats(0, 1),
    x_mm=st.floats(-300, 300),
    y_mm=st.floats(-300, 300),
    units=st.sampled_from(["", "5", "2,5"]),
)
saved_lines = st.builds(
    SavedLine,
    muscle=st.sampled_from(["splenius_capitis", "levator_scapulae", "procerus", "musculus_ignotus"]),
    side=st.sampled_from(Side),
    units=st.one_of(st.just(""), st.decimals(0, 400, places=1).map(str), st.text(max_size=6)),
    points=st.lists(points, max_size=3).map(tuple),
    guidance=st.lists(st.sampled_from(["EMG", "ultrasound"]), unique=True).map(tuple),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(saved_lines, min_size=1, max_size=6))
def test_what_was_saved_is_what_a_visit_starts_with(clinic: OpenClinic, lines: list[SavedLine]) -> None:
    patterns = clinic.services.patterns
    row = patterns.save(clinic.physician, "Usual", source(*lines))
    try:
        (kept,) = patterns.of(clinic.physician)
        begun = starting.from_saved(ChartContent(date(2026, 3, 2), 1), kept.source)
        begun = content_from_json(content_to_json(begun))
    finally:
        patterns.remove(clinic.physician, row.id, row.version)
    again = [SavedLine(each.muscle, each.side, each.units, each.points, each.guidance) for each in begun.lines]
    assert again == lines
    assert all(each.carried and each.indication == "" for each in begun.lines)
    assert (begun.indication, begun.product) == (NECK, ONA)
    assert [starting.product_of(begun, each) for each in begun.lines] == [ONA] * len(lines)
    assert len({each.key for each in begun.lines}) == len(lines)


# --- the latest pattern


def test_the_latest_pattern_is_the_latest_of_its_indication_also_on_one_day(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    charts = clinic.services.charts
    signed(clinic, patient_id, line("splenius_capitis", "60"))
    clinic.clock.forward(weeks=13)
    signed(clinic, patient_id, line("splenius_capitis", "50"))
    clinic.clock.forward(minutes=10)
    later = signed(clinic, patient_id, line("splenius_capitis", "45"))
    eyes = signed(clinic, patient_id, line("procerus", "5", Side.MIDLINE), indication=EYES)
    neck = charts.last_pattern(clinic.physician, patient_id, NECK)
    assert neck is not None
    assert (neck.visit_id, [each.units for each in neck.lines]) == (later, [Decimal(45)])
    latest = charts.last_pattern(clinic.physician, patient_id)
    assert latest is not None
    assert latest.visit_id == eyes
    assert charts.last_pattern(clinic.physician, patient_id, "hemifacial_spasm") is None
    context = charts.context(clinic.physician, patient_id)
    assert [(each.indication, each.visit_id) for each in context.patterns] == [(EYES, eyes), (NECK, later)]


def test_a_visit_charted_late_does_not_pass_for_the_latest(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    clinic.clock.forward(weeks=13)
    newest = signed(clinic, patient_id, line("splenius_capitis", "60"))
    content = clinic.content(visited_on=date(2026, 3, 2))
    clinic.signed(patient_id, replace(content, vials=(replace(content.vials[0], reconstituted_at=None),)))
    latest = clinic.services.charts.last_pattern(clinic.physician, patient_id, NECK)
    assert latest is not None
    assert latest.visit_id == newest


def test_lines_of_an_indication_are_found_in_visits_for_another(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    signed(clinic, patient_id, line("procerus", "4", Side.MIDLINE), indication=EYES)
    clinic.clock.forward(weeks=13)
    both = signed(
        clinic, patient_id, line("splenius_capitis", "60"), line("procerus", "5", Side.MIDLINE, indication=EYES)
    )
    eyes = clinic.services.charts.last_pattern(clinic.physician, patient_id, EYES)
    assert eyes is not None
    assert (eyes.visit_id, eyes.indication) == (both, EYES)
    assert [(each.muscle, each.units, each.indication) for each in eyes.lines] == [("procerus", Decimal(5), EYES)]
    neck = clinic.services.charts.last_pattern(clinic.physician, patient_id, NECK)
    assert neck is not None
    assert [each.muscle for each in neck.lines] == ["splenius_capitis"]
    details = clinic.services.visits.details(clinic.physician, both)
    assert [each.indication for each in details.injections] == ["", EYES]


def test_an_indication_that_is_the_visits_own_is_not_written_twice(clinic: OpenClinic) -> None:
    visit = signed(clinic, clinic.patient(), line("splenius_capitis", "60", indication=NECK))
    assert [each.indication for each in clinic.services.visits.details(clinic.physician, visit).injections] == [""]


# --- starting a visit


def test_a_visit_that_treated_two_things_is_repeated_whole(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    signed(clinic, patient_id, line("splenius_capitis", "60"), line("procerus", "5", Side.MIDLINE, indication=EYES))
    clinic.clock.forward(weeks=13)
    content = clinic.services.charts.start(clinic.physician, patient_id, repeat=True).content
    assert charted(content) == [
        ("splenius_capitis", Side.RIGHT, "60", ""),
        ("procerus", Side.MIDLINE, "5", EYES),
    ]
    assert (content.indication, content.icd10cm) == (NECK, "G24.3")
    assert len(content.vials) == 1


def test_what_was_treated_again_since_is_not_repeated_from_before(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    signed(clinic, patient_id, line("splenius_capitis", "60"), line("procerus", "5", Side.MIDLINE, indication=EYES))
    clinic.clock.forward(weeks=13)
    signed(clinic, patient_id, line("procerus", "7.5", Side.MIDLINE), indication=EYES)
    content = clinic.services.charts.start(clinic.physician, patient_id, repeat=True).content
    assert charted(content) == [("splenius_capitis", Side.RIGHT, "60", "")]


def test_an_appointment_repeats_what_its_last_visit_treated(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    eyes = signed(clinic, patient_id, line("procerus", "5", Side.MIDLINE), indication=EYES)
    signed(clinic, patient_id, line("splenius_capitis", "60"))
    clinic.clock.forward(weeks=13)
    when = datetime(2026, 6, 1, 11)
    booking = Booking(patient_id, clinic.physician.account_id, 1, when, 30, follows_visit_id=eyes)
    appointment_id = clinic.services.schedule.book(clinic.desk, booking)
    draft = clinic.services.charts.start(clinic.physician, patient_id, repeat=True)
    assert draft.appointment_id == appointment_id
    assert (draft.content.indication, draft.content.icd10cm) == (EYES, "G24.5")
    assert charted(draft.content) == [("procerus", Side.MIDLINE, "5", "")]


def test_both_last_patterns_go_into_one_visit(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    treats(clinic, patient_id, EYES)
    signed(clinic, patient_id, line("procerus", "50", Side.MIDLINE), indication=EYES, product=ABO)
    clinic.clock.forward(weeks=13)
    signed(clinic, patient_id, line("splenius_capitis", "60"))
    clinic.clock.forward(weeks=13)
    charts = clinic.services.charts
    context = charts.context(clinic.physician, patient_id)
    assert context.indications == (NECK, EYES)
    draft = charts.start(clinic.physician, patient_id)
    content = starting.repeated(draft.content, context.patterns)
    assert charted(content) == [
        ("splenius_capitis", Side.RIGHT, "60", ""),
        ("procerus", Side.MIDLINE, "50", EYES),
    ]
    assert [vial.product for vial in content.vials] == [ONA, ABO]
    assert [starting.product_of(content, each) for each in content.lines] == [ONA, ABO]
    assert all(each.carried for each in content.lines)

    vials = tuple(
        replace(
            vial,
            lot_number="L1",
            expires_on=date(2027, 5, 31),
            size_units=Decimal(100),
            diluent_ml="1",
            reconstituted_at=datetime(2026, 8, 31, 9, 30),
            wasted=wasted,
            waste_reason="rest",
        )
        for vial, wasted in zip(content.vials, ("40", "50"), strict=True)
    )
    lines = tuple(replace(each, carried=False) for each in content.lines)
    visit = clinic.signed(
        patient_id,
        clinic.content(visited_on=date(2026, 8, 31), product=content.product, vials=vials, lines=lines),
    )
    details = clinic.services.visits.details(clinic.physician, visit)
    assert [(each.product, each.indication, each.units) for each in details.injections] == [
        (ONA, "", Decimal(60)),
        (ABO, EYES, Decimal(50)),
    ]
    row = clinic.services.visits.of_patient(clinic.physician, patient_id)[0]
    assert row.totals == ((ONA, Decimal(60)), (ABO, Decimal(50)))
    note = clinic.services.papers.visit_note(clinic.physician, visit).render()
    assert "for blepharospasm" in whole_text(note)


def test_another_indications_pattern_makes_it_a_visit_for_that(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    signed(clinic, patient_id, line("procerus", "5", Side.MIDLINE), indication=EYES)
    (eyes,) = clinic.services.charts.context(clinic.physician, patient_id).patterns
    empty = clinic.services.charts.start(clinic.physician, patient_id).content
    content = starting.repeated(empty, (eyes,))
    assert (content.indication, content.icd10cm, content.repeated_from) == (EYES, "G24.5", eyes.visit_id)
    assert charted(content) == [("procerus", Side.MIDLINE, "5", "")]


def test_a_vial_that_lies_open_keeps_its_product_and_the_doses_are_cleared() -> None:
    vial = ChartVial("v1", ABO, lot_number="A1", size_units=Decimal(500))
    chart = ChartContent(date(2026, 3, 2), 1, NECK, product=ABO, vials=(vial,), lines=(line("masseter", "100"),))
    begun = starting.from_saved(chart, source(SavedLine("splenius_capitis", Side.RIGHT, "60", (HERE,), ("EMG",))))
    (only,) = begun.lines
    assert (only.muscle, only.units, only.previous_units, only.guidance) == ("splenius_capitis", "", None, ("EMG",))
    assert only.points == (replace(HERE, units=""),)
    assert (begun.product, begun.vials, only.vial) == (ABO, (vial,), "v1")
    assert only.key != "masseter-right"


def test_a_vial_that_nobody_touched_makes_room_for_the_patterns_product() -> None:
    chart = ChartContent(date(2026, 3, 2), 1, NECK, product=ABO, vials=(ChartVial("v1", ABO),))
    begun = starting.from_saved(chart, source())
    assert [(vial.product, vial.key != "v1") for vial in begun.vials] == [(ONA, True)]
    assert (begun.product, begun.lines[0].units) == (ONA, "60")


def test_an_open_vial_of_the_patterns_product_is_the_one_that_is_drawn_from() -> None:
    vial = ChartVial("v1", ONA, lot_number="B1")
    chart = ChartContent(date(2026, 3, 2), 1, NECK, product=ONA, vials=(vial,))
    begun = starting.from_saved(chart, source())
    assert (begun.vials, begun.lines[0].vial, begun.lines[0].units) == ((vial,), "v1", "60")


# --- what was reported after last time


def test_what_was_reported_after_last_time_comes_with_the_record(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    services = clinic.services
    signed(clinic, patient_id, line("splenius_capitis", "50"))
    clinic.clock.forward(weeks=13)
    visit = signed(clinic, patient_id, line("splenius_capitis", "60"), line(*LEFT_SCM[:1], "40", Side.LEFT))
    on = clinic.clock.moment.date()
    clinic.clock.forward(weeks=12)
    (nothing,) = services.charts.context(clinic.physician, patient_id).reported
    assert (nothing.visit_id, nothing.best_percent, nothing.effects, nothing.asked_none) == (visit, None, (), False)
    services.side_effects.none_reported(clinic.physician, visit)
    assert services.charts.context(clinic.physician, patient_id).reported[0].asked_none
    services.visits.record_response(clinic.physician, visit, ResponseData(best_percent=70, wore_off_week=10))
    for kind, start, end in (("dysphagia", 8, 20), ("neck_pain", 1, None)):
        services.side_effects.record(
            clinic.physician,
            SideEffectForm(
                visit,
                kind,
                severity=Severity.MODERATE,
                red_flag=False,
                started_on=on + timedelta(start),
                ended_on=None if end is None else on + timedelta(end),
                muscles=(LEFT_SCM,) if kind == "dysphagia" else (),
            ),
        )
    (after,) = services.charts.context(clinic.physician, patient_id).reported
    assert (after.visited_on, after.best_percent, after.wore_off_week, after.asked_none) == (on, 70, 10, False)
    assert [(each.kind, each.first_day, each.last_day, each.muscles) for each in after.effects] == [
        ("neck_pain", 1, None, ()),
        ("dysphagia", 8, 20, (LEFT_SCM,)),
    ]
    assert [each.doses for each in after.effects] == [(), ((Decimal(40), ONA),)]
    assert not any(each.waits_for_review for each in after.effects)


def test_the_product_of_last_time_is_the_indications_own(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    signed(clinic, patient_id, line("splenius_capitis", "60"))
    clinic.clock.forward(weeks=13)
    signed(clinic, patient_id, line("procerus", "50", Side.MIDLINE), indication=EYES, product=ABO)
    context = clinic.services.charts.context(clinic.physician, patient_id)
    assert context.previous_product == ABO
    assert context.previous_product_of(NECK) == ONA
    assert context.previous_product_of("hemifacial_spasm") == ABO


def test_a_pattern_tells_how_its_vials_were_mixed_and_what_was_written(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    clinic.signed(patient_id)
    pattern = clinic.services.charts.last_pattern(clinic.physician, patient_id, NECK)
    assert pattern is not None
    assert pattern.mixings == (Mixing(ONA, Decimal(100), Decimal(2)),)
    assert pattern.assessment == "Turns to the right."


# --- how often the database is asked


def test_the_number_of_statements_does_not_grow_with_the_record(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    charts, patterns = clinic.services.charts, clinic.services.patterns

    def counted() -> dict[str, int]:
        return {
            "context": statements(clinic, lambda: charts.context(clinic.physician, patient_id)),
            "last pattern": statements(clinic, lambda: charts.last_pattern(clinic.physician, patient_id, NECK)),
            "start": statements(clinic, lambda: charts.start(clinic.physician, patient_id, repeat=True)),
            "patterns": statements(clinic, lambda: patterns.of(clinic.physician)),
        }

    def visit(*lines: ChartLine) -> None:
        number = signed(clinic, patient_id, *lines)
        day = clinic.clock.moment.date()
        clinic.clock.forward(weeks=13)
        clinic.services.side_effects.record(
            clinic.physician,
            SideEffectForm(
                number,
                "neck_pain",
                severity=Severity.MILD,
                started_on=day,
                muscles=tuple((each.muscle, each.side) for each in lines),
            ),
        )

    visit(line("splenius_capitis", "60"))
    patterns.save(clinic.physician, "first", source())
    before = counted()
    for _ in range(3):
        visit(
            line("splenius_capitis", "60", points=(replace(HERE, units=""), replace(HERE, units=""))),
            line("levator_scapulae", "40"),
            line("procerus", "5", Side.MIDLINE, indication=EYES),
        )
    for number in range(4):
        patterns.save(clinic.physician, f"pattern {number}", source(), for_clinic=bool(number % 2))
    assert counted() == before
    assert before["patterns"] == 1, before
