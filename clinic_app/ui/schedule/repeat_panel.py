"""Book repeat: the proposal with its reasons, five free times as big choices, one click to choose, one to book."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.booking_checks import AUTHORIZATION
from clinic_app.services.patient_data import Banner
from clinic_app.services.repeat_reasons import NotOffered
from clinic_app.services.schedule_data import AppointmentRow, Booking, RepeatProposal
from clinic_app.services.schedule_data import Slot as FreeSlot
from clinic_app.ui.locale import time_text, weekday_date_text, weeks_text
from clinic_app.ui.patient_choice import ChosenPatient
from clinic_app.ui.schedule.panels import BigChoice, Panel, Refusal
from clinic_app.ui.schedule.states import MOVABLE
from clinic_app.ui.schedule.why_panel import WhyPanel
from clinic_app.ui.schedule.wording import counted_from_text
from clinic_app.ui.theme import INSIDE, TIGHT
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton, PrimaryButton
from clinic_app.ui.widgets.fields import check_all
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.value_fields import NumberField
from clinic_app.ui.wording import person_text, told
from clinic_app.ui.workplace import Workplace

_WHY_EARLIER, _WHY_DAY = "schedule.why_not_earlier", "schedule.why_not"
"""Questions whose newer answer drops the older."""


@dataclass(frozen=True, slots=True)
class _Proposed:
    """A proposal with whom it is for and what is booked already."""

    proposal: RepeatProposal
    patient: Banner
    appointments: tuple[AppointmentRow, ...]


class RepeatPanel(Panel):
    """The next visit in two clicks."""

    booked = Signal(int)
    document_requested = Signal(str, int)
    appointment_requested = Signal(int)
    other_time_requested = Signal(object, int)
    """None of these times: a ``ChosenPatient`` and the visit's id, for the booking form."""
    slot_chosen = Signal(object)
    """The free time looked at, or None."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__("Book repeat", parent)
        self._workplace = workplace
        self._visit_id: int | None = None
        self._proposed: _Proposed | None = None
        self._appointment_id: int | None = None
        self._slots: list[FreeSlot] = []
        self._said_again = ""
        self._name, self._person = Strong("", self), Muted("", self, wrap=True)
        self._already = Note(Level.WARN, self)
        self._unauthorized = Note(Level.WARN, self)
        self.weeks_field = NumberField(
            "Interval", self, unit="weeks", decimals=0, smallest=1, largest=104, required=True
        )
        self._counted = Muted("", self, wrap=True)
        self._earliest = QLabel("", self)
        self._earliest.setWordWrap(True)
        self._choices = QVBoxLayout()
        self._choices.setSpacing(INSIDE)
        self._group = QButtonGroup(self)
        self._focus_wanted = False
        self._nothing = Muted("", self, wrap=True)
        self.why = WhyPanel(workplace.today, self)
        self.other_button = LinkButton("Another time", self)
        self.refusal = Refusal(False, self)
        self.done_note = Note(Level.DONE, self)
        self.book_button = PrimaryButton("Book repeat", self)
        self.book_button.setProperty("waits", True)
        self.card_button = PrimaryButton("Print card", self, icon="printer")
        self.show_button = PlainButton("Show appointment", self)
        self._lay_out()
        # Toggled, not clicked: assistive technology toggles a button that stays down.
        self._group.idToggled.connect(self._choose)
        self.weeks_field.left.connect(self._other_interval)
        self.weeks_field.editor.returnPressed.connect(self._other_interval)
        self.why.earlier_wanted.connect(self._ask_why_not_earlier)
        self.why.day_wanted.connect(self._ask_why_not)
        self.other_button.clicked.connect(self._other_time)
        self.book_button.clicked.connect(self.submit)
        self.card_button.clicked.connect(self._print_card)
        self.show_button.clicked.connect(self._show_appointment)

    def propose(self, visit_id: int, weeks: int | None = None, *, focus: bool = False) -> None:
        """Ask for the first free times after a visit; ``weeks`` is an interval typed here.

        With ``focus`` the time that stands chosen gets it, so that whoever has just signed goes on by keyboard.
        """
        self._focus_wanted = focus
        if visit_id != self._visit_id:
            self._empty()
        self._visit_id = visit_id
        actor, services = self._workplace.actor, self._workplace.services

        def work() -> _Proposed:
            proposal = services.repeats.propose(actor, visit_id, weeks=weeks)
            patient = services.patients.banner(actor, proposal.patient_id)
            return _Proposed(proposal, patient, services.schedule.of_patient(actor, proposal.patient_id))

        self._workplace.tasks.ask("schedule.repeat", work, self._show, self._failed)

    def choices(self) -> list[BigChoice]:
        """The times offered."""
        return [button for button in self._group.buttons() if isinstance(button, BigChoice)]

    def focus_first(self) -> None:
        """Put the focus on the chosen time."""
        chosen = self._group.checkedButton()
        if chosen is not None:
            chosen.setFocus()

    @Slot()
    def submit(self) -> None:
        """Book the chosen time."""
        number = self._group.checkedId()
        if self._proposed is None or not 0 <= number < len(self._slots):
            self.refusal.say("Choose one of the times first.")
            return
        slot, proposal, patient = self._slots[number], self._proposed.proposal, self._proposed.patient
        booking = Booking(
            patient_id=proposal.patient_id,
            injector_id=slot.injector_id,
            type_id=slot.type_id,
            starts_at=slot.starts_at,
            minutes=slot.minutes,
            room_id=slot.room_id,
            follows_visit_id=proposal.visit_id,
            device_ids=slot.device_ids,
            any_room=True,
            any_device=True,
            accepted=(AUTHORIZATION,) if self._unauthorized.text() else (),
        )
        actor, schedule = self._workplace.actor, self._workplace.services.schedule

        def booked(appointment_id: int) -> None:
            self._appointment_id = appointment_id
            self.done_note.say(f"{patient.name} is booked for {_when(slot)} with {slot.injector_name}.")
            self._show_parts()
            self.card_button.setFocus()
            self.booked.emit(appointment_id)

        self.set_busy(True)
        self._workplace.tasks.run(
            lambda: schedule.book(actor, booking),
            booked,
            self._refused,
            owner=self,
            ended=lambda: self.set_busy(False),
        )

    def _lay_out(self) -> None:
        who = QVBoxLayout()
        who.setSpacing(TIGHT)
        who.addWidget(self._name)
        who.addWidget(self._person)
        self.content.addLayout(who)
        counted = QVBoxLayout()
        counted.setSpacing(TIGHT)
        counted.addWidget(self.weeks_field)
        counted.addWidget(self._counted)
        counted.addWidget(self._earliest)
        for part in (
            self.done_note,
            self._already,
            self._unauthorized,
            counted,
            self._choices,
            self._nothing,
            self.why,
            self.refusal,
        ):
            if isinstance(part, QWidget):
                self.content.addWidget(part)
            else:
                self.content.addLayout(part)
        self.content.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self.other_button)
        foot.addStretch(1)
        for button in (self.show_button, self.book_button, self.card_button):
            foot.addWidget(button)
        self.foot.addLayout(foot)
        self._show_parts()

    def _empty(self) -> None:
        self._proposed, self._appointment_id = None, None
        self._name.setText("")
        self._person.setText("")
        self._already.say("")
        self._unauthorized.say("")
        self._counted.setText("")
        self._earliest.setText("")
        self._nothing.setText("")
        self.done_note.say("")
        self.refusal.clear()
        self._forget_why()
        self._show_slots(())
        self._show_parts()

    def _show(self, proposed: _Proposed) -> None:
        self._proposed, self._appointment_id = proposed, None
        proposal, patient = proposed.proposal, proposed.patient
        self.refusal.say(self._said_again)
        self._said_again = ""
        self.done_note.say("")
        self._name.setText(patient.name)
        self._person.setText(person_text(patient.birth_date, patient.record_number, self._workplace.today()))
        self.weeks_field.set_value(proposal.interval_weeks)
        self._counted.setText(f"Counted from: {counted_from_text(proposal)}.")
        self._earliest.setText(
            f"Earliest allowed: {weekday_date_text(proposal.earliest)}\nWanted: {weekday_date_text(proposal.wanted)}"
        )
        now = self._workplace.now()
        coming = [row for row in proposed.appointments if row.starts_at > now and row.state in MOVABLE]
        self._already.say(
            f"Already booked: {weekday_date_text(coming[-1].starts_at.date())}, {time_text(coming[-1].starts_at)}"
            f" ({coming[-1].type_name})."
            if coming
            else ""
        )
        self._unauthorized.say(f"{proposal.authorization} Ask the payer." if proposal.authorization else "")
        self._nothing.setText(
            "" if proposal.slots else "No free time in the 26 weeks from then on. Choose another time, or more weeks."
        )
        self._show_slots(proposal.slots)
        self._forget_why()
        self._show_parts()
        if self._focus_wanted:
            self._focus_wanted = False
            self.focus_first()

    def _show_slots(self, slots: tuple[FreeSlot, ...]) -> None:
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._choices.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._slots = list(slots)
        for number, slot in enumerate(slots):
            weeks = weeks_text(round(slot.weeks * 7))
            why = slot.why[:1].upper() + slot.why[1:]
            choice = BigChoice(_when(slot), f"{slot.injector_name} · {weeks}\n{why}", self)
            choice.entered.connect(self.submit)
            self._group.addButton(choice, number)
            self._choices.addWidget(choice)
        if slots:
            # The best stands chosen: when it suits, one click books it.
            with QSignalBlocker(self._group):
                self._group.button(0).setChecked(True)
        self.slot_chosen.emit(slots[0] if slots else None)

    def _show_parts(self) -> None:
        over, some = self._appointment_id is not None, bool(self._slots)
        for choice in self.choices():
            choice.setVisible(not over)
        for note in (self._already, self._unauthorized):
            note.setVisible(bool(note.accessibleName()) and not over)
        for part in (self.weeks_field, self._counted, self._earliest, self.why, self.other_button):
            part.setVisible(not over and self._proposed is not None)
        self._nothing.setVisible(not over and bool(self._nothing.text()))
        self.book_button.setVisible(not over)
        self.book_button.setEnabled(some)
        self.card_button.setVisible(over)
        self.show_button.setVisible(over)

    def _failed(self, error: ClinicError) -> None:
        if error.field == "weeks":
            self.weeks_field.set_error(told(error))
        else:
            self.refusal.say(told(error))

    def _refused(self, error: ClinicError) -> None:
        if error.code == "booking_authorization":
            # Said before it is booked: the next press books all the same.
            self._unauthorized.say(told(error))
            return
        self.refusal.say(told(error))
        if self._visit_id is not None and self._proposed is not None:
            # Somebody may have taken the place meanwhile, and others with it: look again, and keep saying why.
            self._said_again = told(error)
            chosen = self._proposed.proposal
            self.propose(self._visit_id, chosen.interval_weeks if chosen.from_what == "chosen" else None)

    @Slot(int, bool)
    def _choose(self, number: int, on: bool) -> None:
        if on:
            self.refusal.clear()
            self.slot_chosen.emit(self._slots[number])

    @Slot()
    def _other_interval(self) -> None:
        weeks = self.weeks_field.value()
        if self._visit_id is None or self._proposed is None or weeks is None or not check_all([self.weeks_field]):
            return
        if int(weeks) != self._proposed.proposal.interval_weeks:
            self.propose(self._visit_id, int(weeks))

    def _forget_why(self) -> None:
        """What was asked about another proposal is no longer wanted."""
        for question in (_WHY_EARLIER, _WHY_DAY):
            self._workplace.tasks.drop(question)
        self.why.forget()

    @Slot()
    def _ask_why_not_earlier(self) -> None:
        if self._proposed is None:
            return
        actor, reasons, proposal = (
            self._workplace.actor,
            self._workplace.services.repeat_reasons,
            self._proposed.proposal,
        )

        def told_earlier(rows: tuple[NotOffered, ...]) -> None:
            self.why.show_earlier(proposal, rows)

        self._workplace.tasks.ask(
            _WHY_EARLIER,
            lambda: reasons.why_not_earlier(actor, proposal),
            told_earlier,
            self._failed,
        )

    @Slot(object)
    def _ask_why_not(self, day: date) -> None:
        if self._proposed is None:
            return
        actor, reasons, proposal = (
            self._workplace.actor,
            self._workplace.services.repeat_reasons,
            self._proposed.proposal,
        )
        self._workplace.tasks.ask(
            _WHY_DAY, lambda: reasons.why_not(actor, proposal, day), self.why.show_day, self._failed
        )

    @Slot()
    def _other_time(self) -> None:
        if self._proposed is not None and self._visit_id is not None:
            p = self._proposed.patient
            self.other_time_requested.emit(ChosenPatient(p.id, p.name, p.birth_date, p.record_number), self._visit_id)

    @Slot()
    def _print_card(self) -> None:
        if self._appointment_id is not None:
            self.document_requested.emit("appointment_card", self._appointment_id)

    @Slot()
    def _show_appointment(self) -> None:
        if self._appointment_id is not None:
            self.appointment_requested.emit(self._appointment_id)


def _when(slot: FreeSlot) -> str:
    return f"{weekday_date_text(slot.starts_at.date())}, {time_text(slot.starts_at)}"
