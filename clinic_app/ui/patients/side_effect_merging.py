"""Two people changed one side effect: its parts, and how a person reads them."""

from dataclasses import replace
from typing import Any

from clinic_app.reference.catalogue import Reference
from clinic_app.services.visit_data import SideEffectForm, SideEffectRow
from clinic_app.ui.differences import Layout, Parts, Together, parts_of, with_parts
from clinic_app.ui.locale import date_text
from clinic_app.ui.patients.words import LEARNED, SEVERITIES, effect_name, sided_muscle

LAYOUT: Layout = {
    "What happened": ("kind", "other", "red_flag"),
    "Began": ("started_on",),
    "Ended": ("ended_on",),
    "Severity": ("severity",),
    "What was done": ("action",),
    "Suspected muscles": ("muscles",),
    "Serious": ("serious", "serious_criteria"),
    "Learned": ("learned",),
}
"""A red flag is the answer to what happened, a criterion the reason of a yes; the visit is not changed."""


def form_of(row: SideEffectRow) -> SideEffectForm:
    """What the form says of a side effect as it is on record."""
    return SideEffectForm(
        visit_id=row.visit_id,
        kind=row.kind,
        other="" if row.kind else row.other,
        severity=row.severity,
        started_on=row.started_on,
        ended_on=row.ended_on,
        action=row.action,
        red_flag=row.red_answer,
        muscles=tuple((muscle, side) for muscle, side, _, _ in row.muscles),
        learned=row.learned,
        serious=row.serious,
        serious_criteria=row.serious_criteria,
    )


def parts_of_form(form: SideEffectForm) -> dict[str, Any]:
    """What the form says, whatever the order in which muscles and criteria were ticked."""
    ordered = replace(form, muscles=tuple(sorted(form.muscles)), serious_criteria=tuple(sorted(form.serious_criteria)))
    return parts_of(ordered, LAYOUT)


def parts_on_record(row: SideEffectRow) -> dict[str, Any]:
    """What the form says of a side effect on record, and what was done with it that the form does not show."""
    return parts_of_form(form_of(row)) | _beside_the_form(row)


def parts_typed(form: SideEffectForm, row: SideEffectRow) -> dict[str, Any]:
    """What was typed over a side effect on record."""
    return parts_of_form(form) | _beside_the_form(row)


def form_with(form: SideEffectForm, parts: Parts) -> SideEffectForm:
    """The form with these parts instead of its own."""
    return with_parts(form, {title: value for title, value in parts.items() if title in LAYOUT}, LAYOUT)


def shown(reference: Reference, title: str, value: Any) -> str:
    """A part as a person reads it."""
    match title, value:
        case "What happened", Together((kind, other, red_flag)):
            answer = {True: " · red flag: yes", False: " · red flag: no"}.get(red_flag, "")
            return f"{effect_name(reference, kind, other)}{answer}"
        case "Serious", Together((serious, criteria)):
            return "not judged" if serious is None else "no" if not serious else f"yes: {', '.join(criteria)}"
        case "Suspected muscles", _:
            return ", ".join(sided_muscle(reference, muscle, side) for muscle, side in value) or "none"
        case "Ended", None:
            return "still going on"
        case (("Began" | "Ended"), _):
            return date_text(value)
        case "Severity", _:
            return SEVERITIES[value]
        case "Learned", _:
            return LEARNED[value] if value else "empty"
    return str(value) or "empty"


def _beside_the_form(row: SideEffectRow) -> dict[str, Any]:
    return {
        "Red flag resolved": row.resolved_note,
        "Report to the regulator": (row.reported_on, row.report_reference),
    }
