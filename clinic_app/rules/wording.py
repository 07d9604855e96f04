"""The sentence of a finding, from ``resources/words/checks_<language>.toml``."""

import tomllib
from decimal import Decimal
from functools import lru_cache

from clinic_app.reference.units import show_ml, show_number, show_units
from clinic_app.resources import resource_path
from clinic_app.rules.findings import Finding, Value
from clinic_app.words import shown

#: How the names of Decimals end that are no units.
_PLAIN_NUMBERS = ("hours", "minimum")


def words_of(finding: Finding, language: str = "en") -> str:
    """What the finding says: what it is and what to do. Raises KeyError for an id without a sentence.

    Where what it rests on is not verified in the reference, the request to confirm it against the label follows,
    unless it is nothing that a label states.
    """
    words = _words(language)
    table = words[finding.id]
    gaps = {name: _shown(name, value) for name, value in finding.parameters}
    sentence = table[finding.variant or "sentence"].format(**gaps, **_phrases(words["phrases"], gaps))
    sentence = sentence[:1].upper() + sentence[1:]
    request = "" if finding.verified else table.get("unverified", words["unverified"]["sentence"])
    return f"{sentence} {request}".rstrip()


def title_of(check: str, language: str = "en") -> str:
    """The short name of a check, of charting or booking, for lists and settings. Raises KeyError for an unknown id."""
    return _words(language)[check]["title"]


def looks_at(check: str, language: str = "en") -> str:
    """What a check, of charting or booking, looks at, in one sentence. Raises KeyError for an unknown id."""
    return _words(language)[check]["looks_at"]


def check_ids(language: str = "en") -> tuple[str, ...]:
    """Every id of a charting check; what booking says has its sentences among the errors."""
    return tuple(name for name, table in _words(language).items() if "title" in table and "sentence" in table)


def _shown(name: str, value: Value) -> str:
    if isinstance(value, Decimal):
        if name.endswith("_ml"):
            return show_ml(value)
        return show_number(value) if name.endswith(_PLAIN_NUMBERS) else show_units(value)
    return str(shown(value))


def _phrases(phrases: dict[str, str], gaps: dict[str, str]) -> dict[str, str]:
    """The parts of sentences that stand only where there is something to say."""
    set_by, set_on, label = gaps.get("set_by", ""), gaps.get("set_on", ""), gaps.get("label_state", "")
    signed = "set_by_on" if set_by and set_on else "set_by" if set_by else "set_on" if set_on else ""
    treated = "" if "indication" not in gaps else "for_indication" if gaps["indication"] else "for_this_indication"
    return {
        "signed": phrases[signed].format(**gaps) if signed else "",
        "for_indication": phrases[treated].format(**gaps) if treated else "",
        "label_note": phrases[f"label_{label}"] if label else "",
    }


@lru_cache(maxsize=4)
def _words(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads(resource_path("words", f"checks_{language}.toml").read_text(encoding="utf-8"))
