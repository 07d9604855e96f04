"""Looking at a layer while drawing: a PNG on a light ground, with dose colours if wanted."""

from pathlib import Path

from tools.atlas import raster
from tools.atlas.palette import DOSE_COLOURS, UNDOSED
from tools.atlas.plate import display_list
from tools.atlas.sources import Plate

GROUND = (242, 244, 247, 255)


def save_preview(
    plate: Plate, layer: str, out: Path, scale: float, crop: raster.Box, neutral: bool, dosed: bool
) -> None:
    """Draw a layer, or a crop of it (mm), at ``scale`` px/mm."""
    image = raster.paint(display_list(plate, layer, neutral), crop, scale, plate.box, plate.fade)
    picture = raster.pillow_image(image)
    if dosed:
        picture = _with_doses(picture, plate, layer, scale, crop)
    from PIL import Image

    ground = Image.new("RGBA", picture.size, GROUND)
    Image.alpha_composite(ground, picture).convert("RGB").save(out)


def _with_doses(picture, plate: Plate, layer: str, scale: float, crop: raster.Box):  # type: ignore[no-untyped-def]
    """Each muscle multiplied with a dose colour, as the program does."""
    from PIL import Image, ImageChops, ImageDraw

    from tools.atlas.regions import visible_regions

    tint = Image.new("RGB", picture.size, (255, 255, 255))
    draw = ImageDraw.Draw(tint)
    names: list[str] = []
    for region in visible_regions(plate, layer):
        muscle = region.part.muscle.muscle
        if not muscle:
            continue
        if muscle not in names:
            names.append(muscle)
        colour = DOSE_COLOURS[(names.index(muscle) + (region.part.side == "left") * 3) % len(DOSE_COLOURS)]
        lifted = tuple(min(255, round(value * 255 / base)) for value, base in zip(colour, UNDOSED, strict=True))
        for outline in region.outline:
            draw.polygon([((x - crop[0]) * scale, (y - crop[1]) * scale) for x, y in outline], fill=lifted)
    result = ImageChops.multiply(picture.convert("RGB"), tint).convert("RGBA")
    result.putalpha(picture.getchannel("A"))
    return result
