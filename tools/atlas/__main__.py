"""Command line: ``python -m tools.atlas bake [PLATE]``, ``check``, ``show PLATE LAYER OUT.png``."""

import argparse
import os
import sys
import time
from pathlib import Path

from tools.atlas import bake
from tools.atlas.sources import SourceError, load_plate


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.atlas", description="Compiler of the muscle-map atlas.")
    commands = parser.add_subparsers(dest="command", required=True)
    baking = commands.add_parser("bake", help="bake one plate or all")
    baking.add_argument("plate", nargs="?")
    commands.add_parser("check", help="whether the baked files belong to the sources")
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
        if given.command == "bake":
            return _bake(given.plate)
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


def _bake(wanted: str | None) -> int:
    started = time.monotonic()
    done = bake.bake(wanted)
    if wanted and not done:
        print(f"There is no plate {wanted!r}.", file=sys.stderr)
        return 1
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
