"""Handouts: the texts that were ever given or reviewed, the clinic's own ones, and who took which home."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic_app.models.base import Base, Instant


class HandoutEdition(Base):
    """One text as it was, whole and never changed; ``digest`` is the SHA-256 of its source as hex.

    Kept when somebody is given it, when the clinic writes it, or when it is marked as reviewed; so what was handed out
    can be printed again word for word, also after the program or the clinic has changed it.
    """

    __tablename__ = "handout_edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(Text)
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))

    __table_args__ = (UniqueConstraint("name", "language", "digest"),)


class ClinicHandout(Base):
    """The clinic's own text in the place of the program's."""

    __tablename__ = "clinic_handout"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    language: Mapped[str] = mapped_column(String(16), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("handout_edition.id", ondelete="RESTRICT"))

    edition: Mapped[HandoutEdition] = relationship(lazy="joined")


class GivenHandout(Base):
    """A handout that a patient was given, as it looked then."""

    __tablename__ = "given_handout"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id", ondelete="RESTRICT"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("handout_edition.id", ondelete="RESTRICT"))
    reviewed: Mapped[bool] = mapped_column(Boolean)
    large: Mapped[bool] = mapped_column(Boolean)
    contrast: Mapped[bool] = mapped_column(Boolean)
    given_at: Mapped[datetime] = mapped_column(Instant)
    given_by_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))

    edition: Mapped[HandoutEdition] = relationship(lazy="joined")
