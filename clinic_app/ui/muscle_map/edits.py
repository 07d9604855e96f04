"""Every change that a person can make to a chart, as pure functions from one content to the next."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from clinic_app.errors import ClinicError
from clinic_app.reference.units import show_number
from clinic_app.services.access import Actor
from clinic_app.services.chart_data import (
    ChartContent,
    ChartLine,
    ChartVial,
    Point,
    ScaleScore,
)
from clinic_app.services.charting import Said, answering, quantity
from clinic_app.services.starting import new_key, product_of, undosed
from clinic_app.terms import Side


def line_of(content: ChartContent, key: str) -> ChartLine | None:
    """The line with this key."""
    return next((line for line in content.lines if line.key == key), None)


def line_for(content: ChartContent, muscle: str, side: Side) -> ChartLine | None:
    """The line of this muscle and side."""
    return next((line for line in content.lines if line.muscle == muscle and line.side is side), None)


def vial_of(content: ChartContent, key: str) -> ChartVial | None:
    """The vial with this key."""
    return next((vial for vial in content.vials if vial.key == key), None)


def add_line(content: ChartContent, muscle: str, side: Side, previous_units: Decimal | None = None) -> ChartContent:
    """A line for the muscle and side, unless it has one. Its units stay empty: nobody's dose is proposed."""
    if line_for(content, muscle, side) is not None:
        return content
    line = ChartLine(
        key=new_key("line", (line.key for line in content.lines)),
        muscle=muscle,
        side=side,
        vial=usual_vial(content),
        previous_units=previous_units,
    )
    return replace(content, lines=(*content.lines, line))


def sort_lines(content: ChartContent, order: Callable[[ChartLine], Any]) -> ChartContent:
    """The lines in another order, which the note keeps; equal ones stay as they stood."""
    return replace(content, lines=tuple(sorted(content.lines, key=order)))


def remove_line(content: ChartContent, key: str) -> ChartContent:
    """Take a line off the chart, with the answers that were about it."""
    gone = line_of(content, key)
    if gone is None:
        return content
    place = f"{gone.muscle}/{gone.side.value}"
    return replace(
        content,
        lines=tuple(line for line in content.lines if line.key != key),
        answers=tuple(answer for answer in content.answers if not _is_about(answer.subject, place)),
    )


def _is_about(subject: str, place: str) -> bool:
    """Whether a finding is about the place, or about one of the indications that it is treated for."""
    return subject == place or subject.startswith(f"{place}/")


def set_units(content: ChartContent, key: str, typed: str) -> ChartContent:
    """What was typed as units; whoever types has looked at the line.

    Points that all had units of their own share the new sum equally again.
    """

    def change(line: ChartLine) -> ChartLine:
        own = bool(line.points) and all(point.units.strip() for point in line.points)
        points = _shared(line.points) if own else line.points
        return replace(line, units=typed, points=points, carried=False)

    return _change_line(content, key, change)


def set_point_units(content: ChartContent, key: str, number: int, typed: str) -> ChartContent:
    """Units of one point alone; when every point has its own, the muscle's units are their sum."""

    def change(line: ChartLine) -> ChartLine:
        if not 0 <= number < len(line.points):
            return line
        point = replace(line.points[number], units=typed)
        points = (*line.points[:number], point, *line.points[number + 1 :])
        total = _sum_of(points)
        return replace(line, points=points, units=line.units if total is None else total, carried=False)

    return _change_line(content, key, change)


def share_equally(content: ChartContent, key: str) -> ChartContent:
    """The line's points share its units equally again."""
    return _change_line(content, key, lambda line: replace(line, points=_shared(line.points), carried=False))


def mirror_points(content: ChartContent, key: str, points: Iterable[Point]) -> ChartContent:
    """The muscle's points on its other side, which gets a line if it has none. Nobody's dose is proposed."""
    line = line_of(content, key)
    other = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}.get(line.side) if line is not None else None
    if line is None or other is None:
        return content
    content = add_line(content, line.muscle, other)
    mirrored, guidance = tuple(_shared(points)), line.guidance

    def change(there: ChartLine) -> ChartLine:
        return replace(there, points=mirrored, guidance=there.guidance or guidance, carried=False)

    twin = line_for(content, line.muscle, other)
    return content if twin is None else _change_line(content, twin.key, change)


def confirm_line(content: ChartContent, key: str) -> ChartContent:
    """The carried line holds today as well."""
    return _change_line(content, key, lambda line: replace(line, carried=False))


def confirm_all(content: ChartContent) -> ChartContent:
    """Every carried line was looked at."""
    return replace(content, lines=tuple(replace(line, carried=False) for line in content.lines))


def set_guidance(content: ChartContent, key: str, guidance: Iterable[str]) -> ChartContent:
    """How the needle was guided for this line."""
    chosen = tuple(guidance)
    return _change_line(content, key, lambda line: replace(line, guidance=chosen, carried=False))


def set_line_vial(content: ChartContent, key: str, vial: str) -> ChartContent:
    """The vial that this line was drawn from; another product's vial clears the dose, which is not convertible."""

    def change(line: ChartLine) -> ChartLine:
        moved = replace(line, vial=vial, carried=False)
        before, after = product_of(content, line), product_of(content, moved)
        return undosed(line, vial) if before and after != before else moved

    return _change_line(content, key, change)


def set_line_indication(content: ChartContent, key: str, indication: str) -> ChartContent:
    """What this line treats, when the visit treats more than one thing."""
    own = "" if indication == content.indication else indication
    return _change_line(content, key, lambda line: replace(line, indication=own, carried=False))


def set_indication(content: ChartContent, indication: str, codes: Sequence[str]) -> ChartContent:
    """What the visit treats, with its diagnosis code: the one that stands if it fits, else the only one there is.

    Lines without an indication of their own follow.
    """
    code = content.icd10cm if content.icd10cm in codes else (codes[0] if len(codes) == 1 else "")
    lines = tuple(replace(line, indication="") if line.indication == indication else line for line in content.lines)
    return replace(content, indication=indication, icd10cm=code, lines=lines)


def set_note(content: ChartContent, key: str, note: str) -> ChartContent:
    """A remark on the line."""
    return _change_line(content, key, lambda line: replace(line, note=note))


def add_point(content: ChartContent, key: str, point: Point) -> ChartContent:
    """One more place on the map."""
    return _change_line(content, key, lambda line: replace(line, points=(*line.points, point), carried=False))


def move_point(content: ChartContent, key: str, number: int, point: Point) -> ChartContent:
    """Another place for one of the line's points."""

    def change(line: ChartLine) -> ChartLine:
        if not 0 <= number < len(line.points):
            return line
        points = (*line.points[:number], point, *line.points[number + 1 :])
        return replace(line, points=points, carried=False)

    return _change_line(content, key, change)


def remove_point(content: ChartContent, key: str, number: int) -> ChartContent:
    """Take one point away; a negative number counts from the end."""

    def change(line: ChartLine) -> ChartLine:
        if not line.points:
            return line
        gone = number % len(line.points)
        return replace(line, points=(*line.points[:gone], *line.points[gone + 1 :]), carried=False)

    return _change_line(content, key, change)


def answer(content: ChartContent, said: Said, person: Actor, reason: str = "") -> ChartContent:
    """Acknowledge a warning, or override a stop with a reason, in the person's name."""
    left = take_back_answer(content, said.check, said.subject)
    given = answering(said, reason, person.full_name, person.account_id)
    return replace(left, answers=(*left.answers, given))


def take_back_answer(content: ChartContent, check: str, subject: str) -> ChartContent:
    """Leave a finding unanswered again."""
    return replace(content, answers=tuple(a for a in content.answers if (a.check, a.subject) != (check, subject)))


def give_consent(content: ChartContent) -> ChartContent:
    """The patient has consented."""
    return replace(content, consent=True)


def set_score(content: ChartContent, scale: str, subscale: str, value: str) -> ChartContent:
    """A scale's total or subscale as typed; an empty value takes it off."""
    before = next((s for s in content.scores if (s.scale, s.subscale) == (scale, subscale)), None)
    if before is None:
        return (
            content if not value.strip() else replace(content, scores=(*content.scores, _score(scale, subscale, value)))
        )
    if not value.strip():
        return replace(content, scores=tuple(s for s in content.scores if s is not before))
    scores = tuple(_score(scale, subscale, value) if s is before else s for s in content.scores)
    return replace(content, scores=scores)


def _shared(points: Iterable[Point]) -> tuple[Point, ...]:
    return tuple(replace(point, units="") for point in points)


def _sum_of(points: Iterable[Point]) -> str | None:
    """The sum of the points' own units as a person would type it; None unless all have some that can be read."""
    total = Decimal(0)
    for point in points:
        if not point.units.strip():
            return None
        try:
            total += quantity(point.units)
        except ClinicError:
            return None
    return show_number(total)


def usual_vial(content: ChartContent) -> str:
    """The vial a new line is drawn from: the one used last among those of the visit's product."""
    fitting = [vial.key for vial in content.vials if vial.product == content.product]
    used = [line.vial for line in content.lines if line.vial in fitting]
    return used[-1] if used else (fitting[0] if fitting else "")


def _score(scale: str, subscale: str, value: str) -> ScaleScore:
    return ScaleScore(scale, subscale, value)


def _change_line(content: ChartContent, key: str, change: Callable[[ChartLine], ChartLine]) -> ChartContent:
    lines = tuple(change(line) if line.key == key else line for line in content.lines)
    return content if lines == content.lines else replace(content, lines=lines)
