"""The frame of a form beside the tables: a heading, fields that scroll, and the one main action at the foot."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.ui.patients.parts import Quiet
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.headings import Heading
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.sections import Card, Hairline

PANEL_WIDTH = 400


class SidePanel(Card):
    """Esc cancels, Ctrl+Enter does the main action."""

    cancelled = Signal()
    submitted = Signal()
    saved = Signal(str)
    """What was done, as a sentence."""

    def __init__(self, title: str, action: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=0, spacing=0)
        self.heading = Heading("", self)
        self.heading.setWordWrap(True)
        self.heading.setContentsMargins(AROUND, BETWEEN, AROUND, INSIDE)
        inside = QWidget()
        self.content = QVBoxLayout(inside)
        self.content.setContentsMargins(AROUND, 0, AROUND, AROUND)
        self.content.setSpacing(BETWEEN)
        self.scroll_area = Quiet(inside, self)
        self.problem = Note(Level.STOP, self)
        self.cancel_button = PlainButton("Cancel", self)
        self.save_button = PrimaryButton("", self)
        self.set_act(title, action)
        self.cancel_button.clicked.connect(self.cancelled)
        self.save_button.clicked.connect(self.submitted)
        refusal = QVBoxLayout()
        refusal.setContentsMargins(AROUND, 0, AROUND, INSIDE)
        refusal.addWidget(self.problem)
        foot = QHBoxLayout()
        foot.setContentsMargins(AROUND, INSIDE, AROUND, BETWEEN)
        foot.setSpacing(INSIDE)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.save_button)
        self.layout_inside.setContentsMargins(1, 1, 1, 1)
        self.layout_inside.addWidget(self.heading)
        self.layout_inside.addWidget(self.scroll_area, 1)
        self.layout_inside.addLayout(refusal)
        self.layout_inside.addWidget(Hairline(self))
        self.layout_inside.addLayout(foot)

    def set_act(self, title: str, action: str) -> None:
        """What the form is, and what its main button does."""
        self.setAccessibleName(title)
        self.heading.setText(title)
        self.save_button.setText(action)
        self.save_button.setToolTip(f"{action} (Ctrl+Enter)")

    def set_busy(self, busy: bool) -> None:
        """Nothing can be saved twice while an answer is awaited."""
        self.save_button.setEnabled(not busy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc cancels, Ctrl+Enter saves."""
        if event.matches(QKeySequence.StandardKey.Cancel):
            self.cancelled.emit()
        elif (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.submitted.emit()
        else:
            super().keyPressEvent(event)
