"""Reading plate sources: JSON to plates with landmarks resolved (mm). The format: resources/atlas/sources/FORMAT.md."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tools.atlas.bodies import Body, Shape
from tools.atlas.curves import Array
from tools.atlas.patches import Patch, coons, fusiform, ring, strap
from tools.atlas.shading import Look
from tools.atlas.source_shapes import Resolver, SourceError, colour_of, curve_of, read_shape

__all__ = ["Layer", "Muscle", "Plate", "SourceError", "load_plate", "plate_files"]


@dataclass(frozen=True)
class Muscle:
    """A drawn part on its written side."""

    id: str
    muscle: str
    patch: Patch
    look: Look
    covers: bool = True
    origin_landmarks: tuple[str, ...] = ()
    insertion_landmarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layer:
    """Ids of bodies and muscles from bottom to top."""

    id: str
    title: str
    order: tuple[str, ...]


@dataclass(frozen=True)
class Plate:
    """One picture with its layers; ``sign`` is -1 for a flipped plate (everything is drawn at -x)."""

    id: str
    title: str
    region: str
    sides: tuple[str, ...]
    mirror: bool
    box: tuple[float, float, float, float]
    pixels_per_mm: float
    fade_bottom: float
    marks: tuple[tuple[str, float, float], ...]
    landmarks: Mapping[str, tuple[float, float]]
    silhouette: tuple[Array, ...]
    roundness: tuple[float, float]
    bodies: Mapping[str, Body]
    muscles: Mapping[str, Muscle]
    layers: tuple[Layer, ...]
    sign: float = 1.0

    def layer(self, layer_id: str) -> Layer:
        """The layer of that id."""
        for layer in self.layers:
            if layer.id == layer_id:
                return layer
        raise SourceError(f"plate {self.id} has no layer {layer_id!r}")

    def placements(self) -> tuple[tuple[str, float], ...]:
        """Sides a muscle is drawn on, with the sign of x."""
        if self.mirror:
            return (("right", self.sign), ("left", -self.sign))
        return ((self.sides[0], self.sign),)


def plate_files(folder: Path) -> list[Path]:
    """The plate sources, by name."""
    return sorted(folder.glob("*.json"))


def load_plate(path: Path) -> Plate:
    """Read one plate, following ``flip_of``."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as problem:
        raise SourceError(f"{path.name} is not valid JSON: {problem}") from problem
    if raw.get("flip_of"):
        return _flipped(load_plate(path.parent / f"{raw['flip_of']}.json"), raw)
    return _Reader(raw, path.name).plate()


def _flipped(original: Plate, raw: Mapping[str, Any]) -> Plate:
    left, top, right, bottom = original.box
    return replace(
        original,
        id=raw["id"],
        title=raw["title"],
        region=raw.get("region", original.region),
        sides=tuple(raw["sides"]),
        box=(-right, top, -left, bottom),
        marks=tuple((name, float(x), float(y)) for name, x, y in raw["marks"]),
        silhouette=tuple(points * [-1.0, 1.0] for points in original.silhouette),
        landmarks={name: (-x, y) for name, (x, y) in original.landmarks.items()},
        sign=-original.sign,
    )


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
            muscles = [self._muscle(item) for item in raw["muscles"]]
            bodies = [self._body(item, silhouette) for item in raw["bodies"]]
            roundness = raw.get("roundness", {})
            box = raw["box"]
            plate = Plate(
                id=raw["id"],
                title=raw["title"],
                region=raw["region"],
                sides=tuple(raw["sides"]),
                mirror=bool(raw.get("mirror", False)),
                box=(float(box[0]), float(box[1]), float(box[2]), float(box[3])),
                pixels_per_mm=float(raw.get("pixels_per_mm", 4)),
                fade_bottom=float(raw.get("fade_bottom", 26)),
                marks=tuple((name, float(x), float(y)) for name, x, y in raw["marks"]),
                landmarks=self.resolver.landmarks,
                silhouette=silhouette,
                roundness=(float(roundness.get("reach", 34)), float(roundness.get("strength", 0.3))),
                bodies={body.id: body for body in bodies},
                muscles={muscle.id: muscle for muscle in muscles},
                layers=tuple(self._layer(item) for item in raw["layers"]),
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
        )

    def _muscle(self, raw: Mapping[str, Any]) -> Muscle:
        try:
            patch = self._patch(raw)
        except (KeyError, ValueError) as problem:
            raise SourceError(f"{self.name}: muscle {raw.get('id')!r}: {problem}") from problem
        attach = raw.get("attach", {})
        return Muscle(
            raw["id"],
            raw.get("muscle", ""),
            patch,
            self._look(raw.get("look", {})),
            covers=bool(raw.get("covers", True)),
            origin_landmarks=tuple(attach.get("origin", ())),
            insertion_landmarks=tuple(attach.get("insertion", ())),
        )

    def _patch(self, raw: Mapping[str, Any]) -> Patch:
        kind = raw["kind"]
        points = self.resolver.points
        edges = (points(raw.get("origin_edge", [])), points(raw.get("insertion_edge", [])))
        if kind == "patch":
            patch = coons(points(raw["a"]), points(raw["b"]), *edges)
        elif kind == "strap":
            caps = raw.get("caps", [0.5, 0.5])
            patch = strap(points(raw["centre"]), raw["widths"], (float(caps[0]), float(caps[1])), *edges)
        elif kind == "fusiform":
            patch = fusiform(
                points(raw["centre"]),
                float(raw["half_width"]),
                float(raw.get("tendon_half_width", 1.2)),
                float(raw.get("peak", 0.5)),
            )
        elif kind == "ring":
            return ring(points(raw["inner"]), points(raw["outer"]))
        else:
            raise ValueError(f"unknown kind {kind!r}")
        slips = raw.get("slips", [])
        for slip in [slips] if isinstance(slips, Mapping) else slips:
            patch = patch.scalloped(slip["end"] == "insertion", int(slip["count"]), float(slip["depth"]))
        return replace(patch, fade=float(raw.get("fade", 0.0)))

    def _look(self, raw: Mapping[str, Any]) -> Look:
        tendon = raw.get("tendon", [0, 0])
        plain = {
            key: float(raw[key])
            for key in (
                "aponeurosis", "bulge", "highlight", "fibres", "shadow", "opacity", "outline", "side_outline",
            )
            if key in raw
        }  # fmt: skip
        return Look(
            tendon=(float(tendon[0]), float(tendon[1])),
            intersections=tuple(float(value) for value in raw.get("intersections", ())),
            tint=colour_of(raw["tint"]) if raw.get("tint") else None,
            **plain,
        )
