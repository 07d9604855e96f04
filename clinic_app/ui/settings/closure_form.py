"""The form for a closure: first and last day, whose, why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.calendar_data import LONGEST_REASON
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.fields import TextField, check_all
from clinic_app.ui.widgets.sections import Card
from clinic_app.ui.widgets.value_fields import ChoiceField, DateField
from clinic_app.ui.wording import told

_EVERYBODY = 0


@dataclass(frozen=True, slots=True)
class WantedClosure:
    """What was filled in; ``injector_id`` None closes the whole clinic."""

    first_day: date
    last_day: date
    reason: str
    injector_id: int | None
    injector: str


class ClosureForm(Card):
    """Asks for what a closure needs."""

    wanted = Signal(object)
    """Carries ``WantedClosure``."""
    closed = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._names: dict[int, str] = {}
        self.first_day = DateField("First day", self, required=True, today=today)
        self.last_day = DateField("Last day", self, today=today, hint="Empty for a single day")
        self.whose: ChoiceField[int] = ChoiceField("Who", [(_EVERYBODY, "The whole clinic")], self, required=True)
        self.reason = TextField(
            "Reason",
            self,
            required=True,
            longest=LONGEST_REASON,
            placeholder="Holiday, training, … Whoever books is told it",
        )
        self.reason.missing_text = "Write why, such as holiday: whoever books is told it."
        self.save = PrimaryButton("Close these days", self)
        self.save.clicked.connect(self._save)
        cancel = PlainButton("Cancel", self)
        cancel.clicked.connect(self.closed)
        grid = QGridLayout()
        grid.setSpacing(BETWEEN)
        top = Qt.AlignmentFlag.AlignTop
        for column, field in enumerate((self.first_day, self.last_day, self.whose)):
            grid.addWidget(field, 0, column, top)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.reason, 1, 0, 1, 3, top)
        foot = QHBoxLayout()
        foot.setSpacing(INSIDE)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.save)
        self.layout_inside.addLayout(grid)
        self.layout_inside.addLayout(foot)

    def set_injectors(self, injectors: Sequence[tuple[int, str]]) -> None:
        """Whose calendar can be closed."""
        self._names = dict(injectors)
        self.whose.set_choices([(_EVERYBODY, "The whole clinic"), *injectors])

    def begin(self) -> None:
        """Empty fields."""
        self.first_day.earliest = None
        self.last_day.earliest = self._today()
        self.first_day.set_value(None)
        self.last_day.set_value(None)
        self.whose.set_value(_EVERYBODY)
        self.reason.set_value("")

    def show_error(self, error: ClinicError) -> None:
        """The refusal under its field, else under the first day."""
        field = {"last_day": self.last_day, "reason": self.reason}.get(error.field, self.first_day)
        field.set_error(told(error))
        field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter closes the days, Esc the form."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._save()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _save(self) -> None:
        first_day, last_day = self.first_day.value(), self.last_day.value()
        if not check_all((self.first_day, self.last_day, self.whose, self.reason)) or first_day is None:
            return
        if last_day is not None and last_day < first_day:
            self.last_day.set_error("The last day lies before the first.")
            self.last_day.setFocus()
            return
        injector_id = self.whose.value() or None
        name = "" if injector_id is None else self._names[injector_id]
        self.wanted.emit(WantedClosure(first_day, last_day or first_day, self.reason.value(), injector_id, name))
