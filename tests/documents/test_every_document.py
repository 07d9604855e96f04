"""Whatever is typed anywhere: every document opens, stays short and on its sheet, and still says what it was told."""

from collections.abc import Callable

import pypdfium2  # type: ignore[import-untyped, unused-ignore]
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clinic_app.documents.page import Edition, to_pdf
from clinic_app.documents.style import PAPER_SIZES
from tests.documents.every import EVERY, Words
from tests.documents.reading import NAMED_FONTS, fonts_used, page_sizes, properties, whole_text

BEYOND = 60.0
"""Points around a sheet that are looked at."""

Typed = tuple[str, int]  # what was typed, and how often
HOSTILE: tuple[Typed, ...] = (
    ("n", 300),
    ("Wilhelmina ", 28),
    ("She said that it was better. ", 7_000),
    ("W", 200_000),
    ("word\n", 40_000),
    ("\r\n", 8_000),
    ("🙂🧑\u200d⚕️", 2_000),
    ("\u202e\u2066العربية עברית abc (12.5) ", 500),
    ("محمد\u200cعلي <b>", 200),
    ("a" + "\u0301" * 4_000, 1),
    ("\u0301\u0e33\u0e49 ก็้้้้", 300),
    ("".join(map(chr, range(160))), 20),
    ("\ud800\udfff\ud83d half ", 900),
    ("<b>&amp;</para>]]> {braces} %s %(name)s \\n ${x} ", 60),
    ("肌张力障碍 ジストニア 근육긴장이상", 200),
    ("\u200b\u200d\ufeff\u00ad\u2060", 900),
    ("\u00a0\u2007\u202f", 900),
    ("- # > * `_~[]()!|\n", 400),
    ("", 1),
)
EVERYWHERE: tuple[Typed, ...] = (("word\n", 40_000), ("W", 200_000), ("العربية 肌张力 🙂 ", 9_000))
"""What makes the longest paper when it stands in every field."""
TYPED = st.one_of(
    st.sampled_from(HOSTILE),
    st.tuples(st.text(st.characters(), max_size=40), st.integers(1, 3_000)),  # lone surrogates too
)
EDITIONS = st.builds(
    Edition,
    st.sampled_from(sorted(PAPER_SIZES)),
    st.sampled_from(["en", "es"]),
    st.sampled_from(["en_US", "es_MX", "de_DE", "ar_EG", "he_IL", "ja_JP", "th_TH"]),
)
Test = Callable[..., None]


def with_the_worst(test: Test) -> Test:
    """Hostile texts side by side, each field another, on both papers; then the longest in every field."""
    for paper in sorted(PAPER_SIZES):
        test = example(typed=HOSTILE, edition=Edition(paper))(test)
    # The marks below an Arabic letter in the last line of a label.
    test = example(typed=(*[("n", 300)] * 4, ("\u202e\u2066العربية עברית abc (12.5) ", 500)), edition=Edition())(test)
    for one in EVERYWHERE:
        test = example(typed=(one,), edition=Edition())(test)
    return test


@pytest.mark.parametrize("name", EVERY)
@with_the_worst
@given(typed=st.lists(TYPED, min_size=1, max_size=9), edition=EDITIONS)
@settings(max_examples=4)
def test_hostile_text_makes_readable_paper(name: str, typed: tuple[Typed, ...], edition: Edition) -> None:
    words = Words(*(text * times for text, times in typed))

    pdf = to_pdf(EVERY[name].laid_out(words, edition))

    sizes = page_sizes(pdf)
    assert len(sizes) <= EVERY[name].most_pages
    assert len(set(sizes)) == 1, "all pages lie the same way"
    text = whole_text(pdf)
    assert [word for word in words.told if word not in text] == []
    assert _drawn_outside(pdf, EVERY[name].edge) == []
    file = properties(pdf)
    assert file["Title"] and file["Author"]
    assert not any(name in told for told in file.values() for name in words.names)
    assert {font for font, embedded in fonts_used(pdf).items() if not embedded} <= NAMED_FONTS
    assert b"/Helvetica" not in pdf, "named although nothing is drawn with it"


def _drawn_outside(pdf: bytes, edge: float) -> list[int]:
    """The pages, from 1 on, that have ink at the rim of the sheet or beyond it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [number for number, page in enumerate(document, start=1) if _ink_outside(page, edge)]
    finally:
        document.close()


def _ink_outside(page: pypdfium2.PdfPage, edge: float) -> bool:
    width, height = page.get_size()
    page.set_mediabox(-BEYOND, -BEYOND, width + BEYOND, height + BEYOND)
    picture = page.render(scale=1).to_pil().convert("L")
    rim = int(BEYOND + edge)
    picture.paste(255, (rim, rim, picture.width - rim, picture.height - rim))
    darkest, _ = picture.getextrema()
    return bool(darkest < 250)
