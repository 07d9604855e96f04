"""``python -m benchmarks``: measure, print a table, write JSON lines."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measure import Row, make_quick, table, write_json


def main(arguments: list[str] | None = None) -> int:
    """Run the wanted cases; returns 1 when a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast the program is.")
    parser.add_argument("--only", default="", help="groups whose name contains this")
    parser.add_argument("--json", type=Path, help="write the rows as JSON lines")
    parser.add_argument("--quick", action="store_true", help="each case twice: whether it runs, not how fast")
    given = parser.parse_args(arguments)
    if given.quick:
        make_quick()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    rows: list[Row] = []
    for name, cases in _groups().items():
        if given.only not in name:
            continue
        for found in cases():
            rows.append(found)
            print(f"  {found.case}: median {found.median:.2f}, p95 {found.p95:.2f} {found.unit}", file=sys.stderr)
    print(table(rows))
    if given.json is not None:
        write_json(rows, given.json)
    return 1 if any(each.met is False for each in rows) and not given.quick else 0


def _groups() -> dict[str, Callable[[], Iterator[Row]]]:
    from benchmarks import muscle_map

    return {"muscle_map": muscle_map.cases}


if __name__ == "__main__":
    sys.exit(main())
