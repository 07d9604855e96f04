"""A handout as it is written: Markdown with a head of facts, read into plain blocks for paper and preview.

Headings, paragraphs, lists, bold words and lines to write on are laid out; anything else that Markdown knows is kept as
the words that it holds, so that a clinic's own text never loses one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

import yaml

from clinic_app.errors import ClinicError

if TYPE_CHECKING:
    from markdown_it.token import Token

LONGEST = 20_000
"""Characters: a handout of ten pages. Longer texts are refused, so that no paper grows without bound."""
_LARGEST = 1_000_000
"""No version or grade is as large."""
_FENCE = "---"


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one weight."""

    words: str
    bold: bool = False


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """A heading inside the text."""

    words: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list with dots, or with numbers from 1 on."""

    items: tuple[Spans, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class RoomToWrite:
    """Empty lines for a pen."""

    lines: int


Block = Title | Paragraph | ItemList | RoomToWrite


@dataclass(frozen=True, slots=True)
class HandoutText:
    """One handout in one language. ``grade`` is the reading grade in years of schooling."""

    title: str
    summary: str
    language: str
    version: int
    written_on: date
    grade: float
    sources: tuple[str, ...]
    blocks: tuple[Block, ...]


def read_handout(source: str) -> HandoutText:
    """The handout that a file holds. Raises ClinicError in one sentence where its head cannot be read."""
    if len(source) > LONGEST:
        raise ClinicError("handout_too_long", most=LONGEST)
    head, body = _parted(source)
    try:
        facts = yaml.safe_load(head)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ClinicError("handout_head_unreadable", line=2 if mark is None else mark.line + 2) from error
    except (ValueError, RecursionError) as error:  # a day that no month has, brackets without end
        raise ClinicError("handout_head_unreadable", line=2) from error
    if not isinstance(facts, dict):
        raise ClinicError("handout_head_missing")
    try:
        return HandoutText(
            title=_words(facts, "title"),
            summary=_words(facts, "summary"),
            language=_words(facts, "language"),
            version=_number(facts, "version", int),
            written_on=_day(facts),
            grade=float(_number(facts, "grade", int, float)),
            sources=_sources(facts),
            blocks=tuple(read_blocks(body)),
        )
    except _Wrong as wrong:
        raise ClinicError("handout_fact_wrong", name=wrong.name) from wrong


def read_blocks(body: str) -> Iterator[Block]:
    """The blocks of a text in Markdown, in their order."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"html": False}).parse(body)
    for ruled, blocks in groupby(_blocks(tokens), lambda block: isinstance(block, RoomToWrite)):
        found = list(blocks)
        if ruled:
            yield RoomToWrite(len(found))
        else:
            yield from found


def _blocks(tokens: "Sequence[Token]") -> Iterator[Block]:
    items: list[Spans] | None = None
    depth, numbered, heading = 0, False, False
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                if not depth:
                    items, numbered = [], token.type.startswith("ordered")
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
                if not depth and items:
                    yield ItemList(tuple(items), numbered)
                if not depth:
                    items = None
            case "heading_open":
                heading = True
            case "heading_close":
                heading = False
            case "hr":
                yield RoomToWrite(1)
            case "inline" | "fence" | "code_block":
                spans = _spans(token.children) if token.children is not None else (Span(token.content),)
                if not spans:
                    continue
                if items is not None:
                    items.append(spans)
                elif heading:
                    yield Title("".join(span.words for span in spans))
                else:
                    yield Paragraph(spans)


def _spans(tokens: "Sequence[Token]") -> Spans:
    found: list[Span] = []
    bold = 0
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            bold += 1 if token.nesting > 0 else -1
        words = " " if token.type in ("softbreak", "hardbreak") else token.content
        if not words:
            continue
        if found and found[-1].bold == bool(bold):
            found[-1] = Span(found[-1].words + words, bool(bold))
        else:
            found.append(Span(words, bool(bold)))
    return tuple(found)


def _parted(source: str) -> tuple[str, str]:
    lines = source.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].strip() != _FENCE:
        raise ClinicError("handout_head_missing")
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.strip() == _FENCE), None)
    if end is None:
        raise ClinicError("handout_head_missing")
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :])


class _Wrong(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _words(facts: dict[str, Any], name: str) -> str:
    value = facts.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _Wrong(name)
    return value.strip()


def _number(facts: dict[str, Any], name: str, *kinds: type[int] | type[float]) -> Any:
    value = facts.get(name)
    if isinstance(value, bool) or not isinstance(value, kinds) or not 0 <= value <= _LARGEST:
        raise _Wrong(name)
    return value


def _sources(facts: dict[str, Any]) -> tuple[str, ...]:
    found = facts.get("sources") or []
    # Lists within lists can stand for each other (YAML's aliases) and would be written out without end.
    if not isinstance(found, list) or not all(isinstance(each, str | int | float | date) for each in found):
        raise _Wrong("sources")
    return tuple(map(str, found))


def _day(facts: dict[str, Any]) -> date:
    value = facts.get("date")
    if type(value) is not date:
        raise _Wrong("date")
    return value
