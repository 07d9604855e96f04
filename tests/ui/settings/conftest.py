"""A clinic in a real encrypted store, and the settings on it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from clinic_app.models.keys import Cost
from clinic_app.reference.catalogue import load_reference
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services, build_services
from clinic_app.services.stores import NewClinic, add_person, set_up, unlock
from clinic_app.settings import Settings
from clinic_app.terms import LabelRegion, PaperSize, Role
from clinic_app.ui.changes import Changes
from clinic_app.ui.settings.view import SettingsView
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.workplace import Workplace

PASSPHRASE = "four unrelated words here"
CHEAP = Cost(passes=1, memory_kib=8, lanes=1)


def standing_clock() -> datetime:
    return datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@dataclass
class Desk:
    """The settings view and the services behind it."""

    view: SettingsView
    services: Services
    tasks: Tasks
    actor: Actor
    offers: list[tuple[str, Callable[[], object]]]

    def settle(self) -> None:
        """Until everything asked was answered and shown."""
        for _ in range(3):
            assert self.tasks.wait_idle()
            QCoreApplication.processEvents()


@pytest.fixture
def open_settings(tmp_path: Path, tasks: Tasks) -> Iterator[Callable[[Role], Desk]]:
    settings = Settings(data=tmp_path / "clinic")
    answers = NewClinic(
        "Port Alder Movement Clinic",
        "US",
        "America/New_York",
        "en-US",
        PaperSize.LETTER,
        LabelRegion.US,
        "Dr. Mara Ellison",
        "ellison",
        frozenset({Role.MANAGER}),
        PASSPHRASE,
    )
    set_up(settings, answers, standing_clock, cost=CHEAP)
    changes = Changes()
    store = unlock(settings, "ellison", PASSPHRASE, standing_clock, changes.announce)
    add_person(
        settings,
        store,
        standing_clock,
        full_name="Dr. Tomas Reyes",
        user_name="reyes",
        roles=frozenset({Role.PHYSICIAN}),
        passphrase=PASSPHRASE,
        cost=CHEAP,
    )
    services = build_services(store.database, standing_clock, load_reference())
    accounts = {row.user_name: row for row in services.clinics.accounts(store.actor)}
    desks: list[Desk] = []

    def make(role: Role) -> Desk:
        row = accounts["ellison" if role is Role.MANAGER else "reyes"]
        actor = Actor(row.id, row.user_name, row.full_name, row.roles)
        view = SettingsView(Workplace(services, actor, tasks, changes, services.atlas))
        desk = Desk(view, services, tasks, actor, [])
        view.undo_offered.connect(lambda said, undo: desk.offers.append((said, undo)))
        view.resize(1100, 900)
        view.show()
        desk.settle()
        desks.append(desk)
        return desk

    yield make
    for desk in desks:
        desk.view.close()
        desk.view.deleteLater()
    store.database.close()
