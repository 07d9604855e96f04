"""The colours of the two themes as plain data, with the contrast arithmetic that a test holds them to."""

from dataclasses import dataclass
from enum import StrEnum

from clinic_app.terms import Severity


class Level(StrEnum):
    """How loudly a finding or message speaks; each has its own shape and colour."""

    STOP = "stop"
    WARN = "warn"
    INFO = "info"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one theme, as ``#RRGGBB``."""

    dark: bool
    window: str
    """Behind everything."""
    surface: str
    """Cards, tables and editors."""
    sunken: str
    """The navigation rail, table headers, what lies a step lower."""
    floating: str
    """Menus, tooltips and other things above the page."""
    hover: str
    hairline: str
    """Separates; carries no meaning, so it may be faint."""
    control_border: str
    """The outline a person must see to find a control."""
    text: str
    muted: str
    disabled: str
    accent: str
    on_accent: str
    accent_hover: str
    accent_soft: str
    """Behind what is selected."""
    stop: str
    on_stop: str
    stop_soft: str
    warn: str
    on_warn: str
    warn_soft: str
    info: str
    on_info: str
    info_soft: str
    mild: str
    mild_soft: str
    moderate: str
    moderate_soft: str
    severe: str
    severe_soft: str
    shadow: str

    def level(self, level: Level) -> tuple[str, str, str]:
        """The colour of a level, the colour on top of it, and its soft background."""
        return {
            Level.STOP: (self.stop, self.on_stop, self.stop_soft),
            Level.WARN: (self.warn, self.on_warn, self.warn_soft),
            Level.INFO: (self.info, self.on_info, self.info_soft),
            Level.DONE: (self.accent, self.on_accent, self.accent_soft),
        }[level]

    def severity(self, severity: Severity) -> tuple[str, str]:
        """The colour and the soft background of a severity; everything past severe is severe's red."""
        if severity is Severity.MILD:
            return self.mild, self.mild_soft
        if severity is Severity.MODERATE:
            return self.moderate, self.moderate_soft
        return self.severe, self.severe_soft


LIGHT = Theme(
    dark=False,
    window="#F5F7F8",
    surface="#FFFFFF",
    sunken="#EDF1F3",
    floating="#FFFFFF",
    hover="#E9EEF1",
    hairline="#DCE3E7",
    control_border="#7F8C98",
    text="#16212B",
    muted="#51606D",
    disabled="#8D99A4",
    accent="#0F766E",
    on_accent="#FFFFFF",
    accent_hover="#0B5D57",
    accent_soft="#DBF2EE",
    stop="#B42318",
    on_stop="#FFFFFF",
    stop_soft="#FDECEA",
    warn="#8A5A00",
    on_warn="#FFFFFF",
    warn_soft="#FFF3D6",
    info="#475569",
    on_info="#FFFFFF",
    info_soft="#EBEFF3",
    mild="#8A5A00",
    mild_soft="#FFF3D6",
    moderate="#B04A0A",
    moderate_soft="#FFEBDD",
    severe="#B42318",
    severe_soft="#FDECEA",
    shadow="#0B1117",
)

DARK = Theme(
    dark=True,
    window="#11171D",
    surface="#182028",
    sunken="#0D1318",
    floating="#202A34",
    hover="#232E38",
    hairline="#2B3641",
    control_border="#71808E",
    text="#E7ECF1",
    muted="#A5B2BE",
    disabled="#697682",
    accent="#5EEAD4",
    on_accent="#06302B",
    accent_hover="#8CF3E3",
    accent_soft="#14443F",
    stop="#FF8A80",
    on_stop="#35100D",
    stop_soft="#3A1D1D",
    warn="#F5C451",
    on_warn="#332503",
    warn_soft="#372B10",
    info="#AEBBC9",
    on_info="#1A232C",
    info_soft="#26313C",
    mild="#F5C451",
    mild_soft="#372B10",
    moderate="#FF9F5A",
    moderate_soft="#3B2412",
    severe="#FF8A80",
    severe_soft="#3A1D1D",
    shadow="#000000",
)


@dataclass(frozen=True, slots=True)
class TypeColour:
    """A colour that a clinic can give a kind of appointment, in both themes. The words stay beside it.

    None of them is amber, orange or red: those mean something.
    """

    name: str
    light: str
    dark: str

    def in_theme(self, theme: Theme) -> str:
        """The colour as ``#RRGGBB``."""
        return self.dark if theme.dark else self.light


TYPE_COLOURS = {
    "teal": TypeColour("Teal", "#0F766E", "#2DD4BF"),
    "blue": TypeColour("Blue", "#1D63C4", "#7CB4FF"),
    "violet": TypeColour("Violet", "#6B3FC4", "#B9A0FF"),
    "pink": TypeColour("Pink", "#B02A86", "#FF8FD0"),
    "brown": TypeColour("Brown", "#7A4A21", "#D0A07A"),
    "green": TypeColour("Green", "#4B7A14", "#9FD356"),
    "grey": TypeColour("Grey", "#5B6773", "#AAB6C2"),
}
"""The palette by the keys that are stored with a kind of appointment."""


def type_colour(key: str, theme: Theme) -> str:
    """The colour of a stored key as ``#RRGGBB``; "" for none, and for a key that this program does not know."""
    known = TYPE_COLOURS.get(key)
    return "" if known is None else known.in_theme(theme)


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours by WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(int(color[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
