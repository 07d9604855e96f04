from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.errors import ClinicError
from clinic_app.reference.units import parse_ml, parse_units, show_ml, show_number, show_units, volume_ml

quantities = st.decimals(min_value=0, max_value=20000, places=3, allow_nan=False, allow_infinity=False)
positive = st.decimals(min_value="0.001", max_value=20000, places=3, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("40", "40"),
        ("2.5", "2.5"),
        ("2,5", "2.5"),
        (" 1,25 ", "1.25"),
        (".5", "0.5"),
        (",625", "0.625"),
        ("0.125", "0.125"),
        ("7.", "7"),
        ("1500", "1500"),
        ("0", "0"),
        ("-0", "0"),
    ],
)
def test_point_and_comma_are_both_decimal_signs(typed: str, meant: str) -> None:
    assert parse_units(typed) == Decimal(meant)
    assert parse_ml(typed) == Decimal(meant)


@pytest.mark.parametrize(
    "typed", ["", " ", "U", "40 U", "1e3", "NaN", "Infinity", "1.2.3", "1,2.3", "--5", "5-", "٤٠", "."]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ClinicError) as caught:
        parse_units(typed, field="units")
    assert caught.value.code == "units_not_a_number"
    assert caught.value.field == "units"
    assert caught.value.parameters == {"typed": typed.strip()}


@pytest.mark.parametrize("typed", ["1,250", "2.500", "10,000", "100.125"])
def test_a_figure_that_two_people_read_a_thousandfold_apart_is_refused(typed: str) -> None:
    with pytest.raises(ClinicError) as caught:
        parse_units(typed)
    assert caught.value.code == "units_not_a_number"


def test_more_decimals_than_the_record_keeps_are_refused_and_not_rounded() -> None:
    with pytest.raises(ClinicError):
        parse_units("0.0625")


@pytest.mark.parametrize("typed", ["-5", "\N{MINUS SIGN}2,5", "- 1"])
def test_a_negative_amount_is_refused(typed: str) -> None:
    with pytest.raises(ClinicError) as caught:
        parse_units(typed)
    assert caught.value.code == "units_negative"


def test_the_volume_is_exact() -> None:
    # 100 U in 2.5 mL are 40 U per mL
    assert volume_ml(Decimal(30), Decimal(100), Decimal("2.5")) == Decimal("0.75")
    assert volume_ml(Decimal("1.25"), Decimal(100), Decimal(4)) == Decimal("0.05")


@given(units=positive, vial=positive, diluent=positive)
def test_the_whole_vial_fills_its_diluent_and_no_dose_has_no_volume(
    units: Decimal, vial: Decimal, diluent: Decimal
) -> None:
    assert volume_ml(vial, vial, diluent) == diluent
    assert volume_ml(Decimal(0), vial, diluent) == 0
    assert volume_ml(units, vial, diluent) <= volume_ml(units + 1, vial, diluent)


@given(quantities)
def test_what_is_shown_can_be_typed_again_unless_it_is_ambiguous(number: Decimal) -> None:
    shown = show_number(number)
    assert Decimal(shown) == number
    assert not (shown.endswith(".") or ("." in shown and shown.endswith("0")))
    if len(shown.partition(".")[2]) < 3:
        assert parse_units(shown) == number
        assert parse_units(shown.replace(".", ",")) == number


def test_quantities_are_shown_without_trailing_zeros_and_with_a_thin_space() -> None:
    assert show_units(Decimal("2.50")) == "2.5\u202fU"
    assert show_units(Decimal("1E+2")) == "100\u202fU"
    assert show_ml(Decimal("0.750")) == "0.75\u202fmL"
    assert show_ml(Decimal(1) / 3) == "0.333\u202fmL"
    assert show_number(Decimal(5000)) == "5000"
