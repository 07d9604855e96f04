"""Saved patterns as the views show them and send them back: plain data."""

from dataclasses import dataclass
from datetime import datetime

from clinic_app.services.chart_data import Point
from clinic_app.terms import Side


@dataclass(frozen=True, slots=True)
class SavedLine:
    """A muscle and side of a saved pattern. ``units`` as they stood in its source, "" where it had none."""

    muscle: str
    side: Side
    units: str = ""
    points: tuple[Point, ...] = ()
    guidance: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PatternSource:
    """What can be saved as one pattern: the lines of one indication and product, in units of ``product``."""

    indication: str
    product: str
    lines: tuple[SavedLine, ...]


@dataclass(frozen=True, slots=True)
class PatternRow:
    """A saved pattern; ``own`` is the person's, any other is the clinic's. ``version`` goes back with each change."""

    id: int
    version: int
    name: str
    source: PatternSource
    own: bool
    saved_by: str
    saved_at: datetime
