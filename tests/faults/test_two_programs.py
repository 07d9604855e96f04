"""Two programs on one store, which want the same: no place is booked twice, nothing typed is lost, nobody fails."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from clinic_app.models import Appointment, StockMovement
from clinic_app.reference import Reference
from clinic_app.settings import Settings
from clinic_app.terms import StockKind
from tests.clinics import SealedClinic
from tests.faults.killed_programs import ROOT
from tests.faults.rival import NOTES, PLACES
from tests.faults.scripted import free_place
from tests.faults.workplace import broken, enter

NAMES = ("a", "b")


def test_two_programs_that_want_the_same(port_alder: SealedClinic, reference: Reference, tmp_path: Path) -> None:
    settings = port_alder.copy(tmp_path / "clinic")
    clinic = enter(settings, reference)
    lot, patients = clinic.lot(), [clinic.patient(family_name=name) for name in ("Okafor", "Byrne")]
    draft = clinic.services.charts.start(clinic.nurse, clinic.patient(family_name="Shared"))
    answers = _together(settings, [[str(patient), str(draft.id), str(lot)] for patient in patients])

    got = [(place, number) for answer in answers for place, number in answer["booked"]]
    assert sorted(place for place, _ in got) == list(range(PLACES)), "each place once, and none is lost"
    with clinic.store.database.reading() as session:
        starts = session.scalars(select(Appointment.starts_at).order_by(Appointment.starts_at)).all()
        assert starts == sorted(free_place(place) for place in range(PLACES))
        received = select(func.sum(StockMovement.vials)).where(StockMovement.kind == StockKind.RECEIVED)
        assert session.scalar(received) == 10 + 2 * NOTES
    told = sum((Counter(answer["told"]) for answer in answers), Counter[str]())
    del told["draft_changed"]  # looked at again, and written then
    assert told == {"booking_overlap_injector": PLACES}, "who came second was told of the clash, and of nothing else"
    kept = clinic.services.charts.open(clinic.nurse, draft.id)
    assert sorted(kept.content.plan.split()) == sorted(f"{name}{number}" for name in NAMES for number in range(NOTES))
    assert kept.version == draft.version + 2 * NOTES
    visits = [clinic.services.visits.of_patient(clinic.physician, patient)[0].id for patient in patients]
    assert visits == [answer["visit"] for answer in answers]
    assert broken(clinic) == ()
    clinic.store.database.close()


def _together(settings: Settings, arguments: list[list[str]]) -> list[dict[str, Any]]:
    programs = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.rival", str(settings.data), name, *each],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name, each in zip(NAMES, arguments, strict=True)
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    said = [program.communicate()[0] for program in programs]
    assert [program.returncode for program in programs] == [0, 0]
    return [json.loads(each) for each in said]
