"""Typing in the diary that a patient kept on paper: twelve rows, as they stand on the sheet."""

from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.diaries import DIARY_WEEKS, LONGEST_REMARK, week_field
from clinic_app.services.visit_data import VisitRow, WeekOfDiary
from clinic_app.ui.locale import date_text, day_month_text, parse_number
from clinic_app.ui.patients.side_panel import SidePanel
from clinic_app.ui.patients.words import told
from clinic_app.ui.theme import INSIDE
from clinic_app.ui.together import Outcome, save_together, together_text
from clinic_app.ui.widgets.clash_choice import ClashChoice
from clinic_app.ui.widgets.editors import InsetLineEdit
from clinic_app.ui.widgets.fields import FieldError
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.workplace import Workplace

COLUMNS = ("benefit_percent", "pain", "remark")
_TITLES = {"benefit_percent": "Benefit", "pain": "Pain", "remark": "Remark"}
_HIGHEST = {"benefit_percent": 100, "pain": 10}
Weeks = tuple[WeekOfDiary, ...]
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
        self.clash = ClashChoice(self)
        self.clash.part_chosen.connect(self._show_week)
        self.content.addWidget(self.clash)
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
            self._show_week("", week)
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
        if not self.clash.check():
            return
        self.set_busy(True)
        self._workplace.tasks.run(
            partial(self._keep, self._shown, weeks),
            self._kept,
            self._refused,
            owner=self,
            ended=lambda: self.set_busy(False),
        )

    def _keep(self, shown: Weeks, typed: Weeks) -> Outcome[Weeks]:
        """Asks the services; the window is not touched."""
        actor, diaries, visit_id = self._workplace.actor, self._workplace.services.diaries, self.visit_id
        return save_together(
            shown,
            _by_title(typed),
            parts=_by_title,
            read=lambda: diaries.of_visit(actor, visit_id),
            save=lambda weeks, parts: diaries.keep(actor, visit_id, weeks, tuple(parts.values())),
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

    def _kept(self, outcome: Outcome[Weeks]) -> None:
        if not outcome.saved:
            self._show_meeting(outcome)
            return
        self.dirty = False
        count = sum(not week.empty for week in outcome.parts.values())
        said = f"Diary of {count} {'week' if count == 1 else 'weeks'} noted"
        self.saved.emit(f"{said}{'' if outcome.nothing_left else together_text(outcome.theirs)}.")

    def _show_meeting(self, outcome: Outcome[Weeks]) -> None:
        """Somebody else wrote meanwhile: the form goes on from theirs, with the weeks that were typed here in it."""
        self._shown = outcome.known
        for title, week in outcome.parts.items():
            self._show_week(title, week)
        self.clash.show_clashes(
            "Somebody else typed into this diary too. Choose whose week to keep, then save again. What else you typed "
            "is still in the form.",
            outcome.clashes,
            _week_text,
        )
        self.scroll_area.verticalScrollBar().setValue(0)
        self.clash.focus_first()
        if outcome.problem is not None:
            self._refused(outcome.problem)

    @Slot(str, object)
    def _show_week(self, _title: str, week: WeekOfDiary) -> None:
        for name in COLUMNS:
            value = getattr(week, name)
            self.editors[week.week, name].setText("" if value is None else str(value))

    def _refused(self, error: ClinicError) -> None:
        for (week, name), editor in self.editors.items():
            if error.field == week_field(week, name):
                self.errors[week].setText(told(error))
                self.errors[week].show()
                editor.setFocus()
                editor.selectAll()
                return
        self.problem.say(told(error))


def _by_title(weeks: Iterable[WeekOfDiary]) -> dict[str, WeekOfDiary]:
    """A part for each week of the sheet: who types one in means the line as it stands there."""
    written = {week.week: week for week in weeks}
    return {f"Week {number}": written.get(number, WeekOfDiary(number)) for number in range(1, DIARY_WEEKS + 1)}


def _week_text(_title: str, week: Any) -> str:
    benefit = "" if week.benefit_percent is None else f"benefit {week.benefit_percent} %"
    pain = "" if week.pain is None else f"pain {week.pain} of 10"
    return " · ".join(part for part in (benefit, pain, week.remark) if part) or "empty"
