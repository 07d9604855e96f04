"""Everybody who got a lot, on paper: to be called and ticked off one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from clinic_app.documents.blocks import facts, prose
from clinic_app.documents.letterhead import Clinic, PatientIdentity, first_head, next_head
from clinic_app.documents.lists import TO_FILL_IN, born_and_number, lying_flow
from clinic_app.documents.page import Document, Edition, footer, plain
from clinic_app.documents.style import BODY
from clinic_app.documents.tables import Column, table
from clinic_app.documents.text import Limit, one_line
from clinic_app.documents.wording import long_date, short_date, units

MOST_VISITS = 2000


@dataclass(frozen=True)
class LotVisit:
    """A patient and visit that got the lot; units of its product. ``remark`` is for what must not be overlooked."""

    patient: PatientIdentity
    phone: str
    address: str
    visited_on: date
    injector: str
    given: Decimal
    wasted: Decimal | None
    remark: str = ""


@dataclass(frozen=True)
class LotList:
    """The list of one lot. ``hold`` says that it is recalled or in quarantine, and why."""

    clinic: Clinic
    product: str
    lot: str
    size_units: Decimal
    expires_on: date
    printed_on: date
    visits: Sequence[LotVisit]
    hold: str = ""
    edition: Edition = field(default_factory=Edition)


def lot_list_document(lot_list: LotList) -> Document:
    """The list, laid out."""
    locale = lot_list.edition.locale
    flow = lying_flow(lot_list.edition)
    lot = one_line(lot_list.lot)[:60]
    day = long_date(lot_list.printed_on, locale)
    title = f"Who got lot {lot} · {day}"
    first_head(flow, lot_list.clinic, f"Who got lot {lot}", day)
    facts(
        flow,
        (
            ("Product", lot_list.product),
            ("Lot", lot_list.lot),
            ("Vial", units(lot_list.size_units, locale)),
            ("Expiry", long_date(lot_list.expires_on, locale)),
            ("On hold", lot_list.hold),
        ),
    )
    flow.down(4)
    prose(flow, f"{_counted(lot_list.visits)} Contains patient data: destroy after use.", BODY)
    flow.down(6)
    table(
        flow,
        [
            Column("Patient", 28, bold=True),
            Column("Born, number", 18),
            Column("Phone", 22),
            Column("Address", 30),
            Column("Visit", 17),
            Column("Injector", 20),
            Column("Given", 11, "decimal"),
            Column("Wasted", 11, "decimal"),
            Column("Remark", 16),
            Column("Told on, by", 20),
        ],
        [
            (
                visit.patient.name,
                born_and_number(visit.patient, locale),
                visit.phone,
                visit.address,
                short_date(visit.visited_on, locale),
                visit.injector,
                units(visit.given, locale),
                units(visit.wasted, locale) or "not known",
                visit.remark,
                TO_FILL_IN,
            )
            for visit in lot_list.visits
        ],
        most=MOST_VISITS,
        limit=Limit(200, 3),
    )
    clinic = one_line(lot_list.clinic.name)
    return Document(
        flow,
        (next_head(flow, None, title), footer(flow, clinic[:120], plain(title))),
        title=title,
        author=clinic[:200],
        subject="Patients who got a lot",
        day=lot_list.printed_on,
    )


def _counted(visits: Sequence[LotVisit]) -> str:
    if not visits:
        return "Nobody got a vial of this lot."
    patients = len({visit.patient for visit in visits})
    people = "1 patient" if patients == 1 else f"{patients} patients"
    return f"{people}, {len(visits)} visit{'' if len(visits) == 1 else 's'}."
