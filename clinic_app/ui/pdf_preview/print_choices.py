"""What was chosen in the print dialog, remembered for each kind of paper."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeVar

from PySide6.QtCore import QSettings
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

Duplex = QPrinter.DuplexMode
Tray = QPrinter.PaperSource
Colour = QPrinter.ColorMode
Word = TypeVar("Word", bound=Enum)

_MOST_COPIES = 99


@dataclass(frozen=True, slots=True)
class PrintChoices:
    """Printer and how it prints. None leaves what the printer itself prefers. The size of the paper is never among it:
    that is the document's."""

    printer: str = ""
    copies: int = 1
    collate: bool = True
    duplex: Duplex | None = None
    tray: Tray | None = None
    colour: Colour | None = None


@dataclass(frozen=True, slots=True)
class Offers:
    """What a printer can do; of no trays known, none is refused."""

    duplex: Collection[Duplex] = ()
    trays: Collection[Tray] | None = None
    colours: Collection[Colour] = ()


def fitting(choices: PrintChoices, printer: str, offers: Offers) -> PrintChoices:
    """The choices as far as a printer can follow them."""
    trays = offers.trays
    return replace(
        choices,
        printer=printer,
        duplex=choices.duplex if choices.duplex in offers.duplex else None,
        # A tray of one printer says nothing about those of another.
        tray=choices.tray if printer == choices.printer and (trays is None or choices.tray in trays) else None,
        colour=choices.colour if choices.colour in offers.colours else None,
    )


def chosen(printer: QPrinter) -> PrintChoices:
    """What the person chose."""
    return PrintChoices(
        printer.printerName(),
        printer.copyCount(),
        printer.collateCopies(),
        printer.duplex(),
        printer.paperSource(),
        printer.colorMode(),
    )


def apply(choices: PrintChoices, printer: QPrinter, names: Collection[str]) -> None:
    """Set a printer up as it was chosen last time, or the default one where that is gone. ``names`` are those there."""
    name = choices.printer if choices.printer in names else QPrinterInfo.defaultPrinterName()
    if name:
        printer.setPrinterName(name)
    choices = fitting(choices, name, offers_of(name, printer))
    printer.setCopyCount(choices.copies)
    printer.setCollateCopies(choices.collate)
    if choices.duplex is not None:
        printer.setDuplex(choices.duplex)
    if choices.tray is not None:
        printer.setPaperSource(choices.tray)
    if choices.colour is not None:
        printer.setColorMode(choices.colour)


def offers_of(name: str, printer: QPrinter) -> Offers:
    """What the printer called ``name`` can do; ``printer`` is set to it."""
    information = QPrinterInfo.printerInfo(name)
    # Qt knows the trays of a printer under Windows only.
    ask_trays: Callable[[], list[Tray]] | None = getattr(printer, "supportedPaperSources", None)
    trays = None if ask_trays is None else ask_trays()
    return Offers(information.supportedDuplexModes(), trays, information.supportedColorModes())


def remember(settings: QSettings, kind: str, choices: PrintChoices) -> None:
    """Keep the choices for the next paper of this kind."""
    settings.beginGroup(f"printing/{kind}")
    settings.remove("")
    settings.setValue("printer", choices.printer)
    settings.setValue("copies", choices.copies)
    settings.setValue("collate", choices.collate)
    for name, word in (("duplex", choices.duplex), ("tray", choices.tray), ("colour", choices.colour)):
        if word is not None:
            settings.setValue(name, word.name)
    settings.endGroup()


def remembered(settings: QSettings, kind: str) -> PrintChoices:
    """The choices of last time; what cannot be read is as if it was never chosen."""
    settings.beginGroup(f"printing/{kind}")
    copies = str(settings.value("copies", "1"))
    choices = PrintChoices(
        str(settings.value("printer", "")),
        min(max(int(copies), 1), _MOST_COPIES) if copies.isascii() and copies.isdigit() else 1,
        str(settings.value("collate", "true")).casefold() != "false",
        _word(Duplex, settings.value("duplex")),
        _word(Tray, settings.value("tray")),
        _word(Colour, settings.value("colour")),
    )
    settings.endGroup()
    return choices


def _word(kind: type[Word], name: object) -> Word | None:
    return kind.__members__.get(str(name))
