"""The demo clinic as a template: built once by the services, kept, and copied with its dates moved to this week.

The template ends on the Sunday before its week. A copy is moved by whole weeks, so that weekdays stay, and then lives
the days of this week up to now; so every view has something true to show on any day.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Date, DateTime, case, event, select, text, update
from sqlalchemy.orm import Session

from clinic_app import __version__
from clinic_app.atlas.atlas import Atlas
from clinic_app.demo import calls, charting, days, histories, patterns, people, shelf, told
from clinic_app.demo.days import DemoDays, MovableClock, Staff
from clinic_app.models import Base, Diagnosis, DystoniaHistory, PatientEntry, Visit, sealing, trail
from clinic_app.models.keys import Cost
from clinic_app.models.upgrade import HEAD
from clinic_app.partial_dates import PartialDate
from clinic_app.reference.catalogue import Reference
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.clock import Clock, local_now
from clinic_app.services.public_holidays import HolidayChoice
from clinic_app.services.signing import addendum_digest, signed_digest
from clinic_app.services.stores import NewClinic, OpenStore, add_person, set_up, unlock
from clinic_app.settings import Settings, cache_folder
from clinic_app.terms import DeviceKind, LabelRegion, PaperSize, Role

PASSPHRASE = "demo clinic passphrase"  # public on purpose: the demo holds no real person
PIN = "4071"  # as public as the passphrase
USER = "physician"
ZONE = "America/New_York"
# The demo protects nobody; a cheap key derivation starts it as fast as a window can open.
COST = Cost(passes=1, memory_kib=8192, lanes=1)
TEMPLATE_MONDAY = date(2026, 1, 5)
FILES = ("clinic.db", "clinic.keys")
Progress = Callable[[int, int], None]
"""Called with weeks lived so far and weeks in all."""


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """A fresh copy of the demo clinic in its own folder, which goes when the program ends."""

    settings: Settings
    folder: Path

    def remove(self) -> None:
        """Remove the copy."""
        shutil.rmtree(self.folder, ignore_errors=True)


def fresh_demo(clock: Clock, atlas: Atlas, reference: Reference, progress: Progress | None = None) -> DemoFolder:
    """Copy the template into a folder of its own and live this week up to now."""
    template = kept_template(atlas, reference, progress)
    folder = Path(tempfile.mkdtemp(prefix="clinic-demo-"))
    settings = Settings(data=folder, user_name=USER, passphrase=PASSPHRASE)
    now = local_now(clock, ZONE)
    monday = now.date() - timedelta(days=now.weekday())
    week = _of_week(template, monday)
    for name in FILES:
        shutil.copy2(week / name, folder / name)
    moving = MovableClock(ZONE)
    moving.move_to(datetime.combine(monday, time(7)))
    store = unlock(settings, USER, PASSPHRASE, moving)
    try:
        demo = _days(store, moving, atlas, reference, monday)
        day = monday
        while day < now.date():
            demo.live(day)
            day += timedelta(days=1)
        demo.squeeze_in(now.date())
        demo.live(now.date(), now.time())
        demo.remind_some(now)
    finally:
        store.database.close()
    return DemoFolder(settings, folder)


def kept_template(atlas: Atlas, reference: Reference, progress: Progress | None = None) -> Path:
    """The template's folder in the cache, built when this release has none yet."""
    folder = cache_folder() / f"demo-{_signature(atlas)}"
    if not (folder / "complete").exists():
        building = folder.with_name(f"{folder.name}.building-{os.getpid()}")
        build_template(building, atlas, reference, progress)
        (building / "complete").touch()
        shutil.rmtree(folder, ignore_errors=True)
        try:
            building.rename(folder)
        except OSError:
            shutil.rmtree(building, ignore_errors=True)  # another start of the program was quicker
    return folder


def build_template(folder: Path, atlas: Atlas, reference: Reference, progress: Progress | None = None) -> None:
    """Build the demo clinic: its people, and three years of days."""
    moving = MovableClock(ZONE)
    first_monday = TEMPLATE_MONDAY - timedelta(weeks=52 * people.YEARS + 4)
    moving.move_to(datetime.combine(first_monday - timedelta(days=30), time(9)))
    settings = Settings(data=folder)
    set_up(
        settings,
        NewClinic(
            name="Port Alder Movement Clinic",
            country="US",
            time_zone=ZONE,
            language="en-US",
            paper_size=PaperSize.LETTER,
            label_region=LabelRegion.US,
            full_name="Dr. Mara Ellison",
            user_name=USER,
            roles=frozenset(Role),
            passphrase=PASSPHRASE,
        ),
        moving,
        cost=COST,
    )
    store = unlock(settings, USER, PASSPHRASE, moving)

    # Nothing is lost when the building of a template is cut off, so it need not wait for the disk.
    event.listen(store.database.engine, "checkout", _do_not_wait_for_the_disk)
    for full_name, user_name, roles in (
        ("Dr. Tomas Reyes", "reyes", {Role.PHYSICIAN}),
        ("Noor Haddad", "nurse", {Role.NURSE}),
        ("Sam Whitfield", "desk", {Role.FRONT_DESK}),
    ):
        add_person(
            settings,
            store,
            moving,
            full_name=full_name,
            user_name=user_name,
            roles=frozenset(roles),
            passphrase=PASSPHRASE,
            cost=COST,
        )
    services = Services(store.database, moving, reference, key_file=settings.key_file)
    services.identity.set_pin(store.actor, PASSPHRASE, PIN)
    services.clinics.set_letterhead(
        store.actor, replace(services.clinics.letterhead(), address="12 Harbor Street\nPort Alder", phone="555-0100")
    )
    # The demo is looked at on any day, and on a holiday it would be empty.
    services.working_times.set_holidays(store.actor, HolidayChoice(kept=False))
    _furnish_calendar(services, store.actor)
    second = next(a for a in services.clinics.accounts(store.actor) if a.user_name == "reyes")
    usual = ((time(8), time(12, 30)), (time(13), time(17)))
    for injector_id in (store.actor.account_id, second.id):
        services.working_times.set_hours(store.actor, injector_id, dict.fromkeys(range(5), usual))
    demo = _days(store, moving, atlas, reference, TEMPLATE_MONDAY)
    _live_years(demo, first_monday, progress)
    demo.furnish_shelf(TEMPLATE_MONDAY)
    demo.furnish_calls(TEMPLATE_MONDAY)
    services.working_times.close(
        store.actor, TEMPLATE_MONDAY + timedelta(days=53), TEMPLATE_MONDAY + timedelta(days=53), "Staff training"
    )
    store.database.close()


def _furnish_calendar(services: Services, manager: Actor) -> None:
    """A second room, devices for guidance, and colours and needs of the kinds of appointment."""
    rules = services.calendar_rules
    rules.add_room(manager, "Room 2")
    for name, kind in (("EMG 1", DeviceKind.EMG), ("EMG 2", DeviceKind.EMG), ("Ultrasound", DeviceKind.ULTRASOUND)):
        rules.add_device(manager, name, kind)
    kinds = {each.form.name: each for each in rules.furniture(manager).types}
    for name, colour, needs in (
        ("Injection", "teal", (DeviceKind.EMG,)),
        ("First visit", "violet", ()),
        ("Review", "blue", ()),
    ):
        rules.change_type(
            manager, kinds[name].id, replace(kinds[name].form, colour=colour, needs_room=True, needs=needs)
        )


def _do_not_wait_for_the_disk(connection: Any, _record: object, _proxy: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def _live_years(demo: DemoDays, first_monday: date, progress: Progress | None) -> None:
    starting: dict[date, list[people.Person]] = {}
    for person in people.people(TEMPLATE_MONDAY):
        near = TEMPLATE_MONDAY + timedelta(days=person.due)
        first = near - timedelta(weeks=person.weeks * person.cycles)
        while first < first_monday + timedelta(days=14):
            first += timedelta(weeks=person.weeks)
        starting.setdefault(first - timedelta(days=9), []).append(person)
    weeks = (TEMPLATE_MONDAY - first_monday).days // 7
    for number in range((TEMPLATE_MONDAY - first_monday).days):
        day = first_monday + timedelta(days=number)
        for person in starting.pop(day, ()):
            demo.register(person, day + timedelta(days=9))
        if day == TEMPLATE_MONDAY - timedelta(days=14):
            demo.fill_with_reviews(day, 33)
        before = (TEMPLATE_MONDAY - day).days
        if before == calls.SOME_UNBOOKED:
            demo.leave_some_unbooked(day)
        if before in calls.MISSED:
            demo.miss_one(day, calls.MISSED[before])
        demo.live(day)
        if progress is not None and day.weekday() == 6:
            progress(number // 7 + 1, weeks)
    demo.bring_up_to_date()


def _days(store: OpenStore, clock: MovableClock, atlas: Atlas, reference: Reference, monday: date) -> DemoDays:
    clock.move_to(datetime.combine(monday, time(7)))
    services = Services(store.database, clock, reference)
    staff = _staff(services, store.actor)
    by_number = {person.form.record_number: person for person in people.people(monday)}
    known = {
        row.id: by_number[row.record_number]
        for row in services.patients.search(store.actor, "", limit=1000)
        if row.record_number in by_number
    }
    return DemoDays(services, clock, staff, atlas, known)


def _staff(services: Services, manager: Actor) -> Staff:
    actors = {a.user_name: Actor(a.id, a.user_name, a.full_name, a.roles) for a in services.clinics.accounts(manager)}
    return Staff(
        manager=manager,
        injectors=(actors[USER], actors["reyes"]),
        nurse=actors["nurse"],
        front_desk=actors["desk"],
    )


def _of_week(template: Path, monday: date) -> Path:
    """The template with every date moved to the week of ``monday``, kept beside it until another week is wanted.

    It is made aside and renamed, so that two programs that start at once never see half of it.
    """
    week = template / f"week-{monday.isoformat()}"
    if not week.exists():
        making = Path(tempfile.mkdtemp(dir=template, prefix="moving-"))
        for name in FILES:
            shutil.copy2(template / name, making / name)
        _move(making, monday)
        try:
            making.rename(week)
        except OSError:
            shutil.rmtree(making, ignore_errors=True)  # another start of the program was quicker
        for other in template.glob("week-*"):
            if other != week:
                shutil.rmtree(other, ignore_errors=True)
    return week


def _move(copy: Path, monday: date) -> None:
    """Move every date of a copy of the template by whole weeks to the week of ``monday``, and seal its visits anew."""
    moved = (monday - TEMPLATE_MONDAY).days
    if moved == 0:
        return
    clock = MovableClock(ZONE)
    clock.move_to(datetime.combine(TEMPLATE_MONDAY, time(7)))
    store = unlock(Settings(data=copy), USER, PASSPHRASE, clock)
    with store.database.engine.begin() as connection:
        sealing.remove(connection)
        for table in Base.metadata.sorted_tables:
            changed = {}
            for column in table.columns:
                # Instants and wall clocks alike: whole weeks keep the weekday, and the hour on the wall.
                if isinstance(_plain_type(column.type), DateTime):
                    changed[column.name] = text(f"strftime('%Y-%m-%d %H:%M:%f000', {column.name}, '{moved:+d} days')")
                elif isinstance(_plain_type(column.type), Date):
                    changed[column.name] = text(f"date({column.name}, '{moved:+d} days')")
            if changed:
                connection.execute(update(table).values(changed))
        _move_partial_dates(connection, TEMPLATE_MONDAY, monday)
    with Session(store.database.engine) as session:  # the trail does not tell of it
        for visit in session.scalars(select(Visit)):
            visit.digest = signed_digest(session, visit)
            for addendum in visit.addenda:
                addendum.digest = addendum_digest(visit, addendum)
        session.commit()
    with store.database.engine.begin() as connection:
        trail.chain_anew(connection)
        sealing.install(connection)
    store.database.close()


def _move_partial_dates(connection: Connection, stands: date, monday: date) -> None:
    """Dates as people remember them are texts, and each is as exact as it was."""
    for column in (PatientEntry.since, PatientEntry.until, DystoniaHistory.onset, Diagnosis.since):
        written = connection.scalars(select(column).where(column != "").distinct()).all()
        then = {each: str(histories.moved(PartialDate.read(each), stands, monday)) for each in written}
        if then:
            moved = case(then, value=column, else_=column)
            connection.execute(update(column.class_).values({column.key: moved}))


def _plain_type(kind: object) -> object:
    return getattr(kind, "impl", kind)


def _signature(atlas: Atlas) -> str:
    """Changes with the release, the tables, the plates and the demo's own sources: a stale template is never used."""
    signature = hashlib.sha256(f"{__version__} {HEAD}".encode())
    for module in (calls, charting, days, histories, patterns, people, shelf, told):
        assert module.__file__ is not None
        source = Path(module.__file__)
        signature.update(source.read_bytes() if source.exists() else json.dumps(module.__name__).encode())
    for table in Base.metadata.sorted_tables:
        # The newest step of the tables may still grow columns until it is released.
        signature.update(f"{table.name} {sorted(table.columns.keys())}".encode())
    for plate in atlas.summaries():
        signature.update(f"{plate.id} {plate.layers} {sorted(plate.muscles)}".encode())
    return signature.hexdigest()[:16]
