"""Lists of the window as files for a spreadsheet: what somebody sees, they may also save."""

from dataclasses import dataclass
from pathlib import Path

from clinic_app.exchange.csv_text import csv_text
from clinic_app.models.database import Database, tell
from clinic_app.models.private_files import private_text
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock

KIND = "list"
_MARK = "\ufeff"
"""Without it a spreadsheet takes the letters beyond ASCII for others."""


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list as it stands in front of a person: its rows in their order, days and numbers as such.

    ``name`` is for the file and says nothing of a patient; ``patient_id`` is the one whose record the list belongs to.
    """

    title: str
    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    patient_id: int | None = None


class SavedLists:
    """Writes lists, and tells the audit trail which one it was and how many rows left."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def save(self, actor: Actor, shown: ShownList, file: Path) -> Path:
        """Write a CSV file that only its owner may read; one that is there is replaced. Returns where it is.

        The service that gave the rows has asked whether this person may see them. Raises NotAllowed, StoreProblem.
        """
        require(actor, Act.READ_SUMMARY)
        file = file.expanduser().resolve()
        after: dict[str, object] = {"list": shown.title, "rows": len(shown.rows), "file": str(file)}
        with private_text(file) as target:
            target.write(_MARK + csv_text(shown.header, shown.rows))
            # Before the file is in its place: a list whose last step fails is told, but none leaves untold.
            with self._database.writing(actor.account_id, self._clock()) as session:
                tell(session, "exported", KIND, None, shown.patient_id, after=after)
        return file
