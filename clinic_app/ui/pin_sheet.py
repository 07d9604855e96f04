"""The panel in which a person sets, changes or removes the PIN for signing; opens beside the person's button."""

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.ui.pin_form import PinForm
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, current_theme
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.fields import FieldError
from clinic_app.ui.widgets.headings import Heading
from clinic_app.ui.workplace import Workplace

_WIDTH = 320


class PinSheet(QFrame):
    """Closes when the PIN is set, with Esc, or when the person goes on elsewhere."""

    said = Signal(str)
    """A sentence about what was done."""

    def __init__(self, workplace: Workplace, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("PIN for signing")
        self.setFixedWidth(_WIDTH)
        self._workplace = workplace
        self.form = PinForm(workplace, self)
        self.form.done.connect(self._was_set)
        self.form.cancelled.connect(self.close)
        self.remove = LinkButton("Remove the PIN", self)
        self.remove.setToolTip("From then on only the passphrase signs")
        self.remove.clicked.connect(self._remove)
        self.remove.hide()
        self._error = FieldError(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(AROUND, AROUND, AROUND, AROUND)
        layout.setSpacing(BETWEEN)
        layout.addWidget(Heading("PIN for signing", self))
        layout.addWidget(self.form)
        layout.addWidget(self._error)
        layout.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignLeft)
        identity, actor = workplace.services.identity, workplace.actor
        workplace.tasks.run(lambda: identity.has_pin(actor), self._show_pin, self._refused, owner=self)

    def open_beside(self, button: QWidget) -> None:
        """Open with its lower left corner at the right of the button."""
        self._button = button
        self._place()
        self.show()
        self.form.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        """What floats has a border."""
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.surface))
        painter.setPen(QColor(theme.control_border))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _place(self) -> None:
        self.adjustSize()
        corner = self._button.mapToGlobal(QPoint(self._button.width() + INSIDE, self._button.height()))
        self.move(corner.x(), max(0, corner.y() - self.height()))

    def _show_pin(self, has_pin: bool) -> None:
        self.remove.setVisible(has_pin)
        if self.isVisible():
            self._place()

    def _refused(self, error: ClinicError) -> None:
        self._error.setText(str(error))
        self._error.show()

    @Slot()
    def _was_set(self) -> None:
        self.said.emit("PIN set. It signs from now on.")
        self.close()

    @Slot()
    def _remove(self) -> None:
        identity, actor = self._workplace.services.identity, self._workplace.actor
        self._workplace.tasks.run(lambda: identity.remove_pin(actor), self._was_removed, self._refused, owner=self)

    def _was_removed(self, _nothing: None) -> None:
        self.said.emit("PIN removed. The passphrase signs.")
        self.close()
