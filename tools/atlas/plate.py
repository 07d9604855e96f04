"""A plate's layer as a scene (what lies over what) and as a display list (mm)."""

from dataclasses import dataclass

from tools.atlas.bodies import Body, paint_body, roundness
from tools.atlas.curves import Array, mirror
from tools.atlas.display_list import DisplayList
from tools.atlas.palette import COLOURS, NATURAL, NEUTRAL, Tones, tinted
from tools.atlas.patches import Patch
from tools.atlas.shading import shade_muscle
from tools.atlas.sources import Muscle, Plate


@dataclass(frozen=True)
class Part:
    """A muscle part on one side, in picture coordinates."""

    id: str
    side: str
    muscle: Muscle
    patch: Patch


@dataclass(frozen=True)
class PlacedBody:
    """A body with the sign of x it is drawn with."""

    body: Body
    sign: float

    def covering_outlines(self) -> list[Array]:
        """Outlines that hide what lies below."""
        if not self.body.covers:
            return []
        signs = (self.sign, -self.sign) if self.body.mirror else (self.sign,)
        return [mirror(shape.outline, sign) for sign in signs for shape in self.body.shapes if shape.hides()]


Item = Part | PlacedBody


def scene(plate: Plate, layer_id: str) -> list[Item]:
    """What a layer shows, from bottom to top."""
    items: list[Item] = []
    for name in plate.layer(layer_id).order:
        if name in plate.bodies:
            items.append(PlacedBody(plate.bodies[name], plate.sign))
        else:
            items.extend(place(plate, plate.muscles[name]))
    return items


def place(plate: Plate, muscle: Muscle) -> list[Part]:
    """The muscle part on each side it is drawn on."""
    return [Part(f"{muscle.id}.{side}", side, muscle, muscle.patch.mirrored(sign)) for side, sign in plate.placements()]


def tones_of(part: Part, neutral: bool) -> Tones:
    """The colours of a part in the natural or the neutral picture."""
    if part.muscle.look.tint is not None and not (neutral and part.muscle.muscle):
        return tinted(part.muscle.look.tint)
    return NEUTRAL if neutral else NATURAL


def display_list(plate: Plate, layer_id: str, neutral: bool = False) -> DisplayList:
    """Paint operations of one layer."""
    target = DisplayList()
    skin = plate.silhouette[0]
    ghosts = {
        name: [outline for part in place(plate, muscle) for outline in part.patch.outlines()]
        for name, muscle in plate.muscles.items()
    }
    clipped = False
    for item in scene(plate, layer_id):
        wants_clip = item.body.clip if isinstance(item, PlacedBody) else True
        if wants_clip and not clipped:
            target.clip([skin])
        elif clipped and not wants_clip:
            target.unclip()
        clipped = wants_clip
        if isinstance(item, PlacedBody):
            paint_body(target, item.body, item.sign, ghosts)
        else:
            tones = tones_of(item, neutral)
            shade_muscle(target, item.patch, item.muscle.look, tones, item.id, item.muscle.id)
    if clipped:
        target.unclip()
    roundness(target, skin, *plate.roundness)
    target.stroke([skin], COLOURS["skin_dark"], 0.7, 0.6)
    return target
