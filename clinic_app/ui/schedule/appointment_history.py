"""Who did what to an appointment, the latest first."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from clinic_app.services.schedule_data import AppointmentChange
from clinic_app.ui.schedule.wording import Names, history_line
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.sections import Hairline


class AppointmentHistory(QWidget):
    """One entry for each change: what, who and when, before and after."""

    def __init__(self, time_zone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._time_zone = time_zone
        self._texts: list[str] = []
        self._entries = QVBoxLayout()
        self._entries.setSpacing(INSIDE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(BETWEEN)
        layout.addWidget(Hairline(self))
        layout.addWidget(Strong("Who did what", self))
        layout.addLayout(self._entries)

    def texts(self) -> list[str]:
        """What it says, the latest first."""
        return list(self._texts)

    def show_changes(self, changes: tuple[AppointmentChange, ...], names: Names) -> None:
        """Show the changes, which come the earliest first."""
        while (item := self._entries.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._texts = []
        for change in reversed(changes):
            line = history_line(change, names, self._time_zone)
            self._texts.append(line.what + (f"\n{line.detail}" if line.detail else ""))
            text = QLabel(self._texts[-1], self)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setWordWrap(True)
            entry = QWidget(self)
            inside = QVBoxLayout(entry)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(0)
            inside.addWidget(text)
            inside.addWidget(Muted(line.who_when, entry, wrap=True))
            self._entries.addWidget(entry)
