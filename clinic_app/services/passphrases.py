"""Which passphrases may open a clinic: long enough, not among the first that are tried, not made of names.

No kinds of signs are asked for and nobody must change a passphrase that is not known to others: both lead to weaker
ones (NIST SP 800-63B, section 3.1.1.2). This module stays without the database, so that a form can ask it at once.
"""

import re
from collections.abc import Iterable

from clinic_app.errors import ClinicError
from clinic_app.typed_text import fold

SHORTEST_PASSPHRASE = 12
SHORTEST_PIN, LONGEST_PIN = 4, 8
PASSPHRASE_HINT = (
    f"At least {SHORTEST_PASSPHRASE} characters. Four or five unrelated words are strong and easy to keep."
)
LEAST_SCORE = 3
"""zxcvbn's "safely unguessable": 100 million tries, which take years at the cost of our key derivation."""
_JUDGED = 40
"""How many characters are judged. Time grows with their number, and what comes after makes no passphrase weaker."""
_TRADE = (
    "passphrase",
    "clinic",
    "clinicapp",
    "botox",
    "dysport",
    "xeomin",
    "botulinum",
    "toxin",
    "dystonia",
    "injection",
)
"""What zxcvbn does not know to be tried first here."""
_SHORTEST_WORD = 3


def check_passphrase(passphrase: str, names: Iterable[str] = (), field: str = "passphrase") -> None:
    """Raise ClinicError with the field and what is wrong with it.

    ``names`` are those that everybody knows: of the person, the account and the clinic. A passphrase of nothing else
    and a few signs more is refused, however they are written.
    """
    from zxcvbn import zxcvbn  # its lists of words take 40 ms to load, so not before somebody chooses a passphrase

    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise ClinicError("passphrase_short", field=field, typed=len(passphrase), length=SHORTEST_PASSPHRASE)
    if _beyond(passphrase, names) < SHORTEST_PASSPHRASE // 2:
        raise ClinicError("passphrase_of_names", field=field)
    if zxcvbn(passphrase[:_JUDGED], _TRADE, max_length=_JUDGED)["score"] < LEAST_SCORE:
        raise ClinicError("passphrase_weak", field=field)


def passphrase_problem(passphrase: str, names: Iterable[str] = ()) -> str:
    """What stands under the field while a passphrase is chosen: what is wrong with it, or ""."""
    try:
        check_passphrase(passphrase, names)
    except ClinicError as error:
        return str(error)
    return ""


def _beyond(passphrase: str, names: Iterable[str]) -> int:
    """How many letters and digits are left of a passphrase when the names are taken out of it."""
    whole = [fold(name) for name in names]
    parts = {_plain(part) for name in whole for part in (name, *re.split(r"[\s_-]+", name))}
    rest = _plain(passphrase)
    for part in sorted(parts, key=lambda part: (-len(part), part)):
        if len(part) >= _SHORTEST_WORD:
            rest = rest.replace(part, " ")
    # Scripts that Latin letters cannot write leave nothing here, and are no names of anybody.
    return len(rest.replace(" ", "")) if _plain(passphrase) else len(passphrase)


def _plain(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign.isalnum())
