"""The demo clinic as FHIR: others accept all of it, nothing leads nowhere, and it is read back as it was."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fhirclient.models.bundle import Bundle
from sqlalchemy import func, select

from clinic_app.atlas.atlas import Atlas
from clinic_app.demo import template
from clinic_app.exchange.fhir.reading import read_bundle
from clinic_app.models import (
    Appointment,
    Injection,
    Patient,
    PatientEntry,
    Response,
    ScaleResult,
    ScaleTotal,
    SideEffect,
    Visit,
)
from clinic_app.reference.catalogue import Reference
from clinic_app.services.bundle import Services
from clinic_app.services.fhir_import import patient_form
from clinic_app.services.patient_checks import checked as checked_form
from clinic_app.services.patient_data import PatientForm
from clinic_app.services.stores import OpenStore, unlock
from clinic_app.terms import EntryKind
from tests.demo.conftest import WEDNESDAY
from tests.exchange.fhir.validators import accepted_by_schema

IMPORTED = (EntryKind.ALLERGY, EntryKind.CONDITION, EntryKind.MEDICINE)


@pytest.fixture(scope="module")
def demo(cache: Path, atlas: Atlas, reference: Reference) -> Iterator[OpenStore]:
    """One clinic for all tests here: none of them changes it."""
    folder = template.fresh_demo(lambda: WEDNESDAY, atlas, reference)
    store = unlock(folder.settings, template.USER, template.PASSPHRASE, lambda: WEDNESDAY)
    yield store
    store.database.close()
    folder.remove()


@pytest.fixture(scope="module")
def services(demo: OpenStore, reference: Reference) -> Services:
    return Services(demo.database, lambda: WEDNESDAY, reference)


@pytest.fixture(scope="module")
def file(demo: OpenStore, services: Services, tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = services.fhir_export.clinic(demo.actor, tmp_path_factory.mktemp("fhir") / "clinic.json")
    assert (written.patients, written.restricted) == (60, 0)
    return written.file


@pytest.fixture(scope="module")
def resources(file: Path) -> list[dict[str, Any]]:
    return [each["resource"] for each in json.loads(file.read_text(encoding="utf-8"))["entry"]]


def test_others_accept_all_of_it(file: Path, resources: list[dict[str, Any]]) -> None:
    whole = Bundle(json.loads(file.read_text(encoding="utf-8")))
    assert len(whole.entry) == len(resources)
    assert [each["resourceType"] for each in resources if not accepted_by_schema(each)] == []


def test_every_reference_leads_somewhere(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    urls = re.findall(r'"fullUrl":"(urn:uuid:[0-9a-f-]{36})"', text)
    assert len(set(urls)) == len(urls)
    wanted = set(re.findall(r'"reference":"([^"]+)"', text)) - {"#vial"}
    assert len(wanted) > 1000
    assert wanted <= set(urls)


def test_everything_is_there_once(demo: OpenStore, resources: list[dict[str, Any]]) -> None:
    told: dict[str, int] = {}
    for each in resources:
        told[each["resourceType"]] = told.get(each["resourceType"], 0) + 1
    with demo.database.reading() as session:

        def rows(table: type[Any]) -> int:
            return session.scalar(select(func.count()).select_from(table)) or 0

        tests, earlier = (
            session.scalar(select(func.count()).select_from(PatientEntry).where(PatientEntry.kind.in_(kinds))) or 0
            for kinds in ((EntryKind.TEST,), (EntryKind.TREATMENT, EntryKind.SURGERY))
        )
        assert told["Patient"] == rows(Patient)
        assert told["MedicationAdministration"] == rows(Injection)
        assert told["AdverseEvent"] == rows(SideEffect)
        assert told["Appointment"] == rows(Appointment)
        assert told["Procedure"] == rows(Visit) + earlier
        assert told["Observation"] == rows(ScaleTotal) + rows(ScaleResult) + rows(Response) + tests


def test_a_patients_own_bundle_says_what_the_whole_one_does(
    demo: OpenStore, services: Services, resources: list[dict[str, Any]], tmp_path: Path
) -> None:
    with demo.database.reading() as session:
        patient_id = session.scalars(select(Patient.id).order_by(Patient.id).offset(2).limit(1)).one()
    own = services.fhir_export.patient(demo.actor, patient_id, tmp_path / "one.json").file
    whole = {each["id"]: each for each in resources}
    entries = json.loads(own.read_text(encoding="utf-8"))["entry"]
    assert len(entries) > 20
    assert all(each["resource"] == whole[each["resource"]["id"]] for each in entries)


def test_what_can_be_imported_is_read_back_as_the_record_has_it(
    demo: OpenStore, services: Services, file: Path, reference: Reference
) -> None:
    found = read_bundle(file.read_bytes(), reference, WEDNESDAY.date())
    assert found.left_out == ()
    assert len(found.patients) == 60
    with demo.database.reading() as session:
        ids = {number: each for each, number in session.execute(select(Patient.id, Patient.record_number))}
    for patient in found.patients:
        assert patient.remarks == ()
        form = checked_form(patient_form(patient), WEDNESDAY.date(), clinical=True)
        assert told_of(form) == told_of(services.patients.details(demo.actor, ids[form.record_number]).form)


def told_of(form: PatientForm) -> dict[str, object]:
    """What a bundle tells of a form and takes back."""
    names = (
        "record_number family_name given_name birth_date sex phone email address emergency_contact language "
        "referring_doctor status died_on diagnoses toxin_elsewhere"
    )
    return {name: getattr(form, name) for name in names.split()} | {
        "entries": [each for each in form.entries if each.kind in IMPORTED],
        "history": (form.history.indication, form.history.icd10cm, form.history.onset),
    }
