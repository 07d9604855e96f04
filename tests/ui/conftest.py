"""The window's look, an empty settings file and British dates for every test of the window, and a clinic to open."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QSettings
from PySide6.QtWidgets import QApplication, QWidget

from clinic_app.reference import Reference
from clinic_app.services.bundle import Services
from clinic_app.services.stores import unlock
from clinic_app.ui.changes import Changes
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.theme import Appearance, Look
from tests.clinics import PASSPHRASE, SealedClinic, StandingClock
from tests.ui.clinic import NINE, Clinic
from tests.ui.desk import Desk


@pytest.fixture(scope="session")
def look(qapp: QApplication) -> Look:
    return Look(qapp, Appearance.LIGHT)


@pytest.fixture(autouse=True)
def british(look: Look) -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)
    look.set_appearance(Appearance.LIGHT)


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def bugs() -> list[BaseException]:
    return []


@pytest.fixture
def tasks(look: Look, bugs: list[BaseException]) -> Iterator[Tasks]:
    running = Tasks(bugs.append)
    yield running
    running.close()


@pytest.fixture
def open_clinic(
    sealed_clinic: SealedClinic, tmp_path: Path, look: Look, reference: Reference
) -> Iterator[Callable[[str], Clinic]]:
    """Opens this test's copy of the view's sealed clinic as a person; every change is announced as in the window."""
    opened: list[Clinic] = []
    settings = sealed_clinic.copy(tmp_path / "clinic")

    def as_person(user_name: str) -> Clinic:
        clock, changes = StandingClock(NINE), Changes()
        store = unlock(settings, user_name, PASSPHRASE, clock, changes.announce)
        services = Services(
            store.database, clock, reference, key_file=settings.key_file, research_key=store.research_key
        )
        opened.append(Clinic(clock, store, services, changes))
        return opened[-1]

    yield as_person
    for clinic in opened:
        clinic.store.database.close()


@pytest.fixture
def clinic(open_clinic: Callable[[str], Clinic]) -> Clinic:
    return open_clinic("ruth")


@pytest.fixture
def put_on_screen(tasks: Tasks, bugs: list[BaseException]) -> Iterator[Callable[[Desk[Any]], None]]:
    """Shows a view as large as a common window has room for, and closes it at the end; then no bug was met."""
    views: list[QWidget] = []

    def put(desk: Desk[Any]) -> None:
        views.append(desk.view)
        desk.view.resize(1368, 820)
        desk.view.show()
        desk.settle()

    yield put
    for view in views:
        view.close()
        view.deleteLater()
    # A pause after typing that still runs must not ask after the lanes are closed.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert bugs == []
