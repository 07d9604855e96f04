"""Which language a paper speaks to its reader, found from what was typed about a patient.

A language is a folder of ``resources/handouts``. Names and codes of languages are those of Unicode CLDR, by Babel.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from clinic_app.resources import resource_path

FALLBACK = "en"
_CODE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*")
_ASIDE = re.compile(r"[,;/(]")  # "Spanish (interpreter)", "Spanish / English": the first is the one to write in
# What speakers call their language where CLDR has another name for it.
_ALSO = {"castellano": "es", "castilian": "es"}


@lru_cache(maxsize=1)
def paper_languages() -> tuple[str, ...]:
    """The languages that papers for patients can be printed in, by code."""
    return tuple(sorted(folder.name for folder in resource_path("handouts").iterdir() if folder.is_dir()))


def paper_language(told: str, clinic_language: str) -> str:
    """The language of a patient's papers: what was told, the clinic's where papers do not speak that, else English.

    ``told`` is a code ("es", "es-MX") or a name, in English, in itself or in any language of papers ("Spanish",
    "español"); letter case, accents and what follows a comma or a bracket do not matter.
    """
    return named_language(told) or named_language(clinic_language) or FALLBACK


@lru_cache(maxsize=1024)
def named_language(told: str) -> str:
    """The language of papers that ``told`` names, "" where it names none."""
    for words in (told, _ASIDE.split(told, maxsplit=1)[0]):
        key = _key(words)
        found = _names().get(key) or (_of_code(key) if _CODE.fullmatch(key) else "")
        if found:
            return found
    return ""


def _of_code(code: str) -> str:
    from babel.core import get_global

    parts = re.split("[-_]", code)
    parts[0] = get_global("language_aliases").get(parts[0], parts[0])  # "spa" is "es"
    known = {_key(language).replace("-", "_"): language for language in paper_languages()}
    return next((known[code] for end in range(len(parts), 0, -1) if (code := "_".join(parts[:end])) in known), "")


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    """Every name of a language of papers, also those of its varieties ("Mexican Spanish")."""
    from babel import Locale

    languages = paper_languages()
    names = {_key(name): language for name, language in _ALSO.items() if language in languages}
    for reader in dict.fromkeys((FALLBACK, *languages)):
        for code, name in Locale.parse(reader.replace("-", "_")).languages.items():
            language = _of_code(code.lower())
            if language:
                names.setdefault(_key(name), language)
    return MappingProxyType(names)


def _key(words: str) -> str:
    """``words`` without accents, letter case and needless spaces."""
    letters = unicodedata.normalize("NFKD", words[:200].casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
