"""A chart that is open: its content, what it adds up to, the record it is checked against, and its draft."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QObject, Signal, Slot

from clinic_app.reference.catalogue import Reference
from clinic_app.rules.billing import SuggestedCodes
from clinic_app.rules.targets import component_words, usual_places
from clinic_app.services import charting
from clinic_app.services.access import Actor
from clinic_app.services.after_visit import AfterVisit, ReportedEffect
from clinic_app.services.answers import named
from clinic_app.services.chart_context import ChartContext
from clinic_app.services.chart_data import Answer, ChartContent, ChartVial, Draft, Pattern, Point
from clinic_app.services.charting import Charted, Said
from clinic_app.services.starting import product_of
from clinic_app.services.vial_conflicts import package_of
from clinic_app.terms import LabelRegion, Side
from clinic_app.ui.muscle_map.draft_keeper import DraftKeeper
from clinic_app.ui.muscle_map.model import ChartModel
from clinic_app.ui.muscle_map.steps import step_text


class OpenChart(QObject):
    """What the panels show and edit. Every edit is read into numbers and checked before anybody is told.

    ``person`` sits in front of it: answers to checks that are given or brought back here are in that name.
    ``last`` is the latest signed pattern of each indication treated today, ``usual`` where the patient's components
    usually lie, in words.
    """

    changed = Signal()
    """The content or its reading is another."""
    vials_changed = Signal()
    """Another lot or package stands on the chart."""

    def __init__(
        self,
        draft: Draft,
        context: ChartContext,
        reference: Reference,
        now: Callable[[], datetime],
        keeper: DraftKeeper,
        person: Actor,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.draft = draft
        self.reference = reference
        self.now = now
        self.person = person
        self.keeper = keeper
        keeper.setParent(self)
        self.context = context
        self.last: tuple[Pattern, ...] = ()
        self.usual: dict[tuple[str, Side], tuple[str, ...]] = {}
        self._last_of: tuple[str, ...] | None = None
        self._previous: dict[tuple[str, Side, str], Decimal] = {}
        self.model = ChartModel(
            draft.content,
            self,
            describe=lambda before, after: step_text(before, after, reference),
            bring_back=self._brought_back,
        )
        self.charted = self._read(draft.content)
        self._look_back()
        self.usual = self._usual_places()
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
        self._last_of = None
        self._look_back()
        self.usual = self._usual_places()
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
        return charting.suggestion(self.charted, self.reference)

    @property
    def treated(self) -> tuple[str, ...]:
        """The indications of this visit, its own first."""
        own = self.content.indication
        return tuple(dict.fromkeys(each for each in (own, *(line.indication for line in self.content.lines)) if each))

    @property
    def offered_indications(self) -> tuple[str, ...]:
        """What a line can be for: what this visit treats, and what else the patient has."""
        return tuple(dict.fromkeys((*self.treated, *self.context.indications)))

    @property
    def reported(self) -> tuple[AfterVisit, ...]:
        """What was reported after last time: after the latest visits for what is treated today, else the last one."""
        visits = {pattern.visit_id for pattern in self.last or self.context.last_visit}
        return tuple(each for each in self.context.reported if each.visit_id in visits)

    def suspected(self, muscle: str, side: Side) -> tuple[ReportedEffect, ...]:
        """The side effects after last time for which this muscle is under suspicion."""
        effects = (effect for each in self.reported for effect in each.effects)
        return tuple(effect for effect in effects if (muscle, side) in effect.muscles)

    def previous_units(self, muscle: str, side: Side, product: str) -> Decimal | None:
        """What the muscle got last time of this product; units of another one say nothing."""
        return self._previous.get((muscle, side, product))

    @property
    def last_assessment(self) -> str:
        """What was written of the last visit for what is treated today, or ""."""
        return next((pattern.assessment for pattern in self.last if pattern.assessment.strip()), "")

    def last_mixing(self, vial: ChartVial) -> Decimal | None:
        """The diluent in mL in which a vial of this product and size was mixed last time."""
        mixings = (mixing for pattern in self.last for mixing in pattern.mixings)
        same = (
            each.diluent_ml for each in mixings if (each.product, each.size_units) == (vial.product, vial.size_units)
        )
        return next(same, None)

    def previous_points(self, muscle: str, side: Side) -> tuple[Point, ...]:
        """Where the last pattern put its points."""
        lines = (line for pattern in self.last for line in pattern.lines if (line.muscle, line.side) == (muscle, side))
        return tuple(point for line in lines for point in line.points)

    def answer_to(self, said: Said) -> Answer | None:
        """The answer with which a finding no longer waits, or None."""
        return charting.counting(said, self.content.answers, self.context.may_override)

    def waiting_answer(self, said: Said) -> Answer | None:
        """What was said to a finding that waits all the same: a reason of somebody who cannot override it."""
        return None if self.answer_to(said) is not None else charting.answer_to(said, self.content.answers)

    def product_of_line(self, key: str) -> str:
        """The product that a line's units are units of."""
        line = next((line for line in self.content.lines if line.key == key), None)
        return product_of(self.content, line) if line is not None else self.content.product

    @Slot(object, object)
    def _content_changed(self, content: object, before: object) -> None:
        self.charted = self._read(self.content)
        self._look_back()
        self.keeper.want(self.content)
        self.changed.emit()
        packages = _packages(self.content)
        if packages != self._packages:
            self._packages = packages
            self.vials_changed.emit()

    def _brought_back(self, before: ChartContent, after: ChartContent) -> ChartContent:
        """The content that undo or redo shows: an answer that it brings back is this person's, as the service says."""
        return replace(after, answers=named(after.answers, before.answers, self.person))

    def _read(self, content: ChartContent) -> Charted:
        return charting.read(content, self.context, self.reference, self.now())

    def _look_back(self) -> None:
        """Find what was given last time for what is treated today; most edits change nothing about that."""
        treated = self.treated
        if treated == self._last_of:
            return
        self._last_of = treated
        self.last = self.context.last_of(treated)
        self._previous = {}
        for pattern in self.last:
            for line in pattern.lines:
                key = (line.muscle, line.side, line.product)
                self._previous[key] = self._previous.get(key, Decimal(0)) + line.units

    def _usual_places(self) -> dict[tuple[str, Side], tuple[str, ...]]:
        """The usual muscles of the patient's components, each with the components in words."""
        reference = self.reference
        return {
            (muscle, Side(side)): tuple(component_words(*each, reference) for each in asking)
            for (muscle, side), asking in usual_places(self.context.facts.components, reference).items()
        }


def _packages(content: ChartContent) -> frozenset[tuple[object, ...]]:
    return frozenset(
        (vial.lot_id, vial.product, vial.lot_number, vial.size_units, package_of(vial)) for vial in content.vials
    )
