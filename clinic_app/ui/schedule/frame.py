"""The parts of the schedule and where they stand: a column at the left, the grid, a panel at the right."""

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_app.ui.schedule.actions import AppointmentActions
from clinic_app.ui.schedule.ahead_view import AheadView
from clinic_app.ui.schedule.appointment_panel import AppointmentPanel
from clinic_app.ui.schedule.booking_form import BookingForm, RoomFinder
from clinic_app.ui.schedule.day_list import DayList
from clinic_app.ui.schedule.grid import ScheduleGrid
from clinic_app.ui.schedule.month_view import MonthView
from clinic_app.ui.schedule.offers_panel import OffersPanel
from clinic_app.ui.schedule.overview import Overview
from clinic_app.ui.schedule.repeat_panel import RepeatPanel
from clinic_app.ui.schedule.side_column import SideColumn
from clinic_app.ui.schedule.toolbar import Toolbar
from clinic_app.ui.theme import current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.loading import Skeleton
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.sections import Hairline
from clinic_app.ui.workplace import Workplace

PANEL_WIDTH = 320


class ScheduleFrame(QWidget):
    """Makes the parts and lays them out; what they tell each other is the view's business."""

    def __init__(self, workplace: Workplace, find_room: RoomFinder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self.appointment_actions = AppointmentActions(workplace, self)
        self.toolbar = Toolbar(self)
        self.side = SideColumn(workplace.today(), self)
        self.grid = ScheduleGrid(self)
        self.day_list = DayList(self)
        self.month_view = MonthView(workplace.today(), self)
        self.ahead_view = AheadView(self)
        self.problem = Note(Level.STOP, self)
        self.overview = Overview(self)
        self.appointment_panel = AppointmentPanel(workplace, self.appointment_actions, self)
        self.booking_form = BookingForm(workplace, find_room, self)
        self.repeat_panel = RepeatPanel(workplace, self)
        self.offers_panel = OffersPanel(workplace, self)
        self.center, self.panels = QStackedWidget(self), QStackedWidget(self)
        self.skeleton = Skeleton(self.center)
        self._lay_out()
        self.setFocusProxy(self.grid)
        self.grid.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the columns at both sides."""
        QPainter(self).fillRect(self.rect(), QColor(current_theme().window))

    def _lay_out(self) -> None:
        for shown in (self.grid, self.day_list, self.month_view, self.ahead_view):
            self.center.addWidget(shown)
        for panel in (
            self.overview,
            self.appointment_panel,
            self.booking_form,
            self.repeat_panel,
            self.offers_panel,
        ):
            self.panels.addWidget(panel)
        self.panels.setFixedWidth(PANEL_WIDTH)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.toolbar)
        middle.addWidget(Hairline(self))
        middle.addWidget(self.problem)
        middle.addWidget(self.center, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.side)
        layout.addWidget(Hairline(self, vertical=True))
        layout.addLayout(middle, 1)
        layout.addWidget(Hairline(self, vertical=True))
        layout.addWidget(self.panels)
