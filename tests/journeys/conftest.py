"""The whole program on a real clinic: set up in a folder, opened with its passphrase, closed and opened again."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from clinic_app.models.keys import Cost
from clinic_app.reference.catalogue import load_reference
from clinic_app.services.bundle import build_services
from clinic_app.services.stores import NewClinic, set_up, unlock
from clinic_app.settings import Settings
from clinic_app.terms import LabelRegion, PaperSize, Role
from clinic_app.ui.failures import Failures
from clinic_app.ui.program import Program
from clinic_app.ui.theme import Appearance, Look

PASSPHRASE = "four unrelated words here"
USER = "ellison"
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # Monday, ten o'clock in New York


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A clinic with one physician who holds every role, and two lots on the shelf."""
    settings = Settings(data=tmp_path / "clinic", user_name=USER, passphrase=PASSPHRASE)
    set_up(
        settings,
        NewClinic(
            name="Port Alder Movement Clinic",
            country="US",
            time_zone="America/New_York",
            language="en",
            paper_size=PaperSize.LETTER,
            label_region=LabelRegion.US,
            full_name="Dr. Mara Ellison",
            user_name=USER,
            roles=frozenset(Role),
            passphrase=PASSPHRASE,
        ),
        lambda: NOW,
        cost=Cost(1, 8, 1),
    )
    store = unlock(settings, USER, PASSPHRASE, lambda: NOW)
    services = build_services(store.database, lambda: NOW, load_reference())
    for number, expires_on in (("C2222", date(2027, 9, 30)), ("C1111", date(2026, 8, 31))):
        services.stock.receive(
            store.actor,
            product="onabotulinumtoxinA",
            number=number,
            size_units=Decimal(100),
            expires_on=expires_on,
            vials=4,
        )
    store.database.close()
    return settings


@pytest.fixture
def open_program(qapp: QApplication, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Starts the program on a clinic at a moment and waits until its window is there."""
    look = Look(qapp, Appearance.LIGHT)
    failures = Failures(tmp_path / "logs")
    bugs: list[BaseException] = []
    started: list[Program] = []

    class Telling(Failures):
        def bug(self, error: BaseException) -> None:
            bugs.append(error)

    failures = Telling(tmp_path / "logs")

    def start(settings: Settings, moment: datetime = NOW) -> Program:
        program = Program(settings, lambda: moment, look, failures)
        started.append(program)
        program.start()
        assert program.tasks.wait_idle(60)
        return program

    yield start
    for program in started:
        program.finish()
    if bugs:
        raise bugs[0]
