"""The first start: the clinic, the first account, and the recovery code to put away; or a clinic that is there."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_app.services.passphrases import PASSPHRASE_HINT, passphrase_problem
from clinic_app.terms import LabelRegion, PaperSize, Role
from clinic_app.ui.connect_form import ConnectForm
from clinic_app.ui.places import (
    countries,
    languages,
    system_country,
    time_zones,
    usual_label_region,
    usual_paper,
    usual_time_zone,
)
from clinic_app.ui.recovery_code import RecoveryCode
from clinic_app.ui.theme import AROUND, BETWEEN, GROUPS, TIGHT
from clinic_app.ui.widgets.buttons import LinkButton, PrimaryButton
from clinic_app.ui.widgets.fields import CheckField, LabelledField, PassphraseField, TextField, check_all
from clinic_app.ui.widgets.headings import Muted, Title
from clinic_app.ui.widgets.sections import Card, Scroll, Section
from clinic_app.ui.widgets.value_fields import ChoiceField

_WIDTH = 920
ROLE_WORDS = {
    Role.FRONT_DESK: "Front desk",
    Role.NURSE: "Nurse",
    Role.PHYSICIAN: "Physician",
    Role.MANAGER: "Manager",
}


@dataclass(frozen=True, slots=True)
class FirstRun:
    """The answers of the page."""

    name: str
    country: str
    time_zone: str
    language: str
    paper_size: PaperSize
    label_region: LabelRegion
    full_name: str
    user_name: str
    roles: frozenset[Role]
    passphrase: str


class FirstRunPage(QWidget):
    """One page of questions with the usual answers filled in, then one with the recovery code.

    Beside the questions stands the way to a clinic that is on a server already.
    """

    submitted = Signal(object)
    """Carries ``FirstRun``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clinic_name = TextField("Clinic name", required=True, longest=300, hint="Stands on every printed page.")
        self.country = ChoiceField[str]("Country", countries(), required=True, searchable=True)
        self.time_zone = ChoiceField[str]("Time zone", required=True, searchable=True)
        self.language = ChoiceField[str]("Language", languages(), required=True)
        self.paper_size = ChoiceField[PaperSize](
            "Paper size", [(PaperSize.A4, "A4"), (PaperSize.LETTER, "Letter")], required=True
        )
        self.label_region = ChoiceField[LabelRegion](
            "Product labels",
            [(LabelRegion.US, "United States"), (LabelRegion.UK_EU, "United Kingdom and European Union")],
            required=True,
            hint="Whose dose limits the checks compare with.",
        )
        self.full_name = TextField("Your name", required=True, longest=300)
        self.user_name = TextField("User name", required=True, longest=100)
        self.roles = {role: CheckField(ROLE_WORDS[role], self) for role in Role}
        self.passphrase = PassphraseField("Passphrase", hint=PASSPHRASE_HINT)
        self.repeated_passphrase = PassphraseField("Passphrase again")
        self.repeated_passphrase.missing_text = "Type the passphrase a second time."
        self.submit_button = PrimaryButton("Set up clinic", self)
        self.submit_button.clicked.connect(self._submit)
        self.server_link = LinkButton("This clinic is already on a server…", self)
        self.server_link.clicked.connect(self._to_server)
        self.server = ConnectForm(self)
        self.server.left.connect(self._to_questions)
        self.recovery = RecoveryCode(self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(Scroll(self._questions(), self))
        self._stack.addWidget(self._in_a_card(560, Title("Recovery code", self), self.recovery))
        self._stack.addWidget(self._in_a_card(480, self.server))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self._fill_in()
        self.clinic_name.setFocus(Qt.FocusReason.OtherFocusReason)

    def answers(self) -> FirstRun:
        """What was answered; complete once ``submitted`` was emitted."""
        return FirstRun(
            name=self.clinic_name.value(),
            country=self.country.value() or "",
            time_zone=self.time_zone.value() or "",
            language=self.language.value() or "en",
            paper_size=self.paper_size.value() or PaperSize.A4,
            label_region=self.label_region.value() or LabelRegion.UK_EU,
            full_name=self.full_name.value(),
            user_name=self.user_name.value(),
            roles=frozenset(role for role, field in self.roles.items() if field.value()),
            passphrase=self.passphrase.value(),
        )

    def show_error(self, field: str, text: str) -> None:
        """Show an error under the field of ``FirstRun`` it concerns, or beside the button for any other."""
        self.set_busy(False)
        target = self._fields().get(field)
        if target is None:
            self._general.setText(text)
        else:
            target.set_error(text)
            target.setFocus()

    def set_busy(self, busy: bool) -> None:
        """While the store is made nothing can be pressed twice."""
        self._form.setEnabled(not busy)
        self.submit_button.setText("Setting up…" if busy else "Set up clinic")

    def show_recovery_code(self, code: str) -> None:
        """The clinic is set up; show the code once, and have it tried from its sheet."""
        self.set_busy(False)
        for field in (self.passphrase, self.repeated_passphrase):
            field.set_value("")
        self.recovery.show_code(code)
        self._stack.setCurrentIndex(1)
        self.recovery.stored_button.setFocus()

    @Slot(str, object)
    def say(self, text: str, _undo: object) -> None:
        """A sentence about the sheet of the code."""
        self.recovery.say(text)

    def _fields(self) -> dict[str, LabelledField]:
        return {
            "name": self.clinic_name,
            "country": self.country,
            "time_zone": self.time_zone,
            "language": self.language,
            "paper_size": self.paper_size,
            "label_region": self.label_region,
            "full_name": self.full_name,
            "user_name": self.user_name,
            "passphrase": self.passphrase,
            "repeated_passphrase": self.repeated_passphrase,
        }

    def _questions(self) -> QWidget:
        clinic = Section("Clinic")
        clinic.add(self.clinic_name)
        clinic.add(self.country)
        clinic.add(self.time_zone)
        pair = QHBoxLayout()
        pair.setSpacing(BETWEEN)
        pair.addWidget(self.language, 1)
        pair.addWidget(self.paper_size, 1)
        clinic.add(pair)
        clinic.add(self.label_region)
        clinic.layout_inside.addStretch(1)
        account = Section("First account")
        account.add(self.full_name)
        account.add(self.user_name)
        account.add(self._role_row())
        account.add(self.passphrase)
        account.add(self.repeated_passphrase)
        account.layout_inside.addStretch(1)
        cards = QHBoxLayout()
        cards.setSpacing(AROUND)
        cards.addWidget(clinic, 1)
        cards.addWidget(account, 1)
        self._general = Muted("", self, wrap=True)
        buttons = QHBoxLayout()
        buttons.addWidget(self._general, 1)
        buttons.addWidget(self.submit_button)
        self._form = QWidget(self)
        self._form.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(self._form)
        column.setContentsMargins(AROUND, GROUPS, AROUND, GROUPS)
        column.setSpacing(AROUND)
        top = QHBoxLayout()
        top.addWidget(Title("Set up your clinic", self))
        top.addStretch(1)
        top.addWidget(self.server_link)
        column.addLayout(top)
        column.addWidget(Muted("Everything stays on this computer, encrypted. A passphrase opens it."))
        column.addLayout(cards)
        column.addLayout(buttons)
        column.addStretch(1)
        return _centred(self._form)

    def _role_row(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(TIGHT)
        column.addWidget(Muted("Roles", self))
        row = QHBoxLayout()
        row.setSpacing(BETWEEN)
        for field in self.roles.values():
            row.addWidget(field)
        row.addStretch(1)
        column.addLayout(row)
        self.roles[Role.MANAGER].set_value(True)
        self.roles[Role.MANAGER].set_read_only(True)
        self.roles[Role.MANAGER].editor.setToolTip("The first account manages the others")
        return column

    def _in_a_card(self, width: int, *content: QWidget) -> QWidget:
        card = Card(self, margin=GROUPS, spacing=AROUND)
        card.setFixedWidth(width)
        for each in content:
            card.layout_inside.addWidget(each)
        page = QWidget(self)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(card)
        row.addStretch(1)
        column = QVBoxLayout(page)
        column.addStretch(2)
        column.addLayout(row)
        column.addStretch(3)
        return page

    def _fill_in(self) -> None:
        self.language.set_value("en")
        self.country.set_value(system_country())
        self._follow_country()
        self.country.changed.connect(self._follow_country)
        self.full_name.left.connect(self._propose_user_name)
        self.passphrase.add_check(self._hard_to_guess)
        self.repeated_passphrase.add_check(self._same_twice)

    @Slot()
    def _to_server(self) -> None:
        self._stack.setCurrentIndex(2)
        self.server.start()

    @Slot()
    def _to_questions(self) -> None:
        self._stack.setCurrentIndex(0)
        self.server_link.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _follow_country(self) -> None:
        country = self.country.value()
        if country is None:
            return
        self.time_zone.set_choices(time_zones(country))
        self.time_zone.set_value(usual_time_zone(country))
        self.paper_size.set_value(usual_paper(country))
        self.label_region.set_value(usual_label_region(country))

    @Slot()
    def _propose_user_name(self) -> None:
        words = self.full_name.value().split()
        if words and not self.user_name.value():
            self.user_name.set_value(words[-1].lower())

    def _hard_to_guess(self) -> str:
        names = (self.full_name.value(), self.user_name.value(), self.clinic_name.value())
        return passphrase_problem(self.passphrase.value(), names)

    def _same_twice(self) -> str:
        return "" if self.repeated_passphrase.value() == self.passphrase.value() else "The two passphrases differ."

    @Slot()
    def _submit(self) -> None:
        self._general.setText("")
        if check_all(self._fields().values()):
            self.submitted.emit(self.answers())


def _centred(content: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addStretch(1)
    row.addWidget(content, 1000)
    row.addStretch(1)
    return holder
