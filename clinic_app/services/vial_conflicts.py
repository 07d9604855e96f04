"""Whether a charted vial belongs to somebody else: supplied for another patient, or charted for one already."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_app.models import ChartDraft, Lot, Vial, Visit
from clinic_app.services.chart_data import ChartVial

Package = tuple[str, str, str]
"""Product, lot number and serial number: one single vial."""


@dataclass(frozen=True, slots=True)
class VialConflicts:
    """Lots kept for other patients, by id, and packages that another patient's chart holds."""

    assigned_lots: frozenset[int] = frozenset()
    used_packages: frozenset[Package] = frozenset()

    def assigned(self, vial: ChartVial) -> bool:
        """Whether the vial was supplied for another patient."""
        return vial.lot_id in self.assigned_lots

    def shared(self, vial: ChartVial) -> bool:
        """Whether another patient's chart already holds this very vial."""
        return package_of(vial) in self.used_packages


def package_of(vial: ChartVial) -> Package | None:
    """What tells the vial from every other; None without a serial number: a lot has many vials."""
    serial = vial.serial.strip()
    return (vial.product, vial.lot_number.strip(), serial) if serial else None


def vial_conflicts(session: Session, patient_id: int, vials: tuple[ChartVial, ...]) -> VialConflicts:
    """Look for other patients behind the vials of a chart."""
    lots = [vial.lot_id for vial in vials if vial.lot_id is not None]
    packages = {package for vial in vials if (package := package_of(vial)) is not None}
    assigned = session.scalars(
        select(Lot.id).where(Lot.id.in_(lots), Lot.patient_id.is_not(None), Lot.patient_id != patient_id)
    ).all()
    if not packages:
        return VialConflicts(frozenset(assigned))
    used = {
        (product, lot_number, serial)
        for product, lot_number, serial in session.execute(
            select(Vial.product, Vial.lot_number, Vial.serial)
            .join(Visit)
            .where(Visit.patient_id != patient_id, Vial.serial.in_([serial for _, _, serial in packages]))
        )
        if serial is not None
    }
    for content in session.scalars(select(ChartDraft.content).where(ChartDraft.patient_id != patient_id)):
        used |= _packages_in(content)
    return VialConflicts(frozenset(assigned), frozenset(packages & used))


def _packages_in(content: dict[str, object]) -> set[Package]:
    vials = content.get("vials")
    return {
        (str(vial.get("product", "")), str(vial.get("lot_number", "")).strip(), serial)
        for vial in (vials if isinstance(vials, list) else ())
        if (serial := str(vial.get("serial", "")).strip())
    }
