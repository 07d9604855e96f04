"""Ten patients leave one after the other: checked out, booked again, the card printed; every key counted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from clinic_app.models import Appointment
from clinic_app.reference.catalogue import load_reference
from clinic_app.services.bundle import Services
from clinic_app.services.patient_data import HistoryForm, PatientForm
from clinic_app.services.schedule_data import Booking
from clinic_app.services.stores import OpenStore, add_person, unlock
from clinic_app.settings import Settings
from clinic_app.terms import AppointmentState, Role
from clinic_app.ui.pdf_preview import PdfPreview
from clinic_app.ui.program import Program
from tests.clinics import PASSPHRASE
from tests.journeys.conftest import NOW, USER
from tests.ui.clinic import signed_visit

PATIENTS = 10
KEYS = 6
"""For each patient, from the grid to the grid: walk there, check out, book, print, close the card, go back."""


def morning(settings: Settings) -> list[int]:
    """Ten patients who were injected this morning and have nothing booked; returns the appointments."""
    early = NOW - timedelta(hours=2)
    store: OpenStore = unlock(settings, USER, PASSPHRASE, lambda: early)
    add_person(
        settings,
        store,
        lambda: NOW,
        full_name="Sam Whitfield",
        user_name="desk",
        roles=frozenset({Role.FRONT_DESK}),
        passphrase=PASSPHRASE,
    )
    services, actor = Services(store.database, lambda: early, load_reference()), store.actor
    kind = next(each for each in services.schedule.choices(actor).types if each.is_injection)
    booked = []
    for number in range(PATIENTS):
        patient_id = services.patients.register(
            actor,
            PatientForm(
                family_name=f"Patient{number:02}",
                given_name="Ada",
                birth_date=date(1961, 3, 12),
                history=HistoryForm(indication="cervical_dystonia", icd10cm="G24.3"),
            ),
        )
        starts_at = datetime(2026, 3, 2, 8, 30) + timedelta(minutes=5 * number)
        appointment_id = services.schedule.book(actor, Booking(patient_id, actor.account_id, kind.id, starts_at, 5))
        with store.database.writing(actor.account_id, early) as session:
            visit = signed_visit(session, patient_id, actor.account_id, starts_at.date(), early, weeks=12)
            session.flush()
            appointment = session.get_one(Appointment, appointment_id)
            appointment.visit_id, appointment.state = visit.id, AppointmentState.INJECTED
        booked.append(appointment_id)
    store.database.close()
    return booked


class Keys:
    """What is pressed is counted, and goes to whatever has the focus."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.count = 0

    def wait(self) -> None:
        QApplication.processEvents()
        assert self._program.tasks.wait_idle(60)
        QApplication.processEvents()

    def press(self, key: Qt.Key) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)
        self.count += 1
        self.wait()

    def on(self, label: str) -> None:
        """What is to be pressed next has the focus already."""
        focus = QApplication.focusWidget()
        assert isinstance(focus, QPushButton), focus
        assert focus.text() == label


def test_ten_patients_check_out_in_a_row_with_six_keys_each(
    settings: Settings, open_program: Callable[..., Program]
) -> None:
    booked = morning(settings)
    program = open_program(replace(settings, user_name="desk"))
    clinic = program.clinic_window
    assert clinic is not None
    previews: list[PdfPreview] = []
    clinic.paper_shown.connect(previews.append)
    clinic.window.resize(1440, 900)
    clinic.window.show_view("schedule")
    keys = Keys(program)
    keys.wait()
    clinic.schedule.grid.setFocus()
    for number in range(PATIENTS):
        before = keys.count
        keys.press(Qt.Key.Key_Down)
        keys.press(Qt.Key.Key_Space)
        keys.press(Qt.Key.Key_Return)
        keys.on("Print card")
        keys.press(Qt.Key.Key_Space)
        assert len(previews) == number + 1
        previews[-1].activateWindow()
        keys.wait()
        keys.on("Print")
        keys.press(Qt.Key.Key_Escape)
        clinic.window.activateWindow()
        keys.wait()
        keys.press(Qt.Key.Key_Escape)
        assert clinic.schedule.grid.hasFocus()
        assert keys.count == before + KEYS
    services, actor = clinic.workplace.services, clinic.workplace.actor
    for appointment_id in booked:
        row = services.schedule.appointment(actor, appointment_id)
        assert row.state is AppointmentState.CHECKED_OUT
        repeats = [each for each in services.schedule.of_patient(actor, row.patient_id) if each.id != appointment_id]
        assert [date(2026, 5, 25) <= each.starts_at.date() <= date(2026, 6, 12) for each in repeats] == [True]
