"""The month at a glance: what each day tells, and how one goes to it."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtTest import QTest

from clinic_app.services.capacity_data import DayCapacity, InjectorDay, MonthCapacity
from clinic_app.services.schedule_data import Injector
from clinic_app.ui.schedule.month_model import free_text, month_sheet, month_span, tooltip_text
from clinic_app.ui.schedule.month_view import MonthView
from clinic_app.ui.schedule.swatches import Legend
from clinic_app.ui.theme import Appearance, Look
from tests.ui.clinic import TODAY, Clinic

RUTH, MEI = Injector(1, "Dr Ruth Abara"), Injector(2, "Dr Mei Chen")


def worked(injector: int = 1, *, booked: int = 5, overbooked: int = 0, free: int = 10) -> InjectorDay:
    return InjectorDay(injector, 450, 30 * booked, booked, overbooked, 30 * free, free)


def month(*days: DayCapacity, first: date = date(2026, 8, 1), number: int = 31) -> MonthCapacity:
    """August 2026, in which the given days differ from one without hours."""
    known = {day.day: day for day in days}
    span = [first + timedelta(days=n) for n in range(number)]
    none = tuple(InjectorDay(each.id, 0, 0, 0, 0, 0, 0) for each in (RUTH, MEI))
    return MonthCapacity(tuple(known.get(day, DayCapacity(day, none)) for day in span), (RUTH, MEI), 30)


BUSY = DayCapacity(TODAY, (worked(1, overbooked=1), worked(2, booked=15, free=0)))
CLOSED = DayCapacity(
    date(2026, 8, 20), (InjectorDay(1, 0, 0, 2, 0, 0, 0), InjectorDay(2, 0, 0, 0, 0, 0, 0)), "Burst pipe"
)
AWAY = DayCapacity(date(2026, 8, 21), (worked(1), InjectorDay(2, 0, 0, 1, 0, 0, 0, away="Congress")))
FULL = DayCapacity(date(2026, 8, 24), (worked(1, booked=15, free=0), worked(2, booked=15, free=0)))


@pytest.fixture
def view(look: Look) -> Iterator[MonthView]:
    made = MonthView(TODAY)
    made.resize(808, 770)
    made.set_month(month(BUSY, CLOSED, AWAY, FULL))
    made.show()
    yield made
    made.close()
    made.deleteLater()


def said(view: MonthView, day: date) -> str:
    view.days.set_current(day)
    return view.days.accessibleDescription()


@given(st.dates(date(1990, 1, 1), date(2100, 12, 1)), st.integers(1, 7))
def test_a_month_is_shown_in_whole_weeks_and_no_more_of_them_than_it_needs(day: date, first_weekday: int) -> None:
    start, days = month_span(day, first_weekday)
    assert (start.isoweekday(), days % 7) == (first_weekday, 0)
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    assert start <= first < start + timedelta(days=7)
    assert start + timedelta(days=days - 7) <= last < start + timedelta(days=days)


def test_the_weeks_begin_as_the_persons_locale_has_it(view: MonthView) -> None:
    assert view.days.sheet.cells[0].day.weekday() == 0
    QLocale.setDefault(QLocale("en_US"))
    view.set_month(month(BUSY))
    assert view.days.sheet.cells[0].day.weekday() == 6
    assert MonthView.span(TODAY) == (date(2026, 7, 26), 42)


def test_a_span_of_whole_weeks_shows_the_month_in_its_middle() -> None:
    start, days = month_span(TODAY, 1)
    sheet = month_sheet(month(BUSY, first=start, number=days), None, 1)
    assert sheet.month == date(2026, 8, 1)
    assert [cell.day for cell in sheet.cells if not cell.in_month] == [
        *(date(2026, 7, 27) + timedelta(days=n) for n in range(5)),
        *(date(2026, 9, 1) + timedelta(days=n) for n in range(6)),
    ]


def test_a_day_tells_what_is_booked_free_and_overbooked(view: MonthView) -> None:
    assert said(view, TODAY) == "Tuesday 4 August, today, 20 booked, 10 places of 30 min free, 1 overbooked"
    assert said(view, FULL.day) == "Monday 24 August, 30 booked, no 30 min free"
    assert said(view, CLOSED.day) == "Thursday 20 August, Closed: Burst pipe, 2 booked"
    assert said(view, AWAY.day) == "Friday 21 August, 6 booked, 10 places of 30 min free, Dr Mei Chen away"
    assert said(view, date(2026, 8, 22)) == "Saturday 22 August, nobody works, nothing booked"


def test_only_what_lies_ahead_is_called_free_or_full() -> None:
    sheet = month_sheet(month(BUSY, FULL), None, 1)
    busy, full, saturday = (sheet.cell(day) for day in (TODAY, FULL.day, date(2026, 8, 22)))
    assert busy is not None
    assert full is not None
    assert saturday is not None
    assert [free_text(cell, 30, TODAY) for cell in (busy, full, saturday)] == ["10 free", "Full", ""]
    assert free_text(busy, 30, TODAY + timedelta(days=1)) == ""
    assert free_text(busy, 0, TODAY) == "", "a clinic without injections has no places"


def test_the_tooltip_tells_a_day_injector_by_injector(view: MonthView) -> None:
    place = view.days.day_place(TODAY)
    assert place is not None
    assert view.days.tooltip_at(place.center()).split("\n") == [
        "Tuesday 4 August",
        "Dr Ruth Abara: 5 booked, 150 of 450 min; 10 places of 30 min free; 1 overbooked",
        "Dr Mei Chen: 15 booked, 450 of 450 min; no 30 min free",
    ]
    cells = {cell.day: cell for cell in view.days.sheet.cells}
    assert tooltip_text(cells[AWAY.day], 30, TODAY).split("\n")[-1] == "Dr Mei Chen: away: Congress, 1 still booked"
    assert tooltip_text(cells[CLOSED.day], 30, TODAY).split("\n") == [
        "Thursday 20 August", "Closed: Burst pipe", "Dr Ruth Abara: no hours, 2 booked",
    ]  # fmt: skip


def test_only_the_ticked_injectors_count(view: MonthView) -> None:
    view.set_month(month(BUSY, AWAY), frozenset({2}))
    assert said(view, TODAY) == "Tuesday 4 August, today, 15 booked, no 30 min free"
    view.set_month(month(BUSY), frozenset())
    assert said(view, TODAY) == "Tuesday 4 August, today, nobody works, nothing booked"


def test_a_click_and_enter_choose_the_day(view: MonthView) -> None:
    chosen: list[date] = []
    view.day_chosen.connect(chosen.append)
    place = view.days.day_place(AWAY.day)
    assert place is not None
    QTest.mouseClick(view.days, Qt.MouseButton.LeftButton, pos=place.center().toPoint())
    QTest.keyClick(view.days, Qt.Key.Key_Right)
    QTest.keyClick(view.days, Qt.Key.Key_Return)
    assert chosen == [AWAY.day, AWAY.day + timedelta(days=1)]
    QTest.mouseClick(view.days, Qt.MouseButton.LeftButton, pos=QPoint(400, 4))
    assert len(chosen) == 2, "the names of the days are no days"


def test_the_keyboard_walks_through_the_days_and_asks_for_the_month_it_leaves_to(view: MonthView) -> None:
    wanted: list[date] = []
    view.month_wanted.connect(wanted.append)
    for key, day in (
        (Qt.Key.Key_Right, date(2026, 8, 5)),
        (Qt.Key.Key_Down, date(2026, 8, 12)),
        (Qt.Key.Key_Up, date(2026, 8, 5)),
        (Qt.Key.Key_Left, TODAY),
    ):
        QTest.keyClick(view.days, key)
        assert view.days.current == day
    assert wanted == []
    QTest.keyClick(view.days, Qt.Key.Key_PageDown)
    assert wanted == [date(2026, 9, 4)]
    view.set_month(month(first=date(2026, 9, 1), number=30))
    assert view.days.current == date(2026, 9, 4), "the keyboard goes on where it was"
    QTest.keyClick(view.days, Qt.Key.Key_Home)
    assert wanted[-1] == TODAY
    QTest.keyClick(view.days, Qt.Key.Key_PageUp)
    assert wanted[-1] == date(2026, 7, 4)


def test_a_month_turned_to_from_outside_puts_the_keyboard_into_it(view: MonthView) -> None:
    view.set_month(month(first=date(2026, 10, 1), number=31))
    assert view.days.current == date(2026, 10, 1)
    view.set_month(month())
    assert view.days.current == TODAY


def test_what_the_service_counts_is_what_the_month_shows(clinic: Clinic, view: MonthView) -> None:
    data = clinic.services.capacity.month(clinic.actor, *MonthView.span(TODAY))
    view.set_month(data)
    cell = view.days.sheet.cell(date(2026, 8, 5))
    assert cell is not None
    assert (cell.free_places, cell.booked, cell.booked_share) == (30, 0, 0.0)


def test_a_legend_that_is_too_long_for_one_line_gets_as_many_as_it_needs(view: MonthView) -> None:
    (legend,) = view.findChildren(Legend)
    view.resize(808, 770)
    wide = legend.height()
    view.resize(430, 560)
    assert legend.height() == legend.heightForWidth(legend.width()) > wide
    assert legend.geometry().bottom() < view.height()


def test_every_kind_of_day_is_painted_in_both_themes_and_small(view: MonthView, look: Look) -> None:
    for appearance in (Appearance.DARK, Appearance.LIGHT):
        look.set_appearance(appearance)
        for width, height in ((808, 770), (430, 340)):
            view.resize(width, height)
            picture = view.grab().toImage()
            ground = picture.pixelColor(4, 4)
            place = view.days.day_place(TODAY)
            assert place is not None
            ratio = picture.devicePixelRatio()
            bar = picture.pixelColor(int((place.left() + 10) * ratio), int((place.bottom() - 12) * ratio))
            assert bar != ground, "the bar stands at the foot of the cell"
