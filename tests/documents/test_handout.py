"""Handouts: what is written in Markdown stands on paper, in normal and large print, whatever a clinic wrote itself."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_app.documents.handout import LARGE_POINTS, MOST_PAGES, Handout, handout_document
from clinic_app.documents.handout_text import (
    LONGEST,
    HandoutText,
    ItemList,
    Paragraph,
    RoomToWrite,
    Span,
    Title,
    read_blocks,
    read_handout,
)
from clinic_app.documents.page import Edition, to_pdf
from clinic_app.errors import ClinicError
from tests.documents.build import CLINIC
from tests.documents.reading import fonts_used, page_texts, properties, whole_text

HEAD = """---
title: Living with dystonia
summary: What helps from day to day.
language: en
version: 2
date: 2026-11-26
grade: 5.9
sources:
  - A public source, https://example.org/dystonia
reviewer: ""
---
"""
BODY = """
Many people find **small things** that help.

## Small tricks

- Touch your chin, *lightly*.
- Rest before you are tired.
  Then go on.

1. First this.
2. Then that.

What do you want to ask?

____

____

Call us when [this](https://example.org) happens.
"""


def handout(body: str = BODY, **changes: object) -> Handout:
    made = Handout(CLINIC, read_handout(HEAD + body), date(2026, 12, 1), reviewer=None)
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def test_markdown_is_read_into_blocks_and_loses_no_word() -> None:
    text = read_handout(HEAD + BODY)
    assert (text.title, text.version, text.written_on) == ("Living with dystonia", 2, date(2026, 11, 26))
    assert text.blocks == (
        Paragraph((Span("Many people find "), Span("small things", bold=True), Span(" that help."))),
        Title("Small tricks"),
        ItemList(((Span("Touch your chin, lightly."),), (Span("Rest before you are tired. Then go on."),))),
        ItemList(((Span("First this."),), (Span("Then that."),)), numbered=True),
        Paragraph((Span("What do you want to ask?"),)),
        RoomToWrite(2),
        Paragraph((Span("Call us when this happens."),)),
    )


@pytest.mark.parametrize("paper", ["Letter", "A4"])
@pytest.mark.parametrize("large", [False, True])
def test_a_handout_carries_clinic_day_version_sources_and_every_word(paper: str, large: bool) -> None:
    pdf = to_pdf(handout_document(handout(large=large, edition=Edition(paper, "en", "en_US"))))
    text = whole_text(pdf)
    for expected in (
        CLINIC.name,
        "December 1, 2026",
        "Living with dystonia",
        "Many people find small things that help.",
        "Small tricks",
        "Touch your chin, lightly.",
        "1. First this.",
        "Call us when this happens.",
        "Our clinic has not yet reviewed this text.",
        "Version 2, November 26, 2026.",
        "Where the facts come from: A public source",
        "Page 1 of",
    ):
        assert expected in text, expected
    assert "Rest before you are tired. Then go on." in text
    assert "https://example.org/dystonia" not in text  # nobody types an address from paper
    assert all(fonts_used(pdf).values())
    assert properties(pdf)["Title"] == "Living with dystonia"


def test_whoever_reviewed_it_is_named_in_the_place_of_the_warning() -> None:
    text = whole_text(to_pdf(handout_document(handout(reviewer="Dr. Mara Ellison"))))
    assert "Reviewed by Dr. Mara Ellison." in text
    assert "not yet reviewed" not in text


def test_a_spanish_text_has_its_day_and_its_remarks_in_spanish() -> None:
    made = handout()
    spanish: HandoutText = replace(made.text, language="es", title="Vivir con distonía")
    text = whole_text(to_pdf(handout_document(replace(made, text=spanish, edition=Edition("Letter", "en", "en_US")))))
    assert "1 de diciembre de 2026" in text
    assert "Nuestra clínica aún no ha revisado este texto." in text


def test_a_long_heading_is_whole_in_large_print() -> None:
    words = "Llame de inmediato a su número de emergencias si no puede tragar líquidos"
    assert words in whole_text(to_pdf(handout_document(handout(f"## {words}\n\nText.", large=True))))


def test_large_print_is_larger_and_high_contrast_is_black() -> None:
    assert LARGE_POINTS == 18
    plain, large = (
        to_pdf(handout_document(handout("\n\n".join(["word " * 120] * 6)))),
        to_pdf(handout_document(handout("\n\n".join(["word " * 120] * 6), large=True, contrast=True))),
    )
    assert len(page_texts(large)) > len(page_texts(plain))


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("", "handout_head_missing"),
        ("Just text.", "handout_head_missing"),
        ("---\ntitle: x\n", "handout_head_missing"),
        ("---\ntitle: [x\n---\n", "handout_head_unreadable"),
        ("---\n- x\n---\n", "handout_head_missing"),
        (HEAD.replace("version: 2", "version: two"), "handout_fact_wrong"),
        (HEAD.replace("2026-11-26", "yesterday"), "handout_fact_wrong"),
        (HEAD.replace("Living with dystonia", '""'), "handout_fact_wrong"),
        (HEAD + "x" * LONGEST, "handout_too_long"),
    ],
)
def test_a_head_that_cannot_be_read_is_told_in_one_sentence(source: str, code: str) -> None:
    with pytest.raises(ClinicError) as told:
        read_handout(source)
    assert told.value.code == code
    assert str(told.value).endswith(".")


@given(st.text(max_size=400))
def test_whatever_is_written_can_be_printed(body: str) -> None:
    assert page_texts(to_pdf(handout_document(handout(body))))


@pytest.mark.parametrize("body", ["\n\n".join("x" * 6_000), "____\n" * 3_900, "- x\n" * 4_500, "# x\n" * 4_500])
def test_a_text_without_an_end_has_a_last_page(body: str) -> None:
    for large in (False, True):
        assert len(page_texts(to_pdf(handout_document(handout(body, large=large))))) <= MOST_PAGES + 3


@given(st.lists(st.tuples(st.sampled_from(["one", "two, ", " three", "a b c ", "."]), st.booleans()), max_size=30))
def test_bold_words_keep_every_word_in_its_place(parts: list[tuple[str, bool]]) -> None:
    body = "".join(words for words, _ in parts)
    made = handout()
    spans = tuple(Span(words, bold) for words, bold in parts)
    shown = whole_text(to_pdf(handout_document(replace(made, text=replace(made.text, blocks=(Paragraph(spans),))))))
    assert " ".join(body.split()) in shown


def test_nested_lists_and_quotes_keep_their_words() -> None:
    blocks = list(read_blocks("- a\n  - b\n- c\n\n> quoted\n\n    code\n"))
    assert blocks == [
        ItemList(((Span("a"),), (Span("b"),), (Span("c"),))),
        Paragraph((Span("quoted"),)),
        Paragraph((Span("code\n"),)),
    ]
