"""Rows of patients: who is new, who is on record, and who only looks like it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from clinic_app.errors import ClinicError
from clinic_app.services.importing.choices import Decision, ImportChoices
from clinic_app.services.importing.considered import Considered
from clinic_app.services.importing.meanings import Meanings
from clinic_app.services.importing.on_record import KnownPatient, OnRecord
from clinic_app.services.importing.preview import Outcome, Verdict
from clinic_app.services.importing.sheet import Row, Sheet
from clinic_app.services.importing.whom import names_in
from clinic_app.services.patient_checks import checked
from clinic_app.services.patient_data import HistoryForm, PatientForm
from clinic_app.terms import PatientStatus
from clinic_app.typed_text import fold

_MOST_WEEKS = 104


@dataclass(frozen=True, slots=True)
class NewPatient:
    """A patient to be registered; without a record number the next free one is given."""

    number: int
    form: PatientForm


Person = tuple[Considered, PatientForm]
"""A part of the file that is about a person, and the form that it fills."""
Join = Callable[[Considered, PatientForm, KnownPatient], Verdict]
"""What becomes of a part that is about somebody on record."""


def judge_patients(
    sheet: Sheet, meanings: Meanings, record: OnRecord, choices: ImportChoices
) -> tuple[list[Verdict], list[NewPatient]]:
    """The verdict on every row, and the patients that would be registered."""
    rows = [Row(sheet, row) for row in sheet.table.rows]
    return judge_people([(row, _read(row, meanings)) for row in rows], record, choices, sheet.today, _stays_as_it_is)


def judge_people(
    people: Sequence[Person], record: OnRecord, choices: ImportChoices, today: date, join: Join
) -> tuple[list[Verdict], list[NewPatient]]:
    """The verdict on everybody in a file, and the patients that would be registered."""
    twice = _numbers_that_come_twice(people)
    seen: dict[tuple[str, str, date], int] = {}
    verdicts, plan = [], []
    for row, form in people:
        others = [number for number in twice.get(form.record_number.casefold(), ()) if number != row.number]
        if form.record_number and others:
            row.refuse("record_number", "number_twice", number=form.record_number, rows=_listed(others))
        known = record.numbered(form.record_number) if form.record_number else None
        if known is not None:
            verdicts.append(join(row, form, known))
            continue
        if not row.refused:
            form = checked_form(row, form, today)
        found = verdict(row, form, Outcome.REFUSED if row.refused else Outcome.NEW)
        if found.comes_in:
            found = _compared(row, form, record, choices, seen, join)
        if found.outcome is Outcome.NEW:
            plan.append(NewPatient(row.number, form))
        verdicts.append(found)
    return verdicts, plan


def _stays_as_it_is(row: Considered, form: PatientForm, known: KnownPatient) -> Verdict:
    """A row of a table changes nobody on record."""
    if form.record_number and form.record_number.casefold() == known.row.record_number.casefold():
        row.refuse("record_number", "on_record", number=form.record_number, name=known.row.name)
    else:
        row.refuse("", "likely_on_record", name=known.row.name, number=known.row.record_number)
    return verdict(row, form, Outcome.DUPLICATE, known)


def likely_the_same(form: PatientForm, record: OnRecord) -> KnownPatient | None:
    """A patient of the same birth date with a similar name, or of the very same name (as at registration)."""
    family, given = fold(form.family_name), fold(form.given_name)
    same_name = record.called.get((family, given), [])
    born = [] if form.birth_date is None else record.born_on.get(form.birth_date, [])
    return next(iter([*same_name, *(each for each in born if _similar(family, given, each))]), None)


def _similar(family: str, given: str, known: KnownPatient) -> bool:
    whole = f"{' '.join(known.names)}|{' '.join(reversed(known.names))}"
    return known.names[0].startswith(family[:3]) or bool(given and given[:3] in whole)


def _compared(
    row: Considered,
    form: PatientForm,
    record: OnRecord,
    choices: ImportChoices,
    seen: dict[tuple[str, str, date], int],
    join: Join,
) -> Verdict:
    """The verdict on a row that is in order, once it was compared with the people on record and in the file."""
    assert form.birth_date is not None
    decision = choices.duplicates.get(row.number)
    who = (fold(form.family_name), fold(form.given_name), form.birth_date)
    known, earlier = likely_the_same(form, record), seen.get(who)
    if decision is not Decision.ANOTHER:
        if known is not None and decision is Decision.SAME:
            return join(row, form, known)
        if known is not None:
            row.refuse("", "likely_on_record", name=known.row.name, number=known.row.record_number)
            return verdict(row, form, Outcome.DUPLICATE, known, asks=True)
        if earlier is not None:
            row.refuse("", "likely_in_file", row=earlier)
            return verdict(row, form, Outcome.DUPLICATE, asks=decision is None)
    seen.setdefault(who, row.number)
    return verdict(row, form, Outcome.NEW)


def _read(row: Row, meanings: Meanings) -> PatientForm:
    """What stands in the row. What cannot be read speaks against it."""
    family, given = names_in(row)
    weight = row.number_in("weight_kg", beside="kg")
    died_on = row.day("died_on")
    return PatientForm(
        record_number=row.text("record_number"),
        family_name=family,
        given_name=given,
        birth_date=row.day("birth_date"),
        sex=meanings.sex(row),
        weight_kg=weight,
        weighed_on=row.day("weighed_on"),
        phone=row.text("phone"),
        email=row.text("email"),
        address=row.text("address"),
        emergency_contact=row.text("emergency_contact"),
        language=row.text("language"),
        referring_doctor=row.text("referring_doctor"),
        payer=row.text("payer"),
        status=PatientStatus.ACTIVE if died_on is None else PatientStatus.DIED,
        died_on=died_on,
        note=row.text("note"),
        usual_interval_weeks=row.whole_number("usual_interval_weeks", 1, _MOST_WEEKS),
        history=HistoryForm(
            indication=meanings.indication(row),
            icd10cm=row.text("icd10cm"),
            onset=row.partial_day("onset"),
        ),
    )


def checked_form(row: Considered, form: PatientForm, today: date) -> PatientForm:
    """The form with clean text; what the form of the window would refuse speaks against the row."""
    try:
        return checked(form, today, clinical=True)
    except ClinicError as error:
        row.refuse_error(error.field, error)
        return form


def verdict(
    row: Considered, form: PatientForm, outcome: Outcome, known: KnownPatient | None = None, *, asks: bool = False
) -> Verdict:
    """What was found about a person, with everything that was said on the way."""
    name = ", ".join(part for part in (form.family_name, form.given_name) if part)
    said = " · ".join(part for part in (name, form.record_number) if part)
    existing = None if known is None else known.row
    return Verdict(row.number, outcome, said, tuple(row.reasons), (), existing, asks, row.waits, tuple(row.remarks))


def _numbers_that_come_twice(people: Sequence[Person]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row, form in people:
        if form.record_number:
            found[form.record_number.casefold()].append(row.number)
    return {number: rows for number, rows in found.items() if len(rows) > 1}


def _listed(rows: list[int]) -> str:
    shown = ", ".join(str(number) for number in rows[:5])
    return f"row {shown}" if len(rows) == 1 else f"rows {shown}{' and more' if len(rows) > 5 else ''}"
