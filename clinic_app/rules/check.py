"""All charting checks in one call."""

from clinic_app.reference.catalogue import Reference
from clinic_app.rules import documentation, dose, interval, muscle_range, patient, products, targets, vials
from clinic_app.rules.chart import Chart
from clinic_app.rules.findings import Finding, in_order

_BY_REFERENCE = (
    interval.too_short,
    dose.visit_cap,
    dose.rolling_cap,
    dose.scm_total,
    dose.point_cap,
    muscle_range.muscle_range,
    products.missing,
    products.mixed,
    products.changed,
    products.cosmetic_only,
    vials.too_old,
    vials.shared,
    patient.allergy,
    patient.condition,
    patient.interaction,
    patient.pregnancy,
    patient.age,
    targets.avoid,
    targets.guidance,
    targets.specialist,
    targets.side,
    targets.unknown,
    targets.side_effect_before,
    targets.component,
)
_BY_CHART = (vials.missing, vials.expired, vials.overdrawn, vials.assigned)
_AT_SIGNING = (documentation.indication, documentation.guidance, documentation.points)
_AT_SIGNING_BY_CHART = (documentation.consent, documentation.reason)


def check_chart(chart: Chart, reference: Reference, at_signing: bool = False) -> tuple[Finding, ...]:
    """Every finding about the chart, stops first, in an order that does not depend on that of the injections.

    ``at_signing`` adds what only a finished chart can lack. A muscle that the reference does not know
    is told and has no other finding.
    """
    findings = [found for check in _BY_REFERENCE for found in check(chart, reference)]
    findings += [found for check in _BY_CHART for found in check(chart)]
    findings += vials.unreconciled(chart, reference, at_signing)
    if at_signing:
        findings += [found for check in _AT_SIGNING for found in check(chart, reference)]
        findings += [found for check in _AT_SIGNING_BY_CHART for found in check(chart)]
    return in_order(findings)
