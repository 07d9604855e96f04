"""Small parts that the patient's pages share: facts with their names, notices, lines with a way on."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from clinic_app.terms import Severity
from clinic_app.ui.icons import LEVEL_ICONS, pixmap
from clinic_app.ui.patients.words import SEVERITIES
from clinic_app.ui.theme import BETWEEN, INSIDE, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.palette import on_palette_change
from clinic_app.ui.widgets.sections import Scroll
from clinic_app.ui.wording import breakable


def clear_layout(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    while (item := layout.takeAt(0)) is not None:
        inside = item.layout()
        if inside is not None:
            clear_layout(inside)
        widget = item.widget()
        if widget is not None:
            widget.hide()  # without a parent it would be styled anew for its last moment
            widget.deleteLater()


def plain_label(text: str, parent: QWidget | None = None) -> QLabel:
    """Wrapping text that can be selected and copied; never read as HTML."""
    label = QLabel(breakable(text), parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setMinimumWidth(40)
    return label


class FactList(QWidget):
    """Names at the left, what is known at the right; what is not known is left out."""

    def __init__(self, parent: QWidget | None = None, *, label_width: int = 128, nothing: str = "") -> None:
        super().__init__(parent)
        self._nothing = nothing
        self._facts: tuple[tuple[str, str], ...] | None = None
        self._lines: list[tuple[Muted, QLabel]] = []
        self._none = Muted(nothing, self, wrap=True)
        self._none.hide()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(BETWEEN)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnMinimumWidth(0, label_width)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._none, 0, 0, 1, 2)

    def set_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show these facts; the same facts again leave everything where it is."""
        known = tuple((name, text) for name, text in facts if text)
        if known == self._facts:
            return
        self._facts = known
        self._none.setVisible(not known and bool(self._nothing))
        while len(self._lines) < len(known):
            self._lines.append(self._new_line(len(self._lines)))
        # The lines of the last patient say what is known of this one: to make them anew takes much longer.
        for (caption, shown), (name, text) in zip(self._lines, known, strict=False):
            caption.setText(name)
            shown.setText(breakable(text))
            shown.setAccessibleName(f"{name}: {text}")
        for number, line in enumerate(self._lines):
            for label in line:
                label.setVisible(number < len(known))

    def _new_line(self, number: int) -> tuple[Muted, QLabel]:
        caption, shown = Muted("", self, wrap=True), plain_label("", self)
        self._grid.addWidget(caption, number, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(shown, number, 1, Qt.AlignmentFlag.AlignTop)
        return caption, shown

    def facts(self) -> tuple[tuple[str, str], ...]:
        """What is shown."""
        return self._facts or ()


def tight_link(text: str, parent: QWidget, *, icon: str = "") -> LinkButton:
    """A link in a line of text, no higher than the text."""
    button = LinkButton(text, parent, icon=icon)
    button.setProperty("tight", True)
    return button


class LooseEnd(QWidget):
    """A line that something is still to do, with the way there."""

    def __init__(
        self, level: Level, text: str, action: str, run: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._level = level
        self._picture = QLabel(self)
        self.text = text
        self.button = tight_link(action, self)
        self.button.clicked.connect(run)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(plain_label(text, self))
        words.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        on_palette_change(self, self._tint)

    def _tint(self) -> None:
        color, _, soft = current_theme().level(self._level)
        self._picture.setPixmap(pixmap(LEVEL_ICONS[self._level], color, 16, self.devicePixelRatioF(), ink=soft))


class SeverityDelegate(QStyledItemDelegate):
    """Draws the severity of a row as word, colour and as many bars as it is bad."""

    def __init__(self, severity_of: Callable[[int], Severity | None], parent: QWidget) -> None:
        super().__init__(parent)
        self._severity_of = severity_of

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the ground of the row and the pill."""
        own = QStyleOptionViewItem(option)
        self.initStyleOption(own, index)
        own.text = ""
        view: QWidget = own.widget
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, own, painter, view)
        severity = self._severity_of(index.row())
        if severity is not None:
            rect: QRect = option.rect
            paint_severity(painter, rect.adjusted(8, 3, -4, -3), severity)


def paint_severity(painter: QPainter, place: QRect, severity: Severity) -> None:
    """A pill with three bars and the word."""
    color, soft = current_theme().severity(severity)
    word = SEVERITIES[severity]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width = min(place.width(), painter.fontMetrics().horizontalAdvance(word) + 36)
    ground = QRectF(place.left(), place.top() + 0.5, width, place.height() - 1)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(soft))
    painter.drawRoundedRect(ground, ground.height() / 2, ground.height() / 2)
    bars = {Severity.MILD: 1, Severity.MODERATE: 2}.get(severity, 3)
    for bar in range(3):
        height = 4 + 3.5 * bar
        shade = QColor(color)
        if bar >= bars:
            shade.setAlphaF(0.28)
        painter.setBrush(shade)
        painter.drawRoundedRect(
            QRectF(ground.left() + 8 + bar * 4.5, ground.center().y() + 5 - height, 3, height), 1, 1
        )
    painter.setPen(QColor(color))
    painter.drawText(ground.adjusted(26, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word)
    painter.restore()


class Quiet(Scroll):
    """A scroll area without a ground of its own that keeps its place when its content is filled again."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(content, parent)
        content.setAutoFillBackground(False)  # setWidget has switched it on

    def keeping_place(self, fill: Callable[[], object]) -> None:
        """Fill the content and scroll back to where the person was."""
        bar = self.verticalScrollBar()
        before = bar.value()
        fill()
        content = self.widget()
        if content is not None:
            _settle(content)  # the scroll bar must know the new height before it is set
        bar.setValue(before)


def _settle(widget: QWidget) -> None:
    """Lay out what lies inside first; else the page is painted in its old height, and then once more."""
    layout = widget.layout()
    if layout is None:
        return
    for inside in widget.children():
        if isinstance(inside, QWidget) and not inside.isHidden():
            _settle(inside)
    layout.activate()


class Page(QWidget):
    """The content of a tab: one column of parts that scrolls as a whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inside = QWidget()
        self.content = QVBoxLayout(inside)
        self.content.setContentsMargins(16, BETWEEN, 16, 16)
        self.content.setSpacing(BETWEEN)
        self.scroll_area = Quiet(inside, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.scroll_area)
