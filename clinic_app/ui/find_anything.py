"""Ctrl+K: one line that finds patients, muscles and commands."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from clinic_app.ui.icons import icon
from clinic_app.ui.tasks import Tasks
from clinic_app.ui.theme import INSIDE, ROW_PX, current_theme
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.search import AT_ONCE, SearchField

_WIDTH = 560
_MOST_PER_PROVIDER = 8
_DETAIL = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found and what choosing it does."""

    title: str
    run: Callable[[], object]
    detail: str = ""
    icon: str = "arrow-right"


Provider = Callable[[str], list[Found]]


class _DetailAtRight(QStyledItemDelegate):
    """Paints the detail of a line muted at its right end."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        detail = str(index.data(_DETAIL) or "")
        rect: QRect = option.rect
        metrics = QFontMetrics(painter.font())
        width = min(metrics.horizontalAdvance(detail) + 4, rect.width() // 2)
        super().paint(painter, option, index)
        painter.setPen(QColor(current_theme().muted))
        place = rect.adjusted(rect.width() - width - 8, 0, -8, 0)
        text = metrics.elidedText(detail, Qt.TextElideMode.ElideRight, width)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


class FindAnything(QWidget):
    """Floats over the window's content; Enter runs the chosen line, Esc goes back to where the person was."""

    def __init__(self, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._window = parent
        self._quick: list[Provider] = []
        self._slow: list[Provider] = []
        self._found: list[Found] = []
        self._answers: dict[int, list[Found]] = {}
        self._focus_before: QWidget | None = None
        self.setAccessibleName("Find anything")
        self.search = SearchField("Find a patient, a muscle or a command", self, pause_ms=AT_ONCE)
        self.list = QListWidget(self)
        self.list.setAccessibleName("Found")
        self.list.setIconSize(QSize(16, 16))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the line keeps the focus; arrows move the choice
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(_DetailAtRight(self.list))
        self._nothing = Muted("Nothing found.", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(INSIDE, INSIDE, INSIDE, INSIDE)
        layout.setSpacing(INSIDE)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        layout.addWidget(self._nothing)
        self.search.searched.connect(self._ask)
        self.search.submitted.connect(self._run_chosen)
        self.list.itemClicked.connect(self._run_chosen)
        self.search.editor.installEventFilter(self)
        self.hide()

    def add_provider(self, provider: Provider, *, slow: bool = False) -> None:
        """Ask ``provider`` too. ``slow`` ones are services: they are asked on the database lane."""
        (self._slow if slow else self._quick).append(provider)

    def open(self) -> None:
        """Show it empty, with the focus in its line."""
        self._focus_before = QApplication.focusWidget()
        self.search.set_text("")
        self._ask("")
        self._place()
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def close_and_return(self) -> None:
        """Hide it and give the focus back."""
        for number in range(len(self._slow)):
            self._tasks.drop(f"find anything {number}")
        before = self._focus_before
        self._focus_before = None
        self.hide()
        if before is not None and before.isVisible():
            before.setFocus()

    def found(self) -> list[Found]:
        """What is listed."""
        return list(self._found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move the choice, Esc closes, leaving the line closes."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.close_and_return()
                return True
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                self._move(step)
                return True
        # Esc is also the window's "back"; while this is open it is ours.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
        elif event.type() == QEvent.Type.FocusOut and self.isVisible() and not self.underMouse():
            self.hide()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the floating surface."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.control_border), 1))
        painter.setBrush(QColor(theme.floating))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    @Slot(str)
    def _ask(self, text: str) -> None:
        self._answers = {number: provider(text) for number, provider in enumerate(self._quick)}
        for number, provider in enumerate(self._slow):
            self._ask_slowly(number, provider, text)
        self._show_answers()

    def _ask_slowly(self, number: int, provider: Provider, text: str) -> None:
        def work() -> list[Found]:
            return provider(text)

        def done(found: list[Found]) -> None:
            # The slow ones, patients above all, stand first.
            self._answers[number - len(self._slow)] = found
            self._show_answers()

        if text:
            self._tasks.ask(f"find anything {number}", work, done, owner=self)
        else:
            self._tasks.drop(f"find anything {number}")

    def _show_answers(self) -> None:
        self._found = [
            found for number in sorted(self._answers) for found in self._answers[number][:_MOST_PER_PROVIDER]
        ]
        self.list.clear()
        for found in self._found:
            item = QListWidgetItem(icon(found.icon), found.title)
            item.setData(_DETAIL, found.detail)
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, f"{found.title}, {found.detail}" if found.detail else found.title
            )
            item.setSizeHint(QSize(0, ROW_PX))
            self.list.addItem(item)
        if self._found:
            self.list.setCurrentRow(0)
        self.list.setVisible(bool(self._found))
        self._nothing.setVisible(not self._found and bool(self.search.text()))
        self.list.setFixedHeight(min(len(self._found), 12) * ROW_PX + 2)
        self._place()

    def _place(self) -> None:
        self.setFixedWidth(_WIDTH)
        self.adjustSize()
        self.move((self._window.width() - _WIDTH) // 2, 64)

    def _move(self, step: int) -> None:
        if self._found:
            self.list.setCurrentRow((self.list.currentRow() + step) % len(self._found))

    @Slot()
    def _run_chosen(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._found):
            run = self._found[row].run
            self.close_and_return()
            run()
