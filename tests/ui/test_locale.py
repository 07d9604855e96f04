from datetime import date, time
from decimal import Decimal

import pytest
from PySide6.QtCore import QLocale

from clinic_app.ui.locale import (
    age,
    date_text,
    day_month_text,
    language_name,
    number_text,
    numeric_date_text,
    parse_number,
    parse_time,
    time_text,
    weekday_date_text,
    weeks_text,
)

DAY = date(2026, 12, 3)


@pytest.mark.parametrize(
    ("name", "medium", "weekday", "short", "digits"),
    [
        ("en_GB", "3 Dec 2026", "Thu 3 Dec 2026", "3 Dec", "03/12/2026"),
        ("en_US", "Dec 3, 2026", "Thu Dec 3, 2026", "Dec 3", "12/3/2026"),
        ("de_DE", "3. Dez. 2026", "Do. 3. Dez. 2026", "3. Dez.", "03.12.2026"),
        ("es_ES", "3 dic 2026", "jue 3 dic 2026", "3 dic", "3/12/2026"),
        ("ja_JP", "2026年12月3日", "木 2026年12月3日", "12月3日", "2026/12/03"),
    ],
)
def test_dates_follow_the_locale(name: str, medium: str, weekday: str, short: str, digits: str) -> None:
    locale = QLocale(name)
    assert date_text(DAY, locale) == medium
    assert weekday_date_text(DAY, locale) == weekday
    assert day_month_text(DAY, locale) == short
    assert numeric_date_text(DAY, locale) == digits


def test_times_follow_the_locale() -> None:
    assert time_text(time(14, 5), QLocale("en_GB")) == "14:05"
    assert time_text(time(14, 5), QLocale("en_US")) == "2:05 PM"


def test_numbers_are_exact_and_have_the_locale_s_mark() -> None:
    german = QLocale("de_DE")
    assert number_text(Decimal("12.50")) == "12.5"
    assert number_text(Decimal("100")) == "100"
    assert number_text(Decimal("1E+2")) == "100"
    assert number_text(Decimal("12.5"), 2, german) == "12,50"
    assert number_text(Decimal("-0.1")) == "−0.1"
    assert number_text(0.1) == "0.1"


def test_age_counts_full_years() -> None:
    born = date(1961, 3, 12)
    assert age(born, date(2026, 3, 11)) == 64
    assert age(born, date(2026, 3, 12)) == 65
    assert age(date(2000, 2, 29), date(2026, 2, 28)) == 25
    assert age(date(2000, 2, 29), date(2026, 3, 1)) == 26


def test_days_are_told_in_weeks() -> None:
    assert [weeks_text(days) for days in (0, 3, 7, 82, 84, -9)] == ["0 d", "3 d", "1 w", "11 w 5 d", "12 w", "−1 w 2 d"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("12.5", "12.5"), ("12,5", "12.5"), (" 1 000 ", "1000"), (".5", "0.5"), ("7.", "7"), ("−2", "-2")],
)
def test_comma_and_point_are_both_the_decimal_mark(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["1,000.5", "1.2.3", "ten", "1e5", "NaN", "--1", "½", "12U"])
def test_a_number_that_would_have_to_be_guessed_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        parse_number(text)


def test_an_empty_text_is_no_number_and_no_time() -> None:
    assert parse_number("  ") is None
    assert parse_time(" ") is None


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("14:21", 14, 21),
        ("1421", 14, 21),
        ("930", 9, 30),
        ("9", 9, 0),
        ("9.05", 9, 5),
        ("9h15", 9, 15),
        ("2:21 pm", 14, 21),
        ("12 am", 0, 0),
        ("12pm", 12, 0),
        ("8 a.m.", 8, 0),
    ],
)
def test_times_are_understood_as_people_type_them(text: str, hour: int, minute: int) -> None:
    assert parse_time(text) == time(hour, minute)


@pytest.mark.parametrize("text", ["25:00", "9:75", "noon", "13 pm", "0 am", "9:5:5", "12345"])
def test_what_is_not_a_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_time(text)


def test_a_time_as_shown_is_understood_again() -> None:
    for name in ("en_GB", "en_US", "de_DE", "fr_FR"):
        assert parse_time(time_text(time(15, 40), QLocale(name))) == time(15, 40)


def test_languages_are_called_as_their_readers_call_them() -> None:
    assert [language_name(code) for code in ("en", "es", "de")] == ["English", "Español", "Deutsch"]
