"""How many booked appointments no longer stand in open hours, and the way to their list."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.notes import Note


class RebookNote(Note):
    """Stands at the top of a page as long as there is something to book again."""

    rebook_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Level.WARN, parent)
        self.link = LinkButton("Show them", self)
        self.link.setToolTip("The list of appointments to book again")
        self.link.clicked.connect(self.rebook_requested)
        self.row.addWidget(self.link)
        self.row.setAlignment(self._picture, Qt.AlignmentFlag.AlignVCenter)

    def show_count(self, number: int) -> None:
        """Say how many; nothing for none."""
        lie = "1 booked appointment lies" if number == 1 else f"{number} booked appointments lie"
        self.say(f"{lie} on closed days or outside the working hours. Book them again." if number else "")
