"""The quick way back after locking: with the PIN, by the person who locked, until midnight, five tries.

While the clinic is locked its data key is in memory only wrapped, under a key that comes from the PIN as slowly as a
guess costs (Argon2id). Nothing of it is written anywhere. So few digits can be tried out by somebody who copies the
memory of the running program; against whoever sits at the keyboard the five tries stand.
"""

import base64
import secrets
from datetime import date

from argon2 import extract_parameters
from argon2.low_level import hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select

from clinic_app.errors import ClinicError
from clinic_app.models import Account
from clinic_app.models.data_key import DataKey
from clinic_app.models.database import Database
from clinic_app.services.access import Actor
from clinic_app.services.clock import Clock, local_today
from clinic_app.services.identity import MOST_FAILURES

_PURPOSE = b"clinic-app quick return 1"


class QuickReturn:
    """One way back. It holds the wrapped key, the PIN's salt and how slow it is; neither the key nor the PIN."""

    def __init__(self, verifier: str, key: DataKey, clock: Clock, time_zone: str) -> None:
        """``verifier`` is the Argon2id hash of the PIN as the record keeps it."""
        self._clock = clock
        self._time_zone = time_zone
        self._slowness = extract_parameters(verifier)
        *_, salt, digest = verifier.split("$")
        self._salt = _plain(salt)
        self._nonce = secrets.token_bytes(12)
        self._wrapped = _cipher(_plain(digest)).encrypt(self._nonce, key.reveal(), _PURPOSE)
        self._day = self._today()
        self.failures = 0
        """Wrong PINs so far."""

    @property
    def is_open(self) -> bool:
        """Whether the PIN still counts. A clock that was set back ends it like midnight."""
        return bool(self._wrapped) and self._today() == self._day

    def data_key(self, pin: str) -> bytes:
        """The data key. Slow on purpose.

        Raises ClinicError with the field "pin", after the fifth wrong PIN or the end of the day for good.
        """
        if not self.is_open:
            self.forget()
            raise ClinicError("return_over", field="pin")
        slow = self._slowness
        digest = hash_secret_raw(
            pin.encode("utf-8", "surrogatepass"),
            self._salt,
            slow.time_cost,
            slow.memory_cost,
            slow.parallelism,
            slow.hash_len,
            slow.type,
            slow.version,
        )
        try:
            return _cipher(digest).decrypt(self._nonce, self._wrapped, _PURPOSE)
        except InvalidTag:
            self.failures += 1
            if self.failures >= MOST_FAILURES:
                self.forget()
                raise ClinicError("return_over", field="pin") from None
            left = MOST_FAILURES - self.failures
            raise ClinicError("return_pin_wrong" if left > 1 else "return_pin_last", field="pin", left=left) from None

    def forget(self) -> None:
        """From now on only the passphrase opens."""
        self._wrapped = b""

    def _today(self) -> date:
        return local_today(self._clock, self._time_zone)


def prepare_return(database: Database, actor: Actor, key: DataKey, clock: Clock, time_zone: str) -> QuickReturn | None:
    """The way back for the person who locks; None for whoever has no PIN, or one that was switched off."""
    with database.reading() as session:
        account = session.execute(
            select(Account.pin_verifier, Account.pin_failures).where(Account.id == actor.account_id)
        ).first()
    if account is None or account.pin_verifier is None or account.pin_failures >= MOST_FAILURES:
        return None
    return QuickReturn(account.pin_verifier, key, clock, time_zone)


def _cipher(digest: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(digest))


def _plain(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))
