"""What every step of an import has in common, and the list of steps above them."""

from collections.abc import Container, Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from clinic_app.ui.icons import pixmap
from clinic_app.ui.importing.work import ImportWork
from clinic_app.ui.theme import TIGHT, current_theme, heading_font
from clinic_app.ui.widgets.palette import on_palette_change

_CHEVRON = 14


class ImportStep(QWidget):
    """One step. It shows what the work knows whenever that changes, and says what keeps the person here."""

    title = ""

    def __init__(self, work: ImportWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.work = work

    def show_work(self) -> None:
        """Show what is known now; what the person chose stays."""

    def needed(self) -> bool:
        """Whether there is anything to do here; else the way goes past it."""
        return True

    def complete(self) -> bool:
        """Whether the person can go on; else it says at the place what is missing."""
        return True

    def take_focus(self) -> None:
        """Put the focus where the next thing is to be done."""


class StepList(QWidget):
    """The steps by name and number; those that were passed can be gone back to."""

    chosen = Signal(int)

    def __init__(self, titles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Steps of the import")
        self.buttons: list[QToolButton] = []
        self._chevrons: list[QLabel] = []
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(TIGHT)
        for number, title in enumerate(titles):
            if number:
                chevron = QLabel(self)
                self._chevrons.append(chevron)
                row.addWidget(chevron)
            button = _StepButton(self)
            button.setText(f"{number + 1}  {title}")
            button.setAccessibleName(f"Step {number + 1}, {title}")
            self.buttons.append(button)
            self._group.addButton(button, number)
            row.addWidget(button)
        self._group.idClicked.connect(self.chosen)
        on_palette_change(self, self._tint)

    @Slot(int)
    def show_step(self, number: int, *, over: bool = False, needless: Container[int] = ()) -> None:
        """Mark a step as the one under way; nobody goes back to ``needless`` ones, or when all is ``over``."""
        for place, button in enumerate(self.buttons):
            button.setEnabled(place == number or (place < number and not over and place not in needless))
            button.setChecked(place == number)
            button.setFont(heading_font(13) if place == number else self.font())

    def _tint(self) -> None:
        for chevron in self._chevrons:
            picture = pixmap("chevron-right", current_theme().muted, _CHEVRON, self.devicePixelRatioF())
            chevron.setPixmap(picture)


class _StepButton(QToolButton):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide in bold as else, so that nothing moves when a step is passed."""
        return QSize(super().sizeHint().width() + 12, 30)
