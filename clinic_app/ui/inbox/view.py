"""The inbox: what waits for somebody, each line with its owner and the way to where it is done."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QSettings, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.access import Act
from clinic_app.services.inbox import OUTCOME_WEEKS
from clinic_app.services.inbox_data import InboxKind, InboxRow
from clinic_app.ui.inbox.panel import PANEL_WIDTH, InboxPanel, Wish, key_of
from clinic_app.ui.inbox.source import InboxSource
from clinic_app.ui.inbox.wording import ICONS, KINDS, LEVELS, owner_text, since_text, waiting_text
from clinic_app.ui.locale import date_text
from clinic_app.ui.theme import AROUND, BETWEEN, current_theme
from clinic_app.ui.widgets.column_widths import Fit
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.fields import CheckField
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Hairline, show_if
from clinic_app.ui.widgets.table_page import TablePage
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.workplace import Workplace

KEYS = (
    ("Enter", "Open where it is done"),
    ("Ctrl+N, Ctrl+Enter", "To the note, save it"),
)
"""What the keys do in the inbox."""
_OTHERS = "inbox/others"
Noted = TypeVar("Noted")


class InboxView(QWidget):
    """The list at the left, the chosen line beside it. It follows its source and never asks for rows itself."""

    effect_requested = Signal(int, int)
    """A patient, and the side effect to choose; 0 for none."""
    draft_requested = Signal(int)
    response_requested = Signal(int, int)
    """A patient, and the visit whose response is missing."""
    lot_requested = Signal(int)
    recall_requested = Signal()
    rebook_requested = Signal()
    message_offered = Signal(str, object)
    """A sentence for the message line and a callable that takes back what it tells, or None."""

    def __init__(
        self,
        workplace: Workplace,
        source: InboxSource,
        parent: QWidget | None = None,
        *,
        settings: QSettings | None = None,
    ) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._source = source
        self._settings = QSettings() if settings is None else settings
        self._loaded = False
        self.summary = Muted("", self)
        self.others_box = CheckField("Also those of others", self)
        self.others_box.editor.setToolTip("What waits for colleagues; their red flags always stand here")
        # Whoever signs has lines of their own; to everybody else the list is what all of them do together.
        self._own_first = workplace.may(Act.SIGN)
        self.others_box.set_value(str(self._settings.value(_OTHERS, "false")).lower() == "true")
        show_if(self.others_box, self._own_first)
        table: RowTable[InboxRow] = RowTable(
            _columns(),
            name="inbox",
            label="What waits for somebody",
            key=key_of,
            empty=EmptyState("circle-check", ""),
            settings=self._settings,
        )
        self.list = TablePage(table, "Filter the lines", self)
        self.panel = InboxPanel(workplace, self)
        self._line = Hairline(self, vertical=True)
        self._lay_out()
        self._connect()
        self.setFocusProxy(table)
        rows = source.rows()
        if rows is None:
            table.set_loading()
        else:
            self._show(rows)

    def showEvent(self, event: QShowEvent) -> None:
        """Look again at what may have changed on other workstations."""
        super().showEvent(event)
        self.refresh()
        self._ask_witnesses()
        if self.focusWidget() is None:
            self.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(self.rect(), QColor(current_theme().window))

    @Slot()
    def refresh(self) -> None:
        """Ask for everything again, without moving selection, place or typing."""
        self._source.look()

    # What the window's commands call

    def new_item(self) -> None:
        """Ctrl+N: to the note of the chosen line."""
        if self.panel.has_form():
            self.panel.note.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_back(self) -> None:
        """Esc: to the list."""
        self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> None:
        """Ctrl+F: the filter where there is one."""
        (self.list.table if self.list.filter.isHidden() else self.list.filter).setFocus()

    def unsaved(self) -> str:
        """Why the window should stay open: a sentence, or "" when everything is noted."""
        if self.panel.typed_keys():
            return "A note is typed in the inbox but not saved. Save it or empty the field first."
        return ""

    @Slot(object)
    def open(self, row: InboxRow) -> None:
        """Go to where the line is done."""
        patient_id = 0 if row.patient is None else row.patient.id
        match row.kind:
            case InboxKind.RED_FLAG:
                self.effect_requested.emit(patient_id, row.record_id)
            case InboxKind.UNSIGNED:
                self.draft_requested.emit(row.record_id)
            case InboxKind.OPENED:
                self._read_reason(row)
            case InboxKind.VIAL:
                self.lot_requested.emit(row.record_id)
            case InboxKind.OUTCOME if row.lacks_response:
                self.response_requested.emit(patient_id, row.record_id)
            case InboxKind.OUTCOME:
                self.effect_requested.emit(patient_id, 0)
            case InboxKind.REBOOK:
                self.rebook_requested.emit()
            case InboxKind.RECALL:
                self.recall_requested.emit()

    # Showing

    @Slot(object)
    def _show(self, rows: tuple[InboxRow, ...]) -> None:
        first, self._loaded = not self._loaded, True
        self._drop_typed(rows)
        table = self.list.table
        before, place = table.selected(), None
        if before is not None:
            place = table.rows_model.place_of(before)
        shown = self._wanted(rows)
        hidden = len(rows) - len(shown)
        table.empty.set_sentence(_nothing(hidden))
        self.list.set_rows(shown)
        self.summary.setText(waiting_text(rows))
        show_if(self.summary, bool(rows))
        for part in (self._line, self.panel):
            show_if(part, bool(shown))
        left = table.rows_model.rows()
        if left and table.selected() is None and (first or place is not None):
            # After one line is done the next one in its place is chosen.
            table.select(left[min(place or 0, len(left) - 1)])
        self.panel.show_row(table.selected())

    def _wanted(self, rows: tuple[InboxRow, ...]) -> list[InboxRow]:
        """A colleague's red flag is never hidden: the injector may be away, and any physician may take it."""
        if not self._own_first or self.others_box.value():
            return list(rows)
        return [row for row in rows if row.mine or row.kind is InboxKind.RED_FLAG]

    def _drop_typed(self, rows: tuple[InboxRow, ...]) -> None:
        """Somebody else did it meanwhile: say so, and what was typed."""
        there = {key_of(row) for row in rows}
        for key in self.panel.typed_keys():
            if key not in there:
                text = self.panel.typed_for(key)
                self.panel.forget_typed(key)
                self.message_offered.emit(f"Somebody else has done this meanwhile. You had typed: {text}", None)

    @Slot()
    def _others_switched(self) -> None:
        self._settings.setValue(_OTHERS, self.others_box.value())
        rows = self._source.rows()
        if rows is not None:
            self._show(rows)

    # Acting

    @Slot(object)
    def _note(self, wish: Wish) -> None:
        services, actor, row = self._workplace.services, self._workplace.actor, wish.row
        flag = row.flag

        def note() -> int:
            if flag is not None:
                return services.side_effects.resolve(actor, row.record_id, flag.version, wish.text)
            return services.stock.account_for(actor, row.vial_id, wish.text, wish.witness_id)

        def noted(_number: int) -> None:
            self.panel.forget_typed(key_of(row))
            self._tell_done("Red flag resolved" if flag is not None else "Units noted in the ledger", row)

        self._run(note, noted)

    @Slot(object)
    def _none_reported(self, row: InboxRow) -> None:
        effects, actor = self._workplace.services.side_effects, self._workplace.actor
        self._run(
            lambda: effects.none_reported(actor, row.record_id),
            lambda _none: self._tell_done("“None reported” noted", row),
        )

    def _read_reason(self, row: InboxRow) -> None:
        records, actor = self._workplace.services.records, self._workplace.actor

        def unread() -> None:
            self._run(lambda: records.unread(actor, row.record_id), lambda _none: None)

        def done(_none: None) -> None:
            self.message_offered.emit("You have read why the record was opened. The audit trail keeps it.", unread)
            self.go_back()

        self._run(lambda: records.read(actor, row.record_id), done)

    def _tell_done(self, done: str, row: InboxRow) -> None:
        who = "" if row.patient is None else f" for {row.patient.name}"
        self.message_offered.emit(f"{done}{who}.", None)
        self.go_back()

    def _refused(self, error: ClinicError) -> None:
        self.panel.show_error(error)
        self.refresh()  # the line may have changed meanwhile

    @Slot(int)
    def _rows_copied(self, rows: int) -> None:
        said = f"{rows} {'row is' if rows == 1 else 'rows are'} on the clipboard for a minute."
        self.message_offered.emit(said, None)

    def _run(self, work: Callable[[], Noted], done: Callable[[Noted], object]) -> None:
        self.panel.set_busy(True)
        ended = partial(self.panel.set_busy, False)
        self._workplace.tasks.run(work, done, self._refused, owner=self, ended=ended)

    def _ask_witnesses(self) -> None:
        if not self._workplace.may(Act.STOCK):
            return
        clinics, actor = self._workplace.services.clinics, self._workplace.actor

        def look() -> list[tuple[int, str]]:
            return [(a.id, a.full_name) for a in clinics.accounts(actor) if a.active and a.id != actor.account_id]

        self._workplace.tasks.ask("inbox.witnesses", look, self.panel.set_witnesses, owner=self)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(AROUND, BETWEEN, AROUND, 0)
        top.setSpacing(AROUND)
        top.addWidget(self.summary)
        top.addStretch(1)
        top.addWidget(self.others_box)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addLayout(top)
        left.addWidget(self.list, 1)
        self.panel.setFixedWidth(PANEL_WIDTH)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(left, 1)
        layout.addWidget(self._line)
        layout.addWidget(self.panel)

    def _connect(self) -> None:
        table, panel = self.list.table, self.panel
        self._source.changed.connect(self._show)
        self.others_box.changed.connect(self._others_switched)
        table.selected_row.connect(panel.show_row)
        table.activated_row.connect(self.open)
        self.list.copied.connect(self._rows_copied)
        panel.open_requested.connect(self.open)
        panel.wished.connect(self._note)
        panel.none_reported.connect(self._none_reported)


def _nothing(hidden: int) -> str:
    """What stands in an empty list."""
    if hidden:
        waits = "1 line waits" if hidden == 1 else f"{hidden} lines wait"
        return f"Nothing waits for you. {waits} for others: tick “Also those of others” to see them."
    return (
        "Nothing waits. Red flags, unsigned visits, vials that do not balance, missing outcomes of the last "
        f"{OUTCOME_WEEKS} weeks and patients to book come here by themselves."
    )


def _columns() -> tuple[Column[InboxRow], ...]:
    """What it is, about whom, since when and for whom it waits."""

    def color(row: InboxRow) -> str:
        level = LEVELS.get(row.kind)
        return "" if level is None else current_theme().level(level)[0]

    def name(row: InboxRow) -> str:
        return "" if row.patient is None else row.patient.name

    def who(row: InboxRow) -> str:
        patient = row.patient
        return "" if patient is None else f"{patient.name}, {date_text(patient.birth_date)}, {patient.record_number}"

    return (
        Column("Kind", lambda row: KINDS[row.kind], lambda row: tuple(InboxKind).index(row.kind),
               icon=lambda row: ICONS[row.kind], color=color, width=140, fit=Fit.WHOLE),
        Column("What", lambda row: row.what, tooltip=lambda row: row.what, width=240, stretch=True, fit=Fit.WHOLE),
        Column("Patient", name, tooltip=who, width=104, fit=Fit.CONTENT),
        Column("Born", lambda row: "" if row.patient is None else date_text(row.patient.birth_date),
               lambda row: (row.patient is None, None if row.patient is None else row.patient.birth_date),
               width=80, fit=Fit.CONTENT, spared=True,
               saved=lambda row: None if row.patient is None else row.patient.birth_date),
        Column("Record number", lambda row: "" if row.patient is None else row.patient.record_number, width=96,
               fit=Fit.CONTENT, spared=True),
        Column("Since", since_text, lambda row: (row.since is None, row.since), width=96,
               fit=Fit.WHOLE, saved=lambda row: row.since),
        Column("Waits for", owner_text, tooltip=owner_text, width=112, fit=Fit.CONTENT),
    )  # fmt: skip
