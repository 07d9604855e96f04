"""Bytes into the form, or one sentence that names what is not of the form."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import NoReturn

import msgspec

from clinic_app.check_command.form import InjectionForm, PatientForm, PreviousForm, VialForm, VisitForm
from clinic_app.check_command.shown import shown
from clinic_app.errors import ClinicError

#: Which form stands at a path of the input, indices left out.
_FORMS: dict[str, type[msgspec.Struct]] = {
    "": VisitForm,
    "patient": PatientForm,
    "previous[]": PreviousForm,
    "vials[]": VialForm,
    "injections[]": InjectionForm,
}
#: What msgspec calls a type, in plain words.
_TYPES = {
    "str": "text",
    "decimal": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object in braces",
    "null": "null",
}


def read_form(data: bytes) -> VisitForm:
    """The form in ``data``. Raises ClinicError ``check_…``, with the path of the field where there is one."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise ClinicError("check_empty")
    try:
        # some editors put a byte order mark before UTF-8
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ClinicError("check_not_utf8") from error
    try:
        return msgspec.convert(_json(text), VisitForm, builtin_types=(Decimal,))
    except msgspec.ValidationError as error:
        _refuse(str(error))
    except UnicodeEncodeError as error:  # half a character, where no pattern looks at the text
        raise ClinicError("check_no_text_somewhere") from error


def _json(text: str) -> object:
    """The JSON value with every number as a Decimal; NaN and Infinity too, so that the field can be named."""
    try:
        return json.loads(
            text, parse_int=_number, parse_float=_number, parse_constant=Decimal, object_pairs_hook=_without_twins
        )
    except json.JSONDecodeError as error:
        raise ClinicError("check_not_json", line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise ClinicError("check_too_deep") from error


def _number(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:  # an exponent that no number needs
        return Decimal("Infinity")


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Of two values for one key a reader would take the one, the next reader the other."""
    values: dict[str, object] = {}
    for key, value in pairs:
        if any("\ud800" <= each <= "\udfff" for each in key):  # half a character, which msgspec cannot read
            raise ClinicError("check_no_text", key=shown(key))
        if key in values:
            raise ClinicError("check_key_twice", key=shown(key))
        values[key] = value
    return values


def _refuse(message: str) -> NoReturn:
    """msgspec's message as one sentence with the field's name."""
    found = re.fullmatch(r"(?P<what>.*?)(?: - at `\$\.?(?P<path>(?:\.?\w+|\[\d+\])*)`)?", message, re.DOTALL)
    what, path = (found["what"], found["path"] or "") if found is not None else (message, "")
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", what, re.DOTALL):
        form = _FORMS[re.sub(r"\d+", "", path)]
        keys = ", ".join(field.name for field in msgspec.structs.fields(form))
        key = shown(f"{path}.{unknown[1]}" if path else unknown[1])
        raise ClinicError("check_key_unknown", field=key, key=key, known=keys)
    if missing := re.fullmatch(r"Object missing required field `(.*)`", what):
        key = f"{path}.{missing[1]}" if path else missing[1]
        raise ClinicError("check_key_missing", field=key, key=key)
    if wrong := re.fullmatch(r"Expected `(\w+)[^`]*`, got `(\w+)`", what):
        wanted, got = (_TYPES.get(name, name) for name in wrong.groups())
        if not path:
            raise ClinicError("check_not_object", got=got)
        raise ClinicError("check_wrong_type", field=path, key=path, wanted=wanted, got=got)
    if longer := re.fullmatch(r"Expected `(\w+)` of length <= (\d+)", what):
        code = "check_list_too_long" if longer[1] == "array" else "check_text_too_long"
        raise ClinicError(code, field=path, key=path, limit=longer[2])
    # what is left is the pattern of text
    raise ClinicError("check_no_text", field=path, key=path)
