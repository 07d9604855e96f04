"""The inbox of a clinic with two injectors, a nurse and a front desk, at nine on a Tuesday morning in August."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from clinic_app.services.visit_data import SideEffectForm
from clinic_app.terms import Role, Severity
from clinic_app.ui.clinic_window import INBOX, ClinicWindow
from clinic_app.ui.failures import Failures
from clinic_app.ui.inbox.view import InboxView
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.theme import Look
from tests.clinics import SealedClinic, seal
from tests.ui.clinic import LONDON, TODAY, Clinic
from tests.ui.desk import settle


@pytest.fixture(scope="session")
def sealed_clinic(tmp_path_factory: pytest.TempPathFactory) -> SealedClinic:
    """Set up half a year ago, so that there was time to treat people."""
    people = {
        "mei": ("Dr Mei Chen", Role.PHYSICIAN), "noor": ("Noor Haddad", Role.NURSE),
        "rosa": ("Rosa Lind", Role.FRONT_DESK),
    }  # fmt: skip
    began = datetime(2026, 2, 1, 8, 0, tzinfo=UTC)
    return seal(tmp_path_factory.mktemp("clinics") / "sealed", LONDON, began, people)


Open = Callable[[Clinic], ClinicWindow]


@pytest.fixture
def open_window(tasks: Tasks, look: Look, bugs: list[BaseException], tmp_path: Path) -> Iterator[Open]:
    """Opens the window of a clinic as its person has it, with the inbox in front."""
    windows: list[ClinicWindow] = []
    failures = Failures(tmp_path / "logs")

    def open_it(clinic: Clinic) -> ClinicWindow:
        window = ClinicWindow(clinic.workplace(tasks), look, failures)
        windows.append(window)
        window.window.resize(1440, 900)
        window.window.show()
        window.window.show_view(INBOX)
        settle(tasks)
        return window

    yield open_it
    settle(tasks)
    for window in windows:
        window.close()
    failures.uninstall()
    assert bugs == []


def inbox(window: ClinicWindow) -> InboxView:
    assert window.inbox is not None
    return window.inbox


def kinds(window: ClinicWindow) -> list[str]:
    """The kinds of the lines shown, from the top."""
    return [row.kind.value for row in inbox(window).list.table.rows_model.rows()]


def flag(clinic: Clinic, visit_id: int, on: date = TODAY) -> int:
    """A red flag: severe trouble swallowing."""
    form = SideEffectForm(
        visit_id=visit_id,
        kind="dysphagia",
        other="",
        severity=Severity.SEVERE,
        started_on=on - timedelta(days=1),
        ended_on=None,
        action="told to come",
        red_flag=True,
        keep_both=True,
    )
    return clinic.services.side_effects.record(clinic.actor, form)
