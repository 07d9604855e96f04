"""The map itself: clicking, keys, layers, points."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from clinic_app.atlas.atlas import Atlas
from clinic_app.terms import Side
from clinic_app.ui.muscle_map.plate_view import PlateView
from tests.ui.muscle_map.conftest import LEVATOR, POSTERIOR, SPLENIUS, Desk


def _map(desk: Desk) -> PlateView:
    return desk.view.map.view


def test_a_click_without_a_chart_tells_what_the_muscle_does(desk: Desk) -> None:
    desk.show("intermediate")
    desk.click(desk.anchor(SPLENIUS))
    assert desk.view.browse.card.accessibleName() == "Right splenius capitis"
    assert desk.view.browse.card.isVisible()


def test_a_click_adds_the_muscles_line_and_puts_the_focus_into_its_units(desk: Desk) -> None:
    desk.start()
    desk.show("intermediate")
    desk.click(desk.anchor(SPLENIUS))
    assert [(each.muscle, each.side) for each in desk.content.lines] == [SPLENIUS]
    assert desk.content.lines[0].units == ""
    assert desk.row(SPLENIUS).units.hasFocus()


def test_a_second_click_inside_the_chosen_muscle_places_a_point_there(desk: Desk, atlas: Atlas) -> None:
    desk.start()
    desk.show("intermediate")
    where = desk.anchor(SPLENIUS)
    desk.click(where)
    desk.click(where)
    (point,) = desk.content.lines[0].points
    part = next(p for p in atlas.plate(POSTERIOR).layer("intermediate").parts if p.id == point.part)
    assert part.muscle == "splenius_capitis"
    x, y = part.at(point.u, point.t)
    assert abs(x - point.x_mm) < 0.5
    assert abs(y - point.y_mm) < 0.5
    assert part.contains(point.x_mm, point.y_mm)


def test_a_point_is_dragged_within_its_muscle_and_springs_back_outside(desk: Desk) -> None:
    desk.start()
    desk.show("intermediate")
    where = desk.anchor(SPLENIUS)
    desk.click(where)
    desk.click(where)
    before = desk.content.lines[0].points[0]
    desk.drag(where, where + QPoint(0, 14))
    moved = desk.content.lines[0].points[0]
    assert moved.y_mm > before.y_mm
    desk.drag(where + QPoint(0, 14), QPoint(4, 4))
    assert desk.content.lines[0].points[0] == moved


def test_the_keys_choose_a_muscle_place_a_point_move_it_and_remove_it(desk: Desk) -> None:
    desk.start()
    desk.show("intermediate")
    view = _map(desk)
    view.setFocus()
    order = [item.place for item in view.plate_scene.in_order]
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert desk.view.map.selected == order[0]
    assert not desk.content.lines
    view.select(SPLENIUS)
    QTest.keyClick(view, Qt.Key.Key_Space)
    (before,) = desk.content.lines[0].points
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert abs(desk.content.lines[0].points[0].y_mm - before.y_mm - 6) < 0.1
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert desk.content.lines[0].points == ()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert desk.row(SPLENIUS).units.hasFocus()


def test_tab_reaches_every_muscle_in_the_order_of_the_catalogue_and_then_leaves(desk: Desk) -> None:
    desk.show("superficial")
    view = _map(desk)
    view.setFocus()
    visited = []
    for _ in range(len(view.plate_scene.muscles)):
        QTest.keyClick(view, Qt.Key.Key_Tab)
        visited.append(desk.view.map.selected)
    assert visited == [item.place for item in view.plate_scene.in_order]
    assert not view._step(1)


def test_arrows_go_to_the_nearest_muscle_in_their_direction(desk: Desk) -> None:
    desk.show("intermediate")
    view = _map(desk)
    view.select(SPLENIUS)
    QTest.keyClick(view, Qt.Key.Key_Left)
    chosen = desk.view.map.selected
    assert chosen is not None
    assert view.plate_scene.muscles[chosen].anchor.x() < view.plate_scene.muscles[SPLENIUS].anchor.x()


def test_number_keys_change_the_layer_and_hidden_muscles_cannot_be_hit(desk: Desk) -> None:
    desk.show("superficial")
    view = _map(desk)
    QTest.keyClick(view, Qt.Key.Key_3)
    assert view.plate_scene.layer is not None
    assert view.plate_scene.layer.id == "deep"
    assert ("trapezius_pars_descendens", Side.RIGHT) not in view.plate_scene.muscles


def test_a_map_that_is_put_away_keeps_the_pictures_of_the_layer_in_front_alone(desk: Desk) -> None:
    desk.show("superficial")
    desk.settle()
    stage = desk.view.map.scene.stage
    plate, layer = desk.view.map.scene.plate, desk.view.map.scene.layer
    assert plate is not None
    assert layer is not None
    lacking = set(stage.wanted_soon())
    desk.view.hide()
    assert set(stage.wanted_soon()) > lacking  # what was read ahead
    assert layer.neutral not in stage.wanted_soon()
    desk.view.show()
    QTest.keyClick(_map(desk), Qt.Key.Key_3)
    desk.settle()
    assert stage.front is not None
    assert stage.front.path == plate.layers[2].natural


def test_the_menu_of_a_place_offers_what_lies_deeper(desk: Desk) -> None:
    desk.start()
    desk.show("superficial")
    view = _map(desk)
    where = view.plate_scene.muscles["trapezius_pars_descendens", Side.RIGHT].anchor
    menu = view.menu_at(where)
    texts = [action.text() for action in menu.actions()]
    assert texts[0] == "Right upper trapezius"
    deeper = [action for action in menu.actions() if action.text().startswith("Deeper here: ")]
    assert deeper
    deeper[0].trigger()
    assert len(desk.content.lines) == 1
    assert desk.view.map.selected == (desk.content.lines[0].muscle, desk.content.lines[0].side)


def test_of_several_muscles_at_a_place_the_smallest_is_meant(desk: Desk) -> None:
    desk.show("suboccipital")
    scene = _map(desk).plate_scene
    for item in scene.muscles.values():
        hits = scene.hits(item.anchor.x(), item.anchor.y(), 0)
        assert item in hits
        assert [hit.area for hit in hits] == sorted(hit.area for hit in hits)


def test_zoom_stays_within_its_bounds_and_0_fits(desk: Desk) -> None:
    view = _map(desk)
    for _ in range(60):
        view.zoom_by(1.3)
    assert view.zoom <= 16.01
    picture = view.plate_scene.stage.front
    assert picture is not None
    assert view.transform().m11() * view.devicePixelRatioF() <= picture.pixels_per_mm * 3 + 0.01
    for _ in range(80):
        view.zoom_by(0.7)
    assert abs(view.zoom - 0.5) < 0.01
    QTest.keyClick(view, Qt.Key.Key_0)
    assert abs(view.zoom - 1) < 0.01


def test_zoom_keeps_the_place_under_the_pointer(desk: Desk) -> None:
    desk.show("intermediate")
    view = _map(desk)
    pointer = QPointF(view.anchor_in_view(SPLENIUS))
    before = view._to_scene(pointer)
    view.zoom_by(1.7, pointer)
    after = view._to_scene(pointer)
    assert abs(before.x() - after.x()) < 0.5
    assert abs(before.y() - after.y()) < 0.5


def test_the_list_holds_every_muscle_and_side_and_finds_by_three_letters(desk: Desk) -> None:
    tree = desk.view.map.sidebar.tree
    tree.search("")
    muscles = desk.clinic.services.reference.muscles.values()
    assert len(tree.places()) == sum(2 if muscle.paired else 1 for muscle in muscles)
    desk.start()
    search = desk.view.map.sidebar.search.editor
    search.setText("spl cap")
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert (desk.content.lines[0].muscle, desk.row(SPLENIUS).units.hasFocus()) == ("splenius_capitis", True)


def test_a_chosen_muscle_brings_its_layer_to_the_front(desk: Desk) -> None:
    desk.show("superficial")
    desk.view.map.go_to(("semispinalis_capitis", Side.LEFT))
    assert desk.view.map.selected in _map(desk).plate_scene.muscles


def test_two_hundred_points_on_one_muscle_are_all_drawn(desk: Desk) -> None:
    desk.start()
    desk.show("intermediate")
    desk.click(desk.anchor(SPLENIUS))
    for _ in range(200):
        desk.view.map_desk.point_at_anchor(desk.content.lines[0].key)
    assert len(_map(desk).plate_scene.points) == 200


def test_assistive_technology_sees_the_muscles_with_name_and_dose(desk: Desk) -> None:
    desk.start()
    desk.show("intermediate")
    desk.click(desk.anchor(LEVATOR))
    desk.type_units(LEVATOR, "25")
    seen = QAccessible.queryAccessibleInterface(_map(desk))
    assert seen is not None
    assert seen.childCount() == len(_map(desk).plate_scene.muscles)
    named = {}
    for number in range(seen.childCount()):
        child = seen.child(number)
        assert child is not None
        named[child.text(QAccessible.Text.Name)] = child
    levator = named["Right levator scapulae"]
    assert levator.text(QAccessible.Text.Description).startswith("intermediate layer, 25")
    assert levator.rect().isValid()
    assert "Left splenius capitis" in named
