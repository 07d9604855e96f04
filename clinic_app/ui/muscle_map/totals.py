"""The foot of the visit: totals, volume, what is left, how many checks wait. It follows every key."""

from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.reference.units import show_ml, show_units
from clinic_app.services.charting import ReadVial
from clinic_app.ui.muscle_map.finding_list import open_counts
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.muscle_map.vial_bar import VialBar
from clinic_app.ui.naming import brand_of
from clinic_app.ui.theme import INSIDE, TIGHT, current_theme, heading_font
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.headings import ElidedLabel, Muted, set_text_color
from clinic_app.ui.widgets.pills import Pill


class Totals(QWidget):
    """Units per product, the volume, and the vials as one bar."""

    checks_wanted = Signal()

    def __init__(self, chart: OpenChart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart = chart
        self._units = ElidedLabel("", self)
        self._units.setFont(heading_font(16))
        self._rest = Muted("", self)
        self._bar = VialBar(self)
        self._stops = Pill("", Level.STOP, self)
        self._warns = Pill("", Level.WARN, self)
        top = QHBoxLayout()
        top.setSpacing(INSIDE)
        top.addWidget(self._units, 1)
        top.addWidget(self._stops)
        top.addWidget(self._warns)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addLayout(top)
        layout.addWidget(self._bar)
        layout.addWidget(self._rest)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click goes to the checks."""
        self.checks_wanted.emit()
        event.accept()

    def units_text(self) -> str:
        """The total as shown."""
        return self._units.accessibleName()

    def rest_text(self) -> str:
        """Volume and rest as shown."""
        return self._rest.text()

    def refresh(self) -> None:
        """Show the chart as it is now."""
        chart, charted = self._chart, self._chart.charted
        totals = [f"{show_units(units)} {self._brand(product)}" for product, units in charted.totals if units]
        text = " + ".join(totals) if totals else "No units yet"
        if text != self._units.accessibleName():
            self._units.set_text(text)
        volumes = [volume for volume in charted.volumes_ml if volume is not None]
        facts = [show_ml(sum(volumes, Decimal(0)))] if volumes and any(volumes) else []
        sized = [vial for vial in charted.vials if vial.size_units]
        whole = _together(sized)
        self._bar.setVisible(whole is not None)
        if whole is not None:
            self._bar.set_vial(whole)
            over = whole.left < 0
            facts.append(f"{show_units(abs(whole.left))} {'more than the vials hold' if over else 'left'}")
            if whole.wasted:
                facts.append(f"{show_units(whole.wasted)} wasted")
        self._rest.setText(" · ".join(facts))
        self._rest.setVisible(bool(facts))
        over = whole is not None and whole.left < 0
        set_text_color(self._rest, current_theme().stop if over else current_theme().muted)
        stops, warns = open_counts(chart, charted.findings)
        self._stops.setVisible(stops > 0)
        self._warns.setVisible(warns > 0)
        for pill, count, word in ((self._stops, stops, "stop"), (self._warns, warns, "warning")):
            words = f"{count} {word}" if count == 1 else f"{count} {word}s"
            if pill.text() != words:
                pill.set_state(words, Level.STOP if word == "stop" else Level.WARN)

    def _brand(self, product: str) -> str:
        return brand_of(self._chart.reference, product, self._chart.region) if product else "without a product"


def _together(vials: list[ReadVial]) -> ReadVial | None:
    """All vials as one, for the bar; one that is overdrawn is not hidden by another that is full."""
    if not vials:
        return None
    overdrawn = [vial for vial in vials if vial.left < 0]
    if overdrawn:
        return overdrawn[0]
    return ReadVial(
        "",
        sum((v.size_units for v in vials), Decimal(0)),
        Decimal(0),
        sum((v.given for v in vials), Decimal(0)),
        sum((v.wasted for v in vials), Decimal(0)),
        sum((v.left for v in vials), Decimal(0)),
        None,
    )
