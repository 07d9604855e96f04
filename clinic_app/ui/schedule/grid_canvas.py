"""The surface of the grid: holds a sheet of appointments, paints it, scrolls it, and knows what lies where."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from clinic_app.services.schedule_data import AppointmentRow, Board, ScheduleChoices
from clinic_app.terms import GONE
from clinic_app.ui.locale import date_text
from clinic_app.ui.schedule.block_painting import BlockPainter, Kept
from clinic_app.ui.schedule.geometry import Box, Edge, GridScale, edge_at, scale_for
from clinic_app.ui.schedule.grid_model import Across, Block, Mode, Sheet, sheet_of
from clinic_app.ui.schedule.grid_painting import GUTTER, HEADER, GroundPainter, column_tooltip
from clinic_app.ui.schedule.states import WORDS
from clinic_app.ui.schedule.wording import (
    SIMILAR,
    Names,
    at_minute,
    empty_text,
    minutes_of,
    overbooked_text,
    span_text,
    spoken_appointment,
)
from clinic_app.ui.theme import current_theme

_NARROWEST = {Mode.DAY: 140.0, Mode.WEEK: 48.0}
_GONE_SHARE = 0.3
"""How much of a column's width those take who do not come; the rest of their place can be booked."""


@dataclass(frozen=True, slots=True)
class FreePlace:
    """A place the person chose; ``minutes`` is None when only its start was.

    In a column of injectors nothing is said of the room (``room_id`` is None), in a column of rooms nothing of the
    injector; ``NO_ROOM`` is the column of those without one.
    """

    injector_id: int | None
    starts_at: datetime
    minutes: int | None = None
    room_id: int | None = None


@dataclass(frozen=True, slots=True)
class Ghost:
    """Something that would stand somewhere: an appointment being dragged, or one being typed."""

    column: int
    start: int
    minutes: int
    title: str


class GridCanvas(QAbstractScrollArea):
    """Days and injectors as columns, time downwards. It is told everything and asks for nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = Sheet(Mode.DAY, (), (), (), (8 * 60, 17 * 60))
        self._scale = GridScale(1, 8 * 60, 17 * 60, GUTTER, 200, 18)
        self._names = Names()
        self._colours: dict[int, str] = {}
        """The colours of the kinds of appointment that have one."""
        self._now = datetime(1970, 1, 1)
        self._kept = Kept()
        self._selected: int | None = None
        self._place: FreePlace | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Schedule grid")
        self.viewport().setMouseTracking(True)
        self.setMinimumSize(QSize(360, 240))
        self.verticalScrollBar().valueChanged.connect(self.viewport().update)
        self.horizontalScrollBar().valueChanged.connect(self.viewport().update)

    def set_board(
        self,
        board: Board,
        choices: ScheduleChoices,
        mode: Mode,
        shown_injectors: frozenset[int] | None = None,
        across: Across = Across.INJECTORS,
    ) -> None:
        """Show a board. The chosen appointment stays chosen while it is there."""
        first_time = not self._sheet.days
        self._names = Names.of(choices)
        self._colours = {kind.id: kind.colour for kind in choices.types if kind.colour}
        self._sheet = sheet_of(board, choices, mode, shown_injectors, across)
        if self._selected is not None and self._block_of(self._selected) is None:
            self._selected = None
        self._measure()
        if first_time:
            self.show_minute(minutes_of(self._now))
        self._describe()

    def set_now(self, now: datetime) -> None:
        """Tell the time; the grid has no clock."""
        self._now = now
        self.viewport().update()

    def select(self, appointment_id: int | None) -> None:
        """Choose an appointment without telling anybody, and bring it into view."""
        self._selected = appointment_id
        self._place = None
        block = self._block_of(appointment_id)
        if block is not None:
            self._reveal(self._box(block))
        self._describe()
        self.viewport().update()

    def mark_place(self, place: FreePlace | None) -> None:
        """Show where the booking being typed would stand."""
        self._place = place
        self.viewport().update()

    def show_minute(self, minute: int) -> None:
        """Scroll so that a time of the day can be seen."""
        self.verticalScrollBar().setValue(int(self._scale.y(minute) - self._room().height() / 3))

    @property
    def sheet(self) -> Sheet:
        """What is shown."""
        return self._sheet

    @property
    def selected(self) -> int | None:
        """The id of the chosen appointment."""
        return self._selected

    def block_place(self, appointment_id: int) -> QRectF | None:
        """Where an appointment is on the viewport."""
        block = self._block_of(appointment_id)
        return None if block is None else self._rect(self._box(block)).translated(*self._offset())

    def minute_place(self, day: date, number: int, minute: int) -> QPointF | None:
        """The middle of a step in the column of an injector or a room on the viewport."""
        for place, column in enumerate(self._sheet.columns):
            if column.day == day and column.number == number:
                box = self._rect(self._scale.block(place, minute, self._scale.step)).translated(*self._offset())
                return box.center()
        return None

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, blocks, the line of now, then what stays while it scrolls."""
        theme = current_theme()
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(theme.surface))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        across, down = self._offset()
        ground = GroundPainter(painter, self._sheet, self._scale, theme, self._now)
        # The transformation knows the true scale, also when the view is drawn into a picture.
        blocks = BlockPainter(painter, theme, painter.deviceTransform().m11(), self._kept)
        painter.save()
        painter.translate(across, down)
        ground.ground()
        ground.now_line()
        painter.restore()
        self._paint_blocks(blocks, round(across), round(down))
        painter.save()
        painter.translate(across, down)
        ground.now_marks()
        ghost = self.ghost()
        if ghost is not None:
            self._paint_ghost(blocks, ghost)
        painter.translate(-across, 0)
        painter.fillRect(QRectF(0, -down, GUTTER, self.viewport().height()), QColor(theme.surface))
        ground.hours()
        painter.restore()
        painter.save()
        painter.translate(across, 0)
        ground.header(HEADER)
        painter.restore()
        painter.fillRect(QRectF(0, 0, GUTTER, HEADER - 1), QColor(theme.surface))
        if self._sheet.days and not self._sheet.blocks and self._place is None and not self._sheet.all_closed:
            # A closed day is named already.
            ground.hint(self._empty_text(), self._room())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure again."""
        super().resizeEvent(event)
        self._measure()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that it is gone."""
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        """Tooltips tell the whole of what a small block shortens."""
        if event.type() == QEvent.Type.ToolTip:
            help_event = cast("QHelpEvent", event)
            text = self._tooltip(QPointF(help_event.pos()))
            QToolTip.showText(help_event.globalPos(), text, self.viewport())
            return True
        return bool(super().viewportEvent(event))

    # Places

    def _measure(self) -> None:
        room = self._room()
        self._scale = scale_for(
            len(self._sheet.columns),
            self._sheet.span,
            self.viewport().width() - 1,
            room.height() - 1,
            gutter=GUTTER,
            narrowest=_NARROWEST.get(self._sheet.mode, 140.0),
            step=self._sheet.step,
        )
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setRange(0, max(0, int(self._scale.height - room.height())))
        vertical.setPageStep(int(room.height()))
        vertical.setSingleStep(int(self._scale.step_height))
        horizontal.setRange(0, max(0, int(self._scale.width - self.viewport().width())))
        horizontal.setPageStep(self.viewport().width())
        horizontal.setSingleStep(int(self._scale.column_width))
        self.viewport().update()

    def _room(self) -> QRectF:
        """What is left under the headings."""
        return QRectF(GUTTER, HEADER, self.viewport().width() - GUTTER, self.viewport().height() - HEADER)

    def _offset(self) -> tuple[float, float]:
        return -float(self.horizontalScrollBar().value()), HEADER - self.verticalScrollBar().value()

    def _columns_seen(self, across: float) -> tuple[int, int]:
        """The first and the last column of which something may be seen; one more at each side does no harm."""
        width = self._scale.column_width
        first = int((-across) // width)
        return first - 1, int((self.viewport().width() - across - self._scale.gutter) // width) + 1

    def _drawn(self, block: Block) -> Box:
        """The place of a block with its edges on whole pixels."""
        left, top, width, height = self._box(block)
        return Box(round(left), round(top), round(left + width) - round(left), height)

    def _rect(self, box: Box) -> QRectF:
        return QRectF(round(box.left), round(box.top), round(box.right) - round(box.left), box.height)

    def _box(self, block: Block) -> Box:
        box = self._scale.block(block.column, block.start, block.row.minutes, block.lane, block.lanes)
        if block.row.state not in GONE:
            return box
        width = max(24.0, self._scale.column_width * _GONE_SHARE) / block.lanes
        right = self._scale.x(block.column + 1)
        return Box(right - width * (block.lanes - block.lane), box.top, width, box.height)

    def _spot(self, place: QPointF) -> tuple[int, int] | None:
        """Column and minute under the mouse."""
        across, down = self._offset()
        column = self._scale.column_at(place.x() - across)
        if column is None or place.y() < HEADER or place.x() < GUTTER or column >= len(self._sheet.columns):
            return None
        return column, self._scale.minute_at(place.y() - down)

    def _block_at(self, place: QPointF) -> Block | None:
        across, down = self._offset()
        if place.y() < HEADER or place.x() < GUTTER:
            return None
        x, y = place.x() - across, place.y() - down
        return next((block for block in reversed(self._sheet.blocks) if self._box(block).contains(x, y)), None)

    def _edge_at(self, place: QPointF, block: Block) -> Edge | None:
        return edge_at(self._box(block), place.y() - self._offset()[1])

    def _block_of(self, appointment_id: int | None) -> Block | None:
        return next((block for block in self._sheet.blocks if block.row.id == appointment_id), None)

    def _row(self, appointment_id: int | None) -> AppointmentRow | None:
        block = self._block_of(appointment_id)
        return None if block is None else block.row

    def _reveal(self, box: Box) -> None:
        room = self._room()
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        if box.top < vertical.value():
            vertical.setValue(int(box.top) - 8)
        elif box.bottom > vertical.value() + room.height():
            vertical.setValue(int(box.bottom - room.height()) + 8)
        if box.left - GUTTER < horizontal.value():
            horizontal.setValue(int(box.left - GUTTER) - 8)
        elif box.right > horizontal.value() + self.viewport().width():
            horizontal.setValue(int(box.right - self.viewport().width()) + 8)

    def ghost(self) -> Ghost | None:
        """What is shown where it would stand: the booking being typed."""
        if self._place is None:
            return None
        for number, column in enumerate(self._sheet.columns):
            there = self._place.room_id if column.across is Across.ROOMS else self._place.injector_id
            if column.day == self._place.starts_at.date() and column.number == (there or 0):
                start = minutes_of(self._place.starts_at)
                return Ghost(number, start, self._place.minutes or 30, "New appointment")
        return None

    def _paint_blocks(self, blocks: BlockPainter, across: int, down: int) -> None:
        """What can be seen of them. Their icons must land on whole pixels."""
        rooms = bool(self._sheet.columns) and self._sheet.columns[0].across is Across.ROOMS
        focused = self.hasFocus()
        first, last = self._columns_seen(across)
        below = self.viewport().height() - down
        for block in self._sheet.blocks:
            if not first <= block.column <= last:
                continue
            box = self._drawn(block)
            if box.top < below and box.bottom > HEADER - down:
                row = block.row
                blocks.paint(
                    box.moved(across, down),
                    row,
                    selected=row.id == self._selected,
                    focused=focused,
                    colour=self._colours.get(row.type_id, ""),
                    injector=self._names.injector(row.injector_id) if rooms else "",
                )

    # Words

    def _paint_ghost(self, blocks: BlockPainter, ghost: Ghost) -> None:
        begins = at_minute(self._sheet.columns[ghost.column].day, ghost.start)
        box = self._rect(self._scale.block(ghost.column, ghost.start, ghost.minutes))
        blocks.paint_ghost(box, ghost.title, span_text(begins, begins + timedelta(minutes=ghost.minutes)))

    def _tooltip(self, place: QPointF) -> str:
        block = self._block_at(place)
        if block is None:
            column = self._scale.column_at(place.x() - self._offset()[0])
            shown = column is not None and place.y() < HEADER and column < len(self._sheet.columns)
            return column_tooltip(self._sheet, column) if shown and column is not None else ""
        row = block.row
        lines = [
            row.patient_name,
            f"{date_text(row.birth_date)} · {row.record_number}",
            f"{span_text(row.starts_at, row.ends_at)} · {row.type_name} · {self._names.injector(row.injector_id)}",
            self._names.where(row),
            WORDS[row.state] + (f": {row.reason}" if row.reason else ""),
        ]
        if row.similar_name:
            lines.append(SIMILAR)
        if row.overbooked_by:
            lines.append(overbooked_text(row))
        if row.note:
            lines.append(row.note)
        return "\n".join(lines)

    def _empty_text(self) -> str:
        if not self._sheet.columns:
            return "No injector is ticked. Tick one in the list at the left to see the schedule."
        days = self._sheet.days
        return empty_text(days[0], days[-1] if len(days) > 1 else None, somebody_works=self._sheet.somebody_works)

    def _describe(self) -> None:
        row = self._row(self._selected)
        if row is not None:
            self.setAccessibleDescription(spoken_appointment(row, self._names))
        elif self._sheet.days and not self._sheet.blocks:
            self.setAccessibleDescription(self._empty_text())
        else:
            count = sum(block.row.state not in GONE for block in self._sheet.blocks)
            self.setAccessibleDescription(f"{count} appointments. Arrow keys go from one to the next.")
