"""What the history page says: the patient's form in groups of facts and in lines."""

from collections.abc import Iterable, Sequence
from datetime import date

from clinic_app.reference.catalogue import Reference
from clinic_app.services.patient_data import AuthorizationForm, ElsewhereForm, Entry, PatientForm
from clinic_app.terms import EntryKind, PatientStatus
from clinic_app.ui.locale import date_text, number_text, partial_date_text
from clinic_app.ui.patients.code_field import codes_of
from clinic_app.ui.patients.history_words import (
    AGGRAVATIONS,
    COMPLICATIONS,
    REGIONS,
    RELIEFS,
    TASKS,
    answer_text,
    cause_text,
    diagnosis_text,
    in_words,
    kind_name,
    onset_text,
    span_text,
)
from clinic_app.ui.patients.record_lines import Line
from clinic_app.ui.patients.words import (
    DISTRIBUTIONS,
    SEXES,
    STATUSES,
    component_text,
    indication_name,
    product_text,
    units_text,
)

Facts = list[tuple[str, str]]


def dystonia_groups(reference: Reference, form: PatientForm) -> dict[str, Facts]:
    """The dystonia by the questions that a physician asks in this order; what is not known is empty."""
    history = form.history
    title = dict(codes_of(reference, history.indication)).get(history.icd10cm, "")
    further = "\n".join(diagnosis_text(reference, diagnosis) for diagnosis in form.diagnoses)
    region = in_words(REGIONS, (history.region_first,)) if history.region_first else ""
    return {
        "Diagnosis": [
            ("Indication", indication_name(reference, history.indication) if history.indication else ""),
            ("ICD-10-CM", " · ".join(part for part in (history.icd10cm, title) if part)),
            ("Distribution", DISTRIBUTIONS.get(history.distribution, history.distribution)),
            ("Also", further),
        ],
        "How it began": [
            ("Onset", onset_text(history.onset, form.birth_date)),
            ("Region first", region),
            ("Cause", cause_text(history)),
            ("In the family", answer_text(history.runs_in_family, history.family)),
        ],
        "Pattern": [
            ("Components", "\n".join(component_text(component) for component in form.components)),
            ("One task only", answer_text(history.is_task_specific, history.task_specific)),
        ],
        "Better and worse": [
            ("Better with", in_words(RELIEFS, history.better_with)),
            ("Worse with", in_words(AGGRAVATIONS, history.worse_with)),
        ],
        "Impact": [
            ("Pain", "" if history.pain is None else f"{history.pain} of 10"),
            ("Daily tasks", in_words(TASKS, history.daily_tasks)),
            ("Complications", in_words(COMPLICATIONS, history.complications)),
        ],
    }


def person_facts(form: PatientForm) -> Facts:
    """The person as the checks need to know them."""
    weight = ""
    if form.weight_kg is not None:
        weight = f"{number_text(form.weight_kg)} kg"
        weight += f" · {date_text(form.weighed_on)}" if form.weighed_on is not None else ""
    states = [word for word, holds in (("pregnant", form.pregnant), ("breastfeeding", form.breastfeeding)) if holds]
    asked = form.pregnancy_asked_on
    pregnancy = " and ".join(states).capitalize()
    if asked is not None:
        pregnancy = f"{pregnancy or 'No, and not breastfeeding'} · asked {date_text(asked)}"
    return [
        ("Sex", SEXES[form.sex]),
        ("Weight", weight),
        ("Pregnancy", pregnancy),
        ("Usual interval", "" if form.usual_interval_weeks is None else f"{form.usual_interval_weeks} weeks"),
        ("Status", "" if form.status is PatientStatus.ACTIVE else STATUSES[form.status]),
        ("Died", "" if form.died_on is None else date_text(form.died_on)),
    ]


def entry_lines(entries: Sequence[Entry], today: date) -> list[Line]:
    """Entries of one kind: what holds now before what is past, tests and operations the latest first."""
    if entries and entries[0].kind in (EntryKind.TEST, EntryKind.SURGERY):
        dated = [entry for entry in entries if entry.since is not None]
        undated = [entry for entry in entries if entry.since is None]
        ordered = sorted(dated, key=lambda entry: str(entry.since), reverse=True) + undated
        return [_entry_line(entry, past=False) for entry in ordered]
    held = [_entry_line(entry, past=False) for entry in entries if entry.holds_on(today)]
    return held + [_entry_line(entry, past=True) for entry in entries if not entry.holds_on(today)]


def elsewhere_lines(reference: Reference, region: str, given: Iterable[ElsewhereForm]) -> list[Line]:
    """Toxin of others, the latest first."""
    lines = []
    for each in sorted(given, key=lambda one: one.given_on, reverse=True):
        product = product_text(reference, each.product, region) if each.product else "Product not known"
        units = units_text(each.units) or "units not known"
        lines.append(Line(f"{product}, {units}", _joined(each.place, each.reason), date_text(each.given_on)))
    return lines


def authorization_lines(
    reference: Reference, region: str, authorizations: Iterable[AuthorizationForm], today: date
) -> list[Line]:
    """What the payer agreed to: what still holds first, and what lapsed marked."""
    lines = []
    for each in authorizations:
        product = product_text(reference, each.product, region) if each.product else ""
        visits = "" if each.visits is None else f"{each.visits} {'visit' if each.visits == 1 else 'visits'}"
        lapsed = each.last_day is not None and each.last_day < today
        lines.append(
            Line(
                each.number,
                _joined(product, units_text(each.units), visits),
                _days_text(each.first_day, each.last_day),
                "Lapsed" if lapsed else "",
                lapsed,
            )
        )
    return sorted(lines, key=lambda line: line.past)


def _entry_line(entry: Entry, *, past: bool) -> Line:
    kind = kind_name(entry)
    name = entry.text
    if entry.kind in (EntryKind.TEST, EntryKind.SURGERY, EntryKind.TREATMENT) and kind:
        # The kind says what it is; the words say what of it.
        name, kind = (kind if kind.casefold() == name.casefold() else f"{kind}: {name}"), ""
    elif kind.casefold() == name.casefold():
        kind = ""
    single = entry.kind in (EntryKind.TEST, EntryKind.SURGERY) and entry.since is not None and entry.until is None
    when = partial_date_text(entry.since) if single and entry.since is not None else span_text(entry.since, entry.until)
    return Line(name[:1].upper() + name[1:], _joined(kind, entry.detail), when, past=past)


def _days_text(first: date | None, last: date | None) -> str:
    if first is None and last is None:
        return ""
    if first is None or last is None:
        return f"from {date_text(first)}" if first is not None else f"to {date_text(last)}" if last is not None else ""
    return f"{date_text(first)} – {date_text(last)}"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
