"""Side effects tied to the visit they followed, and the answer 'none reported'."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic_app.models.base import Base, Instant, word
from clinic_app.terms import Severity, Side


class SideEffect(Base):
    """One side effect. ``kind`` is an id of the catalogue, or empty with free text in ``other``."""

    __tablename__ = "side_effect"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), index=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[str] = mapped_column(String(100))
    other: Mapped[str] = mapped_column(String(300), default="")
    severity: Mapped[Severity] = mapped_column(word(Severity))
    started_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    action: Mapped[str] = mapped_column(Text, default="")
    red_flag: Mapped[bool] = mapped_column(Boolean, default=False)
    resolved_note: Mapped[str] = mapped_column(Text, default="")
    reported: Mapped[bool] = mapped_column(Boolean, default=False)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    muscles: Mapped[list["SuspectedMuscle"]] = relationship(cascade="all, delete-orphan", order_by="SuspectedMuscle.id")


class SuspectedMuscle(Base):
    """A muscle and side of the visit that may have caused the side effect."""

    __tablename__ = "suspected_muscle"

    id: Mapped[int] = mapped_column(primary_key=True)
    side_effect_id: Mapped[int] = mapped_column(ForeignKey("side_effect.id", ondelete="RESTRICT"), index=True)
    muscle: Mapped[str] = mapped_column(String(100))
    side: Mapped[Side] = mapped_column(word(Side))


class SideEffectAnswer(Base):
    """Somebody asked about side effects after a visit and none were reported; different from not asked."""

    __tablename__ = "side_effect_answer"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"), primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), index=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    times_asked: Mapped[int] = mapped_column(Integer, default=1)
