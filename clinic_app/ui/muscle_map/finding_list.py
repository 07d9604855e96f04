"""What the checks say: shape, colour and sentence, with the answer beside it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.rules.findings import Level as Weight
from clinic_app.rules.sources import title_of_source
from clinic_app.services.chart_data import Answer
from clinic_app.services.charting import NEVER_OVERRIDDEN, Said
from clinic_app.ui.icons import LEVEL_ICONS, pixmap
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.muscle_map.mends import mend_for
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.theme import INSIDE, TIGHT, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.editors import InsetLineEdit
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.palette import on_palette_change
from clinic_app.ui.widgets.sections import show_if

LEVELS = {Weight.STOP: Level.STOP, Weight.WARN: Level.WARN, Weight.INFO: Level.INFO}


class FindingRow(QWidget):
    """One finding. A click on it shows what it is about."""

    pointed = Signal(str)
    """The subject that the finding is about."""
    answered = Signal()
    """The person answered or mended it just now."""

    def __init__(
        self, chart: OpenChart, said: Said, may_override: bool, parent: QWidget | None = None, *, wide: bool = False
    ) -> None:
        super().__init__(parent)
        self._chart = chart
        self.said = said
        self._level = LEVELS[said.level]
        self._picture = QLabel(self)
        self._sentence = QLabel(self)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
        self.acknowledge = LinkButton("Acknowledge", self)
        self.acknowledge.clicked.connect(self._acknowledge)
        self.mend = LinkButton("", self)
        self.mend.clicked.connect(self._mend_it)
        self.override = LinkButton("Reason to override", self)
        self.override.clicked.connect(self._ask_reason)
        self.take_back = LinkButton("Take back", self)
        self.take_back.clicked.connect(self._take_back)
        self.source = LinkButton("Source", self)
        self.source.setToolTip("Where the figure comes from")
        self.source.clicked.connect(self._toggle_source)
        self._sources = Muted("", self, wrap=True)
        self._sources.hide()
        self._answered = Muted("", self, wrap=True)
        self.reason = InsetLineEdit(self)
        self.reason.setPlaceholderText("The reason, as the note will print it; Enter keeps it")
        self.reason.setAccessibleName("Reason to override")
        self.reason.setMaxLength(400)
        self.reason.returnPressed.connect(self._keep_reason)
        self.reason.hide()
        self._may_override = may_override
        buttons = QHBoxLayout()
        buttons.setSpacing(INSIDE)
        buttons.addStretch(1)
        for button in (self.source, self.mend, self.acknowledge, self.override, self.take_back):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._sentence)
        words.addWidget(self._answered)
        words.addWidget(self._sources)
        words.addWidget(self.reason)
        if not wide:
            words.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, INSIDE, INSIDE, INSIDE if wide else TIGHT)
        layout.setSpacing(INSIDE)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter if wide else Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        if wide:
            layout.addLayout(buttons)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        on_palette_change(self, self._tint)

    def show_said(self, said: Said) -> None:
        """Show the finding as it is now."""
        self.said = said
        self._level = LEVELS[said.level]
        self._sentence.setText(said.sentence)
        self.setAccessibleName(f"{said.level.value}: {said.sentence}")
        answer = self._chart.answer_to(said)
        waiting = self._chart.waiting_answer(said)
        answered = answer is not None
        if answered:
            self.reason.hide()
        fixed = said.level is Weight.STOP and said.check in NEVER_OVERRIDDEN
        self.acknowledge.setVisible(said.level is Weight.WARN and not answered)
        self.override.setVisible(
            said.level is Weight.STOP and not answered and not fixed and self._may_override and self.reason.isHidden()
        )
        mend = None if answered else mend_for(self._chart, said)
        self.mend.setVisible(mend is not None)
        if mend is not None:
            self.mend.setText(mend.words)
            self.mend.setToolTip(mend.tooltip)
        self.take_back.setVisible(answered)
        words = _answer_text(said, answer) if answer is not None else _waiting_text(said, waiting)
        self._answered.setText(words)
        self._answered.setVisible(bool(words))
        if not self._sources.isHidden():
            self._sources.setText(self._source_text())
        self._tint()

    def focus_answer(self) -> bool:
        """Put the focus on the way to answer it. False when nothing waits for an answer."""
        for button in (self.mend, self.acknowledge, self.override):
            if button.isVisible():
                button.setFocus()
                return True
        return False

    def answer_text(self) -> str:
        """What it says of its answer, or ""."""
        return self._answered.text()

    def sentence(self) -> str:
        """What it says."""
        return self._sentence.text()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show what it is about."""
        self.pointed.emit(self.said.subject)
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The soft ground of the level; an answered finding steps back."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        theme = current_theme()
        answered = self._chart.answer_to(self.said) is not None
        painter.setBrush(QColor(theme.info_soft if answered else theme.level(self._level)[2]))
        painter.drawRoundedRect(self.rect().toRectF(), 6, 6)

    def _tint(self) -> None:
        color, _, soft = current_theme().level(self._level)
        name = LEVEL_ICONS[self._level]
        self._picture.setPixmap(pixmap(name, color, 16, self.devicePixelRatioF(), ink=soft))
        self.update()

    def source_text(self) -> str:
        """What is shown of the source, or "" while it is folded away."""
        return "" if self._sources.isHidden() else self._sources.text()

    def _source_text(self) -> str:
        names = [name for name in self.said.source.split(", ") if name]
        titles = [title_of_source(self._chart.reference, name) for name in names]
        told = "; ".join(f"{each.title} ({each.url})" if each.url else each.title for each in titles)
        return told if self.said.verified else f"{told}. Not verified here: confirm against the label."

    @Slot()
    def _toggle_source(self) -> None:
        if self._sources.isHidden():
            self._sources.setText(self._source_text())
        self._sources.setVisible(self._sources.isHidden())

    @Slot()
    def _acknowledge(self) -> None:
        self._answer()

    @Slot()
    def _ask_reason(self) -> None:
        waiting = self._chart.waiting_answer(self.said)
        if waiting is not None and not self.reason.text():
            self.reason.setText(waiting.reason)
        self.reason.show()
        self.override.hide()
        self.reason.setFocus()

    @Slot()
    def _keep_reason(self) -> None:
        text = self.reason.text().strip()
        if text:
            self._answer(text)

    def _answer(self, reason: str = "") -> None:
        chart, said = self._chart, self.said
        chart.edit(edits.answer(chart.content, said, chart.person, reason))
        self.answered.emit()

    @Slot()
    def _mend_it(self) -> None:
        mend = mend_for(self._chart, self.said)
        if mend is not None:
            self._chart.edit(mend.edit(self._chart.content))
            self.answered.emit()

    @Slot()
    def _take_back(self) -> None:
        self._chart.edit(edits.take_back_answer(self._chart.content, self.said.check, self.said.subject))


class FindingList(QWidget):
    """Stops and warnings; remarks are folded away until wanted."""

    pointed = Signal(str)

    def __init__(
        self, chart: OpenChart, may_override: bool, parent: QWidget | None = None, *, wide: bool = False
    ) -> None:
        super().__init__(parent)
        self._chart = chart
        self._may_override = may_override
        self.rows: dict[tuple[str, str], FindingRow] = {}
        # A finding that comes and goes with every key keeps its row: making one costs more than the whole check.
        self._resting: dict[tuple[str, str], FindingRow] = {}
        self._remarks_open = False
        self._wide = wide
        self._title = Strong("Checks", self)
        self._title.setVisible(not wide)  # a wide list stands in a section with a heading of its own
        self._nothing = Muted("Nothing to say.", self)
        self._remarks = LinkButton("", self)
        self._remarks.clicked.connect(self._toggle_remarks)
        self._column = QVBoxLayout()
        self._column.setSpacing(TIGHT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addWidget(self._title)
        layout.addWidget(self._nothing)
        layout.addLayout(self._column)
        layout.addWidget(self._remarks, 0, Qt.AlignmentFlag.AlignLeft)

    def refresh(self, findings: Sequence[Said]) -> None:
        """Show the findings as they are now; rows that stay keep their focus."""
        keys = [(said.check, said.subject) for said in findings]
        if keys != list(self.rows):
            self._match_rows(findings, keys)
        remarks = 0
        for said in findings:
            row = self.rows[said.check, said.subject]
            if (
                said != row.said
                or self._chart.answer_to(said) is not None
                or self._chart.waiting_answer(said) is not None
                or row.sentence() != said.sentence
                or row.answer_text()
            ):
                row.show_said(said)
            remark = said.level is Weight.INFO
            remarks += remark
            show_if(row, not remark or self._remarks_open)
        show_if(self._nothing, not findings)
        show_if(self._remarks, remarks > 0)
        count = "1 remark" if remarks == 1 else f"{remarks} remarks"
        words = f"Hide {count}" if self._remarks_open else f"Show {count}"
        if words != self._remarks.text():
            self._remarks.setText(words)

    @Slot()
    def focus_next(self) -> None:
        """Put the focus on the next finding that waits for an answer."""
        for row in self.rows.values():
            if row.isVisible() and row.focus_answer():
                return

    def _match_rows(self, findings: Sequence[Said], keys: list[tuple[str, str]]) -> None:
        for key in [key for key in self.rows if key not in keys]:
            gone = self._resting[key] = self.rows.pop(key)
            self._column.removeWidget(gone)
            gone.hide()
        for said in findings:
            key = (said.check, said.subject)
            if key not in self.rows:
                row = self._resting.pop(key, None)
                if row is None:
                    row = FindingRow(self._chart, said, self._may_override, self, wide=self._wide)
                    row.pointed.connect(self.pointed)
                    row.answered.connect(self.focus_next)
                    row.show_said(said)
                self.rows[key] = row
        self.rows = {key: self.rows[key] for key in keys}
        for number, row in enumerate(self.rows.values()):
            if self._column.indexOf(row) != number:
                self._column.insertWidget(number, row)

    @Slot()
    def _toggle_remarks(self) -> None:
        self._remarks_open = not self._remarks_open
        self.refresh([row.said for row in self.rows.values()])


def _answer_text(said: Said, answer: Answer) -> str:
    """Who answered and how: "Overridden by Dr. Ada Marsh: benefit outweighs"."""
    done = "Overridden" if said.level is Weight.STOP else "Acknowledged"
    words = f"{done} by {answer.by}"
    return f"{words}: {answer.reason}" if answer.reason else words


def _waiting_text(said: Said, answer: Answer | None) -> str:
    """What was answered and does not count: to another figure, or by somebody who cannot override the stop."""
    if answer is None or not answer.by:
        return ""
    if answer.said != said.sentence:
        return f"Changed since {answer.by} answered it."
    if said.level is not Weight.STOP or not answer.reason:
        return ""
    return f"Waits for a physician. {answer.by} noted: {answer.reason}"


def open_counts(chart: OpenChart, findings: Sequence[Said]) -> tuple[int, int]:
    """How many stops and warnings wait for an answer."""
    waiting = [said for said in findings if chart.answer_to(said) is None]
    return (
        sum(said.level is Weight.STOP for said in waiting),
        sum(said.level is Weight.WARN for said in waiting),
    )
