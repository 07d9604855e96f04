"""The column at the left: a month, whose columns are shown, and who waits."""

from datetime import date, datetime

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from clinic_app.services.schedule_data import AppointmentRow, Injector
from clinic_app.terms import WAITING
from clinic_app.ui.icons import icon
from clinic_app.ui.schedule.grid_model import Across
from clinic_app.ui.schedule.mini_month import MiniMonth
from clinic_app.ui.schedule.states import ICONS, WORDS, state_colors
from clinic_app.ui.schedule.wording import duration_text
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, TIGHT, current_theme
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.palette import on_palette_change
from clinic_app.ui.widgets.sections import Scroll
from clinic_app.ui.widgets.segments import Segments

WIDTH = 240
_ID = Qt.ItemDataRole.UserRole
_INJECTOR_ROW = 28
_WAITING_ROW = 44


class SideColumn(QWidget):
    """Tells which day, which injectors and which waiting patient the person wants to see."""

    day_chosen = Signal(object)
    injectors_changed = Signal()
    across_chosen = Signal(object)
    """A day's columns are these: ``Across``."""
    appointment_chosen = Signal(int)
    new_asked = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.new_button = PlainButton("New appointment", self, icon="plus")
        self.new_button.setToolTip("New appointment (Ctrl+N)")
        self.month = MiniMonth(today, self)
        self.across = Segments("Columns of the day", [("Injectors", "Alt+I"), ("Rooms", "Alt+R")], self)
        self.across.chosen.connect(lambda text: self.across_chosen.emit(Across(text)))
        self.injectors: dict[int, QCheckBox] = {}
        names = QWidget(self)
        self._boxes = QVBoxLayout(names)
        self._boxes.setContentsMargins(TIGHT, 0, 0, 0)
        self._boxes.setSpacing(2)
        self._injector_list = Scroll(names, self)
        self._injector_list.setAccessibleName("Injectors")
        self.waiting = QListWidget(self)
        self.waiting.setAccessibleName("Waiting now")
        self._nobody = Muted("Nobody waits. Patients stand here from their arrival on.", self, wrap=True)
        self._waiting_rows: tuple[AppointmentRow, ...] = ()
        self._now: datetime | None = None
        self.waiting.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.waiting.setFrameShape(QListWidget.Shape.NoFrame)
        self.waiting.setStyleSheet("QListWidget, QListWidget:focus { background: transparent; border: none; }")
        self.waiting.setIconSize(QSize(16, 16))
        self._lay_out()
        self.new_button.clicked.connect(self.new_asked)
        self.month.day_chosen.connect(self.day_chosen)
        self.waiting.itemClicked.connect(self._waiting_chosen)
        self.waiting.itemActivated.connect(self._waiting_chosen)
        on_palette_change(self, self._show_waiting)

    def set_injectors(self, injectors: tuple[Injector, ...]) -> None:
        """List the injectors; new ones are ticked, the others keep their tick."""
        off = self.unticked()
        for box in self.injectors.values():
            self._boxes.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.injectors = {}
        for injector in injectors:
            box = QCheckBox(injector.name, self)
            box.setToolTip(injector.name)
            box.setChecked(injector.id not in off)
            box.toggled.connect(self.injectors_changed)
            self._boxes.addWidget(box)
            self.injectors[injector.id] = box
        self._injector_list.setFixedHeight(min(len(injectors), 8) * _INJECTOR_ROW)

    def offer_across(self, offered: bool) -> None:
        """Ask for rooms or injectors only where a day has columns."""
        self._across_title.setVisible(offered)
        self.across.setVisible(offered)

    def unticked(self) -> frozenset[int]:
        """The injectors whose columns are hidden."""
        return frozenset(number for number, box in self.injectors.items() if not box.isChecked())

    def set_waiting(self, rows: tuple[AppointmentRow, ...], now: datetime) -> None:
        """Today's appointments and the moment, with its zone; those who wait are shown, the longest first."""
        waiting = [row for row in rows if row.state in WAITING]
        self._waiting_rows = tuple(sorted(waiting, key=lambda row: row.since or now))
        self.set_now(now)

    def set_now(self, now: datetime) -> None:
        """Another minute has passed."""
        self._now = now
        self._show_waiting()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(BETWEEN, BETWEEN, BETWEEN, BETWEEN)
        layout.setSpacing(TIGHT)
        layout.addWidget(self.new_button)
        layout.addSpacing(INSIDE)
        layout.addWidget(self.month)
        layout.addSpacing(BETWEEN)
        self._across_title = self._title("Columns of the day")
        layout.addWidget(self._across_title)
        layout.addWidget(self.across)
        layout.addSpacing(INSIDE)
        layout.addWidget(self._title("Injectors"))
        layout.addWidget(self._injector_list)
        layout.addSpacing(AROUND)
        layout.addWidget(self._title("Waiting now"))
        layout.addWidget(self._nobody)
        layout.addWidget(self.waiting, 1)
        layout.addStretch(0)
        self._nobody.setContentsMargins(TIGHT, 0, TIGHT, 0)

    def _title(self, text: str) -> Strong:
        title = Strong(text, self)
        title.setContentsMargins(TIGHT, 0, 0, 0)
        return title

    def _show_waiting(self) -> None:
        if self._now is None:
            return
        chosen = self.waiting.currentRow()
        self.waiting.clear()
        for row in self._waiting_rows:
            minutes = int((self._now - (row.since or self._now)).total_seconds() // 60)
            color = state_colors(row.state, current_theme()).edge
            item = QListWidgetItem(
                icon(ICONS[row.state], color), f"{row.patient_name}\n{WORDS[row.state]} · {duration_text(minutes)}"
            )
            item.setData(_ID, row.id)
            item.setSizeHint(QSize(100, _WAITING_ROW))
            self.waiting.addItem(item)
        self.waiting.setCurrentRow(chosen)
        self.waiting.setVisible(bool(self._waiting_rows))
        self._nobody.setVisible(not self._waiting_rows)

    @Slot(QListWidgetItem)
    def _waiting_chosen(self, item: QListWidgetItem) -> None:
        self.appointment_chosen.emit(int(item.data(_ID)))
