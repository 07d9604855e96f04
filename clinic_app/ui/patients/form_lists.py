"""The lists of the patient form: which fields a row has and what it means."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from clinic_app.reference.catalogue import Reference
from clinic_app.services.patient_data import AuthorizationForm, DiagnosisForm, ElsewhereForm, Entry
from clinic_app.terms import EntryKind
from clinic_app.ui.patients.code_field import CodeField, codes_of
from clinic_app.ui.patients.history_words import KINDS, class_of, medicine_proposals, usual_medicines
from clinic_app.ui.patients.row_editor import (
    Cell,
    Follows,
    Values,
    choice_cell,
    date_cell,
    number_cell,
    partial_date_cell,
    text_cell,
)
from clinic_app.ui.patients.row_lists import RowList, Usual
from clinic_app.ui.patients.words import LISTS, class_choices, class_name, product_text
from clinic_app.words import sentence

Today = Callable[[], date]

_NOUNS = {
    EntryKind.ALLERGY: "allergy",
    EntryKind.CONDITION: "condition",
    EntryKind.MEDICINE: "medicine",
    EntryKind.TREATMENT: "therapy",
    EntryKind.SURGERY: "operation",
    EntryKind.TEST: "test",
}


def entry_list(reference: Reference, kind: EntryKind, today: Today, parent: QWidget) -> RowList[Entry]:
    """The allergies, conditions, medicines, therapies, operations or tests."""
    kinds = KINDS.get(kind)

    def read(values: Values) -> Entry:
        code = values.get("code") or ""
        said = (class_name(code) if kinds is None else kinds.get(code, code)) if code else ""
        # A class alone says enough; the record still wants words.
        text = values.get("text") or said or values.get("detail") or _NOUNS[kind].capitalize()
        return Entry(kind, text, code, values.get("detail") or "", values.get("since"), values.get("until"))

    def show(entry: Entry) -> Values:
        said = kinds.get(entry.code, "") if kinds is not None and entry.code else ""
        return {
            "text": "" if entry.text == said else entry.text,
            "code": entry.code,
            "detail": entry.detail,
            "since": entry.since,
            "until": entry.until,
        }

    return RowList(
        LISTS[kind],
        _NOUNS[kind],
        _entry_cells(reference, kind, today),
        read,
        show,
        parent,
        usual=_usual(reference, kind),
        follows=Follows("text", "code", lambda text: class_of(reference, kind, text)) if kind in _FOLLOWING else None,
        row_check=_ends_after_it_begins,
    )


def diagnosis_list(reference: Reference, today: Today, parent: QWidget) -> RowList[DiagnosisForm]:
    """What the patient has beside the first diagnosis, treated or not."""
    indications = [("", "Not in this list"), *((entry.id, entry.name) for entry in reference.indications.values())]
    cells = [
        choice_cell("indication", "Indication", indications, stretch=5),
        Cell("icd10cm", lambda: _any_code(reference), 2),
        partial_date_cell("since", "Since", today),
    ]
    return RowList(
        "Further diagnoses",
        "diagnosis",
        cells,
        lambda values: DiagnosisForm(values["indication"] or "", values["icd10cm"], values["since"]),
        lambda item: {"indication": item.indication, "icd10cm": item.icd10cm, "since": item.since},
        parent,
        follows=Follows("indication", "icd10cm", lambda indication: _usual_code(reference, indication)),
    )


def elsewhere_list(reference: Reference, region: str, today: Today, parent: QWidget) -> RowList[ElsewhereForm]:
    """Toxin given by somebody else."""
    cells = [
        date_cell("given_on", "Given on", today, required=True, stretch=4),
        choice_cell("product", "Product", _products(reference, region), stretch=8),
        number_cell("units", "Units", "U", stretch=3),
        text_cell("place", "Where", longest=300, stretch=5, tooltip="The clinic or person who gave it"),
        text_cell("reason", "What for", longest=300, stretch=5, tooltip="Such as frown lines, migraine or the bladder"),
    ]
    return RowList(
        "Toxin given elsewhere",
        "toxin given elsewhere",
        cells,
        # Without a date the row does not pass its check, so nothing is saved with this day.
        lambda values: ElsewhereForm(
            values["given_on"] or date.min, values["product"] or "", values["units"], values["place"], values["reason"]
        ),
        lambda item: {
            "given_on": None if item.given_on == date.min else item.given_on,
            "product": item.product,
            "units": item.units,
            "place": item.place,
            "reason": item.reason,
        },
        parent,
    )


def authorization_list(reference: Reference, region: str, today: Today, parent: QWidget) -> RowList[AuthorizationForm]:
    """What the payer agreed to."""
    cells = [
        text_cell(
            "number", "Number", required=True, longest=100, stretch=4, tooltip="As it stands on the payer's letter"
        ),
        choice_cell("product", "Product", _products(reference, region), stretch=8),
        number_cell("units", "Units", "U", stretch=3),
        number_cell("visits", "Visits", "", decimals=0, stretch=2),
        date_cell("first_day", "From", today, past=False, stretch=4),
        date_cell("last_day", "To", today, past=False, stretch=4),
    ]
    return RowList(
        "Prior authorizations",
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
        row_check=_authorized_in_order,
    )


_FOLLOWING = (EntryKind.MEDICINE, EntryKind.CONDITION)
"""Where the class follows the name that is typed."""


def _entry_cells(reference: Reference, kind: EntryKind, today: Today) -> list[Cell]:
    since = partial_date_cell("since", "Since", today)
    until = partial_date_cell("until", "Until", today)
    if kind is EntryKind.ALLERGY:
        return [
            text_cell("text", "Allergy to", tooltip="The substance, as the patient names it"),
            choice_cell(
                "code",
                "What it means for the toxin",
                class_choices(reference, kind),
                tooltip="Choose it where a label forbids the toxin; the checks read it",
            ),
            text_cell("detail", "Reaction", tooltip="What happened, such as hives or trouble breathing"),
            since,
        ]
    if kind is EntryKind.CONDITION:
        return [
            text_cell("text", "Condition", tooltip="What the patient has, in your own words"),
            choice_cell(
                "code",
                "Caution of the label",
                class_choices(reference, kind),
                stretch=4,
                tooltip="Follows the name of a condition that the reference knows; the checks read it",
            ),
            text_cell("detail", "Remark", stretch=2, tooltip="How severe, or what to look out for"),
            since,
            until,
        ]
    if kind is EntryKind.MEDICINE:
        return [
            text_cell("text", "Medicine", proposals=medicine_proposals(reference)),
            choice_cell(
                "code",
                "Class",
                class_choices(reference, kind),
                stretch=4,
                tooltip="Follows the name of a medicine that the reference knows; the checks read it",
            ),
            text_cell("detail", "Dose", tooltip="As it is taken, such as 10 mg three times a day"),
            since,
            partial_date_cell("until", "Until", today, placeholder="still taken"),
        ]
    kinds = [("", "Other"), *((str(code), word) for code, word in KINDS[kind].items())]
    if kind is EntryKind.TEST:
        return [
            choice_cell("code", "Kind", kinds, stretch=2),
            text_cell("text", "What was looked at", stretch=2, tooltip="Such as the brain, or copper in the blood"),
            text_cell("detail", "Result", tooltip="What was found; normal counts too"),
            partial_date_cell("since", "Date", today),
        ]
    if kind is EntryKind.SURGERY:
        return [
            choice_cell("code", "Kind", kinds),
            text_cell("text", "What was done", tooltip="The operation and its place"),
            text_cell("detail", "Result", tooltip="What it did, or what stays, such as a stimulator"),
            partial_date_cell("since", "Date", today),
        ]
    return [
        choice_cell("code", "Kind", kinds),
        text_cell("text", "What is done", tooltip="How often, where, or which exercises"),
        text_cell("detail", "Effect", tooltip="What it does, and for how long"),
        since,
        partial_date_cell("until", "Until", today, placeholder="goes on"),
    ]


def _usual(reference: Reference, kind: EntryKind) -> list[Usual]:
    if kind is EntryKind.MEDICINE:
        return [(name.capitalize(), {"text": name, "code": code}) for name, code in usual_medicines(reference)]
    if kind in KINDS:
        return [(word, {"code": str(code)}) for code, word in KINDS[kind].items()]
    return [(word, {"text": word, "code": code}) for code, word in class_choices(reference, kind) if code]


def _any_code(reference: Reference) -> CodeField:
    field = CodeField()
    field.offer(
        list(dict(code for indication in reference.indications for code in codes_of(reference, indication)).items())
    )
    return field


def _usual_code(reference: Reference, indication: Any) -> str:
    return next((code for code, _ in codes_of(reference, indication or "")), "")


def _ends_after_it_begins(values: Values) -> tuple[str, str] | None:
    since, until = values.get("since"), values.get("until")
    if since is None or until is None or until.latest >= since.earliest:
        return None
    return "until", "This is before the beginning."


def _authorized_in_order(values: Values) -> tuple[str, str] | None:
    first, last = values["first_day"], values["last_day"]
    if first is None or last is None or last >= first:
        return None
    return "last_day", sentence("errors.authorization_ends_before_it_begins", number=values["number"])


def _products(reference: Reference, region: str) -> list[tuple[str, str]]:
    return [("", "Not known"), *((product, product_text(reference, product, region)) for product in reference.products)]
