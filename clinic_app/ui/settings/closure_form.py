"""The form for a closure: first and last day, whose, why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.ui.settings.days_card import DaysCard
from clinic_app.ui.widgets.fields import check_all
from clinic_app.ui.widgets.value_fields import ChoiceField

_EVERYBODY = 0


@dataclass(frozen=True, slots=True)
class WantedClosure:
    """What was filled in; ``injector_id`` None closes the whole clinic."""

    first_day: date
    last_day: date
    reason: str
    injector_id: int | None
    injector: str


class ClosureForm(DaysCard):
    """Asks for what a closure needs; says ``WantedClosure``."""

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__("Close these days", "training", today, parent)
        self._names: dict[int, str] = {}
        self.whose: ChoiceField[int] = ChoiceField("Who", [(_EVERYBODY, "The whole clinic")], self, required=True)
        self.reason.required = True
        self.reason.missing_text = "Write why, such as holiday: whoever books is told it."
        self.across(self.first_day, self.last_day, self.whose)
        self.grid.addWidget(self.reason, 1, 0, 1, 3, Qt.AlignmentFlag.AlignTop)

    def set_injectors(self, injectors: Sequence[tuple[int, str]]) -> None:
        """Whose calendar can be closed."""
        self._names = dict(injectors)
        self.whose.set_choices([(_EVERYBODY, "The whole clinic"), *injectors])

    def begin(self) -> None:
        """Empty fields. A closure may have begun already."""
        self.clear_days(None)
        self.whose.set_value(_EVERYBODY)

    @Slot()
    def submit(self) -> None:
        """Say the closure that was filled in."""
        if not check_all((self.first_day, self.last_day, self.whose, self.reason)):
            return
        days = self.days()
        if days is None:
            return
        injector_id = self.whose.value() or None
        name = "" if injector_id is None else self._names[injector_id]
        self.wanted.emit(WantedClosure(*days, self.reason.value(), injector_id, name))
