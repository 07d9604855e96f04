"""A vial of the visit in words: the lot to choose, and what its closed card says."""

from datetime import datetime

from clinic_app.reference.catalogue import Reference
from clinic_app.reference.units import show_ml, show_units
from clinic_app.services.chart_data import ChartVial, LotChoice
from clinic_app.services.charting import ReadVial
from clinic_app.ui.locale import date_text, time_text, weekday_date_text, weekday_text
from clinic_app.ui.muscle_map.wording import per_tenth


def is_complete(reference: Reference, vial: ChartVial) -> bool:
    """Whether lot, expiry, size and, where it is mixed, the dilution are there."""
    product = reference.products.get(vial.product)
    mixed = (product is not None and product.ready_to_use) or (
        bool(vial.diluent_ml.strip()) and vial.reconstituted_at is not None
    )
    return bool(vial.lot_number.strip()) and vial.expires_on is not None and bool(vial.size_units) and mixed


def lot_text(lot: LotChoice) -> str:
    """A lot on the shelf as it is chosen: number, size, expiry, vials left."""
    left = "1 vial" if lot.vials_left == 1 else f"{lot.vials_left} vials"
    kept = " · kept for this patient" if lot.assigned_to_this else ""
    return f"{lot.number} · {show_units(lot.size_units)} · {date_text(lot.expires_on)} · {left} left{kept}"


def vial_facts(vial: ChartVial, read: ReadVial, now: datetime, *, whole: bool = False) -> list[str]:
    """What the closed card says: how strong, until when. The ``whole`` of it stands in the tooltip."""
    facts = []
    if read.diluent_ml:
        mixed = f"{show_units(read.size_units)} in {show_ml(read.diluent_ml)} = " if whole else ""
        facts.append(f"{mixed}{per_tenth(read.units_per_tenth_ml)}" if read.units_per_tenth_ml else mixed)
    if vial.reconstituted_at is not None and whole:
        facts.append(f"Mixed {weekday_date_text(vial.reconstituted_at.date())} at {time_text(vial.reconstituted_at)}")
    if read.use_by is not None:
        until = time_text(read.use_by)
        if read.use_by.date() != now.date():
            until = f"{weekday_text(read.use_by.date())} {until}"
        unsure = "" if read.use_by_verified else " (confirm against the label)"
        facts.append(f"{'Use' if whole else 'use'} by {until}{unsure if whole else ''}")
    if vial.expires_on is not None:
        facts.append(f"{'Expires' if whole else 'expires'} {date_text(vial.expires_on)}")
    if vial.serial and whole:
        facts.append(f"Serial number {vial.serial}")
    return facts
