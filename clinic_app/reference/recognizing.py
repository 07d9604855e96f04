"""Which muscle of the reference a cell of an old spreadsheet means: "L splenius", "SCM R", "M. masseter li"."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from clinic_app.reference.muscle_names import ABBREVIATIONS, GROUPS, finger, initials, short_forms, words_of
from clinic_app.reference.muscles import Muscle
from clinic_app.reference.side_words import SIDE_WORDS, with_both_as_word
from clinic_app.terms import Side
from clinic_app.typed_text import clean

_MUSCLE = frozenset("musculus musculi muscle muscles musc of the and".split())
_BEFORE_A_NAME = frozenset({"m", "mm"})
_MAY_BE_LEFT_OUT = frozenset("pars part caput head venter belly glandula gland".split())
_SIDES = {
    word: sides
    for word, sides in SIDE_WORDS.items()
    if Side.MIDLINE not in sides and word not in ("der", "lado")  # middle trapezius
}
_LETTERS_TO_ASK = frozenset("dsg")
_ENDINGS = ("", "es", "s", "ii", "i", "e", "us", "is", "um", "ous")
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}(?:[A-Za-z]\b)?")  # F.C.R.
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_OTHER_WORD = re.compile(r"\w+ \((\w+)\) (?=\w)")  # fibularis (peroneus) longus
_LONGEST = 120
_MOST_RUNS = 20


@dataclass(frozen=True, slots=True)
class Recognized:
    """What a cell about a muscle can mean.

    ``candidates`` are ids of muscles, the likeliest first; empty where nobody knows. Only where ``certain`` is the one
    candidate what stands there: everything else is to be asked, also a single candidate (a letter was mistyped, a
    word is missing or means nothing). ``sides`` are those that stand in the cell, both as left and right;
    ``side_unclear`` says that a letter in it may be a side or something else.
    """

    candidates: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()
    certain: bool = False
    side_unclear: bool = False

    @property
    def muscle(self) -> str:
        """The id of the one muscle, "" where somebody must be asked."""
        return self.candidates[0] if self.certain else ""


class MuscleNames:
    """All muscles with every way to call them."""

    def __init__(self, muscles: Iterable[Muscle]) -> None:
        self._called = [_Called(muscle) for muscle in muscles]
        self._once = lru_cache(maxsize=4096)(self._read)  # a column says the same few things again and again

    def recognize(self, text: str) -> Recognized:
        """The muscle and the side that ``text`` names, in any order, or what it could mean."""
        return self._once(text) if len(text) <= _LONGEST else Recognized()

    def _read(self, text: str) -> Recognized:
        typed = _DOTTED.sub(lambda found: found[0].replace(".", ""), with_both_as_word(clean(text)))
        found = self._recognize(_name_words(typed))
        joined = _HYPHEN.sub("", typed)  # semi-spinalis
        if not found.certain and joined != typed:
            whole = self._recognize(_name_words(joined))
            return whole if whole.certain else found
        return found

    def _recognize(self, words: list[str]) -> Recognized:
        named = {side for word in words for side in _SIDES.get(word, ())}
        sides = tuple(side for side in Side if side in named)
        rest = _without_prefix([word for word in words if word not in _SIDES])
        unclear = [word for word in rest if word in _LETTERS_TO_ASK]
        found = self._meant(rest)
        if unclear and not found.certain:
            bare = self._meant([word for word in rest if word not in _LETTERS_TO_ASK])
            if bare.certain or not found.candidates:
                return replace(bare, sides=sides, side_unclear=bool(bare.candidates))
        # "Palmaris L" is the left one to one and the long one to the next.
        lettered = rest and any(word in ("l", "r") for word in words)
        longer = self._with_letter(_without_prefix(words)) if lettered else []
        if longer:
            candidates = tuple(dict.fromkeys((*longer, *found.candidates)))
            return Recognized(candidates, sides, side_unclear=True)
        return replace(found, sides=sides)

    def _meant(self, words: Sequence[str]) -> Recognized:
        if not words:
            return Recognized()
        return self._by_name(words) or self._by_words(words) or self._asked(words)

    def _by_name(self, words: Sequence[str]) -> Recognized | None:
        """A whole name or abbreviation."""
        whole, joined = " ".join(words), "".join(words)
        if whole in GROUPS:
            return Recognized(GROUPS[whole])
        found = tuple(each.id for each in self._called if whole in each.names or joined in each.names)
        if found:
            return Recognized(found, certain=len(found) == 1)
        rare = tuple(each.id for each in self._called if joined == each.rare)
        return Recognized(rare) if rare else None

    def _by_words(self, words: Sequence[str], *, mistyped: bool = False) -> Recognized | None:
        """The beginnings of the words of a name; certain where none of them is missing and only one muscle has them."""
        if max(map(len, words)) < 3:
            return None
        found = [each for each in self._called if each.has_all(words, mistyped)]
        if not found:
            return None
        whole = [each for each in found if each.is_covered(words)]
        enough = len(words) > 1 or len(words[0]) > 3
        ordered = (*whole, *(each for each in found if each not in whole))
        return Recognized(
            tuple(each.id for each in ordered), certain=len(found) == len(whole) == 1 and enough and not mistyped
        )

    def _asked(self, words: Sequence[str]) -> Recognized:
        """What it may be where a letter or a word is wrong. Never certain."""
        mistyped = self._by_words(words, mistyped=True)
        if mistyped is not None:
            return mistyped
        runs = sorted(
            (words[start:end] for start in range(len(words)) for end in range(start + 1, len(words) + 1)),
            key=lambda run: -len("".join(run)),
        )
        for run in runs[:_MOST_RUNS]:
            found = self._by_name(run) or (self._by_words(run) if max(map(len, run)) > 3 else None)
            if found is not None:
                return replace(found, certain=False)
        whole = " ".join(words)
        return Recognized(tuple(each.id for each in self._called if len(whole) > 4 and each.contains(whole)))

    def _with_letter(self, words: Sequence[str]) -> list[str]:
        """The muscles in whose names the single letter of a side is the beginning of a word."""
        joined = "".join(words)
        return [each.id for each in self._called if joined in each.names or each.has_in_order(words)]


class _Called:
    """One muscle with every way to call it."""

    def __init__(self, muscle: Muscle) -> None:
        self.id = muscle.id
        names = [_name_words(muscle.name), _name_words(muscle.latin)]
        bare = [_name_words(re.sub(r"\(.*?\)", "", name)) for name in (muscle.name, muscle.latin)]
        if _OTHER_WORD.search(muscle.name) is not None:
            bare.append(_name_words(_OTHER_WORD.sub(r"\1 ", muscle.name)))
        self._ordered = bare
        digit = finger(muscle)
        if digit:
            fingers = [name.split(",")[0] for name in (muscle.name, muscle.latin)]
            self._ordered = [_name_words(name) for name in fingers]  # an R is no ring finger
            bare += [[*name, f"d{digit}"] for name in self._ordered]
        self._words = {word for name in (*names, *bare) for word in name}
        self._needed = [[word for word in name if word not in _MAY_BE_LEFT_OUT] for name in bare]
        short = short_forms(muscle)
        # Two initials mean too much to too many, unless they are in use.
        self.rare = initials(muscle) if len(initials(muscle)) < 3 and not digit else ""
        self._short = short - {self.rare} | ({self.rare} & set(ABBREVIATIONS.get(muscle.id, ())))
        whole = {" ".join(name) for name in (*names, *bare, *self._needed)}
        self.names = whole | {name.replace(" ", "") for name in whole} | self._short

    def has_all(self, words: Iterable[str], mistyped: bool) -> bool:
        """Whether each of the words begins one of this muscle's; ``mistyped`` allows for a wrong letter in each."""
        return all(
            word in self._short or any(_begins(word, own) or (mistyped and is_near(word, own)) for own in self._words)
            for word in words
        )

    def is_covered(self, words: Sequence[str]) -> bool:
        """Whether no word of the name is missing."""
        if any(word in self._short for word in words):
            return True
        return any(
            all(any(_begins(word, own) for word in words) for own in needed) for needed in self._needed if needed
        )

    def has_in_order(self, words: Sequence[str]) -> bool:
        """Whether the words begin words of the name one after the other."""
        for name in self._ordered:
            left = iter(name)
            if all(any(own.startswith(word) for own in left) for word in words):
                return True
        return False

    def contains(self, text: str) -> bool:
        """Whether the text stands anywhere in a name."""
        return any(text in " ".join(name) for name in self._ordered)


def _name_words(name: str) -> list[str]:
    return [word for word in words_of(name) if word not in _MUSCLE]


def _without_prefix(words: list[str]) -> list[str]:
    return words[1:] if len(words) > 1 and words[0] in _BEFORE_A_NAME else words


def _begins(word: str, own: str) -> bool:
    """Whether ``word`` begins ``own``, or is it in another number or case: scalenes, scalene, scaleni for scalenus."""
    if own.startswith(word) or (len(word) > 4 and word.endswith("s") and own.startswith(word[:-1])):
        return True
    return len(word) > 5 and not _stems(word).isdisjoint(_stems(own))


def _stems(word: str) -> set[str]:
    return {stem for ending in _ENDINGS if len(stem := word.removesuffix(ending)) > 4}


def is_near(word: str, own: str) -> bool:
    """Whether one letter is missing, too much, another, or two have changed places."""
    if min(len(word), len(own)) < 4 or abs(len(word) - len(own)) > 1:
        return False
    start = next((place for place, (a, b) in enumerate(zip(word, own, strict=False)) if a != b), None)
    if start is None:
        return True
    word, own = word[start:], own[start:]
    swapped = len(word) > 1 and word[1] + word[0] + word[2:] == own
    return swapped or word[1:] == own[1:] or word[1:] == own or word == own[1:]
