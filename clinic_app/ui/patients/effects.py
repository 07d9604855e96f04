"""What the injections did: side effects and the response to each visit, with the forms beside them."""

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.access import Act
from clinic_app.services.visit_data import SideEffectRow, VisitRow
from clinic_app.terms import Learned
from clinic_app.ui.locale import date_text
from clinic_app.ui.patients.diary_panel import DiaryPanel
from clinic_app.ui.patients.effect_tables import EffectSection
from clinic_app.ui.patients.parts import Page, plain_label
from clinic_app.ui.patients.record import PatientRecord
from clinic_app.ui.patients.response_panel import ResponsePanel
from clinic_app.ui.patients.response_table import ResponseSection
from clinic_app.ui.patients.side_effect_panel import SideEffectPanel
from clinic_app.ui.patients.side_panel import PANEL_WIDTH, SidePanel
from clinic_app.ui.patients.words import told
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton, PrimaryButton
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.workplace import Workplace

Form = SideEffectPanel | ResponsePanel | DiaryPanel
"""The forms that can stand beside the tables."""
_WHAT = {SideEffectPanel: "Side effect", ResponsePanel: "Response", DiaryPanel: "Diary"}


class EffectsPage(QWidget):
    """Two tables at the left, a form at the right while one is open.

    Each patient's open form is kept while others are looked at. Whoever may only report sees the form alone.
    """

    message_offered = Signal(str, object)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._record: PatientRecord | None = None
        self._clinical = workplace.may(Act.READ_RECORD)
        self._panels: dict[int, Form] = {}
        self.tables = Page(self)
        self.tables.content.setContentsMargins(0, 0, 0, 0)
        self.problem = Note(Level.WARN, self)
        self.effects = EffectSection(workplace, self)
        self.responses = ResponseSection(workplace, self)
        self.telephone = _Telephone(workplace, self)
        self.stack = QStackedWidget(self)
        self.stack.setFixedWidth(PANEL_WIDTH)
        self.tables.content.addWidget(self.problem)
        for section in (self.effects, self.responses):
            self.tables.content.addWidget(section)
            section.setVisible(self._clinical)
        self.telephone.setVisible(not self._clinical)
        self.tables.content.addWidget(self.telephone)
        self.tables.content.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(AROUND, BETWEEN, AROUND, AROUND)
        layout.setSpacing(BETWEEN)
        layout.addWidget(self.tables, 1)
        layout.addWidget(self.stack)
        self.stack.hide()
        self.effects.note_requested.connect(self.note_side_effect)
        self.effects.none_requested.connect(self.none_reported)
        chosen = self.effects.chosen
        chosen.change_requested.connect(self._change_effect)
        chosen.resolve_requested.connect(self._resolve)
        chosen.report_requested.connect(self._report)
        chosen.take_back_requested.connect(self._take_report_back)
        self.responses.edit_requested.connect(self.note_response)
        self.responses.diary_requested.connect(self.type_diary)
        self.telephone.note_button.clicked.connect(self.note_side_effect)
        self.telephone.none_button.clicked.connect(self.none_reported)

    def show_record(self, record: PatientRecord) -> None:
        """Show a patient; a form that is open for them comes back as it was left."""
        another = self._record is None or self._record.id != record.id
        self._record = record
        if another:
            self.problem.say("")
        if self._clinical:
            self.effects.show_record(record)
            self.responses.show_record(record)
        else:
            self.telephone.show_record(record)
        self._show_panel()

    def panel(self) -> Form | None:
        """The form open for this patient."""
        return None if self._record is None else self._panels.get(self._record.id)

    def unsaved(self) -> list[int]:
        """The patients with typing that is not saved."""
        return [patient_id for patient_id, panel in self._panels.items() if panel.dirty]

    @Slot()
    def note_side_effect(self) -> None:
        """Open the form of a side effect, or go back to the one that is open.

        Whoever is not in the clinic now is on the telephone, until the person says otherwise.
        """
        here = self._record is not None and self._record.is_here(self._workplace.today())
        self._note(Learned.VISIT if here else Learned.TELEPHONE)

    def take_call(self) -> None:
        """Open the form of a side effect that is told on the telephone."""
        self._note(Learned.TELEPHONE)

    def _note(self, learned: Learned) -> None:
        if self._record is None:
            return
        if not self._record.followed:
            self.problem.say(
                "There is no visit yet that a side effect could have followed."
                if self._clinical
                else "There is no visit on record. Hand the call to a nurse or physician."
            )
            return
        open_panel = self.panel()
        if isinstance(open_panel, SideEffectPanel) and open_panel.dirty:
            open_panel.focus_first()
            return
        self._open(self._side_effect_panel(learned=learned))

    @Slot(int)
    def note_response(self, visit_id: int) -> None:
        """Open the form of a visit's response."""
        visit = self._visit(visit_id)
        if visit is not None and self._record is not None:
            open_panel = self.panel()
            if isinstance(open_panel, ResponsePanel) and open_panel.visit_id == visit_id:
                open_panel.focus_first()
                return
            used = tuple(
                value.scale for each in self._record.visits if each.scales is not None for value in each.scales.values
            )
            self._open(ResponsePanel(self._workplace, self._record.id, visit, self, used_scales=used))

    @Slot(int)
    def type_diary(self, visit_id: int) -> None:
        """Open the form of the diary that a patient kept after a visit."""
        visit = self._visit(visit_id)
        if visit is not None and self._record is not None:
            open_panel = self.panel()
            if isinstance(open_panel, DiaryPanel) and open_panel.visit_id == visit_id:
                open_panel.focus_first()
                return
            self._open(DiaryPanel(self._workplace, self._record.id, visit, self))

    @Slot()
    def none_reported(self) -> None:
        """Somebody asked after the last visit; nothing was reported."""
        record = self._record
        if record is None or not record.followed:
            self.problem.say("There is no visit yet after which somebody could have asked.")
            return
        visit_id = record.followed[0].id
        actor, effects = self._workplace.actor, self._workplace.services.side_effects
        self._workplace.tasks.run(
            lambda: effects.none_reported(actor, visit_id), self._none_noted, self._refused, owner=self
        )

    @Slot(object)
    def _change_effect(self, effect: SideEffectRow) -> None:
        if self._record is not None:
            self._open(self._side_effect_panel(effect=effect))

    def _side_effect_panel(
        self, *, effect: SideEffectRow | None = None, learned: Learned | None = None
    ) -> SideEffectPanel:
        record = self._record
        assert record is not None  # whoever opens a form looked
        return SideEffectPanel(
            self._workplace,
            record.id,
            record.followed,
            self,
            effect=effect,
            learned=learned,
            on_record=record.side_effects,
        )

    @Slot(object, str)
    def _resolve(self, effect: SideEffectRow, note: str) -> None:
        actor, effects = self._workplace.actor, self._workplace.services.side_effects
        self._do(lambda: effects.resolve(actor, effect.id, effect.version, note), effect, "Red flag resolved.")

    @Slot(object, object, str)
    def _report(self, effect: SideEffectRow, day: date | None, reference: str) -> None:
        actor, effects = self._workplace.actor, self._workplace.services.side_effects
        work = partial(effects.mark_reported, actor, effect.id, effect.version, day, reference)
        self._do(work, effect, "Marked as reported to the regulator.")

    @Slot(object)
    def _take_report_back(self, effect: SideEffectRow) -> None:
        actor, effects = self._workplace.actor, self._workplace.services.side_effects
        work = partial(effects.take_report_back, actor, effect.id, effect.version)
        self._do(work, effect, "The report to the regulator was taken back.")

    def _do(self, work: Callable[[], int], effect: SideEffectRow, told_as: str) -> None:
        def done(_version: int) -> None:
            self.effects.chosen.forget_typed(effect.id)
            self.message_offered.emit(told_as, None)

        self._workplace.tasks.run(work, done, self.effects.chosen.show_refusal, owner=self)

    def _open(self, panel: Form) -> None:
        before = self._panels.get(panel.patient_id)
        if before is not None:
            self._put_away(before)
        self._panels[panel.patient_id] = panel
        self.stack.addWidget(panel)
        panel.cancelled.connect(self._cancelled)
        panel.saved.connect(self._saved)
        self._show_panel()
        panel.focus_first()

    def _put_away(self, panel: Form) -> None:
        """Take a form away. One with typing in it can be had back until its message goes."""
        self._panels.pop(panel.patient_id, None)
        self.stack.removeWidget(panel)
        panel.hide()
        if panel.dirty:
            panel.setParent(self)
            self.message_offered.emit(f"{_WHAT[type(panel)]} discarded.", lambda: self._bring_back(panel))
        else:
            panel.deleteLater()
        self._show_panel()

    def _bring_back(self, panel: Form) -> None:
        panel.cancelled.disconnect(self._cancelled)
        panel.saved.disconnect(self._saved)
        self._open(panel)

    @Slot()
    def _cancelled(self) -> None:
        panel = self.panel()
        if panel is not None:
            self._put_away(panel)
            self.effects.table.setFocus()

    @Slot(str)
    def _saved(self, told_as: str) -> None:
        panel = self.sender()
        if isinstance(panel, SideEffectPanel | ResponsePanel | DiaryPanel):
            self._put_away(panel)
        self.message_offered.emit(told_as, None)

    def _show_panel(self) -> None:
        panel: SidePanel | None = self.panel()
        self.stack.setVisible(panel is not None)
        self.effects.set_narrow(panel is not None)
        for button in (self.telephone.none_button, self.telephone.note_button):
            button.setVisible(panel is None)
        if panel is not None:
            self.stack.setCurrentWidget(panel)

    def _visit(self, visit_id: int) -> VisitRow | None:
        visits = () if self._record is None else self._record.visits
        return next((visit for visit in visits if visit.id == visit_id), None)

    def _none_noted(self, _nothing: None) -> None:
        self.problem.say("")
        self.message_offered.emit("“None reported” noted.", None)

    def _refused(self, error: ClinicError) -> None:
        self.problem.say(told(error))


class _Telephone(Section):
    """For those who take the call but do not read the clinical record."""

    def __init__(self, workplace: Workplace, parent: QWidget) -> None:
        super().__init__("Side effect by telephone", parent)
        self.add(
            plain_label(
                "Ask how the patient has been since the last visit. Note each side effect; "
                "a red flag shows at once what to say.",
                self,
            )
        )
        self.when = plain_label("", self)
        self.add(self.when)
        self.none_button = PlainButton("None reported", self, icon="check")
        self.note_button = PrimaryButton("Note side effect", self, icon="phone")
        row = QHBoxLayout()
        row.setSpacing(INSIDE)
        row.addStretch(1)
        row.addWidget(self.none_button)
        row.addWidget(self.note_button)
        self.add(row)
        self._workplace = workplace

    def show_record(self, record: PatientRecord) -> None:
        """Say which visit it is about."""
        last = record.followed[0] if record.followed else None
        self.when.setText("" if last is None else f"The last visit was on {date_text(last.visited_on)}.")
        self.none_button.setEnabled(last is not None)
