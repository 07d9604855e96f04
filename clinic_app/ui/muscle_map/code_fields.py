"""The billing codes of the visit: suggested from what was charted, until a person edits them."""

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.rules.billing import SuggestedCodes
from clinic_app.rules.code_line import CodeLine
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.wording import place_of_subject
from clinic_app.ui.naming import place_name
from clinic_app.ui.theme import TIGHT
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.fields import TextField
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import show_if


class CodeFields(QWidget):
    """One field with all codes; below it where they come from."""

    def __init__(self, chart: OpenChart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart = chart
        self.field = TextField("Billing codes", self, longest=600, placeholder="64616-50, 95874, J0585 ×155")
        self.field.changed.connect(self._typed)
        self.field.left.connect(self._left)
        self._origin = Muted("", self, wrap=True)
        self.use = LinkButton("Use suggestion", self)
        self.use.clicked.connect(self._use_suggestion)
        row = QHBoxLayout()
        row.setSpacing(TIGHT)
        row.addWidget(self._origin, 1)
        row.addWidget(self.use)
        self._lines = Muted("", self, wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addWidget(self.field)
        layout.addLayout(row)
        layout.addWidget(self._lines)

    def refresh(self) -> None:
        """Show the codes as the chart has them now."""
        own = self._chart.content.codes
        suggested = self._chart.suggested_codes()
        text = ", ".join(suggested.texts if own is None else own)
        if not self.field.editor.hasFocus() and self.field.editor.text() != text:
            self.field.set_value(text)
        differs = own is not None and own != suggested.texts
        show_if(self.use, differs)
        if differs:
            now = ", ".join(suggested.texts)
            self._origin.setText(f"Edited. Suggested now: {now}" if now else "Edited. Nothing is suggested.")
        else:
            self._origin.setText(
                "Suggested from muscles, guidance and vials; edit what the payer wants otherwise."
                if suggested.texts
                else "Nothing is suggested for what is charted."
            )
        self._lines.setText("\n".join(self._told(suggested)))
        show_if(self._lines, bool(self._lines.text()))
        self._show_problem()

    def in_short(self) -> str:
        """The codes in a few words, for a line that stands for the folded field."""
        own = self._chart.content.codes
        if any(problem.field == "codes" for problem in self._chart.charted.problems):
            return "codes to correct"
        codes = self._chart.suggested_codes().texts if own is None else own
        if not codes:
            return "no codes"
        return f"codes {', '.join(codes)} ({'suggested' if own is None else 'edited'})"

    def words(self) -> str:
        """What stands below the field, for whoever looks for a code's meaning."""
        return self._lines.text()

    def _told(self, suggested: SuggestedCodes) -> list[str]:
        lines = [_line(line) for line in (*suggested.procedures, *suggested.guidance, *suggested.drugs)]
        places = [place_of_subject(self._chart.reference, place) for place in suggested.not_coded]
        named = [place_name(self._chart.reference, *place) for place in places if place is not None]
        if named:
            lines.append(f"No rule gives a procedure code for: {', '.join(named)}.")
        return lines

    def _show_problem(self) -> None:
        problems = [problem.sentence for problem in self._chart.charted.problems if problem.field == "codes"]
        if not self.field.editor.hasFocus():
            self.field.set_error(problems[0] if problems else "")

    @Slot()
    def _typed(self) -> None:
        typed = self.field.editor.text().replace(";", ",").split(",")
        codes = tuple(code.strip() for code in typed if code.strip())
        self._chart.edit(replace(self._chart.content, codes=codes), "codes")

    @Slot()
    def _left(self) -> None:
        self._chart.model.end_step()
        self._show_problem()

    @Slot()
    def _use_suggestion(self) -> None:
        self._chart.edit(replace(self._chart.content, codes=None))


def _line(line: CodeLine) -> str:
    return f"{line.text}: {line.meaning} ({line.because})"
