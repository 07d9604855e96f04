"""A quantity of the chart against the label's figures and the clinic's own limit in their place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from clinic_app.rules.chart import ClinicLimit
from clinic_app.rules.findings import CLINIC, Finding, Level, Value, finding, stop_if
from clinic_app.rules.limits import LIMITABLE, Quantity

#: What a sentence calls the figure that holds, and the label's figure beside the clinic's limit.
_FIGURE_NAMES = {
    Quantity.UNITS: ("cap", "label"),
    Quantity.DAYS: ("minimum", "label_minimum"),
    Quantity.HOURS: ("limit_hours", "label_hours"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the reference in the check's quantity, with its sources and their own wording.

    ``of_indication`` says that it belongs to one indication: only a limit that names the indication widens it.
    ``chosen`` says that it is a choice of this program and no maximum of a label.
    """

    amount: Decimal
    source: tuple[str, ...]
    verified: bool
    wording: str = ""
    of_indication: bool = False
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a check has to tell. ``amount`` is the figure that was passed, or the clinic's wider limit that was not."""

    check: str
    level: Level
    amount: Decimal
    source: tuple[str, ...]
    verified: bool
    variant: str = ""
    wording: str = ""
    parameters: dict[str, Value] = field(default_factory=dict)

    def finding(self, subject: str = "", *, variant: str = "", **parameters: Value) -> Finding:
        """The finding; ``variant`` is the sentence where the clinic's limits say nothing."""
        return finding(
            self.check,
            self.level,
            subject,
            source=self.source,
            verified=self.verified,
            variant=self.variant or variant,
            **self.parameters,
            **parameters,
        )


def judge(
    check: str,
    value: Decimal,
    figures: Iterable[Figure],
    limit: ClinicLimit | None,
    *,
    passed: Sequence[Figure] | None = None,
    stops: bool = True,
) -> Judgement | None:
    """What there is to tell about ``value``, or None.

    Without a limit of the clinic the label's figures decide: of those passed a verified one, and of these the
    strictest. A clinic's limit that is passed stops by itself (or warns, where the check never stops), since it is
    the clinic's own and needs no page; the label's figure is named beside it. Where it is kept and a figure of the
    label is passed, that is shown; but a limit for any indication does not widen what the label says of a single one.
    ``passed`` are the figures passed, where not all are compared with ``value``.
    """
    quantity = LIMITABLE[check].quantity
    figures = tuple(figures)
    if passed is None:
        passed = [figure for figure in figures if quantity.passed(value, figure.amount)]
    worst = _strictest(quantity, passed)
    if limit is None:
        return None if worst is None else _by_label(check, worst, stops)
    if quantity.passed(value, limit.value):
        return _by_clinic(check, limit, worst or _strictest(quantity, figures), stops)
    not_widened = _strictest(quantity, [each for each in passed if each.of_indication and not limit.indication])
    if not_widened is not None:
        return _by_label(check, not_widened, stops)
    return None if worst is None else _within_clinic(check, limit, worst)


def _by_label(check: str, figure: Figure, stops: bool) -> Judgement:
    name, _ = _FIGURE_NAMES[LIMITABLE[check].quantity]
    return Judgement(
        check,
        stop_if(figure.verified) if stops else Level.WARN,
        figure.amount,
        figure.source,
        figure.verified,
        wording=figure.wording,
        parameters={name: figure.amount},
    )


def _by_clinic(check: str, limit: ClinicLimit, label: Figure | None, stops: bool) -> Judgement:
    return Judgement(
        check,
        Level.STOP if stops else Level.WARN,
        limit.value,
        (CLINIC,) if label is None else (CLINIC, *label.source),
        True,
        "clinic" if label is None else "clinic_label",
        parameters=_of_clinic(check, limit, label, note_unverified=True),
    )


def _within_clinic(check: str, limit: ClinicLimit, label: Figure) -> Judgement:
    return Judgement(
        check,
        Level.INFO,
        limit.value,
        (CLINIC, *label.source),
        label.verified,  # what is told is that the label's figure was passed
        "wider",
        parameters=_of_clinic(check, limit, label),
    )


def _of_clinic(
    check: str, limit: ClinicLimit, label: Figure | None, *, note_unverified: bool = False
) -> dict[str, Value]:
    """The clinic's limit with its author and date, and the label's figure where there is one."""
    name, label_name = _FIGURE_NAMES[LIMITABLE[check].quantity]
    parameters: dict[str, Value] = {name: limit.value, "set_by": limit.set_by}
    if limit.set_on is not None:
        parameters["set_on"] = limit.set_on
    if label is not None:
        parameters[label_name] = label.amount
        unverified = note_unverified and not label.verified
        parameters["label_state"] = "chosen" if label.chosen else "unverified" if unverified else ""
    return parameters


def _strictest(quantity: Quantity, figures: Iterable[Figure]) -> Figure | None:
    return max(figures, key=lambda each: (each.verified, quantity.strictness(each.amount)), default=None)
