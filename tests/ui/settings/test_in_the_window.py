"""The settings among the other views: what they say goes to the message line, and where their links lead."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from clinic_app.services.patient_data import PatientForm
from clinic_app.services.schedule_data import Booking
from clinic_app.ui.clinic_window import RECALL, SCHEDULE, SETTINGS, ClinicWindow
from clinic_app.ui.failures import Failures
from clinic_app.ui.settings.view import SettingsView
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.theme import Look
from tests.ui.clinic import Clinic
from tests.ui.desk import settle


def test_what_must_be_booked_again_is_one_click_away_and_a_change_is_undone_from_the_message_line(
    open_clinic: Callable[[str], Clinic], tasks: Tasks, look: Look, bugs: list[BaseException], tmp_path: Path
) -> None:
    clinic = open_clinic("ellison")
    services, actor, day = clinic.services, clinic.actor, date(2026, 8, 12)
    reyes = clinic.injector("Dr. Tomas Reyes")
    services.working_times.set_hours(actor, reyes, dict.fromkeys(range(5), ((time(8), time(12)),)))
    form = PatientForm(given_name="Ada", family_name="Okafor", birth_date=date(1961, 3, 12))
    patient = services.patients.register(actor, form)
    services.schedule.book(actor, Booking(patient, reyes, 3, datetime.combine(day, time(9)), 20))
    closure = services.working_times.close(actor, day, day, "Training")
    failures = Failures(tmp_path / "logs")
    window = ClinicWindow(clinic.workplace(tasks), look, failures)
    window.window.show()
    window.window.show_view(SETTINGS)
    view = window.window.view(SETTINGS)
    assert isinstance(view, SettingsView)
    view.show_page(view.closures)
    settle(tasks)
    table = view.closures.closures.table
    table.select(table.rows_model.row_at(0))
    QTest.mouseClick(view.closures.closures.end_button, Qt.MouseButton.LeftButton)
    settle(tasks)
    assert services.rebooking.rows(actor) == ()
    assert window.window.messages.text() == "The closure Wed 12 Aug 2026 is taken away."
    window.window.messages.undo()
    settle(tasks)
    assert [row.id for row in services.working_times.closures(actor)] == [closure]
    QTest.mouseClick(view.closures.rebook.link, Qt.MouseButton.LeftButton)
    settle(tasks)
    assert window.window.current_view() == RECALL
    assert window.recall is not None
    (row,) = window.recall.rebook.list.table.rows_model.rows()
    assert (row.injector_id, row.starts_at) == (reyes, datetime.combine(day, time(9)))
    QTest.mouseClick(window.recall.rebook.move_button, Qt.MouseButton.LeftButton)
    settle(tasks)
    assert window.window.current_view() == SCHEDULE
    move_form = window.schedule.appointment_panel.move_form
    assert move_form.isVisible()
    move_form.fields.date_field.set_value(day + timedelta(days=1))
    move_form.action.click()
    settle(tasks)
    assert services.rebooking.rows(actor) == ()
    window.close()
    failures.uninstall()
    assert bugs == []
