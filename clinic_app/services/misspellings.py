"""Words that are one letter away from what somebody typed: a letter missing, too many, another, or two swapped."""

from collections.abc import Iterable, Iterator

SHORTEST = 4
"""Letters of the shortest word that may be misspelt: a shorter one is too near to too many others."""


def is_misspelt(typed: str, word: str) -> bool:
    """Whether ``word`` begins with what was meant when ``typed`` has one letter wrong; not when it has none."""
    place = next((n for n, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), None)
    if place is None:
        return len(typed) == len(word) + 1  # the last letter is too many; or else nothing is wrong
    rest, meant = typed[place:], word[place:]
    missing, another = meant[1:].startswith(rest), meant[1:].startswith(rest[1:])
    too_many, swapped = meant.startswith(rest[1:]), meant.startswith(rest[1::-1] + rest[2:])
    return missing or another or too_many or swapped


def right_parts(typed: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Parts and the places at which they may stand: every word that ``is_misspelt`` accepts has one of them there.

    One wrong letter lies in the first half or in the second, and the other half stands as it was meant: at its place
    or one letter beside it. Two that are swapped may lie on either side of the middle.
    """
    middle = len(typed) // 2
    first, second = typed[:middle], typed[middle:]
    yield first, (0,)
    yield first[:-1] + second[0] + first[-1] + second[1:], (0,)
    yield second, (middle - 1, middle, middle + 1)


def closest(typed: str, words: Iterable[str], most: int) -> tuple[str, ...]:
    """At most so many of the words that are meant, those as long as what was typed first."""
    meant = (word for word in words if is_misspelt(typed, word))
    return tuple(sorted(meant, key=lambda word: (abs(len(word) - len(typed)), word))[:most])
