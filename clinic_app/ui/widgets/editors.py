"""The bare editors inside the fields."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QWidget,
)

from clinic_app.ui.icons import icon
from clinic_app.ui.theme import INSIDE, TIGHT, current_theme
from clinic_app.ui.widgets.headings import set_text_color
from clinic_app.ui.widgets.palette import on_palette_change


class InlineButton(QToolButton):
    """A small icon button inside an editor, reached by the mouse; the keyboard has another way to the same."""

    def __init__(self, icon_name: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setIconSize(QSize(16, 16))
        self.setFixedSize(24, 24)
        self.set_icon(icon_name, name)

    def set_icon(self, icon_name: str, name: str) -> None:
        """Another icon with its name."""
        self.setIcon(icon(icon_name))
        self.setAccessibleName(name)
        self.setToolTip(name)


class InsetLineEdit(QLineEdit):
    """A line edit with a unit, an icon or a button inside."""

    def __init__(self, parent: QWidget | None = None, *, unit: str = "") -> None:
        super().__init__(parent)
        self._unit = QLabel(unit, self)
        self._unit.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._unit.setVisible(bool(unit))
        self._leading: QWidget | None = None
        self._button: InlineButton | None = None
        on_palette_change(self._unit, self._tint)
        self._make_room()

    def set_unit(self, unit: str) -> None:
        """Show another unit at the right, or none."""
        self._unit.setText(unit)
        self._unit.setVisible(bool(unit))
        self._make_room()

    def unit(self) -> str:
        """The unit shown inside."""
        return self._unit.text()

    def add_icon_button(self, icon_name: str, name: str) -> InlineButton:
        """A button inside at the right."""
        self._button = InlineButton(icon_name, name, self)
        self._make_room()
        return self._button

    def set_leading(self, widget: QWidget) -> None:
        """Show a small widget, such as a magnifier, before the text."""
        widget.setParent(self)
        self._leading = widget
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is inside at its place."""
        super().resizeEvent(event)
        self._place()

    def _make_room(self) -> None:
        right = left = 0
        if self._unit.text():
            right += self._unit.sizeHint().width() + TIGHT
        if self._button is not None:
            right += self._button.width()
        if self._leading is not None:
            left = self._leading.sizeHint().width() + 6
        self.setTextMargins(left, 0, right, 0)
        self._place()

    def _place(self) -> None:
        right = self.width() - INSIDE
        if self._button is not None:
            right = self.width() - TIGHT - self._button.width()
            self._button.move(right, (self.height() - self._button.height()) // 2)
            right -= TIGHT
        size = self._unit.sizeHint()
        self._unit.setGeometry(right - size.width(), (self.height() - size.height()) // 2, size.width(), size.height())
        if self._leading is not None:
            size = self._leading.sizeHint()
            self._leading.setGeometry(INSIDE, (self.height() - size.height()) // 2, size.width(), size.height())

    def _tint(self) -> None:
        set_text_color(self._unit, current_theme().muted)


class TabbedTextEdit(QPlainTextEdit):
    """Several lines of plain text as high as the lines asked for; Tab leaves it."""

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setTabChangesFocus(True)
        self.setMinimumHeight(self.sizeHint().height())

    def sizeHint(self) -> QSize:
        """As high as the lines asked for."""
        return QSize(240, self.fontMetrics().lineSpacing() * self._lines + 18)


class CalmComboBox(QComboBox):
    """A combo box that the mouse wheel only turns while it has the focus, so that scrolling a form changes nothing.

    What does not fit ends in an ellipsis; Qt alone would cut through a letter.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(14)
        # Shorter than its longest choice is better than a form wider than its column.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn only with the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def text_shown(self) -> str:
        """The chosen text as far as there is room for it."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        field = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        return self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, field.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text as far as there is room for it."""
        if self.isEditable() or self.currentIndex() < 0:
            super().paintEvent(event)
            return
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.text_shown()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
