"""The left column: find a patient by anything known of them, or register a new one."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from clinic_app.errors import ClinicError
from clinic_app.services.access import Act
from clinic_app.services.patient_data import PatientRow
from clinic_app.services.patients import SHOWN_AT_ONCE
from clinic_app.services.saved_lists import ShownList
from clinic_app.ui.locale import date_text, numeric_date_text
from clinic_app.ui.patients.parts import clear_layout
from clinic_app.ui.patients.words import STATUSES, row_detail, row_marks, shortened, told
from clinic_app.ui.theme import BETWEEN, INSIDE, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import LinkButton, PlainButton
from clinic_app.ui.widgets.empty import EmptyState
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.list_menu import ListMenu, list_of
from clinic_app.ui.widgets.loading import Skeleton
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.search import AT_ONCE, SearchField
from clinic_app.ui.widgets.tables import Column
from clinic_app.ui.workplace import Workplace

WIDTH = 340
ROW_HEIGHT = 50
_NOWHERE = QModelIndex()
_ROW = Qt.ItemDataRole.UserRole
_COLUMNS: tuple[Column[PatientRow], ...] = (
    Column("Name", lambda row: row.name),
    Column("Birth date", lambda row: date_text(row.birth_date), lambda row: row.birth_date),
    Column("Record number", lambda row: row.record_number),
    Column("Status", lambda row: STATUSES[row.status]),
)
"""Of a list that is saved; on the screen the same stands in two lines."""


class PatientRows(QAbstractListModel):
    """The result list's model; it is told its rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: tuple[PatientRow, ...] = ()
        self._today = date.min

    def set_rows(self, rows: Sequence[PatientRow], today: date) -> None:
        """Show these rows."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self._today = today
        self.endResetModel()

    def rows(self) -> tuple[PatientRow, ...]:
        """The rows shown."""
        return self._rows

    def detail(self, number: int) -> str:
        """The quiet line of a row."""
        return row_detail(self._rows[number], self._today)

    def place_of(self, patient_id: int) -> int | None:
        """Where a patient is shown."""
        return next((number for number, row in enumerate(self._rows) if row.id == patient_id), None)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """How many rows are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name, or the whole line for tooltips and screen readers."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == _ROW:
            return row
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(filter(None, (row.name, self.detail(index.row()), row_marks(row).lower())))
        return None


class _TwoLines(QStyledItemDelegate):
    """Name above, birth date and record number below; what stands out at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Every row has the same height."""
        return QSize(100, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the ground and the two lines."""
        theme = current_theme()
        row: PatientRow = index.data(_ROW)
        model = index.model()
        assert isinstance(model, PatientRows)
        rect: QRect = option.rect
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_soft if chosen else theme.hover))
            painter.drawRoundedRect(QRectF(rect).adjusted(4, 1, -4, -1), 6, 6)
        inside = rect.adjusted(16, 6, -16, -6)
        right = inside.right()
        marks = row_marks(row)
        if marks:
            width = painter.fontMetrics().horizontalAdvance(marks)
            painter.setPen(QColor(theme.text if chosen else theme.muted))
            place = QRect(right - width, inside.top(), width + 1, inside.height() // 2)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, marks)
            right -= width + INSIDE
        font = QFont(painter.font())
        font.setWeight(QFont.Weight.DemiBold)
        quiet = QFont(painter.font())
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        top = QRect(inside.left(), inside.top(), right - inside.left(), inside.height() // 2)
        name = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, top.width())
        painter.drawText(top, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        painter.setFont(quiet)
        # The muted grey is too faint on the ground of the selection.
        painter.setPen(QColor(theme.text if chosen else theme.muted))
        below = QRect(inside.left(), top.bottom() + 1, inside.width(), inside.height() // 2)
        detail = painter.fontMetrics().elidedText(model.detail(index.row()), Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, detail)
        painter.restore()


class _ResultList(QListView):
    """Arrows move, Enter or a click opens, a press by assistive technology too; Up on the first row goes back."""

    opened = Signal(QModelIndex)
    left_upwards = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens on every platform; Up leaves at the top."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Hear of what assistive technology selects."""
        super().selectionChanged(selected, deselected)
        QTimer.singleShot(0, self, self._open_if_selected_from_outside)

    @Slot()
    def _open_if_selected_from_outside(self) -> None:
        # To press a row from outside is to select it and leave the cursor where it was; keys and mouse move both.
        chosen = self.selectionModel().selectedIndexes()
        if len(chosen) == 1 and chosen[0] != self.currentIndex():
            self.setCurrentIndex(chosen[0])
            self.opened.emit(chosen[0])


class Finder(QWidget):
    """Search as you type, the answers, and the way to a new patient."""

    chosen = Signal(int)
    """The patient to open."""
    new_requested = Signal()
    unfinished_chosen = Signal(object)
    """The patient id of a form with unsaved typing; None for the new patient."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._shown_id: int | None = None
        self._asking = False
        self._enter_waits = False
        self.setFixedWidth(WIDTH)
        self.search = SearchField("Name, birth date or record number", self, pause_ms=AT_ONCE)
        self.new_button = PlainButton("New patient", self, icon="plus")
        self.new_button.setToolTip("New patient (Ctrl+N)")
        self.new_button.setVisible(workplace.may(Act.REGISTER))
        self.caption = Muted("", self)
        self.problem = Note(Level.WARN, self)
        self.model = PatientRows(self)
        self.list = _ResultList(self)
        self.empty = EmptyState("users", "", self.list)
        self._skeleton = Skeleton(self.list.viewport(), row_height=ROW_HEIGHT)
        self._unfinished = QVBoxLayout()
        self._build()
        self.search.searched.connect(self._ask)
        self.search.moved_down.connect(self.enter_list)
        self.search.submitted.connect(self._take_first)
        self.new_button.clicked.connect(self.new_requested)
        self.empty.action_requested.connect(self.new_requested)
        self.list.opened.connect(self._open)
        self.list.clicked.connect(self._open)
        self.list.left_upwards.connect(self.focus_search)
        self.ask_again()

    def rows(self) -> tuple[PatientRow, ...]:
        """The patients shown."""
        return self.model.rows()

    def shown_list(self) -> ShownList:
        """The patients shown, for a file."""
        return list_of(self.list.accessibleName(), "patients", _COLUMNS, self.rows())

    def show_selected(self, patient_id: int | None) -> None:
        """Mark the patient whose page is open, where the list holds them."""
        self._shown_id = patient_id
        place = None if patient_id is None else self.model.place_of(patient_id)
        if place is None:
            self.list.clearSelection()
        elif self.list.currentIndex().row() != place or not self.list.selectionModel().hasSelection():
            self.list.setCurrentIndex(self.model.index(place))
            self.list.scrollTo(self.model.index(place))

    def show_unfinished(self, forms: Sequence[tuple[int | None, str]]) -> None:
        """Offer the way back to forms with unsaved typing."""
        clear_layout(self._unfinished)
        for patient_id, name in forms:
            button = LinkButton(f"Unsaved: {shortened(name, 32)}", self, icon="pencil")
            button.setToolTip(f"Go back to what was typed: {name}")
            button.setProperty("patient_id", patient_id)
            button.clicked.connect(self._open_unfinished)
            self._unfinished.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    @Slot()
    def focus_search(self) -> None:
        """Put the cursor into the search and select what stands there."""
        self.search.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.editor.selectAll()

    @Slot()
    def enter_list(self) -> None:
        """Go into the list."""
        if self.model.rowCount():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.model.index(0))

    def ask_again(self) -> None:
        """Ask the present question again after something changed."""
        self._look_up(self.search.text())

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Keep the empty state over the list."""
        if watched is self.list.viewport() and isinstance(event, QResizeEvent):
            self.empty.setGeometry(self.list.viewport().geometry())
            self._keep_chosen_in_sight(event.oldSize().height())
        return False

    def _keep_chosen_in_sight(self, height_before: int) -> None:
        # The banner takes its room when the first patient is opened; the row that was clicked must not slip below.
        index = self.list.currentIndex()
        place = self.list.visualRect(index)
        if index.isValid() and place.top() >= 0 and place.bottom() <= height_before:
            self.list.scrollTo(index)

    def _build(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(_TwoLines(self.list))
        self.list.setAccessibleName("Patients found")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setObjectName("patients-found")
        self.list.setStyleSheet("#patients-found { background: transparent; border: none; }")
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.viewport().installEventFilter(self)
        self.list_menu = ListMenu(self.list, self.shown_list)
        self._unfinished.setContentsMargins(0, 0, 0, 0)
        self._unfinished.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(BETWEEN, BETWEEN, BETWEEN, 0)
        top.setSpacing(INSIDE)
        top.addWidget(self.search)
        line = QHBoxLayout()
        line.addWidget(self.caption, 1)
        line.addWidget(self.new_button)
        top.addLayout(line)
        top.addLayout(self._unfinished)
        top.addWidget(self.problem)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, INSIDE)
        layout.setSpacing(BETWEEN)
        layout.addLayout(top)
        layout.addWidget(self.list, 1)

    @Slot(str)
    def _ask(self, text: str) -> None:
        self._enter_waits = False
        self._look_up(text)

    def _look_up(self, text: str) -> None:
        actor, patients = self._workplace.actor, self._workplace.services.patients
        self._asking = True
        if not self.model.rowCount():
            self.empty.hide()
            self._skeleton.start()
        self._workplace.tasks.ask("patients.search", lambda: patients.search(actor, text), self._show, self._failed)

    def _show(self, rows: tuple[PatientRow, ...]) -> None:
        self._asking = False
        self._skeleton.stop()
        self.problem.say("")
        before = self.list.verticalScrollBar().value()
        if rows != self.model.rows():
            self.model.set_rows(rows, self._workplace.today())
            self.show_selected(self._shown_id)
            self.list.verticalScrollBar().setValue(before)
        typed = self.search.text()
        count = len(rows)
        if not typed:
            self.caption.setText("Registered last" if rows else "")
        elif count >= SHOWN_AT_ONCE:
            self.caption.setText(f"First {count}; type more")
        else:
            self.caption.setText(_how_many(rows))
        self.empty.setVisible(not rows)
        may_register = self._workplace.may(Act.REGISTER)
        example = numeric_date_text(date(1961, 3, 12))
        if typed:
            self.empty.set_sentence(
                f"Nobody fits. Try a part of the name, the birth date ({example}) or the record number."
            )
        else:
            self.empty.set_sentence("No patients yet. Register the first one.")
        self.empty.set_action("New patient" if may_register else "")
        if self._enter_waits:
            self._enter_waits = False
            self._take_answer()

    def _failed(self, error: ClinicError) -> None:
        self._asking = self._enter_waits = False
        self._skeleton.stop()
        self.problem.say(told(error))

    @Slot(str)
    def _take_first(self, _text: str) -> None:
        # Enter may come before the answer to what was typed: the list still shows somebody else.
        if self._asking:
            self._enter_waits = True
        else:
            self._take_answer()

    def _take_answer(self) -> None:
        """The only one who fits is what Enter means; of several, or of similar names, the person chooses."""
        fitting = [row.id for row in self.rows() if not row.alike]
        if len(fitting) == 1:
            self.chosen.emit(fitting[0])
        else:
            self.enter_list()

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.chosen.emit(self.rows()[index.row()].id)

    @Slot()
    def _open_unfinished(self) -> None:
        button = self.sender()
        if isinstance(button, LinkButton):
            self.unfinished_chosen.emit(button.property("patient_id"))


def _how_many(rows: Sequence[PatientRow]) -> str:
    similar = sum(row.alike for row in rows)
    fitting = len(rows) - similar
    told = [f"{fitting} {'patient' if fitting == 1 else 'patients'}"] if fitting or not similar else []
    if similar:
        told.append(f"{similar} similar {'name' if similar == 1 else 'names'}")
    return ", ".join(told)
