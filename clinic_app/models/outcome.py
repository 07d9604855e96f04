"""What patients and scales say of a cycle beside the response: scale results and the weeks of a diary."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic_app.models.base import Base, Instant, Thousandths

DIARY_WEEKS = 12
"""A diary has a row for each of the twelve weeks after an injection."""


class ScaleResult(Base):
    """A total (``subscale`` empty) or subscale of a rating scale, never its items.

    ``visit_id`` is the visit whose effect it measures; None for one that was measured apart from any cycle.
    """

    __tablename__ = "scale_result"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"))
    scale: Mapped[str] = mapped_column(String(64))
    subscale: Mapped[str] = mapped_column(String(64), default="")
    value: Mapped[Decimal] = mapped_column(Thousandths)
    measured_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))

    __table_args__ = (UniqueConstraint("visit_id", "scale", "subscale"),)


class DiaryWeek(Base):
    """One week of the diary that a patient kept after a visit: week 1 is the first seven days after it.

    ``benefit_percent`` is 0 to 100 and ``pain`` 0 to 10, None where the patient left the field empty.
    """

    __tablename__ = "diary_week"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), index=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"))
    week: Mapped[int] = mapped_column(Integer)
    benefit_percent: Mapped[int | None] = mapped_column(Integer)
    pain: Mapped[int | None] = mapped_column(Integer)
    remark: Mapped[str] = mapped_column(String(300), default="")
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))

    __table_args__ = (
        UniqueConstraint("visit_id", "week"),
        CheckConstraint(f"week BETWEEN 1 AND {DIARY_WEEKS}", name="week_range"),
        CheckConstraint("benefit_percent BETWEEN 0 AND 100", name="benefit_percent_range"),
        CheckConstraint("pain BETWEEN 0 AND 10", name="pain_range"),
    )
