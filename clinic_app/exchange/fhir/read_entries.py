"""Condition, AllergyIntolerance and MedicationStatement of somebody else's bundle."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clinic_app.exchange.fhir.elements import Element
from clinic_app.exchange.fhir.people import DIAGNOSIS, ELSEWHERE
from clinic_app.exchange.fhir.read_facts import ReadDiagnosis, ReadElsewhere, ReadEntry, Reason
from clinic_app.exchange.fhir.values import ALLERGY_ENDED, ICD_10_CM, REFERENCE, is_diagnosis
from clinic_app.partial_dates import PartialDate
from clinic_app.reference.catalogue import Reference
from clinic_app.terms import EntryKind

KINDS = ("Condition", "AllergyIntolerance", "MedicationStatement")
Line = ReadEntry | ReadDiagnosis | ReadElsewhere
_LONGEST = 1000
_NEVER_TRUE = frozenset({"entered-in-error", "refuted"})
_OVER = frozenset({"inactive", "resolved", "remission", "completed", "stopped"})
_NOT_TAKEN = frozenset({"entered-in-error", "intended", "not-taken", "on-hold"})
_MOST_UNITS = Decimal(1_000_000)


class Refused(Exception):
    """The entry cannot become a line of the record, for this ``reason``."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Lines:
    """Reads one entry after the other; ``medications`` are those to which a MedicationStatement may refer."""

    reference: Reference
    today: date
    medications: dict[str, Element]

    def read(self, kind: str, element: Element, birth_date: date) -> Line:
        """The line of a patient who was born on that day. Raises Refused with the reason."""
        if element.must_be_understood():
            raise Refused(Reason("must_be_understood"))
        readers = {
            "Condition": self._condition,
            "AllergyIntolerance": self._allergy,
            "MedicationStatement": self._medicine,
        }
        line = _possible(readers[kind](element), birth_date, self.today, element)
        element.tell_the_rest(frozenset({ALLERGY_ENDED}))
        return line

    def _condition(self, element: Element) -> Line:
        if element.part("verificationStatus").words() in _NEVER_TRUE:
            raise Refused(Reason("not_true", "verificationStatus"))
        code = element.part("code")
        icd10cm = next(filter(is_diagnosis, code.codes(ICD_10_CM)), "")
        since, until = element.partial_date("onsetDateTime"), element.partial_date("abatementDateTime")
        indication = _own(code, "indication") or self._indication(icd10cm)
        if until is None and not self._is_over(element):
            ours = any(_own(each, "category") == DIAGNOSIS for each in element.parts("category"))
            if indication in self.reference.indications or (ours and (indication or icd10cm)):
                return ReadDiagnosis(indication, icd10cm, since)
        self._refuse_over_without_day(element, until)
        said = [each.text("text") for each in element.parts("note")]
        detail = "\n".join(filter(None, (*said, icd10cm)))
        return _line(EntryKind.CONDITION, code, detail, since, until)

    def _indication(self, icd10cm: str) -> str:
        """The one indication that has this code; empty where there is none or more than one."""
        found = [
            each.id for each in self.reference.indications.values() if icd10cm in (code.code for code in each.icd10cm)
        ]
        return found[0] if icd10cm and len(found) == 1 else ""

    def _allergy(self, element: Element) -> Line:
        if element.part("verificationStatus").words() in _NEVER_TRUE:
            raise Refused(Reason("not_true", "verificationStatus"))
        ended = [each.partial_date("valueDateTime") for each in element.parts("extension") if _tells_end(each)]
        until = next(iter(ended), None)
        self._refuse_over_without_day(element, until)
        seen = [
            manifestation.words()
            for reaction in element.parts("reaction")
            for manifestation in reaction.parts("manifestation")
        ]
        detail = ", ".join(filter(None, seen))
        return _line(EntryKind.ALLERGY, element.part("code"), detail, element.partial_date("onsetDateTime"), until)

    def _medicine(self, element: Element) -> Line:
        status = element.text("status")
        if status in _NOT_TAKEN:
            raise Refused(Reason("not_taken", "status", status))
        what = element.part("medicationCodeableConcept")
        pointed = element.part("medicationReference")
        if not what.words():
            contained = {f"#{each.text('id')}": each for each in element.parts("contained")}
            medication = (self.medications | contained).get(pointed.text("reference"))
            what = what if medication is None else medication.part("code")
        given_on = element.whole_day("effectiveDateTime")
        if element.part("category").text("text") == ELSEWHERE and given_on is not None:
            return self._elsewhere(element, what, given_on)
        period = element.part("effectivePeriod")
        since = period.partial_date("start") or element.partial_date("effectiveDateTime")
        until = period.partial_date("end")
        if status in _OVER and until is None:
            raise Refused(Reason("over_without_day", "effectivePeriod.end"))
        detail = "\n".join(filter(None, (each.text("text") for each in element.parts("dosage"))))
        return _line(EntryKind.MEDICINE, what, detail or pointed.text("display"), since, until)

    def _elsewhere(self, element: Element, what: Element, given_on: date) -> ReadElsewhere:
        product = _own(what, "product")
        units = None
        for dosage in element.parts("dosage"):
            for each in dosage.parts("doseAndRate"):
                dose = each.part("doseQuantity")
                units = self._units(dose, product)
        reasons = [each.words() for each in element.parts("reasonCode")]
        place = element.part("informationSource").text("display")
        return ReadElsewhere(given_on, product, units, place[:300], ", ".join(filter(None, reasons))[:300])

    def _units(self, dose: Element, product: str) -> Decimal | None:
        """Only units that are said to be of this very product: no other unit is one of its own."""
        known = self.reference.products.get(product)
        value, unit = dose.number("value"), dose.text("unit")
        if value is None:
            return None
        if unit != f"U of {product if known is None else known.generic_name}" or not 0 < value < _MOST_UNITS:
            dose.tell("units_not_sure", "unit", f"{value} {unit}")
            return None
        if value != round(value, 3):
            dose.tell("units_not_sure", "value", str(value))
            return None
        return value

    def _is_over(self, element: Element) -> bool:
        return any(code in _OVER for _, code, _ in element.part("clinicalStatus").codings())

    def _refuse_over_without_day(self, element: Element, until: PartialDate | None) -> None:
        if until is None and self._is_over(element):
            raise Refused(Reason("over_without_day", "clinicalStatus"))


def _line(
    kind: EntryKind, what: Element, detail: str, since: PartialDate | None, until: PartialDate | None
) -> ReadEntry:
    text = what.words()
    if not text:
        raise Refused(Reason("nothing_named"))
    if len(text) > _LONGEST:
        raise Refused(Reason("too_long", "code.text"))
    if len(detail) > _LONGEST:
        what.tell("too_long", "detail")
        detail = ""
    return ReadEntry(kind, text, _own(what, kind.value), detail, since, until)


def _possible(line: Line, birth_date: date, today: date, element: Element) -> Line:
    """The line, if its dates can be those of somebody who was born then."""
    since = PartialDate.of(line.given_on) if isinstance(line, ReadElsewhere) else line.since
    until = line.until if isinstance(line, ReadEntry) else None
    for when in (since, until):
        if when is not None and when.latest < birth_date:
            raise Refused(Reason("before_birth", said=str(when)))
    if since is not None and since.earliest > today:
        raise Refused(Reason("in_future", said=str(since)))
    if since is not None and until is not None and until.latest < since.earliest:
        raise Refused(Reason("ends_before_it_begins", said=f"{since}, {until}"))
    if isinstance(line, ReadEntry) and until is not None and until.earliest > today:
        element.tell("ends_in_future", said=str(until))
        return ReadEntry(line.kind, line.text, line.code, line.detail, line.since)
    return line


def _own(concept: Element, kind: str) -> str:
    """The id that an entry of this program's own reference has; empty where there is none."""
    for code in concept.codes(REFERENCE):
        prefix, _, identifier = code.partition(".")
        if prefix == kind and len(identifier) <= 100:
            return identifier
    return ""


def _tells_end(extension: Element) -> bool:
    return extension.text("url") == ALLERGY_ENDED
