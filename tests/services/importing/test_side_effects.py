"""Side effects from a spreadsheet: each after its visit."""

from datetime import date

import pytest

from clinic_app.services.importing.preview import Outcome
from clinic_app.services.inbox_data import InboxKind
from clinic_app.terms import ImportKind, Severity
from tests.services.importing.conftest import Desk, reasons
from tests.services.importing.test_injections import HEADER as INJECTIONS
from tests.services.importing.test_injections import SPLENIUS, I

S = ImportKind.SIDE_EFFECTS
HEADER = ("MRN", "Adverse event", "Grade", "Start date", "End date", "Action", "Injection date")
DYSPHAGIA = ("A1", "Trouble swallowing", "moderate", "2025-11-30", "2025-12-10", "soft food", "")


@pytest.fixture
def treated(desk: Desk) -> Desk:
    """Ada Okafor was injected on 24 August and 24 November 2025."""
    desk.bring(I, INJECTIONS, SPLENIUS, ("A1", "2025-08-24", *SPLENIUS[2:]))
    return desk


def test_each_belongs_to_the_latest_visit_before_it_or_the_one_that_it_names(treated: Desk) -> None:
    before = treated.contents()
    named = ("A1", "stiff jaw", "2", "2025-12-01", "", "", "2025-08-24")
    done = treated.bring(S, HEADER, DYSPHAGIA, named)
    (patient,) = treated.clinic.services.patients.search(treated.actor, "okafor")
    rows = treated.clinic.services.side_effects.of_patient(treated.actor, patient.id)
    assert [(row.kind, row.other, row.severity, row.visited_on) for row in rows] == [
        ("", "stiff jaw", Severity.MODERATE, date(2025, 8, 24)),
        ("dysphagia", "", Severity.MODERATE, date(2025, 11, 24)),
    ]
    assert (rows[1].started_on, rows[1].ended_on, rows[1].action) == (
        date(2025, 11, 30), date(2025, 12, 10), "soft food",
    )  # fmt: skip
    assert [each.outcome for each in treated.look(S, HEADER, DYSPHAGIA, named).verdicts] == [Outcome.DUPLICATE] * 2
    treated.imports.undo(treated.actor, done.import_id)
    assert treated.contents() == before


@pytest.mark.parametrize(
    ("place", "typed", "said"),
    [
        (0, "Z9", "MRN"),
        (1, "", "Adverse event"),
        (2, "", "Grade"),
        (2, "awful", "awful"),
        (3, "2026-04-01", "Start date"),
        (3, "2025-01-01", "no visit on or before"),
        (3, "", "Start date"),
        (4, "2025-11-29", "End date"),
        (6, "2025-10-01", "no visit on 1 Oct 2025"),
        (6, "2025-12-24", "Injection date"),
    ],
)
def test_what_cannot_be_is_refused(treated: Desk, place: int, typed: str, said: str) -> None:
    (verdict,) = treated.look(S, HEADER, (*DYSPHAGIA[:place], typed, *DYSPHAGIA[place + 1 :])).verdicts
    assert verdict.outcome is Outcome.REFUSED
    assert said in reasons(verdict)


def test_only_what_goes_on_waits_for_a_physician(treated: Desk) -> None:
    breathing = ("A1", "Trouble breathing", "severe", "2025-08-30")
    treated.bring(S, HEADER, (*breathing, "2025-09-10", "", ""))
    assert InboxKind.RED_FLAG not in {row.kind for row in treated.clinic.services.inbox.rows(treated.actor)}
    treated.bring(S, HEADER, (*breathing[:3], "2025-11-30", "", "", ""))
    assert InboxKind.RED_FLAG in {row.kind for row in treated.clinic.services.inbox.rows(treated.actor)}


def test_none_reported_is_not_overruled_by_a_file(treated: Desk) -> None:
    (patient,) = treated.clinic.services.patients.search(treated.actor, "okafor")
    visit = treated.clinic.services.visits.of_patient(treated.actor, patient.id)[0]
    treated.clinic.services.side_effects.none_reported(treated.actor, visit.id)
    (verdict,) = treated.look(S, HEADER, DYSPHAGIA).verdicts
    assert "no side effects were reported" in reasons(verdict)
