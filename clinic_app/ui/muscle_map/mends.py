"""What one click beside a finding can mend at once: what was forgotten, or stands as last time."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from clinic_app.services.chart_data import ChartContent
from clinic_app.services.charting import Said
from clinic_app.ui.muscle_map import edits, vial_edits
from clinic_app.ui.muscle_map.open_chart import OpenChart


@dataclass(frozen=True, slots=True)
class Mend:
    """The button's words and tooltip, and the one step it makes."""

    words: str
    tooltip: str
    edit: Callable[[ChartContent], ChartContent]


def mend_for(chart: OpenChart, said: Said) -> Mend | None:
    """What can be mended at once of a finding, if anything can. Never a dose."""
    match said.check:
        case "documentation.consent":
            return Mend("Consent given", "Notes that the patient consents to today's injections", edits.give_consent)
        case "documentation.reason" if chart.last_assessment:
            text = chart.last_assessment
            return Mend(
                "As last time", f"Writes what was written last time: {text}", lambda c: replace(c, assessment=text)
            )
        case "vial.unreconciled":
            left = next((vial.left for vial in chart.charted.vials if vial.key == said.subject), None)
            if left is not None and left > 0:
                return Mend(
                    "Waste the rest",
                    "Notes what is left in the vial as thrown away",
                    lambda content: vial_edits.waste_rest(content, said.subject, chart.charted.vials),
                )
    return None
