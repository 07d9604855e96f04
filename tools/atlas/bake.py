"""Baking: plates to WebP pictures, one JSON with hit regions per plate and an index."""

import hashlib
import json
from pathlib import Path
from typing import Any

from tools.atlas.plate import display_list
from tools.atlas.sources import Layer, Plate, load_plate, plate_files

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "resources" / "atlas" / "sources"
BAKED = ROOT / "resources" / "atlas" / "baked"
COMPILER = Path(__file__).resolve().parent
QUALITY = 82
"""WebP quality of the pictures."""
CLICKABLE_LEAST = 25.0
"""Every clickable muscle shows at least this area (mm2) in some layer."""


def plate_hash(plate_id: str, sources: Path = SOURCES, compiler: Path = COMPILER) -> str:
    """SHA-256 over one plate's source, the one it is flipped from, and the compiler."""
    path = sources / f"{plate_id}.json"
    original = json.loads(path.read_text(encoding="utf-8")).get("flip_of")
    used = [path, *([sources / f"{original}.json"] if original else [])]
    return _hash([*used, *_compiler_files(compiler)])


def sources_hash(sources: Path = SOURCES, compiler: Path = COMPILER) -> str:
    """SHA-256 over the plate sources and the compiler, independent of line endings."""
    return _hash([*plate_files(sources), *_compiler_files(compiler)])


def _compiler_files(compiler: Path) -> list[Path]:
    """What decides the baked files; the command line and the previews do not."""
    return sorted(path for path in compiler.glob("*.py") if path.name not in {"__main__.py", "preview.py"})


def _hash(paths: list[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode())
        total.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return total.hexdigest()


def bake(wanted: str | None = None, sources: Path = SOURCES, baked: Path = BAKED) -> list[str]:
    """Bake one plate or all, then the index; returns the ids of the baked plates."""
    baked.mkdir(parents=True, exist_ok=True)
    done: list[str] = []
    for path in plate_files(sources):
        if wanted is None or path.stem == wanted:
            before = plate_hash(path.stem, sources)
            bake_plate(load_plate(path), baked, before)
            done.append(path.stem)
    write_index(sources, baked)
    return done


def bake_plate(plate: Plate, baked: Path, sources: str) -> None:
    """Pictures and description of one plate; ``sources`` is its hash."""
    from tools.atlas import raster

    layers: list[dict[str, Any]] = []
    for layer in plate.layers:
        files = {}
        for variant in ("natural", "neutral"):
            operations = display_list(plate, layer.id, neutral=variant == "neutral")
            image = raster.paint(operations, plate.box, plate.pixels_per_mm, plate.fade_bottom, plate.box[3])
            files[variant] = f"{plate.id}.{layer.id}.{variant}.webp"
            raster.save_webp(image, baked / files[variant], QUALITY)
        layers.append({"id": layer.id, "title": layer.title, **files, "parts": describe_parts(plate, layer)})
    description = {
        "id": plate.id,
        "sources": sources,
        "title": plate.title,
        "region": plate.region,
        "sides": list(plate.sides),
        "box": list(plate.box),
        "pixels_per_mm": plate.pixels_per_mm,
        "silhouette": [_rounded(outline) for outline in silhouettes(plate)],
        "marks": [list(mark) for mark in plate.marks],
        "layers": layers,
    }
    write_json(baked / f"{plate.id}.json", description)


def describe_parts(plate: Plate, layer: Layer) -> list[dict[str, Any]]:
    """The visible parts of a layer as plain data."""
    from tools.atlas.regions import visible_regions

    return [
        {
            "id": region.part.id,
            "muscle": region.part.muscle.muscle,
            "side": region.part.side,
            "outline": region.outline,
            "anchor": list(region.anchor),
            "bounds": list(region.bounds),
            "area": region.area,
            "fibre_angle": region.fibre_angle,
            "grid": region.grid,
        }
        for region in visible_regions(plate, layer.id)
    ]


def silhouettes(plate: Plate) -> list[Any]:
    """The silhouette inside the box, simplified."""
    from tools.atlas.regions import clipped_outlines

    return clipped_outlines(list(plate.silhouette), plate.box)


def write_index(sources: Path, baked: Path) -> None:
    """The index over the baked plates; its hash is left empty while a plate is missing or stale."""
    plates: list[dict[str, Any]] = []
    known = {load_plate(path).id for path in plate_files(sources)}
    for stale in sorted(baked.glob("*.json")):
        if stale.name != "index.json" and stale.stem not in known:
            stale.unlink()
    for path in sorted(baked.glob("*.json")):
        if path.name == "index.json":
            continue
        data = json.loads(path.read_text(encoding="utf-8"))
        plates.append(
            {
                "id": data["id"],
                "title": data["title"],
                "region": data["region"],
                "sides": data["sides"],
                "layers": [{"id": layer["id"], "title": layer["title"]} for layer in data["layers"]],
                "shown": _shown(data),
            }
        )
    used = {"index.json"} | {f"{plate['id']}.json" for plate in plates}
    for plate in plates:
        used |= {f"{plate['id']}.{layer['id']}.{v}.webp" for layer in plate["layers"] for v in ("natural", "neutral")}
    for path in baked.iterdir():
        if path.suffix in {".webp", ".json"} and path.name not in used:
            path.unlink()
    baked_hashes = {path.stem: _baked_hash(path) for path in baked.glob("*.json") if path.name != "index.json"}
    fresh = all(baked_hashes.get(path.stem) == plate_hash(path.stem, sources) for path in plate_files(sources))
    write_json(baked / "index.json", {"sources": sources_hash(sources) if fresh else "", "plates": plates})


def _baked_hash(path: Path) -> str:
    return str(json.loads(path.read_text(encoding="utf-8")).get("sources", ""))


def _shown(data: dict[str, Any]) -> list[list[Any]]:
    total: dict[tuple[str, str, str], float] = {}
    for layer in data["layers"]:
        for part in layer["parts"]:
            if part["muscle"]:
                key = (part["muscle"], part["side"], layer["id"])
                total[key] = total.get(key, 0.0) + part["area"]
    return [[*key, round(area, 1)] for key, area in sorted(total.items())]


def check(sources: Path = SOURCES, baked: Path = BAKED) -> str:
    """Empty when the baked files belong to the sources, otherwise a sentence saying what is wrong."""
    index = baked / "index.json"
    if not index.exists():
        return "The atlas has not been baked: run python -m tools.atlas bake."
    data = json.loads(index.read_text(encoding="utf-8"))
    if data["sources"] != sources_hash(sources):
        return "The baked atlas does not belong to its sources: run python -m tools.atlas bake."
    baked_ids = {plate["id"] for plate in data["plates"]}
    missing = sorted({path.stem for path in plate_files(sources)} - baked_ids)
    if missing:
        return f"These plates have not been baked: {', '.join(missing)}."
    for plate in data["plates"]:
        names = [f"{plate['id']}.json"]
        names += [f"{plate['id']}.{layer['id']}.{v}.webp" for layer in plate["layers"] for v in ("natural", "neutral")]
        lost = [name for name in names if not (baked / name).exists()]
        if lost:
            return f"Baked files are missing: {', '.join(lost)}."
    return ""


def write_json(path: Path, data: object) -> None:
    """Compact JSON, numbers without needless zeros."""
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def _rounded(outline: Any) -> list[list[float]]:
    return [[round(float(x), 1), round(float(y), 1)] for x, y in outline]
