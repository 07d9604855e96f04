"""Finding a muscle from what a person types: English or Latin name, or the usual abbreviation."""

from collections.abc import Iterable

from clinic_app.reference.muscle_names import short_forms, words_of
from clinic_app.reference.muscles import Muscle

_TARGET_ORDER = ("yes", "rare", "avoid")


class MuscleIndex:
    """All muscles with their folded words, ready to be searched at every key."""

    def __init__(self, muscles: Iterable[Muscle]) -> None:
        self._rows = [
            (muscle, words_of(muscle.name), words_of(muscle.latin), short_forms(muscle)) for muscle in muscles
        ]

    def find(self, text: str) -> tuple[Muscle, ...]:
        """Best first: abbreviation or whole name, start of the name, starts of its words, of the Latin words, anywhere.

        Among equals usual targets come before rare ones and these before structures to avoid.
        """
        asked = words_of(text)
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
