"""Reads finished files back, the way a viewer does."""

import ctypes
import unicodedata
from collections.abc import Iterator

import pypdfium2  # type: ignore[import-untyped, unused-ignore]
from PIL import Image
from pypdfium2 import raw  # type: ignore[import-untyped, unused-ignore]

NAMED_FONTS = {"STSong-Light", "HeiseiKakuGo-W5", "HYGothic-Medium"}
"""For Chinese, Japanese and Korean: the one exception to embedding."""


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page with plain spaces, letters in their basic form."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_plain(page.get_textpage().get_text_bounded()) for page in document]
    finally:
        document.close()


def whole_text(pdf: bytes) -> str:
    """The text of all pages in one line, as a search would see it."""
    return " ".join(" ".join(page_texts(pdf)).split())


def fonts_used(pdf: bytes) -> dict[str, bool]:
    """Every font that draws something, and whether it is embedded."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return dict(found for page in document for found in _fonts_of(page))
    finally:
        document.close()


def properties(pdf: bytes) -> dict[str, str]:
    """Title, author and the other properties of the file."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return dict(document.get_metadata_dict())
    finally:
        document.close()


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in points."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_size() for page in document]
    finally:
        document.close()


def text_inside(pdf: bytes, number: int, left: float, top: float, right: float, bottom: float) -> str:
    """What a page (the first is 0) says inside a rectangle, in points from its upper left corner, in one line."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[number]
        height = page.get_height()
        found = page.get_textpage().get_text_bounded(left, height - bottom, right, height - top)
        return " ".join(_plain(found).split())
    finally:
        document.close()


def pictures(pdf: bytes, scale: float = 1.0) -> list[Image.Image]:
    """Each page as a viewer shows it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=scale).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def _fonts_of(page: pypdfium2.PdfPage) -> Iterator[tuple[str, bool]]:
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        font = raw.FPDFTextObj_GetFont(thing.raw)
        name = ctypes.create_string_buffer(200)
        raw.FPDFFont_GetBaseFontName(font, name, 200)
        yield name.value.decode(), raw.FPDFFont_GetIsEmbedded(font) == 1


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\ufffe", "-").replace("\x02", "-")


def words_off_the_page(pdf: bytes) -> list[str]:
    """Characters that lie outside their page, wholly or in part."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [found for page in document for found in _outside(page)]
    finally:
        document.close()


def _outside(page: pypdfium2.PdfPage) -> Iterator[str]:
    width, height = page.get_size()
    text = page.get_textpage()
    for number in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(number)
        # A space or a line's end that was made up between two words has no box of its own.
        if right > left and (left < 0 or bottom < 0 or right > width or top > height):
            yield text.get_text_range(number, 1)
