"""The handouts that ship: complete, without doses, and readable with seven years of schooling in each language."""

import re
from datetime import date
from pathlib import Path

import pytest
import textstat
import yaml

from clinic_app.documents.handout import Handout, handout_pdf
from clinic_app.documents.handout_text import ItemList, Paragraph, Title, read_handout
from clinic_app.documents.page import Edition
from clinic_app.resources import resource_path
from tests.documents.build import CLINIC
from tests.documents.reading import page_sizes

FOLDER = resource_path("handouts")
FILES = sorted(FOLDER.glob("*/*.md"))
NAMES = {"dystonia", "treatments", "living", "preparing", "injections", "diary", "when_to_call"}
_DOSE = re.compile(r"\d\s*(U|units?|unidades|mg|mcg|mL|ml)\b")


def named(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def facts(path: Path) -> dict[str, object]:
    found = yaml.safe_load(path.read_text(encoding="utf-8").split("---")[1])
    assert isinstance(found, dict)
    return found


def prose(path: Path) -> str:
    """What is read aloud: no head and no marks; headings and items of lists end as sentences do."""
    parts = []
    for block in read_handout(path.read_text(encoding="utf-8")).blocks:
        match block:
            case Title():
                parts.append(block.words)
            case Paragraph():
                parts.append("".join(span.words for span in block.spans))
            case ItemList():
                parts += ["".join(span.words for span in item) for item in block.items]
    return "\n".join(part if part.rstrip()[-1] in ".?!" else f"{part.rstrip()}." for part in parts)


def grade(path: Path) -> float:
    """Years of schooling: Flesch-Kincaid for English; for Spanish Crawford (1989), which was made for Spanish."""
    text = prose(path)
    textstat.set_lang("es" if path.parent.name == "es" else "en_US")
    measured = textstat.crawford(text) if path.parent.name == "es" else textstat.flesch_kincaid_grade(text)
    return round(float(measured), 1)


def test_every_language_has_every_handout_with_as_many_parts() -> None:
    languages = {path.parent.name for path in FILES}
    parts = {
        named(path): sum(isinstance(block, Title) for block in read_handout(path.read_text(encoding="utf-8")).blocks)
        for path in FILES
    }
    for language in languages:
        assert {path.stem for path in FILES if path.parent.name == language} == NAMES
        assert {name: parts[f"{language}-{name}"] for name in NAMES} == {name: parts[f"en-{name}"] for name in NAMES}


@pytest.mark.parametrize("path", FILES, ids=named)
def test_the_head_is_complete_and_nobody_is_named_as_reviewer(path: Path) -> None:
    head, text = facts(path), read_handout(path.read_text(encoding="utf-8"))
    assert head["reviewer"] == ""
    assert text.language == path.parent.name
    assert text.sources
    assert 20 < len(text.summary) < 160


@pytest.mark.parametrize("path", FILES, ids=named)
def test_seven_years_of_schooling_are_enough_and_the_head_says_what_is_measured(path: Path) -> None:
    measured = grade(path)
    assert measured <= 7
    assert abs(float(str(facts(path)["grade"])) - measured) <= 0.1


@pytest.mark.parametrize("path", FILES, ids=named)
def test_no_dose_no_markup_and_no_more_than_two_pages_of_words(path: Path) -> None:
    body = path.read_text(encoding="utf-8").split("---", 2)[2]
    assert not _DOSE.search(body)
    assert not re.search(r"[<>{}|]", body)
    assert 200 <= len(prose(path).split()) <= 800


@pytest.mark.parametrize("paper", ["Letter", "A4"])
@pytest.mark.parametrize("path", FILES, ids=named)
def test_one_sheet_of_paper_holds_it(path: Path, paper: str) -> None:
    text = read_handout(path.read_text(encoding="utf-8"))
    printed = Handout(CLINIC, text, date(2026, 12, 1), None, edition=Edition(paper, "en", "en_US"))
    assert len(page_sizes(handout_pdf(printed))) <= 2
