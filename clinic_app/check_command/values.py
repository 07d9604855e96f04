"""What a single number, day, moment or id of the form may be. Every refusal names the field by its path."""

import re
from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from clinic_app.check_command.shown import shown
from clinic_app.errors import ClinicError

#: As in the window: more units than any vial holds, and mL alike.
MOST_UNITS = Decimal(100000)
#: As in the patient's record.
LEAST_KG, MOST_KG = Decimal(1), Decimal(400)
MOST_YEARS = Decimal(130)
#: Places in one muscle and side that somebody may want to note.
MOST_POINTS = Decimal(200)

_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_THOUSANDTH = Decimal("0.001")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def quantity(value: Decimal, path: str, *, zero: bool = False, most: Decimal = MOST_UNITS) -> Decimal:
    """Units, mL or kg: above zero (or zero where ``zero`` says so), at most ``most``, with at most three decimals.

    Raises ClinicError.
    """
    if not value.is_finite():
        raise ClinicError("check_wrong_type", field=path, key=path, wanted="a number", got=_name(value))
    if value < 0 or (value == 0 and not zero):
        code = "check_below_zero" if zero else "check_not_above_zero"
        raise ClinicError(code, field=path, key=path)
    if value > most:
        raise ClinicError("check_too_much", field=path, key=path, most=most)
    if value != value.quantize(_THOUSANDTH):
        raise ClinicError("check_decimals", field=path, key=path)
    return value


def weight(value: Decimal | None, path: str) -> Decimal | None:
    """Kilograms, as the patient's record takes them. Raises ClinicError."""
    if value is None:
        return None
    kilograms = quantity(value, path, most=MOST_KG)
    if kilograms < LEAST_KG:
        raise ClinicError("check_out_of_range", field=path, key=path, least=LEAST_KG, most=MOST_KG)
    return kilograms


def whole(value: Decimal, path: str, most: Decimal) -> int:
    """A whole number from 0 to ``most``. Raises ClinicError."""
    if not value.is_finite() or not 0 <= value <= most or value != value.to_integral_value():
        raise ClinicError("check_not_whole", field=path, key=path, most=most)
    return int(value)


def day(text: str, path: str) -> date:
    """A day of the calendar. Raises ClinicError."""
    try:
        if _DAY.fullmatch(text) is None:
            raise ValueError(text)
        read = date.fromisoformat(text)
    except ValueError as error:
        raise ClinicError("check_no_day", field=path, key=path) from error
    if not _FIRST_DAY <= read <= _LAST_DAY:
        raise ClinicError("check_no_day", field=path, key=path)
    return read


def moment(text: str, path: str) -> datetime:
    """A day with its time, with or without the distance from UTC. Raises ClinicError."""
    try:
        if _MOMENT.fullmatch(text) is None:
            raise ValueError(text)
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise ClinicError("check_no_moment", field=path, key=path) from error
    if not _FIRST_DAY <= read.date() <= _LAST_DAY:
        raise ClinicError("check_no_moment", field=path, key=path)
    return read


def one_of(text: str, path: str, choices: Collection[str]) -> str:
    """One of a few words. Raises ClinicError that says them all."""
    if text not in choices:
        raise ClinicError("check_not_one_of", field=path, key=path, value=shown(text), choices=", ".join(choices))
    return text


def known(text: str, path: str, ids: Collection[str], file: str) -> str:
    """An id of the reference. Raises ClinicError that names the ``file`` with all of them."""
    if text not in ids:
        raise ClinicError("check_id_unknown", field=path, key=path, value=shown(text), file=file)
    return text


def component(text: str, path: str, sided: dict[str, bool | None]) -> tuple[str, str]:
    """A component and its side, "torticollis_right" as ("torticollis", "right"). Raises ClinicError.

    ``sided`` says which components have a side; None where the reference does not say, and both are read.
    """
    bare, _, side = text.rpartition("_")
    if side in ("left", "right") and bare in sided:
        if sided[bare] is False:
            raise ClinicError("check_component_unsided", field=path, key=path, value=bare)
        return bare, side
    known(text, path, sided, "indications.yaml")
    if sided[text]:
        raise ClinicError("check_component_sided", field=path, key=path, value=text)
    return text, ""


def _name(value: Decimal) -> str:
    return "NaN" if value.is_nan() else "Infinity"
