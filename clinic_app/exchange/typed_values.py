"""What people type into the cells of a spreadsheet, as values: days, numbers, yes and no, sides, sex."""

from collections.abc import Iterable, Mapping

from clinic_app.errors import ClinicError
from clinic_app.exchange.typed_days import DateOrder as DateOrder
from clinic_app.exchange.typed_days import date_orders as date_orders
from clinic_app.exchange.typed_days import read_day as read_day
from clinic_app.exchange.typed_days import read_partial_day as read_partial_day
from clinic_app.exchange.typed_numbers import NumberStyle as NumberStyle
from clinic_app.exchange.typed_numbers import Quantity as Quantity
from clinic_app.exchange.typed_numbers import QuantityUnit as QuantityUnit
from clinic_app.exchange.typed_numbers import number_styles as number_styles
from clinic_app.exchange.typed_numbers import read_number as read_number
from clinic_app.exchange.typed_numbers import read_quantity as read_quantity
from clinic_app.reference.side_words import folded
from clinic_app.reference.side_words import read_sides as read_sides
from clinic_app.terms import Sex
from clinic_app.typed_text import clean

_YES = frozenset("yes y true t 1 x ja j wahr oui o vrai si s verdadero vero waar sant ✓ ✔ ☑".split())
_NO = frozenset("no n false f 0 nein falsch non faux falso nee onwaar nej falskt ☐".split())
_SEXES = {
    Sex.FEMALE: "f female woman girl w weiblich frau feminin femme femenino mujer femmina femminile vrouw vrouwelijk"
    " kvinna kvinnlig",
    Sex.MALE: "m male man boy mann mannlich maennlich masculin homme masculino hombre varon maschio maschile mannelijk"
    " manlig",
    Sex.OTHER: "other divers diverse nonbinary non-binary intersex autre otro altro anders annat",
    Sex.UNKNOWN: "unknown unbekannt inconnu desconocido sconosciuto onbekend okand ? u",
}
_SEX_WORDS = {word: sex for sex, words in _SEXES.items() for word in words.split()}


def read_boolean(text: str) -> bool:
    """Yes or no in one of the usual words. Raises ClinicError ``yes_or_no_unreadable``."""
    word = _word(text)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ClinicError("yes_or_no_unreadable", typed=text.strip()[:40])


def read_sex(text: str) -> Sex:
    """The sex that a word names. Raises ClinicError ``sex_unreadable``, also for letters and numbers with two meanings.

    Where a column writes H for hombre, its M is mujer: ask ``sex_words`` what the words of a column mean.
    """
    sex = _SEX_WORDS.get(_word(text))
    if sex is None:
        raise ClinicError("sex_unreadable", field="sex", typed=text.strip()[:40])
    return sex


def sex_words(cells: Iterable[str]) -> Mapping[str, Sex | None]:
    """What each word of a column means, as it stands there; None where somebody must say."""
    words = {cell: _word(cell) for cell in cells if cell.strip()}
    spanish = "h" in words.values()
    return {cell: None if spanish and word == "m" else _SEX_WORDS.get(word) for cell, word in words.items()}


def _word(text: str) -> str:
    return folded(clean(text[:80])).strip(" .")
