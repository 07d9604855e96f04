"""Baking: plates to WebP pictures, one JSON with hit regions per plate and an index. The format: BAKED.md beside it."""

import hashlib
import json
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from tools.atlas.describe import describe
from tools.atlas.plate import display_list
from tools.atlas.sources import Plate, load_plate, plate_files, used_files

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "resources" / "atlas" / "sources"
BAKED = ROOT / "resources" / "atlas" / "baked"
COMPILER = Path(__file__).resolve().parent
QUALITY = 76
"""WebP quality of the pictures."""
CLICKABLE_LEAST = 25.0
"""Every clickable muscle shows at least this area (mm2) in some layer."""
VARIANTS = ("natural", "neutral")

_UNBAKED = {"__main__.py", "preview.py", "pages.py", "check.py"}
"""Modules that do not decide what is baked."""


def plate_hash(plate_id: str, sources: Path = SOURCES, compiler: Path = COMPILER) -> str:
    """SHA-256 over a plate's source, what it draws from, and the compiler; independent of line endings."""
    modules = sorted(path for path in compiler.glob("*.py") if path.name not in _UNBAKED)
    total = hashlib.sha256()
    for path in [*used_files(sources / f"{plate_id}.json"), *modules]:
        total.update(path.name.encode())
        total.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return total.hexdigest()


def bake(wanted: Iterable[str] = (), sources: Path = SOURCES, baked: Path = BAKED) -> list[str]:
    """Bake the wanted plates, by default every stale one, then the index; returns the ids of the baked plates."""
    baked.mkdir(parents=True, exist_ok=True)
    names = list(wanted) or stale_plates(sources, baked)
    # Painting is pure computing in one thread each: as many processes as there are processors.
    with ProcessPoolExecutor(min(len(names), os.cpu_count() or 1) or 1) as pool:
        for task in [pool.submit(_bake_named, name, sources, baked) for name in names]:
            task.result()
    write_index(sources, baked)
    return names


def _bake_named(name: str, sources: Path, baked: Path) -> None:
    bake_plate(load_plate(sources / f"{name}.json"), baked, plate_hash(name, sources))


def stale_plates(sources: Path = SOURCES, baked: Path = BAKED) -> list[str]:
    """Plates whose baked files are missing or belong to another source or compiler."""
    names = [path.stem for path in plate_files(sources)]
    return [name for name in names if _baked(baked / f"{name}.json").get("sources") != plate_hash(name, sources)]


def bake_plate(plate: Plate, baked: Path, sources: str) -> None:
    """Description and pictures of one plate; ``sources`` is its hash. What would be painted the same stays."""
    from tools.atlas import raster

    known = _baked(baked / f"{plate.id}.json")
    painter = painter_hash(plate)
    digests: dict[str, str] = {}
    for layer in plate.layers:
        for variant in VARIANTS:
            picture = baked / picture_name(plate.id, layer.id, variant)
            operations = display_list(plate, layer.id, neutral=variant == "neutral")
            digest = digests[f"{layer.id}.{variant}"] = operations.digest()
            same = known.get("painter") == painter and known["digests"].get(f"{layer.id}.{variant}") == digest
            if not (same and picture.exists()):
                image = raster.paint(operations, plate.box, plate.pixels_per_mm, plate.box, plate.fade)
                raster.save_webp(image, picture, QUALITY)
    head = {"sources": sources, "painter": painter, "digests": digests}
    write_json(baked / f"{plate.id}.json", {**head, **describe(plate)})


def painter_hash(plate: Plate) -> str:
    """SHA-256 over all that turns a plate's display lists into pictures."""
    total = hashlib.sha256(repr((plate.box, plate.pixels_per_mm, plate.fade, QUALITY)).encode())
    for name in ("raster.py", "display_list.py"):
        total.update((COMPILER / name).read_bytes().replace(b"\r\n", b"\n"))
    return total.hexdigest()


def picture_name(plate: str, layer: str, variant: str) -> str:
    """The file of a layer's picture."""
    return f"{plate}.{layer}.{variant}.webp"


def write_index(sources: Path, baked: Path) -> None:
    """The index over the baked plates, in their order; files that belong to no plate go."""
    plates = sorted((load_plate(path) for path in plate_files(sources)), key=lambda plate: (plate.position, plate.id))
    entries: list[dict[str, Any]] = []
    used = {"index.json"}
    for plate in plates:
        path = baked / f"{plate.id}.json"
        if not path.exists():
            continue
        used.add(path.name)
        used |= {picture_name(plate.id, layer.id, variant) for layer in plate.layers for variant in VARIANTS}
        shape = json.loads((baked / f"{plate.flip_of or plate.id}.json").read_text(encoding="utf-8"))
        entries.append(
            {
                "id": plate.id,
                "title": plate.title,
                "region": plate.region,
                "sides": list(plate.sides),
                "seen_from": plate.seen_from,
                "pixels_per_mm": plate.pixels_per_mm,
                "figure": bool(plate.areas),
                "layers": [{"id": layer.id, "title": layer.title} for layer in plate.layers],
                "shown": _shown(shape, plate),
            }
        )
    for path in baked.iterdir():
        if path.suffix in {".webp", ".json"} and path.name not in used:
            path.unlink()
    write_json(baked / "index.json", {"plates": entries})


def _shown(document: dict[str, Any], plate: Plate) -> list[list[Any]]:
    """[muscle, side, layer, visible mm2], largest pieces of one muscle added up."""
    total: dict[tuple[str, str, str], float] = {}
    for layer in document["layers"]:
        for region in layer["regions"]:
            part = document["parts"][region["part"]]
            side = plate.sides[0] if plate.flip_of and part["side"] in {"left", "right"} else part["side"]
            key = (part["muscle"], side, layer["id"])
            total[key] = total.get(key, 0.0) + region["area"]
    return [[*key, round(area, 1)] for key, area in sorted(total.items())]


def check(sources: Path = SOURCES, baked: Path = BAKED) -> str:
    """Empty when the baked files belong to the sources, otherwise a sentence saying what is wrong."""
    if not (baked / "index.json").exists():
        return "The atlas has not been baked: run python -m tools.atlas bake."
    stale = stale_plates(sources, baked)
    if stale:
        return f"These plates do not belong to their sources: {', '.join(stale)}. Run python -m tools.atlas bake."
    for path in plate_files(sources):
        plate = load_plate(path)
        names = [picture_name(plate.id, layer.id, variant) for layer in plate.layers for variant in VARIANTS]
        lost = [name for name in names if not (baked / name).exists()]
        if lost:
            return f"Baked files are missing: {', '.join(lost)}."
    return ""


def _baked(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return document


def write_json(path: Path, data: object) -> None:
    """Compact JSON."""
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
