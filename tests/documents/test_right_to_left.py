import subprocess
import sys
import unicodedata
from collections import Counter

import pytest
from bidi.mirror import MIRRORED
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clinic_app.documents.fonts import font_runs, widths
from clinic_app.documents.scripts import has_right_to_left, joined, reads_right_to_left, visual_order
from clinic_app.documents.style import BODY
from clinic_app.documents.text import CELL_LIMIT, clean, fitted, wrapped
from tests.documents.reading import whole_text

# Letters of both directions, digits of both kinds, signs, brackets, vowel marks.
_MIXED = st.text(alphabet=list("אבגabمحلاپچژگ12٣.,:/-+%–()[]«»<≤ \u064e\u0651\u05b8"), max_size=40)
_LETTERS = [chr(code) for code in (*range(0x620, 0x64B), *range(0x671, 0x6D4)) if chr(code).isalpha()]


def _without_sides(text: str) -> Counter[str]:
    """The characters of ``text`` in their basic form, a bracket and its mirror image taken for the same."""
    basic = unicodedata.normalize("NFKC", text)
    return Counter(min(character, MIRRORED.get(character, character)) for character in basic)


@pytest.mark.parametrize(
    ("line", "right_to_left", "drawn"),
    [
        ("אב (גד) הו", True, "וה (דג) בא"),
        ("אב [1] «ג»", True, "«ג» [1] בא"),
        ("אב (Botox 100 U) 12.5", True, "12.5 (Botox 100 U) בא"),
        ("ABC (אב) [12]", True, "[12] (בא) ABC"),
        ("ABC (אב) [12]", False, "ABC (בא) [12]"),
        ("Dr. (אב גד), MD", False, "Dr. (דג בא), MD"),
        ("אב (b (ג) d) ה", True, "ה (d (ג) b) בא"),
        ("((אב))", True, "((בא))"),
        ("(אב", True, "בא)"),
        ("a ≤ אב < ג", False, "a ≤ ג > בא"),
    ],
)
def test_brackets_open_towards_what_they_hold(line: str, right_to_left: bool, drawn: str) -> None:
    assert visual_order(line, right_to_left) == drawn


@pytest.mark.parametrize(
    ("line", "drawn"),
    [
        ("אב 12.5 U", "U 12.5 בא"),
        ("אב 24/11/2026 גד", "דג 24/11/2026 בא"),
        ("אב 50% גד", "דג 50% בא"),
        ("אב 1,000.5", "1,000.5 בא"),
        ("אב 10:30 גד", "דג 10:30 בא"),
        ("אב ١٢٫٥ גד", "דג ١٢٫٥ בא"),
    ],
)
def test_a_number_inside_right_to_left_text_reads_as_it_was_typed(line: str, drawn: str) -> None:
    assert visual_order(line, True) == drawn


def test_a_right_to_left_name_leaves_the_english_sentence_around_it_alone() -> None:
    assert visual_order("Seen with אב גד, 12.5 U given", False) == "Seen with 12.5 ,דג בא U given"
    assert visual_order("Mother: אב גד; father: הו", False) == "Mother: דג בא; father: וה"


def test_a_vowel_mark_is_drawn_over_its_own_letter() -> None:
    # The marks of the font lie over what is drawn next, so each stands before its letter.
    assert visual_order("א\u05b8ב", True) == "ב\u05b8א"
    assert visual_order(joined("ب\u064eد"), True) == "\ufeaa\u064e\ufe91"


def test_persian_and_urdu_letters_join() -> None:
    assert joined("گچپ") == "\ufb94\ufb7d\ufb57"
    assert joined("ژاله") == "ژا\ufedf\ufeea"  # neither zheh nor alef joins what follows
    assert joined("ٹھے") == "\ufb68\ufbad\ufbaf"


@pytest.mark.parametrize("alef", "اأإآ")
def test_lam_and_alef_become_one_sign_also_across_a_vowel_mark(alef: str) -> None:
    sign = joined(f"ل{alef}")

    assert len(sign) == 1
    assert unicodedata.normalize("NFKC", sign) == f"ل{alef}"
    assert joined(f"ل\u064e{alef}") == f"{sign}\u064e"


def test_the_name_of_god_keeps_the_letters_that_were_typed() -> None:
    assert unicodedata.normalize("NFKC", joined("عبدالله")) == "عبدالله"
    assert "\ufdf2" not in joined("عبد الله")


def test_a_non_joiner_holds_letters_apart_on_paper() -> None:
    together, apart = (fitted(text, BODY, 100).runs for text in ("بب", "ب\u200cب"))

    assert together != apart
    assert "".join(piece for _, piece in apart) == "بب"
    assert wrapped("ب\u200cب", BODY, 100)[0][0].runs == apart


def test_an_invisible_direction_mark_neither_prints_nor_parts_letters() -> None:
    assert clean("ب\u061c\u200f\u200eب") == "بب"


def test_every_joined_form_has_a_glyph() -> None:
    drawable = [letter for letter in _LETTERS if ord(letter) in widths("FiraGO")]

    assert len(drawable) > 100
    for font in ("FiraGO", "FiraGO-Bold"):
        shown = {form for one in drawable for two in drawable for form in joined(one + two)}
        assert [form for form in shown if ord(form) not in widths(font)] == []


@pytest.mark.parametrize("name", ["مُحَمَّد شُمَيْلَة", "שָׁלוֹם", "چگونه ژاله", "نازیہ ٹیپو", "لآلئ الأمل", "ئاڵان ڕێبوار"])
def test_a_name_can_be_searched_and_copied_as_it_was_typed(name: str) -> None:
    assert name in whole_text(_page_of(name))


@settings(max_examples=300, deadline=None)
@given(_MIXED, st.booleans())
def test_no_character_is_lost(text: str, right_to_left: bool) -> None:
    assert _without_sides(visual_order(joined(text), right_to_left)) == _without_sides(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.booleans())
def test_text_without_right_to_left_letters_is_unchanged(text: str, right_to_left: bool) -> None:
    assume(not has_right_to_left(text))

    assert visual_order(joined(text), right_to_left) == text
    assert not reads_right_to_left(text)


@settings(max_examples=200, deadline=None)
@given(_MIXED)
def test_a_wrapped_text_keeps_every_character(text: str) -> None:
    cleaned = clean(text)
    lines, cut = wrapped(cleaned, BODY, 500, CELL_LIMIT)
    drawn = "".join(piece for line in lines for _, piece in line.runs)
    shown = "".join(piece for _, piece in font_runs(cleaned, BODY.bold))

    assert not cut
    assert _without_sides(drawn.replace(" ", "")) == _without_sides(shown.replace(" ", ""))


def test_the_libraries_are_not_loaded_for_left_to_right_text() -> None:
    check = (
        "from clinic_app.documents import scripts; scripts.visual_order(scripts.joined('plain'), False); "
        "scripts.reads_right_to_left('plain'); "
        "import sys; assert not {'bidi', 'arabic_reshaper'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def _page_of(words: str) -> bytes:
    from io import BytesIO

    from reportlab.pdfgen.canvas import Canvas

    from clinic_app.documents.page import draw_text

    file = BytesIO()
    canvas = Canvas(file)
    draw_text(canvas, words, 50, 700, BODY, 400)
    canvas.save()
    return file.getvalue()
