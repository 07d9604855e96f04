"""Reading the baked atlas."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.atlas.atlas import Atlas
from clinic_app.atlas.plates import Part
from clinic_app.errors import NotFound

SHARE = st.floats(0, 1)
ROWS, COLUMNS = 13, 19


def _part(grid: list[list[tuple[float, float]]], outline: list[list[tuple[float, float]]] | None = None) -> Part:
    polygons = outline or [[(0, 0), (1, 0), (0, 1)]]
    places = [place for polygon in polygons for place in polygon]
    across, down = [x for x, _ in places], [y for _, y in places]
    return Part(
        "part",
        "splenius_capitis",
        "right",
        tuple(tuple(polygon) for polygon in polygons),
        places[0],
        (min(across), min(down), max(across), max(down)),
        1.0,
        0.0,
        tuple(tuple(row) for row in grid),
    )


def _curved(turn: float, narrowing: float, length: float) -> Part:
    """A muscle bent around a circle that grows narrower towards its insertion."""
    grid = []
    for row in range(ROWS):
        line = []
        for column in range(COLUMNS):
            u, t = row / (ROWS - 1), column / (COLUMNS - 1)
            radius = length / turn + 18 * (u - 0.5) * (1 - narrowing * t)
            line.append((radius * math.cos(turn * t), radius * math.sin(turn * t)))
        grid.append(line)
    return _part(grid)


@given(SHARE, SHARE, st.floats(0.2, 2.2), st.floats(0, 0.85), st.floats(40, 220))
def test_a_place_is_found_again_on_a_curved_muscle(
    u: float, t: float, turn: float, narrowing: float, length: float
) -> None:
    part = _curved(turn, narrowing, length)
    place = part.at(u, t)
    assert math.dist(part.at(*part.locate(*place)), place) <= 0.5


@given(SHARE, st.floats(0.01, 0.99))
def test_a_place_is_found_again_on_a_ring(u: float, t: float) -> None:
    turn = 2 * math.pi / (COLUMNS - 1)
    part = _part(
        [
            [((8 + row) * math.cos(column * turn), (8 + row) * math.sin(column * turn)) for column in range(COLUMNS)]
            for row in range(ROWS)
        ]
    )
    place = part.at(u, t)
    assert math.dist(part.at(*part.locate(*place)), place) <= 0.5


@given(st.floats(-500, 500), st.floats(-500, 500))
def test_places_off_the_muscle_are_moved_onto_it(x: float, y: float) -> None:
    part = _curved(1.0, 0.5, 90)
    u, t = part.locate(x, y)
    assert 0 <= u <= 1
    assert 0 <= t <= 1
    nearest_node = min(math.dist(node, (x, y)) for row in part.grid for node in row)
    assert math.dist(part.at(u, t), (x, y)) <= nearest_node + 1e-6


def test_rows_that_meet_in_a_point_are_no_trouble() -> None:
    fan = _part(
        [[(column * math.cos(row / 9), column * math.sin(row / 9)) for column in range(19)] for row in range(13)]
    )
    assert math.dist(fan.at(*fan.locate(0, 0)), (0, 0)) < 1e-6


def test_shares_beyond_the_ends_are_clamped() -> None:
    part = _curved(1.0, 0.0, 90)
    assert part.at(-3, 7) == part.grid[0][-1]
    assert part.at(7, -3) == part.grid[-1][0]


def test_a_hole_is_not_part_of_the_muscle() -> None:
    ring = _part([], [[(0, 0), (10, 0), (10, 10), (0, 10)], [(4, 4), (6, 4), (6, 6), (4, 6)]])
    assert ring.contains(2, 2)
    assert ring.contains(9.9, 5)
    assert not ring.contains(5, 5)
    assert not ring.contains(11, 5)


def _written(folder: Path) -> Path:
    """A plate of both sides, one of the right side, its mirror, and a figure; all coordinates in tenths of a mm."""
    column = [x for t in range(19) for x in (0, 10 * t)]
    other = [x for t in range(19) for x in (100, 10 * t)]
    region: dict[str, Any] = {
        "part": 0,
        "outline": [[0, 0, 100, 0, 100, 100]],
        "anchor": [70, 30],
        "area": 50.0,
        "fibre_angle": 40.0,
    }
    shape: dict[str, Any] = {
        "box": [-10, -20, 30, 40],
        "pixels_per_mm": 4,
        "silhouette": [[0, 0, 100, 0, 100, 100]],
        "sites": [{"number": 1, "name": "medial", "part": "splenius", "at": [50, 20], "optional": False}],
        "areas": [],
        "parts": [{"id": "splenius.right", "muscle": "splenius_capitis", "side": "right", "grid": column + other}],
        "layers": [
            {"id": "superficial", "title": "Superficial", "regions": [region], "keep_away": []},
            {
                "id": "deep",
                "title": "Deep",
                "regions": [{**region, "outline": [[0, 0, 100, 0, 100, 180, 0, 180]]}],
                "keep_away": [{"name": "Carotid sheath", "outline": [[200, 0, 260, 0, 260, 300, 200, 300]]}],
            },
        ],
    }
    plates = {
        "lateral_right": {"sides": ["right"], "title": "Right", "marks": [["R", 20, -15]], **shape},
        "lateral_left": {"sides": ["left"], "title": "Left", "marks": [["L", -20, -15]], "flip_of": "lateral_right"},
        "figure": {"sides": ["right", "left"], "title": "Body", "marks": [], **shape, "areas": []},
    }
    plates["figure"]["layers"] = [{**layer, "regions": []} for layer in shape["layers"]]
    plates["figure"]["areas"] = [
        {"region": "neck", "layer": "superficial", "outline": [-50, 0, 50, 0, 50, 60, -50, 60]},
        {"region": "forearm", "layer": "superficial", "outline": [-200, 100, -100, 100, -100, 300]},
    ]
    entries = []
    for name, document in plates.items():
        (folder / f"{name}.json").write_text(json.dumps({"id": name, "region": "neck", **document}), encoding="utf-8")
        side = document["sides"][0]
        entries.append(
            {
                "id": name,
                "title": document["title"],
                "region": "neck",
                "sides": document["sides"],
                "figure": name == "figure",
                "pixels_per_mm": 4,
                "layers": [{"id": "superficial", "title": "Superficial"}, {"id": "deep", "title": "Deep"}],
                "shown": [
                    ["splenius_capitis", side, "superficial", 50.0],
                    ["splenius_capitis", side, "deep", 400.0],
                    ["splenius_capitis", side, "superficial", 20.0],
                ],
            }
        )
    (folder / "index.json").write_text(json.dumps({"plates": entries}), encoding="utf-8")
    return folder


def test_summaries_need_the_index_alone(tmp_path: Path) -> None:
    for path in _written(tmp_path).glob("lateral*.json"):
        path.unlink()
    right, left = Atlas(tmp_path).summaries()
    assert (right.id, left.id) == ("lateral_right", "lateral_left")
    assert right.layers == (("superficial", "Superficial"), ("deep", "Deep"))
    assert right.muscles == {"splenius_capitis"}


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    atlas = Atlas(tmp_path)
    _written(tmp_path)
    assert [summary.id for summary in atlas.summaries()] == ["lateral_right", "lateral_left"]


def test_a_plate_is_read_once(tmp_path: Path) -> None:
    atlas = Atlas(_written(tmp_path))
    plate = atlas.plate("lateral_right")
    (tmp_path / "lateral_right.json").unlink()
    assert atlas.plate("lateral_right") is plate


def test_a_plate_names_its_pictures_by_full_path(tmp_path: Path) -> None:
    layer = Atlas(_written(tmp_path)).plate("lateral_left").layer("deep")
    assert layer.natural == tmp_path / "lateral_left.deep.natural.webp"
    assert layer.neutral == tmp_path / "lateral_left.deep.neutral.webp"


def test_places_are_read_in_millimetres(tmp_path: Path) -> None:
    plate = Atlas(_written(tmp_path)).plate("lateral_right")
    part = plate.layer("superficial").parts[0]
    assert part.id == "splenius.right"
    assert part.anchor == (7.0, 3.0)
    assert part.bounds == (0.0, 0.0, 10.0, 10.0)
    assert part.at(0.5, 0.5) == (5.0, 9.0)
    assert part.contains(7, 3)
    assert plate.sites[0].at == (5.0, 2.0)
    assert plate.layer("deep").keep_away[0].contains(23, 10)
    assert not plate.layer("deep").keep_away[0].contains(19, 10)


def test_the_other_side_is_the_mirror_of_its_original(tmp_path: Path) -> None:
    atlas = Atlas(_written(tmp_path))
    right, left = (atlas.plate(f"lateral_{side}") for side in ("right", "left"))
    ours, theirs = left.layer("deep").parts[0], right.layer("deep").parts[0]
    assert (ours.id, ours.side, ours.muscle) == ("splenius.left", "left", "splenius_capitis")
    assert left.box == (-30.0, -20.0, 10.0, 40.0)
    assert left.marks == (("L", -20.0, -15.0),)
    assert ours.anchor == (-theirs.anchor[0], theirs.anchor[1])
    assert ours.at(0.3, 0.6) == (-theirs.at(0.3, 0.6)[0], theirs.at(0.3, 0.6)[1])
    assert ours.fibre_angle == 180 - theirs.fibre_angle
    assert ours.contains(-7, 3)
    assert left.sites[0].at == (-5.0, 2.0)


def test_the_figure_knows_the_patients_sides(tmp_path: Path) -> None:
    figure = Atlas(_written(tmp_path)).figure()
    assert figure is not None
    neck, forearm = figure.views[0].areas
    assert (neck.region, neck.side) == ("neck", "")
    assert neck.contains(0, 3)
    # Not the front view by its id: seen from behind, what lies at -x is the left.
    assert (forearm.region, forearm.side) == ("forearm", "left")


def test_a_kept_point_follows_its_part_when_the_plate_is_redrawn(tmp_path: Path) -> None:
    plate = Atlas(_written(tmp_path)).plate("lateral_right")
    assert plate.position("splenius.right", 0.5, 0.5, 5.4, 9.3) == (5.4, 9.3)  # the drawing is as it was
    assert plate.position("splenius.right", 0.5, 0.5, 40.0, 90.0) == (5.0, 9.0)
    assert plate.position("renamed.right", 0.5, 0.5, 40.0, 90.0) == (40.0, 90.0)


def test_a_missing_index_is_an_atlas_without_plates(tmp_path: Path) -> None:
    atlas = Atlas(tmp_path / "nowhere")
    assert atlas.summaries() == ()
    assert atlas.figure() is None
    assert atlas.shown_on("splenius_capitis", "left") == ()
    with pytest.raises(NotFound):
        atlas.plate("lateral_right")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"id": "lateral_right"}', '{"id": 1, "layers": 7, "box": []}'])
def test_a_damaged_plate_is_a_sentence(tmp_path: Path, content: str) -> None:
    (_written(tmp_path) / "lateral_right.json").write_text(content, encoding="utf-8")
    with pytest.raises(NotFound, match="missing from the installation"):
        Atlas(tmp_path).plate("lateral_right")
    with pytest.raises(NotFound):
        Atlas(tmp_path).plate("lateral_left")


def test_plates_and_layers_of_no_such_id_are_told(tmp_path: Path) -> None:
    atlas = Atlas(_written(tmp_path))
    with pytest.raises(NotFound):
        atlas.plate("../lateral_right")
    with pytest.raises(KeyError):
        atlas.plate("lateral_right").layer("middle")


def test_where_a_muscle_is_seen_best_comes_first(tmp_path: Path) -> None:
    atlas = Atlas(_written(tmp_path))
    assert atlas.shown_on("splenius_capitis", "left") == (("lateral_left", "deep"), ("lateral_left", "superficial"))
    assert atlas.shown_on("splenius_capitis", "midline") == ()
