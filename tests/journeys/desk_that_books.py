"""Run as a process of its own by the test of two desks: books, or moves, what it is told, and says how it went."""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from clinic_app.errors import ClinicError
from clinic_app.reference.catalogue import load_reference
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.schedule_data import Booking
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings
from tests.clinics import PASSPHRASE

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""Monday, ten o'clock in New York; the slots begin on the next day."""
REVIEW = 3
SHARED = ("injector", "room", "device", "patient")
STARTS = tuple(
    (datetime.combine(NOW.date(), opens) + timedelta(minutes=30 * number)).time()
    for opens, slots in ((time(8, 30), 8), (time(13, 30), 7))
    for number in range(slots)
)


def slot(number: int) -> datetime:
    """The start of one of the half hours that follow each other through the working days."""
    days, place = divmod(number, len(STARTS))
    weeks, weekday = divmod(days + 1, 5)
    return datetime.combine(date(2026, 3, 2) + timedelta(weeks=weeks, days=weekday), STARTS[place])


@dataclass(frozen=True, slots=True)
class Furniture:
    """Two of everything, so that two desks can share only what they are told to."""

    patients: tuple[int, ...]
    injectors: tuple[int, ...]
    rooms: tuple[int, ...]
    devices: tuple[int, ...]


def furniture(services: Services, actor: Actor) -> Furniture:
    """What the clinic has."""
    choices = services.schedule.choices(actor)
    return Furniture(
        tuple(row.id for row in services.patients.search(actor, "")),
        *(tuple(each.id for each in many) for many in (choices.injectors, choices.rooms, choices.devices)),
    )


def wanted(number: int, desk: int, has: Furniture, shared: str) -> Booking:
    """What a desk books into a slot: of everything its own, but for what both share."""

    def own(name: str) -> int:
        return 0 if name == shared else desk

    return Booking(
        patient_id=has.patients[own("patient")],
        injector_id=has.injectors[own("injector")],
        type_id=REVIEW,
        starts_at=slot(number),
        minutes=30,
        room_id=has.rooms[own("room")],
        device_ids=(has.devices[own("device")],),
    )


def main() -> None:
    folder, database_url, user_name, desk = *sys.argv[1:4], int(sys.argv[4])
    store = unlock(Settings(data=Path(folder), database_url=database_url), user_name, PASSPHRASE, lambda: NOW)
    services = Services(store.database, lambda: NOW, load_reference())
    has = furniture(services, store.actor)
    print("ready", flush=True)
    for line in sys.stdin:
        told = json.loads(line)
        booking = wanted(told["slot"], desk, has, told["shared"])
        try:
            if told["moves"] is None:
                services.schedule.book(store.actor, booking)
            else:
                services.schedule.move(
                    store.actor,
                    told["moves"],
                    1,
                    starts_at=booking.starts_at,
                    minutes=booking.minutes,
                    injector_id=booking.injector_id,
                    room_id=booking.room_id,
                    device_ids=booking.device_ids,
                )
        except ClinicError as error:
            print(json.dumps([error.code, str(error)]), flush=True)
        else:
            print(json.dumps(["", ""]), flush=True)
    store.database.close()


if __name__ == "__main__":
    main()
