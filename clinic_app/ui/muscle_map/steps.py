"""Names the step from one chart to the next, as menu and tooltip offer to undo it: "30 U left splenius capitis"."""

from dataclasses import fields, replace

from clinic_app.reference.catalogue import Reference
from clinic_app.reference.units import THIN_SPACE
from clinic_app.services.chart_data import ChartContent, ChartLine, ChartVial
from clinic_app.ui.naming import decapital, place_name

_WORDS = {
    "visited_on": "date of the visit",
    "injector_id": "injector",
    "indication": "indication",
    "icd10cm": "diagnosis code",
    "assessment": "assessment",
    "consent": "consent",
    "complications": "immediate complications",
    "codes": "procedure codes",
    "plan": "plan",
    "interval_weeks": "interval",
    "scores": "scale total",
    "answers": "answer to a check",
}
_VIAL_WORDS = {
    "lot_number": "lot",
    "expires_on": "expiry",
    "size_units": "size of the vial",
    "diluent": "diluent",
    "diluent_ml": "diluent",
    "reconstituted_at": "time of reconstitution",
    "wasted": "waste",
    "waste_reason": "reason for the waste",
    "witness_id": "witness",
    "serial": "serial number",
}
_LINE_WORDS = {"guidance": "guidance of", "vial": "vial of", "note": "remark on", "indication": "indication of"}


def step_text(before: ChartContent, after: ChartContent, reference: Reference) -> str:
    """What happened between the two, in a few words."""
    if before.product != after.product:
        return "product"
    if before.vials != after.vials:
        return _vials(before.vials, after.vials)
    if before.lines != after.lines:
        return _lines(before.lines, after.lines, reference)
    changed = [name for name in _names() if getattr(before, name) != getattr(after, name)]
    return _WORDS.get(changed[0], "edit") if len(changed) == 1 else "several changes"


def _names() -> list[str]:
    return [field.name for field in fields(ChartContent)]


def _lines(before: tuple[ChartLine, ...], after: tuple[ChartLine, ...], reference: Reference) -> str:
    old, new = {line.key: line for line in before}, {line.key: line for line in after}
    added = [line for key, line in new.items() if key not in old]
    removed = [line for key, line in old.items() if key not in new]
    if added and not removed:
        return f"add {_name(added[0], reference)}" if len(added) == 1 else f"add {len(added)} muscles"
    if removed and not added:
        return f"remove {_name(removed[0], reference)}" if len(removed) == 1 else f"remove {len(removed)} muscles"
    changed = [(old[key], line) for key, line in new.items() if key in old and old[key] != line]
    if not changed:
        return "sort muscles"
    if len(changed) > 1:
        confirmed = all(replace(one, carried=False) == other for one, other in changed)
        return f"confirm {len(changed)} lines" if confirmed else f"{len(changed)} muscles"
    return _line(*changed[0], reference)


def _line(before: ChartLine, after: ChartLine, reference: Reference) -> str:
    name = _name(after, reference)
    if len(after.points) != len(before.points):
        return f"{'add' if len(after.points) > len(before.points) else 'remove'} point in {name}"
    if after.units != before.units:
        return f"{after.units.strip()}{THIN_SPACE}U {name}" if after.units.strip() else f"no units for {name}"
    if after.points != before.points:
        moved = [replace(point, units="") for point in after.points]
        same = moved == [replace(point, units="") for point in before.points]
        return f"{'units of a point' if same else 'move point'} in {name}"
    for field, words in _LINE_WORDS.items():
        if getattr(before, field) != getattr(after, field):
            return f"{words} {name}"
    return f"confirm {name}"


def _vials(before: tuple[ChartVial, ...], after: tuple[ChartVial, ...]) -> str:
    if len(before) != len(after):
        return "add vial" if len(after) > len(before) else "remove vial"
    names = [field.name for field in fields(ChartVial)]
    changed = [name for one, other in zip(before, after, strict=True) for name in names if _differ(one, other, name)]
    if "lot_number" in changed:
        return "lot"
    return _VIAL_WORDS.get(changed[0], "vial") if changed else "vial"


def _differ(one: ChartVial, other: ChartVial, name: str) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def _name(line: ChartLine, reference: Reference) -> str:
    return decapital(place_name(reference, line.muscle, line.side))
