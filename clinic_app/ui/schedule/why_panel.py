"""Why not earlier: the days that Book repeat passed over, each with its reason, and any other day on demand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from clinic_app.services.repeat_reasons import MOST_DAYS, NotOffered
from clinic_app.services.schedule_data import RepeatProposal
from clinic_app.ui.locale import time_text, weekday_date_text
from clinic_app.ui.theme import BETWEEN, INSIDE, TIGHT
from clinic_app.ui.widgets.buttons import LinkButton
from clinic_app.ui.widgets.headings import Muted, Strong
from clinic_app.ui.widgets.value_fields import DateField
from clinic_app.ui.wording import breakable
from clinic_app.words import sentence


@dataclass(frozen=True, slots=True)
class DayReasons:
    """Days in a row that were passed over for the same reasons, with a line for each reason."""

    first_day: date
    last_day: date
    lines: tuple[str, ...]

    def days_text(self) -> str:
        """Which days."""
        if self.first_day == self.last_day:
            return weekday_date_text(self.first_day)
        return f"{weekday_date_text(self.first_day)} – {weekday_date_text(self.last_day)}"


def told_reason(row: NotOffered) -> str:
    """The reason's sentence; days and times in it stand as the person's locale writes them."""
    return sentence(f"not_offered.{row.why}", **{name: _shown(value) for name, value in row.parameters.items()})


def day_reasons(rows: Sequence[NotOffered]) -> tuple[DayReasons, ...]:
    """The rows by day; injectors with the same reason share a line, days in a row with the same lines an entry."""
    by_day: dict[date, dict[str, list[str]]] = {}
    for row in rows:
        by_day.setdefault(row.day, {}).setdefault(told_reason(row), []).append(row.injector_name)
    found: list[DayReasons] = []
    for day, reasons in by_day.items():
        lines = tuple(_line(names, said) for said, names in reasons.items())
        if found and found[-1].lines == lines:
            found[-1] = DayReasons(found[-1].first_day, day, lines)
        else:
            found.append(DayReasons(day, day, lines))
    return tuple(found)


class WhyPanel(QWidget):
    """A link that unfolds the reasons. It asks for them by its signals, and is told them."""

    earlier_wanted = Signal()
    """Unfolded: the days before the first time offered are to be told."""
    day_wanted = Signal(object)
    """The person names a day."""

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.link = LinkButton("", self, icon="chevron-right")
        self.date_field = DateField("Another day", self, hint="Enter tells why that day was not offered.", today=today)
        self._body = QWidget(self)
        self._earlier, self._asked = QVBoxLayout(), QVBoxLayout()
        self._day: date | None = None
        self._lay_out()
        self.link.clicked.connect(self._turn)
        self.date_field.left.connect(self._ask)
        self.date_field.changed.connect(self._typed)
        self.date_field.editor.returnPressed.connect(self._ask)
        self.forget()

    def forget(self) -> None:
        """Fold, and forget what was told: another proposal stands above."""
        self._day = None
        self.date_field.set_value(None)
        _empty(self._earlier)
        _empty(self._asked)
        self._fold(True)

    def show_earlier(self, proposal: RepeatProposal, rows: Sequence[NotOffered]) -> None:
        """Tell why each day from the wanted one to the first time offered was passed over."""
        _empty(self._earlier)
        for entry in day_reasons(rows):
            self._add(self._earlier, entry)
        if not rows:
            said = (
                f"No day was passed over: {weekday_date_text(proposal.wanted)}, the wanted day, is among those"
                " offered. Ask for a day before it here."
            )
            self._earlier.addWidget(Muted(said, self, wrap=True))
            return
        last = proposal.wanted + timedelta(days=MOST_DAYS - 1)
        if all(slot.starts_at.date() > last + timedelta(days=1) for slot in proposal.slots):
            said = f"Days after {weekday_date_text(last)} are not listed. Ask for one here."
            self._earlier.addWidget(Muted(said, self, wrap=True))

    def show_day(self, rows: Sequence[NotOffered]) -> None:
        """Tell why the day that was asked for was not offered."""
        _empty(self._asked)
        for entry in day_reasons(rows):
            self._add(self._asked, entry)
        if not rows:
            self._asked.addWidget(Muted("No injector has working hours. Set them in Settings.", self, wrap=True))

    @property
    def unfolded(self) -> bool:
        """Whether the reasons are seen."""
        return not self._body.isHidden()

    def earlier_text(self) -> str:
        """What is told of the days passed over."""
        return _text(self._earlier)

    def day_text(self) -> str:
        """What is told of the day asked for."""
        return _text(self._asked)

    def _lay_out(self) -> None:
        for part in (self._earlier, self._asked):
            part.setSpacing(INSIDE)
        inside = QVBoxLayout(self._body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(BETWEEN)
        inside.addLayout(self._earlier)
        inside.addWidget(self.date_field)
        inside.addLayout(self._asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        layout.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._body)

    def _add(self, to: QVBoxLayout, entry: DayReasons) -> None:
        words = QLabel(breakable("\n".join(entry.lines)), self)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        part = QVBoxLayout()
        part.setSpacing(TIGHT // 2)
        part.addWidget(Strong(entry.days_text(), self))
        part.addWidget(words)
        to.addLayout(part)

    def _fold(self, folded: bool) -> None:
        self._body.setHidden(folded)
        self.link.setText("Why not earlier?" if folded else "Hide why")
        self.link.set_icon("chevron-right" if folded else "chevron-down")

    @Slot()
    def _turn(self) -> None:
        self._fold(self.unfolded)
        if self.unfolded:
            self.earlier_wanted.emit()

    @Slot()
    def _typed(self) -> None:
        self._day = None  # the same day typed anew is asked for anew

    @Slot()
    def _ask(self) -> None:
        day = self.date_field.value()
        if day is None:
            _empty(self._asked)
        elif day != self._day and self.date_field.check():
            self._day = day
            self.day_wanted.emit(day)


def _line(names: Sequence[str], said: str) -> str:
    who = ", ".join(name for name in names if name)
    return f"{who}: {said}" if who else said


def _shown(value: object) -> object:
    if isinstance(value, time):
        return time_text(value)
    return weekday_date_text(value) if isinstance(value, date) and not isinstance(value, datetime) else value


def _labels(layout: QVBoxLayout) -> list[QLabel]:
    found: list[QLabel] = []
    for number in range(layout.count()):
        item = layout.itemAt(number)
        widget, inner = (None, None) if item is None else (item.widget(), item.layout())
        if isinstance(widget, QLabel):
            found.append(widget)
        elif isinstance(inner, QVBoxLayout):
            found += _labels(inner)
    return found


def _text(layout: QVBoxLayout) -> str:
    return "\n".join(label.text() for label in _labels(layout))


def _empty(layout: QVBoxLayout) -> None:
    for label in _labels(layout):
        label.hide()
        label.deleteLater()
    while layout.takeAt(0) is not None:
        pass
