"""Points: their own units, their mirror on the other side, what keeps them when the atlas changes."""

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from clinic_app.atlas.atlas import Atlas
from clinic_app.services.chart_data import Point
from clinic_app.terms import Side
from clinic_app.ui.muscle_map import edits
from tests.ui.muscle_map.conftest import LEVATOR, POSTERIOR, SPLENIUS, Desk

LEFT_SPLENIUS = ("splenius_capitis", Side.LEFT)


def with_points(desk: Desk, units: str, count: int) -> None:
    desk.start()
    desk.show("intermediate")
    desk.click(desk.anchor(SPLENIUS))
    desk.type_units(SPLENIUS, units)
    for _ in range(count):
        desk.view.map_desk.point_at_anchor(desk.content.lines[0].key)


def shown_units(desk: Desk) -> list[str]:
    return [point.text for point in desk.view.map.scene.state.points]


def test_the_units_of_a_muscle_are_shared_equally_by_its_points(desk: Desk) -> None:
    with_points(desk, "60", 3)
    assert shown_units(desk) == ["20", "20", "20"]
    assert desk.row(SPLENIUS).details.points.units.placeholderText() == "20"


def test_a_point_with_units_of_its_own_leaves_the_rest_to_the_others(desk: Desk) -> None:
    with_points(desk, "60", 3)
    fields = desk.row(SPLENIUS).details.points
    fields.show_point(0)
    QTest.keyClicks(fields.units, "30")
    assert shown_units(desk) == ["30", "15", "15"]
    assert desk.content.lines[0].units == "60"
    QTest.mouseClick(fields.share, Qt.MouseButton.LeftButton)
    assert shown_units(desk) == ["20", "20", "20"]


def test_when_every_point_has_its_own_units_the_muscle_has_their_sum(desk: Desk) -> None:
    with_points(desk, "60", 2)
    fields = desk.row(SPLENIUS).details.points
    fields.show_point(0)
    QTest.keyClicks(fields.units, "10")
    QTest.keyClick(fields.units, Qt.Key.Key_Return)
    QTest.keyClicks(fields.units, "12.5")
    assert desk.content.lines[0].units == "22.5"
    assert shown_units(desk) == ["10", "12.5"]


def test_points_that_hold_more_than_the_muscle_are_told(desk: Desk) -> None:
    with_points(desk, "60", 3)
    QTest.keyClicks(desk.row(SPLENIUS).details.points.units, "70")
    assert [problem.sentence for problem in desk.chart.charted.problems] == [
        "The points hold 70 units, the muscle 60. Change the one or the other."
    ]


def test_a_point_focused_on_the_map_offers_its_units_and_the_other_way_round(desk: Desk) -> None:
    with_points(desk, "60", 3)
    key = desk.content.lines[0].key
    desk.view.map.view.focus_point((key, 0))
    assert desk.row(SPLENIUS).details.points._which.text() == "Point 1 of 3"
    desk.view.map.view.focus_point((key, 2))
    assert desk.row(SPLENIUS).details.points._which.text() == "Point 3 of 3"
    QTest.keyClick(desk.row(SPLENIUS).details.points.units, Qt.Key.Key_Up)
    assert desk.view.map.view.focused_point == (key, 1)


def test_units_of_points_are_kept_signed_and_carried_into_the_next_visit(desk: Desk) -> None:
    clinic = desk.clinic
    content = clinic.content()
    points = tuple(
        Point(POSTERIOR, "splenius_capitis.right", 0.5, t, 30, 60, units) for t, units in ((0.4, "25"), (0.6, "35"))
    )
    lines = (replace(content.lines[0], points=points), content.lines[1])
    visit = clinic.signed(desk.patient, replace(content, lines=lines))
    given = clinic.services.visits.details(clinic.physician, visit).injections[0]
    assert [point.units for point in given.points] == ["25", "35"]
    assert list(map(int, given.point_units)) == [25, 35]
    clinic.clock.forward(days=90)
    desk.start(repeat=True)
    assert [point.units for point in desk.content.lines[0].points] == ["25", "35"]


def test_points_are_mirrored_to_the_other_side_in_one_step_without_their_units(desk: Desk) -> None:
    with_points(desk, "60", 2)
    desk.view.map.view.setFocus()
    desk.view.map.select(SPLENIUS)
    QTest.keyClick(desk.view.map.view, Qt.Key.Key_M)
    right, left = desk.content.lines
    assert (left.muscle, left.side, left.units) == (*LEFT_SPLENIUS, "")
    assert [(p.u, p.t, p.x_mm, p.y_mm) for p in left.points] == [(p.u, p.t, -p.x_mm, p.y_mm) for p in right.points]
    assert {p.part for p in left.points} == {"splenius_capitis.left"}
    assert desk.row(LEFT_SPLENIUS).units.hasFocus()
    positions = {key: item.pos() for key, item in desk.view.map.scene.points.items()}
    for number in (0, 1):
        there, here = positions[left.key, number], positions[right.key, number]
        assert (there.x(), there.y()) == (-here.x(), here.y())
    desk.view.undo()
    assert len(desk.content.lines) == 1


def test_points_of_a_plate_of_one_side_go_to_the_plate_of_the_other(desk: Desk, atlas: Atlas) -> None:
    desk.start()
    muscle = ("flexor_carpi_radialis", Side.LEFT)
    desk.view.map.go_to(muscle)
    desk.view.map_desk.ask_units(*muscle)
    desk.view.map_desk.point_at_anchor(desk.content.lines[0].key)
    desk.view.map_desk.mirror(*muscle)
    assert desk.content.lines[1].points[0].plate == "forearm_anterior_right"
    assert desk.view.map.plate_id == "forearm_anterior_right"
    point = desk.content.lines[1].points[0]
    parts = {part.id: part for part in atlas.plate("forearm_anterior_right").layer("superficial").parts}
    assert parts[point.part].contains(point.x_mm, point.y_mm)


def test_delete_takes_the_chosen_muscle_off_the_chart_and_undo_brings_it_back(desk: Desk) -> None:
    with_points(desk, "60", 1)
    view = desk.view.map.view
    view.setFocus()
    view.focus_point(None)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert not desk.content.lines
    desk.view.undo()
    assert desk.content.lines[0].units == "60"


def test_two_hundred_points_on_one_muscle_are_all_drawn_and_share_its_units(desk: Desk) -> None:
    with_points(desk, "100", 200)
    assert len(desk.view.map.scene.points) == 200
    assert set(shown_units(desk)) == {"0.5"}
    desk.view.map.view.viewport().repaint()


def test_a_point_over_a_structure_to_keep_away_from_is_told(desk: Desk) -> None:
    desk.start()
    desk.show("deep", "head_neck_lateral_right")
    scene = desk.view.map.scene
    muscle = next(
        item
        for item in scene.in_order
        for part in item.parts
        for row in part.grid
        for x, y in row
        if scene.keep_away(x, y) and part.contains(x, y)
    )
    x, y = next(
        place for part in muscle.parts for row in part.grid for place in row
        if part.contains(*place) and scene.keep_away(*place)
    )  # fmt: skip
    spot = scene.spot(muscle.place, x, y)
    assert spot is not None
    desk.view.map_desk.add_point(*muscle.place, spot)
    assert "structure to keep away from: Carotid sheath" in desk.messages[-1][0]


def test_a_click_in_the_ring_of_a_usual_point_means_that_point(desk: Desk) -> None:
    desk.start()
    desk.show("superficial", "eyelids_right")
    scene, view = desk.view.map.scene, desk.view.map.view
    site = scene.sites[0]
    muscle = next(item for item in scene.muscles.values() if any(p.id.startswith(site.part) for p in item.parts))
    view.zoom_to_muscle(muscle.place)
    where = view.mapFromScene(*site.at)
    desk.click(where)
    desk.click(where + QPoint(3, 2))
    (point,) = desk.content.lines[0].points
    assert (point.x_mm, point.y_mm) == (round(site.at[0], 2), round(site.at[1], 2))
    assert f"Usual point {site.number}" in view._tooltip(muscle.place, view._to_scene(where.toPointF()))
    scene.set_sites(False)
    assert scene.site_near(*site.at, 5) is None


def test_a_point_of_a_muscle_that_a_newer_atlas_renamed_stays_where_it_was(desk: Desk) -> None:
    desk.start()
    desk.show("intermediate")
    desk.view.map_desk.ask_units(*LEVATOR)
    content, key = desk.content, desk.content.lines[0].key
    old = Point(POSTERIOR, "levator_of_the_scapula.right", 0.5, 0.5, 61.25, 88.5)
    desk.chart.edit(edits.add_point(content, key, old))
    item = desk.view.map.scene.points[key, 0]
    assert (item.pos().x(), item.pos().y()) == (61.25, 88.5)
    renamed = replace(desk.content.lines[0], muscle="levator_of_the_scapula", key="old")
    desk.chart.edit(replace(desk.content, lines=(*desk.content.lines, renamed)))
    assert desk.panel.lines.rows["old"].accessibleName() == "Right levator of the scapula"
    desk.view.map.view.viewport().repaint()
