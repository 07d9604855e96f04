"""A killed program loses nothing that was typed more than a second before."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from clinic_app.reference.catalogue import load_reference
from clinic_app.services.bundle import Services
from clinic_app.services.patient_data import PatientForm
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings
from clinic_app.terms import Side
from clinic_app.ui.program import Program
from tests.clinics import PASSPHRASE
from tests.journeys.conftest import NOW, USER

ROOT = Path(__file__).parent.parent.parent


def test_the_chart_of_a_killed_program_is_found_as_it_was_typed(
    settings: Settings, open_program: Callable[..., Program]
) -> None:
    store = unlock(settings, USER, PASSPHRASE, lambda: NOW)
    services = Services(store.database, lambda: NOW, load_reference())
    form = PatientForm(family_name="Okafor", given_name="Ada", birth_date=date(1961, 3, 12))
    patient_id = services.patients.register(store.actor, form)
    store.database.close()

    charting = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.journeys.charting_until_killed",
            str(settings.data),
            settings.database_url,
            USER,
            PASSPHRASE,
            str(patient_id),
        ],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert charting.stdout is not None
    told = next((line for line in charting.stdout if line.startswith("a second has passed")), "")
    charting.send_signal(signal.SIGKILL)
    charting.wait()
    charting.stdout.close()
    assert told
    assert charting.returncode == -signal.SIGKILL

    program = open_program(settings)
    assert program.clinic_window is not None
    program.clinic_window.show_patient(patient_id)
    assert program.tasks.wait_idle(60)
    services, actor = program.clinic_window.workplace.services, program.clinic_window.workplace.actor
    (draft,) = services.charts.drafts(actor, patient_id)
    program.clinic_window.open_draft(draft.id)
    assert program.tasks.wait_idle(60)
    chart = program.clinic_window.muscle_map.chart
    assert chart is not None
    assert [(line.muscle, line.side, line.units) for line in chart.content.lines] == [
        ("splenius_capitis", Side.LEFT, "47.5")
    ]
