"""How the paper of a patient's whole record says things: the words of its language, and what all sections share."""

from collections.abc import Sequence
from typing import Any

from clinic_app.documents.blocks import bullets, heading, prose
from clinic_app.documents.page import Edition, Flow, draw_text
from clinic_app.documents.patient_record_content import Named
from clinic_app.documents.style import ACCENT, BODY, BODY_BOLD, QUIET, TextStyle
from clinic_app.documents.text import Limit, one_line
from clinic_app.documents.wording import month_and_year, patient_words, short_date
from clinic_app.partial_dates import PartialDate
from clinic_app.terms import Side

TEXT = Limit(12_000, 150)
"""Free text is printed whole: nobody writes one that is longer."""
LINE = Limit(3000, 60)
"""The same of what the record keeps short."""
CELL = Limit(1500, 40)
ALL_ROWS = 1_000_000
SECTION_TITLE = TextStyle(13, 17, bold=True, colour=ACCENT)
_QUIET = TextStyle(9, 12, colour=QUIET)
_LABEL = 104.0


class RecordWords:
    """The words of the record in the language of an edition, which is English where they are not written in it."""

    def __init__(self, edition: Edition) -> None:
        self._words, self.edition = edition.worded("patient_record")
        self._effects: dict[str, Any] = patient_words("aftercare", self.edition.language)["effects"]
        self.locale = self.edition.locale

    def __getitem__(self, name: str) -> Any:
        return self._words[name]

    def said(self, table: str, named: Named) -> str:
        """What something of a closed list is called."""
        return str(self._words[table].get(named.code) or named.name)

    def listed(self, table: str, *named: Named | None) -> str:
        """Several of them on one line, with a capital."""
        line = ", ".join(self.said(table, each) for each in named if each is not None)
        return line[:1].upper() + line[1:]

    def effect(self, named: Named) -> str:
        """A side effect as patients' papers call it."""
        return str(self._effects.get(named.code, {}).get("name") or named.name)

    def sided(self, named: Named | str, side: Side | None) -> str:
        """A place or component with its side."""
        name = named if isinstance(named, str) else named.name
        return name if side is None else str(self._words["sided"][side]).format(name=name)

    def answer(self, question: str, answer: bool | None, more: str) -> str:
        """A question that may not have been asked, with what was said of it."""
        if answer is None:
            return more
        said = str(self._words["history"][f"{question}_{'yes' if answer else 'no'}"])
        return f"{said}: {more}" if more.strip() else said

    def partial(self, day: PartialDate | None) -> str:
        """A day, month or year, as exactly as it is known."""
        if day is None:
            return ""
        if not day.month:
            return str(day.year)
        return short_date(day.earliest, self.locale) if day.day else month_and_year(day.earliest, self.locale)

    def span(self, since: PartialDate | None, until: PartialDate | None) -> str:
        """From when to when."""
        names = self._words["history"]
        if since is not None and until is not None:
            return str(names["between"].format(first=self.partial(since), last=self.partial(until)))
        if since is not None:
            return str(names["since"].format(date=self.partial(since)))
        return "" if until is None else str(names["until"].format(date=self.partial(until)))

    def nothing(self, flow: Flow) -> None:
        """Say that a section holds nothing, so that nobody thinks it was forgotten."""
        prose(flow, self._words["nothing"], _QUIET)

    def lines(self, flow: Flow, lines: Sequence[str]) -> None:
        """What somebody typed, line by line."""
        if not lines:
            self.nothing(flow)
        bullets(flow, [line for line in lines if line.strip()], BODY, gap=1, limit=LINE)

    def facts(self, flow: Flow, pairs: Sequence[tuple[str, str]]) -> None:
        """Label and value in one column; pairs without a value are left out."""
        told = [(label, value) for label, value in pairs if value.strip()]
        if not told:
            self.nothing(flow)
        for label, value in told:
            labelled(flow, label, value)


def labelled(flow: Flow, label: str, *values: str, limit: Limit = LINE) -> None:
    """A label and, beside it, texts one under the other; none without any."""
    told = [value for value in values if value.strip()]
    if not told:
        return
    flow.ensure(BODY.leading * 3)  # the first lines never go to the next page without their label
    baseline = flow.y - BODY.leading * 0.78
    flow.add(lambda canvas: draw_text(canvas, label, flow.left, baseline, _QUIET, _LABEL - 6))
    for value in told:
        prose(flow, value, BODY, limit, _LABEL)
    flow.y -= 1


def section(flow: Flow, words: RecordWords, name: str) -> None:
    """The title of a section."""
    heading(flow, words["sections"][name], SECTION_TITLE, keep=40, before=16)
    flow.down(3)


def subheading(flow: Flow, title: str, *, keep: float = 40, style: TextStyle = BODY_BOLD) -> None:
    """The title of a visit or the like, with its bookmark below that of the section."""
    heading(flow, one_line(title)[:200], style, keep=keep, before=10, level=1)
    flow.down(1)
