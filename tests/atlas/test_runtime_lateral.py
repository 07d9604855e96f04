"""What the lateral plates must show, as far as a program can tell."""

import math
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from clinic_app.atlas.atlas import Atlas
from clinic_app.atlas.plates import Layer, Part, Plate
from clinic_app.reference import load_reference
from clinic_app.resources import resource_path
from tools.atlas.sources import Plate as Source
from tools.atlas.sources import load_plate

RIGHT, LEFT = "head_neck_lateral_right", "head_neck_lateral_left"
LAYERS = ("superficial", "intermediate", "deep")
NEAR = 6.0


@cache
def _plate(plate_id: str) -> Plate:
    return Atlas(resource_path("atlas", "baked")).plate(plate_id)


@cache
def _source(plate_id: str) -> Source:
    return load_plate(resource_path("atlas", "sources") / f"{plate_id}.json")


def _across(plate_id: str, muscle: str, y: float) -> tuple[float, float]:
    """How far a drawn muscle reaches at a height, as smallest and largest x in mm."""
    return _reach([part for layer in _plate(plate_id).layers for part in layer.parts if part.muscle == muscle], y)


def _reach(parts: list[Part], y: float) -> tuple[float, float]:
    found = [node[0] for part in parts for row in part.grid for node in row if abs(node[1] - y) < 6]
    assert found, f"nothing at {y} mm"
    return min(found), max(found)


def _parts(layer: Layer) -> dict[str, Part]:
    return {part.id: part for part in layer.parts}


@pytest.mark.parametrize("y", [150, 170, 190])
def test_the_scalenes_and_levator_stand_in_their_order_from_front_to_back(y: float) -> None:
    middles = [
        sum(_across(RIGHT, muscle, y))
        for muscle in ("scalenus_anterior", "scalenus_medius", "scalenus_posterior", "levator_scapulae")
        if not (muscle == "levator_scapulae" and y > 175)
    ]
    assert middles == sorted(middles, reverse=True)


def test_the_masseter_lies_in_front_of_the_parotid_gland() -> None:
    assert sum(_across(RIGHT, "masseter", 45)) > sum(_across(RIGHT, "glandula_parotidea", 45))


def test_the_sternal_head_stands_in_front_of_the_clavicular_one() -> None:
    parts = _parts(_plate(RIGHT).layer("intermediate"))
    sternal = [part for name, part in parts.items() if name.startswith("sternocleidomastoid.sternal")]
    clavicular = [part for name, part in parts.items() if name.startswith("sternocleidomastoid.clavicular")]
    assert _reach(sternal, 185)[0] > _reach(clavicular, 185)[1]


def test_the_trapezius_is_behind_the_sternocleidomastoid() -> None:
    for y in (60, 100, 150):
        assert _across(RIGHT, "trapezius_pars_descendens", y)[1] < _across(RIGHT, "sternocleidomastoideus", y)[0]


@pytest.mark.parametrize("plate_id", [RIGHT, LEFT])
def test_ends_reach_the_landmarks_they_are_attached_to(plate_id: str) -> None:
    plate = _source(plate_id)
    far = []
    checked = 0
    for muscle in plate.muscles.values():
        patch = muscle.patch if plate.sign > 0 else muscle.patch.mirrored()
        for column, names in ((0, muscle.origin_landmarks), (-1, muscle.insertion_landmarks)):
            for name in names:
                checked += 1
                distance = min(math.dist(node, plate.landmarks[name]) for node in patch.grid[:, column].tolist())
                if distance > NEAR:
                    far.append(f"{muscle.id} {name} {distance:.1f}")
    assert not far
    assert checked > 40


def test_no_muscle_is_folded() -> None:
    folded = {m.id: m.patch.folded_cells() for m in _source(RIGHT).muscles.values() if not m.patch.closed}
    assert not {name: share for name, share in folded.items() if share > 0.02}


@pytest.mark.parametrize("layer", LAYERS)
def test_the_left_plate_is_the_right_one_in_the_mirror(layer: str) -> None:
    right, left = _plate(RIGHT), _plate(LEFT)
    assert left.box == (-right.box[2], right.box[1], -right.box[0], right.box[3])
    mirrored = {part.id.removesuffix(".left"): part for part in left.layer(layer).parts}
    assert mirrored.keys() == {part.id.removesuffix(".right") for part in right.layer(layer).parts}
    for part in right.layer(layer).parts:
        other = mirrored[part.id.removesuffix(".right")]
        assert (part.side, other.side) in {("right", "left"), ("midline", "midline")}
        assert other.muscle == part.muscle
        assert other.area == pytest.approx(part.area, rel=0.03, abs=4)
        assert other.at(0.5, 0.5) == pytest.approx((-part.at(0.5, 0.5)[0], part.at(0.5, 0.5)[1]), abs=0.2)


@pytest.mark.parametrize("plate_id", [RIGHT, LEFT])
@pytest.mark.parametrize("layer_id", LAYERS)
def test_every_part_can_be_pointed_at(plate_id: str, layer_id: str) -> None:
    plate = _plate(plate_id)
    layer = plate.layer(layer_id)
    known: Any = load_reference().muscles
    left, top, right, bottom = plate.box
    for part in layer.parts:
        assert part.muscle in known
        assert part.contains(*part.anchor), part.id
        assert left <= part.anchor[0] <= right
        assert top <= part.anchor[1] <= bottom
        u, t = part.locate(*part.anchor)
        assert math.dist(part.at(u, t), part.anchor) < 1.5, part.id
    assert layer.natural.is_file()
    assert layer.neutral.is_file()


def test_every_muscle_shows_enough_to_be_aimed_at_on_some_layer() -> None:
    areas: dict[str, float] = {}
    for layer in _plate(RIGHT).layers:
        for muscle in {part.muscle for part in layer.parts}:
            shown = sum(part.area for part in layer.parts if part.muscle == muscle)
            areas[muscle] = max(areas.get(muscle, 0.0), shown)
    assert {muscle: area for muscle, area in areas.items() if area < 25} == {}


@pytest.mark.parametrize(
    ("layer", "shown", "hidden"),
    [
        ("superficial", {"platysma", "risorius", "glandula_parotidea", "zygomaticus_major"}, {"corrugator_supercilii"}),
        (
            "intermediate",
            {"sternocleidomastoideus", "masseter", "sternohyoideus", "glandula_submandibularis"},
            {"platysma", "risorius", "glandula_parotidea"},
        ),
        (
            "deep",
            {"scalenus_anterior", "splenius_capitis", "longissimus_capitis", "buccinator", "mylohyoideus"},
            {"sternocleidomastoideus", "trapezius_pars_descendens", "platysma"},
        ),
    ],
)
def test_layers_show_what_lies_in_them(layer: str, shown: set[str], hidden: set[str]) -> None:
    muscles = {part.muscle for part in _plate(RIGHT).layer(layer).parts}
    assert shown <= muscles
    assert not hidden & muscles


def test_pictures_are_named_for_files_beside_the_index() -> None:
    assert _plate(RIGHT).layer("deep").natural.parent == Path(resource_path("atlas", "baked"))
