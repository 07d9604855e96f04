"""Lists of the window as files: what is in them, who may read them, and what the trail says."""

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_app.errors import StoreProblem
from clinic_app.exchange.csv_text import without_apostrophe
from clinic_app.services.audit import AuditFilter
from clinic_app.services.audit_words import done
from clinic_app.services.saved_lists import ShownList
from tests.services.conftest import OpenClinic

RECALL = ShownList(
    "Patients to call",
    "recall",
    ("Name", "Due", "Tries", "At", "Telephone"),
    (
        ("Zoë Lindqvist", date(2026, 3, 30), Decimal("2.50"), datetime(2026, 3, 2, 9, 30), "+46 70 123"),
        ("=1+1", None, 3, "–", ""),
    ),
)
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])).filter(
    lambda text: not text.startswith("'")
)


def read(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def test_a_spreadsheet_understands_days_moments_and_numbers_and_runs_nothing(
    clinic: OpenClinic, tmp_path: Path
) -> None:
    file = clinic.services.saved_lists.save(clinic.desk, RECALL, tmp_path / "recall.csv")
    assert file.read_bytes().startswith(b"\xef\xbb\xbfName,"), "Excel takes it for UTF-8"
    assert read(file) == [
        list(RECALL.header),
        ["Zoë Lindqvist", "2026-03-30", "2.5", "2026-03-02T09:30:00", "'+46 70 123"],
        ["'=1+1", "", "3", "–", ""],
    ]
    assert file.stat().st_mode & 0o777 == 0o600


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(st.lists(texts, min_size=3, max_size=3), max_size=5))
def test_what_is_saved_reads_back(clinic: OpenClinic, tmp_path: Path, rows: list[list[str]]) -> None:
    shown = ShownList("Any", "any", ("a", "b", "c"), tuple(map(tuple, rows)))
    header, *lines = read(clinic.services.saved_lists.save(clinic.desk, shown, tmp_path / "any.csv"))
    assert header == ["a", "b", "c"]
    assert [[without_apostrophe(cell) for cell in line] for line in lines] == rows


def test_the_trail_names_the_list_and_how_many_rows_left(clinic: OpenClinic, tmp_path: Path) -> None:
    patient = clinic.patient()
    file = clinic.services.saved_lists.save(clinic.desk, RECALL, tmp_path / "recall.csv")
    of_one = ShownList("Visits", "patient-visits", ("Date",), (), patient)
    clinic.services.saved_lists.save(clinic.nurse, of_one, tmp_path / "visits.csv")
    visits, recall = clinic.services.audit.rows(clinic.physician, AuditFilter(), limit=2)
    assert (recall.who, recall.act, recall.kind, recall.patient_id) == ("Desk", "exported", "list", None)
    assert recall.after == {"list": "Patients to call", "rows": 2, "file": str(file)}
    assert done(recall.act, recall.kind, recall.after) == "exported the list “Patients to call”"
    assert (visits.patient_id, visits.after["rows"]) == (patient, 0)
    by_person = {each.who: each.acts for each in clinic.services.audit.accesses(clinic.physician, patient)}
    assert by_person["Nurse"] == ("exported the list “Visits”",)


def test_where_nothing_can_be_written_nothing_is_left(clinic: OpenClinic, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreProblem):
        clinic.services.saved_lists.save(clinic.desk, RECALL, tmp_path / "file" / "recall.csv")
    assert clinic.services.audit.rows(clinic.physician, AuditFilter(acts=frozenset({"exported"}))) == ()
