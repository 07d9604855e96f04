"""The settings of a clinic whose manager injects nobody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from clinic_app.terms import Role
from clinic_app.ui.settings.view import SettingsView
from clinic_app.ui.tasks import Tasks
from tests.clinics import PORT_ALDER, SealedClinic, seal
from tests.ui.clinic import Clinic
from tests.ui.desk import Desk

SettingsDesk = Desk[SettingsView]


@pytest.fixture(scope="session")
def sealed_clinic(tmp_path_factory: pytest.TempPathFactory) -> SealedClinic:
    answers = replace(PORT_ALDER, roles=frozenset({Role.MANAGER}))
    people = {"reyes": ("Dr. Tomas Reyes", Role.PHYSICIAN)}
    began = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
    return seal(tmp_path_factory.mktemp("clinics") / "sealed", answers, began, people)


@pytest.fixture
def open_settings(
    open_clinic: Callable[[str], Clinic], put_on_screen: Callable[[SettingsDesk], None], tasks: Tasks
) -> Callable[[Role], SettingsDesk]:
    def as_person(role: Role) -> SettingsDesk:
        workplace = open_clinic("ellison" if role is Role.MANAGER else "reyes").workplace(tasks)
        desk = Desk(SettingsView(workplace), workplace)
        desk.view.undo_offered.connect(lambda said, undo: desk.messages.append((said, undo)))
        put_on_screen(desk)
        return desk

    return as_person
