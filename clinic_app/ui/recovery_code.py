"""A new recovery code: shown once to be printed, then hidden and tried from the paper."""

from secrets import SystemRandom

from PySide6.QtCore import QRegularExpression, Qt, Signal, Slot
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, heading_font
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.fields import TextField
from clinic_app.ui.widgets.headings import Muted

_SIGNS = 4
_IN_ROW = 4
"""As on the printed sheet."""
_TRIED = 2
_PUT_AWAY = (
    "If every passphrase is forgotten, this code is the only way to the record. It is shown once and is stored nowhere "
    "in the program. Print it and keep it away from this computer."
)
_TRY = "The code is hidden now. Take the sheet and type two of its groups, so that you know it can be read."


class RecoveryCode(QWidget):
    """Shows the code, then asks for two of its groups. Whether they are right, another decides."""

    print_requested = Signal()
    save_requested = Signal()
    tried = Signal(object)
    """Carries the typed groups by their number from 1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: list[str] = []
        self._numbers: list[int] = []
        self._about = QLabel(self)
        self._about.setWordWrap(True)
        self.code_label = QLabel(self)
        self.code_label.setFont(heading_font(20))
        self.code_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.code_label.setMargin(AROUND)
        self.print_button = PlainButton("Print", self, icon="printer", shortcut="Ctrl+P")
        self.print_button.clicked.connect(self.print_requested)
        self.save_button = PlainButton("Save PDF…", self, icon="download")
        self.save_button.clicked.connect(self.save_requested)
        self.stored_button = PrimaryButton("I have it on paper", self)
        self.stored_button.clicked.connect(self._to_trying)
        self.again_button = PlainButton("Show the code again", self)
        self.again_button.clicked.connect(self._to_code)
        self.finish_button = PrimaryButton("Finish", self)
        self.finish_button.clicked.connect(self._try)
        self.fields = tuple(TextField("", self, longest=3 * _SIGNS) for _ in range(_TRIED))
        self._general = Muted("", self, wrap=True)
        self._asking = QWidget(self)
        asking = QHBoxLayout(self._asking)
        asking.setContentsMargins(0, 0, 0, 0)
        asking.setSpacing(BETWEEN)
        for field in self.fields:
            field.editor.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9A-Za-z \\-]*"), field))
            field.changed.connect(self._offer)
            field.editor.returnPressed.connect(self._try)
            asking.addWidget(field, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(INSIDE)
        for button in (self.print_button, self.save_button, self.again_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._ways = buttons
        buttons.addWidget(self.stored_button)
        buttons.addWidget(self.finish_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(AROUND)
        column.addWidget(self._about)
        column.addWidget(self.code_label)
        column.addWidget(self._asking)
        column.addWidget(self._general)
        column.addLayout(buttons)
        self._general.hide()

    def show_code(self, code: str) -> None:
        """A new code; two of its groups will be asked for."""
        self._groups = code.split("-")
        self._numbers = sorted(SystemRandom().sample(range(1, len(self._groups) + 1), _TRIED))
        for field, number in zip(self.fields, self._numbers, strict=True):
            field.label.setText(f"Group {number}")
            field.editor.setAccessibleName(f"Group {number}")
            field.set_value("")
        self._to_code()

    def add_way(self, button: QWidget) -> None:
        """One more button, before the one that leads on."""
        self._ways.insertWidget(self._ways.count() - 2, button)

    def forget(self) -> None:
        """The code is done with: nothing of it stays."""
        self._groups = []
        self.code_label.clear()
        self.code_label.setAccessibleName("")
        for field in self.fields:
            field.set_value("")

    def show_error(self, field: str, text: str) -> None:
        """What is wrong with a group, under its field ("group_3"), or what else stood in the way."""
        self.set_busy(False)
        wrong = [each for each, number in zip(self.fields, self._numbers, strict=True) if field == f"group_{number}"]
        self.say("" if wrong else text)
        for each in wrong:
            each.set_error(text)
            each.setFocus()
            each.editor.selectAll()

    def say(self, text: str) -> None:
        """A sentence above the buttons, such as that the sheet is saved."""
        self._general.setText(text)
        self._general.setVisible(bool(text))

    def set_busy(self, busy: bool) -> None:
        """While the code is tried nothing can be pressed twice."""
        self.setEnabled(not busy)

    @Slot()
    def _to_code(self) -> None:
        self._about.setText(_PUT_AWAY)
        self._show_groups(self._groups)
        self.code_label.setAccessibleName(f"Recovery code {'-'.join(self._groups)}")
        self.code_label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._show_parts(trying=False)
        self.stored_button.setFocus()

    @Slot()
    def _to_trying(self) -> None:
        self._about.setText(_TRY)
        places = range(1, len(self._groups) + 1)
        self._show_groups([f"group {place}" if place in self._numbers else "•" * _SIGNS for place in places])
        self.code_label.setAccessibleName("The code is hidden")
        self.code_label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._show_parts(trying=True)
        self._offer()
        self.fields[0].setFocus()

    def _show_parts(self, *, trying: bool) -> None:
        shown: tuple[QWidget, ...] = (self.print_button, self.save_button, self.stored_button)
        asked: tuple[QWidget, ...] = (self._asking, self.again_button, self.finish_button)
        for widget in (*shown, *asked):
            widget.setVisible((widget in asked) is trying)
        self._general.hide()

    def _show_groups(self, groups: list[str]) -> None:
        lines = [groups[start : start + _IN_ROW] for start in range(0, len(groups), _IN_ROW)]
        self.code_label.setText("\n".join(" - ".join(line) for line in lines))

    @Slot()
    def _offer(self) -> None:
        self.finish_button.setEnabled(all(_signs(field.value()) == _SIGNS for field in self.fields))

    @Slot()
    def _try(self) -> None:
        if not self.finish_button.isEnabled():
            return
        for field in self.fields:
            field.set_error("")
        self._general.hide()
        self.tried.emit({number: field.value() for number, field in zip(self._numbers, self.fields, strict=True)})


def _signs(text: str) -> int:
    return sum(sign.isalnum() for sign in text)
