"""The edits of a chart as pure functions."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from clinic_app.services.chart_data import ChartContent, ChartVial, LotChoice, Point
from clinic_app.terms import Side
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.muscle_map.model import ChartModel
from tests.ui.muscle_map.conftest import LEVATOR, SPLENIUS, line

EMPTY = ChartContent(date(2026, 3, 2), 1)
HERE = Point("plate", "part", 0.5, 0.5, 1.0, 2.0)
THERE = Point("plate", "part", 0.6, 0.5, 3.0, 2.0)
CHART = replace(
    EMPTY,
    product="onabotulinumtoxinA",
    vials=(ChartVial("v1", "onabotulinumtoxinA", lot_number="C1"),),
    lines=(
        line("a", SPLENIUS, "40", points=(HERE,), vial="v1", carried=True, previous_units=Decimal(40)),
        line("b", LEVATOR, "25", vial="v1", carried=True),
    ),
)


def test_a_new_line_has_no_units_and_the_vial_that_was_used_last() -> None:
    content = edits.add_line(CHART, "scalenus_medius", Side.LEFT)
    assert (content.lines[-1].units, content.lines[-1].vial, content.lines[-1].carried) == ("", "v1", False)


def test_a_muscle_and_side_has_one_line_only() -> None:
    assert edits.add_line(CHART, *SPLENIUS) == CHART
    assert len(edits.add_line(CHART, "splenius_capitis", Side.LEFT).lines) == 3


def test_keys_are_never_used_twice() -> None:
    content = edits.remove_line(edits.add_line(edits.add_line(EMPTY, *SPLENIUS), *LEVATOR), "line-1")
    content = edits.add_line(content, *SPLENIUS)
    assert len({each.key for each in content.lines}) == 2


def test_typing_units_confirms_a_carried_line() -> None:
    content = edits.set_units(CHART, "a", "30")
    assert [each.carried for each in content.lines] == [False, True]
    assert not any(each.carried for each in edits.confirm_all(CHART).lines)


def test_another_product_clears_doses_and_keeps_muscles_and_points() -> None:
    content = edits.set_product(CHART, "abobotulinumtoxinA")
    assert [each.units for each in content.lines] == ["", ""]
    assert content.lines[0].points == (HERE,)
    assert [each.previous_units for each in content.lines] == [None, None]
    assert [vial.product for vial in content.vials] == ["abobotulinumtoxinA"]
    assert content.vials[0].lot_number == ""
    assert {each.vial for each in content.lines} == {content.vials[0].key}


def test_the_first_product_clears_nothing() -> None:
    content = replace(EMPTY, lines=(line("a", SPLENIUS, "40"),))
    chosen = edits.set_product(content, "onabotulinumtoxinA")
    assert chosen.lines[0].units == "40"
    assert edits.cleared_doses(content, chosen) is None


def test_a_line_moved_to_another_products_vial_loses_its_dose() -> None:
    content = edits.add_vial(CHART, "incobotulinumtoxinA")
    moved = edits.set_line_vial(content, "a", content.vials[1].key)
    assert moved.lines[0].units == ""
    same = edits.add_vial(CHART, "onabotulinumtoxinA")
    assert edits.set_line_vial(same, "a", same.vials[1].key).lines[0].units == "40"


def test_the_lines_of_a_removed_vial_go_to_another_of_the_same_product() -> None:
    content = edits.add_vial(CHART, "onabotulinumtoxinA")
    assert {each.vial for each in edits.remove_vial(content, "v1").lines} == {content.vials[1].key}
    assert {each.vial for each in edits.remove_vial(CHART, "v1").lines} == {""}


def test_points_are_added_moved_and_removed() -> None:
    content = edits.add_point(CHART, "a", THERE)
    assert content.lines[0].points == (HERE, THERE)
    assert edits.move_point(content, "a", 0, THERE).lines[0].points == (THERE, THERE)
    assert edits.move_point(content, "a", 7, THERE) == content
    assert edits.remove_point(content, "a", -1).lines[0].points == (HERE,)
    assert edits.remove_point(EMPTY, "a", 0) == EMPTY


def test_a_lot_brings_its_number_expiry_and_size() -> None:
    lot = LotChoice(7, "onabotulinumtoxinA", "C9", Decimal(200), date(2027, 1, 1), 3)
    vial = edits.choose_lot(CHART, "v1", lot, "saline").vials[0]
    assert (vial.lot_id, vial.lot_number, vial.size_units) == (7, "C9", Decimal(200))
    assert vial.expires_on == date(2027, 1, 1)


def test_removing_a_line_takes_its_answers_along() -> None:
    content = edits.answer(CHART, "dose.muscle_range", "splenius_capitis/right")
    content = edits.answer(content, "interval.too_short", "", "agreed")
    assert [each.check for each in edits.remove_line(content, "a").answers] == ["interval.too_short"]


def test_a_score_is_set_changed_and_emptied() -> None:
    content = edits.set_score(EMPTY, "tsui", "", "12")
    content = edits.set_score(content, "tsui", "", "13")
    assert [score.value for score in content.scores] == ["13"]
    assert edits.set_score(content, "tsui", "", "").scores == ()


def test_the_keys_of_one_field_are_one_step() -> None:
    model = ChartModel(CHART)
    for text in ("3", "30"):
        model.set_content(edits.set_units(model.content, "a", text), "units/a")
    model.set_content(edits.set_units(model.content, "b", "9"), "units/b")
    assert model.undo()
    assert model.content.lines[0].units == "30"
    assert model.undo()
    assert model.content == CHART
    assert not model.undo()
    assert model.redo()
    assert model.content.lines[0].units == "30"


@given(st.lists(st.sampled_from(["units", "point", "product", "add", "remove", "undo", "redo"]), max_size=40))
def test_undoing_everything_gives_the_first_chart_and_redoing_the_last(steps: list[str]) -> None:
    model = ChartModel(CHART)
    for number, step in enumerate(steps):
        content = model.content
        match step:
            case "units":
                model.set_content(edits.set_units(content, "a", str(number)))
            case "point":
                model.set_content(edits.add_point(content, "a", HERE))
            case "product":
                other = "abobotulinumtoxinA" if content.product == "onabotulinumtoxinA" else "onabotulinumtoxinA"
                model.set_content(edits.set_product(content, other))
            case "add":
                model.set_content(edits.add_line(content, "scalenus_medius", Side.LEFT))
            case "remove":
                model.set_content(edits.remove_line(content, "b"))
            case "undo":
                model.undo()
            case _:
                model.redo()
    last = model.content
    back = 0
    while model.undo():
        back += 1
    assert model.content == CHART
    for _ in range(back):
        model.redo()
    assert model.content == last


def test_another_product_clears_the_units_of_single_points_too() -> None:
    pointed = edits.set_point_units(CHART, "a", 0, "40")
    assert edits.set_product(pointed, "abobotulinumtoxinA").lines[0].points == (HERE,)


@given(st.lists(st.integers(1, 4000), min_size=1, max_size=8))
def test_points_with_units_of_their_own_add_up_to_the_muscle(quarters: list[int]) -> None:
    typed = [Decimal(number) / 4 for number in quarters]
    content = replace(CHART, lines=(replace(CHART.lines[0], points=(HERE,) * len(typed)),))
    for number, units in enumerate(typed):
        content = edits.set_point_units(content, "a", number, str(units))
    assert Decimal(content.lines[0].units) == sum(typed)
    again = edits.set_units(content, "a", "33")
    assert [point.units for point in again.lines[0].points] == [""] * len(typed)


def test_units_of_a_point_that_cannot_be_read_leave_the_muscle_as_it_is() -> None:
    assert edits.set_point_units(CHART, "a", 0, "many").lines[0].units == "40"
    assert edits.set_point_units(CHART, "a", 7, "3") == CHART


def test_mirrored_points_bring_guidance_but_never_units() -> None:
    guided = edits.set_guidance(edits.set_point_units(CHART, "a", 0, "40"), "a", ["EMG"])
    content = edits.mirror_points(guided, "a", (replace(HERE, part="other", x_mm=-1.0),))
    twin = content.lines[-1]
    assert (twin.muscle, twin.side, twin.units, twin.guidance) == ("splenius_capitis", Side.LEFT, "", ("EMG",))
    assert twin.points == (Point("plate", "other", 0.5, 0.5, -1.0, 2.0),)
    assert edits.mirror_points(content, "a", (THERE,)).lines[-1].points == (THERE,)


def test_a_muscle_without_sides_has_nothing_to_mirror() -> None:
    content = edits.add_line(CHART, "procerus", Side.MIDLINE)
    assert edits.mirror_points(content, content.lines[-1].key, (HERE,)) == content
