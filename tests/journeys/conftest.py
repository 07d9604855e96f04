"""The whole program on a real clinic in a folder and on a server: opened with its passphrase, closed, opened again."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from clinic_app.reference.catalogue import load_reference
from clinic_app.services.bundle import Services
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings
from clinic_app.ui.failures import Failures
from clinic_app.ui.program import Program
from clinic_app.ui.theme import Appearance, Look
from tests.both_kinds import server as server
from tests.both_kinds import store_kind as store_kind
from tests.clinics import PASSPHRASE, PORT_ALDER, SealedClinic, seal
from tests.postgres import PostgresServer

USER = "ellison"
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # Monday, ten o'clock in New York


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory, server: PostgresServer | None) -> SealedClinic:
    """A clinic with one physician who holds every role, and two lots on the shelf."""
    answers = replace(PORT_ALDER, language="en")
    sealed = seal(tmp_path_factory.mktemp("clinics") / "sealed", answers, NOW, {}, server)
    store = unlock(sealed.settings, USER, PASSPHRASE, lambda: NOW)
    services = Services(store.database, lambda: NOW, load_reference())
    for number, expires_on in (("C2222", date(2027, 9, 30)), ("C1111", date(2026, 8, 31))):
        services.stock.receive(
            store.actor,
            product="onabotulinumtoxinA",
            number=number,
            size_units=Decimal(100),
            expires_on=expires_on,
            vials=4,
        )
    store.close()
    return sealed


@pytest.fixture
def settings(stocked: SealedClinic, tmp_path: Path) -> Settings:
    """The stocked clinic for one test, whose physician is let in at the start."""
    return replace(stocked.copy(tmp_path / "clinic"), user_name=USER, passphrase=PASSPHRASE)


@pytest.fixture(scope="session")
def look(qapp: QApplication) -> Look:
    """One for all: each new one would style whatever earlier tests left for Qt to delete."""
    return Look(qapp, Appearance.LIGHT)


@pytest.fixture
def open_program(look: Look, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Starts the program on a clinic at a moment and waits until its window is there."""
    look.set_appearance(Appearance.LIGHT)
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
    # Windows that wait to be deleted would be styled again with every window of the next test.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if bugs:
        raise bugs[0]
