"""What others save is on the screen by itself, and moves nothing of what one is at."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QTest

from clinic_app.reference import Reference
from clinic_app.services.bundle import Services
from clinic_app.services.patient_data import PatientForm
from clinic_app.services.schedule_data import Booking
from clinic_app.services.stores import OpenStore, unlock
from clinic_app.settings import Settings
from clinic_app.ui.clinic_window import PATIENTS, SCHEDULE
from clinic_app.ui.program import Program
from tests.clinics import PASSPHRASE
from tests.journeys.conftest import NOW, USER
from tests.waiting import until

REVIEW = 3
EARLY = datetime(2026, 3, 2, 11)


def seen(happened: Callable[[], object]) -> None:
    """Let the window live until it shows something."""

    def look() -> object:
        QCoreApplication.processEvents()
        return happened()

    until(look)


@pytest.fixture
def elsewhere(settings: Settings, reference: Reference) -> tuple[OpenStore, Services]:
    """Another workstation."""
    store = unlock(settings, USER, PASSPHRASE, lambda: NOW)
    return store, Services(store.database, lambda: NOW, reference)


def test_an_appointment_that_another_desk_moves_moves_here_and_nothing_else(
    settings: Settings, open_program: Callable[..., Program], elsewhere: tuple[OpenStore, Services]
) -> None:
    store, services = elsewhere
    actor = store.actor
    booked = []
    for number in range(2):
        form = PatientForm(family_name=f"Name{number}", given_name="Ada", birth_date=date(1961, 3, 12))
        patient = services.patients.register(actor, form)
        start = EARLY + timedelta(hours=number)
        booked.append(services.schedule.book(actor, Booking(patient, actor.account_id, REVIEW, start, 30)))
    program = open_program(settings)
    window = program.clinic_window
    assert window is not None
    window.window.show_view(SCHEDULE)
    window.schedule.show_appointment(booked[0])
    assert program.tasks.wait_idle()
    grid = window.schedule.grid
    assert grid.selected == booked[0]
    bar = grid.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    scrolled = bar.value()
    later = EARLY + timedelta(hours=4)
    services.schedule.move(actor, booked[1], 1, starts_at=later, minutes=30, injector_id=actor.account_id)

    def shown() -> dict[int, datetime]:
        return {block.row.id: block.row.starts_at for block in grid.sheet.blocks}

    seen(lambda: shown().get(booked[1]) == later)
    assert grid.selected == booked[0]
    assert bar.value() == scrolled
    store.close()


def test_what_is_being_typed_about_a_patient_stays_while_others_save(
    settings: Settings, open_program: Callable[..., Program], elsewhere: tuple[OpenStore, Services]
) -> None:
    store, services = elsewhere
    actor = store.actor
    form = PatientForm(family_name="Okafor", given_name="Ada", birth_date=date(1961, 3, 12), phone="1")
    patient = services.patients.register(actor, form)
    program = open_program(settings)
    window = program.clinic_window
    assert window is not None
    window.show_patient(patient)
    assert program.tasks.wait_idle()
    window.patients.edit_item()
    assert program.tasks.wait_idle()
    form_page = window.patients.form()
    assert form_page is not None
    typing: Any = form_page.fields.parts()["address"]  # the kind of field is the form's own
    typing.editor.setFocus()
    QTest.keyClicks(typing.editor, "12 Harbor St")
    details = services.patients.details(actor, patient)
    services.patients.save(actor, patient, details.version, replace(details.form, phone="2"))
    services.patients.register(actor, replace(form, family_name="Newcomer", record_number=""))

    def names() -> set[str]:
        return {row.family_name for row in window.patients.finder.rows()}

    seen(lambda: "Newcomer" in names())
    assert typing.value() == "12 Harbor St"
    assert window.window.current_view() == PATIENTS
    # The save shows theirs and mine only where they clash: here nothing does.
    window.patients.save_item()
    assert program.tasks.wait_idle()
    saved = services.patients.details(actor, patient).form
    if saved.address != "12 Harbor St":  # both are shown field by field, with nothing left open
        window.patients.save_item()
        assert program.tasks.wait_idle()
        saved = services.patients.details(actor, patient).form
    assert (saved.phone, saved.address) == ("2", "12 Harbor St")
    store.close()
