"""Colours of the atlas: named RGB values and the tones a muscle is shaded with."""

from dataclasses import dataclass

Colour = tuple[float, float, float]
"""Red, green, blue, 0 to 255."""

COLOURS: dict[str, Colour] = {
    "muscle": (178, 72, 62),
    "muscle_dark": (92, 22, 24),
    "muscle_light": (236, 166, 146),
    "muscle_outline": (72, 22, 22),
    "tendon": (238, 226, 202),
    "tendon_dark": (150, 128, 98),
    "bone": (236, 226, 204),
    "bone_dark": (128, 106, 80),
    "bone_light": (255, 252, 242),
    "cartilage": (210, 216, 214),
    "cartilage_dark": (112, 122, 126),
    "skin": (238, 222, 208),
    "skin_dark": (160, 126, 108),
    "skin_light": (255, 248, 240),
    "mucosa": (222, 150, 142),
    "mucosa_dark": (146, 70, 70),
    "mucosa_light": (250, 206, 198),
    "lip": (196, 116, 106),
    "depth": (128, 78, 66),
    "fascia": (232, 220, 200),
    "nerve": (232, 206, 140),
    "artery": (200, 96, 86),
    "vein": (128, 148, 178),
    "gland": (222, 186, 140),
    "fat": (240, 214, 140),
    "keep_away": (104, 128, 158),
    "keep_away_dark": (58, 78, 108),
    "undosed": (222, 212, 206),
    "white": (255, 255, 255),
    "black": (0, 0, 0),
    "shadow": (40, 10, 10),
    "roundness": (92, 44, 30),
}

UNDOSED: Colour = COLOURS["undosed"]
"""Muscle colour of the neutral pictures; dose colours are multiplied on it."""

DOSE_COLOURS: tuple[Colour, ...] = (
    (246, 234, 164),
    (177, 218, 134),
    (74, 187, 161),
    (10, 138, 174),
    (45, 84, 160),
    (56, 34, 114),
)
"""Six bins from little to much, used to try the neutral pictures out."""


def mix(first: Colour, second: Colour, part: float) -> Colour:
    """The first colour with ``part`` (0..1) of the second."""
    return (
        first[0] * (1 - part) + second[0] * part,
        first[1] * (1 - part) + second[1] * part,
        first[2] * (1 - part) + second[2] * part,
    )


@dataclass(frozen=True)
class Tones:
    """The colours one muscle is painted with."""

    base: Colour
    dark: Colour
    light: Colour
    outline: Colour
    tendon: Colour
    tendon_dark: Colour

    def jittered(self, amount: float) -> "Tones":
        """The base moved towards light (amount > 0) or dark, so that neighbours separate."""
        target = self.light if amount > 0 else self.dark
        return Tones(
            mix(self.base, target, abs(amount)), self.dark, self.light, self.outline, self.tendon, self.tendon_dark
        )


NATURAL = Tones(
    COLOURS["muscle"],
    COLOURS["muscle_dark"],
    COLOURS["muscle_light"],
    COLOURS["muscle_outline"],
    COLOURS["tendon"],
    COLOURS["tendon_dark"],
)


def tinted(base: Colour) -> Tones:
    """Tones around another base colour (tendon-only parts, undosed muscles)."""
    deep: Colour = (20, 10, 20)
    return Tones(
        base,
        mix(base, deep, 0.62),
        mix(base, (255, 255, 255), 0.55),
        mix(base, deep, 0.75),
        COLOURS["tendon"],
        COLOURS["tendon_dark"],
    )


NEUTRAL = Tones(
    UNDOSED,
    (96, 80, 80),
    (250, 247, 244),
    (74, 60, 62),
    (244, 239, 230),
    (150, 136, 120),
)

MUCOSA = Tones(
    COLOURS["mucosa"],
    COLOURS["mucosa_dark"],
    COLOURS["mucosa_light"],
    (120, 48, 50),
    COLOURS["tendon"],
    COLOURS["tendon_dark"],
)

TONES = {"": NATURAL, "mucosa": MUCOSA}
"""The tones a look may name."""


def sinew_tones(base: Colour) -> tuple[Colour, Colour, Colour, Colour]:
    """Base, dark, light and outline of tendons and ligaments."""
    return base, mix(base, (70, 46, 26), 0.55), mix(base, (255, 253, 246), 0.75), (98, 76, 54)


def greyed(colour: Colour) -> Colour:
    """The grey of the same lightness, for shade over undosed muscles."""
    grey = 0.30 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]
    return grey, grey, grey
