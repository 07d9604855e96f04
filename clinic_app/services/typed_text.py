"""Typed text as the record keeps it and as names are compared."""

import re
import unicodedata

from anyascii import anyascii


def fold(text: str) -> str:
    """Names as they are compared: any script in Latin letters, no accents, no case, single spaces."""
    return " ".join(re.sub(r"[^\w\s-]", "", anyascii(unicodedata.normalize("NFC", text))).casefold().split())


def clean(text: str) -> str:
    """Typed text without control characters and outer space; line breaks stay."""
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", kept).strip()
