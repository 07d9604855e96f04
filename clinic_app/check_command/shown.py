"""Text of the input inside a sentence."""

_LONGEST = 60


def shown(text: str) -> str:
    """``text`` on one line and not too long; what cannot be printed is escaped, "\\n" for the end of a line."""
    escaped = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text[: _LONGEST + 1])
    return escaped if len(escaped) <= _LONGEST else f"{escaped[:_LONGEST]}…"
