"""Invented people, the same on every machine.

``make(10_000)`` and ``make(100_000)`` with the default seed hold, by "contains" on the surname: Banotren 21 and 134,
Jauvur 2 and 102; Zzyzx none.
"""

import random
from collections.abc import Iterator

Person = tuple[int, str, str, str, tuple[int, int, int]]


def make(n: int, seed: int = 42) -> Iterator[Person]:
    """Yield n people: number, surname, given name, sex, (year, month, day). Record numbers are f"MRN{number:07d}"."""
    r = random.Random(seed)
    consonants = "b c d f g h j k l m n p r s t v w z br ch st tr sch kl".split()
    vowels = "a e i o u au ei ou".split()

    def syllables(k: int) -> str:
        return "".join(r.choice(consonants) + r.choice(vowels) for _ in range(k))

    surnames = sorted(
        {(syllables(r.choice((2, 3))) + r.choice(["", "n", "r", "s", "ck", "tz"])).capitalize() for _ in range(1400)}
    )[:1000]
    given = sorted({(syllables(2) + r.choice(["", "n", "a", "l"])).capitalize() for _ in range(600)})[:400]
    r.shuffle(surnames)
    r.shuffle(given)
    for i in range(n):
        yield (
            i,
            r.choice(surnames),
            r.choice(given),
            "mf"[r.random() < 0.5],
            (1930 + r.randrange(75), 1 + r.randrange(12), 1 + r.randrange(28)),
        )
