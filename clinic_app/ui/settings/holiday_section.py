"""Public holidays: whether they close the clinic, of which region, and those that are worked all the same."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from clinic_app.services.calendar_data import HolidayRow
from clinic_app.services.public_holidays import HolidayChoice
from clinic_app.ui.locale import weekday_date_text
from clinic_app.ui.settings.page import beside_nothing
from clinic_app.ui.theme import GROUPS, INSIDE
from clinic_app.ui.widgets.fields import CheckField
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.value_fields import ChoiceField

_EVERYWHERE = ""


class HolidaySection(Section):
    """A tick for keeping them, the region, and a tick for each holiday of the coming twelve months."""

    choice_wanted = Signal(object)
    """Carries ``HolidayChoice``."""
    work_wanted = Signal(object, bool)
    """A ``HolidayRow``, and whether the clinic works that day."""

    def __init__(self, manager: bool, parent: QWidget | None = None) -> None:
        super().__init__("Public holidays", parent)
        self._manager = manager
        self._choice = HolidayChoice()
        self._rows: tuple[HolidayRow, ...] = ()
        self.kept = CheckField("Closed on public holidays", self, hint="Those of the clinic's country and region.")
        self.region: ChoiceField[str] = ChoiceField("Region", (), self, searchable=True)
        self.region.editor.setToolTip("A region has holidays that others of the country do not have")
        self.kept.set_read_only(not manager)
        self.region.set_read_only(not manager)
        self.kept.changed.connect(self._wish)
        self.region.changed.connect(self._wish)
        self._words = Muted("", self, wrap=True)
        self._list = QWidget(self)
        self.days: dict[HolidayRow, CheckField] = {}
        self.add(self.kept)
        self.add(beside_nothing(self.region))
        self.add(self._words)
        self.add(self._list)

    def show_holidays(
        self, choice: HolidayChoice, rows: tuple[HolidayRow, ...], regions: Sequence[tuple[str, str]]
    ) -> None:
        """Show what counts, and the coming holidays."""
        self._choice = choice
        self.kept.set_value(choice.kept)
        self.region.set_choices([(_EVERYWHERE, "Only those of the whole country"), *regions])
        self.region.set_value(choice.subdivision)
        self.region.setVisible(choice.kept and bool(regions))
        self._words.setVisible(choice.kept)
        self._words.setText(
            "The coming twelve months. Tick a day on which the clinic works all the same."
            if rows
            else "The holidays of this country are not known here. Add them to the closures above."
        )
        if rows != self._rows or not choice.kept or not self.days:
            self._fill(rows if choice.kept else ())

    def _fill(self, rows: tuple[HolidayRow, ...]) -> None:
        old, self._list = self._list, QWidget(self)
        grid = QGridLayout(self._list)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GROUPS)
        grid.setVerticalSpacing(INSIDE // 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self._rows = rows
        self.days = {}
        half = (len(rows) + 1) // 2
        for number, row in enumerate(rows):
            tick = CheckField(f"{weekday_date_text(row.day)} · {row.name}", self._list)
            tick.editor.setToolTip("Ticked: the clinic works that day")
            tick.set_value(row.worked)
            tick.set_read_only(not self._manager)
            tick.changed.connect(partial(self._tick, row))
            self.days[row] = tick
            grid.addWidget(tick, number % half, number // half, Qt.AlignmentFlag.AlignTop)
        place = self.layout_inside.indexOf(old)
        self.layout_inside.insertWidget(place, self._list)
        self.layout_inside.removeWidget(old)
        old.hide()
        old.deleteLater()
        self._list.setVisible(bool(rows))

    @Slot()
    def _wish(self) -> None:
        region = self.region.value()
        wanted = HolidayChoice(self.kept.value(), self._choice.subdivision if region is None else region)
        if wanted != self._choice:
            self.choice_wanted.emit(wanted)

    def _tick(self, row: HolidayRow) -> None:
        self.work_wanted.emit(row, self.days[row].value())
