"""Privacy at the desk: after how long without anybody there the clinic locks itself."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from clinic_app.ui.settings.page import Change, SettingsPage, beside_nothing
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.value_fields import ChoiceField
from clinic_app.ui.workplace import Workplace

_ABOUT = "What keeps a record from whoever passes by the screen."
_LOCK = (
    "Then the window is hidden and the key of the record is dropped. Nothing that is typed is lost: whoever locked "
    "comes back to it with the passphrase or, until midnight, with the PIN. Ctrl+L locks at once."
)
_MINUTES = (
    *(
        (minutes, f"after {minutes} minutes" if minutes > 1 else "after 1 minute")
        for minutes in (1, 2, 5, 10, 15, 30, 60)
    ),
    (0, "never by itself"),
)


class PrivacyPage(SettingsPage[int]):
    """One choice; half a minute before the lock the window says so."""

    title = "Privacy"
    kinds = frozenset({"clinic"})

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, _ABOUT, parent)
        self._read: int | None = None
        self.minutes = ChoiceField[int]("Lock when nobody touches mouse or keyboard", _MINUTES, self)
        self.minutes.set_read_only(not self.manager)
        self.minutes.changed.connect(self._chosen)
        section = Section("Locking", self)
        section.add(beside_nothing(self.minutes))
        section.add(Muted(_LOCK, self, wrap=True))
        self.add(section)

    def read(self) -> int:
        """The minutes."""
        return self.workplace.services.locking.minutes()

    def show_read(self, read: int) -> None:
        """Show them, also where they are none of those that are offered."""
        self._read = read
        if read not in dict(_MINUTES):
            self.minutes.set_choices((*_MINUTES, (read, f"after {read} minutes")))
        self.minutes.set_value(read)

    @Slot()
    def _chosen(self) -> None:
        locking, actor, minutes = self.workplace.services.locking, self.workplace.actor, self.minutes.value()
        if minutes is None or minutes == self._read:
            return
        said = f"The clinic locks {dict(_MINUTES).get(minutes, f'after {minutes} minutes')}."
        self.change(Change(said, lambda: locking.choose(actor, minutes), lambda before: locking.choose(actor, before)))
