"""The plates of one region: a row for each view, with the sides that it has."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from clinic_app.atlas.plates import PlateSummary
from clinic_app.ui.muscle_map.wording import region_name
from clinic_app.ui.naming import capital, decapital
from clinic_app.ui.theme import ROW_PX, current_theme
from clinic_app.ui.widgets.headings import Muted, Strong

_SIDES = ("right", "left")
_CHIP = 26


@dataclass(frozen=True, slots=True)
class PlateRow:
    """One view: its title without the side, and the plates that show it, by the side they show."""

    title: str
    plates: tuple[tuple[str, str], ...]
    """(side or "", plate id), the right side first."""


def plate_rows(plates: Sequence[PlateSummary]) -> tuple[PlateRow, ...]:
    """Plates that mirror each other are one row."""
    rows: dict[str, list[tuple[str, str]]] = {}
    titles: dict[str, str] = {}
    for plate in plates:
        side = plate.sides[0] if len(plate.sides) == 1 and plate.sides[0] in _SIDES else ""
        key = plate.id.removesuffix(f"_{side}") if side else plate.id
        rows.setdefault(key, []).append((side, plate.id))
        titles[key] = _without_side(plate.title, side, plate.region)
    return tuple(PlateRow(titles[key], tuple(sorted(found, key=_rank))) for key, found in rows.items())


def _rank(found: tuple[str, str]) -> int:
    return _SIDES.index(found[0]) if found[0] in _SIDES else 0


def _without_side(title: str, side: str, region: str) -> str:
    """The title under the heading of its region: "Forearm, flexor side, right" is "Flexor side" there."""
    plain = title.removesuffix(f", {side}").removesuffix(f" {side}") if side else title
    return capital(plain.removeprefix(f"{region_name(region)}, "))


class PlateList(QWidget):
    """Tells which plate was chosen; is told which one is in front."""

    plate_chosen = Signal(str)

    def __init__(self, plates: Sequence[PlateSummary], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plates = plates
        self._region = ""
        self._shown = ""
        self._side = "right"
        self.buttons: dict[str, QPushButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._rows = QWidget(self)
        self._column.addWidget(self._rows)
        self._column.addStretch(1)
        if plates:
            self.show_region(plates[0].region)
        else:
            words = "No plates are installed. Every muscle can be chosen from the list."
            self._column.insertWidget(0, Muted(words, self, wrap=True))

    @property
    def region(self) -> str:
        """The region whose plates are offered."""
        return self._region

    def show_region(self, region: str) -> None:
        """Offer the plates of a region."""
        if region == self._region:
            return
        self._region = region
        old, self._rows = self._rows, QWidget(self)
        self._column.replaceWidget(old, self._rows)
        old.hide()
        old.deleteLater()
        self.buttons.clear()
        column = QVBoxLayout(self._rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(Strong(region_name(region), self._rows))
        for row in plate_rows([plate for plate in self._plates if plate.region == region]):
            column.addWidget(self._row(row))
        self._rows.show()

    def show_plate(self, plate_id: str) -> None:
        """Mark the plate in front."""
        self._shown = plate_id
        plate = next((plate for plate in self._plates if plate.id == plate_id), None)
        if plate is None:
            return
        self.show_region(plate.region)
        if len(plate.sides) == 1:
            self._side = plate.sides[0]
        for name in self.buttons:
            self._mark(name)

    def _row(self, row: PlateRow) -> QWidget:
        if len(row.plates) == 1:
            return self._button(row.title, row.plates[0][1], self._full_title(row))
        widget = QWidget(self._rows)
        line = QHBoxLayout(widget)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        title = ChoiceRow(row.title, widget, narrower=2 * _CHIP + 4)
        title.setCheckable(False)
        title.setAccessibleName(self._full_title(row))
        title.setProperty("plates", [name for _, name in row.plates])
        title.clicked.connect(self._title_clicked)
        line.addWidget(title, 1)
        for side, name in row.plates:
            chip = self._button(side[0].upper(), name, f"{self._full_title(row)}, {side}")
            chip.setFixedWidth(_CHIP)
            line.addWidget(chip)
        return widget

    def _full_title(self, row: PlateRow) -> str:
        region = region_name(self._region)
        return row.title if region.split()[0] in row.title else f"{region}, {decapital(row.title)}"

    def _button(self, text: str, plate: str, name: str) -> QPushButton:
        button = ChoiceRow(text, self._rows)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setProperty("plate", plate)
        # Toggled, not clicked: assistive technology toggles a button that stays down.
        button.toggled.connect(self._plate_toggled)
        self.buttons[plate] = button
        return button

    @Slot()
    def _plate_toggled(self) -> None:
        plate = str(self.sender().property("plate"))
        self._mark(plate)  # when it is in front, not by the press
        self.plate_chosen.emit(plate)

    def _mark(self, plate: str) -> None:
        button = self.buttons[plate]
        with QSignalBlocker(button):
            button.setChecked(plate == self._shown)

    @Slot()
    def _title_clicked(self) -> None:
        names = [str(name) for name in self.sender().property("plates")]
        same_side = (name for name in names if name.endswith(f"_{self._side}"))
        self.plate_chosen.emit(next(same_side, names[0]))


class ChoiceRow(QPushButton):
    """One of several, as a row that stays marked."""

    def __init__(self, text: str, parent: QWidget, narrower: int = 0) -> None:
        super().__init__(text, parent)
        self._room = 152 - narrower
        self._count = 0
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_count(self, count: int) -> None:
        """A number at the right: how many charted muscles are meant."""
        if count != self._count:
            self._count = count
            words = "1 charted muscle" if count == 1 else f"{count} charted muscles"
            self.setAccessibleDescription(words if count else "")
            self.update()

    def sizeHint(self) -> QSize:
        """As high as a row of a table, or as its lines need; the width is the column's."""
        wrapped = self.fontMetrics().boundingRect(
            0, 0, self._room, 200, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft, self.text()
        )
        return QSize(24, max(ROW_PX, wrapped.height() + 10))

    def minimumSizeHint(self) -> QSize:
        """Nothing is clipped."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A soft ground when chosen, a faint one under the pointer, a ring for the keyboard."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.rect().toRectF().adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(theme.accent), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(QColor(theme.accent_soft))
        else:
            painter.setBrush(QColor(theme.hover) if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 5, 5)
        painter.setPen(QColor(theme.text))
        short = len(self.text()) == 1
        across = Qt.AlignmentFlag.AlignHCenter if short else Qt.AlignmentFlag.AlignLeft
        room = self.rect() if short else self.rect().adjusted(8, 0, -4, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | across | Qt.TextFlag.TextWordWrap, self.text())
        if self._count:
            painter.setPen(QColor(theme.muted))
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(self.rect().adjusted(0, 0, -10, 0), right, str(self._count))
