"""Rooms and devices: what one appointment at a time can have."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.calendar_data import LONGEST_NAME, Furniture, PlaceEntry
from clinic_app.terms import DeviceKind
from clinic_app.ui.naming import capital
from clinic_app.ui.settings.form_card import FormCard
from clinic_app.ui.settings.page import Change, SettingsPage, table_height
from clinic_app.ui.settings.wording import state_colour, state_text
from clinic_app.ui.theme import INSIDE
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.fields import TextField, check_all
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.widgets.value_fields import ChoiceField
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace


@dataclass(frozen=True)
class _Acts:
    """What the service does with one sort of entry, each run beside the window."""

    add: Callable[[str, DeviceKind | None], int]
    withdraw: Callable[[int], None]
    rename: Callable[[int, str], None]
    offer: Callable[[int, bool], None]


class PlacesPage(SettingsPage[Furniture]):
    """Two lists. Nothing is deleted, so that old appointments still say where they were."""

    title = "Rooms and devices"
    kinds = frozenset({"room", "device", "appointment"})

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(
            workplace,
            "One appointment at a time has a room or a device. Retired ones are not offered any more; "
            "what is booked with them stays.",
            parent,
        )
        rules, actor = workplace.services.calendar_rules, workplace.actor
        self.rooms = PlaceSection("Rooms", "room", self.manager, self)
        self.devices = PlaceSection("Devices", "device", self.manager, self, kinds=tuple(DeviceKind))
        self._acts = {
            self.rooms: _Acts(
                lambda name, _: rules.add_room(actor, name),
                lambda room_id: rules.withdraw_room(actor, room_id),
                lambda room_id, name: rules.rename_room(actor, room_id, name),
                lambda room_id, offered: rules.offer_room(actor, room_id, offered),
            ),
            self.devices: _Acts(
                lambda name, kind: rules.add_device(actor, name, kind or DeviceKind.EMG),
                lambda device_id: rules.withdraw_device(actor, device_id),
                lambda device_id, name: rules.rename_device(actor, device_id, name),
                lambda device_id, offered: rules.offer_device(actor, device_id, offered),
            ),
        }
        for section in (self.rooms, self.devices):
            section.add_wanted.connect(self._add)
            section.rename_wanted.connect(self._rename)
            section.offer_wanted.connect(self._offer)
            self.add(section)

    def read(self) -> Furniture:
        """Everything that is set up for booking."""
        return self.workplace.services.calendar_rules.furniture(self.workplace.actor)

    def show_read(self, read: Furniture) -> None:
        """Show both lists."""
        self.rooms.show_entries(read.rooms)
        self.devices.show_entries(read.devices)

    @Slot(object, str, object)
    def _add(self, section: "PlaceSection", name: str, kind: DeviceKind | None) -> None:
        acts = self._acts[section]
        self.change(
            Change(
                f"{name} can be booked.",
                lambda: acts.add(name, kind),
                acts.withdraw,
                section.was_kept,
                section.show_error,
            )
        )

    @Slot(object, object, str)
    def _rename(self, section: "PlaceSection", entry: PlaceEntry, name: str) -> None:
        acts = self._acts[section]
        self.change(
            Change(
                f"{entry.name} is called {name} now.",
                lambda: acts.rename(entry.id, name),
                lambda _: acts.rename(entry.id, entry.name),
                section.was_kept,
                section.show_error,
            )
        )

    @Slot(object, object)
    def _offer(self, section: "PlaceSection", entry: PlaceEntry) -> None:
        acts, offered = self._acts[section], not entry.active
        said = f"{entry.name} can be booked again." if offered else f"{entry.name} is retired."
        if entry.booked and not offered:
            said += f" {booked_text(entry.booked)} with it from now on."
        self.change(
            Change(said, lambda: acts.offer(entry.id, offered), lambda _: acts.offer(entry.id, not offered)),
        )


class PlaceSection(Section):
    """A table of rooms or devices, and the line in which one is named."""

    add_wanted = Signal(object, str, object)
    """This section, the name, and the kind of device."""
    rename_wanted = Signal(object, object, str)
    offer_wanted = Signal(object, object)

    def __init__(
        self,
        title: str,
        word: str,
        manager: bool,
        parent: QWidget | None = None,
        *,
        kinds: tuple[DeviceKind, ...] = (),
    ) -> None:
        super().__init__(title, parent)
        self._word = word
        self._manager = manager
        self.new_button = PlainButton(f"Add a {word}", self, icon="plus")
        self.new_button.setVisible(manager)
        self.new_button.clicked.connect(self._begin_new)
        self.add_action(self.new_button)
        columns: list[Column[PlaceEntry]] = [
            Column("Name", lambda entry: entry.name, stretch=True),
            *([Column("Kind", _kind, width=190)] if kinds else []),
            Column("Booked from now on", _booked, lambda entry: entry.booked, numeric=True, width=170),
            Column("State", state_text, color=state_colour, width=110),
        ]
        self.table: RowTable[PlaceEntry] = RowTable(
            columns,
            self,
            name=f"{word}s",
            label=title,
            key=lambda entry: entry.id,
            empty=EmptyState("package", f"No {word}s yet. Add one, and booking keeps it from being taken twice.", self),
        )
        self.table.selected_row.connect(self._selected)
        self.add(self.table)
        self.form = PlaceForm(word, kinds, self)
        self.form.hide()
        self.form.wanted.connect(self._keep)
        self.form.closed.connect(self.was_kept)
        self.add(self.form)
        self.rename_button = LinkButton("Rename", self, icon="pencil")
        self.rename_button.clicked.connect(self._begin_rename)
        self.offer_button = LinkButton("", self)
        self.offer_button.clicked.connect(self._offer)
        row = QHBoxLayout()
        row.setSpacing(INSIDE)
        row.addStretch(1)
        row.addWidget(self.rename_button)
        row.addWidget(self.offer_button)
        self.add(row)
        self._selected()

    def show_entries(self, entries: tuple[PlaceEntry, ...]) -> None:
        """Show them."""
        self.table.set_rows(entries)
        self.table.setFixedHeight(table_height(len(entries)))

    @Slot()
    def was_kept(self, _result: object = None) -> None:
        """The line is done with."""
        self.form.hide()
        self.new_button.setEnabled(True)
        self._selected()

    def show_error(self, error: ClinicError) -> None:
        """The refusal under the name; what was typed stays."""
        self.form.name.set_error(told(error))
        self.form.name.setFocus()

    @Slot()
    def _begin_new(self) -> None:
        self.table.select(None)
        self._open(None)

    @Slot()
    def _begin_rename(self) -> None:
        self._open(self.table.selected())

    def _open(self, entry: PlaceEntry | None) -> None:
        self.new_button.setEnabled(False)
        self.form.begin(entry)
        self.form.show()
        self.form.name.setFocus()
        self._selected()

    @Slot()
    def _selected(self) -> None:
        entry = self.table.selected()
        shown = self._manager and entry is not None and self.form.isHidden()
        self.rename_button.setVisible(shown)
        self.offer_button.setVisible(shown)
        if entry is not None:
            self.offer_button.setText(f"Retire this {self._word}" if entry.active else f"Bring this {self._word} back")

    @Slot(object)
    def _keep(self, wanted: tuple[str, DeviceKind | None]) -> None:
        name, kind = wanted
        entry = self.form.entry
        if entry is None:
            self.add_wanted.emit(self, name, kind)
        elif name == entry.name:
            self.was_kept()
        else:
            self.rename_wanted.emit(self, entry, name)

    @Slot()
    def _offer(self) -> None:
        entry = self.table.selected()
        if entry is not None:
            self.offer_wanted.emit(self, entry)


class PlaceForm(FormCard):
    """Name, and for a new device its kind, in one line; says both as a pair."""

    def __init__(self, word: str, kinds: tuple[DeviceKind, ...], parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.entry: PlaceEntry | None = None
        self._word = word
        self.name = TextField("Name", self, required=True, longest=LONGEST_NAME)
        self.kind: ChoiceField[DeviceKind] = ChoiceField(
            "Kind", [(kind, capital(kind.value)) for kind in kinds], self, required=True, placeholder="Choose the kind"
        )
        self._has_kinds = bool(kinds)
        row = QHBoxLayout()
        row.setSpacing(INSIDE)
        row.addWidget(self.name, 2)
        row.addWidget(self.kind, 1)
        self.grid.addLayout(row, 0, 0)

    def begin(self, entry: PlaceEntry | None) -> None:
        """An empty line, or the name that there is."""
        self.entry = entry
        self.name.set_value("" if entry is None else entry.name)
        self.kind.set_value(None)
        self.kind.setVisible(self._has_kinds and entry is None)
        self.save.setText(f"Add {self._word}" if entry is None else f"Rename {self._word}")

    @Slot()
    def submit(self) -> None:
        """Say name and kind."""
        if check_all([self.name, *([self.kind] if not self.kind.isHidden() else [])]):
            self.wanted.emit((self.name.value(), self.kind.value()))


def booked_text(number: int) -> str:
    """How many appointments: "1 appointment is booked", "3 appointments are booked"."""
    return "1 appointment is booked" if number == 1 else f"{number} appointments are booked"


def _kind(entry: PlaceEntry) -> str:
    return "" if entry.kind is None else capital(entry.kind.value)


def _booked(entry: PlaceEntry) -> str:
    return str(entry.booked) if entry.booked else ""
