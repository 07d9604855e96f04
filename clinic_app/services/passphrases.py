"""Which passphrases may open a clinic. Without the database, so that the first-run page can ask at every key."""

from collections.abc import Iterable

from clinic_app.errors import ClinicError

SHORTEST_PASSPHRASE = 10


def check_passphrase(passphrase: str, names: Iterable[str] = (), field: str = "passphrase") -> None:
    """Raise ClinicError unless it is long enough and not just one of the names or one sign repeated."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise ClinicError("passphrase_short", field=field, length=SHORTEST_PASSPHRASE)
    if len(set(passphrase)) < 4 or passphrase.strip().casefold() in {name.strip().casefold() for name in names}:
        raise ClinicError("passphrase_weak", field=field)
