"""The language of a patient's papers, from what people write in the field Language."""

import unicodedata

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.languages import named_language, paper_language, paper_languages
from clinic_app.resources import resource_path

LANGUAGES = st.sampled_from(paper_languages())


def without_accents(words: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", words) if not unicodedata.combining(each))


def test_a_language_of_papers_is_a_folder_of_handouts() -> None:
    assert {"en", "es"} <= set(paper_languages())
    for language in paper_languages():
        assert resource_path("handouts", language, "paper.toml").is_file()


@pytest.mark.parametrize(
    "told",
    ["Spanish", "español", "Español", "ESPANOL", " spanish ", "es", "ES", "es-MX", "es_419", "spa", "castellano",
     "Mexican Spanish", "español de México", "Spanish (interpreter)", "Spanish, some English", "Spanish / English"],
)  # fmt: skip
def test_spanish_is_known_by_its_names_and_codes(told: str) -> None:
    assert paper_language(told, "en-US") == "es"


@pytest.mark.parametrize("told", ["English", "inglés", "INGLES", "en", "en-GB", "eng", "British English"])
def test_english_is_known_by_its_names_and_codes(told: str) -> None:
    assert paper_language(told, "es-US") == "en"


@pytest.mark.parametrize("told", ["", "Vietnamese", "vi", "Tiếng Việt", "catalán", "not Spanish", "e", "es-"])
def test_what_papers_do_not_speak_is_left_to_the_clinics_language(told: str) -> None:
    assert named_language(told) == ""
    assert paper_language(told, "es-US") == "es"
    assert paper_language(told, "en-US") == "en"
    assert paper_language(told, "fi-FI") == "en"


@given(LANGUAGES, LANGUAGES, st.data())
def test_every_language_is_found_by_its_name_in_every_language(language: str, reader: str, data: st.DataObject) -> None:
    name = Locale.parse(reader).languages[language]
    change = data.draw(st.sampled_from((str, str.upper, str.title, without_accents, lambda words: f"  {words}\t")))
    assert named_language(change(name)) == language


@given(LANGUAGES, st.from_regex(r"[A-Z]{2}|[0-9]{3}", fullmatch=True), st.sampled_from("-_"))
def test_every_language_is_found_by_its_code_with_any_country(language: str, country: str, between: str) -> None:
    assert named_language(f"{language}{between}{country}") == language


@given(st.text(max_size=300), st.text(max_size=16))
def test_whatever_is_typed_gives_a_language_that_papers_have(told: str, clinic_language: str) -> None:
    assert paper_language(told, clinic_language) in paper_languages()
