"""From a file and what was decided about it to the verdicts and the rows to be written; nothing is written here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from clinic_app.reference.catalogue import Reference
from clinic_app.services.importing.asking import Asking, answer_key
from clinic_app.services.importing.choices import REMEMBERED, ImportChoices
from clinic_app.services.importing.fields import header_key
from clinic_app.services.importing.files import ImportFile
from clinic_app.services.importing.injections import NewVisit, judge_injections
from clinic_app.services.importing.meanings import Meanings
from clinic_app.services.importing.on_record import OnRecord
from clinic_app.services.importing.patients import NewPatient, judge_patients
from clinic_app.services.importing.preview import Preview, Verdict
from clinic_app.services.importing.sheet import Sheet
from clinic_app.terms import ImportKind

_MOST_REMEMBERED = 2000


@dataclass(slots=True)
class Judged:
    """The preview, and what would be written."""

    preview: Preview
    patients: list[NewPatient] = field(default_factory=list)
    visits: list[NewVisit] = field(default_factory=list)


def judge(session: Session, reference: Reference, file: ImportFile, choices: ImportChoices, now: datetime) -> Judged:
    """Look at a file against what is on record. ``now`` is the clinic's wall clock."""
    record = OnRecord(session)
    asking = Asking(choices, record.remembered("answers"))
    columns = record.remembered("columns").get(choices.kind.value, {})
    sheet = Sheet(file.table, choices, columns, asking, now.date())
    judged = Judged(Preview(choices.kind, file.table.name, sheet.columns, sheet.missing, (), ()))
    verdicts: list[Verdict] = []
    if not sheet.missing:
        meanings = Meanings(reference, record.region, sheet)
        match choices.kind:
            case ImportKind.PATIENTS:
                verdicts, judged.patients = judge_patients(sheet, meanings, record, choices)
            case ImportKind.INJECTIONS:
                verdicts, judged.visits = judge_injections(sheet, meanings, record, choices, reference)
    judged.preview = Preview(
        choices.kind,
        file.table.name,
        sheet.columns,
        sheet.missing,
        asking.questions(),
        tuple(verdicts),
        tuple(dict.fromkeys(each.injector.full_name for each in judged.visits if each.injector.account_id is None)),
    )
    return judged


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
