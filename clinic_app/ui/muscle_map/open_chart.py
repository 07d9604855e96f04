"""A chart that is open: its content, what it adds up to, the record it is checked against, and its draft."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QObject, Signal, Slot

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.billing import SuggestedCodes
from clinic_app.services import charting
from clinic_app.services.chart_context import ChartContext
from clinic_app.services.chart_data import ChartContent, Draft, Pattern, Point
from clinic_app.services.charting import Charted, Said
from clinic_app.services.vial_conflicts import package_of
from clinic_app.terms import LabelRegion, Side
from clinic_app.ui.muscle_map.draft_keeper import DraftKeeper
from clinic_app.ui.muscle_map.model import ChartModel


class OpenChart(QObject):
    """What the panels show and edit. Every edit is read into numbers and checked before anybody is told."""

    changed = Signal()
    """The content or its reading is another."""
    vials_changed = Signal()
    """Another lot or package stands on the chart."""

    def __init__(
        self,
        draft: Draft,
        context: ChartContext,
        pattern: Pattern | None,
        reference: Reference,
        now: Callable[[], datetime],
        keeper: DraftKeeper,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.draft = draft
        self.reference = reference
        self.now = now
        self.keeper = keeper
        keeper.setParent(self)
        self.context = context
        self.pattern = pattern
        self.model = ChartModel(draft.content, self)
        self.charted = self._read(draft.content)
        self._previous = {(muscle, side): (units, product) for muscle, side, units, product in context.previous}
        self._packages = _packages(draft.content)
        self.model.changed.connect(self._content_changed)

    @property
    def content(self) -> ChartContent:
        """What stands on the chart."""
        return self.model.content

    @property
    def region(self) -> LabelRegion:
        """Whose labels the clinic works by."""
        return self.context.region

    def edit(self, content: ChartContent, merge: str = "") -> None:
        """The chart after an edit; the keys of one field, named by ``merge``, are one step."""
        self.model.set_content(content, merge)

    def set_context(self, context: ChartContext) -> None:
        """The record changed while the chart was open."""
        self.context = context
        self._previous = {(muscle, side): (units, product) for muscle, side, units, product in context.previous}
        self.read_again()

    @Slot()
    def read_again(self) -> None:
        """Read and check once more, because time or the record moved on."""
        self.charted = self._read(self.content)
        self.changed.emit()

    def read_for_signing(self) -> Charted:
        """The reading with what only a finished chart can lack."""
        return charting.read(self.content, self.context, self.reference, self.now(), at_signing=True)

    def suggested_codes(self) -> SuggestedCodes:
        """The billing codes that the chart suggests as it stands."""
        return charting.suggestion(self.content, self.context, self.reference, self.now())

    def previous_units(self, muscle: str, side: Side, product: str) -> Decimal | None:
        """What the muscle got last time, when that was the same product; units of another one say nothing."""
        units, given = self._previous.get((muscle, side), (None, ""))
        return units if given == product else None

    def previous_points(self, muscle: str, side: Side) -> tuple[Point, ...]:
        """Where the last pattern put its points."""
        if self.pattern is None:
            return ()
        lines = (line for line in self.pattern.lines if line.muscle == muscle and line.side is side)
        return tuple(point for line in lines for point in line.points)

    def answer_to(self, said: Said) -> str | None:
        """The reason a finding was answered with ("" for an acknowledgement), or None."""
        for answer in self.content.answers:
            if (answer.check, answer.subject) == (said.check, said.subject):
                return answer.reason
        return None

    def product_of_line(self, key: str) -> str:
        """The product that a line's units are units of."""
        vials = {vial.key: vial.product for vial in self.content.vials}
        line = next((line for line in self.content.lines if line.key == key), None)
        return vials.get(line.vial, self.content.product) if line is not None else self.content.product

    @Slot(object, object)
    def _content_changed(self, content: object, before: object) -> None:
        self.charted = self._read(self.content)
        self.keeper.want(self.content)
        self.changed.emit()
        packages = _packages(self.content)
        if packages != self._packages:
            self._packages = packages
            self.vials_changed.emit()

    def _read(self, content: ChartContent) -> Charted:
        return charting.read(content, self.context, self.reference, self.now())


def _packages(content: ChartContent) -> frozenset[tuple[object, ...]]:
    return frozenset((vial.lot_id, package_of(vial)) for vial in content.vials)
