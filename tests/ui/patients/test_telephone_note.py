"""The telephone note from anywhere in the window: by command and from the schedule."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from clinic_app.terms import Learned
from clinic_app.ui.clinic_window import PATIENTS, ClinicWindow
from clinic_app.ui.failures import Failures
from clinic_app.ui.patient_choice import ChosenPatient
from clinic_app.ui.patients.side_effect_panel import SideEffectPanel
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.theme import Look
from clinic_app.ui.workplace import Workplace
from tests.ui.clinic import Clinic
from tests.ui.keyboard import type_text


@pytest.fixture
def window(
    open_clinic: Callable[[str], Clinic], tasks: Tasks, look: Look, bugs: list[BaseException], tmp_path: Path
) -> Iterator[ClinicWindow]:
    """The front desk's window."""
    clinic = open_clinic("rosa")
    failures = Failures(tmp_path / "logs")
    workplace = Workplace(clinic.services, clinic.actor, tasks, clinic.changes, clinic.services.atlas)
    window = ClinicWindow(workplace, look, failures)
    window.window.show()
    assert tasks.wait_idle()
    yield window
    window.close()
    failures.uninstall()
    assert bugs == []


def test_one_command_asks_for_the_caller_wherever_the_person_is(window: ClinicWindow, tasks: Tasks) -> None:
    window.window.show_view("schedule")
    window.window.find_anything.open()
    search = window.window.find_anything.search
    type_text(search.editor, "telephone")
    QTest.keyClick(search.editor, Qt.Key.Key_Return)
    assert tasks.wait_idle()
    assert window.window.current_view() == PATIENTS
    assert "find who is calling" in window.patients.call.text()


def test_the_schedules_search_leads_to_the_note_of_whom_it_found(
    window: ClinicWindow, clinic: Clinic, tasks: Tasks
) -> None:
    patient = clinic.patient()
    clinic.visit(patient)
    row = clinic.services.patients.search(clinic.actor, "Okafor")[0]
    window.window.show_view("schedule")
    choice = window.schedule.booking_form.patient_choice
    choice.choose(ChosenPatient(row.id, row.name, row.birth_date, row.record_number))
    choice.telephone.click()
    assert tasks.wait_idle()

    assert window.window.current_view() == PATIENTS
    panel = window.patients.page.effects.panel()
    assert isinstance(panel, SideEffectPanel)
    assert (panel.patient_id, panel.learned.value()) == (patient, Learned.TELEPHONE)
