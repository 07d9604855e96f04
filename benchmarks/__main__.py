"""``python -m benchmarks``: measure, print a table, write JSON lines."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.measure import Row, make_quick, table, write_json


def main(arguments: list[str] | None = None) -> int:
    """Run the wanted cases; returns 1 when a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast the program is.")
    parser.add_argument("--only", default="", help="groups whose name contains this")
    parser.add_argument("--json", type=Path, help="write the rows as JSON lines")
    parser.add_argument("--quick", action="store_true", help="each case twice: whether it runs, not how fast")
    parser.add_argument("--small", action="store_true", help="a tenth of the large clinic: how flat the figures are")
    parser.add_argument("--folder", type=Path, help="where built clinics are kept from run to run")
    given = parser.parse_args(arguments)
    if given.quick:
        make_quick()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    rows: list[Row] = []
    for name, cases in _groups(given).items():
        if given.only not in name:
            continue
        for found in cases():
            rows.append(found)
            print(f"  {found.case}: median {found.median:.2f}, p95 {found.p95:.2f} {found.unit}", file=sys.stderr)
    print(table(rows))
    if given.json is not None:
        write_json(rows, given.json)
    return 1 if any(each.met is False for each in rows) and not given.quick else 0


def _groups(given: argparse.Namespace) -> dict[str, Callable[[], Iterator[Row]]]:
    from benchmarks import muscle_map, papers, patient, reports, schedule, timeline
    from benchmarks.calendars import LARGE, SMALL, TINY

    size = TINY if given.quick else SMALL if given.small else LARGE
    folder = given.folder or Path(tempfile.gettempdir()) / "clinic-app-benchmarks"
    return {
        "muscle_map": muscle_map.cases,
        "schedule": partial(schedule.cases, size, folder),
        "timeline": timeline.cases,
        "patient": partial(patient.cases, size, folder),
        "reports": partial(reports.cases, size, folder),
        "papers": papers.cases,
    }


if __name__ == "__main__":
    sys.exit(main())
