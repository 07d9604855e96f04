"""Charts in progress: whose they are, how far they got, and which should have been signed on an earlier day."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.services.chart_data import DraftRow
from clinic_app.ui.locale import date_text, weekday_date_text
from clinic_app.ui.theme import INSIDE, TIGHT
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.pills import Pill
from clinic_app.ui.widgets.sections import Card

_UNDER_LINK = 1  # a link keeps so much room for its focus


class DraftList(QWidget):
    """One card for each chart. Those that wait for the person stand first, under a heading of their own."""

    chosen = Signal(int)
    """Open this draft."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[DraftCard] = []
        self._shown: tuple[tuple[DraftRow, ...], date] | None = None
        self._focus_wanted = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(INSIDE)

    def set_drafts(self, drafts: Sequence[DraftRow], today: date) -> None:
        """Show them; what was in focus stays in focus."""
        if self._shown == (tuple(drafts), today):
            return
        self._shown = tuple(drafts), today
        focused = next((card.draft.id for card in self.cards if card.link.hasFocus()), None)
        while (taken := self._column.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.cards = []
        waiting = [draft for draft in drafts if draft.mine]
        late = [draft for draft in waiting if draft.visited_on < today]
        # What should have been signed on an earlier day comes first, the oldest on top.
        mine = sorted(late, key=lambda draft: draft.visited_on) + [each for each in waiting if each not in late]
        others = [draft for draft in drafts if not draft.mine]
        for title, group in (("Waiting for you", mine), ("Charts in progress" if not mine else "Of others", others)):
            if group:
                self._column.addWidget(Strong(title, self))
                for draft in group:
                    card = DraftCard(draft, today, self)
                    card.link.clicked.connect(card.open)
                    card.opened.connect(self.chosen)
                    self.cards.append(card)
                    self._column.addWidget(card)
        self.setVisible(bool(drafts))
        for card in self.cards:
            if card.draft.id == focused:
                card.link.setFocus()
        if self._focus_wanted and self.cards:
            self.focus_first()

    def focus_first(self) -> None:
        """Put the focus on the first chart, now or as soon as the charts are known."""
        self._focus_wanted = not self.cards
        if self.cards:
            self.cards[0].link.setFocus(Qt.FocusReason.OtherFocusReason)


class DraftCard(Card):
    """A chart in progress. A click anywhere on it opens it."""

    opened = Signal(int)

    def __init__(self, draft: DraftRow, today: date, parent: QWidget) -> None:
        super().__init__(parent, margin=INSIDE, spacing=TIGHT)
        self.draft = draft
        self.link = LinkButton(draft.patient_name, self)
        self.link.setAccessibleName(f"Go on with the chart of {draft.patient_name}")
        self.link.setToolTip("Go on with this chart")
        top = QHBoxLayout()
        top.setSpacing(INSIDE)
        top.addWidget(self.link)
        top.addStretch(1)
        self.layout_inside.addLayout(top)
        self.late = draft.visited_on < today
        if self.late:
            row = QHBoxLayout()
            row.setContentsMargins(_UNDER_LINK, 0, 0, 0)
            row.addWidget(Pill(f"unsigned since {weekday_date_text(draft.visited_on)}", Level.WARN, self))
            row.addStretch(1)
            self.layout_inside.addLayout(row)
        facts = QHBoxLayout()
        facts.setContentsMargins(_UNDER_LINK, 0, 0, 0)
        facts.addWidget(Muted(self._facts(today), self, wrap=True))
        self.layout_inside.addLayout(facts)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @Slot()
    def open(self) -> None:
        """Open it."""
        self.opened.emit(self.draft.id)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The whole card is the button."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.open()

    def _facts(self, today: date) -> str:
        draft = self.draft
        lines = {0: "nothing charted", 1: "1 muscle"}.get(draft.lines, f"{draft.lines} muscles")
        day = [] if self.late else ["today" if draft.visited_on == today else date_text(draft.visited_on)]
        by = draft.injector or "no physician yet"
        if draft.saved_by != draft.injector:
            by = f"{by}, last by {draft.saved_by}"
        return " · ".join([draft.record_number, *day, lines, by])
