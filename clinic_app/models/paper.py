"""What left the printer for signed visits, and the sign that the clinic's paper bears."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic_app.models.base import SECRET, Base, Instant


class KeptFile(Base):
    """A PDF file as it was printed or saved, never changed; ``digest`` is its SHA-256 as hex.

    The same content gives the same file, so that what is printed twice is kept once.
    """

    __tablename__ = "kept_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, info=SECRET, deferred=True)


class KeptPaper(Base):
    """A file that went out for a signed visit: which paper it was (``kind``), when and by whom."""

    __tablename__ = "kept_paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    file_id: Mapped[int] = mapped_column(ForeignKey("kept_file.id", ondelete="RESTRICT"))
    way: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))

    file: Mapped[KeptFile] = relationship()


class ClinicLogo(Base):
    """The clinic's sign as a small PNG picture; ``digest`` is its SHA-256 as hex. A clinic has one or none."""

    __tablename__ = "clinic_logo"

    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="RESTRICT"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    png: Mapped[bytes] = mapped_column(LargeBinary, info=SECRET)
