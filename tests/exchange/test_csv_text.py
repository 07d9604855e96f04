import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.exchange.csv_text import csv_text


def test_days_numbers_and_gaps_are_written_plainly() -> None:
    row = (date(2026, 3, 2), datetime(2026, 3, 2, 15, tzinfo=UTC), Decimal("62.500"), Decimal(200), -1, None, "a, b")
    assert csv_text(("day", "moment", "units", "size", "vials", "none", "name"), [row]) == (
        'day,moment,units,size,vials,none,name\r\n2026-03-02,2026-03-02T15:00:00+00:00,62.5,200,-1,,"a, b"\r\n'
    )


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_no_cell_of_text_runs_as_a_formula(cell: str) -> None:
    (_, (written,)) = csv.reader(StringIO(csv_text(("a",), [(cell,)]), newline=""))
    assert written == f"'{cell}"


typed = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))


@given(st.lists(typed, min_size=2, max_size=4))
def test_text_comes_back_as_it_was(row: list[str]) -> None:
    (_, read) = csv.reader(StringIO(csv_text(["column"] * len(row), [row]), newline=""))
    assert [cell.removeprefix("'") for cell in read] == [cell.removeprefix("'") for cell in row]
