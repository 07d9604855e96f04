"""What every record shares: one metadata with fixed constraint names, and the column types of this clinic.

Quantities are stored as whole thousandths so that sums in the database are exact: units of a product as
milliunits, millilitres as microlitres, kilograms as grams.
"""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import DateTime, Dialect, Enum, Integer, MetaData, Table
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

SECRET = {"secret": True}
"""``info`` of a column of which the audit trail says only whether it holds something."""


class Base(DeclarativeBase):
    """The root of all records."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def table_of(kind: type[Base]) -> Table:
    """The table of a kind of record: for what is read and written as rows."""
    return cast("Table", kind.__table__)


class Thousandths(TypeDecorator[Decimal]):
    """A Decimal with up to three places, stored as an integer. More places are refused with ValueError."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Decimal to thousandths."""
        if value is None:
            return None
        scaled = Decimal(value) * 1000
        if scaled != scaled.to_integral_value():
            raise ValueError(f"more than three decimal places: {value}")
        return int(scaled)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:
        """Thousandths to Decimal."""
        return None if value is None else Decimal(int(value)).scaleb(-3)


class Instant(TypeDecorator[datetime]):
    """A moment: aware in the program, UTC without a zone in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware to naive UTC; a naive moment is a bug and refused with ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Naive UTC to aware."""
        return None if value is None else value.replace(tzinfo=UTC)


def word(kind: type[StrEnum]) -> Enum:
    """A column for one of the closed lists, stored by its value so that renaming a member changes no data."""
    return Enum(
        kind,
        native_enum=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )
