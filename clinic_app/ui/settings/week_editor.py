"""An injector's working week: a line for each weekday."""

from collections.abc import Mapping

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from clinic_app.services.openings import Span
from clinic_app.ui.naming import capital
from clinic_app.ui.settings.spans_editor import SpansEditor
from clinic_app.ui.theme import AROUND, INSIDE
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Section

Week = dict[int, tuple[Span, ...]]
_COPIED = (1, 2, 3, 4)


class WeekEditor(Section):
    """Each line counts as soon as it is whole."""

    week_changed = Signal(object, object)
    """The week before and the week now: spans by weekday, 0 is Monday."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("The week", parent)
        self._before: Week = {}
        self.copy_button = LinkButton("Copy Monday to Tuesday – Friday", self, icon="copy")
        self.copy_button.setToolTip("Tuesday to Friday get the hours of Monday.")
        self.copy_button.clicked.connect(self._copy)
        self.add_action(self.copy_button)
        words = "The hours in which this injector can be booked. Add a second span for a pause."
        self._words = Muted(words, self, wrap=True)
        self.add(self._words)
        grid = QGridLayout()
        grid.setHorizontalSpacing(AROUND)
        grid.setVerticalSpacing(INSIDE)
        grid.setColumnStretch(1, 1)
        self.days: list[SpansEditor] = []
        for weekday in range(7):
            name = weekday_name(weekday)
            label = QLabel(name, self)
            label.setFixedHeight(30)
            label.setMinimumWidth(96)
            editor = SpansEditor(name, self)
            editor.changed.connect(self._changed)
            self.days.append(editor)
            grid.addWidget(label, weekday, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(editor, weekday, 1)
        self.add(grid)

    def show_week(self, week: Mapping[int, tuple[Span, ...]], *, anew: bool) -> None:
        """Show a week; ``anew`` for another injector, else what is typed and not kept yet stays."""
        self._before = {weekday: tuple(spans) for weekday, spans in week.items() if spans}
        for weekday, editor in enumerate(self.days):
            spans = self._before.get(weekday, ())
            if anew or (not editor.is_typed_in() and editor.spans() != spans):
                editor.show_spans(spans)

    def set_read_only(self, read_only: bool) -> None:
        """Show without letting change."""
        self.copy_button.setVisible(not read_only)
        self._words.setVisible(not read_only)
        for editor in self.days:
            editor.set_read_only(read_only)

    def check(self) -> bool:
        """Look at every line, say what is wrong, and whether all is told."""
        wrong = [editor for editor in self.days if not editor.check()]
        return not wrong

    @Slot()
    def _copy(self) -> None:
        if not self.days[0].check():
            return
        monday = self.days[0].spans()
        for weekday in _COPIED:
            self.days[weekday].show_spans(monday)
        self._changed()

    @Slot()
    def _changed(self) -> None:
        before = self._before
        week = {weekday: editor.spans() for weekday, editor in enumerate(self.days) if editor.spans()}
        if week != before:
            self._before = week
            self.week_changed.emit(before, week)


def weekday_name(weekday: int) -> str:
    """The weekday in the person's locale; 0 is Monday."""
    return capital(QLocale().standaloneDayName(weekday + 1, QLocale.FormatType.LongFormat))


def changed_days(before: Week, week: Week) -> str:
    """Which weekdays differ: "Monday", "Tuesday, Wednesday"."""
    differ = [weekday for weekday in range(7) if before.get(weekday, ()) != week.get(weekday, ())]
    return ", ".join(weekday_name(weekday) for weekday in differ)
