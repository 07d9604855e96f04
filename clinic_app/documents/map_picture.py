"""The muscle map on paper: the grey plate as a picture, doses, points and units over it as vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clinic_app.atlas.doses import DEFAULT_LIMITS, RAMP, Colour, bin_titles, dose_colour, tint
from clinic_app.documents.blocks import heading
from clinic_app.documents.page import Drawing, Flow, draw_line, draw_text
from clinic_app.documents.style import HAIRLINE, INK, QUIET, SMALL, TextStyle, rgb
from clinic_app.documents.text import Line, fitted
from clinic_app.documents.wording import units

if TYPE_CHECKING:
    from clinic_app.atlas.plates import Layer, Part, Plate

NOT_FOR_GUIDING = "Map for recording and planning, not for guiding a needle."

_DOT = 2.3
_LABEL = TextStyle(6.8, 8, bold=True)
# Where a label may stand, best first: around its dot, or upon its muscle.
_AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.8), (0.7, -0.8), (-0.7, 0.8), (-0.7, -0.8))
_UPON = ((0, 0), (0, 1.2), (0, -1.2), (0, 2.4), (0, -2.4), (1, 0), (-1, 0))
_GAP = 14.0
_TITLE = TextStyle(7.5, 10, True, INK)
_DEPTH = TextStyle(7, 9, colour=QUIET)
_TITLED = _TITLE.leading + _DEPTH.leading  # height of the two lines above a plate, in points
_TALLEST = (250.0, 225.0, 200.0, 180.0, 165.0)
"""Heights of a plate in points, the best first; in the smallest the units beside the points still part."""
_AFTER = SMALL.leading + 4
_HEADED = 23.0  # the heading and the air above it
_DIRECTION = TextStyle(6.5, 8, colour=QUIET)
_MARK = TextStyle(9, 11, bold=True, colour=QUIET)
_DOTS_PER_POINT = 320 / 72  # a little finer than the 300 dots an inch that print crisply


@dataclass(frozen=True)
class MapDose:
    """A dosed muscle of the reference on the patient's own side."""

    muscle: str
    side: str
    units: Decimal


@dataclass(frozen=True)
class MapPoint:
    """A place of injection in millimetres of the plate, with the units printed beside it.

    ``muscle`` and ``side`` tell which dose it belongs to; a dose without a point of its own has its units printed
    on the muscle.
    """

    x_mm: float
    y_mm: float
    units: str = ""
    muscle: str = ""
    side: str = ""


@dataclass(frozen=True)
class MapPicture:
    """One plate of the note. ``layer`` names the depth to draw; by default the one with most of the doses."""

    plate: "Plate"
    doses: tuple[MapDose, ...] = ()
    points: tuple[MapPoint, ...] = ()
    layer: str = ""


@dataclass(frozen=True)
class _Placement:
    """Where a plate stands on the page, and how its millimetres become points."""

    left: float
    top: float
    scale: float
    box: tuple[float, float, float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.left + (x - self.box[0]) * self.scale, self.top - (y - self.box[1]) * self.scale

    @property
    def size(self) -> tuple[float, float]:
        return (self.box[2] - self.box[0]) * self.scale, (self.box[3] - self.box[1]) * self.scale


@dataclass(frozen=True)
class _Cell:
    """A plate with its scale, and the room that it and its title take across."""

    picture: MapPicture
    layer: "Layer | None"
    depth: str
    scale: float
    width: float


_Manner = tuple[str, Sequence[float]]  # the locale of numbers and the limits of the dose colours


def maps(
    flow: Flow,
    pictures: Sequence[MapPicture],
    locale: str,
    dose_limits: Sequence[float] = DEFAULT_LIMITS,
    title: str = "Map",
    most: int = 8,
) -> None:
    """A heading, the plates side by side, as many in a row as fit, then the sentence on what they are for.

    ``dose_limits`` are those of the product's colours on screen, so that paper and screen agree.
    """
    rows = _arranged(pictures[:most], flow.width, flow.room - _HEADED)
    heading(flow, title, keep=_row_height(rows[0]) + _TITLED + _AFTER)
    for number, row in enumerate(rows):
        height = _row_height(row)
        flow.ensure(height + _TITLED + _AFTER)
        # What a row leaves free stands between its plates and beside them.
        free = (flow.width - sum(cell.width for cell in row)) / (len(row) + 1)
        left = flow.left + free
        for cell in row:
            flow.add(_titled(cell, left, flow.y, (locale, dose_limits)))
            left += cell.width + free
        flow.y -= height + _TITLED + (4 if number + 1 == len(rows) else 9)
    baseline = flow.y - 8
    flow.add(lambda canvas: draw_text(canvas, NOT_FOR_GUIDING, flow.left, baseline, SMALL, flow.width))
    flow.add(_legend(flow.right, baseline, dose_limits))
    flow.y -= SMALL.leading + 2


def _legend(right: float, baseline: float, limits: Sequence[float]) -> Drawing:
    titles = [f"{words} U" for words in bin_titles(limits)]
    labels = [(colour, fitted(words, SMALL, 60)) for colour, words in zip(RAMP, titles, strict=True)]

    def draw(canvas: Any) -> None:
        x = right
        for colour, label in reversed(labels):
            draw_line(canvas, label, x, baseline, SMALL, "right")
            x -= label.width + 12
            canvas.setFillColorRGB(*(channel / 255 for channel in colour))
            canvas.setStrokeColorRGB(*rgb(HAIRLINE))
            canvas.setLineWidth(0.4)
            canvas.rect(x, baseline - 1.2, 8, 7, stroke=1, fill=1)
            x -= 9

    return draw


def _scale(plate: "Plate", width: float, tallest: float) -> float:
    left, top, right, bottom = plate.box
    return min(width / (right - left), tallest / (bottom - top))


def _height(plate: "Plate", scale: float) -> float:
    return (plate.box[3] - plate.box[1]) * scale


def _row_height(row: Sequence[_Cell]) -> float:
    return max(_height(cell.picture.plate, cell.scale) for cell in row)


def _arranged(pictures: Sequence[MapPicture], width: float, room: float) -> list[list[_Cell]]:
    """The plates in rows: as large as this page has room for all, else as large as they are on the next one."""
    arrangements = []
    for tallest in _TALLEST:
        if len(pictures) == 1:  # a plate by itself may be larger
            rows = [[_cell(pictures[0], width * 0.62, tallest * 1.15)]]
        else:
            rows = _rows([_cell(picture, (width - _GAP) / 2, tallest) for picture in pictures], width)
        if sum(_row_height(row) + _TITLED + _AFTER for row in rows) <= room:
            return rows
        arrangements.append(rows)
    return arrangements[0]


def _cell(picture: MapPicture, widest: float, tallest: float) -> _Cell:
    layer = _layer(picture)
    depth = ""
    if layer is not None and len(picture.plate.layers) > 1:
        depth = layer.title
        if _lies_elsewhere(picture, layer):
            depth = f"{depth} (dashed: in another layer)"
    scale = _scale(picture.plate, widest, tallest)
    drawn = (picture.plate.box[2] - picture.plate.box[0]) * scale
    titled = max(fitted(picture.plate.title, _TITLE, widest).width, fitted(depth, _DEPTH, widest).width)
    return _Cell(picture, layer, depth, scale, max(drawn, min(widest, titled)))


def _rows(cells: Sequence[_Cell], width: float) -> list[list[_Cell]]:
    rows: list[list[_Cell]] = []
    for cell in cells:
        taken = sum(each.width + _GAP for each in rows[-1]) if rows else width
        if taken + cell.width <= width:
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return rows


def _titled(cell: _Cell, left: float, top: float, manner: _Manner) -> Drawing:
    plate = cell.picture.plate
    drawn = (plate.box[2] - plate.box[0]) * cell.scale
    placement = _Placement(left + (cell.width - drawn) / 2, top - _TITLED, cell.scale, plate.box)

    def draw(canvas: Any) -> None:
        middle = left + cell.width / 2
        draw_text(canvas, plate.title, middle, top - 7.5, _TITLE, cell.width, "centre")
        draw_text(canvas, cell.depth, middle, top - _TITLE.leading - 6, _DEPTH, cell.width, "centre")
        _draw_plate(canvas, cell.picture, cell.layer, placement, manner)

    return draw


def _lies_elsewhere(picture: MapPicture, drawn: "Layer") -> bool:
    """Whether a dosed muscle shows in other layers of the plate but not in the one drawn."""
    here = {(part.muscle, str(part.side)) for part in drawn.parts}
    anywhere = {(part.muscle, str(part.side)) for layer in picture.plate.layers for part in layer.parts}
    return any((dose.muscle, str(dose.side)) in anywhere - here for dose in picture.doses)


def _layer(picture: MapPicture) -> "Layer | None":
    layers: Sequence[Layer] = picture.plate.layers
    wanted = {(dose.muscle, str(dose.side)) for dose in picture.doses}
    best, best_count = None, -1
    for layer in layers:
        if layer.id == picture.layer:
            return layer
        count = len({(part.muscle, str(part.side)) for part in layer.parts} & wanted)
        if count > best_count:
            best, best_count = layer, count
    return best


def _draw_plate(
    canvas: Any, picture: MapPicture, layer: "Layer | None", placement: _Placement, manner: _Manner
) -> None:
    width, height = placement.size
    canvas.saveState()
    frame = canvas.beginPath()
    frame.roundRect(placement.left, placement.top - height, width, height, 4)
    canvas.clipPath(frame, stroke=0, fill=0)
    if layer is not None:
        _draw_image(canvas, layer.neutral, placement)
    unlabelled = _draw_doses(canvas, picture, layer, placement, manner)
    canvas.restoreState()
    canvas.setStrokeColorRGB(*rgb(HAIRLINE))
    canvas.setLineWidth(0.5)
    canvas.roundRect(placement.left, placement.top - height, width, height, 4, stroke=1, fill=0)
    _draw_points(canvas, picture, placement, unlabelled)
    for letter, x_mm, y_mm in picture.plate.marks:
        x, y = placement.at(x_mm, y_mm)
        draw_text(canvas, letter, x, y - 3, _MARK if len(letter) == 1 else _DIRECTION, 80, "centre")


def _draw_image(canvas: Any, path: Path, placement: _Placement) -> None:
    from reportlab.lib.utils import ImageReader

    width, height = placement.size
    # In steps, so that a picture of nearly the same size is made once.
    longest = 100 * ceil(max(width, height) * _DOTS_PER_POINT / 100)
    jpeg = printed_image(path, longest)
    picture = ImageReader(BytesIO(jpeg))
    # ReportLab tells pictures apart by their pixels. Here the file does as well, which then need not be decoded.
    picture._data, picture._dataA = jpeg, None
    canvas.drawImage(picture, placement.left, placement.top - height, width, height)


@lru_cache(maxsize=64)
def printed_image(path: Path, most: int) -> bytes:
    """The picture on white as JPEG, its longer side of at most so many pixels.

    Made once: decoding and encoding cost more than the rest of the page. A tenth of a megabyte each, so that those of a
    day fit.
    """
    from PIL import Image

    with Image.open(path) as opened:
        picture = opened.convert("RGBA")
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture)
    longest = max(paper.size)
    if longest > most:
        scale = most / longest
        paper = paper.resize((round(paper.width * scale), round(paper.height * scale)), Image.Resampling.LANCZOS)
    stream = BytesIO()
    paper.save(stream, "JPEG", quality=86, optimize=True)
    return stream.getvalue()


def _draw_doses(
    canvas: Any, picture: MapPicture, layer: "Layer | None", placement: _Placement, manner: _Manner
) -> list[tuple[float, float, str]]:
    """Tint the dosed muscles; returns anchor and units of each, for those without a point of their own."""
    locale, limits = manner
    doses = {(dose.muscle, str(dose.side)): dose for dose in picture.doses}
    anchors: dict[tuple[str, str], tuple[float, float, str]] = {}
    for shown, other in ((layer, False), *((each, True) for each in picture.plate.layers if each is not layer)):
        if shown is None:
            continue
        drawn_before = set(anchors)
        for part in shown.parts:
            key = (part.muscle, str(part.side))
            dose = doses.get(key)
            if dose is None or (other and key in drawn_before):
                continue
            _tint(canvas, part, dose_colour(dose.units, limits), placement, dashed=other)
            anchors.setdefault(key, (*part.anchor, units(dose.units, locale)))
    pointed = {(point.muscle, str(point.side)) for point in picture.points}
    if ("", "") in pointed:
        return []
    return [anchor for key, anchor in anchors.items() if key not in pointed]


def _tint(canvas: Any, part: "Part", colour: Colour, placement: _Placement, dashed: bool) -> None:
    path = canvas.beginPath()
    for polygon in part.outline:
        for number, (x_mm, y_mm) in enumerate(polygon):
            x, y = placement.at(x_mm, y_mm)
            if number:
                path.lineTo(round(x, 2), round(y, 2))
            else:
                path.moveTo(round(x, 2), round(y, 2))
        path.close()
    canvas.saveState()
    canvas.setFillColorRGB(*(channel / 255 for channel in tint(colour)))
    canvas.setBlendMode("Multiply")  # shading and fibres of the plate stay visible under the colour
    canvas.drawPath(path, stroke=0, fill=1, fillMode=0)
    canvas.setBlendMode("Normal")
    canvas.setStrokeColorRGB(*rgb(INK))
    canvas.setLineWidth(0.35)
    if dashed:
        canvas.setDash(1.5, 1.2)  # lies in another depth than the one drawn
    canvas.drawPath(path, stroke=1, fill=0)
    canvas.restoreState()


def _draw_points(
    canvas: Any, picture: MapPicture, placement: _Placement, anchors: list[tuple[float, float, str]]
) -> None:
    left, top, right, bottom = placement.box
    points = [
        # Kept inside the frame: a point at the rim must not be drawn over the text beside the plate.
        (*placement.at(min(max(point.x_mm, left), right), min(max(point.y_mm, top), bottom)), point.units)
        for point in picture.points[:200]
    ]
    for x, y, _ in points:
        canvas.setFillColorRGB(1, 1, 1)
        canvas.circle(x, y, _DOT + 0.9, stroke=0, fill=1)
        canvas.setFillColorRGB(*rgb(INK))
        canvas.circle(x, y, _DOT, stroke=0, fill=1)
    taken = [(x - 3.2, y - 3.2, x + 3.2, y + 3.2) for x, y, _ in points]
    for x, y, words in points:
        _draw_label(canvas, fitted(words, _LABEL, 60), (x, y), _AROUND, placement, taken)
    for x_mm, y_mm, words in anchors:
        _draw_label(canvas, fitted(words, _LABEL, 60), placement.at(x_mm, y_mm), _UPON, placement, taken)


def _draw_label(
    canvas: Any,
    label: Line,
    place: tuple[float, float],
    shifts: Sequence[tuple[float, float]],
    placement: _Placement,
    taken: list[tuple[float, float, float, float]],
) -> None:
    """A label at the first of its possible places that is free, else where there is least in the way."""
    if not label.runs:
        return
    (x, y), half = place, label.width / 2
    boxes = []
    for across, along in shifts:
        # A label beside its dot moves by half its own width as well, so that it never covers the dot.
        middle = x + across * 4.6 + (half if across > 0 else -half if across < 0 else 0)
        base = y - 2.4 + along * 6.4
        boxes.append((middle - half - 1, base - 1.3, middle + half + 1, base + 6.1))
    edges = (placement.left, placement.left + placement.size[0])
    best = min(boxes, key=lambda box: _overlap(box, taken) + _outside(box, edges))
    taken.append(best)
    _plated(canvas, label, best[0] + 1, best[1] + 1.3)


def _overlap(place: tuple[float, float, float, float], taken: list[tuple[float, float, float, float]]) -> float:
    area = 0.0
    for other in taken:
        across = min(place[2], other[2]) - max(place[0], other[0])
        along = min(place[3], other[3]) - max(place[1], other[1])
        if across > 0 and along > 0:
            area += across * along
    return area


def _outside(place: tuple[float, float, float, float], edges: tuple[float, float]) -> float:
    return 1000.0 if place[0] < edges[0] or place[2] > edges[1] else 0.0


def _plated(canvas: Any, label: Line, left: float, baseline: float) -> None:
    """A label on a nearly white plate, so that it reads on the darkest dose as well."""
    canvas.saveState()
    canvas.setFillAlpha(0.82)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.roundRect(left - 1, baseline - 1.3, label.width + 2, 7.4, 1.4, stroke=0, fill=1)
    canvas.restoreState()
    draw_line(canvas, label, left, baseline, _LABEL)
