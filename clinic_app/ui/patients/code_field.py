"""The field of a diagnosis code: those of the indication to choose from, any other to type."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.reference.catalogue import Reference
from clinic_app.services.patient_checks import code_typed, is_code
from clinic_app.ui.widgets.editors import CalmComboBox
from clinic_app.ui.widgets.fields import LabelledField
from clinic_app.words import sentence


class CodeField(LabelledField):
    """An ICD-10-CM code. The list says what each of the indication's codes means; only the code is kept."""

    editor: CalmComboBox

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("ICD-10-CM", CalmComboBox(), parent)
        self._titles: dict[str, str] = {}
        self.editor.setEditable(True)
        self.editor.setInsertPolicy(CalmComboBox.InsertPolicy.NoInsert)
        self.editor.setCompleter(None)  # type: ignore[arg-type]  # Qt takes None for no completer
        self.editor.setMinimumContentsLength(7)
        line = self.editor.lineEdit()
        assert line is not None  # an editable combo box has one
        line.setMaxLength(16)
        line.setAccessibleName(self.name)
        line.textEdited.connect(self._edited)
        self.editor.activated.connect(self._chosen)
        self._explain()

    def offer(self, codes: Sequence[tuple[str, str]]) -> None:
        """Offer codes with their titles; what stands in the field stays."""
        if self._titles == dict(codes):
            return
        text = self.editor.currentText()
        self._titles = dict(codes)
        with QSignalBlocker(self.editor):
            self.editor.clear()
            for code, title in codes:
                self.editor.addItem(f"{code}  {title}", code)
                self.editor.setItemData(self.editor.count() - 1, title, Qt.ItemDataRole.ToolTipRole)
            view = self.editor.view()
            view.setMinimumWidth(max(view.sizeHintForColumn(0) + 24, 0) if codes else 0)
            self.editor.setCurrentIndex(-1)
            self.editor.setEditText(text)
        self._explain()

    def value(self) -> str:
        """The code, written as the code book does."""
        return code_typed(self.editor.currentText())

    def set_value(self, value: str | None) -> None:
        """Show a code without telling ``changed``."""
        with QSignalBlocker(self.editor):
            self.editor.setCurrentIndex(-1)
            self.editor.setEditText(value or "")
        self._touched = False
        self.set_error("")
        self._explain()

    def _settle(self) -> None:
        if is_code(self.value()):
            self.set_value(self.value())

    def _problem(self) -> str:
        typed = self.value()
        return sentence("errors.icd10cm_impossible", typed=typed) if typed and not is_code(typed) else ""

    def _explain(self) -> None:
        title = self._titles.get(self.value(), "")
        offered = "; ".join(f"{code}: {known}" for code, known in self._titles.items())
        self.editor.setToolTip(
            title or offered or "The code of the diagnosis; the clinic checks the release in force on the visit date"
        )

    @Slot(int)
    def _chosen(self, index: int) -> None:
        self.editor.setEditText(str(self.editor.itemData(index)))
        self._edited()
        self._explain()


def codes_of(reference: Reference, indication: str) -> tuple[tuple[str, str], ...]:
    """The billable codes of an indication with their titles, the usual one first."""
    known = reference.indications.get(indication)
    return () if known is None else tuple((entry.code, entry.title) for entry in known.icd10cm if entry.billable)
