"""Two people changed one patient: which fields differ, and the form that follows from the choices."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from enum import Enum
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
from clinic_app.ui.differences import Difference, Keep, compared, kept
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


def differences(base: PatientForm, theirs: PatientForm, mine: PatientForm) -> tuple[Difference, ...]:
    """Every field in which theirs and mine differ; those that both changed come first."""
    return compared(_flat(base), _flat(theirs), _flat(mine))


def merged(base: PatientForm, theirs: PatientForm, mine: PatientForm, choices: Mapping[str, Keep]) -> PatientForm:
    """Their form with the fields of mine that were chosen, and lists of both where that was chosen."""
    return _form(theirs, kept(_flat(base), _flat(theirs), _flat(mine), choices))


def shown(reference: Reference, name: str, value: Any) -> str:
    """A value as a person reads it."""
    if name == "history.indication" and value:
        return indication_name(reference, value)
    if name in _WORDS:
        return in_words(_WORDS[name], (value,) if isinstance(value, str) else value) or "empty"
    if isinstance(value, tuple):
        return "\n".join(_item(reference, item) for item in value) or "empty"
    return _single(value) or "empty"


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
