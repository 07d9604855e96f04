"""Run as a process of its own by the test of four workstations: a whole program with its window, and somebody at work.

Its orders come as one line of JSON, then "show" for what the window shows. What is done goes through the window's own
tasks, one after the other, as if somebody clicked at speed.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from clinic_app.app import make_application
from clinic_app.errors import ClinicError, RecordChanged
from clinic_app.services.chart_data import ChartContent, ChartLine, ChartVial
from clinic_app.services.patient_data import PatientForm
from clinic_app.services.schedule_data import AppointmentRow, Booking
from clinic_app.settings import Settings
from clinic_app.terms import AppointmentState, Side
from clinic_app.ui.clinic_window import SCHEDULE, ClinicWindow
from clinic_app.ui.failures import Failures
from clinic_app.ui.program import Program
from clinic_app.ui.theme import Look
from tests.clinics import PASSPHRASE, sign

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""Monday, five o'clock in New York: the day lies ahead."""
TODAY = date(2026, 3, 2)
MINUTES = 10
OPENS, CLOSES = time(6), time(23)
INJECTION = 1
LOTS = ("C1234", "C5678")


@dataclass(frozen=True, slots=True)
class Orders:
    """Who works here and what at: a desk registers and books ``patients``, a physician injects ``patients``.

    Everybody at a desk adds a line to the note of the patient ``shared`` as well, now and then.
    """

    user: str
    url: str
    data: str
    kind: str
    patients: int
    injectors: tuple[int, ...]
    lots: tuple[int, ...]
    shared: int
    seed: int


class Workstation(QObject):
    """Does its orders step by step; a step that the line broke is clicked again, as a person would."""

    told = Signal(str)

    def __init__(self, orders: Orders) -> None:
        super().__init__()
        self._orders = orders
        self._chance = Random(orders.seed)
        self._window: ClinicWindow | None = None
        self._done = 0
        # Hardly more places than patients, so that the desks fight for them; as many patients for each injector.
        starts = [datetime.combine(TODAY, OPENS) + timedelta(minutes=MINUTES * n) for n in range(orders.patients + 2)]
        self._places = {each: self._chance.sample(starts, len(starts)) for each in orders.injectors}
        self.refused: dict[str, int] = {}
        self.told.connect(self._hear)

    @Slot(object)
    def begin(self, window: ClinicWindow) -> None:
        self._window = window
        window.window.resize(1280, 800)
        window.window.show_view(SCHEDULE)
        _say({"ready": self._orders.user})

    @Slot(str)
    def _hear(self, line: str) -> None:
        if line == "go":
            (self._register if self._orders.kind == "desk" else self._look_for_somebody)()
        elif line == "show":
            _say({"shows": self._shown(), "refused": self.refused})
        else:
            self._at.window.close()

    @property
    def _at(self) -> ClinicWindow:
        assert self._window is not None
        return self._window

    def _step(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        def failed(error: ClinicError) -> None:
            self.refused[error.code] = self.refused.get(error.code, 0) + 1
            QTimer.singleShot(20, self, lambda: self._step(work, then))

        self._at.workplace.tasks.run(work, then, failed, owner=self)

    # --- a desk

    def _register(self) -> None:
        if self._done == self._orders.patients:
            _say({"done": self._orders.user})
            return
        services, actor = self._at.workplace.services, self._at.workplace.actor
        form = PatientForm(
            family_name=f"{self._orders.user}{self._done:03}", given_name="Ada", birth_date=date(1961, 3, 12)
        )
        self._step(lambda: services.patients.register(actor, form), self._book)

    def _book(self, patient: int) -> None:
        services, actor = self._at.workplace.services, self._at.workplace.actor
        injector = self._orders.injectors[self._done % len(self._orders.injectors)]

        def work() -> int | None:
            start = self._places[injector][-1]
            try:
                return services.schedule.book(actor, Booking(patient, injector, INJECTION, start, MINUTES))
            except ClinicError as error:
                if not error.code.startswith("booking_overlap"):
                    raise
                return None

        def then(appointment: int | None) -> None:
            self._places[injector].pop()
            if appointment is None:
                self.refused["taken"] = self.refused.get("taken", 0) + 1
                self._book(patient)
            else:
                self._arrive(appointment)

        self._step(work, then)

    def _arrive(self, appointment: int) -> None:
        services, actor = self._at.workplace.services, self._at.workplace.actor
        arrived = AppointmentState.ARRIVED
        self._step(lambda: services.schedule.set_state(actor, appointment, 1, arrived), lambda _: self._note())

    def _note(self) -> None:
        """Both desks write into one record, each from what it read."""
        self._done += 1
        if self._done % 4:
            self._register()
            return
        services, actor, shared = self._at.workplace.services, self._at.workplace.actor, self._orders.shared
        line = f"{self._orders.user}-{self._done}"

        def work() -> None:
            while True:
                read = services.patients.details(actor, shared)
                if line in read.form.note.split():
                    return
                try:
                    services.patients.save(
                        actor, shared, read.version, replace(read.form, note=f"{read.form.note} {line}".strip())
                    )
                except RecordChanged:
                    self.refused["changed"] = self.refused.get("changed", 0) + 1
                else:
                    return

        self._step(work, lambda _: self._register())

    # --- a physician

    def _look_for_somebody(self) -> None:
        if self._done == self._orders.patients:
            _say({"done": self._orders.user})
            return
        services, actor = self._at.workplace.services, self._at.workplace.actor

        def work() -> AppointmentRow | None:
            board = services.schedule.board(actor, TODAY, 1)
            waiting = (row for row in board.appointments if row.state is AppointmentState.ARRIVED)
            return next((row for row in waiting if row.injector_id == actor.account_id), None)

        def then(row: AppointmentRow | None) -> None:
            if row is None:
                QTimer.singleShot(50, self, self._look_for_somebody)
            else:
                self._inject(row)

        self._step(work, then)

    def _inject(self, row: AppointmentRow) -> None:
        services, actor = self._at.workplace.services, self._at.workplace.actor
        lot = self._done % len(self._orders.lots)
        content = _content(actor.account_id, self._orders.lots[lot], LOTS[lot])

        def begin() -> Any:
            return services.charts.start(actor, row.patient_id, appointment_id=row.id)

        def chart(draft: Any) -> None:
            self._step(lambda: sign(services, actor, draft, content, "discussed"), signed)

        def signed(_: int) -> None:
            self._done += 1
            self._look_for_somebody()

        self._step(begin, chart)

    # --- what it shows

    def _shown(self) -> list[list[Any]]:
        blocks = self._at.schedule.grid.sheet.blocks
        return sorted([block.row.id, block.row.version, block.row.state.value, block.row.visit_id] for block in blocks)


def _content(injector: int, lot: int, number: str) -> ChartContent:
    vial = ChartVial(
        key="v1",
        product="onabotulinumtoxinA",
        lot_id=lot,
        lot_number=number,
        expires_on=date(2027, 5, 31),
        size_units=Decimal(100),
        diluent="saline",
        diluent_ml="2",
        reconstituted_at=datetime(2026, 3, 2, 4, 30),
    )
    return ChartContent(
        visited_on=TODAY,
        injector_id=injector,
        indication="cervical_dystonia",
        icd10cm="G24.3",
        product="onabotulinumtoxinA",
        assessment="Turns to the right.",
        consent=True,
        plan="Repeat in 12 weeks.",
        interval_weeks=12,
        vials=(vial,),
        lines=(
            ChartLine("a", "splenius_capitis", Side.RIGHT, "60", guidance=("EMG",), vial="v1"),
            ChartLine("b", "levator_scapulae", Side.RIGHT, "40", guidance=("EMG",), vial="v1"),
        ),
    )


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


def main() -> None:
    given = json.loads(sys.stdin.readline())
    orders = Orders(**given | {"injectors": tuple(given["injectors"]), "lots": tuple(given["lots"])})
    application = make_application()
    settings = Settings(Path(orders.data), database_url=orders.url, user_name=orders.user, passphrase=PASSPHRASE)
    program = Program(settings, lambda: NOW, Look(application), Failures(Path(orders.data) / "logs"))
    workstation = Workstation(orders)
    program.opened.connect(workstation.begin)
    program.refused.connect(lambda sentence: _say({"refused": sentence}))
    program.start()

    def listen() -> None:
        for line in sys.stdin:
            workstation.told.emit(line.strip())

    Thread(target=listen, daemon=True).start()
    application.exec()
    program.finish()


if __name__ == "__main__":
    main()
