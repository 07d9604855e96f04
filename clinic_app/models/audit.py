"""Who did what to which record, written by the same transaction that did it, and never changed."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from clinic_app.models.base import Base, Instant


class AuditEntry(Base):
    """One created, changed, removed or used record: before and after, by whom, when and on which workstation.

    ``chain`` and ``patient_chain`` are digests over this entry and all before it, of the clinic and of the patient
    (``models.trail``, which writes every entry).
    """

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    workstation: Mapped[str] = mapped_column(String(200), default="")
    what: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[int | None] = mapped_column(Integer)
    patient_id: Mapped[int | None] = mapped_column(Integer)
    before: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)
    chain: Mapped[str] = mapped_column(String(64))
    patient_chain: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = (
        Index("ix_audit_entry_patient_id", "patient_id", "id"),
        Index("ix_audit_entry_account_id", "account_id", "id"),
        Index("ix_audit_entry_kind", "kind", "id"),
        Index("ix_audit_entry_what", "what", "id"),
        Index("ix_audit_entry_at", "at"),
    )
