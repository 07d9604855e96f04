"""The clinic itself, the people who work in it, its rooms and its hours."""

from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Time,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic_app.models.base import SECRET, Base, Instant, Thousandths, word
from clinic_app.terms import DeviceKind, LabelRegion, PaperSize, Role


class Clinic(Base):
    """The one row that says whose record this is. ``choices`` holds settings by name."""

    __tablename__ = "clinic"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(1000), default="")
    phone: Mapped[str] = mapped_column(String(100), default="")
    country: Mapped[str] = mapped_column(String(2))
    time_zone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(16))
    paper_size: Mapped[PaperSize] = mapped_column(word(PaperSize))
    label_region: Mapped[LabelRegion] = mapped_column(word(LabelRegion))
    choices: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)


class Account(Base):
    """A person who works with the program. The passphrase is not here: it opens the key file.

    ``pin_verifier`` is an Argon2 hash of the short PIN for signing and for coming back after a lock, never written into
    the audit trail: so few digits could be tried out from it. After too many ``pin_failures`` only the passphrase
    counts.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_name: Mapped[str] = mapped_column(String(100), unique=True)
    full_name: Mapped[str] = mapped_column(String(300))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    pin_verifier: Mapped[str | None] = mapped_column(String(200), info=SECRET)
    pin_failures: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    roles: Mapped[list["AccountRole"]] = relationship(
        back_populates="account", cascade="all, delete-orphan", lazy="selectin", order_by="AccountRole.role"
    )


class AccountRole(Base):
    """One role of an account."""

    __tablename__ = "account_role"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"), primary_key=True)
    role: Mapped[Role] = mapped_column(word(Role), primary_key=True)
    account: Mapped[Account] = relationship(back_populates="roles")


class Room(Base):
    """A room where patients are injected."""

    __tablename__ = "room"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class Device(Base):
    """A device for guidance that one appointment at a time can have."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    kind: Mapped[DeviceKind] = mapped_column(word(DeviceKind))
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class AppointmentType(Base):
    """A kind of appointment: its usual length in minutes, its colour (a name of the palette), and what it needs.

    ``needs`` are kinds of device.
    """

    __tablename__ = "appointment_type"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    minutes: Mapped[int] = mapped_column(Integer)
    is_injection: Mapped[bool] = mapped_column(Boolean, default=True)
    colour: Mapped[str] = mapped_column(String(16), default="")
    needs_room: Mapped[bool] = mapped_column(Boolean, default=False)
    needs: Mapped[list[str]] = mapped_column(JSON, default=list)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    __table_args__ = (CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes_range"),)


class WorkingHours(Base):
    """When an injector works on a weekday (0 is Monday), in the clinic's wall-clock time."""

    __tablename__ = "working_hours"

    id: Mapped[int] = mapped_column(primary_key=True)
    injector_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"), index=True)
    weekday: Mapped[int] = mapped_column(Integer)
    opens: Mapped[time] = mapped_column(Time)
    closes: Mapped[time] = mapped_column(Time)
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_range"),
        CheckConstraint("opens < closes", name="opens_before_closes"),
        UniqueConstraint("injector_id", "weekday", "opens"),
    )


class DayHours(Base):
    """An injector's hours on one day instead of the weekday's; without hours the injector is not there that day."""

    __tablename__ = "day_hours"

    id: Mapped[int] = mapped_column(primary_key=True)
    injector_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    day: Mapped[date] = mapped_column(Date)
    opens: Mapped[time | None] = mapped_column(Time)
    closes: Mapped[time | None] = mapped_column(Time)
    reason: Mapped[str] = mapped_column(String(200), default="")
    __table_args__ = (
        CheckConstraint(
            "(opens IS NULL AND closes IS NULL) OR (opens IS NOT NULL AND closes IS NOT NULL AND opens < closes)",
            name="opens_before_closes",
        ),
        UniqueConstraint("injector_id", "day", "opens"),
        Index("ix_day_hours_day", "day"),
    )


class WorkedHoliday(Base):
    """A public holiday on which the clinic works all the same."""

    __tablename__ = "worked_holiday"

    day: Mapped[date] = mapped_column(Date, primary_key=True)


class Closure(Base):
    """Days on which the clinic, or one injector, does not work."""

    __tablename__ = "closure"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(200))
    injector_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    __table_args__ = (CheckConstraint("first_day <= last_day", name="first_before_last"),)


class ClinicLimit(Base):
    """A limit of the clinic's own for one check, narrower or wider than the label's, with its author and day.

    ``value`` is in the check's own quantity: units of ``product``, mL, days or hours (``rules.limits``). Empty
    ``product``, ``indication`` or ``muscle`` mean any. A limit that no longer counts has ``ended_at``.
    """

    __tablename__ = "clinic_limit"

    id: Mapped[int] = mapped_column(primary_key=True)
    check: Mapped[str] = mapped_column(String(100))
    product: Mapped[str] = mapped_column(String(100), default="")
    indication: Mapped[str] = mapped_column(String(100), default="")
    muscle: Mapped[str] = mapped_column(String(100), default="")
    value: Mapped[Decimal] = mapped_column(Thousandths)
    reason: Mapped[str] = mapped_column(String(300), default="")
    set_at: Mapped[datetime] = mapped_column(Instant)
    set_by_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
