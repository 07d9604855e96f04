"""Rows of injections: each patient and day is a visit, which comes in whole or not at all."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from clinic_app.exchange.typed_values import QuantityUnit
from clinic_app.reference.catalogue import Reference
from clinic_app.rules.names import place_name
from clinic_app.services.importing.choices import EACH, TOTAL, Ask, ImportChoices
from clinic_app.services.importing.habits import GivenDose, plain, unusual_doses
from clinic_app.services.importing.injectors import Injector, Injectors
from clinic_app.services.importing.meanings import Meanings
from clinic_app.services.importing.on_record import KnownPatient, OnRecord
from clinic_app.services.importing.preview import Candidate, Outcome, Verdict
from clinic_app.services.importing.sheet import Row, Sheet
from clinic_app.services.importing.whom import patient_of
from clinic_app.terms import Side
from clinic_app.words import shown

_MOST_UNITS = 100_000
_MOST_ML = 100
_BOTH = (
    Candidate(EACH, "the units are those of each side"),
    Candidate(TOTAL, "the units are those of both sides together"),
)


@dataclass(frozen=True, slots=True)
class NewVial:
    """What a file tells of a vial; None for what it does not. ``size_units`` of ``product``, diluent in mL."""

    product: str
    lot_number: str
    expires_on: date | None
    size_units: Decimal | None
    diluent_ml: Decimal | None


@dataclass(frozen=True, slots=True)
class NewInjection:
    """One muscle and side, in units of the vial's product."""

    vial: NewVial
    muscle: str
    side: Side
    units: Decimal
    guidance: tuple[str, ...]
    note: str
    indication: str


@dataclass(frozen=True, slots=True)
class NewVisit:
    """What a patient got on a day."""

    patient_id: int
    day: date
    injector: Injector
    indication: str
    injections: tuple[NewInjection, ...]

    @property
    def vials(self) -> tuple[NewVial, ...]:
        """Each once, in the order of use."""
        return tuple(dict.fromkeys(each.vial for each in self.injections))


@dataclass(slots=True)
class _Line:
    """A row as it was read, as far as it could be."""

    row: Row
    patient: KnownPatient | None
    day: date | None
    injector: Injector
    injections: tuple[NewInjection, ...]
    who: str
    """Whose it says it is, for rows whose patient is not found."""

    @property
    def visit(self) -> tuple[str, str]:
        """Which rows belong together, even where patient or day cannot be read."""
        return self.who, str(self.day or self.row.text("day"))


def judge_injections(
    sheet: Sheet, meanings: Meanings, record: OnRecord, choices: ImportChoices, reference: Reference
) -> tuple[list[Verdict], list[NewVisit]]:
    """The verdict on every row, and the visits that would come in."""
    injectors = Injectors(record, sheet.asking)
    lines = [_read(Row(sheet, row), meanings, record, injectors) for row in sheet.table.rows]
    for line in lines:
        _refuse_impossible_day(line, sheet.today)
    visits: defaultdict[tuple[str, str], list[_Line]] = defaultdict(list)
    for line in lines:
        visits[line.visit].append(line)
    _warn_of_unusual(visits.values(), reference, record.region)
    on_record, stray = record.injected_on(), _stray(lines)
    plan: list[NewVisit] = []
    outcomes: dict[int, Outcome] = {}
    for together in visits.values():
        first = together[0]
        if first.patient is not None and first.day is not None and (first.patient.row.id, first.day) in on_record:
            for line in together:
                line.row.refuse("day", "visit_on_record", name=first.patient.row.name, day=first.day)
                outcomes[line.row.number] = Outcome.DUPLICATE
            continue
        _refuse_two_injectors(together)
        _keep_whole(together, choices.confirmed, stray.get(first.visit, ()))
        if not any(line.row.refused for line in together):
            plan.append(_visit_of(together))
    return [_verdict(line, outcomes, reference) for line in lines], plan


def _read(row: Row, meanings: Meanings, record: OnRecord, injectors: Injectors) -> _Line:
    patient, day = patient_of(row, record), row.day("day")
    if day is None and not row.text("day"):
        row.refuse("day", "cell_empty")
    product = meanings.product(row)
    muscle, sides = meanings.muscle(row)
    units = _units(row)
    vial = NewVial(
        product,
        row.text("lot", 100),
        row.day("expiry"),
        _amount(row, "vial_size", QuantityUnit.UNITS, _MOST_UNITS),
        _amount(row, "diluent_ml", QuantityUnit.ML, _MOST_ML),
    )
    guidance, note = meanings.guidance(row), row.text("note", 1000)
    indication = meanings.indication(row, of_patient="" if patient is None else patient.indication)
    if len(sides) == 2 and units is not None:
        units = _of_each_side(row, units)
    read = (
        ()
        if units is None or not muscle
        else tuple(NewInjection(vial, muscle, side, units, guidance, note, indication) for side in sides)
    )
    who = row.text("record_number").casefold() or "|".join(
        row.text(field).casefold() for field in ("family_name", "given_name", "name", "birth_date")
    )
    return _Line(row, patient, day, injectors.of(row), read, who if patient is None else f"#{patient.row.id}")


def _units(row: Row) -> Decimal | None:
    if not row.needed("units"):
        return None
    units = row.number_in("units", QuantityUnit.UNITS)
    if units is not None and not 0 < units <= _MOST_UNITS:
        row.refuse("units", "units_impossible", typed=row.text("units")[:40])
        return None
    return units


def _amount(row: Row, field: str, unit: QuantityUnit, most: int) -> Decimal | None:
    amount = row.number_in(field, unit)
    if amount is not None and not 0 < amount <= most:
        row.refuse(field, "amount_impossible", typed=row.text(field)[:40])
        return None
    return amount


def _of_each_side(row: Row, units: Decimal) -> Decimal | None:
    """The units of one side where a row is about both: whether they stand for each or for both, somebody must say."""
    answer = row.sheet.asking.answer(Ask.BOTH_SIDES, "")
    if answer == EACH:
        return units
    if answer != TOTAL:
        row.wait(Ask.BOTH_SIDES, "", _BOTH, "side" if row.text("side") else "muscle")
        return None
    half = units / 2
    if half != round(half, 3):
        row.refuse("units", "too_exact", typed=row.text("units")[:40])
        return None
    return half


def _refuse_impossible_day(line: _Line, today: date) -> None:
    if line.day is None:
        return
    if line.day > today:
        line.row.refuse("day", "day_in_future", day=line.day)
    if line.patient is None:
        return
    if line.day < line.patient.row.birth_date:
        line.row.refuse("day", "day_before_birth", day=line.day, birth_date=line.patient.row.birth_date)
    if line.patient.died_on is not None and line.day > line.patient.died_on:
        line.row.refuse("day", "day_after_death", day=line.day, died_on=line.patient.died_on)


def _warn_of_unusual(visits: Iterable[list[_Line]], reference: Reference, region: str) -> None:
    for together in visits:
        by_number = {line.row.number: line.row for line in together}
        seen: dict[tuple[str, ...], int] = {}
        for line in together:
            earlier = seen.setdefault(line.row.cells, line.row.number)
            if earlier != line.row.number:
                line.row.warn("", "row_repeated", row=earlier)
        given = [
            GivenDose(line.row.number, each.vial.product, each.muscle, each.side, each.units)
            for line in together
            for each in line.injections
            if each.vial.product
        ]
        for unusual in unusual_doses(reference, region, given):
            by_number[unusual.row].warn("units", unusual.code, **unusual.parameters)


def _refuse_two_injectors(together: Sequence[_Line]) -> None:
    """Whoever stands in one row of a visit injected all of it; two cannot."""
    named = {line.injector.name: line.injector for line in together if line.injector.name}
    for line in together if len(named) > 1 else ():
        line.row.refuse("injector", "two_injectors", names=" and ".join(named))
    if len(named) == 1:
        together[0].injector = next(iter(named.values()))


def _stray(lines: Sequence[_Line]) -> dict[tuple[str, str], list[_Line]]:
    """By visit, the rows of the same patient without a day that stand beside one of its own: they may belong to it."""
    found: defaultdict[tuple[str, str], list[_Line]] = defaultdict(list)
    for one, other in pairwise(lines):
        for line, near in ((one, other), (other, one)):
            if near.day is None and line.day is not None and near.who == line.who:
                found[line.visit].append(near)
    return found


def _keep_whole(together: Sequence[_Line], confirmed: frozenset[int], stray: Iterable[_Line]) -> None:
    """Keep the whole visit out where one of its rows is: half of a dose on record is worse than none."""
    for line in together:
        if line.row.warnings and line.row.number not in confirmed and not line.row.refused:
            line.row.refuse("", "confirm")
    causes = [line.row for line in (*together, *stray) if line.row.refused]
    if not causes:
        return
    for line in together:
        if not line.row.refused:
            line.row.refuse("", "rest_of_visit", row=causes[0].number)
            line.row.waits = any(cause.waits for cause in causes)


def _visit_of(together: Sequence[_Line]) -> NewVisit:
    first = together[0]
    assert first.patient is not None and first.day is not None  # nothing speaks against its rows
    injections = tuple(each for line in together for each in line.injections)
    return NewVisit(first.patient.row.id, first.day, first.injector, injections[0].indication, injections)


def _verdict(line: _Line, outcomes: dict[int, Outcome], reference: Reference) -> Verdict:
    row = line.row
    outcome = outcomes.get(row.number, Outcome.REFUSED if row.refused else Outcome.JOINS)
    existing = None if line.patient is None else line.patient.row
    who = (
        row.text("record_number") or row.text("family_name") or row.text("name") if existing is None else existing.name
    )
    given = ", ".join(
        f"{place_name(reference, each.muscle, each.side)} {plain(each.units)} U" for each in line.injections
    )
    said = " · ".join(part for part in (who, str(shown(line.day)) if line.day is not None else "", given) if part)
    return Verdict(row.number, outcome, said, tuple(row.reasons), tuple(row.warnings), existing, waits=row.waits)
