"""Scanned packages: learned once, and the vial of a chart found or refused with one sentence."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from clinic_app.errors import ClinicError
from clinic_app.exchange.gs1 import read_gtin
from clinic_app.models import ProductCode, Vial, Visit
from clinic_app.services.stock_data import ScannedVial
from clinic_app.terms import LotHold, StockKind
from tests.services.conftest import OpenClinic

ONA, INCO = "onabotulinumtoxinA", "incobotulinumtoxinA"
LEARNED = "05012345678900"  # an invented number
LISTED = "04046222170073"  # Xeomin 50 units in the UK, as the reference lists it
EXPIRES = date(2027, 5, 31)
SCAN = f"]d201{LEARNED}17270531" + "10C1234\x1d21SER7"


def taught(clinic: OpenClinic) -> ScannedVial:
    clinic.services.stock.learn(clinic.nurse, LEARNED, ONA, Decimal(100))
    return clinic.services.stock.scan(clinic.nurse, SCAN)


def refusal(clinic: OpenClinic, scanned: ScannedVial, patient_id: int, **more: str) -> ClinicError:
    with pytest.raises(ClinicError) as refused:
        clinic.services.stock.vial_for(clinic.physician, scanned, patient_id, clinic.today, **more)
    assert str(refused.value)
    return refused.value


def test_the_invented_number_is_a_valid_one() -> None:
    assert read_gtin(LEARNED) == LEARNED


def test_an_unknown_package_is_read_and_asked_about_once(clinic: OpenClinic) -> None:
    scanned = clinic.services.stock.scan(clinic.nurse, SCAN)
    assert scanned == ScannedVial(LEARNED, "C1234", EXPIRES, "SER7")
    assert refusal(clinic, scanned, clinic.patient()).code == "gtin_unknown"
    assert taught(clinic) == replace(scanned, product=ONA, size_units=Decimal(100))
    clinic.services.stock.learn(clinic.nurse, LEARNED, ONA, Decimal(100))
    with clinic.store.database.reading() as session:
        (code,) = session.scalars(select(ProductCode))
        assert code.learned_by_id == clinic.nurse.account_id


@pytest.mark.parametrize(
    ("gtin", "product", "size", "code"),
    [
        (LEARNED, ONA, 200, "gtin_other_package"),
        (LEARNED, INCO, 100, "gtin_other_package"),
        (LISTED, INCO, 100, "gtin_other_package"),
        ("05012345678901", ONA, 100, "scan_check_digit"),
        ("9999", ONA, 100, "scan_check_digit"),
        (LEARNED, "prabotulinumtoxinA", 100, "product_cosmetic_only"),
        (LEARNED, "", 100, "product_unknown"),
        (LEARNED, ONA, 0, "size_missing"),
    ],
)
def test_a_code_is_not_taught_a_second_meaning(
    clinic: OpenClinic, gtin: str, product: str, size: int, code: str
) -> None:
    taught(clinic)
    with pytest.raises(ClinicError) as refused:
        clinic.services.stock.learn(clinic.nurse, gtin, product, Decimal(size))
    assert refused.value.code == code
    assert str(refused.value)


def test_codes_that_the_reference_has_verified_need_no_teaching(clinic: OpenClinic) -> None:
    scanned = clinic.services.stock.scan(clinic.nurse, f"01{LISTED}10A1234")
    assert (scanned.product, scanned.size_units) == (INCO, Decimal(50))
    us = read_gtin("003" + "0259161001" + "0")  # holds the NDC 0259-1610-01
    scanned = clinic.services.stock.scan(clinic.nurse, f"01{us}10A1234")
    assert (scanned.product, scanned.size_units) == (INCO, Decimal(100))


def test_a_code_that_nobody_verified_is_asked_about(clinic: OpenClinic) -> None:
    unverified = read_gtin("003" + "1045471110" + "1")
    assert clinic.services.stock.scan(clinic.nurse, f"01{unverified}10A1234").product == ""


def test_a_received_package_must_be_what_its_code_says(clinic: OpenClinic) -> None:
    taught(clinic)
    given = {"product": ONA, "number": "C1", "expires_on": EXPIRES, "vials": 1, "gtin": LEARNED}
    with pytest.raises(ClinicError) as refused:
        clinic.services.stock.receive(clinic.nurse, size_units=Decimal(200), **given)  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.field) == ("gtin_other_package", "gtin")
    clinic.services.stock.receive(clinic.nurse, size_units=Decimal(100), **given)  # type: ignore[arg-type]


def test_a_scanned_vial_leads_to_its_lot(clinic: OpenClinic) -> None:
    lot_id, patient_id, scanned = clinic.lot(), clinic.patient(), taught(clinic)
    choice = clinic.services.stock.vial_for(clinic.nurse, scanned, patient_id, clinic.today, product=ONA)
    assert (choice.lot_id, choice.vials_left, choice.expires_on) == (lot_id, 10, EXPIRES)
    lower = replace(scanned, lot="c1234", expires_on=None)
    assert clinic.services.stock.vial_for(clinic.nurse, lower, patient_id, clinic.today).lot_id == lot_id


def test_the_patients_own_vials_come_before_everybodys(clinic: OpenClinic) -> None:
    patient_id, scanned = clinic.patient(), taught(clinic)
    general = clinic.lot()
    kept = _kept_for(clinic, patient_id)
    found = clinic.services.stock.vial_for(clinic.nurse, scanned, patient_id, clinic.today)
    assert (found.lot_id, found.assigned_to_this) == (kept, True)
    other = clinic.patient(family_name="Byrne")
    assert clinic.services.stock.vial_for(clinic.nurse, scanned, other, clinic.today).lot_id == general


def _kept_for(clinic: OpenClinic, patient_id: int) -> int:
    return clinic.services.stock.receive(
        clinic.nurse,
        product=ONA,
        number="C1234",
        size_units=Decimal(100),
        expires_on=EXPIRES,
        vials=1,
        patient_id=patient_id,
    )


def test_a_vial_that_is_not_on_the_shelf_is_said_to_be_so(clinic: OpenClinic) -> None:
    patient_id, scanned = clinic.patient(), taught(clinic)
    assert refusal(clinic, scanned, patient_id).code == "lot_not_on_shelf"
    lot_id = clinic.lot(vials=1)
    clinic.services.stock.record(clinic.nurse, lot_id, StockKind.DISCARDED, 1, "dropped")
    assert refusal(clinic, scanned, patient_id).code == "lot_empty"


def test_a_vial_of_another_product_is_refused_and_nothing_is_converted(clinic: OpenClinic) -> None:
    clinic.lot()
    assert refusal(clinic, taught(clinic), clinic.patient(), product=INCO).code == "vial_other_product"


@pytest.mark.parametrize("on_the_shelf", [False, True])
def test_an_expired_vial_is_refused(clinic: OpenClinic, on_the_shelf: bool) -> None:
    scanned, patient_id = taught(clinic), clinic.patient()
    if on_the_shelf:
        clinic.lot()
    stock = clinic.services.stock
    with pytest.raises(ClinicError) as refused:
        stock.vial_for(clinic.physician, scanned, patient_id, EXPIRES + timedelta(days=1))
    assert refused.value.code == "vial_expired"
    if on_the_shelf:
        assert stock.vial_for(clinic.physician, scanned, patient_id, EXPIRES).lot_id


def test_another_expiry_than_the_shelfs_is_refused(clinic: OpenClinic) -> None:
    clinic.lot()
    scanned = replace(taught(clinic), expires_on=date(2027, 6, 30))
    assert refusal(clinic, scanned, clinic.patient()).code == "lot_other_expiry"


@pytest.mark.parametrize("hold", list(LotHold))
def test_a_vial_of_a_lot_on_hold_is_refused_with_the_reason(clinic: OpenClinic, hold: LotHold) -> None:
    lot_id, scanned = clinic.lot(), taught(clinic)
    clinic.services.stock.hold(clinic.nurse, lot_id, hold, "notice 7")
    error = refusal(clinic, scanned, clinic.patient())
    assert error.code == f"lot_{hold.value}"
    assert "notice 7" in str(error)


def test_a_vial_kept_for_another_patient_is_refused_by_name(clinic: OpenClinic) -> None:
    _kept_for(clinic, clinic.patient())
    error = refusal(clinic, taught(clinic), clinic.patient(family_name="Byrne"))
    assert error.code == "lot_of_other_patient"
    assert "Ada Okafor" in str(error)


def test_a_vial_whose_serial_number_was_used_before_is_refused(clinic: OpenClinic) -> None:
    scanned, at, first = taught(clinic), clinic.clock(), clinic.patient()
    clinic.lot()
    with clinic.store.database.writing(clinic.physician.account_id, at) as session:
        session.add(
            Visit(
                patient_id=first,
                injector_id=clinic.physician.account_id,
                visited_on=date(2026, 2, 27),
                indication="cervical_dystonia",
                signed_at=at,
                signed_by_id=clinic.physician.account_id,
                digest="",
                vials=[
                    Vial(
                        position=0,
                        product=ONA,
                        lot_number="C1234",
                        expires_on=EXPIRES,
                        size_units=Decimal(100),
                        diluent_ml=Decimal(2),
                        wasted_units=Decimal(0),
                        gtin=LEARNED,
                        serial="SER7",
                    )
                ],
            )
        )
    error = refusal(clinic, scanned, clinic.patient(family_name="Byrne"))
    assert error.code == "vial_used"
    assert "27 Feb 2026" in str(error)
    fresh = replace(scanned, serial="SER8")
    assert clinic.services.stock.vial_for(clinic.physician, fresh, 2, clinic.today)


def test_a_scan_without_its_signs_is_read_by_the_lot_that_is_on_the_shelf(clinic: OpenClinic) -> None:
    unsigned = f"01{LEARNED}17270531" + "10C1234" + "21SER7219"
    clinic.services.stock.learn(clinic.nurse, LEARNED, ONA, Decimal(100))
    assert clinic.services.stock.scan(clinic.nurse, unsigned).doubtful
    clinic.lot()
    scanned = clinic.services.stock.scan(clinic.nurse, unsigned)
    assert (scanned.lot, scanned.serial, scanned.doubtful) == ("C1234", "SER7219", False)


def test_what_is_no_package_is_refused_and_teaches_nothing(clinic: OpenClinic) -> None:
    for text in ("", "4006381333931", "shampoo", SCAN[:14]):
        with pytest.raises(ClinicError):
            clinic.services.stock.scan(clinic.nurse, text)
