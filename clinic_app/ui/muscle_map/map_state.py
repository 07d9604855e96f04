"""What the map shows of a chart: doses, points and what was given last time, as plain data."""

from dataclasses import dataclass
from decimal import Decimal

from clinic_app.atlas.doses import Colour
from clinic_app.services.chart_data import Point
from clinic_app.terms import Side

Place = tuple[str, Side]
"""A muscle and its side."""


@dataclass(frozen=True, slots=True)
class ShownDose:
    """A dosed muscle: ``text`` as it is written beside it, ``colour`` as the dose scale gives it.

    ``change`` is the difference to last time: "+10", "−10", "new" or nothing.
    """

    units: Decimal
    text: str
    colour: Colour
    change: str = ""


@dataclass(frozen=True, slots=True)
class ShownPoint:
    """A point of the chart: which line it belongs to, which of its points it is, and the units in it."""

    line: str
    number: int
    place: Place
    point: Point
    text: str = ""


@dataclass(frozen=True, slots=True)
class Ghost:
    """What a muscle got last time."""

    place: Place
    text: str
    points: tuple[Point, ...] = ()
    dropped: bool = False
    """Whether the chart of today leaves the muscle out."""


@dataclass(frozen=True, slots=True)
class MapState:
    """Everything a chart puts on the plate."""

    doses: tuple[tuple[Place, ShownDose], ...] = ()
    charted: tuple[Place, ...] = ()
    points: tuple[ShownPoint, ...] = ()
    ghosts: tuple[Ghost, ...] = ()
    usual: tuple[tuple[Place, tuple[str, ...]], ...] = ()
    """Where the patient's components usually lie, each place with its components in words. A hint, never a dose."""


NOTHING = MapState()
