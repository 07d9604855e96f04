import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.errors import ClinicError
from clinic_app.rules.code_line import CodeLine, parse_code

codes = st.from_regex(r"[0-9]{5}|[0-9]{4}[A-Z]|[A-Z][0-9]{4}", fullmatch=True).map(str)
modifiers = st.from_regex(r"[A-Z0-9]{2}", fullmatch=True)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (CodeLine("64616", ("50",)), "64616-50"),
        (CodeLine("64616"), "64616"),
        (CodeLine("J0585", (), 155), "J0585 ×155"),
        (CodeLine("J0585", ("JW",), 45), "J0585-JW ×45"),
        (CodeLine("J0588", ("JZ",), 200), "J0588-JZ ×200"),
        (CodeLine("J0585", ("JW",)), "J0585-JW ×1"),
        (CodeLine("64643", (), 2), "64643 ×2"),
        (CodeLine("64612", ("50", "59")), "64612-50-59"),
    ],
)
def test_a_line_is_kept_as_short_text_and_read_back(line: CodeLine, text: str) -> None:
    assert line.text == text
    assert parse_code(text) == line


@pytest.mark.parametrize("typed", ["j0585-jw x45", " J0585-JW*45 ", "J0585-JWX45", "J0585-JW × 45"])
def test_what_a_person_types_instead_of_the_sign_is_read(typed: str) -> None:
    assert parse_code(typed) == CodeLine("J0585", ("JW",), 45)


@pytest.mark.parametrize(
    "typed",
    ["", "neck", "6461", "646166", "64616-", "64616-5", "64616 50", "J0585 ×0", "J0585 ×", "J0585 ×-3", "٦٤٦١٦"],
)
def test_what_is_no_code_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ClinicError) as refused:
        parse_code(typed)
    assert refused.value.code == "code_unreadable"
    assert typed.strip() in str(refused.value)


@given(codes, st.lists(modifiers, max_size=4), st.integers(1, 999_999))
def test_every_line_comes_back_from_its_text(code: str, with_modifiers: list[str], units: int) -> None:
    line = CodeLine(code, tuple(with_modifiers), units)
    assert parse_code(line.text) == line
