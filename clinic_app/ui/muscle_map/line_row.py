"""One muscle and side of the visit: units to type, the change against last time, points and guidance."""

from decimal import Decimal

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_app.reference.units import THIN_SPACE, show_number
from clinic_app.services.chart_data import ChartLine
from clinic_app.terms import Guidance, Side
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.muscle_map.line_details import GUIDANCE, LineDetails
from clinic_app.ui.muscle_map.line_parts import SuspectMark
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.wording import indication_name, points_text, side_letter, volume_text
from clinic_app.ui.naming import brand_of, decapital, muscle_name, place_name
from clinic_app.ui.theme import INSIDE, TIGHT, current_theme
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.editors import InsetLineEdit
from clinic_app.ui.widgets.fields import FieldError
from clinic_app.ui.widgets.headings import ElidedLabel, Muted, set_text_color
from clinic_app.ui.widgets.palette import on_palette_change
from clinic_app.ui.widgets.pills import Pill


class UnitsEdit(InsetLineEdit):
    """The field a dose is typed into. Enter and the arrows go on without the mouse."""

    entered = Signal()
    """Enter: this line is right, on to the next."""
    stepped = Signal(int)
    """Up or down to another line."""
    taken = Signal()
    """The field got the focus."""
    left = Signal()
    """The field lost the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, unit="U")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMaxLength(24)
        self.setFixedWidth(76)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Up and Down."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


class LineRow(QWidget):
    """A line of the chart, low until it is chosen, then with everything that can be changed."""

    chosen = Signal(str)
    """The person works on this line; carries its key."""
    next_wanted = Signal(str, int)
    """The focus shall go to another line."""
    removed = Signal(str)
    point_wanted = Signal(str)
    """One more point, at the muscle's anchor."""
    mirror_wanted = Signal(str)
    """The points on the other side too."""
    point_chosen = Signal(str, int)
    """The person works on this point of the line."""
    grown = Signal()
    """There is more to go through with Tab."""

    def __init__(self, chart: OpenChart, line: ChartLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart = chart
        self._line = line
        self._selected = False
        self._left_once = False
        self._problem = ""
        self._shown: tuple[object, ...] = ()
        self._shares: tuple[Decimal, ...] = ()
        self._details: LineDetails | None = None
        self._title = name = place_name(chart.reference, line.muscle, line.side)
        self.setAccessibleName(name)
        self._side = QLabel(side_letter(line.side), self)
        self._side.setFixedWidth(14)
        self._side.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._name = ElidedLabel(muscle_name(chart.reference, line.muscle), self)
        self._carried = Pill("carried", Level.WARN, self)
        self._carried.setToolTip("Copied from last time or a saved pattern. Enter in the units confirms it.")
        self._meta = ElidedLabel("", self)
        self.suspect = SuspectMark(chart, self)
        self._previous = Muted("", self)
        self._previous.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.units = UnitsEdit(self)
        self.units.setAccessibleName(f"{name}, units")
        self.error = FieldError(self)
        self._build()
        # Not textEdited: what a screen reader or a dictation puts into the field counts as typed too.
        self.units.textChanged.connect(self._units_typed)
        self.units.entered.connect(self._entered)
        self.units.stepped.connect(self._stepped)
        self.units.installEventFilter(self)
        on_palette_change(self._meta, self._tint)
        self._tint()

    @property
    def key(self) -> str:
        """The line's key."""
        return self._line.key

    @property
    def place(self) -> tuple[str, Side]:
        """Muscle and side."""
        return self._line.muscle, self._line.side

    @property
    def details(self) -> LineDetails:
        """What can be changed beside the units, made now if it was not needed before."""
        if self._details is None:
            details = self._details = LineDetails(self._chart, self._line, self._title, self)
            details.setVisible(self._selected)
            self._layout.addWidget(details)
            details.points.point_wanted.connect(self._more_points)
            details.points.mirror_wanted.connect(self._mirror_points)
            details.points.point_chosen.connect(self.point_chosen)
            details.confirmed.connect(self._confirmed)
            details.removed.connect(self._remove_line)
            details.show_line(self._line, self._shares)
            self.grown.emit()
        return self._details

    def change_text(self) -> str:
        """What stands before the units: "40 →", "new"."""
        return self._previous.text()

    def set_selected(self, selected: bool) -> None:
        """Open or close the line's details."""
        if selected is not self._selected:
            self._selected = selected
            if selected or self._details is not None:
                self.details.setVisible(selected)
            self.update()

    def focus_units(self) -> None:
        """Put the focus into the units; what is typed from here on is a step of its own."""
        self._chart.model.end_step()
        self.units.setFocus(Qt.FocusReason.OtherFocusReason)
        self.units.selectAll()

    def show_line(
        self, line: ChartLine, units: Decimal, volume: Decimal | None, shares: tuple[Decimal, ...], problem: str
    ) -> None:
        """Show the line as the chart has it now."""
        content = self._chart.content
        chart = self._chart
        about = (content.vials, content.product, content.indication, chart.context, chart.last)
        shown = (line, units, volume, problem, about, chart.offered_indications, self._left_once)
        if shown == self._shown:
            return  # every key tells every row; most have nothing new to show
        self._shown = shown
        self._line, self._shares = line, shares
        if self.units.text() != line.units:
            self.units.setText(line.units)
        self._problem = problem
        product = self._chart.product_of_line(line.key)
        before = line.previous_units
        if before is None:
            before = self._chart.previous_units(line.muscle, line.side, product)
        self._previous.setText(self._change(before, units, line))
        marks = self._chart.context.syringe_marks
        meta = [volume_text(volume, marks)] if volume is not None and units else []
        if line.points:
            meta.append(points_text(len(line.points)))
            if units and len(line.points) > 1 and len(set(shares)) == 1:
                meta[-1] = f"{len(line.points)} × {show_number(round(shares[0], 2))}{THIN_SPACE}U"
                if volume is not None:
                    meta[-1] += f" = {volume_text(volume / len(line.points), marks)}"
            elif units and len(line.points) > 1:
                meta[-1] += (
                    f" ({' + '.join(show_number(round(share, 2)) for share in shares[:4])}{' …' * (len(shares) > 4)})"
                )
        meta += [GUIDANCE.get(Guidance(way), way) if way in set(Guidance) else way for way in line.guidance]
        if product and product != self._chart.content.product:
            meta.append(brand_of(chart.reference, product, chart.region))
        if line.indication and line.indication != content.indication:
            meta.append(f"for {decapital(indication_name(chart.reference, line.indication))}")
        self._meta.set_text(" · ".join(meta) if meta else "Type the units" if not line.units else "")
        self._carried.setVisible(line.carried)
        if self._details is not None:
            self._details.show_line(line, shares)
        self.suspect.show_line(line)
        self._show_error(typing=self.units.hasFocus() and not self._left_once)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Choose the line with its field; check the field when it is left."""
        if watched is self.units:
            if event.type() == QEvent.Type.FocusIn:
                self._left_once = bool(self.error.text())
                self.chosen.emit(self.key)
            elif event.type() == QEvent.Type.FocusOut:
                self._chart.model.end_step()
                self._show_error(typing=False)
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click anywhere on the line chooses it."""
        self.chosen.emit(self.key)
        self.focus_units()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A soft ground for the chosen line, a bar at the left of a carried one."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._selected:
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0, 0, 0, -1), 6, 6)
        else:
            painter.fillRect(QRectF(8, self.height() - 1, self.width() - 16, 1), QColor(theme.hairline))
        if self._line.carried:
            painter.setBrush(QColor(theme.warn))
            painter.drawRoundedRect(QRectF(0, 8, 3, self.height() - 17), 1.5, 1.5)

    def _build(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(TIGHT)
        title.addWidget(self._name, 0)
        title.addWidget(self._carried, 0)
        title.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addLayout(title)
        words.addWidget(self._meta)
        top = QHBoxLayout()
        top.setSpacing(INSIDE)
        top.addWidget(self._side, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        top.addWidget(self._previous)
        top.addWidget(self.units)
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(INSIDE, 5, INSIDE, 6)
        layout.setSpacing(TIGHT)
        layout.addLayout(top)
        layout.addWidget(self.suspect)
        layout.addWidget(self.error)

    def _change(self, before: Decimal | None, units: Decimal, line: ChartLine) -> str:
        if before is None:
            return "new" if self._chart.last and not line.carried else ""
        if units == before and line.units.strip():
            return "" if line.carried else "same"
        return f"{show_number(before)} →"

    def _show_error(self, *, typing: bool) -> None:
        text = "" if typing or (not self._line.units.strip()) else self._problem
        self.error.setText(text)
        self.error.setVisible(bool(text))
        if bool(self.units.property("invalid")) != bool(text):
            self.units.setProperty("invalid", bool(text))
            self.units.style().unpolish(self.units)
            self.units.style().polish(self.units)
        self.units.setAccessibleDescription(text)

    def _tint(self) -> None:
        theme = current_theme()
        set_text_color(self._meta, theme.muted)
        set_text_color(self._side, theme.muted)

    @Slot(str)
    def _units_typed(self, text: str) -> None:
        if text == self._line.units:
            return  # the chart's own text, shown
        self._left_once = False
        self._chart.edit(edits.set_units(self._chart.content, self.key, text), merge=f"units/{self.key}")

    @Slot()
    def _entered(self) -> None:
        self._chart.model.end_step()
        if self._line.carried:
            self._confirmed()
        self._show_error(typing=False)
        if not self.error.text():
            self.next_wanted.emit(self.key, 1)

    @Slot(int)
    def _stepped(self, way: int) -> None:
        self.next_wanted.emit(self.key, way)

    @Slot()
    def _confirmed(self) -> None:
        self._chart.edit(edits.confirm_line(self._chart.content, self.key))

    @Slot()
    def _remove_line(self) -> None:
        self.removed.emit(self.key)

    @Slot()
    def _more_points(self) -> None:
        self.point_wanted.emit(self.key)

    @Slot()
    def _mirror_points(self) -> None:
        self.mirror_wanted.emit(self.key)
