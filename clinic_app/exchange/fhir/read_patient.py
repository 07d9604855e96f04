"""A Patient of somebody else's bundle."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from clinic_app.exchange.fhir.elements import Element
from clinic_app.exchange.fhir.read_facts import ReadPatient, Reason
from clinic_app.terms import PatientStatus, Sex

OLDEST_BIRTH_DATE = date(1890, 1, 1)
"""Nobody who was born earlier is a patient."""
_GONE = frozenset({"old", "maiden", "temp", "nickname", "anonymous"})
_BEST_NAMES = ("official", "usual", "")
_LENGTHS = {
    "record_number": 64,
    "phone": 100,
    "email": 200,
    "address": 1000,
    "emergency_contact": 500,
    "language": 64,
    "referring_doctor": 300,
}
_LONGEST_NAME = 300


def read_patient(number: int, element: Element, told: list[Reason], today: date) -> ReadPatient:
    """The person, with the reasons for which they cannot become a patient. ``today`` tells what is in the future."""
    refused: list[Reason] = []
    if element.must_be_understood():
        refused.append(Reason("must_be_understood"))
    family, given = _name(element, refused)
    birth_date = _birth_date(element, refused, today)
    status, died_on = _death(element, refused, birth_date, today)
    if status is PatientStatus.ACTIVE and element.flag("active") is False:
        status = PatientStatus.MOVED_AWAY
        element.tell("not_active", "active")
    patient = ReadPatient(
        number=number,
        record_number=_record_number(element),
        family_name=family,
        given_name=given,
        birth_date=birth_date,
        sex=_sex(element),
        phone=_reached_by(element, "phone"),
        email=_reached_by(element, "email"),
        address=_address(element),
        emergency_contact=_contact(element),
        language=_language(element),
        referring_doctor=_doctor(element),
        status=status,
        died_on=died_on,
    )
    for name, length in _LENGTHS.items():
        if len(getattr(patient, name)) > length:
            element.tell("too_long", name)
            patient = replace(patient, **{name: ""})  # type: ignore[arg-type]  # the names above are all texts
    element.tell_the_rest()
    return replace(patient, refused=tuple(refused), remarks=tuple(told))


def _name(element: Element, refused: list[Reason]) -> tuple[str, str]:
    names = [(each, each.text("use")) for each in element.parts("name")]
    names = [(each, use) for each, use in names if use not in _GONE]
    names.sort(key=lambda each: _BEST_NAMES.index(each[1]) if each[1] in _BEST_NAMES else len(_BEST_NAMES))
    for name, _ in names:
        family, given = name.text("family"), " ".join(name.texts("given"))
        whole = name.text("text")
        if not family and whole:
            # Which part is the family's name differs from country to country: a person looks.
            name.tell("name_in_one", "text", whole)
            family, given = whole, ""
        if len(family) > _LONGEST_NAME or len(given) > _LONGEST_NAME:
            refused.append(Reason("name_too_long", "name"))
            return "", ""
        if family:
            return family, given
    refused.append(Reason("no_name", "name"))
    return "", ""


def _birth_date(element: Element, refused: list[Reason], today: date) -> date | None:
    written = element.text("birthDate")
    day = element.whole_day("birthDate")
    if day is None:
        refused.append(Reason("birth_date_not_whole" if written else "no_birth_date", "birthDate", written))
    elif not OLDEST_BIRTH_DATE <= day <= today:
        refused.append(Reason("birth_date_impossible", "birthDate", written))
    return day


def _death(
    element: Element, refused: list[Reason], birth_date: date | None, today: date
) -> tuple[PatientStatus, date | None]:
    died = element.flag("deceasedBoolean")
    written = element.text("deceasedDateTime")
    day = element.whole_day("deceasedDateTime")
    if day is not None:
        if day > today or (birth_date is not None and day < birth_date):
            refused.append(Reason("death_impossible", "deceasedDateTime", written))
        return PatientStatus.DIED, day
    if written or died:
        refused.append(Reason("death_not_whole", "deceasedDateTime", written))
        return PatientStatus.DIED, None
    return PatientStatus.ACTIVE, None


def _record_number(element: Element) -> str:
    """The number that says it is one, or else the first that anybody gave."""
    found = [
        ("MR" in (code for _, code, _ in each.part("type").codings()), each.text("value"))
        for each in element.parts("identifier")
        if each.text("use") != "old"
    ]
    numbers = [value for _, value in sorted(found, key=lambda each: not each[0]) if value]
    if len(numbers) > 1:
        element.tell("more_of_them", "identifier", ", ".join(numbers[1:]))
    return next(iter(numbers), "")


def _sex(element: Element) -> Sex:
    written = element.text("gender")
    if written and written not in {each.value for each in Sex}:
        element.tell("unknown_code", "gender", written)
        return Sex.UNKNOWN
    return Sex(written) if written else Sex.UNKNOWN


def _reached_by(element: Element, system: str) -> str:
    ways = [
        each.text("value")
        for each in element.parts("telecom")
        if each.text("system") == system and each.text("use") != "old"
    ]
    return _first(element, "telecom", filter(None, ways))


def _address(element: Element) -> str:
    return _first(element, "address", (_written(e) for e in element.parts("address") if e.text("use") != "old"))


def _written(address: Element) -> str:
    whole = address.text("text")
    if whole:
        return whole
    town = " ".join(filter(None, (address.text("city"), address.text("state"), address.text("postalCode"))))
    return "\n".join(filter(None, (*address.texts("line"), town, address.text("country"))))


def _contact(element: Element) -> str:
    return _first(element, "contact", map(_reached, element.parts("contact")))


def _reached(contact: Element) -> str:
    name = contact.part("name")
    called = name.text("text") or " ".join(filter(None, (*name.texts("given"), name.text("family"))))
    numbers = (each.text("value") for each in contact.parts("telecom"))
    return ", ".join(filter(None, (called, *numbers)))


def _language(element: Element) -> str:
    spoken = element.parts("communication")
    spoken.sort(key=lambda each: each.flag("preferred") is not True)
    return _first(element, "communication", (each.part("language").words() for each in spoken))


def _doctor(element: Element) -> str:
    return _first(element, "generalPractitioner", (e.text("display") for e in element.parts("generalPractitioner")))


def _first(element: Element, name: str, texts: Iterable[str]) -> str:
    """The record has room for one; the others are told."""
    found = [each for each in texts if each]
    if len(found) > 1:
        element.tell("more_of_them", name, ", ".join(found[1:]))
    return next(iter(found), "")
