"""The form for a limit of the clinic's own: it asks only for what the chosen check can use."""

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from clinic_app.errors import ClinicError
from clinic_app.rules.limits import LIMITABLE, Quantity
from clinic_app.rules.wording import title_of
from clinic_app.ui.naming import capital, muscle_name, product_text
from clinic_app.ui.settings.form_card import FormCard
from clinic_app.ui.widgets.fields import TextField, check_all
from clinic_app.ui.widgets.value_fields import ChoiceField, NumberField
from clinic_app.ui.workplace import Workplace

_ANY = ""
_UNITS = {Quantity.UNITS: "U", Quantity.DAYS: "days", Quantity.HOURS: "hours"}
_LABELS = {Quantity.UNITS: "At most", Quantity.DAYS: "At least", Quantity.HOURS: "At most"}


@dataclass(frozen=True, slots=True)
class WantedLimit:
    """What was filled in; ``value`` in the check's own quantity."""

    check: str
    value: Decimal
    product: str
    indication: str
    muscle: str
    reason: str


class LimitForm(FormCard):
    """Check, what it is about, value, reason; says ``WantedLimit``."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__("Set limit", parent)
        reference, region = workplace.services.reference, workplace.services.clinic.label_region
        checks = sorted(((check, capital(title_of(check))) for check in LIMITABLE), key=lambda pair: pair[1])
        self._products = [(each, product_text(reference, each, region)) for each in reference.products]
        self._indications = sorted(((each.id, each.name) for each in reference.indications.values()), key=_text)
        muscles = sorted(((each, muscle_name(reference, each)) for each in reference.muscles), key=_text)
        self.check: ChoiceField[str] = ChoiceField("Check", checks, self, required=True)
        self.product: ChoiceField[str] = ChoiceField("Product", (), self, placeholder="Choose the product")
        self.muscle: ChoiceField[str] = ChoiceField(
            "Muscle", muscles, self, searchable=True, required=True, placeholder="Type three letters of it"
        )
        self.indication: ChoiceField[str] = ChoiceField("Indication", (), self, searchable=True)
        self.value = NumberField("At most", self, unit="U", decimals=3, smallest=0, largest=100_000, required=True)
        self.reason = TextField("Reason", self, required=True, longest=300, placeholder="So that others can judge it")
        self.check.changed.connect(self._fit)
        self.grid.setColumnStretch(0, 1)
        self.grid.setColumnStretch(1, 1)

    def clear(self) -> None:
        """Empty fields for the first check of the list."""
        self.check.set_value(self.check.value() or next(iter(LIMITABLE)))
        self.product.set_value(None)
        self.muscle.set_value(None)
        self.indication.set_value(None)
        self.value.set_value(None)
        self.reason.set_value("")
        self._fit()

    def show_error(self, error: ClinicError) -> None:
        """The refusal under its field, else under the value."""
        field = self.reason if error.field == "reason" else self.value
        field.set_error(str(error))
        field.setFocus()

    @Slot()
    def _fit(self) -> None:
        """Show the fields that the check can use, with its unit."""
        kind = LIMITABLE[self.check.value() or next(iter(LIMITABLE))]
        names = {*kind.must_name, *kind.may_name}
        for field, name, choices, anything in (
            (self.product, "product", self._products, "Every product"),
            (self.indication, "indication", self._indications, "Every indication"),
        ):
            free = [] if name in kind.must_name else [(_ANY, anything)]
            field.set_choices([*free, *choices])
            if field.value() is None and free:
                field.set_value(_ANY)
            field.setVisible(name in names)
        self.muscle.setVisible("muscle" in names)
        fields = (self.check, self.product, self.muscle, self.indication, self.value, self.reason)
        for each in fields:
            self.grid.removeWidget(each)
        shown = [each for each in fields if not each.isHidden()]
        for number, each in enumerate(shown):
            across = 2 if each is self.reason and number % 2 == 0 else 1
            self.grid.addWidget(each, number // 2, number % 2, 1, across, Qt.AlignmentFlag.AlignTop)
        self.value.set_unit(_UNITS[kind.quantity])
        self.value.label.setText(_LABELS[kind.quantity])
        self.value.editor.setAccessibleName(f"{_LABELS[kind.quantity]}, {_UNITS[kind.quantity]}")

    @Slot()
    def submit(self) -> None:
        """Say the limit that was filled in."""
        kind = LIMITABLE[self.check.value() or next(iter(LIMITABLE))]
        asked = [field for field in (self.check, self.value, self.reason) if not field.isHidden()]
        if "muscle" in kind.must_name:
            asked.insert(1, self.muscle)
        if not check_all(asked):
            return
        if "product" in kind.must_name and not self.product.value():
            self.product.set_error("Choose the product: units of one are not units of another.")
            self.product.setFocus()
            return
        value = self.value.value()
        if value is None:
            return
        self.wanted.emit(
            WantedLimit(
                self.check.value() or "",
                value,
                "" if self.product.isHidden() else self.product.value() or "",
                "" if self.indication.isHidden() else self.indication.value() or "",
                "" if self.muscle.isHidden() else self.muscle.value() or "",
                self.reason.value(),
            )
        )


def _text(pair: tuple[str, str]) -> str:
    return pair[1].casefold()
