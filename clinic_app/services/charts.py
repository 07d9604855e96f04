"""Charts in progress: open, keep as they grow, repeat the last pattern, sign."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import msgspec
from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError, NotFound, RecordChanged
from clinic_app.models import (
    Account,
    Appointment,
    ChartDraft,
    Patient,
    Visit,
)
from clinic_app.models.base import table_of
from clinic_app.models.database import Database, RowChange, tell_changes
from clinic_app.reference.catalogue import Reference
from clinic_app.services import charting, signing
from clinic_app.services.access import Act, Actor, may, require
from clinic_app.services.answers import named, signers
from clinic_app.services.appointment_writing import move_appointment_on
from clinic_app.services.chart_context import ChartContext, chart_context
from clinic_app.services.chart_data import (
    ChartContent,
    ChartVial,
    Draft,
    DraftRow,
    Pattern,
)
from clinic_app.services.clock import Clock, local_now, local_today
from clinic_app.services.cycles import keep_cycle
from clinic_app.services.ended_drafts import ending_of, gone
from clinic_app.services.identity import Confirmed, require_confirmed
from clinic_app.services.latest_patterns import last_pattern, latest_patterns, usual_start
from clinic_app.services.record_access import RecordAccess
from clinic_app.services.starting import repeated
from clinic_app.services.vial_booking import book_vials
from clinic_app.services.vial_conflicts import VialConflicts, vial_conflicts
from clinic_app.terms import AppointmentState

_LARGEST_ID = 2**31 - 1
"""What every store's integers hold."""

# Built once: to put a question together and find its text again takes several times as long as to ask it.
_DRAFTS = (
    select(
        ChartDraft.id,
        ChartDraft.content,
        ChartDraft.saved_at,
        Patient.id,
        Patient.given_name,
        Patient.family_name,
        Patient.birth_date,
        Patient.record_number,
        Account.full_name,
    )
    .join(Patient, Patient.id == ChartDraft.patient_id)
    .join(Account, Account.id == ChartDraft.account_id)
    .order_by(ChartDraft.saved_at.desc(), ChartDraft.id)
)
_DRAFT_TABLE = table_of(ChartDraft)
_DRAFT_TO_SIGN = select(
    _DRAFT_TABLE, exists().where(Account.id == bindparam("injector_id")).label("injector_is_there")
).where(ChartDraft.id == bindparam("draft_id"))
_REMOVE_DRAFT = delete(_DRAFT_TABLE).where(ChartDraft.id == bindparam("draft_id"))
_DRAFTS_OF_PATIENT = _DRAFTS.where(ChartDraft.patient_id == bindparam("patient_id"))


class Charts:
    """The use cases of charting, from an empty form to the signature."""

    def __init__(
        self, database: Database, clock: Clock, time_zone: str, reference: Reference, records: RecordAccess
    ) -> None:
        self._database = database
        self._records = records
        self._clock = clock
        self._time_zone = time_zone
        self._reference = reference

    def drafts(self, actor: Actor, patient_id: int | None = None) -> tuple[DraftRow, ...]:
        """Charts in progress, of one patient or of the clinic: those that wait for the actor first, then the latest."""
        require(actor, Act.DRAFT_CHART)
        with self._database.reading() as session:
            if patient_id is None:
                found = session.execute(_DRAFTS).all()
            else:
                found = session.execute(_DRAFTS_OF_PATIENT, {"patient_id": patient_id}).all()
            names = signers(session) if found else {}
            rows = []
            for draft_id, kept, saved_at, patient, given, family, birth_date, record_number, by in found:
                content = content_from_json(kept)
                injector = names.get(content.injector_id, "")
                rows.append(
                    DraftRow(
                        draft_id,
                        patient,
                        f"{given} {family}".strip(),
                        birth_date,
                        record_number,
                        content.visited_on,
                        saved_at,
                        by,
                        len(content.lines),
                        injector,
                        may(actor, Act.SIGN) and (not injector or content.injector_id == actor.account_id),
                    )
                )
            return tuple(sorted(rows, key=lambda row: not row.mine))

    def start(
        self,
        actor: Actor,
        patient_id: int,
        *,
        repeat: bool = False,
        appointment_id: int | None = None,
        latest: Sequence[Pattern] | None = None,
    ) -> Draft:
        """Open a new chart: empty, or with the last signed pattern of what it is for, every line carried.

        It is for what the appointment's last visit was for, else for the patient's own indication. ``latest`` are the
        patient's patterns, from whoever has just read them. Raises ClinicError when there is nothing to repeat.
        """
        require(actor, Act.DRAFT_CHART)
        self._records.enter(actor, patient_id)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            patient = session.get(Patient, patient_id)
            if patient is None:
                raise NotFound("patient_not_found")
            today = local_today(self._clock, self._time_zone)
            history = patient.history
            content = ChartContent(
                visited_on=today,
                injector_id=actor.account_id,
                indication=history.indication if history else "",
                icd10cm=history.icd10cm if history else "",
                interval_weeks=patient.usual_interval_weeks,
            )
            if appointment_id is None:
                appointment_id = _appointment_today(session, patient_id, today)
            content = _for_appointment(session, content, appointment_id)
            if repeat:
                known = latest_patterns(session, patient_id) if latest is None else latest
                usual = usual_start(known, content.indication)
                if not usual:
                    raise ClinicError("no_pattern_to_repeat")
                content = repeated(content, usual)
            return _new_draft(session, actor, patient_id, appointment_id, at, content)

    def open(self, actor: Actor, draft_id: int) -> Draft:
        """Go on with a chart, as it was last kept."""
        require(actor, Act.DRAFT_CHART)
        with self._database.reading() as session:
            draft = session.get(ChartDraft, draft_id)
            if draft is None:
                raise gone(session, draft_id)
            by = session.get_one(Account, draft.account_id).full_name
            opened = Draft(
                draft.id,
                draft.version,
                draft.patient_id,
                draft.appointment_id,
                draft.saved_at,
                by,
                content_from_json(draft.content),
            )
        self._records.enter(actor, opened.patient_id)
        return opened

    def keep(self, actor: Actor, draft_id: int, version: int, content: ChartContent) -> int:
        """Keep what is typed so far; returns the new version. Answers to checks that are new are the actor's.

        Raises RecordChanged when somebody else kept another state of this chart, NotFound when it was signed or
        discarded, with who did it.
        """
        require(actor, Act.DRAFT_CHART)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            draft = _draft(session, draft_id, version)
            draft.content = content_to_json(_named(content, draft.content, actor))
            draft.account_id = actor.account_id
            draft.saved_at = at
            draft.version = version + 1
            return draft.version

    def discard(self, actor: Actor, draft_id: int, version: int) -> ChartContent:
        """Throw a chart away and return its content, so that the window can offer to undo."""
        require(actor, Act.DRAFT_CHART)
        with self._database.writing(actor.account_id, self._clock()) as session:
            draft = _draft(session, draft_id, version)
            content = content_from_json(draft.content)
            session.delete(draft)
            return content

    def restore(self, actor: Actor, patient_id: int, content: ChartContent, appointment_id: int | None = None) -> Draft:
        """Bring a discarded chart back. The answers to checks in it are now those of who does."""
        require(actor, Act.DRAFT_CHART)
        self._records.enter(actor, patient_id)
        at = self._clock()
        with self._database.writing(actor.account_id, at) as session:
            content = replace(content, answers=named(content.answers, (), actor))
            return _new_draft(session, actor, patient_id, appointment_id, at, content)

    def context(self, actor: Actor, patient_id: int, vials: tuple[ChartVial, ...] = ()) -> ChartContext:
        """What the checks need to know of the patient and the chart's vials, read when a chart opens."""
        require(actor, Act.DRAFT_CHART)
        self._records.enter(actor, patient_id)
        with self._database.reading() as session:
            return chart_context(session, patient_id, vials)

    def vial_conflicts(self, actor: Actor, patient_id: int, vials: tuple[ChartVial, ...]) -> VialConflicts:
        """Which of the vials were supplied for, or are charted for, another patient."""
        require(actor, Act.DRAFT_CHART)
        with self._database.reading() as session:
            return vial_conflicts(session, patient_id, vials)

    def last_pattern(self, actor: Actor, patient_id: int, indication: str = "") -> Pattern | None:
        """The latest signed pattern: of the indication when one is given, else all that the latest visit gave."""
        require(actor, Act.READ_RECORD)
        self._records.enter(actor, patient_id)
        with self._database.reading() as session:
            return last_pattern(session, patient_id, indication)

    def sign(self, actor: Actor, draft_id: int, version: int, content: ChartContent, confirmed: Confirmed) -> int:
        """Sign the chart: check it, freeze it, book the vials out, move the appointment on; returns the visit's id.

        Signing the same state once more changes nothing and returns the same visit; NotFound tells who signed another
        one. Raises ClinicError for what cannot be read as a number or is missing, and for the first stop that is not
        overridden or warning that is not acknowledged. The draft then stays as it is.

        What somebody else answered stays that person's; a nurse's answer to a stop does not override it.
        """
        require(actor, Act.SIGN)
        at = self._clock()
        require_confirmed(actor, confirmed, at)
        now = local_now(self._clock, self._time_zone)
        with self._database.writing(actor.account_id, at) as session:
            connection = session.connection()
            asked = {"draft_id": draft_id, "injector_id": content.injector_id}
            draft = connection.execute(_DRAFT_TO_SIGN, asked).one_or_none()
            if draft is None:
                signed = _signed_before(session, actor, draft_id, version, content)
                if signed is None:
                    raise gone(session, draft_id)
                return signed
            if draft.version != version:
                raise RecordChanged("draft_changed")
            if content.visited_on > now.date():
                raise ClinicError("visit_in_future", field="visited_on")
            if not draft.injector_is_there:
                raise ClinicError("injector_missing", field="injector")
            content = _named(content, draft.content, actor)
            context = chart_context(session, draft.patient_id, content.vials)
            if content.visited_on < context.birth_date:
                raise ClinicError("visit_before_birth", field="visited_on")
            charted = charting.read(content, context, self._reference, now, at_signing=True)
            charting.refuse_unanswered(charted, content, context.may_override)
            visit = signing.write_visit(session, draft.patient_id, content, charted, actor, at)
            changes = [*visit.changes, *book_vials(session, visit, actor, at)]
            if draft.appointment_id is not None:
                changes += move_appointment_on(session, draft.appointment_id, visit.id, actor, at)
            connection.execute(_REMOVE_DRAFT, {"draft_id": draft_id})
            tell_changes(session, [*changes, RowChange(_DRAFT_TABLE, draft._mapping, None)])
            keep_cycle(session, visit.patient_id)
            return visit.id


def content_to_json(content: ChartContent) -> dict[str, object]:
    """The form's content as JSON holds it."""
    plain: dict[str, object] = msgspec.to_builtins(content)
    return plain


def content_from_json(plain: dict[str, object]) -> ChartContent:
    """The form's content from JSON. Raises ClinicError where it is none, as of a later release."""
    try:
        return msgspec.convert(plain, ChartContent, strict=False)
    except (msgspec.ValidationError, ValueError) as error:
        raise ClinicError("draft_unreadable") from error


def _new_draft(
    session: Session,
    actor: Actor,
    patient_id: int,
    appointment_id: int | None,
    at: datetime,
    content: ChartContent,
) -> Draft:
    draft = ChartDraft(
        # Never a number that a draft had before: a window that still shows a chart signed elsewhere would otherwise
        # keep it as another patient's.
        id=secrets.randbelow(_LARGEST_ID) + 1,
        patient_id=patient_id,
        account_id=actor.account_id,
        appointment_id=appointment_id,
        opened_at=at,
        saved_at=at,
        content=content_to_json(content),
    )
    session.add(draft)
    session.flush()
    return Draft(draft.id, 1, patient_id, appointment_id, at, actor.full_name, content)


def _draft(session: Session, draft_id: int, version: int) -> ChartDraft:
    draft = session.get(ChartDraft, draft_id)
    if draft is None:
        raise gone(session, draft_id)
    if draft.version != version:
        raise RecordChanged("draft_changed")
    return draft


def _for_appointment(session: Session, content: ChartContent, appointment_id: int | None) -> ChartContent:
    """The content for what the visit treated that the appointment repeats."""
    if appointment_id is None:
        return content
    followed = session.execute(
        select(Visit.indication, Visit.icd10cm)
        .join(Appointment, Appointment.follows_visit_id == Visit.id)
        .where(Appointment.id == appointment_id)
    ).one_or_none()
    if followed is None or followed.indication in ("", content.indication):
        return content
    return replace(content, indication=followed.indication, icd10cm=followed.icd10cm)


def _signed_before(session: Session, actor: Actor, draft_id: int, version: int, content: ChartContent) -> int | None:
    """The visit that this very signature made already: two clicks, or a second try after a lost answer, are one."""
    ending = ending_of(session, draft_id)
    if ending is None or (ending.account_id, ending.version) != (actor.account_id, version):
        return None
    if not isinstance(ending.content, dict):
        return None
    same = content_from_json(ending.content) == _named(content, ending.content, actor)
    return ending.visit_id if same else None


def _named(content: ChartContent, kept: dict[str, object], actor: Actor) -> ChartContent:
    """The content with the name of who answered each check, beside the same chart as it was kept last."""
    return replace(content, answers=named(content.answers, content_from_json(kept).answers, actor))


def _appointment_today(session: Session, patient_id: int, today: date) -> int | None:
    """The appointment that this visit most likely belongs to: today's, not yet charted."""
    start = datetime.combine(today, datetime.min.time())
    return session.scalar(
        select(Appointment.id)
        .where(
            Appointment.patient_id == patient_id,
            Appointment.visit_id.is_(None),
            Appointment.starts_at >= start,
            Appointment.starts_at < start + timedelta(days=1),
            Appointment.state.not_in((AppointmentState.CANCELLED, AppointmentState.NO_SHOW)),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
