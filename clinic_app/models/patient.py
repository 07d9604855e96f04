"""The patient and what stays true between visits."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic_app.models.base import Base, Instant, Thousandths, word
from clinic_app.terms import Cause, EntryKind, PatientStatus, Sex, Side


class Patient(Base):
    """One person. ``search_text`` holds folded names and the record number (``search_word``)."""

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
    pregnancy_asked_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    usual_interval_weeks: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Instant)

    entries: Mapped[list["PatientEntry"]] = relationship(cascade="all, delete-orphan", order_by="PatientEntry.position")
    history: Mapped["DystoniaHistory | None"] = relationship(cascade="all, delete-orphan")
    diagnoses: Mapped[list["Diagnosis"]] = relationship(cascade="all, delete-orphan", order_by="Diagnosis.id")
    components: Mapped[list["PatientComponent"]] = relationship(
        cascade="all, delete-orphan", order_by="PatientComponent.id"
    )
    authorizations: Mapped[list["Authorization"]] = relationship(
        cascade="all, delete-orphan", order_by="Authorization.id"
    )
    toxin_elsewhere: Mapped[list["ToxinElsewhere"]] = relationship(
        cascade="all, delete-orphan", order_by="(ToxinElsewhere.given_on, ToxinElsewhere.id)"
    )

    __table_args__ = (
        Index("ix_patient_birth_date", "birth_date"),
        {"sqlite_autoincrement": True},  # the number of one who was removed with an import is given to nobody else
    )


class PatientEntry(Base):
    """One dated line of the record: an allergy, a condition, a medicine, a treatment, an operation or a test.

    ``code`` is the id in the reference (a class of medicine, a condition that matters) or empty for free text;
    ``detail`` the reaction, the dose or the result. ``since`` and ``until`` are days, months or years as they are
    known: "2019-04-02", "2019-04" or "2019"; a test has the day of the test in ``since``.
    """

    __tablename__ = "patient_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[EntryKind] = mapped_column(word(EntryKind))
    position: Mapped[int] = mapped_column(Integer, default=0)
    code: Mapped[str] = mapped_column(String(100), default="")
    text: Mapped[str] = mapped_column(String(1000))
    detail: Mapped[str] = mapped_column(String(1000), default="")
    since: Mapped[str] = mapped_column(String(10), default="")
    until: Mapped[str] = mapped_column(String(10), default="")


class DystoniaHistory(Base):
    """How the dystonia began and what it is: one per patient.

    ``onset`` is a day, a month or a year as it is known. The lists hold ids of ``terms`` or the person's own words.
    None for task and family means that nobody asked.
    """

    __tablename__ = "dystonia_history"

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), primary_key=True)
    indication: Mapped[str] = mapped_column(String(100), default="")
    icd10cm: Mapped[str] = mapped_column(String(16), default="")
    onset: Mapped[str] = mapped_column(String(10), default="")
    region_first: Mapped[str] = mapped_column(String(200), default="")
    distribution: Mapped[str] = mapped_column(String(32), default="")
    cause_group: Mapped[Cause | None] = mapped_column(word(Cause))
    cause: Mapped[str] = mapped_column(String(300), default="")
    is_task_specific: Mapped[bool | None] = mapped_column(Boolean)
    task_specific: Mapped[str] = mapped_column(String(300), default="")
    better_with: Mapped[list[str]] = mapped_column(JSON, default=list)
    worse_with: Mapped[list[str]] = mapped_column(JSON, default=list)
    pain: Mapped[int | None] = mapped_column(Integer)
    daily_tasks: Mapped[list[str]] = mapped_column(JSON, default=list)
    complications: Mapped[list[str]] = mapped_column(JSON, default=list)
    runs_in_family: Mapped[bool | None] = mapped_column(Boolean)
    family: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (CheckConstraint("pain BETWEEN 0 AND 10", name="pain_range"),)


class Diagnosis(Base):
    """A further diagnosis beside the one of the history, treated or not. ``since`` is as exact as it is known."""

    __tablename__ = "diagnosis"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), index=True)
    indication: Mapped[str] = mapped_column(String(100), default="")
    icd10cm: Mapped[str] = mapped_column(String(16), default="")
    since: Mapped[str] = mapped_column(String(10), default="")


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
    reason: Mapped[str] = mapped_column(String(300), default="")
