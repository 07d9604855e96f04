"""Whose row it is: by record number, or by names and birth date; never a guess between two people."""

from clinic_app.services.importing.on_record import KnownPatient, OnRecord
from clinic_app.services.importing.sheet import Row
from clinic_app.typed_text import fold


def names_in(row: Row) -> tuple[str, str]:
    """Family and given name: each in its column, or both in one as "Okafor, Ada"."""
    family, given, both = row.text("family_name", 300), row.text("given_name", 300), row.text("name", 600)
    if family or not both:
        return family, given
    family, comma, rest = both.partition(",")
    if not comma:
        row.refuse("name", "name_without_comma", typed=both[:60])
    return family.strip(), given or rest.strip()


def patient_of(row: Row, record: OnRecord) -> KnownPatient | None:
    """The patient on record whose treatment the row is about.

    None, and the row is refused, where nobody or more than one fits, or where the record is closed to whoever looks.
    """
    found = person_of(row, record)
    if found is not None and found.row.id in record.closed:
        row.refuse("", "record_closed", name=found.row.name)
        return None
    return found


def person_of(row: Row, record: OnRecord) -> KnownPatient | None:
    """The patient on record; None, and the row is refused, where nobody or more than one fits."""
    number, birth_date = row.text("record_number", 64), row.day("birth_date")
    family, given = names_in(row)
    if number:
        found = record.numbered(number)
        if found is None:
            row.refuse("record_number", "patient_unknown_number", number=number)
            return None
        if birth_date is not None and birth_date != found.row.birth_date:
            row.refuse("birth_date", "patient_other_birth_date", number=number, birth_date=found.row.birth_date)
        if family and not same_name(fold(family), fold(given), found):
            row.refuse("family_name" if row.sheet.has("family_name") else "name", "patient_other_name", number=number)
        return None if row.refused else found
    if not family or birth_date is None:
        if not row.refused:
            row.refuse("record_number", "patient_not_named")
        return None
    fitting = [each for each in record.born_on[birth_date] if same_name(fold(family), fold(given), each)]
    if len(fitting) != 1:
        code = "patient_twice" if fitting else "patient_unknown"
        row.refuse("family_name", code, name=f"{given} {family}".strip(), birth_date=birth_date)
        return None
    return fitting[0]


def same_name(family: str, given: str, known: KnownPatient) -> bool:
    """Whether folded names fit: the family name whole, of the given names as many as both sides tell."""
    known_family, known_given = known.names
    if family != known_family:
        return False
    ours, theirs = given.split(), known_given.split()
    return all(
        one == other or one.startswith(other) or other.startswith(one) for one, other in zip(ours, theirs, strict=False)
    )
