"""A chart that raises nothing, to be changed in one place by each test."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from clinic_app.reference import Reference, load_reference
from clinic_app.rules.chart import (
    Chart,
    ChartedInjection,
    ChartedVial,
    ClinicChoices,
    ClinicLimit,
    EarlierInjection,
    PatientFacts,
)
from clinic_app.rules.check import check_chart
from clinic_app.rules.findings import Finding
from clinic_app.rules.patient import unmatched

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)

ONA = "onabotulinumtoxinA"
ABO = "abobotulinumtoxinA"
INCO = "incobotulinumtoxinA"
RIMA = "rimabotulinumtoxinB"
DAXI = "daxibotulinumtoxinA"

ADULT = date(1970, 5, 1)
CHILD = date(2016, 5, 1)  # ten years old


def injection(place: str, units: str | int | Decimal | None, **changes: Any) -> ChartedInjection:
    """An injection of "muscle/side" with two points under ultrasound from vial v1."""
    muscle, _, side = place.partition("/")
    plain = ChartedInjection(
        key=place,
        muscle=muscle,
        side=side,
        units=None if units is None else Decimal(units),
        points=2,
        guidance=("ultrasound",),
        vial="v1",
    )
    return replace(plain, **changes)


def vial(product: str = ONA, units: int = 100, **changes: Any) -> ChartedVial:
    """A vial that is in order, mixed an hour ago with 2 mL."""
    plain = ChartedVial(
        key="v1",
        product=product,
        lot="C1234",
        expires_on=TODAY + timedelta(days=100),
        vial_units=Decimal(units),
        diluent_ml=Decimal(2),
        reconstituted_at=NOW - timedelta(hours=1),
    )
    return replace(plain, **changes)


def chart(*injections: ChartedInjection, **changes: Any) -> Chart:
    """A complete chart of an adult with cervical dystonia; without injections it charts 100 U of the whole vial."""
    plain = Chart(
        visited_on=TODAY,
        now=NOW,
        patient=PatientFacts(birth_date=ADULT),
        indication="cervical_dystonia",
        injections=injections or (injection("splenius_capitis/left", 60), injection("splenius_capitis/right", 40)),
        vials=(vial(),),
        consent=True,
        assessment="as before",
    )
    return replace(plain, **changes)


def patient(**changes: Any) -> PatientFacts:
    """An adult."""
    return replace(PatientFacts(birth_date=ADULT), **changes)


def earlier(days: int, product: str = ONA, units: int | None = 100, **changes: Any) -> EarlierInjection:
    """Toxin given so many days before the visit."""
    given = None if units is None else Decimal(units)
    return replace(EarlierInjection(TODAY - timedelta(days=days), product, given), **changes)


def limit(check: str, value: str | int | Decimal, **changes: Any) -> ClinicLimit:
    """A limit of the clinic's own with author and date."""
    return replace(ClinicLimit(check, Decimal(value), set_on=date(2026, 9, 3), set_by="the head physician"), **changes)


def clinic_limits(*limits: ClinicLimit) -> ClinicChoices:
    """A clinic that set these limits and nothing else."""
    return ClinicChoices(limits=limits)


def unverified(reference: Reference) -> Reference:
    """The same reference, in which no page was read for anything."""
    varied = load_reference()
    varied._files = {
        "toxins": _unverified(reference.toxins_file),
        "muscles": _unverified(reference.muscles_file),
        "side_effects": _unverified(reference.side_effects_file),
        "indications": _unverified(reference.indications_file),
    }
    return varied


def _unverified(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_unverified(each) for each in value)
    if not isinstance(value, msgspec.Struct):
        return value
    changes = {name: _unverified(getattr(value, name)) for name in value.__struct_fields__}
    if "verified" in changes:
        changes["verified"] = False
    return msgspec.structs.replace(value, **changes)


def said(findings: Iterable[Finding], check: str) -> list[Finding]:
    """The findings of one check."""
    return [each for each in findings if each.id == check]


def checked(of: Chart, reference: Reference, check: str, *, at_signing: bool = False) -> list[Finding]:
    """What one check says about a chart; ``patient.unmatched`` is asked by the command alone."""
    found = check_chart(of, reference, at_signing)
    return said((*found, *unmatched(of, reference)) if check == "patient.unmatched" else found, check)


def figures(finding: Finding) -> dict[str, object]:
    """The parameters by name."""
    return dict(finding.parameters)
