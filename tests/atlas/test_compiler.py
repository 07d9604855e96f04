"""The atlas compiler: curves and patches, reading of sources, display lists, and that its checks find what is wrong."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.atlas import bake
from tools.atlas.check import problems
from tools.atlas.describe import describe
from tools.atlas.display_list import Clip, Unclip
from tools.atlas.patches import Patch, coons, organ, ring, strap
from tools.atlas.plate import PlacedBody, display_list, scene
from tools.atlas.regions import visible_regions
from tools.atlas.source_shapes import Resolver, SourceError
from tools.atlas.sources import Plate, load_plate, used_files

POSTERIOR = "head_neck_posterior"

SOURCE: dict[str, Any] = {
    "id": "arm",
    "title": "Arm",
    "region": "upper_arm",
    "sides": ["right", "left"],
    "mirror": True,
    "box": [-100, -10, 100, 200],
    "pixels_per_mm": 2,
    "marks": [["R", -90, 0], ["L", 90, 0]],
    "uses": ["frame"],
    "bodies": [{"id": "zone", "keep_away": "Brachial artery", "mirror": True,
                "shapes": [{"ellipse": {"centre": [-60, 100], "radii": [4, 20]}, "look": "keep_away"}]}],
    "muscles": [
        {"id": "biceps", "muscle": "biceps_brachii", "kind": "strap", "centre": ["@shoulder", [-40, 80], "@elbow"],
         "widths": [[0, 4], [0.5, 14], [1, 4]], "attach": {"origin": ["shoulder"], "insertion": ["elbow"]},
         "fibre_angle": [80, 100], "look": {"tendon": [0.1, 0.1], "pennate": {}}},
        {"id": "brachialis", "muscle": "brachialis", "kind": "patch", "a": [[-30, 90], [-20, 170]],
         "b": [[-60, 90], [-55, 170]], "look": {"cut": [1.5, 0]}},
        {"id": "gland", "kind": "organ", "points": [[-75, 20], [-65, 40], [-75, 60], [-85, 40]],
         "look": {"style": "gland"}},
        {"id": "linea", "muscle": "procerus", "side": "midline", "kind": "strap", "centre": [[0, 10], [0, 60]],
         "widths": [[0, 4], [1, 4]], "look": {"style": "muscle", "tones": "mucosa"}},
        {"id": "tendon", "kind": "strap", "centre": [[-10, 120], [-12, 180]], "widths": [[0, 2], [1, 2]],
         "look": {"style": "tendon"}},
        {"id": "band", "kind": "strap", "centre": [[-70, 150], [-40, 152]], "widths": [[0, 5], [1, 5]],
         "look": {"style": "band", "opacity": 0.5}},
        {"id": "artery", "kind": "strap", "centre": [[-62, 20], [-60, 180]], "widths": [[0, 2], [1, 2]],
         "look": {"style": "tube", "tint": "artery"}},
    ],
    "sites": [{"number": 1, "name": "belly", "part": "biceps", "at": [-40, 80]}],
    "relations": [
        {"first": "gland", "then": "biceps", "along": "x", "at": 40},
        {"first": "brachialis", "then": "biceps", "layer": "superficial"},
    ],
    "layers": [
        {"id": "superficial", "title": "Superficial",
         "order": ["skin", "brachialis", "gland", "linea", "tendon", "artery", "band", "biceps", "zone", "blush"]},
        {"id": "deep", "title": "Deep", "order": ["skin", "brachialis"]},
    ],
}  # fmt: skip
FRAME: dict[str, Any] = {
    "landmarks": {"shoulder": [-40, 10], "elbow": [-40, 150]},
    "silhouette": [{"union": [{"points": [[-95, -20], [0, -20], [0, 220], [-95, 220]], "smooth": False},
                              {"points": [[-5, -20], [95, -20], [95, 220], [-5, 220]], "smooth": False}]}],
    "bodies": [
        {"id": "skin", "covers": False, "shapes": [{"silhouette": 0, "look": "skin"}]},
        {"id": "blush", "covers": False, "shade": True, "mirror": True, "shapes": [
            {"ellipse": {"centre": [-40, 60], "radii": [20, 30]},
             "steps": [{"do": "soft", "colour": [120, 20, 20], "strength": 0.3},
                       {"do": "grain", "colour": "bone", "count": 9}]}]},
    ],
}  # fmt: skip


def written(folder: Path, change: Callable[[dict[str, Any]], None] | None = None) -> Plate:
    source = copy.deepcopy(SOURCE)
    if change is not None:
        change(source)
    (folder / "shared").mkdir(exist_ok=True)
    (folder / "shared" / "frame.json").write_text(json.dumps(FRAME), encoding="utf-8")
    (folder / "arm.json").write_text(json.dumps(source), encoding="utf-8")
    return load_plate(folder / "arm.json")


def muscle_in(source: dict[str, Any], name: str) -> dict[str, Any]:
    return next(item for item in source["muscles"] if item["id"] == name)


# Curves and patches


def test_a_border_that_bends_inwards_is_unfolded_without_moving_the_borders() -> None:
    patch = coons([[0, 0], [10, 30], [60, 40]], [[0, 60], [30, 62], [62, 64]], [[-6, 30]])
    assert patch.folded_cells() == 0
    assert np.allclose(patch.grid[0, 0], [0, 0])
    assert np.allclose(patch.grid[-1, -1], [62, 64])


def test_a_strap_has_its_width_and_a_ring_two_outlines() -> None:
    assert strap([[0, 0], [0, 100]], [[0, 5], [1, 5]]).mean_width() == pytest.approx(10, abs=0.2)
    circle = [[np.cos(a), np.sin(a)] for a in np.linspace(0, 6, 12)]
    rim = ring(np.array(circle) * 5, np.array(circle) * 9)
    assert len(rim.outlines()) == 2


def test_a_ring_that_swings_stays_a_ring() -> None:
    circle = np.array([[np.cos(a), np.sin(a)] for a in np.linspace(0, 6, 12)])
    waved = ring(circle * 5, circle * 19).waved(1.5, np.random.default_rng(4))
    assert np.allclose(waved.grid[0], ring(circle * 5, circle * 19).grid[0])
    assert np.allclose(waved.grid[-1, 0], waved.grid[-1, -1], atol=1.0)


def test_an_organ_keeps_its_outline() -> None:
    patch = organ([[0, 0], [30, 10], [40, 60], [0, 80], [-20, 30]])
    x, y = patch.outlines()[0].T
    area = abs(float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))) / 2
    assert area == pytest.approx(3500, rel=0.1)
    assert patch.folded_cells() == 0


def test_a_piece_of_a_patch_lies_on_it() -> None:
    whole = strap([[0, 0], [0, 100]], [[0, 5], [1, 5]])
    half = whole.piece(0.0, 0.5)
    assert np.allclose(half.point(0.3, 1.0), whole.point(0.3, 0.5), atol=0.2)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.3, 4))
def test_a_scaled_patch_has_the_same_places(u: float, t: float, factor: float) -> None:
    patch = coons([[0, 0], [4, 60]], [[30, 0], [24, 60]])
    assert np.allclose(patch.scaled(factor).point(u, t), patch.point(u, t) * factor)


# Sources


def test_a_landmark_reference_moves_with_its_landmark() -> None:
    resolver = Resolver({"mastoid": (57, 32)}, "test")
    assert resolver.point("@mastoid+4,-3") == (61, 29)
    assert resolver.point("@mastoid") == (57, 32)
    with pytest.raises(SourceError, match="not defined"):
        resolver.point("@nowhere+1,1")


def test_what_a_plate_uses_lies_under_it_and_counts_for_its_hash(tmp_path: Path) -> None:
    plate = written(tmp_path)
    assert plate.landmarks["elbow"] == (-40.0, 150.0)
    assert [path.name for path in used_files(tmp_path / "arm.json")] == ["arm.json", "frame.json"]
    before = bake.plate_hash("arm", tmp_path)
    frame = copy.deepcopy(FRAME)
    frame["landmarks"]["elbow"] = [-40, 151]
    (tmp_path / "shared" / "frame.json").write_text(json.dumps(frame), encoding="utf-8")
    assert bake.plate_hash("arm", tmp_path) != before


def test_a_plate_that_does_not_use_a_frame_s_silhouette_has_its_own(tmp_path: Path) -> None:
    def own(source: dict[str, Any]) -> None:
        source["silhouette"] = [{"ellipse": {"centre": [0, 100], "radii": [98, 130]}}]

    assert len(written(tmp_path, own).silhouette[0]) == 48


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s.pop("box"), "key 'box' is missing"),
        (lambda s: s["layers"][0]["order"].append("nobody"), "names unknown nobody"),
        (lambda s: s["muscles"].append(s["muscles"][0]), "ids used twice: biceps"),
        (lambda s: muscle_in(s, "biceps").update(kind="cube"), "unknown kind 'cube'"),
        (lambda s: muscle_in(s, "biceps")["look"].update(shine=1), "look does not know shine"),
        (lambda s: muscle_in(s, "biceps")["look"].update(style="gold"), "style 'gold' is unknown"),
        (lambda s: muscle_in(s, "biceps")["look"].update(tones="gold"), "tones 'gold' are unknown"),
        (lambda s: muscle_in(s, "biceps")["look"]["pennate"].update(shine=1), "pennate does not know shine"),
        (lambda s: muscle_in(s, "biceps").update(side="front"), "side 'front' is not 'midline'"),
        (lambda s: muscle_in(s, "biceps").pop("centre"), "key 'centre' is missing"),
        (lambda s: s["relations"].append({"first": "x", "then": "biceps"}), "a relation names unknown x"),
        (lambda s: s.update(uses=["nothing"]), "nothing.json cannot be read"),
        (
            lambda s: s.update(
                silhouette=[{"union": [{"ellipse": {"centre": [x, 0], "radii": [1, 1]}} for x in (0, 9)]}]
            ),
            "must touch each other",
        ),
    ],
)
def test_a_source_that_cannot_be_read_is_told_in_a_sentence(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], words: str
) -> None:
    with pytest.raises(SourceError, match=words):
        written(tmp_path, change)


def test_a_source_that_is_no_json_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "arm.json").write_text("{", encoding="utf-8")
    with pytest.raises(SourceError, match=r"arm\.json is not valid JSON"):
        load_plate(tmp_path / "arm.json")


# Drawing


def test_the_same_source_gives_the_same_display_list(tmp_path: Path) -> None:
    first = display_list(written(tmp_path), "superficial").digest()
    plate = written(tmp_path)
    assert display_list(plate, "superficial").digest() == first
    assert display_list(plate, "superficial", neutral=True).digest() != first


def test_a_picture_that_would_be_painted_the_same_stays(tmp_path: Path) -> None:
    baked, sources = tmp_path / "baked", tmp_path / "sources"
    baked.mkdir()
    sources.mkdir()
    bake.bake_plate(written(sources), baked, "first")
    pictures = sorted(baked.glob("*.webp"))
    assert len(pictures) == 4
    for picture in pictures:
        picture.write_bytes(b"kept")
    pictures[0].unlink()

    def another_deep_layer(source: dict[str, Any]) -> None:
        source["layers"][1]["order"].append("gland")

    bake.bake_plate(written(sources, another_deep_layer), baked, "second")
    kept = {picture.name for picture in pictures if picture.read_bytes() == b"kept"}
    assert kept == {"arm.superficial.natural.webp", "arm.superficial.neutral.webp"}
    assert json.loads((baked / "arm.json").read_text(encoding="utf-8"))["sources"] == "second"


def test_a_muscle_that_hardly_comes_out_of_the_soft_edge_has_no_region(tmp_path: Path) -> None:
    def dissolving(depth: float) -> Plate:
        return written(tmp_path, lambda source: source.update(fade={"left": depth}))

    whole, faded = (
        {region.part.id: region for region in visible_regions(dissolving(depth), "superficial")} for depth in (1, 400)
    )
    assert "biceps.right" in whole
    assert "biceps.right" not in faded
    # What does come out keeps its whole outline, so that its colour has no hard edge where the picture fades.
    assert faded["biceps.left"].area == pytest.approx(whole["biceps.left"].area)


def test_clips_are_closed_in_every_layer(tmp_path: Path) -> None:
    depth = 0
    for operation in display_list(written(tmp_path), "superficial").operations:
        depth += isinstance(operation, Clip) - isinstance(operation, Unclip)
        assert depth >= 0
    assert depth == 0


def test_a_muscle_without_a_side_is_drawn_once(tmp_path: Path) -> None:
    parts = [item for item in scene(written(tmp_path), "superficial") if not isinstance(item, PlacedBody)]
    assert [part.id for part in parts if part.muscle.id == "linea"] == ["linea.midline"]
    assert sorted(part.id for part in parts if part.muscle.id == "biceps") == ["biceps.left", "biceps.right"]


def test_what_lies_below_is_cut_out_of_the_visible_region(tmp_path: Path) -> None:
    plate = written(tmp_path)
    covered, open_ = (
        {region.part.id: region for region in visible_regions(plate, layer)}["brachialis.right"]
        for layer in ("superficial", "deep")
    )
    assert 0 < covered.area < 0.9 * open_.area
    left, top, right, bottom = covered.bounds
    assert left <= covered.anchor[0] <= right
    assert top <= covered.anchor[1] <= bottom


def test_a_translucent_band_hides_nothing_from_the_pointer(tmp_path: Path) -> None:
    def solid(source: dict[str, Any]) -> None:
        muscle_in(source, "band")["look"]["opacity"] = 1

    through, hidden = (
        {region.part.id: region.area for region in visible_regions(plate, "superficial")}["brachialis.right"]
        for plate in (written(tmp_path), written(tmp_path, solid))
    )
    assert hidden < through


def test_a_description_holds_what_can_be_pointed_at_and_what_to_keep_away_from(tmp_path: Path) -> None:
    document = describe(written(tmp_path))
    assert {part["muscle"] for part in document["parts"]} == {"biceps_brachii", "brachialis", "procerus"}
    (zone,) = document["layers"][0]["keep_away"]
    assert zone["name"] == "Brachial artery"
    assert len(zone["outline"]) == 2  # both sides
    assert document["layers"][1]["keep_away"] == []
    assert document["sites"] == [{"number": 1, "name": "belly", "part": "biceps", "at": [-400, 800], "optional": False}]


# Checks


def test_a_sound_plate_has_no_problems(tmp_path: Path) -> None:
    assert problems(written(tmp_path)) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: muscle_in(s, "biceps").update(centre=[[-40, 30], [-40, 150]]), r"biceps ends 17\.9 mm"),
        (lambda s: muscle_in(s, "biceps").update(fibre_angle=[0, 40]), "biceps run at 90 degrees, not 0 to 40"),
        (lambda s: s["relations"][0].update(first="biceps", then="gland"), "biceps must lie before gland along x"),
        (lambda s: s["relations"][0].update(at=190), "gland and biceps do not both reach 190"),
        (lambda s: s["relations"][1].update(first="biceps", then="brachialis"), "brachialis must cover biceps"),
        (lambda s: s["relations"][1].update(layer="deep"), "not both in deep"),
        (lambda s: muscle_in(s, "tendon").update(centre=[[-90, 9], [-99.5, 180]]), r"tendon\.right reaches .+ outside"),
        (lambda s: s["layers"][0]["order"].append("cover"), r"brachialis \(right\) shows only 0 mm2"),
        (lambda s: s["sites"][0].update(at=[0, 0]), r"site 1 \(belly\) does not lie on biceps"),
        (lambda s: s["sites"][0].update(part="nobody"), "site 1 names unknown nobody"),
        (
            lambda s: muscle_in(s, "brachialis").update(a=[[-60, 90], [-20, 170]], b=[[-30, 90], [-55, 170]]),
            "brachialis is folded over",
        ),
    ],
)  # fmt: skip
def test_the_checks_find_what_is_wrong(tmp_path: Path, change: Callable[[dict[str, Any]], None], words: str) -> None:
    def changed(source: dict[str, Any]) -> None:
        if "shows only" in words:
            source["layers"][1]["order"] = ["skin", "cover"]
        source["bodies"].append(
            {"id": "cover", "shapes": [{"points": [[-99, -9], [99, -9], [99, 199], [-99, 199]], "smooth": False,
                                        "look": "skin"}]}
        )  # fmt: skip
        change(source)

    found = problems(written(tmp_path, changed))
    assert len([sentence for sentence in found if re.search(words, sentence)]) >= 1, found


def fibre_angle(part: str, u: float = 0.5, t: float = 0.5) -> float:
    """Degrees of the right side's fibres: 0 along +x (lateral), 90 upright, 45 up and out."""
    patch: Patch = load_plate(bake.SOURCES / f"{POSTERIOR}.json").muscles[part].patch
    x, y = patch.direction(u, t)
    return float(np.degrees(np.arctan2(-y, x)) % 180)


def test_the_upper_trapezius_runs_down_and_out_to_the_acromion() -> None:
    assert 110 < fibre_angle("trapezius_pars_descendens", 0.3, 0.4) < 165


def test_the_inferior_oblique_runs_up_and_out_at_a_flat_angle() -> None:
    assert 10 < fibre_angle("obliquus_capitis_inferior") < 45
