"""Command line: ``python -m tools.atlas bake [PLATE]``, ``check``, ``show PLATE LAYER OUT.png``."""

import argparse
import os
import sys
import time
from pathlib import Path

from tools.atlas import bake
from tools.atlas.sources import SourceError, load_plate, plate_files


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.atlas", description="Compiler of the muscle-map atlas.")
    commands = parser.add_subparsers(dest="command", required=True)
    baking = commands.add_parser("bake", help="bake plates, by default those whose sources changed")
    baking.add_argument("plates", nargs="*")
    commands.add_parser("check", help="whether the baked files belong to the sources")
    verifying = commands.add_parser("verify", help="what is wrong with the drawing of plates, by default of all")
    verifying.add_argument("plates", nargs="*")
    commands.add_parser("pages", help="write docs/atlas from the baked plates")
    showing = commands.add_parser("show", help="draw one layer to a PNG file")
    showing.add_argument("plate")
    showing.add_argument("layer")
    showing.add_argument("out", type=Path)
    showing.add_argument("--scale", type=float, default=4.0, help="px per mm")
    showing.add_argument("--crop", help="x0,y0,x1,y1 in mm")
    showing.add_argument("--neutral", action="store_true", help="undosed muscles")
    showing.add_argument("--dose", action="store_true", help="neutral, with the six dose colours laid on in turn")
    given = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        if given.command == "check":
            return _check()
        if given.command == "pages":
            return _pages()
        if given.command == "verify":
            return _verify(given.plates)
        if given.command == "bake":
            return _bake(given.plates)
        return _show(given)
    except SourceError as problem:
        print(problem, file=sys.stderr)
        return 1


def _check() -> int:
    problem = bake.check()
    if problem:
        print(problem, file=sys.stderr)
        return 1
    print("The baked atlas belongs to its sources.")
    return 0


def _verify(wanted: list[str]) -> int:
    from tools.atlas.check import problems

    found = 0
    for name in wanted or [path.stem for path in plate_files(bake.SOURCES)]:
        for sentence in problems(load_plate(bake.SOURCES / f"{name}.json")):
            found += 1
            print(f"{name}: {sentence}")
    return 1 if found else 0


def _pages() -> int:
    from tools.atlas.pages import write_pages

    for path in write_pages():
        print(path.relative_to(bake.ROOT))
    return 0


def _bake(wanted: list[str]) -> int:
    started = time.monotonic()
    done = bake.bake(wanted)
    size = sum(path.stat().st_size for path in bake.BAKED.glob("*")) / 1e6
    print(f"Baked {', '.join(done) or 'nothing'} in {time.monotonic() - started:.0f} s; {size:.1f} MB in all.")
    return 0


def _show(given: argparse.Namespace) -> int:
    from tools.atlas.preview import save_preview

    plate = load_plate(bake.SOURCES / f"{given.plate}.json")
    crop = tuple(float(value) for value in given.crop.split(",")) if given.crop else plate.box
    if len(crop) != 4:
        print("--crop needs four numbers: x0,y0,x1,y1.", file=sys.stderr)
        return 1
    save_preview(plate, given.layer, given.out, given.scale, crop, given.neutral or given.dose, given.dose)
    return 0


if __name__ == "__main__":
    sys.exit(main())
