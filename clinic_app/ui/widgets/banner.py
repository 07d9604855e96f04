"""The right patient: the line that stands above everything about a patient."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from clinic_app.services.patient_data import Banner
from clinic_app.ui.icons import pixmap
from clinic_app.ui.locale import date_text, day_month_text, weeks_text
from clinic_app.ui.theme import AROUND, HEADING_PX, TIGHT, current_theme, heading_font
from clinic_app.ui.widgets.headings import ElidedLabel, set_text_color
from clinic_app.ui.widgets.palette import on_palette_change

HEIGHT = 44


@dataclass(frozen=True, slots=True)
class BannerFacts:
    """What the banner shows of a patient."""

    name: str
    birth_date: date
    age: int
    record_number: str
    allergies: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    since_last: str = ""
    """How long since the last injection: "11 w 5 d"; "" when there was none."""
    next: str = ""
    """The next appointment: "3 Dec"; "" when none is booked."""
    opens: bool = True
    """Whether the record opens; where it does not, nothing of it is told, and nothing denied."""


def banner_facts(banner: Banner) -> BannerFacts:
    """The banner's words for what the service says."""
    return BannerFacts(
        name=banner.name,
        birth_date=banner.birth_date,
        age=banner.age,
        record_number=banner.record_number,
        allergies=banner.allergies,
        cautions=banner.cautions,
        since_last="" if banner.days_since_last is None else weeks_text(banner.days_since_last),
        opens=banner.opens,
        next="" if banner.next_appointment_on is None else day_month_text(banner.next_appointment_on),
    )


class _Part(QWidget):
    """One fact: perhaps a shape, then its text, on a ground of its own when it is a danger."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon_name = ""
        self._soft = ""
        self._picture = QLabel(self)
        self.text = ElidedLabel("", self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._picture)
        layout.addWidget(self.text)
        self._layout = layout
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_fact(self, text: str, spoken: str, color: str, soft: str = "", icon_name: str = "") -> None:
        """Show a text; an empty one hides the part."""
        self.setVisible(bool(text))
        self._soft = soft
        self.text.set_text(text)
        self.setAccessibleName(spoken)
        set_text_color(self.text, color)
        self._picture.setVisible(bool(icon_name))
        if icon_name:
            self._picture.setPixmap(pixmap(icon_name, color, 16, self.devicePixelRatioF(), ink=soft))
        pad = 10 if soft else 0
        self._layout.setContentsMargins(pad, 4, pad, 4)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        if self._soft:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._soft))
            painter.drawRoundedRect(self.rect().toRectF(), 6, 6)


class PatientBanner(QWidget):
    """Name, birth date and age, record number, allergies, cautions, time since the last injection, next appointment.

    Nothing is clipped: what does not fit ends in an ellipsis and is whole in the tooltip. Hidden without a patient.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: BannerFacts | None = None
        self._name = _Part(self)
        self._name.text.setFont(heading_font(HEADING_PX))
        self._born = _Part(self)
        self._number = _Part(self)
        self._allergies = _Part(self)
        self._cautions = _Part(self)
        self._since = _Part(self)
        self._next = _Part(self)
        self.setFixedHeight(HEIGHT)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(AROUND, 0, AROUND, 0)
        layout.setSpacing(AROUND)
        # The identity keeps its room longest; lists of allergies and cautions give way first.
        for part in (self._name, self._born, self._number, self._allergies, self._cautions):
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addWidget(self._since)
        layout.addSpacing(TIGHT)
        layout.addWidget(self._next)
        self.setVisible(False)
        on_palette_change(self, self._fill)

    def set_patient(self, facts: BannerFacts | None) -> None:
        """Show a patient, or hide without one."""
        self._facts = facts
        self._fill()
        self.setVisible(facts is not None)

    def patient(self) -> BannerFacts | None:
        """Who is shown."""
        return self._facts

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the surface and the hairline under it."""
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.surface))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.hairline))

    def _fill(self) -> None:
        facts, theme = self._facts, current_theme()
        if facts is None:
            return
        born = f"{date_text(facts.birth_date)} ({facts.age})"
        self.setAccessibleName(f"Patient {facts.name}, born {born}, record number {facts.record_number}")
        self._name.show_fact(facts.name, f"Name {facts.name}", theme.text)
        self._born.show_fact(born, f"Born {born}", theme.text)
        self._number.show_fact(facts.record_number, f"Record number {facts.record_number}", theme.muted)
        for part in (self._name, self._born, self._number):
            part.text.setMinimumWidth(min(part.text.sizeHint().width(), 320))
        allergies = ", ".join(facts.allergies)
        cautions = ", ".join(facts.cautions)
        if not facts.opens:
            cautions = "Restricted record"
        self._allergies.show_fact(allergies, f"Allergy: {allergies}", theme.stop, theme.stop_soft, "stop-filled")
        self._cautions.show_fact(cautions, f"Caution: {cautions}", theme.warn, theme.warn_soft, "warn-filled")
        since = f"{facts.since_last} since last" if facts.since_last else "no injection yet" if facts.opens else ""
        self._since.show_fact(since, since, theme.text)
        upcoming = f"next {facts.next}" if facts.next else "nothing booked"
        self._next.show_fact(upcoming, upcoming, theme.text if facts.next else theme.muted)
        for part in (self._since, self._next):
            part.text.setMinimumWidth(part.text.sizeHint().width())
