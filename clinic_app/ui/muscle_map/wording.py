"""How the map and the visit beside it call things."""

from decimal import Decimal

from clinic_app.reference.catalogue import Reference
from clinic_app.reference.units import THIN_SPACE, show_ml, show_number, show_units
from clinic_app.services.after_visit import AfterVisit, ReportedEffect
from clinic_app.terms import Side
from clinic_app.ui.naming import capital, decapital, place_name

NOT_FOR_GUIDING = "Map for recording and planning, not for guiding a needle."

_REGIONS = {
    "neck": "Neck",
    "face": "Face",
    "jaw_tongue": "Jaw and tongue",
    "larynx": "Larynx",
    "shoulder": "Shoulder",
    "upper_arm": "Upper arm",
    "forearm": "Forearm",
    "hand": "Hand",
    "trunk": "Trunk",
    "hip_thigh": "Hip and thigh",
    "leg": "Leg",
    "foot": "Foot",
    "glands": "Glands",
    "head_neck": "Head and neck",
}
_LETTERS = {Side.LEFT: "L", Side.RIGHT: "R", Side.MIDLINE: "M"}


def region_name(region: str) -> str:
    """What people call a region of the body."""
    return _REGIONS.get(region, region.replace("_", " ").capitalize())


def side_letter(side: Side) -> str:
    """The letter of a side."""
    return _LETTERS[side]


def place_of_subject(reference: Reference, subject: str) -> tuple[str, Side] | None:
    """Muscle and side that a finding is about, or None when it is about something else.

    Such a subject is "splenius_capitis/left", or "splenius_capitis/left/blepharospasm" where the place is treated for
    several indications and the finding is about one.
    """
    muscle, side, *_ = *subject.split("/"), ""
    if muscle not in reference.muscles:
        return None
    return muscle, Side(side) if side in {each.value for each in Side} else Side.MIDLINE


def per_tenth(units: Decimal) -> str:
    """A dilution as it is drawn: "5 U per 0.1 mL"."""
    return f"{show_number(round(units, 2))}{THIN_SPACE}U per 0.1{THIN_SPACE}mL"


def dilution_text(size: Decimal, diluent_ml: Decimal, units_per_tenth: Decimal) -> str:
    """A row of the label's mixing table: "100 U in 2 mL = 5 U per 0.1 mL"."""
    return f"{show_units(size)} in {show_ml(diluent_ml)} = {per_tenth(units_per_tenth)}"


def volume_text(volume: Decimal, marks: bool) -> str:
    """A volume in mL and, on wish, in marks of a U-100 syringe, of which 100 are 1 mL: "0.32 mL (32 marks)"."""
    text = show_ml(volume)
    return f"{text} ({show_number(round(volume * 100, 1))} marks)" if marks else text


def indication_name(reference: Reference, indication: str) -> str:
    """What is treated; an id that this release does not know is shown as it is."""
    known = reference.indications.get(indication)
    return known.name if known is not None else capital(indication.replace("_", " ")) or "No indication"


def effect_name(reference: Reference, effect: ReportedEffect) -> str:
    """A side effect in plain words."""
    known = reference.side_effects.get(effect.kind)
    if known is None:
        return effect.other or capital(effect.kind.replace("_", " "))
    return f"{known.name}: {effect.other}" if effect.other else known.name


def effect_days(effect: ReportedEffect) -> str:
    """When it was: "day 8 to 20", "day 8, going on"; days count from the injection."""
    if effect.last_day is None:
        return f"day {effect.first_day}, going on"
    return f"day {effect.first_day}" + (f" to {effect.last_day}" if effect.last_day != effect.first_day else "")


def effect_text(reference: Reference, effect: ReportedEffect) -> str:
    """A side effect with its days, muscles and doses: "Trouble swallowing, day 8 to 20: left masseter 30 U Botox"."""
    places = ", ".join(_doses_of(reference, effect))
    told = f"{effect_name(reference, effect)}, {effect_days(effect)}"
    if effect.waits_for_review:
        told += ", red flag not reviewed"
    return f"{told}: {places}" if places else told


def _doses_of(reference: Reference, effect: ReportedEffect) -> list[str]:
    """Each suspected muscle with what it had got; the product stands once where it is the same for all."""
    places = [decapital(place_name(reference, *place)) for place in effect.muscles]
    doses = [dose for dose in effect.doses if dose is not None]
    if len(doses) < len(places):
        return places
    one = len({product for _, product in doses}) == 1
    told = [
        f"{place} {show_units(units)}" + ("" if one else f" {product}")
        for place, (units, product) in zip(places, doses, strict=True)
    ]
    if one and told:
        told[-1] += f" {doses[0][1]}"
    return told


def response_text(after: AfterVisit) -> str:
    """What the visit did: "benefit 70 %, wore off week 10", or that nobody noted it."""
    told = []
    if after.best_percent is not None:
        told.append(f"benefit {after.best_percent}{THIN_SPACE}%")
    if after.wore_off_week is not None:
        told.append(f"wore off week {after.wore_off_week}")
    if after.pain is not None:
        told.append(f"pain {after.pain} of 10")
    return ", ".join(told) or "response not noted"


def points_text(count: int) -> str:
    """How many points."""
    return "1 point" if count == 1 else f"{count} points"
