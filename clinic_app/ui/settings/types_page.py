"""Kinds of appointment, and the lines of the calendar."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.calendar_data import GRID_DISTANCES, Furniture, TypeEntry, TypeForm
from clinic_app.ui.naming import capital
from clinic_app.ui.settings.page import Change, SettingsPage, beside_nothing, table_height
from clinic_app.ui.settings.type_editor import TypeEditor
from clinic_app.ui.settings.wording import state_colour, state_text
from clinic_app.ui.theme import INSIDE, current_theme
from clinic_app.ui.tokens import TYPE_COLOURS, type_colour
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.widgets.value_fields import ChoiceField
from clinic_app.ui.workplace import Workplace


class TypesPage(SettingsPage[Furniture]):
    """What can be booked: the table above, the chosen kind below it."""

    title = "Appointment types"
    kinds = frozenset({"appointment_type", "clinic"})

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(
            workplace, "What can be booked, how long it usually takes, and what it needs. What is booked stays.", parent
        )
        self._rules = workplace.services.calendar_rules
        self._chosen_next: int | None = None
        self.list = TypeList(self.manager, self)
        self.editor = TypeEditor(self)
        self.lines = LinesSection(self)
        self.lines.distance.set_read_only(not self.manager)
        self.list.add(self.editor)
        self.editor.hide()
        self.list.chosen.connect(self._choose)
        self.list.new_wanted.connect(self._begin_new)
        self.list.offer_wanted.connect(self._offer)
        self.editor.changed.connect(self._change_type)
        self.editor.added.connect(self._add_type)
        self.editor.closed.connect(self._give_up)
        self.lines.distance_wanted.connect(self._set_distance)
        self.add(self.list)
        self.add(self.lines)

    def read(self) -> Furniture:
        """Everything that is set up for booking."""
        return self._rules.furniture(self.workplace.actor)

    def show_read(self, read: Furniture) -> None:
        """Show the kinds and the lines."""
        self.lines.show_distance(read.grid_minutes)
        self.list.show_types(read.types)
        if self._chosen_next is not None:
            chosen, self._chosen_next = self._chosen_next, None
            self.list.table.select(next((each for each in read.types if each.id == chosen), None))

    def unsaved(self) -> str:
        """Whether a new kind was begun; what is changed of one that there is counts at once."""
        if not self.editor.isHidden() and self.editor.adds and self.editor.name.value():
            return f"A new kind under Settings, {self.title}, is not added. Add it or empty its name first."
        return ""

    @Slot(object)
    def _choose(self, entry: TypeEntry | None) -> None:
        if entry is None or not self.manager:  # the table tells all that there is to read
            if not self.editor.adds:
                self.editor.hide()
        elif self.editor.isHidden():
            self.editor.begin(entry)
            self.editor.show()
        else:
            self.editor.show_newer(entry)

    @Slot()
    def _begin_new(self) -> None:
        self.list.table.select(None)
        self.editor.begin(None)
        self.editor.show()
        self.editor.name.setFocus()

    @Slot()
    def _give_up(self) -> None:
        self.editor.hide()
        self.list.new_button.setFocus()

    @Slot(object)
    def _add_type(self, form: TypeForm) -> None:
        rules, actor = self._rules, self.workplace.actor

        def done(type_id: int) -> None:
            self.editor.hide()
            self._chosen_next = type_id
            self.refresh()

        self.change(
            Change(
                f"{form.name} can be booked.",
                lambda: rules.add_type(actor, form),
                lambda type_id: rules.withdraw_type(actor, type_id),
                done,
                self.editor.show_error,
            )
        )

    @Slot(object, object)
    def _change_type(self, before: TypeForm, form: TypeForm) -> None:
        entry = self.list.table.selected()
        if entry is None:
            return
        rules, actor = self._rules, self.workplace.actor

        def failed(error: ClinicError) -> None:
            self.editor.was_refused(before)
            self.editor.show_error(error)

        self.change(
            Change(
                f"{form.name} changed.",
                lambda: rules.change_type(actor, entry.id, form),
                lambda _: rules.change_type(actor, entry.id, before),
                failed=failed,
            )
        )

    @Slot(object)
    def _offer(self, entry: TypeEntry) -> None:
        rules, actor, offered = self._rules, self.workplace.actor, not entry.active
        self.change(
            Change(
                f"{entry.form.name} can be booked again." if offered else f"{entry.form.name} is retired.",
                lambda: rules.offer_type(actor, entry.id, offered),
                lambda _: rules.offer_type(actor, entry.id, not offered),
            )
        )

    @Slot(int)
    def _set_distance(self, minutes: int) -> None:
        rules, actor, before = self._rules, self.workplace.actor, self.lines.before
        self.change(
            Change(
                f"The calendar has a line every {minutes} minutes.",
                lambda: rules.set_grid_minutes(actor, minutes),
                lambda _: rules.set_grid_minutes(actor, before),
            )
        )


class TypeList(Section):
    """The table of kinds, retired ones last."""

    chosen = Signal(object)
    new_wanted = Signal()
    offer_wanted = Signal(object)
    """Carries the kind to retire or to bring back."""

    def __init__(self, manager: bool, parent: QWidget | None = None) -> None:
        super().__init__("Types", parent)
        self._manager = manager
        self.new_button = PlainButton("Add a type", self, icon="plus")
        self.new_button.setVisible(manager)
        self.new_button.clicked.connect(self.new_wanted)
        self.add_action(self.new_button)
        columns: list[Column[TypeEntry]] = [
            Column("Type", lambda entry: entry.form.name, stretch=True),
            Column("Length", _length, lambda entry: entry.form.minutes, numeric=True, width=90),
            Column("Colour", _colour_name, color=_colour, icon=_swatch, width=110),
            Column("Needs", needs_text, width=250, tooltip=needs_text),
            Column("Injection", lambda entry: "Yes" if entry.form.is_injection else "", width=90),
            Column("State", state_text, color=state_colour, width=90),
        ]
        self.table: RowTable[TypeEntry] = RowTable(
            columns,
            self,
            name="appointment-types",
            label="Appointment types",
            key=lambda entry: entry.id,
            empty=EmptyState("calendar", "Nothing can be booked yet. Add a type of appointment.", self),
        )
        self.table.selected_row.connect(self._selected)
        self.add(self.table)
        self.offer_button = LinkButton("", self)
        self.offer_button.clicked.connect(self._offer)
        row = QHBoxLayout()
        row.setSpacing(INSIDE)
        row.addStretch(1)
        row.addWidget(self.offer_button)
        self.add(row)
        self._selected()

    def show_types(self, types: tuple[TypeEntry, ...]) -> None:
        """Show them."""
        self.table.set_rows(types)
        self.table.setFixedHeight(table_height(len(types)))

    @Slot()
    def _selected(self) -> None:
        entry = self.table.selected()
        self.offer_button.setVisible(self._manager and entry is not None)
        if entry is not None:
            self.offer_button.setText("Retire this type" if entry.active else "Bring this type back")
            self.offer_button.setToolTip(
                "It is not offered any more; what was booked stays as it is."
                if entry.active
                else "It is offered again."
            )
        self.chosen.emit(entry)

    @Slot()
    def _offer(self) -> None:
        entry = self.table.selected()
        if entry is not None:
            self.offer_wanted.emit(entry)


class LinesSection(Section):
    """How far the lines of the calendar lie apart."""

    distance_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("The calendar", parent)
        self.before = 0
        self.distance: ChoiceField[int] = ChoiceField(
            "A line every",
            [(minutes, f"{minutes} minutes") for minutes in GRID_DISTANCES],
            self,
        )
        self.distance.editor.setToolTip("The distance of the lines in day and week, for everybody")
        self.distance.changed.connect(self._changed)
        self.add(Muted("A click on the calendar begins at a line. Any other minute can be typed.", self, wrap=True))
        self.add(beside_nothing(self.distance))

    def show_distance(self, minutes: int) -> None:
        """Show what counts."""
        self.before = minutes
        self.distance.set_value(minutes)

    @Slot()
    def _changed(self) -> None:
        chosen = self.distance.value()
        if chosen is not None and chosen != self.before:
            self.distance_wanted.emit(chosen)


def needs_text(entry: TypeEntry) -> str:
    """What the kind needs: "Room, EMG, ultrasound"."""
    words = [*(["room"] if entry.form.needs_room else []), *(kind.value for kind in entry.form.needs)]
    return capital(", ".join(words))


def _length(entry: TypeEntry) -> str:
    return f"{entry.form.minutes} min"


def _colour_name(entry: TypeEntry) -> str:
    known = TYPE_COLOURS.get(entry.form.colour)
    return "" if known is None else known.name


def _colour(entry: TypeEntry) -> str:
    return type_colour(entry.form.colour, current_theme())


def _swatch(entry: TypeEntry) -> str:
    return "swatch" if _colour(entry) else ""
