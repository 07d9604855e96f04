"""What a server keeps of every save for a while, so that one whose answer was lost is known to have been made."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from clinic_app.models.base import Base, Instant


class CommitMark(Base):
    """That a transaction with this key was committed. The program drew the key before it began."""

    __tablename__ = "commit_mark"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
