"""Finds words in the pages of a file, whatever their case and accents, a few pages at a time."""

import unicodedata
from array import array
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from clinic_app.ui.pdf_preview.file import PdfFile, Span

_PAGES_AT_ONCE = 4
"""Read between two looks at keys and pointer."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where the words stand."""

    page: int
    span: Span


class FoldedText:
    """A text without case and accents that knows from which character each of its own came."""

    def __init__(self, text: str) -> None:
        pieces: list[str] = []
        self._origins = array("l")
        for place, character in enumerate(text):
            piece = _folded(character)
            if piece == " " and (not pieces or pieces[-1] == " "):
                continue  # the end of a line is a space like any other, and many are one
            if piece:
                pieces.append(piece)
                self._origins.extend([place] * len(piece))
        self.text = "".join(pieces)

    def spans(self, words: str) -> list[Span]:
        """Where the words stand in the text given, one after the other."""
        asked = FoldedText(words).text.strip()
        found: list[Span] = []
        free = 0  # a sign such as ß is two letters here, and is found once
        at = self.text.find(asked) if asked else -1
        while at >= 0:
            end = at + len(asked)
            first, last = self._origins[at], self._origins[end - 1]
            if first >= free:
                found.append((first, last + 1 - first))
                free = last + 1
            at = self.text.find(asked, end)
        return found


class TextSearch(QObject):
    """The places of one question, and which of them the person looks at."""

    changed = Signal()
    """There are more places, or another is looked at."""

    def __init__(self, file: PdfFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self._pages: list[FoldedText] = []
        self._words = ""
        self._next = 0
        self._from = 0
        self.matches: list[Match] = []
        self.on_page: dict[int, list[Span]] = {}
        self.current: int | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._look_further)

    @property
    def searching(self) -> bool:
        """Whether there are pages that were not looked through yet."""
        return self._timer.isActive()

    def look_for(self, words: str, page: int) -> None:
        """Find words, and look first at those on ``page`` or after it. "" finds nothing."""
        self._words, self._from = words, page
        self._next = 0
        self.matches, self.on_page, self.current = [], {}, None
        if words:
            self._timer.start()
        else:
            self._timer.stop()
        self.changed.emit()

    def stop(self) -> None:
        """Look no further: the file is being closed."""
        self._timer.stop()

    def step(self, by: int) -> None:
        """Go to a later place (1) or an earlier one (-1), round from the last to the first."""
        if self.current is not None:
            self.current = (self.current + by) % len(self.matches)
            self.changed.emit()

    @Slot()
    def _look_further(self) -> None:
        end = min(self._next + _PAGES_AT_ONCE, len(self._file.sizes))
        for number in range(self._next, end):
            if number == len(self._pages):
                self._pages.append(FoldedText(self._file.characters(number)))
            spans = self._pages[number].spans(self._words)
            self.on_page[number] = spans
            self.matches += [Match(number, span) for span in spans]
        self._next = end
        if end == len(self._file.sizes):
            self._timer.stop()
        if self.current is None and self.matches:
            here = (at for at, match in enumerate(self.matches) if match.page >= self._from)
            self.current = next(here, None if self.searching else 0)
        self.changed.emit()


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    if character.isspace():
        return " "
    bare = "".join(c for c in unicodedata.normalize("NFKD", character) if unicodedata.category(c)[0] not in "MC")
    # Letters such as ł and ø are no letter with an accent to Unicode, but to whoever types a name.
    return "".join(anyascii(c) if unicodedata.name(c, "").startswith("LATIN") else c for c in bare).casefold()
