"""Where the record of an open clinic is: in a folder of this computer, or on a server."""

from pathlib import Path

from clinic_app.models.database import Database
from clinic_app.services.server_clinics import ServerFacts, server_facts
from clinic_app.settings import Settings


class RecordPlace:
    """The place of the record, for everybody who works in it."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    @property
    def on_server(self) -> bool:
        """Whether ``look`` tells of a server."""
        return bool(self._settings.database_url)

    def look(self) -> Path | ServerFacts:
        """The folder, or what the server is like at this moment. Raises StoreProblem."""
        if self.on_server:
            return server_facts(self._database, self._settings.database_url)
        return self._settings.data.absolute()
