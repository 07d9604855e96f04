"""The fonts of the paper: Noto Sans and FiraGO embedded, and named fonts of the reader for Chinese, Japanese, Korean.

The standard PDF fonts cover Latin-1 only, and patients have names in every script. Every character is drawn from
the first font that has it. FiraGO (Arabic, Hebrew, Thai, Georgian, Devanagari, arrows, minus) is loaded only when
a text asks for it. ``pymupdf-fonts`` has no East Asian font, so these alone are not embedded.
"""

import threading
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import Any

REGULAR = "NotoSans"
BOLD = "NotoSans-Bold"
CODE = "CascadiaMono-Bold"  # its zero is dotted and its one has a foot: nobody copies a code wrongly
_SOURCES = {
    REGULAR: "notos",
    BOLD: "notosbo",
    "FiraGO": "figo",
    "FiraGO-Bold": "figbo",
    CODE: "cascadiab",
}
_FALLBACK = {REGULAR: "FiraGO", BOLD: "FiraGO-Bold", CODE: "FiraGO-Bold"}
_EAST_ASIAN = (
    (0x1100, 0x11FF), (0x2E80, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA960, 0xA97F), (0xAC00, 0xD7FF),
    (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF),
)  # fmt: skip
_CHINESE, _JAPANESE, _KOREAN = "STSong-Light", "HeiseiKakuGo-W5", "HYGothic-Medium"
# A named font leaves blank what its character collection lacks. These sets are inside it, and Python has them.
_CHARACTER_SETS = {_CHINESE: "gbk", _JAPANESE: "cp932", _KOREAN: "cp949"}
_loading = threading.RLock()


def is_east_asian(character: str) -> bool:
    """Whether the character is Chinese, Japanese or Korean: another font, and lines may break after it."""
    code = ord(character)
    return code >= 0x1100 and any(first <= code <= last for first, last in _EAST_ASIAN)


@lru_cache(maxsize=16)
def widths(font: str) -> dict[int, float]:
    """Advance widths of an embedded font by code point, in thousandths of the size; registers it at first use."""
    import pymupdf_fonts
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    with _loading:
        # Never registered twice: another thread may be drawing with the first one, which holds its subset.
        if font not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(font, BytesIO(pymupdf_fonts.myfont(_SOURCES[font]))))
        loaded = pdfmetrics.getFont(font)
    advances: dict[int, float] = loaded.face.charWidths
    present = loaded.face.charToGlyph
    return {code: width for code, width in advances.items() if code in present}


def font_runs(text: str, bold: bool = False, font: str = "") -> Iterator[tuple[str, str]]:
    """``text`` cut into (font, piece), each piece drawn from the first font that has its characters."""
    first = font or (BOLD if bold else REGULAR)
    known = widths(first)
    if all(map(known.__contains__, map(ord, text))):
        if text:
            yield first, text
        return
    current, east_asian = "", _east_asian_fonts(text)
    pieces: list[str] = []
    for character in text:
        chosen, drawn = _font_for(character, first, east_asian)
        if chosen != current:
            if pieces:
                yield current, "".join(pieces)
            current, pieces = chosen, []
        pieces.append(drawn)
    if pieces:
        yield current, "".join(pieces)


def run_width(font: str, text: str) -> float:
    """The width of ``text`` in thousandths of the font size."""
    if font in _SOURCES:
        known = widths(font)
        return sum(known[ord(character)] for character in text)
    return float(_named_font(font).stringWidth(text, 1000))


def _font_for(character: str, first: str, east_asian: tuple[str, ...]) -> tuple[str, str]:
    code = ord(character)
    if code in widths(first):
        return first, character
    if is_east_asian(character):
        for name in east_asian:
            if _has(name, character):
                _named_font(name)
                return name, character
    if code in widths(_FALLBACK[first]):
        return _FALLBACK[first], character
    # Shown rather than dropped: the reader must see that a character is missing.
    return first, "\ufffd" if 0xFFFD in widths(first) else "?"


def _east_asian_fonts(text: str) -> tuple[str, ...]:
    """Which to ask first: Han characters are drawn in several ways, and the kana or hangul beside them tell which."""
    if any(0x3040 <= ord(character) <= 0x30FF for character in text):
        return _JAPANESE, _CHINESE, _KOREAN
    if any(0xAC00 <= ord(character) <= 0xD7FF for character in text):
        return _KOREAN, _CHINESE, _JAPANESE
    return _CHINESE, _JAPANESE, _KOREAN


@lru_cache(maxsize=4096)
def _has(font: str, character: str) -> bool:
    try:
        character.encode(_CHARACTER_SETS[font])
    except UnicodeEncodeError:
        return font == _CHINESE and 0x3400 <= ord(character) <= 0x4DB5  # rare ones, which it has besides
    return True


@lru_cache(maxsize=4)
def _named_font(name: str) -> Any:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    with _loading:
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(UnicodeCIDFont(name))
        return pdfmetrics.getFont(name)
