import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clinic_app.documents.fonts import font_runs
from clinic_app.documents.page import to_pdf
from clinic_app.documents.scripts import joined, visual_order
from clinic_app.documents.style import BODY, BODY_BOLD
from clinic_app.documents.text import Limit, clean, fitted, one_line, text_width, wrapped
from clinic_app.documents.visit_note import visit_note_document
from tests.documents.build import PATIENT, usual_note
from tests.documents.reading import whole_text


@pytest.mark.parametrize(
    "name",
    [
        "José Muñoz Peñalver",
        "Åsa Źdźbło-Őry Şahin",
        "Nguyễn Thị Hồng",
        "Александр Ильич",
        "Ελένη Παπαδοπούλου",
        "გიორგი მაისურაძე",
        "王小明",
        "田中さくら",
        "김민준",
        "김민준 髙橋",
        "山田さくら 龘",
        "สมชาย ใจดี",
    ],
)
def test_names_of_many_scripts_are_printed_as_text(tmp_path: Path, name: str) -> None:
    note = replace(usual_note(tmp_path), patient=replace(PATIENT, name=name))
    assert name in whole_text(to_pdf(visit_note_document(note)))


@pytest.mark.parametrize("name", ["محمد العربي", "שרה כהן", "گیتی پژمان"])
def test_right_to_left_names_are_drawn_with_all_their_letters(tmp_path: Path, name: str) -> None:
    text = whole_text(to_pdf(visit_note_document(replace(usual_note(tmp_path), patient=replace(PATIENT, name=name)))))

    # A viewer may return them in drawing or in reading order; either way no letter is missing.
    drawn = " ".join(reversed(name.split(" ")))
    orders = (name, drawn, name[::-1])
    assert any(order in text for order in orders)
    assert "\ufffd" not in text


@pytest.mark.parametrize(
    ("name", "runs"),
    [
        ("王小明", [("STSong-Light", "王小明")]),
        ("陳大文", [("STSong-Light", "陳大文")]),
        ("髙橋 ひろし", [("HeiseiKakuGo-W5", "髙橋"), ("NotoSans", " "), ("HeiseiKakuGo-W5", "ひろし")]),
        # Beside kana or hangul, a character that their font lacks is taken from one that has it.
        ("さくら龘", [("HeiseiKakuGo-W5", "さくら"), ("STSong-Light", "龘")]),
        ("김髙", [("HYGothic-Medium", "김"), ("STSong-Light", "髙")]),
        ("さ김王", [("HeiseiKakuGo-W5", "さ"), ("HYGothic-Medium", "김"), ("HeiseiKakuGo-W5", "王")]),
        ("㐂", [("STSong-Light", "㐂")]),
        ("𠮷野", [("NotoSans", "\ufffd"), ("STSong-Light", "野")]),
    ],
)
def test_no_east_asian_character_is_left_to_a_font_that_draws_nothing_there(
    name: str, runs: list[tuple[str, str]]
) -> None:
    assert list(font_runs(name)) == runs


def test_a_character_no_font_has_is_shown_as_missing(tmp_path: Path) -> None:
    text = whole_text(to_pdf(visit_note_document(replace(usual_note(tmp_path), plan="before 🙂 after"))))
    assert "before ? after" in text or "before \ufffd after" in text


def test_arabic_letters_take_the_form_their_neighbours_ask_for() -> None:
    assert joined("سلام") == "\ufeb3\ufefc\u0645"  # initial seen, final lam-alef, meem by itself
    assert joined("بب") == "\ufe91\ufe90"
    assert joined("دد") == "دد"
    assert joined("plain") == "plain"


def test_marks_above_letters_do_not_part_them() -> None:
    assert joined("ب\u064eب") == "\ufe91\u064e\ufe90"


def test_right_to_left_text_is_put_in_drawing_order() -> None:
    assert visual_order("שלום", True) == "םולש"
    assert visual_order("אב 123 גד", True) == "דג 123 בא"
    assert visual_order("Dr. אב, MD", False) == "Dr. בא, MD"
    assert visual_order("(אב)", True) == "(בא)"


def test_numbers_keep_their_order_inside_right_to_left_text() -> None:
    assert "12.5" in visual_order("אבג 12.5 דה", True)
    assert "24/11/2026" in visual_order("אבג 24/11/2026", True)


def test_cleaning_removes_what_a_printer_cannot_show() -> None:
    assert clean("a\x00b\x1b[31m\tc\r\nd\u202ee") == "ab[31m c\nde"
    assert clean("\n\n\n\n  one  \n\n\n\n\n two ") == "one\n\ntwo"
    assert one_line(" a\n\n b\tc ") == "a b c"


def test_units_are_not_parted_from_their_number() -> None:
    lines, _ = wrapped("aaaa 12\u00a0U", BODY, text_width("aaaa 12", BODY) + 0.1)
    assert ["".join(piece for _, piece in line.runs) for line in lines] == ["aaaa", "12\u00a0U"]


def test_a_line_that_must_fit_ends_in_an_ellipsis() -> None:
    line = fitted("a very long name that cannot stand here", BODY_BOLD, 80)

    assert line.width <= 80
    assert "".join(piece for _, piece in line.runs).endswith("…")


@settings(max_examples=150, deadline=None)
@example("0\U0001e000", 12.0)
@given(st.text(max_size=300), st.floats(min_value=12, max_value=300))
def test_no_line_is_wider_than_its_column_and_no_text_is_refused(text: str, width: float) -> None:
    lines, _ = wrapped(text, BODY, width, Limit(250, 40))

    assert len(lines) <= 40
    for line in lines:
        single = sum(len(piece) for _, piece in line.runs) <= 1
        assert single or line.width <= width + 0.6
    assert fitted(text, BODY, width).width <= max(width, 20) + 0.6


def test_the_documents_are_imported_without_loading_the_pdf_library() -> None:
    names = ("visit_note", "aftercare", "appointment_card", "day_list", "recovery_sheet")
    loads = "; ".join(f"import clinic_app.documents.{name}" for name in names)
    check = f"{loads}; import sys; assert not {{'reportlab', 'babel', 'PIL', 'pymupdf_fonts'}} & set(sys.modules)"

    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
