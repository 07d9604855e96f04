"""The handouts on dystonia: the same in both languages, easy to read, complete in their front matter, free of doses."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import textstat
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from clinic_app.resources import resource_path

HANDOUTS = ("diary", "dystonia", "injections", "living", "preparing", "treatments", "when_to_call")
LANGUAGES = ("en", "es")
FIELDS: dict[str, type] = {
    "title": str,
    "summary": str,
    "version": int,
    "date": date,
    "language": str,
    "grade": float,
    "sources": list,
    "reviewer": str,
}
DOSE = re.compile(
    r"\d\s*(?:U|UI|IU|units?|unidad(?:es)?|m[lL]|cc|mg|mcg|µg|g|gramos?|miligramos?|mililitros?|milligrams?)\b"
)
HIGHEST_GRADE = 7

# A Spanish syllable has one open or accented vowel with the closed ones beside it, or closed vowels alone ("ciudad");
# y is a vowel at the end of a word only.
SPANISH_SYLLABLE = re.compile(r"[iuü]*[aeoáéóíú](?:[iuü]|y\b)*|[iuü]+(?:y\b)?|\by\b")

every_handout = pytest.mark.parametrize("name", HANDOUTS)
every_language = pytest.mark.parametrize("language", LANGUAGES)


@dataclass(frozen=True, slots=True)
class Handout:
    """A handout as the file holds it: its front matter and its Markdown, parsed."""

    about: dict[str, Any]
    body: str
    tokens: tuple[Token, ...]

    @property
    def prose(self) -> str:
        """The words alone, each heading, paragraph and list item ended by a full stop."""
        texts = [
            "".join(child.content or " " for child in token.children or () if child.type in ("text", "softbreak"))
            for token in self.tokens
            if token.type == "inline"
        ]
        return " ".join(text if text[-1] in ".?!" else text.rstrip(":,;") + "." for text in texts)


@cache
def read(language: str, name: str) -> Handout:
    text = resource_path("handouts", language, f"{name}.md").read_text(encoding="utf-8")
    _, front, body = text.split("---\n", 2)
    return Handout(yaml.safe_load(front), body, tuple(MarkdownIt().parse(body)))


def grade(language: str, prose: str) -> float:
    """Years of schooling that a reader needs.

    English: Flesch-Kincaid. Spanish: Crawford (1984), made for Spanish and, unlike those of Fernández Huerta or
    Szigriszt-Pazos, which give a score of ease, it gives years of schooling. Its syllables are counted here: textstat
    takes the places where a word may be hyphenated, which leaves out some ("a-mi-go" is hyphenated as "ami-go")
    and makes a text look easier than it is.
    """
    if language == "en":
        textstat.set_lang("en_US")
        return float(textstat.flesch_kincaid_grade(prose))
    words = re.findall(r"\w+", prose.lower())
    syllables = sum(max(1, len(SPANISH_SYLLABLE.findall(word))) for word in words)
    sentences = len(re.findall(r"[.?!]+(?=\W*\s|\W*$)", prose))
    return (-0.205 * sentences + 0.049 * syllables) * 100 / len(words) - 3.407


@every_language
def test_every_language_has_the_same_handouts(language: str) -> None:
    files = Path(resource_path("handouts", language)).glob("*.md")
    assert sorted(file.stem for file in files) == sorted(HANDOUTS)


@every_handout
def test_a_handout_has_the_same_build_in_every_language(name: str) -> None:
    def build(language: str) -> list[str]:
        return [token.tag for token in read(language, name).tokens if token.nesting >= 0 and token.tag]

    assert build("en") == build("es")
    assert "h2" in build("en")


@every_language
@every_handout
def test_the_front_matter_is_complete(language: str, name: str) -> None:
    about = read(language, name).about
    assert list(about) == list(FIELDS)
    assert {field: type(value) for field, value in about.items()} == FIELDS
    assert about["language"] == language
    assert about["version"] >= 1
    assert about["title"]
    assert about["summary"].endswith(".")
    assert about["sources"]
    assert all(isinstance(source, str) and source for source in about["sources"])


@every_handout
def test_both_languages_are_the_same_edition(name: str) -> None:
    english, spanish = read("en", name).about, read("es", name).about
    for field in ("version", "date"):
        assert english[field] == spanish[field]
    assert len(english["sources"]) == len(spanish["sources"])


@every_language
@every_handout
def test_a_handout_uses_headings_paragraphs_lists_and_bold_only(language: str, name: str) -> None:
    handout = read(language, name)
    inside = [child for token in handout.tokens for child in token.children or ()]
    assert {token.tag for token in handout.tokens} <= {"", "h2", "p", "ul", "li", "hr"}
    assert {child.type for child in inside} <= {"text", "softbreak", "strong_open", "strong_close"}
    assert not re.search(r"[<>{}]|https?:", handout.body)


@every_language
@every_handout
def test_a_line_to_write_on_is_four_underscores(language: str, name: str) -> None:
    handout = read(language, name)
    rules = [token for token in handout.tokens if token.type == "hr"]
    assert len(re.findall(r"^____$", handout.body, re.MULTILINE)) == len(rules) == handout.body.count("____")


@every_language
@every_handout
def test_no_handout_names_a_dose(language: str, name: str) -> None:
    assert DOSE.search(read(language, name).body) is None


@pytest.mark.parametrize("text", ["100 units", "20U", "2.5 mL", "5 mg", "50 unidades", "1 unidad", "10 UI"])
def test_a_dose_would_be_found(text: str) -> None:
    assert DOSE.search(f"We inject {text}.")


@every_language
@every_handout
def test_a_handout_is_easy_to_read_and_says_how_easy(language: str, name: str) -> None:
    handout = read(language, name)
    measured = grade(language, handout.prose)
    assert measured <= HIGHEST_GRADE
    assert handout.about["grade"] == pytest.approx(measured, abs=0.1)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("amigo", 3),
        ("ayuda", 3),
        ("caída", 3),
        ("ciudad", 2),
        ("día", 2),
        ("distonía", 4),
        ("muy", 1),
        ("oreja", 3),
        ("que", 1),
        ("y", 1),
    ],
)
def test_spanish_syllables_are_counted_as_they_are_spoken(word: str, syllables: int) -> None:
    assert len(SPANISH_SYLLABLE.findall(word)) == syllables


@every_language
@every_handout
def test_a_handout_fills_one_to_two_pages(language: str, name: str) -> None:
    assert 250 <= len(re.findall(r"\w+", read(language, name).prose)) <= 800
