"""Which patients somebody means who types a few letters, a number or a day, those of today's list first.

Words that names begin with are looked up in an index that lies in the order in which they are shown: the first fifty
are read and no more, however many there are. Parts of words are looked for among the different words of all names,
which are few. Parts of numbers, and words with a letter wrong, are looked for only where little or nothing fits.
Design: docs/decisions/0021.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    bindparam,
    case,
    func,
    literal,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import Session

from clinic_app.models import Appointment, NamePart, Patient, SearchWord
from clinic_app.models.search_word import LONGEST_WORD
from clinic_app.services import misspellings
from clinic_app.services.patient_data import PatientRow
from clinic_app.services.typed_search import TypedSearch, begins, begins_with, fits, fits_in
from clinic_app.terms import GONE

FEW = 5
"""Where fewer than these fit a single word, those follow who fit but for a letter; of several words, where nobody fits:
who fits all of them is meant."""
_MOST_SPELLINGS = 20
_TODAY, _BEGINS, _WITHIN, _NUMBERED, _ALIKE = 0, 1, 3, 5, 6
"""Ranks; where a word decides, one more for a word that is not the first of the family name. Of those who are alike who
comes today stands before."""
_BEHIND = "{"
"""Behind every letter and digit: what begins with "ok" lies between "ok" and "ok{"."""
_BESIDE = 10
"""Lines that are read beyond the patients that are wanted: two given names may begin alike."""

SHOWN = (
    Patient.id,
    Patient.record_number,
    Patient.family_name,
    Patient.given_name,
    Patient.birth_date,
    Patient.status,
)
"""What a line of the result list shows."""
Query = Select[*tuple[Any, ...]]
_Key = tuple[int, str, str, int]


class PatientSearch:
    """One search in one transaction. Raises nothing of its own."""

    def __init__(self, session: Session, typed: TypedSearch, today: date, most: int) -> None:
        self._connection = session.connection()  # the rows are no records
        self._typed = typed
        self._most = most
        self._found: dict[int, tuple[_Key, PatientRow]] = {}
        day = datetime.combine(today, datetime.min.time())
        self._values: dict[str, Any] = {
            "day": day,
            "next_day": day + timedelta(days=1),
            "most": most,
            "lines": most + _BESIDE,
            "leads": begins_with(typed.words[0]) if typed.words else "",
            **{f"begins_{number}": begins(word) for number, word in enumerate(typed.words)},
            **{f"fits_{number}": fits(word) for number, word in enumerate(typed.words)},
        }

    def run(self) -> tuple[PatientRow, ...]:
        """The patients, the likeliest first."""
        typed, words = self._typed, len(self._typed.words)
        if typed.days:
            self._read(_born(words), days=typed.days)
        elif words:
            first = typed.words[0][:LONGEST_WORD]
            self._read(_beginning(words), first=first, behind=first + _BEHIND)
            if typed.part and len(self._found) < self._most:
                part = typed.part[:LONGEST_WORD]
                self._read(_within(words), part=part, behind=part + _BEHIND)
            if typed.perhaps:
                self._read(_born(0), days=typed.perhaps)
            if typed.has_number and not self._found:
                self._read(_numbered(words))
            if typed.spelt and len(self._found) < min(FEW if words == 1 else 1, self._most):
                self._read_alike()
        rows = sorted(self._found.values(), key=lambda found: found[0])
        return tuple(row for _, row in rows[: self._most])

    def _read_alike(self) -> None:
        """One word has a letter wrong, the others fit."""
        words, spelt = self._typed.words, self._typed.spelt
        for row in self._connection.execute(_COMES_TODAY, self._values).all():
            if any(_is_alike(row.search_text, word, words) for word in spelt):
                self._add(row)
        parts: dict[str, object] = {}
        for number, (part, places) in enumerate(
            each for word in spelt for each in misspellings.right_parts(word[:LONGEST_WORD])
        ):
            parts |= {f"part_{number}": part, f"behind_{number}": part + _BEHIND}
            parts |= {f"from_{number}": places[0], f"to_{number}": places[-1]}
        known = self._connection.scalars(_near(len(parts) // 4), parts).all()
        for word in spelt:
            meant = misspellings.closest(word, known, _MOST_SPELLINGS)
            if meant:
                # Nothing is asked of the place where the typed word itself would stand.
                self._read(_alike(len(words)), meant=meant, **{f"fits_{words.index(word)}": "%"})

    def _read(self, query: Query, **values: object) -> None:
        for row in self._connection.execute(query, self._values | values).all():
            self._add(row)

    def _add(self, found: Row[*tuple[Any, ...]]) -> None:
        rank, word, text, *shown = found
        row = PatientRow(*shown)
        key = (rank, word, text, row.id)
        if row.id not in self._found or key < self._found[row.id][0]:
            self._found[row.id] = (key, replace(row, alike=True) if rank >= _ALIKE else row)


def _is_alike(text: str, misspelt: str, words: tuple[str, ...]) -> bool:
    """Whether a text has a word that is meant by the misspelt one, and the others."""
    parts = text.split()
    return any(misspellings.is_misspelt(misspelt, part) for part in parts) and all(
        fits_in(word, parts) for word in words if word != misspelt
    )


_TODAYS = (
    select(Appointment.patient_id)
    .where(
        Appointment.starts_at >= bindparam("day"),
        Appointment.starts_at < bindparam("next_day"),
        *(Appointment.state != state for state in sorted(GONE)),
    )
    .scalar_subquery()
)


_COMES_TODAY = select(literal(_ALIKE), literal(""), Patient.search_text, *SHOWN).where(Patient.id.in_(_TODAYS))


@lru_cache(maxsize=32)
def _beginning(words: int) -> Query:
    """Who comes today and fits, and whose words all begin so. Built once: that takes longer than the answer."""
    todays = select(
        literal(_TODAY).label("rank"), literal("").label("word"), Patient.search_text.label("text"), Patient.id
    ).where(
        Patient.id.in_(_TODAYS), *(Patient.search_text.like(bindparam(f"fits_{number}")) for number in range(words))
    )
    conditions = (
        SearchWord.patient_id.not_in(_TODAYS),
        SearchWord.word >= bindparam("first"),
        SearchWord.word < bindparam("behind"),
        *(SearchWord.text.like(bindparam(f"begins_{number}")) for number in range(1, words)),
    )
    others = (*conditions, SearchWord.text.not_like(bindparam("leads")))
    return _with_rows(todays, _lines(_BEGINS, 0, conditions), _lines(_BEGINS, 1, others)).limit(bindparam("lines"))


@lru_cache(maxsize=32)
def _within(words: int) -> Query:
    """Those in whose names the longest part stands, among them those who were found already."""
    conditions = (
        SearchWord.word.in_(
            select(NamePart.word).where(NamePart.part >= bindparam("part"), NamePart.part < bindparam("behind"))
        ),
        *(SearchWord.text.like(bindparam(f"fits_{number}")) for number in range(words)),
    )
    return _with_rows(*(_lines(_WITHIN, place, conditions) for place in (0, 1))).limit(bindparam("lines"))


@lru_cache(maxsize=32)
def _numbered(words: int) -> Query:
    """Those in whose number a part stands: everybody's text is looked through."""
    texts = (SearchWord.text.like(bindparam(f"fits_{number}")) for number in range(words))
    return _with_rows(_lines(_NUMBERED, 0, tuple(texts)))


@lru_cache(maxsize=32)
def _born(words: int) -> Query:
    rank = case((Patient.id.in_(_TODAYS), _TODAY), else_=_BEGINS)
    return (
        select(rank, literal(""), Patient.search_text, *SHOWN)
        .where(
            Patient.birth_date.in_(bindparam("days", expanding=True)),
            *(Patient.search_text.like(bindparam(f"fits_{number}")) for number in range(words)),
        )
        .order_by(rank, Patient.search_text, Patient.id)
        .limit(bindparam("most"))
    )


@lru_cache(maxsize=32)
def _near(parts: int) -> CompoundSelect[*tuple[Any, ...]]:
    """All words that have one of so many parts at its place."""
    place = func.length(NamePart.word) - func.length(NamePart.part)
    return union(
        *(
            select(NamePart.word).where(
                NamePart.part >= bindparam(f"part_{number}"),
                NamePart.part < bindparam(f"behind_{number}"),
                place.between(bindparam(f"from_{number}"), bindparam(f"to_{number}")),
            )
            for number in range(parts)
        )
    )


@lru_cache(maxsize=32)
def _alike(words: int) -> Query:
    """Who has one of the words that are meant and fits the others."""
    conditions = (
        SearchWord.word.in_(bindparam("meant", expanding=True)),
        *(SearchWord.text.like(bindparam(f"fits_{number}")) for number in range(words)),
    )
    return _with_rows(*(_lines(_ALIKE + 1, place, conditions) for place in (0, 1)))


def _lines(rank: int, place: int, conditions: tuple[ColumnElement[bool], ...]) -> Query:
    return (
        select(literal(rank + place).label("rank"), SearchWord.word, SearchWord.text, SearchWord.patient_id.label("id"))
        .where(SearchWord.place == place, *conditions)
        .order_by(SearchWord.word, SearchWord.text, SearchWord.patient_id)
        .limit(bindparam("lines"))
    )


def _with_rows(*parts: Query) -> Query:
    found = union_all(*(select(part.subquery()) for part in parts)).subquery()
    return select(found.c.rank, found.c.word, found.c.text, *SHOWN).join(Patient, Patient.id == found.c.id)
