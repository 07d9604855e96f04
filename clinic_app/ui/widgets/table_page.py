"""A table with its line of tools: a filter once it is long, and the ways out of the program at the right."""

from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.ui.clipboard_watch import copy_for_a_minute
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.search import SearchField
from clinic_app.ui.widgets.sections import show_if
from clinic_app.ui.widgets.tables import RowTable

Row = TypeVar("Row")
_LONG = 20
"""Rows from which a filter helps."""


class TablePage(QWidget, Generic[Row]):
    """The content of a tab of the lot."""

    copied = Signal(int)
    """How many rows are on the clipboard."""

    def __init__(
        self, table: RowTable[Row], filter_name: str, parent: QWidget | None = None, *, own_file: bool = False
    ) -> None:
        """With ``own_file`` a button of the page's own saves a file that says more than the list."""
        super().__init__(parent)
        self.table = table
        table.setParent(self)
        self.filter = SearchField(filter_name, self)
        self.filter.setMaximumWidth(260)
        self.filter.hide()
        self.filter.searched.connect(table.set_filter)
        self.filter.moved_down.connect(self._enter_table)
        self._tools = QHBoxLayout()
        self._tools.setSpacing(INSIDE)
        self._tools.addWidget(self.filter, 1)
        self._tools.addStretch(1)
        self.inside = QVBoxLayout()
        self.inside.setSpacing(BETWEEN)
        self.inside.addWidget(table, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(AROUND, BETWEEN, AROUND, AROUND)
        layout.setSpacing(BETWEEN)
        layout.addLayout(self.inside, 1)
        layout.addLayout(self._tools)
        self.copy_button = self.add_tool("Copy", "copy", "Copy all rows for a spreadsheet")
        self.copy_button.clicked.connect(self._copy)
        self.save_button = self.add_tool("Save list…", "download", "Save all rows for a spreadsheet (Ctrl+Shift+S)")
        self.save_button.clicked.connect(table.list_menu.save)
        self.save_button.setVisible(not own_file)

    def add_tool(self, text: str, icon: str, tip: str) -> PlainButton:
        """A button at the right of the line."""
        button = PlainButton(text, self, icon=icon)
        button.setToolTip(tip)
        self._tools.addWidget(button)
        return button

    def set_rows(self, rows: list[Row]) -> None:
        """Show these rows; selection and place stay."""
        bar = self.table.verticalScrollBar()
        before = bar.value()
        self.table.set_rows(rows)
        bar.setValue(before)
        self.table.horizontalHeader().setVisible(bool(rows))
        for button in (self.copy_button, self.save_button):
            button.setEnabled(bool(rows))
        if len(rows) <= _LONG and self.filter.text():
            self.filter.set_text("")
            self.table.set_filter("")
        show_if(self.filter, len(rows) > _LONG)

    @Slot()
    def _copy(self) -> None:
        columns, rows = self.table.rows_model.columns, self.table.rows_model.rows()
        lines = [[column.title for column in columns]]
        lines += [[" ".join(column.text(row).split()) for column in columns] for row in rows]
        copy_for_a_minute("\n".join("\t".join(line) for line in lines))
        self.copied.emit(len(rows))

    def _enter_table(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
