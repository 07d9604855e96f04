"""The weeks ahead as a picture: who comes due against what is free, so that an overfull week is seen months before."""

from datetime import date

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from clinic_app.services.capacity_data import CapacityAhead, WeekAhead
from clinic_app.ui.icons import pixmap
from clinic_app.ui.schedule.ahead_model import figures, headline
from clinic_app.ui.schedule.ahead_painting import AheadPainter
from clinic_app.ui.schedule.swatches import Legend, Swatch
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, current_theme
from clinic_app.ui.widgets.headings import Heading, Muted
from clinic_app.ui.widgets.palette import on_palette_change

_ICON = 20


class AheadChart(QWidget):
    """A column for each week. Left and Right go from week to week, Enter goes to the week."""

    week_chosen = Signal(object)
    """A click or Enter: the first day of the week."""
    week_looked_at = Signal(object)
    """The ``WeekAhead`` under the mouse, else the one the keyboard is at; None without any."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weeks: tuple[WeekAhead, ...] = ()
        self._current = 0
        self._hovered: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(420, 240))
        self.setAccessibleName("Weeks ahead")

    def set_weeks(self, weeks: tuple[WeekAhead, ...]) -> None:
        """Show these weeks, the current one first. The keyboard stays at its week while that is there."""
        before = self.current()
        self._weeks = weeks
        days = [week.first_day for week in weeks]
        self._current = days.index(before.first_day) if before is not None and before.first_day in days else 0
        self._hovered = None
        self._tell()

    def current(self) -> WeekAhead | None:
        """The week the keyboard is at."""
        return self._weeks[self._current] if self._weeks else None

    def week_place(self, first_day: date) -> QRectF | None:
        """Where a week is."""
        days = [week.first_day for week in self._weeks]
        return self._painter().column(days.index(first_day)) if first_day in days else None

    def words(self, week: WeekAhead) -> str:
        """A week's figures in words."""
        return figures(week, current=week is self._weeks[0])

    def sizeHint(self) -> QSize:
        """Room for half a year."""
        return QSize(840, 420)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the columns."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(current_theme().surface))
        scale = painter.deviceTransform().m11()
        self._painter().paint(painter, self._current, self._hovered, focused=self.hasFocus(), scale=scale)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to a week."""
        number = self._painter().at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self._current = number
            self._tell()
            self.week_chosen.emit(self._weeks[number].first_day)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the figures of the week under the mouse."""
        self._hover(self._painter().at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is gone; the keyboard's week is told again."""
        self._hover(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the weeks."""
        key, last = Qt.Key(event.key()), len(self._weeks) - 1
        target = {
            Qt.Key.Key_Left: self._current - 1,
            Qt.Key.Key_Right: self._current + 1,
            Qt.Key.Key_PageUp: self._current - 4,
            Qt.Key.Key_PageDown: self._current + 4,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }.get(key)
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        week = self.current()
        if held != Qt.KeyboardModifier.NoModifier or week is None:
            super().keyPressEvent(event)  # Alt+Left and its like are the toolbar's
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.week_chosen.emit(week.first_day)
        elif target is not None:
            self._current = min(max(0, target), last)
            self._hovered = None
            self._tell()
            said = self.words(self._weeks[self._current])
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that it is gone."""
        super().focusOutEvent(event)
        self.update()

    def _painter(self) -> AheadPainter:
        return AheadPainter(self._weeks, QRectF(self.rect()), current_theme())

    def _hover(self, number: int | None) -> None:
        if number != self._hovered:
            self._hovered = number
            shape = Qt.CursorShape.ArrowCursor if number is None else Qt.CursorShape.PointingHandCursor
            self.setCursor(shape)
            self._tell()

    def _tell(self) -> None:
        week = self.current()
        self.setAccessibleDescription("" if week is None else self.words(week))
        self.week_looked_at.emit(week if self._hovered is None else self._weeks[self._hovered])
        self.update()


class AheadView(QWidget):
    """A sentence, the picture, the figures of one week in words, and the legend. It is told its rows."""

    week_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = AheadChart(self)
        self.headline = Heading("", self)
        self.headline.setWordWrap(True)
        self.figures = QLabel("", self)
        self.figures.setTextFormat(Qt.TextFormat.PlainText)
        self.figures.setWordWrap(True)
        self._counted = Muted("", self, wrap=True)
        self._legend = Legend(self)
        self._picture = QLabel(self)
        self._overfull = False
        self.setFocusProxy(self.chart)
        self._lay_out()
        self.chart.week_chosen.connect(self.week_chosen)
        self.chart.week_looked_at.connect(self._show_figures)
        on_palette_change(self, self._tint)

    def set_ahead(self, data: CapacityAhead) -> None:
        """Show the weeks ahead."""
        self.headline.setText(headline(data))
        self._overfull = any(week.overfull for week in data.weeks)
        free = f"Free places of {data.place_minutes} min" if data.place_minutes else "Free places"
        self._legend.set_entries(
            [
                (Swatch.BOOKED, "Injections booked"),
                (Swatch.FREE, free),
                (Swatch.DUE, "Due, not booked"),
                (Swatch.TOO_MANY, "Due, but no place free"),
            ]
        )
        self.chart.set_weeks(data.weeks)
        self._tint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground."""
        QPainter(self).fillRect(self.rect(), QColor(current_theme().surface))

    def _lay_out(self) -> None:
        self._counted.setText(
            "Due is the last injection plus the interval of its plan, else the patient's usual, else 12 weeks; only the"
            " next cycle counts. Free places do not say whether a room or device is free too."
        )
        top = QHBoxLayout()
        top.setSpacing(INSIDE)
        top.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.headline, 1)
        # Two lines kept: the picture must not jump when a week's words are longer.
        self.figures.setMinimumHeight(2 * self.figures.fontMetrics().lineSpacing())
        self.figures.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(AROUND, AROUND, AROUND, BETWEEN)
        layout.setSpacing(INSIDE)
        layout.addLayout(top)
        layout.addWidget(self.figures)
        layout.addWidget(self.chart, 1)
        layout.addWidget(self._legend)
        layout.addWidget(self._counted)

    def _show_figures(self, week: WeekAhead | None) -> None:
        self.figures.setText("" if week is None else self.chart.words(week))

    def _tint(self) -> None:
        theme = current_theme()
        self._picture.setVisible(self._overfull)
        self._picture.setPixmap(pixmap("warn-filled", theme.warn, _ICON, self.devicePixelRatioF(), theme.on_warn))
