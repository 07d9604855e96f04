"""The fourth step: every row with its verdict, and the chosen one with what speaks for and against it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.services.importing.choices import Decision
from clinic_app.services.importing.files import why
from clinic_app.services.importing.injectors import NOT_KNOWN
from clinic_app.services.importing.preview import Verdict
from clinic_app.ui.importing.row_panel import RowPanel
from clinic_app.ui.importing.step import ImportStep
from clinic_app.ui.importing.wording import ABOUT_GROUPS, Group, counted, group_of, mark_of
from clinic_app.ui.importing.work import ImportWork
from clinic_app.ui.locale import number_text
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, current_theme
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.fields import TextField
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.many_rows import ManyRows
from clinic_app.ui.widgets.search import SearchField
from clinic_app.ui.widgets.sections import show_if
from clinic_app.ui.widgets.segments import Segments
from clinic_app.ui.widgets.tables import Column, RowTable

_PANEL = 360
_KINDS = 4
_CLASHES = frozenset({"booking_overlap_injector", "booking_overlap_room"})
"""What can be booked over on purpose."""


class RowsStep(ImportStep):
    """Nothing is written yet: a row that is refused here never was on record."""

    title = "Rows"
    save_requested = Signal()

    def __init__(self, work: ImportWork, parent: QWidget | None = None) -> None:
        super().__init__(work, parent)
        self._groups: dict[Group, list[Verdict]] = {}
        self._group = Group.ALL
        self.segments = GroupSegments(self)
        self.segments.picked.connect(self.show_group)
        self.filter = SearchField("Search rows", self)
        self.filter.setMinimumWidth(140)
        self.filter.setMaximumWidth(240)
        self.table: RowTable[Verdict] = RowTable(
            (
                Column("Row", lambda row: number_text(row.number), lambda row: row.number, numeric=True, width=64),
                Column(
                    "Verdict",
                    lambda row: mark_of(row)[0],
                    icon=lambda row: mark_of(row)[1],
                    color=lambda row: current_theme().level(mark_of(row)[2])[0],
                    width=176,
                ),
                Column("What it says", lambda row: row.said, tooltip=lambda row: row.said, width=220, stretch=True),
                Column("Why", why, tooltip=why, width=250),
            ),
            self,
            name="import-rows",
            label="Rows of the file",
            key=lambda row: row.number,
            empty=EmptyState("check", "No row is like this.", self),
            rows=ManyRows,
        )
        self.table.selected_row.connect(self._show_row)
        self.filter.searched.connect(self.table.set_filter)
        self.filter.moved_down.connect(self._enter_table)
        self.panel = RowPanel(work, self)
        self.panel.setFixedWidth(_PANEL)
        self.panel.decided.connect(self._decide)
        self.panel.confirmed.connect(self._confirm)
        self.panel.reading_requested.connect(self._read_like)
        self.clash = TextField("Why appointments are booked over others", self, longest=200)
        self.clash.left.connect(self._clash_answered)
        self.clash.editor.returnPressed.connect(self._clash_answered)
        self.summary = Muted("", self, wrap=True)
        self.save_button = PlainButton("Save the refused rows…", self, icon="download")
        self.save_button.setToolTip("The rows that do not come in, as a CSV file with the reason in its last column")
        self.save_button.clicked.connect(self.save_requested)
        self._build()

    def show_work(self) -> None:
        """The verdicts as they are now; the chosen row stays chosen."""
        preview = self.work.preview
        if preview is None:
            return
        self._groups = {group: [] for group in Group}
        for verdict in preview.verdicts:
            self._groups[group_of(verdict)].append(verdict)
        self._groups[Group.ALL] = list(preview.verdicts)
        self.segments.show_counts({group: len(rows) for group, rows in self._groups.items()})
        if not self._groups[self._group]:
            self._group = Group.ALL
            self.segments.show_group(Group.ALL)
        deciding = self._in_panel()
        self.table.set_rows(self._groups[self._group])
        self._show_clashes(preview.verdicts)
        out = len(preview.left_out)
        names = [f"{counted(out, 'row')} {'stays' if out == 1 else 'stay'} out." if out else "Every row comes in."]
        new = [name for name in preview.new_names if name != NOT_KNOWN]
        if new:
            few = ", ".join(new[:3]) + (f" and {number_text(len(new) - 3)} more" if len(new) > 3 else "")
            names.append(f"Not known here yet: {few}. Visits name them; they cannot open the program.")
        if NOT_KNOWN in preview.new_names:
            names.append(f"Where nobody is named, the injector is “{NOT_KNOWN}”.")
        if preview.passed_over:
            never = ", ".join(f"{kind} ({number_text(number)})" for kind, number in preview.passed_over[:_KINDS])
            more = " and others" if len(preview.passed_over) > _KINDS else ""
            names.append(f"Never brought in: {never}{more}.")
        self.summary.setText(" ".join(names))
        self.save_button.setEnabled(bool(out))
        if self.table.selected() is None:
            self.table.select(next(iter(self._groups[self._group]), None))
        if deciding and not self._in_panel():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)  # the row that was decided went to another group

    def forget(self) -> None:
        """Another file: its rows are others, whatever their numbers."""
        self._group = Group.ALL
        self.segments.show_group(Group.ALL)
        self.filter.set_text("")
        self.table.set_filter("")
        self.clash.set_value("")
        self.table.set_rows(())

    def take_focus(self) -> None:
        """The rows that somebody must decide about, if there are any."""
        for group in (Group.DUPLICATE, Group.CONFIRM):
            if any(row.asks or group is Group.CONFIRM for row in self._groups.get(group, ())):
                self.segments.show_group(group)
                self.show_group(group)
                break
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def show_group(self, group: Group) -> None:
        """Show only the rows of a group."""
        self._group = group
        rows = self._groups.get(group, [])
        self.table.set_rows(rows)
        if self.table.selected() is None:
            self.table.select(next(iter(rows), None))
        else:
            self._show_row(self.table.selected())

    def _in_panel(self) -> bool:
        focus = self.window().focusWidget()
        return focus is not None and self.panel.isAncestorOf(focus)

    def _show_clashes(self, verdicts: Sequence[Verdict]) -> None:
        """Appointments that clash with others come in only where somebody says why."""
        reason = self.work.choices.clash_reason
        clashing = sum(not _CLASHES.isdisjoint(each.code for each in row.reasons) for row in verdicts)
        show_if(self.clash, bool(clashing or reason))
        if clashing:
            stay = "stays" if clashing == 1 else "stay"
            self.clash.set_hint(f"{counted(clashing, 'appointment')} {stay} out that would clash with others.")
        elif reason:
            self.clash.set_hint("Appointments that clash with others come in with this reason.")

    @Slot()
    def _clash_answered(self) -> None:
        if self.clash.value() != self.work.choices.clash_reason:
            self.work.choose(clash_reason=self.clash.value())

    @Slot(object)
    def _show_row(self, verdict: Verdict | None) -> None:
        self.panel.show_row(verdict, self._like(verdict), read=self._group is Group.CONFIRM)

    def _like(self, verdict: Verdict | None) -> frozenset[int]:
        """The rows with a warning of the same kind."""
        if verdict is None:
            return frozenset()
        kinds = {warning.code for warning in verdict.warnings}
        return frozenset(
            row.number
            for row in self._groups.get(Group.CONFIRM, ())
            if {warning.code for warning in row.warnings} <= kinds
        )

    @Slot(int, object)
    def _decide(self, number: int, decision: Decision | None) -> None:
        self.work.decide(number, decision)

    @Slot(object)
    def _confirm(self, numbers: frozenset[int]) -> None:
        self.work.choose(confirmed=self.work.choices.confirmed | numbers)

    @Slot()
    def _read_like(self) -> None:
        """Nobody confirms many warnings unseen: show them first."""
        self.segments.show_group(Group.CONFIRM)
        self.show_group(Group.CONFIRM)
        self._enter_table()

    @Slot()
    def _enter_table(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(BETWEEN)
        top.addWidget(self.segments)
        top.addStretch(1)
        top.addWidget(self.filter, 2)
        foot = QHBoxLayout()
        foot.setSpacing(INSIDE)
        foot.addWidget(self.summary, 1)
        foot.addWidget(self.save_button)
        left = QVBoxLayout()
        left.setSpacing(BETWEEN)
        left.addLayout(top)
        left.addWidget(self.table, 1)
        left.addWidget(self.clash)
        left.addLayout(foot)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(AROUND)
        layout.addLayout(left, 1)
        layout.addWidget(self.panel)


class GroupSegments(Segments):
    """The groups with how many rows each has; choosing one shows only these."""

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Which rows are shown", [(group.value, "") for group in Group], parent)
        self.by_group = dict(zip(Group, self._group.buttons(), strict=True))
        self._group.idToggled.connect(self._picked)
        for number, (group, button) in enumerate(self.by_group.items(), 1):
            button.setShortcut(QKeySequence(f"Alt+{number}"))
            keys = button.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            button.setToolTip(f"{ABOUT_GROUPS[group]} ({keys})")

    def show_counts(self, counts: Mapping[Group, int]) -> None:
        """Say how many there are of each; a group without rows cannot be chosen."""
        for group, button in self.by_group.items():
            keys = button.shortcut()
            button.setText(f"{group.value} {number_text(counts[group])}")
            button.setShortcut(keys)  # a new text takes it away
            button.setAccessibleName(f"{group.value}: {number_text(counts[group])}")
            button.setEnabled(bool(counts[group]) or group is Group.ALL)
        self.updateGeometry()

    def show_group(self, group: Group) -> None:
        """Mark a group without telling."""
        self.set_position(self.by_group[group].text())

    @Slot(int, bool)
    def _picked(self, _id: int, down: bool) -> None:
        if down:
            self.picked.emit(next(group for group, button in self.by_group.items() if button.isChecked()))
