"""The patient form, new and edit: a page that keeps what is typed until it is saved or discarded."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError, RecordChanged
from clinic_app.services.patient_data import PatientDetails, PatientForm, PatientRow
from clinic_app.ui.patients.conflict import ConflictPage
from clinic_app.ui.patients.duplicates import Duplicates
from clinic_app.ui.patients.form_fields import FormFields
from clinic_app.ui.patients.form_grid import next_stop
from clinic_app.ui.patients.merging import differences, merged
from clinic_app.ui.patients.parts import tight_link
from clinic_app.ui.patients.words import shortened, told
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, TIGHT
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.button_round import ButtonRound
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton, PrimaryButton
from clinic_app.ui.widgets.flow import FlowLayout
from clinic_app.ui.widgets.headings import Muted, Title
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.sections import Hairline, Scroll, Section
from clinic_app.ui.workplace import Workplace

_WIDEST = 1000
_PAUSE_MS = 250
_AROUND_FOCUS = 40
"""How much of the form is to be seen above and below the field with the cursor, in pixels."""


class PatientFormPage(QWidget):
    """Grouped sections, errors at their fields; a stale save shows both versions."""

    saved = Signal(int, str)
    """The patient's id and what was done, as a sentence."""
    cancelled = Signal()
    open_instead = Signal(int)
    """A possible duplicate is the one that was meant."""
    dirty_changed = Signal()
    message_offered = Signal(str, object)
    """A sentence and what undoes it."""

    def __init__(
        self, workplace: Workplace, details: PatientDetails | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._base = details
        self._theirs: PatientDetails | None = None
        self._dirty = False
        self._saving = False
        self._question = f"patients.duplicates.{id(self)}"
        self.title = Title("New patient" if details is None else "Edit patient", self)
        self.duplicates = Duplicates(workplace, self)
        self.problem = Note(Level.STOP, self)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(AROUND, BETWEEN, AROUND, AROUND)
        column.setSpacing(BETWEEN)
        self.fields = FormFields(workplace, column, inside)
        self.fields.person.add(self.duplicates)
        column.addStretch(1)
        inside.setMaximumWidth(_WIDEST)
        self.scroll_area = Scroll(inside, self)
        self.scroll_area.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.conflict = ConflictPage(workplace.services.reference, _WIDEST, self)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.scroll_area)
        self.stack.addWidget(self.conflict)
        self.cancel_button = PlainButton("Discard", self)
        self.save_button = PrimaryButton("", self)
        self.back_button = PlainButton("Back to the form", self, icon="arrow-left")
        self._lay_out()
        if details is not None:
            self.fields.show(details.form)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask_duplicates)
        self.fields.changed.connect(self._touched)
        self.fields.row_removed.connect(self.message_offered)
        self.fields.identity_changed.connect(self._identity_changed)
        self.duplicates.chosen.connect(self.open_instead)
        self.conflict.chosen.connect(self._show_buttons)
        self.save_button.clicked.connect(self.save)
        self.cancel_button.clicked.connect(self.cancelled)
        self.back_button.clicked.connect(self._back_to_form)
        self._show_buttons()

    @property
    def patient_id(self) -> int | None:
        """Whose form it is; None for a new patient."""
        return None if self._base is None else self._base.id

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self._dirty

    def name(self) -> str:
        """Who is edited, for the way back."""
        form = self.fields.form()
        return f"{form.given_name} {form.family_name}".strip() or "new patient"

    def fresh(self, details: PatientDetails) -> None:
        """Start from a newer version of the record; typing that is not saved stays untouched."""
        if not self._dirty and not self._saving:
            self._base = details
            self.fields.show(details.form)

    def focus_first(self) -> None:
        """Put the cursor into the first field."""
        self.fields.plain["family_name"].setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_history(self) -> None:
        """Put the cursor into the first field of the history and show it at the top; without one, the first field."""
        if not self.fields.clinical:
            self.focus_first()
            return
        self._show_section(self.fields.dystonia.sections[0])

    @Slot()
    def save(self) -> None:
        """Check, then save. What is refused stands at its field, and nothing typed is lost."""
        if self._saving:
            return
        if self.stack.currentWidget() is self.conflict:
            self._save_merged()
            return
        wrong = self.fields.check()
        if wrong is not None:
            self._go_to(wrong)
            return
        form = self.fields.form()
        base = self._base
        self._run(form, None if base is None else (base.id, base.version))

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes from the top of the form down, whatever was made when; from its ends it leaves the form."""
        if self.stack.currentWidget() is not self.scroll_area:
            return super().focusNextPrevChild(next)
        stops = [
            *self.way_buttons.values(),
            *self.fields.tab_stops(),
            *self.duplicates.findChildren(LinkButton),
            self.cancel_button,
            self.save_button,
        ]
        stop = next_stop(stops, self.focusWidget(), forward=next)
        if stop is None:
            return super().focusNextPrevChild(next)
        stop.setFocus(Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason)
        if self.scroll_area.isAncestorOf(stop):
            self.scroll_area.ensureWidgetVisible(stop, 0, _AROUND_FOCUS)
        return True

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(AROUND, BETWEEN, AROUND, INSIDE)
        head.setSpacing(AROUND)
        head.addWidget(self.title)
        head.addSpacing(INSIDE)
        ways = FlowLayout(spacing=AROUND, line_spacing=0)
        self.ways = ButtonRound(self.title)
        self.way_buttons = {name: self._way_to(name, section) for name, section in self.fields.ways()}
        for button in self.way_buttons.values():
            ways.addWidget(button)
        self.ways.set_buttons(list(self.way_buttons.values()))
        beside = QVBoxLayout()
        beside.addSpacing(TIGHT)  # the small words stand on the line of the large ones
        beside.addLayout(ways)
        head.addLayout(beside, 1)
        head.setAlignment(beside, Qt.AlignmentFlag.AlignVCenter)
        foot = QHBoxLayout()
        foot.setContentsMargins(AROUND, INSIDE, AROUND, BETWEEN)
        foot.setSpacing(INSIDE)
        self.remark = Muted("", self)
        foot.addWidget(self.back_button)
        foot.addWidget(self.remark, 1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.save_button)
        refusal = QVBoxLayout()
        refusal.setContentsMargins(AROUND, 0, AROUND, 0)
        refusal.addWidget(self.problem)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(Hairline(self))
        layout.addWidget(self.stack, 1)
        layout.addLayout(refusal)
        layout.addWidget(Hairline(self))
        foot_side = QWidget(self)
        foot_side.setMaximumWidth(_WIDEST)
        foot_side.setLayout(foot)
        layout.addWidget(foot_side)

    def _way_to(self, name: str, section: Section) -> LinkButton:
        button = tight_link(name, self)
        button.setToolTip(f"Go to “{section.heading.text()}”")
        button.clicked.connect(lambda: self._show_section(section))
        return button

    def _show_section(self, section: Section) -> None:
        """Bring a section to the top, with the cursor in its first field."""
        self.layout().activate()  # type: ignore[union-attr]  # the form has a layout; a new one has not been set yet
        self.scroll_area.verticalScrollBar().setValue(section.y() - BETWEEN)
        for part in self.fields.in_order():
            if section.isAncestorOf(part):
                part.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _run(self, form: PatientForm, target: tuple[int, int] | None) -> None:
        actor, patients = self._workplace.actor, self._workplace.services.patients
        self._saving = True
        self.problem.say("")
        self._show_buttons()

        def work() -> int:
            if target is None:
                return patients.register(actor, form)
            patients.save(actor, *target, form)
            return target[0]

        self._workplace.tasks.run(work, self._done, self._refused, owner=self, ended=self._ended)

    def _done(self, patient_id: int) -> None:
        self._dirty = False
        self.dirty_changed.emit()
        name = shortened(self.name())
        self.saved.emit(patient_id, f"{name} registered." if self._base is None else f"{name} saved.")

    def _ended(self) -> None:
        self._saving = False
        self._show_buttons()

    def _refused(self, error: ClinicError) -> None:
        if isinstance(error, RecordChanged) and self._base is not None:
            self._read_theirs()
            return
        part = self.fields.parts().get(error.field)
        if part is None:
            self.problem.say(told(error))
            return
        if self.stack.currentWidget() is self.conflict:
            self._back_to_form()
        part.set_error(told(error))
        assert isinstance(part, QWidget)
        self._go_to(part)

    def _go_to(self, part: QWidget) -> None:
        part.setFocus(Qt.FocusReason.OtherFocusReason)
        self.scroll_area.ensureWidgetVisible(part, 0, _AROUND_FOCUS)

    def _read_theirs(self) -> None:
        base = self._base
        assert base is not None
        actor, patients = self._workplace.actor, self._workplace.services.patients
        self._workplace.tasks.run(
            lambda: patients.details(actor, base.id), self._show_theirs, self._refused, owner=self
        )

    def _show_theirs(self, theirs: PatientDetails) -> None:
        base = self._base
        assert base is not None
        mine = self.fields.form()
        if self.stack.currentWidget() is self.conflict and self._theirs is not None:
            # A third save came in between: what was chosen so far is mine now, and rests on what was chosen from.
            mine = merged(base.form, self._theirs.form, mine, self.conflict.choices())
            self.fields.show(mine)
            base = self._base = self._theirs
        self._theirs = theirs
        found = differences(base.form, theirs.form, mine)
        if not found:
            self._dirty = False
            self.dirty_changed.emit()
            self.saved.emit(theirs.id, f"Somebody else saved the same for {shortened(theirs.name)}.")
            return
        self.conflict.show_differences(theirs.name, found)
        self.stack.setCurrentWidget(self.conflict)
        self._show_buttons()

    def _save_merged(self) -> None:
        base, theirs = self._base, self._theirs
        if base is None or theirs is None or self.conflict.open_fields():
            return
        form = merged(base.form, theirs.form, self.fields.form(), self.conflict.choices())
        self._run(form, (theirs.id, theirs.version))

    @Slot()
    def _back_to_form(self) -> None:
        self.stack.setCurrentWidget(self.scroll_area)
        self._show_buttons()

    @Slot()
    def _show_buttons(self) -> None:
        choosing = self.stack.currentWidget() is self.conflict
        self.back_button.setVisible(choosing)
        for button in self.way_buttons.values():
            button.setVisible(not choosing)
        waiting = self.conflict.open_fields() if choosing else []
        self.save_button.setEnabled(not self._saving and not waiting)
        if choosing:
            self.save_button.setText("Save these choices")
            count = len(waiting)
            self.remark.setText(f"{count} {'field' if count == 1 else 'fields'} still to choose" if count else "")
        else:
            self.save_button.setText("Register patient" if self._base is None else "Save patient")
            self.remark.setText("")
        self.save_button.setToolTip(f"{self.save_button.text()} (Ctrl+S)")
        self.cancel_button.setText("Discard changes" if self._dirty else "Cancel")
        self.cancel_button.setToolTip("Leave without saving; it can be undone (Esc)")

    @Slot()
    def _touched(self) -> None:
        self.problem.say("")
        if not self._dirty:
            self._dirty = True
            self.dirty_changed.emit()
            self._show_buttons()

    @Slot()
    def _identity_changed(self) -> None:
        if self._base is None:
            self._pause.start()

    @Slot()
    def _ask_duplicates(self) -> None:
        if self._workplace.tasks.closed:
            return  # the program ended while somebody paused
        form = self.fields.form()
        actor, patients = self._workplace.actor, self._workplace.services.patients
        self._workplace.tasks.ask(
            self._question, lambda: patients.possible_duplicates(actor, form), self._show_duplicates, owner=self
        )

    def _show_duplicates(self, rows: tuple[PatientRow, ...]) -> None:
        self.duplicates.show_rows(rows)
