from datetime import date, datetime, time
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from PIL import Image

from clinic_app.errors import ClinicError
from clinic_app.exchange import table_workbook
from clinic_app.exchange.csv_text import csv_text
from clinic_app.exchange.table_file import TableKind, TableRow, read_table
from clinic_app.typed_text import clean
from tests.exchange.workbooks import packed, parts_of, workbook_of

PLAIN: list[list[object]] = [["Name", "Units"], ["Ada", 40]]


def refusal(data: bytes, **told: str) -> str:
    with pytest.raises(ClinicError) as refused:
        read_table("old.csv", data, **told)
    assert str(refused.value)
    return refused.value.code


# Text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso8859_15"])
@pytest.mark.parametrize("text", ["Name;Dose\nMüller;20\n", "Nom;Côté\nLefèvre;à gauche\n", "Lado;Nombre\nizq;Muñoz\n"])
def test_letters_are_read_in_each_encoding(text: str, encoding: str) -> None:
    table = read_table("old.csv", text.encode(encoding))
    assert [table.header, table.rows[0].cells] == [tuple(line.split(";")) for line in text.split("\n")[:2]]


@pytest.mark.parametrize(
    ("encoding", "found", "name"),
    [
        ("mac_roman", "macintosh", "Müller"),
        ("mac_roman", "macintosh", "Peña Núñez"),
        ("cp850", "cp850", "Jürgens"),
        ("cp1252", "windows-1252", "O’Brien – 20 €"),
        ("cp1250", "windows-1250", "Żółkiewska, Kaźmierczak, Wójcik"),
        ("cp1251", "windows-1251", "Иванова, Петрова, Сидорова"),
    ],
)
def test_an_encoding_is_guessed_by_what_its_letters_are(encoding: str, found: str, name: str) -> None:
    table = read_table("old.csv", f"Name;Dose\n{name};20\n".encode(encoding))
    assert (table.encoding, table.rows[0].cells[0]) == (found, name)


def test_a_wrong_guess_can_be_corrected() -> None:
    data = "Jméno;Dávka\nDvořák;20\n".encode("cp1250")
    assert read_table("old.csv", data, encoding="windows-1250").rows[0].cells[0] == "Dvořák"
    assert refusal(data, encoding="utf-8") == "table_encoding_wrong"
    assert refusal(data, encoding="no such thing") == "table_encoding_wrong"
    assert refusal(data, encoding="rot13") == "table_encoding_wrong"


def test_damaged_utf8_is_not_taken_for_another_encoding() -> None:
    data = "Name\nMüller\nSchäfer\nJörg\n".encode().replace("ä".encode(), b"\xc3")
    with pytest.raises(ClinicError, match="line 3"):
        read_table("old.csv", data)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator: str) -> None:
    lines = [["Name, first", "Dose", "Lot; vial"], ["Ada", "2,5", "a|b"], ["Ben", "3,5", ""]]
    text = "\n".join(separator.join(f'"{cell}"' if separator in cell else cell for cell in line) for line in lines)
    table = read_table("old.csv", text.encode())
    assert (table.separator, table.header) == (separator, ("Name, first", "Dose", "Lot; vial"))


def test_the_line_that_excel_writes_for_itself_is_no_row() -> None:
    table = read_table("old.csv", b"sep=;\nName;Dose\nAda;2,5\n")
    assert (table.separator, table.header, table.rows) == (";", ("Name", "Dose"), (TableRow(2, ("Ada", "2,5")),))
    assert read_table("old.csv", b"Name:Dose\nAda:3\n", separator=":").header == ("Name", "Dose")
    assert refusal(b"Name:Dose\nAda:3\n", separator="::") == "table_separator_wrong"


def test_rows_bear_the_numbers_of_a_spreadsheet() -> None:
    text = '\n\nName,Note\nAda,"first\nsecond, ""third"""\n\nBen,\n'
    assert read_table("old.csv", text.encode()).rows == (
        TableRow(4, ("Ada", 'first\nsecond, "third"')),
        TableRow(6, ("Ben", "")),
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_one(end: str) -> None:
    assert len(read_table("old.csv", end.join(["Name,Dose", "Ada,1", "Ben,2"]).encode()).rows) == 2


def test_rows_are_as_wide_as_the_header_and_say_what_is_too_much() -> None:
    table = read_table("old.csv", b"Name,Dose,,\nAda,1,,\nBen,2,x,y\nCaro\n")
    assert table.header == ("Name", "Dose")
    assert table.rows == (TableRow(2, ("Ada", "1")), TableRow(3, ("Ben", "2"), extra=2), TableRow(4, ("Caro", "")))


def test_names_of_columns_are_distinct_and_none_is_empty() -> None:
    table = read_table("old.csv", b"Date,date,,Date (2),Date,Side\n1,2,3,4,5,6\n")
    assert table.header == ("Date", "date (3)", "Column C", "Date (2)", "Date (4)", "Side")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('Name,Note\nAda,"ok"\nBen,"open\nCaro,x\n', 3),
        ('Name,Note\nAda,"open\nBen,"closed"\n', 2),
        ('sep=,\nName,Note\nAda,"two\nlines","open\nBen\n', 4),
        ('Name,Note\nAda,"' + "x,y\n" * 40_000, 2),
    ],
)
def test_a_quotation_mark_that_does_not_close_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(ClinicError, match=f"line {line} does not close"):
        read_table("old.csv", text.encode())


word = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n",;\t='), max_size=8).map(clean)
names = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6).map(clean).filter(bool)


@given(st.data())
def test_what_the_program_writes_is_read_back(data: st.DataObject) -> None:
    header = data.draw(st.lists(names, min_size=2, max_size=4, unique_by=str.casefold))
    row = st.lists(word, min_size=len(header), max_size=len(header))
    rows = [row for row in data.draw(st.lists(row, min_size=1, max_size=4)) if any(row)]
    text = csv_text(header, rows)
    if not rows or any(cell.startswith("'") for row in rows for cell in row):
        return
    table = read_table("old.csv", text.encode(), separator=",")
    assert table.header == tuple(header)
    assert [list(row.cells) for row in table.rows] == [[clean(cell) for cell in row] for row in rows]


# Workbooks


def test_values_of_a_workbook_are_text_as_a_spreadsheet_shows_them() -> None:
    row: list[object] = [
        date(2020, 3, 4),
        datetime(2020, 3, 4, 14, 30),
        time(8, 5),
        40,
        2.50,
        0.1 + 0.2,
        True,
        None,
        "  L ",
    ]
    data = workbook_of({"Visits": [["a", "b", "c", "d", "e", "f", "g", "h", "i"], row]})
    assert read_table("old.xlsx", data).rows[0].cells == (
        "2020-03-04", "2020-03-04T14:30:00", "08:05:00", "40", "2.5", "0.3", "true", "", "L",
    )  # fmt: skip


def test_a_sheet_is_found_and_another_can_be_chosen() -> None:
    def hide(workbook: Workbook) -> None:
        workbook["Lists"].sheet_state = "hidden"

    data = workbook_of({"Lists": [["Side"], ["L"]], "Cover": [["Old visits"]], "Visits": PLAIN}, hide)
    table = read_table("old.xlsx", data)
    assert (table.kind, table.sheets, table.sheet) == (TableKind.XLSX, ("Cover", "Visits", "Lists"), "Visits")
    assert read_table("old.xlsx", data, sheet="Lists").header == ("Side",)
    assert refusal(data, sheet="Cover") == "table_only_header"
    assert refusal(data, sheet="Stock") == "table_sheet_unknown"


def test_empty_edges_are_left_out_and_merged_names_are_completed() -> None:
    def merge(workbook: Workbook) -> None:
        sheet = workbook["Visits"]
        sheet.merge_cells("C3:D3")
        sheet["H9"].number_format = "0.00"

    rows: list[list[object]] = [
        [],
        [],
        [None, "Name", "Site", None, "Dose"],
        [None, "Ada", "SCM", "L", 40],
        [],
        [None, "Ben", "SCM", "R"],
    ]
    table = read_table("old.xlsx", workbook_of({"Visits": rows}, merge))
    assert table.header == ("Name", "Site", "Column D", "Dose")
    assert table.rows == (TableRow(4, ("Ada", "SCM", "L", "40")), TableRow(6, ("Ben", "SCM", "R", "")))


@pytest.mark.parametrize(
    "attack",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    ],
)
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"])
def test_a_workbook_that_defines_entities_is_refused(attack: bytes, part: str) -> None:
    parts = parts_of(workbook_of({"Visits": PLAIN}))
    start = parts[part].index(b"?>") + 2 if parts[part].startswith(b"<?xml") else 0
    parts[part] = parts[part][:start] + attack + parts[part][start:]
    assert refusal(packed(parts)) == "table_damaged"


def test_a_workbook_that_unpacks_into_too_much_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_workbook, "MOST_UNPACKED", 1_000_000)
    parts = parts_of(workbook_of({"Visits": PLAIN}))
    bomb = packed({**parts, "xl/media/image1.png": bytes(3_000_000)})
    assert len(bomb) < 20_000
    assert refusal(bomb) == "table_unpacks_too_much"
    # The same with a lie about its size in the directory.
    place = bomb.rindex(b"xl/media/image1.png") - 46 + 24
    assert refusal(bomb[:place] + b"\1\0\0\0" + bomb[place + 4 :]) in ("table_unpacks_too_much", "table_damaged")


@pytest.mark.parametrize("number", [b"1048577", b"99999999999999", b"9" * 5000])
def test_a_row_beyond_every_spreadsheet_is_no_endless_loop(number: bytes) -> None:
    parts = parts_of(workbook_of({"Visits": PLAIN}))
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'<row r="2"', b'<row r="' + number + b'"')
    assert refusal(packed(parts)) == "table_damaged"


# What is no table


def picture(kind: str) -> bytes:
    written = BytesIO()
    Image.new("RGB", (4, 4)).save(written, kind)
    return written.getvalue()


OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "table_empty"),
        (b" \r\n\r\n", "table_empty"),
        (b",,\n,,\n", "table_empty"),
        (b"Name,Dose\n", "table_only_header"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "table_is_pdf"),
        (picture("PNG"), "table_is_picture"),
        (picture("JPEG"), "table_is_picture"),
        (OLD_EXCEL, "table_is_old_excel"),
        (OLD_EXCEL + "EncryptedPackage".encode("utf-16-le"), "table_is_protected"),
        (b"<html><table><tr><td>Name</td></tr></table></html>", "table_is_web_page"),
        ("<!DOCTYPE html>\n<p>Name</p>".encode("utf-16"), "table_is_web_page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "table_is_xml"),
        (b'{"resourceType": "Bundle"}', "table_is_other"),
        (bytes(range(256)) * 4, "table_is_other"),
        (packed({"letter.txt": b"hello"}), "table_is_archive"),
        (packed({"[Content_Types].xml": b"", "word/document.xml": b""}), "table_is_other"),
        (packed({"mimetype": b"", "content.xml": b""}), "table_is_other_spreadsheet"),
        (workbook_of({"Visits": PLAIN})[:-900], "table_damaged"),
        (workbook_of({"Visits": []}), "table_empty"),
        (workbook_of({"Visits": PLAIN[:1]}), "table_only_header"),
        (b"Name,Dose\nAda," + b"x" * 32_768, "table_cell_too_long"),
        (b"Name,Dose\nAda," + b"x" * 200_000, "table_cell_too_long"),
        (b",".join([b"a"] * 301) + b"\n1\n", "table_too_many_columns"),
        (b"a\n" + b"1\n" * 200_001, "table_too_many_rows"),
        (bytes(100_000_001), "table_file_too_large"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(data: bytes, code: str) -> None:
    assert refusal(data) == code
