"""What stands at the right while nothing is chosen: the day in numbers, and who still needs the next visit."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.services.schedule_data import AppointmentRow
from clinic_app.terms import GONE, AppointmentState
from clinic_app.ui.schedule.panels import BigChoice, Panel
from clinic_app.ui.schedule.states import WORDS
from clinic_app.ui.schedule.wording import empty_text, long_day_text
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.sections import Hairline
from clinic_app.ui.wording import person_text


@dataclass(frozen=True, slots=True)
class Unbooked:
    """Somebody injected today whose next visit is not booked."""

    visit_id: int
    row: AppointmentRow


class Overview(Panel):
    """The day at a glance, and the permanent place of Book repeat."""

    repeat_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, closable=False)
        self._counts = QGridLayout()
        self._counts.setVerticalSpacing(INSIDE)
        self._counts.setColumnStretch(0, 1)
        self._hint = Muted("", self, wrap=True)
        self._people = QVBoxLayout()
        self._people.setSpacing(INSIDE)
        self._nobody = Muted("", self, wrap=True)
        self._rows: list[QWidget] = []
        self._buttons: list[BigChoice] = []
        self.content.addLayout(self._counts)
        self.content.addWidget(self._hint)
        self.content.addSpacing(BETWEEN)
        self.content.addWidget(Hairline(self))
        self.content.addWidget(Strong("Book repeat", self))
        self.content.addWidget(self._nobody)
        self.content.addLayout(self._people)
        self.content.addStretch(1)
        self.show_foot(False)

    def set_day(self, day: date, rows: tuple[AppointmentRow, ...], *, somebody_works: bool = True) -> None:
        """Count the appointments of a day by their state."""
        self.heading.setText(long_day_text(day))
        for old in self._rows:
            old.hide()
            old.deleteLater()
        self._rows = []
        for place, state in enumerate(s for s in AppointmentState if any(row.state is s for row in rows)):
            word = QLabel(WORDS[state], self)
            number = Strong(str(sum(row.state is state for row in rows)), self)
            self._counts.addWidget(word, place, 0)
            self._counts.addWidget(number, place, 1, Qt.AlignmentFlag.AlignRight)
            self._rows += [word, number]
        here = any(row.state not in GONE for row in rows)
        self._hint.setText(
            "Choose an appointment to see it here, or a free time to book it."
            if here
            else empty_text(day, somebody_works=somebody_works)
        )

    def set_unbooked(self, people: tuple[Unbooked, ...], today: date) -> None:
        """Those injected today without a next visit; a click proposes times."""
        for button in self._buttons:
            self._people.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for someone in people:
            row = someone.row
            person = person_text(row.birth_date, row.record_number, today)
            button = BigChoice(row.patient_name, person, self, icon="calendar")
            button.clicked.connect(lambda _checked=False, visit=someone.visit_id: self.repeat_requested.emit(visit))
            self._people.addWidget(button)
            self._buttons.append(button)
        self._nobody.setText(
            "Injected today, next visit still to book:"
            if people
            else "Everybody injected today has a next visit. Patients without one stand here after signing."
        )

    def people(self) -> list[BigChoice]:
        """The buttons of those whose next visit is not booked."""
        return list(self._buttons)
