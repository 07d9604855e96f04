"""One look for everything that leaves the printer: sizes in points, colours, margins, paper."""

from dataclasses import dataclass

MILLIMETRE = 72 / 25.4

INK = "#1B2430"
QUIET = "#5A6675"  # 5.9 : 1 on white, still readable after a weak photocopy
HAIRLINE = "#C3CBD4"
SHADE = "#F1F4F6"
ACCENT = "#0F766E"
WARNING = "#9A3412"

PAPER_SIZES: dict[str, tuple[float, float]] = {"Letter": (612.0, 792.0), "A4": (595.28, 841.89)}


@dataclass(frozen=True)
class TextStyle:
    """How one kind of text looks."""

    size: float
    leading: float
    bold: bool = False
    colour: str = INK


BODY = TextStyle(9, 12)
BODY_BOLD = TextStyle(9, 12, bold=True)
SMALL = TextStyle(7.5, 10, colour=QUIET)
LABEL = TextStyle(7.5, 12, colour=QUIET)
COLUMN_TITLE = TextStyle(7.5, 10, bold=True, colour=QUIET)
CELL = TextStyle(8.5, 11)
CELL_BOLD = TextStyle(8.5, 11, bold=True)
SECTION = TextStyle(10, 13, bold=True, colour=ACCENT)
TITLE = TextStyle(15, 19, bold=True)
CLINIC_NAME = TextStyle(11, 14, bold=True, colour=ACCENT)
PATIENT_NAME = TextStyle(12.5, 16, bold=True)
FOOT = TextStyle(7, 9, colour=QUIET)

# The patient reads at arm's length and may be 80 years old.
PLAIN = TextStyle(11.5, 15.5)
PLAIN_BOLD = TextStyle(11.5, 15.5, bold=True)
PLAIN_SECTION = TextStyle(14, 18, bold=True, colour=ACCENT)


def paper_size(paper: str) -> tuple[float, float]:
    """Width and height of ``paper`` ("Letter" or "A4") in points."""
    if paper not in PAPER_SIZES:
        raise ValueError(f"unknown paper {paper!r}")
    return PAPER_SIZES[paper]


def rgb(colour: str) -> tuple[float, float, float]:
    """A colour written "#RRGGBB" as three numbers from 0 to 1."""
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255
