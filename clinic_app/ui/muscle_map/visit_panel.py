"""The visit beside the map: what for, product and vial, muscles, totals, checks, signature."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.chart_data import ChartContent
from clinic_app.services.pattern_data import PatternSource
from clinic_app.services.presence import AlsoOpen
from clinic_app.services.starting import sources_of_chart
from clinic_app.terms import Side
from clinic_app.ui.muscle_map import vial_edits
from clinic_app.ui.muscle_map.after_last import AfterLast
from clinic_app.ui.muscle_map.closing_fields import ClosingFields
from clinic_app.ui.muscle_map.finding_list import FindingList
from clinic_app.ui.muscle_map.line_list import LineList
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.others import Others
from clinic_app.ui.muscle_map.pattern_form import PatternForm
from clinic_app.ui.muscle_map.start_options import source_text
from clinic_app.ui.muscle_map.totals import Totals
from clinic_app.ui.muscle_map.vial_list import VialList
from clinic_app.ui.muscle_map.visit_facts import VisitFacts
from clinic_app.ui.muscle_map.wording import place_of_subject
from clinic_app.ui.naming import brand_of
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, TIGHT
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import IconButton, PrimaryButton
from clinic_app.ui.widgets.headings import Heading, Muted
from clinic_app.ui.widgets.notes import Notice
from clinic_app.ui.widgets.sections import Hairline, Scroll

_LAID_OUT_MS = 20


class VisitPanel(QWidget):
    """Shows one open chart. It knows the chart and nothing of the map or the services."""

    place_chosen = Signal(str, object)
    point_wanted = Signal(str)
    line_removed = Signal(str)
    lots_wanted = Signal(str)
    sign_wanted = Signal()
    discard_wanted = Signal()
    patient_wanted = Signal()
    map_wanted = Signal()
    """Enter in the last row: back to the map for the next muscle."""
    draft_note_wanted = Signal()
    labels_wanted = Signal()
    start_wanted = Signal()
    """Choose what the visit starts from."""
    pattern_named = Signal(object, str, object, bool)
    """Save a pattern: the form, the name, the PatternSource, and whether it is for the whole clinic."""

    def __init__(
        self, chart: OpenChart, may_sign: bool, parent: QWidget | None = None, *, may_share: bool = False
    ) -> None:
        super().__init__(parent)
        self.chart = chart
        self._may_share = may_share
        self.pattern_form: PatternForm | None = None
        self.facts = VisitFacts(chart, self)
        self.vials = VialList(chart, self)
        self.lines = LineList(chart, self)
        self.findings = FindingList(chart, may_sign, self)
        self.closing = ClosingFields(chart, self)
        self.totals = Totals(chart, self)
        self.after_last = AfterLast(chart, self)
        self.notice = Notice(self)
        self._cleared = False
        self._status = Muted("", self)
        self.others = Others(self)
        self._undo = IconButton("undo-2", "Undo (Ctrl+Z)", self)
        self._redo = IconButton("redo-2", "Redo (Ctrl+Y)", self)
        self._more = IconButton("ellipsis", "More about this visit", self)
        self._menu = QMenu(self)
        self._menu.addAction("Patient's record").triggered.connect(self.patient_wanted)
        self._menu.addAction("Start from a pattern…").triggered.connect(self.start_wanted)
        self._save_pattern = self._menu.addAction("Save as pattern…")
        self._save_pattern.triggered.connect(self.name_pattern)
        self._menu.addSeparator()
        self._menu.addAction("Print vial labels").triggered.connect(self.labels_wanted)
        self._menu.addAction("Print draft of the note").triggered.connect(self.draft_note_wanted)
        self._menu.addSeparator()
        self._menu.addAction("Discard draft").triggered.connect(self.discard_wanted)
        self.sign_button = PrimaryButton("Sign visit", self)
        self.sign_button.setToolTip("Look at everything once more and sign (Ctrl+Enter)")
        self.sign_button.setVisible(may_sign)
        self.sign_button.clicked.connect(self.sign_wanted)
        self._undo.clicked.connect(self.undo)
        self._redo.clicked.connect(self.redo)
        self._more.clicked.connect(self._show_menu)
        self._build()
        self.after_last.outcome_wanted.connect(self.patient_wanted)
        self.lines.place_chosen.connect(self.place_chosen)
        self.lines.worked_on.connect(self.vials.close_complete)
        self.lines.removed.connect(self.line_removed)
        self.lines.point_wanted.connect(self.point_wanted)
        self.lines.last_left.connect(self.map_wanted)
        self.lines.start_wanted.connect(self.start_wanted)
        self.vials.lots_wanted.connect(self.lots_wanted)
        self.vials.vial_done.connect(self.lines.focus_next)
        chart.model.changed.connect(self._watch_doses)
        self.findings.pointed.connect(self._show_subject)
        self.totals.checks_wanted.connect(self._show_checks)
        chart.changed.connect(self.refresh)
        chart.model.steps_changed.connect(self._show_steps)
        chart.keeper.kept.connect(self._show_kept)
        chart.keeper.kept_here.connect(self._show_kept_here)
        chart.keeper.failed.connect(self._show_failed)
        self._show_steps()
        self.refresh()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._watch_field)
        self._show_kept(chart.now())

    @Slot()
    def refresh(self) -> None:
        """Show the chart as it is now."""
        self.after_last.refresh()
        self.facts.refresh()
        self.vials.refresh()
        self.lines.refresh()
        self.findings.refresh(self.chart.charted.findings)
        self.closing.refresh()
        self.totals.refresh()

    def select(self, muscle: str, side: Side, *, focus: bool) -> None:
        """Open the muscle's line, if it has one."""
        self.vials.close_complete()
        if self.lines.select(muscle, side, focus=focus):
            # The row takes its new height first, or the wrong place comes into view.
            QTimer.singleShot(_LAID_OUT_MS, self, self._show_selected)

    def status(self) -> str:
        """What the line about the draft says."""
        return self._status.text()

    def say(self, text: str, level: Level) -> None:
        """A sentence about what was just tried, at the top of the visit."""
        self.notice.say(text, level)
        self._scroll.ensureWidgetVisible(self.notice)

    def unsay(self) -> None:
        """What was said about the last try is over; what waits for an answer stays."""
        if not self.notice.waits:
            self.notice.hide()

    def show_part(self, part: QWidget) -> None:
        """Bring a part of the visit into view."""
        self._scroll.ensureWidgetVisible(part, 0, 24)

    def show_others(self, others: Sequence[AlsoOpen]) -> None:
        """Who else has this chart on the screen."""
        self.others.show_others(others)

    @Slot()
    def name_pattern(self) -> None:
        """Give what is charted a name and keep it as a pattern."""
        self.close_pattern_form()
        chart = self.chart
        sources = [
            (source, source_text(chart.reference, source, chart.region))
            for source in sources_of_chart(chart.content)
            if source.product
        ]
        if not sources:
            self.notice.say(
                str(ClinicError("pattern_product_missing" if chart.content.lines else "pattern_empty")), Level.INFO
            )
            return
        form = PatternForm("Save as pattern", sources, self, may_share=self._may_share)
        form.cancelled.connect(self.close_pattern_form)
        form.save_wanted.connect(self._pattern_named)
        self.pattern_form = form
        self._inside.insertWidget(0, form)
        self._scroll.ensureVisible(0, 0)
        form.begin()

    @Slot()
    def close_pattern_form(self) -> None:
        """The pattern is saved, or not wanted."""
        form, self.pattern_form = self.pattern_form, None
        if form is not None:
            form.hide()
            form.deleteLater()

    @Slot(str, object, bool)
    def _pattern_named(self, name: str, source: PatternSource, for_clinic: bool) -> None:
        self.pattern_named.emit(self.pattern_form, name, source, for_clinic)

    @Slot()
    def undo(self) -> None:
        """Take the last step back."""
        self.chart.model.undo()

    @Slot()
    def redo(self) -> None:
        """Do it again."""
        self.chart.model.redo()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Z and Ctrl+Y are the chart's, not the single field's: what was typed there is a step of the chart."""
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            back = event.matches(QKeySequence.StandardKey.Undo)
            if back or event.matches(QKeySequence.StandardKey.Redo):
                if event.type() == QEvent.Type.ShortcutOverride:
                    event.ignore()  # the window's own command takes the key
                elif back:
                    self.undo()
                else:
                    self.redo()
                return True
        return False

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(AROUND, BETWEEN, INSIDE, TIGHT)
        top.setSpacing(2)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Heading("Visit", self))
        words.addWidget(self._status)
        words.addWidget(self.others)
        top.addLayout(words, 1)
        for button in (self._undo, self._redo, self._more):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        content = QWidget(self)
        inside = self._inside = QVBoxLayout(content)
        inside.setContentsMargins(AROUND, INSIDE, BETWEEN, AROUND)
        inside.setSpacing(BETWEEN)
        inside.addWidget(self.notice)
        inside.addWidget(self.after_last)
        inside.addWidget(self.facts)
        for part in (self.vials, self.lines, self.findings, self.closing):
            inside.addWidget(Hairline(content))
            inside.addWidget(part)
        inside.addStretch(1)
        self._scroll = Scroll(content, self)
        foot = QVBoxLayout()
        foot.setContentsMargins(AROUND, INSIDE, AROUND, BETWEEN)
        foot.setSpacing(INSIDE)
        foot.addWidget(self.totals)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.sign_button)
        foot.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addSpacing(TIGHT)
        layout.addWidget(Hairline(self))
        layout.addWidget(self._scroll, 1)
        layout.addWidget(Hairline(self))
        layout.addLayout(foot)

    @Slot(QWidget, QWidget)
    def _watch_field(self, before: QWidget | None, field: QWidget | None) -> None:
        """A field is watched from its first focus on: fields come and go, and looking for them costs every key."""
        if isinstance(field, QLineEdit | QPlainTextEdit) and self.isAncestorOf(field) and not field.property("watched"):
            field.setProperty("watched", True)
            field.installEventFilter(self)

    @Slot()
    def _show_selected(self) -> None:
        row = self.lines.rows.get(self.lines.selected)
        if row is not None:
            self._scroll.ensureWidgetVisible(row, 0, 24)

    @Slot(str)
    def _show_subject(self, subject: str) -> None:
        place = place_of_subject(self.chart.reference, subject)
        if place is not None:
            self.place_chosen.emit(*place)
            self.select(*place, focus=True)
        elif subject in self.vials.cards:
            card = self.vials.cards[subject]
            card.set_open(True)
            self._scroll.ensureWidgetVisible(card)

    @Slot()
    def _show_checks(self) -> None:
        self._scroll.ensureWidgetVisible(self.findings, 0, 24)

    @Slot(object, object)
    def _watch_doses(self, content: ChartContent, before: ChartContent) -> None:
        """Another product, by whatever way: say that the doses are cleared, and no longer when they are back."""
        cleared = vial_edits.cleared_doses(before, content)
        if cleared is not None:
            self.say_cleared(*cleared)
        elif self._cleared and vial_edits.cleared_doses(content, before) is not None:
            self.notice.hide()
            self._cleared = False

    def say_cleared(self, before: str, now: str) -> None:
        """Say that doses of one product were cleared for another."""
        chart = self.chart
        old, new = (brand_of(chart.reference, product, chart.region) for product in (before, now))
        self._cleared = True
        self.notice.say(
            f"Doses cleared: units of {old} are not units of {new}. Muscles and points stay; type every dose anew.",
            Level.WARN,
        )
        self._scroll.ensureWidgetVisible(self.notice)

    @Slot()
    def _show_steps(self) -> None:
        model = self.chart.model
        for button, can, word, text, keys in (
            (self._undo, model.can_undo, "Undo", model.undo_text, "Ctrl+Z"),
            (self._redo, model.can_redo, "Redo", model.redo_text, "Ctrl+Y"),
        ):
            button.setEnabled(can)
            button.setToolTip(f"{word}: {text} ({keys})" if text else f"{word} ({keys})")

    @Slot(object)
    def _show_kept(self, moment: datetime) -> None:
        self._status.setText(f"Draft kept {moment:%H:%M:%S}")

    @Slot()
    def _show_kept_here(self) -> None:
        self._status.setText("Draft kept on this computer")

    @Slot(object)
    def _show_failed(self, error: ClinicError) -> None:
        self._status.setText("Draft not kept")
        self.notice.say(f"{error} The chart is tried again by itself; nothing typed is lost.", Level.WARN)

    @Slot()
    def _show_menu(self) -> None:
        self._menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))
