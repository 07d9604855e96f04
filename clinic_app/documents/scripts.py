"""Right-to-left and joining scripts, for a PDF writer that places characters one after another.

ReportLab draws code points in the order given, so Arabic letters must already have their joined form and
right-to-left text its visual order. ``arabic-reshaper`` knows the first and ``python-bidi`` the second (Unicode
Annex 9); both are imported when a text first needs them. See decision 0005.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arabic_reshaper import ArabicReshaper

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")
_NON_JOINER = "\u200c"
# A mark without width or direction of its own, which nobody types: it stays with the character it follows.
_MARK = "\U000e01ef"


def has_right_to_left(text: str) -> bool:
    """Whether any character of ``text`` is written from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None


def reads_right_to_left(text: str) -> bool:
    """The paragraph direction: that of the first letter that has one."""
    if not has_right_to_left(text):
        return False
    from bidi import get_base_level

    return bool(get_base_level(text) == 1)


def joined(text: str) -> str:
    """``text`` with Arabic letters in the form that their neighbours ask for, still in reading order."""
    if _ARABIC.search(text) is None:
        return text
    return str(_reshaper().reshape(text)).replace(_NON_JOINER, "")


def visual_order(line: str, right_to_left: bool) -> str:
    """One line in the order in which it is drawn from left to right, brackets turned where they must be.

    A vowel mark comes before its right-to-left letter: the font draws it over what stands next.
    """
    if not has_right_to_left(line):
        return line
    from bidi import get_display
    from bidi.mirror import MIRRORED

    # The library orders characters but does not mirror them, nor does it tell which it turned. A mark behind each
    # bracket does: where the mark comes out in front, the bracket stands in text that runs from right to left.
    bracket, marked = _brackets()
    display = get_display(bracket.sub(rf"\g<0>{_MARK}", line), base_dir="R" if right_to_left else "L")
    return marked.sub(lambda found: MIRRORED[found[1]] if found[1] else found[2], display)


@lru_cache(maxsize=1)
def _brackets() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Everything that has a mirror image; and the same with the mark in front (group 1) or behind (group 2)."""
    from bidi.mirror import MIRRORED

    bracket = f"[{re.escape(''.join(MIRRORED))}]"
    return re.compile(bracket), re.compile(f"{_MARK}({bracket})|({bracket}){_MARK}")


@lru_cache(maxsize=1)
def _reshaper() -> "ArabicReshaper":
    from arabic_reshaper import ArabicReshaper

    reshaper = ArabicReshaper(
        {
            "delete_harakat": False,  # vowel marks are part of a name
            # FiraGO has no glyph at the code of an isolated form; a letter by itself is drawn by its own code.
            "use_unshaped_instead_of_isolated": True,
            # One sign for four letters, with vowel marks that nobody typed.
            "ARABIC LIGATURE ALLAH": False,
        }
    )
    # It builds its table of ligatures at first use, which two threads must not do at once.
    reshaper.reshape("\u0644\u0627")
    return reshaper
