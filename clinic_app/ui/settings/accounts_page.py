"""Accounts: who may unlock the clinic, and as what."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.services.accounts import AccountEntry, AccountForm, Accounts
from clinic_app.terms import Role
from clinic_app.ui.first_run import ROLE_WORDS
from clinic_app.ui.settings.accounts_form import AccountCard, PassphraseCard
from clinic_app.ui.settings.form_card import FormCard
from clinic_app.ui.settings.page import Change, SettingsPage, table_height
from clinic_app.ui.settings.recovery_section import RecoverySection
from clinic_app.ui.theme import INSIDE, current_theme
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.workplace import Workplace

_ABOUT = (
    "Each person has an account of their own, so that the record tells who did what. Nobody is deleted: what they "
    "signed keeps their name. Roles count from the next unlocking."
)


class AccountsPage(SettingsPage[tuple[AccountEntry, ...]]):
    """One list, and one form at a time below it."""

    title = "Accounts"
    kinds = frozenset({"account", "account_role"})

    def __init__(self, workplace: Workplace, accounts: Accounts, parent: QWidget | None = None) -> None:
        super().__init__(workplace, _ABOUT, parent)
        self._accounts = accounts
        clinic_name = workplace.services.clinic.name
        section = Section("Accounts", self)
        self.new_button = PlainButton("Add an account", self, icon="plus")
        self.new_button.clicked.connect(self._begin_new)
        section.add_action(self.new_button)
        columns: list[Column[AccountEntry]] = [
            Column("Name", lambda entry: entry.full_name, stretch=True),
            Column("User name", lambda entry: entry.user_name, width=150),
            Column("Roles", _roles_text, tooltip=_roles_text, width=270),
            Column("State", self._state_text, color=_state_colour, width=130),
        ]
        self.table: RowTable[AccountEntry] = RowTable(
            columns, self, name="settings-accounts", label="Accounts", key=lambda entry: entry.id
        )
        self.table.selected_row.connect(self._selected)
        self.form = AccountCard(clinic_name, self)
        self.form.wanted.connect(self._keep)
        self.passphrase = PassphraseCard(clinic_name, self)
        self.passphrase.wanted.connect(self._give)
        self.change_button = LinkButton("Change", self, icon="pencil")
        self.change_button.clicked.connect(self._begin_change)
        self.reset_button = LinkButton("Reset passphrase", self)
        self.reset_button.clicked.connect(self._begin_passphrase)
        self.active_button = LinkButton("", self)
        self.active_button.clicked.connect(self._toggle)
        row = QHBoxLayout()
        row.setSpacing(INSIDE)
        row.addStretch(1)
        for button in (self.change_button, self.reset_button, self.active_button):
            row.addWidget(button)
        section.add(self.table)
        section.add(row)
        for card in (self.form, self.passphrase):
            card.hide()
            card.closed.connect(self._close)
            section.add(card)
        self.add(section)
        self.recovery = RecoverySection(workplace, accounts, self)
        self.recovery.message_offered.connect(self.undo_offered)
        self.add(self.recovery)
        self._selected()

    def read(self) -> tuple[AccountEntry, ...]:
        """All accounts."""
        return self._accounts.entries(self.workplace.actor)

    def show_read(self, read: tuple[AccountEntry, ...]) -> None:
        """Show them."""
        self.table.set_rows(read)
        self.table.setFixedHeight(table_height(len(read)))
        self._selected()

    @Slot()
    def _begin_new(self) -> None:
        self.table.select(None)
        self.form.begin(None)
        self._open(self.form)
        self.form.full_name.setFocus()

    @Slot()
    def _begin_change(self) -> None:
        self.form.begin(self.table.selected())
        self._open(self.form)
        self.form.full_name.setFocus()

    @Slot()
    def _begin_passphrase(self) -> None:
        entry = self.table.selected()
        if entry is not None:
            self.passphrase.begin(entry)
            self._open(self.passphrase)
            self.passphrase.passphrase.first.setFocus()

    def _open(self, card: FormCard) -> None:
        self.new_button.setEnabled(False)
        card.show()
        self._selected()

    @Slot()
    def _close(self, _result: object = None) -> None:
        """The form is done with; no passphrase stays in it."""
        self.form.begin(None)
        self.passphrase.passphrase.clear()
        self.form.hide()
        self.passphrase.hide()
        self.new_button.setEnabled(True)
        self._selected()

    @Slot()
    def _selected(self) -> None:
        entry = self.table.selected()
        free = entry is not None and self.form.isHidden() and self.passphrase.isHidden()
        own = entry is not None and entry.id == self.workplace.actor.account_id
        self.change_button.setVisible(free)
        # One's own is changed beside one's name, where it asks for the one until now.
        self.reset_button.setVisible(free and not own and entry is not None and entry.active)
        self.active_button.setVisible(free)
        if entry is not None:
            self.active_button.setText("Deactivate" if entry.active else "Activate again")

    @Slot(object)
    def _keep(self, wanted: tuple[AccountForm, str]) -> None:
        (form, passphrase), entry = wanted, self.form.entry
        accounts, actor = self._accounts, self.workplace.actor
        if entry is None:
            change = Change(
                f"{form.full_name} can unlock the clinic as {form.user_name.casefold()}.",
                lambda: accounts.add(actor, form, passphrase),
                lambda number: accounts.withdraw(actor, number),
                self._close,
                self.form.show_error,
            )
        elif (form.full_name, form.roles) == (entry.full_name, entry.roles):
            self._close()
            return
        else:
            change = Change(
                f"{form.full_name} changed: {_words(form.roles)}.",
                lambda: accounts.change(actor, entry.id, form.full_name, form.roles),
                lambda _: accounts.change(actor, entry.id, entry.full_name, entry.roles),
                self._close,
                self.form.show_error,
            )
        self.change(change)

    @Slot(object)
    def _give(self, passphrase: str) -> None:
        entry, accounts, actor = self.passphrase.entry, self._accounts, self.workplace.actor
        if entry is None:
            return
        if entry.active:
            change = Change(
                f"{entry.full_name} has a new passphrase.",
                lambda: accounts.reset_passphrase(actor, entry.id, passphrase),
                lambda taken: accounts.put_back(actor, entry.id, taken),
                self._close,
                self.passphrase.show_error,
            )
        else:
            change = Change(
                f"{entry.full_name} can unlock the clinic again.",
                lambda: accounts.activate(actor, entry.id, passphrase),
                lambda _: accounts.deactivate(actor, entry.id),
                self._close,
                self.passphrase.show_error,
            )
        self.change(change)

    @Slot()
    def _toggle(self) -> None:
        entry, accounts, actor = self.table.selected(), self._accounts, self.workplace.actor
        if entry is None:
            return
        if not entry.active:
            self._begin_passphrase()
            return
        self.change(
            Change(
                f"{entry.full_name} cannot unlock the clinic any more.",
                lambda: accounts.deactivate(actor, entry.id),
                lambda taken: accounts.put_back(actor, entry.id, taken),
            )
        )

    def _state_text(self, entry: AccountEntry) -> str:
        if not entry.active:
            return "Deactivated"
        if not entry.opens:
            return "No passphrase"
        return "You" if entry.id == self.workplace.actor.account_id else ""


def _roles_text(entry: AccountEntry) -> str:
    return _words(entry.roles)


def _words(roles: frozenset[Role]) -> str:
    return ", ".join(words for role, words in ROLE_WORDS.items() if role in roles)


def _state_colour(_entry: AccountEntry) -> str:
    return current_theme().muted
