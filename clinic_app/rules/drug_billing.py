"""The billing lines of the products given: billing units, and what was thrown away."""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from clinic_app.reference.catalogue import Reference
from clinic_app.reference.units import show_units
from clinic_app.rules.chart import Chart, ChartedVial, total
from clinic_app.rules.code_line import CodeLine, with_modifiers
from clinic_app.rules.totals import vial_total
from clinic_app.words import sentence

if TYPE_CHECKING:
    from clinic_app.reference.codes import DrugCode

_DISCARDED = "JW"
_NOTHING_DISCARDED = "JZ"


def drug_lines(chart: Chart, reference: Reference) -> Iterator[CodeLine]:
    """One line per product, and a second one with JW for what was thrown away, or JZ on the first if nothing was.

    Billing units round up over all vials of the product; thrown away is what the vials hold beyond them
    (codes.yaml, rounding_rules and wastage_rules), so that waste inside the last billing unit is not billed twice.
    Nothing is said about waste before every vial drawn from adds up: given + wasted = contents.
    """
    drugs = {drug.product: drug for drug in reference.codes.drugs}
    for product in chart.products:
        if product in drugs:
            yield from _lines(chart, reference, drugs[product])


def _lines(chart: Chart, reference: Reference, drug: "DrugCode") -> Iterator[CodeLine]:
    without_vial = total(
        each for each in chart.injections if chart.product_of(each) == drug.product and chart.vial(each.vial) is None
    )
    vials = [vial for vial in chart.vials if vial.product == drug.product and chart.given_from(vial.key) > 0]
    given = without_vial + sum((_billable(chart, vial) for vial in vials), Decimal(0))
    if given <= 0:
        return
    units = _whole(given / drug.units_per_billing_unit, ROUND_CEILING)
    meaning = sentence("billing.drug", product=drug.product, units=show_units(Decimal(drug.units_per_billing_unit)))
    because = sentence("billing.drug_given", given=show_units(given))
    if without_vial or any(vial_total(chart, vial).left != 0 for vial in vials):
        yield CodeLine(drug.code, (), units, meaning, f"{because}; {sentence('billing.vials_open')}")
        return
    contents = sum((vial.vial_units for vial in vials), Decimal(0))
    discarded = max(0, _whole(contents / drug.units_per_billing_unit, ROUND_FLOOR) - units)
    if discarded:
        wasted = sentence("billing.drug_wasted", wasted=show_units(contents - given), contents=show_units(contents))
        discarded_meaning = with_modifiers(meaning, (_DISCARDED,), reference)
        yield CodeLine(drug.code, (), units, meaning, because)
        yield CodeLine(drug.code, (_DISCARDED,), discarded, discarded_meaning, wasted)
    else:
        modifiers = _in_force(_NOTHING_DISCARDED, chart.visited_on, reference)
        nothing = sentence("billing.nothing_wasted", contents=show_units(contents))
        meaning = with_modifiers(meaning, modifiers, reference)
        yield CodeLine(drug.code, modifiers, units, meaning, f"{because}; {nothing}")


def _billable(chart: Chart, vial: ChartedVial) -> Decimal:
    """What was given of a vial, at most what its label says it holds: overfill is never billed (whole_vial_cap)."""
    given = chart.given_from(vial.key)
    return min(given, vial.vial_units) if vial.vial_units > 0 else given


def _whole(number: Decimal, rounding: str) -> int:
    return int(number.to_integral_value(rounding))


def _in_force(modifier: str, on: date, reference: Reference) -> tuple[str, ...]:
    """The modifier alone, or none before the day from which it is asked for."""
    since = next(each.required_from for each in reference.codes.modifiers if each.code == modifier)
    return () if since is not None and on < since else (modifier,)
