"""The vials of a day on paper: what to take from the shelf, and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from clinic_app.documents.blocks import prose
from clinic_app.documents.letterhead import Clinic, PatientIdentity, first_head, next_head
from clinic_app.documents.lists import lying_flow
from clinic_app.documents.page import Document, Edition, Flow, footer, plain
from clinic_app.documents.style import BODY, SMALL
from clinic_app.documents.tables import Column, table
from clinic_app.documents.text import Limit, one_line
from clinic_app.documents.wording import number, short_date, time_of_day, units, weekday_date

MOST_ROWS = 400
# At the head: at the foot it could be left alone on a page of its own.
_NOTE = (
    "Units are those of the last signed pattern, or of a chart begun for the appointment. Each vial is for one "
    "patient. Contains patient data: destroy after use."
)


@dataclass(frozen=True)
class ListedVials:
    """Vials to take from one lot. ``kept_for`` names the patient for whom they were supplied."""

    lot: str
    size_units: Decimal
    expires_on: date
    vials: int
    kept_for: str = ""


@dataclass(frozen=True)
class ListedPatient:
    """A patient of the day with the vials for one product. Units are None where the record does not say how many."""

    starts_at: time
    patient: PatientIdentity
    injector: str
    product: str
    units: Decimal | None
    vials: tuple[ListedVials, ...]
    spare: Decimal
    short: Decimal
    remark: str = ""


@dataclass(frozen=True)
class ListedProduct:
    """The day's vials of one product, and the units that the shelf lacks."""

    product: str
    units: Decimal
    vials: tuple[ListedVials, ...]
    spare: Decimal
    short: Decimal


@dataclass(frozen=True)
class PreparationList:
    """What to prepare for one day, in the order it is printed."""

    clinic: Clinic
    day: date
    patients: Sequence[ListedPatient]
    products: Sequence[ListedProduct]
    edition: Edition = field(default_factory=Edition)


def preparation_list_document(listed: PreparationList) -> Document:
    """The list, laid out."""
    locale = listed.edition.locale
    flow = lying_flow(listed.edition)  # names, lots and dates side by side
    day = weekday_date(listed.day, locale)
    first_head(flow, listed.clinic, "Vials to prepare", day)
    if not listed.patients:
        prose(flow, "Nobody is booked to be injected on this day, or everybody has been.", BODY)
    else:
        prose(flow, _NOTE, SMALL)
        _shelf(flow, listed, locale)
        _patients(flow, listed, locale)
    clinic = one_line(listed.clinic.name)
    title = f"Vials to prepare · {day}"
    return Document(
        flow,
        (next_head(flow, None, title), footer(flow, clinic[:120], plain(title))),
        title=title,
        author=clinic[:200],
        subject="Vials to prepare for a day",
        day=listed.day,
    )


def _shelf(flow: Flow, listed: PreparationList, locale: str) -> None:
    rows: list[tuple[str, ...]] = []
    for product in listed.products:
        name = product.product
        for vials in product.vials:
            expiry = short_date(vials.expires_on, locale)
            kept = f"kept for {vials.kept_for}" if vials.kept_for else ""
            rows.append((name, str(vials.vials), units(vials.size_units, locale), vials.lot, expiry, kept))
            name = ""
        if product.short:
            rows.append((name, "", "", "", "", f"{units(product.short, locale)} short on the shelf"))
        elif not product.vials:
            rows.append((name, "", "", "", "", "units not known"))
    table(
        flow,
        [
            Column("Product", 40, bold=True),
            Column("Vials", 10, "right", bold=True),
            Column("Size", 14, "right"),
            Column("Lot", 26),
            Column("Expiry", 20),
            Column("Remark", 40),
        ],
        rows,
        most=MOST_ROWS,
        limit=Limit(200, 3),
        headed="From the shelf",
    )


def _patients(flow: Flow, listed: PreparationList, locale: str) -> None:
    table(
        flow,
        [
            Column("Time", 14, "right", bold=True),
            Column("Patient", 30, bold=True),
            Column("Born, number", 20),
            Column("Injector", 20),
            Column("Product", 36),
            Column("Units", 9, "decimal", bold=True),
            Column("Vials", 42),
            Column("Waste", 8, "decimal"),
            Column("Short", 8, "decimal", bold=True),
            Column("Remark", 30),
        ],
        [
            (
                time_of_day(datetime.combine(listed.day, each.starts_at), locale),
                each.patient.name,
                f"{short_date(each.patient.birth_date, locale)}\n{each.patient.record_number}",
                each.injector,
                each.product or "no pattern yet",
                number(each.units, locale),
                "\n".join(_vials(vials, locale) for vials in each.vials),
                number(each.spare, locale) if each.spare else "",
                number(each.short, locale) if each.short else "",
                each.remark,
            )
            for each in listed.patients
        ],
        most=MOST_ROWS,
        limit=Limit(400, 6),
        headed="For each patient",
    )


def _vials(vials: ListedVials, locale: str) -> str:
    own = ", the patient's own" if vials.kept_for else ""
    return f"{vials.vials} × {units(vials.size_units, locale)}, lot {vials.lot}{own}"
