"""The components of the dystonia with their side, one click each: those of the indication in rows by direction."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QGridLayout, QWidget

from clinic_app.reference.catalogue import Reference
from clinic_app.services.patient_data import Component
from clinic_app.ui.patients.history_words import (
    component_chip,
    component_meaning,
    component_rows,
    every_component,
)
from clinic_app.ui.patients.parts import clear_layout
from clinic_app.ui.theme import BETWEEN
from clinic_app.ui.widgets.button_round import ButtonRound
from clinic_app.ui.widgets.chips import AnswerChip
from clinic_app.ui.widgets.editors import InsetLineEdit
from clinic_app.ui.widgets.fields import LabelledField
from clinic_app.ui.widgets.flow import FlowLayout
from clinic_app.ui.widgets.headings import Muted

_CAPTION = 104
_GAP = 6
_LONGEST = 100
_OWN_WIDTH = 240
_OTHER = "Others"


class ComponentField(LabelledField):
    """Chips for the components of the indications shown, and a line that finds every other or takes own words."""

    def __init__(self, reference: Reference, parent: QWidget | None = None) -> None:
        self.own = InsetLineEdit()  # before Qt begins to send events through the filter below
        super().__init__("Components, on the patient's own side", QWidget(), parent)
        self._reference = reference
        self._every = every_component(reference)
        self._rows: tuple[tuple[str, tuple[Component, ...]], ...] = ()
        self._picked: list[Component] = []
        self._chips: dict[Component, AnswerChip] = {}
        self._round = ButtonRound(self)
        self._grid = QGridLayout(self.editor)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(BETWEEN)
        self._grid.setVerticalSpacing(_GAP)
        self._grid.setColumnStretch(1, 1)
        self.own.setMaxLength(_LONGEST)
        self.own.setMinimumWidth(_OWN_WIDTH)
        self.own.setPlaceholderText("Another component, or your own words")
        self.own.setToolTip("Type a part of its name and press Enter; what is not in the list is kept as typed")
        self.own.setAccessibleName("Another component")
        self.own.textEdited.connect(self._own_edited)
        self.own.installEventFilter(self)
        self._completer = QCompleter(sorted(self._every, key=str.casefold), self.own)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.setWidget(self.own)
        self._completer.activated.connect(self._proposed)
        self._build()

    def offer(self, indications: Sequence[str]) -> None:
        """Offer the components of these indications; what is chosen stays."""
        rows = component_rows(self._reference, indications)
        if rows != self._rows:
            self._rows = rows
            self._build()

    def value(self) -> tuple[Component, ...]:
        """The components in the order in which they were chosen; what is still being typed counts."""
        typed = self._typed()
        return (*self._picked, *((typed,) if typed is not None and typed not in self._picked else ()))

    def set_value(self, components: Sequence[Component]) -> None:
        """Show components without telling ``changed``."""
        self._picked = list(components)
        self.own.clear()
        self._build()
        self.set_error("")

    def chip(self, component: Component) -> AnswerChip:
        """The chip of a component. Raises KeyError when it is not offered."""
        return self._chips[component]

    def offered(self) -> tuple[Component, ...]:
        """What has a chip, in order."""
        return tuple(self._chips)

    def tab_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        return [*self._chips.values(), self.own]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter in the line, and leaving it."""
        if watched is self.own:
            if event.type() == QEvent.Type.FocusOut and not self._listing():
                self._take_own()
            elif (
                event.type() == QEvent.Type.KeyPress
                and isinstance(event, QKeyEvent)
                and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            ):
                self._take_own()
                return True
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        self.own.setParent(self)  # so that it outlives the row it stood in
        clear_layout(self._grid)
        self._chips = {}
        offered = {component for _, components in self._rows for component in components}
        others = tuple(component for component in self._picked if component not in offered)
        for number, (caption, components) in enumerate((*self._rows, (_OTHER if self._rows else "", others))):
            if caption:
                label = Muted(caption, self.editor, wrap=True)
                label.setContentsMargins(0, 4, 0, 0)
                self._grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            flow = FlowLayout(spacing=_GAP)
            for component in components:
                flow.addWidget(self._new_chip(component))
            self._grid.addLayout(flow, number, 1)
        flow.add_growing(self.own)
        for widget in self.tab_stops():
            widget.show()  # Tab may come before Qt shows what was added
        self.set_hint("" if self._rows else "Choose the indication to have its components here, one click each.")
        self._grid.setColumnMinimumWidth(0, _CAPTION if self._rows else 0)
        self._grid.setHorizontalSpacing(BETWEEN if self._rows else 0)
        self._round.set_buttons(list(self._chips.values()))
        if not self._chips:
            self.setFocusProxy(self.own)

    def _new_chip(self, component: Component) -> AnswerChip:
        text = component_chip(component)
        meaning = component_meaning(self._reference, component)
        chip = AnswerChip(text, f"Component: {text}", self.editor)
        chip.setToolTip(meaning)
        chip.setAccessibleDescription(meaning)
        chip.setChecked(component in self._picked)
        chip.toggled.connect(partial(self._toggled, component))
        self._chips[component] = chip
        return chip

    def _toggled(self, component: Component, on: bool) -> None:
        if on:
            self._picked.append(component)
        else:
            self._picked.remove(component)
        self._edited()

    def _typed(self) -> Component | None:
        text = " ".join(self.own.text().split())
        if not text:
            return None
        known = {name.casefold(): component for name, component in self._every.items()}
        return known.get(text.casefold()) or Component(text)

    def _listing(self) -> bool:
        popup = self._completer.popup()
        return popup is not None and popup.isVisible()

    @Slot(str)
    def _own_edited(self, typed: str) -> None:
        self._edited()
        self._completer.setCompletionPrefix(typed.strip())
        popup = self._completer.popup()
        if not typed.strip() or not self._completer.completionCount():
            if popup is not None:
                popup.hide()
            return
        self._completer.complete()
        if popup is not None:  # the first of the list is what Enter takes; Escape leaves the words as they are
            popup.setCurrentIndex(self._completer.completionModel().index(0, 0))

    @Slot(str)
    def _proposed(self, text: str) -> None:
        self.own.setText(text)
        self._take_own()

    def _take_own(self) -> None:
        typed = self._typed()
        if typed is None:
            return
        if typed not in self._picked:
            self._picked.append(typed)
        if typed in self._chips:
            with QSignalBlocker(self._chips[typed]):
                self._chips[typed].setChecked(True)
            self.own.clear()
        else:
            self.own.clear()
            self._build()
        self._edited()
