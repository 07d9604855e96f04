"""Records that not everybody who works here may open, and who may."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from clinic_app.models.base import Base, Instant


class Restriction(Base):
    """That a patient's record opens only to those named on it, or with a reason that the manager is told."""

    __tablename__ = "restriction"

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(500), default="")
    set_at: Mapped[datetime] = mapped_column(Instant)
    set_by_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))


class RecordGrant(Base):
    """Who may open a restricted record: for good, as those who treat the patient, or ``until`` a moment.

    The latter was taken with a ``reason`` by the person themselves; ``seen_at`` tells that the manager read it.
    """

    __tablename__ = "record_grant"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(500), default="")
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
