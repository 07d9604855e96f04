"""From a signed or saved pattern to the lines of a new chart, and from a chart to what can be saved of it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from clinic_app.reference.units import show_number
from clinic_app.services.chart_data import ChartContent, ChartLine, ChartVial, Pattern
from clinic_app.services.pattern_data import PatternSource, SavedLine

Start = tuple[str, str, ChartLine]
"""Product, indication, and a line whose key and vial are not set yet."""


def repeated(content: ChartContent, patterns: Sequence[Pattern]) -> ChartContent:
    """The chart with the lines of signed patterns: muscles, sides, points, guidance and units, every line carried.

    An empty vial of each product stands ready; lot, expiry and dilution are chosen today, never copied. Several
    patterns make a visit for several indications.
    """
    starts = [
        (
            line.product,
            line.indication or pattern.indication,
            ChartLine(
                key="",
                muscle=line.muscle,
                side=line.side,
                units=show_number(line.units),
                points=line.points,
                guidance=line.guidance,
                previous_units=line.units,
            ),
        )
        for pattern in patterns
        for line in pattern.lines
    ]
    first = patterns[0] if patterns else None
    started = _started(content, starts)
    codes = {pattern.indication: pattern.icd10cm for pattern in reversed(patterns) if pattern.icd10cm}
    return replace(
        started,
        icd10cm=started.icd10cm or codes.get(started.indication, ""),
        interval_weeks=content.interval_weeks or (first.interval_weeks if first is not None else None),
        repeated_from=first.visit_id if first is not None else None,
    )


def from_saved(content: ChartContent, source: PatternSource) -> ChartContent:
    """The chart with the lines of a saved pattern, every line carried; units stand only where the pattern has some."""
    starts = [
        (
            source.product,
            source.indication,
            ChartLine(
                key="",
                muscle=line.muscle,
                side=line.side,
                units=line.units,
                points=line.points,
                guidance=line.guidance,
            ),
        )
        for line in source.lines
    ]
    return replace(_started(content, starts), repeated_from=None)


def undosed(line: ChartLine, vial: str) -> ChartLine:
    """The line drawn from another product: muscle and points stay, no figure of the product before does."""
    points = tuple(replace(point, units="") for point in line.points)
    return replace(line, vial=vial, units="", points=points, previous_units=None)


def indication_of(content: ChartContent, line: ChartLine) -> str:
    """What a line treats."""
    return line.indication or content.indication


def product_of(content: ChartContent, line: ChartLine) -> str:
    """The product that a line's units are units of: its vial's, else the visit's."""
    return next((vial.product for vial in content.vials if vial.key == line.vial), content.product)


def sources_of_chart(content: ChartContent) -> tuple[PatternSource, ...]:
    """What of a chart can be saved as patterns: one for each indication and product, the visit's own first."""
    own = (content.indication, content.product)
    found: dict[tuple[str, str], list[SavedLine]] = {}
    for line in content.lines:
        key = indication_of(content, line), product_of(content, line)
        found.setdefault(key, []).append(SavedLine(line.muscle, line.side, line.units, line.points, line.guidance))
    return _sources(dict(sorted(found.items(), key=lambda each: each[0] != own)))


def sources_of_visit(pattern: Pattern) -> tuple[PatternSource, ...]:
    """What of a signed pattern can be saved: one for each indication and product."""
    found: dict[tuple[str, str], list[SavedLine]] = {}
    for line in pattern.lines:
        key = line.indication or pattern.indication, line.product
        saved = SavedLine(line.muscle, line.side, show_number(line.units), line.points, line.guidance)
        found.setdefault(key, []).append(saved)
    return _sources(found)


def _sources(found: dict[tuple[str, str], list[SavedLine]]) -> tuple[PatternSource, ...]:
    return tuple(PatternSource(indication, product, tuple(lines)) for (indication, product), lines in found.items())


def _started(content: ChartContent, starts: Sequence[Start]) -> ChartContent:
    """The content with other lines. Vials that somebody filled in stay; an untouched one of no use goes.

    When a vial of the visit's product is filled in and the pattern is of another product, the vial's product stays
    and the doses are cleared: what lies open on the table is not exchanged by a pattern.
    """
    products = tuple(dict.fromkeys(product for product, _, _ in starts if product))
    open_already = any(vial.product == content.product and _filled(vial) for vial in content.vials)
    clears = open_already and content.product not in products and bool(products)
    if clears:
        products = (content.product,)
    vials = [vial for vial in content.vials if _filled(vial) or vial.product in products]
    for product in products:
        if all(vial.product != product for vial in vials):
            key = new_key("vial", (vial.key for vial in (*content.vials, *vials)))
            vials.append(ChartVial(key=key, product=product))
    by_product = {vial.product: vial.key for vial in reversed(vials)}
    indication = _indication(content, starts)
    lines: list[ChartLine] = []
    for product, treated, start in starts:
        line = replace(
            start,
            key=new_key("line", (line.key for line in (*content.lines, *lines))),
            vial=by_product.get(product, ""),
            carried=True,
            indication="" if treated == indication else treated,
        )
        lines.append(undosed(line, by_product[content.product]) if clears else line)
    return replace(
        content,
        indication=indication,
        icd10cm=content.icd10cm if indication == content.indication else "",
        product=products[0] if products and content.product not in products else content.product,
        vials=tuple(vials),
        lines=tuple(lines),
        answers=(),
    )


def _indication(content: ChartContent, starts: Sequence[Start]) -> str:
    """The visit's own indication when it is among those of the lines, else the first of them."""
    treated = tuple(dict.fromkeys(treated for _, treated, _ in starts if treated))
    return content.indication if content.indication in treated or not treated else treated[0]


def _filled(vial: ChartVial) -> bool:
    """Whether somebody chose or typed anything of the vial."""
    return vial != ChartVial(key=vial.key, product=vial.product)


def new_key(stem: str, taken: Iterable[str]) -> str:
    """A key that none of the taken ones is."""
    used = set(taken)
    number = len(used) + 1
    while f"{stem}-{number}" in used:
        number += 1
    return f"{stem}-{number}"
