"""The key file: one random data key, wrapped once for every account and once for the recovery code.

The database is encrypted with the data key. A passphrase never leaves this module; what it derives (Argon2id)
opens its own slot only. Changing a passphrase rewraps a slot and touches nothing else. Design: docs/decisions/0003.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from clinic_app.errors import StoreProblem, WrongPassphrase
from clinic_app.models.small_files import FileInFolder, SmallFile, small_file

FORMAT = 2  # 1 had no checks
RECOVERY = "recovery"
# Crockford's alphabet: no I, L, O, U, so that a code read from paper is typed right.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RECOVERY_LENGTH = 32  # 160 bits
_MOST_COST = (64, 4 * 1024 * 1024, 64)
"""Passes, KiB and lanes: a damaged file must not keep the machine busy for hours or use up its memory."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What deriving a key costs: passes, memory in KiB, and lanes. The default is RFC 9106's second choice."""

    passes: int = 3
    memory_kib: int = 65536
    lanes: int = 4


@dataclass(frozen=True, slots=True)
class Slot:
    """The data key wrapped for one holder; all bytes in base64."""

    holder: str
    salt: str
    nonce: str
    wrapped: str
    passes: int
    memory_kib: int
    lanes: int
    check: str = ""
    """A checksum of the rest, so that damage is not told as a wrong passphrase; "" where an older release wrote it."""

    @property
    def sound(self) -> bool:
        """Whether nothing of it was damaged, as far as can be told."""
        return self.check in ("", self.sum())

    def sum(self) -> str:
        """The checksum that belongs here."""
        said = "\n".join(str(getattr(self, field.name)) for field in fields(self) if field.name != "check")
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class KeyFile:
    """All slots of one clinic. Immutable: every change returns a new one, to be written as a whole."""

    slots: tuple[Slot, ...]

    @classmethod
    def read(cls, at: Path | SmallFile) -> "KeyFile":
        """Read the file. Raises StoreProblem when it is missing or not ours."""
        file = small_file(at)
        try:
            content = json.loads(file.read())
            if content["format"] > FORMAT:
                raise StoreProblem("store_newer")
            return cls(tuple(map(_slot, content["slots"])))
        except FileNotFoundError as error:
            if file.folder is None:
                raise StoreProblem("server_without_clinic") from error
            lost = isinstance(file, FileInFolder) and file.path.with_suffix(".db").exists()
            raise StoreProblem("keys_lost" if lost else "keys_missing", folder=file.folder) from error
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            if file.folder is None:
                raise StoreProblem("server_keys_damaged") from error
            raise StoreProblem("keys_damaged", folder=file.folder) from error

    def write(self, at: Path | SmallFile) -> None:
        """Replace the file whole: a crash leaves the old one or the new one, never a part."""
        small_file(at).write(self.content())

    def content(self) -> bytes:
        """What stands in the file."""
        content = {"format": FORMAT, "slots": [asdict(slot) for slot in self.slots]}
        return json.dumps(content, indent=1).encode("utf-8")

    def holders(self) -> tuple[str, ...]:
        """The user names that have a passphrase here."""
        return tuple(slot.holder for slot in self.slots if slot.holder != RECOVERY)

    def open(self, user_name: str, passphrase: str) -> bytes:
        """The data key. Raises WrongPassphrase, the same for an unknown name as for a wrong passphrase.

        Raises StoreProblem where the slot is damaged.
        """
        return self._open(fold_name(user_name), passphrase)

    def open_with_recovery(self, code: str) -> bytes:
        """The data key, from the printed recovery code. Raises WrongPassphrase."""
        try:
            return self._open(RECOVERY, normal_code(code))
        except WrongPassphrase as error:
            raise WrongPassphrase("recovery_wrong", field="code") from error

    def with_holder(self, user_name: str, passphrase: str, data_key: bytes, cost: Cost) -> "KeyFile":
        """A key file in which ``user_name`` has this passphrase, in place of any before."""
        return self._with(fold_name(user_name), passphrase, data_key, cost)

    def with_recovery(self, code: str, data_key: bytes, cost: Cost) -> "KeyFile":
        """A key file in which ``code`` recovers, in place of any before."""
        return self._with(RECOVERY, normal_code(code), data_key, cost)

    def slot(self, user_name: str) -> Slot | None:
        """What wraps the data key for an account, or None where it has no passphrase."""
        return next((slot for slot in self.slots if slot.holder == fold_name(user_name)), None)

    def with_slot(self, slot: Slot) -> "KeyFile":
        """A key file with a slot as it was before, in place of the one that its holder has now."""
        return KeyFile((*(s for s in self.slots if s.holder != slot.holder), slot))

    def damaged(self) -> tuple[str, ...]:
        """The holders whose slots are not as they were written."""
        return tuple(slot.holder for slot in self.slots if not slot.sound)

    def without(self, user_name: str) -> "KeyFile":
        """A key file in which the account opens nothing any more."""
        return replace(self, slots=tuple(s for s in self.slots if s.holder != fold_name(user_name)))

    def only(self, user_names: Collection[str]) -> "KeyFile":
        """A key file for nobody but these accounts and the recovery code."""
        kept = {RECOVERY, *map(fold_name, user_names)}
        return replace(self, slots=tuple(slot for slot in self.slots if slot.holder in kept))

    def _open(self, holder: str, secret: str) -> bytes:
        slot = next((slot for slot in self.slots if slot.holder == holder), None)
        if slot is None and self.damaged():
            raise StoreProblem("key_slot_damaged")  # it may be the one, under a name that nobody has
        if slot is None:
            raise WrongPassphrase("passphrase_wrong", field="passphrase")
        cost = Cost(slot.passes, slot.memory_kib, slot.lanes)
        try:
            wrapping = _derive(secret, _bytes(slot.salt), cost)
            return AESGCM(wrapping).decrypt(_bytes(slot.nonce), _bytes(slot.wrapped), holder.encode("utf-8"))
        except InvalidTag as error:
            if not slot.sound:
                raise StoreProblem("key_slot_damaged") from error
            raise WrongPassphrase("passphrase_wrong", field="passphrase") from error
        except (ValueError, HashingError) as error:
            raise StoreProblem("key_slot_damaged") from error

    def _with(self, holder: str, secret: str, data_key: bytes, cost: Cost) -> "KeyFile":
        salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
        wrapping = _derive(secret, salt, cost)
        # The holder's name is authenticated with the key, so that a slot cannot be moved to another name.
        wrapped = AESGCM(wrapping).encrypt(nonce, data_key, holder.encode("utf-8"))
        slot = Slot(holder, _text(salt), _text(nonce), _text(wrapped), cost.passes, cost.memory_kib, cost.lanes)
        return self.with_slot(replace(slot, check=slot.sum()))


def _slot(content: dict[str, Any]) -> Slot:
    """A slot as it stands in the file. Raises ValueError or TypeError where it is none."""
    slot = Slot(**content)
    if not all(isinstance(getattr(slot, field.name), field.type) for field in fields(slot)):  # type: ignore[arg-type]  # plain classes
        raise TypeError
    cost = (slot.passes, slot.memory_kib, slot.lanes)
    if not all(1 <= each <= most for each, most in zip(cost, _MOST_COST, strict=True)):
        raise ValueError(cost)
    return slot


def new_data_key() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(32)


def new_recovery_code() -> str:
    """A code of eight groups of four, 160 bits, to be printed and kept apart from the computer."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH))
    return "-".join(code[start : start + 4] for start in range(0, RECOVERY_LENGTH, 4))


def normal_code(code: str) -> str:
    """The code as it was made, from what a person typed: any case, spaces or dashes, O for 0, I or L for 1."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return plain.translate(str.maketrans("OIL", "011"))


def fold_name(user_name: str) -> str:
    """User names are the same in any case and with any space around them."""
    return user_name.strip().casefold()


def _derive(secret: str, salt: bytes, cost: Cost) -> bytes:
    return hash_secret_raw(
        secret.encode("utf-8", "surrogatepass"),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=32,
        type=Type.ID,
    )


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
