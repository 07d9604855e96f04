"""A handout on dystonia or its treatment, for whoever takes it home: in the clinic's name, in large print if wanted."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from clinic_app.documents.blocks import place, prose
from clinic_app.documents.handout_text import Block, HandoutText, ItemList, Paragraph, RoomToWrite, Spans, Title
from clinic_app.documents.letterhead import NEXT_HEAD, Clinic, first_head, next_head
from clinic_app.documents.page import Document, Drawing, Edition, Flow, draw_text, footer, pages_of, plain, rule
from clinic_app.documents.style import PLAIN, PLAIN_SECTION, QUIET, TextStyle, rgb
from clinic_app.documents.text import Limit, one_line, wrapped, wrapped_spans
from clinic_app.documents.wording import long_date

LARGE_POINTS = 18.0
"""The size of large print: American Council of the Blind, Best Practices and Guidelines for Large Print Documents."""
MOST_PAGES = 20
_INDENT = 1.6
"""Of the size of the text: how far items of a list stand in."""
_BODY = TextStyle(PLAIN.size, 14.4)
_BLACK = "#000000"


@dataclass(frozen=True)
class Handout:
    """A text, the clinic that hands it out, and the day. ``reviewer`` stands by it for the clinic, None nobody yet."""

    clinic: Clinic
    text: HandoutText
    printed_on: date
    reviewer: str | None
    large: bool = False
    contrast: bool = False
    edition: Edition = field(default_factory=Edition)


def handout_document(handout: Handout) -> Document:
    """The handout, laid out."""
    text, edition = handout.text, handout.edition.speaking(handout.text.language)
    words, _ = edition.worded("handout")
    locale = edition.locale
    look = _Look.of(handout)
    flow = pages_of(edition, NEXT_HEAD)
    first_head(flow, handout.clinic, "", long_date(handout.printed_on, locale))
    flow.down(4)
    prose(flow, text.title, look.head, Limit(300, 4))
    flow.down(look.body.leading * 0.5)
    for _ in (step for block in text.blocks for step in look.steps(flow, block)):
        if len(flow.pages) > MOST_PAGES:
            prose(flow, edition.words["full_text_elsewhere"], look.small)
            break
    _end(flow, handout, words, look, locale)
    clinic, title = one_line(handout.clinic.name), one_line(text.title)
    return Document(
        flow,
        (
            next_head(flow, None, title),
            footer(flow, clinic[:120], plain(f"{title[:80]} · {long_date(handout.printed_on, locale)}")),
        ),
        title=title,
        author=clinic[:200],
        subject=title,
        day=handout.printed_on,
    )


@dataclass(frozen=True)
class _Look:
    """The styles of one printing."""

    head: TextStyle
    body: TextStyle
    title: TextStyle
    small: TextStyle

    @classmethod
    def of(cls, handout: Handout) -> "_Look":
        scale = LARGE_POINTS / PLAIN.size if handout.large else 1.0

        def styled(style: TextStyle) -> TextStyle:
            colour = _BLACK if handout.contrast else style.colour
            return TextStyle(style.size * scale, style.leading * scale, style.bold, colour)

        small = TextStyle(8.5, 11.5, colour=QUIET)
        return cls(styled(TextStyle(21, 26, bold=True)), styled(_BODY), styled(PLAIN_SECTION), styled(small))

    def steps(self, flow: Flow, block: Block) -> Iterator[None]:
        """Draw a block, and stop after each part that may have filled a page."""
        match block:
            case Title():
                self._title(flow, block.words)
                yield
            case Paragraph():
                self._lines(flow, block.spans, 0)
                yield
                flow.down(self.body.leading * 0.35)
            case ItemList():
                for number, item in enumerate(block.items, start=1):
                    self._item(flow, item, f"{number}." if block.numbered else "")
                    yield
                flow.down(self.body.leading * 0.25)
            case RoomToWrite():
                for _ in range(block.lines):
                    self._line_to_write_on(flow)
                    yield
                flow.down(self.body.leading * 0.6)

    def _title(self, flow: Flow, words: str) -> None:
        """Whole, on as many lines as it needs in large print, and with what follows."""
        lines, _ = wrapped(words, self.title, flow.width, Limit(300, 4))
        flow.down(self.body.leading * 0.5)
        flow.ensure(self.title.leading * len(lines) + self.body.leading * 2.5)
        flow.bookmark(one_line(words)[:120])
        place(flow, lines, self.title, 0)
        flow.down(self.body.leading * 0.15)

    def _lines(self, flow: Flow, spans: Spans, indent: float) -> None:
        words = [(span.words, span.bold) for span in spans]
        place(flow, wrapped_spans(words, self.body, flow.width - indent), self.body, indent)

    def _line_to_write_on(self, flow: Flow) -> None:
        height = self.body.leading * 1.35
        flow.ensure(height)
        flow.y -= height
        y = flow.y
        flow.add(lambda canvas: rule(canvas, flow.left, flow.right, y, QUIET, 0.6))

    def _item(self, flow: Flow, spans: Spans, number: str) -> None:
        indent, style = self.body.size * (_INDENT + 0.35 * max(len(number) - 2, 0)), self.body
        flow.ensure(style.leading * 2)
        flow.add(_numbered(flow, number, style) if number else _dotted(flow, style))
        self._lines(flow, spans, indent)
        flow.y -= style.leading * 0.2


def _end(flow: Flow, handout: Handout, words: dict[str, Any], look: _Look, locale: str) -> None:
    """Under the text: whether somebody here stands by it, which version it is, where its facts come from."""
    text = handout.text
    flow.down(look.body.leading * 0.8)
    told = words["version"].format(version=text.version, date=long_date(text.written_on, locale))
    if handout.reviewer is None:
        prose(flow, words["not_reviewed"], replace(look.small, bold=True, colour=look.body.colour))
    else:
        told = f"{told} {words['reviewed'].format(reviewer=one_line(handout.reviewer)[:120])}"
    prose(flow, told, look.small)
    if text.sources:
        # Addresses are for whoever checks the text, in its file; nobody types them from paper.
        sources = "; ".join(one_line(source.partition(", http")[0])[:200] for source in text.sources[:20])
        prose(flow, f"{words['sources']} {sources}", look.small)


def _numbered(flow: Flow, number: str, style: TextStyle) -> Drawing:
    x, baseline = flow.left + 1, flow.y - style.leading * 0.78
    return lambda canvas: draw_text(canvas, number, x, baseline, style, 60)


def _dotted(flow: Flow, style: TextStyle) -> Drawing:
    x, middle = flow.left + style.size * 0.5, flow.y - style.leading * 0.78 + style.size * 0.27

    def draw(canvas: Any) -> None:
        canvas.setFillColorRGB(*rgb(style.colour))
        canvas.circle(x, middle, style.size * 0.14, stroke=0, fill=1)

    return draw
