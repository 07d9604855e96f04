"""``clinic-app import FILE``: old records from a spreadsheet or a FHIR bundle, looked at, brought in or taken back."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from clinic_app.errors import ClinicError
from clinic_app.exchange.typed_values import DateOrder, NumberStyle
from clinic_app.models.private_files import write_private
from clinic_app.reference.catalogue import load_reference
from clinic_app.services.access import Actor
from clinic_app.services.bundle import Services
from clinic_app.services.clock import system_clock
from clinic_app.services.importing.choices import Ask, Decision, ImportChoices
from clinic_app.services.importing.fields import FIELDS, header_key
from clinic_app.services.importing.files import ImportFile, is_bundle, rejected_csv, why
from clinic_app.services.importing.imports import Imports
from clinic_app.services.importing.preview import Outcome, Preview, Question
from clinic_app.services.stores import unlock
from clinic_app.settings import Settings
from clinic_app.terms import ImportKind

_MOST_SHOWN = 20
_MOST_CANDIDATES = 8


def bring_in(settings: Settings, parsed: argparse.Namespace) -> int:
    """Do what the arguments say. Raises ClinicError."""
    if settings.passphrase is None or not settings.user_name:
        raise ClinicError("passphrase_missing", field="passphrase")
    data = None if parsed.undo is not None or parsed.list else _read(parsed)
    store = unlock(settings, settings.user_name, settings.passphrase, system_clock)
    try:
        imports = Services(store.database, system_clock, load_reference()).imports
        if parsed.undo is not None:
            imports.undo(store.actor, parsed.undo)
            print(f"Import {parsed.undo} is undone.")
            return 0
        if data is None:
            return _list(imports, store.actor)
        file = imports.read(store.actor, parsed.file.name, data, sheet=parsed.sheet)
        return _bring_in(imports, store.actor, file, parsed)
    finally:
        store.close()


def _read(parsed: argparse.Namespace) -> bytes:
    if parsed.file is None:
        raise ClinicError("import_what_missing")
    try:
        data: bytes = parsed.file.read_bytes()
    except OSError as error:
        raise ClinicError("check_file_unreadable", file=parsed.file) from error
    if parsed.kind is None and not is_bundle(parsed.file.name, data):
        raise ClinicError("import_what_missing")
    return data


def _kind(parsed: argparse.Namespace, file: ImportFile) -> ImportKind:
    """What the file holds: of a bundle it is said by the bundle."""
    if file.bundle is None:
        return ImportKind(parsed.kind)
    if parsed.kind not in (None, ImportKind.PATIENTS):
        raise ClinicError("import_bundle_of_patients")
    return ImportKind.PATIENTS


def _bring_in(imports: Imports, actor: Actor, file: ImportFile, parsed: argparse.Namespace) -> int:
    choices, preview = _chosen(imports, actor, file, parsed)
    _tell(preview, bundle=file.bundle is not None)
    open_rows = [each for each in preview.left_out if each.outcome is Outcome.REFUSED or each.asks]
    if parsed.dry_run or (open_rows and parsed.rejected is None):
        if parsed.rejected is not None:
            _write_rejected(parsed.rejected, file, preview)
        if open_rows and not parsed.dry_run:
            print("Nothing was brought in. With --rejected FILE the other rows come in.", file=sys.stderr)
        return 1 if open_rows or preview.missing else 0
    done = imports.bring_in(actor, file, choices)
    if parsed.rejected is not None:
        _write_rejected(parsed.rejected, file, done.preview)
    print(f"{_counted(done.preview.coming_in, 'row')} came in as import {done.import_id}.")
    return 0


def _chosen(
    imports: Imports, actor: Actor, file: ImportFile, parsed: argparse.Namespace
) -> tuple[ImportChoices, Preview]:
    """The choices that the arguments say; an answer can raise a question that another argument answers."""
    meanings = dict(_pairs(parsed.meanings))
    kind = _kind(parsed, file)
    choices = ImportChoices(
        kind=kind,
        columns={header: _field(kind, name) for header, name in _pairs(parsed.columns)},
        date_order=DateOrder(parsed.dates) if parsed.dates else None,
        number_style=NumberStyle(parsed.decimal) if parsed.decimal else None,
        answers={(ask, text): said for ask in (Ask.INJECTOR, Ask.EFFECT) for text, said in meanings.items()},
        duplicates=dict.fromkeys(parsed.same, Decision.SAME) | dict.fromkeys(parsed.another, Decision.ANOTHER),
        confirmed=frozenset(parsed.confirm),
        clash_reason=parsed.clash_reason,
    )
    while True:
        preview = imports.preview(actor, file, choices)
        found = dict(_answers(preview.questions, meanings))
        if not found.keys() - choices.answers.keys():
            return choices, preview
        choices = replace(choices, answers={**choices.answers, **found})


def _answers(questions: Sequence[Question], meanings: dict[str, str]) -> Iterator[tuple[tuple[Ask, str], str]]:
    texts = {header_key(text) or text: said for text, said in meanings.items()}
    for question in questions:
        said = texts.get(header_key(question.text) or question.text)
        for candidate in question.candidates if said is not None else ():
            if header_key(said or "") in (header_key(candidate.answer), header_key(candidate.words)):
                yield (question.ask, question.text), candidate.answer
                break


def _tell(preview: Preview, *, bundle: bool) -> None:
    for column in () if bundle else preview.columns:
        print(f"{column.header}: {column.field.replace('_', ' ') or 'left out'}")
    if preview.missing:
        print(f"Missing: {', '.join(field.title for field in preview.missing)}. Name the column with --column.")
    if preview.before is not None:
        print(f"This file came in on {preview.before.made_at:%Y-%m-%d} as import {preview.before.id}.")
    for name in preview.new_names:
        print(f"{name} has no account and gets one that is not active.")
    for question in preview.questions:
        offered = ", ".join(each.answer for each in question.candidates[:_MOST_CANDIDATES])
        print(f"{question.ask.replace('_', ' ')} “{question.text}” ({_counted(question.rows, 'row')}): {offered}")
    print(
        f"{_counted(preview.coming_in, 'row')} can come in, {preview.count(Outcome.DUPLICATE)} on record already, "
        f"{preview.count(Outcome.REFUSED)} cannot."
    )
    if preview.passed_over:
        print(f"Never brought in: {', '.join(f'{kind} ({number:,})' for kind, number in preview.passed_over)}.")
    for verdict in [each for each in preview.verdicts if each.comes_in and each.remarks][:_MOST_SHOWN]:
        print(f"Row {verdict.number} comes in. {why(verdict)}")
    left_out = preview.left_out
    for verdict in left_out[:_MOST_SHOWN]:
        print(f"Row {verdict.number}: {why(verdict)}")
    if len(left_out) > _MOST_SHOWN:
        print(f"… and {_counted(len(left_out) - _MOST_SHOWN, 'more row', 'more rows')}")


def _list(imports: Imports, actor: Actor) -> int:
    for made in imports.imports(actor):
        undone = "" if made.undone_at is None else f", undone on {made.undone_at:%Y-%m-%d} by {made.undone_by}"
        rows = f"{_counted(made.rows_in, 'row')} in, {made.rows_out:,} out"
        print(f"{made.id}: {made.kind.replace('_', ' ')} from {made.file_name}, {rows}, "
              f"on {made.made_at:%Y-%m-%d} by {made.by}{undone}")  # fmt: skip
    return 0


def _write_rejected(path: Path, file: ImportFile, preview: Preview) -> None:
    if preview.left_out:
        # With the mark by which spreadsheets know the encoding; for its owner only, as it names patients.
        write_private(path, rejected_csv(file, preview).encode("utf-8-sig"))
        print(f"{_counted(len(preview.left_out), 'row')} left out, with the reasons, in {path}.")


def _pairs(typed: Sequence[str]) -> Iterator[tuple[str, str]]:
    for each in typed:
        text, equals, meaning = each.rpartition("=")
        if not equals:
            raise ClinicError("import_meaning_unclear", typed=each)
        yield text.strip(), meaning.strip()


def _field(kind: ImportKind, name: str) -> str:
    known = {header_key(each): field.name for field in FIELDS[kind] for each in (field.name, field.title)}
    if name and header_key(name) not in known:
        raise ClinicError("import_field_unknown", typed=name, known=", ".join(each.name for each in FIELDS[kind]))
    return known.get(header_key(name), "")


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
