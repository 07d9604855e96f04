"""Many small buttons as one stop of Tab."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

_FORWARD = (Qt.Key.Key_Right, Qt.Key.Key_Down)
_BACKWARD = (Qt.Key.Key_Left, Qt.Key.Key_Up)


class ButtonRound(QObject):
    """One stop of Tab for many buttons: arrows go round, a letter goes to the next button that begins with it."""

    def __init__(self, owner: QWidget, *, letter_picks: bool = False) -> None:
        super().__init__(owner)
        self._owner = owner
        self._letter_picks = letter_picks
        self._buttons: list[QAbstractButton] = []

    def set_buttons(self, buttons: Sequence[QAbstractButton]) -> None:
        """The buttons in their order."""
        self._buttons = list(buttons)
        for button in buttons:
            button.installEventFilter(self)
        self.rest()

    def rest(self) -> None:
        """Tab comes to the first button that is on, else to the first."""
        if self._buttons:
            self._stop_at(next((button for button in self._buttons if button.isChecked()), self._buttons[0]))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows, Home, End and letters."""
        if not isinstance(watched, QAbstractButton) or watched not in self._buttons:
            return False
        if event.type() == QEvent.Type.FocusIn:
            self._stop_at(watched)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._pressed(watched, event)
        return False

    def _pressed(self, button: QAbstractButton, event: QKeyEvent) -> bool:
        key, number = event.key(), self._buttons.index(button)
        letter = event.text().casefold()
        if key in _FORWARD or key in _BACKWARD:
            step = 1 if key in _FORWARD else -1
            self._go_to(self._buttons[(number + step) % len(self._buttons)])
        elif key == Qt.Key.Key_Home:
            self._go_to(self._buttons[0])
        elif key == Qt.Key.Key_End:
            self._go_to(self._buttons[-1])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            button.click()
        elif letter.isalpha() and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            self._go_to_letter(number, letter)
        else:
            return False
        return True

    def _go_to_letter(self, number: int, letter: str) -> None:
        # Behind the button with the focus first, so that the same letter again goes to the next.
        order = self._buttons[number + 1 :] + self._buttons[: number + 1]
        if self._letter_picks and not any(button.isChecked() for button in self._buttons):
            order = order[-1:] + order[:-1]
        found = next((button for button in order if button.text().casefold().startswith(letter)), None)
        if found is None:
            return
        self._go_to(found)
        if self._letter_picks and not found.isChecked():
            found.click()

    def _go_to(self, button: QAbstractButton) -> None:
        button.setFocus(Qt.FocusReason.TabFocusReason)

    def _stop_at(self, button: QAbstractButton) -> None:
        for each in self._buttons:
            each.setFocusPolicy(Qt.FocusPolicy.StrongFocus if each is button else Qt.FocusPolicy.ClickFocus)
        self._owner.setFocusProxy(button)
