"""The arithmetic of the reports: quartiles of counted values, intervals of shares."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import sqrt

Z = 1.959963984540054
"""Two-sided 95 % of the normal distribution."""


def quartiles(counts: Mapping[int, int]) -> tuple[Decimal, Decimal, Decimal] | None:
    """Lower quartile, median and upper quartile of values that occur so often; None for none.

    Interpolated between neighbours so that least and greatest value are the ends (type 7 of Hyndman and Fan,
    doi:10.1080/00031305.1996.10473566; what spreadsheets call QUARTILE.INC).
    """
    total = sum(counts.values())
    if not total:
        return None
    ordered = sorted((value, often) for value, often in counts.items() if often)
    return _at(ordered, total, 1), _at(ordered, total, 2), _at(ordered, total, 3)


def _at(ordered: Sequence[tuple[int, int]], total: int, quarter: int) -> Decimal:
    whole, rest = divmod(quarter * (total - 1), 4)
    lower = _nth(ordered, whole)
    upper = _nth(ordered, whole + 1) if rest else lower
    return Decimal(lower) + Decimal(upper - lower) * rest / 4


def _nth(ordered: Sequence[tuple[int, int]], number: int) -> int:
    for value, often in ordered:
        if number < often:
            return value
        number -= often
    raise IndexError(number)


def share(part: int, whole: int) -> Decimal | None:
    """The percentage of a part; None of nothing."""
    return Decimal(100 * part) / whole if whole else None


def wilson(part: int, whole: int) -> tuple[Decimal, Decimal] | None:
    """The 95 % confidence interval of a share in percent; None of nothing.

    Wilson's score interval (doi:10.1080/01621459.1927.10502953): it stays between 0 and 100 and is honest for few.
    """
    if not whole:
        return None
    observed, square = part / whole, Z * Z
    middle = (observed + square / (2 * whole)) / (1 + square / whole)
    half = Z / (1 + square / whole) * sqrt(observed * (1 - observed) / whole + square / (4 * whole * whole))
    # At the ends only rounding parts the interval from the share itself.
    low = 0.0 if part == 0 else middle - half
    high = 1.0 if part == whole else middle + half
    return Decimal(str(100 * low)), Decimal(str(100 * high))
