from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

from clinic_app.ui.locale import date_text, numeric_date_text
from clinic_app.ui.widgets.dates import add_months, parse_date

TODAY = date(2026, 11, 24)
BRITISH, AMERICAN = QLocale("en_GB"), QLocale("en_US")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("t", date(2026, 11, 24)),
        ("Today", date(2026, 11, 24)),
        ("+3", date(2026, 11, 27)),
        ("-3", date(2026, 11, 21)),
        ("12w", date(2027, 2, 16)),
        ("12 W", date(2027, 2, 16)),
        ("-2w", date(2026, 11, 10)),
        ("10d", date(2026, 12, 4)),
        ("3m", date(2027, 2, 24)),
        ("1y", date(2027, 11, 24)),
        ("2026-12-03", date(2026, 12, 3)),
        ("3/12/2026", date(2026, 12, 3)),
        ("3.12.26", date(2026, 12, 3)),
        ("03122026", date(2026, 12, 3)),
        ("2026/12/3", date(2026, 12, 3)),
        ("3 Dec 2026", date(2026, 12, 3)),
        ("december 3, 2026", date(2026, 12, 3)),
        ("3 Dec", date(2026, 12, 3)),
        ("4/8", date(2027, 8, 4)),
    ],
)
def test_a_date_is_understood_as_people_type_it(text: str, day: date) -> None:
    assert parse_date(text, TODAY, BRITISH) == day


def test_the_order_of_day_and_month_is_the_locale_s() -> None:
    assert parse_date("3/12/2026", TODAY, BRITISH) == date(2026, 12, 3)
    assert parse_date("3/12/2026", TODAY, AMERICAN) == date(2026, 3, 12)


def test_a_birth_date_never_lies_in_the_future() -> None:
    assert parse_date("12/3/61", TODAY, BRITISH, in_the_past=True) == date(1961, 3, 12)
    assert parse_date("1/12/26", TODAY, BRITISH, in_the_past=True) == date(1926, 12, 1)
    assert parse_date("1/12", TODAY, BRITISH, in_the_past=True) == date(2025, 12, 1)


def test_an_empty_text_is_no_date() -> None:
    assert parse_date("  ", TODAY, BRITISH) is None


@pytest.mark.parametrize(
    "text",
    ["31/2/2026", "2026-13-01", "soon", "3 Foo 2026", "12", "3/12/026", "29 Feb", "9999y", "5/5/5/5", "w", "0/0/2000"],
)
def test_what_is_not_a_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_date(text, TODAY, BRITISH)


def test_digits_of_other_scripts_are_digits() -> None:
    arabic = QLocale("ar_EG")
    assert parse_date(numeric_date_text(date(2026, 12, 3), arabic), TODAY, arabic) == date(2026, 12, 3)


def test_a_month_later_is_the_last_day_where_the_month_is_shorter() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 1, 31), -2) == date(2025, 11, 30)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


@given(
    day=st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    name=st.sampled_from(["en_GB", "en_US", "de_DE", "fr_FR", "es_ES", "sv_SE", "ja_JP", "hu_HU", "pt_BR", "ko_KR"]),
)
def test_a_date_as_shown_in_a_field_is_understood_again(day: date, name: str) -> None:
    locale = QLocale(name)
    assert parse_date(numeric_date_text(day, locale), TODAY, locale) == day


@given(day=st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_date_with_the_month_s_name_is_understood_again(day: date) -> None:
    for locale in (BRITISH, AMERICAN, QLocale("de_DE"), QLocale("fr_FR")):
        assert parse_date(date_text(day, locale), TODAY, locale) == day


@given(text=st.text(max_size=12))
def test_any_text_is_a_date_or_is_refused(text: str) -> None:
    try:
        found = parse_date(text, TODAY, BRITISH)
    except ValueError:
        return
    assert found is None or isinstance(found, date)
