"""10,000 damaged spreadsheets: each is a table or refused in one sentence, and soon."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from clinic_app.errors import ClinicError
from clinic_app.exchange.table_file import TableFile, read_table
from tests.exchange.workbooks import packed, parts_of, with_shared_strings, workbook_of
from tests.faults.mutation import changed_bytes, changed_text, without_halves

TEXTS, WORKBOOKS, PARTS = 7300, 1800, 900
SECONDS = 10
"""That no single file may take; none takes a tenth."""
ROWS: list[list[object]] = [
    ["Name", "Date", "Muscle", "Side", "Units", "Note"],
    ["Müller, Jörg", "04/05/2021", "SCM", "R", 40, "first"],
    ["Ada Okafor", "13.02.2021", "L splenius", None, 2.5, 'said "better"\nand slept'],
    ["Ben", "2021-03-04", "FCR", "li", "1.234", "=1+1"],
]


@contextmanager
def soon(data: bytes) -> Iterator[None]:
    def late(*_: object) -> None:
        raise AssertionError(f"takes too long: {data!r:.300}")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def read(data: bytes) -> TableFile | None:
    """The table; None where it is refused."""
    try:
        with soon(data):
            table = read_table("old.csv", data)
    except ClinicError as refused:
        assert str(refused)
        return None
    except Exception as error:
        error.add_note(f"{data!r:.600}")
        raise
    assert len(set(table.header)) == len(table.header)
    assert table.rows
    assert all(len(row.cells) == len(table.header) for row in table.rows)
    return table


def as_text(separator: str) -> str:
    lines = [separator.join('"{}"'.format(str(cell or "").replace('"', '""')) for cell in row) for row in ROWS]
    return "\r\n".join(lines)


def test_texts() -> None:
    chance = Random(10)
    wholes = [as_text(separator) for separator in ",;\t|"] + ["sep=;\n" + as_text(";"), as_text(",").replace('"', "")]
    encodings = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac_roman", "cp850")
    found = 0
    for _ in range(TEXTS):
        text, encoding = chance.choice(wholes), chance.choice(encodings)
        if chance.random() < 0.5:
            text = changed_text(text, chance)
        data = without_halves(text).encode(encoding, "replace")
        found += read(changed_bytes(data, chance) if chance.random() < 0.6 else data) is not None
    assert TEXTS / 4 < found < TEXTS


def test_workbooks() -> None:
    chance = Random(11)
    wholes = [workbook_of({"Visits": ROWS}), workbook_of({"Cover": [["Clinic"]], "Visits": ROWS})]
    wholes.append(packed(with_shared_strings(parts_of(wholes[0]))))
    assert all(read(whole) is not None for whole in wholes)
    found = sum(read(changed_bytes(chance.choice(wholes), chance)) is not None for _ in range(WORKBOOKS))
    assert 0 < found < WORKBOOKS


def test_parts_of_workbooks() -> None:
    """Workbooks that are whole as archives, but whose parts are changed, left out or in each other's place."""
    chance = Random(12)
    plain = parts_of(workbook_of({"Visits": ROWS, "Lists": [["Side"], ["L"]]}))
    wholes = [plain, with_shared_strings(plain)]
    found = 0
    for _ in range(PARTS):
        parts = dict(chance.choice(wholes))
        one, other = chance.choice(list(parts)), chance.choice(list(parts))
        match chance.randrange(6):
            case 0:
                parts[one], parts[other] = parts[other], parts[one]
            case 1:
                del parts[one]
            case 2:
                parts[one] = changed_bytes(parts[one], chance)
            case _:
                parts[one] = without_halves(changed_text(parts[one].decode(), chance)).encode()
        found += read(packed(parts)) is not None
    assert 0 < found < PARTS
