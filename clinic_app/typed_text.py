"""Typed text as the record keeps it and as names are compared."""

import re
import unicodedata

from anyascii import anyascii

_SIGNS = re.compile(r"[^\w\s-]")


def fold(text: str) -> str:
    """Names as they are compared: any script in Latin letters, no accents, no case, single spaces."""
    latin = text if text.isascii() else anyascii(unicodedata.normalize("NFC", text))
    return " ".join(_SIGNS.sub("", latin).casefold().split())


def clean(text: str) -> str:
    """Typed text without control characters and outer space; line breaks stay."""
    if not text.isprintable():
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", text).strip()
