"""Choices that are one field each: labels, the rolling window, witness, syringe marks, shared vials."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_app.services.access import Act
from clinic_app.services.clinic_rules import RuleChoices
from clinic_app.terms import LabelRegion
from clinic_app.ui.settings.page import Change
from clinic_app.ui.theme import BETWEEN, INSIDE
from clinic_app.ui.tokens import Level
from clinic_app.ui.widgets.buttons import PlainButton
from clinic_app.ui.widgets.fields import CheckField, TextField
from clinic_app.ui.widgets.headings import Muted
from clinic_app.ui.widgets.pills import Pill
from clinic_app.ui.widgets.sections import Section
from clinic_app.ui.widgets.value_fields import ChoiceField
from clinic_app.ui.workplace import Workplace

_REGIONS = [(LabelRegion.US, "United States"), (LabelRegion.UK_EU, "United Kingdom and European Union")]
_DAYS = 0
"""The choice of the 84 days; every other one is a number of months."""
_WINDOWS = [(_DAYS, "84 days (12 weeks)"), *((months, f"{months} calendar months") for months in (2, 3, 4, 6))]


class ChoiceSection(Section):
    """Fields that count as soon as they are changed."""

    change_wanted = Signal(object)
    """Carries ``Change``."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__("Labels, totals and waste", parent)
        self._rules = workplace.services.clinic_rules
        self._actor = workplace.actor
        self._choices = RuleChoices(LabelRegion.US)
        self.region: ChoiceField[LabelRegion] = ChoiceField(
            "Labels of", _REGIONS, self, hint="Whose product labels the checks read"
        )
        self.rolling: ChoiceField[int] = ChoiceField(
            "Rolling total of a product over", _WINDOWS, self, hint="The visit itself and what came before it"
        )
        self.witness = CheckField(
            "Every waste names who saw it", self, hint="Somebody other than the injector; asked before signing."
        )
        self.marks = CheckField(
            "Show volumes as marks of a U-100 syringe too",
            self,
            hint="100 marks are 1 mL. They are not units of toxin.",
        )
        manager = workplace.may(Act.SETTINGS)
        self.region.set_read_only(not manager)
        self.witness.set_read_only(not manager)
        self.region.changed.connect(self._region_chosen)
        self.rolling.changed.connect(self._rolling_chosen)
        self.witness.changed.connect(self._witness_ticked)
        self.marks.changed.connect(self._marks_ticked)
        row = QHBoxLayout()
        row.setSpacing(BETWEEN)
        row.addWidget(self.region, 1)
        row.addWidget(self.rolling, 1)
        self.add(row)
        self.add(self.witness)
        self.add(self.marks)

    def show_choices(self, choices: RuleChoices) -> None:
        """Show what counts."""
        self._choices = choices
        self.region.set_value(choices.label_region)
        months = choices.rolling_months or _DAYS
        if months not in {value for value, _ in _WINDOWS}:
            self.rolling.set_choices(sorted([*_WINDOWS, (months, f"{months} calendar months")]))
        self.rolling.set_value(months)
        self.witness.set_value(choices.waste_witness)
        self.marks.set_value(choices.syringe_marks)

    @Slot()
    def _region_chosen(self) -> None:
        chosen, before = self.region.value(), self._choices.label_region
        if chosen is not None and chosen is not before:
            self.change_wanted.emit(
                Change(
                    f"The checks read the labels of: {dict(_REGIONS)[chosen]}.",
                    lambda: self._rules.set_label_region(self._actor, chosen),
                    lambda _: self._rules.set_label_region(self._actor, before),
                )
            )

    @Slot()
    def _rolling_chosen(self) -> None:
        chosen, before = self.rolling.value() or None, self._choices.rolling_months
        if chosen != before:
            self.change_wanted.emit(
                Change(
                    f"The rolling total counts {dict(_WINDOWS).get(chosen or _DAYS, '')}.",
                    lambda: self._rules.set_rolling_months(self._actor, chosen),
                    lambda _: self._rules.set_rolling_months(self._actor, before),
                )
            )

    @Slot()
    def _witness_ticked(self) -> None:
        wanted = self.witness.value()
        self.change_wanted.emit(
            Change(
                "Every waste names a witness." if wanted else "Waste needs no witness.",
                lambda: self._rules.ask_for_witness(self._actor, wanted),
                lambda _: self._rules.ask_for_witness(self._actor, not wanted),
            )
        )

    @Slot()
    def _marks_ticked(self) -> None:
        wanted = self.marks.value()
        self.change_wanted.emit(
            Change(
                "Volumes show syringe marks." if wanted else "Volumes show mL alone.",
                lambda: self._rules.show_syringe_marks(self._actor, wanted),
                lambda _: self._rules.show_syringe_marks(self._actor, not wanted),
            )
        )


class SharedVialSection(Section):
    """Whether one vial may serve two patients: forbidden, unless the manager writes why."""

    change_wanted = Signal(object)
    """Carries ``Change``."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__("One vial for two patients", parent)
        self._rules = workplace.services.clinic_rules
        self._actor = workplace.actor
        self._before = ""
        self._allowed = Pill("allowed with a warning", Level.WARN, self)
        self.add_action(self._allowed)
        self._words = Muted("", self, wrap=True)
        self.reason = TextField(
            "Reason", self, longest=300, placeholder="Why the clinic allows it; every note prints it"
        )
        self.button = PlainButton("", self)
        self.button.clicked.connect(self._pressed)
        row = QHBoxLayout()
        row.setSpacing(INSIDE)
        row.addWidget(self.reason, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        self.add(self._words)
        self.add(row)
        manager = workplace.may(Act.SETTINGS)
        self.reason.setVisible(manager)
        self.button.setVisible(manager)

    def show_choices(self, choices: RuleChoices) -> None:
        """Show what counts."""
        self._before = reason = choices.shared_vial_reason
        self._allowed.setVisible(bool(reason))
        self._words.setText(
            f"A vial charted for a second patient is a warning. The reason given: {reason}"
            if reason
            else "Every label says that a vial is for one patient. A vial charted for a second one stops the signature."
        )
        self.reason.set_value(reason)
        self.reason.set_read_only(bool(reason))
        self.button.setText("Forbid again" if reason else "Allow with this reason")

    @Slot()
    def _pressed(self) -> None:
        before, reason = self._before, self.reason.value().strip()
        if before:
            reason = ""
        elif not reason:
            self.reason.set_error("Write why the clinic allows it.")
            self.reason.setFocus()
            return
        self.change_wanted.emit(
            Change(
                "One vial for two patients is a warning now." if reason else "One vial is for one patient again.",
                lambda: self._rules.allow_shared_vials(self._actor, reason),
                lambda _: self._rules.allow_shared_vials(self._actor, before),
            )
        )
