"""What can be wrong with a patient's form: clean text comes back, or a ClinicError that names the field."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from clinic_app.errors import ClinicError
from clinic_app.partial_dates import PartialDate
from clinic_app.services.patient_data import (
    AuthorizationForm,
    DiagnosisForm,
    ElsewhereForm,
    Entry,
    HistoryForm,
    PatientForm,
)
from clinic_app.terms import PatientStatus
from clinic_app.typed_text import clean

Typed = TypeVar("Typed")

OLDEST_BIRTH_DATE = date(1890, 1, 1)
MOST_PAIN = 10
_LENGTHS = {
    "record_number": 64,
    "family_name": 300,
    "given_name": 300,
    "phone": 100,
    "email": 200,
    "address": 1000,
    "emergency_contact": 500,
    "language": 64,
    "preferred_contact": 64,
    "referring_doctor": 300,
    "payer": 300,
    "note": 20000,
}
_HISTORY_LENGTHS = {
    "indication": 100,
    "icd10cm": 16,
    "region_first": 200,
    "distribution": 32,
    "cause": 300,
    "task_specific": 300,
    "family": 1000,
}
_HISTORY_LISTS = ("better_with", "worse_with", "daily_tasks", "complications")
_OWN_WORDS = 300
_CODE = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?", re.ASCII)


def checked(form: PatientForm, today: date, *, clinical: bool) -> PatientForm:
    """The form with clean text; what is not ``clinical`` is looked at alone where the actor saves only that.

    Raises ClinicError that names the first field that cannot be.
    """
    form = _cleaned(form, _LENGTHS)
    birth_date = _birth_date(form, today)
    if form.status is PatientStatus.DIED and form.died_on is None:
        raise ClinicError("died_on_missing", field="died_on")
    if form.died_on is not None and not birth_date <= form.died_on <= today:
        raise ClinicError("died_on_impossible", field="died_on")
    return _Clinical(birth_date, today).checked(form) if clinical else form


def code_typed(text: str) -> str:
    """An ICD-10-CM code as the code book writes it: "g243" is "G24.3"."""
    plain = text.strip().upper()
    return f"{plain[:3]}.{plain[3:]}" if len(plain) > 3 and "." not in plain else plain


def is_code(text: str) -> bool:
    """Whether a text has the form of an ICD-10-CM code; whether the release in force has it, the clinic checks."""
    return _CODE.fullmatch(code_typed(text)) is not None


@dataclass(frozen=True, slots=True)
class _Clinical:
    """The checks of everything that has a date between birth and today."""

    birth_date: date
    today: date

    def checked(self, form: PatientForm) -> PatientForm:
        """The form with a clean clinical part."""
        if form.weight_kg is not None and not 1 <= form.weight_kg <= 400:
            raise ClinicError("weight_impossible", field="weight_kg")
        for name in ("weighed_on", "pregnancy_asked_on"):
            day = getattr(form, name)
            if day is not None and not self.birth_date <= day <= self.today:
                raise ClinicError("day_impossible", field=name)
        for component in form.components:
            if not component.component.strip():
                raise ClinicError("component_missing", field="components")
            _refuse_long(component.component, 100, "components")
        return replace(
            form,
            history=self._history(form.history),
            diagnoses=tuple(self._diagnosis(diagnosis) for diagnosis in form.diagnoses),
            entries=tuple(self._entry(entry) for entry in form.entries),
            toxin_elsewhere=tuple(self._elsewhere(given) for given in form.toxin_elsewhere),
            authorizations=tuple(_authorization(authorization) for authorization in form.authorizations),
        )

    def _history(self, history: HistoryForm) -> HistoryForm:
        history = _cleaned(history, _HISTORY_LENGTHS)
        history = replace(history, icd10cm=_code(history.icd10cm, "icd10cm"))
        lists: dict[str, Any] = {name: _own_words(getattr(history, name), name) for name in _HISTORY_LISTS}
        if history.pain is not None and not 0 <= history.pain <= MOST_PAIN:
            raise ClinicError("number_out_of_range", field="pain", lowest=0, highest=MOST_PAIN)
        if history.onset is not None and not self._possible(history.onset):
            raise ClinicError("onset_impossible", field="onset")
        return replace(history, **lists)

    def _diagnosis(self, diagnosis: DiagnosisForm) -> DiagnosisForm:
        diagnosis = _cleaned(diagnosis, {"indication": 100, "icd10cm": 16}, "diagnoses")
        diagnosis = replace(diagnosis, icd10cm=_code(diagnosis.icd10cm, "diagnoses"))
        if not diagnosis.indication and not diagnosis.icd10cm:
            raise ClinicError("diagnosis_empty", field="diagnoses")
        if diagnosis.since is not None and not self._possible(diagnosis.since):
            raise ClinicError("diagnosis_date_impossible", field="diagnoses")
        return diagnosis

    def _entry(self, entry: Entry) -> Entry:
        field = entry.kind.value
        entry = _cleaned(entry, {"text": 1000, "code": 100, "detail": 1000}, field)
        if not entry.text:
            raise ClinicError("entry_empty", field=field)
        text = entry.text if len(entry.text) <= 60 else f"{entry.text[:59]}…"
        for when in (entry.since, entry.until):
            if when is None:
                continue
            if when.latest < self.birth_date:
                raise ClinicError("entry_before_birth", field=field, text=text)
            if when.earliest > self.today:
                future = "entry_ends_in_future" if when is entry.until else "entry_in_future"
                raise ClinicError(future, field=field, text=text)
        if entry.since is not None and entry.until is not None and entry.until.latest < entry.since.earliest:
            raise ClinicError("entry_ends_before_it_begins", field=field, text=text)
        return entry

    def _elsewhere(self, given: ElsewhereForm) -> ElsewhereForm:
        field = "toxin_elsewhere"
        given = _cleaned(given, {"product": 100, "place": 300, "reason": 300}, field)
        if given.given_on > self.today:
            raise ClinicError("elsewhere_in_future", field=field)
        if given.given_on < self.birth_date:
            raise ClinicError("elsewhere_before_birth", field=field)
        if given.units is not None and given.units <= 0:
            raise ClinicError("units_negative", field=field)
        return given

    def _possible(self, when: PartialDate) -> bool:
        return when.latest >= self.birth_date and when.earliest <= self.today


def _birth_date(form: PatientForm, today: date) -> date:
    if not form.family_name:
        raise ClinicError("family_name_missing", field="family_name")
    if form.birth_date is None:
        raise ClinicError("birth_date_missing", field="birth_date")
    if form.birth_date > today:
        raise ClinicError("birth_date_in_future", field="birth_date")
    if form.birth_date < OLDEST_BIRTH_DATE:
        raise ClinicError("birth_date_too_old", field="birth_date")
    return form.birth_date


def _authorization(authorization: AuthorizationForm) -> AuthorizationForm:
    field = "authorizations"
    authorization = _cleaned(authorization, {"number": 100, "product": 100}, field)
    if not authorization.number:
        raise ClinicError("authorization_number_missing", field=field)
    if authorization.units is not None and authorization.units <= 0:
        raise ClinicError("units_negative", field=field)
    if authorization.visits is not None and not 1 <= authorization.visits <= 1000:
        raise ClinicError("number_out_of_range", field=field, lowest=1, highest=1000)
    first, last = authorization.first_day, authorization.last_day
    if first is not None and last is not None and last < first:
        raise ClinicError("authorization_ends_before_it_begins", field=field, number=authorization.number)
    return authorization


def _cleaned(typed: Typed, lengths: Mapping[str, int], field: str = "") -> Typed:
    """The form with clean text. What is too long is refused at ``field``, or at the text field itself."""
    texts = {name: clean(getattr(typed, name)) for name in lengths}
    for name, length in lengths.items():
        _refuse_long(texts[name], length, field or name)
    return replace(typed, **texts)  # type: ignore[type-var]  # every form is a dataclass


def _own_words(typed: Iterable[str], field: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(word for word in (clean(each) for each in typed) if word))
    for word in words:
        _refuse_long(word, _OWN_WORDS, field)
    return words


def _code(typed: str, field: str) -> str:
    code = code_typed(typed)
    if code and not is_code(code):
        raise ClinicError("icd10cm_impossible", field=field, typed=code)
    return code


def _refuse_long(text: str, limit: int, field: str) -> None:
    if len(text) > limit:
        raise ClinicError("text_too_long", field=field, limit=limit)
