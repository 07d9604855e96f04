"""Reading drawn parts of plate sources: their patch, their look, what they attach to (mm)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tools.atlas.look import STYLES, Look, Pennate, random_of
from tools.atlas.palette import TONES
from tools.atlas.patches import Patch, coons, fusiform, organ, ring, strap
from tools.atlas.source_shapes import Resolver, SourceError, colour_of

MIDLINE = "midline"
"""The side of a muscle that has none; it is drawn once, over the midline."""

_LOOK_KEYS = {
    "style", "tones", "tint", "tendon", "aponeurosis", "intersections", "pennate", "cut", "bulge", "highlight",
    "fibres", "fineness", "shadow", "opacity", "outline", "side_outline", "flat", "lobules",
}  # fmt: skip
_PENNATE_KEYS = {
    "raphe", "slope", "pale_from", "end", "borders", "pale", "density", "curve", "raphe_from", "fine",
}  # fmt: skip


@dataclass(frozen=True)
class Muscle:
    """A drawn part on its written side; ``side`` is empty, or "midline" for a part that is drawn once."""

    id: str
    muscle: str
    patch: Patch
    look: Look
    side: str = ""
    covers: bool = True
    origin_landmarks: tuple[str, ...] = ()
    insertion_landmarks: tuple[str, ...] = ()
    fibre_angle: tuple[float, float] | None = None


def read_muscle(resolver: Resolver, raw: Mapping[str, Any]) -> Muscle:
    """One drawn part; raises SourceError with its id."""
    name = f"{resolver.name}: muscle {raw.get('id')!r}"
    try:
        patch = read_patch(resolver, raw)
        look = read_look(raw.get("look", {}))
    except KeyError as problem:
        raise SourceError(f"{name}: key {problem} is missing") from problem
    except (ValueError, SourceError) as problem:
        raise SourceError(f"{name}: {problem}") from problem
    if raw.get("side", "") not in {"", MIDLINE}:
        raise SourceError(f"{name}: side {raw['side']!r} is not {MIDLINE!r}")
    attach = raw.get("attach", {})
    angle = raw.get("fibre_angle")
    return Muscle(
        raw["id"],
        raw.get("muscle", ""),
        patch,
        look,
        side=raw.get("side", ""),
        covers=bool(raw.get("covers", look.opacity >= 0.75)),
        origin_landmarks=tuple(attach.get("origin", ())),
        insertion_landmarks=tuple(attach.get("insertion", ())),
        fibre_angle=(float(angle[0]), float(angle[1])) if angle else None,
    )


def read_patch(resolver: Resolver, raw: Mapping[str, Any]) -> Patch:
    """The patch of a part."""
    kind = raw["kind"]
    points = resolver.points
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
    elif kind == "organ":
        patch = organ(points(raw["points"]))
    elif kind == "ring":
        patch = ring(points(raw["inner"]), points(raw["outer"]))
        wobble = float(raw.get("wobble", 0))
        return patch.waved(wobble, random_of(f"{raw['id']} wobble")) if wobble else patch
    else:
        raise ValueError(f"unknown kind {kind!r}")
    slips = raw.get("slips", [])
    for slip in [slips] if isinstance(slips, Mapping) else slips:
        patch = patch.scalloped(slip["end"] == "insertion", int(slip["count"]), float(slip["depth"]))
    piece = raw.get("piece")
    if piece:
        patch = patch.piece(*(float(value) for value in piece))
    return replace(patch, fade=float(raw.get("fade", 0.0)))


def read_look(raw: Mapping[str, Any]) -> Look:
    """The look of a part."""
    unknown = {key for key in raw if key not in _LOOK_KEYS and not key.startswith("_")}
    if unknown:
        raise ValueError(f"look does not know {', '.join(sorted(unknown))}")
    if raw.get("style", "muscle") not in STYLES:
        raise ValueError(f"style {raw['style']!r} is unknown")
    if raw.get("tones", "") not in TONES:
        raise ValueError(f"tones {raw['tones']!r} are unknown")
    tendon, cut = raw.get("tendon", [0, 0]), raw.get("cut", [0, 0])
    plain = {
        key: float(raw[key])
        for key in (
            "aponeurosis", "bulge", "highlight", "fibres", "fineness", "shadow", "opacity", "outline", "side_outline",
            "lobules",
        )
        if key in raw
    }  # fmt: skip
    return Look(
        style=raw.get("style", "muscle"),
        tones=raw.get("tones", ""),
        tint=colour_of(raw["tint"]) if raw.get("tint") else None,
        tendon=(float(tendon[0]), float(tendon[1])),
        cut=(float(cut[0]), float(cut[1])),
        intersections=tuple(float(value) for value in raw.get("intersections", ())),
        pennate=_pennate(raw["pennate"]) if raw.get("pennate") is not None else None,
        flat=bool(raw.get("flat", False)),
        **plain,
    )


def _pennate(raw: Mapping[str, Any]) -> Pennate:
    unknown = set(raw) - _PENNATE_KEYS
    if unknown:
        raise ValueError(f"pennate does not know {', '.join(sorted(unknown))}")
    numbers = {key: float(value) for key, value in raw.items() if key != "borders"}
    borders = tuple(float(value) for value in raw.get("borders", (0, 1)))
    return Pennate(borders=borders, **numbers)
