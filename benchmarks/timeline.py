"""The timeline of a patient with 600 visits: frames of a 1400 x 900 view while it is dragged and zoomed."""

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from benchmarks.measure import Row, row, timed
from clinic_app.terms import Severity, Side
from clinic_app.timeline.course import Benefit, Course, CourseEffect, CourseVisit, Dose
from clinic_app.ui.patients.timeline_chart import TimelineChart
from clinic_app.ui.theme import Appearance, Look

FRAME_MS = 16.0
VISITS = 600
_TODAY, _PRODUCT = date(2026, 8, 4), "onabotulinumtoxinA"
_MUSCLES = ("Splenius capitis", "Sternocleidomastoid", "Levator scapulae", "Trapezius")


def cases() -> Iterator[Row]:
    """Every row about the timeline."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    Look(application, Appearance.LIGHT)
    chart = TimelineChart()
    chart.resize(1400, 900)
    chart.show()
    chart.set_course(long_course(), keep_place=False)
    QApplication.processEvents()
    yield row("timeline of 600 visits: drag among readable bars", FRAME_MS, timed(lambda n: _drag(chart, n)))
    chart.show_all()
    chart.zoom(1.5)
    _ask(chart)
    yield row("timeline of 600 visits: drag with most of them in view", FRAME_MS, timed(lambda n: _drag(chart, n)))
    yield row("timeline of 600 visits: one step of zoom there", FRAME_MS, timed(lambda n: _zoom(chart, n)))
    yield row("timeline of 600 visits: drawn when a zoom stays", None, timed(lambda n: _settle(chart, n)))
    chart.close()


def long_course() -> Course:
    """A visit every six days for ten years, eight muscles and sides each, a side effect after every second one."""
    doses = tuple(
        Dose(name, name, side, _PRODUCT, Decimal(20 + 5 * number))
        for number, name in enumerate(_MUSCLES)
        for side in (Side.LEFT, Side.RIGHT)
    )
    days = [_TODAY - timedelta(days=6 * number + 3) for number in reversed(range(VISITS))]
    visits = tuple(CourseVisit(n, day, "", doses, Benefit(2, 60, 1, 3)) for n, day in enumerate(days))
    effects = tuple(
        CourseEffect(
            n, n, day, "Neck pain", Severity.MILD, day + timedelta(days=1), day + timedelta(days=3),
            ((_MUSCLES[0], Side.LEFT),),
        )
        for n, day in enumerate(days)
        if n % 2
    )  # fmt: skip
    return Course(_TODAY, visits, effects, products=((_PRODUCT, _PRODUCT),))


def _drag(chart: TimelineChart, number: int) -> None:
    bar = chart.horizontalScrollBar()
    if number % 50 == 0:
        bar.setValue(bar.maximum() // 2)
    bar.setValue(bar.value() - 12)
    chart.viewport().repaint()


def _zoom(chart: TimelineChart, number: int) -> None:
    chart.zoom(1.25 if number % 2 else 0.8)
    chart.viewport().repaint()


def _settle(chart: TimelineChart, number: int) -> None:
    _zoom(chart, number)
    _ask(chart)


def _ask(chart: TimelineChart) -> None:
    """What a pointer asks about is drawn at once."""
    chart.spot_at(QPointF(800, 400))
