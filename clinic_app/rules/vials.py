"""The checks of the vials: lot, expiry, contents, age, and whose they are."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from decimal import Decimal

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.chart import Chart, ChartedVial
from clinic_app.rules.findings import PROGRAM, Finding, Level, finding
from clinic_app.rules.judgement import Figure, judge
from clinic_app.rules.limits import limit_for
from clinic_app.rules.names import product_name
from clinic_app.rules.totals import vial_total


def missing(chart: Chart) -> Iterator[Finding]:
    """``vial.missing``: lot or expiry not recorded."""
    for vial in chart.vials:
        if not vial.lot.strip():
            yield finding("vial.missing", Level.STOP, vial.key, variant="lot", vial=_label(vial))
        elif vial.expires_on is None:
            yield finding("vial.missing", Level.STOP, vial.key, vial=_label(vial))


def expired(chart: Chart) -> Iterator[Finding]:
    """``vial.expired``: used after the last moment of its expiry date."""
    for vial in chart.vials:
        if vial.expires_on is not None and chart.visited_on > vial.expires_on:
            yield finding("vial.expired", Level.STOP, vial.key, vial=_label(vial), expires_on=vial.expires_on)


def overdrawn(chart: Chart) -> Iterator[Finding]:
    """``vial.overdrawn``: more given and wasted than the vial holds. A vial that nobody chose yet holds nothing yet."""
    for vial in chart.vials:
        sums = vial_total(chart, vial)
        if sums.left < 0 and (vial.vial_units or vial.lot.strip()):
            yield finding(
                "vial.overdrawn",
                Level.STOP,
                vial.key,
                vial=_label(vial),
                given=sums.given,
                wasted=sums.wasted,
                contents=sums.contents,
                excess=-sums.left,
            )


def too_old(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``vial.too_old``: hours from reconstitution to use against what the product, or the clinic, allows."""
    for vial in chart.vials:
        if vial.reconstituted_at is None:
            continue
        product = reference.products.get(vial.product)
        if product is not None and product.ready_to_use and not vial.diluent_ml:
            continue  # the limit begins when a ready-to-use solution is diluted
        hours = _hours_between(vial.reconstituted_at, vial.used_at or _moment_of_use(chart))
        after = product.after_reconstitution if product is not None else None
        figures = () if after is None else (Figure(Decimal(after.max_hours), after.source, after.verified),)
        limit = limit_for(chart.clinic.limits, "vial.too_old", product=vial.product)
        judgement = judge("vial.too_old", hours, figures, limit)
        if judgement is not None:
            yield judgement.finding(
                vial.key,
                vial=_label(vial),
                hours=round(hours, 1),
                product=product_name(reference, vial.product, chart.region),
            )


def unreconciled(chart: Chart, reference: Reference, at_signing: bool) -> Iterator[Finding]:
    """``vial.unreconciled``: given + wasted + left differ from the contents, or a single-patient vial has some left.

    A vial without a counted rest counts as having none. An overdrawn vial has its own finding.
    """
    for vial in chart.vials:
        sums = vial_total(chart, vial)
        if sums.left < 0:
            continue
        counted = vial.left_units
        source: tuple[str, ...] = (PROGRAM,)
        verified = True
        if counted is not None and counted != sums.left:
            variant, open_units = "count", counted
        elif sums.left > 0 and (counted is None or _single_patient(vial, reference)):
            variant, open_units = "", sums.left
            if counted is not None:
                source, verified = _source_of_single_patient(vial, reference)
        else:
            continue
        yield finding(
            "vial.unreconciled",
            Level.STOP if at_signing else Level.WARN,
            vial.key,
            source=source,
            verified=verified,
            variant=variant,
            vial=_label(vial),
            given=sums.given,
            wasted=sums.wasted,
            left=open_units,
            contents=sums.contents,
        )


def shared(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``vial.shared``: a single-patient vial charted for a second patient.

    Only the clinic's written reason, set by the manager, turns the stop into a warning.
    """
    reason = chart.clinic.shared_vial_reason.strip()
    for vial in chart.vials:
        if vial.shared_with_other_patient and _single_patient(vial, reference):
            source, verified = _source_of_single_patient(vial, reference)
            yield finding(
                "vial.shared",
                Level.WARN if reason else Level.STOP,
                vial.key,
                source=source,
                verified=verified,
                variant="allowed" if reason else "",
                vial=_label(vial),
                reason=reason,
            )


def assigned(chart: Chart) -> Iterator[Finding]:
    """``vial.assigned``: a vial supplied for one patient charted for another."""
    for vial in chart.vials:
        if vial.assigned_to_other_patient:
            yield finding("vial.assigned", Level.STOP, vial.key, vial=_label(vial))


def mixing_time_missing(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``vial.missing``: when it was reconstituted is not recorded, so that nobody can tell whether it is too old.

    Not among the charting checks, as the window asks for the time while the vial is mixed; the check command calls
    it. A solution needs a time only once it was diluted.
    """
    for vial in chart.vials:
        product = reference.products.get(vial.product)
        mixed = product is not None and (not product.ready_to_use or bool(vial.diluent_ml))
        if mixed and vial.reconstituted_at is None:
            yield finding("vial.missing", Level.STOP, vial.key, variant="mixed", vial=_label(vial))


def _label(vial: ChartedVial) -> str:
    return vial.lot.strip() or f"of {vial.product}"


def _single_patient(vial: ChartedVial, reference: Reference) -> bool:
    product = reference.products.get(vial.product)
    return product is None or product.after_reconstitution.single_patient


def _source_of_single_patient(vial: ChartedVial, reference: Reference) -> tuple[tuple[str, ...], bool]:
    """Where it stands that the vial is for one patient, and whether a page that was read states it."""
    product = reference.products.get(vial.product)
    if product is None:
        return (PROGRAM,), True
    return product.after_reconstitution.source, product.after_reconstitution.verified


def _moment_of_use(chart: Chart) -> datetime:
    """Now, but never later than the end of the visit's day: a chart signed days later did not use the vial then."""
    end_of_day = datetime.combine(chart.visited_on, time.max, tzinfo=chart.now.tzinfo)
    return min(chart.now, end_of_day)


def _hours_between(start: datetime, end: datetime) -> Decimal:
    """The hours that really passed. Python takes two moments of one zone by their wall clocks, so UTC does it."""
    if start.tzinfo is not None and end.tzinfo is not None:
        start, end = start.astimezone(UTC), end.astimezone(UTC)
    return Decimal((end - start).total_seconds()) / 3600
