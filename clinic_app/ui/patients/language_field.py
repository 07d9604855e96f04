"""The field of a patient's language: those that papers speak to choose from, any other to type."""

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.languages import named_language, paper_language, paper_languages
from clinic_app.ui.locale import language_name
from clinic_app.ui.widgets.editors import CalmComboBox
from clinic_app.ui.widgets.fields import LabelledField

_LONGEST = 64


class LanguageField(LabelledField):
    """A language in any words. Where papers do not speak it, the field says in which one they are printed."""

    editor: CalmComboBox

    def __init__(self, clinic_language: str, parent: QWidget | None = None) -> None:
        super().__init__("Language", CalmComboBox(), parent)
        self._clinic_language = clinic_language
        names = [language_name(language) for language in paper_languages()]
        self.editor.setEditable(True)
        self.editor.setInsertPolicy(CalmComboBox.InsertPolicy.NoInsert)
        self.editor.setCompleter(None)  # type: ignore[arg-type]  # Qt takes None for no completer
        self.editor.addItems(names)
        self.editor.setToolTip(f"Papers for the patient are printed in it: {', '.join(names)}. Any other may be typed.")
        line = self.editor.lineEdit()
        assert line is not None  # an editable combo box has one
        line.setMaxLength(_LONGEST)
        line.setAccessibleName(self.name)
        line.textEdited.connect(self._edited)
        self.editor.activated.connect(self._edited)
        self.editor.editTextChanged.connect(self._explain)
        self.set_value("")

    def value(self) -> str:
        """The language as it stands there."""
        return self.editor.currentText().strip()

    def set_value(self, value: str | None) -> None:
        """Show a language without telling ``changed``."""
        with QSignalBlocker(self.editor):
            self.editor.setCurrentIndex(-1)
            self.editor.setEditText(value or "")
        self._touched = False
        self.set_error("")
        self._explain()

    @Slot()
    def _explain(self) -> None:
        told = self.value()
        spoken = not told or named_language(told)
        self.set_hint("" if spoken else f"Papers in {language_name(paper_language(told, self._clinic_language))}")
