"""What a research export says of a patient: true intervals, no true dates, and nothing that people typed."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.exchange.research_rows import ResponseFact, SideEffectFact, cycle_rows, injection_rows, side_effect_rows
from clinic_app.exchange.research_tables import dictionary_lines, research_tables
from clinic_app.terms import Learned, Severity, Side
from tests.exchange.research import EFFECT, GIVEN, VISIT, WORDS, effect, subject, visit

days = st.dates(date(1990, 1, 1), date(2060, 1, 1))
shifts = st.integers(1, 182).flatmap(lambda number: st.sampled_from([number, -number]))
births = st.dates(date(1900, 1, 1), date(1990, 1, 1))


@given(st.lists(st.tuples(days, st.integers(0, 400), st.none() | st.integers(0, 400)), min_size=1, max_size=8), shifts)
def test_between_any_two_dates_of_a_patient_lie_as_many_days_as_in_truth(
    told: list[tuple[date, int, int | None]], shift_days: int
) -> None:
    visits = [visit(day, effect(day + timedelta(days=after), long)) for day, after, long in sorted(told, key=str)]
    person = subject(*visits, shift_days=shift_days)
    cycles = list(cycle_rows(person, WORDS))
    effects = list(side_effect_rows(person, WORDS))
    true = [each.visited_on for each in visits]
    written = [row["injected_on"] for row in cycles]
    true += [each.side_effects[0].started_on for each in sorted(visits, key=lambda v: v.side_effects[0].started_on)]
    written += [row["started_on"] for row in effects]
    first, first_true = written[0], true[0]
    assert isinstance(first, date)
    assert [day - first for day in written if isinstance(day, date)] == [day - first_true for day in true]
    assert all(day != other for day, other in zip(written, true, strict=True))
    for row in effects:
        start, end = row["started_on"], row["ended_on"]
        if isinstance(start, date) and isinstance(end, date):
            assert (end - start).days == row["days_long"]
    for before, after in pairwise(cycles):
        assert before["days_to_next"] == after["days_since_previous"]
        assert isinstance(before["injected_on"], date) and isinstance(after["injected_on"], date)
        assert (after["injected_on"] - before["injected_on"]).days == before["days_to_next"]


@given(births, st.lists(days, min_size=1, max_size=6), shifts)
def test_no_age_is_told_of_whoever_is_over_89_on_any_day_in_the_files(
    born: date, on: list[date], shift_days: int
) -> None:
    person = subject(*(visit(day) for day in sorted(on)), born=born, shift_days=shift_days)
    rows = list(cycle_rows(person, WORDS))
    last = max(on)
    is_over = (last.year - born.year) - ((last.month, last.day) < (born.month, born.day)) >= 90
    assert {row["over_89"] for row in rows} == {is_over}
    ages = [row["age_years"] for row in rows]
    assert all(age is None for age in ages) if is_over else all(isinstance(age, int) and age <= 89 for age in ages)


def test_a_side_effect_that_lasts_beyond_the_90th_birthday_groups_the_age() -> None:
    born = date(1936, 6, 1)
    assert not subject(visit(date(2026, 3, 2)), born=born).over_89
    assert subject(visit(date(2026, 3, 2), effect(date(2026, 3, 9), 100)), born=born).over_89


def test_units_of_two_products_stand_apart_and_are_never_added() -> None:
    second = replace(GIVEN, product="rimabotulinumtoxinB", units=Decimal(2500), vial_units=Decimal(5000))
    (row,) = cycle_rows(subject(replace(VISIT, injections=(GIVEN, second, replace(GIVEN, side=Side.LEFT)))), WORDS)
    assert (row["units_onabotulinumtoxinA"], row["units_rimabotulinumtoxinB"]) == (Decimal(100), Decimal(2500))
    assert row["products"] == "onabotulinumtoxinA;rimabotulinumtoxinB"
    assert row["muscles"] == 2
    assert Decimal(2600) not in row.values()


def test_what_is_no_id_of_the_reference_becomes_other() -> None:
    typed = replace(GIVEN, muscle="Anna's neck", indication="as told by Anna", product="Anna", guidance=("Anna",))
    strange = replace(EFFECT, kind="Anna", muscles=(("Anna", Side.LEFT),))
    person = subject(
        replace(
            VISIT,
            injections=(typed,),
            side_effects=(strange, replace(EFFECT, kind="")),
        )
    )
    (injection,) = injection_rows(person, WORDS)
    told = [injection, *cycle_rows(person, WORDS), *side_effect_rows(person, WORDS)]
    assert "Anna" not in str(told)
    assert {injection[name] for name in ("muscle", "indication", "product", "guidance")} == {"other"}


def test_an_injection_is_told_with_its_volume_and_the_indication_it_treated() -> None:
    own = replace(
        GIVEN, units=Decimal("12.5"), vial_units=Decimal(300), diluent_ml=Decimal(1), indication="blepharospasm"
    )
    first, second = injection_rows(subject(replace(VISIT, injections=(GIVEN, own))), WORDS)
    assert (first["volume_ml"], second["volume_ml"]) == (Decimal(1), Decimal("0.042"))
    assert (first["indication"], second["indication"]) == ("cervical_dystonia", "blepharospasm")
    assert (first["guidance"], first["points"], second["injection"]) == ("EMG;ultrasound", 3, 2)


def test_a_cycle_says_what_it_did() -> None:
    response = ResponseFact(7, 80, 10, 2, 3, 4)
    told = replace(VISIT, response=response, scores=(("twstrs", "", Decimal(21)), ("twstrs", "pain", Decimal("3.25"))))
    (row,) = cycle_rows(subject(replace(told, side_effects=(EFFECT, replace(EFFECT, severity=Severity.MILD)))), WORDS)
    assert [row[f"response_{name}"] for name in ("first_day", "best_percent", "wore_off_week", "pain")] == [
        7,
        80,
        10,
        4,
    ]
    assert (row["scale_twstrs"], row["scale_twstrs_pain"]) == (Decimal(21), Decimal("3.25"))
    assert (row["side_effects"], row["side_effects_mild"], row["side_effects_moderate"]) == (2, 1, 1)
    assert row["days_to_next"] is None and row["days_since_previous"] is None


def test_scales_of_the_response_stand_apart_from_those_of_the_visit_with_their_day() -> None:
    response = ResponseFact(measured_on=date(2026, 5, 25), scores=(("tsui", "", Decimal(6)),))
    (row,) = cycle_rows(subject(replace(VISIT, response=response, scores=(("twstrs", "", Decimal(21)),))), WORDS)
    assert (row["scale_twstrs"], row["response_scale_tsui"], row["response_scales_day"]) == (21, 6, 84)
    (silent,) = cycle_rows(subject(), WORDS)
    assert (silent["response_scale_tsui"], silent["response_scales_day"]) == (None, None)


def test_a_scale_that_is_measured_after_the_90th_birthday_groups_the_age() -> None:
    last = replace(VISIT, response=ResponseFact(measured_on=date(2026, 6, 1), scores=(("tsui", "", Decimal(6)),)))
    assert subject(last, born=date(1936, 6, 1)).over_89
    assert not subject(last, born=date(1936, 6, 2)).over_89


def test_a_side_effect_says_how_it_was_learned_and_whether_it_was_serious() -> None:
    grave = replace(EFFECT, learned=Learned.TELEPHONE, serious=True, criteria=("death", "told by Anna"))
    rows = list(side_effect_rows(subject(replace(VISIT, side_effects=(grave, EFFECT))), WORDS))
    assert [(row["learned"], row["serious"], row["serious_criteria"]) for row in rows] == [
        ("telephone", True, "death;other"),
        (None, None, ""),
    ]


def test_a_score_noted_twice_is_left_empty() -> None:
    (row,) = cycle_rows(subject(replace(VISIT, scores=(("twstrs", "", Decimal(1)), ("twstrs", "", Decimal(2))))), WORDS)
    assert row["scale_twstrs"] is None


@pytest.mark.parametrize(
    ("none_reported", "effects", "asked"), [(False, (), False), (True, (), True), (False, (EFFECT,), True)]
)
def test_not_asked_differs_from_none_reported(
    none_reported: bool, effects: tuple[SideEffectFact, ...], asked: bool
) -> None:
    told = replace(VISIT, asked_none=none_reported, side_effects=effects)
    (row,) = cycle_rows(subject(told), WORDS)
    assert (row["side_effects_asked"], row["side_effects"]) == (asked, len(effects))


def test_a_visit_without_injections_is_no_cycle_and_its_side_effects_have_none() -> None:
    first, second = date(2026, 1, 5), date(2026, 3, 30)
    between = date(2026, 2, 2)
    person = subject(visit(first), visit(between, effect(between), injected=False), visit(second, effect(second)))
    assert [row["cycle"] for row in cycle_rows(person, WORDS)] == [1, 2]
    assert [row["days_to_next"] for row in cycle_rows(person, WORDS)] == [84, None]
    assert [row["cycle"] for row in side_effect_rows(person, WORDS)] == [None, 2]


@pytest.mark.parametrize("with_text", [False, True])
def test_every_row_has_every_column_and_the_dictionary_every_one_of_them(with_text: bool) -> None:
    tables = research_tables(
        WORDS.product_columns, WORDS.score_columns, WORDS.response_score_columns, with_text=with_text
    )
    person = subject(replace(VISIT, side_effects=(EFFECT,)))
    rows = (injection_rows, cycle_rows, side_effect_rows)
    for table, rows_of in zip(tables, rows, strict=True):
        for row in rows_of(person, WORDS):
            assert len(table.line(row)) == len(table.header)
            assert not with_text or set(row) == set(table.header)
    assert [line[:2] for line in dictionary_lines(tables)] == [(t.file, name) for t in tables for name in t.header]
    assert all(meaning for *_, meaning in dictionary_lines(tables))


def test_own_words_have_columns_only_when_they_are_asked_for() -> None:
    without, with_text = (
        {name for table in research_tables((), (), (), with_text=wanted) for name in table.header}
        for wanted in (False, True)
    )
    assert with_text - without == {
        "note", "assessment", "plan", "complications", "response_note", "other", "action", "resolved_note"
    }  # fmt: skip
