"""Two people changed one wish of the waiting list: its parts, and how a person reads them."""

from collections.abc import Mapping
from typing import Any

from clinic_app.services.schedule_data import ScheduleChoices
from clinic_app.services.waiting import WishForm
from clinic_app.ui.differences import Layout, Parts, Together, parts_of
from clinic_app.ui.recall.wording import notice_text, wish_text

LAYOUT: Layout = {
    "Patient": ("patient_id",),
    "Kind": ("type_id",),
    "Injector": ("injector_id",),
    "Days": ("weekdays",),
    "Hours": ("not_before", "not_after"),
    "First and last day": ("first_day", "last_day"),
    "Notice needed": ("notice_days",),
    "Note": ("note",),
}
"""Where a span begins and ends is only sensible together."""


def parts_of_wish(form: WishForm) -> Parts:
    """What the form says."""
    return parts_of(form, LAYOUT)


def shown(choices: ScheduleChoices, patients: Mapping[int, str], title: str, value: Any) -> str:
    """A part as a person reads it; ``patients`` are names by id."""
    match title, value:
        case "Patient", _:
            return patients.get(value, "another patient")
        case "Kind", _:
            return next((kind.name for kind in choices.types if kind.id == value), "a kind of earlier days")
        case "Injector", None:
            return "any"
        case "Injector", _:
            return next((each.name for each in choices.injectors if each.id == value), "former injector")
        case "Days", ():
            return "any day"
        case "Days", _:
            return wish_text(WishForm(0, 0, weekdays=tuple(sorted(value))))
        case "Hours", Together((None, None)):
            return "any hour"
        case "Hours", Together((not_before, not_after)):
            return wish_text(WishForm(0, 0, not_before=not_before, not_after=not_after))
        case "First and last day", Together((None, None)):
            return "any day"
        case "First and last day", Together((first_day, last_day)):
            return wish_text(WishForm(0, 0, first_day=first_day, last_day=last_day))
        case "Notice needed", _:
            return notice_text(value)
    return str(value) or "empty"
