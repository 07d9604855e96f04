"""The fold of the booking form that makes a series of it: how often, how many, and what speaks against each day."""

from dataclasses import replace

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.booking_checks import AUTHORIZATION
from clinic_app.services.schedule_data import Booking
from clinic_app.services.series import LONGEST_WEEKS, MOST, SeriesPlace
from clinic_app.ui.locale import time_text, weekday_date_text
from clinic_app.ui.theme import BETWEEN, INSIDE, TIGHT
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.fields import CheckField, check_all
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.value_fields import NumberField
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_PAUSE_MS = 250
"""How long after the last key the days are looked at."""
_USUAL_WEEKS, _USUAL_COUNT = 12, 4


class SeriesFields(QWidget):
    """Each day of the series is ticked by itself; one that clashes stays out and says why."""

    changed = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._first: Booking | None = None
        self._places: tuple[SeriesPlace, ...] = ()
        self.boxes: list[QCheckBox] = []
        self.series_field = CheckField("Book a series", self)
        self.series_field.setToolTip(
            "Several appointments at the same hour, some weeks apart; each can change by itself"
        )
        self.weeks_field = NumberField(
            "Every", self, unit="weeks", decimals=0, smallest=1, largest=LONGEST_WEEKS, required=True
        )
        self.count_field = NumberField("How many", self, decimals=0, smallest=2, largest=MOST, required=True)
        self.weeks_field.set_value(_USUAL_WEEKS)
        self.count_field.set_value(_USUAL_COUNT)
        self._hint = Muted(
            "Choose patient, day and time above; the days of the series then stand here.", self, wrap=True
        )
        self._problem = Note(Level.STOP, self)
        self._days = QVBoxLayout()
        self._days.setSpacing(TIGHT)
        self._fold = QWidget(self)
        inside = QGridLayout(self._fold)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setHorizontalSpacing(BETWEEN)
        inside.setVerticalSpacing(INSIDE)
        inside.addWidget(self.weeks_field, 0, 0)
        inside.addWidget(self.count_field, 0, 1)
        inside.addWidget(self._problem, 1, 0, 1, 2)
        inside.addWidget(self._hint, 2, 0, 1, 2)
        inside.addLayout(self._days, 3, 0, 1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        layout.addWidget(self.series_field)
        layout.addWidget(self._fold)
        self._fold.hide()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE_MS)
        self._later.timeout.connect(self.plan)
        self.series_field.changed.connect(self._switched)
        self.weeks_field.changed.connect(self._later.start)
        self.count_field.changed.connect(self._later.start)

    def wanted(self) -> bool:
        """Whether a series is booked and not one appointment."""
        return self.series_field.value()

    def weeks(self) -> int:
        """The distance that is typed."""
        return int(self.weeks_field.value() or 0)

    def bookings(self) -> tuple[Booking, ...]:
        """The days that are ticked; what the payer would have to be asked about is ticked knowingly."""
        chosen = zip(self._places, self.boxes, strict=True)
        return tuple(
            replace(place.booking, accepted=(AUTHORIZATION,)) if place.problem is not None else place.booking
            for place, box in chosen
            if box.isChecked()
        )

    def set_first(self, first: Booking | None) -> None:
        """The appointment that the series begins with, or None while something is missing."""
        if first == self._first:
            return
        self._first = first
        if self.wanted():
            self._later.start()

    def clear(self) -> None:
        """No series."""
        self.series_field.set_value(False)
        self.weeks_field.set_value(_USUAL_WEEKS)
        self.count_field.set_value(_USUAL_COUNT)
        self._fold.hide()
        self._show(())

    def check(self) -> bool:
        """Whether what is typed can be booked; says what is missing."""
        if not check_all([self.weeks_field, self.count_field]):
            return False
        if len(self.bookings()) < 2:
            self._problem.say("A series has at least two appointments. Tick another day, or book one appointment.")
            return False
        return True

    def show_error(self, error: ClinicError) -> None:
        """Why it was not booked."""
        self._problem.say(told(error))
        self.plan()

    @Slot()
    def plan(self) -> None:
        """Ask what speaks against each day."""
        self._later.stop()
        weeks, count = self.weeks_field.value(), self.count_field.value()
        if self._first is None or weeks is None or count is None:
            self._show(())
            return
        actor, series, first = self._workplace.actor, self._workplace.services.series, self._first
        self._workplace.tasks.ask(
            "schedule.series",
            lambda: series.plan(actor, first, weeks=int(weeks), count=int(count)),
            self._planned,
            self._refused,
        )

    @Slot()
    def _switched(self) -> None:
        self._fold.setVisible(self.wanted())
        if self.wanted():
            self.plan()
        self.changed.emit()

    def _planned(self, places: tuple[SeriesPlace, ...]) -> None:
        self._problem.say("")
        self._show(places)

    def _refused(self, error: ClinicError) -> None:
        self._show(())
        field = {"weeks": self.weeks_field, "count": self.count_field}.get(error.field)
        if field is None:
            self._problem.say(told(error))
        else:
            field.set_error(told(error))

    def _show(self, places: tuple[SeriesPlace, ...]) -> None:
        while (item := self._days.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._places, self.boxes = places, []
        for place in places:
            self._days.addWidget(self._day(place))
        self._hint.setVisible(not places)
        self.changed.emit()

    def _day(self, place: SeriesPlace) -> QWidget:
        at = place.booking.starts_at
        box = QCheckBox(f"{weekday_date_text(at.date())}, {time_text(at)}", self)
        problem = place.problem
        box.setChecked(problem is None)
        box.setEnabled(problem is None or problem.code == "booking_authorization")
        box.toggled.connect(self.changed)
        self.boxes.append(box)
        if problem is None:
            return box
        box.setAccessibleDescription(told(problem))
        both = QWidget(self)
        inside = QVBoxLayout(both)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(box)
        said = Muted(told(problem), both, wrap=True)
        said.setContentsMargins(26, 0, 0, 0)  # under the text, not under the box
        inside.addWidget(said)
        return both
