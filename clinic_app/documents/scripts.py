"""Right-to-left and joining scripts, for a PDF writer that places characters one after another.

ReportLab draws code points in the order given, so Arabic letters must already have their joined form and
right-to-left text its visual order. Both follow the Unicode tables that Python carries. The installed libraries
that could do it (uharfbuzz, rlbidi) are compiled and not there on every machine that runs the tests; a name must
come out right with or without them.
"""

import re
import unicodedata
from functools import lru_cache

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")
_MIRROR = dict(zip("()[]{}<>«»‹›≤≥", ")(][}{><»«›‹≥≤", strict=True))
_ISOLATED, _FINAL, _INITIAL, _MEDIAL = "<isolated>", "<final>", "<initial>", "<medial>"
_TATWEEL = "\u0640"
_NON_JOINER = "\u200c"


def has_right_to_left(text: str) -> bool:
    """Whether any character of ``text`` is written from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None


def reads_right_to_left(text: str) -> bool:
    """The paragraph direction: that of the first letter that has one."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return False


def joined(text: str) -> str:
    """``text`` with Arabic letters in the form that their neighbours ask for, still in reading order."""
    if _ARABIC.search(text) is None:
        return text
    forms, ligatures = _arabic_forms()
    letters = _with_ligatures(text, ligatures)
    result = []
    for position, letter in enumerate(letters):
        shapes = forms.get(letter)
        if shapes is None:
            result.append(letter)
            continue
        before = _joins_forward(_neighbour(letters, position, -1), forms)
        after = _INITIAL in shapes and _joins_backward(_neighbour(letters, position, +1), forms)
        wanted = _MEDIAL if before and after else _FINAL if before else _INITIAL if after else _ISOLATED
        # A letter by itself is drawn by its own code: FiraGO has no glyph at the code of its isolated form.
        result.append(letter if wanted == _ISOLATED else shapes.get(wanted, letter))
    return "".join(result).replace(_NON_JOINER, "")


def visual_order(line: str, right_to_left: bool) -> str:
    """One line in the order in which it is drawn from left to right (Unicode Annex 9 without explicit marks)."""
    if not has_right_to_left(line):
        return line
    kinds = _resolved_kinds(line, "R" if right_to_left else "L")
    base = 1 if right_to_left else 0
    level_of = {"R": 1, "L": 2 * base, "EN": 2, "AN": 2}
    levels = [level_of[kind] for kind in kinds]
    for position in range(len(line) - 1, -1, -1):
        if not line[position].isspace():
            break
        levels[position] = base
    clusters: list[tuple[str, int]] = []
    for character, level in zip(line, levels, strict=True):
        if clusters and unicodedata.combining(character):
            clusters[-1] = (clusters[-1][0] + character, clusters[-1][1])
        else:
            clusters.append((_MIRROR.get(character, character) if level % 2 else character, level))
    for level in range(max(levels), 0, -1):
        clusters = _runs_reversed(clusters, level)
    return "".join(cluster for cluster, _ in clusters)


def _runs_reversed(clusters: list[tuple[str, int]], level: int) -> list[tuple[str, int]]:
    result: list[tuple[str, int]] = []
    run: list[tuple[str, int]] = []
    for cluster in clusters:
        if cluster[1] >= level:
            run.append(cluster)
        else:
            result += [*reversed(run), cluster]
            run = []
    return result + run[::-1]


def _resolved_kinds(line: str, base: str) -> list[str]:
    kinds = [unicodedata.bidirectional(character) or "L" for character in line]
    previous = strong = base
    for position, kind in enumerate(kinds):
        if kind == "NSM":
            kind = previous
        if kind == "EN" and strong == "AL":
            kind = "AN"
        if kind in ("L", "R", "AL"):
            strong = kind
        kinds[position] = previous = kind
    kinds = ["R" if kind == "AL" else kind for kind in kinds]
    for position in range(1, len(kinds) - 1):
        around = kinds[position - 1]
        separates = kinds[position] == "CS" or (kinds[position] == "ES" and around == "EN")
        if separates and around in ("EN", "AN") and kinds[position + 1] == around:
            kinds[position] = around
    _spread_terminators(kinds)
    strong = base
    for position, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[position] = "L"
    return _without_neutrals(kinds, base)


def _spread_terminators(kinds: list[str]) -> None:
    for order in (range(1, len(kinds)), range(len(kinds) - 2, -1, -1)):
        step = 1 if order.step == 1 else -1
        for position in order:
            if kinds[position] == "ET" and kinds[position - step] == "EN":
                kinds[position] = "EN"


def _without_neutrals(kinds: list[str], base: str) -> list[str]:
    settled = ("L", "R", "EN", "AN")
    position = 0
    while position < len(kinds):
        if kinds[position] in settled:
            position += 1
            continue
        end = position
        while end < len(kinds) and kinds[end] not in settled:
            end += 1
        before = _direction(kinds[position - 1]) if position else base
        after = _direction(kinds[end]) if end < len(kinds) else base
        kinds[position:end] = [before if before == after else base] * (end - position)
        position = end
    return kinds


def _direction(kind: str) -> str:
    return "L" if kind == "L" else "R"


def _neighbour(letters: list[str], position: int, step: int) -> str:
    position += step
    while 0 <= position < len(letters) and unicodedata.combining(letters[position]):
        position += step
    return letters[position] if 0 <= position < len(letters) else ""


def _joins_forward(letter: str, forms: dict[str, dict[str, str]]) -> bool:
    return letter == _TATWEEL or _INITIAL in forms.get(letter, {})


def _joins_backward(letter: str, forms: dict[str, dict[str, str]]) -> bool:
    return letter == _TATWEEL or _FINAL in forms.get(letter, {})


def _with_ligatures(text: str, ligatures: dict[str, str]) -> list[str]:
    letters: list[str] = []
    for character in text:
        pair = (letters[-1] if letters else "") + character
        if pair in ligatures:
            letters[-1] = ligatures[pair]
        else:
            letters.append(character)
    return letters


@lru_cache(maxsize=1)
def _arabic_forms() -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """The joined forms by letter, and the isolated lam-alef by its two letters.

    A lam-alef ligature is entered among the letters by its isolated form, because it joins like an alef does.
    """
    forms: dict[str, dict[str, str]] = {}
    ligatures: dict[str, str] = {}
    finals: dict[str, str] = {}
    for code in (*range(0xFB50, 0xFBB2), *range(0xFBD3, 0xFC00), *range(0xFE80, 0xFEFD)):
        form, *letters = unicodedata.decomposition(chr(code)).split() or ("",)
        if form not in (_ISOLATED, _FINAL, _INITIAL, _MEDIAL):
            continue
        source = "".join(chr(int(letter, 16)) for letter in letters)
        if len(source) == 1:
            forms.setdefault(source, {})[form] = chr(code)
        elif source[0] == "\u0644" and len(source) == 2:
            if form == _ISOLATED:
                ligatures[source] = chr(code)
            else:
                finals[source] = chr(code)
    for source, isolated in ligatures.items():
        forms[isolated] = {_ISOLATED: isolated, _FINAL: finals[source]}
    return forms, ligatures
