"""One plate of the atlas in one of its layers, with what a chart puts on it. Coordinates are millimetres."""

from collections.abc import Hashable, Mapping
from decimal import Decimal
from math import hypot

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsScene

from clinic_app.atlas.doses import Colour
from clinic_app.atlas.plates import Layer, Part, Plate, Site
from clinic_app.reference.catalogue import Reference
from clinic_app.services.chart_data import Point
from clinic_app.terms import Side
from clinic_app.ui.muscle_map.map_state import NOTHING, MapState, Place, ShownPoint
from clinic_app.ui.muscle_map.muscle_items import MuscleItem, dose_tint
from clinic_app.ui.muscle_map.pictures import Tint
from clinic_app.ui.muscle_map.point_items import GhostItem, PointItem, SiteItem, UnitsItem
from clinic_app.ui.muscle_map.stage import PictureStage

_OTHER_SIDE = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}


class PlateScene(QGraphicsScene):
    """Is told what to show; knows nothing of charts or services."""

    def __init__(self, reference: Reference, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # A few hundred shapes that come and go: keeping them in a tree costs more than it finds.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.reference = reference
        self._order = {muscle: number for number, muscle in enumerate(reference.muscles)}
        self.plate: Plate | None = None
        self.layer: Layer | None = None
        self.muscles: dict[Place, MuscleItem] = {}
        self.points: dict[tuple[str, int], PointItem] = {}
        self.state = NOTHING
        self.selected: Place | None = None
        self.hovered: Place | None = None
        self._shapes: dict[str, list[MuscleItem]] = {}
        self._units: dict[Place, tuple[Decimal, UnitsItem]] = {}
        self._ghosts: list[GhostItem] = []
        self._ghosts_of: object = None
        self._dropped: frozenset[Place] = frozenset()
        self._tinted: tuple[tuple[Place, Colour], ...] = ()
        self._with_colours = True
        self._with_sites = True
        self._with_usual = True
        self._hinted: tuple[Place, ...] = ()
        self._sites: list[SiteItem] = []
        self._speaking: frozenset[Place] = frozenset()
        self.stage = PictureStage(self)

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

    def show_layer(self, plate: Plate, layer: Layer, state: MapState | None = None, *, fade: bool) -> None:
        """Show a layer, with another state if one comes; ``fade`` blends from the layer before, of the same plate."""
        self._clear_shapes()
        if state is not None:
            self.state = state
        if plate is not self.plate:
            self._shapes.clear()
        self.plate, self.layer = plate, layer
        self.setSceneRect(self.box)
        for item in self._items_of(layer):
            self.muscles[item.place] = item
            self.addItem(item)
        self._speaking = self._speakers()
        self._show_sites()
        self._tinted = self._doses_here()
        self._hinted = self._hints_here()
        self.stage.show(
            plate,
            self.box,
            layer,
            self._tints(self._tinted),
            self._hints(self._hinted),
            neutral=self._wants_neutral(),
            fade=fade,
        )
        self._show_state()

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

    def set_sites(self, shown: bool) -> None:
        """Show the usual places of injection, on plates that have some."""
        self._with_sites = shown
        for item in self._sites:
            item.setVisible(shown)

    def set_usual(self, shown: bool) -> None:
        """Mark the usual muscles of the patient's components."""
        self._with_usual = shown
        self._show_hints()

    @property
    def usual_shown(self) -> tuple[str, ...]:
        """The components whose usual muscles are marked on the layer in front, in words."""
        usual = dict(self.state.usual)
        return tuple(dict.fromkeys(words for place in self._hinted for words in usual[place]))

    def usual_for(self, place: Place) -> tuple[str, ...]:
        """The components that the muscle is usual for, in words, marked or not."""
        return dict(self.state.usual).get(place, ())

    @property
    def sites(self) -> list[Site]:
        """The usual places on the layer in front."""
        return [item.site for item in self._sites]

    def site_near(self, x: float, y: float, reach: float) -> Site | None:
        """The usual place within reach, when they are shown."""
        near = [site for site in self.sites if hypot(site.at[0] - x, site.at[1] - y) <= reach]
        return min(near, key=lambda site: hypot(site.at[0] - x, site.at[1] - y)) if near and self._with_sites else None

    def keep_away(self, x: float, y: float) -> str:
        """The name of a structure at this place of the layer that no needle should meet, or nothing."""
        zones = self.layer.keep_away if self.layer is not None else ()
        return next((zone.name for zone in zones if zone.contains(x, y)), "")

    def speaks_for_both(self, place: Place) -> bool:
        """Whether this muscle is the one of its pair that is named where there is room for one only."""
        return place in self._speaking

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
        if self.plate is None:
            return QPointF(point.x_mm, point.y_mm)
        return QPointF(*self.plate.position(point.part, point.u, point.t, point.x_mm, point.y_mm))

    def _mark(self, place: Place | None) -> None:
        item = self.muscles.get(place) if place is not None else None
        if item is not None:
            item.mark(hovered=place == self.hovered, selected=place == self.selected, dropped=place in self._dropped)

    def _show_state(self) -> None:
        if self.plate is None:
            return
        self.stage.set_neutral(self._wants_neutral())
        self._show_doses()
        self._show_hints()
        self._show_points()
        self._show_units()
        self._show_ghosts()
        self._dropped = frozenset(ghost.place for ghost in self.state.ghosts if ghost.dropped)
        for place in self.muscles:
            self._mark(place)

    def _speakers(self) -> frozenset[Place]:
        """Of each pair one, from top to bottom in turn on the left and on the right of the picture."""
        speakers: set[Place] = set()
        turn = 0
        for place, item in sorted(self.muscles.items(), key=lambda known: known[1].anchor.y()):
            twin = self.muscles.get((place[0], _OTHER_SIDE.get(place[1], place[1])))
            if twin is None or twin is item:
                speakers.add(place)
            elif twin.place not in speakers and place not in speakers:
                left, right = sorted((item, twin), key=lambda each: each.anchor.x())
                speakers.add((left, right)[turn % 2].place)
                turn += 1
        return frozenset(speakers)

    def _show_sites(self) -> None:
        for item in self._sites:
            self.removeItem(item)
        stems = {part.id.rpartition(".")[0] for part in self.layer.parts} if self.layer is not None else set()
        sites = self.plate.sites if self.plate is not None else ()
        self._sites = [SiteItem(site) for site in sites if site.part in stems]
        for item in self._sites:
            item.setVisible(self._with_sites)
            self.addItem(item)

    def _items_of(self, layer: Layer) -> list[MuscleItem]:
        """The muscles of a layer as shapes, made once for the plate in front."""
        if layer.id not in self._shapes:
            grouped: dict[Place, list[Part]] = {}
            for part in layer.parts:
                if part.muscle in self._order:  # structures without an entry in the catalogue are only drawn
                    grouped.setdefault((part.muscle, Side(part.side)), []).append(part)
            self._shapes[layer.id] = [MuscleItem(place, parts, layer.id) for place, parts in grouped.items()]
        return self._shapes[layer.id]

    def _doses_here(self) -> tuple[tuple[Place, Colour], ...]:
        return tuple(
            (place, dose.colour) for place, dose in self.state.doses if place in self.muscles and self._with_colours
        )

    def _tints(self, doses: tuple[tuple[Place, Colour], ...]) -> dict[Hashable, Tint]:
        return {place: (self.muscles[place].path, dose_tint(colour)) for place, colour in doses}

    def _show_doses(self) -> None:
        wanted = self._doses_here()
        if wanted != self._tinted:
            self._tinted = wanted
            self.stage.set_tints(self._tints(wanted))

    def _hints_here(self) -> tuple[Place, ...]:
        """The usual muscles of the layer that nobody charted yet: what has a line needs no hint any more."""
        if not self._with_usual:
            return ()
        charted = set(self.state.charted)
        return tuple(place for place, _ in self.state.usual if place in self.muscles and place not in charted)

    def _hints(self, places: tuple[Place, ...]) -> dict[Hashable, QPainterPath]:
        return {place: self.muscles[place].whole for place in places}

    def _show_hints(self) -> None:
        wanted = self._hints_here()
        if wanted != self._hinted:
            self._hinted = wanted
            self.stage.set_hints(self._hints(wanted))

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
            moved = item is None or item.shown.point is not shown.point
            if item is None:
                item = self.points[key] = PointItem(shown)
                self.addItem(item)
            item.set_shown(shown)
            if moved:
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
                item = UnitsItem(place, dose.text)
                item.setPos(self.muscles[place].anchor)
                self._units[place] = (dose.units, item)
                self.addItem(item)

    def _show_ghosts(self) -> None:
        dosed = frozenset(place for place, _ in self.state.doses)
        told = (self.state.ghosts, dosed, tuple(shown.point for shown in self.state.points))
        if told == self._ghosts_of:
            return
        self._ghosts_of = told
        for ghost_item in self._ghosts:
            self.removeItem(ghost_item)
        self._ghosts.clear()
        if self.plate is None:
            return
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
        items = [*self.muscles.values(), *self.points.values(), *self._ghosts]
        for item in (*items, *(units for _, units in self._units.values())):
            self.removeItem(item)
        for muscle in self.muscles.values():
            muscle.mark(hovered=False, selected=False, dropped=False)
        self.muscles.clear()
        self.points.clear()
        self._units.clear()
        self._ghosts.clear()
        self._ghosts_of = None
        self.hovered = None

    def _wants_neutral(self) -> bool:
        return self._with_colours and any(place in self.muscles for place, _ in self.state.doses)
