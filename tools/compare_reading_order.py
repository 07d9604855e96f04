"""Count the lines of mixed direction that come out as GNU FriBidi orders them (figures of decision 0005).

``python -m tools.compare_reading_order`` on a machine with the shared library libfribidi. Lines are drawn by a fixed
seed from words of both directions, numbers and brackets, half of them for each paragraph direction.
"""

import ctypes
import ctypes.util
import random
import unicodedata

from bidi import algorithm

from clinic_app.documents.scripts import has_right_to_left, visual_order

_WORDS = "אב דוד محمد Botox MD U 12.5 50 24/11/2026 -5 +972 50% , . – < ≤ :".split()
_BRACKETED = [*_WORDS, *"( [ ) ] « » (50 U)".split()]
_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = 0x110, 0x111  # FRIBIDI_PAR_LTR, FRIBIDI_PAR_RTL
_LINES = 20_000


def main() -> None:
    """Print how many lines were compared and how many agreed."""
    fribidi = ctypes.CDLL(ctypes.util.find_library("fribidi") or "libfribidi.so.0")
    chance = random.Random(1)
    compared = ours = python_part = 0
    for _ in range(_LINES):
        line, right_to_left = _line(chance), chance.random() < 0.5
        if not has_right_to_left(line):
            continue
        compared += 1
        wanted = _by_fribidi(fribidi, line, right_to_left)
        ours += visual_order(line, right_to_left) == wanted
        python_part += algorithm.get_display(line, base_dir="R" if right_to_left else "L") == wanted
    print(f"{compared:,} lines; as FriBidi orders them: ours {ours:,}, bidi.algorithm {python_part:,}")


def _line(chance: random.Random) -> str:
    if chance.random() < 0.5:
        return "".join(
            chance.choice(_BRACKETED) + chance.choice(("", " ")) for _ in range(chance.randint(1, 8))
        ).strip()
    before, inside, after = (" ".join(chance.choices(_WORDS, k=chance.randint(1, 3))) for _ in range(3))
    return f"{before} ({inside}) {after}"


def _by_fribidi(fribidi: ctypes.CDLL, line: str, right_to_left: bool) -> str:
    """FriBidi joins Arabic letters as well; that is undone."""
    length = len(line)
    source = (ctypes.c_uint32 * length)(*map(ord, line))
    ordered = (ctypes.c_uint32 * (length + 1))()
    direction = ctypes.c_uint32(_RIGHT_TO_LEFT if right_to_left else _LEFT_TO_RIGHT)
    if not fribidi.fribidi_log2vis(source, length, ctypes.byref(direction), ordered, None, None, None):
        raise MemoryError("FriBidi could not order the line")
    return unicodedata.normalize("NFKC", "".join(map(chr, ordered[:length])))


if __name__ == "__main__":
    main()
