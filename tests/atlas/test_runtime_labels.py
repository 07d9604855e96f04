"""The columns of names beside a plate."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from clinic_app.atlas.labels import Columns, Label, PlacedLabel, cross, place_labels

COLUMNS = Columns(left=-100, right=100, centre=0, top=10, bottom=290, pitch=14, stub=9)
LABELS = st.lists(
    st.builds(Label, st.text(max_size=4), st.tuples(st.floats(-90, 90), st.floats(-50, 400))), max_size=COLUMNS.capacity
)


def _column(placed: tuple[PlacedLabel, ...], side: str) -> list[PlacedLabel]:
    return [label for label in placed if label.column == side]


@given(LABELS)
def test_labels_never_overlap_and_stay_in_the_column(labels: list[Label]) -> None:
    placed = place_labels(labels, COLUMNS)
    for side in ("left", "right"):
        lines = [label.y for label in _column(placed, side)]
        assert all(below - above >= COLUMNS.pitch - 1e-6 for above, below in pairwise(lines))
        assert all(COLUMNS.top - 1e-6 <= y <= COLUMNS.bottom + 1e-6 for y in lines)


@given(LABELS)
def test_no_two_leaders_cross(labels: list[Label]) -> None:
    placed = place_labels(labels, COLUMNS)
    for one, other in combinations(placed, 2):
        if one.column == other.column:
            assert not cross(one.elbow, one.anchor, other.elbow, other.anchor)


def test_names_change_places_rather_than_cross() -> None:
    """Pushed up from the bottom, the leader of the upper, nearer anchor would run down through the other one."""
    below = [Label(str(number), (40 + number, 300 + number)) for number in range(4)]
    placed = place_labels([Label("near", (85, 288)), Label("far", (2, 289)), *below], COLUMNS)
    texts = [label.text for label in placed]
    assert texts.index("far") < texts.index("near")


def test_leaders_that_meet_in_a_cross_are_told() -> None:
    assert cross((0, 0), (10, 10), (0, 10), (10, 0))
    assert not cross((0, 0), (10, 10), (0, 1), (10, 11))
    assert not cross((0, 0), (10, 10), (10, 10), (20, 0))


@given(LABELS)
def test_every_label_is_placed_on_the_side_of_its_anchor(labels: list[Label]) -> None:
    placed = place_labels(labels, COLUMNS)
    assert sorted((label.text, label.anchor) for label in placed) == sorted((each.text, each.anchor) for each in labels)
    assert all((label.anchor[0] < COLUMNS.centre) is (label.column == "left") for label in placed)


def test_labels_with_room_stand_level_with_their_anchors() -> None:
    placed = place_labels([Label("one", (40, 100)), Label("two", (-40, 130))], COLUMNS)
    assert [(label.text, label.y, label.elbow) for label in placed] == [
        ("two", 130, (-91, 130)),
        ("one", 100, (91, 100)),
    ]


def test_a_crowded_place_pushes_labels_down_and_the_bottom_pushes_them_back() -> None:
    high = place_labels([Label(str(number), (1, 100 + number)) for number in range(3)], COLUMNS)
    assert [label.y for label in high] == [100, 114, 128]
    low = place_labels([Label(str(number), (1, 280 + number)) for number in range(3)], COLUMNS)
    assert [label.y for label in low] == [262, 276, 290]


def test_capacity_counts_the_lines_of_a_column() -> None:
    assert COLUMNS.capacity == 21
    assert Columns(0, 1, 0.5, 10, 0, 14).capacity == 0
