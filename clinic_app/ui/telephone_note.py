"""The ways from anywhere to the note of a side effect that a caller tells of."""

from PySide6.QtCore import QObject, Slot

from clinic_app.services.access import Act
from clinic_app.ui.main_window import MainWindow
from clinic_app.ui.patients.view import PatientsView
from clinic_app.ui.workplace import Workplace


class TelephoneNote(QObject):
    """A command that finds the caller first, and the schedule, which knows who it is already."""

    def __init__(self, workplace: Workplace, window: MainWindow, patients: PatientsView, view: str) -> None:
        """``view`` is the key of the patients' view in the window."""
        super().__init__(window)
        self._window, self._patients, self._view = window, patients, view
        if workplace.may(Act.REPORT_SIDE_EFFECT):
            window.add_command("Edit", "Telephone note", self.find_caller, shortcut="Ctrl+T", icon_name="phone")

    @Slot()
    def find_caller(self) -> None:
        """Ask who is calling; choosing the patient opens the note."""
        self._window.show_view(self._view)
        self._patients.find_caller()

    @Slot(int)
    def take_call(self, patient_id: int) -> None:
        """Open the note of a patient who is known already."""
        self._patients.take_call(patient_id)
        self._window.show_view(self._view)
