"""Beside the map before the first line: what the visit starts from, each with the muscles that it would bring."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from clinic_app.errors import ClinicError
from clinic_app.services.pattern_data import PatternRow, PatternSource
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.pattern_desk import PatternDesk
from clinic_app.ui.muscle_map.pattern_form import PatternForm
from clinic_app.ui.muscle_map.start_options import StartOption, last_options, saved_option, source_text
from clinic_app.ui.muscle_map.wording import indication_name
from clinic_app.ui.naming import decapital
from clinic_app.ui.theme import AROUND, BETWEEN, INSIDE, RADIUS, current_theme
from clinic_app.ui.widgets.buttons import IconButton, LinkButton, PlainButton
from clinic_app.ui.widgets.headings import Heading, Muted, Strong
from clinic_app.ui.widgets.sections import Card, Hairline, Scroll

_TITLE_PX = 290


class StartPage(QWidget):
    """Shows the choices of one open chart. Whoever listens puts the chosen one on the chart."""

    chosen = Signal(object)
    """The StartOption to start from."""
    closed = Signal()
    """Go on with the chart as it is: an empty map, or what is charted already."""

    def __init__(self, chart: OpenChart, desk: PatternDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart = chart
        self._desk = desk
        self._with_others = False
        self._shown: object = None
        self._form: PatternForm | None = None
        self.cards: list[StartCard] = []
        self._told = Muted("", self, wrap=True)
        close = IconButton("x", "Back to the visit (Esc)", self)
        close.clicked.connect(self.closed)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Heading("Start the visit from", self))
        words.addWidget(self._told)
        top = QHBoxLayout()
        top.setContentsMargins(AROUND, BETWEEN, INSIDE, INSIDE)
        top.addLayout(words, 1)
        top.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._content = QWidget(self)
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(AROUND, INSIDE, BETWEEN, AROUND)
        self._column.setSpacing(INSIDE)
        self.empty = PlainButton("Empty map", self)
        self.empty.clicked.connect(self.closed)
        foot = QHBoxLayout()
        foot.setContentsMargins(AROUND, INSIDE, AROUND, BETWEEN)
        foot.addStretch(1)
        foot.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(Hairline(self))
        layout.addWidget(Scroll(self._content, self), 1)
        layout.addWidget(Hairline(self))
        layout.addLayout(foot)
        chart.changed.connect(self.refresh)
        desk.changed.connect(self.refresh)
        self.refresh()

    @property
    def has_choices(self) -> bool:
        """Whether there is anything to start from besides an empty map."""
        return bool(self.cards)

    @Slot()
    def refresh(self) -> None:
        """Show what there is to start from now."""
        chart = self._chart
        count = len(chart.content.lines)
        shown = (chart.context, self._desk.saved, chart.content.indication, count, self._with_others)
        if shown == self._shown:
            return
        self._shown = shown
        self._told.setText(
            f"Replaces the {count} lines of this visit; Undo brings them back."
            if count > 1
            else "Every line is carried over until you confirm it."
        )
        self.empty.setText("Keep what is charted" if count else "Empty map")
        self.empty.setToolTip("Back to the visit as it is" if count else "Chart every muscle anew")
        self._clear()
        last = last_options(chart)
        self._add_group("Last time", last)
        own, clinics, others = self._saved()
        self._add_group("Your patterns", own)
        self._add_group("The clinic’s patterns", clinics)
        if others:
            self._column.addWidget(self._more(len(others)), 0, Qt.AlignmentFlag.AlignLeft)
        if not (own or clinics):
            names = " or ".join(decapital(indication_name(chart.reference, each)) for each in self._wanted())
            about = f" for {names}" if names else ""
            told = f"No saved patterns{about} yet. Save one from any visit: More, then Save as pattern."
            self._column.addWidget(Muted(told, self._content, wrap=True))
        self._column.addStretch(1)

    def focus_first(self) -> None:
        """Enter starts from the first one."""
        if self.cards:
            self.cards[0].title.setFocus()
        else:
            self.empty.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the page."""
        QPainter(self).fillRect(self.rect(), QColor(current_theme().window))

    def _wanted(self) -> tuple[str, ...]:
        """The indications whose patterns are offered first."""
        return self._chart.offered_indications

    def _saved(self) -> tuple[list[StartOption], list[StartOption], list[PatternRow]]:
        """One's own and the clinic's patterns for the patient; then what is left for other indications."""
        wanted = self._wanted()
        fitting = [row for row in self._desk.saved if not wanted or row.source.indication in wanted]
        others = [row for row in self._desk.saved if row not in fitting]
        rows = self._desk.saved if self._with_others else fitting
        own = [saved_option(self._chart, row) for row in rows if row.own]
        clinics = [saved_option(self._chart, row) for row in rows if not row.own]
        return own, clinics, [] if self._with_others else others

    def _more(self, count: int) -> LinkButton:
        words = "1 pattern" if count == 1 else f"{count} patterns"
        button = LinkButton(f"Show {words} for other indications", self._content, icon="chevron-down")
        button.clicked.connect(self._show_others)
        return button

    def _add_group(self, title: str, options: Sequence[StartOption]) -> None:
        if not options:
            return
        if self._column.count():
            self._column.addSpacing(INSIDE)
        self._column.addWidget(Strong(title, self._content))
        several = len({option.sources[0].indication for option in options if option.saved is not None}) > 1
        for option in options:
            card = StartCard(option, self._about(option) if several else "", self._content)
            card.started.connect(partial(self.chosen.emit, option))
            card.menu_wanted.connect(partial(self._show_menu, card))
            self._column.addWidget(card)
            self.cards.append(card)

    def _about(self, option: StartOption) -> str:
        return indication_name(self._chart.reference, option.sources[0].indication)

    def _clear(self) -> None:
        self._form = None
        self.cards = []
        while self._column.count():
            taken = self._column.takeAt(0)
            widget = taken.widget() if taken is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    @Slot()
    def _show_others(self) -> None:
        self._with_others = True
        self.refresh()

    def _show_menu(self, card: "StartCard") -> None:
        menu = QMenu(card)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        row = card.option.saved
        if row is None:
            menu.addAction("Save as pattern").triggered.connect(partial(self.name_pattern, card))
        elif self._desk.may_change(row):
            menu.addAction("Rename").triggered.connect(partial(self.name_pattern, card))
            menu.addAction("Remove").triggered.connect(partial(self._desk.remove, row))
        else:
            menu.addAction("Save as your own").triggered.connect(partial(self.name_pattern, card))
        menu.popup(card.more.mapToGlobal(card.more.rect().bottomLeft()))

    def name_pattern(self, card: "StartCard") -> None:
        """Below the card: rename the saved pattern, or save what the card would start."""
        if self._form is not None:
            self._form.hide()
            self._form.deleteLater()
        row = card.option.saved
        renames = row is not None and self._desk.may_change(row)
        chart = self._chart
        sources = (
            []
            if renames
            else [(each, source_text(chart.reference, each, chart.region)) for each in card.option.sources]
        )
        form = PatternForm(
            "Rename pattern" if renames else "Save as pattern",
            sources,
            self._content,
            name=row.name if row is not None else "",
            may_share=self._desk.may_share and not renames,
        )
        form.cancelled.connect(self._close_form)
        form.save_wanted.connect(partial(self._keep, form, row if renames else None))
        self._form = form
        self._column.insertWidget(self._column.indexOf(card) + 1, form)
        form.begin()

    @Slot()
    def _close_form(self) -> None:
        form, self._form = self._form, None
        if form is not None:
            form.hide()
            form.deleteLater()

    def _keep(
        self, form: PatternForm, row: PatternRow | None, name: str, source: PatternSource | None, for_clinic: bool
    ) -> None:
        def refused(error: ClinicError) -> None:
            if self._form is form:
                form.show_error(error)

        if row is not None:
            self._desk.rename(row, name, self._close_form, refused)
        elif source is not None:
            self._desk.save(name, source, for_clinic, self._close_form, refused)


class StartCard(Card):
    """One way to start; a click anywhere on it, or Enter on its title, starts."""

    started = Signal()
    menu_wanted = Signal()

    def __init__(self, option: StartOption, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=INSIDE, spacing=0)
        self.option = option
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.title = LinkButton("", self)
        self.title.setAutoDefault(True)  # Enter starts, as Space does
        # A name may hold what Qt takes for the mark of a shortcut.
        fitted = self.title.fontMetrics().elidedText(option.title, Qt.TextElideMode.ElideRight, _TITLE_PX)
        self.title.setText(fitted.replace("&", "&&"))
        self.title.setAccessibleName(f"Start from {option.title}")
        self.title.setAccessibleDescription(f"{option.facts}: {option.muscles}")
        told = "Start the visit from these lines; each is carried until you confirm it"
        self.title.setToolTip(told if fitted == option.title else f"{option.title}\n{told}")
        self.title.clicked.connect(self.started)
        self.more = IconButton("ellipsis", f"More about {option.title}", self)
        self.more.clicked.connect(self.menu_wanted)
        top = QHBoxLayout()
        top.setSpacing(INSIDE)
        top.addWidget(self.title, 0)
        top.addStretch(1)
        top.addWidget(self.more)
        below = QVBoxLayout()
        below.setContentsMargins(1, 0, 4, 2)
        below.setSpacing(2)
        below.addWidget(Muted(f"{about} · {option.facts}" if about else option.facts, self, wrap=True))
        below.addWidget(Muted(option.muscles, self, wrap=True))
        self.layout_inside.addLayout(top)
        self.layout_inside.addLayout(below)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Start."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.started.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lifted a little under the pointer."""
        super().paintEvent(event)
        if self.underMouse():
            theme = current_theme()
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
