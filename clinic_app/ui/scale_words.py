"""Rating scales by their short names, with the range and the direction of a score."""

from clinic_app.reference.catalogue import Reference
from clinic_app.reference.scales import Scale
from clinic_app.ui.locale import number_text

_DIRECTIONS = {
    "lower_better": "lower is better",
    "higher_better": "higher is better",
    "varies": "say in the note which version it is",
}


def part_name(subscale: str) -> str:
    """A subscale, or the total, in plain words."""
    return subscale.replace("_", " ").capitalize() if subscale else "Total"


def range_text(scale: Scale, subscale: str) -> str:
    """ "0 to 35"; a range that no page confirmed says so; "" where none is known."""
    found = scale.score_range(subscale)
    if found is None or found.min is None or found.max is None:
        return ""
    words = f"{number_text(found.min)} to {number_text(found.max)}"
    return words if scale.limit(subscale) is not None else f"{words}, not confirmed"


def direction_text(scale: Scale) -> str:
    """Which way is better."""
    return _DIRECTIONS[scale.direction]


def score_name(reference: Reference, scale: str, subscale: str) -> str:
    """A score by scale and part: "TWSTRS severity", "Tsui"."""
    known = reference.scales.get(scale)
    return scale if known is None else known.score_name(subscale)
