from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_app.documents.letterhead import PatientIdentity
from clinic_app.documents.page import to_pdf
from clinic_app.documents.vial_label import LABEL_SIZE, VialLabel, vial_label_document
from tests.documents.reading import page_sizes, pictures, whole_text, words_off_the_page

LABEL = VialLabel(
    product="onabotulinumtoxinA (Botox)",
    lot="C7654C3",
    expires_on=date(2028, 4, 30),
    size_units=Decimal(200),
    diluent="sodium chloride 0.9 %",
    diluent_ml=Decimal(4),
    units_per_tenth_ml=Decimal(5),
    mixed_at=datetime(2026, 11, 24, 9, 12),
    use_by=datetime(2026, 11, 25, 9, 12),
    patient=PatientIdentity("Okafor A.", date(1961, 3, 12), "MRN0004321"),
    clinic="Riverside Movement Clinic",
)


def said(label: VialLabel) -> str:
    return whole_text(to_pdf(vial_label_document(label)))


def test_the_label_is_one_page_of_the_printers_stock_in_black_and_white() -> None:
    pdf = to_pdf(vial_label_document(LABEL))
    (page,) = pictures(pdf, scale=3)
    red, green, blue = page.split()

    assert page_sizes(pdf) == [pytest.approx(LABEL_SIZE, abs=0.1)]
    assert red.tobytes() == green.tobytes() == blue.tobytes()
    assert "Page" not in said(LABEL)


@settings(max_examples=30, deadline=None)
@given(st.decimals("0.001", "99999.999", places=3))
def test_the_strength_is_printed_whole_however_long_it_is(units: Decimal) -> None:
    pdf = to_pdf(vial_label_document(replace(LABEL, units_per_tenth_ml=units)))

    assert f"{units.normalize():f} U per 0.1 mL" in whole_text(pdf)
    assert words_off_the_page(pdf) == []


def test_the_expiry_stays_beside_a_lot_number_that_is_too_long() -> None:
    assert "Expires Apr 30, 2028 · Lot 9999" in said(replace(LABEL, lot="9" * 300))


def test_a_ready_solution_was_not_mixed_and_leaves_room_for_its_last_hour() -> None:
    text = said(replace(LABEL, diluent_ml=None, mixed_at=None, use_by=None))

    assert "Mixed" not in text
    assert "Use by Okafor A." in text  # nothing between but the line to write on
