"""From a file and what was decided about it to the verdicts and the rows to be written; nothing is written here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from clinic_app.exchange.fhir.read_facts import ReadBundle
from clinic_app.reference.catalogue import Reference
from clinic_app.services.importing.appointments import Booker, judge_appointments
from clinic_app.services.importing.asking import Asking, answer_key
from clinic_app.services.importing.bundle_table import columns_of
from clinic_app.services.importing.bundles import NewLines, judge_bundle
from clinic_app.services.importing.choices import REMEMBERED, ImportChoices
from clinic_app.services.importing.fields import header_key
from clinic_app.services.importing.files import ImportFile
from clinic_app.services.importing.injections import NewVisit, judge_injections
from clinic_app.services.importing.injectors import Injector
from clinic_app.services.importing.meanings import Meanings
from clinic_app.services.importing.on_record import OnRecord
from clinic_app.services.importing.patients import NewPatient, judge_patients
from clinic_app.services.importing.preview import Preview, Verdict
from clinic_app.services.importing.sheet import Sheet
from clinic_app.services.importing.side_effects import NewSideEffect, judge_side_effects
from clinic_app.terms import ImportKind

_MOST_REMEMBERED = 2000


@dataclass(slots=True)
class Judged:
    """The preview, and what would be written."""

    preview: Preview
    patients: list[NewPatient] = field(default_factory=list)
    lines: list[NewLines] = field(default_factory=list)
    visits: list[NewVisit] = field(default_factory=list)
    side_effects: list[NewSideEffect] = field(default_factory=list)


def judge(file: ImportFile, choices: ImportChoices, booker: Booker, closed: frozenset[int]) -> Judged:
    """Look at a file against what is on record; of the ``closed`` records nothing is told and nothing is changed.

    Appointments are not in what comes back: ``booker`` accepts each before the next is looked at, because the next may
    clash with it.
    """
    session, reference, today = booker.session, booker.reference, booker.now.date()
    record = OnRecord(session, closed)
    if file.bundle is not None:
        return _judge_bundle(file, file.bundle, record, choices, reference, today)
    asking = Asking(choices, record.remembered("answers"))
    columns = record.remembered("columns").get(choices.kind.value, {})
    sheet = Sheet(file.table, choices, columns, asking, today)
    judged = Judged(Preview(choices.kind, file.table.name, sheet.columns, sheet.missing, (), ()))
    verdicts: list[Verdict] = []
    injectors: list[Injector] = []
    if not sheet.missing:
        meanings = Meanings(reference, record.region, sheet)
        match choices.kind:
            case ImportKind.PATIENTS:
                verdicts, judged.patients = judge_patients(sheet, meanings, record, choices)
            case ImportKind.INJECTIONS:
                verdicts, judged.visits = judge_injections(sheet, meanings, record, choices, reference)
                injectors = [each.injector for each in judged.visits]
            case ImportKind.APPOINTMENTS:
                verdicts, appointments = judge_appointments(sheet, meanings, record, choices, booker)
                injectors = [each.injector for each in appointments]
            case ImportKind.SIDE_EFFECTS:
                verdicts, judged.side_effects = judge_side_effects(session, sheet, meanings, record)
    judged.preview = Preview(
        choices.kind,
        file.table.name,
        sheet.columns,
        sheet.missing,
        asking.questions(),
        tuple(verdicts),
        tuple(dict.fromkeys(each.full_name for each in injectors if each.account_id is None)),
    )
    return judged


def _judge_bundle(
    file: ImportFile, bundle: ReadBundle, record: OnRecord, choices: ImportChoices, reference: Reference, today: date
) -> Judged:
    """A bundle says itself what each part of it is: nothing is asked but whom it is about."""
    verdicts, patients, lines = judge_bundle(bundle, record, choices, reference, today)
    preview = Preview(
        ImportKind.PATIENTS,
        file.table.name,
        columns_of(file.table),
        missing=(),
        questions=(),
        verdicts=tuple(verdicts),
        passed_over=tuple(bundle.not_taken.items()),
    )
    return Judged(preview, patients, lines)


def with_memory(kept: object, choices: ImportChoices) -> dict[str, dict[str, dict[str, str]]]:
    """What the clinic remembers of columns and texts, once a file came in with these choices."""
    before: Mapping[str, Mapping[str, Mapping[str, str]]] = kept if isinstance(kept, dict) else {}
    columns = {kind: dict(names) for kind, names in before.get("columns", {}).items()}
    answers = {ask: dict(texts) for ask, texts in before.get("answers", {}).items()}
    for header, name in choices.columns.items():
        columns.setdefault(choices.kind.value, {})[header_key(header)] = name
    for (ask, text), answer in choices.answers.items():
        if ask in REMEMBERED:
            answers.setdefault(ask.value, {})[answer_key(text)] = answer
    return {
        "columns": {kind: _latest(names) for kind, names in columns.items()},
        "answers": {ask: _latest(texts) for ask, texts in answers.items()},
    }


def _latest(meanings: dict[str, str]) -> dict[str, str]:
    return dict(list(meanings.items())[-_MOST_REMEMBERED:])
