"""Recall: who was injected and has nothing booked, one after the other until the list is empty."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from PySide6.QtCore import QSettings, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.recall import Attempt, AttemptForm, RecallRow
from clinic_app.terms import ContactOutcome, ContactWay
from clinic_app.ui.locale import weekday_date_text
from clinic_app.ui.recall.list_page import ListPage
from clinic_app.ui.recall.person_panel import PersonPanel
from clinic_app.ui.recall.recall_table import RecallTable
from clinic_app.ui.recall.wording import OUTCOMES, counted
from clinic_app.ui.saved_file import CSV, SavedFile
from clinic_app.ui.theme import AROUND, BETWEEN
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.fields import CheckField
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.notes import Notice
from clinic_app.ui.widgets.value_fields import ChoiceField
from clinic_app.ui.workplace import Workplace

_WEEKS, _USUAL_WEEKS = "recall/weeks_ahead", 2
_CHOICES = tuple((n, "today" if not n else counted(n, "week", "weeks")) for n in (0, 1, 2, 3, 4, 6, 8, 12, 26))


@dataclass(frozen=True, slots=True)
class _Loaded:
    rows: tuple[RecallRow, ...]
    working_days: tuple[date, ...]


class RecallPage(ListPage[RecallRow, _Loaded]):
    """The list, and the chosen patient beside it. Noting a try goes on to the next patient."""

    question = "recall.rows"
    list: RecallTable
    repeat_requested = Signal(int)
    letters_requested = Signal(object)
    """A tuple of patient ids."""
    list_requested = Signal(object)
    """A tuple of ``RecallRow``."""

    def __init__(self, workplace: Workplace, settings: QSettings, parent: QWidget | None = None) -> None:
        zone = ZoneInfo(workplace.services.clinic.time_zone)
        super().__init__(workplace, RecallTable(workplace.today, zone), parent)
        self._settings = settings
        self._shown: tuple[int, ...] = ()
        self._wanted: Sequence[int] = []
        self.weeks_field: ChoiceField[int] = ChoiceField("Due within", _CHOICES, self)
        self.weeks_field.set_value(_number(settings.value(_WEEKS), _USUAL_WEEKS))
        self.weeks_field.setFixedWidth(132)
        self.weeks_field.editor.setToolTip("How far ahead the interval may end")
        self.waiting_box = CheckField("Also those not to be tried yet", self)
        self.waiting_box.editor.setToolTip("Whose next try is later, or who declined or moved away")
        self.summary = Muted("", self)
        self.letters = Notice(self)
        self.panel = PersonPanel(workplace.today, zone, self)
        self.csv = SavedFile(CSV, workplace, self)
        self._lay_out()
        self._connect()

    def reading(self) -> Callable[[], _Loaded]:
        """Whom to reach, as far ahead as chosen, and the days on which to try again."""
        recall, actor, weeks = self._workplace.services.recall, self._workplace.actor, self._weeks()
        waiting = self.waiting_box.value()
        return lambda: _Loaded(recall.rows(actor, weeks_ahead=weeks, waiting=waiting), recall.next_working_days(actor))

    def begin(self) -> None:
        """N: to the form."""
        if self.panel.rows():
            self.panel.form.outcome_field.setFocus(Qt.FocusReason.TabFocusReason)

    def unsaved(self) -> str:
        """Why the window should stay open, or ""."""
        if self.panel.unsaved():
            return "A remark is typed under Recall but its try is not noted. Note it or empty the form first."
        return ""

    def letters_drawn(self, patient_ids: Sequence[int]) -> None:
        """Letters were drawn; whether they went out only the person knows."""
        ids, letters = list(patient_ids), counted(len(patient_ids), "letter", "letters")
        wanted = "it as sent" if len(ids) == 1 else "them as sent"
        self.letters.offer(
            f"{letters} drawn. Once printed and posted, note {wanted}: the list then waits for the answer.",
            Level.INFO,
            (f"Note {letters} as sent", lambda: self._note_letters(ids)),
            ("Not sent", lambda: None),
        )

    @Slot()
    def print_list(self) -> None:
        """The selected rows on paper, or all."""
        rows = self.list.meant()
        if rows and not self.list.list_button.isHidden():
            self.list_requested.emit(tuple(rows))

    def _weeks(self) -> int:
        weeks = self.weeks_field.value()
        return _USUAL_WEEKS if weeks is None else weeks

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(AROUND, BETWEEN, AROUND, 0)
        top.setSpacing(AROUND)
        top.addWidget(self.weeks_field)
        top.addWidget(self.waiting_box, 0, Qt.AlignmentFlag.AlignBottom)
        top.addStretch(1)
        top.addWidget(self.summary, 0, Qt.AlignmentFlag.AlignBottom)
        self.lay_out(top=top, notes=(self.letters,), side=self.panel)

    def _connect(self) -> None:
        self.weeks_field.changed.connect(self._weeks_chosen)
        self.waiting_box.changed.connect(self.refresh)
        self.list.table.selected_row.connect(self._chosen)
        self.list.try_asked.connect(self.begin)
        self.list.book_asked.connect(self.panel.book)
        self.list.letter_asked.connect(self.panel.write)
        self.list.csv_asked.connect(self._save)
        self.list.list_asked.connect(self.print_list)
        self.panel.form.wished.connect(self._note)
        self.panel.patient_requested.connect(self.patient_requested)
        self.panel.repeat_requested.connect(self.repeat_requested)
        self.panel.letters_requested.connect(self.letters_requested)
        self.panel.copied.connect(self._phone_copied)
        self.csv.message_offered.connect(self.message_offered)

    # Showing

    def show_read(self, read: _Loaded, *, first: bool) -> None:
        """Show the list; after a try the next patient is chosen."""
        rows, today = read.rows, self._workplace.today()
        self.panel.form.set_working_days(read.working_days)
        weeks = self._weeks()
        self.list.show_rows(list(rows), "by today" if not weeks else f"within {counted(weeks, 'week', 'weeks')}")
        overdue = sum(1 for row in rows if row.due_on < today)
        self.summary.setText(f"{counted(len(rows), 'patient', 'patients')}, {overdue} overdue" if rows else "")
        by_id = {row.patient_id: row for row in self.list.table.rows_model.rows()}
        wanted = next((by_id[number] for number in self._wanted if number in by_id), None)
        self._wanted = []
        if wanted is not None:
            self.list.table.select(wanted)
        elif first and by_id:
            # Who is due longest is called first.
            self.list.table.select(next(iter(by_id.values())))

    def _failed(self, error: ClinicError) -> None:
        super()._failed(error)
        self.list.show_rows([], "")

    @Slot(object)
    def _chosen(self, _row: RecallRow | None) -> None:
        rows = tuple(self.list.table.selected_rows())
        ids = tuple(row.patient_id for row in rows)
        if ids != self._shown:
            self._shown = ids
            self.panel.show_rows(rows, ())
        else:
            self.panel.show_rows(rows, self._attempts_of(ids))
        if len(rows) != 1:
            self._workplace.tasks.drop("recall.attempts")
            return
        recall, actor, patient_id = self._workplace.services.recall, self._workplace.actor, rows[0].patient_id

        def show(attempts: tuple[Attempt, ...]) -> None:
            self._last_attempts = (patient_id, attempts)
            self.panel.show_attempts(attempts)

        self._workplace.tasks.ask(
            "recall.attempts", lambda: recall.attempts(actor, patient_id), show, self.tell, owner=self
        )

    _last_attempts: tuple[int, tuple[Attempt, ...]] = (0, ())

    def _attempts_of(self, ids: tuple[int, ...]) -> tuple[Attempt, ...]:
        """What was shown of this patient stays while the newest is on its way."""
        patient_id, attempts = self._last_attempts
        return attempts if ids == (patient_id,) else ()

    # Acting

    def _note_letters(self, ids: Sequence[int]) -> None:
        again = self.panel.form.usual_next_try(ContactOutcome.SENT)
        self._note_for(ids, AttemptForm(ContactWay.LETTER, ContactOutcome.SENT, next_try_on=again))

    @Slot(object)
    def _note(self, form: AttemptForm) -> None:
        self._note_for([row.patient_id for row in self.panel.rows()], form)

    def _note_for(self, ids: Sequence[int], form: AttemptForm) -> None:
        recall, actor = self._workplace.services.recall, self._workplace.actor
        names = [row.name for row in self.list.table.rows_model.rows() if row.patient_id in ids]
        who = names[0] if len(names) == len(ids) == 1 else counted(len(ids), "patient", "patients")
        self._wanted = after = self._next_after(ids)

        def noted(attempts: tuple[int, ...]) -> None:
            again = "" if form.next_try_on is None else f" Next try {weekday_date_text(form.next_try_on)}."
            text = f"Noted for {who}: {OUTCOMES[form.outcome][0].lower()}.{again}"
            self.message_offered.emit(text, lambda: self._take_back(attempts, ids))
            self.panel.forget_typed(ids)
            self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)
            self._wanted = after
            self.refresh()

        def refused(error: ClinicError) -> None:
            self._wanted = []
            self.panel.form.show_error(error)

        self.panel.form.set_busy(True)
        self._workplace.tasks.run(
            lambda: recall.note_all(actor, ids, form),
            noted,
            refused,
            owner=self,
            ended=lambda: self.panel.form.set_busy(False),
        )

    def _next_after(self, ids: Sequence[int]) -> Sequence[int]:
        """Who is called next: those behind in the list, then those before, the nearest first."""
        shown = [row.patient_id for row in self.list.table.rows_model.rows()]
        places = [shown.index(number) for number in ids if number in shown]
        last = max(places, default=-1)
        rest = [*shown[last + 1 :], *reversed(shown[: max(last, 0)])]
        return [number for number in rest if number not in ids]

    def _take_back(self, attempts: tuple[int, ...], ids: Sequence[int]) -> None:
        recall, actor = self._workplace.services.recall, self._workplace.actor

        def back(_none: None) -> None:
            self._wanted = list(ids)
            self.refresh()

        self._workplace.tasks.run(lambda: recall.take_back(actor, attempts), back, self.tell, owner=self)

    @Slot()
    def _save(self) -> None:
        ids = [row.patient_id for row in self.list.meant()]
        recall, actor, weeks = self._workplace.services.recall, self._workplace.actor, self._weeks()
        self.csv.save(f"recall-{self._workplace.today()}", lambda: recall.mail_merge(actor, ids, weeks_ahead=weeks))

    @Slot()
    def _weeks_chosen(self) -> None:
        self._settings.setValue(_WEEKS, self._weeks())
        self.refresh()

    @Slot(str)
    def _phone_copied(self, phone: str) -> None:
        self.message_offered.emit(f"{phone} is on the clipboard for a minute.", None)


def _number(remembered: object, usual: int) -> int:
    """A number of the choices as it was remembered, else the usual one."""
    try:
        number = int(str(remembered))
    except ValueError:
        return usual
    return number if number in dict(_CHOICES) else usual
