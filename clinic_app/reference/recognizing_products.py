"""Which product of the reference a cell of an old spreadsheet means: "Botox", "abobotulinumtoxinA", "Xeomin 100"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from clinic_app.reference.muscle_names import words_of
from clinic_app.reference.recognizing import is_near
from clinic_app.reference.toxins import CosmeticProduct, Product
from clinic_app.typed_text import clean

#: "BTX-A" says what kind of medicine it is, never which: units of one product are not those of another.
_ANY_TOXIN = frozenset(
    "btx bont bonta bontb btxa btxb bota bot botulinum botulin botulinumtoxin botulinumtoxina botulinumtoxinb toxin"
    " toxina toxinb toxine tox neurotoxin bonta1 type typ serotype a b".split()
)
_BESIDE = frozenset("u units unit einheiten vial vials inj injection im ie e mu ampoule cosmetic".split())
_SEROTYPES = {"a": "A", "b": "B", "bonta": "A", "btxa": "A", "bota": "A", "bontb": "B", "btxb": "B"} | {
    f"{word}{letter}": letter.upper() for word in ("toxin", "botulinumtoxin") for letter in "ab"
}
_SIGNS = re.compile("[®™©]")
_GENERIC = re.compile(r"^([a-z]+?)botulinumtoxin([ab])")
_AFTER_SHORT = frozenset({"", "bot", "bota", "botb", "bont", "bonta", "bontb", "btx", "btxa", "btxb", "a", "b"})
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class RecognizedProduct:
    """What a cell about a product can mean.

    ``candidates`` are ids of products, also of such as are licensed for cosmetic use only. Only where ``certain`` is
    the one candidate what stands there; everything else is to be asked. ``any_toxin`` says that the cell names
    botulinum toxin without a product.
    """

    candidates: tuple[str, ...] = ()
    certain: bool = False
    any_toxin: bool = False

    @property
    def product(self) -> str:
        """The id of the one product, "" where somebody must be asked."""
        return self.candidates[0] if self.certain else ""


class ProductNames:
    """All products with their brands, generic names and the usual short forms of those (ona, abo, inco, …)."""

    def __init__(self, products: Iterable[Product | CosmeticProduct]) -> None:
        self._called = [_Called(product) for product in products]

    def recognize(self, text: str) -> RecognizedProduct:
        """The product that ``text`` names, or which it could be."""
        words = words_of(_SIGNS.sub("", clean(text))) if len(text) <= _LONGEST else []
        telling = [word for word in words if not (word.isdecimal() or word in _BESIDE)]
        serotypes = {_SEROTYPES[word] for word in telling if word in _SEROTYPES}
        whole = "".join(telling)
        named = [each for each in self._called if any(map(each.is_named, (whole, *telling)))]
        if len(named) == 1:
            known = all(named[0].is_named(word) or named[0].belongs(word) or word in _ANY_TOXIN for word in telling)
            fits = serotypes <= {named[0].serotype}
            return RecognizedProduct((named[0].id,), certain=(known or named[0].is_named(whole)) and fits)
        if named:
            return RecognizedProduct(tuple(each.id for each in named))
        if telling and all(word in _ANY_TOXIN for word in telling) and telling != ["a"] and telling != ["b"]:
            possible = (
                each.id for each in self._called if each.treats and (not serotypes or each.serotype in serotypes)
            )
            return RecognizedProduct(tuple(possible), any_toxin=True)
        near = (each.id for each in self._called if any(each.is_nearly(word) for word in telling))
        return RecognizedProduct(tuple(near))


class _Called:
    """One product with every way to call it."""

    def __init__(self, product: Product | CosmeticProduct) -> None:
        self.id = product.id
        self.serotype = product.serotype
        self.treats = product.therapeutic
        generic = product.generic_name if isinstance(product, Product) else product.id
        maker = product.manufacturer if isinstance(product, Product) else ""
        self._brands = {word for brand in product.brands for word in words_of(brand.name)} - _BESIDE
        self._beside = {*words_of(maker), *words_of(generic)}
        self._generic = words_of(generic)[0]
        found = _GENERIC.match(self._generic)
        self._short = found[1] if found is not None else self._generic

    def is_named(self, word: str) -> bool:
        """Whether the word is a brand, the generic name, its beginning, or a short form of it."""
        if word in self._brands or word in (self._generic, self.id.casefold()):
            return True
        after = word.removeprefix(self._short)
        return after != word and (after in _AFTER_SHORT or self._generic.startswith(word))

    def belongs(self, word: str) -> bool:
        """Whether the word stands beside the name without changing what it means: the maker, the suffix."""
        return word in self._beside

    def is_nearly(self, word: str) -> bool:
        """Whether the word is a name with one wrong letter, or the beginning of a brand."""
        names = (*self._brands, self._generic)
        return any(is_near(word, name) or (len(word) > 2 and name.startswith(word)) for name in names)
