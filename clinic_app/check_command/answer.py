"""What the command answers: totals, codes and findings, as JSON with exact numbers."""

import json
import re
from collections.abc import Iterable
from decimal import Decimal

import msgspec

from clinic_app.reference.catalogue import Reference
from clinic_app.reference.units import THIN_SPACE, show_number
from clinic_app.rules.billing import suggested_codes
from clinic_app.rules.chart import Chart
from clinic_app.rules.check import check_chart
from clinic_app.rules.code_line import CodeLine
from clinic_app.rules.findings import Finding, Level, in_order
from clinic_app.rules.patient import unmatched
from clinic_app.rules.totals import MuscleTotal, totals_of
from clinic_app.rules.vials import mixing_time_missing
from clinic_app.rules.wording import words_of

#: A millionth of a mL: thirds do not end, and no syringe shows it.
_ML = Decimal("0.000001")
#: What the form does not carry: consent, the assessment and the reason of waste.
_NOT_CARRIED = ("documentation.consent", "documentation.reason")


def findings_of(chart: Chart, reference: Reference) -> tuple[Finding, ...]:
    """Every check as at signing but those of what the form does not carry, and what only this command asks."""
    found = (each for each in check_chart(chart, reference, at_signing=True) if each.id not in _NOT_CARRIED)
    return in_order((*found, *mixing_time_missing(chart, reference), *unmatched(chart, reference)))


def exit_code(findings: Iterable[Finding]) -> int:
    """0 without a stop, 2 with one."""
    return 2 if any(each.level is Level.STOP for each in findings) else 0


def answer(chart: Chart, findings: Iterable[Finding], reference: Reference) -> str:
    """The answer as JSON in ASCII, so that no console can spoil it."""
    content = {
        "totals": _totals(chart, reference),
        "billing": _billing(chart, reference),
        "findings": [_finding(each, chart, reference) for each in findings],
    }
    encoded = msgspec.json.Encoder(decimal_format="number").encode(content)
    text = msgspec.json.format(encoded, indent=2).decode()
    return re.sub(r"[^\x00-\x7f]", lambda found: json.dumps(found[0])[1:-1], text)


def _totals(chart: Chart, reference: Reference) -> dict[str, object]:
    totals = totals_of(chart, reference)
    return {
        "products": [
            {
                "product": each.product,
                "units": _number(each.units),
                "ml": _ml(of for of in totals.muscles if of.product == each.product),
            }
            for each in totals.products
        ],
        "muscles": [
            {
                "muscle": each.muscle,
                "side": each.side,
                "product": each.product or None,
                "units": _number(each.units),
                "ml": _ml([each]),
            }
            for each in totals.muscles
        ],
        "vials": [
            {
                "vial": index,
                "product": each.product,
                "contents": _number(each.contents),
                "given": _number(each.given),
                "wasted": _number(each.wasted),
                "left": _number(each.left),
            }
            for index, each in enumerate(totals.vials)
        ],
    }


def _billing(chart: Chart, reference: Reference) -> dict[str, object]:
    codes = suggested_codes(chart, reference)
    return {
        "drugs": [_code(line) for line in codes.drugs],
        "procedures": [_code(line) for line in codes.procedures],
        "guidance": [_code(line) for line in codes.guidance],
        "not_coded": [_place(place) for place in codes.not_coded],
    }


def _code(line: CodeLine) -> dict[str, object]:
    return {
        "code": line.code,
        "modifiers": list(line.modifiers),
        "units": line.units,
        "text": line.text,
        "meaning": _plain(line.meaning),
        "because": _plain(line.because),
    }


def _finding(found: Finding, chart: Chart, reference: Reference) -> dict[str, object]:
    places = {each.place for each in chart.injections}
    place = _place(found.subject) if found.subject in places else {"muscle": None, "side": None}
    return {
        "rule": found.id,
        "level": found.level.value,
        **place,
        "message": _plain(words_of(found)),
        "source": _source(found, reference),
        "verified": found.verified,
    }


def _place(subject: str) -> dict[str, str | None]:
    muscle, _, side = subject.partition("/")
    return {"muscle": muscle, "side": side}


def _source(found: Finding, reference: Reference) -> str:
    """The sources by their titles; what is no source of the reference, as "rule of the program", stays."""
    names = found.source.split(", ")
    return "; ".join(reference.sources[name].title if name in reference.sources else name for name in names)


def _ml(totals: Iterable[MuscleTotal]) -> Decimal | None:
    """The mL of all together; None while one of them is not known."""
    volumes = [each.volume_ml for each in totals]
    known = [volume for volume in volumes if volume is not None]
    return _number(round(sum(known, Decimal(0)) / _ML) * _ML) if len(known) == len(volumes) else None


def _number(value: Decimal) -> Decimal:
    """The same number without trailing zeros or exponent: 40.00 → 40."""
    return Decimal(show_number(value))


def _plain(text: str) -> str:
    """The window's thin spaces between figure and unit are typography; programs look for plain ones."""
    return text.replace(THIN_SPACE, " ")
