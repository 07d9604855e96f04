"""The one form of a row: the same in both engines, another for every other row, and unchanged by being copied."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Time,
    delete,
    insert,
    select,
)

from clinic_app.models import Base, copying
from clinic_app.models.base import Instant, Thousandths, word
from clinic_app.models.database import encrypted_engine
from clinic_app.models.server import ServerAddress, server_engine
from clinic_app.terms import Side
from tests.postgres import OWNER, PostgresServer

ODD = Table(
    "odd",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("text", Text),
    Column("units", Thousandths),
    Column("at", Instant),
    Column("day", Date),
    Column("hour", Time),
    Column("yes", Boolean),
    Column("place", Float),
    Column("file", LargeBinary),
    Column("side", word(Side)),
    Column("said", JSON),
)
"""A table with every type that a clinic has."""

# PostgreSQL keeps no character with the code zero, no encoding a half of a pair.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
# What a clinic keeps as JSON is a list or has names; a bare number SQLite would keep as a number.
documents = st.lists(json_values, max_size=3) | st.dictionaries(texts, json_values, max_size=3)
days = st.dates(date(1, 1, 1), date(9999, 12, 31))
rows = st.fixed_dictionaries(
    {
        "number": st.integers(-(2**31), 2**31 - 1),
        "name": texts,
        "text": st.none() | texts,
        "units": st.none() | st.decimals(-2_000_000, 2_000_000, places=3),
        "at": st.none() | st.datetimes(timezones=st.just(UTC)),
        "day": st.none() | days,
        "hour": st.none() | st.times(),
        "yes": st.none() | st.booleans(),
        "place": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "file": st.none() | st.binary(max_size=40),
        "side": st.none() | st.sampled_from(Side),
        "said": documents,
    }
)
some_rows = st.lists(rows, max_size=6, unique_by=lambda row: (row["number"], row["name"]))
Ends = tuple[Connection, Connection]


@pytest.fixture(scope="module")
def ends(own_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ends]:
    """A file and a server, each with the table."""
    file = encrypted_engine(tmp_path_factory.mktemp("copying") / "odd.db", b"k" * 32)
    server = server_engine(ServerAddress.read(own_server.url(own_server.new_database(), OWNER)))
    for engine in (file, server):
        ODD.metadata.create_all(engine)
    with file.connect() as one, server.connect() as other:
        yield one, other
    file.dispose()
    server.dispose()


def fill(connection: Connection, content: list[dict[str, Any]]) -> None:
    with connection.begin():
        connection.execute(delete(ODD))
        if content:
            connection.execute(insert(ODD), content)


def digest(connection: Connection, at_once: int = 2) -> copying.Content:
    with connection.begin():
        return copying.content(connection, ODD, lambda _: None, at_once)


@settings(max_examples=40)
@given(content=some_rows)
def test_the_same_rows_have_one_digest_in_both_engines(ends: Ends, content: list[dict[str, Any]]) -> None:
    fill(ends[0], content)
    fill(ends[1], content[::-1])
    assert digest(ends[0]) == digest(ends[1], at_once=5)
    assert digest(ends[0]).rows == len(content)


@settings(max_examples=40)
@given(content=some_rows, already=st.integers(0, 6), onto_server=st.booleans())
def test_a_copy_is_what_it_was_also_behind_what_was_there(
    ends: Ends, content: list[dict[str, Any]], already: int, onto_server: bool
) -> None:
    source, target = ends if onto_server else ends[::-1]
    fill(source, content)
    in_order = sorted(content, key=lambda row: (row["number"], row["name"].encode()))
    fill(target, in_order[:already])
    with source.begin():
        copying.copy(source, target, ODD, lambda _: None, at_once=2)
    assert digest(source) == digest(target)
    with source.begin(), target.begin():
        query = select(ODD)
        assert sorted(map(said, source.execute(query))) == sorted(map(said, target.execute(query)))


@settings(max_examples=40)
@given(one=rows, column=st.sampled_from([column.name for column in ODD.columns]), other=rows)
def test_another_value_anywhere_is_another_digest(
    ends: Ends, one: dict[str, Any], column: str, other: dict[str, Any]
) -> None:
    changed = {**one, column: other[column]}
    fill(ends[0], [one])
    before = digest(ends[0])
    fill(ends[0], [changed])
    assert (digest(ends[0]) == before) == (said(changed.values()) == said(one.values()))


def said(row: Iterable[Any]) -> str:
    """A row as both engines keep it: no sign at a zero, a Decimal whatever its places."""
    return repr([value + 0 if isinstance(value, Decimal | float) else value for value in row])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((None,), ("",)),
        ((0,), (False,)),
        ((0,), (None,)),
        ((1,), ("1",)),
        (("a", "b"), ("ab", "")),
        ((b"a",), ("a",)),
        ((datetime(2026, 3, 2, 9),), (datetime(2026, 3, 2, 9) + timedelta(microseconds=1),)),
        ((time(9),), (time(9, 0, 0, 1),)),
        ((0.1 + 0.2,), (0.3,)),
        (("[1.0]",), ("[1]",)),
    ],
)
def test_what_looks_alike_is_told_apart(one: tuple[object, ...], other: tuple[object, ...]) -> None:
    assert copying.canonical(one) != copying.canonical(other)


def test_a_zero_has_no_sign() -> None:
    assert copying.canonical((-0.0,)) == copying.canonical((0.0,))


def test_every_table_of_a_clinic_is_copied_behind_those_that_it_refers_to() -> None:
    names = [table.name for table in copying.tables()]
    assert set(Base.metadata.tables) - set(names) == {"clinic_file", "commit_mark", "search_word", "name_part"}
    for place, table in enumerate(copying.tables()):
        for key in table.foreign_keys:
            assert names.index(key.column.table.name) < place, "a table that refers to itself needs another way"


def test_every_type_of_a_clinic_is_among_the_odd_ones() -> None:
    tried = {type(column.type) for column in ODD.columns} | {type(Instant().impl_instance)}
    assert {type(column.type) for table in copying.tables() for column in table.columns} <= tried
