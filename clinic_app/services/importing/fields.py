"""What the columns of an old spreadsheet can hold, and how they are found by what they are called."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from clinic_app.resources import resource_path
from clinic_app.terms import ImportKind
from clinic_app.typed_text import fold

_ASIDE = re.compile(r"[(\[{].*?[)\]}]")
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Field:
    """What a column can hold; without a column for one that is ``required`` nothing comes in."""

    name: str
    title: str
    required: bool = False


_WHOM = (
    Field("record_number", "Record number"),
    Field("family_name", "Family name"),
    Field("given_name", "Given name"),
    Field("name", "Name (family, given)"),
    Field("birth_date", "Birth date"),
)
"""How every kind of row says whose it is: by record number, or by names and birth date."""

FIELDS: Mapping[ImportKind, tuple[Field, ...]] = MappingProxyType(
    {
        ImportKind.PATIENTS: (
            *_WHOM,
            Field("sex", "Sex"),
            Field("phone", "Telephone"),
            Field("email", "E-mail"),
            Field("address", "Address"),
            Field("emergency_contact", "Emergency contact"),
            Field("language", "Language"),
            Field("referring_doctor", "Referring doctor"),
            Field("payer", "Payer"),
            Field("indication", "Indication"),
            Field("icd10cm", "ICD-10-CM code"),
            Field("onset", "Onset"),
            Field("weight_kg", "Weight in kg"),
            Field("weighed_on", "Weighed on"),
            Field("died_on", "Died on"),
            Field("usual_interval_weeks", "Usual interval in weeks"),
            Field("note", "Note"),
        ),
        ImportKind.INJECTIONS: (
            *_WHOM,
            Field("day", "Day of the injection", required=True),
            Field("muscle", "Muscle", required=True),
            Field("side", "Side"),
            Field("units", "Units", required=True),
            Field("product", "Product", required=True),
            Field("lot", "Lot"),
            Field("expiry", "Expiry"),
            Field("vial_size", "Vial size in units"),
            Field("diluent_ml", "Diluent in mL"),
            Field("guidance", "Guidance"),
            Field("injector", "Injector"),
            Field("indication", "Indication"),
            Field("note", "Note"),
        ),
        ImportKind.APPOINTMENTS: (
            *_WHOM,
            Field("day", "Day", required=True),
            Field("time", "Time", required=True),
            Field("minutes", "Minutes"),
            Field("injector", "Injector"),
            Field("type", "Kind of appointment"),
            Field("room", "Room"),
            Field("state", "State"),
            Field("note", "Note"),
        ),
        ImportKind.SIDE_EFFECTS: (
            *_WHOM,
            Field("kind", "Side effect", required=True),
            Field("severity", "Severity", required=True),
            Field("began", "Began on", required=True),
            Field("ended", "Ended on"),
            Field("action", "What was done"),
            Field("visit_day", "Day of the injection"),
        ),
    }
)
"""The fields of each kind of import, in the order in which they are shown."""


def field_of(kind: ImportKind, name: str) -> Field:
    """The field with this name. Raises KeyError."""
    return {each.name: each for each in FIELDS[kind]}[name]


def header_key(header: str) -> str:
    """A header as headers are compared: folded, without signs."""
    return _NO_WORD.sub(" ", fold(_NO_WORD.sub(" ", header))).strip()


def match_columns(
    kind: ImportKind, header: Iterable[str], chosen: Mapping[str, str], remembered: Mapping[str, str]
) -> dict[str, str]:
    """The field of each column, "" where it holds nothing that comes in; no field comes from two columns.

    What was ``chosen`` for a column counts first, then what its header meant last time (``remembered``, by key), then
    its name: whole, and then without what stands in brackets.
    """
    header, known = tuple(header), {each.name for each in FIELDS[kind]}
    matched = {column: field for column, field in chosen.items() if column in header and field in known | {""}}
    taken = {field for field in matched.values() if field}
    for key_of, meaning in (
        (header_key, remembered),
        (header_key, _usual_names(kind)),
        (_key_without_aside, _usual_names(kind)),
    ):
        for column in header:
            field = meaning.get(key_of(column))
            if column not in matched and (field == "" or (field in known and field not in taken)):
                matched[column] = field or ""
                taken.update({field} - {"", None})
    return {column: matched.get(column, "") for column in header}


@lru_cache(maxsize=8)
def _usual_names(kind: ImportKind) -> Mapping[str, str]:
    """The field behind each usual name of a column, from ``resources/importing/columns.toml``."""
    listed = tomllib.loads(resource_path("importing", "columns.toml").read_text(encoding="utf-8"))
    names: dict[str, str] = {}
    for field in FIELDS[kind]:
        usual = listed[kind.value].get(field.name) or listed["shared"].get(field.name) or {"names": []}
        names |= dict.fromkeys((field.name.replace("_", " "), header_key(field.title), *usual["names"]), field.name)
    return MappingProxyType(names)


def _key_without_aside(header: str) -> str:
    return header_key(_ASIDE.sub(" ", header))
