"""Who answered a check: the service knows who kept the chart, and only a physician's reason overrides a stop."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from clinic_app.errors import ClinicError
from clinic_app.models import Account, ChartDraft, Override, Visit
from clinic_app.rules.findings import Level
from clinic_app.services import charting
from clinic_app.services.access import Actor
from clinic_app.services.answers import named
from clinic_app.services.chart_data import Answer, ChartContent, Draft
from clinic_app.services.charting import Said
from clinic_app.services.clock import local_now
from clinic_app.services.signing import signed_digest
from clinic_app.services.visit_data import SignedAnswer
from clinic_app.terms import Role
from tests.services.conftest import OpenClinic
from tests.services.test_papers import pages
from tests.services.test_signing import second_physician

STOP = "interval.too_short"


def too_early(clinic: OpenClinic) -> tuple[Draft, ChartContent, tuple[Said, ...]]:
    """A chart thirty days after the last visit, which is a stop; its content, and what the checks say."""
    patient_id = clinic.patient()
    clinic.signed(patient_id)
    clinic.clock.forward(days=30)
    vial = replace(clinic.content().vials[0], reconstituted_at=datetime(2026, 4, 1, 9, 30))
    content = clinic.content(visited_on=date(2026, 4, 1), vials=(vial,))
    draft = clinic.services.charts.start(clinic.nurse, patient_id)
    context = clinic.services.charts.context(clinic.nurse, patient_id)
    now = local_now(clinic.clock, "America/New_York")
    charted = charting.read(content, context, clinic.services.reference, now, at_signing=True)
    findings = tuple(finding for finding in charted.findings if finding.level is not Level.INFO)
    assert STOP in [finding.check for finding in findings]
    return draft, content, findings


def answers_to(findings: tuple[Said, ...], stop: str | None, claimed: Actor | None = None) -> tuple[Answer, ...]:
    """Every warning acknowledged and, with a reason, every stop overridden, in whosever name is claimed."""
    name, account = (claimed.full_name, claimed.account_id) if claimed is not None else ("", None)
    return tuple(
        charting.answering(f, stop if f.level is Level.STOP and stop else "", name, account)
        for f in findings
        if f.level is not Level.STOP or stop is not None
    )


def keep(clinic: OpenClinic, actor: Actor, draft: Draft, content: ChartContent) -> Draft:
    clinic.services.charts.keep(actor, draft.id, draft.version, content)
    return clinic.services.charts.open(actor, draft.id)


def sign(clinic: OpenClinic, draft: Draft, content: ChartContent | None = None) -> tuple[SignedAnswer, ...]:
    charts = clinic.services.charts
    visit_id = charts.sign(clinic.physician, draft.id, draft.version, content or draft.content, clinic.confirmed())
    return clinic.services.visits.details(clinic.physician, visit_id).answers


def refused(clinic: OpenClinic, draft: Draft, content: ChartContent | None = None) -> str:
    with pytest.raises(ClinicError) as error:
        sign(clinic, draft, content)
    assert clinic.services.charts.open(clinic.physician, draft.id) == draft
    return error.value.code


def test_an_answer_is_kept_in_the_name_of_who_gave_it_whatever_the_form_claims(clinic: OpenClinic) -> None:
    draft, content, findings = too_early(clinic)
    for claimed in (None, clinic.physician, clinic.nurse):
        draft = keep(clinic, clinic.nurse, draft, replace(content, answers=answers_to(findings, "agreed", claimed)))
        assert {(each.by, each.account_id) for each in draft.content.answers} == {("Nurse", clinic.nurse.account_id)}
        draft = keep(clinic, clinic.physician, draft, content)


def test_what_the_nurse_acknowledged_stays_hers_in_the_signed_visit_and_on_its_note(clinic: OpenClinic) -> None:
    draft, content, findings = too_early(clinic)
    draft = keep(clinic, clinic.nurse, draft, replace(content, answers=answers_to(findings, None)))
    override = charting.answering(next(f for f in findings if f.check == STOP), "the patient travels")
    signed = sign(clinic, draft, replace(draft.content, answers=(*draft.content.answers, override)))
    assert {(each.level, each.reason, each.by) for each in signed} == {
        ("warn", "", "Nurse"),
        ("stop", "the patient travels", "Dr. Mara Ellison"),
    }
    latest = clinic.services.visits.of_patient(clinic.physician, draft.patient_id)[0].id
    note = "".join(pages(clinic.services.papers.visit_note(clinic.physician, latest)))
    checks = " ".join(note[note.index("What the check said") : note.index("Given and wasted")].split())
    assert "the patient travels Dr. Mara Ellison" in checks
    assert "Nurse" in checks


@pytest.mark.parametrize("claims_the_physician", [True, False])
def test_a_stop_that_a_nurse_overrode_waits_for_the_physicians_own_reason(
    clinic: OpenClinic, claims_the_physician: bool
) -> None:
    draft, content, findings = too_early(clinic)
    claimed = clinic.physician if claims_the_physician else None
    draft = keep(clinic, clinic.nurse, draft, replace(content, answers=answers_to(findings, "agreed", claimed)))
    assert refused(clinic, draft) == "stop_without_reason"
    own = tuple(replace(each, reason="my own reason") if each.check == STOP else each for each in draft.content.answers)
    signed = sign(clinic, draft, replace(draft.content, answers=own))
    assert {(each.level, each.reason, each.by) for each in signed} == {
        ("warn", "", "Nurse"),
        ("stop", "my own reason", "Dr. Mara Ellison"),
    }


def test_the_physician_may_take_over_the_reason_that_the_nurse_wrote(clinic: OpenClinic) -> None:
    draft, content, findings = too_early(clinic)
    draft = keep(clinic, clinic.nurse, draft, replace(content, answers=answers_to(findings, "agreed")))
    same = replace(content, answers=answers_to(findings, "agreed", clinic.physician))
    draft = keep(clinic, clinic.physician, draft, same)
    assert {each.by for each in sign(clinic, draft)} == {"Dr. Mara Ellison"}


def _changed(content: ChartContent) -> ChartContent:
    return replace(content, answers=tuple(replace(each, reason=f"{each.reason} …") for each in content.answers))


@pytest.mark.parametrize("change", [_changed, lambda content: replace(content, answers=())], ids=["edit", "take back"])
def test_an_override_that_a_nurse_changed_or_brought_back_is_no_longer_the_physicians(
    clinic: OpenClinic, change: Callable[[ChartContent], ChartContent]
) -> None:
    draft, content, findings = too_early(clinic)
    whole = replace(content, answers=answers_to(findings, "agreed"))
    draft = keep(clinic, clinic.physician, draft, whole)
    overridden = draft.content
    draft = keep(clinic, clinic.nurse, draft, change(overridden))
    draft = keep(clinic, clinic.nurse, draft, overridden)
    assert refused(clinic, draft) == "stop_without_reason"


def test_a_chart_that_a_nurse_discarded_and_brought_back_holds_no_override(clinic: OpenClinic) -> None:
    draft, content, findings = too_early(clinic)
    draft = keep(clinic, clinic.physician, draft, replace(content, answers=answers_to(findings, "agreed")))
    discarded = clinic.services.charts.discard(clinic.nurse, draft.id, draft.version)
    draft = clinic.services.charts.restore(clinic.nurse, draft.patient_id, discarded)
    assert {each.by for each in draft.content.answers} == {"Nurse"}
    draft = clinic.services.charts.open(clinic.physician, draft.id)
    assert refused(clinic, draft) == "stop_without_reason"


def test_another_physicians_override_counts_in_that_name_while_the_account_is_a_physicians(clinic: OpenClinic) -> None:
    draft, content, findings = too_early(clinic)
    other = second_physician(clinic)
    draft = keep(clinic, other, draft, replace(content, answers=answers_to(findings, "agreed")))

    def set_active(active: bool) -> None:
        with clinic.store.database.writing(None, clinic.clock()) as session:
            session.get_one(Account, other.account_id).active = active

    set_active(False)
    assert refused(clinic, draft) == "stop_without_reason"
    set_active(True)
    assert {each.by for each in sign(clinic, draft)} == {"Dr. Tomas Reyes"}


def test_an_answer_of_an_older_draft_names_nobody_and_has_to_be_given_again(clinic: OpenClinic) -> None:
    draft, content, findings = too_early(clinic)
    draft = keep(clinic, clinic.physician, draft, content)
    with clinic.store.database.writing(None, clinic.clock()) as session:
        older = session.get_one(ChartDraft, draft.id)
        said = [{"check": f.check, "subject": f.subject, "reason": "agreed"} for f in findings]
        older.content = {**older.content, "answers": said}
    draft = clinic.services.charts.open(clinic.physician, draft.id)
    assert {each.by for each in draft.content.answers} == {""}
    assert refused(clinic, draft) == "stop_without_reason"
    warnings = tuple(f for f in findings if f.level is Level.WARN)
    unnamed = answers_to(warnings, None)
    assert warnings
    assert all(charting.counting(f, unnamed, {clinic.physician.account_id}) is None for f in warnings)


def test_the_seal_covers_the_name_of_who_answered(clinic: OpenClinic) -> None:
    visit_id = clinic.signed(clinic.patient(), clinic.content(consent=False))
    with clinic.store.database.reading() as session:
        visit = session.get_one(Visit, visit_id)
        assert signed_digest(session, visit) == visit.digest
        by = select(Override.answered_by).where(Override.visit_id == visit_id)
        assert set(session.scalars(by)) == {"Dr. Mara Ellison"}
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        said = Override(check="consent", level="stop", said="No consent.", answered_by="Dr. Mara Ellison")
        open_visit = Visit(
            patient_id=visit.patient_id,
            injector_id=visit.injector_id,
            visited_on=visit.visited_on,
            indication=visit.indication,
            signed_at=visit.signed_at,
            signed_by_id=visit.signed_by_id,
            digest="",
            overrides=[said],
        )
        session.add(open_visit)
        session.flush()
        before = signed_digest(session, open_visit)
        said.answered_by = "Dr. Tomas Reyes"
        session.flush()
        assert signed_digest(session, open_visit) != before


people = (
    Actor(1, "ellison", "Dr. Mara Ellison", frozenset({Role.PHYSICIAN})),
    Actor(2, "nurse", "Nurse", frozenset({Role.NURSE})),
)
claims = st.builds(
    Answer,
    st.just(STOP),
    st.sampled_from(["", "a"]),
    st.sampled_from(["", "agreed", "travels"]),
    st.sampled_from([each.full_name for each in people]),
    st.sampled_from([each.account_id for each in people]),
)


@given(st.lists(st.tuples(st.sampled_from(people), st.lists(claims, max_size=4)), max_size=12))
def test_nobody_ever_answers_in_another_persons_name(saves: list[tuple[Actor, list[Answer]]]) -> None:
    kept: tuple[Answer, ...] = ()
    gave: set[tuple[int, str, str]] = set()
    for actor, claimed in saves:
        gave |= {(actor.account_id, each.subject, each.reason) for each in claimed}
        kept = named(claimed, kept, actor)
        assert [(each.check, each.subject, each.reason) for each in kept] == [
            (each.check, each.subject, each.reason) for each in claimed
        ]
        assert all((each.account_id, each.subject, each.reason) in gave for each in kept)
        assert {(each.account_id, each.by) for each in kept} <= {(each.account_id, each.full_name) for each in people}
