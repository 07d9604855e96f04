"""Inputs that nobody meant: what was right, changed at random. The same seed gives the same inputs."""

import json
from copy import deepcopy
from random import Random
from typing import Any

ODD_TEXTS = (
    "", " ", "0", "-1", "9" * 400, "1e999", "NaN", "١٢", "\x00", "\ud800", "\u202e", "ß", "é" * 50, "[" * 3000,
    "{", "}", '"', "'", "\\", "---", "\r\n", ";", ",", "%s", "{0}", "../..", "/", "2026-13-45", "0000-00-00",
    "29 Feb 2026", "12w", "\N{MINUS SIGN}5", "(01)", "\x1d", "&a [*a]", "!!python/object:os.system", "<b>", "𝟗",
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**63, 10**400, 1.5, 1e308, float("inf"), float("nan"), "", "x", "\ud800", [], {},
    [[]], {"": None}, ["x"] * 50, "9" * 400, "2026-02-30",
)  # fmt: skip


def changed_bytes(whole: bytes, chance: Random) -> bytes:
    """Bits turned, pieces cut, doubled, zeroed, or put from elsewhere."""
    content = bytearray(whole)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        start = chance.randrange(len(content) + 1)
        end = min(len(content), start + chance.choice((1, 2, 8, 64)))
        match chance.randrange(6):
            case 0 if content:
                content[start % len(content)] ^= 1 << chance.randrange(8)
            case 1:
                del content[start:]
            case 2:
                del content[start:end]
            case 3:
                content[start:start] = content[start:end] * chance.choice((1, 3))
            case 4:
                content[start:end] = bytes(end - start)
            case _:
                content[start:end] = chance.randbytes(end - start)
    return bytes(content)


def changed_text(whole: str, chance: Random) -> str:
    """Signs changed, odd words put between, pieces cut or doubled."""
    text = whole
    for _ in range(chance.choice((1, 1, 2, 4))):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((0, 1, 3, 20)))
        match chance.randrange(4):
            case 0:
                text = text[:start] + text[end:]
            case 1:
                text = text[:end] + text[start:]
            case 2:
                text = text[:start] + chance.choice(ODD_TEXTS) + text[end:]
            case _:
                text = text[:start] + chr(chance.choice((chance.randrange(128), chance.randrange(0x3000)))) + text[end:]
    return text


def changed_value(whole: Any, chance: Random) -> Any:
    """JSON in which a few of the values are others, missing, or of another kind."""
    value = json.loads(json.dumps(whole))
    for _ in range(chance.choice((1, 1, 2, 4))):
        value = _changed(value, chance)
    return value


def _changed(value: Any, chance: Random) -> Any:
    if not isinstance(value, dict | list) or not value or chance.random() < 0.1:
        return _text_or_odd(value, chance)
    key = chance.choice(list(value)) if isinstance(value, dict) else chance.randrange(len(value))
    if chance.random() < 0.15:
        del value[key]
    elif chance.random() < 0.1 and isinstance(value, dict):
        value[chance.choice(ODD_TEXTS)] = value[key]
    else:
        value[key] = _changed(value[key], chance)
    return value


def _text_or_odd(value: Any, chance: Random) -> Any:
    if isinstance(value, str) and chance.random() < 0.5:
        return changed_text(value, chance)
    return deepcopy(chance.choice(ODD_VALUES))


def without_halves(text: str) -> str:
    """The text with a mark for each half of a character, which neither the record nor a terminal holds."""
    return text.encode("utf-8", "replace").decode("utf-8")
