"""The form for single days: away, or other hours than in the week."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_app.services.calendar_data import SingleDay, each_day
from clinic_app.ui.settings.days_card import DaysCard
from clinic_app.ui.settings.spans_editor import SpansEditor
from clinic_app.ui.theme import TIGHT
from clinic_app.ui.widgets.fields import check_all
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.value_fields import ChoiceField

_AWAY, _OTHER_HOURS = "away", "other_hours"


@dataclass(frozen=True, slots=True)
class WantedDays:
    """What was filled in: the span of days, and what each of them becomes."""

    first_day: date
    last_day: date
    days: tuple[SingleDay, ...]


class DaysForm(DaysCard):
    """First and last day, away or hours, reason; says ``WantedDays``."""

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__("Set these days", "congress", today, parent)
        self._working: frozenset[int] = frozenset()
        self.what: ChoiceField[str] = ChoiceField(
            "What", [(_AWAY, "Away all day"), (_OTHER_HOURS, "Other hours")], self, required=True
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
        self.what.changed.connect(self._fit)
        self.across(self.first_day, self.last_day, self.what)
        self.grid.addWidget(self._hours, 1, 0, 1, 3)
        self.grid.addWidget(self.reason, 2, 0, 1, 3, Qt.AlignmentFlag.AlignTop)

    def begin(self, working: frozenset[int]) -> None:
        """Empty fields; ``working`` are the weekdays that are worked in the week."""
        self._working = working
        self.clear_days(self.today())
        self.what.set_value(_AWAY)
        self.hours.show_spans(())
        self._fit()

    @Slot()
    def submit(self) -> None:
        """Say what these days become."""
        if not check_all((self.first_day, self.last_day, self.what, self.reason)):
            return
        days = self.days()
        if days is None:
            return
        first_day, last_day = days
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
        changed = each_day(first_day, last_day, self.hours.spans(), reason, weekdays)
        if not changed:
            self.refuse_last_day("None of these days is worked in the week. Set single days instead.")
            return
        self.wanted.emit(WantedDays(first_day, last_day, changed))

    @Slot()
    def _fit(self) -> None:
        away = self.what.value() == _AWAY
        self._hours.setVisible(not away)
        self.reason.required = away
