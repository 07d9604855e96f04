import random
import string
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_app.errors import ClinicError
from clinic_app.exchange.gs1 import ScannedPackage, read_gtin, read_package

GTIN = "04046222170073"
WHOLE = ScannedPackage(GTIN, "C7654C3", date(2027, 12, 31), "SER99")
CODE = f"01{GTIN}1727123110C7654C3\x1d21SER99"


def without_others(package: ScannedPackage) -> ScannedPackage:
    return ScannedPackage(package.gtin, package.lot, package.expires_on, package.serial)


def refusal(text: str) -> str:
    with pytest.raises(ClinicError) as refused:
        read_package(text)
    assert str(refused.value)
    return refused.value.code


@pytest.mark.parametrize("prefix", ["", "]d2", "]C1", "]Q3", "]d2\x1d", "\x1d", "+C1", "  ", "\x02"])
@pytest.mark.parametrize("ending", ["", "\r\n", "\t", "\x1d", "\x03"])
def test_a_scan_is_read_however_the_scanner_wraps_it(prefix: str, ending: str) -> None:
    assert read_package(prefix + CODE + ending) == WHOLE


@pytest.mark.parametrize(
    "sign",
    ["|", "~", "^", "#", "@", "]", "$", "\u241d", "§", "<GS>", "{GS}", "[FNC1]", "^]", "\\x1d", "\\u001d", "\x1e"],
)
def test_the_sign_between_the_fields_may_be_whatever_the_wedge_makes_of_it(sign: str) -> None:
    assert read_package(CODE.replace("\x1d", sign)) == WHOLE


@pytest.mark.parametrize(
    "typed",
    [
        "(01)04046222170073(17)271231(10)C7654C3(21)SER99",
        "(01) 04046222170073 (17) 271231 (10) C7654C3 (21) SER99",
        "( 01 )0404 6222 1700 73\n(17)271231\n(10)C7654C3\n(21)SER99",
        "（01）04046222170073（17）271231（10）C7654C3（21）SER99",
        "(17)271231(10)C7654C3(21)SER99(01)04046222170073",
        "01 04046222170073 17 271231 10 C7654C3 21 SER99",
    ],
)
def test_what_is_printed_below_the_code_can_be_typed(typed: str) -> None:
    assert without_others(read_package(typed)) == WHOLE


def test_the_fields_may_come_in_any_order_with_others_between_them() -> None:
    assert read_package(f"21SER99\x1d11260101240X-1\x1d01{GTIN}17271231714123\x1d10C7654C3") == WHOLE


def test_day_nought_is_the_end_of_the_month_also_in_a_leap_year() -> None:
    assert read_package(f"01{GTIN}1727020010A1B2").expires_on == date(2027, 2, 28)
    assert read_package(f"01{GTIN}1728020010A1B2").expires_on == date(2028, 2, 29)


def test_a_scan_under_caps_lock_reads_the_same() -> None:
    assert read_package("]D2" + CODE.swapcase()) == WHOLE


def test_lower_case_stays_as_it_was_typed() -> None:
    assert read_package(f"01{GTIN}10c7654c3").lot == "c7654c3"


def test_expiry_and_serial_may_be_missing() -> None:
    assert read_package(f"01{GTIN}10C7654C3") == ScannedPackage(GTIN, "C7654C3")


@pytest.mark.parametrize(
    "order",
    [
        f"01{GTIN}21SER991727123110C7654C3",
        f"01{GTIN}1727123110C7654C321SER99",
        f"01{GTIN}21SER9910C7654C317271231",
    ],
)
def test_where_the_scanner_leaves_the_sign_out_every_reading_is_offered(order: str) -> None:
    package = read_package(order)
    assert without_others(package) == WHOLE
    assert package.other_readings


def test_a_lot_that_looks_like_a_lot_and_a_serial_number_is_not_torn_apart_without_saying_so() -> None:
    package = read_package(f"01{GTIN}1727123110C2123")
    assert package.lot == "C2123"
    assert [(other.lot, other.serial) for other in package.other_readings] == [("C", "23")]


def test_nothing_is_doubtful_where_the_signs_are_there() -> None:
    assert read_package(f"01{GTIN}10C2123\x1d17271231").other_readings == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "scan_empty"),
        (" \r\n", "scan_empty"),
        ("]d2", "scan_empty"),
        ("4006381333931", "scan_article_only"),
        ("]E04006381333931", "scan_article_only"),
        ("96385074", "scan_article_only"),
        ("4006381333932", "scan_check_digit"),
        ("0104046222170074" + "10C7654C3", "scan_check_digit"),
        ("(01)04046222170074(10)C7654C3", "scan_check_digit"),
        ("0104046222170073", "scan_without_lot"),
        ("(01)04046222170073(17)271231", "scan_without_lot"),
        ("(17)271231(10)C7654C3", "scan_without_product"),
        ("01040462221", "scan_broken_off"),
        ("]d20104046222", "scan_broken_off"),
        ("(01)0404622217", "scan_broken_off"),
        ("(01)04046222170073(17)27", "scan_broken_off"),
        ("(01)04046222170073(17)271331(10)A", "scan_broken_off"),
        (f"01{GTIN}1727023110C7654C3", "scan_broken_off"),
        (f"01{GTIN}10C7654C3\x1d99", "scan_broken_off"),
        ("(01)04046222170073(10)A(10)B", "scan_broken_off"),
        (f"01{GTIN}10C7654C301{GTIN}10C7654C3", "scan_twice"),
        ("C7654C3", "scan_not_a_package"),
        ("shampoo", "scan_not_a_package"),
        ("https://example.org/x", "scan_not_a_package"),
        ("٠١٠٤٠٤٦٢٢٢١٧٠٠٧٣", "scan_empty"),
        ("1" * 401, "scan_not_a_package"),
    ],
)
def test_what_is_no_package_is_one_sentence(text: str, code: str) -> None:
    assert refusal(text) == code


def test_a_scan_cut_anywhere_is_a_sentence_or_a_package_of_the_same_product() -> None:
    for code in (CODE, f"]d2{CODE}", "(01)04046222170073(17)271231(10)C7654C3(21)SER99"):
        for end in range(len(code)):
            try:
                assert read_package(code[:end]).gtin == GTIN
            except ClinicError as error:
                assert str(error)


def test_ten_thousand_damaged_scans_are_sentences_or_packages() -> None:
    chance = random.Random(1727)
    signs = string.printable + "\x1d\x00\u241d）٣²é\U0001f9f4"
    for _ in range(10_000):
        code = list(chance.choice((CODE, f"]d2{CODE}", "(01)04046222170073(17)271231(10)C7654C3(21)SER99")))
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(code) + 1)
            code[place : place + chance.randint(0, 3)] = chance.choices(signs, k=chance.randint(0, 3))
        read_or_refused("".join(code))


@settings(max_examples=400)
@given(st.text(max_size=80) | st.text(st.sampled_from("0123456789()\x1d] aC"), max_size=60))
def test_nothing_that_can_be_scanned_or_typed_breaks_the_reading(text: str) -> None:
    read_or_refused(text)


lots = st.text(st.sampled_from(string.ascii_letters + string.digits + "-/.+"), min_size=1, max_size=20)


@given(lots, st.dates(date(2026, 1, 1), date(2060, 12, 31)), lots)
def test_every_package_can_be_read_back(lot: str, expires_on: date, serial: str) -> None:
    code = f"]d201{GTIN}17{expires_on:%y%m%d}10{lot}\x1d21{serial}"
    assert read_package(code) == ScannedPackage(GTIN, lot, expires_on, serial)
    swallowed = read_package(code.replace("\x1d", ""))
    meant = {without_others(each) for each in (swallowed, *swallowed.other_readings)}
    assert ScannedPackage(GTIN, lot, expires_on, serial) in meant or "01" + GTIN in lot + serial


def read_or_refused(text: str) -> None:
    try:
        package = read_package(text)
    except ClinicError as error:
        assert str(error)
    else:
        assert len(package.gtin) == 14
        assert package.lot


@pytest.mark.parametrize("typed", ["4046222170073", "04046222170073", " 0404 6222 170073 "])
def test_a_gtin_is_kept_as_fourteen_digits(typed: str) -> None:
    assert read_gtin(typed) == GTIN


@pytest.mark.parametrize("typed", ["", "4046222170074", "404622217007", "C7654C3", "٤٠٤٦٢٢٢١٧٠٠٧٣"])
def test_a_number_that_is_no_gtin_is_one_sentence(typed: str) -> None:
    with pytest.raises(ClinicError) as refused:
        read_gtin(typed)
    assert refused.value.code == "scan_check_digit"
