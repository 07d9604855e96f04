"""Everything of one patient, to be read at home: what is in it, the person and the history, then visit after visit.

Nothing is left out or shortened but a single text of dozens of pages: who gets this has no other place to look.
"""

from clinic_app.documents.blocks import bullets, heading, prose
from clinic_app.documents.letterhead import NEXT_HEAD, first_head, identity, next_head, patient_band
from clinic_app.documents.page import Document, Flow, footer, pages_of
from clinic_app.documents.patient_record_content import PatientRecord, RecordDiagnosis, RecordEntry
from clinic_app.documents.patient_record_tables import (
    appointments,
    authorizations,
    diaries,
    elsewhere,
    scores,
    side_effects,
)
from clinic_app.documents.patient_record_visits import visits
from clinic_app.documents.patient_record_words import SECTION_TITLE, TEXT, RecordWords, section
from clinic_app.documents.style import BODY, BODY_BOLD, PLAIN
from clinic_app.documents.text import one_line
from clinic_app.documents.wording import long_date, number, short_date, time_of_day
from clinic_app.terms import EntryKind

_LISTS = (
    (EntryKind.ALLERGY, "allergies"),
    (EntryKind.MEDICINE, "medicines"),
    (EntryKind.CONDITION, "conditions"),
    (EntryKind.TREATMENT, "treatments"),
    (EntryKind.SURGERY, "operations"),
    (EntryKind.TEST, "tests"),
)


def patient_record_document(record: PatientRecord) -> Document:
    """The record, laid out."""
    words = RecordWords(record.edition)
    flow = pages_of(words.edition, NEXT_HEAD)
    day = long_date(record.made_at.date(), words.locale)
    title = words["title"]
    first_head(flow, record.clinic, title, words["subtitle"].format(date=day))
    flow.down(4)
    patient_band(flow, record.patient)
    _cover(flow, words, record, day)
    flow.new_page()
    _person(flow, words, record)
    _entries(flow, words, record, _LISTS[:1])
    _dystonia(flow, words, record)
    _entries(flow, words, record, _LISTS[1:])
    elsewhere(flow, words, record.elsewhere)
    visits(flow, words, record.visits)
    side_effects(flow, words, record.effects)
    scores(flow, words, record.scores)
    diaries(flow, words, record.diaries)
    appointments(flow, words, record.appointments)
    authorizations(flow, words, record.authorizations)
    if record.person.note.strip():
        section(flow, words, "note")
        prose(flow, record.person.note, BODY, TEXT)
    name = one_line(record.clinic.name)
    return Document(
        flow,
        (
            next_head(flow, record.patient, words["page_note"].format(date=day)),
            footer(flow, name[:120], identity(record.patient, words.edition)),
        ),
        title=title,
        author=name[:200],
        subject=title,
        about=record.patient.name,
        day=record.made_at.date(),
    )


def _cover(flow: Flow, words: RecordWords, record: PatientRecord, day: str) -> None:
    """Who made it and when, what is in it and how to read it: the first page, and nothing else on it."""
    flow.down(12)
    prose(flow, words["intro"], PLAIN)
    flow.down(8)
    moment = f"{day}, {time_of_day(record.made_at, words.locale)}"
    made = words["made_by"].format(date=moment, name=one_line(record.made_by)[:100])
    prose(flow, f"{words['made']}: {made}", PLAIN)
    heading(flow, words["contents"], SECTION_TITLE, before=14)
    flow.down(2)
    bullets(flow, [f"{words['sections'][name]}{said}" for name, said in _contents(record)], PLAIN, gap=1)
    heading(flow, words["reading"], SECTION_TITLE, before=12)
    flow.down(2)
    phone = one_line(record.clinic.phone)[:60]
    mistake = words["reading_mistake"].format(phone=phone) if phone else words["reading_mistake_without_phone"]
    beside = [words["papers"].format(count=record.kept_papers)] if record.kept_papers else []
    bullets(flow, [words["reading_side"], words["reading_units"], *beside, mistake, words["keep"]], PLAIN, gap=2)


def _contents(record: PatientRecord) -> list[tuple[str, str]]:
    """Every section with how much it holds; those that hold nothing say so too, for nobody to look for them."""
    listed = [
        (section_name, len([entry for entry in record.entries if entry.kind is kind])) for kind, section_name in _LISTS
    ]
    counts = [
        *listed,
        ("elsewhere", len(record.elsewhere)),
        ("visits", len(record.visits)),
        ("effects", len(record.effects)),
        ("scores", len(record.scores)),
        ("diaries", len(record.diaries)),
        ("appointments", len(record.appointments)),
        ("authorizations", len(record.authorizations)),
    ]
    told = [(name, f": {count}") for name, count in counts]
    return [("person", ""), told[0], ("dystonia", ""), *told[1:]]


def _person(flow: Flow, words: RecordWords, record: PatientRecord) -> None:
    section(flow, words, "person")
    person, names, locale = record.person, words["person"], words.locale
    weight = ""
    if person.weight_kg is not None:
        weighed = short_date(person.weighed_on, locale) or flow.edition.words["not_recorded"]
        weight = names["weight_of"].format(weight=number(person.weight_kg, locale), date=weighed)
    weeks = person.usual_interval_weeks
    words.facts(
        flow,
        [
            (names["sex"], words["sexes"].get(person.sex, "")),
            (names["address"], ", ".join(person.address.splitlines())),
            (names["phone"], person.phone),
            (names["email"], person.email),
            (names["emergency_contact"], person.emergency_contact),
            (names["language"], person.language),
            (names["preferred_contact"], person.preferred_contact),
            (names["referring_doctor"], person.referring_doctor),
            (names["payer"], person.payer),
            (names["status"], words["statuses"].get(person.status, "")),
            (names["died_on"], short_date(person.died_on, locale)),
            (names["weight"], weight),
            (names["pregnancy"], _pregnancy(words, record)),
            (names["interval"], "" if weeks is None else names["weeks"].format(count=weeks)),
        ],
    )


def _pregnancy(words: RecordWords, record: PatientRecord) -> str:
    person, names = record.person, words["person"]
    states = [names[name] for name in ("pregnant", "breastfeeding") if getattr(person, name)]
    if person.pregnancy_asked_on is None:
        return ", ".join(states)
    asked = names["asked_on"].format(date=short_date(person.pregnancy_asked_on, words.locale))
    return f"{', '.join(states) or names['neither']} ({asked})"


def _entries(flow: Flow, words: RecordWords, record: PatientRecord, lists: tuple[tuple[EntryKind, str], ...]) -> None:
    for kind, name in lists:
        section(flow, words, name)
        lines = [_entry(words, entry) for entry in record.entries if entry.kind is kind]
        words.lines(flow, lines)


def _entry(words: RecordWords, entry: RecordEntry) -> str:
    of = "" if entry.of is None else words.said("kinds", entry.of)
    name = entry.text
    if of and of.casefold() != name.casefold():
        name = f"{of}: {name}" if entry.of is not None and entry.of.code in words["kinds"] else f"{name} ({of})"
    when = words.span(entry.since, entry.until)
    if entry.past and entry.until is None:
        when = ", ".join(part for part in (when, words["history"]["no_longer"]) if part)
    if entry.kind in (EntryKind.TEST, EntryKind.SURGERY) and entry.since is not None and entry.until is None:
        when = words.partial(entry.since)
    return " · ".join(part for part in (name, entry.detail.strip(), when) if part)


def _dystonia(flow: Flow, words: RecordWords, record: PatientRecord) -> None:
    section(flow, words, "dystonia")
    if not record.diagnoses and record.history == type(record.history)():
        words.nothing(flow)
        return
    history, names = record.history, words["history"]
    if record.diagnoses:
        prose(flow, _diagnosis(words, record.diagnoses[0], since=False), BODY_BOLD, TEXT)
        flow.down(2)
    words.facts(
        flow,
        [
            (names["also"], "; ".join(_diagnosis(words, each) for each in record.diagnoses[1:])),
            (names["onset"], words.partial(record.diagnoses[0].since) if record.diagnoses else ""),
            (names["region_first"], words.listed("regions", history.region_first)),
            (names["distribution"], words.listed("distributions", history.distribution)),
            (names["cause"], ": ".join(filter(None, (words.listed("causes", history.cause_group), history.cause)))),
            (names["family"], words.answer("family", history.runs_in_family, history.family)),
            (names["components"], "; ".join(words.sided(*each) for each in history.components)),
            (names["task"], words.answer("task", history.is_task_specific, history.task_specific)),
            (names["better"], words.listed("reliefs", *history.better_with)),
            (names["worse"], words.listed("aggravations", *history.worse_with)),
            (names["pain"], "" if history.pain is None else names["pain_of"].format(pain=history.pain)),
            (names["tasks"], words.listed("tasks", *history.daily_tasks)),
            (names["complications"], words.listed("complications", *history.complications)),
        ],
    )


def _diagnosis(words: RecordWords, diagnosis: RecordDiagnosis, *, since: bool = True) -> str:
    when = words.span(diagnosis.since, None) if since else ""
    name = words.said("indications", diagnosis.indication)
    return " · ".join(part for part in (name, diagnosis.icd10cm, when) if part)
