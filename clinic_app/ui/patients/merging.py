"""Two people changed one patient: which fields differ, and the form that follows from the choices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

from clinic_app.partial_dates import PartialDate
from clinic_app.reference.catalogue import Reference
from clinic_app.services.patient_data import (
    AuthorizationForm,
    Component,
    DiagnosisForm,
    ElsewhereForm,
    Entry,
    HistoryForm,
    PatientForm,
)
from clinic_app.terms import Cause, EntryKind, PatientStatus, Sex
from clinic_app.ui.locale import date_text, number_text, partial_date_text
from clinic_app.ui.patients.history_words import (
    AGGRAVATIONS,
    CAUSES,
    COMPLICATIONS,
    REGIONS,
    RELIEFS,
    TASKS,
    diagnosis_text,
    in_words,
    kind_name,
    span_text,
)
from clinic_app.ui.patients.words import (
    DISTRIBUTIONS,
    LISTS,
    SEXES,
    STATUSES,
    component_text,
    indication_name,
    units_text,
)

NAMES = {
    "record_number": "Record number",
    "family_name": "Family name",
    "given_name": "Given name",
    "birth_date": "Birth date",
    "sex": "Sex",
    "weight_kg": "Weight",
    "weighed_on": "Weighed on",
    "phone": "Telephone",
    "email": "E-mail",
    "address": "Address",
    "emergency_contact": "Emergency contact",
    "language": "Language",
    "preferred_contact": "Preferred contact",
    "referring_doctor": "Referring doctor",
    "payer": "Payer",
    "status": "Status",
    "died_on": "Died on",
    "pregnant": "Pregnant",
    "breastfeeding": "Breastfeeding",
    "pregnancy_asked_on": "Asked about pregnancy on",
    "note": "Note",
    "usual_interval_weeks": "Usual interval in weeks",
    "diagnoses": "Further diagnoses",
    "components": "Components",
    "authorizations": "Authorizations",
    "toxin_elsewhere": "Toxin given elsewhere",
    "history.indication": "Indication",
    "history.icd10cm": "ICD-10-CM",
    "history.onset": "Onset",
    "history.region_first": "Region first affected",
    "history.distribution": "Distribution",
    "history.cause_group": "Cause",
    "history.cause": "Which cause",
    "history.is_task_specific": "Only or mainly with one task",
    "history.task_specific": "Which task",
    "history.better_with": "Better with",
    "history.worse_with": "Worse with",
    "history.pain": "Pain",
    "history.daily_tasks": "Daily tasks",
    "history.complications": "Complications",
    "history.runs_in_family": "Others in the family",
    "history.family": "Who, and with what",
    **{f"entries.{kind.value}": title for kind, title in LISTS.items()},
}
_WORDS = {
    "history.region_first": REGIONS,
    "history.distribution": DISTRIBUTIONS,
    "history.better_with": RELIEFS,
    "history.worse_with": AGGRAVATIONS,
    "history.daily_tasks": TASKS,
    "history.complications": COMPLICATIONS,
}


class Keep(StrEnum):
    """Whose value of a field is kept."""

    THEIRS = "theirs"
    MINE = "mine"
    BOTH = "both"
    """A list with what either added and without what either took away."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field with two values. ``suggested`` is whoever alone changed it; None when both did.

    ``both`` is a list that keeps what each of the two did, where both changed it; else None.
    """

    name: str
    theirs: Any
    mine: Any
    suggested: Keep | None
    both: tuple[Any, ...] | None = None

    @property
    def title(self) -> str:
        """The field's label."""
        return NAMES[self.name]


def differences(base: PatientForm, theirs: PatientForm, mine: PatientForm) -> tuple[Difference, ...]:
    """Every field in which theirs and mine differ; those that both changed come first."""
    before, other, own = _flat(base), _flat(theirs), _flat(mine)
    found = []
    for name, value in own.items():
        if value == other[name]:
            continue
        suggested = Keep.MINE if other[name] == before[name] else Keep.THEIRS if value == before[name] else None
        both = None
        if suggested is None and isinstance(value, tuple):
            united = _united(before[name], other[name], value)
            both = None if united in (other[name], value) else united
        found.append(Difference(name, other[name], value, suggested, both))
    return tuple(sorted(found, key=lambda difference: difference.suggested is not None))


def merged(base: PatientForm, theirs: PatientForm, mine: PatientForm, choices: Mapping[str, Keep]) -> PatientForm:
    """Their form with the fields of mine that were chosen, and lists of both where that was chosen."""
    before, flat, own = _flat(base), _flat(theirs), _flat(mine)
    for name, keep in choices.items():
        if keep is Keep.MINE:
            flat[name] = own[name]
        elif keep is Keep.BOTH:
            flat[name] = _united(before[name], flat[name], own[name])
    return _form(theirs, flat)


def shown(reference: Reference, name: str, value: Any) -> str:
    """A value as a person reads it."""
    if name == "history.indication" and value:
        return indication_name(reference, value)
    if name in _WORDS:
        return in_words(_WORDS[name], (value,) if isinstance(value, str) else value) or "empty"
    if isinstance(value, tuple):
        return "\n".join(_item(reference, item) for item in value) or "empty"
    return _single(value) or "empty"


def _united(base: tuple[Any, ...], theirs: tuple[Any, ...], mine: tuple[Any, ...]) -> tuple[Any, ...]:
    """The list with everything that either added and nothing that either took away."""
    kept = tuple(item for item in theirs if item in mine or item not in base)
    return kept + tuple(item for item in mine if item not in theirs and item not in base)


def _single(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Sex):
        return SEXES[value]
    if isinstance(value, PatientStatus):
        return STATUSES[value]
    if isinstance(value, Cause):
        return CAUSES[value]
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, PartialDate):
        return partial_date_text(value)
    if isinstance(value, Decimal | int):
        return number_text(value)
    return value.value if isinstance(value, Enum) else str(value)


def _item(reference: Reference, item: object) -> str:
    parts: Iterable[str]
    if isinstance(item, Component):
        return component_text(item)
    if isinstance(item, DiagnosisForm):
        return diagnosis_text(reference, item)
    if isinstance(item, Entry):
        parts = (item.text, kind_name(item), item.detail, span_text(item.since, item.until))
    elif isinstance(item, ElsewhereForm):
        parts = (_single(item.given_on), item.product, units_text(item.units), item.place, item.reason)
    elif isinstance(item, AuthorizationForm):
        visits = "" if item.visits is None else f"{item.visits} visits"
        parts = (
            item.number,
            item.product,
            units_text(item.units),
            visits,
            _single(item.first_day),
            _single(item.last_day),
        )
    else:
        parts = (str(item),)
    return " · ".join(part for part in parts if part)


def _flat(form: PatientForm) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for field in fields(PatientForm):
        value = getattr(form, field.name)
        if field.name == "history":
            flat.update({f"history.{part.name}": getattr(value, part.name) for part in fields(HistoryForm)})
        elif field.name == "entries":
            for kind in EntryKind:
                flat[f"entries.{kind.value}"] = tuple(entry for entry in value if entry.kind is kind)
        else:
            flat[field.name] = value
    return flat


def _form(template: PatientForm, flat: dict[str, Any]) -> PatientForm:
    plain = {name: value for name, value in flat.items() if "." not in name}
    history = {name.partition(".")[2]: value for name, value in flat.items() if name.startswith("history.")}
    entries = tuple(entry for kind in EntryKind for entry in flat[f"entries.{kind.value}"])
    return replace(template, **plain, history=HistoryForm(**history), entries=entries)
