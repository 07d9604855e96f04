"""The weeks ahead as a picture: what stands above it, what a week tells, and how one goes to it."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from clinic_app.services.capacity_data import CapacityAhead, WeekAhead
from clinic_app.ui.schedule.ahead_model import figures, headline, steps
from clinic_app.ui.schedule.ahead_view import AheadView
from clinic_app.ui.theme import DARK, LIGHT, Appearance, Look
from tests.ui.clinic import Clinic

MONDAY = date(2026, 8, 3)


def week(number: int, *, booked: int = 20, free: int = 10, demand: int = 4, overdue: int = 0) -> WeekAhead:
    return WeekAhead(MONDAY + timedelta(weeks=number), booked, free, demand, overdue)


def ahead(*others: WeekAhead, number: int = 26) -> CapacityAhead:
    known = {each.first_day: each for each in others}
    weeks = (week(n) for n in range(number))
    return CapacityAhead(tuple(known.get(each.first_day, each) for each in weeks), 30)


OVERFULL = ahead(week(12, demand=13), week(13, free=0), week(20, demand=40))


@pytest.fixture
def view(look: Look) -> Iterator[AheadView]:
    made = AheadView()
    made.resize(808, 700)
    made.set_ahead(OVERFULL)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def test_the_sentence_above_tells_how_many_weeks_are_overfull_and_when_the_first_begins() -> None:
    assert headline(OVERFULL) == "3 of the next 26 weeks are overfull; the first begins 26 Oct."
    assert headline(ahead(week(12, demand=13))) == "1 of the next 26 weeks is overfull: it begins 26 Oct."
    assert headline(ahead(week(0, demand=13))) == "1 of the next 26 weeks is overfull: this one."
    assert headline(ahead(week(0, demand=13), week(3, free=0))) == (
        "2 of the next 26 weeks are overfull; the first is this week."
    )
    assert headline(ahead()) == "None of the next 26 weeks is overfull."
    nothing = CapacityAhead(tuple(week(n, booked=0, free=0, demand=0) for n in range(26)), 30)
    assert headline(nothing).endswith("Set the injectors' working hours first.")


def test_a_week_is_told_in_words() -> None:
    assert figures(week(0, overdue=3), current=True) == (
        "Week 32 (this week), 3 – 9 August 2026: 20 injections booked, 10 places free,"
        " 4 due and not booked (3 of them overdue)."
    )
    assert figures(week(12, booked=1, free=1, demand=7)) == (
        "Week 44, 26 Oct 2026 – 1 Nov 2026: 1 injection booked, 1 place free, 7 due and not booked."
        " Overfull: 6 more than fit."
    )


def test_a_week_that_is_full_to_the_last_place_is_not_overfull() -> None:
    assert not week(1, free=4, demand=4).overfull
    assert week(1, free=4, demand=5).lacking == 1


def test_the_figures_follow_keyboard_and_mouse(view: AheadView) -> None:
    assert view.figures.text().startswith("Week 32 (this week)")
    QTest.keyClick(view.chart, Qt.Key.Key_Right)
    assert view.figures.text().startswith("Week 33,")
    assert view.chart.accessibleDescription() == view.figures.text()
    place = view.chart.week_place(MONDAY + timedelta(weeks=12))
    assert place is not None
    QTest.mouseMove(view.chart, place.center().toPoint())
    assert view.figures.text().startswith("Week 44,")
    assert "Overfull: 3 more than fit." in view.figures.text()
    QTest.mouseMove(view.chart, QPoint(2, 2))
    assert view.figures.text().startswith("Week 33,")


def test_enter_and_a_click_go_to_the_week(view: AheadView) -> None:
    chosen: list[date] = []
    view.week_chosen.connect(chosen.append)
    QTest.keyClick(view.chart, Qt.Key.Key_PageDown)
    QTest.keyClick(view.chart, Qt.Key.Key_Return)
    place = view.chart.week_place(MONDAY + timedelta(weeks=20))
    assert place is not None
    QTest.mouseClick(view.chart, Qt.MouseButton.LeftButton, pos=place.center().toPoint())
    assert chosen == [MONDAY + timedelta(weeks=4), MONDAY + timedelta(weeks=20)]


def test_the_keyboard_stops_at_both_ends(view: AheadView) -> None:
    for key, weeks in ((Qt.Key.Key_Left, 0), (Qt.Key.Key_End, 25), (Qt.Key.Key_Right, 25), (Qt.Key.Key_Home, 0)):
        QTest.keyClick(view.chart, key)
        current = view.chart.current()
        assert current is not None
        assert current.first_day == MONDAY + timedelta(weeks=weeks)


def test_the_keyboard_stays_at_its_week_when_the_figures_change(view: AheadView) -> None:
    QTest.keyClick(view.chart, Qt.Key.Key_PageDown)
    view.set_ahead(ahead(week(4, booked=21)))
    assert view.figures.text().startswith("Week 36,")
    assert "21 injections booked" in view.figures.text()


def test_without_weeks_there_is_nothing_to_choose(look: Look) -> None:
    empty = AheadView()
    chosen: list[date] = []
    empty.week_chosen.connect(chosen.append)
    QTest.keyClick(empty.chart, Qt.Key.Key_Return)
    QTest.keyClick(empty.chart, Qt.Key.Key_Right)
    assert chosen == []
    assert empty.chart.current() is None
    empty.deleteLater()


@given(st.integers(1, 100_000), st.integers(2, 8))
def test_the_lines_of_the_axis_are_round_few_and_within_it(highest: int, most: int) -> None:
    found = steps(highest, most)
    assert found[0] == 0
    assert found[-1] <= highest
    assert len(found) <= most + 1
    assert all(str(number).rstrip("0") in ("1", "2", "5") for number in found[1:2])


def test_what_is_too_many_sticks_out_in_the_colour_of_a_warning_in_both_themes(view: AheadView, look: Look) -> None:
    for appearance, theme in ((Appearance.DARK, DARK), (Appearance.LIGHT, LIGHT)):
        look.set_appearance(appearance)
        picture = view.chart.grab().toImage()
        weeks = (MONDAY + timedelta(weeks=number) for number in range(26))
        warned = [number for number, day in enumerate(weeks) if theme.warn in colors(view, picture, day)]
        assert warned == [12, 13, 20]


def colors(view: AheadView, picture: QImage, first_day: date) -> set[str]:
    """Every colour in the middle third of a week's column."""
    place = view.chart.week_place(first_day)
    assert place is not None
    ratio, third = picture.devicePixelRatio(), place.width() / 3
    across = range(int((place.left() + third) * ratio), int((place.right() - third) * ratio))
    down = range(int(place.top() * ratio), int(place.bottom() * ratio))
    return {picture.pixelColor(x, y).name().upper() for x in across for y in down}


def test_what_the_service_counts_is_what_the_picture_shows(clinic: Clinic, view: AheadView) -> None:
    patient_id = clinic.patient()
    clinic.visit(patient_id)  # on 21 July: due again on 13 October
    view.set_ahead(clinic.services.capacity.ahead(clinic.actor))
    assert view.headline.text() == "None of the next 26 weeks is overfull."
    for _ in range(10):
        QTest.keyClick(view.chart, Qt.Key.Key_Right)
    assert view.figures.text() == (
        "Week 42, 12 – 18 October 2026: 0 injections booked, 150 places free, 1 due and not booked."
    )
