from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QToolTip
from pytestqt.qtbot import QtBot

from clinic_app.services.patient_data import Entry
from clinic_app.services.visit_data import ResponseData, SideEffectForm
from clinic_app.terms import EntryKind, Severity, Side
from clinic_app.timeline.course import Course, CourseVisit, Dose
from clinic_app.timeline.picture import AXIS
from clinic_app.timeline.shapes import Ink
from clinic_app.timeline.stage import NAMES
from clinic_app.ui.patients.timeline_chart import TimelineChart
from clinic_app.ui.patients.timeline_painting import ink_color, screen_writing
from clinic_app.ui.theme import DARK, LIGHT, Appearance, Look
from clinic_app.ui.tokens import contrast
from tests.ui.clinic import TODAY, Clinic
from tests.ui.patients.conftest import Screen, Sit

ONA, SIDES = "onabotulinumtoxinA", (Side.LEFT, Side.RIGHT)
LEFT_NECK = (("sternocleidomastoideus", Side.LEFT),)


def treated(clinic: Clinic, visits: int = 4, **typed: Any) -> tuple[int, list[int]]:
    """A patient with visits twelve weeks apart, the last a week ago, and trouble swallowing after the second."""
    patient = clinic.patient(**typed)
    days = [TODAY - timedelta(days=7 + 84 * number) for number in reversed(range(visits))]
    ids = [clinic.visit(patient, day) for day in days]
    start = days[1] + timedelta(days=8)
    clinic.services.side_effects.record(
        clinic.actor,
        SideEffectForm(
            ids[1], "dysphagia", "", Severity.MODERATE, start, start + timedelta(days=14), "", False, LEFT_NECK
        ),
    )
    clinic.services.visits.record_response(clinic.actor, ids[1], ResponseData(7, 60, 11))
    return patient, ids


def chart(screen: Screen) -> TimelineChart:
    return screen.view.page.timeline.chart


def key(screen: Screen, which: Qt.Key) -> None:
    QTest.keyClick(chart(screen), which)


def wheel(screen: Screen, at: QPointF, turn: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    shown = chart(screen)
    event = QWheelEvent(
        at, at, QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(shown.viewport(), event)


def move(screen: Screen, to: QPoint) -> None:
    """Move the pointer with its button held down."""
    place, left = QPointF(to), Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, place, place, Qt.MouseButton.NoButton, left, none)
    QApplication.sendEvent(chart(screen).viewport(), event)


def test_without_injections_the_tab_teaches_what_will_stand_there(clinic: Clinic, screen: Screen) -> None:
    screen.show(clinic.patient(), "timeline")
    timeline, asked = screen.view.page.timeline, list[tuple[int, bool]]()
    screen.view.new_visit_requested.connect(lambda number, repeat: asked.append((number, repeat)))
    assert timeline.stack.currentWidget() is timeline.empty
    assert "From the first signed visit on" in timeline.empty.sentence()
    timeline.empty.button.click()
    assert [repeat for _, repeat in asked] == [False]


def test_the_keys_go_from_visit_to_visit_say_each_and_open_it(clinic: Clinic, screen: Screen) -> None:
    patient, ids = treated(clinic)
    screen.show(patient, "timeline")
    assert chart(screen).accessibleDescription().startswith("4 visits.")
    key(screen, Qt.Key.Key_End)
    assert chart(screen).selected == ids[3]
    key(screen, Qt.Key.Key_Left)
    key(screen, Qt.Key.Key_Left)
    assert chart(screen).selected == ids[1]
    said = chart(screen).accessibleDescription()
    assert "Visit 2 of 4" in said and "100 U" in said and "12 w after the injection before" in said
    assert "moderate, from day 8" in said and "best 60 %" in said
    key(screen, Qt.Key.Key_Return)
    screen.settle()
    assert screen.view.page.current_tab() == "visits"
    shown = screen.view.page.visits.visit.visit()
    assert shown is not None and shown.id == ids[1]


def test_the_keys_stop_at_both_ends(clinic: Clinic, screen: Screen) -> None:
    patient, ids = treated(clinic)
    screen.show(patient, "timeline")
    key(screen, Qt.Key.Key_Home)
    key(screen, Qt.Key.Key_Left)
    assert chart(screen).selected == ids[0]
    key(screen, Qt.Key.Key_End)
    key(screen, Qt.Key.Key_Right)
    assert chart(screen).selected == ids[3]


def test_a_click_on_a_bar_opens_its_visit_and_a_drag_does_not(clinic: Clinic, screen: Screen) -> None:
    patient, ids = treated(clinic)
    screen.show(patient, "timeline")
    shown, opened = chart(screen), list[int]()
    shown.visit_requested.connect(opened.append)
    shown.zoom(3)
    shown.select(ids[2])
    place = shown.visit_place(ids[2])
    assert place is not None
    bars = shown.picture.dose_lanes()[0]
    at = QPoint(round(place), round(AXIS + shown.picture.top(bars) + bars.height - 12))
    QTest.mousePress(shown.viewport(), Qt.MouseButton.LeftButton, pos=at)
    move(screen, at - QPoint(60, 0))
    QTest.mouseRelease(shown.viewport(), Qt.MouseButton.LeftButton, pos=at - QPoint(60, 0))
    assert opened == []
    moved = shown.visit_place(ids[2])
    assert moved == pytest.approx(place - 60)
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=at - QPoint(60, 0))
    assert opened == [ids[2]]


def test_the_wheel_zooms_and_keeps_the_day_under_the_pointer(clinic: Clinic, screen: Screen) -> None:
    patient, ids = treated(clinic, visits=30)
    screen.show(patient, "timeline")
    shown = chart(screen)
    shown.zoom(2)
    shown.select(ids[20])
    place, before = shown.visit_place(ids[20]), shown.per_day
    assert place is not None
    wheel(screen, QPointF(place, 200), 120)
    assert shown.per_day == pytest.approx(before * 1.25)
    assert shown.visit_place(ids[20]) == pytest.approx(place, abs=1)
    wheel(screen, QPointF(place, 200), 120, Qt.KeyboardModifier.ShiftModifier)
    assert shown.visit_place(ids[20]) == pytest.approx(place + 120, abs=1)
    wheel(screen, QPointF(NAMES / 2, 200), -120)
    assert shown.per_day == pytest.approx(before * 1.25)


def test_a_zoom_ends_where_all_is_seen_and_where_a_week_is_wide(clinic: Clinic, screen: Screen) -> None:
    patient, _ = treated(clinic, visits=30)
    screen.show(patient, "timeline")
    for _ in range(40):
        key(screen, Qt.Key.Key_Plus)
    assert chart(screen).per_day == 14
    for _ in range(60):
        key(screen, Qt.Key.Key_Minus)
    assert chart(screen).horizontalScrollBar().maximum() == 0
    before = chart(screen).per_day
    key(screen, Qt.Key.Key_0)
    assert chart(screen).per_day == before


def test_a_course_of_two_years_is_seen_whole_at_first_and_a_long_one_at_its_latest_years(
    clinic: Clinic, screen: Screen
) -> None:
    short, _ = treated(clinic, visits=8)
    long, ids = treated(clinic, visits=60, given="Ben")
    screen.show(short, "timeline")
    assert chart(screen).horizontalScrollBar().maximum() == 0
    screen.show(long, "timeline")
    bar = chart(screen).horizontalScrollBar()
    assert bar.maximum() > 0 and bar.value() == bar.maximum()
    place = chart(screen).visit_place(ids[-1])
    assert place is not None and NAMES < place < chart(screen).viewport().width()


def test_a_refresh_keeps_zoom_place_and_choice_and_another_patient_begins_anew(clinic: Clinic, screen: Screen) -> None:
    patient, ids = treated(clinic, visits=20)
    other, _ = treated(clinic, given="Ben")
    screen.show(patient, "timeline")
    shown = chart(screen)
    shown.zoom(2.5)
    shown.select(ids[5])
    per_day, place = shown.per_day, shown.horizontalScrollBar().value()
    clinic.services.visits.record_response(clinic.actor, ids[0], ResponseData(3, 40, 9))
    screen.settle()
    assert (shown.per_day, shown.horizontalScrollBar().value(), shown.selected) == (per_day, place, ids[5])
    benefit = shown.picture.course.visits[0].benefit
    assert benefit is not None and benefit.best_percent == 40
    screen.show(other, "timeline")
    assert shown.selected is None
    assert len(shown.picture.course.visits) == 4


def test_the_pointer_is_told_what_lies_under_it(clinic: Clinic, screen: Screen) -> None:
    patient, ids = treated(clinic)
    screen.show(patient, "timeline")
    shown = chart(screen)
    lane = next(lane for lane in shown.picture.muscle_lanes() if lane.muscle == "sternocleidomastoideus")
    place = shown.visit_place(ids[1])
    assert place is not None
    top = shown.picture.top(lane)
    shown.verticalScrollBar().setValue(round(top))
    at = QPoint(round(place), round(AXIS + top - shown.verticalScrollBar().value() + lane.height - 4))
    QApplication.sendEvent(shown.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, shown.viewport().mapToGlobal(at)))
    told = QToolTip.text()
    assert "Sternocleidomastoid, left: 40 U" in told
    assert "moderate, from day 8 for 2 w 1 d" in told
    spot = shown.spot_at(QPointF(20, at.y()))
    assert spot is not None and spot.tell()[0] == "Sternocleidomastoid, left"
    QToolTip.hideText()


def test_what_has_no_date_is_told_beside_the_picture(clinic: Clinic, screen: Screen) -> None:
    patient, _ = treated(clinic, entries=(Entry(EntryKind.MEDICINE, "clonazepam"),))
    screen.show(patient, "timeline")
    assert screen.view.page.timeline.undated.text() == "Without a date, so not on the axis: clonazepam."


def test_the_picture_is_saved_with_whose_it_is_and_printed_on_request(
    clinic: Clinic, screen: Screen, tmp_path: Path
) -> None:
    patient, _ = treated(clinic)
    screen.show(patient, "timeline")
    timeline, dialogs, papers = screen.view.page.timeline, list[QFileDialog](), list[tuple[str, int]]()
    timeline.picture_file.asked.connect(dialogs.append)
    screen.view.document_requested.connect(lambda kind, number: papers.append((kind, number)))
    timeline.picture_button.click()
    screen.settle()
    (dialog,) = dialogs
    dialog.fileSelected.emit(str(tmp_path / "timeline.png"))
    dialog.close()
    screen.settle()
    saved = QImage(str(tmp_path / "timeline.png"))
    assert saved.width() == pytest.approx(2 * (32 + chart(screen).viewport().width()), abs=2)
    assert screen.messages[-1][0] == "The picture is saved."
    screen.view.print_paper()
    assert papers == [("timeline", patient)]


def test_the_summary_ends_with_the_last_years_and_the_way_to_all_of_them(clinic: Clinic, screen: Screen) -> None:
    patient, ids = treated(clinic, visits=12)
    screen.show(clinic.patient("Ben", "Adler"))
    summary = screen.view.page.summary
    assert summary.course.isHidden()
    screen.show(patient)
    assert summary.course.isVisible()
    assert "28 Jul 2026" in summary.course_strip.accessibleDescription()
    assert summary.course_strip.height() > 150
    summary.course_link.click()
    assert screen.view.page.current_tab() == "timeline"
    assert chart(screen).selected == ids[-1]


def test_the_front_desk_has_no_timeline(open_clinic: object, sit: Sit) -> None:
    screen = sit(open_clinic("rosa"))  # type: ignore[operator]  # the fixture's function
    assert "timeline" not in screen.view.page.tab_keys()


def test_the_colours_follow_the_theme_and_stand_out_in_both(clinic: Clinic, screen: Screen, look: Look) -> None:
    patient, _ = treated(clinic)
    screen.show(patient, "timeline")
    light = chart(screen).grab().toImage()
    look.set_appearance(Appearance.DARK)
    QApplication.processEvents()
    assert chart(screen).grab().toImage() != light
    for theme in (LIGHT, DARK):
        for ink in set(Ink) - {Ink.HAIRLINE, Ink.SAME_DOSE}:
            assert contrast(ink_color(ink, theme).name(), theme.surface) >= 3, (ink, theme.dark)


def test_dates_are_written_as_the_person_writes_them() -> None:
    writing = screen_writing()
    assert writing.day(date(2026, 8, 4)) == "4 Aug 2026"
    assert writing.month(date(2026, 8, 1)) == "Aug 2026"


def often_seen() -> Course:
    """A visit every six days for ten years, with eight muscles and sides each."""
    doses = tuple(Dose(name, name, side, ONA, Decimal(20)) for name in ("A", "B", "C", "D") for side in SIDES)
    days = [TODAY - timedelta(days=6 * number + 3) for number in reversed(range(600))]
    visits = tuple(CourseVisit(number, day, "", doses) for number, day in enumerate(days))
    return Course(TODAY, visits, products=((ONA, ONA),))


def test_the_wheel_does_not_wait_for_hundreds_of_visits_which_are_drawn_when_the_zoom_stays(
    look: Look, qtbot: QtBot
) -> None:
    turned, drawn = TimelineChart(), TimelineChart()
    for each in (turned, drawn):
        qtbot.addWidget(each)
        each.resize(1400, 800)
        each.show()
        each.set_course(often_seen(), keep_place=False)
        each.show_all()
        each.grab()
        assert each.settled
    turned.zoom(1.25)
    at_once = turned.grab().toImage()
    assert not turned.settled
    drawn.zoom(1.25)
    drawn.spot_at(QPointF(800, 400))  # what the pointer asks about is drawn at once
    assert drawn.settled

    qtbot.waitUntil(lambda: turned.settled)
    turned.spot_at(QPointF(800, 400))
    assert turned.grab().toImage() == drawn.grab().toImage()
    assert at_once != turned.grab().toImage()
    assert turned.seen() == drawn.seen()
