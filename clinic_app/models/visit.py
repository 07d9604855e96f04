"""Visits: the draft that grows while charting and the signed visit that never changes again."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
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


class DraftPresence(Base):
    """Who has a draft on the screen. Written without the audit trail: it tells nothing of the patient."""

    __tablename__ = "draft_presence"

    draft_id: Mapped[int] = mapped_column(ForeignKey("chart_draft.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"), primary_key=True)
    workstation: Mapped[str] = mapped_column(String(200), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Instant)


class SavedPattern(Base):
    """A pattern to start from: a person's own, or the clinic's where ``account_id`` is None.

    ``lines`` are muscles, sides, units as typed (empty where the source had none), points and guidance.
    """

    __tablename__ = "saved_pattern"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    indication: Mapped[str] = mapped_column(String(100))
    product: Mapped[str] = mapped_column(String(100))
    lines: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))

    __table_args__ = (UniqueConstraint("account_id", "indication", "product", "name"),)


class Visit(Base):
    """A signed visit. Corrections are addenda; ``digest`` is the SHA-256 of the signed content.

    From the moment the digest is written, triggers refuse every change of the visit and its rows (``sealing``). A
    column that a later release adds to one of them is None for older visits, so that their digest stays true.

    A visit with ``import_id`` was brought in from a file of before: nobody signed it in this program.
    ``signed_by_id`` brought it in, ``signed_at`` is when, and it can be removed again with its import.
    """

    __tablename__ = "visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    injector_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"), index=True)
    visited_on: Mapped[date] = mapped_column(Date, index=True)
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
    import_id: Mapped[int | None] = mapped_column(ForeignKey("data_import.id", ondelete="RESTRICT"), index=True)

    vials: Mapped[list["Vial"]] = relationship(order_by="Vial.position", back_populates="visit")
    injections: Mapped[list["Injection"]] = relationship(order_by="Injection.position", back_populates="visit")
    overrides: Mapped[list["Override"]] = relationship(order_by="Override.id")
    addenda: Mapped[list["Addendum"]] = relationship(order_by="Addendum.id")
    scale_totals: Mapped[list["ScaleTotal"]] = relationship(order_by="ScaleTotal.id")
    response: Mapped["Response | None"] = relationship(back_populates="visit")

    __table_args__ = (
        Index("ix_visit_patient_id_visited_on", "patient_id", "visited_on"),
        {"sqlite_autoincrement": True},  # the number of one that was removed with its import is given to no other
    )


class Vial(Base):
    """A vial opened in a visit. ``size_units`` and ``wasted_units`` are units of ``product``; diluent in mL.

    ``reconstituted_at`` is the clinic's wall clock, as it is written on the vial. ``gtin`` and ``serial`` are what a
    scan of the package said. What nobody wrote down of a vial that was brought in is None.
    """

    __tablename__ = "vial"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id", ondelete="RESTRICT"), index=True)
    product: Mapped[str] = mapped_column(String(100))
    lot_number: Mapped[str] = mapped_column(String(100), index=True)
    expires_on: Mapped[date | None] = mapped_column(Date)
    size_units: Mapped[Decimal | None] = mapped_column(Thousandths)
    diluent: Mapped[str] = mapped_column(String(200), default="")
    diluent_ml: Mapped[Decimal | None] = mapped_column(Thousandths)
    reconstituted_at: Mapped[datetime | None] = mapped_column(DateTime)
    wasted_units: Mapped[Decimal | None] = mapped_column(Thousandths)
    waste_reason: Mapped[str] = mapped_column(String(300), default="")
    witness_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    gtin: Mapped[str | None] = mapped_column(String(14))
    serial: Mapped[str | None] = mapped_column(String(100), index=True)
    visit: Mapped[Visit] = relationship(back_populates="vials")


class Injection(Base):
    """One muscle and side injected from one vial. ``units`` are units of the vial's product.

    ``indication`` where it is another than the visit's.
    """

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
    indication: Mapped[str | None] = mapped_column(String(100))
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
    """A stop that a physician overrode, or a warning acknowledged, with the written reason.

    ``answered_by`` is the full name of who did, None in visits of older releases.
    """

    __tablename__ = "override"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"), index=True)
    check: Mapped[str] = mapped_column(String(100))
    level: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(200), default="")
    said: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str | None] = mapped_column(String(300))


class Addendum(Base):
    """A dated, signed correction with its reason, beside the original. ``digest`` is the SHA-256 of it all."""

    __tablename__ = "addendum"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    signed_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64), default="")


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
