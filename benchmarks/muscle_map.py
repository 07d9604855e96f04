"""The muscle map: frames of a 1400 x 900 view in software rendering, beside an empty view of the same size.

Real widgets on Qt's offscreen platform; a frame is what one repaint of the viewport takes, with all that led to it.
"""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QGraphicsScene, QGraphicsView, QWidget

from benchmarks.measure import Row, quick, row, timed
from benchmarks.plate_window import HEIGHT, WIDTH, PlateWindow
from clinic_app.atlas.atlas import Atlas
from clinic_app.atlas.doses import dose_colour
from clinic_app.atlas.plates import Part, Plate
from clinic_app.reference import load_reference
from clinic_app.resources import resource_path
from clinic_app.services.chart_data import Point
from clinic_app.terms import Side
from clinic_app.ui.muscle_map.map_state import Ghost, MapState, Place, ShownDose, ShownPoint
from clinic_app.ui.muscle_map.pictures import ReadPicture
from clinic_app.ui.muscle_map.plate_scene import PlateScene
from clinic_app.ui.muscle_map.plate_view import PlateView
from clinic_app.ui.theme import Appearance, Look

FRAME_MS = 16.0
FIRST_VIEW_MS = 150.0
MEMORY_MB = 120.0
_PLATE = "head_neck_posterior"


def cases() -> Iterator[Row]:
    """Every row about the map."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    look = Look(application, Appearance.LIGHT)
    atlas, reference = Atlas(resource_path("atlas", "baked")), load_reference()
    empty = _empty_frames()
    view = PlateWindow(reference)
    scene = view.plate_scene
    plate = atlas.plate(_PLATE)
    yield from _first_views(atlas, scene, view, empty)
    layer = plate.layers[1]
    scene.show_layer(plate, layer, fade=False)
    view.take_wanted()
    scene.set_state(_state(plate, 10, units=40))
    view.take_wanted()
    view.fit()
    QApplication.processEvents()
    _repaint(view)
    yield row("muscle map: repaint, nothing changed", FRAME_MS, timed(lambda n: _repaint(view)), empty)
    yield row("muscle map: pan", FRAME_MS, _pan(view), empty)
    yield row("muscle map: zoom", FRAME_MS, _zoom(view), empty)
    view.fit()
    _repaint(view)
    yield row("muscle map: hover", FRAME_MS, _hover(view, layer.parts), empty)
    states = [_state(plate, 10, units=10 + 10 * n) for n in range(12)]
    first_dosed = [replace(each, doses=(each.doses[0], *states[0].doses[1:])) for each in states]

    def recolour(number: int, states: list[MapState] = first_dosed) -> None:
        scene.set_state(states[number % len(states)])
        _repaint(view)

    yield row("muscle map: recolour one muscle, as a key in its units does", FRAME_MS, timed(recolour), empty)
    all_dosed = timed(lambda number: recolour(number, states))
    yield row("muscle map: recolour ten muscles and twenty points", FRAME_MS, all_dosed, empty)
    frames = _switches(view, plate)
    yield row("muscle map: layer switch, each frame of the cross-fade", FRAME_MS, frames, empty)
    scene.set_state(_many_points(plate))
    _repaint(view)
    yield row("muscle map: pan with 200 points", FRAME_MS, _pan(view), empty)
    view.close()
    del look
    yield _memory()


def _state(plate: Plate, muscles: int, units: int) -> MapState:
    """A chart with doses, two points each, and what was given last time."""
    layer = plate.layers[1]
    parts: dict[Place, Part] = {}
    for part in sorted(layer.parts, key=lambda each: -each.area):
        parts.setdefault((part.muscle, Side(part.side)), part)
    chosen = list(parts.items())[:muscles]
    colour = dose_colour(units)
    doses = tuple((place, ShownDose(Decimal(units), f"{units} U", colour)) for place, _ in chosen)
    points = tuple(
        ShownPoint(f"line-{n}", number, place, _point(plate, part, 0.4 + 0.2 * number), str(units // 2))
        for n, (place, part) in enumerate(chosen)
        for number in (0, 1)
    )
    ghosts = tuple(Ghost(place, str(units - 5), (_point(plate, part, 0.7),)) for place, part in chosen)
    return MapState(doses, tuple(place for place, _ in chosen), points, ghosts)


def _point(plate: Plate, part: Part, t: float) -> Point:
    x, y = part.at(0.5, t)
    return Point(plate.id, part.id, 0.5, t, x, y)


def _many_points(plate: Plate) -> MapState:
    part = max(plate.layers[1].parts, key=lambda each: each.area)
    place = (part.muscle, Side(part.side))
    chance = random.Random(7)
    points = tuple(
        ShownPoint("line", n, place, Point(plate.id, part.id, u, t, *part.at(u, t)), "1")
        for n, (u, t) in enumerate((chance.random(), chance.random()) for _ in range(200))
    )
    dose = ShownDose(Decimal(200), "200 U", dose_colour(200))
    return MapState(((place, dose),), (place,), points)


def _empty_frames() -> list[float]:
    view = QGraphicsView(QGraphicsScene())
    view.resize(WIDTH, HEIGHT)
    view.show()
    QApplication.processEvents()
    found = timed(lambda number: _repaint(view))
    view.close()
    return found


def _repaint(view: QGraphicsView) -> None:
    view.viewport().repaint()


def _first_views(atlas: Atlas, scene: PlateScene, view: PlateWindow, empty: list[float]) -> Iterator[Row]:
    """From the choice of a plate to its first frame, file cache warm, nothing of it read before."""
    found: list[float] = []
    for _ in range(1 if quick() else 2):
        for summary in atlas.summaries()[: 4 if quick() else None]:
            fresh = Atlas(resource_path("atlas", "baked"))
            fresh.summaries()
            scene.stage.forget()

            def look(number: int, fresh: Atlas = fresh, name: str = summary.id) -> None:
                plate = fresh.plate(name)
                scene.show_layer(plate, plate.layers[0], fade=False)
                view.take_wanted()
                view.fit()
                _repaint(view)

            found += _once(look)
    yield row(f"muscle map: first view of a plate ({len(atlas.summaries())} plates)", FIRST_VIEW_MS, found, empty)


def _once(work: Callable[[int], object], number: int = 0) -> list[float]:
    begun = time.perf_counter()
    work(number)
    return [(time.perf_counter() - begun) * 1000]


def _pan(view: PlateView) -> list[float]:
    def pan(number: int) -> None:
        view.pan_by(QPointF(7, 3) if number % 20 < 10 else QPointF(-7, -3))
        _repaint(view)

    return timed(pan, runs=80)


def _zoom(view: PlateView) -> list[float]:
    def zoom(number: int) -> None:
        view.zoom_by(1.2 if number % 12 < 6 else 1 / 1.2, QPointF(500, 400))
        _repaint(view)

    return timed(zoom, runs=84)


def _hover(view: PlateView, parts: tuple[Part, ...]) -> list[float]:
    places = [view.mapFromScene(QPointF(*part.anchor)) for part in parts]

    def hover(number: int) -> None:
        _move(view.viewport(), places[number % len(places)])
        QApplication.processEvents()

    return timed(hover, runs=80)


def _move(target: QWidget, where: QPoint) -> None:
    here = QPointF(where)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        here,
        QPointF(target.mapToGlobal(where)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(target, event)


def _switches(view: PlateWindow, plate: Plate) -> list[float]:
    """The frame of the key, the one in which the picture is there, and those of the fade after it."""
    scene, stage = view.plate_scene, view.plate_scene.stage
    found: list[float] = []

    def switch(number: int) -> None:
        scene.show_layer(plate, plate.layers[number % len(plate.layers)], fade=True)
        _repaint(view)

    for turn in range(12):
        found += _once(switch, turn)
        for picture in view.read_wanted():  # not counted: another thread's work

            def take(step: int, picture: ReadPicture = picture) -> None:
                stage.take(picture)
                _repaint(view)

            found += _once(take)

        def fade(step: int) -> None:
            stage.fade_to(step / 5)
            _repaint(view)

        for step in range(1, 6):
            found += _once(fade, step)
    return found


def _memory() -> Row:
    """What the map adds to a process that has all else imported, after a walk through every plate and layer."""
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.map_memory"], capture_output=True, text=True, check=True, timeout=600
    )
    added = float(answer.stdout.strip().splitlines()[-1])
    return Row("muscle map: memory after every plate and layer", MEMORY_MB, added, added, unit="mb")
