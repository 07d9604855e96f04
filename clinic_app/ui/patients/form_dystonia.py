"""The dystonia in the patient form: what it is, how it began, its pattern, and what it does to the day."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.reference.catalogue import Reference
from clinic_app.services.patient_data import DiagnosisForm, HistoryForm, PatientForm
from clinic_app.terms import Cause
from clinic_app.ui.patients.chip_fields import ManyChips, OneChip
from clinic_app.ui.patients.code_field import CodeField, codes_of
from clinic_app.ui.patients.component_field import ComponentField
from clinic_app.ui.patients.form_grid import FormPart, add_fields, whole
from clinic_app.ui.patients.form_lists import diagnosis_list
from clinic_app.ui.patients.history_words import (
    AGGRAVATIONS,
    CAUSE_MEANINGS,
    CAUSES,
    REGIONS,
    RELIEFS,
    TASKS,
    offered,
    offered_complications,
)
from clinic_app.ui.patients.row_editor import KeepingChoice, propose
from clinic_app.ui.patients.row_lists import RowList
from clinic_app.ui.patients.words import DISTRIBUTIONS
from clinic_app.ui.widgets.fields import TextField
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.value_fields import NumberField, PartialDateField

_YES_NO = ((True, "Yes", ""), (False, "No", ""))


class DystoniaFields(QObject):
    """The fields of the history in four sections. Those that only an answer makes sensible appear with it."""

    def __init__(self, reference: Reference, today: Callable[[], date], parent: QWidget) -> None:
        super().__init__(parent)
        self._reference = reference
        self._today = today
        self._parent = parent
        self.history: dict[str, Any] = {}
        self.components = ComponentField(reference, parent)
        self.diagnoses: RowList[DiagnosisForm] = diagnosis_list(reference, today, parent)
        self.sections = (self._diagnosis(), self._beginning(), self._pattern(), self._everyday())
        self.history["indication"].changed.connect(self._indication_chosen)
        self.diagnoses.changed.connect(self._offer_components)
        for name in ("cause_group", "is_task_specific", "runs_in_family"):
            self.history[name].changed.connect(self._show_what_follows)

    def parts(self) -> dict[str, FormPart]:
        """Every field and list by the name that an error gives it."""
        return {**self.history, "components": self.components, "diagnoses": self.diagnoses}

    def in_order(self) -> list[Any]:
        """The fields and lists as they stand from the top down."""
        found: list[Any] = []
        for name, field in self.history.items():
            if name == "is_task_specific":
                found.append(self.components)
            found.append(field)
            if name == "distribution":
                found.append(self.diagnoses)
        return found

    def values(self) -> dict[str, Any]:
        """What stands in the fields, by the names of ``PatientForm``."""
        history: dict[str, Any] = {name: field.value() for name, field in self.history.items()}
        history["pain"] = whole(history["pain"])
        history["region_first"] = history["region_first"] or ""
        return {
            "history": HistoryForm(**history),
            "components": self.components.value(),
            "diagnoses": self.diagnoses.items(),
        }

    def show(self, form: PatientForm) -> None:
        """Fill the fields."""
        for name, field in self.history.items():
            field.set_value(getattr(form.history, name))
        self.diagnoses.set_items(form.diagnoses)
        self.components.set_value(form.components)
        self._offer_codes()
        self._offer_components()
        self._show_what_follows()

    def _diagnosis(self) -> Section:
        section = Section("Diagnosis", self._parent)
        indications = [("", "Not known yet"), *((e.id, e.name) for e in self._reference.indications.values())]
        add_fields(
            section,
            self.history,
            ("indication", KeepingChoice("Indication", indications), 5),
            ("icd10cm", CodeField(), 3),
            ("distribution", KeepingChoice("Distribution", [("", "Not known yet"), *DISTRIBUTIONS.items()]), 4),
        )
        section.add(self.diagnoses)
        return section

    def _beginning(self) -> Section:
        section = Section("How it began", self._parent)
        which = TextField("Which cause", longest=300, placeholder="A gene, an illness, a medicine …")
        propose(which, self._reference.indications_file.general_patient_facts.linked_causes)
        add_fields(
            section,
            self.history,
            ("onset", PartialDateField("Onset", today=self._today), 3),
            ("region_first", OneChip("Region first affected", offered(REGIONS), own_words="Or more exactly"), 9),
            ("cause_group", OneChip("Cause", [(c, word, CAUSE_MEANINGS[c]) for c, word in CAUSES.items()]), 5),
            ("cause", which, 7),
            ("runs_in_family", OneChip("Others in the family", _YES_NO), 5),
            ("family", TextField("Who, and with what", longest=1000, placeholder="An aunt with tremor …"), 7),
        )
        return section

    def _pattern(self) -> Section:
        section = Section("Pattern", self._parent)
        section.add(self.components)
        add_fields(
            section,
            self.history,
            ("is_task_specific", OneChip("Only or mainly with one task", _YES_NO), 5),
            ("task_specific", TextField("Which task", longest=300, placeholder="Writing, the violin …"), 7),
        )
        return section

    def _everyday(self) -> Section:
        section = Section("Better, worse, daily life", self._parent)
        add_fields(
            section,
            self.history,
            ("better_with", ManyChips("Better with", offered(RELIEFS)), 12),
            ("worse_with", ManyChips("Worse with", offered(AGGRAVATIONS)), 12),
            ("daily_tasks", ManyChips("Daily tasks that have become hard", offered(TASKS)), 12),
            ("pain", NumberField("Pain, 0 to 10", unit="of 10", decimals=0, largest=10), 2),
            ("complications", ManyChips("Complications", offered_complications()), 10),
        )
        return section

    @Slot()
    def _indication_chosen(self) -> None:
        # What was typed stays; only an empty field gets what the indication usually has.
        self._offer_codes()
        self._offer_components()
        indication = self._reference.indications.get(self.history["indication"].value())
        if indication is None:
            return
        if not self.history["icd10cm"].value():
            self.history["icd10cm"].set_value(next((code for code, _ in codes_of(self._reference, indication.id)), ""))
        if not self.history["distribution"].value() and indication.distribution in DISTRIBUTIONS:
            self.history["distribution"].set_value(indication.distribution)

    def _offer_codes(self) -> None:
        self.history["icd10cm"].offer(codes_of(self._reference, self.history["indication"].value()))

    @Slot()
    def _offer_components(self) -> None:
        further = [diagnosis.indication for diagnosis in self.diagnoses.items()]
        self.components.offer([self.history["indication"].value(), *further])
        indication = self._reference.indications.get(self.history["indication"].value())
        can_be_one_task = indication is None or indication.dystonia
        answered = self.history["is_task_specific"].value() is not None
        self.history["is_task_specific"].setVisible(can_be_one_task or answered)

    @Slot()
    def _show_what_follows(self) -> None:
        known = self.history["cause_group"].value() in (Cause.INHERITED, Cause.ACQUIRED)
        for name, wanted in (
            ("cause", known),
            ("task_specific", self.history["is_task_specific"].value() is True),
            ("family", self.history["runs_in_family"].value() is True),
        ):
            field = self.history[name]
            field.setVisible(wanted or bool(field.value()))
