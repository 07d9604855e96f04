"""The checks of what a signed visit must say."""

from collections.abc import Iterator

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.chart import Chart
from clinic_app.rules.findings import Finding, Level, finding
from clinic_app.rules.names import place_name


def indication(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``documentation.indication``: no indication, or one that the reference does not know, of visit or line."""
    if chart.indication not in reference.indications:
        yield finding("documentation.indication", Level.WARN)
    for each in chart.injections:
        if each.indication and each.indication not in reference.indications:
            place = place_name(reference, each.muscle, each.side)
            yield finding("documentation.indication", Level.WARN, each.place, variant="line", place=place)


def consent(chart: Chart) -> Iterator[Finding]:
    """``documentation.consent``: consent not recorded."""
    if not chart.consent:
        yield finding("documentation.consent", Level.WARN)


def guidance(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``documentation.guidance``: how the needle was guided is not recorded."""
    for each in chart.injections:
        if not each.guidance:
            place = place_name(reference, each.muscle, each.side)
            yield finding("documentation.guidance", Level.WARN, each.place, place=place)


def points(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``documentation.points``: no place on the map."""
    for each in chart.injections:
        if not each.units_of_points:
            place = place_name(reference, each.muscle, each.side)
            yield finding("documentation.points", Level.WARN, each.place, place=place)


def reason(chart: Chart) -> Iterator[Finding]:
    """``documentation.reason``: nothing says why this was chosen, or why units were wasted."""
    if not chart.assessment.strip():
        yield finding("documentation.reason", Level.WARN)
    for vial in chart.vials:
        if vial.wasted_units > 0 and not vial.waste_reason.strip():
            yield finding(
                "documentation.reason",
                Level.WARN,
                vial.key,
                variant="waste",
                vial=vial.lot.strip() or vial.key,
                wasted=vial.wasted_units,
            )
