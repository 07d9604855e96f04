"""Machine checks of a plate that stand in for an anatomist; each returns sentences on what is wrong (mm, degrees)."""

from collections.abc import Callable

import numpy as np
import shapely  # type: ignore[import-untyped]

from tools.atlas.curves import Array
from tools.atlas.plate import PlacedBody, place, scene
from tools.atlas.regions import part_shape, visible_regions
from tools.atlas.sources import Muscle, Plate, Relation

ATTACHMENT_REACH = 6.0
"""How far a muscle's end may lie from the landmark it attaches to, mm."""
SKIN_MARGIN = 4.0
"""How far a part may lie outside the skin before it is cut off, mm."""
VISIBLE_LEAST = 25.0
"""What a clickable muscle must show in some layer of a plate, mm2."""
FOLDED_MOST = 0.001
"""Share of a patch's area that may lie turned over."""


def problems(plate: Plate) -> list[str]:
    """Everything that is wrong with a plate."""
    checks: tuple[Callable[[Plate], list[str]], ...] = (
        folds,
        attachments,
        fibre_angles,
        relations,
        outside_skin,
        hidden_muscles,
        sites,
    )
    return [sentence for check in checks for sentence in check(plate)]


def drawn(plate: Plate) -> list[Muscle]:
    """The parts that some layer shows."""
    names = {name for layer in plate.layers for name in layer.order}
    return [muscle for name, muscle in plate.muscles.items() if name in names]


def folds(plate: Plate) -> list[str]:
    """Patches with cells that are turned over."""
    return [
        f"{muscle.id} is folded over {muscle.patch.folded_cells():.1%} of its area"
        for muscle in drawn(plate)
        if muscle.patch.folded_cells() > FOLDED_MOST
    ]


def attachments(plate: Plate) -> list[str]:
    """Ends that lie too far from the landmarks they attach to."""
    result = []
    for muscle in drawn(plate):
        grid = muscle.patch.grid
        for ends, landmarks in ((grid[:, 0], muscle.origin_landmarks), (grid[:, -1], muscle.insertion_landmarks)):
            for landmark in landmarks:
                x, y = plate.landmarks[landmark]
                # A flipped plate's landmarks are at -x already; its patches are mirrored only when they are placed.
                distance = float(np.linalg.norm(ends - [x * plate.sign, y], axis=1).min())
                if distance > ATTACHMENT_REACH:
                    result.append(f"{muscle.id} ends {distance:.1f} mm from {landmark}")
    return result


def fibre_angles(plate: Plate) -> list[str]:
    """Fibres that leave their written range at the middle of the part, on the written side."""
    result = []
    for muscle in drawn(plate):
        if muscle.fibre_angle is None:
            continue
        x, y = muscle.patch.direction(0.5, 0.5)
        angle = float(np.degrees(np.arctan2(-y, x)) % 180)
        low, high = muscle.fibre_angle
        if not any(low <= turned <= high for turned in (angle - 180, angle, angle + 180)):
            result.append(f"the fibres of {muscle.id} run at {angle:.0f} degrees, not {low:g} to {high:g}")
    return result


def relations(plate: Plate) -> list[str]:
    """Orders that the drawing does not keep."""
    result = []
    for relation in plate.relations:
        if relation.layer:
            order = plate.layer(relation.layer).order
            if not {relation.first, relation.then} <= set(order):
                result.append(f"{relation.first} and {relation.then} are not both in {relation.layer}")
            elif order.index(relation.first) > order.index(relation.then):
                result.append(f"{relation.then} must cover {relation.first} in {relation.layer}")
            continue
        first, then = (_middle(plate, relation, name) for name in (relation.first, relation.then))
        if first is None or then is None:
            result.append(f"{relation.first} and {relation.then} do not both reach {relation.at:g} mm")
        elif first >= then:
            result.append(
                f"{relation.first} must lie before {relation.then} along {relation.along} at {relation.at:g} mm"
            )
    return result


def _middle(plate: Plate, relation: Relation, name: str) -> float | None:
    """The middle of a part along the axis, within 4 mm of ``at`` on the other one, on the written side."""
    if name in plate.muscles:
        points: Array = plate.muscles[name].patch.grid.reshape(-1, 2)
    else:
        points = np.concatenate([shape.outline for shape in plate.bodies[name].shapes])
    axis = 0 if relation.along == "x" else 1
    near = points[np.abs(points[:, 1 - axis] - relation.at) < 4]
    return float((near[:, axis].min() + near[:, axis].max()) / 2) if len(near) else None


def outside_skin(plate: Plate) -> list[str]:
    """Parts inside the picture that reach far beyond the skin."""
    skin = shapely.Polygon(plate.silhouette[0]).buffer(SKIN_MARGIN)
    frame = shapely.box(*plate.box)
    shapely.prepare(skin)
    result = []
    for muscle in drawn(plate):
        for part in place(plate, muscle):
            points = part.patch.grid.reshape(-1, 2)
            points = points[shapely.contains_xy(frame, points[:, 0], points[:, 1])]
            lost = points[~shapely.contains_xy(skin, points[:, 0], points[:, 1])]
            if len(lost):
                distance = float(shapely.distance(skin, shapely.points(lost)).max()) + SKIN_MARGIN
                result.append(f"{part.id} reaches {distance:.1f} mm outside the skin")
    return result


def hidden_muscles(plate: Plate) -> list[str]:
    """Muscles of the catalogue that are drawn but nowhere shown large enough to point at."""
    largest: dict[tuple[str, str], float] = {}
    for layer in plate.layers:
        for item in scene(plate, layer.id):
            if not isinstance(item, PlacedBody) and item.muscle.muscle:
                largest.setdefault((item.muscle.muscle, item.side), 0.0)
        shown: dict[tuple[str, str], float] = {}
        for region in visible_regions(plate, layer.id, dissolving=False):
            key = (region.part.muscle.muscle, region.part.side)
            shown[key] = shown.get(key, 0.0) + region.area
        for key, area in shown.items():
            largest[key] = max(largest.get(key, 0.0), area)
    return [
        f"{muscle} ({side}) shows only {area:.0f} mm2"
        for (muscle, side), area in sorted(largest.items())
        if muscle and area < VISIBLE_LEAST
    ]


def sites(plate: Plate) -> list[str]:
    """Usual sites that lie off the part they name."""
    result = []
    for site in plate.sites:
        if site.part not in plate.muscles:
            result.append(f"site {site.number} names unknown {site.part}")
            continue
        part = place(plate, plate.muscles[site.part])[0]
        if not part_shape(part).buffer(0.5).contains(shapely.Point(site.at)):
            result.append(f"site {site.number} ({site.name}) does not lie on {site.part}")
    return result
