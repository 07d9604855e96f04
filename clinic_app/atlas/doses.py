"""The colours of doses: six bins from yellow to indigo that grow darker, so that they also read without colour."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

RAMP: tuple[Colour, ...] = (
    (0xF6, 0xEA, 0xA4),
    (0xB1, 0xDA, 0x86),
    (0x4A, 0xBB, 0xA1),
    (0x0A, 0x8A, 0xAE),
    (0x2D, 0x54, 0xA0),
    (0x38, 0x22, 0x72),
)
"""One colour for each bin. Lightness falls from bin to bin for every kind of colour vision."""

DEFAULT_LIMITS: tuple[float, ...] = (10, 25, 50, 75, 100)
"""Upper limits of all bins but the last, in units of the product that was given."""

UNDOSED: Colour = (222, 212, 206)
"""A muscle without a dose on the neutral plate."""

_BRIGHTEST_GREY = 226
"""The brightest an undosed muscle is drawn; divided out, so that colour times grey gives the colour of the scale."""


def dose_colour(units: float | Decimal, limits: Sequence[float] = DEFAULT_LIMITS) -> Colour:
    """The colour of ``units`` of one muscle; a dose on a limit belongs to the bin below it, none is UNDOSED."""
    _check(limits)
    if units <= 0:
        return UNDOSED
    return RAMP[sum(units > limit for limit in limits)]


def tint(colour: Colour) -> Colour:
    """The colour to multiply over the neutral plate so that the muscle shows ``colour``."""
    red, green, blue = (min(255, round(channel * 255 / _BRIGHTEST_GREY)) for channel in colour)
    return red, green, blue


def bin_titles(limits: Sequence[float] = DEFAULT_LIMITS) -> tuple[str, ...]:
    """What a legend says beside each colour, in units: "≤10", "≤25" … ">100"."""
    _check(limits)
    return (*(f"≤{limit:g}" for limit in limits), f">{limits[-1]:g}")


def _check(limits: Sequence[float]) -> None:
    if len(limits) != len(RAMP) - 1 or any(upper <= lower for lower, upper in pairwise(limits)):
        raise ValueError(f"{len(RAMP) - 1} rising limits are needed, not {list(limits)}")
