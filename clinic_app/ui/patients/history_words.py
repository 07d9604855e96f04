"""The words of the history: the closed lists of ``terms`` as a person says them, and what the fields propose."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from clinic_app.partial_dates import PartialDate
from clinic_app.reference.catalogue import Reference
from clinic_app.services.patient_data import Component, DiagnosisForm, Entry, HistoryForm
from clinic_app.terms import (
    Aggravation,
    BodyRegion,
    Cause,
    Complication,
    DailyTask,
    EntryKind,
    ExaminationKind,
    Relief,
    Side,
    SurgeryKind,
    TherapyKind,
)
from clinic_app.ui.locale import age, partial_date_text
from clinic_app.ui.patients.words import class_name, component_name, goes_to_a_side, indication_name, plain_id

Chosen = tuple[str, str, str]
"""An id, its word, and what it means."""

REGIONS: Mapping[str, str] = {region: region.value.capitalize() for region in BodyRegion}
RELIEFS: Mapping[str, str] = {
    Relief.TOUCH_FACE: "Touch to chin or face",
    Relief.TOUCH_BACK_OF_HEAD: "Touch to back of head",
    Relief.HEAD_SUPPORT: "Leaning the head on something",
    Relief.LYING_DOWN: "Lying down",
    Relief.REST: "Rest",
    Relief.SLEEP: "After sleep",
    Relief.CONCENTRATION: "Concentration",
    Relief.SPEAKING_OR_SINGING: "Speaking or singing",
    Relief.ALCOHOL: "Alcohol",
}
AGGRAVATIONS: Mapping[str, str] = {
    Aggravation.STRESS: "Stress",
    Aggravation.FATIGUE: "Fatigue",
    Aggravation.ANXIETY: "Anxiety",
    Aggravation.WALKING: "Walking",
    Aggravation.SITTING: "Sitting long",
    Aggravation.READING: "Reading",
    Aggravation.WRITING: "Writing",
    Aggravation.SCREEN_WORK: "Screen work",
    Aggravation.DRIVING: "Driving",
    Aggravation.SPEAKING: "Speaking",
    Aggravation.EATING: "Eating",
    Aggravation.BRIGHT_LIGHT: "Bright light",
    Aggravation.COLD: "Cold",
}
TASKS: Mapping[str, str] = {
    DailyTask.READING: "Reading",
    DailyTask.WRITING: "Writing",
    DailyTask.SCREEN_WORK: "Screen work",
    DailyTask.DRIVING: "Driving",
    DailyTask.WALKING: "Walking",
    DailyTask.EATING: "Eating and drinking",
    DailyTask.SPEAKING: "Speaking",
    DailyTask.WASHING_AND_DRESSING: "Washing and dressing",
    DailyTask.HOUSEWORK: "Housework",
    DailyTask.WORK: "Paid work",
    DailyTask.SLEEP: "Sleep",
    DailyTask.COMPANY: "Being among people",
}
COMPLICATIONS: Mapping[str, str] = {
    Complication.VISION: "Vision",
    Complication.JAW: "Jaw movement",
    Complication.SWALLOWING: "Swallowing",
    Complication.SPEECH: "Speech",
    Complication.PAIN_AND_FATIGUE: "Pain and fatigue",
    Complication.MOOD: "Mood",
}
_COMPLICATION_MEANINGS = {
    Complication.VISION: "Trouble seeing, such as lids that stay shut",
    Complication.JAW: "Trouble moving the jaw",
    Complication.SWALLOWING: "Trouble swallowing from the dystonia itself; note it as a condition too, for the checks",
    Complication.SPEECH: "Trouble speaking",
    Complication.PAIN_AND_FATIGUE: "Pain and fatigue from muscles that never rest",
    Complication.MOOD: "Depression, anxiety or withdrawal",
}
CAUSES: Mapping[Cause, str] = {
    Cause.IDIOPATHIC: "Idiopathic",
    Cause.INHERITED: "Inherited",
    Cause.ACQUIRED: "Acquired",
}
CAUSE_MEANINGS = {
    Cause.IDIOPATHIC: "No cause found",
    Cause.INHERITED: "A gene is known, or a pattern of inheritance",
    Cause.ACQUIRED: "After an injury, illness, medicine or another specific cause",
}
EXAMINATIONS: Mapping[str, str] = {
    ExaminationKind.BLOOD_AND_URINE: "Blood and urine",
    ExaminationKind.MRI: "MRI",
    ExaminationKind.CT: "CT",
    ExaminationKind.EMG: "EMG",
    ExaminationKind.GENETIC: "Genetic test",
}
THERAPIES: Mapping[str, str] = {
    TherapyKind.PHYSIOTHERAPY: "Physiotherapy",
    TherapyKind.OCCUPATIONAL_THERAPY: "Occupational therapy",
    TherapyKind.SPEECH_THERAPY: "Speech therapy",
    TherapyKind.STRETCHING: "Stretching",
    TherapyKind.SENSORY_TRICK: "Sensory trick",
    TherapyKind.PSYCHOTHERAPY: "Psychotherapy",
}
OPERATIONS: Mapping[str, str] = {
    SurgeryKind.DEEP_BRAIN_STIMULATION: "Deep brain stimulation",
    SurgeryKind.SELECTIVE_DENERVATION: "Selective denervation",
}
KINDS: Mapping[EntryKind, Mapping[str, str]] = {
    EntryKind.TEST: EXAMINATIONS,
    EntryKind.TREATMENT: THERAPIES,
    EntryKind.SURGERY: OPERATIONS,
}
_PLANES = {
    "rotation": "Turned",
    "lateral": "Tilted",
    "sagittal": "Forward or back",
    "both": "Shifted",
    "shoulder": "Shoulder",
    "tremor": "Tremor",
}
#: What these treat lies on one side of the body or on both, so their components have a side.
_SIDED_INDICATIONS = frozenset(
    {
        "writers_cramp",
        "musicians_dystonia",
        "limb_dystonia_upper",
        "limb_dystonia_lower",
        "hemidystonia",
        "hemifacial_spasm",
        "spasticity_upper",
        "spasticity_lower",
    }
)
_SIDED_COMPONENTS = frozenset({"jaw_deviation", "tongue_laterotrusion"})
#: Classes of which the form proposes examples; the others are rare in a dystonia clinic.
_PROPOSED_CLASSES = ("anticholinergics", "muscle_relaxants", "anticoagulants_antiplatelets")


def offered(words: Mapping[str, str], meanings: Mapping[str, str] | None = None) -> tuple[Chosen, ...]:
    """A closed list as chips offer it."""
    return tuple((str(key), word, (meanings or {}).get(key, "")) for key, word in words.items())


def offered_complications() -> tuple[Chosen, ...]:
    """The complications with what each means."""
    return offered(COMPLICATIONS, {str(key): meaning for key, meaning in _COMPLICATION_MEANINGS.items()})


def in_words(words: Mapping[str, str], values: Iterable[str]) -> str:
    """Ids and own words as one line: "Lying down, a hand on the neck, rest"."""
    said = ", ".join(_inside(words[value]) if value in words else value for value in values)
    return said[:1].upper() + said[1:]


def component_chip(component: Component) -> str:
    """A component with its side as short as a chip has it: "Torticollis right"."""
    name = component_name(component.component)
    return name if component.side is None else f"{name} {component.side.value}"


def component_meaning(reference: Reference, component: Component) -> str:
    """What a component looks like; the side is the patient's own."""
    known = reference.components.get(component.component)
    meaning = "" if known is None else known.meaning
    meaning = meaning[:1].upper() + meaning[1:]
    if component.side in (Side.LEFT, Side.RIGHT):
        side = f"{'to' if goes_to_a_side(component) else 'on'} the patient's {component.side.value}"
        return f"{meaning}: {side}" if meaning else side.capitalize()
    return meaning


def component_rows(reference: Reference, indications: Iterable[str]) -> tuple[tuple[str, tuple[Component, ...]], ...]:
    """The components of some indications, in rows with a caption: those of the neck by direction."""
    rows: dict[str, list[Component]] = {}
    seen: set[str] = set()
    for indication in dict.fromkeys(indications):
        known = reference.indications.get(indication)
        for component in known.components if known is not None else ():
            if component in seen:
                continue
            seen.add(component)
            entry = reference.components.get(component)
            sided = entry.sided if entry is not None else _has_side(indication, component)
            if entry is None:
                caption = "" if known is None else known.name.partition(" (")[0]
            elif component.startswith("head_tremor"):
                caption = _PLANES["tremor"]
            else:
                caption = _PLANES[entry.level if entry.level in ("both", "shoulder") else entry.plane]
            rows.setdefault(caption, []).extend(_with_sides(component, sided=sided))
    return tuple((caption, tuple(components)) for caption, components in rows.items())


def every_component(reference: Reference) -> dict[str, Component]:
    """All components that any indication has, by their words."""
    rows = component_rows(reference, reference.indications)
    return {component_chip(component): component for _, components in rows for component in components}


def medicine_proposals(reference: Reference) -> tuple[str, ...]:
    """Medicines that the reference names as examples of a class, in alphabetical order."""
    found = {
        example
        for entry in reference.class_facts.drug_interactions
        if entry.id != "other_botulinum_toxin"
        for example in entry.examples
    }
    return tuple(sorted(found))


def usual_medicines(reference: Reference) -> tuple[tuple[str, str], ...]:
    """A few medicines to add with one click, with their classes."""
    by_id = {entry.id: entry for entry in reference.class_facts.drug_interactions}
    return tuple((example, code) for code in _PROPOSED_CLASSES if code in by_id for example in by_id[code].examples[:2])


def class_of(reference: Reference, kind: EntryKind, text: str) -> str:
    """The class whose example the text names, or ""."""
    facts = reference.class_facts
    classes: Sequence[tuple[str, tuple[str, ...]]] = ()
    if kind is EntryKind.MEDICINE:
        classes = [(e.id, e.examples) for e in facts.drug_interactions if e.id != "other_botulinum_toxin"]
    elif kind is EntryKind.CONDITION:
        classes = [(e.id, e.examples) for e in facts.caution_conditions]
    words = f" {_plain(text)} "
    for code, examples in classes:
        if any(f" {_plain(example)} " in words for example in examples):
            return code
    return ""


def kind_name(entry: Entry) -> str:
    """The class or kind of an entry, or ""."""
    kinds = KINDS.get(entry.kind)
    if not entry.code:
        return ""
    return class_name(entry.code) if kinds is None else kinds.get(entry.code, plain_id(entry.code))


def span_text(since: PartialDate | None, until: PartialDate | None) -> str:
    """From when to when: "since Apr 2019", "2015 – Mar 2020", "until 2020", "" when nothing is known."""
    if since is not None and until is not None:
        return f"{partial_date_text(since)} – {partial_date_text(until)}"
    if since is not None:
        return f"since {partial_date_text(since)}"
    return "" if until is None else f"until {partial_date_text(until)}"


def onset_text(onset: PartialDate | None, birth_date: date | None) -> str:
    """When it began, with the age then: "Apr 2015 · age 54", "2015 · age 53 or 54"."""
    if onset is None:
        return ""
    text = partial_date_text(onset)
    if birth_date is None or onset.latest < birth_date:
        return text
    youngest, oldest = max(0, age(birth_date, onset.earliest)), age(birth_date, onset.latest)
    years = str(oldest) if youngest == oldest else f"{youngest} or {oldest}"
    return f"{text} · age {years}"


def cause_text(history: HistoryForm) -> str:
    """The group of the cause with which one: "Acquired: stroke"."""
    group = "" if history.cause_group is None else CAUSES[history.cause_group]
    return ": ".join(part for part in (group, history.cause) if part)


def answer_text(answer: bool | None, more: str) -> str:
    """A question that may not have been asked: "Yes: writing", "No", ""."""
    if answer is None:
        return more
    return ("Yes" if answer else "No") + (f": {more}" if more else "")


def diagnosis_text(reference: Reference, diagnosis: DiagnosisForm) -> str:
    """A further diagnosis on one line: "Blepharospasm · G24.5 · since 2019"."""
    name = indication_name(reference, diagnosis.indication) if diagnosis.indication else ""
    return " · ".join(part for part in (name, diagnosis.icd10cm, span_text(diagnosis.since, None)) if part)


def _has_side(indication: str, component: str) -> bool:
    return indication in _SIDED_INDICATIONS or component in _SIDED_COMPONENTS


def _with_sides(component: str, *, sided: bool) -> tuple[Component, ...]:
    if not sided:
        return (Component(component),)
    return Component(component, Side.LEFT), Component(component, Side.RIGHT)


def _inside(word: str) -> str:
    return word[:1].lower() + word[1:]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
