"""The clinic's own rules reach the checks of a chart, with who set them and when, and can be taken back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from clinic_app.errors import ClinicError, NotAllowed, NotFound
from clinic_app.rules.chart import ClinicLimit
from clinic_app.terms import LabelRegion
from tests.services.conftest import OpenClinic

CAP = {"product": "onabotulinumtoxinA", "reason": "agreed by the physicians"}


def test_a_limit_reaches_the_checks_with_author_and_day(clinic: OpenClinic) -> None:
    rules = clinic.services.clinic_rules
    rules.set_limit(clinic.physician, "dose.visit_cap", Decimal(300), **CAP)
    context = clinic.services.charts.context(clinic.physician, clinic.patient())
    assert context.clinic.limits == (
        ClinicLimit(
            "dose.visit_cap",
            Decimal(300),
            "onabotulinumtoxinA",
            set_on=date(2026, 3, 2),
            set_by="Dr. Mara Ellison",
        ),
    )


def test_a_second_limit_for_the_same_ends_the_first_and_both_stay_on_record(clinic: OpenClinic) -> None:
    rules = clinic.services.clinic_rules
    rules.set_limit(clinic.physician, "dose.visit_cap", Decimal(300), **CAP)
    clinic.clock.forward(days=1)
    rules.set_limit(clinic.physician, "dose.visit_cap", Decimal(500), **CAP)
    rules.set_limit(clinic.physician, "dose.visit_cap", Decimal(200), indication="cervical_dystonia", **CAP)
    limits = rules.choices(clinic.nurse).limits
    assert sorted((limit.indication, limit.value) for limit in limits) == [
        ("", Decimal(500)),
        ("cervical_dystonia", Decimal(200)),
    ]
    ((ended, at),) = rules.ended_limits(clinic.physician)
    assert (ended.value, ended.reason, at) == (Decimal(300), "agreed by the physicians", clinic.clock())


def test_a_limit_ends_once_and_can_be_renewed(clinic: OpenClinic) -> None:
    rules = clinic.services.clinic_rules
    limit = rules.set_limit(clinic.physician, "interval.too_short", Decimal(70), reason="fast wear-off")
    rules.end_limit(clinic.physician, limit)
    assert rules.choices(clinic.physician).limits == ()
    with pytest.raises(NotFound):
        rules.end_limit(clinic.physician, limit)
    rules.renew_limit(clinic.physician, limit)
    (again,) = rules.choices(clinic.physician).limits
    assert (again.value, again.reason, again.id != limit) == (Decimal(70), "fast wear-off", True)
    with pytest.raises(NotFound):
        rules.renew_limit(clinic.physician, 999)


@pytest.mark.parametrize(
    ("value", "reason", "code"),
    [
        (Decimal(0), "x", "limit_not_positive"),
        (Decimal(-3), "x", "limit_not_positive"),
        (Decimal("NaN"), "x", "limit_not_positive"),
        (Decimal("Infinity"), "x", "limit_not_positive"),
        (Decimal("1e9"), "x", "units_too_many"),
        (Decimal("1.0001"), "x", "units_too_many"),
        (Decimal(300), " \u0007", "limit_without_reason"),
    ],
)
def test_a_limit_that_cannot_be_meant_is_refused(clinic: OpenClinic, value: Decimal, reason: str, code: str) -> None:
    with pytest.raises(ClinicError) as refused:
        clinic.services.clinic_rules.set_limit(clinic.physician, "dose.visit_cap", value, reason=reason)
    assert refused.value.code == code
    assert clinic.services.clinic_rules.choices(clinic.physician).limits == ()


def test_the_choices_reach_the_chart_and_can_be_taken_back(clinic: OpenClinic) -> None:
    rules, patient = clinic.services.clinic_rules, clinic.patient()
    rules.set_rolling_months(clinic.physician, 3)
    rules.allow_shared_vials(clinic.physician, "  shortage, as agreed with the pharmacy ")
    rules.ask_for_witness(clinic.physician, wanted=True)
    rules.show_syringe_marks(clinic.physician, wanted=True)
    rules.set_label_region(clinic.physician, LabelRegion.UK_EU)
    context = clinic.services.charts.context(clinic.physician, patient)
    assert (context.clinic.rolling_months, context.clinic.shared_vial_reason) == (
        3,
        "shortage, as agreed with the pharmacy",
    )
    assert (context.waste_witness, context.syringe_marks, context.region) == (True, True, LabelRegion.UK_EU)
    rules.set_rolling_months(clinic.physician, None)
    rules.allow_shared_vials(clinic.physician, "")
    rules.ask_for_witness(clinic.physician, wanted=False)
    context = clinic.services.charts.context(clinic.physician, patient)
    assert (context.clinic.rolling_months, context.clinic.shared_vial_reason, context.waste_witness) == (
        None,
        "",
        False,
    )
    with pytest.raises(ClinicError):
        rules.set_rolling_months(clinic.physician, 0)


def test_limits_are_the_physicians_and_the_manager_s_the_rest_the_manager_s(clinic: OpenClinic) -> None:
    rules = clinic.services.clinic_rules
    for attempt in (
        lambda: rules.set_limit(clinic.nurse, "dose.visit_cap", Decimal(300), **CAP),
        lambda: rules.end_limit(clinic.nurse, 1),
        lambda: rules.allow_shared_vials(clinic.nurse, "because"),
        lambda: rules.ask_for_witness(clinic.nurse, wanted=True),
        lambda: rules.set_label_region(clinic.nurse, LabelRegion.UK_EU),
        lambda: rules.ended_limits(clinic.desk),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_waste_without_reason_or_witness_is_not_signed(clinic: OpenClinic) -> None:
    rules, lot, patient = clinic.services.clinic_rules, clinic.lot(), clinic.patient()
    rules.ask_for_witness(clinic.physician, wanted=True)
    content = clinic.content(lot)
    lines = (replace(content.lines[0], units="50"), content.lines[1])
    vial = replace(content.vials[0], wasted="10")
    for changed, code in (
        (vial, "waste_without_reason"),
        (replace(vial, waste_reason="spilled"), "waste_without_witness"),
        (
            replace(vial, waste_reason="spilled", witness_id=clinic.physician.account_id),
            "waste_without_witness",
        ),
    ):
        with pytest.raises(ClinicError) as refused:
            clinic.signed(patient, replace(content, lines=lines, vials=(changed,)))
        assert refused.value.code == code
    witnessed = replace(vial, waste_reason="spilled", witness_id=clinic.nurse.account_id)
    clinic.signed(patient, replace(content, lines=lines, vials=(witnessed,)))


def test_a_limit_that_its_check_cannot_use_is_refused(clinic: OpenClinic) -> None:
    rules = clinic.services.clinic_rules
    for words in ({}, {"product": "onabotulinumtoxinA", "muscle": "masseter"}):
        with pytest.raises(ClinicError) as refused:
            rules.set_limit(clinic.physician, "dose.visit_cap", Decimal(300), reason="agreed", **words)
        assert refused.value.code == "limit_not_usable"
    with pytest.raises(ClinicError):
        rules.set_limit(clinic.physician, "vial.expired", Decimal(3), reason="agreed")


def test_a_limit_for_the_interval_moves_the_first_day_of_a_repeat(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    visit = clinic.signed(patient, clinic.content(clinic.lot()))
    before = clinic.services.repeats.propose(clinic.desk, visit, weeks=12)
    clinic.services.clinic_rules.set_limit(clinic.physician, "interval.too_short", Decimal(100), reason="agreed")
    after = clinic.services.repeats.propose(clinic.desk, visit, weeks=12)
    assert (after.earliest - before.earliest).days == 100 - 84
