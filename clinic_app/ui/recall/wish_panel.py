"""The chosen entry of the waiting list, and what can be done with it."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.services.waiting import WishRow
from clinic_app.terms import WishEnd
from clinic_app.ui.locale import date_text, time_text, weekday_date_text
from clinic_app.ui.patients.parts import FactList
from clinic_app.ui.recall.wording import notice_text, wish_text
from clinic_app.ui.schedule.panels import Panel
from clinic_app.ui.theme import INSIDE
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.wording import breakable, person_text
from clinic_app.ui.workplace import Workplace


class WishPanel(Panel):
    """It is told its wish."""

    change_asked = Signal(object)
    """The ``WishRow``."""
    end_asked = Signal(object, object)
    """The ``WishRow`` and why it is over, a ``WishEnd``."""
    patient_requested = Signal(int)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__("", parent, closable=False)
        self._today = workplace.today
        self._zone = ZoneInfo(workplace.services.clinic.time_zone)
        self._row: WishRow | None = None
        self.person = Muted("", self, wrap=True)
        self.facts = FactList(self, label_width=84)
        self.open_button = PlainButton("Open patient", self)
        self.change_button = PlainButton("Change", self, icon="pencil")
        self.change_button.setToolTip("Change the wish (F2)")
        self.booked_button = PlainButton("Booked", self, icon="check")
        self.booked_button.setToolTip("The wish is fulfilled: the patient has an appointment that suits")
        self.withdraw_button = PlainButton("Withdrawn", self, icon="x")
        self.withdraw_button.setToolTip("The patient does not wait any more")
        acts = QHBoxLayout()
        acts.setSpacing(INSIDE)
        acts.addWidget(self.booked_button)
        acts.addWidget(self.withdraw_button)
        acts.addStretch(1)
        self.content.addWidget(self.person)
        self.content.addWidget(self.facts)
        self.content.addLayout(acts)
        self.content.addStretch(1)
        self.foot.addWidget(self.open_button)
        self.foot.addStretch(1)
        self.foot.addWidget(self.change_button)
        self.open_button.clicked.connect(self._open)
        self.change_button.clicked.connect(self.change)
        self.booked_button.clicked.connect(self._booked)
        self.withdraw_button.clicked.connect(self._withdraw)

    def row(self) -> WishRow | None:
        """What is shown."""
        return self._row

    def show_row(self, row: WishRow) -> None:
        """Show a wish."""
        self._row = row
        self.heading.setText(breakable(row.name))
        self.person.setText(person_text(row.birth_date, row.record_number, self._today()))
        booked = row.booked_at
        self.facts.set_facts(
            [
                ("Telephone", row.phone),
                ("For", f"{row.type_name}, {row.minutes} min"),
                ("With", row.injector or "any injector"),
                ("Could come", wish_text(row.form)),
                ("Notice", notice_text(row.form.notice_days)),
                ("Waits since", date_text(row.wished_at.astimezone(self._zone).date())),
                (
                    "Booked now",
                    "nothing" if booked is None else f"{weekday_date_text(booked.date())}, {time_text(booked)}",
                ),
                ("Due from", "" if row.due_on is None else weekday_date_text(row.due_on)),
                ("Note", row.form.note),
            ]
        )

    @Slot()
    def change(self) -> None:
        """F2."""
        if self._row is not None:
            self.change_asked.emit(self._row)

    @Slot()
    def _open(self) -> None:
        if self._row is not None:
            self.patient_requested.emit(self._row.form.patient_id)

    @Slot()
    def _booked(self) -> None:
        self._end(WishEnd.BOOKED)

    @Slot()
    def _withdraw(self) -> None:
        self._end(WishEnd.WITHDRAWN)

    def _end(self, end: WishEnd) -> None:
        if self._row is not None:
            self.end_asked.emit(self._row, end)
