"""Backups that make themselves: where they go, when the next one is due, which older ones are kept."""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from clinic_app.errors import ClinicError
from clinic_app.models import Clinic
from clinic_app.models.data_key import DataKey
from clinic_app.models.database import Database
from clinic_app.models.private_files import folder_problem, private_folder
from clinic_app.rules.backup_rotation import superfluous
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.backups import STAMP, backup_name, make_backup
from clinic_app.services.best_backup import remember_folder
from clinic_app.services.clock import Clock
from clinic_app.services.paper import Step, untold
from clinic_app.settings import Settings

CHOICE = "backup"
USUAL_HOURS, MOST_HOURS = 4, 168
USUAL_DAYS, MOST_DAYS = 7, 92
JUST_MADE = timedelta(minutes=30)
LATE = timedelta(days=3)
"""After so long without a backup the window warns."""
_NAME = re.compile(r"clinic-(\d{8}-\d{6})\.backup")


@dataclass(frozen=True, slots=True)
class BackupChoice:
    """The folder of the backups, after how many hours of use the next one is made, and how often one is rehearsed."""

    folder: Path
    hours: int
    rehearse_days: int = USUAL_DAYS


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """A backup in the folder; ``made_at`` is the clinic's wall clock, ``size`` in bytes."""

    file: Path
    made_at: datetime
    size: int


class BackupPlan:
    """The use cases around automatic backups. The folder is one on this computer or a drive that it reaches."""

    def __init__(self, settings: Settings, data_key: DataKey, database: Database, clock: Clock, time_zone: str) -> None:
        self._settings = settings
        self._data_key = data_key
        self._database = database
        self._clock = clock
        self._zone = ZoneInfo(time_zone)

    def choice(self) -> BackupChoice:
        """Where and how often; by default beside the record, every four hours, and rehearsed every week."""
        with self._database.reading() as session:
            return backup_choice(session.scalars(select(Clinic)).one().choices, self._settings.usual_backups)

    def choose(self, actor: Actor, choice: BackupChoice) -> BackupChoice:
        """Make backups there from now on; returns what was chosen before.

        Raises ClinicError for hours out of 1 to 168 or days out of 1 to 92, StoreProblem where the folder cannot be
        used.
        """
        require(actor, Act.SETTINGS)
        if not 1 <= choice.hours <= MOST_HOURS:
            raise ClinicError("backup_hours", field="hours", most=MOST_HOURS)
        if not 1 <= choice.rehearse_days <= MOST_DAYS:
            raise ClinicError("rehearsal_days", field="rehearse_days", most=MOST_DAYS)
        if not choice.folder.is_absolute():
            raise ClinicError("backup_folder", field="folder")
        private_folder(choice.folder)
        before = self.choice()
        with self._database.writing(actor.account_id, self._clock()) as session:
            clinic = session.scalars(select(Clinic)).one()
            kept = {"folder": str(choice.folder), "hours": choice.hours, "rehearse_days": choice.rehearse_days}
            clinic.choices = {**clinic.choices, CHOICE: kept}
        remember_folder(self._settings, choice.folder)
        return before

    def made(self) -> tuple[MadeBackup, ...]:
        """The backups in the folder, the newest first."""
        return tuple(
            MadeBackup(file, at.astimezone(self._zone).replace(tzinfo=None), file.stat().st_size)
            for at, file in sorted(self._found(self.choice().folder).items(), reverse=True)
        )

    def due(self) -> bool:
        """Whether the next one is to be made. One from the future (a clock set back) does not put it off."""
        choice, now = self.choice(), self._clock()
        past = [at for at in self._found(choice.folder) if at <= now]
        return not past or now - max(past) >= timedelta(hours=choice.hours)

    def late(self) -> bool:
        """Whether nothing was backed up for days."""
        return self._clock() - max(self._found(self.choice().folder), default=datetime.min.replace(tzinfo=UTC)) > LATE

    def at_close(self) -> None:
        """One more when the day ends, unless one was just made. What fails now is told as late at the next starts."""
        with contextlib.suppress(ClinicError):
            past = [at for at in self._found(self.choice().folder) if at <= self._clock()]
            if not past or self._clock() - max(past) > JUST_MADE:
                self.run()

    def run(self, step: Step = untold) -> MadeBackup:
        """Make one now, and take away the older ones that are superfluous; ``step`` hears how far the work is.

        Raises StoreProblem.
        """
        folder, at = private_folder(self.choice().folder), self._clock().astimezone(UTC).replace(microsecond=0)
        file = folder / backup_name(at)
        make_backup(self._settings, self._data_key.reveal(), file, at, step)
        remember_folder(self._settings, folder)
        found = self._found(folder)
        # The new one always stays: where the clock was set back, it stands among the old ones.
        for gone in superfluous(found) - {at}:
            try:
                found[gone].unlink(missing_ok=True)
            except OSError as error:
                raise folder_problem(folder, error) from error
        return MadeBackup(file, at.astimezone(self._zone).replace(tzinfo=None), file.stat().st_size)

    def _found(self, folder: Path) -> dict[datetime, Path]:
        """The folder's backups by the moment in their names; what others put there is not ours."""
        try:
            files = list(folder.iterdir()) if folder.exists() else []
        except OSError as error:
            raise folder_problem(folder, error) from error
        named = ((_moment(file.name), file) for file in files)
        return {at: file for at, file in named if at is not None}


def backup_choice(choices: Mapping[str, object], usual: Path) -> BackupChoice:
    """Where and how often; what cannot be read counts as not chosen, and the folder is the ``usual`` one."""
    kept = choices.get(CHOICE)
    chosen = kept if isinstance(kept, dict) else {}
    hours, folder, days = chosen.get("hours"), chosen.get("folder"), chosen.get("rehearse_days")
    usable = isinstance(folder, str) and "\0" not in folder and Path(folder).is_absolute()
    return BackupChoice(
        Path(folder) if isinstance(folder, str) and usable else usual,
        hours if isinstance(hours, int) and 1 <= hours <= MOST_HOURS else USUAL_HOURS,
        days if isinstance(days, int) and 1 <= days <= MOST_DAYS else USUAL_DAYS,
    )


def _moment(name: str) -> datetime | None:
    match = _NAME.fullmatch(name)
    try:
        return None if match is None else datetime.strptime(match[1], STAMP).replace(tzinfo=UTC)
    except ValueError:  # a month 13 was not written by us
        return None
