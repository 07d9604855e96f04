"""The surface of the timeline: a course at a zoom, scrolled to a place, painted as far as it is seen."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from clinic_app.timeline.axis import fitting
from clinic_app.timeline.course import Course, CourseVisit
from clinic_app.timeline.picture import AXIS, Picture, picture_of
from clinic_app.timeline.stage import NAMES, Spot, Stage
from clinic_app.timeline.telling import visit_lines
from clinic_app.ui.patients.timeline_painting import Painted, screen_writing
from clinic_app.ui.theme import current_theme
from clinic_app.ui.tokens import Theme

CLOSEST = 14.0
"""Pixels a day at most: a week becomes as wide as its date."""
READABLE = 0.62
"""Pixels a day from which on the units of bars twelve weeks apart have room."""
_FIRST_FIT = 0.45
"""A course that fits at no less than this is shown whole at first."""


_LATER_MS = 120
"""After so long without another turn of the wheel, what is drawn is drawn well, and further than is seen."""
_MANY = 1500
"""Places that can be asked about; with more of them a step of zoom is stretched first and drawn when it stays."""


@dataclass(frozen=True, slots=True)
class _Before:
    """The lanes as they were seen at another zoom, with where on its axis they began."""

    lanes: QPixmap
    left: float
    per_day: float


class TimelineCanvas(QAbstractScrollArea):
    """Time across, lanes downwards; names and axis stay while the rest scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture = picture_of(Course(date(2000, 1, 1)))
        self._per_day = 1.0
        self._fits = True
        """Whether the whole course is to stay in view when the window changes its size."""
        self._untouched = True
        """Whether the zoom is still the first one: it is chosen anew while the window finds its size."""
        self._selected: int | None = None
        self._writing = screen_writing()
        self._stage: Stage | None = None
        self._painted: tuple[Painted, Painted, Painted] | None = None
        self._theme: Theme | None = None
        self._before: _Before | None = None
        """The zoom before, which stands for this one while somebody turns the wheel."""
        self._widening, self._settling = QTimer(self), QTimer(self)
        for timer, work in ((self._widening, self._draw_wide), (self._settling, self._settle)):
            timer.setSingleShot(True)
            timer.setInterval(_LATER_MS)
            timer.timeout.connect(work)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.setMinimumSize(420, 200)
        self.setAccessibleName("Timeline of injections")
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self.viewport().update)

    def set_course(self, course: Course, *, keep_place: bool) -> None:
        """Show a course: whole where its bars stay readable, else its latest years; or where the person was."""
        if course == self._picture.course:
            return
        self._writing = screen_writing()
        self._picture, self._before = picture_of(course), None
        if not any(visit.id == self._selected for visit in course.visits) or not keep_place:
            self._selected = None
        self._untouched = self._untouched or not keep_place
        if keep_place:
            self._renew()
        else:
            self._begin()
            self.verticalScrollBar().setValue(0)
        self._describe()

    @property
    def picture(self) -> Picture:
        """What is shown."""
        return self._picture

    @property
    def per_day(self) -> float:
        """The zoom, in pixels a day."""
        return self._per_day

    @property
    def settled(self) -> bool:
        """Whether what is shown was drawn for this zoom, and is not that of the zoom before, stretched."""
        return self._before is None

    @property
    def selected(self) -> int | None:
        """The id of the chosen visit."""
        return self._selected

    def select(self, visit_id: int | None) -> None:
        """Choose a visit and bring it into view."""
        self._selected = visit_id
        place = self.visit_place(visit_id)
        if place is not None:
            bar, room = self.horizontalScrollBar(), self._room()
            if not NAMES + 24 <= place <= NAMES + room - 24:
                bar.setValue(bar.value() + round(place - NAMES - room / 2))
        self._describe()
        self.viewport().update()

    def seen(self) -> tuple[float, float]:
        """The part of the axis in view, from its left end in pixels of the present zoom."""
        left = self.horizontalScrollBar().value()
        return left, left + self._room()

    def visit_place(self, visit_id: int | None) -> float | None:
        """How far from the left of the viewport a visit stands."""
        for visit in self._picture.course.visits:
            if visit.id == visit_id:
                x = self._picture.axis(self._per_day).x(visit.visited_on)
                return x - self.horizontalScrollBar().value() + NAMES
        return None

    def zoom(self, factor: float, at: float | None = None) -> None:
        """Make a day wider or narrower; what lies ``at`` a place of the viewport stays there."""
        whole = fitting(self._picture.course, self._room())
        wanted = min(max(self._per_day * factor, min(whole, CLOSEST)), CLOSEST)
        self._fits, self._untouched = wanted <= whole, False
        place = (NAMES + self._room() / 2 if at is None else max(at, NAMES)) - NAMES
        bar = self.horizontalScrollBar()
        days = (bar.value() + place) / self._per_day
        if self._stage is not None and len(self._stage.spots) > _MANY:
            left, _ = self.seen()
            self._before = _Before(self.viewport().grab(self._lanes_rect().toRect()), left, self._per_day)
        self._per_day = wanted
        self._renew()
        bar.setValue(round(days * wanted - place))

    def show_all(self) -> None:
        """The whole course in the width of the window."""
        self.zoom(0.0)

    def spot_at(self, place: QPointF) -> Spot | None:
        """What can be asked about at a place of the viewport; the smallest of those that lie over each other."""
        if place.y() < AXIS:
            return None
        y = place.y() - AXIS + self.verticalScrollBar().value()
        stage = self._ready()
        if place.x() < NAMES:
            found = [spot for spot in stage.name_spots if spot.holds(place.x(), y)]
        else:
            x = place.x() - NAMES + self.horizontalScrollBar().value()
            found = [spot for spot in stage.spots if spot.holds(x, y)]
        return min(found, key=lambda spot: spot.width * spot.height, default=None)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """The lanes, then over them what stays: the names and the axis."""
        theme = current_theme()
        before = self._before if self._stage is None and theme is self._theme else None
        if before is None:
            self._ready()
        else:
            self._settling.start()
        assert self._painted is not None
        picture, names, axis = self._painted
        painter = QPainter(self.viewport())
        size = self.viewport().size()
        across, down = -self.horizontalScrollBar().value() + NAMES, -self.verticalScrollBar().value() + AXIS
        painter.fillRect(self.viewport().rect(), QColor(theme.surface))
        painter.save()
        painter.setClipRect(self._lanes_rect())
        if before is not None:
            axis = Painted(self._picture.drawn_axis(self._per_day, *self.seen(), self._writing), theme)
            self._paint_stretched(painter, before)
        else:
            painter.translate(across, down)
            self._paint_selected(painter, theme)
            picture.paint(painter)
        painter.restore()
        painter.save()
        painter.setClipRect(QRectF(0, AXIS, NAMES, size.height() - AXIS))
        painter.translate(0, down)
        names.paint(painter)
        painter.restore()
        painter.save()
        painter.setClipRect(QRectF(NAMES, 0, size.width() - NAMES, AXIS + 1))
        painter.translate(across, 0)
        axis.paint(painter)
        painter.restore()
        painter.setPen(QPen(QColor(theme.hairline), 1))
        painter.drawLine(QPointF(NAMES - 0.5, 0), QPointF(NAMES - 0.5, size.height()))
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRect(QRectF(1, 1, size.width() - 2, size.height() - 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure again; a course that was seen whole stays so."""
        super().resizeEvent(event)
        bar = self.horizontalScrollBar()
        if self._untouched and bar.value() == bar.maximum():
            self._begin()
            return
        if self._fits:
            self._per_day = min(fitting(self._picture.course, self._room()), CLOSEST)
        self._renew()

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell what lies under the pointer."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = self.spot_at(QPointF(event.pos()))
            if spot is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), "\n".join(spot.tell()), self.viewport())
            return True
        return super().viewportEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Another palette needs other colours."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._stage = None

    def _paint_stretched(self, painter: QPainter, before: _Before) -> None:
        place = self._lanes_rect()
        wider = self._per_day / before.per_day
        left = NAMES + before.left * wider - self.horizontalScrollBar().value()
        target = QRectF(left, AXIS, place.width() * wider, place.height())
        painter.drawPixmap(target, before.lanes, QRectF(before.lanes.rect()))

    def _lanes_rect(self) -> QRectF:
        """The part of the viewport beside the names and below the axis."""
        size = self.viewport().size()
        return QRectF(NAMES, AXIS, size.width() - NAMES, size.height() - AXIS)

    def _paint_selected(self, painter: QPainter, theme: Theme) -> None:
        for visit in self._picture.course.visits:
            if visit.id == self._selected:
                x = self._picture.axis(self._per_day).x(visit.visited_on)
                painter.fillRect(QRectF(x - 11, 0, 22, self._picture.height), QColor(theme.accent_soft))

    def _ready(self) -> Stage:
        """The shapes of what is seen. A course or zoom that is new is drawn as far as that, and further by and by."""
        left, right = self.seen()
        theme, stage = current_theme(), self._stage
        if stage is not None and theme is self._theme and stage.left <= left and right <= stage.right:
            return stage
        if stage is None:
            self._widening.start()
            return self._draw(left, right)
        return self._draw_wide()

    @Slot()
    def _settle(self) -> None:
        """Nobody turns the wheel any more: draw this zoom."""
        self._before = None
        self.viewport().update()

    @Slot()
    def _draw_wide(self) -> Stage:
        """What is seen and half as much to each side: drawn anew only beyond."""
        left, right = self.seen()
        return self._draw(left - self._room() / 2, right + self._room() / 2)

    def _draw(self, start: float, end: float) -> Stage:
        theme = current_theme()
        stage = self._picture.drawn(self._per_day, start, end, self._writing)
        axis = self._picture.drawn_axis(self._per_day, start, end, self._writing)
        self._painted = (Painted(stage.picture, theme), Painted(stage.names, theme), Painted(axis, theme))
        self._stage, self._theme, self._before = stage, theme, None
        return stage

    def _begin(self) -> None:
        """The first zoom: the whole course where its bars stay readable, else its latest years."""
        whole = fitting(self._picture.course, self._room())
        self._fits = whole >= _FIRST_FIT
        self._per_day = min(whole, CLOSEST) if self._fits else READABLE
        self._renew()
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().maximum())

    def _renew(self) -> None:
        self._stage = None
        self._widening.stop()  # it was meant for what is no longer shown
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        room, height = self._room(), self.viewport().height() - AXIS
        across.setRange(0, max(0, round(self._picture.axis(self._per_day).width - room)))
        across.setPageStep(round(room))
        across.setSingleStep(40)
        down.setRange(0, max(0, round(self._picture.height + 8 - height)))
        down.setPageStep(round(height))
        down.setSingleStep(40)
        self.viewport().update()

    def _room(self) -> float:
        return max(self.viewport().width() - NAMES, 1.0)

    def _describe(self) -> None:
        """Tell a reader of the screen what the eye sees: the chosen visit, or how many there are."""
        course = self._picture.course
        chosen: CourseVisit | None = next((each for each in course.visits if each.id == self._selected), None)
        if chosen is not None:
            number = course.visits.index(chosen) + 1
            lines = visit_lines(course, chosen, self._writing)
            self.setAccessibleDescription(f"Visit {number} of {len(course.visits)}. {'. '.join(lines)}")
        else:
            count = len(course.visits)
            self.setAccessibleDescription(
                f"{count} visit{'' if count == 1 else 's'}. Left and Right go from one to the next, Enter opens it."
            )
