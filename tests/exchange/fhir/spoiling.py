"""Bundles to which something happened: to their bytes, or to what they say."""

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

HOSTILE: tuple[object, ...] = (
    None, True, False, 0, -1, 10**40, 1e308, "", " ", "\x00", "\ud800", "9" * 5000, "0000-00-00", "2026-13-45",
    "2026-02", "9999-12-31", [], {}, [[]], [None], {"": None}, {"reference": {}}, [{"coding": {}}], {"coding": [5]},
    "Patient/1", {"text": ["x"]}, {"value": "5", "unit": 5},
)  # fmt: skip


def spoiled(content: bytes, dice: Random) -> bytes:
    """The file after something happened to it: to its bytes, or to what it says."""
    if dice.random() < 0.3:
        kept = bytearray(content)
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(len(kept))
            match dice.randrange(4):
                case 0:
                    del kept[place:]
                case 1:
                    kept[place] = dice.randrange(256)
                case 2:
                    kept[place:place] = dice.choice([b"[", b"{", b'"', b"\\", b"\xff", b"1e9", b"null", b"[" * 2000])
                case _:
                    del kept[place : place + dice.randint(1, 50)]
            if not kept:
                break
        return bytes(kept)
    said = json.loads(content)
    for _ in range(dice.randint(1, 3)):
        places = list(_places(said))
        where, name = dice.choice(places)
        match dice.randrange(4):
            case 0:
                where[name] = dice.choice(HOSTILE)
            case 1 if isinstance(where, dict):
                where[dice.choice(["extension", "modifierExtension", "_name", "zzz", "status"])] = where.pop(name)
            case 2:
                other, from_there = dice.choice(places)
                where[name] = copy.deepcopy(other[from_there])
            case _:
                del where[name]
        if not isinstance(said, dict) or not said:
            break
    return json.dumps(said).encode("utf-8", "surrogatepass")


def _places(part: Any) -> Iterator[tuple[Any, Any]]:
    for name in part if isinstance(part, dict) else range(len(part)):
        yield part, name
        if isinstance(part[name], dict | list):
            yield from _places(part[name])
