"""The usual muscles of the patient's components on the map: a hint where to look, never a dose."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, QRectF, QSettings
from PySide6.QtGui import QColor, QImage, QPainter

from clinic_app.services.patient_data import Component
from clinic_app.terms import Side
from clinic_app.ui.muscle_map.accessible import description
from clinic_app.ui.muscle_map.hints import HINT
from clinic_app.ui.muscle_map.overlay import draw_foot
from tests.ui.muscle_map.conftest import LEVATOR, SPLENIUS, Desk

LEFT_SPLENIUS = ("splenius_capitis", Side.LEFT)
LEFT_LEVATOR = ("levator_scapulae", Side.LEFT)


@pytest.fixture
def turning(desk: Desk) -> Desk:
    """A desk whose patient turns to the right."""
    patients, physician = desk.clinic.services.patients, desk.clinic.physician
    known = patients.details(physician, desk.patient)
    form = replace(known.form, components=(Component("torticollis", Side.RIGHT),))
    patients.save(physician, desk.patient, known.version, form)
    desk.start()
    desk.show("intermediate")
    desk.settle()
    return desk


def _seen(desk: Desk, place: tuple[str, Side]) -> QImage:
    """What the viewport shows of a muscle."""
    desk.settle()  # pictures are read in another thread
    view = desk.view.map.view
    view.plate_scene.stage._fade_done()
    rect = view.mapFromScene(view.plate_scene.muscles[place].shape_rect).boundingRect()
    return view.viewport().grab().toImage().copy(rect)


def _teal(image: QImage) -> int:
    """Pixels in the colour of the hint's outline."""
    wanted = QColor(HINT)
    near = 0
    for y in range(image.height()):
        for x in range(image.width()):
            seen = image.pixelColor(x, y)
            far = max(abs(seen.red() - wanted.red()), abs(seen.green() - wanted.green()))
            near += far < 30 and abs(seen.blue() - wanted.blue()) < 30
    return near


def test_the_usual_muscles_are_marked_on_their_sides(turning: Desk) -> None:
    scene = turning.view.map.scene
    assert scene.usual_shown == ("torticollis to the right",)
    assert {SPLENIUS, LEVATOR} <= set(scene._hinted)
    assert LEFT_SPLENIUS not in scene._hinted
    assert _teal(_seen(turning, SPLENIUS)) > 20
    assert _teal(_seen(turning, LEVATOR)) > 20
    assert _teal(_seen(turning, LEFT_LEVATOR)) == 0


def test_a_hint_is_no_dose_and_goes_when_the_muscle_is_charted(turning: Desk) -> None:
    scene = turning.view.map.scene
    assert scene.state.doses == ()
    assert not scene._wants_neutral()
    turning.view.map_desk.ask_units(*SPLENIUS)
    assert SPLENIUS not in scene._hinted
    assert LEVATOR in scene._hinted
    turning.view.undo()
    assert SPLENIUS in scene._hinted


def test_the_hints_can_be_put_away_and_that_is_remembered(turning: Desk) -> None:
    area = turning.view.map
    assert area.sidebar.usual.isVisible()
    area.sidebar.usual.editor.setChecked(False)
    area.sidebar.usual._edited()
    try:
        assert not area.scene.usual_shown
        assert _teal(_seen(turning, SPLENIUS)) == 0
        assert QSettings().value("muscle_map/usual_muscles", True, bool) is False
        turning.show("deep")
        assert not area.scene.usual_shown
    finally:
        area.sidebar.usual.editor.setChecked(True)
        area.sidebar.usual._edited()
    assert area.scene.usual_shown == ("torticollis to the right",)


def test_the_box_is_offered_only_where_there_is_something_usual(desk: Desk) -> None:
    assert not desk.view.map.sidebar.usual.isVisible()
    desk.start()
    assert not desk.view.map.sidebar.usual.isVisible()


def test_the_hint_is_said_and_stands_in_the_tooltip_also_of_a_charted_muscle(turning: Desk) -> None:
    view = turning.view.map.view
    turning.view.map_desk.ask_units(*SPLENIUS)
    assert "usual for torticollis to the right" in description(view, SPLENIUS)
    assert "usual" not in description(view, LEFT_SPLENIUS)
    words = view._tooltip(SPLENIUS, QPointF(-1000, -1000))
    assert "Usual for torticollis to the right" in words


def test_moving_the_plate_makes_no_picture_anew(turning: Desk) -> None:
    """Hints are part of what is made once for a zoom: a pan copies the same pixels as without them."""
    view = turning.view.map.view
    view.viewport().repaint()
    front = view.plate_scene.stage.front
    assert front is not None
    assert front._hints
    made = front._ready.cacheKey()
    view.pan_by(QPointF(14, 9))
    view.viewport().repaint()
    view.pan_by(QPointF(-3, 5))
    view.viewport().repaint()
    assert front._ready.cacheKey() == made


def test_a_hint_that_is_taken_away_leaves_no_trace(turning: Desk) -> None:
    scene = turning.view.map.scene
    scene.set_usual(False)
    clean = _seen(turning, LEVATOR)
    scene.set_usual(True)
    assert _seen(turning, LEVATOR) != clean
    scene.set_usual(False)
    assert _seen(turning, LEVATOR) == clean


def test_the_legend_names_what_is_usual(turning: Desk) -> None:
    def foot(usual: tuple[str, ...]) -> QImage:
        image = QImage(900, 60, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(QColor("white"))
        painter = QPainter(image)
        draw_foot(painter, (900, 60), (), "", usual)
        painter.end()
        return image

    named = foot(("torticollis to the right",))
    without = foot(())
    assert named != without
    room = QRectF(10, 24, 30, 36).toRect()
    assert _teal(named.copy(room)) > 0
    assert _teal(without.copy(room)) == 0
