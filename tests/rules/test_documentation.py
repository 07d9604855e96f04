from decimal import Decimal
from typing import Any

import pytest

from clinic_app.reference import Reference
from clinic_app.rules.check import check_chart
from clinic_app.rules.findings import Level

from .build import ADULT, chart, checked, injection, vial

LINE = "splenius_capitis/left"


def test_a_chart_in_order_raises_nothing_even_at_signing(reference: Reference) -> None:
    assert check_chart(chart(), reference, at_signing=True) == ()
    assert chart().patient.birth_date == ADULT


@pytest.mark.parametrize(
    ("check", "changes"),
    [
        ("documentation.indication", {"indication": ""}),
        ("documentation.indication", {"indication": "an old word"}),
        ("documentation.consent", {"consent": None}),
        ("documentation.consent", {"consent": False}),
        ("documentation.guidance", {"injections": (injection(LINE, 100, guidance=()),)}),
        ("documentation.points", {"injections": (injection(LINE, 100, points=0),)}),
        ("documentation.reason", {"assessment": " "}),
        ("documentation.reason", {"vials": (vial(units=120, wasted_units=Decimal(20)),)}),
    ],
)
def test_what_is_missing_is_told_at_signing_and_not_before(
    reference: Reference, check: str, changes: dict[str, Any]
) -> None:
    visit = chart(**changes)
    assert [each.level for each in checked(visit, reference, check, at_signing=True)] == [Level.WARN]
    assert not checked(visit, reference, check)


def test_waste_with_a_reason_is_documented(reference: Reference) -> None:
    visit = chart(vials=(vial(units=120, wasted_units=Decimal(20), waste_reason="rest of the vial"),))
    assert not checked(visit, reference, "documentation.reason", at_signing=True)
