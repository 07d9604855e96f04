"""What a visit can start from, in words: last patterns and saved ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from clinic_app.errors import ClinicError
from clinic_app.reference.catalogue import Reference
from clinic_app.reference.units import parse_units, show_units
from clinic_app.services import starting
from clinic_app.services.chart_data import ChartContent, Pattern
from clinic_app.services.latest_patterns import usual_start
from clinic_app.services.pattern_data import PatternRow, PatternSource, SavedLine
from clinic_app.terms import LabelRegion
from clinic_app.ui.locale import date_text, weeks_text
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.wording import indication_name, side_letter
from clinic_app.ui.naming import brand_of, decapital, muscle_name


@dataclass(frozen=True, slots=True)
class StartOption:
    """One way to start. ``begin`` makes the chart of it; ``sources`` are what of it can be saved; ``saved`` its row."""

    title: str
    facts: str
    muscles: str
    begin: Callable[[ChartContent], ChartContent]
    sources: tuple[PatternSource, ...]
    saved: PatternRow | None = None

    @property
    def product(self) -> str:
        """The product whose units it is in, the first when there are several."""
        return self.sources[0].product

    def clears(self, begun: ChartContent) -> bool:
        """Whether a dose of it is missing on the chart made of it, because another product lies open."""
        dosed = any(line.units.strip() for source in self.sources for line in source.lines)
        return dosed and not any(line.units for line in begun.lines)


def last_options(chart: OpenChart) -> tuple[StartOption, ...]:
    """As last time; then every other indication's last pattern; then all of them in one visit."""
    latest = chart.context.patterns
    usual = usual_start(latest, chart.content.indication) or usual_start(latest)
    choices: list[tuple[Pattern, ...]] = [usual, *((each,) for each in latest), latest]
    return tuple(_last_option(chart, patterns) for patterns in dict.fromkeys(choices) if patterns)


def saved_option(chart: OpenChart, row: PatternRow) -> StartOption:
    """A saved pattern."""
    reference = chart.reference
    facts = [_given((row.source,), reference, chart.region), _muscles(len(row.source.lines))]
    if not row.own:
        facts.append(row.saved_by)
    return StartOption(
        row.name,
        " · ".join(facts),
        _named(row.source.lines, reference),
        partial(starting.from_saved, source=row.source),
        (row.source,),
        row,
    )


def source_text(reference: Reference, source: PatternSource, region: LabelRegion) -> str:
    """What a pattern is for and of: "Cervical dystonia · Botox · 5 muscles"."""
    parts = (
        indication_name(reference, source.indication),
        brand_of(reference, source.product, region) or "no product",
        _muscles(len(source.lines)),
    )
    return " · ".join(parts)


def _last_option(chart: OpenChart, patterns: tuple[Pattern, ...]) -> StartOption:
    reference, today = chart.reference, chart.now().date()
    sources = tuple(source for each in patterns for source in starting.sources_of_visit(each))
    names = [indication_name(reference, each.indication) for each in patterns]
    title = " and ".join((names[0], *(decapital(name) for name in names[1:])))
    if len(patterns) > 2:
        title = f"All {len(patterns)} in one visit"
    days = dict.fromkeys(each.visited_on for each in patterns)
    when = ", ".join(_when(day, today) for day in days)
    lines = [line for source in sources for line in source.lines]
    return StartOption(
        title,
        " · ".join((when, _given(sources, reference, chart.region), _muscles(len(lines)))),
        _named(lines, reference),
        partial(starting.repeated, patterns=patterns),
        sources,
    )


def _when(day: date, today: date) -> str:
    days = (today - day).days
    return f"{date_text(day)}, {weeks_text(days)} ago" if days else f"{date_text(day)}, today"


def _given(sources: Sequence[PatternSource], reference: Reference, region: LabelRegion) -> str:
    """Units of each product: "Botox 180 U"; the product alone where a line has no units that can be read."""
    totals: dict[str, Decimal | None] = {}
    for source in sources:
        for line in source.lines:
            before, units = totals.get(source.product, Decimal(0)), _units(line)
            totals[source.product] = None if before is None or units is None else before + units
    return " + ".join(
        brand_of(reference, product, region) + (f" {show_units(total)}" if total is not None else ", no doses")
        for product, total in totals.items()
    )


def _units(line: SavedLine) -> Decimal | None:
    try:
        return parse_units(line.units) if line.units.strip() else None
    except ClinicError:
        return None


def _named(lines: Sequence[SavedLine], reference: Reference) -> str:
    """The muscles with their units: "R splenius capitis 60, L sternocleidomastoid 40"."""
    return ", ".join(
        " ".join(
            part
            for part in (side_letter(line.side), decapital(muscle_name(reference, line.muscle)), line.units.strip())
            if part
        )
        for line in lines
    )


def _muscles(count: int) -> str:
    return "1 muscle" if count == 1 else f"{count} muscles"
