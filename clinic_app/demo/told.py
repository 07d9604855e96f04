"""One course that is told rather than drawn by chance: a rise, trouble swallowing after it, the dose taken back.

It is what timeline, muscle bars, the check of earlier side effects and the report are for. Doses are made up for show.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.chart_data import ChartContent, Pattern
from clinic_app.services.visit_data import ResponseData, SideEffectForm
from clinic_app.terms import Learned, Severity

NUMBER = 5
"""The person of the list who lives it: turned neck, onabotulinumtoxinA."""
MUSCLE = "sternocleidomastoideus"


@dataclass(frozen=True, slots=True)
class Cycle:
    """One visit of the course: units of the product in ``MUSCLE``, what the chart says, and what it did."""

    units: str
    assessment: str
    response: ResponseData
    trouble: bool = False


COURSE = (
    Cycle("40", "First treatment. Head turned, with pain in the neck.", ResponseData(9, 40, 9, 3, 3, 5)),
    Cycle(
        "60",
        "Little benefit: more into the sternocleidomastoid today.",
        ResponseData(6, 70, 11, 2, 2, 3),
        trouble=True,
    ),
    Cycle(
        "40",
        "Trouble swallowing solid food after the higher dose: back to the dose before.",
        ResponseData(8, 60, 11, 2, 2, 3),
    ),
    Cycle("40", "No trouble swallowing this time. The same again.", ResponseData(7, 70, 12, 2, 2, 2)),
)


def charted(content: ChartContent, number: int) -> ChartContent:
    """The chart of visit ``number`` (0 is the first) with its dose and its words."""
    cycle = COURSE[min(number, len(COURSE) - 1)]
    lines = tuple(replace(line, units=cycle.units) if line.muscle == MUSCLE else line for line in content.lines)
    return replace(content, lines=lines, assessment=cycle.assessment)


def asked(services: Services, injector: Actor, pattern: Pattern, number: int) -> None:
    """What visit ``number`` did, asked at the return."""
    cycle = COURSE[min(number, len(COURSE) - 1)]
    services.visits.record_response(injector, pattern.visit_id, cycle.response)
    if not cycle.trouble:
        services.side_effects.none_reported(injector, pattern.visit_id)
        return
    suspects = services.side_effects.suspects(injector, pattern.visit_id, "dysphagia")
    services.side_effects.record(
        injector,
        SideEffectForm(
            visit_id=pattern.visit_id,
            kind="dysphagia",
            severity=Severity.MODERATE,
            started_on=pattern.visited_on + timedelta(days=8),
            ended_on=pattern.visited_on + timedelta(days=22),
            action="Soft food for two weeks. Liquids and breathing were never a trouble.",
            red_flag=False,
            muscles=tuple((each.muscle, each.side) for each in suspects if each.muscle == MUSCLE),
            learned=Learned.VISIT,
        ),
    )
