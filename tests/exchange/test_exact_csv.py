"""What leaves as a cell comes back as the value that it was, and runs in no spreadsheet."""

import csv
import io
import math
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.errors import ClinicError
from clinic_app.exchange.csv_text import FORMULA
from clinic_app.exchange.exact_csv import Column, Kind, header, lines, read_rows

COLUMNS = (
    Column("id", Kind.INTEGER),
    Column("name", Kind.TEXT),
    Column("remark", Kind.TEXT, nullable=True),
    Column("units", Kind.DECIMAL, nullable=True),
    Column("day", Kind.DATE, nullable=True),
    Column("at", Kind.MOMENT, nullable=True),
    Column("starts", Kind.WALL_CLOCK, nullable=True),
    Column("opens", Kind.TIME, nullable=True),
    Column("u", Kind.NUMBER, nullable=True),
    Column("kept", Kind.BOOLEAN, nullable=True),
    Column("side", Kind.WORD, nullable=True, words=frozenset({"left", "right", "-"})),
    Column("content", Kind.JSON, nullable=True),
    Column("file", Kind.FILE, nullable=True),
)
PLAIN = (7, "Ada", None, None, None, None, None, None, None, None, None, None, None)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: TEXTS | st.text("'=+-@\t\r\n\x00 \",", max_size=5),
    Kind.INTEGER: st.integers(-(2**63), 2**63 - 1),
    Kind.DECIMAL: st.integers(-(2**63), 2**63 - 1) | st.integers(-2000, 2000),
    Kind.DATE: st.dates(),
    Kind.MOMENT: st.datetimes(),
    Kind.WALL_CLOCK: st.datetimes(),
    Kind.TIME: st.times(),
    Kind.NUMBER: st.floats(allow_nan=False),
    Kind.BOOLEAN: st.booleans(),
    Kind.JSON: st.sampled_from(["{}", "[]", ' {"a": [1, "\\u0000"]}', "\n[null]", '{"=1": "ü"}']),
    Kind.FILE: st.binary(min_size=32, max_size=32).map(lambda digest: f"files/{digest.hex()}.pdf"),
}


def value_of(column: Column) -> st.SearchStrategy[Any]:
    """Anything that the column can hold."""
    values = st.sampled_from(sorted(column.words)) if column.kind is Kind.WORD else VALUES[column.kind]
    return st.none() | values if column.nullable else values


def read(text: str, columns: tuple[Column, ...] = COLUMNS) -> list[tuple[int, list[Any]]]:
    return list(read_rows(io.StringIO(text, newline=""), "table.csv", columns))


@given(st.lists(st.tuples(*map(value_of, COLUMNS)), max_size=4))
def test_every_value_comes_back_as_it_was(rows: list[tuple[Any, ...]]) -> None:
    back = read(header(COLUMNS) + lines(COLUMNS, rows))
    assert [tuple(values) for _, values in back] == rows
    assert [list(map(type, values)) for _, values in back] == [list(map(type, row)) for row in rows]


@given(st.lists(VALUES[Kind.TEXT], min_size=2, max_size=2))
def test_no_text_runs_as_a_formula(texts: list[str]) -> None:
    for cells in csv.reader(io.StringIO(lines(COLUMNS[1:3], [texts]), newline="")):
        for cell in cells:
            assert not cell.replace("\x00", "").lstrip(" ").startswith(FORMULA)


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\x00=1"]
)
def test_a_formula_is_a_text_and_comes_back(text: str) -> None:
    written = lines(COLUMNS[1:2], [[text]])
    assert next(csv.reader(io.StringIO(written, newline=""))) == [f"'{text}"]
    assert read(header(COLUMNS[1:2]) + written, COLUMNS[1:2]) == [(2, [text])]


def test_nothing_the_empty_text_and_an_apostrophe_are_three_things() -> None:
    texts = [None, "", "'", "''", "'=1"]
    written = lines(COLUMNS[2:4], [[text, None] for text in texts])
    assert written.splitlines() == [",", "',", "'',", "''',", "''=1,"]
    assert [values[0] for _, values in read(header(COLUMNS[2:4]) + written, COLUMNS[2:4])] == texts


def test_values_are_written_as_people_read_them() -> None:
    moment = datetime(2026, 3, 2, 15, 0, 0, 7)
    row = (1, "Ada", "", 62_500, date(2026, 3, 2), moment, moment, time(9, 30), -0.0, True, "-", "[]", None)
    assert lines(COLUMNS, [row]) == (
        "1,Ada,',62.5,2026-03-02,2026-03-02T15:00:00.000007+00:00,2026-03-02T15:00:00.000007,09:30:00,-0.0,true,'-,[],\r\n"
    )
    (_, back) = read(header(COLUMNS) + lines(COLUMNS, [row]))[0]
    assert math.copysign(1, back[8]) == -1


def test_a_text_may_be_longer_than_the_module_allows_others() -> None:
    before = csv.field_size_limit()
    row = (1, "x" * 300_000, *PLAIN[2:])
    assert read(header(COLUMNS) + lines(COLUMNS, [row])) == [(2, list(row))]
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("id", ""), ("id", "7.0"), ("id", "seven"), ("id", "1_0"), ("id", str(2**63)), ("id", "9" * 5000),
        ("units", "1.2345"), ("units", "1,5"), ("units", "1e3"), ("units", "9999999999999999"),
        ("day", "02/03/2026"), ("day", "2026-13-02"), ("at", "2026-03-02T15:00:00"),
        ("at", "0001-01-01T00:00:00+14:00"), ("starts", "2026-03-02T15:00:00+00:00"), ("opens", "25:00"),
        ("opens", "09:00+01:00"), ("u", "half"), ("kept", "yes"), ("kept", "True"), ("side", "both"),
        ("content", "{"), ("content", "5"), ("content", "[" * 100_000), ("file", "files/../../etc/passwd"),
        ("file", "files/" + "0" * 64 + ".pdf/x"), ("file", "C:\\x"),
    ],
)  # fmt: skip
def test_what_is_no_value_of_its_column_is_told_with_file_and_line(column: str, cell: str) -> None:
    place = [each.name for each in COLUMNS].index(column)
    cells = next(csv.reader([lines(COLUMNS, [PLAIN])]))
    cells[place] = cell
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    before = lines(COLUMNS, [(1, "two\r\nlines", *PLAIN[2:])])
    with pytest.raises(ClinicError) as refused:
        read(header(COLUMNS) + before + text.getvalue())
    assert refused.value.code == "tables_cell"
    assert "table.csv, line 4" in str(refused.value) and f"“{column}”" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "tables_header"),
        ("name,id\r\n", "tables_header"),
        ("id,name,more\r\n", "tables_header"),
        ("id,name\r\n1\r\n", "tables_cells"),
        ("id,name\r\n1,a,b\r\n", "tables_cells"),
        ("id,name\r\n\r\n", "tables_cells"),
        ('id,name\r\n1,"a\r\n', "tables_line_unreadable"),
        ('id,name\r\n1,"a"b\r\n', "tables_line_unreadable"),
    ],
)
def test_what_is_no_line_of_the_table_is_told(text: str, code: str) -> None:
    with pytest.raises(ClinicError) as refused:
        read(text, COLUMNS[:2])
    assert refused.value.code == code and "table.csv" in str(refused.value)


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text('id,name\r\n"1\x00'))
def test_any_text_is_rows_or_told_in_a_sentence(text: str) -> None:
    try:
        assert all(len(values) == 2 for _, values in read(f"id,name\r\n{text}", COLUMNS[:2]))
    except ClinicError as refused:
        assert "table.csv, line" in str(refused)
