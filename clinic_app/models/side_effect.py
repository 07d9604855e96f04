"""Side effects tied to the visit they followed, and the answer 'none reported'."""

from datetime import date, datetime

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic_app.models.base import Base, Instant, word
from clinic_app.terms import Learned, ReportState, Severity, Side


class SideEffect(Base):
    """One side effect. ``kind`` is an id of the catalogue, or empty with free text in ``other``.

    None stands for what nobody said: ``learned`` in records of older releases, ``red_answer`` where the question of a
    conditional red flag was not asked, ``serious`` where nobody judged it. ``serious_criteria`` are words of the
    reference. ``resolved_by_id`` is the physician who resolved the red flag with ``resolved_note``.
    """

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
    learned: Mapped[Learned | None] = mapped_column(word(Learned))
    red_flag: Mapped[bool] = mapped_column(Boolean, default=False)
    red_answer: Mapped[bool | None] = mapped_column(Boolean)
    resolved_note: Mapped[str] = mapped_column(Text, default="")
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    serious: Mapped[bool | None] = mapped_column(Boolean)
    serious_criteria: Mapped[list[str]] = mapped_column(JSON, default=list)
    report: Mapped[ReportState] = mapped_column(word(ReportState), default=ReportState.NOT_NEEDED)
    reported_on: Mapped[date | None] = mapped_column(Date)
    report_reference: Mapped[str] = mapped_column(String(200), default="")
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    muscles: Mapped[list["SuspectedMuscle"]] = relationship(cascade="all, delete-orphan", order_by="SuspectedMuscle.id")

    # The few that wait for a physician are found among all.
    __table_args__ = (Index("ix_side_effect_red_flag_resolved_at", "red_flag", "resolved_at"),)


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
