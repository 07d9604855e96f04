"""Privacy at the desk: when the clinic locks itself, and whether windows name the patient."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from clinic_app.ui.settings.page import Change, SettingsPage, beside_nothing
from clinic_app.ui.widgets.fields import CheckField
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


class PrivacyPage(SettingsPage[tuple[int, bool]]):
    """Two choices; half a minute before the lock the window says so."""

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
        self.titles = CheckField(
            "The window's title names the patient on screen",
            self,
            hint="The title also stands in the task bar, and whoever shares the screen shows it. "
            "Without the tick it names only the clinic.",
        )
        self.titles.set_read_only(not self.manager)
        self.titles.changed.connect(self._titles_chosen)
        seen = Section("Titles", self)
        seen.add(self.titles)
        self.add(seen)

    def read(self) -> tuple[int, bool]:
        """The minutes, and whether titles name patients."""
        privacy = self.workplace.services.desk_privacy
        return privacy.minutes(), privacy.names_in_titles()

    def show_read(self, read: tuple[int, bool]) -> None:
        """Show them, also minutes that are none of those that are offered."""
        minutes, named = read
        self._read = minutes
        if minutes not in dict(_MINUTES):
            self.minutes.set_choices((*_MINUTES, (minutes, f"after {minutes} minutes")))
        self.minutes.set_value(minutes)
        self.titles.set_value(named)

    @Slot()
    def _chosen(self) -> None:
        privacy, actor, minutes = self.workplace.services.desk_privacy, self.workplace.actor, self.minutes.value()
        if minutes is None or minutes == self._read:
            return
        said = f"The clinic locks {dict(_MINUTES).get(minutes, f'after {minutes} minutes')}."
        if not minutes:
            said = "The clinic never locks by itself."
        self.change(Change(said, lambda: privacy.choose(actor, minutes), lambda before: privacy.choose(actor, before)))

    @Slot()
    def _titles_chosen(self) -> None:
        privacy, actor, named = self.workplace.services.desk_privacy, self.workplace.actor, self.titles.value()
        said = "Titles name the patient on screen." if named else "Titles name only the clinic."
        self.change(
            Change(
                said, lambda: privacy.name_in_titles(actor, named), lambda before: privacy.name_in_titles(actor, before)
            )
        )
