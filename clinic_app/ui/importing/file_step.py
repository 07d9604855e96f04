"""The first step: what the file is, how it is read, and its first rows as they read."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QTableView, QVBoxLayout, QWidget

from clinic_app.exchange.table_file import ENCODINGS, SEPARATORS, TableKind
from clinic_app.terms import ImportKind
from clinic_app.ui.importing.step import ImportStep
from clinic_app.ui.importing.wording import ABOUT_KINDS, KINDS, counted, made_text
from clinic_app.ui.importing.work import ImportWork
from clinic_app.ui.theme import AROUND, BETWEEN, ROW_PX
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.headings import Heading, Muted
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.value_fields import ChoiceField

_SHOWN = 20
_BUNDLE = "A FHIR bundle. Its patients come in with their diagnoses, allergies, conditions and medicines. "
_WIDEST = 260
_SIGNS = {",": "Comma  ,", ";": "Semicolon  ;", "\t": "Tab", "|": "Bar  |", ":": "Colon  :", " ": "Space"}
_ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "windows-1252": "Windows-1252 (Western)"}
_NOWHERE = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class FileStep(ImportStep):
    """Nothing here is written anywhere."""

    title = "File"

    def __init__(self, work: ImportWork, parent: QWidget | None = None) -> None:
        super().__init__(work, parent)
        self.kind = ChoiceField[ImportKind]("What stands in it", list(KINDS.items()), self)
        self.kind.changed.connect(self._kind_chosen)
        self.sheet = ChoiceField[str]("Sheet", (), self)
        self.encoding = ChoiceField[str]("Encoding", (), self, hint="Change it where letters look wrong.")
        self.separator = ChoiceField[str]("Cells are separated by", (), self)
        for field in (self.sheet, self.encoding, self.separator):
            field.changed.connect(self._read_again)
        self.before = Note(Level.WARN, self)
        self.problem = Note(Level.STOP, self)
        self.heading = Heading("", self)
        self.heading.setWordWrap(False)
        self.shown = Muted("", self)
        self.rows = FirstRows(self)
        self.table = QTableView(self)
        self.table.setModel(self.rows)
        self.table.setAccessibleName("The first rows of the file")
        self._dress_table()
        fields = QHBoxLayout()
        fields.setSpacing(BETWEEN)
        fields.addWidget(self.kind, 1)
        for field in (self.sheet, self.encoding, self.separator):
            fields.addWidget(field, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(AROUND)
        layout.addLayout(fields)
        layout.addWidget(self.problem)
        layout.addWidget(self.before)
        layout.addWidget(self.shown)
        layout.addWidget(self.table, 1)

    def show_work(self) -> None:
        """The file as it was read, and how."""
        work = self.work
        if work.file is None:
            return
        table = work.file.table
        self.problem.say("")
        self.kind.set_value(work.choices.kind)
        self.kind.set_hint(ABOUT_KINDS[work.choices.kind])
        self.sheet.set_choices([(name, name) for name in table.sheets])
        self.sheet.set_value(table.sheet)
        self.sheet.setVisible(len(table.sheets) > 1)
        text, bundle = table.kind is TableKind.CSV, table.kind is TableKind.FHIR
        self.kind.setVisible(not bundle)
        self.encoding.set_choices(
            [(name, _ENCODINGS.get(name, name)) for name in dict.fromkeys((table.encoding, *ENCODINGS))]
        )
        self.encoding.set_value(table.encoding)
        self.separator.set_choices([(sign, _SIGNS.get(sign, sign)) for sign in _with(table.separator, SEPARATORS)])
        self.separator.set_value(table.separator)
        self.encoding.setVisible(text)
        self.separator.setVisible(text)
        before = None if work.preview is None else work.preview.before
        self.before.say(
            f"This very file is on record already: it was brought in on {made_text(before, work.zone)}. "
            "Bring it in again only if you know why."
            if before is not None
            else ""
        )
        more = len(table.rows) - _SHOWN
        self.shown.setText(
            (_BUNDLE if bundle else "")
            + f"{counted(len(table.rows), 'row')}, {counted(len(table.header), 'column')}. "
            + (f"The first {_SHOWN} as the program reads them:" if more > 0 else "As the program reads them:")
        )
        if self.rows.show_rows(table.header, [row.cells for row in table.rows[:_SHOWN]]):
            self.table.resizeColumnsToContents()
            for place in range(len(table.header)):
                if self.table.columnWidth(place) > _WIDEST:
                    self.table.setColumnWidth(place, _WIDEST)

    def say(self, problem: str) -> None:
        """Why it cannot be read in the way that was chosen; the way of before stands again."""
        self.show_work()
        self.problem.say(problem)

    def complete(self) -> bool:
        """Once it was read."""
        return self.work.file is not None

    def take_focus(self) -> None:
        """The kind of content is what the program can guess wrong."""
        first = self.table if self.kind.isHidden() else self.kind
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _kind_chosen(self) -> None:
        kind = self.kind.value()
        if kind is not None:
            self.kind.set_hint(ABOUT_KINDS[kind])
            self.work.choose_kind(kind)

    @Slot()
    def _read_again(self) -> None:
        self.work.read_again(
            sheet=self.sheet.value() or "",
            encoding=self.encoding.value() or "",
            separator=self.separator.value() or "",
        )

    def _dress_table(self) -> None:
        table = self.table
        table.setProperty("rows", True)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class FirstRows(QAbstractTableModel):
    """A few rows of any header."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._header: tuple[str, ...] = ()
        self._rows: list[tuple[str, ...]] = []

    def show_rows(self, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> bool:
        """Show these. False where they are shown already."""
        if header == self._header and list(rows) == self._rows:
            return False
        self.beginResetModel()
        self._header, self._rows = header, list(rows)
        self.endResetModel()
        return True

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """As many as the file has."""
        return 0 if parent.isValid() else len(self._header)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What stands in a cell, whole in its tooltip."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        text = self._rows[index.row()][index.column()]
        return " ".join(text.split()) if role == Qt.ItemDataRole.DisplayRole else text[:1000]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """How a column is called in the file."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._header[section]
        return None


def _with(sign: str, signs: Sequence[str]) -> list[str]:
    return list(dict.fromkeys((sign, *signs))) if sign else list(signs)
