"""Records as FHIR: who may hand them on, restricted ones, all or nothing, and told in the audit trail."""

import errno
import json
import os
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from clinic_app.cli import run
from clinic_app.errors import ClinicError, NotAllowed, NotFound, StoreProblem, WorkStopped
from clinic_app.models import AuditEntry, KeptFile
from clinic_app.services import fhir_records
from clinic_app.services.access import Actor
from clinic_app.services.paper import WentOut
from clinic_app.services.patient_data import ElsewhereForm, Entry
from clinic_app.services.visit_data import SideEffectForm
from clinic_app.terms import EntryKind, Role, Severity
from tests.clinics import PASSPHRASE
from tests.exchange.fhir.validators import refused_by
from tests.services.conftest import OpenClinic
from tests.services.statements import statements


def kinds(file: Path) -> Counter[str]:
    return Counter(each["resourceType"] for each in resources(file))


def resources(file: Path) -> list[dict[str, Any]]:
    return [each["resource"] for each in json.loads(file.read_text(encoding="utf-8"))["entry"]]


def exports(clinic: OpenClinic) -> list[AuditEntry]:
    with clinic.store.database.reading() as session:
        query = select(AuditEntry).where(AuditEntry.kind == "fhir_export").order_by(AuditEntry.id)
        return list(session.scalars(query))


def only(clinic: OpenClinic, *roles: Role) -> Actor:
    return replace(clinic.physician, roles=frozenset(roles))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return tmp_path / "out" / "clinic.json"


def test_one_patient_goes_with_a_physician_or_manager_and_everybody_only_with_a_manager(
    clinic: OpenClinic, bundle: Path
) -> None:
    patient = clinic.patient()
    for role in (Role.FRONT_DESK, Role.NURSE):
        with pytest.raises(NotAllowed, match="Only a physician or the manager"):
            clinic.services.fhir_export.patient(only(clinic, role), patient, bundle)
    for role in (Role.FRONT_DESK, Role.NURSE, Role.PHYSICIAN):
        with pytest.raises(NotAllowed, match="Only the manager"):
            clinic.services.fhir_export.clinic(only(clinic, role), bundle)
    assert not bundle.parent.exists()
    assert clinic.services.fhir_export.patient(only(clinic, Role.PHYSICIAN), patient, bundle).patients == 1
    assert clinic.services.fhir_export.clinic(only(clinic, Role.MANAGER), bundle).patients == 1


def test_what_the_record_holds_is_in_the_bundle_and_all_accept_it(clinic: OpenClinic, bundle: Path) -> None:
    patient = clinic.patient(
        entries=(Entry(EntryKind.ALLERGY, "penicillin"), Entry(EntryKind.MEDICINE, "baclofen")),
        toxin_elsewhere=(ElsewhereForm(clinic.today - timedelta(days=90)),),
    )
    visit = clinic.signed(patient)
    clinic.services.visits.add_addendum(clinic.physician, visit, "typed wrongly", "It was 30.", clinic.confirmed())
    clinic.services.side_effects.record(
        clinic.physician,
        SideEffectForm(visit, "dysphagia", severity=Severity.MILD, started_on=clinic.today, red_flag=False),
    )
    exported = clinic.services.fhir_export.patient(clinic.physician, patient, bundle)
    assert kinds(bundle) == {
        "Organization": 1, "Practitioner": 1, "Patient": 1, "Condition": 1, "AllergyIntolerance": 1,
        "MedicationStatement": 2, "Procedure": 1, "MedicationAdministration": 2, "DocumentReference": 1,
        "Provenance": 2, "AdverseEvent": 1,
    }  # fmt: skip
    assert exported.resources == sum(kinds(bundle).values())
    assert [refused_by(each) for each in resources(bundle)] == [set()] * exported.resources


def test_the_note_that_went_out_last_is_the_one_that_is_handed_on(clinic: OpenClinic, bundle: Path) -> None:
    patient = clinic.patient()
    visit = clinic.signed(patient)
    services = clinic.services
    paper = services.papers.visit_note(clinic.physician, visit)
    for content in (b"%PDF-1.7 first", b"%PDF-1.7 second"):
        clinic.clock.forward(days=1)
        services.kept_papers.keep(clinic.physician, paper, content, WentOut.PRINTED)
    services.fhir_export.patient(clinic.physician, patient, bundle)
    (document,) = (each for each in resources(bundle) if each["resourceType"] == "DocumentReference")
    assert document["content"][0]["attachment"]["size"] == len(b"%PDF-1.7 second")
    assert document["content"][0]["attachment"]["creation"].startswith("2026-03-04")


def test_a_note_whose_file_is_not_what_it_was_is_told_without_it(clinic: OpenClinic, bundle: Path) -> None:
    patient = clinic.patient()
    paper = clinic.services.papers.visit_note(clinic.physician, clinic.signed(patient))
    clinic.services.kept_papers.keep(clinic.physician, paper, b"%PDF-1.7 first", WentOut.SAVED)
    with clinic.behind_the_program() as connection:
        connection.execute(update(KeptFile).values(content=b"%PDF-1.7 other"))
    clinic.services.fhir_export.patient(clinic.physician, patient, bundle)
    (document,) = (each for each in resources(bundle) if each["resourceType"] == "DocumentReference")
    assert "data" not in document["content"][0]["attachment"]


def test_a_restricted_record_opens_with_a_reason_and_stays_out_of_everybodys_without_one(
    clinic: OpenClinic, bundle: Path
) -> None:
    clinic.patient(family_name="Open")
    closed = clinic.patient(family_name="Closed")
    manager = replace(clinic.nurse, roles=frozenset({Role.MANAGER}))
    clinic.services.records.restrict(clinic.physician, closed, "a colleague", {clinic.physician.account_id})
    with pytest.raises(NotAllowed, match="restricted"):
        clinic.services.fhir_export.patient(manager, closed, bundle)
    exported = clinic.services.fhir_export.clinic(manager, bundle)
    assert (exported.patients, exported.restricted) == (1, 1)
    assert "Closed" not in bundle.read_text(encoding="utf-8")
    assert clinic.services.fhir_export.clinic(clinic.physician, bundle).restricted == 0
    clinic.services.records.open_with_reason(manager, closed, "moves to another clinic")
    assert clinic.services.fhir_export.patient(manager, closed, bundle).patients == 1
    assert clinic.services.fhir_export.clinic(manager, bundle).restricted == 0
    clinic.clock.forward(days=1)
    assert clinic.services.fhir_export.clinic(manager, bundle).restricted == 1


def test_every_export_is_in_the_trail_and_there_of_each_patient(clinic: OpenClinic, bundle: Path) -> None:
    first, second = clinic.patient(), clinic.patient(family_name="Bell")
    clinic.services.fhir_export.patient(clinic.physician, second, bundle)
    clinic.services.fhir_export.clinic(clinic.physician, bundle)
    assert [(each.what, each.patient_id) for each in exports(clinic)] == [
        ("exported", None), ("exported", second), ("exported", None), ("exported", first), ("exported", second)
    ]  # fmt: skip
    whole = exports(clinic)[2]
    assert whole.account_id == clinic.physician.account_id
    assert whole.after is not None
    assert (whole.after["patients"], whole.after["restricted"], whole.after["file"]) == (2, 0, str(bundle))
    accesses = clinic.services.audit.accesses(clinic.physician, second)
    assert "exported the record for another program (FHIR)" in accesses[0].acts


def test_the_file_is_its_owners_and_replaces_what_was_there(clinic: OpenClinic, bundle: Path) -> None:
    bundle.parent.mkdir()
    bundle.write_text("before")
    bundle.chmod(0o644)
    clinic.services.fhir_export.clinic(clinic.physician, bundle)
    assert bundle.stat().st_mode & 0o777 == 0o600
    assert list(bundle.parent.iterdir()) == [bundle]
    assert kinds(bundle)["Organization"] == 1


def test_whoever_stops_it_and_a_full_disk_leave_the_file_that_was_there(
    clinic: OpenClinic, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        clinic.patient(family_name=f"Okafor {number}")
    bundle.parent.mkdir()
    bundle.write_text("before")
    told: list[tuple[int, int]] = []

    def stop(done: int, of: int) -> None:
        told.append((done, of))
        if done == 2:
            raise WorkStopped("work_stopped")

    with pytest.raises(WorkStopped):
        clinic.services.fhir_export.clinic(clinic.physician, bundle, stop)
    assert told == [(0, 3), (1, 3), (2, 3)]

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StoreProblem, match="is full"):
            clinic.services.fhir_export.clinic(clinic.physician, bundle)
    assert bundle.read_text() == "before"
    assert list(bundle.parent.iterdir()) == [bundle]


def test_a_place_that_cannot_be_written_is_a_sentence_and_a_patient_who_is_not_there_too(
    clinic: OpenClinic, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreProblem):
        clinic.services.fhir_export.clinic(clinic.physician, tmp_path / "file" / "out.json")
    with pytest.raises(NotFound):
        clinic.services.fhir_export.patient(clinic.physician, 999, tmp_path / "out.json")
    with pytest.raises(NotFound, match="Nobody has the record number X9"):
        clinic.services.fhir_export.patient_by_number(clinic.physician, "X9", tmp_path / "out.json")
    assert not (tmp_path / "out.json").exists()


def test_many_patients_at_once_are_as_many_statements_as_one(clinic: OpenClinic, tmp_path: Path) -> None:
    sent = []
    for number in range(2):
        for each in range(1 + 2 * number):
            clinic.signed(clinic.patient(family_name=f"Okafor {each}"))
        file = tmp_path / f"{number}.json"
        write = partial(clinic.services.fhir_export.clinic, clinic.physician, file)
        sent.append(statements(clinic, write))
    assert sent[1] == sent[0] + 3  # where the trail of each patient more stands


def test_the_bundle_is_the_same_however_many_are_read_at_once(
    clinic: OpenClinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        clinic.signed(clinic.patient(family_name=f"Okafor {number}"))
    clinic.services.fhir_export.clinic(clinic.physician, tmp_path / "all.json")
    monkeypatch.setattr(fhir_records, "AT_ONCE", 1)
    clinic.services.fhir_export.clinic(clinic.physician, tmp_path / "one.json")
    assert (tmp_path / "all.json").read_bytes() == (tmp_path / "one.json").read_bytes()


def test_the_command_writes_one_or_all(
    clinic: OpenClinic,
    bundle: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clinic.patient(record_number="A1")
    clinic.patient(record_number="A2")
    monkeypatch.setenv("CLINIC_APP_PASSPHRASE", PASSPHRASE)
    command = ["export", "fhir", *clinic.address, "--user", "ellison", "--out"]
    assert run([*command, str(bundle), "--patient", "A2"]) == 0
    assert kinds(bundle)["Patient"] == 1
    lines = tmp_path / "clinic.ndjson"
    assert run([*command, str(lines)]) == 0
    assert len(lines.read_text(encoding="utf-8").splitlines()) == 2
    assert "2 patients, " in capsys.readouterr().out
    assert run([*command, str(bundle), "--patient", "A3"]) == 1
    assert "Nobody has the record number A3" in capsys.readouterr().err


def test_a_record_that_fhir_cannot_tell_is_a_sentence_and_writes_nothing(
    clinic: OpenClinic, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.patient()
    with clinic.behind_the_program() as connection:
        connection.exec_driver_sql("UPDATE dystonia_history SET onset = '2010-13'")
    with pytest.raises(ClinicError, match=r"The Condition .* onsetDateTime"):
        clinic.services.fhir_export.clinic(clinic.physician, bundle)
    assert not bundle.exists()
