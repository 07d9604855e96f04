"""Text as people typed it, made safe for paper: cleaned, limited, wrapped into lines of a given width.

Nothing here reads markup: what looks like a tag is printed as it stands.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from clinic_app.documents import scripts
from clinic_app.documents.fonts import font_runs, is_east_asian, run_width
from clinic_app.documents.style import TextStyle

# Control characters, and the marks that could turn the reading order of everything after them.
_UNPRINTABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200d-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_SPACES = re.compile("[ \u1680\u2000-\u2006\u2008-\u200a\u205f]+")
_UNBREAKING = re.compile(" ?[\u00a0\u2007\u202f]+ ?")
_BLANK_LINES = re.compile(r"\n{3,}")
_WORDS = re.compile(r" +|[^ ]+")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True)
class Line:
    """One line ready to draw: (font, piece) from left to right, its width in points, its reading direction."""

    runs: tuple[tuple[str, str], ...]
    width: float
    right_to_left: bool = False


@dataclass(frozen=True)
class Limit:
    """How much of a text is printed."""

    characters: int
    lines: int


ONE_LINE = Limit(400, 1)
CELL_LIMIT = Limit(500, 4)
PROSE_LIMIT = Limit(6000, 70)
REMARK_LIMIT = Limit(1500, 12)


def clean(text: str) -> str:
    """``text`` without what a printer cannot show: one kind of line end, single spaces, no control characters."""
    text = _LINE_ENDS.sub("\n", text)
    text = _UNPRINTABLE.sub(lambda match: " " if match[0] == "\t" else "", text)
    text = unicodedata.normalize("NFC", text)
    text = _UNBREAKING.sub("\u00a0", _SPACES.sub(" ", text))
    text = "\n".join(line.strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip("\n")


def one_line(text: str) -> str:
    """``text`` cleaned and with its line ends made spaces."""
    return " ".join(line for line in clean(text[: ONE_LINE.characters * 4]).split("\n") if line)


def text_width(text: str, style: TextStyle, font: str = "") -> float:
    """How wide one unbroken line of ``text`` is, in points."""
    return _width(scripts.joined(text), style.bold, font) * style.size / 1000


def fitted(text: str, style: TextStyle, width: float) -> Line:
    """One line no wider than ``width``; what does not fit is cut and the cut shown by an ellipsis."""
    text = one_line(text)
    lines, cut = wrapped(text, style, width, Limit(ONE_LINE.characters, 1))
    if not lines:
        return Line((), 0)
    if not cut:
        return lines[0]
    shorter = text[: ONE_LINE.characters]
    shown = len(shorter)
    low, high = 0, shown
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(shorter[:middle].rstrip() + "…", style) <= width:
            low = middle
        else:
            high = middle - 1
    return _line(scripts.joined(shorter[:low].rstrip() + "…"), style, scripts.reads_right_to_left(text))


def with_ellipsis(line: Line, style: TextStyle, width: float) -> Line:
    """``line`` with an ellipsis at its end, shortened where it must be to stay within ``width``."""
    dots = fitted("…", style, width)
    runs = list(line.runs)
    spare = width - line.width
    while runs and spare < dots.width:
        font, piece = runs.pop()
        if len(piece) > 1:
            shorter = piece[1:] if line.right_to_left else piece[:-1]
            runs.append((font, shorter))
        spare = width - sum(fitted(piece, style, width * 2).width for _, piece in runs)
    shown = [*dots.runs, *runs] if line.right_to_left else [*runs, *dots.runs]
    return Line(tuple(shown), min(width, width - spare + dots.width), line.right_to_left)


def wrapped(text: str, style: TextStyle, width: float, limit: Limit = PROSE_LIMIT) -> tuple[list[Line], bool]:
    """The lines of ``text`` within ``limit``, and whether anything was left out."""
    # Cut before cleaning: ten thousand line ends must not cost more than they print.
    cleaned = clean(text[: limit.characters * 4])
    cut = len(cleaned) > limit.characters or len(text) > limit.characters * 4
    cleaned = cleaned[: limit.characters]
    lines: list[Line] = []
    for paragraph in cleaned.split("\n") if cleaned else []:
        right_to_left = scripts.reads_right_to_left(paragraph)
        for piece in _pieces(scripts.joined(paragraph), style, width):
            if len(lines) == limit.lines:
                return lines, True
            lines.append(_line(piece, style, right_to_left))
    return lines, cut


def wrapped_spans(spans: Sequence[tuple[str, bool]], style: TextStyle, width: float) -> list[Line]:
    """The lines of words of two weights (words, whether bold), broken at spaces.

    Where that is not enough (a word wider than a line, a script from right to left) all is laid out in one weight.
    """
    whole = "".join(words for words, _ in spans)
    weights = {bold for words, bold in spans if words.strip()}
    if len(weights) < 2 or scripts.has_right_to_left(whole):
        one = replace(style, bold=style.bold or weights == {True})
        return wrapped(whole, one, width)[0]
    words = _weighted_words(spans)
    space = _width(" ", False, "")
    available = width * 1000 / style.size
    lines: list[list[list[tuple[str, bool]]]] = [[]]
    used = 0.0
    for word in words:
        wide = sum(_width(piece, bold, "") for piece, bold in word)
        if wide > available:
            return wrapped(whole, style, width)[0]
        if lines[-1] and used + space + wide > available:
            lines.append([])
            used = 0.0
        used += wide + (space if lines[-1] else 0.0)
        lines[-1].append(word)
    return [_line_of_words(line, style) for line in lines if line]


def _weighted_words(spans: Sequence[tuple[str, bool]]) -> list[list[tuple[str, bool]]]:
    """Words as pieces of one weight each: a comma after a bold word belongs to it."""
    words: list[list[tuple[str, bool]]] = [[]]
    for text, bold in spans:
        for number, piece in enumerate(re.split(" +", clean_span(text))):
            if number:
                words.append([])
            if piece:
                words[-1].append((piece, bold))
    return [word for word in words if word]


def clean_span(text: str) -> str:
    """A part of a line, cleaned; a space at an end stays, because more of the line comes there."""
    inside = clean(text).replace("\n", " ")
    return f"{' ' * text[:1].isspace()}{inside}{' ' * text[-1:].isspace()}" if inside else " " * bool(text)


def _line_of_words(words: Sequence[Sequence[tuple[str, bool]]], style: TextStyle) -> Line:
    merged: list[tuple[str, bool]] = []
    for number, word in enumerate(words):
        for position, (piece, bold) in enumerate(word):
            before = " " if number and not position else ""
            if merged and merged[-1][1] == bold:
                merged[-1] = (merged[-1][0] + before + piece, bold)
            else:
                merged += [(before, False)] * bool(before) + [(piece, bold)]
    runs = tuple(run for text, bold in merged for run in font_runs(text, bold))
    return Line(runs, sum(run_width(font, piece) for font, piece in runs) * style.size / 1000)


def _line(text: str, style: TextStyle, right_to_left: bool = False) -> Line:
    """``text`` has its letters joined: joining twice would join what a non-joiner held apart."""
    runs = tuple(font_runs(scripts.visual_order(text, right_to_left), style.bold))
    width = sum(run_width(font, piece) for font, piece in runs) * style.size / 1000
    return Line(runs, width, right_to_left)


def _pieces(paragraph: str, style: TextStyle, width: float) -> Iterator[str]:
    """``paragraph`` cut where lines break: at spaces, between East Asian characters, else inside a long word."""
    available = width * 1000 / style.size
    line, used = "", 0.0
    for word in _breakable(paragraph):
        word_width = _width(word, style.bold, "")
        if used + word_width <= available:
            line, used = line + word, used + word_width
            continue
        if word.isspace():
            continue
        if line.strip():
            yield line.rstrip()
            line, used = "", 0.0
        while word_width > available and len(word) > 1:
            fits, taken = _fitting_characters(word, style, available)
            yield word[:fits]
            word, word_width = word[fits:], word_width - taken
        line, used = word, word_width
    yield line.rstrip()


def _breakable(paragraph: str) -> Iterator[str]:
    for word in _WORDS.findall(paragraph):
        if word.isascii():
            yield word
            continue
        start = 0
        for position, character in enumerate(word):
            if is_east_asian(character):
                if position > start:
                    yield word[start:position]
                yield character
                start = position + 1
        if start < len(word):
            yield word[start:]


def _fitting_characters(word: str, style: TextStyle, available: float) -> tuple[int, float]:
    used = 0.0
    for position, character in enumerate(word):
        advance = _width(character, style.bold, "")
        # A mark stays with its letter, but not one that no font has: the sign in its place takes room.
        alone = advance > 0 or not unicodedata.combining(character)
        if used + advance > available and position and alone:
            return position, used
        used += advance
    return len(word), used


@lru_cache(maxsize=8192)
def _width(text: str, bold: bool, font: str) -> float:
    return sum(run_width(name, piece) for name, piece in font_runs(text, bold, font))
