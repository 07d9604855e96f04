"""Everything of a clinic as files, and a clinic of them again that is the same; or a sentence, and nothing."""

import csv
import errno
import hashlib
import io
import json
import os
import shutil
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, select, text

from clinic_app.clinic_tables_command import export_csv, import_folder
from clinic_app.errors import ClinicError, NotAllowed, StoreProblem, WrongPassphrase
from clinic_app.exchange import exact_csv
from clinic_app.models import Account, AuditEntry, Base, Clinic, TreatmentCycle, copying
from clinic_app.models.keys import KeyFile
from clinic_app.models.server import ServerAddress, server_engine
from clinic_app.reference import Reference
from clinic_app.services.access import Actor
from clinic_app.services.accounts import AccountForm, Accounts
from clinic_app.services.bundle import Services
from clinic_app.services.clinic_export import ExportedClinic, export_clinic
from clinic_app.services.clinic_import import ImportedClinic, import_clinic
from clinic_app.services.clinic_source import look_at
from clinic_app.services.clinic_tables import (
    DICTIONARY,
    LEFT_OUT,
    NOT_EXPORTED,
    columns_of,
    dictionary_lines,
    exported_tables,
    file_of,
    meanings,
)
from clinic_app.services.paper import Step, WentOut, untold
from clinic_app.services.stores import OpenStore, unlock
from clinic_app.services.verification import verify_clinic
from clinic_app.settings import Settings
from clinic_app.terms import Role
from tests.clinics import CHEAP, PASSPHRASE
from tests.exchange.test_exact_csv import value_of
from tests.faults.full_disks import small_disk
from tests.postgres import OWNER, PostgresServer
from tests.services.conftest import OpenClinic

NEW = "harbour violets seldom sleep"
"""The manager's passphrase in the clinic that is made of an export."""
HOSTILE = "=cmd|' /C calc'!A0"
FEW = 2
"""Rows of a batch."""
Spoil = Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class Handed:
    """A clinic with something of everything, its export, and an empty place for what is made of it."""

    clinic: OpenClinic
    folder: Path
    place: Settings
    """As who sets a clinic up has it."""
    there: Settings
    """As who works in it has it."""

    def bring_in(self, step: Step = untold, user: str = "ellison", passphrase: str = NEW) -> ImportedClinic:
        return import_clinic(
            self.place, self.folder, user, passphrase, self.clinic.clock, step, cost=CHEAP, at_once=FEW
        )

    def is_empty(self) -> bool:
        if not self.place.database_url:
            return not self.place.data.exists() and not list(self.place.data.parent.glob("there*"))
        engine = server_engine(ServerAddress.read(self.place.database_url))
        try:
            return not inspect(engine).get_table_names()
        finally:
            engine.dispose()

    def opened(self, user: str = "ellison", passphrase: str = NEW, *, noted: bool = True) -> OpenStore:
        self.there.data.mkdir(exist_ok=True)
        return unlock(self.there, user, passphrase, self.clinic.clock, noted=noted)


def export(clinic: OpenClinic, folder: Path, step: Step = untold, actor: Actor | None = None) -> ExportedClinic:
    return export_clinic(clinic.store.database, actor or clinic.physician, folder, clinic.clock, step, at_once=FEW)


def fill(clinic: OpenClinic) -> None:
    """Something of everything that is kept in a way of its own."""
    patient = clinic.patient(family_name=HOSTILE, given_name="'Ada", note='two\r\nlines, “quoted” "twice" 🦢\n')
    visit = clinic.signed(patient, clinic.content(clinic.lot()))
    clinic.services.visits.add_addendum(clinic.physician, visit, "a slip", "-left, not right", clinic.confirmed())
    paper = clinic.services.papers.visit_note(clinic.physician, visit)
    for way in (WentOut.PRINTED, WentOut.SAVED):
        clinic.services.kept_papers.keep(clinic.physician, paper, paper.render(), way)
    clinic.services.charts.start(clinic.physician, clinic.patient(family_name="Ünmistakable"))
    clinic.services.identity.set_pin(clinic.physician, PASSPHRASE, "4071")
    Accounts(clinic.store.database, clinic.clock, clinic.store.files.keys, clinic.store.key, cost=CHEAP).add(
        clinic.physician, AccountForm("second", "Second Manager", frozenset({Role.MANAGER})), PASSPHRASE
    )
    with clinic.behind_the_program() as connection:
        connection.execute(
            text("INSERT INTO clinic_logo (clinic_id, digest, png) SELECT id, 'x', :png FROM clinic"),
            {"png": b"\x89PNG\x00"},
        )


@pytest.fixture
def handed(clinic: OpenClinic, server: PostgresServer | None, tmp_path: Path) -> Handed:
    fill(clinic)
    export(clinic, tmp_path / "out")
    there = Settings(data=tmp_path / "there")
    if server is None:
        return Handed(clinic, tmp_path / "out", there, there)
    database = server.new_database()
    place = replace(there, database_url=server.url(database, OWNER))
    return Handed(clinic, tmp_path / "out", place, replace(there, database_url=server.url(database)))


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def rows_of(folder: Path, name: str) -> Iterator[list[list[str]]]:
    """The rows of a file as cells, to be changed; the manifest is made to fit."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    yield rows
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    seal_anew(folder, name, len(rows) - 1)


def seal_anew(folder: Path, name: str, rows: int | None = None) -> None:
    """What somebody who changes a file on purpose would do as well."""
    manifest = json.loads((folder / "manifest.json").read_text())
    entry = manifest["files"][name]
    entry["sha256"] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    entry["rows"] = entry["rows"] if rows is None else rows
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_what_is_read_again_is_the_same_and_is_exported_as_the_same_files(
    handed: Handed, reference: Reference, tmp_path: Path
) -> None:
    clinic = handed.clinic
    came = handed.bring_in()
    assert came.broken == () and came.waiting == ("desk", "nurse", "second")
    assert came.rows == {name: rows for name, rows in look_at(handed.folder).rows.items() if name in came.rows}
    store = handed.opened(noted=False)
    export_clinic(store.database, store.actor, tmp_path / "again", clinic.clock, at_once=3)
    assert files_of(tmp_path / "again") == files_of(handed.folder)

    with clinic.store.database.reading() as before, store.database.reading() as after:
        for table in exported_tables():
            if table.name not in ("account", "audit_entry"):
                told = [copying.content(each.connection(), table, lambda _: None) for each in (before, after)]
                assert told[0] == told[1], table.name
        cycles = select(TreatmentCycle.__table__)
        assert before.execute(cycles).all() == after.execute(cycles).all() != []
        assert set(after.scalars(select(Account.pin_verifier))) == {None}
    store.close()

    store = handed.opened()
    with store.database.reading() as session:
        (line,) = [entry for entry in session.scalars(select(AuditEntry)) if "imported" in entry.after]
        assert line.account_id == clinic.physician.account_id and line.kind == "clinic"
    assert verify_clinic(handed.there, store.database, store.data_key, handed.there.data / "backups") == ()
    assert KeyFile.read(store.files.keys).open_with_recovery(came.recovery_code) == store.data_key
    assert store.data_key != clinic.store.data_key
    services = Services(store.database, clinic.clock, reference, key_file=store.files.keys)
    moved = replace(clinic, settings=handed.there, store=store, services=services)
    moved.signed(moved.patient(family_name="After"), moved.content(moved.lot()))
    assert verify_clinic(handed.there, store.database, store.data_key, handed.there.data / "backups") == ()
    store.close()
    handed.opened().close()
    store = handed.opened(noted=False)
    with store.database.reading() as session:
        assert len([entry for entry in session.scalars(select(AuditEntry)) if "imported" in entry.after]) == 1
    store.close()


def test_everybody_else_waits_for_the_manager(handed: Handed, reference: Reference) -> None:
    handed.bring_in(user=" Second ")
    for user, passphrase in (("nurse", PASSPHRASE), ("ellison", PASSPHRASE), ("ellison", NEW)):
        with pytest.raises(WrongPassphrase):
            handed.opened(user, passphrase)
    store = handed.opened("second")
    accounts = Accounts(store.database, handed.clinic.clock, store.files.keys, store.key, cost=CHEAP)
    waiting = {entry.user_name: entry.id for entry in accounts.entries(store.actor) if not entry.opens}
    assert set(waiting) == {"ellison", "nurse", "desk"}
    accounts.reset_passphrase(store.actor, waiting["nurse"], PASSPHRASE)
    store.close()
    handed.opened("nurse", PASSPHRASE).close()


def test_the_folder_is_its_owners_and_the_trail_tells_of_it(handed: Handed) -> None:
    modes = {oct(path.stat().st_mode)[-3:] for path in handed.folder.rglob("*")}
    assert modes == {"600", "700"} and oct(handed.folder.stat().st_mode)[-3:] == "700"
    with handed.clinic.store.database.reading() as session:
        (line,) = session.scalars(select(AuditEntry).where(AuditEntry.what == "exported"))
    assert line.account_id == handed.clinic.physician.account_id
    assert line.after["folder"] == str(handed.folder)


def test_a_formula_is_a_text_in_every_file_and_no_secret_is_in_any(handed: Handed) -> None:
    for name, content in files_of(handed.folder).items():
        if name.endswith(".csv"):
            for row in csv.reader(io.StringIO(content.decode(), newline="")):
                assert not [cell for cell in row if cell.lstrip(" ").startswith(("=", "+", "@", "\t", "\r", "-l"))]
        assert b"argon2" not in content
    assert f"'{HOSTILE}" in (handed.folder / "patient.csv").read_text()
    (pdf,) = handed.folder.glob("files/*.pdf")
    assert pdf.read_bytes().startswith(b"%PDF"), "what is printed twice is there once"


def test_only_a_manager_exports(clinic: OpenClinic, tmp_path: Path) -> None:
    for actor in (clinic.nurse, clinic.desk, replace(clinic.physician, roles=frozenset({Role.PHYSICIAN}))):
        with pytest.raises(NotAllowed):
            export(clinic, tmp_path / "out", actor=actor)
    assert not (tmp_path / "out").exists()


def test_each_table_leaves_or_stays_for_a_reason() -> None:
    tables = Base.metadata.tables
    assert set(NOT_EXPORTED) < set(tables) and all(NOT_EXPORTED.values())
    assert {table.name for table in exported_tables()} == set(tables) - set(NOT_EXPORTED)
    leaving: set[str] = set()
    for table in exported_tables():
        leaving.add(table.name)
        assert {key.column.table.name for key in table.foreign_keys} <= leaving, table.name
    for name, left_out in LEFT_OUT.items():
        assert set(left_out) < set(tables[name].columns.keys())


def test_each_column_has_a_meaning_and_no_meaning_is_left_over() -> None:
    explained = {(line[0], line[1]) for line in dictionary_lines() if line[6]}
    assert explained == {(file_of(table), each.name) for table in exported_tables() for each in columns_of(table)}
    columns = {table.name: {each.name for each in columns_of(table)} for table in exported_tables()}
    for name, said in meanings().items():
        assert set(said) <= (set().union(*columns.values()) if name == "every" else columns[name]), name


def test_the_dictionary_tells_types_and_references(handed: Handed) -> None:
    with (handed.folder / DICTIONARY).open(encoding="utf-8", newline="") as file:
        lines = {(line["file"], line["column"]): line for line in csv.DictReader(file)}
    lot = lines["vial.csv", "lot_id"]
    assert (lot["type"], lot["may be missing"], lot["refers to"]) == ("integer", "yes", "lot.csv, id")
    assert lines["vial.csv", "diluent_ml"]["type"] == "decimal" and lines["vial.csv", "diluent_ml"]["unit"] == "mL"
    assert lines["injection.csv", "side"]["type"].startswith("word: ")


@given(st.data())
def test_any_row_of_any_table_comes_back_as_it_was(data: st.DataObject) -> None:
    columns = columns_of(data.draw(st.sampled_from(exported_tables())))
    row = [data.draw(value_of(column)) for column in columns]
    file = io.StringIO(exact_csv.header(columns) + exact_csv.lines(columns, [row]), newline="")
    assert list(exact_csv.read_rows(file, "", columns)) == [(2, row)]


class Stopped(Exception):
    """Somebody does not wait any more."""


def stopping(after: int) -> Step:
    left = after

    def step(done: int, of: int) -> None:
        nonlocal left
        assert 0 <= done <= of
        left -= 1
        if left < 0:
            raise Stopped

    return step


def test_an_export_that_is_stopped_leaves_nothing(clinic: OpenClinic, tmp_path: Path) -> None:
    fill(clinic)
    for after in (0, 3, 20):
        with pytest.raises(Stopped):
            export(clinic, tmp_path / "out", stopping(after))
        assert not list(tmp_path.glob("out*"))
    with clinic.store.database.reading() as session:
        assert session.scalar(select(AuditEntry.id).where(AuditEntry.what == "exported")) is None


def test_an_export_is_of_one_moment(clinic: OpenClinic, tmp_path: Path) -> None:
    fill(clinic)

    def meanwhile(done: int, of: int) -> None:
        if done == 0:
            clinic.patient(family_name="Meanwhile")

    rows = export(clinic, tmp_path / "out", meanwhile).rows
    assert rows["patient"] == 2 and "Meanwhile" not in (tmp_path / "out" / "audit_entry.csv").read_text()


def test_a_full_disk_leaves_no_export(clinic: OpenClinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreProblem, match="is full"):
        export(clinic, tmp_path / "out")
    assert not list(tmp_path.glob("out*"))


def test_a_folder_that_holds_something_is_left_alone(clinic: OpenClinic, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").touch()
    with pytest.raises(ClinicError, match="holds something"):
        export(clinic, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["letter.txt"]


def test_an_import_that_is_stopped_leaves_nothing_and_can_be_done_again(handed: Handed) -> None:
    for after in (0, 1, 30):
        with pytest.raises(Stopped):
            handed.bring_in(stopping(after))
        assert handed.is_empty()
    handed.bring_in()
    handed.opened().close()


@pytest.mark.about_files
def test_a_full_disk_leaves_no_clinic(handed: Handed, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        disk.fill()
        disk.make_room(40)
        cramped = replace(handed, place=Settings(data=tmp_path / "disk" / "there"))
        with pytest.raises(StoreProblem, match="is full"):
            cramped.bring_in()
        assert cramped.is_empty()


def test_nothing_is_written_over_a_clinic(handed: Handed) -> None:
    handed.bring_in()
    with pytest.raises(StoreProblem):
        handed.bring_in()
    handed.opened().close()


def test_what_was_signed_and_changed_in_the_files_is_told(handed: Handed) -> None:
    with rows_of(handed.folder, "visit.csv") as visits:
        visits[1][visits[0].index("plan")] = "Something else."
    with rows_of(handed.folder, "audit_entry.csv") as entries:
        entries[5][entries[0].index("workstation")] = "elsewhere"
    came = handed.bring_in()
    assert {broken.what for broken in came.broken} == {"signatures", "audit trail"}


def spoiled(name: str, row: int, column: str, cell: str, folder: Path) -> None:
    with rows_of(folder, name) as rows:
        rows[row][rows[0].index(column)] = cell


def twice(name: str, folder: Path) -> None:
    with rows_of(folder, name) as rows:
        rows.append(rows[-1])


def cut(name: str, folder: Path) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])


def rewritten(name: str, content: bytes, folder: Path) -> None:
    (folder / name).write_bytes(content)
    if name != "manifest.json":
        seal_anew(folder, name)


def manifest(change: Callable[[dict[str, object]], object], folder: Path) -> None:
    said = json.loads((folder / "manifest.json").read_text())
    change(said)
    (folder / "manifest.json").write_text(json.dumps(said))


def a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("id,name\n")


def without(pattern: str, folder: Path) -> None:
    for path in folder.glob(pattern):
        path.unlink()


def emptied(folder: Path) -> None:
    for path in folder.glob("files/*.pdf"):
        path.write_bytes(b"")


BEFORE: list[tuple[Spoil, str, str]] = [
    (shutil.rmtree, "tables_no_folder", "There is no folder"),
    (a_file, "tables_no_folder", "There is no folder"),
    (partial(without, "manifest.json"), "tables_no_manifest", "manifest.json"),
    (partial(rewritten, "manifest.json", b"{"), "tables_manifest_damaged", "manifest.json"),
    (partial(rewritten, "manifest.json", b"[1]"), "tables_manifest_damaged", "manifest.json"),
    (partial(rewritten, "manifest.json", b"\xff\xfe\x00"), "tables_manifest_damaged", "manifest.json"),
    (partial(rewritten, "manifest.json", b'{"format": 1}'), "tables_manifest_damaged", "manifest.json"),
    (partial(rewritten, "manifest.json", b"[" * 100_000), "tables_manifest_damaged", "manifest.json"),
    (partial(manifest, lambda said: said.update(format=2)), "tables_newer", "newer"),
    (partial(manifest, lambda said: said.update(tables="9999")), "tables_newer", "newer"),
    (partial(manifest, lambda said: said.update(tables="0001", program="0.0.7")), "tables_older", "0.0.7"),
    (partial(manifest, lambda said: said.update(tables=12)), "tables_manifest_damaged", "manifest.json"),
    (partial(manifest, lambda said: said.update(files=[])), "tables_manifest_damaged", "manifest.json"),
    (partial(without, "visit.csv"), "tables_file_missing", "visit.csv"),
    (partial(without, DICTIONARY), "tables_file_missing", DICTIONARY),
    (partial(cut, "patient.csv"), "tables_file_changed", "patient.csv"),
    (partial(twice, "clinic.csv"), "tables_manifest_damaged", "manifest.json"),
    (partial(rewritten, "account.csv", b"%PDF-1.7 \xe2\xe3"), "tables_line_unreadable", "account.csv, line 1"),
    (partial(rewritten, "account.csv", b"a;b\r\n"), "tables_header", "account.csv"),
    (partial(spoiled, "account.csv", 1, "user_name", "recovery"), "user_name_reserved", "recovery"),
]  # fmt: skip
AMONG: list[tuple[Spoil, str, str]] = [
    (partial(spoiled, "visit.csv", 1, "visited_on", "02/03/2026"), "tables_cell", "visit.csv, line 2"),
    (partial(spoiled, "injection.csv", 2, "side", "upper"), "tables_cell", "injection.csv, line 3"),
    (partial(manifest, lambda said: said["files"]["lot.csv"].update(rows=7)), "tables_file_changed", "lot.csv"),  # type: ignore[index]  # a dict
    (partial(spoiled, "kept_file.csv", 1, "content", "files/../clinic.pdf"), "tables_cell", "kept_file.csv, line 2"),
    (partial(without, "files/*.pdf"), "tables_paper_missing", "kept_file.csv, line 2"),
    (emptied, "tables_file_changed", ".pdf"),
]  # fmt: skip
REFUSED: list[tuple[Spoil, str, str]] = [
    (partial(spoiled, "visit.csv", 1, "patient_id", "99"), "tables_reference", "visit.csv, line 2"),
    (partial(spoiled, "audit_entry.csv", 9, "account_id", "99"), "tables_reference", "audit_entry.csv, line 10"),
    (partial(twice, "addendum.csv"), "tables_twice", "addendum.csv, line 3"),
    (partial(spoiled, "working_hours.csv", 3, "weekday", "9"), "tables_row", "working_hours.csv, line 4"),
]


def refuse(handed: Handed, beside: Path, cases: list[tuple[Spoil, str, str]]) -> None:
    """Each case on a copy of the export of its own; nothing is there afterwards."""
    for number, (spoil, code, part) in enumerate(cases):
        folder = shutil.copytree(handed.folder, beside / str(number))
        spoil(folder)
        with pytest.raises(ClinicError) as refused:
            replace(handed, folder=folder).bring_in()
        assert (refused.value.code, number) == (code, number)
        assert part in str(refused.value)
        assert handed.is_empty()


@pytest.mark.about_files
def test_a_folder_that_is_no_whole_export_is_refused_in_a_sentence(handed: Handed, tmp_path: Path) -> None:
    refuse(handed, tmp_path, BEFORE)


@pytest.mark.about_files
def test_what_is_wrong_among_the_rows_is_told_with_its_line(handed: Handed, tmp_path: Path) -> None:
    refuse(handed, tmp_path, AMONG)


def test_what_the_database_refuses_is_told_with_its_line(handed: Handed, tmp_path: Path) -> None:
    refuse(handed, tmp_path, REFUSED)
    handed.bring_in()
    handed.opened().close()


def test_the_manager_is_one_of_the_file_and_the_passphrase_a_good_one(handed: Handed) -> None:
    for user in ("nurse", "nobody", ""):
        with pytest.raises(ClinicError, match="ellison, second") as refused:
            handed.bring_in(user=user)
        assert refused.value.field == "user_name"
    for passphrase in ("", "short", "ellison ellison"):
        with pytest.raises(ClinicError) as refused:
            handed.bring_in(passphrase=passphrase)
        assert refused.value.field == "passphrase"
    assert handed.is_empty()


@pytest.mark.about_files
def test_any_bytes_in_the_place_of_a_file_are_rows_or_told_in_a_sentence(handed: Handed) -> None:
    tables = [table for table in exported_tables() if look_at(handed.folder).rows[table.name]]
    kept = files_of(handed.folder)

    @given(st.data())
    def any_bytes(data: st.DataObject) -> None:
        table = data.draw(st.sampled_from(tables))
        content = bytearray(kept[file_of(table)])
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(content) - 1))
            content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
        (handed.folder / file_of(table)).write_bytes(content)
        seal_anew(handed.folder, file_of(table))
        try:
            list(look_at(handed.folder).read(table))
        except ClinicError as refused:
            assert str(refused)
        finally:
            (handed.folder / file_of(table)).write_bytes(kept[file_of(table)])
            seal_anew(handed.folder, file_of(table))

    any_bytes()


@pytest.mark.about_files
def test_a_clinic_in_a_folder_keeps_what_a_server_would_not(clinic: OpenClinic, tmp_path: Path) -> None:
    with clinic.behind_the_program() as connection:
        connection.execute(text("UPDATE clinic SET address = :odd"), {"odd": "zero \x00 inside"})
    export(clinic, tmp_path / "out")
    there = Settings(data=tmp_path / "there")
    import_clinic(there, tmp_path / "out", "ellison", NEW, clinic.clock, cost=CHEAP)
    store = unlock(there, "ellison", NEW, clinic.clock)
    with store.database.reading() as session:
        assert session.scalar(select(Clinic.address)) == "zero \x00 inside"
    store.close()


@pytest.mark.about_files
def test_by_command_it_goes_there_and_back(
    clinic: OpenClinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(clinic)
    clinic.store.close()
    here = replace(clinic.settings, user_name="ellison", passphrase=PASSPHRASE)

    out = tmp_path / "out"
    assert export_csv(here, Namespace(out=out)) == 0
    said = capsys.readouterr()
    assert f"{out}: 2 patients, 1 visits" in said.out and "encrypted" in said.err
    there = Settings(data=tmp_path / "there", user_name="ellison", passphrase=NEW)
    assert import_folder(there, Namespace(file=out)) == 0
    said = capsys.readouterr()
    assert "desk, nurse, second" in said.out
    code = next(line for line in said.out.splitlines() if line.count("-") == 7)
    assert KeyFile.read(there.key_file).open_with_recovery(code)
    again = tmp_path / "again"
    assert export_csv(there, Namespace(out=again)) == 0
    first, second = files_of(out), files_of(again)
    assert {name for name in first if first[name] != second[name]} == {"manifest.json"}, "which tells when"

    for parsed, function in ((Namespace(out=again), export_csv), (Namespace(file=out), import_folder)):
        with pytest.raises(ClinicError):
            function(replace(here, passphrase=None), parsed)
