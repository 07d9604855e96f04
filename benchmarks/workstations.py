"""``python -m benchmarks.workstations --database URL``: how many workstations one server carries.

The address is of the owner's account of an empty database. For 1, 4 and 16 workstations, each a process of its own, it
counts bookings and signings in a row without a pause between them, far more than people do; while one of them books, a
window that shows the day tells how long after each commit it has painted the change.
"""

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from clinic_app.models.keys import Cost
from clinic_app.models.server import WORK_ACCOUNT, ServerAddress
from clinic_app.reference.catalogue import load_reference
from clinic_app.services import charting
from clinic_app.services.bundle import Services
from clinic_app.services.chart_data import ChartContent, ChartLine, ChartVial
from clinic_app.services.clock import local_now
from clinic_app.services.identity import Confirmed
from clinic_app.services.patient_data import PatientForm
from clinic_app.services.schedule_data import Booking
from clinic_app.services.stores import NewClinic, OpenStore, set_up, unlock
from clinic_app.settings import Settings
from clinic_app.terms import LabelRegion, PaperSize, Role, Side

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""Monday, five o'clock in New York."""
TODAY = date(2026, 3, 2)
USER, PASSPHRASE = "manager", "four unrelated words here"
PATIENTS = 320
INJECTION, REVIEW, MINUTES = 1, 3, 10
DAYS = 400
"""Over how many days bookings are spread."""
_PLACES = 6_000
"""Of each count: no two book the same place."""
_SEEN_EVERY_MS = 4


@dataclass(frozen=True, slots=True)
class Work:
    """What a workstation does: ``kind`` of ``book`` or ``sign``, for ``seconds``, ``number`` of so many."""

    url: str
    kind: str
    number: int
    of: int
    seconds: float
    lot: int
    first: int


def main() -> int:
    """Measure and print; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workstations", description=__doc__)
    parser.add_argument("--database", required=True, metavar="URL", help="of the owner of an empty database")
    parser.add_argument("--workstations", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--seconds", type=float, default=20, help="of each count")
    parser.add_argument("--changes", type=int, default=200, help="how many changes the window is to show")
    parser.add_argument("--json", type=Path, help="write the figures as JSON lines")
    given = parser.parse_args()
    lot, url = _prepare(given.database)
    rows: list[dict[str, Any]] = []
    for kind in ("book", "sign"):
        for count in given.workstations:
            rows.append(_throughput(url, kind, count, given.seconds, lot, first=len(rows) * _PLACES))
            print(json.dumps(rows[-1]), flush=True)
    rows.append(_latency(url, given.changes, lot))
    print(json.dumps(rows[-1]), flush=True)
    if given.json is not None:
        given.json.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return 0


def _prepare(owner: str) -> tuple[int, str]:
    """A clinic with patients and a lot of 10,000 vials; the lot, and the address of the account for work."""
    clinic = NewClinic(
        "Benchmark", "US", "America/New_York", "en", PaperSize.LETTER, LabelRegion.US, "Manager", USER,
        frozenset(Role), PASSPHRASE,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        set_up(Settings(Path(folder), database_url=owner), clinic, lambda: NOW, cost=Cost(1, 8, 1))
    address = ServerAddress.read(owner)
    url = str(address.with_account(WORK_ACCOUNT))
    store, services = _enter(url)
    day = ((datetime(2026, 1, 1, 6).time(), datetime(2026, 1, 1, 23).time()),)
    services.working_times.set_hours(store.actor, store.actor.account_id, dict.fromkeys(range(7), day))
    for number in range(PATIENTS):
        form = PatientForm(family_name=f"Patient{number}", given_name="Ada", birth_date=date(1961, 3, 12))
        services.patients.register(store.actor, form)
    lot = 0
    for _ in range(20):
        lot = services.stock.receive(
            store.actor,
            product="onabotulinumtoxinA",
            number="C1234",
            size_units=Decimal(100),
            expires_on=date(2027, 5, 31),
            vials=500,
        )
    store.close()
    return lot, url


def _enter(url: str) -> tuple[OpenStore, Services]:
    store = unlock(Settings(Path(tempfile.mkdtemp()), database_url=url), USER, PASSPHRASE, lambda: NOW)
    return store, Services(store.database, lambda: NOW, load_reference(), key_file=store.files.keys)


def _throughput(url: str, kind: str, count: int, seconds: float, lot: int, first: int) -> dict[str, Any]:
    """All of them begin when the last one is ready."""
    context = multiprocessing.get_context("spawn")
    programs, ends = [], []
    for number in range(count):
        here, there = context.Pipe()
        work = Work(url, kind, number, count, seconds, lot, first)
        program = context.Process(target=_workstation, args=(work, there))
        program.start()
        programs.append(program)
        ends.append(here)
    for end in ends:
        end.recv()
    for end in ends:
        end.send("go")
    times = [each for end in ends for each in end.recv()]
    for program in programs:
        program.join()
    name = "booking" if kind == "book" else "signing"
    return {
        "case": f"{name}, {count} workstations",
        "per_second": round(len(times) / seconds, 1),
        "median_ms": round(median(times) * 1000, 1),
        "p95_ms": round(quantiles(times, n=20)[-1] * 1000, 1),
    }


def _workstation(work: Work, end: Connection) -> None:
    """Runs in a process of its own, without a window: what the server and the services carry."""
    store, services = _enter(work.url)
    end.send("ready")
    end.recv()
    until, times = time.perf_counter() + work.seconds, []
    for done in _works(work, services, store):
        began = time.perf_counter()
        done()
        times.append(time.perf_counter() - began)
        if time.perf_counter() > until:
            break
    end.send(times)
    store.close()


def _works(work: Work, services: Services, store: OpenStore) -> Iterator[Any]:
    """Endless; of a signing only the signature itself is counted."""
    actor, number = store.actor, work.first + work.number
    content = _content(actor.account_id, work.lot)
    while True:
        patient = 1 + number % PATIENTS
        if work.kind == "book":
            day, place = divmod(number, 96)
            start = datetime(2026, 3, 3, 6) + timedelta(days=day % DAYS, minutes=MINUTES * place)
            booking = Booking(patient, actor.account_id, INJECTION, start, MINUTES, overbook_reason="benchmark")
            yield lambda: services.schedule.book(actor, booking)  # noqa: B023  # called before the next turn
        else:
            draft = services.charts.start(actor, patient)
            context = services.charts.context(actor, patient)
            now = local_now(services.clock, services.clinic.time_zone)
            charted = charting.read(content, context, services.reference, now, at_signing=True)
            answers = tuple(charting.answering(finding, "benchmark") for finding in charted.findings)
            signed = ChartContent(**{name: getattr(content, name) for name in content.__slots__} | {"answers": answers})
            confirmed = Confirmed(actor.account_id, NOW)
            yield lambda: services.charts.sign(actor, draft.id, draft.version, signed, confirmed)  # noqa: B023
        number += work.of


def _content(injector: int, lot: int) -> ChartContent:
    vial = ChartVial(
        key="v1", product="onabotulinumtoxinA", lot_id=lot, lot_number="C1234", expires_on=date(2027, 5, 31),
        size_units=Decimal(100), diluent="saline", diluent_ml="2", reconstituted_at=datetime(2026, 3, 2, 4, 30),
    )  # fmt: skip
    return ChartContent(
        visited_on=TODAY, injector_id=injector, indication="cervical_dystonia", icd10cm="G24.3",
        product="onabotulinumtoxinA", assessment="Turns to the right.", consent=True, plan="Repeat in 12 weeks.",
        interval_weeks=12, vials=(vial,),
        lines=(
            ChartLine("a", "splenius_capitis", Side.RIGHT, "60", guidance=("EMG",), vial="v1"),
            ChartLine("b", "levator_scapulae", Side.RIGHT, "40", guidance=("EMG",), vial="v1"),
        ),
    )  # fmt: skip


def _latency(url: str, changes: int, lot: int) -> dict[str, Any]:
    """A window shows the day; another process moves one appointment to and fro and tells when each commit returned."""
    from PySide6.QtCore import QTimer

    from clinic_app.app import make_application
    from clinic_app.ui.clinic_window import SCHEDULE, ClinicWindow
    from clinic_app.ui.failures import Failures
    from clinic_app.ui.program import Program
    from clinic_app.ui.theme import Look

    application = make_application()
    folder = Path(tempfile.mkdtemp())
    settings = Settings(folder, database_url=url, user_name=USER, passphrase=PASSPHRASE)
    program = Program(settings, lambda: NOW, Look(application), Failures(folder / "logs"))
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    mover = context.Process(target=_mover, args=(url, changes, there))
    seen: list[float] = []
    waiting: list[tuple[int, float]] = []

    def begin(window: ClinicWindow) -> None:
        window.window.show_view(SCHEDULE)
        mover.start()

        def look() -> None:
            while here.poll():
                told = here.recv()
                if told is None:
                    application.quit()
                    return
                waiting.append(told)
            shown = {block.row.version for block in window.schedule.grid.sheet.blocks}
            while waiting and any(version >= waiting[0][0] for version in shown):
                seen.append(time.time() - waiting.pop(0)[1])
                here.send("seen")

        timer = QTimer(window)
        timer.timeout.connect(look)
        timer.start(_SEEN_EVERY_MS)

    program.opened.connect(begin)
    program.start()
    application.exec()
    program.finish()
    mover.join()
    del seen[0]  # it only told that the window is there and shows what is booked
    return {
        "case": "from a commit to another window",
        "changes": len(seen),
        "median_ms": round(median(seen) * 1000, 1),
        "p95_ms": round(quantiles(seen, n=20)[-1] * 1000, 1),
    }


def _mover(url: str, changes: int, end: Connection) -> None:
    store, services = _enter(url)
    actor = store.actor
    starts = (datetime(2026, 3, 2, 12), datetime(2026, 3, 2, 13))
    # No injection: after those that were signed today the next would be too soon.
    booking = Booking(1, actor.account_id, REVIEW, starts[0], MINUTES, overbook_reason="benchmark")
    number, version = services.schedule.book(actor, booking), 1
    end.send((version, time.time()))
    end.recv()
    for change in range(changes):
        version = services.schedule.move(
            actor, number, version, starts_at=starts[1 - change % 2], minutes=MINUTES, injector_id=actor.account_id
        )
        end.send((version, time.time()))
        end.recv()
    end.send(None)
    store.close()


if __name__ == "__main__":
    sys.exit(main())
