"""The checks of where the needle goes: structures, guidance, sides, and what happened there before."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.chart import Chart, ChartedInjection, total
from clinic_app.rules.findings import KNOWLEDGE, Finding, Level, finding
from clinic_app.rules.names import place_name, product_name
from clinic_app.terms import Severity

_ANATOMY = (KNOWLEDGE,)
_SIDES = ("left", "right")
#: Severities from moderate on.
_AT_LEAST_MODERATE = tuple(Severity)[tuple(Severity).index(Severity.MODERATE) :]
_SPREAD = "toxin_spread"
#: Patterns and components of rotation, where neck (-collis) and head (-caput) count alike.
_ROTATION = {"torticollis": "torticaput"}
#: A pattern that the muscle only adds a little to.
_MINOR = "_minor"


def avoid(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``target.avoid``: a structure to keep away from."""
    for each in chart.injections:
        muscle = reference.muscle(each.muscle)
        if muscle.target == "avoid":
            place = place_name(reference, each.muscle, each.side)
            yield finding(
                "target.avoid",
                Level.WARN,
                each.place,
                source=_ANATOMY,
                verified=False,
                place=place,
                note=muscle.note,
            )


def guidance(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``guidance.recommended``: a deep or risky target without image or EMG guidance.

    These are the targets for which the reference does not list palpation (muscles.yaml, guidance).
    """
    for each in chart.injections:
        muscle = reference.muscle(each.muscle)
        if muscle.needs_guidance and not any(used != "palpation" for used in each.guidance):
            yield finding(
                "guidance.recommended",
                Level.WARN,
                each.place,
                source=_ANATOMY,
                verified=False,
                place=place_name(reference, each.muscle, each.side),
                guidance=", ".join(used.replace("_", " ") for used in muscle.guidance),
            )


def specialist(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``target.specialist``: an uncommon target."""
    for each in chart.injections:
        if reference.muscle(each.muscle).for_specialists:
            place = place_name(reference, each.muscle, each.side)
            yield finding("target.specialist", Level.INFO, each.place, source=_ANATOMY, verified=False, place=place)


def unknown(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``target.unknown``: a muscle that this release's reference does not name, so that no check can look at it."""
    for each in chart.injections:
        if each.muscle not in reference.muscles:
            place = place_name(reference, each.muscle, each.side)
            yield finding("target.unknown", Level.WARN, each.place, place=place)


def side(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``target.side``: a midline target with a side, a paired one without."""
    for each in chart.injections:
        muscle = reference.muscle(each.muscle)
        if muscle.side != "unknown" and muscle.paired != (each.side in _SIDES):
            variant = "" if muscle.paired else "midline"
            yield finding("target.side", Level.STOP, each.place, variant=variant, muscle=muscle.name)


def side_effect_before(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``history.side_effect``: as much as, or more than, what was followed by a moderate or worse side effect.

    Units are compared within one product only; an unknown product or dose cannot be ruled out and counts. The side
    does not matter: what one sternocleidomastoid did to swallowing the other can do.
    """
    for before in chart.side_effects:
        effect = reference.side_effects.get(before.effect)
        name = effect.name if effect is not None else before.effect
        severity = before.severity.replace("_", " ")
        if before.effect == _SPREAD:
            yield finding("history.side_effect", Level.WARN, _SPREAD, variant="spread", effect=name, severity=severity)
        if before.severity not in _AT_LEAST_MODERATE:
            continue
        for suspected in before.muscles:
            for each in (line for line in chart.injections if line.muscle == suspected.muscle):
                product = chart.product_of(each)
                if before.product not in ("", product):
                    continue
                given = total(
                    line for line in chart.injections if line.place == each.place and chart.product_of(line) == product
                )
                if before.product and suspected.units is not None and given < suspected.units:
                    continue
                yield finding(
                    "history.side_effect",
                    Level.WARN,
                    each.place,
                    variant="" if suspected.units is not None and before.product else "dose_unknown",
                    place=place_name(reference, each.muscle, each.side),
                    given=given,
                    earlier=suspected.units if suspected.units is not None else Decimal(0),
                    product=product_name(reference, product, chart.region),
                    effect=name,
                    severity=severity,
                )


def component(chart: Chart, reference: Reference) -> Iterator[Finding]:
    """``pattern.component``: the side chosen against the side that the patient's components usually ask for.

    Turning to the right: left sternocleidomastoid (contra), right splenius (ipsi). A muscle that also serves a
    component without a side, such as retrocaput, fits on both sides. A line with an indication of its own is only
    compared with components of that one.
    """
    for each in chart.injections:
        if each.side not in _SIDES:
            continue
        usual = usual_sides(each.muscle, _components_of(each, chart, reference), reference)
        if usual and each.side not in usual:
            wanted = "; ".join(sorted({component_words(*asking, reference) for asking in usual[_other(each.side)]}))
            yield finding(
                "pattern.component",
                Level.INFO,
                each.place,
                source=_ANATOMY,
                verified=False,
                place=place_name(reference, each.muscle, each.side),
                usual=_other(each.side),
                components=wanted,
            )


def _components_of(each: ChartedInjection, chart: Chart, reference: Reference) -> list[tuple[str, str]]:
    """The patient's components; for a line with an indication of its own those of that one."""
    own = reference.indications.get(each.indication)
    return [component for component in chart.patient.components if own is None or component[0] in own.components]


def usual_sides(
    muscle_id: str, components: Iterable[tuple[str, str]], reference: Reference
) -> dict[str, list[tuple[str, str]]]:
    """For each side that a component asks of the muscle, the components that do, each with its own side.

    A component that says on which side it is (finger flexion of the right hand) asks for that side, one of the whole
    neck (retrocaput) for both; ipsi and contra are the reference's (muscles.yaml, patterns).
    """
    usual: dict[str, list[tuple[str, str]]] = {}
    unsided = {each.id for each in reference.components.values() if not each.sided}
    for pattern in reference.muscle(muscle_id).patterns:
        name, _, relation = pattern.rpartition("_")
        for component_id, to in components:
            if relation in ("ipsi", "contra"):
                if to in _SIDES and _alike(name) == _alike(component_id):
                    usual.setdefault(to if relation == "ipsi" else _other(to), []).append((component_id, to))
            elif component_id in (pattern, name):
                for side in (to,) if to in _SIDES and component_id not in unsided else _SIDES:
                    usual.setdefault(side, []).append((component_id, to))
    return usual


def usual_places(
    components: Iterable[tuple[str, str]], reference: Reference
) -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    """The usual muscles and sides of a patient's components, each with the components that it is usual for.

    A hint of where to look, never a dose. Uncommon targets, structures to keep away from, and muscles that the
    reference calls a minor part of a component are not usual.
    """
    chosen = tuple(components)
    usual: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
    for muscle in reference.muscles.values() if chosen else ():
        if muscle.target != "yes" or muscle.for_specialists:
            continue
        minor = {pattern.removesuffix(_MINOR) for pattern in muscle.patterns if pattern.endswith(_MINOR)}
        for side, asking in usual_sides(muscle.id, chosen, reference).items():
            place = (muscle.id, side if muscle.paired else "midline")
            found = [each for each in asking if each[0] not in minor]
            if found:
                usual[place] = tuple(dict.fromkeys((*usual.get(place, ()), *found)))
    return usual


def component_words(component_id: str, to: str, reference: Reference) -> str:
    """A component with its side: "torticollis to the right", "finger flexion on the right", "retrocaput"."""
    name = component_id.replace("_", " ")
    if to not in _SIDES:
        return name
    known = reference.components.get(component_id)
    turns = known is not None and known.plane in ("rotation", "lateral")
    return f"{name} {'to' if turns else 'on'} the {to}"


def _alike(name: str) -> str:
    return _ROTATION.get(name, name)


def _other(of: str) -> str:
    return "right" if of == "left" else "left"
