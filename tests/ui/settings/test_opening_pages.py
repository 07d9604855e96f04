"""Working hours, single days, closures and holidays in the window, and what must be booked again because of them."""

from collections.abc import Callable
from datetime import date, datetime, time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from clinic_app.services.calendar_data import SingleDay
from clinic_app.services.openings import Span
from clinic_app.services.patient_data import PatientForm
from clinic_app.services.public_holidays import HolidayChoice
from clinic_app.services.schedule_data import Booking
from clinic_app.terms import Role
from clinic_app.ui.settings.closures_page import ClosuresPage
from clinic_app.ui.settings.hours_page import HoursPage
from clinic_app.ui.settings.spans_editor import Moment
from tests.ui.keyboard import press, type_text
from tests.ui.settings.conftest import SettingsDesk

Open = Callable[[Role], SettingsDesk]
MORNING: Span = (time(8), time(12))


def click(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def retype(moment: Moment, text: str, leave_with: Qt.Key = Qt.Key.Key_Tab) -> None:
    moment.setFocus()
    moment.editor.selectAll()
    type_text(moment.editor, text)
    press(moment.editor, leave_with)


def reyes(desk: SettingsDesk) -> int:
    return desk.workplace.services.working_times.weeks(desk.workplace.actor)[0].injector_id


def weekly(desk: SettingsDesk) -> dict[int, tuple[Span, ...]]:
    return dict(desk.workplace.services.working_times.weeks(desk.workplace.actor)[0].weekly)


def single(desk: SettingsDesk) -> tuple[SingleDay, ...]:
    return desk.workplace.services.working_times.weeks(desk.workplace.actor)[0].single


def book(desk: SettingsDesk, at: datetime) -> int:
    services, actor = desk.workplace.services, desk.workplace.actor
    form = PatientForm(given_name="Ada", family_name="Okafor", birth_date=date(1961, 3, 12))
    patient = services.patients.register(actor, form)
    return services.schedule.book(actor, Booking(patient, reyes(desk), 3, at, 20, room_id=1))


@pytest.fixture
def desk(open_settings: Open) -> SettingsDesk:
    """A manager, and Dr. Reyes who works mornings from Monday to Friday."""
    desk = open_settings(Role.MANAGER)
    times, actor = desk.workplace.services.working_times, desk.workplace.actor
    times.set_hours(actor, reyes(desk), dict.fromkeys(range(5), (MORNING,)))
    return desk


@pytest.fixture
def hours(desk: SettingsDesk) -> HoursPage:
    desk.view.show_page(desk.view.hours)
    desk.settle()
    return desk.view.hours


@pytest.fixture
def closures(desk: SettingsDesk) -> ClosuresPage:
    desk.view.show_page(desk.view.closures)
    desk.settle()
    return desk.view.closures


# the week


def test_an_hour_counts_as_soon_as_it_is_left_and_can_be_taken_back(desk: SettingsDesk, hours: HoursPage) -> None:
    monday = hours.week.days[0]
    retype(monday.fields[0].closes, "1130", Qt.Key.Key_Return)
    desk.settle()
    assert weekly(desk)[0] == ((time(8), time(11, 30)),)
    assert desk.messages[-1][0] == "Dr. Tomas Reyes: Monday changed."
    desk.undo()
    assert weekly(desk)[0] == (MORNING,)
    assert monday.fields[0].closes.value() == time(12)


def test_a_second_span_is_waited_for_until_it_is_whole(desk: SettingsDesk, hours: HoursPage) -> None:
    tuesday = hours.week.days[1]
    click(tuesday.add_button)
    retype(tuesday.fields[1].opens, "13")
    desk.settle()
    assert (tuesday.error(), weekly(desk)[1]) == ("", (MORNING,)), "its end is typed next"
    retype(tuesday.fields[1].closes, "17")
    desk.settle()
    assert weekly(desk)[1] == (MORNING, (time(13), time(17)))
    click(tuesday.fields[0].remove)
    desk.settle()
    assert weekly(desk)[1] == ((time(13), time(17)),)
    desk.undo()
    assert weekly(desk)[1] == (MORNING, (time(13), time(17)))
    assert len(tuesday.fields) == 2


def test_a_span_left_half_typed_is_asked_about_and_nothing_typed_goes(desk: SettingsDesk, hours: HoursPage) -> None:
    monday, tuesday = hours.week.days[:2]
    click(monday.add_button)
    retype(monday.fields[1].opens, "13")
    tuesday.fields[0].opens.setFocus()
    desk.settle()
    assert monday.error() == "Type both when it begins and when it ends."
    hours.refresh()
    desk.settle()
    assert monday.fields[1].opens.value() == time(13)
    retype(monday.fields[1].closes, "11")
    assert monday.error() == "These hours must end after they begin."
    retype(monday.fields[1].opens, "9")
    assert monday.error().startswith("These hours share time with others")
    retype(monday.fields[1].opens, "nine")
    assert monday.error().startswith("Write a time, such as")
    assert weekly(desk)[0] == (MORNING,)
    retype(monday.fields[1].opens, "13")
    retype(monday.fields[1].closes, "15")
    desk.settle()
    assert (monday.error(), weekly(desk)[0]) == ("", (MORNING, (time(13), time(15))))


def test_monday_is_copied_to_the_other_working_days_in_one_change(desk: SettingsDesk, hours: HoursPage) -> None:
    retype(hours.week.days[0].fields[0].opens, "7")
    desk.settle()
    click(hours.week.copy_button)
    desk.settle()
    assert weekly(desk) == dict.fromkeys(range(5), ((time(7), time(12)),))
    desk.undo()
    assert [spans[0][0].hour for spans in weekly(desk).values()] == [7, 8, 8, 8, 8]


def test_a_day_off_gets_hours_and_the_last_hours_of_a_day_make_it_one(desk: SettingsDesk, hours: HoursPage) -> None:
    saturday, friday = hours.week.days[5], hours.week.days[4]
    click(saturday.add_button)
    click(friday.fields[0].remove)
    desk.settle()
    assert sorted(weekly(desk)) == [0, 1, 2, 3, 5]
    assert weekly(desk)[5] == ((time(9), time(12)),)


# single days


def fill(hours: HoursPage, first: str, last: str, reason: str) -> None:
    click(hours.single.new_button)
    form = hours.single.form
    type_text(form.first_day.editor, first)
    type_text(form.last_day.editor, last)
    type_text(form.reason.editor, reason)


def test_days_away_say_what_is_booked_in_them_and_are_taken_back(desk: SettingsDesk, hours: HoursPage) -> None:
    booked = book(desk, datetime(2026, 8, 12, 9))
    book(desk, datetime(2026, 8, 14, 9))
    fill(hours, "10/8/2026", "12/8/2026", "Congress")
    press(hours.single.form.reason.editor, Qt.Key.Key_Return)
    desk.settle()
    assert [day.day.day for day in single(desk)] == [10, 11, 12]
    assert desk.messages[-1][0] == ("Dr. Tomas Reyes: away 10 Aug 2026 – 12 Aug 2026. 1 booked appointment lies in it.")
    assert hours.rebook.text().startswith("1 booked appointment lies on closed days")
    assert [row.appointment_id for row in desk.workplace.services.rebooking.rows(desk.workplace.actor)] == [booked]
    asked: list[bool] = []
    desk.view.rebook_requested.connect(lambda: asked.append(True))
    click(hours.rebook.link)
    assert asked == [True]
    desk.undo()
    assert single(desk) == ()
    assert hours.rebook.text() == ""


def test_other_hours_over_a_span_go_to_the_days_that_are_worked(desk: SettingsDesk, hours: HoursPage) -> None:
    fill(hours, "7/8/2026", "10/8/2026", "")
    form = hours.single.form
    form.what.set_value("other_hours")
    form.what.changed.emit()
    click(form.save)
    assert form.what.error().startswith("Add the hours of these days")
    click(form.hours.add_button)
    retype(form.hours.fields[0].opens, "14")
    retype(form.hours.fields[0].closes, "18")
    click(form.save)
    desk.settle()
    assert single(desk) == (
        SingleDay(date(2026, 8, 7), ((time(14), time(18)),)),
        SingleDay(date(2026, 8, 10), ((time(14), time(18)),)),
    )
    (run,) = hours.single.table.rows_model.rows()
    hours.single.table.select(run)
    click(hours.single.remove_button)
    desk.settle()
    assert single(desk) == ()
    desk.undo()
    assert len(single(desk)) == 2


def test_what_is_wrong_with_single_days_stands_under_its_field(desk: SettingsDesk, hours: HoursPage) -> None:
    form = hours.single.form
    fill(hours, "12/8/2026", "10/8/2026", " ")
    click(form.save)
    assert form.reason.error().startswith("Write why")
    type_text(form.reason.editor, "Congress")
    click(form.save)
    assert form.last_day.error() == "The last day lies before the first."
    form.last_day.set_value(date(2028, 8, 10))
    click(form.save)
    desk.settle()
    assert form.last_day.error() == "At most 366 days at once. Choose an earlier last day."
    form.first_day.set_value(date(2026, 8, 8))
    form.last_day.set_value(date(2026, 8, 9))
    form.what.set_value("other_hours")
    form.what.changed.emit()
    click(form.hours.add_button)
    click(form.save)
    assert form.last_day.error().startswith("None of these days is worked")
    assert form.reason.value() == "Congress"
    assert single(desk) == ()


# closures


def test_days_are_closed_for_all_or_one_and_opened_again(desk: SettingsDesk, closures: ClosuresPage) -> None:
    book(desk, datetime(2026, 8, 12, 9))
    desk.settle()
    section = closures.closures
    for whose, first in ((0, "12/8/2026"), (reyes(desk), "20/8/2026")):
        click(section.new_button)
        type_text(section.form.first_day.editor, first)
        section.form.whose.set_value(whose)
        type_text(section.form.reason.editor, "Training")
        press(section.form.reason.editor, Qt.Key.Key_Return)
        desk.settle()
    assert [said for said, _ in desk.messages] == [
        "Closed Wed 12 Aug 2026. 1 booked appointment lies in it.",
        "Dr. Tomas Reyes: closed Thu 20 Aug 2026.",
    ]
    assert closures.rebook.text().startswith("1 booked appointment lies")
    rows = section.table.rows_model.rows()
    assert [row.injector for row in rows] == ["", "Dr. Tomas Reyes"]
    section.table.select(rows[0])
    assert section.end_button.text() == "Take this closure away"
    click(section.end_button)
    desk.settle()
    assert closures.rebook.text() == ""
    desk.undo()
    assert [row.reason for row in section.table.rows_model.rows()] == ["Training", "Training"]
    assert closures.rebook.text() != ""


def test_what_is_wrong_with_a_closure_stands_under_its_field(desk: SettingsDesk, closures: ClosuresPage) -> None:
    section = closures.closures
    click(section.new_button)
    form = section.form
    click(form.save)
    assert form.first_day.error() == "First day is missing."
    type_text(form.first_day.editor, "1/8/2026")
    type_text(form.reason.editor, "Flood")
    click(form.save)
    desk.settle()
    assert form.last_day.error() == "These days have passed. Choose a last day from today on."
    assert form.reason.value() == "Flood"
    type_text(form.last_day.editor, "31/7/2026")
    click(form.save)
    assert form.last_day.error() != ""
    press(form.reason.editor, Qt.Key.Key_Escape)
    assert form.isHidden()
    assert section.table.rows_model.rows() == []


# holidays


def test_holidays_are_kept_of_a_region_and_one_of_them_worked(desk: SettingsDesk, closures: ClosuresPage) -> None:
    times, actor, section = desk.workplace.services.working_times, desk.workplace.actor, closures.holidays
    assert (section.days, section.region.isHidden()) == ({}, True)
    section.kept.editor.toggle()
    desk.settle()
    assert times.holidays(actor)[0] == HolidayChoice(True, "")
    assert "Lincoln" not in str(list(section.days))
    section.region.set_value("NY")
    section.region.changed.emit()
    desk.settle()
    lincoln = next(row for row in section.days if row.name.startswith("Lincoln"))
    assert section.days[lincoln].editor.text() == "Fri 12 Feb 2027 · Lincoln's Birthday"
    section.days[lincoln].editor.toggle()
    desk.settle()
    assert [row.day for row in times.holidays(actor)[1] if row.worked] == [lincoln.day]
    for _, back in reversed(desk.messages):
        assert back is not None
        back()
    desk.settle()
    assert times.holidays(actor)[0] == HolidayChoice(False, "")
    assert not section.kept.value()
    assert section.days == {}
