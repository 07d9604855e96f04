"""Pages: where things stand, what repeats on each of them, and the bytes in the end.

A document is laid out first and drawn afterwards, because "page 1 of 3" needs the 3 before page 1 is drawn.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any

from clinic_app.documents import fonts
from clinic_app.documents.style import ACCENT, FOOT, HAIRLINE, INK, MILLIMETRE, TextStyle, paper_size, rgb
from clinic_app.documents.text import Line, fitted, one_line
from clinic_app.documents.wording import locale_in, patient_words

Drawing = Callable[[Any], None]
Furniture = Callable[[Any, int, int], None]
_Bookmark = tuple[str, str, int]  # its words, its key and how many stand above it
Fitting = Callable[[TextStyle, float], Line]  # a line that knows how to become no wider than asked

MARGIN = 16 * MILLIMETRE
FOOT_HEIGHT = 17 * MILLIMETRE

# ReportLab keeps the state of a font subset in the registered font, so two threads may not draw at once.
_drawing = threading.Lock()


@dataclass(frozen=True)
class Edition:
    """How a document is printed: paper ("Letter" or "A4"), language of its words, locale of its dates and numbers.

    ``country`` is the clinic's, where the locale does not say it: nobody wrote down how English is written in Mexico.
    """

    paper: str = "Letter"
    language: str = "en"
    locale: str = "en_US"
    country: str = ""

    @property
    def words(self) -> dict[str, Any]:
        """The words that papers of every kind share, in its language."""
        return patient_words("paper", self.language)

    def speaking(self, language: str) -> "Edition":
        """The same for a reader of ``language``, with dates and numbers as that is written in the same country."""
        spoken, _, rest = self.locale.partition("_")
        country = self.country or rest.rpartition("_")[2]
        locale = self.locale if spoken == language else locale_in(language, country)
        return replace(self, language=language, locale=locale)

    def worded(self, kind: str) -> tuple[dict[str, Any], "Edition"]:
        """The texts of one kind of paper, and the edition in their language, which is English where it has none."""
        words = patient_words(kind, self.language)
        return words, self.speaking(words["language"])


class Flow:
    """A column of content that runs over as many pages as it needs; ``y`` is where the next thing starts.

    What the parts of a document say by themselves, they say in the language of its ``edition``.
    """

    def __init__(
        self,
        width: float,
        height: float,
        head: float,
        margin: float = MARGIN,
        foot: float = FOOT_HEIGHT,
        edition: Edition = Edition(),
    ) -> None:
        self.page_width, self.page_height = width, height
        self.left, self.right = margin, width - margin
        self.width = self.right - self.left
        self.bottom = foot
        self.head = head
        self.edition = edition
        self.pages: list[list[Drawing]] = [[]]
        self.bookmarks: list[tuple[int, str, float, int]] = []
        self.y = height - margin

    @property
    def room(self) -> float:
        """Height left on this page."""
        return self.y - self.bottom

    def add(self, drawing: Drawing) -> None:
        """Draw something on the current page, at places it has worked out itself."""
        self.pages[-1].append(drawing)

    def bookmark(self, words: str, level: int = 0) -> None:
        """Let a reader of the file jump here; documents of one page do without.

        ``level`` counts the bookmarks above it: one of level 1 follows the one of level 0 that it belongs to.
        """
        self.bookmarks.append((len(self.pages), words, self.y, level))

    def down(self, height: float) -> None:
        """Leave ``height`` free, but never at the top of a page."""
        if self.y < self.page_height - self.head - 0.1:
            self.y -= height

    def new_page(self) -> None:
        """Go on at the top of a new page."""
        self.pages.append([])
        self.y = self.page_height - self.head

    def ensure(self, height: float) -> None:
        """Start a new page unless ``height`` is free on this one or no page could hold it."""
        if height > self.room and self.y < self.page_height - self.head - 0.1:
            self.new_page()


@dataclass(frozen=True)
class Document:
    """Pages laid out and ready to be drawn: their content, what repeats on each, and what the file says of itself.

    The properties of a file name no patient: whom it is ``about`` stands in a bookmark, inside. ``day`` is the day that
    the paper bears, and the file's own.
    """

    flow: Flow
    furniture: tuple[Furniture, ...]
    title: str
    author: str
    subject: str
    day: date | None = None
    about: str = ""


def draw_line(canvas: Any, line: Line, x: float, baseline: float, style: TextStyle, align: str = "left") -> None:
    """Draw one line of text; ``x`` is its left end, its right end or its middle by ``align``."""
    if not line.runs:
        return
    if align == "right":
        x -= line.width
    elif align == "centre":
        x -= line.width / 2
    text = canvas.beginText(x, baseline)
    text.setFillColorRGB(*rgb(style.colour))
    for font, piece in line.runs:
        text.setFont(font, style.size)
        text.textOut(piece)
    canvas.drawText(text)


def draw_text(
    canvas: Any, words: str, x: float, baseline: float, style: TextStyle, width: float, align: str = "left"
) -> None:
    """Draw one line of plain words, cut with an ellipsis where it would pass ``width``."""
    draw_line(canvas, fitted(words, style, width), x, baseline, style, align)


def rule(canvas: Any, left: float, right: float, y: float, colour: str = HAIRLINE, width: float = 0.5) -> None:
    """A horizontal line."""
    canvas.setStrokeColorRGB(*rgb(colour))
    canvas.setLineWidth(width)
    canvas.line(left, y, right, y)


def panel(canvas: Any, left: float, bottom: float, width: float, height: float, colour: str) -> None:
    """A filled rectangle with slightly rounded corners."""
    canvas.setFillColorRGB(*rgb(colour))
    canvas.roundRect(left, bottom, width, height, 3, stroke=0, fill=1)


def plain(words: str) -> Fitting:
    """Plain words, cut at their end when they must fit."""
    return lambda style, width: fitted(words, style, width)


def footer(flow: Flow, left_words: str, middle: Fitting, above: str = "") -> Furniture:
    """The foot of every page: the clinic, whose page it is, and page x of y. ``above`` is a line over it."""
    bold = TextStyle(FOOT.size, FOOT.leading, bold=True, colour=INK)
    left, right, width = flow.left, flow.right, flow.width

    def draw(canvas: Any, number: int, total: int) -> None:
        baseline = 8.5 * MILLIMETRE
        rule(canvas, left, right, baseline + 10)
        if above:
            draw_text(canvas, above, left, baseline + 13, FOOT, width)
        page = fitted(flow.edition.words["page"].format(page=number, pages=total), FOOT, width)
        draw_line(canvas, page, right, baseline, FOOT, "right")
        free = width - page.width - 24
        mine = middle(bold, free * 0.7)
        draw_line(canvas, mine, right - page.width - 12, baseline, bold, "right")
        draw_text(canvas, left_words, left, baseline, FOOT, free - mine.width)

    return draw


def watermark(word: str) -> Furniture:
    """``word`` across the page, light enough to read the page through it."""

    def draw(canvas: Any, number: int, total: int) -> None:
        del number, total
        width, height = canvas._pagesize
        canvas.saveState()
        canvas.translate(width / 2, height / 2)
        canvas.rotate(52)
        canvas.setFillAlpha(0.13)
        size = width / len(word) * 1.25
        line = fitted(word, TextStyle(size, size, bold=True, colour=ACCENT), width * 2)
        draw_line(canvas, line, 0, -size * 0.36, TextStyle(size, size, True, "#B42318"), "centre")
        canvas.restoreState()

    return draw


def to_pdf(document: Document) -> bytes:
    """Draw the pages with what repeats on each, and return the PDF file."""
    return bound((document,))


def bound(documents: Iterable[Document], title: str = "") -> bytes:
    """Several documents in one PDF file, each with its own count of pages and, when there are several, its bookmark.

    They share their fonts and pictures. ``title`` is that of the whole, by default of the first; a file can name one
    language, which is that of the first. ``documents`` are
    taken one after the other, so that whoever makes them may tell how far the work is, or stop it by raising.
    """
    from reportlab import rl_config
    from reportlab.pdfgen.canvas import Canvas

    rl_config.useA85 = 0  # binary streams: text-safe encoding makes pictures a quarter larger and slower
    with _drawing:
        fonts.widths(fonts.REGULAR)
        stream = BytesIO()
        canvas: Any = None
        drawn: list[list[_Bookmark]] = []
        for document in documents:
            if canvas is None:
                canvas = Canvas(
                    stream,
                    pageCompression=1,
                    initialFontName=fonts.REGULAR,  # else every file names an unembedded Helvetica
                    lang=document.flow.edition.language,
                    invariant=1,  # the same content is the same file: only so a digest says what was printed
                )
                canvas.setTitle(title or document.title)
                canvas.setAuthor(document.author)
                canvas.setSubject(document.subject)
                canvas.setCreator("clinic-app")
                canvas.setViewerPreference("DisplayDocTitle", "true")
                if document.day is not None:
                    written = f"D:{document.day:%Y%m%d}"
                    canvas.setDateFormatter(lambda *_, written=written: written)
            drawn.append(_drawn(canvas, document, len(drawn)))
        if canvas is None:
            raise ValueError("nothing to bind")
        _outline(canvas, drawn)
        canvas.save()
        return stream.getvalue()


def _drawn(canvas: Any, document: Document, place: int) -> list[_Bookmark]:
    """Draw one document; its bookmarks, the first of them for the whole, those of headings where it is long."""
    flow = document.flow
    bookmarks: list[_Bookmark] = []
    for number, page in enumerate(flow.pages, start=1):
        canvas.setPageSize((flow.page_width, flow.page_height))
        if number == 1:
            key = f"{place}"
            canvas.bookmarkHorizontal(key, 0, flow.page_height)
            about = one_line(document.about)[:100]
            bookmarks.append((" · ".join(part for part in (about, document.title) if part), key, 0))
        for at, (on, words, top, level) in enumerate(flow.bookmarks):
            if on == number:
                key = f"{place}.{at}"
                canvas.bookmarkHorizontal(key, 0, top)
                bookmarks.append((words, key, level))
        for drawing in page:
            drawing(canvas)
        for draw in document.furniture:
            draw(canvas, number, len(flow.pages))
        canvas.showPage()
    return bookmarks if len(flow.pages) > 1 else bookmarks[:1]


def _outline(canvas: Any, drawn: list[list[_Bookmark]]) -> None:
    """A single document is left through its headings, several through their titles with the headings below."""
    several = len(drawn) > 1
    for (words, key, _), *headings in drawn:
        if several:
            canvas.addOutlineEntry(words, key, level=0, closed=True)
        for heading, key, level in headings:
            canvas.addOutlineEntry(heading, key, level=level + 1 if several else level, closed=True)


def pages_of(edition: Edition, head: float, margin: float = MARGIN) -> Flow:
    """An empty flow on the paper of ``edition``; ``head`` is kept free from the second page on."""
    width, height = paper_size(edition.paper)
    return Flow(width, height, head, margin, edition=edition)
