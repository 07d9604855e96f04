"""The names beside the plate: which are shown when there are many."""

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QApplication

from clinic_app.atlas.labels import cross
from clinic_app.ui.muscle_map.overlay import FOOT, MOST_A_SIDE, Label, Placed, mark_rooms, place

SIZE = (1400.0, 900.0)
PLATE = QRectF(400, 20, 600, 840)


def pairs(count: int) -> list[Label]:
    """So many pairs from top to bottom, named in turn on the left and on the right."""
    return [
        Label(f"Muscle {number}", "", "", (700 + 200 * way, 60 + 700 * number / count), False, False, speaks)
        for number in range(count)
        for way in (-1, 1)
        for speaks in [(number % 2 == 0) is (way == -1)]
    ]


def on_sides(placed: Placed) -> tuple[int, int]:
    columns = [each.column for each, _ in placed.leaders]
    return columns.count("left"), columns.count("right")


def test_up_to_twenty_a_side_every_muscle_is_named(qapp: QApplication) -> None:
    placed = place(SIZE, PLATE, pairs(MOST_A_SIDE))
    assert on_sides(placed) == (20, 20)


def test_above_twenty_a_side_a_pair_is_named_once(qapp: QApplication) -> None:
    placed = place(SIZE, PLATE, pairs(30))
    assert on_sides(placed) == (15, 15)
    assert len({label.text for label in placed.labels}) == 30


def test_where_pairs_still_do_not_fit_only_what_matters_is_named(qapp: QApplication) -> None:
    many = pairs(60)
    many[0] = replace(many[0], important=True)
    many[-1] = replace(many[-1], hovered=True)
    placed = place(SIZE, PLATE, many)
    assert [label.text for label in placed.labels] == ["Muscle 0", "Muscle 59"]


def test_more_than_twenty_charted_on_a_side_leave_the_hovered_one_named(qapp: QApplication) -> None:
    many = [Label(f"Muscle {n}", "10 U", "", (500.0, 60.0 + 20 * n), True) for n in range(30)]
    many[29] = replace(many[29], hovered=True)
    placed = place(SIZE, PLATE, many)
    assert sum(on_sides(placed)) == MOST_A_SIDE
    assert "Muscle 29" in {label.text for label in placed.labels}


def test_no_two_leaders_cross(qapp: QApplication) -> None:
    placed = place(SIZE, PLATE, pairs(20))
    lines = [(each.elbow, each.anchor) for each, _ in placed.leaders]
    assert not any(cross(*one, *other) for n, one in enumerate(lines) for other in lines[n + 1 :])


def test_the_letters_of_the_sides_stay_in_view_between_the_names_however_far_one_zooms(qapp: QApplication) -> None:
    placed = place(SIZE, QRectF(-3000, -3000, 9000, 9000), pairs(5))
    marks = [("R", QPointF(-2500, -900)), ("L", QPointF(4000, 2000)), ("lateral", QPointF(700, -500))]
    rooms = dict(mark_rooms(marks, placed, SIZE))
    between = QRectF(placed.left_edge, 0, placed.right_edge - placed.left_edge, SIZE[1] - FOOT)
    assert between.contains(rooms["R"])
    assert between.contains(rooms["L"])
    assert rooms["R"].right() < rooms["L"].left()
    assert rooms["lateral"].bottom() < 0, "a direction belongs to its place on the plate"


def test_marks_stand_where_the_plate_has_them_when_there_is_room(qapp: QApplication) -> None:
    placed = place(SIZE, PLATE, pairs(5))
    ((_, room),) = mark_rooms([("R", QPointF(600, 300))], placed, SIZE)
    assert room.center() == QPointF(600, 300)
