"""Appointments in the clinic's wall-clock time, each with its whole history; recall and waiting list."""

from datetime import date, datetime, time

from sqlalchemy import JSON, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, String, Time, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic_app.models.base import Base, Instant, word
from clinic_app.terms import AppointmentState, ContactOutcome, ContactWay, WishEnd

NOT_KEPT = "state IN ('cancelled', 'no_show')"
"""The appointments of ``ix_appointment_not_kept``. A query must say it in these very words to be led there."""


class Appointment(Base):
    """One appointment. ``starts_at`` is the wall clock of the clinic's zone, without a zone, on purpose:
    ten o'clock stays ten o'clock when the clocks change.

    Whoever booked over a clash on purpose stands in ``overbooked_by_id`` with the reason. An appointment of a series is
    a record of its own that knows its series.
    """

    __tablename__ = "appointment"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    injector_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="RESTRICT"))
    type_id: Mapped[int] = mapped_column(ForeignKey("appointment_type.id", ondelete="RESTRICT"))
    starts_at: Mapped[datetime] = mapped_column(DateTime)
    minutes: Mapped[int] = mapped_column(Integer)
    state: Mapped[AppointmentState] = mapped_column(word(AppointmentState), default=AppointmentState.BOOKED)
    reason: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    follows_visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"), index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("appointment_series.id", ondelete="RESTRICT"), index=True)
    overbooked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    overbook_reason: Mapped[str] = mapped_column(String(300), default="")
    overbooked_over: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The codes of the clashes that the reason was for."""
    devices: Mapped[list["AppointmentDevice"]] = relationship(
        cascade="all, delete-orphan", order_by="AppointmentDevice.device_id"
    )
    events: Mapped[list["AppointmentEvent"]] = relationship(order_by="AppointmentEvent.id")

    __table_args__ = (
        CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes_range"),
        # With all that is asked of many weeks at once, so that no appointment itself is read for it.
        Index(
            "ix_appointment_starts_at",
            "starts_at",
            "state",
            "minutes",
            "injector_id",
            "room_id",
            "patient_id",
            "type_id",
        ),
        Index("ix_appointment_injector_id_starts_at", "injector_id", "starts_at"),
        Index("ix_appointment_room_id_starts_at", "room_id", "starts_at"),
        Index("ix_appointment_patient_id_starts_at", "patient_id", "starts_at"),
        Index("ix_appointment_visit_id", "visit_id"),
        # The few that were not kept, so that the recall list need not look through all that were. Also on a server,
        # of which the migration tells: to say it here would bring that dialect to every start.
        Index(
            "ix_appointment_not_kept",
            "patient_id",
            "starts_at",
            sqlite_where=text(NOT_KEPT),
        ),
    )


class AppointmentDevice(Base):
    """A device that an appointment has to itself while it lasts."""

    __tablename__ = "appointment_device"

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id", ondelete="RESTRICT"), primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id", ondelete="RESTRICT"), primary_key=True, index=True)


class AppointmentSeries(Base):
    """What the appointments of a series have in common: whose they are and how many weeks lie between them."""

    __tablename__ = "appointment_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), index=True)
    weeks: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    __table_args__ = (CheckConstraint("weeks BETWEEN 1 AND 104", name="weeks_range"),)


class ContactAttempt(Base):
    """Somebody tried to reach a patient about the next visit. ``next_try_on`` is when to try, or to ask, again."""

    __tablename__ = "contact_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    way: Mapped[ContactWay] = mapped_column(word(ContactWay))
    outcome: Mapped[ContactOutcome] = mapped_column(word(ContactOutcome))
    note: Mapped[str] = mapped_column(String(1000), default="")
    next_try_on: Mapped[date | None] = mapped_column(Date)
    __table_args__ = (Index("ix_contact_attempt_patient_id_at", "patient_id", "at"),)


class WaitingWish(Base):
    """An entry of the waiting list: when a patient could come earlier, and at how short notice.

    ``weekdays`` (0 is Monday) and the times of day are of the clinic's wall clock; none means any. ``notice_days`` is
    how many days before a visit the patient must know. Over since ``ended_at``.
    """

    __tablename__ = "waiting_wish"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), index=True)
    type_id: Mapped[int] = mapped_column(ForeignKey("appointment_type.id", ondelete="RESTRICT"))
    injector_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    weekdays: Mapped[list[int]] = mapped_column(JSON, default=list)
    not_before: Mapped[time | None] = mapped_column(Time)
    not_after: Mapped[time | None] = mapped_column(Time)
    first_day: Mapped[date | None] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    notice_days: Mapped[int] = mapped_column(Integer, default=0)
    note: Mapped[str] = mapped_column(String(1000), default="")
    wished_at: Mapped[datetime] = mapped_column(Instant)
    wished_by_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    end: Mapped[WishEnd | None] = mapped_column(word(WishEnd))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id", ondelete="RESTRICT"))
    __table_args__ = (
        CheckConstraint("notice_days BETWEEN 0 AND 60", name="notice_days_range"),
        Index("ix_waiting_wish_ended_at", "ended_at"),
    )


class AppointmentEvent(Base):
    """Who did what to an appointment and when."""

    __tablename__ = "appointment_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id", ondelete="RESTRICT"))
    at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    what: Mapped[str] = mapped_column(String(32))
    before: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    __table_args__ = (Index("ix_appointment_event_appointment_id_at", "appointment_id", "at"),)


class TreatmentCycle(Base):
    """Where a patient whom the clinic follows stands: the last visit with injections, and when the next is due.

    It tells nothing that visits and patients do not tell. ``services.cycles`` keeps it beside them, without the audit
    trail, so that the recall list of a whole clinic does not read every record. ``due_on`` is ``weeks`` after
    ``injected_on``.
    """

    __tablename__ = "treatment_cycle"

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"))
    injected_on: Mapped[date] = mapped_column(Date)
    weeks: Mapped[int] = mapped_column(Integer)
    due_on: Mapped[date] = mapped_column(Date)
    __table_args__ = (Index("ix_treatment_cycle_due_on", "due_on"),)
