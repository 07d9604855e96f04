"""The key of the research exports: which patient stands under which pseudonym, and by how many days dates shift.

It lies beside the database, encrypted with a key that is derived from the data key, and never in an export. Whoever
removes it breaks the link for good. Design: docs/decisions/0011.
"""

import base64
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from clinic_app.errors import StoreProblem
from clinic_app.models.data_key import DataKey
from clinic_app.models.keys import ALPHABET
from clinic_app.models.small_files import SmallFile, small_file

FORMAT = 1
MOST_DAYS = 182
_PURPOSE = b"clinic-app research key 1"
_SIGNS = 10
"""50 bits: two among a million patients are alike once in two thousand clinics, and are then drawn again."""


@dataclass(frozen=True, slots=True)
class Disguise:
    """What stands for a patient in every export: drawn at random, derived from nothing."""

    pseudonym: str
    shift_days: int


class ResearchKey:
    """The encrypted file of all disguises of a clinic."""

    def __init__(self, at: Path | SmallFile, data_key: DataKey) -> None:
        self._file = small_file(at)
        self._data_key = data_key

    def disguises(self, patients: Iterable[tuple[int, datetime]]) -> dict[int, Disguise]:
        """The disguise of each patient, told by id and moment of registration; new ones are drawn and kept first.

        The moment belongs to it because a database restored from a backup may give an id to somebody else, who must
        not stand under another's pseudonym. To be called by one program at a time. Raises StoreProblem.
        """
        kept = self._read()
        before, taken, found = len(kept), {each.pseudonym for each in kept.values()}, {}
        for patient_id, registered_at in patients:
            name = f"{patient_id} {registered_at.isoformat()}"
            if name not in kept:
                kept[name] = _drawn(taken)
                taken.add(kept[name].pseudonym)
            found[patient_id] = kept[name]
        if len(kept) != before:
            self._write(kept)
        return found

    def encrypt_anew(self, to: Path, data_key: DataKey) -> None:
        """Write the same disguises into another file, encrypted for another data key. Raises StoreProblem."""
        ResearchKey(to, data_key)._write(self._read())

    def _cipher(self) -> AESGCM:
        return AESGCM(HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(self._data_key.reveal()))

    def _read(self) -> dict[str, Disguise]:
        try:
            content = json.loads(self._file.read())
            if content["format"] > FORMAT:
                raise StoreProblem("store_newer")
            sealed = base64.b64decode(content["sealed"], validate=True)
            opened = json.loads(self._cipher().decrypt(sealed[:12], sealed[12:], _PURPOSE))
            return {name: Disguise(pseudonym, int(days)) for name, (pseudonym, days) in opened.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, InvalidTag) as error:
            if self._file.folder is None:
                raise StoreProblem("server_research_key_damaged") from error
            raise StoreProblem("research_key_damaged", folder=self._file.folder) from error

    def _write(self, disguises: dict[str, Disguise]) -> None:
        opened = {name: (each.pseudonym, each.shift_days) for name, each in disguises.items()}
        nonce = secrets.token_bytes(12)
        sealed = nonce + self._cipher().encrypt(nonce, json.dumps(opened).encode("utf-8"), _PURPOSE)
        content = {"format": FORMAT, "sealed": base64.b64encode(sealed).decode("ascii")}
        self._file.write(json.dumps(content).encode("utf-8"))


def _drawn(taken: set[str]) -> Disguise:
    while True:
        # The letter in front keeps a spreadsheet from reading a number.
        pseudonym = "P" + "".join(secrets.choice(ALPHABET) for _ in range(_SIGNS))
        if pseudonym not in taken:
            break
    # Never zero days: every date of every patient is another than the true one.
    days = 1 + secrets.randbelow(MOST_DAYS)
    return Disguise(pseudonym, days if secrets.randbelow(2) else -days)
