"""The report on paper and its picture: whose it is and of what, every row, nothing lost, no foreign font."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.graphics.shapes import String

from clinic_app.documents.chart import chart
from clinic_app.documents.chart_content import Inks, Picture, Series, Value
from clinic_app.documents.letterhead import Clinic
from clinic_app.documents.page import Edition, to_pdf
from clinic_app.documents.report import ReportPaper, picture_document, report_document
from clinic_app.documents.style import TextStyle
from clinic_app.documents.tables import Column
from clinic_app.documents.text import text_width
from tests.documents.reading import fonts_used, page_texts, whole_text

MONTHS = tuple(date(2016 + number // 12, number % 12 + 1, 1) for number in range(120))
TREND = Picture(
    "Median cycle length",
    "weeks",
    MONTHS,
    (Series("Median", tuple(Value(12 + n % 3, 11, 14.5) for n in range(120))),),
    spread="from the lower to the upper quartile",
)


def paper(rows: int, picture: Picture = TREND) -> ReportPaper:
    return ReportPaper(
        clinic=Clinic("Port Alder Movement Clinic"),
        title="Cycle length",
        period="Mar 3, 2025 – Mar 2, 2026",
        applied=("Dr. Ivo Brandt", "onabotulinumtoxinA"),
        picture=picture,
        columns=[Column("Month", 13), Column("Cycles", 12, "decimal"), Column("Median (weeks)", 14, "decimal")],
        rows=[(f"row {number}", str(number), "12.5") for number in range(rows)],
        notes=["A first injection here ends no cycle."],
        printed_on=date(2026, 3, 2),
        edition=Edition("A4"),
    )


def test_every_page_says_whose_report_it_is_of_what_and_which_of_how_many() -> None:
    pages = page_texts(to_pdf(report_document(paper(90))))
    assert len(pages) == 4
    for number, page in enumerate(pages, 1):
        words = " ".join(page.split())
        for expected in ("Port Alder Movement Clinic", "Cycle length · Mar 3, 2025 – Mar 2, 2026", "Dr. Ivo Brandt"):
            assert expected in words
        assert f"Page {number} of 4" in words
    whole = " ".join(" ".join(pages).split())
    assert all(f"row {number} " in whole for number in range(90))
    assert "Only Dr. Ivo Brandt, onabotulinumtoxinA. 90 rows. Printed Mar 2, 2026." in whole
    assert "A first injection here ends no cycle." in whole


def test_picture_and_table_use_embedded_fonts_only() -> None:
    assert fonts_used(to_pdf(report_document(paper(3))))
    assert all(fonts_used(to_pdf(report_document(paper(3)))).values())


def test_a_report_without_rows_says_so() -> None:
    text = whole_text(to_pdf(report_document(paper(0, Picture("Nothing", "", (), ())))))
    assert "Nothing in this period with these filters." in text


def test_the_picture_tells_title_unit_scale_and_whiskers() -> None:
    text = whole_text(to_pdf(picture_document(TREND, 300, 260, Inks(), "en_US")))
    assert text.startswith("Median cycle length (weeks)")
    assert "Whiskers: from the lower to the upper quartile" in text
    assert "Jan 2016" in text
    assert "15" in text.split()


def test_named_rows_stand_in_their_order_with_their_figures() -> None:
    rows = Picture("Units", "U", ("Splenius", "Trapezius"), (Series("A", (Value(120.5), Value(40))),), lying=True)
    text = whole_text(to_pdf(picture_document(rows, 300, 200, Inks(), "en_US")))
    assert text.index("Splenius") < text.index("Trapezius")
    assert "120.5" in text


@given(most=st.floats(0.1, 1e6), width=st.floats(180, 700))
def test_figures_of_the_scale_never_run_into_each_other(most: float, width: float) -> None:
    rows = Picture("Units", "U", ("Splenius capitis",), (Series("A", (Value(most),)),), lying=True)
    drawn = chart(rows, width, 200, Inks(), "en_US").contents
    words = [(each.y, each.x, each.text) for each in drawn if isinstance(each, String)]
    lowest = min(y for y, _, _ in words)
    scale = sorted((x, x + text_width(text, TextStyle(7.5, 10))) for y, x, text in words if y == lowest)
    assert len(scale) >= 1
    assert all(end < begin for (_, end), (begin, _) in pairwise(scale))


def test_a_long_title_takes_a_second_line_in_a_narrow_picture() -> None:
    text = whole_text(
        to_pdf(
            picture_document(replace(TREND, title="Units of onabotulinumtoxinA by muscle"), 190, 260, Inks(), "en_US")
        )
    )
    assert text.startswith("Units of onabotulinumtoxinA by muscle (weeks)")


@pytest.mark.parametrize("lying", [False, True])
@given(
    values=st.lists(st.none() | st.floats(0, 1e7, allow_subnormal=False), max_size=40),
    width=st.floats(120, 900),
    height=st.floats(90, 900),
)
def test_any_figures_in_any_size_are_one_page(
    lying: bool, values: list[float | None], width: float, height: float
) -> None:
    names = tuple("x" * number for number in range(len(values)))
    series = Series("A", tuple(None if each is None else Value(each, each / 2, each * 1.5) for each in values))
    for spread in ("", "range"):
        picture = Picture("Any", "%", names, (series, series), lying, spread)
        assert len(page_texts(to_pdf(picture_document(picture, width, height, Inks(), "de_DE")))) == 1
