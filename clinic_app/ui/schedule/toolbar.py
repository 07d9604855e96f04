"""The line above the calendar: which days, and how they are shown."""

from datetime import date, timedelta

from PySide6.QtCore import QLocale, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.ui.locale import date_text, weekday_date_text
from clinic_app.ui.schedule.grid_model import Mode
from clinic_app.ui.schedule.loading import Shown
from clinic_app.ui.schedule.wording import long_day_text, week_number, week_text
from clinic_app.ui.theme import AROUND, INSIDE, TIGHT, heading_font
from clinic_app.ui.widgets.buttons import IconButton, PlainButton
from clinic_app.ui.widgets.headings import ElidedLabel
from clinic_app.ui.widgets.segments import Segments

_HEIGHT = 48
_UNITS = {Mode.WEEK: "week", Mode.MONTH: "month"}


class Toolbar(QWidget):
    """Steps through days, weeks or months, switches between the ways to show them, prints."""

    mode_chosen = Signal(object)
    stepped = Signal(int)
    today_asked = Signal()
    print_asked = Signal()
    papers_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(_HEIGHT)
        self.before = IconButton("chevron-left", "Previous day", self, shortcut="Alt+Left")
        self.after = IconButton("chevron-right", "Next day", self, shortcut="Alt+Right")
        self.today = PlainButton("Today", self, shortcut="Alt+Home")
        self.heading = ElidedLabel("", self)
        self.heading.setFont(heading_font())
        shortcuts = [(mode.value, f"Alt+{number}") for number, mode in enumerate(Mode, 1)]
        self.modes = Segments("Show as", shortcuts, self)
        self.print_button = IconButton("printer", "Print day list", self)
        self.papers_button = IconButton("file-text", "Print the papers of this day", self, shortcut="Ctrl+Shift+P")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(AROUND, 0, AROUND, 0)
        layout.setSpacing(INSIDE)
        layout.addWidget(self.today)
        layout.addWidget(self.before)
        layout.addWidget(self.after)
        layout.addSpacing(TIGHT)
        layout.addWidget(self.heading, 1)
        layout.addWidget(self.papers_button)
        layout.addWidget(self.print_button)
        layout.addWidget(self.modes)
        self.before.clicked.connect(lambda: self.stepped.emit(-1))
        self.after.clicked.connect(lambda: self.stepped.emit(1))
        self.today.clicked.connect(self.today_asked)
        self.print_button.clicked.connect(self.print_asked)
        self.papers_button.clicked.connect(self.papers_asked)
        self.modes.chosen.connect(self._chosen)

    def set_period(self, shown: Shown) -> None:
        """Say which days are shown."""
        mode = shown.mode
        self.modes.set_position(mode.value)
        self.heading.set_text(*_heading(shown))
        unit = _UNITS.get(mode, "day")
        for button, word in ((self.before, "Previous"), (self.after, "Next")):
            shortcut = button.shortcut().toString()
            button.setAccessibleName(f"{word} {unit}")
            button.setToolTip(f"{word} {unit} ({shortcut})")
            button.setVisible(mode is not Mode.AHEAD)
        self.today.setVisible(mode is not Mode.AHEAD)
        what = "Print week list" if mode is Mode.WEEK else "Print day list"
        self.print_button.setAccessibleName(what)
        self.print_button.setToolTip(f"{what} (Ctrl+P)")
        self.print_button.setVisible(mode not in (Mode.MONTH, Mode.AHEAD))
        self.papers_button.setVisible(mode in (Mode.DAY, Mode.LIST))

    @Slot(str)
    def _chosen(self, position: str) -> None:
        self.mode_chosen.emit(Mode(position))


def _heading(shown: Shown) -> tuple[str, ...]:
    """What is shown, and shorter ways to say it for a narrow window."""
    first, last = shown.first_day, shown.first_day + timedelta(days=shown.days - 1)
    if shown.mode is Mode.WEEK:
        return week_text(first, last), _short_span(first, last), f"Week {week_number(first)}"
    if shown.mode is Mode.MONTH:
        locale = QLocale()
        name = locale.standaloneMonthName(shown.day.month, QLocale.FormatType.LongFormat)
        return f"{name} {shown.day.year}", locale.standaloneMonthName(shown.day.month, QLocale.FormatType.ShortFormat)
    if shown.mode is Mode.AHEAD:
        return f"{shown.days // 7} weeks from {date_text(first)}", f"{shown.days // 7} weeks ahead"
    return f"{long_day_text(first)} {first.year}", weekday_date_text(first), date_text(first)


def _short_span(first: date, last: date) -> str:
    locale = QLocale()
    names = [locale.standaloneMonthName(day.month, QLocale.FormatType.ShortFormat) for day in (first, last)]
    return f"{first.day} {names[0]} – {last.day} {names[1]}"
