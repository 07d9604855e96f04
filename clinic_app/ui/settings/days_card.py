"""What the forms for a span of days have in common: first and last day, a reason, and refusals under their fields."""

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.calendar_data import LONGEST_REASON
from clinic_app.ui.settings.form_card import FormCard
from clinic_app.ui.widgets.fields import TextField
from clinic_app.ui.widgets.value_fields import DateField
from clinic_app.ui.wording import told


class DaysCard(FormCard):
    """Without a last day it is a single one."""

    def __init__(self, action: str, example: str, today: Callable[[], date], parent: QWidget | None = None) -> None:
        """``example`` is a usual reason."""
        super().__init__(action, parent)
        self.today = today
        self.first_day = DateField("First day", self, required=True, today=today)
        self.last_day = DateField("Last day", self, today=today, hint="Empty for a single day")
        self.reason = TextField(
            "Reason",
            self,
            longest=LONGEST_REASON,
            placeholder=f"Holiday, {example}, … Whoever books is told it",
        )

    def clear_days(self, earliest: date | None) -> None:
        """Empty fields; ``earliest`` is the earliest first day."""
        self.first_day.earliest, self.last_day.earliest = earliest, self.today()
        self.first_day.set_value(None)
        self.last_day.set_value(None)
        self.reason.set_value("")

    def days(self) -> tuple[date, date] | None:
        """First and last day; None, and said under its field, where they are missing or in the wrong order."""
        first_day = self.first_day.value()
        if first_day is None:
            return None
        last_day = self.last_day.value() or first_day
        if last_day < first_day:
            self.refuse_last_day("The last day lies before the first.")
            return None
        return first_day, last_day

    def refuse_last_day(self, sentence: str) -> None:
        """Say what is wrong with the span."""
        self.last_day.set_error(sentence)
        self.last_day.setFocus()

    def show_error(self, error: ClinicError) -> None:
        """The refusal under its field, else under the first day."""
        field = {"last_day": self.last_day, "reason": self.reason}.get(error.field, self.first_day)
        field.set_error(told(error))
        field.setFocus()
