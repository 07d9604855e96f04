"""The last years of the timeline, small and still, under the summary."""

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from clinic_app.timeline.axis import fitting
from clinic_app.timeline.course import Course
from clinic_app.timeline.picture import AXIS, Picture, picture_of
from clinic_app.timeline.stage import NAMES, Stage
from clinic_app.timeline.telling import visit_lines
from clinic_app.ui.patients.timeline_canvas import CLOSEST, READABLE
from clinic_app.ui.patients.timeline_painting import Painted, screen_writing
from clinic_app.ui.theme import current_theme
from clinic_app.ui.tokens import Theme


class TimelineStrip(QWidget):
    """Products, weeks between, benefit and side effects up to today, as far back as the width has room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None
        self._writing = screen_writing()
        self._drawn: tuple[Stage, tuple[Painted, Painted, Painted], int, Theme] | None = None
        self.setAccessibleName("The last years on the timeline")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_course(self, course: Course) -> None:
        """Show a course, which has an injection at least."""
        self._writing = screen_writing()
        self._picture, self._drawn = picture_of(course, muscles=False), None
        last = visit_lines(course, course.visits[-1], self._writing) if course.visits else ()
        self.setAccessibleDescription(". ".join(last))
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        """As high as the lanes are."""
        return QSize(600, 0 if self._picture is None else round(self._picture.height + AXIS))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names, axis and lanes; drawn anew only when the width or the theme changes."""
        drawn = self._ready()
        if drawn is None:
            return
        stage, (lanes, names, axis) = drawn
        painter = QPainter(self)
        names_at, left = (0.0, AXIS), NAMES - stage.left
        for painted, place, clip in (
            (names, names_at, QRectF(0, 0, NAMES, self.height())),
            (lanes, (left, AXIS), QRectF(NAMES, 0, self.width() - NAMES, self.height())),
            (axis, (left, 0.0), QRectF(NAMES, 0, self.width() - NAMES, self.height())),
        ):
            painter.save()
            painter.setClipRect(clip)
            painter.translate(*place)
            painted.paint(painter)
            painter.restore()

    def event(self, event: QEvent) -> bool:
        """Tell what lies under the pointer."""
        drawn = self._ready() if event.type() is QEvent.Type.ToolTip else None
        if drawn is None or not isinstance(event, QHelpEvent):
            return super().event(event)
        stage = drawn[0]
        x, y = event.pos().x() - NAMES + stage.left, event.pos().y() - AXIS
        found = [spot for spot in stage.spots if spot.holds(x, y)] if event.pos().x() >= NAMES else []
        spot = min(found, key=lambda spot: spot.width * spot.height, default=None)
        if spot is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPos(), "\n".join(spot.tell()), self)
        return True

    def _ready(self) -> tuple[Stage, tuple[Painted, Painted, Painted]] | None:
        if self._picture is None:
            return None
        theme, drawn = current_theme(), self._drawn
        if drawn is None or drawn[2] != self.width() or drawn[3] is not theme:
            room = max(self.width() - NAMES, 1.0)
            per_day = min(max(fitting(self._picture.course, room), READABLE), CLOSEST)
            left = max(self._picture.axis(per_day).width - room, 0.0)
            stage = self._picture.drawn(per_day, left, left + room, self._writing)
            axis = self._picture.drawn_axis(per_day, left, left + room, self._writing)
            painted = Painted(stage.picture, theme), Painted(stage.names, theme), Painted(axis, theme)
            drawn = self._drawn = stage, painted, self.width(), theme
        return drawn[0], drawn[1]
