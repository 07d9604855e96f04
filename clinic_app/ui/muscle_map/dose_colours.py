"""Choose where the dose colours of a product begin and end: a small sheet over the sidebar."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.atlas.doses import RAMP
from clinic_app.errors import ClinicError
from clinic_app.reference.units import parse_units, show_number
from clinic_app.services.dose_colours import Limits, check_limits
from clinic_app.ui.theme import BETWEEN, INSIDE, current_theme
from clinic_app.ui.widgets.buttons import LinkButton, PrimaryButton
from clinic_app.ui.widgets.editors import InsetLineEdit
from clinic_app.ui.widgets.fields import FieldError
from clinic_app.ui.widgets.headings import Muted, Strong

WIDTH = 260


class DoseColourSheet(QFrame):
    """Five limits with their colours. It says what was chosen and closes when that is kept."""

    chosen = Signal(object)
    """The five limits in units of the product, or None for the usual ones."""

    def __init__(self, product: str, limits: Limits, usual: Limits, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Dose colours")
        self.setFixedWidth(WIDTH)
        self._usual = usual
        self.fields = [InsetLineEdit(self, unit="U") for _ in limits]
        self.error = FieldError(self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(INSIDE)
        grid.setVerticalSpacing(INSIDE)
        for number, field in enumerate(self.fields):
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
            field.setAccessibleName(f"Colour {number + 1} up to, units")
            field.textChanged.connect(self._edited)
            grid.addWidget(_Swatch(RAMP[number], self), number, 0)
            grid.addWidget(Muted("up to", self), number, 1)
            grid.addWidget(field, number, 2)
        grid.addWidget(_Swatch(RAMP[-1], self), len(self.fields), 0)
        grid.addWidget(Muted("above that", self), len(self.fields), 1, 1, 2)
        grid.setColumnStretch(2, 1)
        usual_button = LinkButton("Usual limits", self)
        usual_button.clicked.connect(self._take_usual)
        self.save = PrimaryButton("Save colours", self)
        self.save.clicked.connect(self._save)
        buttons = QHBoxLayout()
        buttons.addWidget(usual_button)
        buttons.addStretch(1)
        buttons.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(BETWEEN, BETWEEN, BETWEEN, BETWEEN)
        layout.setSpacing(BETWEEN)
        layout.addWidget(Strong(f"Dose colours · {product}", self))
        layout.addLayout(grid)
        layout.addWidget(self.error)
        layout.addWidget(Muted("They only colour the map, for everyone in the clinic.", self, wrap=True))
        layout.addLayout(buttons)
        self._show(limits)

    def open_above(self, button: QWidget) -> None:
        """Open with its lower left corner at the button."""
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(0, 0))
        self.move(max(0, corner.x() - BETWEEN), max(0, corner.y() - self.height() - INSIDE))
        self.show()
        self.fields[0].setFocus()
        self.fields[0].selectAll()

    def show_error(self, error: ClinicError) -> None:
        """What keeps the limits from being kept."""
        self.error.setText(str(error))
        self.error.show()
        self.adjustSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        """What floats has a border."""
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.surface))
        painter.setPen(QColor(theme.control_border))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _show(self, limits: Sequence[float]) -> None:
        for field, limit in zip(self.fields, limits, strict=True):
            field.setText(show_number(Decimal(str(limit))))

    @Slot()
    def _edited(self) -> None:
        self.error.hide()

    @Slot()
    def _take_usual(self) -> None:
        self.error.hide()
        self._show(self._usual)

    @Slot()
    def _save(self) -> None:
        try:
            limits = check_limits([float(parse_units(field.text())) for field in self.fields])
        except ClinicError as error:
            self.show_error(error)
            return
        self.chosen.emit(None if limits == self._usual else limits)


class _Swatch(QWidget):
    """One colour of the ramp."""

    def __init__(self, colour: tuple[int, int, int], parent: QWidget) -> None:
        super().__init__(parent)
        self._colour = QColor(*colour)
        self.setFixedSize(QSize(20, 16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A filled, rounded square."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(current_theme().control_border), 1))
        painter.setBrush(self._colour)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
