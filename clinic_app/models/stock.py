"""Vials in the refrigerator: lots and the ledger of what came and went."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic_app.models.base import Base, Instant, Thousandths, word
from clinic_app.terms import LotHold, StockKind

MOVED = "vials <> 0"
"""The lines of ``ix_stock_movement_moved``. A query must say it in these very words to be led there."""


class Lot(Base):
    """Vials of one product, size and lot number. ``size_units`` are units of the product per vial.

    ``patient_id`` names the patient for whom a specialty pharmacy supplied them. A ``hold`` keeps every vial from
    being used, with ``hold_reason``.
    """

    __tablename__ = "lot"

    id: Mapped[int] = mapped_column(primary_key=True)
    product: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(String(100), index=True)
    size_units: Mapped[Decimal] = mapped_column(Thousandths)
    expires_on: Mapped[date] = mapped_column(Date)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"))
    hold: Mapped[LotHold | None] = mapped_column(word(LotHold))
    hold_reason: Mapped[str] = mapped_column(String(300), default="")
    gtin: Mapped[str | None] = mapped_column(String(14))
    movements: Mapped[list["StockMovement"]] = relationship(order_by="StockMovement.id")
    __table_args__ = (UniqueConstraint("product", "number", "size_units", "patient_id"),)


class StockMovement(Base):
    """One line of the ledger, never edited: a trigger refuses it.

    ``vials`` is positive for what came onto the shelf, negative for what went and zero where none moved. ``units``
    of the lot's product follow one opened vial (``vial_id``): its contents when it is opened, minus what was drawn,
    minus what was wasted, are what is left in it.
    """

    __tablename__ = "stock_movement"

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[StockKind] = mapped_column(word(StockKind))
    vials: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"))
    vial_id: Mapped[int | None] = mapped_column(ForeignKey("vial.id", ondelete="RESTRICT"), index=True)
    units: Mapped[Decimal | None] = mapped_column(Thousandths)
    witness_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    __table_args__ = (
        # With all that the shelf asks of every lot, so that no line itself is read for what is left of them. Also on a
        # server, of which the migration tells.
        Index(
            "ix_stock_movement_moved",
            "lot_id",
            "kind",
            "vials",
            sqlite_where=text(MOVED),
        ),
    )


class ProductCode(Base):
    """What a GTIN on a package stands for: the product and the units in a vial, learned once."""

    __tablename__ = "product_code"

    gtin: Mapped[str] = mapped_column(String(14), primary_key=True)
    product: Mapped[str] = mapped_column(String(100))
    size_units: Mapped[Decimal] = mapped_column(Thousandths)
    learned_at: Mapped[datetime] = mapped_column(Instant)
    learned_by_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
