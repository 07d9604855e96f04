"""How long the next try to unlock must wait, kept in a small file beside the key file, because the record is closed.

It slows who sits at the keyboard. Whoever can write the folder can remove the file, but can also try passphrases on a
copy of the key file, where only the cost of each try (Argon2id) slows anybody.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

from clinic_app.errors import ClinicError, StoreProblem
from clinic_app.models.private_files import write_private

FREE_TRIES = 5
LONGEST_PAUSE = 300
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Tries:
    """How many wrong passphrases there were in a row, and when the last was."""

    wrong: int
    at: datetime

    def pause(self) -> int:
        """How many seconds must lie between the last try and the next: none, then 1, 2, 4 … 300."""
        if self.wrong < FREE_TRIES:
            return 0
        return min(LONGEST_PAUSE, 1 << min(self.wrong - FREE_TRIES, 16))


def seconds_to_wait(file: Path, now: datetime) -> int:
    """Seconds until the next try, from 0 to 300."""
    known = tries(file)
    if known is None:
        return 0
    if known.at > now:
        # The clock was set back. The pause begins again, and ends by this clock.
        known = Tries(known.wrong, now)
        if not _write(file, known):
            return 0
    return max(0, ceil(known.pause() - (now - known.at).total_seconds()))


def begin_try(file: Path, now: datetime) -> None:
    """Count a try before its passphrase is looked at, so that ending the program meanwhile saves nobody the pause.

    Raises ClinicError while the next try must wait.
    """
    seconds = seconds_to_wait(file, now)
    if seconds:
        raise ClinicError("unlock_paused", field="passphrase", seconds=seconds)
    known = tries(file)
    _write(file, Tries(1 if known is None else known.wrong + 1, now))


def forget_tries(file: Path) -> None:
    """The passphrase was right."""
    with suppress(OSError):
        file.unlink(missing_ok=True)


def tries(file: Path) -> Tries | None:
    """The wrong passphrases since the last right one; a damaged one counts as none, since it must lock nobody out."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        tries = Tries(int(content["wrong"]), datetime.fromisoformat(content["at"]).astimezone(UTC))
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    return tries if tries.wrong > 0 else None


def _write(file: Path, tries: Tries) -> bool:
    # A folder that cannot be written keeps nobody from reading the record.
    try:
        write_private(file, json.dumps({"wrong": tries.wrong, "at": tries.at.isoformat()}).encode())
    except StoreProblem:
        return False
    return True
