"""``python -m benchmarks``: measure, print a table, write JSON lines."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import clinic_app.app  # noqa: F401  # before Qt, as in the program
from benchmarks.calendars import LARGE, SMALL, TENTH, TINY
from benchmarks.measure import Row, make_quick, table, write_json

if TYPE_CHECKING:
    from benchmarks.clinics import Clinics

Cases = Callable[[], Iterator[Row]]


def main(arguments: list[str] | None = None) -> int:
    """Run the wanted cases; returns 1 when a target was missed."""
    given = _parser().parse_args(arguments)
    if given.quick:
        make_quick()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    rows: list[Row] = []
    for found in _measured(given):
        rows.append(found)
        if given.json is not None:
            write_json(rows, given.json)  # as they come: whoever stops a long run keeps them
    print(table(rows))
    missed = [each.case for each in rows if each.met is False]
    print(f"{len(missed)} of {sum(each.met is not None for each in rows)} targets were missed.")
    return 1 if missed and not given.quick else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast the program is.")
    parser.add_argument("--only", default="", metavar="NAME", help="groups whose name contains this")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows as JSON lines")
    parser.add_argument("--small", action="store_true", help="a tenth of the large clinic, 10,000 patients")
    parser.add_argument("--quick", action="store_true", help="each case twice on a tiny clinic: whether it runs")
    parser.add_argument("--frozen", type=Path, metavar="PROGRAM", help="measure the start of this frozen program too")
    parser.add_argument("--database", default="", metavar="URL", help="of the owner of a PostgreSQL database: there")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()) / "clinic-app-benchmarks",
        help="where built clinics are kept from run to run (default: %(default)s)",
    )
    return parser


def _measured(given: argparse.Namespace) -> Iterator[Row]:
    from benchmarks.clinics import Clinics

    size, smaller = (TINY, TINY) if given.quick else (SMALL, TENTH) if given.small else (LARGE, SMALL)
    clinics = Clinics(given.folder, size, smaller, given.database)
    begun = time.perf_counter()
    try:
        for name, cases in _groups(clinics, given.frozen, on_server=bool(given.database)).items():
            if given.only not in name:
                continue
            print(f"[{time.perf_counter() - begun:5.0f} s] {name}", file=sys.stderr, flush=True)
            for found in cases():
                yield found
                print(f"  {found.told}", file=sys.stderr, flush=True)
    finally:
        clinics.close()


def _groups(clinics: "Clinics", frozen: Path | None, *, on_server: bool) -> dict[str, Cases]:
    """By name. Those that have nothing to do with the record are measured only once, in a folder."""
    from benchmarks import (
        growth,
        muscle_map,
        papers,
        patient,
        recall,
        reports,
        room,
        schedule,
        search,
        start,
        stock,
        timeline,
        visit,
    )

    in_the_record = (search, patient, visit, schedule, recall, stock, reports)
    groups: dict[str, Cases] = {_name(each): partial(each.cases, clinics) for each in in_the_record}
    if on_server:
        return groups
    return {
        "start": partial(start.cases, clinics, frozen),
        **groups,
        "muscle_map": muscle_map.cases,
        "timeline": timeline.cases,
        "papers": papers.cases,
        "room": partial(room.cases, clinics),
        "growth": partial(growth.cases, clinics),
    }


def _name(group: ModuleType) -> str:
    return group.__name__.rpartition(".")[2]


if __name__ == "__main__":
    sys.exit(main())
