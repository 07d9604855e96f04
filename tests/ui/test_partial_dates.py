"""A date typed as exactly as it is known, and how it is shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from clinic_app.partial_dates import PartialDate
from clinic_app.ui.locale import numeric_date_text, partial_date_text
from clinic_app.ui.widgets.dates import parse_partial_date
from clinic_app.ui.widgets.value_fields import PartialDateField
from tests.test_partial_dates import partial_dates
from tests.ui.keyboard import type_text

TODAY = date(2026, 11, 24)
BRITISH, AMERICAN = QLocale("en_GB"), QLocale("en_US")
LOCALES = "en_GB en_US de_DE fr_FR es_ES pl_PL sv_SE ru_RU ja_JP zh_CN ko_KR ar_EG fa_IR hu_HU he_IL vi_VN".split()


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2019", PartialDate(2019)),
        ("4/2019", PartialDate(2019, 4)),
        ("04.2019", PartialDate(2019, 4)),
        ("2019-04", PartialDate(2019, 4)),
        ("2019 / 4", None),
        ("Apr 2019", PartialDate(2019, 4)),
        ("april 2019", PartialDate(2019, 4)),
        ("2019 Sept", PartialDate(2019, 9)),
        ("3/4/2019", PartialDate(2019, 4, 3)),
        ("3/4/19", PartialDate(2019, 4, 3)),
        ("2019-04-03", PartialDate(2019, 4, 3)),
        ("3 Apr 2019", PartialDate(2019, 4, 3)),
        ("3 Apr 19", PartialDate(2019, 4, 3)),
        ("29/2/2020", PartialDate(2020, 2, 29)),
        ("3y", PartialDate(2023)),
        ("3 years ago", PartialDate(2023)),
        ("5 months ago", PartialDate(2026, 6)),
        ("12m", PartialDate(2025, 11)),
        ("2w", PartialDate(2026, 11, 10)),
        ("t", PartialDate(2026, 11, 24)),
        ("٢٠١٩", PartialDate(2019)),
    ],
)
def test_a_date_is_understood_as_exactly_as_it_is_typed(text: str, when: PartialDate | None) -> None:
    if when is None:
        with pytest.raises(ValueError, match=r"."):
            parse_partial_date(text, TODAY, BRITISH)
        return
    assert parse_partial_date(text, TODAY, BRITISH) == when


def test_the_order_of_day_and_month_is_the_locale_s() -> None:
    assert parse_partial_date("3/4/2019", TODAY, AMERICAN) == PartialDate(2019, 3, 4)


def test_an_empty_text_is_no_date() -> None:
    assert parse_partial_date(" ", TODAY, BRITISH) is None


@pytest.mark.parametrize(
    "text",
    ["4/19", "Apr 19", "12 Mar", "19", "31/2/2019", "13/2019", "0/2019", "2019-13", "2019-00", "29/2/2019", "Foo 2019",
     "soon", "9999y", "3 Foo 2019", "+3", "١٣/٢٠١٩"],
)  # fmt: skip
def test_what_is_no_date_or_can_mean_two_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_partial_date(text, TODAY, BRITISH)


@given(partial_dates(), st.sampled_from(LOCALES))
def test_what_a_field_shows_is_understood_again_in_every_locale(when: PartialDate, name: str) -> None:
    locale = QLocale(name)
    shown = numeric_date_text(when.earliest, locale) if when.day else partial_date_text(when, locale)
    assert parse_partial_date(shown, date(2300, 1, 1), locale) == when


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("en_GB", "Apr 2019"),
        ("en_US", "Apr 2019"),
        ("de_DE", "Apr. 2019"),
        ("ja_JP", "2019年4月"),
        ("hu_HU", "2019. ápr."),
    ],
)
def test_a_month_is_shown_as_the_locale_writes_it(name: str, month: str) -> None:
    locale = QLocale(name)
    assert partial_date_text(PartialDate(2019, 4), locale) == month
    assert partial_date_text(PartialDate(2019), locale) == "2019"


@pytest.mark.parametrize(
    ("typed", "shown", "value", "said"),
    [
        ("april 2019", "Apr 2019", PartialDate(2019, 4), ""),
        ("2019", "2019", PartialDate(2019), ""),
        ("2.4.19", "02/04/2019", PartialDate(2019, 4, 2), ""),
        ("31/2/2019", "31/2/2019", None, "Write a year, month or day, such as 2019, Apr 2019 or 02/04/2019."),
        ("2027", "2027", PartialDate(2027), "This date lies in the future."),
        ("2026", "2026", PartialDate(2026), ""),
    ],
)
def test_a_field_shows_what_it_understood_and_says_what_it_did_not(
    qtbot: QtBot, typed: str, shown: str, value: PartialDate | None, said: str
) -> None:
    field = PartialDateField("Onset", today=lambda: TODAY)
    qtbot.addWidget(field)
    field.show()
    type_text(field.editor, typed)
    field._leave()

    assert (field.editor.text(), field.value(), field.error()) == (shown, value, said)
