"""A morning of repeat visits, signed one after the other from last patterns, with every click and key counted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from clinic_app.reference.catalogue import load_reference
from clinic_app.services import charting
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.chart_data import Answer, ChartLine, ChartVial, Point
from clinic_app.services.clock import local_now
from clinic_app.services.identity import Confirmed
from clinic_app.services.patient_data import HistoryForm, PatientForm
from clinic_app.services.schedule_data import Booking
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings
from clinic_app.terms import AppointmentState, Side
from clinic_app.ui.clinic_window import ClinicWindow
from clinic_app.ui.program import Program
from tests.clinics import PASSPHRASE
from tests.journeys.conftest import NOW, USER
from tests.journeys.hands import press
from tests.postgres import PostgresServer

SPOT = {
    "splenius_capitis": Point("head_neck_posterior", "splenius_capitis.right", 0.5, 0.4, 30.0, 60.5),
    "levator_scapulae": Point("head_neck_posterior", "levator_scapulae.right", 0.5, 0.4, 30.0, 60.5),
    "sternocleidomastoideus": Point("head_neck_lateral_left", "sternocleidomastoideus.left", 0.5, 0.4, 30.0, 60.5),
}
PIN = "4821"
PATIENTS, ON_A_SERVER = 12, 4
"""What is pressed does not depend on where the clinic is."""
CLICKS, KEYS = 1, 15
"""For each visit, PIN and booked repeat included, as the README says."""


class Hands:
    """One pair of hands: what they press is counted; keys go to whatever has the focus."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.clicks = 0
        self.keys = 0

    @property
    def count(self) -> tuple[int, int]:
        return self.clicks, self.keys

    def wait(self) -> None:
        """Until no work is left and what it changed is laid out."""
        QApplication.processEvents()
        assert self._program.tasks.wait_idle(60)
        QApplication.processEvents()

    def click(self, root: QWidget, label: str) -> None:
        press(root, label)
        self.clicks += 1
        self.wait()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A shortcut counts as one key."""
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, modifier)
        self.keys += 1
        self.wait()

    def on(self, label: str) -> None:
        """What is to be pressed next has the focus already."""
        focus = QApplication.focusWidget()
        assert isinstance(focus, QAbstractButton | QLineEdit), focus
        seen = focus.accessibleName() if isinstance(focus, QLineEdit) else focus.text() or focus.accessibleName()
        assert label in (seen, focus.accessibleName()), (label, seen)


def history_of(settings: Settings, patients: int) -> list[int]:
    """Patients who were injected twelve weeks ago and are booked for this morning; returns the appointments."""
    moment = [NOW - timedelta(weeks=12)]
    store = unlock(settings, USER, PASSPHRASE, lambda: moment[0])
    services = Services(store.database, lambda: moment[0], load_reference())
    actor = store.actor
    services.stock.receive(
        actor,
        product="onabotulinumtoxinA",
        number="C1111",
        size_units=Decimal(100),
        expires_on=date(2026, 8, 31),
        vials=patients,
    )
    choices = services.schedule.choices(actor)
    kind = choices.types[0]
    booked = []
    for number in range(patients):
        patient_id = services.patients.register(
            actor,
            PatientForm(
                family_name=f"Patient{number:02}",
                given_name="Ada",
                birth_date=date(1961, 3, 12),
                history=HistoryForm(indication="cervical_dystonia", icd10cm="G24.3"),
            ),
        )
        visit_id = signed(services, actor, patient_id, moment[0])
        starts_at = datetime(2026, 3, 2, 8, 30) + timedelta(minutes=10 * number)
        booking = Booking(patient_id, actor.account_id, kind.id, starts_at, 10, follows_visit_id=visit_id)
        booked.append(services.schedule.book(actor, booking))
    store.database.close()
    return booked


def signed(services: Services, actor: Actor, patient_id: int, moment: datetime) -> int:
    """What was given twelve weeks ago: 95 of 100 units in 2 mL."""
    draft = services.charts.start(actor, patient_id)
    now = local_now(lambda: moment, "America/New_York")
    vial = ChartVial(
        "v", "onabotulinumtoxinA", None, "A0001", date(2026, 12, 31), Decimal(100), "saline", "2", now,
        wasted="5", waste_reason="Left over after the visit",
    )  # fmt: skip
    given = (
        ("splenius_capitis", Side.RIGHT, "55"),
        ("levator_scapulae", Side.RIGHT, "20"),
        ("sternocleidomastoideus", Side.LEFT, "20"),
    )
    content = replace(
        draft.content,
        product="onabotulinumtoxinA",
        vials=(vial,),
        lines=tuple(
            ChartLine(muscle, muscle, side, units, (SPOT[muscle],) * 2, ("EMG",), "v") for muscle, side, units in given
        ),
        consent=True,
        assessment="Turns to the right.",
        plan="Repeat.",
        interval_weeks=12,
    )
    context = services.charts.context(actor, patient_id)
    charted = charting.read(content, context, services.reference, now, at_signing=True)
    content = replace(content, answers=tuple(Answer(f.check, f.subject, "discussed") for f in charted.findings))
    confirmed = Confirmed(actor.account_id, moment)
    return services.charts.sign(actor, draft.id, draft.version, content, confirmed)


def one_visit(hands: Hands, clinic: ClinicWindow) -> None:
    """From the schedule through the signed visit to the booked repeat, and back in the schedule."""
    control = Qt.KeyboardModifier.ControlModifier
    hands.key(Qt.Key.Key_Down)
    hands.key(Qt.Key.Key_V)
    panel = clinic.muscle_map.panel
    assert panel is not None
    hands.click(panel, "Take C1111, 100\u202fU")
    hands.on("As last time: 2\u202fmL, mixed now")
    hands.key(Qt.Key.Key_Space)
    hands.on("Confirm all 3 carried lines")
    hands.key(Qt.Key.Key_Space)
    hands.key(Qt.Key.Key_Return, control)
    for wanted in ("Waste the rest", "Consent given", "As last time"):
        hands.on(wanted)
        hands.key(Qt.Key.Key_Space)
    hands.on("PIN or passphrase")
    for letter in PIN:
        hands.key(Qt.Key(ord(letter)))
    hands.key(Qt.Key.Key_Return)
    assert clinic.window.current_view() == "schedule"
    hands.key(Qt.Key.Key_Return)
    hands.on("Print card")
    hands.key(Qt.Key.Key_Escape)


def test_a_morning_of_repeats_takes_as_few_clicks_and_keys_as_the_readme_says(
    settings: Settings, open_program: Callable[..., Program], server: PostgresServer | None
) -> None:
    """Visits in a row, each from its last pattern."""
    booked = history_of(settings, PATIENTS if server is None else ON_A_SERVER)
    program = open_program(settings)
    clinic = program.clinic_window
    assert clinic is not None
    services, actor = clinic.workplace.services, clinic.workplace.actor
    services.identity.set_pin(actor, PASSPHRASE, PIN)
    clinic.window.resize(1440, 900)
    hands = Hands(program)
    clinic.window.show_view("schedule")
    hands.wait()
    clinic.schedule.grid.setFocus()
    for _ in booked:
        before = hands.count
        one_visit(hands, clinic)
        assert (hands.clicks, hands.keys) == (before[0] + CLICKS, before[1] + KEYS)
    for appointment_id in booked:
        row = services.schedule.appointment(actor, appointment_id)
        assert row.state is AppointmentState.INJECTED
        visits = services.visits.of_patient(actor, row.patient_id)
        assert [visit.visited_on for visit in visits] == [date(2026, 3, 2), date(2025, 12, 8)]
        repeats = [each for each in services.schedule.of_patient(actor, row.patient_id) if each.id != appointment_id]
        assert [date(2026, 5, 25) <= each.starts_at.date() <= date(2026, 6, 5) for each in repeats] == [True]
