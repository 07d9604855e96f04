"""Rating scales by their short names, with the range and the direction of a score."""

from clinic_app.reference.catalogue import Reference
from clinic_app.reference.scales import Scale
from clinic_app.ui.locale import number_text

_SHORT = {
    "twstrs": "TWSTRS",
    "twstrs2": "TWSTRS-2",
    "tsui": "Tsui",
    "cdss": "CDSS",
    "cdq24": "CDQ-24",
    "cdip58": "CDIP-58",
    "vas_pain": "Pain, 0 to 10",
    "bfmdrs": "BFMDRS",
    "jrs": "JRS",
    "bsdi": "BSDI",
    "udrs": "UDRS",
    "gds": "GDS",
    "wcrs": "WCRS",
    "vhi10": "VHI-10",
    "cgi_i": "CGI-I",
    "pgi_c": "PGI-C",
    "gas": "GAS",
}
_DIRECTIONS = {
    "lower_better": "lower is better",
    "higher_better": "higher is better",
    "varies": "say in the note which version it is",
}


def short_name(scale: Scale) -> str:
    """The scale as people say it."""
    return _SHORT.get(scale.id, scale.name)


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
    name = scale if known is None else short_name(known)
    return f"{name} {subscale.replace('_', ' ')}" if subscale else name
