"""What was brought in from spreadsheets of before: each file once, and every row that was made of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic_app.models.base import Base, Instant, word
from clinic_app.terms import ImportKind


class DataImport(Base):
    """A file that somebody brought in; ``digest`` is the SHA-256 of it. One that was undone stays on the list.

    ``rows_in`` and ``rows_out`` count the lines of the file that came in and that did not.
    """

    __tablename__ = "data_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind] = mapped_column(word(ImportKind))
    file_name: Mapped[str] = mapped_column(String(300))
    digest: Mapped[str] = mapped_column(String(64))
    rows_in: Mapped[int] = mapped_column(Integer)
    rows_out: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime] = mapped_column(Instant)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))


class ImportedRow(Base):
    """A record that an import made: ``row_id`` of the table ``kind``. Parts of a record go with it and are not listed.

    It goes when the import is undone.
    """

    __tablename__ = "imported_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("data_import.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(64))
    row_id: Mapped[int] = mapped_column(Integer)

    __table_args__ = (UniqueConstraint("import_id", "kind", "row_id"),)
