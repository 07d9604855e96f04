"""The texts of personal papers: the same in every language, easy to read, and free of doses."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from clinic_app.resources import resource_path
from tests.handouts.test_handout_texts import DOSE, HIGHEST_GRADE, LANGUAGES, grade

PAPERS = sorted(path.stem for path in resource_path("handouts", "en").glob("*.toml"))
OTHERS = tuple(language for language in LANGUAGES if language != "en")
GAP = re.compile(r"{[a-z_]*}")
PIECE = re.compile(r"regions\.|places\.|.*\.name$")
FOR_PATIENTS = ("aftercare", "appointment_card", "diary", "lot_letter", "recall_letter")

every_paper = pytest.mark.parametrize("paper", PAPERS)
every_language = pytest.mark.parametrize("language", LANGUAGES)
every_other_language = pytest.mark.parametrize("language", OTHERS)


@cache
def texts(language: str, paper: str) -> dict[str, str]:
    """Every text by its place in the file, such as "effects.dysphagia.do"; the ids of muscles are no texts."""
    source = resource_path("handouts", language, f"{paper}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(source)))


def _flat(part: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in part.items():
        place = f"{before}{name}"
        if isinstance(value, dict):
            yield from _flat(value, f"{place}.")
        elif isinstance(value, list):
            yield from ((f"{place}.{number}", each) for number, each in enumerate(value) if name != "muscles")
        else:
            yield place, value


def prose(language: str, paper: str) -> str:
    """The sentences one after the other, each ended by a full stop, with a word in every gap.

    Names of places and of side effects are no sentences and would make a text look easier than it is.
    """
    sentences = (text for place, text in texts(language, paper).items() if not PIECE.match(place))
    filled = (GAP.sub("12", text).strip(" …") for text in sentences)
    return " ".join(text if text[-1] in ".?!" else text.rstrip(":,;") + "." for text in filled if text)


@every_other_language
def test_every_language_has_the_same_papers(language: str) -> None:
    assert sorted(path.stem for path in resource_path("handouts", language).glob("*.toml")) == PAPERS


@every_other_language
@every_paper
def test_a_paper_has_the_same_texts_with_the_same_gaps_in_every_language(language: str, paper: str) -> None:
    def gaps(of: str) -> dict[str, list[str]]:
        return {place: sorted(GAP.findall(text)) for place, text in texts(of, paper).items()}

    assert gaps(language) == gaps("en")
    assert list(texts(language, paper)) == list(texts("en", paper)), "in the same order, to compare them by eye"


@every_other_language
def test_a_muscle_has_its_place_in_every_language(language: str) -> None:
    def muscles(of: str) -> dict[str, list[str]]:
        source = resource_path("handouts", of, "aftercare.toml").read_text(encoding="utf-8")
        return {place: words["muscles"] for place, words in tomllib.loads(source)["places"].items()}

    assert muscles(language) == muscles("en")


@every_other_language
@every_paper
def test_no_text_was_left_in_english(language: str, paper: str) -> None:
    english = texts("en", paper)
    same = {place for place, text in texts(language, paper).items() if text.casefold() == english[place].casefold()}
    assert not {place for place in same if re.search(r"\w", GAP.sub("", english[place]))}


@every_language
@every_paper
def test_a_text_is_whole(language: str, paper: str) -> None:
    for place, text in texts(language, paper).items():
        assert text.strip(), place
        assert "  " not in text, place
        assert GAP.sub("", text).isprintable(), place
        assert not re.search(r"[{}]", GAP.sub("", text)), place


@every_language
@pytest.mark.parametrize("paper", FOR_PATIENTS)
def test_a_paper_for_patients_is_easy_to_read(language: str, paper: str) -> None:
    assert grade(language, prose(language, paper)) <= HIGHEST_GRADE


@every_language
@pytest.mark.parametrize("paper", FOR_PATIENTS)
def test_a_paper_for_patients_names_no_dose(language: str, paper: str) -> None:
    assert DOSE.search(prose(language, paper)) is None


@every_language
def test_the_sentences_of_the_aftercare_sheet_are_short(language: str) -> None:
    lengths = [len(sentence.split()) for sentence in re.split(r"(?<=[.?!])\s+", prose(language, "aftercare"))]
    assert sum(lengths) / len(lengths) < 10
    assert sorted(lengths)[-2] <= 25, "only the list of what to call for on the same day is longer"


@pytest.mark.parametrize("opening", ["¿", "¡"])
def test_a_spanish_question_has_both_its_marks(opening: str) -> None:
    closing = {"¿": "?", "¡": "!"}[opening]
    for paper in PAPERS:
        for place, text in texts("es", paper).items():
            assert text.count(opening) == text.count(closing), (paper, place)
