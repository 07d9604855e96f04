"""The codes that a visit suggests for its claim. A person edits them: payers and code books differ.

Everything rests on codes.yaml: which code serves which indication, what it counts, and what does not go together.
Where that has no rule for a case, nothing is suggested, and the place is named as not coded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.chart import Chart, ChartedInjection
from clinic_app.rules.code_line import CodeLine
from clinic_app.rules.drug_billing import drug_lines
from clinic_app.rules.procedure_codes import Procedure, procedures, ways_of
from clinic_app.terms import Guidance, LabelRegion
from clinic_app.words import sentence

if TYPE_CHECKING:
    from clinic_app.reference.codes import GuidanceCode

_ULTRASOUND = "76942"
#: At most one of these in a visit.
_NEEDLE_GUIDANCE = {Guidance.EMG: "95874", Guidance.STIMULATION: "95873"}


@dataclass(frozen=True, slots=True)
class SuggestedCodes:
    """The lines of a claim, and the places (muscle/side) that no rule gives a procedure code for."""

    procedures: tuple[CodeLine, ...] = ()
    guidance: tuple[CodeLine, ...] = ()
    drugs: tuple[CodeLine, ...] = ()
    not_coded: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Every line as the record keeps it."""
        return tuple(line.text for line in (*self.procedures, *self.guidance, *self.drugs))


def suggested_codes(chart: Chart, reference: Reference) -> SuggestedCodes:
    """The codes for the lines of a chart that have units. Empty outside the US, whose codes these are."""
    if chart.region != LabelRegion.US:
        return SuggestedCodes()
    given = [each for each in chart.injections if each.given > 0]
    done = tuple(procedures(chart, reference, given))
    coded = {injection.key for procedure in done for injection in procedure.injections}
    return SuggestedCodes(
        tuple(line for procedure in done for line in procedure.lines),
        tuple(_guidance(reference, given, done)),
        tuple(drug_lines(chart, reference)),
        tuple(dict.fromkeys(each.place for each in given if each.key not in coded)),
    )


def _guidance(reference: Reference, given: list[ChartedInjection], done: tuple[Procedure, ...]) -> Iterator[CodeLine]:
    """Needle EMG or stimulation once with the procedures that allow it, and ultrasound once.

    One procedure may carry one of EMG and stimulation, and the page that was read counts one a day; where both were
    used, the code of the one used more often is suggested.
    """
    codes = {code.code: code for code in reference.codes.guidance}
    refused = {code.code: code.do_not_add for code in reference.codes.procedures}
    used = dict.fromkeys(_NEEDLE_GUIDANCE, 0)
    for procedure in done:
        for way, code in _NEEDLE_GUIDANCE.items():
            if not any(code in refused[line.code] for line in procedure.lines):
                used[way] += sum(way in ways_of(each) for each in procedure.injections)
    way = max(used, key=lambda each: used[each])
    if used[way]:
        yield _line(codes[_NEEDLE_GUIDANCE[way]], used[way], both=all(used.values()))
    ultrasound = sum(Guidance.ULTRASOUND in ways_of(each) for each in given)
    if ultrasound:
        yield _line(codes[_ULTRASOUND], ultrasound)


def _line(code: "GuidanceCode", number: int, *, both: bool = False) -> CodeLine:
    """The line says the code's own rule: what it needs, and what many payers do with it."""
    because = sentence("billing.guided" if number > 1 else "billing.guided_once", number=number)
    if both:
        because = f"{because}; {sentence('billing.guided_both')}"
    return CodeLine(code.code, (), 1, code.meaning, f"{because}; {code.rule}")
