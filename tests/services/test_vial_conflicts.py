"""A vial that belongs to another patient is noticed while charting and again at signing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from clinic_app.errors import ClinicError
from clinic_app.rules.findings import Level
from clinic_app.services import charting
from clinic_app.services.chart_data import ChartContent
from clinic_app.services.clock import local_now
from tests.services.conftest import OpenClinic


def findings(clinic: OpenClinic, patient: int, content: ChartContent) -> dict[str, Level]:
    context = clinic.services.charts.context(clinic.physician, patient, content.vials)
    now = local_now(clinic.clock, "America/New_York")
    read = charting.read(content, context, clinic.services.reference, now)
    return {said.check: said.level for said in read.findings}


def with_serial(content: ChartContent, serial: str) -> ChartContent:
    return replace(content, vials=(replace(content.vials[0], serial=serial),))


def test_the_same_package_in_two_patients_charts_is_a_shared_vial(clinic: OpenClinic) -> None:
    lot, first, second = clinic.lot(), clinic.patient(), clinic.patient(record_number="2", family_name="Muñoz")
    content = with_serial(clinic.content(lot), "SN-1")
    clinic.signed(first, content)
    assert findings(clinic, second, content)["vial.shared"] is Level.STOP
    assert "vial.shared" not in findings(clinic, first, content)
    assert "vial.shared" not in findings(clinic, second, with_serial(content, "SN-2"))
    assert "vial.shared" not in findings(clinic, second, with_serial(content, " "))
    clinic.services.clinic_rules.allow_shared_vials(clinic.physician, "shortage")
    assert findings(clinic, second, content)["vial.shared"] is Level.WARN


def test_a_package_in_another_patient_s_draft_counts_as_well(clinic: OpenClinic) -> None:
    lot, first, second = clinic.lot(), clinic.patient(), clinic.patient(record_number="2", family_name="Muñoz")
    content = with_serial(clinic.content(lot), "SN-1")
    draft = clinic.services.charts.start(clinic.nurse, first)
    clinic.services.charts.keep(clinic.nurse, draft.id, draft.version, content)
    assert findings(clinic, second, content)["vial.shared"] is Level.STOP
    conflicts = clinic.services.charts.vial_conflicts(clinic.nurse, second, content.vials)
    assert conflicts.shared(content.vials[0])
    assert not conflicts.assigned(content.vials[0])


def test_a_shared_vial_is_not_signed_even_when_the_chart_did_not_know(clinic: OpenClinic) -> None:
    lot, first, second = clinic.lot(), clinic.patient(), clinic.patient(record_number="2", family_name="Muñoz")
    content = with_serial(clinic.content(lot), "SN-1")
    draft = clinic.services.charts.start(clinic.physician, second)
    clinic.signed(first, content)
    with pytest.raises(ClinicError) as refused:
        clinic.services.charts.sign(clinic.physician, draft.id, draft.version, content, clinic.confirmed())
    assert refused.value.code == "stop_without_reason"


def test_a_vial_supplied_for_one_patient_is_not_for_another(clinic: OpenClinic) -> None:
    first, second = clinic.patient(), clinic.patient(record_number="2", family_name="Muñoz")
    lot = clinic.services.stock.receive(
        clinic.nurse,
        product="onabotulinumtoxinA",
        number="C1234",
        size_units=Decimal(100),
        expires_on=date(2027, 5, 31),
        vials=1,
        patient_id=first,
    )
    content = clinic.content(lot)
    assert findings(clinic, second, content)["vial.assigned"] is Level.STOP
    assert "vial.assigned" not in findings(clinic, first, content)


def test_a_typed_number_is_assigned_only_while_the_shelf_has_it_for_others_alone(clinic: OpenClinic) -> None:
    first, second = clinic.patient(), clinic.patient(record_number="2", family_name="Muñoz")
    content = clinic.content()
    assert "vial.assigned" not in findings(clinic, second, content)
    clinic.services.stock.receive(
        clinic.nurse,
        product="onabotulinumtoxinA",
        number="c1234",
        size_units=Decimal(100),
        expires_on=date(2027, 5, 31),
        vials=1,
        patient_id=first,
    )
    assert findings(clinic, second, content)["vial.assigned"] is Level.STOP
    assert "vial.assigned" not in findings(clinic, first, content)
    other_size = replace(content, vials=(replace(content.vials[0], size_units=Decimal(200)),))
    assert "vial.assigned" not in findings(clinic, second, other_size)
    clinic.lot(vials=1)
    assert "vial.assigned" not in findings(clinic, second, content)
