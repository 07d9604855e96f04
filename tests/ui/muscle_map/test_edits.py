"""The edits of a chart as pure functions."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from clinic_app.rules.findings import Level
from clinic_app.services.access import Actor
from clinic_app.services.chart_data import Answer, ChartContent, ChartVial, LotChoice, Point
from clinic_app.services.charting import Said
from clinic_app.services.pattern_data import PatternSource, SavedLine
from clinic_app.services.starting import from_saved, product_of
from clinic_app.services.stock_data import ScannedVial
from clinic_app.terms import Role, Side
from clinic_app.ui.muscle_map import edits, vial_edits
from clinic_app.ui.muscle_map.model import ChartModel
from tests.ui.muscle_map.conftest import LEVATOR, SPLENIUS, line

EMPTY = ChartContent(date(2026, 3, 2), 1)
PHYSICIAN = Actor(1, "ellison", "Dr. Mara Ellison", frozenset({Role.PHYSICIAN}))
NURSE = Actor(2, "nurse", "Nurse", frozenset({Role.NURSE}))
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
    content = vial_edits.set_product(CHART, "abobotulinumtoxinA")
    assert [each.units for each in content.lines] == ["", ""]
    assert content.lines[0].points == (HERE,)
    assert [each.previous_units for each in content.lines] == [None, None]
    assert [vial.product for vial in content.vials] == ["abobotulinumtoxinA"]
    assert content.vials[0].lot_number == ""
    assert {each.vial for each in content.lines} == {content.vials[0].key}


def test_the_first_product_clears_nothing() -> None:
    content = replace(EMPTY, lines=(line("a", SPLENIUS, "40"),))
    chosen = vial_edits.set_product(content, "onabotulinumtoxinA")
    assert chosen.lines[0].units == "40"
    assert vial_edits.cleared_doses(content, chosen) is None


def test_a_line_moved_to_another_products_vial_loses_its_dose() -> None:
    content = vial_edits.add_vial(CHART, "incobotulinumtoxinA")
    moved = edits.set_line_vial(content, "a", content.vials[1].key)
    assert moved.lines[0].units == ""
    same = vial_edits.add_vial(CHART, "onabotulinumtoxinA")
    assert edits.set_line_vial(same, "a", same.vials[1].key).lines[0].units == "40"


def test_the_lines_of_a_removed_vial_go_to_another_of_the_same_product() -> None:
    content = vial_edits.add_vial(CHART, "onabotulinumtoxinA")
    assert {each.vial for each in vial_edits.remove_vial(content, "v1").lines} == {content.vials[1].key}
    assert {each.vial for each in vial_edits.remove_vial(CHART, "v1").lines} == {""}


def test_points_are_added_moved_and_removed() -> None:
    content = edits.add_point(CHART, "a", THERE)
    assert content.lines[0].points == (HERE, THERE)
    assert edits.move_point(content, "a", 0, THERE).lines[0].points == (THERE, THERE)
    assert edits.move_point(content, "a", 7, THERE) == content
    assert edits.remove_point(content, "a", -1).lines[0].points == (HERE,)
    assert edits.remove_point(EMPTY, "a", 0) == EMPTY


def test_a_lot_brings_its_number_expiry_and_size() -> None:
    lot = LotChoice(7, "onabotulinumtoxinA", "C9", Decimal(200), date(2027, 1, 1), 3)
    vial = vial_edits.choose_lot(CHART, "v1", lot, "saline").vials[0]
    assert (vial.lot_id, vial.lot_number, vial.size_units) == (7, "C9", Decimal(200))
    assert vial.expires_on == date(2027, 1, 1)


def said(check: str, subject: str = "") -> Said:
    return Said(check, Level.STOP, subject, "Too short.")


def test_removing_a_line_takes_its_answers_along() -> None:
    content = replace(CHART, lines=(*CHART.lines, line("c", ("splenius_capitis_minor", Side.RIGHT))))
    for subject in (
        "splenius_capitis/right",
        "splenius_capitis/right/cervical_dystonia",
        "splenius_capitis/left",
        "splenius_capitis_minor/right",
        "levator_scapulae/right/cervical_dystonia",
    ):
        content = edits.answer(content, said("dose.muscle_range", subject), NURSE)
    content = edits.answer(content, said("interval.too_short"), NURSE, "agreed")
    assert [each.subject for each in edits.remove_line(content, "a").answers] == [
        "splenius_capitis/left",
        "splenius_capitis_minor/right",
        "levator_scapulae/right/cervical_dystonia",
        "",
    ]


def test_an_answer_names_who_gives_it_and_replaces_the_one_before() -> None:
    content = edits.answer(CHART, said("interval.too_short"), NURSE, "agreed")
    content = edits.answer(content, said("interval.too_short"), PHYSICIAN, "travels")
    assert content.answers == (Answer("interval.too_short", "", "travels", "Dr. Mara Ellison", 1, "Too short."),)


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
                model.set_content(vial_edits.set_product(content, other))
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
    assert vial_edits.set_product(pointed, "abobotulinumtoxinA").lines[0].points == (HERE,)


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


def test_a_product_chosen_that_a_second_vial_has_already_keeps_that_vials_doses() -> None:
    content = vial_edits.add_vial(CHART, "incobotulinumtoxinA")
    content = edits.set_line_vial(content, "b", content.vials[1].key)
    content = edits.set_units(content, "b", "12")
    chosen = vial_edits.set_product(content, "incobotulinumtoxinA")
    assert [(each.units, each.vial) for each in chosen.lines] == [("", content.vials[1].key), ("12", "vial-2")]


def test_a_line_that_waits_for_a_vial_loses_its_dose_to_another_products_vial() -> None:
    content = vial_edits.add_vial(vial_edits.remove_vial(CHART, "v1"), "incobotulinumtoxinA")
    assert [each.units for each in content.lines] == ["40", "25"]
    assert edits.set_line_vial(content, "a", content.vials[0].key).lines[0].units == ""


def test_the_lines_of_a_second_products_only_vial_lose_their_doses_with_it() -> None:
    content = vial_edits.add_vial(CHART, "incobotulinumtoxinA")
    second = content.vials[1].key
    content = edits.set_units(edits.set_line_vial(content, "b", second), "b", "12")
    left = vial_edits.remove_vial(content, second)
    assert [(each.units, each.vial) for each in left.lines] == [("40", "v1"), ("", "v1")]


def test_another_product_in_a_vial_clears_what_is_drawn_from_it_and_the_visit_follows() -> None:
    scanned = vial_edits.change_vial(CHART, "v1", product="incobotulinumtoxinA", lot_number="I7")
    assert [each.units for each in scanned.lines] == ["", ""]
    assert scanned.lines[0].points == (HERE,)
    assert (scanned.product, scanned.vials[0].lot_number) == ("incobotulinumtoxinA", "I7")
    several = vial_edits.add_vial(CHART, "onabotulinumtoxinA")
    scanned = vial_edits.change_vial(several, "v1", product="incobotulinumtoxinA")
    assert (scanned.product, [each.units for each in scanned.lines]) == ("onabotulinumtoxinA", ["", ""])


def test_a_lot_of_another_product_clears_too() -> None:
    lot = LotChoice(7, "incobotulinumtoxinA", "I9", Decimal(100), date(2027, 1, 1), 3)
    content = vial_edits.choose_lot(CHART, "v1", lot)
    assert (content.product, content.vials[0].product) == ("incobotulinumtoxinA", "incobotulinumtoxinA")
    assert [each.units for each in content.lines] == ["", ""]


def test_a_line_for_another_indication_says_so_and_follows_the_visit_when_it_is_the_same() -> None:
    chart = replace(CHART, indication="cervical_dystonia")
    content = edits.set_line_indication(chart, "a", "blepharospasm")
    assert [(each.indication, each.carried) for each in content.lines] == [("blepharospasm", False), ("", True)]
    assert edits.set_line_indication(content, "a", "cervical_dystonia").lines[0].indication == ""
    turned = edits.set_indication(content, "blepharospasm", ["G24.5"])
    assert (turned.indication, turned.icd10cm) == ("blepharospasm", "G24.5")
    assert [each.indication for each in turned.lines] == ["", ""]


PRODUCTS = ("onabotulinumtoxinA", "abobotulinumtoxinA", "incobotulinumtoxinA")
steps = st.lists(
    st.tuples(
        st.sampled_from(["product", "vial", "move", "drop", "scan", "lot", "units", "line", "start", "again"]),
        st.integers(0, 6),
        st.sampled_from(PRODUCTS),
    ),
    max_size=14,
)


def _step(content: ChartContent, what: str, number: int, product: str) -> ChartContent:
    vials, lines = content.vials, content.lines
    vial = vials[number % len(vials)].key if vials else ""
    key = lines[number % len(lines)].key if lines else ""
    match what:
        case "product":
            return vial_edits.set_product(content, product)
        case "vial":
            return vial_edits.add_vial(content, product)
        case "move":
            return edits.set_line_vial(content, key, vial)
        case "drop":
            return vial_edits.remove_vial(content, vial)
        case "scan":
            return vial_edits.change_vial(content, vial, product=product, lot_number=str(number))
        case "lot":
            lot = LotChoice(number, product, "L", Decimal(100), date(2027, 1, 1), 3)
            return vial_edits.choose_lot(content, vial, lot)
        case "units":
            return edits.set_units(content, key, "10")
        case "line":
            return edits.add_line(content, f"muscle_{number}", Side.LEFT)
        case "start":
            saved = SavedLine("splenius_capitis", Side.RIGHT, "60", (replace(HERE, units="60"),))
            return from_saved(content, PatternSource("cervical_dystonia", product, (saved,)))
        case _:
            return edits.mirror_points(content, key, (HERE,))


@given(steps)
def test_no_way_carries_a_dose_from_one_product_to_another(walk: list[tuple[str, int, str]]) -> None:
    content = edits.set_point_units(CHART, "a", 0, "40")
    for what, number, product in walk:
        before, content = content, _step(content, what, number, product)
        lines = {each.key: each for each in before.lines}
        for now in content.lines:
            if now.key not in lines:
                # A started line has its pattern's units only in its pattern's product.
                assert not now.units or what != "start" or product_of(content, now) == product
                continue
            given, drawn = product_of(before, lines[now.key]), product_of(content, now)
            if given and given != drawn and what != "units":
                assert (now.units, now.previous_units) == ("", None), what
                assert not any(point.units for point in now.points), what
                assert len(now.points) == len(lines[now.key].points), what
        if content != before:
            model = ChartModel(before)
            model.set_content(content)
            assert model.undo()
            assert model.content == before


SCANNED = ScannedVial(
    "00360001032159", "C4512", date(2028, 1, 31), serial="77", product="onabotulinumtoxinA", size_units=Decimal(100)
)
ON_SHELF = LotChoice(7, "onabotulinumtoxinA", "C4512", Decimal(100), date(2028, 1, 31), vials_left=3)


def test_a_scanned_vial_fills_the_one_that_waits_for_its_lot_and_then_adds_more() -> None:
    content, first = vial_edits.take_package(EMPTY, SCANNED, ON_SHELF, "saline")
    (vial,) = content.vials
    assert (content.product, vial.key, vial.lot_id, vial.size_units, vial.serial) == (
        "onabotulinumtoxinA",
        first,
        7,
        Decimal(100),
        "77",
    )
    content, second = vial_edits.take_package(content, replace(SCANNED, serial="78"), ON_SHELF, "saline")
    assert [(each.key, each.serial) for each in content.vials] == [(first, "77"), (second, "78")]
    assert vial_edits.holds_package(content, "onabotulinumtoxinA", "C4512", "78")
    assert not vial_edits.holds_package(content, "onabotulinumtoxinA", "C4512", "79")
    assert not vial_edits.holds_package(content, "onabotulinumtoxinA", "C4512", "")


def test_a_scanned_vial_that_is_not_on_the_shelf_has_what_its_print_says() -> None:
    content, key = vial_edits.take_package(EMPTY, SCANNED, None, "saline")
    (vial,) = content.vials
    assert (vial.key, vial.lot_id, vial.lot_number, vial.expires_on, vial.size_units, vial.gtin) == (
        key,
        None,
        "C4512",
        date(2028, 1, 31),
        Decimal(100),
        "00360001032159",
    )
