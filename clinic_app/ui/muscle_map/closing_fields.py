"""What completes a visit: assessment, scales, consent, complications, codes, plan, interval."""

from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from clinic_app.ui.muscle_map import edits
from clinic_app.ui.muscle_map.code_fields import CodeFields
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.scale_words import range_text
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.fields import CheckField, TextArea, TextField
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.value_fields import ChoiceField, NumberField

_MOST_SUBSCALES = 4


class ClosingFields(QWidget):
    """Folded to one line until wanted; the line says what is there already."""

    def __init__(self, chart: OpenChart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: object = None
        self._chart = chart
        self._codes_soon = QTimer(self)
        self._codes_soon.setSingleShot(True)
        self._codes_soon.setInterval(0)
        self._codes_soon.timeout.connect(self._show_codes)
        self._scales_of = ""
        self._scores: dict[tuple[str, str], TextField] = {}
        self._toggle = LinkButton("Assessment, scales, consent, codes, plan", self, icon="chevron-right")
        self._toggle.clicked.connect(self._toggled)
        self._summary = Muted("", self, wrap=True)
        self._fields = QWidget(self)
        self.assessment = TextArea("Assessment", self._fields, lines=3)
        self.consent = CheckField("Consent given", self._fields)
        self.complications = TextArea(
            "Immediate complications", self._fields, lines=1, placeholder="None, or what happened"
        )
        self.icd: ChoiceField[str] = ChoiceField("Diagnosis code", (), self._fields)
        self.codes = CodeFields(chart, self._fields)
        self.plan = TextArea("Plan", self._fields, lines=2)
        self.interval = NumberField("Next visit in", self._fields, unit="weeks", decimals=0, smallest=1, largest=104)
        self.assessment.changed.connect(self._assessment_typed)
        self.consent.changed.connect(self._consent_ticked)
        self.complications.changed.connect(self._complications_typed)
        self.icd.changed.connect(self._icd_chosen)
        self.plan.changed.connect(self._plan_typed)
        self.interval.changed.connect(self._interval_typed)
        for area in (self.assessment, self.complications, self.plan):
            area.editor.setFixedHeight(area.editor.sizeHint().height())
        self.interval.setFixedWidth(132)
        for field in (self.assessment, self.complications, self.plan, self.interval):
            field.left.connect(chart.model.end_step)
        self._scale_grid = QGridLayout()
        self._scale_grid.setSpacing(INSIDE)
        inside = QVBoxLayout(self._fields)
        inside.setContentsMargins(0, INSIDE, 0, 0)
        inside.setSpacing(BETWEEN)
        inside.addWidget(self.assessment)
        inside.addLayout(self._scale_grid)
        inside.addWidget(self.consent)
        inside.addWidget(self.complications)
        inside.addWidget(self.icd)
        inside.addWidget(self.codes)
        inside.addWidget(self.plan)
        inside.addWidget(self.interval, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._toggle)
        layout.addWidget(self._summary)
        layout.addWidget(self._fields)
        self._fields.hide()

    def set_open(self, opened: bool) -> None:
        """Open or fold."""
        self._fields.setVisible(opened)
        self._summary.setVisible(not opened)
        self._toggle.set_icon("chevron-down" if opened else "chevron-right")
        self._show_codes()

    def refresh(self) -> None:
        """Show the chart as it is now. A key in a dose changes nothing here but the codes, which may come after it."""
        content = self._chart.content
        shown = replace(content, lines=(), vials=(), answers=()), self._chart.charted.scores
        if shown == self._shown:
            self._codes_soon.start()
            return
        self._show_codes()
        self._shown = shown
        if self._scales_of != content.indication:
            self._scales_of = content.indication
            self._build_scales()
            known = self._chart.reference.indications.get(content.indication)
            codes = [(code.code, f"{code.code} {code.title}") for code in known.icd10cm] if known is not None else []
            self.icd.set_choices(codes)
        for field, text in (
            (self.assessment, content.assessment),
            (self.complications, content.complications),
            (self.plan, content.plan),
        ):
            if field.editor.toPlainText() != text:
                field.set_value(text)
        if self.consent.value() != content.consent:
            self.consent.set_value(content.consent)
        if self.icd.value() != content.icd10cm:
            self.icd.set_value(content.icd10cm or None)
        interval = Decimal(content.interval_weeks) if content.interval_weeks is not None else None
        if self.interval.value() != interval and not self.interval.editor.hasFocus():
            self.interval.set_value(interval)
        kept = {(score.scale, score.subscale): score.value for score in content.scores}
        problems = {p.key: p.sentence for p in self._chart.charted.problems if p.field == "value"}
        for (scale, subscale), score_field in self._scores.items():
            if score_field.editor.text() != kept.get((scale, subscale), ""):
                score_field.set_value(kept.get((scale, subscale), ""))
            if not score_field.editor.hasFocus():
                score_field.set_error(problems.get(f"{scale}.{subscale}", ""))

    @Slot()
    def _show_codes(self) -> None:
        """In their field, or folded in one line with all the rest; every dose may change them."""
        if not self._fields.isHidden():
            self.codes.refresh()
            return
        words = self._words()
        if words != self._summary.text():
            self._summary.setText(words)

    def summary(self) -> str:
        """What the line says while the fields are folded."""
        return self._summary.text()

    def _words(self) -> str:
        content = self._chart.content
        words = ["Consent given" if content.consent else "Consent not noted"]
        words.append("assessment written" if content.assessment.strip() else "no assessment")
        if content.scores:
            words.append("1 score" if len(content.scores) == 1 else f"{len(content.scores)} scores")
        words.append("plan written" if content.plan.strip() else "no plan")
        if content.interval_weeks:
            words.append(f"next in {content.interval_weeks} weeks")
        words.append(self.codes.in_short())
        return " · ".join(words)

    def _build_scales(self) -> None:
        for field in self._scores.values():
            self._scale_grid.removeWidget(field)
            field.deleteLater()
        self._scores.clear()
        known = self._chart.reference.indications.get(self._scales_of)
        number = 0
        for scale_id in known.scales if known is not None else ():
            scale = self._chart.reference.scales.get(scale_id)
            if scale is None:
                continue
            name = scale.short
            asked = [("", name)]
            if 0 < len(scale.subscales) <= _MOST_SUBSCALES:
                asked = [(s.id, f"{name} {s.id.replace('_', ' ')}") for s in scale.subscales]
            for subscale, label in asked:
                field = TextField(label, self._fields, longest=12)
                field.editor.setToolTip(scale.name)
                field.setProperty("score", (scale.id, subscale))
                field.editor.setPlaceholderText(range_text(scale, subscale))
                field.changed.connect(self._score_typed)
                field.left.connect(self._chart.model.end_step)
                field.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                self._scale_grid.addWidget(field, number // 2, number % 2)
                self._scores[scale.id, subscale] = field
                number += 1

    @Slot()
    def _toggled(self) -> None:
        self.set_open(self._fields.isHidden())

    @Slot()
    def _assessment_typed(self) -> None:
        text = self.assessment.editor.toPlainText()
        self._chart.edit(replace(self._chart.content, assessment=text), "assessment")

    @Slot()
    def _complications_typed(self) -> None:
        text = self.complications.editor.toPlainText()
        self._chart.edit(replace(self._chart.content, complications=text), "complications")

    @Slot()
    def _plan_typed(self) -> None:
        self._chart.edit(replace(self._chart.content, plan=self.plan.editor.toPlainText()), "plan")

    @Slot()
    def _consent_ticked(self) -> None:
        self._chart.edit(replace(self._chart.content, consent=self.consent.value()))

    @Slot()
    def _icd_chosen(self) -> None:
        self._chart.edit(replace(self._chart.content, icd10cm=self.icd.value() or ""))

    @Slot()
    def _interval_typed(self) -> None:
        weeks = self.interval.value()
        if weeks is None or (weeks == weeks.to_integral_value() and 1 <= weeks <= 104):
            kept = None if weeks is None else int(weeks)
            self._chart.edit(replace(self._chart.content, interval_weeks=kept), "interval")

    @Slot()
    def _score_typed(self) -> None:
        field = self.sender()
        if isinstance(field, TextField):
            scale, subscale = field.property("score")
            text = field.editor.text()
            self._chart.edit(edits.set_score(self._chart.content, scale, subscale, text), f"score/{scale}/{subscale}")
