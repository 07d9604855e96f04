"""The small parts of a resource: ids, codes, texts, numbers, moments. R4 is release 4.0.1 of HL7 FHIR."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from unicodedata import category
from uuid import UUID, uuid5

Json = dict[str, object]
"""A resource, or a part of one, as its JSON says it."""

ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
CPT = "http://www.ama-assn.org/go/cpt"
FMA = "urn:oid:2.16.840.1.113883.6.119"
"""The Foundational Model of Anatomy."""
GTIN = "https://www.gs1.org/gtin"
UCUM = "http://unitsofmeasure.org"
HL7 = "http://terminology.hl7.org/CodeSystem/"
ALLERGY_ENDED = "http://hl7.org/fhir/StructureDefinition/allergyintolerance-abatement"

_SPACE = UUID("7c54accd-0e4d-55a6-b193-e026a155a2b1")
"""The root of every id that is worked out here. Changing it would make every exported thing another one."""
REFERENCE = f"urn:uuid:{uuid5(_SPACE, 'reference')}"
"""The program's own reference as a code system: codes are ``kind.id``, such as "product.onabotulinumtoxinA"."""

_DIAGNOSIS = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?", re.ASCII)
_KEPT = " \r\n\t"


class Ids:
    """The ids of one clinic's things: the same thing has the same id in every bundle."""

    def __init__(self, identity: str) -> None:
        self._space = uuid5(_SPACE, identity)
        self.record_numbers = f"urn:uuid:{uuid5(self._space, 'record numbers')}"
        """The system of the clinic's record numbers."""

    def of(self, kind: str, number: int | str) -> str:
        """The id of what the record has under ``number``."""
        return str(uuid5(self._space, f"{kind}/{number}"))

    def reference(self, kind: str, number: int | str) -> Json:
        """A reference to it, as it stands in the same bundle."""
        return {"reference": f"urn:uuid:{self.of(kind, number)}"}


def coding(system: str, code: str) -> Json:
    """One code of a code system."""
    return {"system": system, "code": code}


def concept(text: str, *codings: Json) -> Json:
    """What people call it, always, with the codes that mean the very same."""
    return {"coding": list(codings), "text": text}


def own(kind: str, identifier: str) -> Json:
    """The code of an entry of the program's own reference."""
    return coding(REFERENCE, f"{kind}.{identifier}")


def diagnosis_codings(icd10cm: str) -> tuple[Json, ...]:
    """The ICD-10-CM code of the patient's record; none where it is not of that form."""
    return (coding(ICD_10_CM, icd10cm),) if is_diagnosis(icd10cm) else ()


def is_diagnosis(text: str) -> bool:
    """Whether a text has the form of an ICD-10-CM code."""
    return _DIAGNOSIS.fullmatch(text) is not None


def number(value: Decimal | int) -> int | float:
    """A quantity as JSON writes it. Thousandths of any size that the record holds come through exactly."""
    return int(value) if value == int(value) else float(value)


def quantity(value: Decimal | int, unit: str, ucum: str = "") -> Json:
    """A number with its unit, and its UCUM code where it has one."""
    coded = {"system": UCUM, "code": ucum} if ucum else {}
    return {"value": number(value), "unit": unit, **coded}


def instant(at: datetime) -> str:
    """A moment with its zone, to the second; UTC as it is."""
    return at.isoformat(timespec="seconds")


def utc(at: datetime) -> str:
    """The same in UTC."""
    return instant(at.astimezone(UTC))


def day(when: date | None) -> str | None:
    """A whole day."""
    return None if when is None else when.isoformat()


def resource(kind: str, identifier: str, content: Mapping[str, object]) -> Json:
    """A resource without what nothing is known of: FHIR has no empty text, list or object."""
    return {"resourceType": kind, "id": identifier, **_filled(content)}


def _filled(content: Mapping[str, object]) -> Json:
    filled = {name: _value(value) for name, value in content.items()}
    return {name: value for name, value in filled.items() if not _empty(value)}


def _value(value: object) -> object:
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, Mapping):
        return _filled(value)
    if isinstance(value, list | tuple):
        return [each for each in map(_value, value) if not _empty(each)]
    return value


def _empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def plain_text(text: str) -> str:
    """The text as FHIR's ``string`` allows it: no control characters, and no blank that is none of the plain ones."""
    return (text if text.isprintable() else "".join(map(_character, text))).strip()


def _character(each: str) -> str:
    if each.isspace():
        return each if each in _KEPT else " "
    return "" if category(each) in ("Cc", "Cs") else each
