"""The chain of the audit trail: the same however it is cut into transactions, and broken by whatever is changed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from clinic_app.models import AuditEntry, Patient, trail
from clinic_app.models.database import Database, tell
from clinic_app.terms import Sex

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
TEXT = st.text(st.characters(), max_size=6)  # lone surrogates too
ENTRY = st.fixed_dictionaries(
    {
        "at": st.integers(0, 10**9).map(lambda n: AT + timedelta(microseconds=n)),
        "account_id": st.none() | st.integers(1, 3),
        "workstation": TEXT,
        "what": TEXT,
        "kind": TEXT,
        "record_id": st.none() | st.integers(1, 3),
        "patient_id": st.none() | st.integers(1, 3),
        "before": st.dictionaries(TEXT, st.none() | TEXT | st.integers() | st.booleans(), max_size=2),
        "after": st.dictionaries(TEXT, st.lists(TEXT, max_size=2), max_size=2),
    }
)
Row = dict[str, Any]


def start() -> trail.Head:
    return trail.Head(0, trail.START)


@given(st.lists(ENTRY, max_size=6), st.integers(0, 6))
def test_the_chain_is_the_same_however_it_is_cut(rows: list[Row], cut: int) -> None:
    at = start()
    assert [*trail.chained(rows[:cut], at), *trail.chained(rows[cut:], at)] == list(trail.chained(rows, start()))


@given(st.lists(ENTRY, min_size=1, max_size=6), st.data())
def test_whatever_changes_in_an_entry_changes_all_that_follow(rows: list[Row], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    other = data.draw(ENTRY.filter(lambda row: row != rows[place]))
    changed = [*rows[:place], other, *rows[place + 1 :]]
    same = [
        one["chain"] == two["chain"]
        for one, two in zip(trail.chained(rows, start()), trail.chained(changed, start()), strict=True)
    ]
    assert same == [True] * place + [False] * (len(rows) - place)


@given(st.lists(ENTRY, max_size=8))
def test_the_chain_of_a_patient_is_that_of_the_entries_about_them_alone(rows: list[Row]) -> None:
    whole = list(trail.chained(rows, start()))
    for patient in (1, 2, 3):
        alone = trail.chained([row for row in rows if row["patient_id"] == patient], start())
        assert [row["patient_chain"] for row in whole if row["patient_id"] == patient] == [
            row["chain"] for row in alone
        ]
    assert all(row["patient_chain"] is None for row in whole if row["patient_id"] is None)


def patient(number: int) -> Patient:
    return Patient(
        record_number=str(number), family_name="O", given_name="A", birth_date=date(1961, 3, 12), sex=Sex.FEMALE,
        created_at=AT,
    )  # fmt: skip


def test_what_is_taken_back_to_a_savepoint_leaves_no_gap_in_the_chain(database: Database) -> None:
    with database.writing(None, AT) as session:
        session.add(patient(1))
        session.flush()
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            session.add(patient(2))
            session.flush()
            raise ZeroDivisionError
        session.add(patient(3))
        session.flush()
        tell(session, "exported", "research")
    with database.writing(None, AT) as session:
        session.add(patient(4))
    with database.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        links = list(trail.chained([{name: getattr(e, name) for name in trail.SAID} for e in entries], start()))
    assert [e.kind for e in entries] == ["patient", "patient", "research", "patient"]
    assert [(e.id, e.chain, e.patient_chain) for e in entries] == [
        (link["id"], link["chain"], link["patient_chain"]) for link in links
    ]
