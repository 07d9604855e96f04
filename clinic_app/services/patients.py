"""Patients: find, register, read and save."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from anyascii import anyascii
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound, RecordChanged
from clinic_app.models import (
    Appointment,
    Authorization,
    DystoniaHistory,
    Patient,
    PatientComponent,
    PatientEntry,
    ToxinElsewhere,
    Visit,
)
from clinic_app.models.database import Database
from clinic_app.services.access import Act, Actor, may, require
from clinic_app.services.clock import Clock, local_now
from clinic_app.services.patient_data import (
    AuthorizationForm,
    Banner,
    Component,
    ElsewhereForm,
    Entry,
    HistoryForm,
    PatientDetails,
    PatientForm,
    PatientRow,
)
from clinic_app.terms import AppointmentState, EntryKind, PatientStatus

Row = TypeVar("Row")

SHOWN_AT_ONCE = 50
OLDEST_BIRTH_DATE = date(1890, 1, 1)
_PLAIN_FIELDS = (
    "record_number",
    "family_name",
    "given_name",
    "birth_date",
    "sex",
    "weight_kg",
    "weighed_on",
    "phone",
    "email",
    "address",
    "emergency_contact",
    "language",
    "preferred_contact",
    "referring_doctor",
    "payer",
    "status",
    "died_on",
    "pregnant",
    "breastfeeding",
    "note",
    "usual_interval_weeks",
)
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


class Patients:
    """The use cases around a person's record."""

    def __init__(self, database: Database, clock: Clock, time_zone: str) -> None:
        self._database = database
        self._clock = clock
        self._time_zone = time_zone

    def search(self, actor: Actor, text: str, limit: int = SHOWN_AT_ONCE) -> tuple[PatientRow, ...]:
        """Patients whose names, birth date or record number fit every word typed; all words may be parts.

        An empty text gives the patients seen or booked most recently registered first.
        """
        require(actor, Act.READ_SUMMARY)
        words = text.split()
        query = select(
            Patient.id,
            Patient.record_number,
            Patient.family_name,
            Patient.given_name,
            Patient.birth_date,
            Patient.status,
        ).limit(limit)
        if words:
            query = query.where(*(_fits(word) for word in words))
            first = fold(words[0]) or words[0]
            begins = Patient.search_text.startswith(first, autoescape=True)
            query = query.order_by(begins.desc(), Patient.family_name, Patient.given_name, Patient.id)
        else:
            query = query.order_by(Patient.id.desc())
        with self._database.reading() as session:
            return tuple(PatientRow(*row) for row in session.execute(query))

    def register(self, actor: Actor, form: PatientForm) -> int:
        """Add a patient and return the id. Raises ClinicError with the field that is wrong."""
        require(actor, Act.REGISTER)
        form = self._checked(form)
        with self._database.writing(actor.account_id, self._clock()) as session:
            if not form.record_number:
                form = replace(form, record_number=_next_record_number(session))
            patient = Patient(created_at=self._clock())
            _fill(patient, form, clinical=may(actor, Act.EDIT_HISTORY))
            session.add(patient)
            _flush_unique(session, form)
            return patient.id

    def save(self, actor: Actor, patient_id: int, version: int, form: PatientForm) -> int:
        """Save what was typed over ``version`` and return the new version.

        The front desk's save leaves the clinical part as it is. Raises RecordChanged when somebody saved since.
        """
        require(actor, Act.REGISTER)
        form = self._checked(form)
        with self._database.writing(actor.account_id, self._clock()) as session:
            patient = _get(session, patient_id)
            if patient.version != version:
                raise RecordChanged("patient_changed", name=f"{patient.given_name} {patient.family_name}")
            if not form.record_number:
                form = replace(form, record_number=patient.record_number)
            _fill(patient, form, clinical=may(actor, Act.EDIT_HISTORY))
            patient.version = version + 1
            _flush_unique(session, form)
            return patient.version

    def details(self, actor: Actor, patient_id: int) -> PatientDetails:
        """Everything about one patient; the clinical part only for those who may read it."""
        require(actor, Act.READ_SUMMARY)
        with self._database.reading() as session:
            patient = _get(session, patient_id)
            return PatientDetails(patient.id, patient.version, _form(patient, may(actor, Act.READ_RECORD)))

    def possible_duplicates(self, actor: Actor, form: PatientForm) -> tuple[PatientRow, ...]:
        """Patients of the same birth date with a similar name, or of the very same name."""
        require(actor, Act.READ_SUMMARY)
        family, given = fold(form.family_name), fold(form.given_name)
        if not family:
            return ()
        same_name = Patient.search_text.contains(f"{family} {given}".strip(), autoescape=True)
        near: list[ColumnElement[bool]] = [same_name]
        if form.birth_date is not None:
            near.append(
                (Patient.birth_date == form.birth_date)
                & or_(
                    Patient.search_text.startswith(family[:3], autoescape=True),
                    Patient.search_text.contains(given[:3] or "\0", autoescape=True),
                )
            )
        query = select(
            Patient.id,
            Patient.record_number,
            Patient.family_name,
            Patient.given_name,
            Patient.birth_date,
            Patient.status,
        ).where(or_(*near))
        with self._database.reading() as session:
            return tuple(PatientRow(*row) for row in session.execute(query.limit(5)))

    def banner(self, actor: Actor, patient_id: int) -> Banner:
        """Who this is, with what must never be overlooked."""
        require(actor, Act.READ_SUMMARY)
        now = local_now(self._clock, self._time_zone)
        with self._database.reading() as session:
            patient = _get(session, patient_id)
            last = last_toxin_on(session, patient_id)
            following = session.scalar(
                select(func.min(Appointment.starts_at)).where(
                    Appointment.patient_id == patient_id,
                    Appointment.starts_at > now,
                    Appointment.state.in_((AppointmentState.BOOKED, AppointmentState.CONFIRMED)),
                )
            )
            return Banner(
                id=patient.id,
                name=f"{patient.given_name} {patient.family_name}".strip(),
                birth_date=patient.birth_date,
                age=years_between(patient.birth_date, now.date()),
                record_number=patient.record_number,
                allergies=tuple(e.text for e in patient.entries if e.kind is EntryKind.ALLERGY),
                cautions=_cautions(patient),
                last_injected_on=last,
                days_since_last=None if last is None else (now.date() - last).days,
                next_appointment_on=None if following is None else following.date(),
            )

    def _checked(self, form: PatientForm) -> PatientForm:
        """The form with clean text. Raises ClinicError that names the first field that cannot be."""
        today = local_now(self._clock, self._time_zone).date()
        cleaned = {name: clean(getattr(form, name)) for name in _LENGTHS}
        for name, length in _LENGTHS.items():
            if len(cleaned[name]) > length:
                raise ClinicError("text_too_long", field=name, limit=length)
        form = replace(form, **cleaned)  # type: ignore[arg-type]  # only the text fields named above are replaced
        if not form.family_name:
            raise ClinicError("family_name_missing", field="family_name")
        if form.birth_date is None:
            raise ClinicError("birth_date_missing", field="birth_date")
        if form.birth_date > today:
            raise ClinicError("birth_date_in_future", field="birth_date")
        if form.birth_date < OLDEST_BIRTH_DATE:
            raise ClinicError("birth_date_too_old", field="birth_date")
        if form.weight_kg is not None and not 1 <= form.weight_kg <= 400:
            raise ClinicError("weight_impossible", field="weight_kg")
        if form.status is PatientStatus.DIED and form.died_on is None:
            raise ClinicError("died_on_missing", field="died_on")
        if form.died_on is not None and not form.birth_date <= form.died_on <= today:
            raise ClinicError("died_on_impossible", field="died_on")
        for given in form.toxin_elsewhere:
            if given.given_on > today:
                raise ClinicError("elsewhere_in_future", field="toxin_elsewhere")
            if given.units is not None and given.units <= 0:
                raise ClinicError("units_negative", field="toxin_elsewhere")
        if form.history.onset is not None and not form.birth_date <= form.history.onset <= today:
            raise ClinicError("onset_impossible", field="onset")
        return form


def fold(text: str) -> str:
    """Names as they are compared: any script in Latin letters, no accents, no case, single spaces."""
    return " ".join(re.sub(r"[^\w\s-]", "", anyascii(unicodedata.normalize("NFC", text))).casefold().split())


def clean(text: str) -> str:
    """Typed text without control characters and outer space; line breaks stay."""
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", kept).strip()


def years_between(earlier: date, later: date) -> int:
    """Whole years, as birthdays count them."""
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))


def last_toxin_on(session: Session, patient_id: int) -> date | None:
    """The last day of any toxin, here or elsewhere."""
    here = session.scalar(select(func.max(Visit.visited_on)).where(Visit.patient_id == patient_id))
    elsewhere = session.scalar(select(func.max(ToxinElsewhere.given_on)).where(ToxinElsewhere.patient_id == patient_id))
    return max((day for day in (here, elsewhere) if day is not None), default=None)


def dates_meant(word: str) -> tuple[date, ...]:
    """The dates that a typed birth date can mean: year first, day first or month first."""
    numbers = re.fullmatch(r"(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})", word)
    if numbers is None:
        return ()
    a, b, c = (int(number) for number in numbers.groups())
    meant = []
    for year, month, day in ((a, b, c), (c, b, a), (c, a, b)):
        if year >= 1000:
            try:
                meant.append(date(year, month, day))
            except ValueError:
                continue
    return tuple(dict.fromkeys(meant))


def _fits(word: str) -> ColumnElement[bool]:
    days = dates_meant(word)
    if days:
        return Patient.birth_date.in_(days)
    # A word of signs only folds to nothing, which every text contains.
    return Patient.search_text.contains(fold(word) or word.casefold(), autoescape=True)


def _get(session: Session, patient_id: int) -> Patient:
    patient = session.get(Patient, patient_id)
    if patient is None:
        raise NotFound("patient_not_found")
    return patient


def _next_record_number(session: Session) -> str:
    """The next free number of the clinic's own series."""
    count = session.scalar(select(func.max(Patient.id))) or 0
    while True:
        count += 1
        number = f"MRN{count:07d}"
        if session.scalar(select(Patient.id).where(Patient.record_number == number)) is None:
            return number


def _flush_unique(session: Session, form: PatientForm) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        if "record_number" in str(error.orig):
            raise ClinicError("record_number_taken", field="record_number", number=form.record_number) from error
        raise


def _search_text(form: PatientForm) -> str:
    family, given = fold(form.family_name), fold(form.given_name)
    return f"{family} {given}|{given} {family}|{fold(form.record_number)}"[:1400]


_LISTS = ("better_with", "worse_with", "daily_tasks", "complications")


def _fill(patient: Patient, form: PatientForm, *, clinical: bool) -> None:
    for name in _PLAIN_FIELDS:
        setattr(patient, name, getattr(form, name))
    patient.search_text = _search_text(form)
    if not clinical:
        return
    _replace_list(patient.entries, (PatientEntry(**fields) for fields in _entry_fields(form.entries)))
    _replace_list(patient.components, (PatientComponent(component=c.component, side=c.side) for c in form.components))
    _replace_list(patient.authorizations, (Authorization(**_fields(a)) for a in form.authorizations))
    _replace_list(patient.toxin_elsewhere, (ToxinElsewhere(**_fields(e)) for e in form.toxin_elsewhere))
    if patient.history is None:
        patient.history = DystoniaHistory()
    for name, value in _fields(form.history).items():
        if name == "onset":
            value = form.history.onset.isoformat() if form.history.onset else ""
        elif name in _LISTS:
            value = [value] if value else []
        setattr(patient.history, name, value)


def _replace_list(current: list[Row], wanted: Iterable[Row]) -> None:
    """Keep the rows that stay, so that the audit trail tells only of what changed."""
    wanted = list(wanted)
    unchanged = {_identity(row): row for row in current}
    current[:] = [unchanged.get(_identity(row), row) for row in wanted]


def _identity(row: object) -> tuple[object, ...]:
    columns = type(row).__table__.columns.keys()  # type: ignore[attr-defined]  # every caller passes mapped rows
    return tuple(getattr(row, name) or None for name in columns if name not in ("id", "patient_id"))


def _entry_fields(entries: tuple[Entry, ...]) -> list[dict[str, object]]:
    return [
        {
            "kind": entry.kind,
            "text": entry.text,
            "code": entry.code,
            "detail": entry.result,
            "since": entry.dated.isoformat() if entry.dated else "",
            "position": position,
        }
        for position, entry in enumerate(entries)
    ]


def _fields(plain: object) -> dict[str, object]:
    return {name: getattr(plain, name) for name in plain.__slots__}  # type: ignore[attr-defined]  # slotted dataclasses


def _form(patient: Patient, clinical: bool) -> PatientForm:
    basics = PatientForm(**{name: getattr(patient, name) for name in _PLAIN_FIELDS})
    # Allergies and cautions are on the banner of everybody; the rest of the clinical record is not.
    entries = tuple(
        Entry(e.kind, e.text, e.code, e.detail, _day(e.since))
        for e in patient.entries
        if clinical or e.kind is EntryKind.ALLERGY
    )
    if not clinical:
        return replace(basics, entries=entries)
    return replace(
        basics,
        entries=entries,
        history=_history_form(patient.history),
        components=tuple(Component(c.component, c.side) for c in patient.components),
        authorizations=tuple(
            AuthorizationForm(a.number, a.product, a.units, a.visits, a.first_day, a.last_day)
            for a in patient.authorizations
        ),
        toxin_elsewhere=tuple(ElsewhereForm(e.given_on, e.product, e.units, e.place) for e in patient.toxin_elsewhere),
    )


def _history_form(history: DystoniaHistory | None) -> HistoryForm:
    if history is None:
        return HistoryForm()
    values = {name: getattr(history, name) for name in _fields(HistoryForm())}
    values |= {name: ", ".join(values[name]) for name in _LISTS}
    return HistoryForm(**{**values, "onset": _day(history.onset)})


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if len(text) == 10 else None


def _cautions(patient: Patient) -> tuple[str, ...]:
    said = [e.text for e in patient.entries if e.kind is EntryKind.CONDITION]
    said += [e.text for e in patient.entries if e.kind is EntryKind.MEDICINE and e.code]
    if patient.pregnant:
        said.insert(0, "pregnant")
    if patient.breastfeeding:
        said.insert(0, "breastfeeding")
    return tuple(said)
