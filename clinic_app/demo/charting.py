"""Charts of the demo: a first pattern from a profile, points on the map, vials that balance, findings answered."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from clinic_app.atlas.atlas import Atlas
from clinic_app.demo.patterns import PatternedLine
from clinic_app.demo.people import Person
from clinic_app.rules.findings import Level
from clinic_app.services.chart_data import Answer, ChartContent, ChartLine, ChartVial, LotChoice, Point
from clinic_app.services.charting import Charted, answering, plain_units
from clinic_app.terms import Side

# mL of diluent per vial size, each as the reference lists it for the product.
_DILUENT_ML = {
    ("onabotulinumtoxinA", 100): "2",
    ("onabotulinumtoxinA", 200): "4",
    ("incobotulinumtoxinA", 100): "2",
    ("incobotulinumtoxinA", 200): "4",
    ("abobotulinumtoxinA", 300): "0.6",
    ("abobotulinumtoxinA", 500): "1",
}


def charted_anew(content: ChartContent, person: Person, atlas: Atlas) -> ChartContent:
    """The profile's pattern on the patient's sides, with points on the map where a plate shows the muscle."""
    lines: list[ChartLine] = []
    for planned in person.profile.patterns[person.product]:
        for side in _sides(planned, person.side):
            lines.append(
                ChartLine(
                    key=f"line-{len(lines) + 1}",
                    muscle=planned.muscle,
                    side=side,
                    units=plain_units(Decimal(str(planned.units))),
                    points=_points(atlas, planned, side),
                    guidance=("EMG",) if person.number % 3 else ("ultrasound",),
                )
            )
    return replace(content, indication=person.profile.indication, product=person.product, lines=tuple(lines))


def drawn_from_vials(
    content: ChartContent, product: str, choices: tuple[LotChoice, ...], now: datetime
) -> ChartContent:
    """Open vials of today's lots, earliest expiry first, draw each line from one, and record the rest as waste."""
    opened: list[tuple[ChartVial, Decimal]] = []
    lines = []
    for line in content.lines:
        units = Decimal(line.units)
        place = next((n for n, (_, left) in enumerate(opened) if left >= units), None)
        if place is None:
            taken = [vial.lot_id for vial, _ in opened]
            left_over = tuple(choice for choice in choices if choice.vials_left > taken.count(choice.lot_id))
            opened.append(_open(product, left_over, units, len(opened) + 1, now))
            place = len(opened) - 1
        vial, left = opened[place]
        opened[place] = vial, left - units
        lines.append(replace(line, vial=vial.key))
    vials = tuple(
        replace(vial, wasted=plain_units(left), waste_reason="rest of a single-patient vial" if left else "")
        for vial, left in opened
    )
    return replace(content, product=product, lines=tuple(lines), vials=vials)


def answers_for(charted: Charted) -> tuple[Answer, ...]:
    """Every warning acknowledged; a stop gets the reason that a physician would write."""
    return tuple(
        answering(f, "discussed with the patient; benefit outweighs" if f.level is Level.STOP else "")
        for f in charted.findings
        if f.level is not Level.INFO
    )


def _open(
    product: str, choices: tuple[LotChoice, ...], units: Decimal, number: int, now: datetime
) -> tuple[ChartVial, Decimal]:
    """The patient's own vial, else the smallest on the shelf that holds the line, of the lot that expires first."""
    fitting = sorted(
        (c for c in choices if c.size_units >= units),
        key=lambda c: (not c.assigned_to_this, c.size_units, c.expires_on, c.number),
    )
    lot = fitting[0]
    vial = ChartVial(
        key=f"vial-{number}",
        product=product,
        lot_id=lot.lot_id,
        lot_number=lot.number,
        expires_on=lot.expires_on,
        size_units=lot.size_units,
        diluent="preservative-free 0.9% sodium chloride",
        diluent_ml=_DILUENT_ML[product, int(lot.size_units)],
        reconstituted_at=now,
    )
    return vial, lot.size_units


def _sides(planned: PatternedLine, side: Side) -> tuple[Side, ...]:
    other = Side.LEFT if side is Side.RIGHT else Side.RIGHT
    return {"same": (side,), "other": (other,), "both": (Side.LEFT, Side.RIGHT), "middle": (Side.MIDLINE,)}[
        planned.where
    ]


def _points(atlas: Atlas, planned: PatternedLine, side: Side) -> tuple[Point, ...]:
    for plate_id, layer_id in atlas.shown_on(planned.muscle, side.value):
        plate = atlas.plate(plate_id)
        layer = next(layer for layer in plate.layers if layer.id == layer_id)
        parts = [part for part in layer.parts if part.muscle == planned.muscle and part.side == side.value]
        if not parts:
            continue
        part = max(parts, key=lambda each: each.area)
        points = []
        for number in range(planned.points):
            # Along the belly, on both sides of the part's label anchor.
            u, t = part.locate(*part.anchor)
            t = min(0.95, max(0.05, t + (number - (planned.points - 1) / 2) * 0.14))
            x, y = part.at(u, t)
            points.append(Point(plate.id, part.id, round(u, 4), round(t, 4), round(x, 2), round(y, 2)))
        return tuple(points)
    return ()
