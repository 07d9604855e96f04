"""The lists of the patient form: which fields a row has and what it means."""

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from clinic_app.reference.catalogue import Reference
from clinic_app.services.patient_data import AuthorizationForm, Component, ElsewhereForm, Entry
from clinic_app.terms import EntryKind, Side
from clinic_app.ui.patients.row_lists import (
    Cell,
    RowList,
    Values,
    choice_cell,
    date_cell,
    number_cell,
    text_cell,
)
from clinic_app.ui.patients.words import class_choices, class_name, plain_id, product_text

Today = Callable[[], date]

_NOUNS = {
    EntryKind.ALLERGY: "allergy",
    EntryKind.CONDITION: "condition",
    EntryKind.MEDICINE: "medicine",
    EntryKind.TREATMENT: "treatment",
    EntryKind.SURGERY: "operation",
    EntryKind.TEST: "test",
}
_TITLES = {
    EntryKind.ALLERGY: "Allergies",
    EntryKind.CONDITION: "Conditions that matter",
    EntryKind.MEDICINE: "Medicines",
    EntryKind.TREATMENT: "Other treatments",
    EntryKind.SURGERY: "Operations",
    EntryKind.TEST: "Tests",
}
_TEXTS = {
    EntryKind.ALLERGY: "Allergy to",
    EntryKind.CONDITION: "Condition",
    EntryKind.MEDICINE: "Medicine and dose",
    EntryKind.TREATMENT: "Treatment, such as physiotherapy or a sensory trick",
    EntryKind.SURGERY: "Operation, such as deep brain stimulation",
    EntryKind.TEST: "Test, such as MRI or EMG",
}
_CLASSES = {
    EntryKind.ALLERGY: "What it means for the toxin",
    EntryKind.CONDITION: "Caution of the label",
    EntryKind.MEDICINE: "Class",
}


def entry_list(reference: Reference, kind: EntryKind, today: Today, parent: QWidget) -> RowList[Entry]:
    """The allergies, conditions, medicines, other treatments or tests."""
    cells: list[Cell] = [text_cell("text", _TEXTS[kind])]
    if kind in _CLASSES:
        cells.append(choice_cell("code", _CLASSES[kind], class_choices(reference, kind)))
    if kind is EntryKind.TEST:
        cells.append(text_cell("result", "Result"))
        cells.append(date_cell("dated", "Date", today))
    if kind in (EntryKind.TREATMENT, EntryKind.SURGERY):
        cells.append(date_cell("dated", "Since", today))

    def read(values: Values) -> Entry:
        code = values.get("code") or ""
        # A class alone says enough; the record still wants words.
        text = values["text"] or (class_name(code) if code else values.get("result") or _NOUNS[kind])
        return Entry(kind, text, code, values.get("result") or "", values.get("dated"))

    def show(entry: Entry) -> Values:
        return {"text": entry.text, "code": entry.code, "result": entry.result, "dated": entry.dated}

    return RowList(_TITLES[kind], _NOUNS[kind], cells, read, show, parent)


def component_list(reference: Reference, parent: QWidget) -> RowList[Component]:
    """The components of the dystonia with their side."""
    known = {
        component.id: f"{plain_id(component.id)}: {component.meaning}" for component in reference.components.values()
    }
    for indication in reference.indications.values():
        for component in indication.components:
            known.setdefault(component, plain_id(component))
    choices = [(None, ""), *sorted(known.items(), key=lambda pair: pair[1].casefold())]
    sides = [(None, "No side"), (Side.LEFT, "Left"), (Side.RIGHT, "Right"), (Side.MIDLINE, "Midline")]
    cells = [
        choice_cell("component", "Component", choices, stretch=5, searchable=True),
        choice_cell("side", "Side", sides, stretch=2),
    ]
    return RowList(
        "Components",
        "component",
        cells,
        lambda values: Component(values["component"] or "", values["side"]),
        lambda item: {"component": item.component, "side": item.side},
        parent,
    )


def elsewhere_list(reference: Reference, region: str, today: Today, parent: QWidget) -> RowList[ElsewhereForm]:
    """Toxin given by somebody else."""
    cells = [
        date_cell("given_on", "Given on", today, required=True),
        choice_cell("product", "Product", _products(reference, region)),
        number_cell("units", "Units", "U"),
        text_cell("place", "Where", longest=300),
    ]
    return RowList(
        "Toxin given elsewhere",
        "toxin given elsewhere",
        cells,
        # Without a date the row does not pass its check, so nothing is saved with this day.
        lambda values: ElsewhereForm(
            values["given_on"] or date.min, values["product"] or "", values["units"], values["place"]
        ),
        lambda item: {
            "given_on": None if item.given_on == date.min else item.given_on,
            "product": item.product,
            "units": item.units,
            "place": item.place,
        },
        parent,
    )


def authorization_list(reference: Reference, region: str, today: Today, parent: QWidget) -> RowList[AuthorizationForm]:
    """What the payer agreed to."""
    cells = [
        text_cell("number", "Number", required=True, longest=100, stretch=2),
        choice_cell("product", "Product", _products(reference, region), stretch=3),
        number_cell("units", "Units", "U"),
        number_cell("visits", "Visits", "", decimals=0),
        date_cell("first_day", "From", today, past=False),
        date_cell("last_day", "To", today, past=False),
    ]
    return RowList(
        "Authorizations",
        "authorization",
        cells,
        lambda values: AuthorizationForm(
            values["number"],
            values["product"] or "",
            values["units"],
            None if values["visits"] is None else int(values["visits"]),
            values["first_day"],
            values["last_day"],
        ),
        lambda item: {
            "number": item.number,
            "product": item.product,
            "units": item.units,
            "visits": item.visits,
            "first_day": item.first_day,
            "last_day": item.last_day,
        },
        parent,
    )


def _products(reference: Reference, region: str) -> list[tuple[str, str]]:
    return [("", "Not known"), *((product, product_text(reference, product, region)) for product in reference.products)]
