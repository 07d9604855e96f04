"""A billing code as one line of a claim, and the short text that the record keeps and a person edits."""

import re
from dataclasses import dataclass

from clinic_app.errors import ClinicError
from clinic_app.reference.catalogue import Reference

#: 64616 (five digits), 0042T (four and a letter), J0585 (a letter and four).
_CODE = re.compile(
    r"(?P<code>[0-9]{5}|[0-9]{4}[A-Z]|[A-Z][0-9]{4})"
    r"(?P<modifiers>(?:-[A-Z0-9]{2})*)"
    r"(?:\s*[×X*]\s*(?P<units>[1-9][0-9]{0,5}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line: a code with its modifiers and how often it counts.

    ``units`` are billing units of a drug or the times of a procedure. ``meaning`` is in our own words
    (codes.yaml), ``because`` what in the chart asks for it; both are empty on a line read back from text.
    """

    code: str
    modifiers: tuple[str, ...] = ()
    units: int = 1
    meaning: str = ""
    because: str = ""

    @property
    def text(self) -> str:
        """The line as the record keeps it: "64616-50", "64643 ×2", "J0585 ×155", "J0585-JW ×1".

        A procedure done once goes without its number; a drug, whose code begins with a letter, never does.
        """
        code = "-".join((self.code, *self.modifiers))
        return f"{code} ×{self.units}" if self.units != 1 or self.code[0].isalpha() else code


def parse_code(text: str) -> CodeLine:
    """The line that ``text`` means; small letters, and x or * for ×, are read as well.

    Raises ClinicError ``code_unreadable`` with what was ``typed``.
    """
    found = _CODE.fullmatch(text.strip().upper())
    if found is None:
        raise ClinicError("code_unreadable", field="codes", typed=text.strip())
    return CodeLine(found["code"], tuple(found["modifiers"].split("-")[1:]), int(found["units"] or 1))


def with_modifiers(meaning: str, modifiers: tuple[str, ...], reference: Reference) -> str:
    """The meaning of a code followed by those of its modifiers (codes.yaml)."""
    known = {modifier.code: modifier.meaning for modifier in reference.codes.modifiers}
    return "; ".join((meaning, *(known[each] for each in modifiers)))
