"""Looks into the JSON of somebody else without trusting it: every wrong type is told and counts as absent."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from unicodedata import normalize

from clinic_app.exchange.fhir.read_facts import Reason
from clinic_app.exchange.fhir.values import plain_text
from clinic_app.partial_dates import PartialDate

_DATE = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:T.*)?", re.ASCII | re.DOTALL)
_MOST_TOLD = 20
"""Remarks on one resource: who made that many mistakes made others."""
#: What a resource may have that says nothing to a record, or that is looked at in its own way.
_ALWAYS = frozenset(
    {
        "resourceType", "id", "meta", "text", "language", "contained", "extension", "subject", "patient", "status",
        "clinicalStatus", "verificationStatus", "category", "managingOrganization", "multipleBirthBoolean",
    }
)  # fmt: skip


class Element:
    """A JSON object of a resource. What was looked at is remembered, so that the rest can be told."""

    def __init__(self, content: dict[str, object], place: str, told: list[Reason]) -> None:
        self._content = content
        self._place = place
        self._told = told
        self._seen: set[str] = set()

    def anew(self, told: list[Reason]) -> "Element":
        """The same, as if nobody had looked at it, what is to be told of it in a list of its own."""
        return Element(self._content, "", told)

    def tell(self, code: str, name: str = "", said: str = "") -> None:
        """Remember what to say of an element."""
        if len(self._told) < _MOST_TOLD:
            self._told.append(Reason(code, self._at(name), said))

    def has(self, name: str) -> bool:
        """Whether the element is there at all."""
        return name in self._content

    def text(self, name: str) -> str:
        """A text without what no text of a record has; empty where there is none."""
        value = self._take(name)
        if value is None or isinstance(value, str):
            return _clean(value or "")
        self._wrong(name)
        return ""

    def flag(self, name: str) -> bool | None:
        """True or false, or None where it is not said."""
        value = self._take(name)
        if value is None or isinstance(value, bool):
            return value
        self._wrong(name)
        return None

    def number(self, name: str) -> Decimal | None:
        """A finite number."""
        value = self._take(name)
        if isinstance(value, Decimal) and value.is_finite():
            return value
        if value is not None:
            self._wrong(name)
        return None

    def part(self, name: str) -> "Element":
        """What is inside; an empty one where there is nothing."""
        value = self._take(name)
        if value is not None and not isinstance(value, dict):
            self._wrong(name)
        return Element(value if isinstance(value, dict) else {}, self._at(name), self._told)

    def parts(self, name: str) -> list["Element"]:
        """The objects of a list. A single one that is in no list counts as one: that is a frequent mistake."""
        value = self._take(name)
        parts = value if isinstance(value, list) else [] if value is None else [value]
        if any(part is not None and not isinstance(part, dict) for part in parts):
            self._wrong(name)
        return [Element(part, self._at(name), self._told) for part in parts if isinstance(part, dict)]

    def texts(self, name: str) -> list[str]:
        """The texts of a list that say something."""
        value = self._take(name)
        parts = value if isinstance(value, list) else [] if value is None else [value]
        if any(part is not None and not isinstance(part, str) for part in parts):
            self._wrong(name)
        found = (_clean(part) for part in parts if isinstance(part, str))
        return [each for each in found if each]

    def partial_date(self, name: str) -> PartialDate | None:
        """A day, month or year; of a moment its day. One that the calendar does not have is told."""
        written = self.text(name)
        if not written:
            return None
        found = _DATE.fullmatch(written)
        try:
            return PartialDate.read(found[1] if found is not None else written)
        except ValueError:
            self.tell("no_date", name, written)
            return None

    def whole_day(self, name: str) -> date | None:
        """A day that is known exactly; None for a month or a year."""
        found = self.partial_date(name)
        return found.earliest if found is not None and found.day else None

    def codings(self) -> Iterator[tuple[str, str, str]]:
        """System, code and display of each coding, for a concept."""
        for each in self.parts("coding"):
            yield each.text("system"), each.text("code"), each.text("display")

    def words(self) -> str:
        """What a concept is called: its text, or else a display, or else a code."""
        text = self.text("text")
        if text:
            return text
        coded = list(self.codings())
        return next((display for _, _, display in coded if display), next((code for _, code, _ in coded if code), ""))

    def codes(self, system: str) -> list[str]:
        """The codes of one system, for a concept."""
        return [code for found, code, _ in self.codings() if found == system and code]

    def tell_the_rest(self, known_extensions: frozenset[str] = frozenset()) -> None:
        """Say which elements nobody looked at, and that there were extensions that nobody knows."""
        rest = sorted(name for name in self._content.keys() - self._seen - _ALWAYS if not name.startswith("_"))
        if _extended(self._content, known_extensions):
            self.tell("extensions", "extension")
        if rest:
            self.tell("not_taken_over", said=", ".join(rest))

    def must_be_understood(self) -> bool:
        """Whether it changes its own meaning in a way that only its authors know: then nothing of it can be trusted."""
        return bool(self._take("modifierExtension") or self._take("implicitRules"))

    def _take(self, name: str) -> object:
        self._seen.add(name)
        return self._content.get(name)

    def _wrong(self, name: str) -> None:
        self.tell("wrong_type", name)

    def _at(self, name: str) -> str:
        return ".".join(filter(None, (self._place, name)))


def _clean(text: str) -> str:
    """As the record keeps texts: composed, so that it is not longer there than it was here."""
    return normalize("NFC", plain_text(text))


def _extended(content: object, known: frozenset[str]) -> bool:
    """Whether there is an extension anywhere inside that is not ``known``. Without recursion: it may be deep."""
    waiting = [content]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            for name, value in part.items():
                if name.startswith("_"):
                    return True
                if name == "extension":
                    among = value if isinstance(value, list) else [value]
                    if any(not isinstance(each, dict) or each.get("url") not in known for each in among):
                        return True
                waiting.append(value)
        elif isinstance(part, list):
            waiting += part
    return False
