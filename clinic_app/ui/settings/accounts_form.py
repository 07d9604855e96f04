"""The lines of the page of accounts: who somebody is and in which roles, and a passphrase given to somebody."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.accounts import LONGEST_FULL_NAME, LONGEST_USER_NAME, AccountEntry, AccountForm
from clinic_app.services.passphrases import PASSPHRASE_HINT, passphrase_problem
from clinic_app.terms import Role
from clinic_app.ui.first_run import ROLE_WORDS
from clinic_app.ui.settings.form_card import FormCard
from clinic_app.ui.theme import BETWEEN, TIGHT
from clinic_app.ui.widgets.fields import CheckField, FieldError, LabelledField, PassphraseField, TextField, check_all
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.wording import told

_FIRST = "Tell it to the person. They change it under their name at the lower left."


class RoleRow(QWidget):
    """A tick for each role; at least one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ticks = {role: CheckField(ROLE_WORDS[role], self) for role in Role}
        self.setFocusProxy(self.ticks[Role.FRONT_DESK])
        self._error = FieldError(self)
        row = QHBoxLayout()
        row.setSpacing(BETWEEN)
        for tick in self.ticks.values():
            tick.changed.connect(self._ticked)
            row.addWidget(tick)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addWidget(Muted("Roles", self))
        column.addLayout(row)
        column.addWidget(self._error)

    def value(self) -> frozenset[Role]:
        """The roles that are ticked."""
        return frozenset(role for role, tick in self.ticks.items() if tick.value())

    def set_value(self, roles: frozenset[Role]) -> None:
        """Tick these and no others."""
        for role, tick in self.ticks.items():
            tick.set_value(role in roles)
        self.set_error("")

    def set_error(self, text: str) -> None:
        """Show an error under the row, or take it away with ""."""
        self._error.setText(text)
        self._error.setVisible(bool(text))

    def error(self) -> str:
        """The error shown, or ""."""
        return self._error.text()

    @Slot()
    def _ticked(self) -> None:
        self.set_error("")


class NewPassphrase(QWidget):
    """A passphrase for somebody, typed twice."""

    def __init__(self, label: str, clinic_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names: tuple[str, ...] = ()
        self._clinic_name = clinic_name
        self.first = PassphraseField(label, self, hint=PASSPHRASE_HINT)
        self.again = PassphraseField(f"{label} again", self, hint=_FIRST)
        self.again.missing_text = "Type the passphrase a second time."
        self.first.add_check(lambda: passphrase_problem(self.first.value(), (*self.names, self._clinic_name)))
        self.again.add_check(lambda: "" if self.again.value() == self.first.value() else "The two passphrases differ.")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(BETWEEN)
        row.addWidget(self.first, 1)
        row.addWidget(self.again, 1)

    def clear(self) -> None:
        """Forget what was typed."""
        self.first.set_value("")
        self.again.set_value("")


class AccountCard(FormCard):
    """Adds an account, or changes the name and roles of one; says the form and the passphrase as a pair."""

    def __init__(self, clinic_name: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.entry: AccountEntry | None = None
        self.full_name = TextField("Full name", self, required=True, longest=LONGEST_FULL_NAME)
        self.full_name.missing_text = "Type the full name, as it stands on visit notes."
        self.user_name = TextField("User name", self, required=True, longest=LONGEST_USER_NAME)
        self.full_name.left.connect(self._propose_user_name)
        self.roles = RoleRow(self)
        self.passphrase = NewPassphrase("First passphrase", clinic_name, self)
        self.across(self.full_name, self.user_name)
        self.grid.addWidget(self.roles, 1, 0, 1, 2)
        self.grid.addWidget(self.passphrase, 2, 0, 1, 2)

    def begin(self, entry: AccountEntry | None) -> None:
        """An empty form, or the name and roles that there are. A user name is chosen once."""
        self.entry = entry
        self.full_name.set_value("" if entry is None else entry.full_name)
        self.user_name.set_value("" if entry is None else entry.user_name)
        self.user_name.set_read_only(entry is not None)
        self.user_name.set_hint("" if entry is None else "A user name stays as it is.")
        self.roles.set_value(frozenset() if entry is None else entry.roles)
        self.passphrase.clear()
        self.passphrase.setVisible(entry is None)
        self.save.setText("Add account" if entry is None else "Change account")

    def show_error(self, error: ClinicError) -> None:
        """The refusal under the field that it concerns; what was typed stays."""
        fields: dict[str, LabelledField | RoleRow] = {
            "user_name": self.user_name,
            "passphrase": self.passphrase.first,
            "roles": self.roles,
        }
        target = fields.get(error.field, self.full_name)
        target.set_error(told(error))
        target.setFocus()

    @Slot()
    def submit(self) -> None:
        """Say who it is, or what is missing."""
        self.passphrase.names = (self.full_name.value(), self.user_name.value())
        fields = [self.full_name, self.user_name]
        if self.entry is None:
            fields += [self.passphrase.first, self.passphrase.again]
        usable = check_all(fields)
        roles = self.roles.value()
        if not roles:
            self.roles.set_error("Choose at least one role.")
        elif usable:
            form = AccountForm(self.user_name.value(), self.full_name.value(), roles)
            self.wanted.emit((form, self.passphrase.first.value()))

    @Slot()
    def _propose_user_name(self) -> None:
        words = self.full_name.value().split()
        if words and self.entry is None and not self.user_name.value():
            self.user_name.set_value(words[-1].casefold())


class PassphraseCard(FormCard):
    """Gives another passphrase to somebody, or one to an account that comes back; says the passphrase."""

    def __init__(self, clinic_name: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.entry: AccountEntry | None = None
        self.about = Strong("", self)
        self.passphrase = NewPassphrase("New passphrase", clinic_name, self)
        self.grid.addWidget(self.about, 0, 0)
        self.grid.addWidget(self.passphrase, 1, 0)

    def begin(self, entry: AccountEntry) -> None:
        """Empty, for this account."""
        self.entry = entry
        self.about.setText(entry.full_name)
        self.passphrase.names = (entry.full_name, entry.user_name)
        self.passphrase.clear()
        self.save.setText("Reset passphrase" if entry.active else "Activate account")

    def show_error(self, error: ClinicError) -> None:
        """The refusal under the passphrase."""
        self.passphrase.first.set_error(told(error))
        self.passphrase.first.setFocus()

    @Slot()
    def submit(self) -> None:
        """Say the passphrase, or what is wrong with it."""
        if check_all((self.passphrase.first, self.passphrase.again)):
            self.wanted.emit(self.passphrase.first.value())
