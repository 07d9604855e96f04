"""An appointment on its way to another place, by the pointer or by the keys, until it is dropped or left."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF

from clinic_app.ui.schedule.geometry import Edge, GridScale, chosen_span, moved_span, stretched_span
from clinic_app.ui.schedule.grid_model import Block


@dataclass(frozen=True, slots=True)
class Carried:
    """Where something would stand: an appointment, or time marked for a new one when ``block`` is None."""

    block: Block | None
    column: int
    start: int
    minutes: int

    @classmethod
    def of(cls, block: Block) -> "Carried":
        """An appointment taken up where it stands."""
        return cls(block, block.column, block.start, block.row.minutes)

    @property
    def elsewhere(self) -> bool:
        """Whether it would change anything."""
        return self.block is not None and self != Carried.of(self.block)

    def stepped(self, across: int, down: int, scale: GridScale) -> "Carried":
        """One column or one step on."""
        start, _ = moved_span(self.start, self.minutes, down * scale.step, scale)
        return replace(self, column=max(0, min(scale.columns - 1, self.column + across)), start=start)

    def stretched(self, steps: int, scale: GridScale) -> "Carried":
        """Its end some steps on: to the next line first where it stands between two."""
        end = self.start + self.minutes
        line = scale.first + (end - scale.first) // scale.step * scale.step
        at = line if steps > 0 else line - scale.step if end == line else line
        wanted = at + scale.step if steps > 0 else at
        _, minutes = stretched_span(self.start, self.minutes, Edge.END, wanted - scale.step, scale.step)
        return replace(self, minutes=minutes)


@dataclass(slots=True)
class Press:
    """What the mouse button went down on, and where it has been dragged since."""

    place: QPointF
    column: int
    minute: int
    block: Block | None
    edge: Edge | None = None
    dragging: bool = False
    at_column: int = 0
    at_minute: int = 0

    def carried(self, scale: GridScale) -> Carried:
        """Where it would be dropped now. An appointment keeps its place under the pointer: it moves by whole steps."""
        block = self.block
        if block is None:
            start, minutes = chosen_span(self.minute, self.at_minute, scale.step)
            return Carried(None, self.column, start, minutes)
        taken = Carried.of(block)
        if self.edge is not None:
            start, minutes = stretched_span(taken.start, taken.minutes, self.edge, self.at_minute, scale.step)
            return replace(taken, start=start, minutes=minutes)
        start, minutes = moved_span(taken.start, taken.minutes, self.at_minute - self.minute, scale)
        return Carried(block, self.at_column, start, minutes)
