"""The muscle map on paper: the grey plate as a picture, doses, points and units over it as vectors."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

from clinic_app.documents.page import Drawing, Flow, draw_line, draw_text
from clinic_app.documents.style import HAIRLINE, INK, QUIET, SMALL, TextStyle, rgb
from clinic_app.documents.text import Line, fitted

NOT_FOR_GUIDING = "Map for recording and planning, not for guiding a needle."

_DOT = 2.3
_LABEL = TextStyle(6.8, 8, bold=True)
_MARK = TextStyle(9, 11, bold=True, colour=QUIET)
_PRINTED_PIXELS = 1150  # across a picture of 90 mm: 325 dots per inch, about 0.15 MB
_DEFAULT_TINT = "#4ABBA1"
_UNDOSED_GREY = 226 / 255


class PartOfPlate(Protocol):
    """The outline of one muscle, or one part of it, on a plate; millimetres of the plate."""

    @property
    def muscle(self) -> str:
        """Id of the muscle in the reference."""

    @property
    def side(self) -> str:
        """The patient's own side."""

    @property
    def outline(self) -> Sequence[Sequence[tuple[float, float]]]:
        """Closed polygons; the second cuts a hole into the first."""

    @property
    def anchor(self) -> tuple[float, float]:
        """Where a label stands on it."""


class LayerOfPlate(Protocol):
    """One depth of a plate with its picture."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def title(self) -> str:
        """What people call it."""

    @property
    def parts(self) -> Sequence[PartOfPlate]:
        """What can be dosed in this depth."""

    @property
    def neutral(self) -> Path:
        """The picture with every muscle in the grey of no dose."""


class PlateOfAtlas(Protocol):
    """What the map needs of a plate of the atlas."""

    @property
    def title(self) -> str:
        """What people call it."""

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""

    @property
    def layers(self) -> Sequence[LayerOfPlate]:
        """Its depths, the outermost first."""

    @property
    def marks(self) -> Sequence[tuple[str, float, float]]:
        """Letters that name the sides, and where they stand."""


@dataclass(frozen=True)
class MapDose:
    """A dosed muscle: ``units`` as they are printed, ``colour`` as the dose scale gives it ("#RRGGBB")."""

    muscle: str
    side: str
    units: str
    colour: str = _DEFAULT_TINT


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

    plate: PlateOfAtlas
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


def maps(
    flow: Flow,
    pictures: Sequence[MapPicture],
    dose_scale: Sequence[tuple[str, str]] = (),
    tallest: float = 250,
    most: int = 8,
) -> None:
    """The plates side by side, two in a row, then the sentence on what they are for.

    ``dose_scale`` explains the colours: (colour, the units it stands for).
    """
    pictures = pictures[:most]
    gap = 14.0
    # A plate by itself stands in the middle and may be larger; a column of its own would leave half a page empty.
    column = flow.width if len(pictures) == 1 else (flow.width - gap) / 2
    widest, tallest = (flow.width * 0.62, tallest * 1.15) if len(pictures) == 1 else (column, tallest)
    for start in range(0, len(pictures), 2):
        row = pictures[start : start + 2]
        scales = [_scale(picture.plate, widest, tallest) for picture in row]
        height = max(_height(picture.plate, scale) for picture, scale in zip(row, scales, strict=True))
        flow.ensure(height + SMALL.leading * 2 + 6)
        for number, (picture, scale) in enumerate(zip(row, scales, strict=True)):
            flow.add(_titled(picture, scale, flow.left + number * (column + gap), flow.y, column))
        flow.y -= height + SMALL.leading + 4
    baseline = flow.y - 8
    flow.add(lambda canvas: draw_text(canvas, NOT_FOR_GUIDING, flow.left, baseline, SMALL, flow.width))
    flow.add(_legend(flow.right, baseline, dose_scale[:8]))
    flow.y -= SMALL.leading + 2


def _legend(right: float, baseline: float, dose_scale: Sequence[tuple[str, str]]) -> Drawing:
    labels = [(colour, fitted(words, SMALL, 60)) for colour, words in dose_scale]

    def draw(canvas: Any) -> None:
        x = right
        for colour, label in reversed(labels):
            draw_line(canvas, label, x, baseline, SMALL, "right")
            x -= label.width + 12
            canvas.setFillColorRGB(*rgb(colour))
            canvas.setStrokeColorRGB(*rgb(HAIRLINE))
            canvas.setLineWidth(0.4)
            canvas.rect(x, baseline - 1.2, 8, 7, stroke=1, fill=1)
            x -= 9

    return draw


def _scale(plate: PlateOfAtlas, width: float, tallest: float) -> float:
    left, top, right, bottom = plate.box
    return min(width / (right - left), tallest / (bottom - top))


def _height(plate: PlateOfAtlas, scale: float) -> float:
    return (plate.box[3] - plate.box[1]) * scale


def _titled(picture: MapPicture, scale: float, left: float, top: float, column: float) -> Drawing:
    width = (picture.plate.box[2] - picture.plate.box[0]) * scale
    placement = _Placement(left + (column - width) / 2, top - SMALL.leading - 2, scale, picture.plate.box)
    layer = _layer(picture)

    def draw(canvas: Any) -> None:
        words = picture.plate.title
        if layer is not None and len(picture.plate.layers) > 1:
            words = f"{words} · {layer.title}"
        draw_text(canvas, words, placement.left, top - 7.5, TextStyle(7.5, 10, True, INK), column)
        _draw_plate(canvas, picture, layer, placement)

    return draw


def _layer(picture: MapPicture) -> LayerOfPlate | None:
    layers: Sequence[LayerOfPlate] = picture.plate.layers
    wanted = {(dose.muscle, str(dose.side)) for dose in picture.doses}
    best, best_count = None, -1
    for layer in layers:
        if layer.id == picture.layer:
            return layer
        count = len({(part.muscle, str(part.side)) for part in layer.parts} & wanted)
        if count > best_count:
            best, best_count = layer, count
    return best


def _draw_plate(canvas: Any, picture: MapPicture, layer: LayerOfPlate | None, placement: _Placement) -> None:
    width, height = placement.size
    canvas.saveState()
    frame = canvas.beginPath()
    frame.roundRect(placement.left, placement.top - height, width, height, 4)
    canvas.clipPath(frame, stroke=0, fill=0)
    if layer is not None:
        _draw_image(canvas, layer.neutral, placement)
    unlabelled = _draw_doses(canvas, picture, layer, placement)
    canvas.restoreState()
    canvas.setStrokeColorRGB(*rgb(HAIRLINE))
    canvas.setLineWidth(0.5)
    canvas.roundRect(placement.left, placement.top - height, width, height, 4, stroke=1, fill=0)
    _draw_points(canvas, picture, placement, unlabelled)
    for letter, x_mm, y_mm in picture.plate.marks:
        x, y = placement.at(x_mm, y_mm)
        draw_text(canvas, letter, x, y - 3, _MARK, 40, "centre")


def _draw_image(canvas: Any, path: Path, placement: _Placement) -> None:
    from reportlab.lib.utils import ImageReader

    width, height = placement.size
    picture = ImageReader(BytesIO(_printed_image(path)))
    canvas.drawImage(picture, placement.left, placement.top - height, width, height)


@lru_cache(maxsize=24)
def _printed_image(path: Path) -> bytes:
    """The picture on white as JPEG, made once: decoding and encoding cost more than the rest of the page."""
    from PIL import Image

    with Image.open(path) as opened:
        picture = opened.convert("RGBA")
    longest = max(picture.size)
    if longest > _PRINTED_PIXELS:
        scale = _PRINTED_PIXELS / longest
        picture = picture.resize(
            (round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS
        )
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    stream = BytesIO()
    paper.save(stream, "JPEG", quality=86, optimize=True)
    return stream.getvalue()


def _draw_doses(
    canvas: Any, picture: MapPicture, layer: LayerOfPlate | None, placement: _Placement
) -> list[tuple[float, float, str]]:
    """Tint the dosed muscles; returns anchor and units of each, for those without a point of their own."""
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
            _tint(canvas, part, dose.colour, placement, dashed=other)
            anchors.setdefault(key, (*part.anchor, dose.units))
    pointed = {(point.muscle, str(point.side)) for point in picture.points}
    if ("", "") in pointed:
        return []
    return [anchor for key, anchor in anchors.items() if key not in pointed]


def _tint(canvas: Any, part: PartOfPlate, colour: str, placement: _Placement, dashed: bool) -> None:
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
    # Lifted by the grey of an undosed muscle, so that colour times grey gives the colour of the scale.
    canvas.setFillColorRGB(*(min(1.0, value / _UNDOSED_GREY) for value in rgb(colour)))
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
    if points:
        taken = [(x - 3.2, y - 3.2, x + 3.2, y + 3.2) for x, y, _ in points]
        for x, y, units in points:
            _draw_label(canvas, fitted(units, _LABEL, 60), x, y, placement, taken)
    for x_mm, y_mm, units in anchors:
        x, y = placement.at(x_mm, y_mm)
        _plated(canvas, fitted(units, _LABEL, 60), x, y - 2.4, "centre")


def _draw_label(
    canvas: Any,
    label: Line,
    x: float,
    y: float,
    placement: _Placement,
    taken: list[tuple[float, float, float, float]],
) -> None:
    """Units beside their dot: to the right if nothing is there, else where there is least in the way."""
    if not label.runs:
        return
    places = []
    for angle in (0, 180, 90, 270, 45, 315, 135, 225):
        dx, dy = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        left = x + dx * 4.6 + (label.width * (dx - 1) / 2)
        base = y - 2.4 + dy * 6.4
        places.append((left, base - 1, left + label.width, base + 5.4))
    width, _ = placement.size
    edges = (placement.left, placement.left + width)
    best = min(places, key=lambda place: _overlap(place, taken) + _outside(place, edges))
    taken.append(best)
    _plated(canvas, label, best[0], best[1] + 1, "left")


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


def _plated(canvas: Any, label: Line, x: float, baseline: float, align: str) -> None:
    """A label on a nearly white plate, so that it reads on the darkest dose as well."""
    left = x - (label.width / 2 if align == "centre" else 0)
    canvas.saveState()
    canvas.setFillAlpha(0.82)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.roundRect(left - 1, baseline - 1.3, label.width + 2, 7.4, 1.4, stroke=0, fill=1)
    canvas.restoreState()
    draw_line(canvas, label, left, baseline, _LABEL)
