"""One plate of the atlas in one of its layers, with what a chart puts on it. Coordinates are millimetres."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QRectF, QVariantAnimation, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QGraphicsScene

from clinic_app.atlas.plates import Layer, Part, Plate
from clinic_app.reference.catalogue import Reference
from clinic_app.services.chart_data import Point
from clinic_app.terms import Side
from clinic_app.ui.muscle_map.map_state import NOTHING, MapState, Place, ShownPoint
from clinic_app.ui.muscle_map.muscle_items import DoseItem, MuscleItem
from clinic_app.ui.muscle_map.pictures import PictureItem, PictureShelf
from clinic_app.ui.muscle_map.point_items import GhostItem, PointItem, UnitsItem

FADE_MS = 150


class PlateScene(QGraphicsScene):
    """Is told what to show; knows nothing of charts or services."""

    def __init__(self, reference: Reference, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reference = reference
        self._order = {muscle: number for number, muscle in enumerate(reference.muscles)}
        self._shelf = PictureShelf()
        self.plate: Plate | None = None
        self.layer: Layer | None = None
        self.muscles: dict[Place, MuscleItem] = {}
        self.points: dict[tuple[str, int], PointItem] = {}
        self.state = NOTHING
        self.selected: Place | None = None
        self.hovered: Place | None = None
        self._parts: dict[str, tuple[Part, str]] = {}
        self._doses: dict[Place, DoseItem] = {}
        self._units: dict[Place, tuple[Decimal, UnitsItem]] = {}
        self._ghosts: list[GhostItem] = []
        self._picture: PictureItem | None = None
        self._leaving: PictureItem | None = None
        self._with_colours = True
        self._neutral = False
        self._fade = QVariantAnimation(self)
        self._fade.setStartValue(0.0)
        self._fade.setEndValue(1.0)
        self._fade.setDuration(FADE_MS)
        self._fade.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._fade.valueChanged.connect(self._fade_step)
        self._fade.finished.connect(self._fade_done)

    @property
    def picture(self) -> PictureItem | None:
        """The picture in front."""
        return self._picture

    @property
    def box(self) -> QRectF:
        """The plate's rectangle."""
        if self.plate is None:
            return QRectF(0, 0, 1, 1)
        left, top, right, bottom = self.plate.box
        return QRectF(left, top, right - left, bottom - top)

    @property
    def in_order(self) -> list[MuscleItem]:
        """The layer's muscles in the order of the catalogue, right before left."""
        sides = (Side.RIGHT, Side.LEFT, Side.MIDLINE)
        return sorted(self.muscles.values(), key=lambda item: (self._order[item.place[0]], sides.index(item.place[1])))

    def show_layer(self, plate: Plate, layer: Layer, *, fade: bool) -> None:
        """Show a layer; ``fade`` blends from the one before when both belong to one plate."""
        self._fade.stop()
        self._fade_done()
        fade = fade and plate is self.plate and self._picture is not None
        old = self._picture
        self._picture = None
        if old is not None and not fade:
            self.removeItem(old)
        self._clear_shapes()
        self.plate, self.layer = plate, layer
        self._parts = {part.id: (part, each.id) for each in plate.layers for part in each.parts}
        self.setSceneRect(self.box)
        grouped: dict[Place, list[Part]] = {}
        for part in layer.parts:
            if part.muscle in self._order:  # structures without an entry in the catalogue are only drawn
                grouped.setdefault((part.muscle, Side(part.side)), []).append(part)
        for place, parts in grouped.items():
            item = MuscleItem(place, parts, layer.id)
            self.muscles[place] = item
            self.addItem(item)
        self._neutral = self._wants_neutral()
        self._picture = PictureItem(self.box, self._pixmap())
        self.addItem(self._picture)
        self._show_state()
        if fade and old is not None:
            self._leaving = old
            old.setZValue(-1)
            self._picture.setOpacity(0.0)
            self._fade.start()

    def wanted_soon(self) -> list[Path]:
        """The pictures that one step more would need: the other kind of this layer, the other layers in this kind."""
        if self.plate is None or self.layer is None:
            return []
        paths = [self.layer.natural if self._neutral else self.layer.neutral]
        others = [layer for layer in self.plate.layers if layer is not self.layer]
        paths += [layer.neutral if self._neutral else layer.natural for layer in others]
        return [path for path in paths[:4] if not self._shelf.has(path)]

    def take_picture(self, path: Path, image: QImage) -> None:
        """A picture that was read in another thread."""
        if not image.isNull() and not self._shelf.has(path):
            self._shelf.put(path, image)

    def set_state(self, state: MapState) -> None:
        """What the chart puts on the plate."""
        if state == self.state:
            return
        self.state = state
        self._show_state()

    def set_colours(self, shown: bool) -> None:
        """Show doses in colour, or the natural picture."""
        self._with_colours = shown
        self._show_state()

    def set_hovered(self, place: Place | None) -> bool:
        """Outline the muscle under the pointer; says whether anything changed."""
        if place == self.hovered:
            return False
        before, self.hovered = self.hovered, place
        self._mark(before)
        self._mark(place)
        return True

    def set_selected(self, place: Place | None) -> None:
        """Outline the chosen muscle."""
        before, self.selected = self.selected, place
        self._mark(before)
        self._mark(place)

    def set_focused_point(self, key: tuple[str, int] | None) -> None:
        """The point that the keys move."""
        for own, item in self.points.items():
            item.set_focused(own == key)

    def set_resting(self, resting: bool) -> None:
        """Say whether the zoom moves."""
        for item in (self._picture, self._leaving):
            if item is not None:
                item.set_resting(resting)

    def hits(self, x: float, y: float, slack: float) -> list[MuscleItem]:
        """The muscles at a place, the smallest visible area first; with ``slack`` millimetres if none is there."""
        found = [item for item in self.muscles.values() if item.touches(x, y)]
        if not found and slack:
            square = QRectF(x - slack, y - slack, 2 * slack, 2 * slack)
            found = [item for item in self.muscles.values() if item.near(square)]
        return sorted(found, key=lambda item: item.area)

    def deeper(self, x: float, y: float) -> list[tuple[Place, Layer]]:
        """What lies at the place in the other layers of the plate."""
        if self.plate is None:
            return []
        found: dict[Place, Layer] = {}
        for layer in self.plate.layers:
            if layer is self.layer:
                continue
            for part in layer.parts:
                place = (part.muscle, Side(part.side))
                known = part.muscle in self._order and place not in self.muscles
                if known and place not in found and part.contains(x, y):
                    found[place] = layer
        return list(found.items())

    def point_near(self, x: float, y: float, reach: float) -> PointItem | None:
        """The point within reach, the nearest first."""
        near = [(item.pos() - QPointF(x, y)).manhattanLength() for item in self.points.values()]
        items = list(self.points.values())
        if not near or min(near) > reach * 1.4:
            return None
        return items[near.index(min(near))]

    def spot(self, place: Place, x: float, y: float) -> Point | None:
        """A place on the muscle as a chart keeps it: patch coordinates and millimetres."""
        item = self.muscles.get(place)
        if item is None or self.plate is None:
            return None
        part = item.part_at(x, y)
        u, t = part.locate(x, y)
        return Point(self.plate.id, part.id, round(u, 4), round(t, 4), round(x, 2), round(y, 2))

    def position(self, point: Point) -> QPointF:
        """Where a kept point lies today: by its part, so that a redrawn plate keeps it; else by its millimetres."""
        known = self._parts.get(point.part)
        if known is None:
            return QPointF(point.x_mm, point.y_mm)
        part = known[0]
        x, y = part.at(point.u, point.t)
        # Where the drawing is the same, the kept millimetres are finer than the way back through the patch.
        near = (x - point.x_mm) ** 2 + (y - point.y_mm) ** 2 < 4.0
        return QPointF(point.x_mm, point.y_mm) if near else QPointF(x, y)

    def _mark(self, place: Place | None) -> None:
        item = self.muscles.get(place) if place is not None else None
        if item is not None:
            dropped = any(ghost.dropped and ghost.place == item.place for ghost in self.state.ghosts)
            item.mark(hovered=item.place == self.hovered, selected=item.place == self.selected, dropped=dropped)

    def _show_state(self) -> None:
        if self.plate is None or self._picture is None:
            return
        neutral = self._wants_neutral()
        if neutral is not self._neutral:
            self._neutral = neutral
            self._picture.set_picture(self._pixmap())
        self._show_doses()
        self._show_points()
        self._show_units()
        self._show_ghosts()
        for place in self.muscles:
            self._mark(place)

    def _show_doses(self) -> None:
        wanted = {place: dose for place, dose in self.state.doses if place in self.muscles and self._with_colours}
        for place in [place for place in self._doses if place not in wanted]:
            self.removeItem(self._doses.pop(place))
        for place, dose in wanted.items():
            if place in self._doses:
                self._doses[place].set_colour(dose.colour)
            else:
                item = DoseItem(self.muscles[place].path, dose.colour)
                self._doses[place] = item
                self.addItem(item)

    def _show_points(self) -> None:
        plate = self.plate
        wanted: Mapping[tuple[str, int], ShownPoint] = {
            (shown.line, shown.number): shown
            for shown in self.state.points
            if plate is not None and shown.point.plate == plate.id
        }
        for key in [key for key in self.points if key not in wanted]:
            self.removeItem(self.points.pop(key))
        for key, shown in wanted.items():
            item = self.points.get(key)
            if item is None:
                item = self.points[key] = PointItem(shown)
                self.addItem(item)
            item.set_shown(shown)
            item.setPos(self.position(shown.point))
            item.set_faded(not self._lies_open(shown.place, item.pos()))

    def _lies_open(self, place: Place, where: QPointF) -> bool:
        """Whether the muscle is in front at this place; a point near its rim counts as on it."""
        muscle = self.muscles.get(place)
        reach = 2.5
        square = QRectF(where.x() - reach, where.y() - reach, 2 * reach, 2 * reach)
        return muscle is not None and muscle.near(square)

    def unit_plates(self) -> list[UnitsItem]:
        """The units of muscles without a point, which stand above the leaders of other names."""
        return [item for _, item in self._units.values()]

    def _show_units(self) -> None:
        pointed = {item.shown.place for item in self.points.values()}
        wanted = {place: dose for place, dose in self.state.doses if place in self.muscles and place not in pointed}
        for place in list(self._units):
            if place not in wanted or wanted[place].units != self._units[place][0]:
                self.removeItem(self._units.pop(place)[1])
        for place, dose in wanted.items():
            if place not in self._units:
                item = UnitsItem(dose.text)
                item.setPos(self.muscles[place].anchor)
                self._units[place] = (dose.units, item)
                self.addItem(item)

    def _show_ghosts(self) -> None:
        for ghost_item in self._ghosts:
            self.removeItem(ghost_item)
        self._ghosts.clear()
        if self.plate is None:
            return
        dosed = {place for place, _ in self.state.doses}
        taken = [(item.pos().x(), item.pos().y()) for item in self.points.values()]
        for ghost in self.state.ghosts:
            if ghost.place not in self.muscles:
                continue
            for point in ghost.points:
                where = self.position(point)
                covered = any(abs(x - where.x()) + abs(y - where.y()) < 1 for x, y in taken)
                if point.plate == self.plate.id and not covered:
                    self._add_ghost(GhostItem(), where)
            if ghost.place not in dosed:
                self._add_ghost(GhostItem(ghost.text), self.muscles[ghost.place].anchor)

    def _add_ghost(self, item: GhostItem, where: QPointF) -> None:
        item.setPos(where)
        self._ghosts.append(item)
        self.addItem(item)

    def _clear_shapes(self) -> None:
        items = [*self.muscles.values(), *self._doses.values(), *self.points.values(), *self._ghosts]
        for item in (*items, *(units for _, units in self._units.values())):
            self.removeItem(item)
        self.muscles.clear()
        self._doses.clear()
        self.points.clear()
        self._units.clear()
        self._ghosts.clear()
        self.hovered = None

    def _wants_neutral(self) -> bool:
        return self._with_colours and any(place in self.muscles for place, _ in self.state.doses)

    def _pixmap(self) -> QPixmap:
        if self.layer is None:
            return QPixmap()
        return self._shelf.picture(self.layer.neutral if self._neutral else self.layer.natural)

    @Slot(object)
    def _fade_step(self, value: object) -> None:
        if self._picture is not None and isinstance(value, float):
            self._picture.setOpacity(value)

    @Slot()
    def _fade_done(self) -> None:
        if self._leaving is not None:
            self.removeItem(self._leaving)
            self._leaving = None
        if self._picture is not None:
            self._picture.setOpacity(1.0)
