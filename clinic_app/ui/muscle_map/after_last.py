"""What was reported after last time, at the top of the chart: benefit, when it wore off, side effects."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.services.after_visit import AfterVisit, ReportedEffect
from clinic_app.ui.locale import date_text, day_month_text
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.wording import effect_text, indication_name, response_text
from clinic_app.ui.naming import capital, decapital
from clinic_app.ui.theme import INSIDE, RADIUS, TIGHT, current_theme
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.palette import on_palette_change
from clinic_app.ui.widgets.pills import SeverityPill


class AfterLast(QWidget):
    """Hidden while there was no last time. It is told nothing: it reads the chart."""

    outcome_wanted = Signal()
    """Somebody wants to note what was not asked yet."""

    def __init__(self, chart: OpenChart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart = chart
        self._shown: tuple[object, ...] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, INSIDE, 10, INSIDE)
        self._column.setSpacing(TIGHT)
        self._parts: list[QWidget] = []
        on_palette_change(self, self.update)
        self.refresh()

    def refresh(self) -> None:
        """Show what the record says now; a key in a dose changes nothing here."""
        shown = (self._chart.reported, self._chart.last)
        if shown == self._shown:
            return
        self._shown = shown
        for part in self._parts:
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        reported = self._chart.reported
        self._parts = [part for after in reported for part in self._parts_of(after, several=len(reported) > 1)]
        for part in self._parts:
            self._column.addWidget(part)
        self.setAccessibleName(self.text())
        self.setVisible(bool(reported))

    def text(self) -> str:
        """All of it in one sentence for each visit: "Last visit 2 Sep: benefit 70 %, wore off week 10, …"."""
        return " ".join(self._sentence(after) for after in self._chart.reported)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A quiet ground of its own."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(current_theme().info_soft))
        painter.drawRoundedRect(self.rect().toRectF(), RADIUS, RADIUS)

    def _sentence(self, after: AfterVisit) -> str:
        reference = self._chart.reference
        told = [response_text(after)]
        told += [
            f"{decapital(effect_text(reference, effect))} ({effect.severity.value.replace('_', '-')})"
            for effect in after.effects
        ]
        if not after.effects:
            told.append(_no_effects(after))
        return f"{self._title(after)}: {', '.join(told)}."

    def _title(self, after: AfterVisit) -> str:
        return f"Last visit {_day(after.visited_on, self._chart.now().date())}"

    def _parts_of(self, after: AfterVisit, *, several: bool) -> list[QWidget]:
        top = QWidget(self)
        row = QHBoxLayout(top)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(INSIDE)
        row.addWidget(Strong(self._title(after), top), 0, Qt.AlignmentFlag.AlignTop)
        words = capital(response_text(after))
        if not after.effects:
            words += f" · {_no_effects(after)}"
        row.addWidget(_wrapped(words, top), 1)
        parts = [top]
        if several:
            treated = [each.indication for each in self._chart.last if each.visit_id == after.visit_id]
            names = ", ".join(indication_name(self._chart.reference, each) for each in treated)
            parts.append(Muted(f"For {decapital(names)}", self, wrap=True))
        parts += [self._effect(effect) for effect in after.effects]
        if not _asked(after):
            ask = LinkButton("Note it in the patient's record", self, icon="pencil")
            ask.setToolTip("Response and side effects are asked at every return; the chart stays as it is")
            ask.clicked.connect(self.outcome_wanted)
            parts.append(ask)
        return parts

    def _effect(self, effect: ReportedEffect) -> QWidget:
        line = QWidget(self)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(INSIDE)
        row.addWidget(SeverityPill(effect.severity, line), 0, Qt.AlignmentFlag.AlignTop)
        told = _wrapped(effect_text(self._chart.reference, effect), line)
        told.setContentsMargins(0, 2, 0, 0)  # on one line with the word in the pill
        row.addWidget(told, 1)
        return line


def effects_told(chart: OpenChart, effects: Sequence[ReportedEffect]) -> str:
    """The side effects that one muscle is suspected of, for its line and its tooltip."""
    return "; ".join(effect_text(chart.reference, effect).partition(":")[0] for effect in effects)


def _asked(after: AfterVisit) -> bool:
    """Whether somebody noted the response and asked about side effects."""
    answered = (after.best_percent, after.first_day, after.wore_off_week, after.pain)
    return any(each is not None for each in answered) and (bool(after.effects) or after.asked_none)


def _no_effects(after: AfterVisit) -> str:
    return "no side effects reported" if after.asked_none else "side effects not asked yet"


def _day(day: date, today: date) -> str:
    return day_month_text(day) if day.year == today.year else date_text(day)


def _wrapped(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
