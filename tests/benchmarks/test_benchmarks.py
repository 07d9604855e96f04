"""The benchmarks run and say what they measured; how fast is nobody's business here."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from sqlalchemy import delete, select

from benchmarks.calendars import NOW, TINY
from benchmarks.large_clinic import large_clinic
from benchmarks.measure import Row, p95, table
from clinic_app.models import Patient, TreatmentCycle
from clinic_app.services.cycles import keep_cycle
from clinic_app.services.verification import record_breaks
from clinic_app.typed_text import fold

ROOT = Path(__file__).parent.parent.parent


def test_every_case_runs_and_writes_its_row(tmp_path: Path) -> None:
    written = tmp_path / "rows.jsonl"
    command = [sys.executable, "-m", "benchmarks", "--quick", "--json", str(written), "--folder", str(tmp_path)]

    subprocess.run(command, cwd=ROOT, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}, check=True, timeout=600)

    rows = [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()]
    names = [row["case"] for row in rows]
    assert len(names) == len(set(names))
    assert Counter(name.partition(":")[0] for name in names) == {
        "start": 2,
        "search": 12,
        "patient": 6,
        "visit": 5,
        "schedule": 5,
        "recall": 3,
        "stock": 3,
        "reports": 2,
        "muscle map": 10,
        "timeline of 600 visits": 4,
        "paper": 7,
        "room": 3,
        "growth": 4,
    }
    for row in rows:
        unit = next(key for key in row if key.startswith("median")).removeprefix("median_")
        assert row[f"median_{unit}"] > 0
        assert row.keys() >= {"case", "target", f"p95_{unit}", f"baseline_{unit}", "ratio", "met"}
    assert not list(tmp_path.glob("run-*"))  # what was worked in is gone


def test_the_clinic_of_the_benchmarks_is_one_that_the_program_could_have_made(tmp_path: Path) -> None:
    clinic = large_clinic(tmp_path, TINY)
    with clinic.store.database.reading() as session:
        assert list(record_breaks(session, lambda: None)) == []
        kept = dict(row for row in session.execute(select(TreatmentCycle.patient_id, TreatmentCycle.due_on)))
        text, family = session.execute(select(Patient.search_text, Patient.family_name).where(Patient.id == 51)).one()
    assert not family.isascii()
    assert text.startswith(f" {fold(family)} ")
    with clinic.store.database.writing(None, NOW) as session:
        session.execute(delete(TreatmentCycle))
        for patient_id in session.scalars(select(Patient.id)).all():
            keep_cycle(session, patient_id)
        assert kept == dict(row for row in session.execute(select(TreatmentCycle.patient_id, TreatmentCycle.due_on)))
    clinic.close()


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
