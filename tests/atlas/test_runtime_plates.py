"""Reading the baked atlas."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.atlas.plates import Atlas, Part

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
    part: dict[str, Any] = {
        "id": "splenius_capitis",
        "muscle": "splenius_capitis",
        "side": "left",
        "outline": [[[0, 0], [10, 0], [10, 10]]],
        "anchor": [7, 3],
        "bounds": [0, 0, 10, 10],
        "area": 50.0,
        "fibre_angle": 40.0,
        "grid": [[[0, 0], [0, 10]], [[10, 0], [10, 10]]],
    }
    plate: dict[str, Any] = {
        "id": "posterior",
        "title": "Posterior neck",
        "region": "neck",
        "sides": ["left", "right"],
        "box": [-10, -20, 30, 40],
        "pixels_per_mm": 4,
        "silhouette": [[[0, 0], [10, 0], [10, 10]]],
        "marks": [["R", 20, -15]],
        "layers": [
            {
                "id": layer,
                "title": layer.title(),
                "natural": f"{layer}.webp",
                "neutral": f"{layer}.grey.webp",
                "parts": [part],
            }
            for layer in ("superficial", "deep")
        ],
    }
    plate["layers"][1]["parts"] = [dict(part), {**part, "id": "constrictor", "muscle": ""}]
    index = {
        "sources": "0" * 64,
        "plates": [
            {
                "id": "posterior",
                "title": "Posterior neck",
                "region": "neck",
                "sides": ["left", "right"],
                "layers": [{"id": "superficial", "title": "Superficial"}, {"id": "deep", "title": "Deep"}],
                "shown": [
                    ["splenius_capitis", "left", "superficial", 50.0],
                    ["splenius_capitis", "left", "deep", 400.0],
                    ["splenius_capitis", "left", "superficial", 20.0],
                ],
            }
        ],
    }
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    (folder / "posterior.json").write_text(json.dumps(plate), encoding="utf-8")
    return folder


def test_summaries_need_the_index_alone(tmp_path: Path) -> None:
    (_written(tmp_path) / "posterior.json").unlink()
    (summary,) = Atlas(tmp_path).summaries()
    assert summary.layers == (("superficial", "Superficial"), ("deep", "Deep"))
    assert summary.muscles == {"splenius_capitis"}


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    atlas = Atlas(tmp_path)
    _written(tmp_path)
    assert [summary.id for summary in atlas.summaries()] == ["posterior"]


def test_a_plate_is_read_once(tmp_path: Path) -> None:
    atlas = Atlas(_written(tmp_path))
    plate = atlas.plate("posterior")
    (tmp_path / "posterior.json").unlink()
    assert atlas.plate("posterior") is plate


def test_a_plate_names_its_pictures_by_full_path(tmp_path: Path) -> None:
    layer = Atlas(_written(tmp_path)).plate("posterior").layer("deep")
    assert (layer.natural, layer.neutral) == (tmp_path / "deep.webp", tmp_path / "deep.grey.webp")
    assert layer.parts[0].contains(7, 3)


def test_drawn_parts_without_a_muscle_cannot_be_pointed_at(tmp_path: Path) -> None:
    plate = Atlas(_written(tmp_path)).plate("posterior")
    assert [part.id for part in plate.layer("deep").parts] == ["splenius_capitis"]


def test_a_missing_index_is_an_atlas_without_plates(tmp_path: Path) -> None:
    atlas = Atlas(tmp_path / "nowhere")
    assert atlas.summaries() == ()
    assert atlas.shown_on("splenius_capitis", "left") == ()
    with pytest.raises(KeyError):
        atlas.plate("posterior")


def test_plates_and_layers_of_no_such_id_are_key_errors(tmp_path: Path) -> None:
    atlas = Atlas(_written(tmp_path))
    with pytest.raises(KeyError):
        atlas.plate("../posterior")
    with pytest.raises(KeyError):
        atlas.plate("posterior").layer("middle")


def test_the_largest_view_of_a_muscle_comes_first(tmp_path: Path) -> None:
    atlas = Atlas(_written(tmp_path))
    assert atlas.shown_on("splenius_capitis", "left") == (("posterior", "deep"), ("posterior", "superficial"))
    assert atlas.shown_on("splenius_capitis", "right") == ()
