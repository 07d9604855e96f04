"""Give a pattern its name: in the visit to save one, on the start page to save or rename one."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.pattern_data import PatternSource
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton
from clinic_app.ui.widgets.fields import CheckField, TextField
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.sections import Card
from clinic_app.ui.widgets.value_fields import ChoiceField

_LONGEST = 120


class PatternForm(Card):
    """A name, which lines where there are several kinds, and whose. It says what was typed and waits for the answer."""

    save_wanted = Signal(str, object, bool)
    """The name, the PatternSource (None when only the name changes), and whether it is for the whole clinic."""
    cancelled = Signal()

    def __init__(
        self,
        title: str,
        sources: Sequence[tuple[PatternSource, str]],
        parent: QWidget | None = None,
        *,
        name: str = "",
        may_share: bool = False,
    ) -> None:
        super().__init__(parent, margin=BETWEEN, spacing=INSIDE)
        self.setAccessibleName(title)
        self.name = TextField("Name", self, placeholder="Turning to the right, usual", longest=_LONGEST)
        self.name.set_value(name)
        self.name.editor.setToolTip("A name you and your colleagues will find it by")
        self.which: ChoiceField[PatternSource] = ChoiceField("Which lines", sources, self)
        self.which.set_value(sources[0][0] if sources else None)
        self.which.setVisible(len(sources) > 1)
        self.for_clinic = CheckField("For the whole clinic", self)
        self.for_clinic.setToolTip("Everyone in the clinic can start a visit from it; else only you can")
        self.for_clinic.setVisible(may_share)
        self.save = PlainButton("Save pattern" if sources else "Rename pattern", self, icon="check")
        self.save.clicked.connect(self._save)
        self.name.editor.returnPressed.connect(self._save)
        cancel = LinkButton("Cancel", self)
        cancel.clicked.connect(self.cancelled)
        buttons = QHBoxLayout()
        buttons.setSpacing(BETWEEN)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save)
        self.layout_inside.addWidget(Strong(title, self))
        self.layout_inside.addWidget(self.name)
        self.layout_inside.addWidget(self.which)
        self.layout_inside.addWidget(self.for_clinic)
        if sources:
            told = "Keeps muscles, sides, points, guidance and the units as they stand, and nothing of the patient."
            self.layout_inside.addWidget(Muted(told, self, wrap=True))
        self.layout_inside.addLayout(buttons)

    def begin(self) -> None:
        """Type the name."""
        self.name.setFocus()
        self.name.editor.selectAll()

    def show_error(self, error: ClinicError) -> None:
        """What keeps the pattern from being kept, under its field."""
        self.name.set_error(str(error))
        self.save.setEnabled(True)
        self.name.setFocus()

    @Slot()
    def _save(self) -> None:
        if not self.save.isEnabled():
            return
        if not self.name.value():
            self.name.set_error("Type a name for the pattern.")
            self.name.setFocus()
            return
        self.save.setEnabled(False)  # a second click would ask for the same name twice
        self.save_wanted.emit(self.name.value(), self.which.value(), self.for_clinic.value())
