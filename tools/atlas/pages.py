"""Pages to look at: a contact sheet of every picture, and one page per region with the names of the muscles."""

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from clinic_app.atlas.atlas import Atlas
from clinic_app.atlas.labels import Columns, Label, place_labels
from clinic_app.atlas.plates import Layer, Plate, PlateSummary
from clinic_app.reference import load_reference
from tools.atlas.bake import BAKED, ROOT

PAGES = ROOT / "docs" / "atlas"
GROUND = (255, 255, 255)
INK, QUIET = (30, 36, 46), (96, 104, 116)
CELL_WIDTH, CELL_HEIGHT = 860, 760
"""A picture with its names on a region's page, pixels."""
THUMB_WIDTH, THUMB_HEIGHT = 250, 250
"""A picture on the contact sheet, pixels."""
NAMES = 190
"""Room for the names at each side of a picture, pixels."""
_TITLE, _LINE = 30, 15.5
_QUALITY = 82


def write_pages(baked: Path = BAKED, pages: Path = PAGES) -> list[Path]:
    """Write every page as JPEG and an index in Markdown; returns the files."""
    pages.mkdir(parents=True, exist_ok=True)
    atlas = Atlas(baked)
    regions: dict[str, list[PlateSummary]] = {}
    for summary in atlas.summaries():
        regions.setdefault(summary.region, []).append(summary)
    written = [pages / "contact_sheet.jpg"]
    _save(_contact_sheet(atlas), written[0])
    for region, summaries in regions.items():
        written.append(pages / f"{region}.jpg")
        _save(_region_page(atlas, [each for each in summaries if not _is_mirror(each, summaries)]), written[-1])
    written.append(pages / "README.md")
    written[-1].write_text(_index(regions), encoding="utf-8")
    for old in pages.glob("*.jpg"):
        if old not in written:
            old.unlink()
    return written


def _is_mirror(summary: PlateSummary, others: Sequence[PlateSummary]) -> bool:
    """Whether the plate is the left twin of one that is shown already."""
    twin = summary.id.removesuffix("_left") + "_right"
    return summary.id.endswith("_left") and any(each.id == twin for each in others)


def _contact_sheet(atlas: Atlas) -> Image.Image:
    pictures = []
    for summary in atlas.summaries():
        plate = atlas.plate(summary.id)
        pictures += [(f"{plate.title} · {layer.title}", layer.natural) for layer in plate.layers]
    figure = atlas.figure()
    if figure is not None:
        pictures += [(f"Body · {view.title}", view.picture) for view in figure.views]
    columns = 8
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * THUMB_WIDTH, rows * (THUMB_HEIGHT + 34)), GROUND)
    draw = ImageDraw.Draw(sheet)
    for number, (title, path) in enumerate(pictures):
        left, top = number % columns * THUMB_WIDTH, number // columns * (THUMB_HEIGHT + 34)
        _paste(sheet, path, (left + 6, top + 6, THUMB_WIDTH - 12, THUMB_HEIGHT - 12))
        draw.text((left + THUMB_WIDTH / 2, top + THUMB_HEIGHT + 6), title, QUIET, _font(11), anchor="mm")
    return sheet


def _region_page(atlas: Atlas, summaries: Sequence[PlateSummary]) -> Image.Image:
    cells = [(plate, layer) for plate in (atlas.plate(each.id) for each in summaries) for layer in plate.layers]
    columns = 2
    rows = -(-len(cells) // columns)
    page = Image.new("RGB", (columns * CELL_WIDTH, rows * CELL_HEIGHT), GROUND)
    for number, (plate, layer) in enumerate(cells):
        place = (number % columns * CELL_WIDTH, number // columns * CELL_HEIGHT)
        _cell(page, plate, layer, place)
    return page


def _cell(page: Image.Image, plate: Plate, layer: Layer, place: tuple[int, int]) -> None:
    left, top = place
    draw = ImageDraw.Draw(page)
    draw.text((left + CELL_WIDTH / 2, top + _TITLE / 2), f"{plate.title} · {layer.title}", INK, _font(15), anchor="mm")
    room = (left + NAMES, top + _TITLE, CELL_WIDTH - 2 * NAMES, CELL_HEIGHT - _TITLE - 14)
    x0, y0, scale = _paste(page, layer.natural, room, plate)
    box = plate.box

    def at(x: float, y: float) -> tuple[float, float]:
        return x0 + (x - box[0]) * scale, y0 + (y - box[1]) * scale

    reference = load_reference()
    largest: dict[tuple[str, str], tuple[float, tuple[float, float]]] = {}
    for part in layer.parts:
        key = (part.muscle, part.side if part.side == "midline" else "")
        # On a plate of both sides a name stands once, at the patient's right.
        if part.side in {"right", "midline"} and part.area > largest.get(key, (0.0, (0.0, 0.0)))[0]:
            largest[key] = (part.area, part.anchor)
    labels = [Label(reference.muscles[muscle].name, at(*anchor)) for (muscle, _), (_, anchor) in largest.items()]
    width = (box[2] - box[0]) * scale
    centre = x0 + width / 2
    lying = sorted(label.anchor[0] for label in labels)
    if lying and len(plate.sides) == 2:
        centre = lying[len(lying) // 2] + 0.1  # the names of one side, on both sides of the picture
    columns = Columns(
        left + NAMES - 8, left + CELL_WIDTH - NAMES + 8, centre, top + _TITLE + 8, top + CELL_HEIGHT - 16, _LINE, 10
    )
    for placed in place_labels(labels, columns):
        start = (columns.left if placed.column == "left" else columns.right, placed.y)
        draw.line([start, placed.elbow, placed.anchor], QUIET, 1)
        x, y = placed.anchor
        draw.ellipse([x - 2, y - 2, x + 2, y + 2], INK)
        anchor = "rm" if placed.column == "left" else "lm"
        shift = -4 if placed.column == "left" else 4
        draw.text((start[0] + shift, placed.y), placed.text, INK, _font(11), anchor=anchor)
    for words, x_mm, y_mm in plate.marks:
        draw.text(at(x_mm, y_mm), words, QUIET, _font(16 if len(words) == 1 else 11), anchor="mm")


def _paste(
    page: Image.Image, path: Path, room: tuple[int, int, int, int], plate: Plate | None = None
) -> tuple[float, float, float]:
    """A picture in the middle of a room (left, top, width, height); returns its corner and pixels per mm."""
    left, top, width, height = room
    with Image.open(path) as opened:
        picture = opened.convert("RGBA")
    scale = min(width / picture.width, height / picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    shrunk = picture.resize(size, Image.Resampling.LANCZOS)
    x, y = left + (width - size[0]) // 2, top + (height - size[1]) // 2
    page.paste(shrunk, (x, y), shrunk.getchannel("A"))
    millimetres = plate.box[2] - plate.box[0] if plate is not None else 1.0
    return float(x), float(y), size[0] / millimetres


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    import pymupdf_fonts

    return ImageFont.truetype(BytesIO(pymupdf_fonts.myfont("notos")), size)


def _save(page: Image.Image, path: Path) -> None:
    page.save(path, "JPEG", quality=_QUALITY, optimize=True)


def _index(regions: dict[str, list[PlateSummary]]) -> str:
    lines = [
        "# The plates of the muscle map",
        "",
        "Made by `python -m tools.atlas pages` from the baked plates. Drawn for recording and planning, not for",
        "guiding a needle; no physician has reviewed them yet. A plate of the left side mirrors the one of the right.",
        "",
        "[Every picture on one sheet](contact_sheet.jpg)",
        "",
        "| region | plates |",
        "|---|---|",
    ]
    for region, summaries in regions.items():
        shown = [each for each in summaries if not _is_mirror(each, summaries)]
        name = region.replace("_", " and " if region != "upper_arm" else " ")
        lines.append(f"| [{name}]({region}.jpg) | {' · '.join(each.title for each in shown)} |")
    return "\n".join(lines) + "\n"
