"""Two desks and two physicians, each a program with its window, live a day on one server.

Once undisturbed, once while the server is killed and started again and the lines are cut between a commit and its
answer. Nothing is lost, nothing is done twice, no place is given twice, every vial is accounted for, and in the end
every window shows the same as the record.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import func, make_url, select

from clinic_app.models import Appointment, Patient, StockMovement, Visit
from clinic_app.reference import Reference
from clinic_app.services.bundle import Services
from clinic_app.services.patient_data import PatientForm
from clinic_app.services.stores import OpenStore, unlock
from clinic_app.services.verification import verify_clinic
from clinic_app.settings import Settings
from clinic_app.terms import AppointmentState, Role, StockKind
from tests.clinics import PASSPHRASE, PORT_ALDER, SealedClinic, seal
from tests.faults.proxy import Proxy
from tests.journeys.workstation import CLOSES, LOTS, NOW, OPENS, TODAY, Orders
from tests.postgres import PostgresServer
from tests.waiting import until

ROOT = Path(__file__).parent.parent.parent
PATIENTS = int(os.environ.get("CLINIC_APP_DAY_OF", "24"))
"""How many patients the day has; docs/scale.md tells of 200."""
BETWEEN_FAULTS = 150
"""How often the programs speak to the server between two faults of their lines."""
KILLED_AT = (8, 20)
"""At which of these faults the server is killed, too."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A clinic for the day: two injectors, two lots, and a patient into whose record both desks write."""

    sealed: SealedClinic
    injectors: tuple[int, ...]
    lots: tuple[int, ...]
    shared: int


@pytest.fixture(scope="module")
def day_server(own_server: PostgresServer) -> Iterator[PostgresServer]:
    """A server that may be killed."""
    server = PostgresServer(own_server.programs)
    yield server
    server.end()


@pytest.fixture(scope="module")
def prepared(day_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory, reference: Reference) -> Prepared:
    people = {
        "reyes": ("Dr. Tomas Reyes", Role.PHYSICIAN),
        "left": ("Left Desk", Role.FRONT_DESK),
        "right": ("Right Desk", Role.FRONT_DESK),
    }
    sealed = seal(tmp_path_factory.mktemp("day") / "sealed", PORT_ALDER, NOW, people, day_server)
    store = unlock(sealed.settings, PORT_ALDER.user_name, PASSPHRASE, lambda: NOW)
    services = Services(store.database, lambda: NOW, reference)
    injectors = tuple(each.id for each in services.schedule.choices(store.actor).injectors)
    for injector in injectors:
        services.working_times.set_hours(store.actor, injector, {TODAY.weekday(): ((OPENS, CLOSES),)})
    lots = tuple(
        services.stock.receive(
            store.actor,
            product="onabotulinumtoxinA",
            number=number,
            size_units=Decimal(100),
            expires_on=date(2027, 5, 31),
            vials=PATIENTS,
        )
        for number in LOTS
    )
    shared = services.patients.register(
        store.actor, PatientForm(family_name="Shared", given_name="By Both", birth_date=date(1950, 1, 1))
    )
    store.close()
    return Prepared(sealed, injectors, lots, shared)


class Workstations:
    """Four programs that are told what to do and asked what they show."""

    def __init__(self) -> None:
        self.programs: list[subprocess.Popen[str]] = []

    def start(self, orders: Orders) -> None:
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.workstation"],
            cwd=ROOT, env=os.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.programs.append(program)
        self._tell(program, json.dumps(asdict(orders)))

    def tell(self, what: str) -> list[dict[str, Any]]:
        """Tell all of them, and hear what each says next."""
        for program in self.programs:
            self._tell(program, what)
        return self.hear()

    def hear(self) -> list[dict[str, Any]]:
        found = []
        for program in self.programs:
            assert program.stdout is not None
            found.append(json.loads(program.stdout.readline()))
        return found

    def end(self) -> None:
        for program in self.programs:
            program.kill()
            program.communicate()

    def _tell(self, program: subprocess.Popen[str], what: str) -> None:
        assert program.stdin is not None
        program.stdin.write(what + "\n")
        program.stdin.flush()


@contextmanager
def four(prepared: Prepared, settings: Settings, tmp_path: Path, proxies: list[Proxy]) -> Iterator[Workstations]:
    workstations = Workstations()
    people = (("left", "desk"), ("right", "desk"), ("ellison", "physician"), ("reyes", "physician"))
    try:
        for number, (user, kind) in enumerate(people):
            url = make_url(settings.database_url)
            if proxies:
                url = url.set(port=proxies[number].port)
            data = tmp_path / user
            data.mkdir()
            where = (user, url.render_as_string(), str(data), kind)
            workstations.start(
                Orders(*where, PATIENTS // 2, prepared.injectors, prepared.lots, prepared.shared, number)
            )
        assert [list(said) for said in workstations.hear()] == [["ready"]] * 4
        yield workstations
    finally:
        workstations.end()


def the_day(prepared: Prepared, settings: Settings, workstations: Workstations) -> None:
    """The day is lived, and soon after its end every window shows the record (docs/scale.md: how soon)."""
    assert [list(said) for said in workstations.tell("go")] == [["done"]] * 4
    store = unlock(settings, PORT_ALDER.user_name, PASSPHRASE, lambda: NOW)
    try:
        rows = check_record(prepared, store)
        assert verify_clinic(settings, store.database, store.data_key, settings.data / "backups") == ()
    finally:
        store.close()
    shown = all_show(workstations, rows)
    # They did fight for places and for the shared record, or nothing was shown.
    refused = [said["refused"] for said in shown]
    assert sum(each.get("taken", 0) for each in refused) > 0


def all_show(workstations: Workstations, rows: list[list[Any]]) -> list[dict[str, Any]]:
    """What every window shows once all show the same as the record."""
    shown: list[dict[str, Any]] = []

    def equal() -> bool:
        shown[:] = workstations.tell("show")
        return all(said["shows"] == rows for said in shown)

    until(equal)
    return shown


def check_record(prepared: Prepared, store: OpenStore) -> list[list[Any]]:
    with store.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Patient)) == PATIENTS + 1
        appointments = session.scalars(select(Appointment).order_by(Appointment.id)).all()
        assert len(appointments) == len({each.patient_id for each in appointments}) == PATIENTS
        assert len({(each.injector_id, each.starts_at) for each in appointments}) == PATIENTS
        assert {each.state for each in appointments} == {AppointmentState.INJECTED}
        assert len({each.visit_id for each in appointments}) == PATIENTS
        assert session.scalar(select(func.count()).select_from(Visit).where(Visit.digest != "")) == PATIENTS
        used = select(func.sum(StockMovement.vials)).where(StockMovement.kind != StockKind.RECEIVED)
        assert session.scalar(used) == -PATIENTS
        note = session.get_one(Patient, prepared.shared).note.split()
        assert sorted(note) == sorted(
            f"{desk}-{n}" for desk in ("left", "right") for n in range(4, PATIENTS // 2 + 1, 4)
        )
        return [[each.id, each.version, each.state.value, each.visit_id] for each in appointments]


def test_a_day_of_four_workstations(prepared: Prepared, day_server: PostgresServer, tmp_path: Path) -> None:
    settings = prepared.sealed.copy(tmp_path / "clinic")
    with four(prepared, settings, tmp_path, []) as workstations:
        the_day(prepared, settings, workstations)
    day_server.drop_copies()


def test_the_same_day_while_the_server_is_killed_and_lines_are_cut(
    prepared: Prepared, day_server: PostgresServer, tmp_path: Path
) -> None:
    settings = prepared.sealed.copy(tmp_path / "clinic")
    over, chance, killed = Event(), Random(9), list[int]()
    with ExitStack() as at_the_end:
        proxies = [Proxy(day_server.port) for _ in range(4)]
        for proxy in proxies:
            at_the_end.callback(proxy.end)

        def disturb() -> None:
            # After so much work, not after so many seconds: on a busy machine nothing would ever be done between two.
            number, asked = 0, 0
            while not over.wait(0.01):
                if sum(proxy.asked for proxy in proxies) < asked + BETWEEN_FAULTS:
                    continue
                number += 1
                if number in KILLED_AT:
                    day_server.kill()
                    day_server.start()
                    killed.append(number)
                proxy = chance.choice(proxies)
                match chance.randrange(3):
                    case 0:
                        proxy.cut()
                    case 1:
                        proxy.lose_answers(1)
                    case 2:
                        proxy.lose_commits(1)
                asked = sum(proxy.asked for proxy in proxies)

        with four(prepared, settings, tmp_path, proxies) as workstations:
            disturbing = Thread(target=disturb)
            disturbing.start()
            at_the_end.callback(disturbing.join)
            at_the_end.callback(over.set)
            assert [list(said) for said in workstations.tell("go")] == [["done"]] * 4
            over.set()
            disturbing.join()
            store = unlock(settings, PORT_ALDER.user_name, PASSPHRASE, lambda: NOW)
            try:
                rows = check_record(prepared, store)
                found = verify_clinic(settings, store.database, store.data_key, settings.data / "backups")
            finally:
                store.close()
            assert found == ()
            all_show(workstations, rows)
    assert tuple(killed) == KILLED_AT
    day_server.drop_copies()
