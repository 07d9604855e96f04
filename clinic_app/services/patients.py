"""Patients: find, register, read and save."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, or_, select, union
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from clinic_app.errors import ClinicError, NotFound, RecordChanged
from clinic_app.models import Appointment, Patient, SearchWord, ToxinElsewhere, Visit
from clinic_app.models.database import Database
from clinic_app.models.search_word import LONGEST_WORD, words_of
from clinic_app.services.access import Act, Actor, may, require
from clinic_app.services.clock import Clock, local_now, local_today
from clinic_app.services.cycles import keep_cycle
from clinic_app.services.patient_checks import checked
from clinic_app.services.patient_data import Banner, PatientDetails, PatientForm, PatientRow
from clinic_app.services.patient_rows import cautions, entries_of, fill, form_of
from clinic_app.services.patient_search import SHOWN, PatientSearch
from clinic_app.services.record_access import RecordAccess
from clinic_app.services.typed_search import TypedSearch, begins, begins_with
from clinic_app.terms import AppointmentState, EntryKind
from clinic_app.typed_text import clean as clean
from clinic_app.typed_text import fold as fold

SHOWN_AT_ONCE = 50

# Built once: to put a question together and find its text again takes several times as long as to ask it.
_WHO: BindParameter[int] = bindparam("patient_id")
_last_visit = select(func.max(Visit.visited_on)).where(Visit.patient_id == _WHO).scalar_subquery()
_last_elsewhere = select(func.max(ToxinElsewhere.given_on)).where(ToxinElsewhere.patient_id == _WHO).scalar_subquery()
_following = (
    select(func.min(Appointment.starts_at))
    .where(
        Appointment.patient_id == _WHO,
        Appointment.starts_at > bindparam("now"),
        Appointment.state.in_((AppointmentState.BOOKED, AppointmentState.CONFIRMED)),
    )
    .scalar_subquery()
)
_LAST_TOXIN = select(_last_visit, _last_elsewhere)
_TOXIN_AND_FOLLOWING = select(_last_visit, _last_elsewhere, _following)
_WITH_HISTORY = select(Patient).where(Patient.id == _WHO).options(joinedload(Patient.history))


class Patients:
    """The use cases around a person's record."""

    def __init__(self, database: Database, clock: Clock, time_zone: str, records: RecordAccess) -> None:
        self._database = database
        self._records = records
        self._clock = clock
        self._time_zone = time_zone

    def search(self, actor: Actor, text: str, limit: int = SHOWN_AT_ONCE) -> tuple[PatientRow, ...]:
        """Patients whose names, birth date or record number fit every word typed; all words may be parts.

        Who comes today stands first, then whose names begin so. Where few fit, those follow who fit but for a letter,
        ``alike``. An empty text gives the patients registered last.
        """
        require(actor, Act.READ_SUMMARY)
        with self._database.reading() as session:
            if text.strip():
                today = self._today()
                return PatientSearch(session, TypedSearch.read(text, today), today, limit).run()
            newest = select(*SHOWN).order_by(Patient.id.desc()).limit(limit)
            return tuple(PatientRow(*row) for row in session.execute(newest))

    def register(self, actor: Actor, form: PatientForm) -> int:
        """Add a patient and return the id. Raises ClinicError with the field that is wrong."""
        require(actor, Act.REGISTER)
        clinical = may(actor, Act.EDIT_HISTORY)
        form = checked(form, self._today(), clinical=clinical)
        with self._database.writing(actor.account_id, self._clock()) as session:
            if not form.record_number:
                form = replace(form, record_number=_next_record_number(session))
            patient = Patient(created_at=self._clock())
            fill(patient, form, clinical=clinical)
            session.add(patient)
            _flush_unique(session, form)
            return patient.id

    def save(self, actor: Actor, patient_id: int, version: int, form: PatientForm) -> int:
        """Save what was typed over ``version`` and return the new version.

        The front desk's save leaves the clinical part as it is. Raises RecordChanged when somebody saved since.
        """
        require(actor, Act.REGISTER)
        self._records.enter(actor, patient_id)
        clinical = may(actor, Act.EDIT_HISTORY)
        form = checked(form, self._today(), clinical=clinical)
        with self._database.writing(actor.account_id, self._clock()) as session:
            patient = _get(session, patient_id)
            if patient.version != version:
                raise RecordChanged("patient_changed", name=f"{patient.given_name} {patient.family_name}")
            if not form.record_number:
                form = replace(form, record_number=patient.record_number)
            fill(patient, form, clinical=clinical)
            patient.version = version + 1
            _flush_unique(session, form)
            keep_cycle(session, patient_id)
            return patient.version

    def details(self, actor: Actor, patient_id: int) -> PatientDetails:
        """Everything about one patient; the clinical part only for those who may read it."""
        require(actor, Act.READ_SUMMARY)
        self._records.enter(actor, patient_id)
        with self._database.reading() as session:
            return _details(actor, _whole(session, patient_id))

    def possible_duplicates(self, actor: Actor, form: PatientForm) -> tuple[PatientRow, ...]:
        """Patients of the same birth date with a similar name, or of the very same name."""
        require(actor, Act.READ_SUMMARY)
        family, given = words_of(form.family_name), words_of(form.given_name)
        if not family:
            return ()
        alike = [_of_the_name(family + given), *([_of_the_name(given + family)] if given else [])]
        if form.birth_date is not None:
            either = [begins_with(family[0][:3]), *([begins(given[0][:3])] if given else [])]
            alike.append(
                select(Patient.id).where(
                    Patient.birth_date == form.birth_date, or_(*map(Patient.search_text.like, either))
                )
            )
        query = select(*SHOWN).where(Patient.id.in_(union(*alike))).order_by(Patient.id)
        with self._database.reading() as session:
            return tuple(PatientRow(*row) for row in session.execute(query.limit(5)))

    def banner(self, actor: Actor, patient_id: int) -> Banner:
        """Who this is, with what must never be overlooked; of a record that does not open only who it is."""
        require(actor, Act.READ_SUMMARY)
        opens = self._records.is_open(actor, patient_id)
        with self._database.reading() as session:
            return self._banner(session, _get(session, patient_id), opens=opens)

    def details_with_banner(self, actor: Actor, patient_id: int) -> tuple[PatientDetails, Banner]:
        """Both of a record that opens, for which the patient is read once."""
        require(actor, Act.READ_SUMMARY)
        self._records.enter(actor, patient_id)
        with self._database.reading() as session:
            patient = _whole(session, patient_id)
            return _details(actor, patient), self._banner(session, patient, opens=True)

    def _banner(self, session: Session, patient: Patient, *, opens: bool) -> Banner:
        now = local_now(self._clock, self._time_zone)
        asked = {"patient_id": patient.id, "now": now}
        *given, following = session.execute(_TOXIN_AND_FOLLOWING, asked).one()
        last = _latest(given) if opens else None
        held = [entry for entry in entries_of(patient) if entry.holds_on(now.date())] if opens else []
        return Banner(
            id=patient.id,
            name=f"{patient.given_name} {patient.family_name}".strip(),
            birth_date=patient.birth_date,
            age=years_between(patient.birth_date, now.date()),
            record_number=patient.record_number,
            allergies=tuple(e.text for e in held if e.kind is EntryKind.ALLERGY),
            cautions=cautions(patient, held) if opens else (),
            last_injected_on=last,
            days_since_last=None if last is None else (now.date() - last).days,
            next_appointment_on=None if following is None else following.date(),
            opens=opens,
        )

    def _today(self) -> date:
        return local_today(self._clock, self._time_zone)


def years_between(earlier: date, later: date) -> int:
    """Whole years, as birthdays count them."""
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))


def last_toxin_on(session: Session, patient_id: int) -> date | None:
    """The last day of any toxin, here or elsewhere."""
    return _latest(session.execute(_LAST_TOXIN, {"patient_id": patient_id}).one())


def _latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _details(actor: Actor, patient: Patient) -> PatientDetails:
    return PatientDetails(patient.id, patient.version, form_of(patient, clinical=may(actor, Act.READ_RECORD)))


def _of_the_name(words: list[str]) -> Select[Any]:
    """Whose names are these words, family name first."""
    return select(SearchWord.patient_id).where(
        SearchWord.place == 0,
        SearchWord.word == words[0][:LONGEST_WORD],
        SearchWord.text.like(begins_with(" ".join(words))),
    )


def _get(session: Session, patient_id: int) -> Patient:
    patient = session.get(Patient, patient_id)
    if patient is None:
        raise NotFound("patient_not_found")
    return patient


def _whole(session: Session, patient_id: int) -> Patient:
    """The patient with what every form shows; the lists come as they are asked for."""
    patient = session.scalar(_WITH_HISTORY, {"patient_id": patient_id})
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
