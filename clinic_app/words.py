"""Every sentence that a check or an error shows, by id, one file per language."""

from datetime import date, datetime
from functools import lru_cache

from clinic_app.resources import resource_path

# Of the language of the words file, whatever the machine's own language is.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def sentence(code: str, **parameters: object) -> str:
    """The sentence for ``code`` ("errors.units_negative") with its gaps filled.

    Raises KeyError for an id that the words file does not have; a test asks for every id that the code uses.
    """
    table: object = _words("en")
    for part in code.split(".", 1):
        if not isinstance(table, dict):
            raise KeyError(code)
        table = table[part]
    if not isinstance(table, str):
        raise KeyError(code)
    return table.format(**{name: shown(value) for name, value in parameters.items()})


def shown(value: object) -> object:
    """A date as nobody can misread it ("3 Sep 2026"); anything else as it is."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    return value


@lru_cache(maxsize=4)
def _words(language: str) -> dict[str, object]:
    import tomllib  # not before something went wrong, or a check is shown

    return tomllib.loads(resource_path("words", f"{language}.toml").read_text(encoding="utf-8"))
