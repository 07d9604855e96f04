"""What patients are searched by: each word of their names and numbers, kept by triggers from ``patient.search_text``.

The rows hold nothing that the patient's row does not say; ``rebuild`` makes them anew from it. Migrations call
``install`` and ``remove``: a batch migration copies its table, and a copied table has lost its triggers. Design:
docs/decisions/0021.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from clinic_app.models.base import Base
from clinic_app.typed_text import fold

LONGEST_WORD = 100
"""How much of a word is looked up; what is longer is compared with the whole text."""
_LONGEST_NAME = 600
_WORD = re.compile(r"[a-z0-9]+")
_NUMBER = re.compile(r"0*([1-9][0-9]*)")
_EVENTS = ("insert", "update", "delete")
_TABLES = ("search_word", "name_part")


class SearchWord(Base):
    """A word by which a patient is found, with the whole ``search_text``, so that no other row is read for a look.

    ``place`` is 0 for the word that the family name begins with, and 1 for every other. The rows lie in the order in
    which they are shown.
    """

    __tablename__ = "search_word"

    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    word: Mapped[str] = mapped_column(
        String(LONGEST_WORD).with_variant(String(LONGEST_WORD, collation="C"), "postgresql"), primary_key=True
    )
    text: Mapped[str] = mapped_column(
        String(1400).with_variant(String(1400, collation="C"), "postgresql"), primary_key=True
    )
    patient_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)

    __table_args__ = ({"sqlite_with_rowid": False},)


class NamePart(Base):
    """The ends of each word without a digit, whoever has it: "okafor", "kafor", "afor" and so on, to two letters.

    A part of a word begins one of its ends; so does what of a misspelt word is right.
    """

    __tablename__ = "name_part"

    part: Mapped[str] = mapped_column(
        String(LONGEST_WORD).with_variant(String(LONGEST_WORD, collation="C"), "postgresql"), primary_key=True
    )
    word: Mapped[str] = mapped_column(
        String(LONGEST_WORD).with_variant(String(LONGEST_WORD, collation="C"), "postgresql"), primary_key=True
    )

    __table_args__ = ({"sqlite_with_rowid": False},)


def words_of(text: str) -> list[str]:
    """The words of a name or of what somebody typed, in small Latin letters and digits."""
    return _WORD.findall(fold(text))


def search_text(family_name: str, given_name: str, record_number: str) -> str:
    """What ``patient.search_text`` holds: a space before each word, family name first.

    A number counts as a whole, and once more without the letters and zeros that it begins with.
    """
    numbers = words_of(record_number)
    short = [found[1] for word in numbers if (found := _NUMBER.search(word)) is not None and found[1] != word]
    names = (" ".join(words_of(name))[:_LONGEST_NAME].split() for name in (family_name, given_name))
    return "".join(f" {word}" for words in (*names, numbers, short) for word in words)[:1400]


def install(connection: Connection) -> None:
    """Put the triggers in place."""
    for statement in _postgresql() if connection.dialect.name == "postgresql" else _sqlite():
        connection.exec_driver_sql(statement)


def remove(connection: Connection) -> None:
    """Take the triggers away, to change the table of patients under them."""
    server = connection.dialect.name == "postgresql"
    for name in names():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}" + (" ON patient" if server else ""))
    if server:
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS search_word_keep()")


def names() -> frozenset[str]:
    """The names of all triggers, for whoever looks whether they are there."""
    return frozenset(f"search_word_{event}" for event in _EVENTS)


def rebuild(connection: Connection) -> None:
    """Make every row anew from the patients, in the order in which the tables keep them."""
    for table in _TABLES:
        connection.exec_driver_sql(f"DELETE FROM {table}")
    dialect = _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE
    connection.exec_driver_sql(
        f"INSERT INTO search_word (place, word, text, patient_id) SELECT DISTINCT {dialect.place}, {dialect.word}, "
        f"patient.search_text, patient.id FROM patient, {dialect.split('patient.search_text')} "
        "WHERE split.value <> '' ORDER BY 1, 2, 3, 4"
    )
    connection.exec_driver_sql(
        f"INSERT INTO name_part (part, word) SELECT substr(word, series.value), word "
        f"FROM (SELECT DISTINCT word FROM search_word WHERE word {dialect.letters}) AS known, {dialect.series} "
        "WHERE series.value < length(word) ORDER BY 1, 2"
    )
    if connection.dialect.name == "postgresql":
        # Else the server knows nothing of them until it looks by itself, and goes through the whole tables.
        connection.exec_driver_sql(f"ANALYZE {', '.join(_TABLES)}")


@dataclass(frozen=True)
class _Dialect:
    """How an engine takes a text apart: into ``split.value`` and its number, and into the ends of a word."""

    place: str
    word: str
    letters: str
    series: str
    apart: str

    def split(self, text: str) -> str:
        return self.apart.format(text=text)

    def changes(self, collated: str = "") -> tuple[str, str]:
        """What is to be done about a row that comes, and about one that goes."""
        new, old = self.split("NEW.search_text"), self.split("OLD.search_text")
        part = f"substr({self.word}, series.value), {self.word}"
        ends = "series.value < length(split.value)"
        add = (
            f"INSERT INTO search_word (place, word, text, patient_id) SELECT {self.place}, {self.word}, "
            f"NEW.search_text, NEW.id FROM {new} WHERE split.value <> '' ON CONFLICT DO NOTHING; "
            f"INSERT INTO name_part (part, word) SELECT {part} FROM {new}, {self.series} "
            f"WHERE {ends} AND split.value {self.letters} ON CONFLICT DO NOTHING; "
        )
        take = (
            "DELETE FROM search_word WHERE (place, word, text, patient_id) IN "
            f"(SELECT {self.place}, {self.word}, OLD.search_text{collated}, OLD.id FROM {old}); "
            f"DELETE FROM name_part WHERE (part, word) IN (SELECT {part} FROM {old}, {self.series} WHERE {ends}) "
            "AND NOT EXISTS (SELECT 1 FROM search_word AS kept WHERE place IN (0, 1) AND kept.word = name_part.word); "
        )
        return add, take


_SQLITE = _Dialect(
    place="min(split.key, 1)",
    word=f"substr(split.value, 1, {LONGEST_WORD})",
    letters="NOT GLOB '*[0-9]*'",
    # A trigger of SQLite has no WITH; the text has letters, digits and spaces only, and so makes JSON.
    series=f"json_each('{list(range(1, LONGEST_WORD))}') AS series",
    apart="""json_each('["' || replace(trim({text}), ' ', '","') || '"]') AS split""",
)
_POSTGRESQL = _Dialect(
    place="least(split.number - 1, 1)",
    word=f'left(split.value, {LONGEST_WORD}) COLLATE "C"',
    letters="!~ '[0-9]'",
    series=f"generate_series(1, {LONGEST_WORD - 1}) AS series (value)",
    apart="unnest(string_to_array(trim({text}), ' ')) WITH ORDINALITY AS split (value, number)",
)


def _sqlite() -> Iterator[str]:
    add, take = _SQLITE.changes()
    changed = "OF id, search_text ON patient WHEN OLD.search_text <> NEW.search_text OR OLD.id <> NEW.id"
    yield f"CREATE TRIGGER search_word_insert AFTER INSERT ON patient BEGIN {add}END"
    yield f"CREATE TRIGGER search_word_update AFTER UPDATE {changed} BEGIN {take}{add}END"
    yield f"CREATE TRIGGER search_word_delete AFTER DELETE ON patient BEGIN {take}END"


def _postgresql() -> Iterator[str]:
    add, take = _POSTGRESQL.changes(' COLLATE "C"')
    yield (
        "CREATE OR REPLACE FUNCTION search_word_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP <> 'INSERT' THEN {take} END IF; IF TG_OP <> 'DELETE' THEN {add} END IF; RETURN NULL; END $$"
    )
    changed = "WHEN (OLD.search_text <> NEW.search_text OR OLD.id <> NEW.id) "
    for event in _EVENTS:
        yield (
            f"CREATE TRIGGER search_word_{event} AFTER {event} ON patient "
            f"FOR EACH ROW {changed if event == 'update' else ''}EXECUTE FUNCTION search_word_keep()"
        )
