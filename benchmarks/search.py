"""Finding a patient: each key in the search field of the real window, until its rows are painted.

Beside it the same questions without the window, against hand-written SQL on the same connection.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

from PySide6.QtTest import QTest

from benchmarks.calendars import NOW
from benchmarks.clinic_rows import ACCENTED_EVERY
from benchmarks.clinics import Clinics
from benchmarks.hand import rows_by_hand
from benchmarks.large_clinic import LargeClinic
from benchmarks.measure import Row, beside, measured, quick, row
from benchmarks.people import make
from benchmarks.window import RealWindow
from clinic_app.models.search_word import words_of
from clinic_app.services.typed_search import TypedSearch
from clinic_app.ui.clinic_window import PATIENTS

KEY_MS = 16.0
_KEYS = 40
"""At least so many keys a case."""
_MOST = 50
"""Rows of the list."""
_COLUMNS = "id, record_number, family_name, given_name, birth_date, status"


@dataclass(frozen=True, slots=True)
class Typed:
    """A kind of question: what is typed, and how many of its last keys are measured."""

    name: str
    texts: tuple[str, ...]
    keys: int


def cases(clinics: Clinics) -> Iterator[Row]:
    """Every row about searching."""
    kinds = _kinds(clinics.size.patients)
    with clinics.window() as window:
        window.clinic.window.show_view(PATIENTS)
        for kind in kinds:
            yield row(f"search: {kind.name}, each key to its rows on screen", KEY_MS, _on_screen(window, kind))
    with clinics.opened() as clinic:
        for kind in kinds:
            yield _without_window(clinic, kind)


def _kinds(patients: int) -> tuple[Typed, ...]:
    people = list(islice(make(patients), 0, patients, max(1, patients // 40)))
    accented = list(islice(make(patients), 0, patients, ACCENTED_EVERY * max(1, patients // ACCENTED_EVERY // 20)))
    surnames = tuple(dict.fromkeys(family for _, family, _, _, _ in people))
    return (
        Typed("surname as typed", surnames[:8], 99),
        Typed("fragment of a surname", tuple(name[1:].lower() for name in surnames if len(name) > 5)[:20], 2),
        Typed("first and last name", tuple(f"{given} {family}" for _, family, given, _, _ in people[:20]), 3),
        Typed("accented surname without its accents", tuple(family for _, family, _, _, _ in accented[:20]), 3),
        Typed("birth date", tuple("{}-{:02}-{:02}".format(*born) for *_, born in people), 1),
        Typed("record number", tuple(f"MRN{number:07d}" for number, *_ in people[:20]), 2),
    )


def _on_screen(window: RealWindow, kind: Typed) -> list[float]:
    """Milliseconds of each key: from the key's event until the answer to it is painted."""
    field = window.clinic.patients.finder.search
    asked = [field.text()]
    field.searched.connect(asked.append)

    def answered(text: str) -> None:
        window.until(lambda: asked[-1] == text.strip())
        window.settle()

    def key(text: str, place: int) -> None:
        QTest.keyClicks(field.editor, text[place])
        answered(text[: place + 1])

    found: list[float] = []
    for text in (kind.texts[0], *kind.texts):
        field.editor.clear()
        answered("")
        first = max(0, len(text) - kind.keys)
        QTest.keyClicks(field.editor, text[:first])
        answered(text[:first])
        found += [measured(partial(key, text, place)) for place in range(first, len(text))]
        if len(found) >= _KEYS + kind.keys or quick():
            break
    field.searched.disconnect(asked.append)
    return found[min(kind.keys, len(kind.texts[0])) :] or found  # the first text warmed up


def _without_window(clinic: LargeClinic, kind: Typed) -> Row:
    """The whole text, asked of the service."""

    def ask(number: int) -> None:
        clinic.services.patients.search(clinic.actor, kind.texts[number % len(kind.texts)])

    def by_hand(number: int) -> None:
        # Another text than the one that was just asked for: its rows lie in the cache.
        _by_hand(clinic, kind.texts[(number + 1) % len(kind.texts)])

    note = "half of it is in the database, which also ranks today's list; the transaction and its rows are SQLAlchemy's"
    return row(f"search: {kind.name}, without the window", None, *beside(ask, by_hand), note, most=3)


def _by_hand(clinic: LargeClinic, text: str) -> None:
    days = [str(day) for day in TypedSearch.read(text, NOW.date()).days]
    if days:
        holes = ", ".join("?" * len(days))
        rows_by_hand(clinic, f"SELECT {_COLUMNS} FROM patient WHERE birth_date IN ({holes}) LIMIT 50", days)
        return
    first, *others = sorted(words_of(text), key=len, reverse=True)
    fits = "".join(" AND text LIKE ?" for _ in others)
    ranges = (f"place = {place} AND word >= ? AND word < ?{fits} ORDER BY word, text LIMIT 50" for place in (0, 1))
    parts = (f"SELECT * FROM (SELECT patient_id FROM search_word WHERE {each}) AS lines" for each in ranges)
    query = f"SELECT {_COLUMNS} FROM patient WHERE id IN ({' UNION ALL '.join(parts)}) LIMIT 50"
    values = [first, first + "{", *(f"%{word}%" for word in others)]
    if len(rows_by_hand(clinic, query, [*values, *values])) < _MOST:
        within = "SELECT word FROM name_part WHERE part >= ? AND part < ?"
        query = f"SELECT patient_id FROM search_word WHERE place IN (0, 1) AND word IN ({within}){fits} LIMIT 50"
        rows_by_hand(clinic, f"SELECT {_COLUMNS} FROM patient WHERE id IN ({query})", values)
