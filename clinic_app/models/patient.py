"""The patient and what stays true between visits."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic_app.models.base import Base, Instant, Thousandths, word
from clinic_app.terms import EntryKind, PatientStatus, Sex, Side


class Patient(Base):
    """One person. ``search_text`` holds folded names and the record number, kept by the service on every save."""

    __tablename__ = "patient"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    record_number: Mapped[str] = mapped_column(String(64), unique=True)
    family_name: Mapped[str] = mapped_column(String(300))
    given_name: Mapped[str] = mapped_column(String(300))
    search_text: Mapped[str] = mapped_column(String(1400), default="")
    birth_date: Mapped[date] = mapped_column(Date)
    sex: Mapped[Sex] = mapped_column(word(Sex))
    weight_kg: Mapped[Decimal | None] = mapped_column(Thousandths)
    weighed_on: Mapped[date | None] = mapped_column(Date)
    phone: Mapped[str] = mapped_column(String(100), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(1000), default="")
    emergency_contact: Mapped[str] = mapped_column(String(500), default="")
    language: Mapped[str] = mapped_column(String(64), default="")
    preferred_contact: Mapped[str] = mapped_column(String(64), default="")
    referring_doctor: Mapped[str] = mapped_column(String(300), default="")
    payer: Mapped[str] = mapped_column(String(300), default="")
    status: Mapped[PatientStatus] = mapped_column(word(PatientStatus), default=PatientStatus.ACTIVE)
    died_on: Mapped[date | None] = mapped_column(Date)
    pregnant: Mapped[bool] = mapped_column(Boolean, default=False)
    breastfeeding: Mapped[bool] = mapped_column(Boolean, default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    usual_interval_weeks: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Instant)

    entries: Mapped[list["PatientEntry"]] = relationship(cascade="all, delete-orphan", order_by="PatientEntry.position")
    history: Mapped["DystoniaHistory | None"] = relationship(cascade="all, delete-orphan")
    components: Mapped[list["PatientComponent"]] = relationship(
        cascade="all, delete-orphan", order_by="PatientComponent.id"
    )
    authorizations: Mapped[list["Authorization"]] = relationship(
        cascade="all, delete-orphan", order_by="Authorization.id"
    )
    toxin_elsewhere: Mapped[list["ToxinElsewhere"]] = relationship(
        cascade="all, delete-orphan", order_by="ToxinElsewhere.given_on"
    )

    __table_args__ = (
        Index("ix_patient_birth_date", "birth_date"),
        Index("ix_patient_search_text", "search_text"),
    )


class PatientEntry(Base):
    """One line of a plain list: an allergy, a condition, a medicine, another treatment or a test.

    ``code`` is the id in the reference (a class of medicine, a condition that matters) or empty for free text.
    """

    __tablename__ = "patient_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[EntryKind] = mapped_column(word(EntryKind))
    position: Mapped[int] = mapped_column(Integer, default=0)
    code: Mapped[str] = mapped_column(String(100), default="")
    text: Mapped[str] = mapped_column(String(1000))
    result: Mapped[str] = mapped_column(String(1000), default="")
    dated: Mapped[date | None] = mapped_column(Date)


class DystoniaHistory(Base):
    """How the dystonia began and what it is: one per patient."""

    __tablename__ = "dystonia_history"

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), primary_key=True)
    indication: Mapped[str] = mapped_column(String(100), default="")
    icd10cm: Mapped[str] = mapped_column(String(16), default="")
    onset: Mapped[date | None] = mapped_column(Date)
    region_first: Mapped[str] = mapped_column(String(200), default="")
    distribution: Mapped[str] = mapped_column(String(32), default="")
    cause: Mapped[str] = mapped_column(String(300), default="")
    task_specific: Mapped[str] = mapped_column(String(300), default="")
    better_with: Mapped[str] = mapped_column(String(1000), default="")
    worse_with: Mapped[str] = mapped_column(String(1000), default="")
    pain: Mapped[int | None] = mapped_column(Integer)
    daily_tasks: Mapped[str] = mapped_column(Text, default="")
    complications: Mapped[str] = mapped_column(Text, default="")
    family: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (CheckConstraint("pain BETWEEN 0 AND 10", name="pain_range"),)


class PatientComponent(Base):
    """One component of the dystonia (torticollis to the right) from the reference."""

    __tablename__ = "patient_component"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), index=True)
    component: Mapped[str] = mapped_column(String(100))
    side: Mapped[Side | None] = mapped_column(word(Side))


class Authorization(Base):
    """What the payer agreed to beforehand. ``units`` are of ``product``."""

    __tablename__ = "authorization"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), index=True)
    number: Mapped[str] = mapped_column(String(100))
    product: Mapped[str] = mapped_column(String(100), default="")
    units: Mapped[Decimal | None] = mapped_column(Thousandths)
    visits: Mapped[int | None] = mapped_column(Integer)
    first_day: Mapped[date | None] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)


class ToxinElsewhere(Base):
    """Toxin that the patient got in another clinic. It counts in every interval and cumulative check."""

    __tablename__ = "toxin_elsewhere"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), index=True)
    given_on: Mapped[date] = mapped_column(Date)
    product: Mapped[str] = mapped_column(String(100), default="")
    units: Mapped[Decimal | None] = mapped_column(Thousandths)
    place: Mapped[str] = mapped_column(String(300), default="")
