"""Visits: the draft that grows while charting and the signed visit that never changes again."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, Boolean, Date, DateTime, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic_app.models.base import Base, Instant, Thousandths, word
from clinic_app.terms import Side


class ChartDraft(Base):
    """A chart in progress, kept as the form's own content so that nothing typed is ever refused or lost."""

    __tablename__ = "chart_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id", ondelete="RESTRICT"))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    content: Mapped[dict[str, object]] = mapped_column(JSON)


class Visit(Base):
    """A signed visit. Corrections are addenda; ``digest`` is the SHA-256 of the signed content."""

    __tablename__ = "visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    injector_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"), index=True)
    visited_on: Mapped[date] = mapped_column(Date)
    indication: Mapped[str] = mapped_column(String(100))
    icd10cm: Mapped[str] = mapped_column(String(16), default="")
    assessment: Mapped[str] = mapped_column(Text, default="")
    consent: Mapped[bool] = mapped_column(Boolean, default=False)
    complications: Mapped[str] = mapped_column(Text, default="")
    codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    plan: Mapped[str] = mapped_column(Text, default="")
    interval_weeks: Mapped[int | None] = mapped_column(Integer)
    signed_at: Mapped[datetime] = mapped_column(Instant)
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    digest: Mapped[str] = mapped_column(String(64))

    vials: Mapped[list["Vial"]] = relationship(order_by="Vial.position", back_populates="visit")
    injections: Mapped[list["Injection"]] = relationship(order_by="Injection.position", back_populates="visit")
    overrides: Mapped[list["Override"]] = relationship(order_by="Override.id")
    addenda: Mapped[list["Addendum"]] = relationship(order_by="Addendum.id")
    scale_totals: Mapped[list["ScaleTotal"]] = relationship(order_by="ScaleTotal.id")
    response: Mapped["Response | None"] = relationship(back_populates="visit")

    __table_args__ = (Index("ix_visit_patient_id_visited_on", "patient_id", "visited_on"),)


class Vial(Base):
    """A vial opened in a visit. ``size_units`` and ``wasted_units`` are units of ``product``; diluent in mL.

    ``reconstituted_at`` is the clinic's wall clock, as it is written on the vial.
    """

    __tablename__ = "vial"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id", ondelete="RESTRICT"), index=True)
    product: Mapped[str] = mapped_column(String(100))
    lot_number: Mapped[str] = mapped_column(String(100), index=True)
    expires_on: Mapped[date] = mapped_column(Date)
    size_units: Mapped[Decimal] = mapped_column(Thousandths)
    diluent: Mapped[str] = mapped_column(String(200), default="")
    diluent_ml: Mapped[Decimal] = mapped_column(Thousandths)
    reconstituted_at: Mapped[datetime | None] = mapped_column(DateTime)
    wasted_units: Mapped[Decimal] = mapped_column(Thousandths)
    waste_reason: Mapped[str] = mapped_column(String(300), default="")
    visit: Mapped[Visit] = relationship(back_populates="vials")


class Injection(Base):
    """One muscle and side injected from one vial. ``units`` are units of the vial's product."""

    __tablename__ = "injection"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"), index=True)
    vial_id: Mapped[int] = mapped_column(ForeignKey("vial.id", ondelete="RESTRICT"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    muscle: Mapped[str] = mapped_column(String(100), index=True)
    side: Mapped[Side] = mapped_column(word(Side))
    units: Mapped[Decimal] = mapped_column(Thousandths)
    guidance: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(String(1000), default="")
    visit: Mapped[Visit] = relationship(back_populates="injections")
    vial: Mapped[Vial] = relationship()
    points: Mapped[list["InjectionPoint"]] = relationship(order_by="InjectionPoint.position")


class InjectionPoint(Base):
    """A place on the map: patch coordinates survive a redrawing of the plate, millimetres say where it was.

    ``units`` of the vial's product where the points differ; None where they share the injection's units equally.
    """

    __tablename__ = "injection_point"

    id: Mapped[int] = mapped_column(primary_key=True)
    injection_id: Mapped[int] = mapped_column(ForeignKey("injection.id", ondelete="RESTRICT"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    plate: Mapped[str] = mapped_column(String(100))
    part: Mapped[str] = mapped_column(String(100))
    u: Mapped[float] = mapped_column(Float)
    t: Mapped[float] = mapped_column(Float)
    x_mm: Mapped[float] = mapped_column(Float)
    y_mm: Mapped[float] = mapped_column(Float)
    units: Mapped[Decimal | None] = mapped_column(Thousandths)


class Override(Base):
    """A stop that the physician overrode, or a warning acknowledged, with the written reason."""

    __tablename__ = "override"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"), index=True)
    check: Mapped[str] = mapped_column(String(100))
    level: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(200), default="")
    said: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")


class Addendum(Base):
    """A dated, signed correction that stands beside the original."""

    __tablename__ = "addendum"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    signed_at: Mapped[datetime] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(Text)


class ScaleTotal(Base):
    """A total or subscale of a rating scale at a visit; never its items."""

    __tablename__ = "scale_total"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"), index=True)
    scale: Mapped[str] = mapped_column(String(64))
    subscale: Mapped[str] = mapped_column(String(64), default="")
    value: Mapped[Decimal] = mapped_column(Thousandths)


class Response(Base):
    """What the injections of a visit did: benefit in percent, first day and week it wore off."""

    __tablename__ = "response"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    first_day: Mapped[int | None] = mapped_column(Integer)
    best_percent: Mapped[int | None] = mapped_column(Integer)
    wore_off_week: Mapped[int | None] = mapped_column(Integer)
    patient_impression: Mapped[int | None] = mapped_column(Integer)
    clinician_impression: Mapped[int | None] = mapped_column(Integer)
    pain: Mapped[int | None] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(Text, default="")
    visit: Mapped[Visit] = relationship(back_populates="response")
