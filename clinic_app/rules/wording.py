"""The sentence of a finding, from ``resources/words/checks_<language>.toml``."""

import tomllib
from decimal import Decimal
from functools import lru_cache

from clinic_app.reference.units import show_ml, show_number, show_units
from clinic_app.resources import resource_path
from clinic_app.rules.findings import Finding, Value
from clinic_app.words import shown

#: Decimals that are no units.
_PLAIN_NUMBERS = ("hours",)


def words_of(finding: Finding, language: str = "en") -> str:
    """What the finding says: what it is and what to do. Raises KeyError for an id without a sentence.

    Where the figure is not verified in the reference, the request to confirm it against the label follows.
    """
    words = _words(language)
    table = words[finding.id]
    sentence = table[finding.variant or "sentence"].format(
        **{name: _shown(name, value) for name, value in finding.parameters}
    )
    sentence = sentence[:1].upper() + sentence[1:]
    return sentence if finding.verified else f"{sentence} {words['unverified']['sentence']}"


def title_of(check: str, language: str = "en") -> str:
    """The short name of a check for lists and settings. Raises KeyError for an unknown id."""
    return _words(language)[check]["title"]


def check_ids(language: str = "en") -> tuple[str, ...]:
    """Every check id that has words."""
    return tuple(name for name in _words(language) if name != "unverified")


def _shown(name: str, value: Value) -> str:
    if isinstance(value, Decimal):
        if name.endswith("_ml"):
            return show_ml(value)
        return show_number(value) if name in _PLAIN_NUMBERS else show_units(value)
    return str(shown(value))


@lru_cache(maxsize=4)
def _words(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads(resource_path("words", f"checks_{language}.toml").read_text(encoding="utf-8"))
