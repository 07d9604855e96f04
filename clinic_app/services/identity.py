"""Who sits in front of the screen, proved again: a signature needs the passphrase or a short PIN typed anew."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, StoreProblem, WrongPassphrase
from clinic_app.models import Account
from clinic_app.models.database import Database, tell
from clinic_app.models.keys import Cost, KeyFile
from clinic_app.models.small_files import SmallFile, small_file
from clinic_app.services.access import Actor
from clinic_app.services.clock import Clock
from clinic_app.services.passphrases import LONGEST_PIN, SHORTEST_PIN

MOST_FAILURES = 5
FRESH = timedelta(minutes=1)
"""How long after the typing a confirmation may be used."""
PIN_COST = Cost(passes=3, memory_kib=24576, lanes=1)
"""About 50 ms: slow enough beside five tries, quick enough for twenty visits in a row."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """That a person proved who they are, and when. It holds nothing of what was typed."""

    account_id: int
    at: datetime


class Identity:
    """Confirms the person at the window, by the passphrase of the key file or by a PIN of 4 to 8 digits.

    ``key_file`` is None where the program has none: then only a PIN confirms, and no PIN can be set.
    """

    def __init__(
        self, database: Database, clock: Clock, key_file: Path | SmallFile | None = None, *, pin_cost: Cost = PIN_COST
    ) -> None:
        self._database = database
        self._clock = clock
        self._key_file = None if key_file is None else small_file(key_file)
        self._hasher = PasswordHasher(pin_cost.passes, pin_cost.memory_kib, pin_cost.lanes)

    def has_pin(self, actor: Actor) -> bool:
        """Whether the person has set a PIN."""
        with self._database.reading() as session:
            return _account(session, actor).pin_verifier is not None

    def confirm(self, actor: Actor, secret: str) -> Confirmed:
        """Check the PIN or passphrase. Slow on purpose.

        Raises ClinicError with the field "secret". After five wrong PINs in a row the PIN does not count until the
        passphrase was given.
        """
        if not secret:
            raise ClinicError("secret_missing", field="secret")
        at = self._clock()
        # No passphrase is as short as a PIN (SHORTEST_PASSPHRASE), so what is typed tells which of them it is.
        if _is_pin(secret):
            self._check_pin(actor, secret, at)
        else:
            self._check_own_passphrase(actor, secret, "secret", at)
            self._count_pin_again(actor, at)
        return Confirmed(actor.account_id, at)

    def set_pin(self, actor: Actor, passphrase: str, pin: str) -> None:
        """Set a new PIN. Raises ClinicError with the field: a PIN that is guessed first, or a wrong passphrase."""
        check_pin(pin)
        if not passphrase:
            raise ClinicError("pin_passphrase_missing", field="passphrase")
        self._check_own_passphrase(actor, passphrase, "passphrase", self._clock())
        verifier = self._hasher.hash(pin)
        with self._database.writing(actor.account_id, self._clock()) as session:
            account = _account(session, actor)
            account.pin_verifier, account.pin_failures = verifier, 0

    def remove_pin(self, actor: Actor) -> None:
        """From now on only the passphrase counts."""
        with self._database.writing(actor.account_id, self._clock()) as session:
            account = _account(session, actor)
            account.pin_verifier, account.pin_failures = None, 0

    def _check_pin(self, actor: Actor, pin: str, at: datetime) -> None:
        with self._database.reading() as session:
            verifier = _account(session, actor).pin_verifier
        if verifier is None:
            raise ClinicError("pin_not_set", field="secret")
        # The slow part stands outside the transaction. The count inside it decides, so that tries from several
        # workstations at once are counted as well.
        right = self._fits(verifier, pin)
        with self._database.writing(actor.account_id, at) as session:
            account = _account(session, actor)
            counts = account.pin_failures < MOST_FAILURES and account.pin_verifier == verifier
            if counts:
                account.pin_failures = 0 if right else account.pin_failures + 1
            locked = account.pin_failures >= MOST_FAILURES
        if locked:
            raise ClinicError("pin_locked", field="secret")
        if not (right and counts):
            raise ClinicError("pin_wrong", field="secret")

    def _fits(self, verifier: str, pin: str) -> bool:
        try:
            return self._hasher.verify(verifier, pin)
        except VerificationError:
            return False

    def _check_own_passphrase(self, actor: Actor, passphrase: str, field: str, at: datetime) -> None:
        try:
            self._check_passphrase(actor, passphrase, field)
        except ClinicError as error:
            if error.code == "passphrase_not_right":
                with self._database.writing(actor.account_id, at) as session:
                    tell(session, "refused", "signature", actor.account_id)
            raise

    def _check_passphrase(self, actor: Actor, passphrase: str, field: str) -> None:
        if self._key_file is None or not self._key_file.exists():
            raise StoreProblem("key_file_out_of_reach", field=field)
        try:
            KeyFile.read(self._key_file).open(actor.user_name, passphrase)
        except WrongPassphrase as error:
            raise ClinicError("passphrase_not_right", field=field) from error

    def _count_pin_again(self, actor: Actor, at: datetime) -> None:
        with self._database.writing(actor.account_id, at) as session:
            _account(session, actor).pin_failures = 0


def require_confirmed(actor: Actor, confirmed: Confirmed, at: datetime) -> None:
    """Raise ClinicError unless this same person confirmed within the last minute before ``at``."""
    # The clock of a computer may be set back by a moment between the two.
    if confirmed.account_id != actor.account_id or abs(at - confirmed.at) > FRESH:
        raise ClinicError("not_confirmed", field="secret")


def check_pin(pin: str) -> None:
    """Raise ClinicError for what is no PIN, or one of those that are tried first."""
    if not _is_pin(pin):
        raise ClinicError("pin_form", field="pin", shortest=SHORTEST_PIN, longest=LONGEST_PIN)
    if len(set(pin)) < 3:
        raise ClinicError("pin_repeats", field="pin")
    if len({(int(after) - int(before)) % 10 for before, after in pairwise(pin)}) == 1:
        raise ClinicError("pin_in_a_row", field="pin")
    if re.search(r"^(19|20)\d\d|(19|20)\d\d$", pin):
        raise ClinicError("pin_like_a_year", field="pin")


def _is_pin(secret: str) -> bool:
    return secret.isascii() and secret.isdigit() and SHORTEST_PIN <= len(secret) <= LONGEST_PIN


def _account(session: Session, actor: Actor) -> Account:
    """The person's account. Raises ClinicError when it was closed meanwhile."""
    account = session.scalar(select(Account).where(Account.id == actor.account_id))
    if account is None or not account.active:
        raise ClinicError("account_closed", field="secret")
    return account
