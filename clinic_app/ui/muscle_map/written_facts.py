"""The words of a visit on the signing page: assessment, scale totals, complications, codes, plan, next visit."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from clinic_app.reference.catalogue import Reference
from clinic_app.services.chart_data import ChartContent
from clinic_app.services.charting import Charted
from clinic_app.ui.theme import AROUND, TIGHT
from clinic_app.ui.widgets.headings import Muted


class WrittenFacts(QWidget):
    """Title and text of what is there; what is empty takes no room."""

    def __init__(self, reference: Reference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reference = reference
        self._rows: dict[str, tuple[QLabel, QLabel]] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(AROUND)
        grid.setVerticalSpacing(TIGHT)
        grid.setColumnStretch(1, 1)
        for number, title in enumerate(("Assessment", "Scales", "Complications", "Consent", "Codes", "Plan", "Next")):
            label, text = Muted(title, self), QLabel("", self)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setWordWrap(True)
            grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(text, number, 1)
            self._rows[title] = label, text

    def show_written(self, content: ChartContent, charted: Charted) -> bool:
        """Show what the visit says in words. False when it says nothing."""
        scales = [self._scale(score.scale, score.subscale, score.value) for score in content.scores]
        said = {
            "Assessment": content.assessment.strip(),
            "Scales": " · ".join(scales),
            "Complications": content.complications.strip(),
            "Consent": "Given" if content.consent else "",
            "Codes": " · ".join(code for code in (content.icd10cm, *charted.codes) if code),
            "Plan": content.plan.strip(),
            "Next": f"In {content.interval_weeks} weeks" if content.interval_weeks else "",
        }
        for title, text in said.items():
            label, line = self._rows[title]
            line.setText(text)
            for part in (label, line):
                part.setVisible(bool(text))
        return any(said.values())

    def text(self, title: str) -> str:
        """What stands beside a title."""
        return self._rows[title][1].text()

    def _scale(self, scale: str, subscale: str, value: str) -> str:
        known = self._reference.scales.get(scale)
        name = known.name if known is not None else scale
        return f"{name}{f', {subscale}' if subscale else ''} {value.strip()}"
