"""Vials in the refrigerator: lots and the ledger of what came and went."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic_app.models.base import Base, Instant, Thousandths, word
from clinic_app.terms import StockKind


class Lot(Base):
    """Vials of one product, size and lot number. ``size_units`` are units of the product per vial."""

    __tablename__ = "lot"

    id: Mapped[int] = mapped_column(primary_key=True)
    product: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(String(100), index=True)
    size_units: Mapped[Decimal] = mapped_column(Thousandths)
    expires_on: Mapped[date] = mapped_column(Date)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    quarantined: Mapped[bool] = mapped_column(Boolean, default=False)
    movements: Mapped[list["StockMovement"]] = relationship(order_by="StockMovement.id")
    __table_args__ = (UniqueConstraint("product", "number", "size_units", "patient_id"),)


class StockMovement(Base):
    """One line of the ledger; ``vials`` is positive for what came in and negative for what went."""

    __tablename__ = "stock_movement"

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[StockKind] = mapped_column(word(StockKind))
    vials: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"))
    reason: Mapped[str] = mapped_column(String(300), default="")
