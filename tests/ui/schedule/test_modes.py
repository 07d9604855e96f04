"""Day, week, month, weeks ahead and list: what leads from one to the other, and what is printed of each."""

from datetime import date, datetime

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from clinic_app.ui.schedule.calendar import WEEKS_AHEAD
from clinic_app.ui.schedule.grid_model import Mode
from tests.services.statements import counted
from tests.ui.clinic import TODAY, Clinic
from tests.ui.schedule.conftest import Sit


def test_a_day_of_the_month_leads_to_that_day(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient(), datetime(2026, 8, 20, 10))
    desk = sit(clinic)
    desk.view.set_mode(Mode.MONTH)
    desk.settle()
    days = desk.view.month_view.days
    place = days.day_place(date(2026, 8, 20))
    assert place is not None
    QTest.mouseClick(days, Qt.MouseButton.LeftButton, pos=place.center().toPoint())
    desk.settle()
    assert (desk.view.mode, desk.view.day) == (Mode.DAY, date(2026, 8, 20))
    assert [block.row.id for block in desk.view.grid.sheet.blocks] == [number]


def test_the_month_steps_by_months_and_counts_what_is_booked_there(clinic: Clinic, sit: Sit) -> None:
    clinic.book(clinic.patient(), datetime(2026, 9, 8, 10))
    desk = sit(clinic)
    desk.view.set_mode(Mode.MONTH)
    desk.view.toolbar.after.click()
    desk.settle()
    assert desk.view.toolbar.heading.text() == "September 2026"
    cell = desk.view.month_view.days.sheet.cell(date(2026, 9, 8))
    assert cell is not None
    assert cell.booked == 1


def test_a_week_ahead_leads_to_that_week(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    desk.view.toolbar.modes.press("Ahead")
    desk.settle()
    chart = desk.view.ahead_view.chart
    assert desk.view.loaded is not None
    assert desk.view.loaded.ahead is not None
    assert len(desk.view.loaded.ahead.weeks) == WEEKS_AHEAD
    QTest.keyClick(chart, Qt.Key.Key_Right)
    QTest.keyClick(chart, Qt.Key.Key_Return)
    desk.settle()
    assert (desk.view.mode, desk.view.grid.sheet.days[0]) == (Mode.WEEK, date(2026, 8, 10))


def test_an_appointment_asked_for_is_seen_on_its_day_whatever_was_shown(clinic: Clinic, sit: Sit) -> None:
    number = clinic.book(clinic.patient(), datetime(2026, 8, 20, 10))
    desk = sit(clinic)
    for mode in (Mode.MONTH, Mode.AHEAD):
        desk.view.set_mode(mode)
        desk.settle()
        desk.view.show_appointment(number)
        desk.settle()
        assert desk.view.mode is Mode.DAY
        assert desk.view.grid.selected == number


def test_a_booking_begun_in_the_month_goes_on_in_the_day(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    desk.view.set_mode(Mode.MONTH)
    desk.settle()
    desk.view.new_item()
    assert desk.view.mode is Mode.DAY
    assert desk.view.panels.currentWidget() is desk.view.booking_form


def test_the_week_prints_as_a_week_of_those_shown_and_a_day_as_a_day(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    printed: list[object] = []
    desk.view.week_list_requested.connect(lambda day, injectors: printed.append((day, injectors)))
    desk.view.day_list_requested.connect(printed.append)
    desk.view.side.injectors[clinic.injector("Dr Ruth Abara")].click()
    desk.view.set_mode(Mode.WEEK)
    desk.settle()
    desk.view.print_paper()
    desk.view.set_mode(Mode.DAY)
    desk.settle()
    desk.view.print_paper()
    assert printed == [(date(2026, 8, 3), frozenset({clinic.injector("Dr Mei Chen")})), TODAY]


def test_a_narrow_toolbar_says_the_day_shorter_instead_of_cutting_it(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    heading = desk.view.toolbar.heading
    heading.resize(400, 30)
    assert heading.text_shown() == "Tuesday 4 August 2026"
    heading.resize(heading.fontMetrics().horizontalAdvance("Tue 4 Aug 2026") + 2, 30)
    assert heading.text_shown() == "Tue 4 Aug 2026"


def test_from_week_to_week_only_the_week_is_read_until_a_commit_concerns_today(clinic: Clinic, sit: Sit) -> None:
    desk = sit(clinic)
    desk.view.set_mode(Mode.WEEK)
    desk.settle()
    with counted(clinic.store.database) as sent:
        desk.view.toolbar.after.click()
        desk.settle()
    assert sum("patient.given_name" in statement for statement in sent) == 1
    number = clinic.book(clinic.patient(), datetime.combine(TODAY, datetime.min.time().replace(hour=16)))
    desk.settle()
    desk.view.toolbar.after.click()
    desk.settle()
    assert desk.view.loaded is not None
    assert [row.id for row in desk.view.loaded.today.appointments] == [number]
