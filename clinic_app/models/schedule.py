"""Appointments in the clinic's wall-clock time, each with its whole history."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic_app.models.base import Base, Instant, word
from clinic_app.terms import AppointmentState


class Appointment(Base):
    """One appointment. ``starts_at`` is the wall clock of the clinic's zone, without a zone, on purpose:
    ten o'clock stays ten o'clock when the clocks change."""

    __tablename__ = "appointment"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), index=True)
    injector_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="RESTRICT"))
    type_id: Mapped[int] = mapped_column(ForeignKey("appointment_type.id", ondelete="RESTRICT"))
    starts_at: Mapped[datetime] = mapped_column(DateTime)
    minutes: Mapped[int] = mapped_column(Integer)
    state: Mapped[AppointmentState] = mapped_column(word(AppointmentState), default=AppointmentState.BOOKED)
    reason: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    follows_visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"))
    events: Mapped[list["AppointmentEvent"]] = relationship(order_by="AppointmentEvent.id")

    __table_args__ = (
        CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes_range"),
        Index("ix_appointment_starts_at", "starts_at"),
        Index("ix_appointment_injector_id_starts_at", "injector_id", "starts_at"),
    )


class AppointmentEvent(Base):
    """Who did what to an appointment and when."""

    __tablename__ = "appointment_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id", ondelete="RESTRICT"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    what: Mapped[str] = mapped_column(String(32))
    before: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
