"""What the lists of the recall view have in common: a table that is asked for anew and never moves by that."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.ui.recall.wording import counted
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.sections import Hairline
from clinic_app.ui.widgets.table_page import TablePage
from clinic_app.ui.wording import told
from clinic_app.ui.workplace import Workplace

PANEL_WIDTH = 340
Row = TypeVar("Row")
Read = TypeVar("Read")


class ListPage(QWidget, Generic[Row, Read]):
    """A page says what it asks (``reading``) and shows the answer (``show_read``); asking is done here."""

    patient_requested = Signal(int)
    message_offered = Signal(str, object)
    question = ""
    """A newer question of this name drops an older one."""

    def __init__(self, workplace: Workplace, rows: TablePage[Row], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._was_read = False
        self.problem = Note(Level.STOP, self)
        self.list = rows
        self.list.copied.connect(self._rows_copied)
        self.setFocusProxy(rows.table)

    def reading(self) -> Callable[[], Read]:
        """What asks the services, beside the window; what is chosen in the page is looked up before."""
        raise NotImplementedError

    def show_read(self, read: Read, *, first: bool) -> None:
        """Show the answer; ``first`` when none was shown before."""
        raise NotImplementedError

    @Slot()
    def refresh(self) -> None:
        """Ask for the list again, without moving selection, place or typing."""
        if not self._was_read:
            self.list.table.set_loading()
        self._workplace.tasks.ask(self.question, self.reading(), self._show, self._failed, owner=self)

    @Slot()
    def go_back(self) -> None:
        """Esc: to the list."""
        self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> None:
        """Ctrl+F: the filter where there is one."""
        (self.list.table if self.list.filter.isHidden() else self.list.filter).setFocus()

    def tell(self, error: ClinicError) -> None:
        """A refusal that belongs to no field."""
        self.message_offered.emit(told(error), None)

    def lay_out(
        self, *, top: QLayout | None = None, notes: tuple[QWidget, ...] = (), foot: QLayout | None = None,
        side: QWidget | None = None,
    ) -> None:  # fmt: skip
        """The list between what stands above and below it, with a panel at its right where there is one."""
        left = QVBoxLayout()
        left.setSpacing(0)
        if top is not None:
            left.addLayout(top)
        for note in (self.problem, *notes):
            left.addWidget(note)
        left.addWidget(self.list, 1)
        if foot is not None:
            left.addLayout(foot)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(left, 1)
        if side is not None:
            side.setFixedWidth(PANEL_WIDTH)
            layout.addWidget(Hairline(self, vertical=True))
            layout.addWidget(side)

    def _show(self, read: Read) -> None:
        first, self._was_read = not self._was_read, True
        self.problem.say("")
        self.show_read(read, first=first)

    def _failed(self, error: ClinicError) -> None:
        self.list.table.empty.set_sentence("")
        self.list.set_rows([])
        self.problem.say(told(error))

    @Slot(int)
    def _rows_copied(self, rows: int) -> None:
        self.message_offered.emit(f"{counted(rows, 'row is', 'rows are')} on the clipboard for a minute.", None)
