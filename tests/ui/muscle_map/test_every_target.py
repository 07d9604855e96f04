"""Every muscle of the catalogue, on each of its sides, can be reached: by name, by mouse, by Tab, in the list."""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from clinic_app.atlas.atlas import Atlas
from clinic_app.reference.catalogue import Reference
from clinic_app.terms import Side
from clinic_app.ui.muscle_map.map_area import MapArea
from clinic_app.ui.muscle_map.map_state import Place
from clinic_app.ui.muscle_map.muscle_tree import sides_of
from clinic_app.ui.tasks import Tasks
from tests.ui.muscle_map.conftest import mouse


@pytest.fixture
def area(atlas: Atlas, reference: Reference, tasks: Tasks) -> Iterator[MapArea]:
    map_area = MapArea(atlas, reference, tasks)
    map_area.resize(1000, 860)
    map_area.show()
    yield map_area
    assert tasks.wait_idle(20)
    map_area.close()
    map_area.deleteLater()


def every_place(reference: Reference) -> list[Place]:
    return [(muscle.id, side) for muscle in reference.muscles.values() for side in sides_of(muscle)]


def by_plate(atlas: Atlas, places: list[Place]) -> list[Place]:
    """In the order of the plates that show them best, so that pictures are read once."""
    return sorted(places, key=lambda place: atlas.shown_on(place[0], place[1].value)[0])


def test_each_target_is_found_by_name_shown_on_its_plate_and_chosen_by_a_click(
    area: MapArea, atlas: Atlas, reference: Reference
) -> None:
    pressed: list[Place] = []
    listed: list[Place] = []
    area.muscle_pressed.connect(lambda muscle, side, spot: pressed.append((muscle, side)))
    area.units_wanted.connect(lambda muscle, side: listed.append((muscle, side)))
    for place in by_plate(atlas, every_place(reference)):
        tree = area.sidebar.tree
        tree.search(reference.muscles[place[0]].name)
        assert place in tree.places()[:8], place
        tree.choose(place)
        assert listed[-1] == place
        assert area.selected == place
        assert (area.plate_id, area.scene.layer and area.scene.layer.id) in atlas.shown_on(place[0], place[1].value)
        area.view.fit()
        item = area.scene.muscles[place]
        if area.scene.hits(item.anchor.x(), item.anchor.y(), 0)[0] is not item:
            area.view.zoom_to_muscle(place)
        mouse(area.view.viewport(), area.view.anchor_in_view(place))
        assert pressed[-1] == place, place


def test_every_target_is_a_stop_of_the_tab_key_on_some_layer(area: MapArea, atlas: Atlas, reference: Reference) -> None:
    reached: set[Place] = set()
    for summary in atlas.summaries():
        for number in range(len(summary.layers)):
            area.show_plate(summary.id, summary.layers[number][0])
            area.select(None)
            area.view.setFocus()
            for _ in range(len(area.scene.muscles)):
                QTest.keyClick(area.view, Qt.Key.Key_Tab)
                assert area.selected is not None
                reached.add(area.selected)
    assert set(every_place(reference)) - reached == set()


def test_the_list_holds_every_target_under_its_region(area: MapArea, reference: Reference) -> None:
    tree = area.sidebar.tree
    tree.search("")
    assert sorted(tree.places()) == sorted(every_place(reference))
    under = defaultdict(set)
    for number in range(tree.topLevelItemCount()):
        region = tree.topLevelItem(number)
        assert region is not None
        names = (region.child(n) for n in range(region.childCount()))
        under[region.text(0)] = {name.text(0) for name in names if name is not None}
    assert "Splenius capitis" in under["Neck"]
    assert "Vocalis" in under["Larynx"]


def test_every_region_of_the_figure_leads_to_a_plate_of_that_region(area: MapArea) -> None:
    figure = area.sidebar.figure
    assert figure is not None
    QApplication.processEvents()
    for button in figure.buttons:
        button.click()
        summary = area.summary
        assert summary is not None
        assert summary.region == button.area.region
        assert not button.area.side or button.area.side in summary.sides


def test_page_keys_walk_through_every_plate_and_x_to_the_other_side(area: MapArea, atlas: Atlas) -> None:
    names = [summary.id for summary in atlas.summaries()]
    area.show_plate(names[0])
    walked = []
    for _ in names:
        QTest.keyClick(area.view, Qt.Key.Key_PageDown)
        walked.append(area.plate_id)
    assert walked == [*names[1:], names[0]]
    QTest.keyClick(area.view, Qt.Key.Key_PageUp)
    assert area.plate_id == names[-1]
    area.show_plate("forearm_anterior_right", "deep")
    QTest.keyClick(area.view, Qt.Key.Key_X)
    assert area.plate_id == "forearm_anterior_left"
    assert area.scene.layer is not None
    assert area.scene.layer.id == "deep"


@pytest.mark.parametrize(("plate", "side"), [("hand_palmar_left", Side.LEFT), ("hand_palmar_right", Side.RIGHT)])
def test_a_plate_of_one_side_shows_that_side_alone(area: MapArea, plate: str, side: Side) -> None:
    area.show_plate(plate)
    assert {place[1] for place in area.scene.muscles} == {side}
