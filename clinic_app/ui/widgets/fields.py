"""Form fields: label above, unit inside at the right, error below; checked when the person leaves them.

``changed`` tells what the person changed; ``set_value`` is silent. ``value`` of a field that does not understand its
text is None, so a form asks ``check`` (or ``check_all``) before it uses values.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from clinic_app.ui.theme import TIGHT, current_theme
from clinic_app.ui.widgets.editors import InsetLineEdit, TabbedTextEdit
from clinic_app.ui.widgets.headings import Muted, set_text_color
from clinic_app.ui.widgets.palette import on_palette_change

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent


class FieldError(QLabel):
    """The line under a field that says what to do; takes no room without an error."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.hide()
        on_palette_change(self, self._tint)

    def _tint(self) -> None:
        set_text_color(self, current_theme().stop)


class LabelledField(QWidget):
    """A label above an editor with an error line below; the base of all fields and a frame for any other editor."""

    changed = Signal()
    """The person changed the value."""
    left = Signal()
    """The person left the field; it has been checked."""

    def __init__(
        self,
        label: str,
        editor: QWidget,
        parent: QWidget | None = None,
        *,
        required: bool = False,
        hint: str = "",
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self.label = QLabel(label, self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setBuddy(editor)
        self.required = required
        self.missing_text = f"{label} is missing."
        self._name = label
        self._touched = False
        self._extra_check: Callable[[], str] | None = None
        self._hint = Muted(hint, self, wrap=True)
        self._hint.setVisible(bool(hint))
        self._error = FieldError(self)
        editor.setParent(self)
        editor.setAccessibleName(label)
        editor.setAccessibleDescription(hint)
        editor.installEventFilter(self)
        self.setFocusProxy(editor)
        on_palette_change(self.label, self._tint_label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addWidget(self.label)
        grows = editor.sizePolicy().verticalPolicy() == QSizePolicy.Policy.Expanding
        layout.addWidget(editor, 1 if grows else 0)
        layout.addWidget(self._hint)
        layout.addWidget(self._error)
        if not grows:
            layout.addStretch(1)  # beside a field with an error the labels stay on one line

    @property
    def name(self) -> str:
        """The visible label."""
        return self._name

    def set_hint(self, text: str) -> None:
        """A quiet remark under the field."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text) and not self._error.text())

    def hint(self) -> str:
        """The quiet remark under the field, or ""."""
        return self._hint.text()

    def set_error(self, text: str) -> None:
        """Show an error under the field, or take it away with ""."""
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self._hint.setVisible(bool(self._hint.text()) and not text)
        self.editor.setAccessibleDescription(text or self._hint.text())
        if bool(self.editor.property("invalid")) != bool(text):
            self.editor.setProperty("invalid", bool(text))
            # A rule that looks at a property is only asked again when the widget is polished again.
            self.editor.style().unpolish(self.editor)
            self.editor.style().polish(self.editor)

    def error(self) -> str:
        """The error shown, or ""."""
        return self._error.text()

    def add_check(self, check: Callable[[], str]) -> None:
        """One more check: it returns what to do, or "" when all is well."""
        self._extra_check = check

    def check(self) -> bool:
        """Check the field now, show what is wrong, and say whether it can be used."""
        text = self._problem()
        if not text and self.required and self._empty():
            text = self.missing_text
        if not text and self._extra_check is not None:
            text = self._extra_check()
        self.set_error(text)
        return not text

    def set_read_only(self, read_only: bool) -> None:
        """Show without letting change."""
        self.editor.setEnabled(not read_only)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that the person leaves the editor."""
        if watched is self.editor and event.type() == QEvent.Type.FocusOut:
            self._focus_left(event)  # type: ignore[arg-type]
        return False

    def _focus_left(self, event: "QFocusEvent") -> None:
        # A menu or another window takes the focus for a moment; the person has not left the field.
        passing = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if event.reason() not in passing:
            self._leave()

    def _leave(self) -> None:
        """Check what was touched; an empty field passed over with Tab is nobody's mistake yet."""
        if self._touched:
            self._touched = False
            self._settle()
            self.check()
            self.left.emit()

    def _settle(self) -> None:
        """Write the value the way the program writes it."""

    def _problem(self) -> str:
        """What is wrong with the text itself, or ""."""
        return ""

    def _empty(self) -> bool:
        return False

    @Slot()
    def _edited(self) -> None:
        self._touched = True
        self.set_error("")
        self.changed.emit()

    def _tint_label(self) -> None:
        set_text_color(self.label, current_theme().muted)


class TextField(LabelledField):
    """One line of text; ``value`` comes without spaces at its ends."""

    editor: InsetLineEdit

    def __init__(
        self,
        label: str,
        parent: QWidget | None = None,
        *,
        required: bool = False,
        hint: str = "",
        placeholder: str = "",
        unit: str = "",
        longest: int = 200,
    ) -> None:
        super().__init__(label, InsetLineEdit(unit=unit), parent, required=required, hint=hint)
        self.editor.setPlaceholderText(placeholder)
        self.editor.setMaxLength(longest)
        self.editor.textChanged.connect(self._edited)

    def value(self) -> str:
        """What stands in the field."""
        return self.editor.text().strip()

    def set_value(self, value: str) -> None:
        """Show a value without telling ``changed``."""
        self._show(value)

    def set_read_only(self, read_only: bool) -> None:
        """Show without letting change; the text can still be selected and copied."""
        self.editor.setReadOnly(read_only)

    def _show(self, text: str) -> None:
        blocked = self.editor.blockSignals(True)
        self.editor.setText(text)
        self.editor.setCursorPosition(0)  # a long text is read from its beginning
        self.editor.blockSignals(blocked)
        self._touched = False
        self.set_error("")

    def _empty(self) -> bool:
        return not self.editor.text().strip()


class PassphraseField(TextField):
    """A passphrase, or what else it is ``called``, hidden until the person asks to see it; its spaces count."""

    def __init__(
        self,
        label: str,
        parent: QWidget | None = None,
        *,
        required: bool = True,
        hint: str = "",
        called: str = "passphrase",
    ) -> None:
        super().__init__(label, parent, required=required, hint=hint, longest=1000)
        self._called = called
        self.editor.setEchoMode(InsetLineEdit.EchoMode.Password)
        self.editor.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self._toggle = self.editor.add_icon_button("eye", f"Show the {called}")
        self._toggle.setCheckable(True)
        self._toggle.toggled.connect(self._show_text)

    def value(self) -> str:
        """The passphrase exactly as typed."""
        return self.editor.text()

    @Slot(bool)
    def _show_text(self, shown: bool) -> None:
        mode = InsetLineEdit.EchoMode.Normal if shown else InsetLineEdit.EchoMode.Password
        self.editor.setEchoMode(mode)
        self._toggle.set_icon("eye-off" if shown else "eye", f"{'Hide' if shown else 'Show'} the {self._called}")


class TextArea(LabelledField):
    """Several lines of text. Tab leaves it."""

    editor: TabbedTextEdit

    def __init__(
        self,
        label: str,
        parent: QWidget | None = None,
        *,
        required: bool = False,
        hint: str = "",
        placeholder: str = "",
        lines: int = 3,
    ) -> None:
        super().__init__(label, TabbedTextEdit(lines), parent, required=required, hint=hint)
        self.editor.setPlaceholderText(placeholder)
        self.editor.textChanged.connect(self._edited)

    def value(self) -> str:
        """What stands in the field."""
        return self.editor.toPlainText().strip()

    def set_value(self, value: str) -> None:
        """Show a value without telling ``changed``."""
        blocked = self.editor.blockSignals(True)
        self.editor.setPlainText(value)
        self.editor.blockSignals(blocked)
        self._touched = False
        self.set_error("")

    def set_read_only(self, read_only: bool) -> None:
        """Show without letting change; the text can still be selected and copied."""
        self.editor.setReadOnly(read_only)

    def _empty(self) -> bool:
        return not self.value()


class CheckField(QWidget):
    """A check box whose text is its label, with an error line below."""

    changed = Signal()

    def __init__(self, label: str, parent: QWidget | None = None, *, hint: str = "") -> None:
        super().__init__(parent)
        self.editor = QCheckBox(label, self)
        self.editor.setAccessibleName(label)
        # Toggled, not clicked: assistive technology toggles a button that stays down.
        self.editor.toggled.connect(self._edited)
        self._error = FieldError(self)
        self.setFocusProxy(self.editor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.editor)
        if hint:
            self.editor.setAccessibleDescription(hint)
            row = QHBoxLayout()
            row.setContentsMargins(26, 0, 0, 0)  # under the text, not under the box
            row.addWidget(Muted(hint, self, wrap=True))
            layout.addLayout(row)
        layout.addWidget(self._error)

    @property
    def name(self) -> str:
        """The visible label."""
        return self.editor.text()

    def value(self) -> bool:
        """Whether it is ticked."""
        return self.editor.isChecked()

    def set_value(self, value: bool) -> None:
        """Tick or clear without telling ``changed``."""
        with QSignalBlocker(self.editor):
            self.editor.setChecked(value)
        self.set_error("")

    def set_error(self, text: str) -> None:
        """Show an error under the box, or take it away with ""."""
        self._error.setText(text)
        self._error.setVisible(bool(text))

    def error(self) -> str:
        """The error shown, or ""."""
        return self._error.text()

    def set_read_only(self, read_only: bool) -> None:
        """Show without letting change."""
        self.editor.setEnabled(not read_only)

    def check(self) -> bool:
        """A tick is always usable; here so that a form can treat all its fields alike."""
        return True

    @Slot()
    def _edited(self) -> None:
        self.set_error("")
        self.changed.emit()


def check_all(fields: Iterable[LabelledField | CheckField]) -> bool:
    """Check every field, put the focus on the first that is wrong, and say whether all can be used."""
    wrong = [field for field in fields if not field.check()]
    if wrong:
        wrong[0].setFocus(Qt.FocusReason.OtherFocusReason)
    return not wrong
