"""Of which visits: the period, and filters by injector, product and indication."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.services.reports_data import FilterChoices, ReportFilters
from clinic_app.ui.reports.wording import Preset, days_of
from clinic_app.ui.theme import BETWEEN
from clinic_app.ui.widgets.value_fields import ChoiceField, DateField

_EVERYBODY = 0


class FilterBar(QWidget):
    """Each change counts at once; a date counts when its field is left."""

    changed = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.period_field: ChoiceField[Preset] = ChoiceField("Period", [(each, each.value) for each in Preset], self)
        self.period_field.set_value(Preset.YEAR)
        self.first_field = DateField("From", self, in_the_past=True, today=today)
        self.last_field = DateField("To", self, in_the_past=True, today=today)
        self.injector_field: ChoiceField[int] = ChoiceField("Injector", [(_EVERYBODY, "All")], self)
        self.product_field: ChoiceField[str] = ChoiceField("Product", [("", "All")], self)
        self.indication_field: ChoiceField[str] = ChoiceField("Indication", [("", "All")], self)
        self.injector_field.set_value(_EVERYBODY)
        self.period_field.editor.setToolTip(
            "By the day of the visit: whole months and the one that has begun. Both days count."
        )
        self.injector_field.editor.setToolTip("Only visits and appointments of this injector")
        self.product_field.editor.setToolTip("Only visits in which this product was given")
        self.indication_field.editor.setToolTip("Only visits for this indication")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(BETWEEN)
        for field, width in (
            (self.period_field, 156),
            (self.first_field, 128),
            (self.last_field, 128),
            (self.injector_field, 168),
            (self.product_field, 184),
            (self.indication_field, 216),
        ):
            field.setMaximumWidth(width)
            layout.addWidget(field, width)
        self.period_field.setMinimumWidth(150)
        for choice in (self.product_field, self.indication_field):
            choice.set_value("")
            choice.changed.connect(self.changed)
        self.injector_field.changed.connect(self.changed)
        layout.addStretch(1)
        self.period_field.changed.connect(self._preset_chosen)
        for day in (self.first_field, self.last_field):
            day.left.connect(self._days_typed)
            day.editor.returnPressed.connect(self._days_typed)
        self._show_days()

    def set_choices(self, choices: FilterChoices) -> None:
        """Offer what the record holds; what was chosen stays."""
        self.injector_field.set_choices([(_EVERYBODY, "All"), *choices.injectors])
        self.product_field.set_choices([("", "All"), *choices.products])
        self.indication_field.set_choices([("", "All"), *choices.indications])

    def value(self) -> ReportFilters | None:
        """The filters; None while a date cannot be read, which its field then says."""
        if not (self.first_field.check() and self.last_field.check()):
            return None
        return ReportFilters(
            self.first_field.value(),
            self.last_field.value(),
            self.injector_field.value() or None,
            self.product_field.value() or "",
            self.indication_field.value() or "",
        )

    def set_period(self, preset: Preset) -> None:
        """Choose a period as a click does."""
        self.period_field.set_value(preset)
        self._preset_chosen()

    @Slot()
    def _preset_chosen(self) -> None:
        if self.period_field.value() is Preset.OWN:
            self.first_field.setFocus()
            return
        self._show_days()
        self.changed.emit()

    def _show_days(self) -> None:
        first, last = days_of(self.period_field.value() or Preset.ALL, self._today())
        self.first_field.set_value(first)
        self.last_field.set_value(last)

    @Slot()
    def _days_typed(self) -> None:
        typed = (self.first_field.value(), self.last_field.value())
        fitting = [each for each in Preset if each is not Preset.OWN and days_of(each, self._today()) == typed]
        self.period_field.set_value(fitting[0] if fitting else Preset.OWN)
        self.changed.emit()
