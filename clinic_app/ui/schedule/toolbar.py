"""The line above the grid: which days, and how they are shown."""

from datetime import date, timedelta

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.ui.schedule.grid_model import Mode
from clinic_app.ui.schedule.wording import long_day_text, week_text
from clinic_app.ui.theme import AROUND, INSIDE, TIGHT, heading_font
from clinic_app.ui.widgets.buttons import IconButton, PlainButton
from clinic_app.ui.widgets.headings import ElidedLabel
from clinic_app.ui.widgets.segments import Segments

_HEIGHT = 48


class Toolbar(QWidget):
    """Steps through days or weeks, switches between day, week and list, prints the day list."""

    mode_chosen = Signal(object)
    stepped = Signal(int)
    today_asked = Signal()
    print_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(_HEIGHT)
        self.before = IconButton("chevron-left", "Previous day", self, shortcut="Alt+Left")
        self.after = IconButton("chevron-right", "Next day", self, shortcut="Alt+Right")
        self.today = PlainButton("Today", self, shortcut="Alt+Home")
        self.heading = ElidedLabel("", self)
        self.heading.setFont(heading_font())
        self.modes = Segments("Show as", [("Day", "Alt+1"), ("Week", "Alt+2"), ("List", "Alt+3")], self)
        self.print_button = IconButton("printer", "Print day list", self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(AROUND, 0, AROUND, 0)
        layout.setSpacing(INSIDE)
        layout.addWidget(self.today)
        layout.addWidget(self.before)
        layout.addWidget(self.after)
        layout.addSpacing(TIGHT)
        layout.addWidget(self.heading, 1)
        layout.addWidget(self.print_button)
        layout.addWidget(self.modes)
        self.before.clicked.connect(lambda: self.stepped.emit(-1))
        self.after.clicked.connect(lambda: self.stepped.emit(1))
        self.today.clicked.connect(self.today_asked)
        self.print_button.clicked.connect(self.print_asked)
        self.modes.chosen.connect(self._chosen)

    def set_period(self, first: date, days: int, mode: Mode) -> None:
        """Say which days are shown."""
        self.modes.set_position(mode.value)
        if mode is Mode.WEEK:
            self.heading.set_text(week_text(first, first + timedelta(days=days - 1)))
        else:
            self.heading.set_text(f"{long_day_text(first)} {first.year}")
        unit = "week" if mode is Mode.WEEK else "day"
        for button, word in ((self.before, "Previous"), (self.after, "Next")):
            shortcut = button.shortcut().toString()
            button.setAccessibleName(f"{word} {unit}")
            button.setToolTip(f"{word} {unit} ({shortcut})")

    @Slot(str)
    def _chosen(self, position: str) -> None:
        self.mode_chosen.emit(Mode(position))
