"""Calendar files: what stands in them, and one for each injector."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from clinic_app.services.calendar_publishing import Target
from clinic_app.services.calendars import KEPT_DAYS
from clinic_app.ui.saved_file import CALENDAR, SavedFile
from clinic_app.ui.settings.calendar_server_section import CalendarServerSection
from clinic_app.ui.settings.page import Change, SettingsPage
from clinic_app.ui.theme import AROUND, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.fields import CheckField
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.workplace import Workplace


@dataclass(frozen=True, slots=True)
class _Read:
    named: bool
    injectors: tuple[tuple[int, str], ...]
    targets: Mapping[int, Target]
    here: tuple[int, ...]


class FilesPage(SettingsPage[_Read]):
    """The files leave the clinic: names stand in them only if the clinic says so."""

    title = "Calendar files"
    kinds = frozenset({"clinic", "account"})

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(
            workplace,
            "A calendar file shows appointments in another calendar program or on a telephone. "
            "It is a copy of this moment: save it again after changes.",
            parent,
        )
        self._calendars = workplace.services.calendars
        self._injectors: tuple[tuple[int, str], ...] = ()
        self.names = CheckField(
            "Calendar files name the patients",
            self,
            hint="The files leave the protected record: whoever opens one reads the names. "
            "Without the tick they say only what kind of appointment it is.",
        )
        self.names.set_read_only(not self.manager)
        self.names.changed.connect(self._set_names)
        content = Section("What stands in them", self)
        content.add(self.names)
        self.files = Section("Save a file", self)
        self.files.add(
            Muted(f"Everything booked from {KEPT_DAYS} days ago on; cancelled appointments say so.", self, wrap=True)
        )
        self._list = QWidget(self)
        self.files.add(self._list)
        self.buttons: dict[int, PlainButton] = {}
        self.saving = SavedFile(CALENDAR, workplace, self)
        self.saving.message_offered.connect(self.undo_offered)
        self.add(content)
        self.add(self.files)
        self.server = CalendarServerSection(workplace, self)
        self.server.changed.connect(self.refresh)
        self.add(self.server)

    def read(self) -> _Read:
        """Whether files name patients, and whose there are."""
        actor = self.workplace.actor
        choices = self.workplace.services.schedule.choices(actor)
        publishing = self.workplace.services.calendar_publishing
        return _Read(
            self._calendars.names_patients(actor),
            tuple((each.id, each.name) for each in choices.injectors),
            publishing.targets(actor),
            publishing.here(actor),
        )

    def unsaved(self) -> str:
        """Also while a calendar server is being set up."""
        if self.server.unsaved():
            return (
                "A calendar server under Settings, Calendar files, is not set up yet. Publish, or clear its password."
            )
        return super().unsaved()

    def show_read(self, read: _Read) -> None:
        """Show them."""
        injectors = read.injectors
        self.names.set_value(read.named)
        self.server.show_targets(read.targets, read.here, injectors)
        if injectors == self._injectors and self.buttons:
            return
        self._injectors = injectors
        old, self._list = self._list, QWidget(self)
        grid = QGridLayout(self._list)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(AROUND)
        grid.setVerticalSpacing(INSIDE)
        grid.setColumnStretch(0, 1)
        self.buttons = {}
        for line, (injector_id, name) in enumerate(injectors):
            label = QLabel(name, self._list)
            button = PlainButton("Save calendar file", self._list, icon="download")
            button.setAccessibleName(f"Save calendar file of {name}")
            button.setToolTip(f"The appointments of {name} as a file (.ics)")
            button.clicked.connect(partial(self._save, injector_id, name))
            self.buttons[injector_id] = button
            grid.addWidget(label, line, 0)
            grid.addWidget(button, line, 1)
        if not injectors:
            grid.addWidget(Muted("Nobody injects here yet. Give an account the role of a physician.", self._list), 0, 0)
        self.files.layout_inside.replaceWidget(old, self._list)
        old.hide()
        old.deleteLater()

    @Slot()
    def _set_names(self) -> None:
        calendars, actor, wanted = self._calendars, self.workplace.actor, self.names.value()
        self.change(
            Change(
                "Calendar files name the patients." if wanted else "Calendar files name no patients.",
                lambda: calendars.set_names(actor, wanted),
                lambda _: calendars.set_names(actor, not wanted),
            )
        )

    def _save(self, injector_id: int, name: str) -> None:
        calendars, actor = self._calendars, self.workplace.actor
        self.saving.save(name, lambda: calendars.of_account(actor, injector_id))
