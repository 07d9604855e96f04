"""A chart as typed, read into numbers and checked: pure arithmetic, called on every key and again by the signature."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from clinic_app.errors import ClinicError
from clinic_app.reference.catalogue import Reference
from clinic_app.reference.units import parse_units, show_number
from clinic_app.rules.billing import SuggestedCodes, suggested_codes
from clinic_app.rules.chart import Chart, ChartedInjection, ChartedVial
from clinic_app.rules.check import check_chart
from clinic_app.rules.code_line import parse_code
from clinic_app.rules.findings import Level
from clinic_app.rules.wording import words_of
from clinic_app.services.chart_context import ChartContext
from clinic_app.services.chart_data import Answer, ChartContent, ChartLine, ChartVial, ScaleScore
from clinic_app.services.scale_results import range_problem

MOST_UNITS = Decimal(100000)


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """Something typed that is not a quantity: the key of the line or vial, the field, and what is wrong."""

    key: str
    field: str
    error: ClinicError

    @property
    def sentence(self) -> str:
        """What the person reads."""
        return str(self.error)


@dataclass(frozen=True, slots=True)
class ReadVial:
    """A vial in numbers, units of its product; ``left`` is below zero when more was given than it holds.

    ``use_by`` is the end of the hours that the label allows after mixing, on the clinic's wall clock; its
    ``use_by_verified`` says whether the reference verified those hours.
    """

    key: str
    size_units: Decimal
    diluent_ml: Decimal
    given: Decimal
    wasted: Decimal
    left: Decimal
    units_per_tenth_ml: Decimal | None
    use_by: datetime | None = None
    use_by_verified: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """A finding with its sentence. ``subject`` is the key it is about: muscle/side, vial key or empty.

    ``source`` names what the figure rests on, ``verified`` whether a page that was read states it. ``reason`` and
    ``by`` are the answer's, once a signature keeps it.
    """

    check: str
    level: Level
    subject: str
    sentence: str
    reason: str = ""
    source: str = ""
    verified: bool = True
    by: str = ""


@dataclass(frozen=True, slots=True)
class Charted:
    """A chart in numbers. ``units`` and ``volumes_ml`` follow the lines, ``vials`` the vials, in their order.

    ``point_units`` are the units of each line's points: as typed, the rest shared equally among the others.
    """

    units: tuple[Decimal, ...]
    point_units: tuple[tuple[Decimal, ...], ...]
    volumes_ml: tuple[Decimal | None, ...]
    vials: tuple[ReadVial, ...]
    totals: tuple[tuple[str, Decimal], ...]
    scores: tuple[tuple[ScaleScore, Decimal], ...]
    problems: tuple[FieldProblem, ...]
    findings: tuple[Said, ...]
    chart: Chart
    """The same as the rules read it."""
    codes: tuple[str, ...] = ()
    """The billing codes that the signature would keep; worked out at signing only."""


def read(
    content: ChartContent, context: ChartContext, reference: Reference, now: datetime, *, at_signing: bool = False
) -> Charted:
    """Read and check what is typed; never raises for what a person can type.

    ``now`` is the clinic's wall clock. At signing, what is only missing so far counts as well.
    """
    problems: list[FieldProblem] = []
    units = tuple(_units(line, problems) for line in content.lines)
    point_units = tuple(_point_units(line, amount, problems) for line, amount in zip(content.lines, units, strict=True))
    vials = tuple(_vial(vial, content.lines, units, problems, reference) for vial in content.vials)
    if at_signing:
        problems += _waste_problems(content, vials, context.waste_witness)
    by_key = {vial.key: vial for vial in vials}
    products = {vial.key: vial.product for vial in content.vials}
    contents = {key: _contents_ml(vial, products[key], reference) for key, vial in by_key.items()}
    volumes = tuple(
        _volume(amount, by_key.get(line.vial), contents.get(line.vial))
        for line, amount in zip(content.lines, units, strict=True)
    )
    totals: dict[str, Decimal] = {}
    for line, amount in zip(content.lines, units, strict=True):
        product = products.get(line.vial, content.product)
        totals[product] = totals.get(product, Decimal(0)) + amount
    scores = tuple(_score(score, reference, problems) for score in content.scores if score.value.strip())
    problems += _code_problems(content)
    problems += _time_problems(content, now)
    chart = _chart(content, context, units, point_units, vials, now)
    findings = tuple(
        Said(f.id, f.level, f.subject, words_of(f), source=f.source, verified=f.verified)
        for f in check_chart(chart, reference, at_signing=at_signing)
    )
    codes: tuple[str, ...] = ()
    if at_signing:
        codes = suggested_codes(chart, reference).texts if content.codes is None else _codes(content.codes)
    return Charted(
        units, point_units, volumes, vials, tuple(totals.items()), scores, tuple(problems), findings, chart, codes
    )


def suggestion(charted: Charted, reference: Reference) -> SuggestedCodes:
    """The billing codes that the chart suggests as it stands."""
    return suggested_codes(charted.chart, reference)


def refuse_unanswered(charted: Charted, content: ChartContent, may_override: Collection[int]) -> None:
    """Raise ClinicError for the first thing that keeps the chart from being signed.

    ``may_override`` are the accounts whose written reason overrides a stop.
    """
    if charted.problems:
        problem = charted.problems[0]
        raise problem.error
    if not charted.units:
        raise ClinicError("chart_empty")
    if any(line.carried for line in content.lines):
        # Copied lines that nobody looked at have polluted records elsewhere.
        raise ClinicError("lines_not_confirmed")
    for finding in charted.findings:
        if finding.level is Level.STOP and finding.check in NEVER_OVERRIDDEN:
            raise ClinicError("chart_incomplete", said=finding.sentence)
        if finding.level is Level.INFO or counting(finding, content.answers, may_override) is not None:
            continue
        code = "stop_without_reason" if finding.level is Level.STOP else "warning_not_acknowledged"
        raise ClinicError(code, said=finding.sentence)


# What cannot be written into a record at all, whatever the reason: no product, no lot or expiry, no side.
NEVER_OVERRIDDEN = frozenset({"product.missing", "vial.missing", "target.side", "vial.overdrawn"})


_GROWS_BY_ITSELF = frozenset({"vial.too_old"})
"""The figure of these checks follows the clock: an answer is about the vial, and stands while it grows older."""


def answering(finding: Said, reason: str = "", by: str = "", account_id: int | None = None) -> Answer:
    """An answer to a finding as it stands."""
    return Answer(finding.check, finding.subject, reason, by, account_id, finding.sentence)


def answer_to(finding: Said, answers: Iterable[Answer]) -> Answer | None:
    """What was said to a finding last, whether it counts or not."""
    same = [each for each in answers if (each.check, each.subject) == (finding.check, finding.subject)]
    return same[-1] if same else None


def counting(finding: Said, answers: Iterable[Answer], may_override: Collection[int]) -> Answer | None:
    """The answer with which a finding no longer waits, or None.

    A warning is acknowledged by name, a stop overridden with a written reason by somebody who may. An answer to another
    figure than the finding has now has to be given again, as one without a name, from a draft of an older release.
    """
    answer = answer_to(finding, answers)
    if answer is None or answer.account_id is None:
        return None
    if answer.said != finding.sentence and finding.check not in _GROWS_BY_ITSELF:
        return None
    overrides = answer.account_id in may_override and bool(answer.reason.strip())
    return answer if finding.level is not Level.STOP or overrides else None


def answered(charted: Charted, answers: Sequence[Answer]) -> tuple[Said, ...]:
    """The stops and warnings as they were answered and by whom, for the record and the note."""
    found = [(finding, answer_to(finding, answers)) for finding in charted.findings if finding.level is not Level.INFO]
    return tuple(
        Said(f.check, f.level, f.subject, f.sentence, answer.reason.strip(), by=answer.by)
        for f, answer in found
        if answer is not None
    )


def plain_units(units: Decimal) -> str:
    """A quantity as a person would type it: no trailing zeros, no exponent."""
    return show_number(units)


def quantity(typed: str) -> Decimal:
    """A quantity from what was typed, comma or point. Raises ClinicError; empty is zero."""
    if not typed.strip():
        return Decimal(0)
    value = parse_units(typed)
    if value > MOST_UNITS:
        raise ClinicError("units_too_many")
    return value


def _read(typed: str, key: str, field: str, problems: list[FieldProblem]) -> Decimal:
    try:
        return quantity(typed)
    except ClinicError as error:
        problems.append(FieldProblem(key, field, error))
        return Decimal(0)


def _units(line: ChartLine, problems: list[FieldProblem]) -> Decimal:
    before = len(problems)
    units = _read(line.units, line.key, "units", problems)
    if units == 0 and len(problems) == before:
        problems.append(FieldProblem(line.key, "units", ClinicError("units_missing", field="units")))
    return units


def shares_of(units: Decimal, own: Sequence[Decimal | None]) -> tuple[Decimal, ...]:
    """The units in each of a muscle's points: their own where they have some, the rest shared equally."""
    rest = max(Decimal(0), units - sum((each for each in own if each is not None), Decimal(0)))
    sharing = sum(each is None for each in own)
    return tuple(rest / sharing if each is None else each for each in own)


def _point_units(line: ChartLine, units: Decimal, problems: list[FieldProblem]) -> tuple[Decimal, ...]:
    own = [
        _read(point.units, line.key, f"points.{number}", problems) if point.units.strip() else None
        for number, point in enumerate(line.points)
    ]
    typed = sum((each for each in own if each is not None), Decimal(0))
    if units > 0 and own and (typed > units or (typed < units and None not in own)):
        error = ClinicError("points_do_not_add_up", points=show_number(typed), units=show_number(units), field="points")
        problems.append(FieldProblem(line.key, "points", error))
    return shares_of(units, own)


def _vial(
    vial: ChartVial,
    lines: tuple[ChartLine, ...],
    units: tuple[Decimal, ...],
    problems: list[FieldProblem],
    reference: Reference,
) -> ReadVial:
    size = vial.size_units or Decimal(0)
    diluent = _read(vial.diluent_ml, vial.key, "diluent_ml", problems)
    wasted = _read(vial.wasted, vial.key, "wasted", problems)
    given = sum((u for line, u in zip(lines, units, strict=True) if line.vial == vial.key), Decimal(0))
    known = reference.products.get(vial.product)
    limit = known.after_reconstitution if known is not None else None
    mixed = vial.reconstituted_at
    return ReadVial(
        vial.key,
        size,
        diluent,
        given,
        wasted,
        size - given - wasted,
        size / diluent / 10 if diluent else None,
        None if mixed is None or limit is None else mixed + timedelta(hours=limit.max_hours),
        limit is None or limit.verified,
    )


def _waste_problems(content: ChartContent, vials: tuple[ReadVial, ...], witnessed: bool) -> Iterator[FieldProblem]:
    """Thrown-away units have a reason, and a witness where the clinic wants one who is not the injector."""
    for vial, read in zip(content.vials, vials, strict=True):
        if read.wasted and not vial.waste_reason.strip():
            yield FieldProblem(vial.key, "waste_reason", ClinicError("waste_without_reason", lot=vial.lot_number))
        if read.wasted and witnessed and vial.witness_id in (None, content.injector_id):
            yield FieldProblem(vial.key, "witness", ClinicError("waste_without_witness", lot=vial.lot_number))


def _time_problems(content: ChartContent, now: datetime) -> Iterator[FieldProblem]:
    """Nobody has mixed a vial in the future."""
    for vial in content.vials:
        mixed = vial.reconstituted_at
        if mixed is not None and mixed > now:
            yield FieldProblem(vial.key, "reconstituted_at", ClinicError("mixed_in_future", lot=vial.lot_number))


def _code_problems(content: ChartContent) -> Iterator[FieldProblem]:
    for typed in content.codes or ():
        try:
            parse_code(typed)
        except ClinicError as error:
            yield FieldProblem("", "codes", error)


def _codes(typed: tuple[str, ...]) -> tuple[str, ...]:
    """The codes in the form of the record; what cannot be read has its own problem."""
    lines = []
    for code in typed:
        try:
            lines.append(parse_code(code).text)
        except ClinicError:
            lines.append(code)
    return tuple(lines)


def _contents_ml(vial: ReadVial, product: str, reference: Reference) -> Decimal | None:
    """The mL in the vial: the diluent, or for a ready-made solution what it comes with."""
    known = reference.products.get(product)
    return vial.diluent_ml or None if known is None else known.contents_ml(vial.size_units, vial.diluent_ml)


def _volume(units: Decimal, vial: ReadVial | None, contents_ml: Decimal | None) -> Decimal | None:
    if vial is None or not vial.size_units or contents_ml is None:
        return None
    return units * contents_ml / vial.size_units


def _score(score: ScaleScore, reference: Reference, problems: list[FieldProblem]) -> tuple[ScaleScore, Decimal]:
    key, before = f"{score.scale}.{score.subscale}", len(problems)
    value = _read(score.value, key, "value", problems)
    outside = range_problem(reference, score.scale, score.subscale, value) if len(problems) == before else None
    if outside is not None:
        problems.append(FieldProblem(key, "value", outside))
    return score, value


def _chart(
    content: ChartContent,
    context: ChartContext,
    units: tuple[Decimal, ...],
    point_units: tuple[tuple[Decimal, ...], ...],
    vials: tuple[ReadVial, ...],
    now: datetime,
) -> Chart:
    return Chart(
        visited_on=content.visited_on,
        now=now,
        patient=context.facts_on(content.visited_on),
        region=context.region.value,
        indication=content.indication,
        injections=tuple(
            ChartedInjection(
                key=line.key,
                muscle=line.muscle,
                side=line.side.value,
                units=amount or None,
                points=len(line.points),
                point_units=shares,
                guidance=line.guidance,
                vial=line.vial,
                product=content.product,
                indication=line.indication if line.indication != content.indication else "",
            )
            for line, amount, shares in zip(content.lines, units, point_units, strict=True)
        ),
        vials=tuple(
            ChartedVial(
                key=vial.key,
                product=vial.product,
                lot=vial.lot_number.strip(),
                expires_on=vial.expires_on,
                vial_units=read.size_units,
                diluent_ml=read.diluent_ml if vial.diluent_ml.strip() else None,
                reconstituted_at=vial.reconstituted_at,
                wasted_units=read.wasted,
                waste_reason=vial.waste_reason,
                assigned_to_other_patient=context.conflicts.assigned(vial),
                shared_with_other_patient=context.conflicts.shared(vial),
            )
            for vial, read in zip(content.vials, vials, strict=True)
        ),
        earlier=context.earlier,
        side_effects=context.side_effects,
        previous_product=context.previous_product_of(content.indication),
        consent=content.consent,
        assessment=content.assessment,
        clinic=context.clinic,
    )
