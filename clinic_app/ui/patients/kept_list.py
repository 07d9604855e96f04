"""What was printed or saved for a patient's signed visits: the very files, to be looked at again."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.services.kept_papers import KeptRow
from clinic_app.services.paper import WentOut
from clinic_app.ui.locale import date_text
from clinic_app.ui.patients.words import moment_text
from clinic_app.ui.theme import INSIDE
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.column_widths import Fit
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.tables import Column, RowTable
from clinic_app.ui.workplace import Workplace

_NEVER = "Nothing went out yet. What you print or save of a signed visit is kept here as it was."
_WAYS = {WentOut.PRINTED: "printed", WentOut.SAVED: "saved"}


class KeptList(QWidget):
    """The latest first; Enter opens the chosen file."""

    paper_requested = Signal(object)
    """Carries what gathers the file."""

    def __init__(self, workplace: Workplace, names: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace, self._names = workplace, names
        self._patient_id: int | None = None
        self.table: RowTable[KeptRow] = RowTable(
            (
                Column("Went out", lambda row: date_text(row.at.date()), lambda row: row.at, width=92, fit=Fit.WHOLE,
                       tooltip=_told),
                Column("Document", lambda row: names.get(row.kind, row.kind), width=140, stretch=True, tooltip=_told),
                Column("How", lambda row: _WAYS[row.way], width=70, fit=Fit.CONTENT, tooltip=_told),
                Column("By", lambda row: row.by, width=100, fit=Fit.CONTENT, spared=True, tooltip=_told),
            ),
            self,
            name="patient-kept-papers",
            label="Files that went out",
            key=lambda row: row.id,
            empty=EmptyState("file-text", _NEVER, self),
        )  # fmt: skip
        self.open_button = PlainButton("Open that file", self, icon="eye")
        self.open_button.setToolTip("The very file that went out, as it was then (Enter in the list)")
        self.open_button.clicked.connect(self._open)
        self.table.activated_row.connect(self._open)
        self.table.selected_row.connect(self._selected)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.open_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        layout.addWidget(Muted("Printed or saved before", self), 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.table, 1)
        layout.addLayout(foot)
        self._selected(None)
        workplace.changes.committed.connect(self._committed)

    def show_patient(self, patient_id: int) -> None:
        """Ask what went out for this patient."""
        self._patient_id = patient_id
        kept, actor = self._workplace.services.kept_papers, self._workplace.actor
        self._workplace.tasks.ask(
            "patients.kept", lambda: kept.of_patient(actor, patient_id), partial(self._show, patient_id), owner=self
        )

    def _show(self, patient_id: int, rows: tuple[KeptRow, ...]) -> None:
        if patient_id == self._patient_id:
            self.table.set_rows(rows)
            self.table.horizontalHeader().setVisible(bool(rows))

    @Slot(object)
    def _selected(self, row: KeptRow | None) -> None:
        self.open_button.setEnabled(row is not None)

    @Slot()
    def _open(self) -> None:
        row = self.table.selected()
        if row is not None:
            kept, actor, title = self._workplace.services.kept_papers, self._workplace.actor, self._names[row.kind]
            self.paper_requested.emit(lambda: kept.again(actor, row.id, title))

    @Slot(object)
    def _committed(self, kinds: frozenset[str]) -> None:
        if "kept_paper" in kinds and self._patient_id is not None and self.isVisible():
            self.show_patient(self._patient_id)


def _told(row: KeptRow) -> str:
    return f"{_WAYS[row.way].capitalize()} {moment_text(row.at)} by {row.by}\nSHA-256 {row.digest}"
