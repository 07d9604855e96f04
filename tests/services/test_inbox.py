"""The inbox: each thing that waits is a line with an owner, and gone when it is done."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from clinic_app.errors import ClinicError, NotAllowed, NotFound
from clinic_app.models import Account, AccountRole, StockMovement
from clinic_app.services.access import Actor
from clinic_app.services.inbox_data import InboxKind, InboxRow
from clinic_app.services.patient_data import PatientForm
from clinic_app.services.recall import AttemptForm
from clinic_app.services.schedule_data import Booking
from clinic_app.services.visit_data import ResponseData, SideEffectForm
from clinic_app.terms import ContactOutcome, ContactWay, PatientStatus, Role, Severity, StockKind
from clinic_app.words import sentence
from tests.services.conftest import OpenClinic
from tests.services.statements import gone_through, statements

K = InboxKind


def physician(clinic: OpenClinic, user_name: str = "chen") -> Actor:
    """Another physician of the clinic, who holds no other role."""
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        account = Account(user_name=user_name, full_name="Dr. Mei Chen", created_at=clinic.clock())
        session.add(account)
        session.flush()
        session.add(AccountRole(account_id=account.id, role=Role.PHYSICIAN))
        return Actor(account.id, user_name, account.full_name, frozenset({Role.PHYSICIAN}))


def manager(clinic: OpenClinic) -> Actor:
    return replace(clinic.physician, roles=frozenset({Role.MANAGER}))


def listed(clinic: OpenClinic, kind: InboxKind, actor: Actor | None = None, **asked: int) -> list[InboxRow]:
    return list(clinic.services.inbox.rows(actor or clinic.physician, [kind], **asked))


def flag(clinic: OpenClinic, visit_id: int, **changes: object) -> int:
    form = {
        "visit_id": visit_id,
        "kind": "dysphagia",
        "severity": Severity.SEVERE,
        "started_on": clinic.clock.moment.date(),
        "red_flag": True,
        "keep_both": True,
    } | changes
    return clinic.services.side_effects.record(clinic.desk, SideEffectForm(**form))  # type: ignore[arg-type]


def half_used(clinic: OpenClinic, given_units: str = "60") -> int:
    """A visit signed over a stop: a vial of 100 units of which not every unit went somewhere."""
    content = clinic.content(clinic.lot())
    return clinic.signed(clinic.patient(), replace(content, lines=(replace(content.lines[0], units=given_units),)))


def test_a_red_flag_waits_for_the_injector_until_a_physician_resolves_it(clinic: OpenClinic) -> None:
    visit_id = clinic.signed(clinic.patient())
    clinic.clock.forward(days=8)
    effect_id = flag(clinic, visit_id)
    flag(clinic, visit_id, kind="dry_mouth", severity=Severity.MILD, red_flag=False)
    (row,) = listed(clinic, K.RED_FLAG)
    assert (row.record_id, row.owner, row.mine) == (effect_id, "Dr. Mara Ellison", True)
    assert (row.since, row.visited_on) == (date(2026, 3, 10), date(2026, 3, 2))
    assert row.patient is not None
    assert (row.patient.name, row.patient.birth_date) == ("Ada Okafor", date(1961, 3, 12))
    assert row.what.endswith(", severe: not reviewed yet.")
    assert row.flag is not None
    assert (row.flag.effect, row.flag.recorded_by) == ("dysphagia", "Desk")

    other = physician(clinic)
    (theirs,) = listed(clinic, K.RED_FLAG, other)
    assert not theirs.mine
    clinic.services.side_effects.resolve(other, effect_id, row.flag.version, "Seen today, swallows again.")
    assert listed(clinic, K.RED_FLAG) == []


def test_a_red_flag_of_an_injector_who_left_waits_for_every_physician(clinic: OpenClinic) -> None:
    visit_id = clinic.signed(clinic.patient())
    other = physician(clinic)
    flag(clinic, visit_id)
    with clinic.store.database.writing(clinic.physician.account_id, clinic.clock()) as session:
        session.get_one(Account, clinic.physician.account_id).active = False
    (row,) = listed(clinic, K.RED_FLAG, other)
    assert (row.owner, row.owner_role, row.mine) == ("", Role.PHYSICIAN, True)
    (seen,) = listed(clinic, K.RED_FLAG, clinic.nurse)
    assert not seen.mine


def test_a_chart_waits_for_its_signature_from_the_next_day_on(clinic: OpenClinic) -> None:
    charts = clinic.services.charts
    draft = charts.start(clinic.physician, clinic.patient())
    version = charts.keep(clinic.physician, draft.id, draft.version, clinic.content())
    assert listed(clinic, K.UNSIGNED) == []
    clinic.clock.forward(days=1)
    (row,) = listed(clinic, K.UNSIGNED)
    assert (row.record_id, row.owner, row.mine, row.since) == (draft.id, "Dr. Mara Ellison", True, date(2026, 3, 2))
    assert row.what == "Chart of 2 lines, not signed."
    assert not listed(clinic, K.UNSIGNED, physician(clinic))[0].mine
    charts.discard(clinic.physician, draft.id, version)
    assert listed(clinic, K.UNSIGNED) == []


def test_a_chart_that_nobody_is_to_sign_yet_belongs_to_whoever_kept_it(clinic: OpenClinic) -> None:
    charts = clinic.services.charts
    draft = charts.start(clinic.nurse, clinic.patient())
    content = replace(clinic.content(), injector_id=clinic.nurse.account_id)
    charts.keep(clinic.nurse, draft.id, draft.version, content)
    clinic.clock.forward(days=1)
    (row,) = listed(clinic, K.UNSIGNED)
    assert (row.owner, row.mine) == ("Nurse", True)


def test_a_vial_with_units_nobody_accounted_for_waits_for_a_nurse_from_the_next_day_on(clinic: OpenClinic) -> None:
    half_used(clinic)
    clinic.signed(clinic.patient(), clinic.content(clinic.lot(number="C1234")))
    assert listed(clinic, K.VIAL) == []
    clinic.clock.forward(days=1)
    (row,) = listed(clinic, K.VIAL, clinic.nurse)
    assert (row.owner_role, row.mine, row.since) == (Role.NURSE, True, date(2026, 3, 2))
    assert row.what == "onabotulinumtoxinA, lot C1234: 40 of 100 units missing."
    lot_id, stock = row.record_id, clinic.services.stock
    stock.account_for(clinic.nurse, row.vial_id, "found in the tray, thrown away")
    assert listed(clinic, K.VIAL) == []
    line = stock.lot(clinic.nurse, lot_id).ledger[-1]
    assert (line.kind, line.units, line.vials) == (StockKind.WASTED, Decimal(-40), 0)
    assert line.visit_id is not None
    with pytest.raises(ClinicError) as refused:
        stock.account_for(clinic.nurse, row.vial_id, "once more")
    assert refused.value.code == "vial_balances"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(units=st.integers(1, 100))
def test_whatever_was_given_a_vial_balances_after_its_rest_is_noted(clinic: OpenClinic, units: int) -> None:
    patient_id = clinic.patient(given_name=f"P{units}")
    content = clinic.content(clinic.lot(vials=1))
    line = replace(content.lines[0], units=str(units))
    clinic.signed(patient_id, replace(content, lines=(line,), visited_on=clinic.clock.moment.date()))
    clinic.clock.forward(days=1)
    rows = listed(clinic, K.VIAL, clinic.nurse)
    assert len(rows) == (units != 100)
    for row in rows:
        assert row.what.endswith(f": {100 - units} of 100 units missing.")
        clinic.services.stock.account_for(clinic.nurse, row.vial_id, "counted again")
    assert listed(clinic, K.VIAL, clinic.nurse) == []


def test_more_units_than_a_vial_held_are_put_right_by_a_correction(clinic: OpenClinic) -> None:
    half_used(clinic)
    with clinic.store.database.writing(clinic.nurse.account_id, clinic.clock()) as session:
        opened = session.scalars(select(StockMovement).where(StockMovement.kind == StockKind.OPENED)).one()
        session.add(
            StockMovement(
                lot_id=opened.lot_id,
                kind=StockKind.WASTED,
                vials=0,
                units=Decimal("-52.5"),
                at=clinic.clock(),
                account_id=clinic.nurse.account_id,
                visit_id=opened.visit_id,
                vial_id=opened.vial_id,
            )
        )
    clinic.clock.forward(days=1)
    (row,) = listed(clinic, K.VIAL)
    assert row.what == "onabotulinumtoxinA, lot C1234: 12.5 units more than 100 booked."
    clinic.services.stock.account_for(clinic.nurse, row.vial_id, "waste was typed twice")
    line = clinic.services.stock.lot(clinic.nurse, row.record_id).ledger[-1]
    assert (line.kind, line.units, line.left_after) == (StockKind.CORRECTED, Decimal("12.5"), 9)
    assert listed(clinic, K.VIAL) == []


def test_what_is_noted_of_a_vial_needs_a_reason_and_a_vial(clinic: OpenClinic) -> None:
    half_used(clinic)
    clinic.clock.forward(days=1)
    (row,) = listed(clinic, K.VIAL)
    stock = clinic.services.stock
    for actor, vial_id, reason, witness, code in (
        (clinic.nurse, row.vial_id, " ", None, "stock_reason_missing"),
        (clinic.nurse, row.vial_id, "thrown away", clinic.nurse.account_id, "witness_is_oneself"),
        (clinic.desk, row.vial_id, "thrown away", None, "not_allowed_stock"),
        (clinic.nurse, 99, "thrown away", None, "vial_not_found"),
    ):
        with pytest.raises((ClinicError, NotFound, NotAllowed)) as refused:
            stock.account_for(actor, vial_id, reason, witness)
        assert refused.value.code == code
    stock.account_for(clinic.nurse, row.vial_id, "thrown away", clinic.physician.account_id)
    assert stock.lot(clinic.nurse, row.record_id).ledger[-1].witness == "Dr. Mara Ellison"


def test_a_cycle_that_ended_waits_for_response_and_side_effects(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    visit_id = clinic.signed(patient_id)
    clinic.clock.forward(days=84)
    assert listed(clinic, K.OUTCOME) == []
    clinic.clock.forward(days=1)
    (row,) = listed(clinic, K.OUTCOME)
    assert (row.record_id, row.owner, row.mine) == (visit_id, "Dr. Mara Ellison", True)
    assert (row.since, row.visited_on) == (date(2026, 5, 25), date(2026, 3, 2))
    assert row.what == sentence("inbox.outcome_nothing")
    clinic.services.side_effects.none_reported(clinic.nurse, visit_id)
    assert [row.what for row in listed(clinic, K.OUTCOME)] == [sentence("inbox.outcome_response")]
    clinic.services.visits.record_response(clinic.nurse, visit_id, ResponseData(best_percent=70))
    assert listed(clinic, K.OUTCOME) == []


def test_a_cycle_ends_with_the_next_injections_whenever_they_are(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    first = clinic.signed(patient_id)
    clinic.services.visits.record_response(clinic.nurse, first, ResponseData(best_percent=70))
    clinic.clock.forward(days=50)
    second = clinic.signed(patient_id, replace(clinic.content(), visited_on=clinic.clock.moment.date()))
    assert listed(clinic, K.OUTCOME) == []  # it is asked today
    clinic.clock.forward(days=1)
    (row,) = listed(clinic, K.OUTCOME)
    assert (row.record_id, row.since, row.what) == (first, date(2026, 4, 21), sentence("inbox.outcome_effects"))
    clinic.clock.forward(days=84)
    assert [row.record_id for row in listed(clinic, K.OUTCOME)] == [first, second]
    flag(clinic, first)  # a side effect is an answer too
    assert [row.record_id for row in listed(clinic, K.OUTCOME)] == [second]


def test_an_outcome_is_asked_for_as_long_as_somebody_may_remember(clinic: OpenClinic) -> None:
    clinic.signed(clinic.patient())
    clinic.clock.forward(weeks=12 + 13)
    assert len(listed(clinic, K.OUTCOME)) == 1
    clinic.clock.forward(days=1)
    assert listed(clinic, K.OUTCOME) == []
    assert len(listed(clinic, K.OUTCOME, outcome_weeks=14)) == 1


@pytest.mark.about_files
def test_years_of_visits_and_side_effects_are_not_gone_through(clinic: OpenClinic) -> None:
    clinic.signed(clinic.patient())
    clinic.clock.forward(weeks=13)
    read_whole = gone_through(clinic, lambda: clinic.services.inbox.rows(clinic.physician))
    tables = {name.rstrip("_0123456789") for name in read_whole}  # of those that stand under another name too
    assert not tables & {"visit", "injection", "side_effect", "response", "appointment", "patient"}, read_whole


def test_nobody_is_asked_about_a_patient_who_is_followed_no_more(clinic: OpenClinic) -> None:
    patient_id = clinic.patient()
    clinic.signed(patient_id)
    clinic.clock.forward(days=50)
    clinic.signed(patient_id, replace(clinic.content(), visited_on=clinic.clock.moment.date()))
    clinic.clock.forward(days=1)
    assert len(listed(clinic, K.OUTCOME)) == 1
    details = clinic.services.patients.details(clinic.physician, patient_id)
    form: PatientForm = replace(details.form, status=PatientStatus.MOVED_AWAY)
    clinic.services.patients.save(clinic.physician, patient_id, details.version, form)
    assert listed(clinic, K.OUTCOME) == []


def test_recalls_due_are_one_line_for_the_front_desk(clinic: OpenClinic) -> None:
    first, second = clinic.patient(), clinic.patient(family_name="Byrne")
    clinic.signed(first)
    clinic.signed(second)
    clinic.clock.forward(weeks=12, days=-1)
    assert listed(clinic, K.RECALL, clinic.desk) == []
    clinic.clock.forward(days=1)
    (row,) = listed(clinic, K.RECALL, clinic.desk)
    assert (row.count, row.owner_role, row.mine, row.since) == (2, Role.FRONT_DESK, True, date(2026, 5, 25))
    assert (row.patient, row.what) == (None, "2 patients are due and have nothing booked.")
    later = clinic.clock.moment.date() + timedelta(days=7)
    clinic.services.recall.note(
        clinic.desk, first, AttemptForm(ContactWay.TELEPHONE, ContactOutcome.NO_ANSWER, next_try_on=later)
    )
    assert listed(clinic, K.RECALL, clinic.desk)[0].what == "1 patient is due and has nothing booked."
    at = datetime.combine(later, time(9))
    clinic.services.schedule.book(clinic.desk, Booking(second, clinic.physician.account_id, 1, at, 30))
    assert listed(clinic, K.RECALL, clinic.desk) == []


def test_what_must_be_booked_again_is_one_line_for_the_front_desk(clinic: OpenClinic) -> None:
    day = date(2026, 6, 1)
    booking = Booking(clinic.patient(), clinic.physician.account_id, 3, datetime.combine(day, time(9)), 30)
    appointment_id = clinic.services.schedule.book(clinic.desk, booking)
    assert listed(clinic, K.REBOOK, clinic.desk) == []
    clinic.services.working_times.close(clinic.physician, day, day, "Renovation")
    (row,) = listed(clinic, K.REBOOK, clinic.desk)
    assert (row.count, row.owner_role, row.mine) == (1, Role.FRONT_DESK, True)
    version = clinic.services.schedule.appointment(clinic.desk, appointment_id).version
    moved = datetime.combine(day + timedelta(days=1), time(9))
    clinic.services.schedule.move(
        clinic.desk, appointment_id, version, starts_at=moved, minutes=30, injector_id=clinic.physician.account_id
    )
    assert listed(clinic, K.REBOOK, clinic.desk) == []


def fill(clinic: OpenClinic, hour: int = 9) -> None:
    """Something of every kind."""
    patient_id = clinic.patient()
    content = clinic.content(clinic.lot())
    visit_id = clinic.signed(patient_id, replace(content, lines=content.lines[:1]))
    flag(clinic, visit_id)
    clinic.services.charts.start(clinic.physician, patient_id)
    known = clinic.patient()
    clinic.services.records.restrict(clinic.physician, known, "Works here.", {clinic.physician.account_id})
    clinic.services.records.open_with_reason(clinic.desk, known, "Asks for the next date.")
    day = clinic.clock.moment.date() + timedelta(weeks=14, days=hour)
    booking = Booking(
        clinic.patient(),
        clinic.physician.account_id,
        3,
        datetime.combine(day, time(hour)),
        30,
        overbook_reason="on purpose",
    )
    clinic.services.schedule.book(clinic.physician, booking)
    clinic.services.working_times.close(clinic.physician, day, day, "Renovation")


def test_every_role_sees_what_it_may_and_the_gravest_stands_first(clinic: OpenClinic) -> None:
    fill(clinic)
    clinic.clock.forward(weeks=13)
    other = physician(clinic)
    kinds = {
        who: [row.kind for row in clinic.services.inbox.rows(actor)]
        for who, actor in {
            "all": clinic.physician, "physician": other, "nurse": clinic.nurse, "desk": clinic.desk,
            "manager": manager(clinic),
        }.items()
    }  # fmt: skip
    assert kinds == {
        "all": list(K),
        "physician": [K.RED_FLAG, K.UNSIGNED, K.VIAL, K.OUTCOME, K.REBOOK, K.RECALL],
        "nurse": [K.RED_FLAG, K.VIAL, K.OUTCOME, K.REBOOK, K.RECALL],
        "desk": [K.REBOOK, K.RECALL],
        "manager": [K.OPENED, K.VIAL, K.REBOOK, K.RECALL],
    }
    own = [row.kind for row in clinic.services.inbox.rows(clinic.nurse) if row.mine]
    assert own == [K.VIAL]
    assert not any(row.mine for row in clinic.services.inbox.rows(other))
    assert clinic.services.inbox.rows(clinic.desk, [K.RED_FLAG, K.VIAL]) == ()


def test_older_lines_stand_before_newer_ones(clinic: OpenClinic) -> None:
    visit_id = clinic.signed(clinic.patient())
    ids = []
    for _ in range(3):
        clinic.clock.forward(days=1)
        ids.append(flag(clinic, visit_id))
    assert [row.record_id for row in listed(clinic, K.RED_FLAG)] == ids


def test_a_full_inbox_costs_as_many_statements_as_a_short_one(clinic: OpenClinic) -> None:
    fill(clinic)
    clinic.clock.forward(weeks=13)
    short = statements(clinic, lambda: clinic.services.inbox.rows(clinic.physician))
    clinic.clock.forward(weeks=-13)
    for hour in range(10, 14):
        fill(clinic, hour)
    clinic.clock.forward(weeks=13)
    assert len(listed(clinic, K.RED_FLAG)) == 5
    assert statements(clinic, lambda: clinic.services.inbox.rows(clinic.physician)) == short
