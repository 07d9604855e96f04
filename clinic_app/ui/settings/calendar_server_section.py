"""The calendar server: where whose busy times are published, and since when nothing is."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.exchange.calendar_server import Published
from clinic_app.services.access import Act
from clinic_app.services.calendar_publishing import EVERYBODY, MOST_WEEKS, Target
from clinic_app.ui.tasks import Lane
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.fields import CheckField, LabelledField, PassphraseField, TextField, check_all
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.value_fields import ChoiceField, NumberField
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_ABOUT = (
    "The program can tell a calendar server (CalDAV) when somebody is busy: begin, end and the word “Busy”. "
    "No name, no kind of appointment and no room leaves the clinic. Choose a calendar of its own for it."
)
_EVERYBODY = "The whole clinic"


class CalendarServerSection(Section):
    """One calendar at a time: the form to set it up, or what it is and the ways to publish now and to stop."""

    changed = Signal()
    """What is published where is another now."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__("Calendar server", parent)
        self._workplace = workplace
        self._publishing = workplace.services.calendar_publishing
        self._targets: Mapping[int, Target] = {}
        self._here: frozenset[int] = frozenset()
        self._shown: tuple[int | None, Target] | None = None
        self.whose: ChoiceField[int] = ChoiceField("Whose busy times", [(EVERYBODY, _EVERYBODY)], self)
        self.whose.set_value(EVERYBODY)
        self.weeks = NumberField(
            "How far ahead", self, unit="weeks", decimals=0, smallest=1, largest=MOST_WEEKS, required=True
        )
        self.address = TextField(
            "Address of the calendar", self, required=True, placeholder="https://calendar.example.org/clinic/busy/",
            hint="It stands in the settings of the calendar on its server, often as “CalDAV address”.", longest=2000,
        )  # fmt: skip
        self.user_name = TextField("Name of the account there", self, required=True, longest=200)
        self.password = PassphraseField(
            "Its password", self, required=False, called="password",
            hint="It stays in this computer's keyring. This computer then publishes while the program is open.",
        )  # fmt: skip
        self.note = Note(Level.INFO, self)
        self.take_away = CheckField("When it stops, take away what was published", self)
        self.take_away.set_value(True)
        self.try_button = PlainButton("Try it", self)
        self.on_button = PrimaryButton("Publish", self)
        self.now_button = PlainButton("Publish now", self, icon="refresh-cw")
        self.off_button = PlainButton("Stop publishing", self)
        self._lay_out()
        self.whose.changed.connect(self._show_chosen)
        self.try_button.clicked.connect(self._try)
        self.on_button.clicked.connect(self._turn_on)
        self.now_button.clicked.connect(self._publish)
        self.off_button.clicked.connect(self._turn_off)

    def show_targets(
        self, targets: Mapping[int, Target], here: Sequence[int], injectors: Sequence[tuple[int, str]]
    ) -> None:
        """Show what is published where; what is being typed stays."""
        self._targets, self._here = targets, frozenset(here)
        chosen = self.whose.value()
        self.whose.set_choices([(EVERYBODY, _EVERYBODY), *injectors])
        if self.whose.value() is None or self.whose.value() != chosen:
            self.whose.set_value(chosen if chosen in {EVERYBODY, *(each for each, _ in injectors)} else EVERYBODY)
        self._show_chosen()

    def unsaved(self) -> bool:
        """Whether something is typed that is not kept."""
        return not self._target().on and bool(self.password.value())

    def _lay_out(self) -> None:
        self.note.say("")
        grid = QGridLayout()
        grid.setHorizontalSpacing(AROUND)
        grid.setVerticalSpacing(BETWEEN)
        grid.addWidget(self.whose, 0, 0)
        grid.addWidget(self.weeks, 0, 1)
        grid.addWidget(self.address, 1, 0, 1, 2)
        grid.addWidget(self.user_name, 2, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.password, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(INSIDE)
        buttons.addWidget(self.take_away)
        buttons.addStretch(1)
        for button in (self.try_button, self.on_button, self.now_button, self.off_button):
            buttons.addWidget(button)
        self.add(Muted(_ABOUT, self, wrap=True))
        self.add(grid)
        self.add(self.note)
        self.add(buttons)

    def _target(self) -> Target:
        return self._targets.get(self._chosen(), Target())

    def _chosen(self) -> int:
        value = self.whose.value()
        return EVERYBODY if value is None else value

    @Slot()
    def _show_chosen(self) -> None:
        target, manager = self._target(), self._workplace.may(Act.SETTINGS)
        on = target.on
        if self._shown != (self._chosen(), target):
            self._shown = (self._chosen(), target)
            self.address.set_value(target.address)
            self.user_name.set_value(target.user_name)
            self.weeks.set_value(target.weeks)
            self.password.set_value("")
            self.note.say("")
        for field in (self.address, self.user_name, self.weeks):
            field.set_read_only(on or not manager)
        knows = self._chosen() in self._here
        self.password.setVisible(manager and not (on and knows))
        for part, shown in (
            (self.try_button, not on), (self.on_button, not on or not knows), (self.now_button, on and knows),
            (self.off_button, on), (self.take_away, on),
        ):  # fmt: skip
            part.setVisible(manager and shown)
        if on and not knows:
            self.note.say("Another computer publishes it. Type the password to publish from here too.", Level.INFO)

    def _typed(self) -> Target | None:
        if not check_all((self.address, self.user_name, self.weeks)):
            return None
        return Target(self.address.value(), self.user_name.value(), int(self.weeks.value() or MOST_WEEKS + 1))

    @Slot()
    def _try(self) -> None:
        target, password = self._typed(), self.password.value()
        if target is not None:
            publishing, actor = self._publishing, self._workplace.actor
            said = "The server answers, and the calendar is there."
            self._run(lambda: publishing.try_it(actor, target, password), lambda _: self.note.say(said, Level.DONE))

    @Slot()
    def _turn_on(self) -> None:
        target, password, whose = self._typed(), self.password.value(), self._chosen()
        if target is None:
            return
        publishing, actor = self._publishing, self._workplace.actor

        def work() -> Published:
            publishing.turn_on(actor, whose, target, password)
            return publishing.publish(actor, whose, password=password)

        self._run(work, self._published)

    @Slot()
    def _publish(self) -> None:
        publishing, actor, whose = self._publishing, self._workplace.actor, self._chosen()
        self._run(lambda: publishing.publish(actor, whose), self._published)

    @Slot()
    def _turn_off(self) -> None:
        publishing, actor, whose, gone = self._publishing, self._workplace.actor, self._chosen(), self.take_away.value()

        def done(_none: object) -> None:
            self.changed.emit()

        self._run(lambda: publishing.turn_off(actor, whose, take_away=gone), done)

    def _published(self, done: Published) -> None:
        self.changed.emit()
        sent, gone = _counted(done.sent, "sent"), _counted(done.removed, "taken away")
        changes = ", ".join(part for part in (sent, gone) if part)
        self.note.say(f"Published: {changes}." if changes else "The calendar is up to date.", Level.DONE)

    def _run(self, work: Callable[[], Any], done: Callable[[Any], object]) -> None:
        self._set_busy(True)
        self.note.say("The calendar server is asked …", Level.INFO)

        def answered(result: object) -> None:
            self.note.say("")
            done(result)

        # On the lane of what nobody waits for: a server that is slow must hold up no search and no print.
        self._workplace.tasks.run(
            work, answered, self._refused, lane=Lane.BACKUP, owner=self, ended=lambda: self._set_busy(False)
        )

    def _refused(self, error: ClinicError) -> None:
        fields: dict[str, LabelledField] = {
            "address": self.address, "user_name": self.user_name, "password": self.password, "weeks": self.weeks,
        }  # fmt: skip
        field = fields.get(error.field)
        self.changed.emit()
        if field is None or not field.isVisible() or self._target().on:
            self.note.say(told(error), Level.WARN)
        else:
            self.note.say("")
            field.set_error(told(error))
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set_busy(self, busy: bool) -> None:
        for button in (self.try_button, self.on_button, self.now_button, self.off_button):
            button.setEnabled(not busy)
        self.whose.setEnabled(not busy)


def _counted(number: int, what: str) -> str:
    return f"{number} busy {'time' if number == 1 else 'times'} {what}" if number else ""
