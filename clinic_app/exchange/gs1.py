"""What the square code (GS1 DataMatrix) or the bar code (GS1-128) on a medicine package says.

Scanners type like a keyboard and into any field. Between fields stands a sign that no keyboard has (FNC1); each
scanner makes something else of it, and many leave it out. Whatever arrives becomes a ``ScannedPackage`` or one
sentence.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from clinic_app.errors import ClinicError

_SEPARATOR = "\x1d"
_LONGEST = 400
_SHORTEST_LOT = 4  # only to choose between readings: shorter lot numbers exist, but are rarely what was meant

# The 82 characters that a lot or serial number may hold (GS1 General Specifications, figure 7.11-1). Anything else
# inside a scan is what the scanner made of FNC1.
_NOT_GS1 = re.compile(r"[^A-Za-z0-9!\"%&'()*+,\-./:;<=>?_\s]")
_SPELLED_OUT = re.compile(r"[<{\[(](?:GS|FNC1)[>}\])]|\\x1d|\\u001d|\^\]", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x1c-\x1f]")
_SPACES = re.compile(r"[^\S\x1c-\x1f]+")
_AROUND = " \t\r\n\v\f\x00\x02\x03\x04"

# "]d2" and its like say how the code is printed; some keyboards turn the bracket into another sign.
_PRINTED_AS = re.compile(r"\][A-Za-z][0-9A-Za-z]|[^0-9A-Za-z(]?[A-Za-z][0-9](?=\W?(?:01\d{14}|\(01\)))")
_CAPITALS_LOCKED = re.compile(r"\][Dq][0-9]|\]c1")
_IN_BRACKETS = re.compile(r"\(\s*\d{2,4}\s*\)")
_LIKE_GS1 = re.compile(r"(?:01|10|11|17|21)\d{6}")

_FIXED = {"01": 14, "11": 6, "15": 6, "17": 6}  # digits after the identifier
_VARIABLE = {"10": 20, "21": 20}  # at most so many characters


@dataclass(frozen=True, slots=True)
class ScannedPackage:
    """GTIN (14 digits), lot, expiry and serial number of a package.

    ``other_readings`` are what the same scan can mean where the scanner left out the signs between the fields: then
    lot and serial must be compared with the print.
    """

    gtin: str
    lot: str
    expires_on: date | None = None
    serial: str = ""
    other_readings: tuple["ScannedPackage", ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether all four fields are there, as on every prescription package in the US and the EU."""
        return bool(self.gtin and self.lot and self.expires_on and self.serial)


def read_package(text: str) -> ScannedPackage:
    """What a scanned or typed code says of the package. Raises ClinicError for everything that is no such code."""
    code, announced = _without_wrapping(text)
    if not code:
        raise ClinicError("scan_empty", field="scan")
    if code.isdecimal() and len(code) in (8, 12, 13, 14) and not announced:
        # The bar code of the shop counter: a shampoo has one as well.
        raise ClinicError("scan_article_only" if _check_digit_fits(code) else "scan_check_digit", field="scan")
    readings = _readings(code)
    if not readings:
        known = announced or _IN_BRACKETS.match(code) is not None or _LIKE_GS1.match(code) is not None
        raise ClinicError("scan_broken_off" if known else "scan_not_a_package", field="scan")
    usable = [each for each in readings if each.gtin and each.lot]
    if not usable:
        raise ClinicError("scan_without_lot" if readings[0].gtin else "scan_without_product", field="scan")
    usable = [each for each in usable if _check_digit_fits(each.gtin)]
    if not usable:
        raise ClinicError("scan_check_digit", field="scan")
    if code.count(f"01{usable[0].gtin}") > 1:
        raise ClinicError("scan_twice", field="scan")
    first = next((each for each in usable if each.is_complete and len(each.lot) >= _SHORTEST_LOT), usable[0])
    return replace(first, other_readings=tuple(each for each in usable if each != first))


def read_gtin(text: str) -> str:
    """A GTIN of 8, 12, 13 or 14 digits as its 14 digits. Raises ClinicError where a digit is missing or wrong."""
    digits = _SPACES.sub("", text)
    fits = re.fullmatch(r"(?:\d{8}|\d{12,14})", digits, re.ASCII) is not None and _check_digit_fits(digits)
    if not fits:
        raise ClinicError("scan_check_digit", field="gtin")
    return digits.zfill(14)


def _without_wrapping(text: str) -> tuple[str, bool]:
    """The code with one kind of separator and without prefix, and whether a prefix said that it is GS1."""
    if len(text) > _LONGEST:
        raise ClinicError("scan_not_a_package", field="scan")
    code = unicodedata.normalize("NFKC", text).strip(_AROUND)
    if _CAPITALS_LOCKED.match(code) is not None:
        code = code.swapcase()
    prefix = _PRINTED_AS.match(code)
    announced = prefix is not None and prefix[0][-2:] in ("d2", "C1", "Q3", "e0")
    code = code[prefix.end() :] if prefix is not None else code
    code = _SPELLED_OUT.sub(_SEPARATOR, code)
    code = _CONTROLS.sub(_SEPARATOR, _NOT_GS1.sub(_SEPARATOR, code))
    return code.strip(_AROUND + _SEPARATOR), announced


def _readings(code: str) -> list[ScannedPackage]:
    """Every way to read the code, the way of the standard first; none where it is no GS1 code."""
    if _IN_BRACKETS.match(code) is not None:
        return _read_elements(_bracketed(code))
    # A person types spaces between the fields, or within them.
    for candidate in dict.fromkeys((_SPACES.sub(_SEPARATOR, code), _SPACES.sub("", code))):
        found = _read_elements(_by_standard(candidate))
        if _SEPARATOR not in candidate:
            found += [each for split in _splits(candidate) for each in _read_elements(split) if each not in found]
        if found:
            return list(dict.fromkeys(found))
    return []


def _bracketed(code: str) -> list[str]:
    pieces = re.findall(r"\((\d{2,4})\)([^(]*)", _SPACES.sub("", code.replace(_SEPARATOR, "")))
    return [identifier + value for identifier, value in pieces]


def _by_standard(code: str) -> list[str]:
    """The elements as the standard separates them; none where one is unknown or broken."""
    from biip import ParseError
    from biip.gs1_messages import GS1Message

    try:
        message = GS1Message.parse(code)
    except (ParseError, ValueError):
        return []
    return [f"{element.ai.ai}{element.value}" for element in message.element_strings]


def _splits(code: str, taken: frozenset[str] = frozenset()) -> Iterator[list[str]]:
    """Every way to cut the code into product, dates, lot and serial, each at most once."""
    identifier = code[:2]
    if identifier in taken:
        return
    if identifier in _FIXED:
        ends = [2 + _FIXED[identifier]]
    elif identifier in _VARIABLE:
        ends = list(range(3, min(len(code), 2 + _VARIABLE[identifier]) + 1))
    else:
        return
    for end in ends:
        if end == len(code):
            yield [code]
        elif end < len(code):
            for rest in _splits(code[end:], taken | {identifier}):
                yield [code[:end], *rest]


def _read_elements(elements: list[str]) -> list[ScannedPackage]:
    """The package that the elements describe, as a list of one; empty where one of them cannot be."""
    from biip import ParseError
    from biip.gs1_element_strings import GS1ElementString

    if not elements:
        return []
    values: dict[str, str] = {}
    expires_on = None
    for text in elements:
        try:
            element = GS1ElementString.parse(text)
        except (ParseError, ValueError):
            return []
        if values.setdefault(element.ai.ai, element.value) != element.value:
            return []  # two lots on one package: two packages were scanned into one field
        if element.ai.ai == "17":
            expires_on = element.date
    return [ScannedPackage(values.get("01", ""), values.get("10", ""), expires_on, values.get("21", ""))]


def _check_digit_fits(digits: str) -> bool:
    from biip.checksums import gs1_standard_check_digit

    return gs1_standard_check_digit(digits[:-1]) == int(digits[-1])
