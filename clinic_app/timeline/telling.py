"""What the picture says in words about one of its places: for the pointer, for readers of the screen, for tests."""

from collections.abc import Callable
from decimal import Decimal

from clinic_app.terms import Severity, Side
from clinic_app.timeline.course import Benefit, Course, CourseEffect, CourseVisit, ElsewhereDose, Interval, Treatment
from clinic_app.timeline.writing import Writing, weeks

Tell = Callable[[], tuple[str, ...]]

SEVERITIES = {
    Severity.MILD: "mild",
    Severity.MODERATE: "moderate",
    Severity.SEVERE: "severe",
    Severity.LIFE_THREATENING: "life-threatening",
    Severity.FATAL: "fatal",
}


def sided(name: str, side: Side) -> str:
    """Muscle and side: "Splenius capitis, left"."""
    return name if side is Side.MIDLINE else f"{name}, {side.value}"


def visit_lines(course: Course, visit: CourseVisit, writing: Writing) -> tuple[str, ...]:
    """A visit in a few lines: day, units, what it did, what went wrong."""
    before = [day for day in course.injected_on if day < visit.visited_on]
    lines = [", ".join(part for part in (writing.day(visit.visited_on), visit.indication) if part)]
    lines += [f"{course.product_word(product)}: {writing.units(units)}" for product, units in visit.totals.items()]
    if before:
        lines.append(f"{weeks((visit.visited_on - before[-1]).days)} after the injection before")
    if visit.brought_in:
        lines.append("Brought in from a file, not signed in this program")
    lines.append(benefit_line(visit.benefit))
    effects = course.effects_of(visit.id)
    lines += [effect_line(effect) for effect in effects]
    if not effects:
        lines.append("No side effects reported" if visit.asked_none else "Side effects: not asked")
    return tuple(lines)


def benefit_line(benefit: Benefit | None) -> str:
    """What a visit did, as far as it was noted."""
    if benefit is None:
        return "Benefit: not noted"
    parts = []
    if benefit.best_percent is not None:
        parts.append(f"best {benefit.best_percent} %")
    if benefit.first_day is not None:
        parts.append(f"from day {benefit.first_day}")
    if benefit.wore_off_week is not None:
        parts.append(f"wore off in week {benefit.wore_off_week}")
    if benefit.pain is not None:
        parts.append(f"pain {benefit.pain} of 10")
    return f"Benefit: {', '.join(parts) or 'not noted'}"


def effect_line(effect: CourseEffect) -> str:
    """A side effect with its severity, day and length."""
    day = (effect.started_on - effect.visited_on).days
    start = f"{effect.name}, {SEVERITIES[effect.severity]}, from day {day}"
    if effect.ended_on is None:
        return f"{start}, going on"
    return f"{start} for {weeks((effect.ended_on - effect.started_on).days + 1)}"


def tell_visit(course: Course, visit: CourseVisit, writing: Writing) -> Tell:
    """About a visit."""
    return lambda: visit_lines(course, visit, writing)


def tell_elsewhere(course: Course, dose: ElsewhereDose, writing: Writing) -> Tell:
    """About toxin of another clinic."""

    def tell() -> tuple[str, ...]:
        units = "units not known" if dose.units is None else writing.units(dose.units)
        where = f"Given elsewhere: {dose.place}" if dose.place else "Given elsewhere"
        return writing.day(dose.given_on), f"{course.product_word(dose.product)}: {units}", where

    return tell


def tell_interval(interval: Interval, writing: Writing) -> Tell:
    """About the time between two injections."""
    return lambda: (weeks(interval.days), f"{writing.day(interval.before)} to {writing.day(interval.after)}")


def tell_effect(course: Course, effect: CourseEffect, writing: Writing) -> Tell:
    """About a side effect: what it was, when, and the muscles suspected with what they had got."""

    def tell() -> tuple[str, ...]:
        visit = course.visit(effect.visit_id)
        end = "going on" if effect.ended_on is None else writing.day(effect.ended_on)
        lines = [effect_line(effect), f"{writing.day(effect.started_on)} to {end}"]
        lines.append(f"After the visit of {writing.day(visit.visited_on)}")
        for muscle, side in effect.muscles:
            got = [dose for dose in visit.doses if (dose.muscle, dose.side) == (muscle, side)]
            units = ", ".join(f"{writing.units(dose.units)} {course.product_word(dose.product)}" for dose in got)
            lines.append(f"Suspected: {sided(got[0].name, side)}, {units}" if got else f"Suspected: {muscle}")
        return tuple(lines)

    return tell


def tell_treatment(treatment: Treatment, writing: Writing) -> Tell:
    """About a medicine, operation or therapy."""

    def tell() -> tuple[str, ...]:
        since = f"since {writing.when(treatment.since)}" if treatment.since else "since when is not known"
        until = f"until {writing.when(treatment.until)}" if treatment.until else ""
        return treatment.name, " ".join(part for part in (since, until) if part)

    return tell


def change_text(units: Decimal, before: Decimal | None, writing: Writing) -> str:
    """What changed since the visit before: "40 → 60 U", or the units alone."""
    if before is None or before == units:
        return writing.units(units)
    return f"{writing.number(before)} → {writing.units(units)}"
