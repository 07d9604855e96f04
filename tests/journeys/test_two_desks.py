"""Two programs that want the same place at the same moment: one gets it, and the other is told what is there."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clinic_app.models import Device, Room
from clinic_app.reference.catalogue import load_reference
from clinic_app.services.bundle import Services
from clinic_app.services.patient_data import PatientForm
from clinic_app.services.stores import unlock
from clinic_app.services.verification import verify_clinic
from clinic_app.settings import Settings
from clinic_app.terms import DeviceKind, Role
from tests.clinics import PASSPHRASE, PORT_ALDER, SealedClinic, seal
from tests.journeys.desk_that_books import NOW, SHARED, furniture, slot, wanted
from tests.postgres import PostgresServer
from tests.records import WHOLE

ROOT = Path(__file__).parent.parent.parent
FIGHTS, ON_A_SERVER = 1000, 300
"""How often they fight. A server settles each of them in the one way that its lock has."""
MOVES_EVERY = 5
"""In every fifth fight one of the two moves an appointment that it has, instead of booking."""


def furnished(folder: Path, server: PostgresServer | None, fights: int) -> tuple[SealedClinic, list[int]]:
    """A clinic with two of everything, and the appointments that will be moved, each far behind all the slots."""
    people = {
        "reyes": ("Dr. Tomas Reyes", Role.PHYSICIAN),
        "left": ("Left Desk", Role.FRONT_DESK),
        "right": ("Right Desk", Role.FRONT_DESK),
    }
    sealed = seal(folder, PORT_ALDER, NOW, people, server)
    store = unlock(sealed.settings, PORT_ALDER.user_name, PASSPHRASE, lambda: NOW)
    services = Services(store.database, lambda: NOW, load_reference())
    with store.database.writing(store.actor.account_id, NOW) as session:
        session.add_all([Room(name="Room 2"), *(Device(name=name, kind=DeviceKind.EMG) for name in ("EMG 1", "EMG 2"))])
    for name in ("Okafor", "Byrne"):
        form = PatientForm(family_name=name, given_name="Ada", birth_date=WHOLE.birth_date)
        services.patients.register(store.actor, form)
    hours = services.schedule.board(store.actor, slot(0).date(), 7).hours
    week = {each.day.weekday(): tuple((h.opens, h.closes) for h in hours if h.day == each.day) for each in hours}
    for injector in services.schedule.choices(store.actor).injectors:
        services.working_times.set_hours(store.actor, injector.id, week)
    has = furniture(services, store.actor)
    parked = [
        services.schedule.book(store.actor, wanted(fights + number, number % 2, has, ""))
        for number in range(fights // MOVES_EVERY)
    ]
    store.database.close()
    return sealed, parked


@contextmanager
def desk(settings: Settings, user_name: str, number: int) -> Iterator[subprocess.Popen[str]]:
    """A process that has opened the store and waits to be told what to book."""
    where = (str(settings.data), settings.database_url)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.desk_that_books", *where, user_name, str(number)],
        cwd=ROOT, env=os.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()


def tell(process: subprocess.Popen[str], number: int, shared: str, moves: int | None) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps({"slot": number, "shared": shared, "moves": moves}) + "\n")
    process.stdin.flush()


def answer(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_of_two_who_want_the_same_place_again_and_again_exactly_one_gets_it_each_time(
    tmp_path: Path, server: PostgresServer | None
) -> None:
    fights = FIGHTS if server is None else ON_A_SERVER
    sealed, parked = furnished(tmp_path / "clinic", server, fights)
    settings = sealed.settings
    lost: Counter[str] = Counter()
    moved = 0
    with desk(settings, "left", 0) as left, desk(settings, "right", 1) as right:
        assert (answer(left), answer(right)) == ("ready\n", "ready\n")
        for number in range(fights):
            shared, place = SHARED[number % len(SHARED)], number // MOVES_EVERY
            # The desk that moves takes turns: the left one moves what is the first patient's.
            mover = place % 2 if number % MOVES_EVERY == 0 else None
            if mover is not None and shared == "patient":
                shared = "injector"
            desks = list(enumerate((left, right)))
            for which, process in desks if number % 2 else desks[::-1]:
                tell(process, number, shared, parked[place] if which == mover else None)
            told = [json.loads(answer(process)) for process in (left, right)]
            (code, said), *others = [each for each in told if each[0]]
            assert not others, f"both lost: {told}"
            assert said
            assert code == f"booking_overlap_{shared}", said
            lost[code] += 1
            moved += mover is not None and told[mover][0] == ""
    assert lost.total() == fights

    store = unlock(sealed.settings, PORT_ALDER.user_name, PASSPHRASE, lambda: NOW)
    services = Services(store.database, lambda: NOW, load_reference())
    board = services.schedule.board(store.actor, slot(0).date(), (slot(fights - 1).date() - slot(0).date()).days + 1)
    slots = [slot(number) for number in range(fights)]
    fought = Counter(row.starts_at for row in board.appointments)
    assert [fought[each] for each in slots] == [1] * fights
    everything = [
        row for patient in furniture(services, store.actor).patients
        for row in services.schedule.of_patient(store.actor, patient)
    ]  # fmt: skip
    assert len(everything) == fights + len(parked) - moved, "what was not moved stands where it was"
    assert verify_clinic(settings, store.database, store.data_key, settings.usual_backups) == ()
    store.database.close()
