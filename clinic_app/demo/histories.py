"""The histories of the invented patients: made up, but such as such a clinic hears."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from clinic_app.demo.patterns import Profile
from clinic_app.partial_dates import PartialDate
from clinic_app.services.patient_data import (
    AuthorizationForm,
    Component,
    DiagnosisForm,
    ElsewhereForm,
    Entry,
    HistoryForm,
    PatientForm,
)
from clinic_app.terms import (
    Aggravation,
    BodyRegion,
    Cause,
    Complication,
    DailyTask,
    EntryKind,
    ExaminationKind,
    Relief,
    Sex,
    Side,
    SurgeryKind,
    TherapyKind,
)

_YEAR = 365
_SIDED = ("torticollis", "torticaput", "laterocollis", "laterocaput")


@dataclass(frozen=True, slots=True)
class Story:
    """What patients with one indication tell. ``components`` lie on the side of the symptom when ``sided``."""

    region: str
    better: tuple[str, ...]
    worse: tuple[str, ...]
    tasks: tuple[str, ...]
    complications: tuple[str, ...]
    pain: tuple[int, int]
    components: tuple[str, ...] = ()
    sided: bool = False
    task: str = ""


_NECK = Story(
    BodyRegion.NECK,
    (Relief.TOUCH_FACE, Relief.HEAD_SUPPORT, Relief.LYING_DOWN, Relief.SLEEP, "a collar for short times"),
    (Aggravation.STRESS, Aggravation.FATIGUE, Aggravation.SCREEN_WORK, Aggravation.DRIVING, Aggravation.WALKING),
    (DailyTask.DRIVING, DailyTask.READING, DailyTask.SCREEN_WORK, DailyTask.COMPANY, "cutting hair for a living"),
    (Complication.PAIN_AND_FATIGUE, Complication.MOOD),
    (3, 8),
)
STORIES = {
    "cervical_dystonia": _NECK,
    "blepharospasm": Story(
        BodyRegion.EYELIDS,
        (Relief.SPEAKING_OR_SINGING, Relief.CONCENTRATION, Relief.SLEEP, "dark glasses"),
        (Aggravation.BRIGHT_LIGHT, Aggravation.READING, Aggravation.STRESS, Aggravation.DRIVING, "wind"),
        (DailyTask.READING, DailyTask.DRIVING, DailyTask.WALKING),
        (Complication.VISION, Complication.MOOD),
        (0, 2),
        ("orbicularis_spasm",),
    ),
    "hemifacial_spasm": Story(
        BodyRegion.FACE,
        (Relief.REST, Relief.SLEEP),
        (Aggravation.STRESS, Aggravation.FATIGUE, Aggravation.SPEAKING, Aggravation.EATING),
        (DailyTask.COMPANY, DailyTask.READING),
        (Complication.VISION,),
        (0, 1),
        ("eyelid_twitch", "cheek_twitch"),
        sided=True,
    ),
    "writers_cramp": Story(
        BodyRegion.HAND,
        (Relief.REST, "a thick pen"),
        (Aggravation.WRITING, Aggravation.STRESS),
        (DailyTask.WRITING, DailyTask.WORK),
        (),
        (0, 4),
        ("finger_flexion", "wrist_flexion"),
        sided=True,
        task="writing",
    ),
    "oromandibular_jaw_closing": Story(
        BodyRegion.JAW,
        (Relief.TOUCH_FACE, "chewing gum", Relief.SLEEP),
        (Aggravation.SPEAKING, Aggravation.EATING, Aggravation.STRESS),
        (DailyTask.EATING, DailyTask.SPEAKING, DailyTask.COMPANY),
        (Complication.JAW, Complication.SPEECH),
        (2, 6),
        ("jaw_closing", "bruxism"),
    ),
    "spasticity_upper": Story(
        BodyRegion.ARM,
        (Relief.REST, "a warm bath"),
        (Aggravation.COLD, Aggravation.FATIGUE, Aggravation.WALKING),
        (DailyTask.WASHING_AND_DRESSING, DailyTask.HOUSEWORK, DailyTask.EATING),
        (Complication.PAIN_AND_FATIGUE,),
        (1, 6),
        ("elbow_flexion", "wrist_flexion", "clenched_fist"),
        sided=True,
    ),
}
_CAUSES = (
    (Cause.IDIOPATHIC, ""),
    (Cause.IDIOPATHIC, ""),
    (Cause.IDIOPATHIC, ""),
    (Cause.INHERITED, "a variant of GNAL"),
    (Cause.ACQUIRED, "a dopamine-blocking medicine"),
)
_RELATIVES = ("an aunt with tremor", "the father, neck", "a sister, eyelids")
# Medicine, class, dose, first year before now, and last year before now or None when it is still taken.
_MEDICINES = (
    ("trihexyphenidyl", "anticholinergics", "2 mg three times a day", 6, None),
    ("baclofen", "muscle_relaxants", "10 mg three times a day", 4, None),
    ("clonazepam", "muscle_relaxants", "0.5 mg at night", 5, 1),
    ("tetrabenazine", "vmat2_inhibitor", "12.5 mg twice a day", 3, 1),
    ("apixaban", "anticoagulants_antiplatelets", "5 mg twice a day", 3, None),
    ("levodopa with carbidopa", "dopaminergic", "100 mg three times a day", 7, 6),
    ("gentamicin", "aminoglycosides", "a course in hospital", 2, 2),
    ("ramipril", "", "5 mg in the morning", 8, None),
)
# Kind, what, effect, first year before now, last year or None; then for which regions, all when none is named.
_THERAPIES = (
    (TherapyKind.PHYSIOTHERAPY, "once a week", "looser for a day or two", 3, None, ("neck", "arm")),
    (TherapyKind.STRETCHING, "every morning", "", 5, None, ("neck", "arm", "jaw")),
    (TherapyKind.SPEECH_THERAPY, "ten sessions", "no clear change", 4, 3, ("jaw",)),
    (TherapyKind.OCCUPATIONAL_THERAPY, "pen grips and pauses", "writes longer", 2, None, ("hand",)),
    (TherapyKind.SENSORY_TRICK, "taught by the physiotherapist", "helps for minutes", 2, None, ("neck", "jaw")),
    (TherapyKind.PSYCHOTHERAPY, "for low mood", "helped", 2, 1, ()),
)
_TESTS = (
    (ExaminationKind.MRI, "brain", "no lesion", 6, ()),
    (ExaminationKind.BLOOD_AND_URINE, "copper and ceruloplasmin", "normal", 6, ()),
    (ExaminationKind.EMG, "neck muscles", "right splenius and left sternocleidomastoid active", 2, ("neck",)),
    (ExaminationKind.GENETIC, "dystonia panel", "no variant found", 4, ("neck", "hand", "jaw")),
    (ExaminationKind.CT, "head", "normal", 9, ()),
)


def with_history(
    number: int, form: PatientForm, profile: Profile, product: str, side: Side, monday: date
) -> PatientForm:
    """The form with everything that a history asks, the same for the same number on every machine."""
    chance = random.Random(f"history {number}")
    story = STORIES[profile.indication]
    assert form.birth_date is not None  # every invented patient has one
    return replace(
        form,
        weight_kg=Decimal(chance.randint(104, 196)) / 2,
        weighed_on=monday - timedelta(days=chance.randint(20, 300)),
        pregnancy_asked_on=_asked_on(form, chance, monday),
        history=_history(form, profile, story, chance, monday),
        diagnoses=_diagnoses(profile, number, chance, monday),
        components=_components(profile, story, side),
        entries=_entries(number, product, story, chance, monday),
        authorizations=_authorizations(number, product, monday),
        toxin_elsewhere=_elsewhere(number, monday),
    )


def known_on(form: PatientForm, day: date) -> PatientForm:
    """The form as it was told on an earlier day: nothing of what came later."""
    known = PartialDate.of(day)
    onset = form.history.onset
    entries = tuple(
        replace(entry, until=entry.until if entry.until is not None and entry.until.latest < day else None)
        for entry in form.entries
        if entry.since is None or entry.since.latest < day
    )
    return replace(
        form,
        weighed_on=day,
        pregnancy_asked_on=None if form.pregnancy_asked_on is None else day,
        history=replace(form.history, onset=known if onset is not None and onset.earliest > day else onset),
        diagnoses=tuple(each for each in form.diagnoses if each.since is None or each.since.earliest < day),
        entries=entries,
        toxin_elsewhere=tuple(given for given in form.toxin_elsewhere if given.given_on < day),
    )


def moved(when: PartialDate, stands: date, monday: date) -> PartialDate:
    """A date of a demo that stood in one week, as exactly, in the demo of another week.

    A month goes by whole months and a year by whole years, so that many short moves come to the same as a long one.
    """
    if when.day:
        return PartialDate.of(when.earliest + (monday - stands))
    if not when.month:
        return PartialDate(when.year + monday.year - stands.year)
    months = when.year * 12 + when.month - 1 + (monday.year - stands.year) * 12 + monday.month - stands.month
    return PartialDate(months // 12, months % 12 + 1)


def _history(form: PatientForm, profile: Profile, story: Story, chance: random.Random, monday: date) -> HistoryForm:
    assert form.birth_date is not None  # every invented patient has one
    began = max(monday - timedelta(days=_YEAR * chance.randint(4, 18)), date(form.birth_date.year + 20, 6, 1))
    cause_group, cause = chance.choice(_CAUSES)
    if profile.indication == "spasticity_upper":
        cause_group, cause = Cause.ACQUIRED, "stroke"
    runs_in_family = chance.choice((None, False, False, True))
    return HistoryForm(
        indication=profile.indication,
        icd10cm=profile.icd10cm,
        onset=_remembered(began, chance),
        region_first=story.region,
        distribution="" if profile.indication == "spasticity_upper" else profile.distribution,
        cause_group=cause_group,
        cause=cause,
        is_task_specific=True if story.task else chance.choice((None, False)),
        task_specific=story.task,
        better_with=tuple(chance.sample(story.better, 2)),
        worse_with=tuple(chance.sample(story.worse, 2)),
        pain=chance.randint(*story.pain),
        daily_tasks=tuple(chance.sample(story.tasks, chance.randint(1, 2))),
        complications=tuple(each for each in story.complications if chance.random() < 0.5),
        runs_in_family=runs_in_family,
        family=chance.choice(_RELATIVES) if runs_in_family else "",
    )


def _diagnoses(profile: Profile, number: int, chance: random.Random, monday: date) -> tuple[DiagnosisForm, ...]:
    if profile.indication == "cervical_dystonia" and number % 9 == 1:
        return (DiagnosisForm("writers_cramp", "G25.89", _years_ago(monday, chance.randint(1, 3))),)
    if profile.indication == "blepharospasm" and number % 4 == 2:
        return (DiagnosisForm("oromandibular_jaw_closing", "G24.4", _years_ago(monday, 1)),)
    return ()


def _components(profile: Profile, story: Story, side: Side) -> tuple[Component, ...]:
    if story.components:
        return tuple(Component(component, side if story.sided else None) for component in story.components)
    return tuple(Component(component, side if component in _SIDED else None) for component in profile.components)


def _entries(number: int, product: str, story: Story, chance: random.Random, monday: date) -> tuple[Entry, ...]:
    entries = []
    if number % 8 == 0:
        # Nobody in the demo gets a product that the allergy forbids.
        if product == "abobotulinumtoxinA":
            entries.append(Entry(EntryKind.ALLERGY, "penicillin", detail="rash", since=_years_ago(monday, 20)))
        else:
            entries.append(Entry(EntryKind.ALLERGY, "cow's milk protein", "cows_milk_protein_allergy", "hives"))
    if number % 11 == 3:
        swallowing = "preexisting_dysphagia_or_breathing_difficulty"
        entries.append(Entry(EntryKind.CONDITION, "trouble swallowing", swallowing, since=_years_ago(monday, 2)))
    if number % 13 == 5:
        heart = "preexisting_cardiovascular_disease"
        entries.append(Entry(EntryKind.CONDITION, "coronary heart disease", heart, since=_years_ago(monday, 5)))
    for text, code, dose, first, last in chance.sample(_MEDICINES, chance.choice((0, 1, 1, 2, 3))):
        since = _remembered(monday - timedelta(days=_YEAR * first + chance.randint(0, 200)), chance)
        until = None if last is None else PartialDate((monday - timedelta(days=_YEAR * last)).year)
        entries.append(Entry(EntryKind.MEDICINE, text, code, dose, since, until))
    therapies = [row[:5] for row in _THERAPIES if not row[5] or story.region in row[5]]
    for kind, what, effect, first, last in chance.sample(therapies, min(chance.choice((0, 1, 1, 2)), len(therapies))):
        until = None if last is None else _years_ago(monday, last)
        entries.append(Entry(EntryKind.TREATMENT, what, kind, effect, _years_ago(monday, first), until))
    if number % 20 == 11 and story is _NECK:
        operation, place = SurgeryKind.DEEP_BRAIN_STIMULATION, "both pallidal nuclei"
        entries.append(Entry(EntryKind.SURGERY, place, operation, "wears the stimulator", _years_ago(monday, 5)))
    tests = [row[:4] for row in _TESTS if not row[4] or story.region in row[4]]
    for test, what, result, years in chance.sample(tests, min(chance.choice((0, 1, 2, 3)), len(tests))):
        when = _remembered(monday - timedelta(days=_YEAR * years + chance.randint(0, 300)), chance)
        entries.append(Entry(EntryKind.TEST, what, test, result, when))
    return tuple(entries)


def _authorizations(number: int, product: str, monday: date) -> tuple[AuthorizationForm, ...]:
    if number % 3:
        return ()
    # One in six of them lapsed before the demo's week, another few lapse in the middle of it.
    last_day = monday + timedelta(days=-3 if number % 18 == 6 else 1 if number % 12 == 6 else 165)
    first_day = last_day - timedelta(days=364)
    before = AuthorizationForm(
        f"PA-{5000 + number}", product, None, 4, first_day - timedelta(days=365), first_day - timedelta(days=1)
    )
    return before, AuthorizationForm(f"PA-{7000 + number}", product, None, 4, first_day, last_day)


def _elsewhere(number: int, monday: date) -> tuple[ElsewhereForm, ...]:
    if number % 19 == 7:
        given_on = monday - timedelta(days=900 + number)
        return (ElsewhereForm(given_on, "", None, "a cosmetic clinic", "frown lines"),)
    if number % 17 == 4:
        given_on = monday - timedelta(days=200)
        units = Decimal(100)
        return (ElsewhereForm(given_on, "onabotulinumtoxinA", units, "Harbor Urology", "overactive bladder"),)
    return ()


def _asked_on(form: PatientForm, chance: random.Random, monday: date) -> date | None:
    days = chance.randint(10, 80)
    assert form.birth_date is not None  # every invented patient has one
    young = monday.year - form.birth_date.year < 50
    return monday - timedelta(days=days) if form.sex is Sex.FEMALE and young else None


def _remembered(day: date, chance: random.Random) -> PartialDate:
    """A day as people remember it: a year, a month, or now and then the day."""
    return chance.choice(
        (PartialDate(day.year), PartialDate(day.year), PartialDate(day.year, day.month), PartialDate.of(day))
    )


def _years_ago(monday: date, years: int) -> PartialDate:
    then = monday - timedelta(days=_YEAR * years)
    return PartialDate(then.year, then.month)
