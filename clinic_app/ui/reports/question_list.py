"""The questions at the left: each with a sentence that says what it answers; last the way out for research."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from clinic_app.services.reports_data import TITLES, Question
from clinic_app.ui.reports.wording import ASKS, RESEARCH
from clinic_app.ui.theme import BASE_PX, INSIDE, RADIUS, TIGHT, base_font, current_theme, heading_font

WIDTH = 248
_ROW = 70
_QUESTION = Qt.ItemDataRole.UserRole


class QuestionList(QListWidget):
    """The arrow keys go from one question to the next."""

    chosen = Signal(object)
    """Carries the ``Question``, or None for the export."""

    def __init__(self, parent: QWidget | None = None, *, exports: bool = False) -> None:
        """``exports`` offers the export for research below the questions."""
        super().__init__(parent)
        self.setProperty("pages", True)
        self.setAccessibleName("Reports")
        self.setFixedWidth(WIDTH)
        self.setSpacing(1)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Delegate(self))
        for question in Question:
            self._add(TITLES[question], ASKS[question], question.value)
        if exports:
            self._add(*RESEARCH, "")
        self.setCurrentRow(0)
        self.currentItemChanged.connect(self._changed)

    def question(self) -> Question | None:
        """The chosen one; None while it is the export."""
        value = self.currentItem().data(_QUESTION)
        return Question(value) if value else None

    def choose(self, question: Question) -> None:
        """Choose one as a click does."""
        self.setCurrentRow(list(Question).index(question))

    def choose_export(self) -> None:
        """Choose the export as a click does, where it is offered."""
        if self.count() > len(Question):
            self.setCurrentRow(len(Question))

    def _add(self, title: str, sentence: str, value: str) -> None:
        item = QListWidgetItem(title, self)
        item.setData(_QUESTION, value)
        item.setToolTip(sentence)
        item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, sentence)
        item.setSizeHint(QSize(0, _ROW))

    @Slot()
    def _changed(self) -> None:
        self.chosen.emit(self.question())


class _Delegate(QStyledItemDelegate):
    """Paints title and sentence."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme = current_theme()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = theme.accent_soft if chosen else theme.hover if state & QStyle.StateFlag.State_MouseOver else ""
        if ground:
            focused = chosen and bool(state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(QPen(QColor(theme.accent), 2) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(rect.toRectF().adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        inside = rect.adjusted(INSIDE + 2, INSIDE, -INSIDE, -TIGHT)
        painter.setFont(heading_font(BASE_PX))
        painter.setPen(QColor(theme.accent if chosen else theme.text))
        painter.drawText(inside, Qt.AlignmentFlag.AlignTop, str(index.data()))
        words = base_font()
        words.setPixelSize(BASE_PX - 1)
        painter.setFont(words)
        painter.setPen(QColor(theme.text if chosen else theme.muted))
        below = inside.adjusted(0, 20, 0, 0)
        flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(below, flags, str(index.data(Qt.ItemDataRole.AccessibleDescriptionRole)))
        painter.restore()
