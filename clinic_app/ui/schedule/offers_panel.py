"""Who fits a place that became free: ranked, with telephone and reason; a click books, nothing books by itself."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError, NotFound, RecordChanged
from clinic_app.services.access import Act
from clinic_app.services.waiting import FreePlace, Replaceable, WishRow
from clinic_app.ui.clipboard_watch import copy_for_a_minute
from clinic_app.ui.locale import time_text, weekday_date_text
from clinic_app.ui.naming import capital
from clinic_app.ui.patients.parts import plain_label
from clinic_app.ui.recall.wording import counted, fits_text, notice_text, place_text, wish_text
from clinic_app.ui.schedule.panels import Panel, Passing, Refusal
from clinic_app.ui.theme import BETWEEN, INSIDE, TIGHT
from clinic_app.ui.widgets.buttons import IconButton, PlainButton
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.sections import Card
from clinic_app.ui.wording import breakable, person_text, told
from clinic_app.ui.workplace import Workplace


@dataclass(frozen=True, slots=True)
class _Found:
    place: FreePlace
    injector: str
    rows: tuple[WishRow, ...]


class OffersPanel(Panel):
    """``offer`` a place: ``somebody_fits`` or ``nothing_fits`` says whether the panel is worth opening."""

    booked = Signal(int)
    """The appointment's id; the wish is fulfilled."""
    place_freed = Signal(object)
    """The ``FreePlace`` that whoever was moved has left: others may fit there."""
    somebody_fits = Signal(int)
    """How many."""
    nothing_fits = Signal()
    patient_requested = Signal(int)
    message_offered = Signal(str, object)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__("A place became free", parent)
        self._workplace = workplace
        self._zone = ZoneInfo(workplace.services.clinic.time_zone)
        self._place: FreePlace | None = None
        self._asked: tuple[WishRow, Replaceable | None] | None = None
        self.where = Strong("", self)
        self.where.setWordWrap(True)
        self.count = Muted("", self, wrap=True)
        self.refusal = Refusal(workplace.may(Act.OVERBOOK), self)
        self.cards: list[OfferCard] = []
        self._cards = QVBoxLayout()
        self._cards.setSpacing(INSIDE)
        self.leave_button = PlainButton("Leave it free", self)
        self.leave_button.setToolTip("Close; the place stays free (Esc)")
        self.leave_button.clicked.connect(self.closed)
        self.content.addWidget(self.where)
        self.content.addWidget(self.count)
        self.content.addLayout(self._cards)
        self.content.addStretch(1)
        # What was refused stands above the foot and does not scroll away, as in the booking form.
        self.layout().insertWidget(3, self.refusal)  # type: ignore[union-attr]  # the panel made a box layout
        self.refusal.setContentsMargins(16, 8, 16, 0)
        self.foot.addStretch(1)
        self.foot.addWidget(self.leave_button)

    def offer(self, place: FreePlace) -> None:
        """Ask who fits a place; what was offered before goes."""
        self._place = place
        services, actor = self._workplace.services, self._workplace.actor

        def work() -> _Found:
            injectors = services.schedule.choices(actor).injectors
            name = next((each.name for each in injectors if each.id == place.injector_id), "")
            return _Found(place, name, services.waiting.offers(actor, place))

        self._workplace.tasks.ask("waiting.offers", work, self._show, self._failed, owner=self)

    def place(self) -> FreePlace | None:
        """What is offered."""
        return self._place

    def book(self, row: WishRow, replaces: Replaceable | None = None) -> None:
        """Book a patient into the place, or move the later appointment there."""
        place = self._place
        if place is None:
            return
        if self._asked != (row, replaces):
            self.refusal.forget()  # another question: the old refusal and its reason do not count
        self._asked = row, replaces
        if not self.refusal.check():
            return
        passing: Passing = self.refusal.passing()
        waiting, actor = self._workplace.services.waiting, self._workplace.actor
        when = f"{weekday_date_text(place.starts_at.date())}, {time_text(place.starts_at)}"

        def booked(appointment_id: int) -> None:
            self._place = None
            word = "booked" if replaces is None else "moved"
            self.message_offered.emit(f"{row.name} {word} to {when}, and off the waiting list.", None)
            self.booked.emit(appointment_id)
            if replaces is not None:
                self.place_freed.emit(replaces.place)

        self.set_busy(True)
        self._workplace.tasks.run(
            lambda: waiting.fulfil(
                actor,
                row.id,
                row.version,
                place,
                replaces=replaces,
                overbook_reason=passing.reason,
                accepted=passing.accepted,
                told=passing.told,
            ),
            booked,
            self._refused,
            owner=self,
            ended=lambda: self.set_busy(False),
        )

    def _show(self, found: _Found) -> None:
        if found.place != self._place:
            return
        self._asked = None
        self.refusal.forget()
        self.where.setText(place_text(found.place, found.injector))
        self.count.setText(
            f"{counted(len(found.rows), 'patient', 'patients')} on the waiting list could come then. Call from the top."
            if found.rows
            else "Nobody on the waiting list could come then."
        )
        for card in self.cards:
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        today = self._workplace.today()
        self.cards = [OfferCard(row, today, self._zone, self) for row in found.rows]
        for card in self.cards:
            card.book_asked.connect(self.book)
            card.patient_requested.connect(self.patient_requested)
            card.copied.connect(self._copied)
            self._cards.addWidget(card)
        if found.rows:
            self.somebody_fits.emit(len(found.rows))
        else:
            self.nothing_fits.emit()

    def _failed(self, error: ClinicError) -> None:
        self.message_offered.emit(told(error), None)
        self.nothing_fits.emit()

    def _refused(self, error: ClinicError) -> None:
        if isinstance(error, RecordChanged | NotFound) and self._place is not None:
            self.message_offered.emit(told(error), None)
            self.offer(self._place)  # what is shown is of before
        else:
            self.refusal.show_error(error)

    @Slot(str)
    def _copied(self, phone: str) -> None:
        self.message_offered.emit(f"{phone} is on the clipboard for a minute.", None)


class OfferCard(Card):
    """One patient who fits: whom to call and why, and the way to book."""

    book_asked = Signal(object, object)
    """The ``WishRow``, and the ``Replaceable`` to be moved or None."""
    patient_requested = Signal(int)
    copied = Signal(str)

    def __init__(self, row: WishRow, today: date, zone: ZoneInfo, parent: QWidget) -> None:
        super().__init__(parent, margin=BETWEEN, spacing=TIGHT)
        self.row = row
        name = Strong(breakable(row.name), self)
        name.setWordWrap(True)
        self.phone = Strong(row.phone or "No telephone number", self)
        self.copy_button = IconButton("copy", f"Copy the telephone number of {row.name}", self)
        self.copy_button.setVisible(bool(row.phone))
        self.why = Muted(capital(fits_text(row, today, zone)), self, wrap=True)
        notice = f" · notice {notice_text(row.form.notice_days)}" if row.form.notice_days else ""
        self.wish = Muted(f"Could come: {wish_text(row.form)}{notice}", self, wrap=True)
        self.move_button: PlainButton | None = None
        self.book_button = PlainButton("Book" if row.replaces is None else "Book too", self, icon="calendar")
        phone = QHBoxLayout()
        phone.setSpacing(TIGHT)
        phone.addWidget(self.phone)
        phone.addWidget(self.copy_button)
        phone.addStretch(1)
        acts = QHBoxLayout()
        acts.setSpacing(INSIDE)
        acts.addStretch(1)
        acts.addWidget(self.book_button)
        self.layout_inside.addWidget(name)
        self.layout_inside.addWidget(Muted(person_text(row.birth_date, row.record_number, today), self, wrap=True))
        self.layout_inside.addLayout(phone)
        self.layout_inside.addWidget(self.why)
        self.layout_inside.addWidget(self.wish)
        if row.form.note:
            self.layout_inside.addWidget(plain_label(row.form.note, self))
        self.layout_inside.addLayout(acts)
        if row.replaces is not None:
            self._offer_move(row.replaces, acts)
        for button in (self.book_button, self.move_button):
            if button is not None:
                button.setProperty("waits", True)
        self.book_button.clicked.connect(self._book)
        self.copy_button.clicked.connect(self._copy)

    def _offer_move(self, later: Replaceable, acts: QHBoxLayout) -> None:
        when = f"{weekday_date_text(later.starts_at.date())}, {time_text(later.starts_at)}"
        self.move_button = PlainButton("Move here", self, icon="calendar")
        self.move_button.setToolTip(f"Move the appointment of {when} to this place")
        self.move_button.setAccessibleName(f"Move {self.row.name} here from {when}")
        self.move_button.clicked.connect(self._move)
        self.book_button.set_icon("")
        self.book_button.setToolTip(f"Book this place and keep the appointment of {when}")
        acts.addWidget(self.move_button)

    @Slot()
    def _book(self) -> None:
        self.book_asked.emit(self.row, None)

    @Slot()
    def _move(self) -> None:
        self.book_asked.emit(self.row, self.row.replaces)

    @Slot()
    def _copy(self) -> None:
        copy_for_a_minute(self.row.phone)
        self.copied.emit(self.row.phone)
