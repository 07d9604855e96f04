"""A plate's layer as a scene (what lies over what) and as a display list (mm)."""

from dataclasses import dataclass

from tools.atlas.bellies import shade_gland
from tools.atlas.bodies import Body, paint_body, roundness
from tools.atlas.curves import Array, mirror
from tools.atlas.display_list import DisplayList
from tools.atlas.palette import COLOURS, NEUTRAL, TONES, Tones, tinted
from tools.atlas.patches import Patch
from tools.atlas.shading import shade_muscle
from tools.atlas.sources import Muscle, Plate
from tools.atlas.tendons import shade_band, shade_tendon, shade_tube


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
        return self.outlines(hiding=True) if self.body.covers else []

    def outlines(self, hiding: bool = False) -> list[Array]:
        """Closed outlines in picture coordinates, all or those with an opaque fill."""
        signs = (self.sign, -self.sign) if self.body.mirror else (self.sign,)
        shapes = [shape for shape in self.body.shapes if shape.hides() or (shape.closed and not hiding)]
        return [mirror(shape.outline, sign) for sign in signs for shape in shapes]


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
    return [
        Part(f"{muscle.id}.{side}", side, muscle, muscle.patch.mirrored(sign))
        for side, sign in plate.placements(muscle)
    ]


def tones_of(part: Part, neutral: bool) -> Tones:
    """The colours of a part in the natural or the neutral picture: what can be dosed is grey there."""
    if neutral and part.muscle.muscle:
        return NEUTRAL
    look = part.muscle.look
    if look.tint is not None:
        return tinted(look.tint)
    return NEUTRAL if neutral and not look.tones else TONES[look.tones]


def display_list(plate: Plate, layer_id: str, neutral: bool = False) -> DisplayList:
    """Paint operations of one layer, in drawing units."""
    scale = plate.drawing_scale
    target = DisplayList(scale)
    skin = plate.silhouette[0] * scale
    ghosts = {
        name: [outline for part in place(plate, muscle) for outline in part.patch.scaled(scale).outlines()]
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
            body = item.body.grey() if neutral else item.body
            paint_body(target, body.scaled(scale), item.sign, ghosts)
        else:
            paint_part(target, item, scale, neutral)
    if clipped:
        target.unclip()
    for reach, strength in plate.roundness:
        roundness(target, skin, reach, strength)
    target.stroke([skin], COLOURS["skin_dark"], 0.7, 0.6)
    return target


def paint_part(target: DisplayList, part: Part, scale: float, neutral: bool) -> None:
    """Paint one part in its tissue's way."""
    patch, look = part.patch.scaled(scale), part.muscle.look
    if look.style == "tendon":
        shade_tendon(target, patch, look, part.id)
    elif look.style == "band":
        shade_band(target, patch, look, part.id)
    elif look.style == "tube":
        shade_tube(target, patch, look)
    elif look.style == "gland":
        shade_gland(target, patch, look, neutral and bool(part.muscle.muscle), part.id)
    else:
        shade_muscle(target, patch, look, tones_of(part, neutral), part.id, part.muscle.id)
