"""Totals and subscales of rating scales in the response form: with ranges and direction, never the items."""

from collections.abc import Iterable
from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from clinic_app.reference.scales import Scale
from clinic_app.services.scale_results import score_field
from clinic_app.services.visit_data import ScaleSheet, ScaleValue
from clinic_app.ui.scale_words import direction_text, part_name, range_text
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.widgets.fields import LabelledField, check_all
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.value_fields import ChoiceField, DateField, NumberField
from clinic_app.ui.workplace import Workplace

ASKED_APART = frozenset({"cgi_i", "pgi_c", "vas_pain"})
"""Scales that the response form asks as its own fields: both impressions and pain."""


class _ScoresOf(QWidget):
    """The scores of one scale."""

    def __init__(self, scale: Scale, parent: QWidget) -> None:
        super().__init__(parent)
        self.fields: dict[str, NumberField] = {}
        title = Strong(f"{scale.short} · {direction_text(scale)}", self)
        title.setToolTip(scale.name)
        grid = QGridLayout()
        grid.setHorizontalSpacing(BETWEEN)
        grid.setVerticalSpacing(INSIDE)
        parts = [part.id for part in scale.subscales] + ([""] if scale.has_total() else [])
        for number, part in enumerate(parts):
            limit = scale.limit(part)
            field = NumberField(
                part_name(part),
                self,
                decimals=3,
                smallest=None if limit is None else limit.min,
                largest=None if limit is None else limit.max,
            )
            field.editor.setPlaceholderText(range_text(scale, part))
            field.editor.setAccessibleName(f"{scale.short}, {part_name(part).lower()}")
            field.editor.setToolTip(
                f"{scale.name}: {part_name(part).lower()}, {range_text(scale, part) or 'any number'}"
            )
            grid.addWidget(field, number // 2, number % 2)
            self.fields[part] = field
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        layout.addWidget(title)
        layout.addLayout(grid)


class ScaleFields(QWidget):
    """The scales that a patient is measured with, and the way to another one."""

    changed = Signal()

    def __init__(
        self, workplace: Workplace, indication: str, sheet: ScaleSheet | None, used: Iterable[str], parent: QWidget
    ) -> None:
        """``used`` are the scales that this patient was measured with before."""
        super().__init__(parent)
        self._reference = workplace.services.reference
        self._today = workplace.today
        self._scores: dict[str, _ScoresOf] = {}
        self.measured_on = DateField("Measured on", self, in_the_past=True, today=workplace.today)
        self.measured_on.setFixedWidth(160)
        self.another = ChoiceField[str]("Another scale", (), self, placeholder="Choose a scale")
        self.another.changed.connect(self._add_chosen)
        self.measured_on.changed.connect(self.changed)
        self._column = QVBoxLayout()
        self._column.setSpacing(BETWEEN)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(BETWEEN)
        layout.addWidget(Muted("Scales: totals and subscales", self))
        layout.addWidget(self.measured_on)
        layout.addLayout(self._column)
        layout.addWidget(self.another)
        known = self._reference.indications.get(indication)
        self._usual = [each for each in (known.scales if known is not None else ()) if each not in ASKED_APART]
        first = [value.scale for value in sheet.values] if sheet is not None else []
        wanted = [*first, *used] or self._usual[:1]
        for scale in dict.fromkeys(wanted):
            self._add(scale)
        self.measured_on.set_value(workplace.today() if sheet is None else sheet.measured_on)
        self._without_field: list[ScaleValue] = []
        for value in sheet.values if sheet is not None else ():
            field = self.field(value.scale, value.subscale)
            if field is not None:
                field.set_value(value.value)
            else:
                self._without_field.append(value)
        self._offer_others()

    def sheet(self) -> ScaleSheet:
        """What stands in the fields; the day is today's where nothing was typed."""
        values = [
            ScaleValue(scale, part, value)
            for scale, scores in self._scores.items()
            for part, field in scores.fields.items()
            if (value := field.value()) is not None
        ]
        day: date = self.measured_on.value() or self._today()
        return ScaleSheet(day, (*values, *self._without_field))

    def field(self, scale: str, subscale: str) -> NumberField | None:
        """The field of a score, if it is shown."""
        scores = self._scores.get(scale)
        return None if scores is None else scores.fields.get(subscale)

    def fields(self) -> dict[str, LabelledField]:
        """All fields by the names that the services give them."""
        named: dict[str, LabelledField] = {"measured_on": self.measured_on}
        for scale, scores in self._scores.items():
            named |= {score_field(scale, part): field for part, field in scores.fields.items()}
        return named

    def check(self) -> bool:
        """Whether all of it can be used; says at each field what cannot."""
        self.measured_on.required = bool(self.sheet().values)
        self.measured_on.missing_text = "Type the day on which the scales were measured."
        return check_all(self.fields().values())

    def _add(self, scale_id: str) -> None:
        scale = self._reference.scales.get(scale_id)
        if scale is None or scale_id in ASKED_APART or scale_id in self._scores:
            return
        scores = _ScoresOf(scale, self)
        for field in scores.fields.values():
            field.changed.connect(self.changed)
        self._scores[scale_id] = scores
        self._column.addWidget(scores)

    def _offer_others(self) -> None:
        usual = [each for each in self._usual if each not in self._scores]
        others = [each for each in self._reference.scales if each not in (*usual, *self._scores, *ASKED_APART)]
        choices = [(each, self._reference.scales[each].short) for each in (*usual, *others)]
        self.another.set_choices(choices)
        self.another.set_value(None)

    @Slot()
    def _add_chosen(self) -> None:
        scale = self.another.value()
        if scale is None:
            return
        self._add(scale)
        self._offer_others()
        next(iter(self._scores[scale].fields.values())).setFocus()
