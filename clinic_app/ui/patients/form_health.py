"""The patient's health in the form: what the checks read, what else was done, and what others gave."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.reference.catalogue import Reference
from clinic_app.services.patient_data import Entry, PatientForm
from clinic_app.terms import EntryKind
from clinic_app.ui.patients.form_grid import FormPart, add_fields
from clinic_app.ui.patients.form_lists import authorization_list, elsewhere_list, entry_list
from clinic_app.ui.patients.row_lists import RowList
from clinic_app.ui.theme import BETWEEN
from clinic_app.ui.widgets.fields import CheckField
from clinic_app.ui.widgets.sections import Hairline, Section
from clinic_app.ui.widgets.value_fields import DateField, NumberField

_CHECKED = (EntryKind.MEDICINE, EntryKind.CONDITION, EntryKind.ALLERGY)
_DONE = (EntryKind.TREATMENT, EntryKind.SURGERY, EntryKind.TEST)
_LISTS = ("toxin_elsewhere", "authorizations")


class HealthFields(QObject):
    """Medicines, conditions and allergies; weight and pregnancy; therapy, operations and tests; toxin elsewhere."""

    def __init__(self, reference: Reference, region: str, today: Callable[[], date], parent: QWidget) -> None:
        super().__init__(parent)
        self._today = today
        self._parent = parent
        self.plain: dict[str, Any] = {}
        self.lists: dict[str, RowList[Any]] = {
            **{kind.value: entry_list(reference, kind, today, parent) for kind in (*_CHECKED, *_DONE)},
            "toxin_elsewhere": elsewhere_list(reference, region, today, parent),
            "authorizations": authorization_list(reference, region, today, parent),
        }
        self.sections = (
            self._section("Medicines, conditions, allergies", [kind.value for kind in _CHECKED]),
            self._body(),
            self._section("Therapy, operations, tests", [kind.value for kind in _DONE]),
            self._section("Elsewhere and payer", _LISTS),
        )
        self.plain["weight_kg"].changed.connect(self._weighed)
        for name in ("pregnant", "breastfeeding"):
            self.plain[name].changed.connect(self._asked)

    def parts(self) -> dict[str, FormPart]:
        """Every field and list by the name that an error gives it."""
        return {**self.plain, **self.lists}

    def in_order(self) -> list[Any]:
        """The fields and lists as they stand from the top down."""
        checked = [self.lists[kind.value] for kind in _CHECKED]
        done = [self.lists[kind.value] for kind in _DONE]
        return [*checked, *self.plain.values(), *done, *(self.lists[name] for name in _LISTS)]

    def values(self) -> dict[str, Any]:
        """What stands in the lists, by the names of ``PatientForm``; the plain fields are read with the others."""
        entries: list[Entry] = []
        for kind in EntryKind:
            entries += self.lists[kind.value].items()
        return {"entries": tuple(entries), **{name: self.lists[name].items() for name in _LISTS}}

    def show(self, form: PatientForm) -> None:
        """Fill the fields."""
        for name, field in self.plain.items():
            field.set_value(getattr(form, name))
        for kind in EntryKind:
            self.lists[kind.value].set_items([entry for entry in form.entries if entry.kind is kind])
        for name in _LISTS:
            self.lists[name].set_items(getattr(form, name))

    def _section(self, title: str, names: "list[str] | tuple[str, ...]") -> Section:
        section = Section(title, self._parent)
        for number, name in enumerate(names):
            if number:
                section.add(Hairline(section))
            section.add(self.lists[name])
        return section

    def _body(self) -> Section:
        section = Section("Weight and pregnancy", self._parent)
        add_fields(
            section,
            self.plain,
            ("weight_kg", NumberField("Weight", unit="kg", decimals=1, smallest=1, largest=400), 2),
            ("weighed_on", DateField("Weighed on", in_the_past=True, today=self._today), 3),
            ("pregnant", CheckField("Pregnant"), 2),
            ("breastfeeding", CheckField("Breastfeeding"), 2),
            ("pregnancy_asked_on", DateField("Asked about it on", in_the_past=True, today=self._today), 3),
        )
        # The boxes stand beside the editors, not beside their labels; the second one needs its column for its word.
        above = self.plain["weight_kg"].label.sizeHint().height() + 7
        self.plain["pregnant"].setContentsMargins(BETWEEN, above, 0, 0)
        self.plain["breastfeeding"].setContentsMargins(0, above, 0, 0)
        self.plain["pregnancy_asked_on"].editor.setToolTip(
            "The day somebody asked; t for today. With neither ticked it says that the answer was no"
        )
        return section

    @Slot()
    def _weighed(self) -> None:
        # Whoever types a weight has weighed; another day can be typed over it.
        if self.plain["weight_kg"].value() is not None:
            self.plain["weighed_on"].set_value(self._today())

    @Slot()
    def _asked(self) -> None:
        self.plain["pregnancy_asked_on"].set_value(self._today())
