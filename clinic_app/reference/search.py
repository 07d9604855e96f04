"""Finding a muscle from what a person types: English or Latin name, or the usual abbreviation."""

import re
import unicodedata
from collections.abc import Iterable

from clinic_app.reference.muscles import Muscle

#: Abbreviations that the initials of the English name do not give.
_ABBREVIATIONS = {
    "sternocleidomastoideus": ("scm",),
    "trapezius_pars_descendens": ("trap",),
    "cricoarytenoideus_posterior": ("pca",),
    "cricoarytenoideus_lateralis": ("lca",),
    "thyroarytenoideus": ("ta",),
    "arytenoideus_transversus": ("ia",),
    "cricothyroideus": ("ct",),
    "brachioradialis": ("br", "brd"),
    "interossei_dorsales_manus": ("di", "fdi"),
    "platysma": ("plat",),
    "fibularis_longus": ("pl", "fl"),
    "fibularis_brevis": ("pb", "fb"),
    "extensor_digitorum": ("edc",),
}
_TARGET_ORDER = ("yes", "rare", "avoid")


class MuscleIndex:
    """All muscles with their folded words, ready to be searched at every key."""

    def __init__(self, muscles: Iterable[Muscle]) -> None:
        self._rows = [(muscle, _words(muscle.name), _words(muscle.latin), _short(muscle)) for muscle in muscles]

    def find(self, text: str) -> tuple[Muscle, ...]:
        """Best first: abbreviation or whole name, start of the name, starts of its words, of the Latin words, anywhere.

        Among equals usual targets come before rare ones and these before structures to avoid.
        """
        asked = _words(text)
        if not asked:
            return ()
        found = [
            (rank, _TARGET_ORDER.index(muscle.target), place, muscle)
            for place, (muscle, name, latin, short) in enumerate(self._rows)
            if (rank := _rank(asked, name, latin, short)) is not None
        ]
        return tuple(row[-1] for row in sorted(found, key=lambda row: row[:3]))


def _rank(asked: list[str], name: list[str], latin: list[str], short: frozenset[str]) -> int | None:
    whole = " ".join(asked)
    tests = (
        whole in short or whole == " ".join(name),
        " ".join(name).startswith(whole),
        _all_start(asked, name),
        _all_start(asked, latin),
        _all_start(asked, [*name, *latin, *short]),
        whole in " ".join(name) or whole in " ".join(latin),
    )
    return next((rank for rank, fits in enumerate(tests) if fits), None)


def _all_start(asked: list[str], words: list[str]) -> bool:
    return all(any(word.startswith(part) for word in words) for part in asked)


def _words(text: str) -> list[str]:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.findall(r"\w+", bare.casefold())


def _short(muscle: Muscle) -> frozenset[str]:
    """The initials of the name up to its first comma or bracket, with the finger where there is one (fds3, fds d3)."""
    words = _words(re.split(r"[,(]", muscle.name)[0])
    initials = "".join(word[0] for word in words) if len(words) > 1 else ""
    short = {initials, *_ABBREVIATIONS.get(muscle.id, ())} - {""}
    finger = re.search(r"_d(\d)$", muscle.id)
    if finger is not None:
        short |= {f"{initials}{finger[1]}", f"{initials} d{finger[1]}"}
    return frozenset(short)
