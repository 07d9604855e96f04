"""The clinic's own facts: name, zone, paper, accounts, and what a new clinic starts with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.models import (
    Account,
    AccountRole,
    AppointmentType,
    Clinic,
    Room,
    WorkingHours,
)
from clinic_app.models.database import Database
from clinic_app.services.access import Act, Actor, require
from clinic_app.services.clock import Clock
from clinic_app.services.dose_colours import CHOICE, Limits, check_limits, read_limits
from clinic_app.services.patients import clean
from clinic_app.terms import LabelRegion, PaperSize, Role


@dataclass(frozen=True, slots=True)
class ClinicFacts:
    """What the window and the paper say of the clinic."""

    name: str
    address: str
    phone: str
    country: str
    time_zone: str
    language: str
    paper_size: PaperSize
    label_region: LabelRegion
    dose_limits: Mapping[str, Limits] = field(default_factory=dict)
    """The clinic's own limits of the map's dose colours, by product."""


@dataclass(frozen=True, slots=True)
class LetterheadForm:
    """What stands on the clinic's paper, and on which paper it is printed."""

    name: str
    address: str
    phone: str
    paper_size: PaperSize


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account on the list of accounts."""

    id: int
    user_name: str
    full_name: str
    roles: frozenset[Role]
    active: bool


def clinic_facts(session: Session) -> ClinicFacts:
    """The clinic's one row as plain data."""
    clinic = session.scalars(select(Clinic)).one()
    return ClinicFacts(
        clinic.name,
        clinic.address,
        clinic.phone,
        clinic.country,
        clinic.time_zone,
        clinic.language,
        clinic.paper_size,
        clinic.label_region,
        read_limits(clinic.choices),
    )


class Clinics:
    """The use cases of a manager, and the facts that everybody reads."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def facts(self) -> ClinicFacts:
        """What everybody may know of the clinic."""
        with self._database.reading() as session:
            return clinic_facts(session)

    def letterhead(self) -> LetterheadForm:
        """What stands on the clinic's paper, as somebody filled it in."""
        with self._database.reading() as session:
            return _letterhead_of(session.scalars(select(Clinic)).one())

    def set_letterhead(self, actor: Actor, form: LetterheadForm) -> LetterheadForm:
        """What stands on the clinic's paper from now on; returns what stood there.

        Raises ClinicError without a name, or where a text is too long.
        """
        require(actor, Act.SETTINGS)
        name, address, phone = clean(form.name), clean(form.address), clean(form.phone)
        if not name:
            raise ClinicError("clinic_name_missing", field="name")
        for field_name, text, most in (("name", name, 300), ("address", address, 1000), ("phone", phone, 100)):
            if len(text) > most:
                raise ClinicError("text_too_long", field=field_name, limit=most)
        with self._database.writing(actor.account_id, self._clock()) as session:
            clinic = session.scalars(select(Clinic)).one()
            before = _letterhead_of(clinic)
            clinic.name, clinic.address, clinic.phone, clinic.paper_size = name, address, phone, form.paper_size
            return before

    def set_dose_limits(self, actor: Actor, product: str, limits: Limits | None) -> None:
        """Where the map's dose colours of a product begin and end, in its units; None for the usual ones.

        Raises ClinicError unless they are five rising numbers above zero.
        """
        require(actor, Act.LIMITS)
        kept = None if limits is None else list(check_limits(limits))
        with self._database.writing(actor.account_id, self._clock()) as session:
            clinic = session.scalars(select(Clinic)).one()
            own: dict[str, object] = {name: list(each) for name, each in read_limits(clinic.choices).items()}
            own.pop(product, None)
            clinic.choices = {**clinic.choices, CHOICE: {**own, **({} if kept is None else {product: kept})}}

    def accounts(self, actor: Actor) -> tuple[AccountRow, ...]:
        """All accounts."""
        require(actor, Act.READ_SUMMARY)
        with self._database.reading() as session:
            return tuple(
                AccountRow(a.id, a.user_name, a.full_name, frozenset(r.role for r in a.roles), a.active)
                for a in session.scalars(select(Account).order_by(Account.full_name, Account.id))
            )


def _letterhead_of(clinic: Clinic) -> LetterheadForm:
    return LetterheadForm(clinic.name, clinic.address, clinic.phone, clinic.paper_size)


def furnish(session: Session, physician_ids: list[int]) -> None:
    """What a new clinic starts with, so that it can book on its first morning: kinds, a room, usual hours."""
    session.add_all(
        [
            AppointmentType(name="Injection", minutes=30, is_injection=True, colour="teal"),
            AppointmentType(name="First visit", minutes=60, is_injection=False, colour="violet"),
            AppointmentType(name="Review", minutes=20, is_injection=False, colour="blue"),
            Room(name="Room 1"),
        ]
    )
    for injector_id in physician_ids:
        for weekday in range(5):
            for opens, closes in ((time(8, 30), time(12, 30)), (time(13, 30), time(17))):
                session.add(WorkingHours(injector_id=injector_id, weekday=weekday, opens=opens, closes=closes))


def new_account(session: Session, user_name: str, full_name: str, roles: frozenset[Role], clock: Clock) -> Account:
    """Add an account with its roles; the passphrase is the key file's business."""
    account = Account(
        user_name=user_name,
        full_name=full_name,
        created_at=clock(),
        roles=[AccountRole(role=role) for role in sorted(roles)],
    )
    session.add(account)
    session.flush()
    return account
