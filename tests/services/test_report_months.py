"""What the reports keep of whole months is never seen once it is stale, whatever happened since and in which order."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text, update

from clinic_app.errors import WorkStopped
from clinic_app.models import ReportMonth, ReportTouch
from clinic_app.reference.catalogue import Reference
from clinic_app.services import report_months
from clinic_app.services.bundle import Services
from clinic_app.services.reports_data import Question, Report, ReportFilters
from clinic_app.services.reports_sql import Rows
from clinic_app.services.stores import unlock
from tests.clinics import PASSPHRASE, SealedClinic, StandingClock, taking_nothing
from tests.services.conftest import TEN, OpenClinic
from tests.services.report_practice import KEPT, Act, Practice, acts
from tests.services.reports_clinic import fill
from tests.services.statements import statements

FILTERS = (ReportFilters(), ReportFilters(indication="blepharospasm"), ReportFilters(last_day=date(2026, 2, 10)))


def answers(clinic: OpenClinic) -> dict[tuple[Question, int], Report]:
    ask = clinic.services.reports.answer
    return {(each, n): ask(clinic.physician, each, filters) for each in KEPT for n, filters in enumerate(FILTERS)}


def forget(clinic: OpenClinic) -> None:
    """Take away everything that is kept, behind the program's back."""
    with clinic.store.database.engine.begin() as connection:
        for table in ("report_month", "report_touch", "report_state"):
            connection.execute(text(f"DELETE FROM {table}"))


def forget_counts(clinic: OpenClinic) -> None:
    """As if the other workstation had been stopped before it kept anything."""
    with clinic.store.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM report_month"))


def recounted(clinic: OpenClinic) -> dict[tuple[Question, int], Report]:
    forget(clinic)
    return answers(clinic)


def kept(clinic: OpenClinic, question: Question) -> list[str]:
    with clinic.store.database.reading() as session:
        query = select(ReportMonth.month).where(ReportMonth.question == question.value)
        return list(session.scalars(query.order_by(ReportMonth.month)))


def test_finished_months_are_kept_without_filters_and_read_by_every_later_question(clinic: OpenClinic) -> None:
    fill(clinic, 6, 4)
    ask = clinic.services.reports.answer
    some = ReportFilters(date(2024, 1, 15), date(2024, 12, 31), product="ourtoxin", injector_id=1)
    ask(clinic.physician, Question.DOSES, some)
    of_2024 = kept(clinic, Question.DOSES)
    assert of_2024 and of_2024[0] > "2024-01" and of_2024[-1] <= "2024-12"  # January was not asked for as a whole
    ask(clinic.physician, Question.DOSES, ReportFilters())
    everything = statements(clinic, lambda: ask(clinic.physician, Question.DOSES, ReportFilters()), about="injection")
    assert everything == 0
    assert set(of_2024) < set(kept(clinic, Question.DOSES))
    answer = ask(clinic.physician, Question.DOSES, some)
    forget(clinic)
    assert answer == ask(clinic.physician, Question.DOSES, some)


def test_stopping_keeps_what_was_counted_until_then(clinic: OpenClinic) -> None:
    fill(clinic, 6, 4)

    def stop_at_the_fourth(done: int, _of: int) -> None:
        if done == 3:
            raise WorkStopped("work_stopped")

    with pytest.raises(WorkStopped):
        clinic.services.reports.answer(clinic.physician, Question.DOSES, ReportFilters(), stop_at_the_fourth)
    assert len(kept(clinic, Question.DOSES)) == 3


def test_what_is_written_while_a_month_is_counted_is_not_lost(
    clinic: OpenClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One workstation has read a month; another signs a visit in it and asks too; then the first keeps what it read."""
    practice, plain = Practice(clinic), report_months._plain
    reports, everything = clinic.services.reports, ReportFilters()
    practice.sign(0, 70, 0)

    def meanwhile(rows: Rows) -> bytes:
        monkeypatch.setattr(report_months, "_plain", plain)
        practice.sign(1, 71, 0)
        reports.answer(clinic.physician, Question.DOSES, everything)
        forget_counts(clinic)
        return plain(rows)

    monkeypatch.setattr(report_months, "_plain", meanwhile)
    for _ in range(2):
        found = reports.answer(clinic.physician, Question.DOSES, everything)
        assert {line.cells[3] for line in found.lines} == {2}


def test_a_store_that_takes_nothing_is_still_counted(clinic: OpenClinic) -> None:
    Practice(clinic).sign(0, 70, 0)
    expected = answers(clinic)
    forget(clinic)
    with taking_nothing(clinic.store.database):
        assert answers(clinic) == expected
    assert kept(clinic, Question.DOSES) == []


def test_after_more_changes_than_are_worth_following_everything_is_counted_again(
    clinic: OpenClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_months, "MANY", 1)
    practice = Practice(clinic)
    for who, day in ((0, 0), (1, 35), (2, 70)):
        practice.sign(who, day, 0)
    before = answers(clinic)
    with clinic.store.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ReportTouch)) == 0  # found out and taken away
    practice.respond(0, 80)
    practice.respond(2, 80)
    assert answers(clinic)[Question.BENEFIT, 0] != before[Question.BENEFIT, 0]
    assert answers(clinic) == recounted(clinic)


def test_what_an_older_release_counted_otherwise_is_not_used(clinic: OpenClinic) -> None:
    Practice(clinic).sign(0, 70, 0)
    expected = answers(clinic)
    with clinic.store.database.engine.begin() as connection:
        connection.execute(update(ReportMonth).values(edition="older", rows=b"\x90"))
    assert answers(clinic) == expected


CHANGES: dict[str, tuple[list[tuple[Any, ...]], tuple[Any, ...]]] = {
    "an injection after the last one": ([("sign", 0, 0, 1)], ("sign", 0, 40, 0)),
    "a late note of an earlier injection": ([("sign", 0, 70, 0)], ("sign", 0, 30, 0)),
    "another visit of the month": ([("sign", 0, 0, 0)], ("sign", 1, 3, 0)),
    "a side effect": ([("sign", 0, 0, 0)], ("notice", 0, 1)),
    "another suspicion": ([("sign", 0, 0, 0), ("notice", 0, 0)], ("change", 0, 0, 1)),
    "a suspicion withdrawn": ([("sign", 0, 0, 0), ("notice", 0, 1)], ("change", 0, 0, 0)),
    "a side effect of another visit": (
        [("sign", 0, 0, 0), ("sign", 0, 40, 0), ("sign", 0, 80, 0), ("notice", 0, 1)],
        ("change", 0, 2, 1),
    ),
    "nothing to report": ([("sign", 0, 0, 0)], ("deny", 0)),
    "a response": ([("sign", 0, 0, 0)], ("respond", 0, 50)),
    "another response": ([("sign", 0, 0, 0), ("respond", 0, 50)], ("respond", 0, 80)),
    "another usual interval": ([("sign", 0, 0, 1)], ("agree", 0, 20)),
    "a booking at sign-off": ([("sign", 0, 0, 0), ("sign", 0, 40, 0)], ("book", 0)),
    "time": ([("sign", 0, 30, 0)], ("wait", 30)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_everything_that_a_report_counts_is_counted_again_once_it_changes(clinic: OpenClinic, what: str) -> None:
    practice = Practice(clinic)
    before, (act, *given) = CHANGES[what]
    for name, *arguments in before:
        getattr(practice, name)(*arguments)
    first = answers(clinic)
    assert answers(clinic) == first
    getattr(practice, act)(*given)
    after = answers(clinic)
    assert after == recounted(clinic)
    assert {key: report.lines for key, report in after.items()} != {key: report.lines for key, report in first.items()}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(acts, max_size=8), after=st.lists(acts, min_size=1, max_size=6))
def test_an_answer_is_the_same_as_if_nothing_had_been_kept(
    port_alder: SealedClinic, tmp_path: Path, reference: Reference, before: list[Act], after: list[Act]
) -> None:
    shutil.rmtree(tmp_path / "play", ignore_errors=True)
    folder, clock = port_alder.copy(tmp_path / "play"), StandingClock(TEN)
    store = unlock(folder, "ellison", PASSPHRASE, clock)
    services = Services(store.database, clock, reference)
    clinic = OpenClinic(folder, store, services, clock, "", store.actor, store.actor, store.actor)
    practice = Practice(clinic)
    try:
        practice.sign(0, 0, 0)
        for act in before:
            act(practice)
        answers(clinic)
        for act in after:
            act(practice)
        assert answers(clinic) == recounted(clinic)
    finally:
        store.database.close()
