"""The benchmarks run and say what they measured; how fast is nobody's business here."""

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import Row, p95, table

ROOT = Path(__file__).parent.parent.parent


def test_every_case_runs_and_writes_its_row(tmp_path: Path) -> None:
    written = tmp_path / "rows.jsonl"
    command = [sys.executable, "-m", "benchmarks", "--quick", "--json", str(written), "--folder", str(tmp_path)]

    subprocess.run(command, cwd=ROOT, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}, check=True, timeout=600)

    rows = [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()]
    names = [row["case"] for row in rows]
    assert len(names) == len(set(names))
    assert any("first view" in name for name in names)
    assert any("units field" in name for name in names)
    assert sum(name.startswith("timeline of 600 visits") for name in names) == 4
    assert {name for name in names if name.startswith("schedule: ")} == {
        "schedule: a full week of five injectors",
        "schedule: the week's grid laid out and painted",
        "schedule: first free slots behind full calendars",
        "schedule: first free slots for a repeat in 26 weeks",
        "schedule: recall of the whole clinic",
        "schedule: book with every check",
    }
    assert sum(name.startswith("reports: ") for name in names) == 8
    assert sum(name.startswith("patient: ") for name in names) == 6
    assert sum(name.startswith("paper: ") for name in names) == 7
    assert all(next(value for key, value in row.items() if key.startswith("median")) > 0 for row in rows)


def test_the_table_marks_what_missed_its_target() -> None:
    met = Row("pan", 16.0, 5.0, 15.9, baseline=1.0)
    missed = Row("zoom", 16.0, 5.0, 16.1)
    beside = Row("book", 16.0, 5.0, 5.1, baseline=1.0, most=3)
    head, first, second, third = table([met, missed, beside]).splitlines()
    assert head.split() == ["case", "target", "median", "p95", "baseline", "ratio", "met"]
    assert first.split() == ["pan", "16", "ms", "5.00", "15.90", "1.00", "5.0", "yes"]
    assert second.split() == ["zoom", "16", "ms", "5.00", "16.10", "NO"]
    assert third.split() == ["book", "16", "ms,", "3", "×", "5.00", "5.10", "1.00", "5.0", "NO"]


def test_ninety_five_of_a_hundred_do_not_pass_the_p95() -> None:
    assert p95(list(range(1, 101))) == 96
    assert p95([7.0]) == 7.0
