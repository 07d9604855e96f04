"""Everything of one patient: who may hand it on, what is in it and nobody else's, all or nothing, told in the trail."""

import csv
import io
import json
import stat
import tomllib
import zipfile
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, update

from clinic_app.cli import run
from clinic_app.errors import ClinicError, NotAllowed, NotFound, WorkStopped
from clinic_app.exchange.csv_text import csv_text
from clinic_app.languages import paper_languages
from clinic_app.models import AuditEntry, KeptFile
from clinic_app.resources import resource_path
from clinic_app.services.access import Actor
from clinic_app.services.importing.choices import ImportChoices
from clinic_app.services.importing.files import read_file
from clinic_app.services.paper import WentOut
from clinic_app.services.patient_data import ElsewhereForm, Entry, HistoryForm
from clinic_app.services.patient_tables import NOT_OF_THE_PATIENT
from clinic_app.services.visit_data import ResponseData, SideEffectForm, WeekOfDiary
from clinic_app.terms import (
    IMPRESSIONS,
    Aggravation,
    AppointmentState,
    BodyRegion,
    Cause,
    Complication,
    DailyTask,
    EntryKind,
    ExaminationKind,
    Guidance,
    ImportKind,
    Relief,
    Role,
    Severity,
    Side,
    SurgeryKind,
    TherapyKind,
)
from tests.clinics import PASSPHRASE
from tests.documents.reading import whole_text
from tests.services.conftest import OpenClinic
from tests.services.statements import statements


def exports(clinic: OpenClinic) -> list[tuple[int | None, object]]:
    """Of whom, and into which file."""
    with clinic.store.database.reading() as session:
        query = select(AuditEntry).where(AuditEntry.kind == "patient_export").order_by(AuditEntry.id)
        return [(entry.patient_id, entry.after["file"]) for entry in session.scalars(query)]


def only(clinic: OpenClinic, *roles: Role) -> Actor:
    return replace(clinic.physician, roles=frozenset(roles))


def rows(packed: zipfile.ZipFile, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(packed.read(f"tables/{table}.csv").decode())))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "out" / "record.zip"


def test_a_physician_or_the_manager_hands_it_on_and_nobody_else(clinic: OpenClinic, file: Path) -> None:
    patient = clinic.patient()
    export = clinic.services.patient_export
    for role in (Role.FRONT_DESK, Role.NURSE):
        for act in (partial(export.paper, only(clinic, role)), partial(export.export, only(clinic, role), place=file)):
            with pytest.raises(NotAllowed, match="Only a physician or the manager"):
                act(patient_id=patient)
    assert not file.parent.exists()
    export.export(only(clinic, Role.MANAGER), patient, file)
    export.export(only(clinic, Role.PHYSICIAN), patient, file)
    assert exports(clinic) == [(patient, str(file))] * 2


def test_everything_on_record_is_in_the_file_and_only_its_owner_reads_it(clinic: OpenClinic, file: Path) -> None:
    services, physician = clinic.services, clinic.physician
    patient = clinic.patient(
        entries=(Entry(EntryKind.ALLERGY, "penicillin", detail="rash"), Entry(EntryKind.MEDICINE, "baclofen")),
        history=HistoryForm("cervical_dystonia", "G24.3", better_with=("lying_down", "a scarf"), pain=4),
        toxin_elsewhere=(ElsewhereForm(clinic.today - timedelta(days=90), place="Quay Clinic"),),
        note="Comes with her sister.",
    )
    visit = clinic.signed(patient)
    services.visits.add_addendum(physician, visit, "typed wrongly", "It was the left.", clinic.confirmed())
    services.visits.record_response(physician, visit, ResponseData(4, 70, 11, 2, note="Drives again."))
    clinic.clock.forward(days=10)
    services.diaries.keep(physician, visit, (), (WeekOfDiary(1, remark="Tired on Monday."),))
    services.side_effects.record(
        physician,
        SideEffectForm(
            visit, "dysphagia", severity=Severity.MILD, started_on=clinic.today, red_flag=False, action="Soft food."
        ),
    )
    note = services.papers.visit_note(physician, visit)
    for way in WentOut:
        services.kept_papers.keep(physician, note, b"%PDF-1.7 as it was", way)

    exported = services.patient_export.export(physician, patient, file)

    assert (exported.place, exported.visits, exported.papers, exported.damaged) == (file, 1, 1, 0)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as packed:
        text = whole_text(packed.read("record.pdf"))
        bundle = json.loads(packed.read("record.json"))
        assert packed.read("papers/001-visit-note-2026-03-02.pdf") == b"%PDF-1.7 as it was"
        assert [row["muscle"] for row in rows(packed, "injection")] == ["splenius_capitis", "levator_scapulae"]
        assert {row["file"] for row in rows(packed, "dictionary")} == {
            name.removeprefix("tables/") for name in packed.namelist() if name.startswith("tables/")
        } - {"dictionary.csv"}
    for words in (
        "penicillin · rash", "baclofen", "Lying down, a scarf", "4 of 10", "Quay Clinic", "Comes with her sister.",
        "Splenius capitis", "lot C1234", "100 U in all", "EMG", "Turns to the right.", "Repeat in 12 weeks.",
        "typed wrongly", "It was the left.", "Best benefit: 70 %", "Much better", "Drives again.",
        "Tired on Monday.", "Trouble swallowing", "Soft food.", "discussed; benefit outweighs", "1 in all.",
    ):  # fmt: skip
        assert words in text, words
    assert {each["resource"]["resourceType"] for each in bundle["entry"]} > {"Patient", "Procedure", "AdverseEvent"}


def test_a_folder_holds_the_same_and_must_be_empty(clinic: OpenClinic, tmp_path: Path) -> None:
    patient = clinic.patient()
    clinic.signed(patient)
    folder = tmp_path / "record"
    clinic.services.patient_export.export(clinic.physician, patient, folder)
    assert {path.name for path in folder.iterdir()} == {"record.pdf", "record.json", "tables"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")} == {0o600, 0o700}
    with pytest.raises(ClinicError, match="holds something already"):
        clinic.services.patient_export.export(clinic.physician, patient, folder)
    assert exports(clinic) == [(patient, str(folder))]


def test_nothing_of_anybody_else_is_in_it(clinic: OpenClinic, file: Path) -> None:
    lot = clinic.lot()
    other = clinic.patient(family_name="Lindqvist", note="QXOTHER")
    clinic.signed(other, clinic.content(lot))
    patient = clinic.patient()
    visit = clinic.signed(patient, clinic.content(lot))
    clinic.services.records.restrict(clinic.physician, patient, "Works here.", {clinic.physician.account_id})
    clinic.services.charts.start(clinic.physician, patient)
    clinic.services.patient_export.export(clinic.physician, patient, file)
    with zipfile.ZipFile(file) as packed:
        assert [row["id"] for row in rows(packed, "visit")] == [str(visit)]
        assert {row["visit_id"] for row in rows(packed, "vial")} == {str(visit)}
        assert [row["id"] for row in rows(packed, "patient")] == [str(patient)]
        names = packed.namelist()
        for name in names:
            content = packed.read(name)
            text = whole_text(content) if name.endswith(".pdf") else content.decode()
            assert "Lindqvist" not in text and "QXOTHER" not in text
    assert not {f"tables/{table}.csv" for table in NOT_OF_THE_PATIENT} & set(names)


def test_a_restricted_record_opens_with_a_reason(clinic: OpenClinic, file: Path) -> None:
    patient = clinic.patient()
    clinic.services.records.restrict(clinic.physician, patient, "Works here.", {clinic.physician.account_id})
    manager = replace(clinic.nurse, roles=frozenset({Role.MANAGER}))
    with pytest.raises(NotAllowed) as refused:
        clinic.services.patient_export.export(manager, patient, file)
    assert refused.value.code == "record_restricted"
    clinic.services.records.open_with_reason(manager, patient, "She asks for her record.")
    clinic.services.patient_export.export(manager, patient, file)
    assert exports(clinic) == [(patient, str(file))]


@pytest.mark.parametrize("name", ["record.zip", "record"])
def test_what_is_stopped_leaves_what_was_there(clinic: OpenClinic, tmp_path: Path, name: str) -> None:
    patient, place = clinic.patient(), tmp_path / name
    clinic.signed(patient)
    if name.endswith(".zip"):
        place.write_bytes(b"of last year")

    for last in (1, 2, 3):

        def stopped(done: int, of: int, last: int = last) -> None:
            if done == last:
                raise WorkStopped("work_stopped")

        with pytest.raises(WorkStopped):
            clinic.services.patient_export.export(clinic.physician, patient, place, stopped)
        assert [path.name for path in tmp_path.glob("*record*")] == (["record.zip"] if place.suffix else [])
    assert name == "record" or place.read_bytes() == b"of last year"
    assert exports(clinic) == []


def test_a_paper_whose_file_is_not_what_it_was_stays_out_and_is_told(clinic: OpenClinic, file: Path) -> None:
    patient = clinic.patient()
    note = clinic.services.papers.visit_note(clinic.physician, clinic.signed(patient))
    clinic.services.kept_papers.keep(clinic.physician, note, b"%PDF-1.7 first", WentOut.SAVED)
    with clinic.behind_the_program() as connection:
        connection.execute(update(KeptFile).values(content=b"%PDF-1.7 other"))
    exported = clinic.services.patient_export.export(clinic.physician, patient, file)
    assert (exported.papers, exported.damaged) == (0, 1)
    with zipfile.ZipFile(file) as packed:
        assert not [name for name in packed.namelist() if name.startswith("papers/")]


def test_a_visit_that_was_brought_in_says_where_it_comes_from(clinic: OpenClinic, file: Path) -> None:
    patient = clinic.patient(record_number="A1")
    header = ("MRN", "Date", "Muscle", "Side", "Dose", "Toxin", "Lot", "Indication")
    row = ("A1", "2025-11-24", "splenius capitis", "R", "60", "Botox", "C77", "cervical dystonia")
    old = read_file("years before.csv", csv_text(header, [row]).encode())
    clinic.services.imports.bring_in(clinic.physician, old, ImportChoices(ImportKind.INJECTIONS))
    clinic.services.patient_export.export(clinic.physician, patient, file)
    with zipfile.ZipFile(file) as packed:
        text = whole_text(packed.read("record.pdf"))
        (visit,) = rows(packed, "visit")
    assert "From an older record (years before.csv), brought in on Mar 2, 2026" in text
    assert "lot C77 · 60 U in all" in text and "Signed by" not in text
    assert visit["import_id"]


def test_many_visits_take_as_many_statements_as_one(clinic: OpenClinic) -> None:
    patient = clinic.patient()
    clinic.signed(patient)
    draw = partial(clinic.services.patient_export.paper, clinic.physician, patient)
    draw()
    few = statements(clinic, draw)
    for _ in range(3):
        clinic.clock.forward(days=84)
        clinic.signed(patient)
    draw()
    assert statements(clinic, draw) == few


def test_a_patient_who_reads_spanish_gets_a_record_in_spanish(clinic: OpenClinic) -> None:
    patient = clinic.patient(language="Spanish")
    clinic.signed(patient)
    text = whole_text(clinic.services.patient_export.paper(clinic.physician, patient).render())
    assert "Su expediente" in text and "Distonía cervical" in text and "Musculus splenius capitis" in text
    assert "Your" not in text and "Timeline" not in text


def test_every_word_of_a_closed_list_is_said_plainly_in_every_language() -> None:
    lists = {
        "regions": BodyRegion, "reliefs": Relief, "aggravations": Aggravation, "tasks": DailyTask,
        "complications": Complication, "causes": Cause, "sides": Side, "sided": Side, "severities": Severity,
        "states": AppointmentState, "guidance": Guidance, "impressions": tuple(map(str, IMPRESSIONS)),
        "kinds": (*ExaminationKind, *TherapyKind, *SurgeryKind),
    }  # fmt: skip
    for language in paper_languages():
        source = resource_path("handouts", language, "patient_record.toml").read_text(encoding="utf-8")
        words = tomllib.loads(source)
        for name, values in lists.items():
            assert set(words[name]) == set(values), (language, name)


def test_the_command_writes_the_file_and_says_so(
    clinic: OpenClinic, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = clinic.patient(record_number="MRN7")
    clinic.signed(patient)
    monkeypatch.setenv("CLINIC_APP_PASSPHRASE", PASSPHRASE)
    command = [*clinic.address, "--user", clinic.physician.user_name, "export", "patient", "--out", str(file)]
    assert run([*command, "--record-number", "MRN7"]) == 0
    said = capsys.readouterr()
    assert said.out == f"The record is in {file}.\n1 visit, 0 papers that went out.\n"
    assert "not encrypted" in said.err
    assert exports(clinic) == [(patient, str(file))]
    assert run([*command, "--record-number", "MRN8"]) == 1
    assert "MRN8" in capsys.readouterr().err


def test_a_record_that_is_not_there_is_told(clinic: OpenClinic, file: Path) -> None:
    with pytest.raises(NotFound):
        clinic.services.patient_export.export(clinic.physician, 4071, file)
    with pytest.raises(NotFound, match="MRN8"):
        clinic.services.patient_export.export_by_number(clinic.physician, " MRN8 ", file)
    assert not file.parent.exists()
