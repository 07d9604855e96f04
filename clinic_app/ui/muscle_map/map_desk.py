"""What the map and the rows beside it ask becomes an edit of the chart, and each shows what the other chose."""

from PySide6.QtCore import QObject, Signal, Slot

from clinic_app.services.chart_data import ChartContent, Point
from clinic_app.terms import Side
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.muscle_map.browse_page import BrowsePage
from clinic_app.ui.muscle_map.map_area import MapArea
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.visit_panel import VisitPanel
from clinic_app.ui.muscle_map.wording import points_text
from clinic_app.ui.naming import place_name


class MapDesk(QObject):
    """Stands between the map and the visit beside it; without a visit the map is only looked at."""

    said = Signal(str, object)
    """A sentence, and what takes it back (or None)."""

    def __init__(self, area: MapArea, browse: BrowsePage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._map = area
        self._browse = browse
        self._chart: OpenChart | None = None
        self._panel: VisitPanel | None = None
        area.missed.connect(self.miss)
        area.muscle_pressed.connect(self.press)
        area.muscle_looked_at.connect(self.look_at)
        area.units_wanted.connect(self.ask_units)
        area.point_wanted.connect(self.add_point)
        area.point_moved.connect(self.move_point)
        area.point_removed.connect(self.remove_point)
        area.point_focused.connect(self.show_point)
        area.muscle_removed.connect(self.remove_muscle)
        area.mirror_wanted.connect(self.mirror)

    def attach(self, chart: OpenChart, panel: VisitPanel) -> None:
        """A chart lies open."""
        self._chart, self._panel = chart, panel
        panel.place_chosen.connect(self.choose_row)
        panel.point_wanted.connect(self.point_at_anchor)
        panel.line_removed.connect(self.remove_line)
        panel.lines.mirror_wanted.connect(self.mirror_line)
        panel.lines.point_chosen.connect(self.choose_point)

    def detach(self) -> None:
        """The chart is put aside."""
        self._chart = self._panel = None

    @Slot()
    def miss(self) -> None:
        """Beside every muscle nothing is charted; while somebody charts, that is said."""
        if self._chart is not None:
            self.said.emit("A point lies inside a muscle. Click or drop it where the muscle is drawn.", None)

    @Slot(str, object, object)
    def press(self, muscle: str, side: Side, spot: Point | None) -> None:
        """A click on a muscle: its line with the focus in its units; once more, a point where the click was."""
        chart = self._chart
        line = edits.line_for(chart.content, muscle, side) if chart is not None else None
        if line is not None and spot is not None and self._map.selected == (muscle, side):
            self.add_point(muscle, side, spot)
        else:
            self.ask_units(muscle, side)

    @Slot(str, object)
    def ask_units(self, muscle: str, side: Side) -> None:
        """The muscle's line, new or not, with the focus in its units."""
        chart = self._chart
        if chart is None:
            self.look_at(muscle, side)
            return
        chart.edit(self._content_with_line(chart, muscle, side))
        self._map.select((muscle, side))
        if self._panel is not None:
            self._panel.select(muscle, side, focus=True)

    @Slot(str, object)
    def look_at(self, muscle: str, side: Side) -> None:
        """Choose a muscle without charting it; without a visit, show its card."""
        self._map.select((muscle, side))
        if self._panel is not None:
            self._panel.select(muscle, side, focus=False)
        else:
            self._browse.card.show_muscle(muscle, side)
            self._browse.card.show()

    @Slot(str, object, object)
    def add_point(self, muscle: str, side: Side, spot: Point) -> None:
        """A point on the map, with the line it belongs to."""
        chart = self._chart
        if chart is None:
            return
        content = self._content_with_line(chart, muscle, side)
        line = edits.line_for(content, muscle, side)
        if line is not None:
            chart.edit(edits.add_point(content, line.key, spot))
            self._map.view.focus_point((line.key, len(line.points)))
            zone = self._map.keep_away(spot)
            if zone:
                self.said.emit(f"On the map this point lies over a structure to keep away from: {zone}.", None)
            self._map.tell_changed((muscle, side))

    @Slot(str, int, object)
    def move_point(self, key: str, number: int, spot: Point) -> None:
        """A point was dragged or moved by keys; one drag is one step."""
        if self._chart is not None:
            self._chart.edit(edits.move_point(self._chart.content, key, number, spot), f"point/{key}/{number}")

    @Slot(str, int)
    def remove_point(self, key: str, number: int) -> None:
        """A point less."""
        if self._chart is not None:
            self._chart.edit(edits.remove_point(self._chart.content, key, number))

    @Slot(object)
    def show_point(self, key: tuple[str, int] | None) -> None:
        """A point has the focus on the map: show it in its line."""
        if self._panel is not None:
            self._panel.lines.show_point(key)

    @Slot(str, object)
    def remove_muscle(self, muscle: str, side: Side) -> None:
        """Take the muscle's line away."""
        line = edits.line_for(self._chart.content, muscle, side) if self._chart is not None else None
        if line is not None:
            self.remove_line(line.key)

    @Slot(str, object)
    def mirror(self, muscle: str, side: Side) -> None:
        """The same points on the muscle of the other side."""
        line = edits.line_for(self._chart.content, muscle, side) if self._chart is not None else None
        if line is not None:
            self.mirror_line(line.key)

    @Slot(str, int)
    def choose_point(self, key: str, number: int) -> None:
        """A point was chosen in its line: show it on the map."""
        self._map.view.focus_point((key, number))

    @Slot(str)
    def mirror_line(self, key: str) -> None:
        """The same points on the other side, in one step; the units there are the physician's to type."""
        chart = self._chart
        line = edits.line_of(chart.content, key) if chart is not None else None
        if chart is None or line is None or line.side is Side.MIDLINE or not line.points:
            return
        other = Side.LEFT if line.side is Side.RIGHT else Side.RIGHT
        chart.edit(edits.mirror_points(chart.content, key, self._map.mirrored(line.points)))
        name = place_name(chart.reference, line.muscle, other)
        self.said.emit(f"{name} has the same {points_text(len(line.points))} now. Type its units.", chart.model.undo)
        self._map.go_to((line.muscle, other))
        if self._panel is not None:
            self._panel.select(line.muscle, other, focus=True)

    @Slot(str, object)
    def choose_row(self, muscle: str, side: Side) -> None:
        """A line was chosen: show its muscle."""
        self._map.go_to((muscle, side))

    @Slot(str)
    def point_at_anchor(self, key: str) -> None:
        """A point at the muscle's label, for who places it with the keyboard."""
        chart = self._chart
        line = edits.line_of(chart.content, key) if chart is not None else None
        if line is None:
            return
        spot = self._map.free_spot((line.muscle, line.side), line.points)
        if spot is None:
            self.said.emit("No plate shows this muscle, so it has no points.", None)
        else:
            self.add_point(line.muscle, line.side, spot)

    @Slot(str)
    def remove_line(self, key: str) -> None:
        """Take a line away; the message offers to undo it."""
        chart = self._chart
        line = edits.line_of(chart.content, key) if chart is not None else None
        if chart is None or line is None:
            return
        chart.edit(edits.remove_line(chart.content, key))
        name = place_name(chart.reference, line.muscle, line.side)
        self.said.emit(f"{name} removed.", chart.model.undo)

    def _content_with_line(self, chart: OpenChart, muscle: str, side: Side) -> ChartContent:
        previous = chart.previous_units(muscle, side, chart.content.product)
        return edits.add_line(chart.content, muscle, side, previous)
