"""The way to a clinic on a server: asks for it at the address that was typed, and remembers it for this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from clinic_app.settings import Settings
from clinic_app.ui.connect_form import ConnectForm
from clinic_app.ui.tasks import Tasks

if TYPE_CHECKING:
    from clinic_app.errors import ClinicError


class Connecting(QObject):
    """Works for one form."""

    connected = Signal(str)
    """Carries the address at which the clinic is."""
    refused = Signal(str)
    """It is not there; carries the sentence that the form shows."""

    def __init__(self, settings: Settings, tasks: Tasks, form: ConnectForm) -> None:
        super().__init__(form)
        self._settings = settings
        self._tasks = tasks
        self._form = form
        form.connect_requested.connect(self._connect)

    @Slot(str, str)
    def _connect(self, address: str, password: str) -> None:
        settings = self._settings

        def work() -> str:
            from clinic_app.services.server_clinics import connect_workstation

            return connect_workstation(settings, address, password)

        self._form.set_busy(True)
        self._tasks.run(work, self.connected.emit, self._not_connected, owner=self)

    def _not_connected(self, error: ClinicError) -> None:
        self._form.show_error(error)
        self.refused.emit(str(error))
