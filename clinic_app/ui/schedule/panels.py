"""The frame of what stands at the right of the grid, and the small parts its pages share."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.booking_checks import AUTHORIZATION, PASSABLE, Clash
from clinic_app.terms import GONE, AppointmentState
from clinic_app.ui.icons import pixmap
from clinic_app.ui.schedule.states import ICONS, WORDS, state_colors
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, RADIUS, TIGHT, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import IconButton
from clinic_app.ui.widgets.fields import CheckField, TextField
from clinic_app.ui.widgets.headings import Heading
from clinic_app.ui.widgets.notes import Note
from clinic_app.ui.widgets.pills import Pill
from clinic_app.ui.widgets.sections import Hairline, Scroll
from clinic_app.ui.wording import told


@dataclass(frozen=True, slots=True)
class Passing:
    """With what a refusal is passed: the reason of who may book over a clash, and what anybody accepted.

    ``told`` are the codes of the clashes that stood there when the reason was typed: it counts for no other.
    """

    reason: str = ""
    accepted: tuple[str, ...] = ()
    told: frozenset[str] = frozenset()


class Panel(QWidget):
    """A page with a heading, content that scrolls, and a foot for the one main action. Esc closes it."""

    closed = Signal()

    def __init__(self, title: str, parent: QWidget | None = None, *, closable: bool = True) -> None:
        super().__init__(parent)
        self.heading = Heading(title, self)
        self.heading.setWordWrap(True)
        self.heading.setMinimumHeight(28)
        top = QHBoxLayout()
        top.setContentsMargins(AROUND, BETWEEN, INSIDE, TIGHT)
        top.addWidget(self.heading, 1)
        close = IconButton("x", "Close (Esc)", self)
        close.clicked.connect(self.closed)
        close.setVisible(closable)
        top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        content = QWidget(self)
        self.content = QVBoxLayout(content)
        self.content.setContentsMargins(AROUND, TIGHT, AROUND, AROUND)
        self.content.setSpacing(BETWEEN)
        self.scroll_area = Scroll(content, self)
        self._foot_line = Hairline(self)
        self.foot = QHBoxLayout()
        self.foot.setContentsMargins(AROUND, INSIDE, AROUND, BETWEEN)
        self.foot.setSpacing(INSIDE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.scroll_area, 1)
        layout.addWidget(self._foot_line)
        layout.addLayout(self.foot)
        self._closable = closable

    def show_foot(self, shown: bool) -> None:
        """Draw the line above the foot only when something stands there."""
        self._foot_line.setVisible(shown)
        self.foot.setContentsMargins(*((AROUND, INSIDE, AROUND, BETWEEN) if shown else (0, 0, 0, 0)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the page."""
        if event.key() == Qt.Key.Key_Escape and self._closable:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def set_busy(self, busy: bool) -> None:
        """Nothing can be pressed twice while an answer is awaited; what is typed stays readable."""
        for button in self.findChildren(QAbstractButton):
            if button.property("waits"):
                button.setEnabled(not busy)


class Refusal(QWidget):
    """Why something was refused and, for those who may book over a clash, the reason to do it anyway."""

    def __init__(self, may_overbook: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._may_overbook = may_overbook
        self._told: frozenset[str] = frozenset()
        self.note = Note(Level.STOP, self)
        self.reason_field = TextField("Reason to book anyway", self, longest=300)
        self.accept_field = CheckField("Book all the same", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(BETWEEN)
        layout.addWidget(self.note)
        layout.addWidget(self.reason_field)
        layout.addWidget(self.accept_field)
        self.clear()

    def show_error(self, error: ClinicError) -> None:
        """Say everything that is wrong; offer to go on only where all of it can be passed."""
        problems = error.problems if isinstance(error, Clash) else (error,)
        self._told = frozenset(problem.code for problem in problems)
        clashes = self._told - {"booking_authorization"}
        passable = clashes <= PASSABLE and (self._may_overbook or not clashes)
        self.note.say("\n".join(told(problem) for problem in problems))
        self.reason_field.setVisible(bool(clashes) and passable)
        self.accept_field.setVisible("booking_authorization" in self._told and passable)
        self.show()

    def say(self, text: str) -> None:
        """Say a sentence that nobody can pass."""
        self.note.say(text)
        self.reason_field.hide()
        self.accept_field.hide()
        self.setVisible(bool(text))

    def clear(self) -> None:
        """Nothing is refused any more. A reason typed is kept, but does not count while it cannot be seen."""
        self.note.say("")
        self.reason_field.hide()
        self.accept_field.hide()
        self.hide()

    def text(self) -> str:
        """The sentence shown."""
        return self.note.text()

    def reason(self) -> str:
        """The reason to book anyway, only when it is asked for."""
        return "" if self.reason_field.isHidden() else self.reason_field.value()

    def check(self) -> bool:
        """Whether what is asked for was given; says so where it was not."""
        if not self.reason_field.isHidden() and not self.reason():
            self.reason_field.set_error("Type the reason, or choose another time.")
            self.reason_field.setFocus()
            return False
        return True

    def passing(self) -> Passing:
        """With what the booking goes on."""
        accepted = () if self.accept_field.isHidden() or not self.accept_field.value() else (AUTHORIZATION,)
        return Passing(self.reason(), accepted, self._told)

    def forget(self) -> None:
        """Forget the reason too: another booking begins."""
        self.reason_field.set_value("")
        self.accept_field.set_value(False)
        self.clear()


class StatePill(Pill):
    """The state of an appointment in the colours it has on the grid."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._state = AppointmentState.BOOKED
        super().__init__(WORDS[self._state], parent=parent, icon=ICONS[self._state])

    def set_appointment_state(self, state: AppointmentState) -> None:
        """Show a state."""
        self._state = state
        self._icon_name = ICONS[state]
        self.set_state(WORDS[state])

    def _colors(self) -> tuple[str, str]:
        theme = current_theme()
        colors = state_colors(self._state, theme)
        ground = theme.info_soft if colors.ground == theme.surface or self._state in GONE else colors.ground
        return (theme.text if colors.quiet == theme.muted else colors.quiet), ground


class BigChoice(QAbstractButton):
    """A choice that can be hit without aiming: a round mark, a line that says what, a quiet line that says why.

    With an icon it is no choice among several but a way on.
    """

    entered = Signal()
    """Enter: this one, and on."""

    def __init__(self, title: str, detail: str, parent: QWidget | None = None, *, icon: str = "") -> None:
        super().__init__(parent)
        self._title, self._detail = title, detail
        self._icon_name = icon
        self.setCheckable(not icon)
        self.setText(title)
        self.setAccessibleName(f"{title}, {detail}")
        self.setToolTip(detail)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def detail(self) -> str:
        """The quiet lines."""
        return self._detail

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes it; Space only chooses."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """High enough for its lines."""
        return QSize(200, 20 + self.fontMetrics().lineSpacing() * (1 + len(self._detail.split("\n"))))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, mark and lines."""
        theme, chosen = current_theme(), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        thick = 2 if chosen or self.hasFocus() else 1
        edge = theme.accent if chosen or self.hasFocus() else theme.control_border
        ground = theme.accent_soft if chosen else theme.hover if self.underMouse() else theme.surface
        painter.setPen(QPen(QColor(edge), thick))
        painter.setBrush(QColor(ground))
        inset = thick / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)
        center = QRectF(12, self.height() / 2 - 8, 16, 16)
        if self._icon_name:
            picture = pixmap(self._icon_name, theme.accent, 16, self.devicePixelRatioF())
            painter.drawPixmap(center.topLeft(), picture)
            self._lines(painter, theme.text, theme.muted)
            return
        painter.setPen(QPen(QColor(theme.accent if chosen else theme.control_border), 5 if chosen else 1))
        painter.setBrush(QColor(theme.surface))
        shrink = 2.5 if chosen else 0.5
        painter.drawEllipse(center.adjusted(shrink, shrink, -shrink, -shrink))
        self._lines(painter, theme.text, theme.text if chosen else theme.muted)

    def _lines(self, painter: QPainter, strong: str, quiet: str) -> None:
        line = self.fontMetrics().lineSpacing()
        font = self.font()
        for number, text in enumerate([self._title, *self._detail.split("\n")]):
            font.setBold(number == 0)
            painter.setFont(font)
            painter.setPen(QColor(quiet if number else strong))
            place = QRectF(40, 10 + number * line, self.width() - 48, line)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(place.width()))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
