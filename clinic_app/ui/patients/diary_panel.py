"""Typing in the diary that a patient kept on paper: twelve rows, as they stand on the sheet."""

from decimal import Decimal

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from clinic_app.errors import ClinicError, RecordChanged
from clinic_app.services.diaries import DIARY_WEEKS, LONGEST_REMARK, week_field
from clinic_app.services.visit_data import VisitRow, WeekOfDiary
from clinic_app.ui.locale import date_text, day_month_text, parse_number
from clinic_app.ui.patients.side_panel import SidePanel
from clinic_app.ui.patients.words import told
from clinic_app.ui.theme import INSIDE
from clinic_app.ui.widgets.editors import InsetLineEdit
from clinic_app.ui.widgets.fields import FieldError
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.workplace import Workplace

COLUMNS = ("benefit_percent", "pain", "remark")
_TITLES = {"benefit_percent": "Benefit", "pain": "Pain", "remark": "Remark"}
_HIGHEST = {"benefit_percent": 100, "pain": 10}
_WIDTHS = {"benefit_percent": 76, "pain": 68}


class DiaryPanel(SidePanel):
    """Enter goes down, Tab goes on; an error stands under its week."""

    def __init__(self, workplace: Workplace, patient_id: int, visit: VisitRow, parent: QWidget | None = None) -> None:
        super().__init__(f"Diary after {date_text(visit.visited_on)}", "Save diary", parent)
        self.patient_id = patient_id
        self.visit_id = visit.id
        self._workplace = workplace
        self._visited_on = visit.visited_on
        self._shown = visit.diary
        self.editors: dict[tuple[int, str], InsetLineEdit] = {}
        self.errors: dict[int, FieldError] = {}
        self.content.addWidget(
            Muted(
                "Type it as it stands on the sheet. Enter goes down, Tab goes on; leave empty what is empty.",
                self,
                wrap=True,
            )
        )
        self._build_rows()
        self.content.addStretch(1)
        for week in visit.diary:
            for name in COLUMNS:
                value = getattr(week, name)
                self.editors[week.week, name].setText("" if value is None else str(value))
        for editor in self.editors.values():
            editor.textChanged.connect(self._touched)
        self.submitted.connect(self.save)
        self.dirty = False

    def focus_first(self) -> None:
        """Put the cursor where typing begins: into the first week that is empty, else into the first."""
        open_weeks = [week for week in range(1, DIARY_WEEKS + 1) if self.editors[week, COLUMNS[0]].isEnabled()]
        empty = [week for week in open_weeks if not any(self.editors[week, name].text() for name in COLUMNS)]
        if open_weeks:
            self.editors[(empty or open_weeks)[0], COLUMNS[0]].setFocus()

    def error(self, week: int) -> str:
        """What is wrong in a week."""
        return self.errors[week].text()

    def weeks(self) -> tuple[WeekOfDiary, ...]:
        """What is typed. Raises ClinicError with the field of what is not a whole number in its range."""
        found = []
        for week in range(1, DIARY_WEEKS + 1):
            benefit, pain = (self._number(week, name) for name in ("benefit_percent", "pain"))
            row = WeekOfDiary(week, benefit, pain, self.editors[week, "remark"].text().strip())
            if not row.empty:
                found.append(row)
        return tuple(found)

    @Slot()
    def save(self) -> None:
        """Check, then save."""
        self._clear_errors()
        try:
            weeks = self.weeks()
        except ClinicError as error:
            self._refused(error)
            return
        actor, diaries, shown = self._workplace.actor, self._workplace.services.diaries, self._shown
        self.set_busy(True)
        self._workplace.tasks.run(
            lambda: diaries.keep(actor, self.visit_id, shown, weeks),
            self._saved,
            self._refused,
            owner=self,
            ended=lambda: self.set_busy(False),
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and the arrows go up and down in a column; Ctrl+Enter saves."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {
                Qt.Key.Key_Return: 1,
                Qt.Key.Key_Enter: 1,
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
            }.get(Qt.Key(event.key()), 0)
            if step and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                week, name = watched.property("week"), watched.property("column")
                self._go(int(week), str(name), step)
                return True
        return False

    def _build_rows(self) -> None:
        today = self._workplace.today()
        grid = QGridLayout()
        grid.setHorizontalSpacing(INSIDE)
        grid.setVerticalSpacing(4)
        grid.addWidget(Muted("Week", self), 0, 0)
        for column, name in enumerate(COLUMNS, start=1):
            grid.addWidget(Muted(_TITLES[name], self), 0, column)
        for week in range(1, DIARY_WEEKS + 1):
            first, last = WeekOfDiary(week).days(self._visited_on)
            label = Muted(f"{week} · {day_month_text(first)}", self)
            label.setToolTip(f"{date_text(first)} to {date_text(last)}")
            grid.addWidget(label, 2 * week - 1, 0)
            for column, name in enumerate(COLUMNS, start=1):
                editor = self._editor(week, name)
                editor.setEnabled(first <= today)
                if first > today:
                    editor.setToolTip("This week has not begun yet.")
                grid.addWidget(editor, 2 * week - 1, column)
            self.errors[week] = FieldError(self)
            grid.addWidget(self.errors[week], 2 * week, 1, 1, 3)
        grid.setColumnStretch(3, 1)
        self.content.addLayout(grid)

    def _editor(self, week: int, name: str) -> InsetLineEdit:
        editor = InsetLineEdit(self, unit={"benefit_percent": "%", "pain": "of 10"}.get(name, ""))
        editor.setAccessibleName(f"Week {week}, {_TITLES[name].lower()}")
        editor.setMaxLength(LONGEST_REMARK if name == "remark" else 6)
        if name in _WIDTHS:
            editor.setFixedWidth(_WIDTHS[name])
            editor.setAlignment(Qt.AlignmentFlag.AlignRight)
            editor.setToolTip("Benefit in percent, 0 to 100" if name == "benefit_percent" else "Pain, 0 to 10")
        editor.setProperty("week", week)
        editor.setProperty("column", name)
        editor.installEventFilter(self)
        self.editors[week, name] = editor
        return editor

    def _go(self, week: int, name: str, step: int) -> None:
        target = self.editors.get((week + step, name))
        if target is not None and target.isEnabled():
            target.setFocus()
            target.selectAll()
        elif step > 0:
            # From the foot of a column to the head of the next one; after the last to the button.
            following = COLUMNS.index(name) + 1
            if following < len(COLUMNS):
                self.editors[1, COLUMNS[following]].setFocus()
            else:
                self.save_button.setFocus()

    def _number(self, week: int, name: str) -> int | None:
        highest = _HIGHEST[name]
        try:
            value = parse_number(self.editors[week, name].text())
        except ValueError:
            value = Decimal(-1)  # said with the range, as a number outside it is
        if value is None:
            return None
        if value != int(value) or not 0 <= value <= highest:
            raise ClinicError("diary_number", field=week_field(week, name), what=_TITLES[name], highest=highest)
        return int(value)

    def _clear_errors(self) -> None:
        self.problem.say("")
        for error in self.errors.values():
            error.setText("")
            error.hide()

    @Slot()
    def _touched(self) -> None:
        self.dirty = True
        self._clear_errors()

    def _saved(self, kept: tuple[WeekOfDiary, ...]) -> None:
        self.dirty = False
        self.saved.emit(f"Diary of {len(kept)} {'week' if len(kept) == 1 else 'weeks'} noted.")

    def _refused(self, error: ClinicError) -> None:
        for (week, name), editor in self.editors.items():
            if error.field == week_field(week, name) and not isinstance(error, RecordChanged):
                self.errors[week].setText(told(error))
                self.errors[week].show()
                editor.setFocus()
                editor.selectAll()
                return
        self.problem.say(told(error))
