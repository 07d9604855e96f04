"""The form for single days: away, or other hours than in the week."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.calendar_data import LONGEST_REASON, SingleDay, each_day
from clinic_app.ui.settings.spans_editor import SpansEditor
from clinic_app.ui.theme import BETWEEN, INSIDE, TIGHT
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.fields import TextField, check_all
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Card
from clinic_app.ui.widgets.value_fields import ChoiceField, DateField
from clinic_app.ui.wording import told

_AWAY, _OTHER_HOURS = "away", "other_hours"


@dataclass(frozen=True, slots=True)
class WantedDays:
    """What was filled in: the span of days, and what each of them becomes."""

    first_day: date
    last_day: date
    days: tuple[SingleDay, ...]


class DaysForm(Card):
    """First and last day, away or hours, reason."""

    wanted = Signal(object)
    """Carries ``WantedDays``."""
    closed = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._working: frozenset[int] = frozenset()
        self.first_day = DateField("First day", self, required=True, today=today)
        self.last_day = DateField("Last day", self, today=today, hint="Empty for a single day")
        self.what: ChoiceField[str] = ChoiceField(
            "What", [(_AWAY, "Away all day"), (_OTHER_HOURS, "Other hours")], self, required=True
        )
        self.reason = TextField(
            "Reason", self, longest=LONGEST_REASON, placeholder="Holiday, congress, … Whoever books is told it"
        )
        self.reason.missing_text = "Write why, such as congress: whoever books is told it."
        self.hours = SpansEditor("Hours of these days", self, closed_words="Add hours")
        self._hours = QWidget(self)
        inside = QVBoxLayout(self._hours)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(TIGHT)
        inside.addWidget(Muted("Hours", self))
        inside.addWidget(self.hours)
        inside.addWidget(Muted("Of several days, those that are worked in the week get these hours.", self, wrap=True))
        self.save = PrimaryButton("Set these days", self)
        self.save.clicked.connect(self._save)
        cancel = PlainButton("Cancel", self)
        cancel.clicked.connect(self.closed)
        self.what.changed.connect(self._fit)
        grid = QGridLayout()
        grid.setSpacing(BETWEEN)
        top = Qt.AlignmentFlag.AlignTop
        for column, field in enumerate((self.first_day, self.last_day, self.what)):
            grid.addWidget(field, 0, column, top)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self._hours, 1, 0, 1, 3)
        grid.addWidget(self.reason, 2, 0, 1, 3, top)
        foot = QHBoxLayout()
        foot.setSpacing(INSIDE)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.save)
        self.layout_inside.addLayout(grid)
        self.layout_inside.addLayout(foot)

    def begin(self, working: frozenset[int]) -> None:
        """Empty fields; ``working`` are the weekdays that are worked in the week."""
        self._working = working
        self.first_day.earliest = self.last_day.earliest = self._today()
        self.first_day.set_value(None)
        self.last_day.set_value(None)
        self.what.set_value(_AWAY)
        self.reason.set_value("")
        self.hours.show_spans(())
        self._fit()

    def show_error(self, error: ClinicError) -> None:
        """The refusal under its field, else under the first day."""
        field = {"last_day": self.last_day, "reason": self.reason}.get(error.field, self.first_day)
        field.set_error(told(error))
        field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter sets the days, Esc closes the form."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._save()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _fit(self) -> None:
        away = self.what.value() == _AWAY
        self._hours.setVisible(not away)
        self.reason.required = away

    @Slot()
    def _save(self) -> None:
        if not check_all((self.first_day, self.last_day, self.what, self.reason)):
            return
        first_day = self.first_day.value()
        if first_day is None:
            return
        last_day = self.last_day.value() or first_day
        if last_day < first_day:
            self.last_day.set_error("The last day lies before the first.")
            self.last_day.setFocus()
            return
        reason = self.reason.value()
        if self.what.value() == _AWAY:
            self.wanted.emit(WantedDays(first_day, last_day, each_day(first_day, last_day, (), reason)))
            return
        if not self.hours.check():
            return
        if not self.hours.spans():
            self.what.set_error("Add the hours of these days, or choose that the injector is away.")
            return
        weekdays = range(7) if first_day == last_day else self._working
        days = each_day(first_day, last_day, self.hours.spans(), reason, weekdays)
        if not days:
            self.last_day.set_error("None of these days is worked in the week. Set single days instead.")
            self.last_day.setFocus()
            return
        self.wanted.emit(WantedDays(first_day, last_day, days))
