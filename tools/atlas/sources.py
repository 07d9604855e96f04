"""Reading plate sources: JSON to plates with landmarks resolved (mm). The format: resources/atlas/sources/FORMAT.md."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tools.atlas.bodies import Body, Shape
from tools.atlas.curves import Array
from tools.atlas.source_parts import MIDLINE, Muscle, read_muscle
from tools.atlas.source_shapes import Resolver, SourceError, curve_of, read_shape

__all__ = [
    "Fade",
    "Layer",
    "Muscle",
    "Plate",
    "Relation",
    "Site",
    "SourceError",
    "load_plate",
    "plate_files",
    "used_files",
]

SHARED = "shared"
"""Folder beside the plates with frames that several plates draw from."""


@dataclass(frozen=True)
class Layer:
    """Ids of bodies and muscles from bottom to top."""

    id: str
    title: str
    order: tuple[str, ...]


@dataclass(frozen=True)
class Fade:
    """How many mm before each edge of the box the picture dissolves."""

    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0


@dataclass(frozen=True)
class Site:
    """A usual place of injection, printed with its number; a place, never a dose."""

    number: int
    name: str
    part: str
    at: tuple[float, float]
    optional: bool


@dataclass(frozen=True)
class Area:
    """A piece of the body figure that leads to plates; ``mirror`` says that it is there on both sides of the body."""

    region: str
    layer: str
    outline: Array
    mirror: bool


@dataclass(frozen=True)
class Relation:
    """What a drawing must keep: ``first`` lies before ``then`` along an axis where the other axis is ``at`` mm.

    With a ``layer`` instead, ``then`` is drawn over ``first`` there.
    """

    first: str
    then: str
    along: str = ""
    at: float = 0.0
    layer: str = ""


@dataclass(frozen=True)
class Plate:
    """One picture with its layers; ``sign`` is -1 for a flipped plate (everything is drawn at -x).

    ``drawing_scale`` is drawing units per mm: below 1 fibres and lines are finer than the body they lie on.
    """

    id: str
    title: str
    region: str
    sides: tuple[str, ...]
    mirror: bool
    box: tuple[float, float, float, float]
    pixels_per_mm: float
    drawing_scale: float
    fade: Fade
    marks: tuple[tuple[str, float, float], ...]
    landmarks: Mapping[str, tuple[float, float]]
    silhouette: tuple[Array, ...]
    roundness: tuple[tuple[float, float], ...]
    bodies: Mapping[str, Body]
    muscles: Mapping[str, Muscle]
    layers: tuple[Layer, ...]
    sites: tuple[Site, ...] = ()
    relations: tuple[Relation, ...] = ()
    areas: tuple[Area, ...] = ()
    position: int = 0
    seen_from: str = ""
    sign: float = 1.0
    flip_of: str = ""

    def layer(self, layer_id: str) -> Layer:
        """The layer of that id."""
        for layer in self.layers:
            if layer.id == layer_id:
                return layer
        raise SourceError(f"plate {self.id} has no layer {layer_id!r}")

    def placements(self, muscle: Muscle) -> tuple[tuple[str, float], ...]:
        """Sides a muscle is drawn on, with the sign of x."""
        if muscle.side == MIDLINE:
            return ((MIDLINE, self.sign),)
        if self.mirror:
            return (("right", self.sign), ("left", -self.sign))
        return ((self.sides[0], self.sign),)


def plate_files(folder: Path) -> list[Path]:
    """The plate sources, by name."""
    return sorted(folder.glob("*.json"))


def used_files(path: Path) -> list[Path]:
    """The source of a plate and every source it draws from."""
    raw = _read(path)
    found = [path]
    if raw.get("flip_of"):
        found.extend(used_files(path.parent / f"{raw['flip_of']}.json"))
    folder = path.parent if path.parent.name == SHARED else path.parent / SHARED
    for name in raw.get("uses", []):
        found.extend(used_files(folder / f"{name}.json"))
    return list(dict.fromkeys(found))


def load_plate(path: Path) -> Plate:
    """Read one plate, following ``flip_of`` and ``uses``."""
    raw = _read(path)
    if raw.get("flip_of"):
        return _flipped(load_plate(path.parent / f"{raw['flip_of']}.json"), raw)
    return _Reader(_with_shared(raw, path.parent / SHARED), path.name).plate()


def _read(path: Path) -> dict[str, Any]:
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise SourceError(f"{path.name} cannot be read: {problem.strerror}") from problem
    except ValueError as problem:
        raise SourceError(f"{path.name} is not valid JSON: {problem}") from problem
    return raw


def _with_shared(raw: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The source with what it uses laid under it: what has the same id or name in the source itself wins."""
    merged = dict(raw)
    for name in raw.get("uses", []):
        shared = _with_shared(_read(folder / f"{name}.json"), folder)
        merged["landmarks"] = {**shared.get("landmarks", {}), **merged.get("landmarks", {})}
        for key in ("bodies", "muscles"):
            own = {item["id"] for item in merged.get(key, [])}
            merged[key] = [*(item for item in shared.get(key, []) if item["id"] not in own), *merged.get(key, [])]
        if "silhouette" in shared:
            merged.setdefault("silhouette", shared["silhouette"])
    return merged


def _flipped(original: Plate, raw: Mapping[str, Any]) -> Plate:
    left, top, right, bottom = original.box
    fade = original.fade
    return replace(
        original,
        id=raw["id"],
        title=raw["title"],
        region=raw.get("region", original.region),
        position=int(raw.get("position", original.position + 1)),
        sides=tuple(raw["sides"]),
        box=(-right, top, -left, bottom),
        fade=Fade(fade.right, fade.top, fade.left, fade.bottom),
        marks=_marks(raw["marks"]),
        silhouette=tuple(points * [-1.0, 1.0] for points in original.silhouette),
        landmarks={name: (-x, y) for name, (x, y) in original.landmarks.items()},
        sites=tuple(replace(site, at=(-site.at[0], site.at[1])) for site in original.sites),
        sign=-original.sign,
        flip_of=original.id,
    )


def _marks(raw: Sequence[Sequence[Any]]) -> tuple[tuple[str, float, float], ...]:
    return tuple((str(name), float(x), float(y)) for name, x, y in raw)


class _Reader:
    """Turns the raw JSON of one plate into a :class:`Plate`."""

    def __init__(self, raw: Mapping[str, Any], name: str) -> None:
        self.raw = raw
        self.name = name
        self.resolver = Resolver({key: tuple(value) for key, value in raw.get("landmarks", {}).items()}, name)

    def plate(self) -> Plate:
        raw = self.raw
        try:
            silhouette = tuple(curve_of(self.resolver, item)[0] for item in raw["silhouette"])
            muscles = [read_muscle(self.resolver, item) for item in raw["muscles"]]
            bodies = [self._body(item, silhouette) for item in raw["bodies"]]
            box = raw["box"]
            plate = Plate(
                id=raw["id"],
                title=raw["title"],
                region=raw["region"],
                sides=tuple(raw["sides"]),
                mirror=bool(raw.get("mirror", False)),
                box=(float(box[0]), float(box[1]), float(box[2]), float(box[3])),
                pixels_per_mm=float(raw.get("pixels_per_mm", 4)),
                drawing_scale=float(raw.get("drawing_scale", 1)),
                fade=Fade(**{edge: float(reach) for edge, reach in raw.get("fade", {}).items()}),
                marks=_marks(raw["marks"]),
                landmarks=self.resolver.landmarks,
                silhouette=silhouette,
                roundness=self._roundness(),
                bodies={body.id: body for body in bodies},
                muscles={muscle.id: muscle for muscle in muscles},
                layers=tuple(self._layer(item) for item in raw["layers"]),
                sites=tuple(self._site(item) for item in raw.get("sites", [])),
                relations=tuple(_relation(item) for item in raw.get("relations", [])),
                areas=tuple(self._area(item) for item in raw.get("areas", [])),
                position=int(raw.get("position", 0)),
                seen_from=raw.get("seen_from", ""),
            )
        except KeyError as problem:
            raise SourceError(f"{self.name}: key {problem} is missing") from problem
        self._check_names(plate, [muscle.id for muscle in muscles] + [body.id for body in bodies])
        return plate

    def _check_names(self, plate: Plate, names: Sequence[str]) -> None:
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise SourceError(f"{self.name}: ids used twice: {', '.join(twice)}")
        for layer in plate.layers:
            unknown = [name for name in layer.order if name not in plate.bodies and name not in plate.muscles]
            if unknown:
                raise SourceError(f"{self.name}: layer {layer.id} names unknown {', '.join(unknown)}")
        for relation in plate.relations:
            for name in (relation.first, relation.then):
                if name not in plate.muscles and name not in plate.bodies:
                    raise SourceError(f"{self.name}: a relation names unknown {name}")

    def _roundness(self) -> tuple[tuple[float, float], ...]:
        raw = self.raw.get("roundness", {})
        passes = [raw] if isinstance(raw, Mapping) else raw
        return tuple((float(item.get("reach", 34)), float(item.get("strength", 0.3))) for item in passes)

    def _layer(self, raw: Mapping[str, Any]) -> Layer:
        below = raw.get("below", self.raw.get("below", []))
        above = raw.get("above", self.raw.get("above", []))
        return Layer(raw["id"], raw["title"], (*below, *raw["order"], *above))

    def _body(self, raw: Mapping[str, Any], silhouette: Sequence[Array]) -> Body:
        shapes: list[Shape] = []
        for index, item in enumerate(raw["shapes"]):
            shapes.extend(read_shape(self.resolver, item, silhouette, f"{raw['id']}.{index}"))
        return Body(
            raw["id"],
            tuple(shapes),
            mirror=bool(raw.get("mirror", False)),
            clip=bool(raw.get("clip", True)),
            covers=bool(raw.get("covers", True)),
            shade=bool(raw.get("shade", False)),
            keep_away=raw.get("keep_away", ""),
        )

    def _area(self, raw: Mapping[str, Any]) -> Area:
        outline, _ = curve_of(self.resolver, raw)
        return Area(raw["region"], raw["layer"], outline, bool(raw.get("mirror", False)))

    def _site(self, raw: Mapping[str, Any]) -> Site:
        at = self.resolver.point(raw["at"])
        return Site(int(raw["number"]), raw["name"], raw["part"], at, bool(raw.get("optional", False)))


def _relation(raw: Mapping[str, Any]) -> Relation:
    return Relation(raw["first"], raw["then"], raw.get("along", ""), float(raw.get("at", 0)), raw.get("layer", ""))
