"""A damaged installation: the map says so in a sentence, and every muscle can still be charted from the list."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinic_app.atlas.atlas import Atlas
from clinic_app.resources import resource_path
from clinic_app.terms import Side
from clinic_app.ui.muscle_map.view import MuscleMapView
from clinic_app.ui.tasks import Tasks
from tests.services.conftest import OpenClinic
from tests.ui.muscle_map.conftest import SPLENIUS, Desk, desk_on

GONE = "head_neck_posterior"


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """An atlas that lost one plate, and the pictures of another."""
    baked = resource_path("atlas", "baked")
    folder = tmp_path / "atlas"
    folder.mkdir()
    for name in ("index", "head_neck_lateral_right", "head_neck_lateral_left", "head_neck_anterior"):
        shutil.copy(baked / f"{name}.json", folder)
    for picture in baked.glob("head_neck_lateral_*.webp"):
        shutil.copy(picture, folder)
    return folder


@pytest.fixture
def desk(clinic: OpenClinic, tasks: Tasks, damaged: Path, bugs: list[BaseException]) -> Iterator[Desk]:
    yield from desk_on(clinic, clinic.physician, tasks, Atlas(damaged))
    assert not bugs


def missing_sentence(view: MuscleMapView) -> str:
    return view.map._missing.sentence() if view.map._pages.currentWidget() is view.map._missing else ""


def test_a_missing_plate_is_told_and_its_muscles_are_charted_from_the_list(desk: Desk) -> None:
    desk.start()
    desk.view.map.show_plate(GONE)
    assert missing_sentence(desk.view) == (
        "This plate is missing from the installation. Choose its muscles from the list on the left, and install the "
        "program again."
    )
    desk.view.map.sidebar.tree.search("splenius capitis")
    assert desk.view.map.sidebar.tree.choose(SPLENIUS)
    assert [(line.muscle, line.side) for line in desk.content.lines] == [SPLENIUS]
    desk.type_units(SPLENIUS, "40")
    assert desk.content.lines[0].units == "40"
    desk.view.map.show_plate("head_neck_lateral_right")
    assert missing_sentence(desk.view) == ""


def test_a_point_is_refused_in_a_sentence_where_no_plate_is(desk: Desk) -> None:
    desk.start()
    muscle = ("obliquus_capitis_inferior", Side.RIGHT)
    desk.view.map_desk.ask_units(*muscle)
    desk.view.map_desk.point_at_anchor(desk.content.lines[0].key)
    assert desk.content.lines[0].points == ()
    assert desk.messages[-1][0] == "No plate shows this muscle, so it has no points."


def test_a_plate_without_its_pictures_can_still_be_pointed_at(desk: Desk) -> None:
    desk.start()
    desk.show("intermediate", "head_neck_anterior")
    front = desk.view.map.scene.stage.front
    assert front is not None
    assert front.missing
    place = ("sternocleidomastoideus", Side.RIGHT)
    desk.click(desk.anchor(place))
    assert [(line.muscle, line.side) for line in desk.content.lines] == [place]
    desk.view.map.view.viewport().repaint()


def test_a_note_is_printed_without_the_missing_plate(desk: Desk) -> None:
    visit = desk.clinic.signed(desk.patient)
    paper = desk.clinic.services.papers.visit_note(desk.clinic.physician, visit)
    assert paper.render().startswith(b"%PDF")
