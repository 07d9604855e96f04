"""The colours of doses, and how they look to eyes that see fewer colours."""

from decimal import Decimal
from itertools import pairwise

import pytest

from clinic_app.atlas.doses import DEFAULT_LIMITS, RAMP, UNDOSED, Colour, bin_titles, dose_colour, tint

Matrix = tuple[tuple[float, float, float], ...]

# Machado, Oliveira and Fernandes (2009), complete loss of one kind of cone; in linear light.
VISION: dict[str, Matrix] = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
TO_XYZ: Matrix = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
WHITE = (0.95047, 1.0, 1.08883)


def _times(matrix: Matrix, values: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sum(factor * value for factor, value in zip(row, values, strict=True)) for row in matrix)


def _lab(colour: Colour, vision: str) -> tuple[float, float, float]:
    channels = [channel / 255 for channel in colour]
    linear = tuple(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    seen = tuple(min(1.0, max(0.0, value)) for value in _times(VISION[vision], linear))
    x, y, z = (value / white for value, white in zip(_times(TO_XYZ, seen), WHITE, strict=True))
    x, y, z = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _difference(one: Colour, other: Colour, vision: str) -> float:
    pairs = zip(_lab(one, vision), _lab(other, vision), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


@pytest.mark.parametrize("vision", VISION)
def test_more_units_are_darker_for_every_kind_of_vision(vision: str) -> None:
    lightness = [_lab(colour, vision)[0] for colour in RAMP]
    assert all(less - more > 5 for less, more in pairwise(lightness))


@pytest.mark.parametrize("vision", VISION)
def test_neighbours_and_no_dose_can_be_told_apart(vision: str) -> None:
    assert all(_difference(one, other, vision) > 9 for one, other in pairwise(RAMP))
    assert all(_difference(UNDOSED, colour, vision) > 9 for colour in RAMP)


@pytest.mark.parametrize(
    ("units", "expected"),
    [(0, UNDOSED), (0.5, RAMP[0]), (10, RAMP[0]), (10.1, RAMP[1]), (100, RAMP[4]), (400, RAMP[5])],
)
def test_a_dose_on_a_limit_belongs_to_the_bin_below(units: float, expected: Colour) -> None:
    assert dose_colour(units) == expected
    assert dose_colour(Decimal(str(units))) == expected


def test_a_clinic_may_set_its_own_limits() -> None:
    assert dose_colour(30, (50, 100, 200, 300, 500)) == RAMP[0]


@pytest.mark.parametrize("limits", [(10, 20, 30), (10, 25, 25, 75, 100)])
def test_limits_that_make_no_scale_are_refused(limits: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="rising limits"):
        dose_colour(5, limits)


def test_the_tint_over_the_undosed_grey_gives_the_colour_back() -> None:
    for colour in RAMP:
        for wanted, laid, grey in zip(colour, tint(colour), (226, 226, 226), strict=True):
            assert wanted >= 226 or abs(laid * grey / 255 - wanted) <= 1
    assert max(tint((246, 234, 164))) == 255


def test_the_legend_names_every_bin() -> None:
    assert bin_titles() == ("≤10", "≤25", "≤50", "≤75", "≤100", ">100")
    assert bin_titles((2.5, 5, 10, 20, 40))[0] == "≤2.5"
    assert len(bin_titles(DEFAULT_LIMITS)) == len(RAMP)
