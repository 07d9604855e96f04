"""Which procedure codes the muscles and sides injected ask for, by the rules of codes.yaml."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.chart import Chart, ChartedInjection
from clinic_app.rules.code_line import CodeLine, with_modifiers
from clinic_app.terms import Guidance
from clinic_app.words import sentence

if TYPE_CHECKING:
    from clinic_app.reference.codes import ProcedureCode

_FACE, _NECK, _LARYNX, _GLANDS = "64612", "64616", "64617", "64611"
_FEW, _MANY = "64642", "64644"  # the first limb, with 1 to 4 and with 5 or more muscles
_FEW_FURTHER, _MANY_FURTHER = "64643", "64645"
_TRUNK_FEW, _TRUNK_MANY = "64646", "64647"  # 1 to 5, and 6 or more muscles
_MOST_IN_FEW, _MOST_IN_TRUNK_FEW = 4, 5

_BOTH_SIDES, _REDUCED = "50", "52"
_SIDES = ("left", "right")
#: The regions of muscles.yaml that make a limb.
_LIMBS = {
    **dict.fromkeys(("shoulder", "upper_arm", "forearm", "hand"), "arm"),
    **dict.fromkeys(("hip_thigh", "leg", "foot"), "leg"),
}
_SALIVARY_GLANDS = ("glandula_parotidea", "glandula_submandibularis")
#: Ways that guide the needle from outside the larynx. With a laryngoscope the code depends on which one it was, and
#: without any guidance on record nobody can tell.
_THROUGH_THE_SKIN = {Guidance.PALPATION, Guidance.EMG, Guidance.ULTRASOUND, Guidance.STIMULATION}


@dataclass(frozen=True, slots=True)
class Procedure:
    """The lines of one procedure and the injections that they stand for."""

    lines: tuple[CodeLine, ...]
    injections: tuple[ChartedInjection, ...]


def ways_of(injection: ChartedInjection) -> set[str]:
    """How the needle was guided, in the words of the record; the reference writes them with underscores."""
    return {way.replace("_", " ") for way in injection.guidance}


def procedures(chart: Chart, reference: Reference, given: Iterable[ChartedInjection]) -> Iterator[Procedure]:
    """Every procedure that the injections ask for. One whose indication no code serves is part of none."""
    codes = {procedure.code: procedure for procedure in reference.codes.procedures}
    served = _Served(chart, codes, tuple(given))
    yield from _one_sided(codes[_FACE], reference, _of_the_face(served.by(_FACE), chart, reference))
    yield from _one_sided(codes[_NECK], reference, _in_regions(served.by(_NECK), reference, ("neck",)))
    yield from _one_sided(codes[_LARYNX], reference, _through_the_skin(served.by(_LARYNX), reference))
    yield from _glands(codes[_GLANDS], reference, served.by(_GLANDS))
    yield from _limbs(codes, reference, served.by(_FEW, _MANY, _FEW_FURTHER, _MANY_FURTHER))
    yield from _trunk(codes, reference, served.by(_TRUNK_FEW, _TRUNK_MANY))


@dataclass(frozen=True, slots=True)
class _Served:
    """The injections by the code that serves their indication: the line's own, else the visit's."""

    chart: Chart
    codes: "Mapping[str, ProcedureCode]"
    given: tuple[ChartedInjection, ...]

    def by(self, *codes: str) -> list[ChartedInjection]:
        """Those that one of the codes serves; codes that count the same limbs or trunk share their indications."""
        used_for = {indication for code in codes for indication in self.codes[code].used_for}
        return [each for each in self.given if (each.indication or self.chart.indication) in used_for]


def _one_sided(code: "ProcedureCode", reference: Reference, injections: list[ChartedInjection]) -> Iterator[Procedure]:
    """A code of one side; modifier 50 where both are injected. The midline alone has no side and no rule."""
    sides = {each.side for each in injections} & set(_SIDES)
    if sides:
        modifiers = (_BOTH_SIDES,) if len(sides) == 2 else ()
        where = sentence("billing.both_sides") if modifiers else sentence("billing.one_side", side=min(sides))
        because = f"{_muscles(_count(injections, reference))} {where}"
        yield _procedure(code, modifiers, because, reference, injections)


def _of_the_face(injections: list[ChartedInjection], chart: Chart, reference: Reference) -> list[ChartedInjection]:
    """Muscles moved by the facial nerve: those of the face but for the eye's, and the indication's usual ones."""
    found = []
    for each in injections:
        muscle = reference.muscle(each.muscle)
        indication = reference.indications.get(each.indication or chart.indication)
        usual = indication is not None and muscle.id in indication.usual_muscles
        of_the_eye = muscle.target == "avoid" or "strabismus" in muscle.patterns
        if usual or (muscle.region == "face" and not of_the_eye):
            found.append(each)
    return _with_side(found)


def _in_regions(
    injections: list[ChartedInjection], reference: Reference, regions: Iterable[str]
) -> list[ChartedInjection]:
    return _with_side(each for each in injections if reference.muscle(each.muscle).region in regions)


def _through_the_skin(injections: list[ChartedInjection], reference: Reference) -> list[ChartedInjection]:
    larynx = _in_regions(injections, reference, ("larynx",))
    return [each for each in larynx if ways_of(each) and ways_of(each) <= _THROUGH_THE_SKIN]


def _with_side(injections: Iterable[ChartedInjection]) -> list[ChartedInjection]:
    return [each for each in injections if each.side]


def _glands(code: "ProcedureCode", reference: Reference, injections: list[ChartedInjection]) -> Iterator[Procedure]:
    """Both parotid and both submandibular glands; modifier 52 if fewer than these four."""
    salivary = [each for each in injections if each.muscle in _SALIVARY_GLANDS and each.side in _SIDES]
    glands = len({each.place for each in salivary})
    if glands:
        modifiers = (_REDUCED,) if glands < 4 else ()
        because = sentence("billing.glands" if glands > 1 else "billing.gland", number=glands)
        yield _procedure(code, modifiers, because, reference, salivary)


def _limbs(
    codes: "Mapping[str, ProcedureCode]", reference: Reference, injections: list[ChartedInjection]
) -> Iterator[Procedure]:
    """One base code per visit, for the limb with the most muscles, and an add-on code for each further limb."""
    limbs: dict[str, list[ChartedInjection]] = {}
    for each in injections:
        limb = _LIMBS.get(reference.muscle(each.muscle).region)
        if limb and each.side in _SIDES:
            limbs.setdefault(f"{each.side} {limb}", []).append(each)
    ordered = sorted(limbs, key=lambda limb: (-_count(limbs[limb], reference), limb))
    lines: dict[str, list[str]] = {}
    for limb in ordered:
        number = _count(limbs[limb], reference)
        few, many = (_FEW_FURTHER, _MANY_FURTHER) if lines else (_FEW, _MANY)
        because = sentence("billing.limb", limb=limb, muscles=_muscles(number))
        lines.setdefault(few if number <= _MOST_IN_FEW else many, []).append(because)
    if lines:
        yield Procedure(
            tuple(
                CodeLine(code, (), len(becauses), codes[code].meaning, "; ".join(becauses))
                for code, becauses in lines.items()
            ),
            tuple(each for limb in ordered for each in limbs[limb]),
        )


def _trunk(
    codes: "Mapping[str, ProcedureCode]", reference: Reference, injections: list[ChartedInjection]
) -> Iterator[Procedure]:
    """Once per visit, by the number of muscles; a muscle's left and right count as two."""
    trunk = [each for each in _in_regions(injections, reference, ("trunk",)) if each.side in _SIDES]
    number = _count(trunk, reference)
    if number:
        code = codes[_TRUNK_FEW if number <= _MOST_IN_TRUNK_FEW else _TRUNK_MANY]
        yield _procedure(code, (), sentence("billing.trunk", muscles=_muscles(number)), reference, trunk)


def _procedure(
    code: "ProcedureCode",
    modifiers: tuple[str, ...],
    because: str,
    reference: Reference,
    injections: Iterable[ChartedInjection],
) -> Procedure:
    line = CodeLine(code.code, modifiers, 1, with_modifiers(code.meaning, modifiers, reference), because)
    return Procedure((line,), tuple(injections))


def _count(injections: Iterable[ChartedInjection], reference: Reference) -> int:
    """Muscles and not sites: heads, parts and fascicles that the reference lists one by one are one muscle a side."""
    return len({(_whole_muscle(reference.muscle(each.muscle).latin), each.side) for each in injections})


def _whole_muscle(latin: str) -> str:
    """ "Caput longum musculi tricipitis brachii" belongs to the muscle of the last three words."""
    return re.sub(r"^(Caput|Pars) \w+ ", "", latin)


def _muscles(number: int) -> str:
    return sentence("billing.muscle" if number == 1 else "billing.muscles", number=number)
