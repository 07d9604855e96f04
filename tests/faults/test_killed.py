"""SIGKILL at random moments: what was told as done is there and whole, what was not is whole or not there.

To kill a program leaves what the system has taken to write; that nothing is lost when the power fails rests on
SQLite's own ``synchronous = FULL``, which a test of ``tests/models`` looks at.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_app.errors import WrongPassphrase
from clinic_app.models import (
    Appointment,
    AppointmentEvent,
    AuditEntry,
    ChartDraft,
    Injection,
    Lot,
    Patient,
    StockMovement,
    Vial,
    Visit,
)
from clinic_app.models.keys import KeyFile
from clinic_app.reference import Reference
from clinic_app.services.backups import verify_backup
from clinic_app.services.charts import content_from_json
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings
from clinic_app.terms import AppointmentState, StockKind
from tests.clinics import PASSPHRASE, SealedClinic, StandingClock
from tests.faults.killed_programs import KilledPrograms, Run, Told
from tests.faults.scripted import OTHER_PASSPHRASE
from tests.faults.workplace import TEN, broken, enter

RUNS = 500
PARTS = 5
"""That run beside each other, each with clinics of its own."""
BACKUP_RUNS = 50
PASSPHRASE_RUNS = 60


@pytest.fixture(scope="module")
def programs(port_alder: SealedClinic, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KilledPrograms]:
    programs = KilledPrograms(port_alder.copy(tmp_path_factory.mktemp("warm") / "clinic"))
    yield programs
    programs.end()


@pytest.mark.parametrize("part", range(PARTS))
def test_killed_while_charting_and_booking(
    programs: KilledPrograms, port_alder: SealedClinic, reference: Reference, tmp_path: Path, part: int
) -> None:
    chance, all_told = Random(part), Counter[str]()
    warm = Run(
        "chart_and_book", str(port_alder.copy(tmp_path / "whole").data), str(tmp_path / "told"), things=len(_ACTS)
    )
    _, long = programs.run(warm)
    # While a program works in one of two clinics, the test looks at what another has left in the other.
    works = [
        Run("chart_and_book", str(port_alder.copy(tmp_path / name).data), str(tmp_path / f"told-{name}"))
        for name in ("one", "other")
    ]
    done = {work: Counter[str]() for work in works}
    programs.start(_until_some_moment(works[0], len(_ACTS), long, chance))
    for number in range(RUNS // PARTS):
        work, other = works[number % 2], works[1 - number % 2]
        told, _ = programs.ended(work)
        programs.start(_until_some_moment(other, len(_ACTS), long, chance))
        clinic = enter(Settings(data=Path(work.data)), reference)
        with clinic.store.database.reading() as session:
            done[work] = _check_acts(session, done[work], Counter(thing["what"] for thing in told))
            _check_told(session, told)
            _check_whole(session)
        if number % 20 > 17:
            assert broken(clinic) == ()
        clinic.store.database.close()
        all_told.update(thing["what"] for thing in told)
    programs.ended(works[0])
    assert all(all_told[what] for what in _ACTS)


def _until_some_moment(work: Run, things: int, long: float, chance: Random) -> Run:
    """To be killed somewhere in what takes a program ``long`` seconds: after some of the things, within the next."""
    return replace(work, things=chance.randrange(things + 1), after=chance.random() * 2 * long / things)


def _entries(kind: str, what: str) -> Any:
    return select(func.count()).select_from(AuditEntry).where(AuditEntry.kind == kind, AuditEntry.what == what)


_MOVES = select(func.count()).select_from(AppointmentEvent).where(AppointmentEvent.what == "moved")
_ACTS = {
    "vials": select(func.count()).select_from(StockMovement).where(StockMovement.kind == StockKind.RECEIVED),
    "patient": _entries("patient", "created"),
    "appointment": _entries("appointment", "created"),
    "move": _MOVES,
    "draft": _entries("chart_draft", "created"),
    "keep": _entries("chart_draft", "changed"),
    "visit": _entries("visit", "created"),
}
"""How often each thing was done, as the record tells it."""


def _check_acts(session: Session, before: Counter[str], told: Counter[str]) -> Counter[str]:
    """What was told was done, and at most one thing more: the one during which the program was killed."""
    done = Counter({what: session.scalar(query) for what, query in _ACTS.items()})
    beyond = done - before - told
    assert done - before == told + beyond
    assert beyond.total() <= 1, beyond
    return done


def _check_told(session: Session, told: Told) -> None:
    signed = {thing["draft"]: thing for thing in told if thing["what"] == "visit"}
    last = {(thing["what"], thing["id"]): thing for thing in told}
    for (what, number), thing in last.items():
        match what:
            case "vials":
                assert session.get_one(Lot, number).number == "C1234"
            case "patient":
                assert session.get_one(Patient, number).family_name == thing["name"]
            case "appointment" | "move":
                starts_at = session.get_one(Appointment, number).starts_at.isoformat()
                assert starts_at == thing["at"] or (what == "appointment" and starts_at > thing["at"])
            case "draft" | "keep" if number not in signed:
                draft = session.get(ChartDraft, number)
                if draft is None:  # killed after the signature's commit, before it was told
                    assert session.scalar(select(Visit.plan).where(Visit.plan == thing["plan"]))
                    continue
                assert draft.version in ((2,) if what == "keep" else (1, 2))
                assert content_from_json(draft.content).plan == (thing["plan"] if draft.version == 2 else "")
            case "visit":
                assert session.get_one(Visit, number).plan == thing["plan"]
                assert session.get_one(Appointment, thing["appointment"]).visit_id == number
                assert session.get(ChartDraft, thing["draft"]) is None


def _check_whole(session: Session) -> None:
    """Each thing has all its parts, and stands in the audit trail."""
    for kind in (Patient, Lot, Appointment, AppointmentEvent, Visit, Vial, Injection, StockMovement):
        rows = session.scalar(select(func.count()).select_from(kind))
        assert rows == session.scalar(_entries(kind.__tablename__, "created")), kind
    visits = session.scalar(select(func.count()).select_from(Visit).where(Visit.digest != ""))
    injected = select(func.count()).select_from(Appointment).where(Appointment.state == AppointmentState.INJECTED)
    assert session.scalar(injected.where(Appointment.visit_id.is_not(None))) == visits
    assert session.scalar(select(func.count()).select_from(Vial)) == visits
    assert session.scalar(select(func.count()).select_from(Injection)) == 2 * (visits or 0)
    assert session.scalar(select(func.coalesce(func.sum(StockMovement.units), 0))) == 0


def test_killed_while_a_backup_is_made(
    programs: KilledPrograms, port_alder: SealedClinic, reference: Reference, tmp_path: Path
) -> None:
    settings, chance, hours, made = port_alder.copy(tmp_path / "clinic"), Random(8), 0, 0
    work = Run("back_up", str(settings.data), str(tmp_path / "told"))
    told, long = programs.run(replace(work, things=2))
    for number in range(BACKUP_RUNS):
        if number:
            hours += len(told) + 1
            run = replace(work, hours_later=hours)
            told, _ = programs.run(_until_some_moment(run, 2, long, chance))
        made += len(told)
        clinic = enter(settings, reference, TEN + timedelta(hours=hours + len(told)))
        folder = settings.data / "backups"
        names = {file.name for file in folder.glob("clinic-*.backup")}
        # The one that was told last is there, unless a newer one took its place in the rotation.
        assert all(thing["name"] <= max(names) for thing in told)
        for name in names:
            verify_backup(folder / name, clinic.store.data_key)
        if number % 10 == 9:
            assert broken(clinic) == ()
        clinic.store.database.close()
    assert made > BACKUP_RUNS / 10
    _let_a_day_pass(settings)
    clinic = enter(settings, reference, TEN + timedelta(days=60))
    assert clinic.services.backup_plan is not None
    clinic.services.backup_plan.run()
    clinic.store.database.close()
    assert _strays(settings) == set()


def test_killed_while_a_passphrase_is_changed(
    programs: KilledPrograms, port_alder: SealedClinic, tmp_path: Path
) -> None:
    settings, chance, changed = port_alder.copy(tmp_path / "clinic"), Random(8), 0
    work = Run("change_passphrase", str(settings.data), str(tmp_path / "told"))
    told, long = programs.run(replace(work, things=2))
    passphrase = PASSPHRASE
    for number in range(PASSPHRASE_RUNS):
        if number:
            run = replace(work, passphrase=passphrase, hours_later=number)
            told, _ = programs.run(_until_some_moment(run, 2, long, chance))
        changed += len(told)
        known = told[-1]["new"] if told else passphrase
        keys = KeyFile.read(settings.key_file)
        opening = [each for each in (PASSPHRASE, OTHER_PASSPHRASE) if _opens(keys, "ellison", each)]
        assert len(opening) == 1, "one passphrase opens it, never none and never two"
        passphrase = opening[0]
        if passphrase != known:
            changed += 1  # written, and not told any more
        assert set(keys.holders()) == {"ellison", "nurse", "desk"}
        assert _opens(keys, "nurse", PASSPHRASE)
        keys.open_with_recovery(port_alder.recovery_code)
    assert changed > PASSPHRASE_RUNS / 10
    _let_a_day_pass(settings)
    store = unlock(settings, "ellison", passphrase, StandingClock(TEN))
    keys.write(settings.key_file)
    store.database.close()
    assert _strays(settings) == set()


def _opens(keys: KeyFile, user_name: str, passphrase: str) -> bool:
    try:
        keys.open(user_name, passphrase)
    except WrongPassphrase:
        return False
    return True


def _let_a_day_pass(settings: Settings) -> None:
    """For what lies beside the clinic's files: of today it may be another program's, which is still at work."""
    for folder in (settings.data, settings.data / "backups"):
        for left in folder.glob(".*"):
            os.utime(left, (0, 0))


def _strays(settings: Settings) -> set[str]:
    """What killed programs left in the clinic's folder and nobody took away."""
    ours = {settings.database_file.name, settings.key_file.name, "backups"}
    return {path.name for path in settings.data.iterdir()} - ours
