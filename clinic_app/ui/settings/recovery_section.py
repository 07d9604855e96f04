"""A new recovery code in place of the one on paper, which counts until the new one was typed from its own sheet."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.accounts import Accounts
from clinic_app.services.recovery_code import NewCode
from clinic_app.ui.recovery_code import RecoveryCode
from clinic_app.ui.recovery_paper import RecoveryPaper
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

_ABOUT = (
    "The recovery code on paper gives any account a new passphrase. Make a new one when the sheet is lost or somebody "
    "may have read it; until you have typed it from its sheet, the old one counts."
)
_SET = "The new recovery code counts. Destroy the old sheet; backups made until now still open with it."


class RecoverySection(Section):
    """A part of the page of accounts."""

    message_offered = Signal(str, object)
    """A sentence, and None: a code cannot be brought back."""

    def __init__(self, workplace: Workplace, accounts: Accounts, parent: QWidget | None = None) -> None:
        super().__init__("Recovery code", parent)
        self._workplace = workplace
        self._accounts = accounts
        self._new: NewCode | None = None
        self._paper: RecoveryPaper | None = None
        self.new_button = PlainButton("New recovery code…", self)
        self.new_button.clicked.connect(self._begin)
        self.add_action(self.new_button)
        self._about = Muted(_ABOUT, self, wrap=True)
        self.refused = Muted("", self, wrap=True)
        self.recovery = RecoveryCode(self)
        self.recovery.tried.connect(self._try)
        self.recovery.print_requested.connect(self._print)
        self.recovery.save_requested.connect(self._save)
        self.cancel_button = PlainButton("Cancel", self)
        self.cancel_button.setToolTip("The code on the old sheet goes on counting")
        self.cancel_button.clicked.connect(self._close)
        self.recovery.add_way(self.cancel_button)
        for content in (self._about, self.refused, self.recovery):
            self.add(content)
        self._close()

    @Slot()
    def _begin(self) -> None:
        accounts, actor = self._accounts, self._workplace.actor
        self.new_button.setEnabled(False)
        self._workplace.tasks.run(
            lambda: accounts.new_recovery_code(actor), self._show, self._refused, owner=self, ended=self._again
        )

    def _show(self, new: NewCode) -> None:
        clinic, today = self._workplace.services.clinic, self._workplace.now().date()
        self._new = new
        self._paper = RecoveryPaper(
            clinic.name,
            clinic.paper_size.value,
            new.code,
            today,
            self._workplace.tasks,
            self,
        )
        self._paper.message_offered.connect(self.message_offered)
        self._about.hide()
        self.refused.hide()
        self.new_button.hide()
        self.recovery.show()
        self.recovery.show_code(new.code)

    @Slot()
    def _print(self) -> None:
        if self._paper is not None:
            self._paper.show()

    @Slot()
    def _save(self) -> None:
        if self._paper is not None:
            self._paper.save()

    @Slot(object)
    def _try(self, typed: dict[int, str]) -> None:
        accounts, actor, new = self._accounts, self._workplace.actor, self._new
        if new is not None:
            self.recovery.set_busy(True)
            self._workplace.tasks.run(
                lambda: accounts.set_recovery_code(actor, new, typed), self._was_set, self._wrong, owner=self
            )

    def _was_set(self, _: None) -> None:
        self._close()
        self.message_offered.emit(_SET, None)

    def _wrong(self, error: ClinicError) -> None:
        self.recovery.show_error(error.field, told(error))

    def _refused(self, error: ClinicError) -> None:
        self.refused.setText(told(error))
        self.refused.show()

    def _again(self) -> None:
        self.new_button.setEnabled(True)

    @Slot()
    def _close(self) -> None:
        self._new = None
        if self._paper is not None:
            self._paper.deleteLater()
            self._paper = None
        self.recovery.set_busy(False)
        self.recovery.forget()
        self.recovery.hide()
        self.refused.hide()
        self._about.show()
        self.new_button.show()
