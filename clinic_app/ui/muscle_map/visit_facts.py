"""When, what for and who: one line that opens into its fields."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_app.ui.icons import icon as named_icon
from clinic_app.ui.locale import weekday_date_text
from clinic_app.ui.muscle_map import edits
from clinic_app.ui.muscle_map.open_chart import OpenChart
from clinic_app.ui.theme import INSIDE, TIGHT
from clinic_app.ui.widgets.buttons import IconButton
from clinic_app.ui.widgets.headings import ElidedLabel, Muted
from clinic_app.ui.widgets.value_fields import ChoiceField, DateField


class VisitFacts(QWidget):
    """Date, indication and injector."""

    def __init__(self, chart: OpenChart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: object = None
        self._chart = chart
        self._names: dict[int, str] = {}
        self._first = ElidedLabel("", self)
        self._second = Muted("", self)
        self._edit = IconButton("pencil", "Change date, indication or injector", self)
        self._edit.clicked.connect(self._toggle)
        self._fields = QWidget(self)
        indications = [(each.id, each.name) for each in chart.reference.indications.values()]
        self.indication: ChoiceField[str] = ChoiceField("Indication", indications, self._fields, searchable=True)
        self.day = DateField("Date of the visit", self._fields, today=lambda: chart.now().date(), in_the_past=True)
        self.injector: ChoiceField[int] = ChoiceField("Injector", (), self._fields)
        self.indication.changed.connect(self._indication_chosen)
        self.day.changed.connect(self._day_typed)
        self.injector.changed.connect(self._injector_chosen)
        row = QHBoxLayout()
        row.setSpacing(INSIDE)
        row.addWidget(self.day, 2)
        row.addWidget(self.injector, 3)
        inside = QVBoxLayout(self._fields)
        inside.setContentsMargins(0, TIGHT, 0, 0)
        inside.setSpacing(INSIDE)
        inside.addWidget(self.indication)
        inside.addLayout(row)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._first)
        words.addWidget(self._second)
        top = QHBoxLayout()
        top.addLayout(words, 1)
        top.addWidget(self._edit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addLayout(top)
        layout.addWidget(self._fields)
        self._fields.setVisible(not chart.content.indication)

    def set_injectors(self, injectors: Sequence[tuple[int, str]]) -> None:
        """Who may sign, and whoever the chart names."""
        self._names = dict(injectors)
        self.injector.set_choices(list(injectors))
        self.refresh()

    def refresh(self) -> None:
        """Show the chart as it is now; a key in a dose changes nothing here."""
        content = self._chart.content
        shown = content.indication, content.visited_on, content.injector_id, tuple(self._names.items())
        if shown == self._shown:
            return
        self._shown = shown
        known = self._chart.reference.indications.get(content.indication)
        self._first.set_text(known.name if known is not None else "Indication not chosen yet")
        injector = self._names.get(content.injector_id, "")
        self._second.setText(" · ".join(part for part in (weekday_date_text(content.visited_on), injector) if part))
        if self.indication.value() != content.indication:
            self.indication.set_value(content.indication or None)
        if self.day.value() != content.visited_on and not self.day.editor.hasFocus():
            self.day.set_value(content.visited_on)
        if self.injector.value() != content.injector_id:
            self.injector.set_value(content.injector_id)

    @Slot()
    def _toggle(self) -> None:
        opened = self._fields.isHidden()
        self._fields.setVisible(opened)
        self._edit.setIcon(named_icon("check" if opened else "pencil"))

    @Slot()
    def _indication_chosen(self) -> None:
        chosen = self.indication.value()
        known = self._chart.reference.indications.get(chosen or "")
        if known is None:
            return
        codes = [code.code for code in known.icd10cm]
        self._chart.edit(edits.set_indication(self._chart.content, known.id, codes))

    @Slot()
    def _day_typed(self) -> None:
        day = self.day.value()
        if day is not None:
            self._chart.edit(replace(self._chart.content, visited_on=day), "visited_on")

    @Slot()
    def _injector_chosen(self) -> None:
        chosen = self.injector.value()
        if chosen is not None:
            self._chart.edit(replace(self._chart.content, injector_id=chosen))
