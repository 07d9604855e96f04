"""The plates as they are drawn: every machine check that stands in for an anatomist, and the baked files."""

import json
from functools import cache

import numpy as np
import pytest

from clinic_app.reference import load_reference
from clinic_app.terms import Side
from tools.atlas import bake
from tools.atlas.check import problems
from tools.atlas.display_list import DisplayList
from tools.atlas.plate import Part, PlacedBody, display_list, scene
from tools.atlas.sources import Plate, load_plate, plate_files

NAMES = [path.stem for path in plate_files(bake.SOURCES)]


def which_say(key: str) -> list[str]:
    """Plates whose source says so. To read them as plates takes long, and every process that runs tests would."""
    return [name for name in NAMES if json.loads((bake.SOURCES / f"{name}.json").read_text(encoding="utf-8")).get(key)]


@cache
def plate_of(name: str) -> Plate:
    return load_plate(bake.SOURCES / f"{name}.json")


@cache
def index() -> list[dict[str, object]]:
    document = json.loads((bake.BAKED / "index.json").read_text(encoding="utf-8"))
    return list(document["plates"])


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wrong_with_the_drawing(name: str) -> None:
    """Folds, attachments, fibre angles, orders, skin, hidden muscles and sites."""
    assert problems(plate_of(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_plate_is_marked_with_the_patients_sides(name: str) -> None:
    plate = plate_of(name)
    letters = {words for words, _, _ in plate.marks}
    expected = {"R", "L"} if plate.mirror else {"R" if plate.sides[0] == "right" else "L"}
    assert plate.areas or letters & {"R", "L"} == expected
    left, top, right, bottom = plate.box
    assert all(left < x < right and top < y < bottom for _, x, y in plate.marks)


@pytest.mark.parametrize("name", which_say("mirror"))
def test_the_left_side_mirrors_the_right_one(name: str) -> None:
    plate = plate_of(name)
    for layer in plate.layers:
        parts = {item.id: item.patch.grid for item in scene(plate, layer.id) if isinstance(item, Part)}
        for part, grid in parts.items():
            if part.endswith(".right"):
                assert np.array_equal(parts[part.removesuffix(".right") + ".left"], grid * [-1, 1]), part


@pytest.mark.parametrize("name", which_say("flip_of"))
def test_a_flipped_plate_mirrors_its_original(name: str) -> None:
    flipped = plate_of(name)
    original = plate_of(flipped.flip_of)
    assert flipped.box == (-original.box[2], original.box[1], -original.box[0], original.box[3])
    assert {flipped.sides[0], original.sides[0]} == {"left", "right"}
    for layer in original.layers:
        ours = [item for item in scene(flipped, layer.id) if not isinstance(item, PlacedBody)]
        theirs = [item for item in scene(original, layer.id) if not isinstance(item, PlacedBody)]
        for own, other in zip(ours, theirs, strict=True):
            assert np.array_equal(own.patch.grid, other.patch.grid * [-1, 1])
            assert own.side == ("midline" if own.muscle.side else flipped.sides[0])


def test_drawn_muscles_and_their_sides_are_in_the_catalogue() -> None:
    known = load_reference().muscles
    for name in NAMES:
        for muscle in plate_of(name).muscles.values():
            if muscle.muscle:
                assert muscle.muscle in known, (name, muscle.id)
                assert known[muscle.muscle].paired is not (muscle.side == "midline"), (name, muscle.id)


def test_the_baked_atlas_belongs_to_its_sources() -> None:
    assert bake.check() == ""


def test_the_picture_of_a_layer_is_the_same_whenever_it_is_drawn() -> None:
    name = NAMES[0]
    baked = json.loads((bake.BAKED / f"{name}.json").read_text(encoding="utf-8"))
    layer = plate_of(name).layers[-1].id
    for variant in bake.VARIANTS:
        again: DisplayList = display_list(load_plate(bake.SOURCES / f"{name}.json"), layer, variant == "neutral")
        assert again.digest() == baked["digests"][f"{layer}.{variant}"]


def test_all_plates_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in bake.BAKED.iterdir()) < 40_000_000


def test_every_target_of_the_catalogue_is_on_a_plate() -> None:
    shown = {(muscle, side) for plate in index() for muscle, side, _, area in plate["shown"] if area >= 25}  # type: ignore[attr-defined]
    missing = [
        f"{muscle.id}/{side.value}"
        for muscle in load_reference().muscles.values()
        for side in ((Side.RIGHT, Side.LEFT) if muscle.paired else (Side.MIDLINE,))
        if (muscle.id, side.value) not in shown
    ]
    assert missing == []
