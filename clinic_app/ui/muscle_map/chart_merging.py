"""Two people changed one chart: what differs, and the chart that follows from the choices."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal

from clinic_app.reference.catalogue import Reference
from clinic_app.reference.units import show_number, show_units
from clinic_app.services.chart_data import ChartContent, ChartLine, ChartVial, ScaleScore
from clinic_app.services.starting import new_key, undosed
from clinic_app.terms import LabelRegion, Side
from clinic_app.ui.locale import date_text, time_text
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.muscle_map.wording import points_text
from clinic_app.ui.naming import brand_of, decapital, place_name

Key = tuple[str, object]
"""A field, or one line of the chart: ("plan", "") or ("lines", (muscle, side))."""

_TITLES = {
    "visited_on": "Date of the visit",
    "injector_id": "Injector",
    "indication": "Indication",
    "icd10cm": "Diagnosis code",
    "assessment": "Assessment",
    "consent": "Consent",
    "complications": "Immediate complications",
    "codes": "Procedure codes",
    "plan": "Plan",
    "interval_weeks": "Next visit in weeks",
    "vials": "Product and vials",
    "scores": "Scale totals",
}
# Nobody chooses these: the product goes with its vials, answers to checks are joined, the rest is not on the form.
_NOT_CHOSEN = frozenset({"product", "lines", "answers", "repeated_from"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of the chart with two states in words. ``suggested_mine`` is None when both people changed it."""

    key: Key
    title: str
    theirs: str
    mine: str
    suggested_mine: bool | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else's state of the chart beside one's own, and what both began with."""

    saved_by: str
    version: int
    base: ChartContent
    theirs: ChartContent
    mine: ChartContent
    found: tuple[Difference, ...]

    @property
    def merges_quietly(self) -> bool:
        """Whether the two changed different things, and the other one no dose: those are never changed unasked."""
        return all(
            each.suggested_mine is True or (each.suggested_mine is False and each.key[0] not in ("lines", "vials"))
            for each in self.found
        )

    def merged(self, mine: Collection[Key]) -> ChartContent:
        """Their chart with those parts of mine."""
        return merged(self.base, self.theirs, self.mine, mine)


def differences(
    base: ChartContent,
    theirs: ChartContent,
    mine: ChartContent,
    reference: Reference,
    region: LabelRegion,
    names: Mapping[int, str],
) -> tuple[Difference, ...]:
    """Everything in which theirs and mine differ; what both changed comes first. ``names`` are those of accounts."""
    words = _Words(reference, region, names)
    before, other, own = _parts(base), _parts(theirs), _parts(mine)
    found = []
    for key in dict.fromkeys((*other, *own)):
        was, here, there = before.get(key), own.get(key), other.get(key)
        if here == there:
            continue
        suggested = True if there == was else False if here == was else None
        line = here if isinstance(here, ChartLine) else there
        if isinstance(line, ChartLine):
            title = place_name(reference, line.muscle, line.side)
        else:
            title = _TITLES.get(key[0], key[0].replace("_", " ").capitalize())
        found.append(Difference(key, title, words.of(key[0], there), words.of(key[0], here), suggested))
    return tuple(sorted(found, key=lambda each: each.suggested_mine is not None))


def merged(base: ChartContent, theirs: ChartContent, mine: ChartContent, chosen: Collection[Key]) -> ChartContent:
    """Their chart with the chosen parts of mine, and what either answered to the checks.

    A line whose vial now is of another product loses its dose.
    """
    names = {name for name, which in chosen if name != "lines"}
    names |= {"product"} if "vials" in names else set()
    content = replace(theirs, **{name: getattr(mine, name) for name in names})
    own = {_place(line): line for line in mine.lines}
    places = {which for name, which in chosen if name == "lines"}
    lines: list[ChartLine] = []
    for line in theirs.lines:
        if _place(line) not in places:
            lines.append(_fitting(line, theirs, content))
        elif _place(line) in own:
            lines.append(replace(_fitting(own[_place(line)], mine, content), key=line.key))
    for place, line in own.items():
        if place in places and all(_place(each) != place for each in theirs.lines):
            taken = {each.key for each in (*lines, *theirs.lines)}
            key = line.key if line.key not in taken else new_key("line", taken)
            lines.append(replace(_fitting(line, mine, content), key=key))
    taken_back = [each for each in base.answers if each not in mine.answers or each not in theirs.answers]
    answers = {(each.check, each.subject): each for each in (*theirs.answers, *mine.answers) if each not in taken_back}
    return replace(content, lines=tuple(lines), answers=tuple(answers.values()))


def _fitting(line: ChartLine, source: ChartContent, content: ChartContent) -> ChartLine:
    before, after = edits.vial_of(source, line.vial), edits.vial_of(content, line.vial)
    product_before = before.product if before is not None else source.product
    product_after = after.product if after is not None else content.product
    vial = line.vial if after is not None else ""
    return replace(line, vial=vial) if product_before == product_after else undosed(line, vial)


def _parts(content: ChartContent) -> dict[Key, object]:
    parts: dict[Key, object] = {("lines", _place(line)): replace(line, key="") for line in content.lines}
    for field in fields(ChartContent):
        if field.name == "vials":
            parts["vials", ""] = (content.product, content.vials)
        elif field.name not in _NOT_CHOSEN:
            parts[field.name, ""] = getattr(content, field.name)
    return parts


def _place(line: ChartLine) -> tuple[str, Side]:
    return line.muscle, line.side


@dataclass(frozen=True, slots=True)
class _Words:
    """A part of the chart as a person reads it."""

    reference: Reference
    region: LabelRegion
    names: Mapping[int, str]

    def of(self, name: str, part: object) -> str:
        """The part in words, "empty" for nothing."""
        match part:
            case None if name == "lines":
                return "not charted"
            case ChartLine():
                return self._line(part)
            case None if name == "codes":
                return "as suggested"
            case () if name == "codes":
                return "none"
            case (str() as product, tuple() as vials) if name == "vials":
                told = [self._vial(vial) for vial in vials if isinstance(vial, ChartVial)]
                return "\n".join(told) or (brand_of(self.reference, product, self.region) if product else "none chosen")
            case tuple() if name == "scores":
                return "\n".join(self._score(each) for each in part if isinstance(each, ScaleScore)) or "none"
            case int() if name == "injector_id":
                return self.names.get(part, "former injector")
            case str() if name == "indication" and part in self.reference.indications:
                return self.reference.indications[part].name
            case _:
                return _plain(part) or "empty"

    def _score(self, score: ScaleScore) -> str:
        known = self.reference.scales.get(score.scale)
        name = known.name if known is not None else score.scale
        return f"{name}{f', {score.subscale}' if score.subscale else ''}: {score.value}"

    def _vial(self, vial: ChartVial) -> str:
        words = [brand_of(self.reference, vial.product, self.region)]
        words.append(f"lot {vial.lot_number}" if vial.lot_number else "no lot")
        if vial.serial:
            words.append(f"serial {vial.serial}")
        if vial.expires_on is not None:
            words.append(f"expires {date_text(vial.expires_on)}")
        if vial.size_units is not None:
            words.append(show_units(vial.size_units))
        if vial.diluent_ml.strip():
            words.append(f"in {vial.diluent_ml.strip()} mL")
        if vial.reconstituted_at is not None:
            words.append(f"reconstituted {time_text(vial.reconstituted_at)}")
        if vial.wasted.strip():
            words.append(f"{vial.wasted.strip()} U wasted, {vial.waste_reason or 'no reason'}")
            if vial.witness_id is not None:
                words.append(f"seen by {self.names.get(vial.witness_id, 'a former colleague')}")
        return " · ".join(words)

    def _line(self, line: ChartLine) -> str:
        words = [f"{line.units.strip()} U" if line.units.strip() else "no units"]
        words.append(points_text(len(line.points)) if line.points else "no points")
        words += line.guidance
        if line.indication in self.reference.indications:
            words.append(f"for {decapital(self.reference.indications[line.indication].name)}")
        if line.carried:
            words.append("carried")
        if line.note.strip():
            words.append(line.note.strip())
        return " · ".join(words)


def _plain(part: object) -> str:
    match part:
        case None:
            return ""
        case bool():
            return "yes" if part else "no"
        case date():
            return date_text(part)
        case Decimal():
            return show_number(part)
        case tuple():
            return ", ".join(str(each) for each in part)
        case _:
            return str(part)
