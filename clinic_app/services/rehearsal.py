"""Rehearsed restores: the newest backup is really restored, beside the record, and compared with what it promises.

A backup that opens is not yet a clinic that comes back. So the very steps of a restore are taken in a private folder,
which is removed afterwards; what came of it is kept in the record.
"""

import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from clinic_app.errors import ClinicError, StoreProblem, WorkStopped
from clinic_app.models import Clinic
from clinic_app.models.data_key import DataKey
from clinic_app.models.database import Database, encrypted_engine
from clinic_app.models.keys import KeyFile
from clinic_app.models.snapshot import counted_rows, watched
from clinic_app.models.upgrade import upgrade
from clinic_app.services.backup_plan import BackupPlan
from clinic_app.services.backups import Manifest, own_manifest, restore_backup, scratch
from clinic_app.services.clock import Clock
from clinic_app.services.paper import Step, untold
from clinic_app.settings import Settings

RESULT = "rehearsal"
AGAIN = timedelta(days=1)
"""After one that failed: the next newest backup may be whole, or the disk have room."""
PARTS = 3


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of one: ``at`` is UTC, ``backup`` the file's name, ``wrong`` the sentence that says what failed."""

    at: datetime
    backup: str
    patients: int
    visits: int
    seconds: float
    wrong: str = ""


class Rehearsals:
    """The use cases around rehearsed restores."""

    def __init__(
        self, settings: Settings, data_key: DataKey, database: Database, clock: Clock, time_zone: str, plan: BackupPlan
    ) -> None:
        self._settings = settings
        self._data_key = data_key
        self._database = database
        self._clock = clock
        self._zone = ZoneInfo(time_zone)
        self._plan = plan

    def last(self) -> Rehearsal | None:
        """The last one, whatever came of it; ``at`` in the clinic's wall-clock time."""
        return self._shown(self._kept("last"))

    def last_good(self) -> Rehearsal | None:
        """The last one in which the clinic came back whole; ``at`` in the clinic's wall-clock time."""
        return self._shown(self._kept("good"))

    def due(self) -> bool:
        """Whether the next one is to be made: days after a good one, a day after one that failed."""
        if not self._plan.made():
            return False
        last = self._kept("last")
        every = timedelta(days=self._plan.choice().rehearse_days)
        # One from the future (a clock set back) does not put it off.
        return last is None or not timedelta(0) <= self._clock() - last.at < (AGAIN if last.wrong else every)

    def late(self) -> bool:
        """Whether none was good for twice the chosen time, since the oldest backup that there is."""
        made = self._plan.made()
        if not made:
            return False
        good = self._kept("good")
        since = made[-1].made_at.replace(tzinfo=self._zone) if good is None else good.at
        return self._clock() - since > 2 * timedelta(days=self._plan.choice().rehearse_days)

    def run(self, step: Step = untold) -> Rehearsal:
        """Rehearse the newest backup, and keep what came of it, also where it failed; ``at`` is wall-clock time.

        Raises ClinicError where there is no backup or the folder cannot be read, and what ``step`` raises.
        """
        made = self._plan.made()
        if not made:
            raise ClinicError("rehearsal_without_backup")
        at, began = self._clock().astimezone(UTC), time.monotonic()
        came = Rehearsal(at, made[0].file.name, 0, 0, 0)
        try:
            rows = rehearse(made[0].file, self._settings.data, self._data_key.reveal(), at, step).rows
            came = replace(came, patients=rows.get("patient", 0), visits=rows.get("visit", 0))
        except WorkStopped:
            raise
        except ClinicError as error:
            if error.code == "backup_damaged":  # there is more to do about it than at a restore
                error = ClinicError("rehearsal_damaged", file=came.backup)
            came = replace(came, wrong=str(error))
        came = replace(came, seconds=round(time.monotonic() - began, 1))
        self._keep(came)
        return replace(came, at=self._wall(at))

    def _keep(self, came: Rehearsal) -> None:
        with self._database.writing(None, self._clock()) as session:
            clinic = session.scalars(select(Clinic)).one()
            before = clinic.choices.get(RESULT)
            plain = asdict(came) | {"at": came.at.isoformat()}
            results = {"last": plain} if came.wrong else {"last": plain, "good": plain}
            clinic.choices = {**clinic.choices, RESULT: (before if isinstance(before, dict) else {}) | results}

    def _kept(self, which: str) -> Rehearsal | None:
        with self._database.reading() as session:
            kept = session.scalars(select(Clinic)).one().choices.get(RESULT)
        try:
            result = kept[which] if isinstance(kept, dict) else {}
            return Rehearsal(**{**result, "at": datetime.fromisoformat(result["at"])})
        except (KeyError, TypeError, ValueError):  # none yet, or kept by another release
            return None

    def _shown(self, kept: Rehearsal | None) -> Rehearsal | None:
        return None if kept is None else replace(kept, at=self._wall(kept.at))

    def _wall(self, at: datetime) -> datetime:
        return at.astimezone(self._zone).replace(tzinfo=None)


def rehearse(file: Path, beside: Path, data_key: bytes, at: datetime, step: Step = untold) -> Manifest:
    """Restore a backup into a private folder in ``beside``, compare it with its manifest, and remove it.

    Every row is counted and every signed digest worked out again, in the tables of this release. What ``step`` raises
    ends the work. Raises StoreProblem, or ClinicError with what did not come back.
    """
    # Here: it knows all that can be signed, and whoever unlocks waits for none of that.
    from clinic_app.services.verification import verify_clinic

    manifest = own_manifest(file, data_key)
    with scratch(beside) as folder:
        there = Settings(data=folder / "clinic")
        restore_backup(file, there.data, at, lambda: step(0, PARTS))
        step(1, PARTS)
        KeyFile.read(there.key_file)
        if counted_rows(there.database_file, data_key, lambda: step(1, PARTS)) != manifest.rows:
            raise StoreProblem("backup_damaged", file=file)
        engine = encrypted_engine(there.database_file, data_key)
        database = Database(engine)
        try:
            with watched(engine, lambda: step(2, PARTS)):
                upgrade(engine)
                broken = verify_clinic(there, database, data_key, there.data / "none", lambda *_: step(2, PARTS))
        finally:
            database.close()
    if broken:
        raise ClinicError("rehearsal_differs", file=file.name, what=broken[0].what, where=broken[0].where)
    return manifest
