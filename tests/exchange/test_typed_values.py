from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.errors import ClinicError
from clinic_app.exchange.typed_values import (
    DateOrder,
    NumberStyle,
    Quantity,
    QuantityUnit,
    date_orders,
    number_styles,
    read_boolean,
    read_day,
    read_number,
    read_partial_day,
    read_quantity,
    read_sex,
    read_sides,
    sex_words,
)
from clinic_app.partial_dates import PartialDate
from clinic_app.terms import Sex, Side

DMY, MDY, YMD, SERIAL = DateOrder
POINT, COMMA = NumberStyle
MARCH = date(2021, 3, 4)


@pytest.mark.parametrize(
    ("cells", "orders"),
    [
        (["04/05/2021", "", "unknown"], {DMY, MDY}),
        (["04/05/2021", "13/02/2021"], {DMY}),
        (["04/05/2021", "02/13/2021"], {MDY}),
        (["13/02/2021", "02/13/2021"], set()),
        (["2021-02-13", "13 Feb 2021"], {YMD}),
        (["2021-02-13", "13.02.2021"], {DMY}),
        (["13/02/21"], {DMY, YMD}),
        (["99/12/31"], {YMD}),
        (["05/05/2021"], {YMD}),
        (["44000", "43999.5"], {SERIAL}),
        (["44000", "13/02/2021"], {DMY}),
        (["2019", "2020"], {YMD}),
        (["unknown", ""], set()),
        ([], set()),
    ],
)
def test_a_column_tells_its_order_or_asks(cells: list[str], orders: set[DateOrder]) -> None:
    assert date_orders(cells) == orders


@pytest.mark.parametrize(
    "text",
    [
        "4. März 2021", "4 de marzo de 2021", "March 4th, 2021", "4 mars 2021", "4-Mar-2021", "04MAR2021", "4 mrt 2021",
        "2021 Mar 4", "2021-03-04", "2021/3/4", "20210304", "2021-03-04T00:00:00", "2021-03-04 14:30", "04.03.2021",
        "4. 3. 2021", "4 3 2021", "04/03/2021 2:30 PM", " 4-3-2021 ",
    ],
)  # fmt: skip
def test_a_day_is_read_in_the_usual_spellings(text: str) -> None:
    assert read_day(text, DMY) == MARCH


MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
}
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(days, st.sampled_from(sorted(MONTHS)), st.booleans(), st.sampled_from([DMY, MDY, YMD]))
def test_a_named_month_is_read_in_every_order(day: date, language: str, capitals: bool, order: DateOrder) -> None:
    name = MONTHS[language].split()[day.month - 1]
    written = f"{day.day} {name.upper() if capitals else name} {day.year:04d}"
    assert read_day(written, order) == day


@given(
    days, st.sampled_from("./- "), st.sampled_from([(DMY, "{d}{s}{m}{s}{y}"), (MDY, "{m}{s}{d}{s}{y}")]), st.booleans()
)
def test_any_day_is_read_back_in_its_order(day: date, sign: str, style: tuple[DateOrder, str], zeros: bool) -> None:
    order, form = style
    width = 2 if zeros else 1
    written = form.format(d=f"{day.day:0{width}d}", m=f"{day.month:0{width}d}", y=day.year, s=sign)
    assert read_day(written, order) == day
    assert read_day(day.isoformat(), order) == day
    if date_orders([written]) == {order}:
        with pytest.raises(ClinicError):
            read_day(written, MDY if order is DMY else DMY)


@given(days.filter(lambda day: day.year > 1906))
def test_a_serial_is_the_day_that_excel_means(day: date) -> None:
    assert read_day(str((day - date(1899, 12, 30)).days), SERIAL) == day


@pytest.mark.parametrize(
    "text", ["31/04/2021", "29/02/2019", "3/4/021", "3/4", "0 May 2021", "2021", "May 2021", "3.4/2021", "½ May 2021",
             "3.4.2021 or 4.4.2021", "44000", "", "may may 2021", "9" * 400]
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ClinicError) as refused:
        read_day(text, DMY, pivot=2026)
    assert refused.value.code == "day_unreadable"


def test_years_of_two_digits_need_somebody_to_say_which() -> None:
    with pytest.raises(ClinicError, match="two digits"):
        read_day("3/4/26", DMY)
    assert read_day("3/4/26", DMY, pivot=2026) == date(2026, 4, 3)
    assert read_day("3/4/27", DMY, pivot=2026) == date(1927, 4, 3)
    with pytest.raises(ClinicError):
        read_day("29/02/00", DMY, pivot=1950)  # 1900 was no leap year


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2019", PartialDate(2019)),
        ("05/2019", PartialDate(2019, 5)),
        ("2019-05", PartialDate(2019, 5)),
        ("Mai 2019", PartialDate(2019, 5)),
        ("04.05.2019", PartialDate(2019, 5, 4)),
    ],
)
def test_a_month_or_a_year_is_read_where_that_is_wanted(text: str, meant: PartialDate) -> None:
    assert read_partial_day(text, DMY) == meant


@pytest.mark.parametrize("text", ["13/2019", "00/2019", "2019-00", "Mai 19", "0000", "x"])
def test_no_month_and_no_year_is_refused(text: str) -> None:
    with pytest.raises(ClinicError):
        read_partial_day(text, DMY)


@pytest.mark.parametrize(
    ("cells", "styles"),
    [
        (["1,234"], {POINT, COMMA}),
        (["1,234", "2.5"], {POINT}),
        (["1.234", "2,5"], {COMMA}),
        (["2.5", "2,5"], set()),
        (["100", "", "x"], {POINT}),
        (["1,234,567"], {POINT}),
        (["0,125"], {COMMA}),
        (["x"], set()),
    ],
)
def test_a_column_tells_its_decimal_sign_or_asks(cells: list[str], styles: set[NumberStyle]) -> None:
    assert number_styles(cells) == styles


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("100", "100", ""), ("100 U", "100", "U"), ("100 units", "100", "U"), ("100E", "100", "U"),
        ("100 MU", "100", "U"), ("100 Einheiten", "100", "U"), ("2,5 ml", "2.5", "mL"), ("0.5 mL.", "0.5", "mL"),
        ("1.234,5", "1234.5", ""), ("1'234.5", "1234.5", ""), ("1 234", "1234", ""), ("1\u202f234,5 U", "1234.5", "U"),
        ("-5", "-5", ""), ("0,125", "0.125", ""), (".5", "0.5", ""),
    ],
)  # fmt: skip
def test_a_number_is_read_with_its_unit(text: str, value: str, unit: str) -> None:
    assert read_quantity(text) == Quantity(Decimal(value), QuantityUnit(unit))


@pytest.mark.parametrize(
    "text", ["", "x", "1E3", "100 - 200", "2.5.6", "12,34,567", "½", "100 kg", "100 µ", "1/2", "9" * 99]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ClinicError) as refused:
        read_number(text)
    assert refused.value.code == "number_unreadable"


def test_a_thousandfold_dose_is_never_guessed() -> None:
    for text in ("1,234", "1.234", "12,500"):
        with pytest.raises(ClinicError) as refused:
            read_number(text)
        assert refused.value.code == "number_two_ways"
    assert (read_number("1,234", POINT), read_number("1,234", COMMA)) == (Decimal(1234), Decimal("1.234"))
    with pytest.raises(ClinicError):
        read_number("2,5", POINT)


@given(st.decimals(0, 10**6, places=2), st.sampled_from(NumberStyle), st.booleans())
def test_any_number_is_read_back_in_its_style(number: Decimal, style: NumberStyle, grouped: bool) -> None:
    written = f"{number:,f}" if grouped else f"{number:f}"
    if style is COMMA:
        written = written.translate(str.maketrans(",.", ".,"))
    assert read_number(written, style) == number


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("yes", True),
        ("Ja", True),
        ("Sí", True),
        ("X", True),
        ("true", True),
        ("nein", False),
        ("0", False),
        ("Non", False),
    ],
)
def test_yes_and_no_are_read(text: str, meant: bool) -> None:
    assert read_boolean(text) is meant


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("R", [Side.RIGHT]), ("rt.", [Side.RIGHT]), ("rechts", [Side.RIGHT]), ("droite", [Side.RIGHT]),
        ("re", [Side.RIGHT]), ("Höger", [Side.RIGHT]), ("L", [Side.LEFT]), ("left side", [Side.LEFT]),
        ("L/R", [Side.LEFT, Side.RIGHT]), ("both", [Side.LEFT, Side.RIGHT]), ("bds.", [Side.LEFT, Side.RIGHT]),
        ("B/L", [Side.LEFT, Side.RIGHT]), ("right and left", [Side.LEFT, Side.RIGHT]), ("midline", [Side.MIDLINE]),
    ],
)  # fmt: skip
def test_sides_are_read(text: str, sides: list[Side]) -> None:
    assert list(read_sides(text)) == sides


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("D", "side_unclear"),
        ("s", "side_unclear"),
        ("mid left", "side_unclear"),
        ("", "side_unknown"),
        ("up", "side_unknown"),
    ],
)
def test_an_unclear_side_is_asked(text: str, code: str) -> None:
    with pytest.raises(ClinicError) as refused:
        read_sides(text)
    assert refused.value.code == code
    assert str(refused.value)


def test_what_the_words_for_sex_mean_depends_on_their_column() -> None:
    assert sex_words(["F", "m", "weiblich", "", "2"]) == {
        "F": Sex.FEMALE, "m": Sex.MALE, "weiblich": Sex.FEMALE, "2": None,
    }  # fmt: skip
    assert sex_words(["H", "M", "mujer"]) == {"H": None, "M": None, "mujer": Sex.FEMALE}
    assert read_sex("Männlich") is Sex.MALE
    with pytest.raises(ClinicError):
        read_sex("H")


@given(st.text(max_size=80))
def test_any_text_is_a_value_or_refused_in_a_sentence(text: str) -> None:
    for read in (read_number, read_boolean, read_sex, read_sides):
        try:
            read(text)
        except ClinicError as refused:
            assert str(refused)
    for order in DateOrder:
        try:
            read_partial_day(text, order, pivot=2026)
        except ClinicError as refused:
            assert str(refused)
    date_orders([text])
    number_styles([text])
