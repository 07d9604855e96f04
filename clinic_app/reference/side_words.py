"""Sides of the body as people write them: words, abbreviations and letters of several languages."""

import re
import unicodedata

from clinic_app.errors import ClinicError
from clinic_app.terms import Side

_WRITTEN = {
    (Side.LEFT,): "l lt lft left li lks link linke links linker linkes os sin sinister sinistra sinistro sx gauche"
    " izq izquierda izquierdo izqda izqdo vanster vä vän",
    (Side.RIGHT,): "r rt rgt right re rechte rechter rechtes rechts od dx dex dext dexter destra destro dextra droit"
    " droite derecha derecho der dcha dcho hoger hö hög",
    (Side.LEFT, Side.RIGHT): "both bilat bilateral bilaterally bilaterale bil bl bds bdsts beide beiden beidseits"
    " beidseitig bdz beiderzijds ou lr rl deux ambos ambas entrambi bada",
    (Side.MIDLINE,): "midline mid middle center centre central mitte mittig median",
}
_LETTERS_TO_ASK = frozenset("dsgihvmcb")
"""Droite, dexter, sinister, gauche, izquierda, höger, vänster, midline, central, both: and each something else too."""
_FILLERS = frozenset("side sided sides seite seitig and und et y e och en lado cote".split())
_BOTH_AS_LETTERS = re.compile(r"\b(?:b[/.]\s?l|[bd]\.d\.s)\b\.?", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")


def folded(text: str) -> str:
    """Letters as words are compared: no accents, no case."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)).casefold()


SIDE_WORDS = {folded(word): sides for sides, words in _WRITTEN.items() for word in words.split()}
"""What each word says that means a side and nothing else."""


def with_both_as_word(text: str) -> str:
    """The text in which B/L is one word."""
    return _BOTH_AS_LETTERS.sub("bilateral", text)


def read_sides(text: str) -> tuple[Side, ...]:
    """The sides that a cell about nothing but a side names: left, right, both as (left, right), or midline.

    Raises ClinicError ``side_unclear`` where it could be several ("D" is droite to one and dorsal to the next), and
    ``side_unknown`` for what is no side.
    """
    words = [word for word in _WORD.findall(folded(with_both_as_word(text))) if word not in _FILLERS]
    if not words or not all(word in SIDE_WORDS or word in _LETTERS_TO_ASK for word in words):
        raise ClinicError("side_unknown", field="side", typed=text.strip()[:40])
    named = {side for word in words for side in SIDE_WORDS.get(word, ())}
    if not all(word in SIDE_WORDS for word in words) or (Side.MIDLINE in named and len(named) > 1):
        raise ClinicError("side_unclear", field="side", typed=text.strip()[:40])
    return tuple(side for side in Side if side in named)
