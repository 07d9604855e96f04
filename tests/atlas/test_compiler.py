"""The atlas compiler and its posterior plate: geometry, order, symmetry and the baked files."""

import json
from functools import cache

import numpy as np
import pytest

from tools.atlas import bake
from tools.atlas.patches import Patch, coons, ring, strap
from tools.atlas.plate import PlacedBody, display_list, scene
from tools.atlas.source_shapes import Resolver, SourceError
from tools.atlas.sources import Muscle, Plate, load_plate, plate_files

POSTERIOR = "head_neck_posterior"
ATTACHMENT_REACH = {POSTERIOR: 6.0}
"""Largest distance of a muscle's end from its landmark, mm; 8 where nothing is written."""
SKIN_MARGIN = {POSTERIOR: 4.0}
"""How far a muscle may lie outside the skin before it is cut off, mm; 10 where nothing is written."""
BEST_SEEN_FROM_THE_FRONT = {"longus_colli", "cricothyroideus"}
"""Context in the lateral plates; they become targets with a plate of the front of the neck."""


@cache
def plate_of(name: str) -> Plate:
    return load_plate(bake.SOURCES / f"{name}.json")


def all_plates() -> list[str]:
    return [path.stem for path in plate_files(bake.SOURCES)]


def posterior_muscle(part: str) -> Muscle:
    return plate_of(POSTERIOR).muscles[part]


def fibre_angle(part: str, u: float = 0.5, t: float = 0.5) -> float:
    """Degrees of the right side's fibres: 0 along +x (lateral), 90 upright, 45 up and out."""
    x, y = posterior_muscle(part).patch.direction(u, t)
    return float(np.degrees(np.arctan2(-y, x)) % 180)


def end_points(patch: Patch, insertion: bool) -> np.ndarray:
    return patch.grid[:, -1] if insertion else patch.grid[:, 0]


@pytest.mark.parametrize("name", all_plates())
def test_no_patch_is_folded(name: str) -> None:
    folded = {m.id: m.patch.folded_cells() for m in plate_of(name).muscles.values() if m.patch.folded_cells() > 0.001}
    assert folded == {}


def test_a_border_that_bends_inwards_is_unfolded_without_moving_the_borders() -> None:
    patch = coons([[0, 0], [10, 30], [60, 40]], [[0, 60], [30, 62], [62, 64]], [[-6, 30]])
    assert patch.folded_cells() == 0
    assert np.allclose(patch.grid[0, 0], [0, 0])
    assert np.allclose(patch.grid[-1, -1], [62, 64])


@pytest.mark.parametrize("name", all_plates())
def test_muscles_reach_the_bones_they_attach_to(name: str) -> None:
    plate = plate_of(name)
    far = {}
    for muscle in plate.muscles.values():
        for insertion, landmarks in ((False, muscle.origin_landmarks), (True, muscle.insertion_landmarks)):
            for landmark in landmarks:
                x, y = plate.landmarks[landmark]
                distance = np.linalg.norm(end_points(muscle.patch, insertion) - [x * plate.sign, y], axis=1).min()
                if distance > ATTACHMENT_REACH.get(name, 8.0):
                    far[muscle.id, landmark] = round(float(distance), 1)
    assert far == {}


def test_the_upper_trapezius_runs_down_and_out_to_the_acromion() -> None:
    assert 110 < fibre_angle("trapezius_pars_descendens", 0.3, 0.4) < 165


def test_the_splenius_runs_up_and_out() -> None:
    assert 50 < fibre_angle("splenius_capitis") < 85


def test_the_inferior_oblique_runs_up_and_out_at_a_flat_angle() -> None:
    assert 10 < fibre_angle("obliquus_capitis_inferior") < 45


@pytest.mark.parametrize(
    ("layer", "below", "above"),
    [
        ("superficial", "splenius_capitis", "trapezius_pars_descendens"),
        ("superficial", "splenius_capitis", "sternocleidomastoideus"),
        ("superficial", "latissimus_dorsi", "trapezius_pars_ascendens"),
        ("superficial", "infraspinatus", "deltoideus_spinalis"),
        ("intermediate", "semispinalis_capitis", "splenius_capitis"),
        ("intermediate", "splenius_capitis", "rhomboideus_minor"),
        ("intermediate", "longissimus_capitis", "splenius_capitis"),
        ("intermediate", "triceps_brachii_caput_longum", "teres_minor"),
        ("intermediate", "teres_major", "triceps_brachii_caput_longum"),
        ("deep", "obliquus_capitis_inferior", "semispinalis_capitis"),
        ("deep", "semispinalis_cervicis", "semispinalis_capitis"),
        ("suboccipital", "multifidus_cervicis", "semispinalis_cervicis"),
    ],
)
def test_muscles_lie_over_each_other_as_in_the_body(layer: str, below: str, above: str) -> None:
    order = plate_of(POSTERIOR).layer(layer).order
    assert order.index(below) < order.index(above)


def test_the_left_side_mirrors_the_right_one() -> None:
    parts = {
        item.id: item.patch.grid
        for item in scene(plate_of(POSTERIOR), "superficial")
        if not isinstance(item, PlacedBody)
    }
    right = parts["trapezius_pars_descendens.right"]
    left = parts["trapezius_pars_descendens.left"]
    assert right[..., 0].max() > 150
    assert np.allclose(left, right * [-1, 1])


def test_a_flipped_plate_mirrors_its_original() -> None:
    for name in all_plates():
        flipped = plate_of(name)
        if flipped.sign > 0:
            continue
        original = plate_of(name.replace("_left", "_right"))
        assert flipped.box[0] == -original.box[2]
        layer = original.layers[0].id
        ours = [item for item in scene(flipped, layer) if not isinstance(item, PlacedBody)]
        theirs = [item for item in scene(original, layer) if not isinstance(item, PlacedBody)]
        assert all(item.side == "left" for item in ours)
        assert np.allclose(ours[0].patch.grid, theirs[0].patch.grid * [-1, 1])


@pytest.mark.parametrize("name", all_plates())
def test_every_part_lies_inside_the_skin(name: str) -> None:
    shapely = pytest.importorskip("shapely")
    plate = plate_of(name)
    margin = SKIN_MARGIN.get(name, 10.0)
    skin = shapely.Polygon(plate.silhouette[0]).buffer(margin)
    left, top, right, bottom = plate.box
    shapely.prepare(skin)
    outside = {}
    for muscle in plate.muscles.values():
        for side, sign in plate.placements():
            points = muscle.patch.mirrored(sign).grid.reshape(-1, 2)
            inside_box = (points[:, 0] > left) & (points[:, 0] < right) & (points[:, 1] > top) & (points[:, 1] < bottom)
            points = points[inside_box]
            lost = points[~shapely.contains_xy(skin, points[:, 0], points[:, 1])]
            if len(lost):
                distance = shapely.distance(skin, shapely.points(lost)).max() + margin
                outside[f"{muscle.id}.{side}"] = round(float(distance), 1)
    assert outside == {}


def test_the_same_source_gives_the_same_display_list() -> None:
    plate = plate_of(POSTERIOR)
    first = display_list(plate, "suboccipital").digest()
    again = display_list(load_plate(bake.SOURCES / f"{POSTERIOR}.json"), "suboccipital").digest()
    assert first == again
    assert first != display_list(plate, "suboccipital", neutral=True).digest()


def test_clips_are_closed_in_every_layer() -> None:
    plate = plate_of(POSTERIOR)
    kinds = [type(operation).__name__ for operation in display_list(plate, "suboccipital").operations]
    assert kinds.count("Clip") == kinds.count("Unclip") > 0


def test_what_lies_below_is_cut_out_of_the_visible_region() -> None:
    pytest.importorskip("shapely")
    from tools.atlas.regions import visible_regions

    regions = {region.part.id: region for region in visible_regions(plate_of(POSTERIOR), "suboccipital")}
    covered = regions["multifidus_cervicis.right"]
    whole = posterior_muscle("multifidus_cervicis").patch
    assert 0 < covered.area < 0.9 * whole.mean_width() * whole.mean_length()
    left, top, right, bottom = covered.bounds
    assert left <= covered.anchor[0] <= right
    assert top <= covered.anchor[1] <= bottom


def test_a_landmark_reference_moves_with_its_landmark() -> None:
    resolver = Resolver({"mastoid": (57, 32)}, "test")
    assert resolver.point("@mastoid+4,-3") == (61, 29)
    assert resolver.point("@mastoid") == (57, 32)
    with pytest.raises(SourceError, match="not defined"):
        resolver.point("@nowhere+1,1")


def test_a_strap_has_its_width_and_a_ring_two_outlines() -> None:
    assert strap([[0, 0], [0, 100]], [[0, 5], [1, 5]]).mean_width() == pytest.approx(10, abs=0.2)
    circle = [[np.cos(a), np.sin(a)] for a in np.linspace(0, 6, 12)]
    rim = ring(np.array(circle) * 5, np.array(circle) * 9)
    assert len(rim.outlines()) == 2


def test_the_baked_atlas_belongs_to_its_sources() -> None:
    assert bake.check() == ""


def test_every_clickable_muscle_shows_in_some_layer() -> None:
    index = json.loads((bake.BAKED / "index.json").read_text(encoding="utf-8"))
    for baked in index["plates"]:
        plate = plate_of(baked["id"])
        largest: dict[str, float] = {}
        for muscle, _side, _layer, area in baked["shown"]:
            largest[muscle] = max(area, largest.get(muscle, 0))
        used = {name for layer in plate.layers for name in layer.order if name in plate.muscles}
        clickable = {plate.muscles[name].muscle for name in used} - {""}
        hidden = {muscle for muscle in clickable if largest.get(muscle, 0) < bake.CLICKABLE_LEAST}
        assert hidden <= BEST_SEEN_FROM_THE_FRONT, baked["id"]


def test_drawn_muscles_are_in_the_catalogue() -> None:
    text = (bake.ROOT / "resources" / "reference" / "muscles.yaml").read_text(encoding="utf-8")
    known = {line.split("id:", 1)[1].strip() for line in text.splitlines() if line.startswith("- id:")}
    for name in all_plates():
        assert {muscle.muscle for muscle in plate_of(name).muscles.values()} - {""} <= known
