"""The small body figure: pointer, keys, marks."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinic_app.atlas.atlas import Atlas
from clinic_app.resources import resource_path
from clinic_app.terms import Side
from clinic_app.ui.muscle_map.body_figure import AreaButton, BodyFigureView


@pytest.fixture
def figure(qtbot: QtBot) -> Iterator[BodyFigureView]:
    shapes = Atlas(resource_path("atlas", "baked")).figure()
    assert shapes is not None
    view = BodyFigureView(shapes)
    qtbot.addWidget(view)
    view.resize(176, view.heightForWidth(176))
    view.show()
    QApplication.processEvents()
    yield view


def area(figure: BodyFigureView, region: str, side: str, view: str = "front") -> AreaButton:
    return next(b for b in figure.buttons if (b.area.region, b.area.side, b.view) == (region, side, view))


def inside(button: AreaButton) -> QPoint:
    """A place of the area's mask, in the figure."""
    mask, size = button.mask(), button.size()
    places = (QPoint(x, y) for y in range(size.height() // 2, size.height()) for x in range(size.width()))
    return button.geometry().topLeft() + next(place for place in places if mask.contains(place))


def test_a_click_picks_the_region_on_the_patients_side(figure: BodyFigureView) -> None:
    picked: list[tuple[str, str, str]] = []
    figure.region_picked.connect(lambda *what: picked.append(what))
    for side in ("right", "left"):
        button = area(figure, "forearm", side)
        target = figure.childAt(inside(button))
        assert target is button
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=inside(button) - button.geometry().topLeft())
    assert picked == [("forearm", "right", "front"), ("forearm", "left", "front")]


def test_seen_from_the_front_the_patients_right_is_on_the_left(figure: BodyFigureView) -> None:
    front = [area(figure, "hand", side).geometry().center().x() for side in ("right", "left")]
    back = [area(figure, "hand", side, "back").geometry().center().x() for side in ("left", "right")]
    assert front == sorted(front)
    assert back == sorted(back)


def test_one_area_is_a_stop_of_the_tab_key_and_arrows_go_on(figure: BodyFigureView) -> None:
    def stops() -> list[AreaButton]:
        return [b for b in figure.buttons if b.focusPolicy() & Qt.FocusPolicy.TabFocus]

    assert len(stops()) == 1
    thigh = area(figure, "hip_thigh", "right")
    thigh.setFocus()
    assert stops() == [thigh]
    QTest.keyClick(thigh, Qt.Key.Key_Down)
    reached = figure.focusWidget()
    assert isinstance(reached, AreaButton)
    assert (reached.area.region, reached.area.side) == ("leg", "right")
    picked: list[tuple[str, str, str]] = []
    figure.region_picked.connect(lambda *what: picked.append(what))
    QTest.keyClick(reached, Qt.Key.Key_Return)
    assert picked == [("leg", "right", "front")]


def test_areas_say_what_they_are(figure: BodyFigureView) -> None:
    assert area(figure, "forearm", "right").accessibleName() == "Right forearm, front"
    assert area(figure, "face", "").toolTip() == "Face, front"


def test_treated_regions_are_marked(figure: BodyFigureView) -> None:
    def colour() -> int:
        return figure.grab().toImage().pixel(inside(area(figure, "forearm", "left")))

    before = colour()
    figure.set_treated([("forearm", Side.LEFT)])
    assert colour() != before
    figure.set_treated([])
    assert colour() == before
