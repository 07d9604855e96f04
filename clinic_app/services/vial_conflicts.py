"""Whether a charted vial belongs to somebody else: supplied for another patient, or charted for one already."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from clinic_app.models import ChartDraft, Lot, Vial, Visit
from clinic_app.services.chart_data import ChartVial
from clinic_app.services.lots import LEFT, folded, same_number

Package = tuple[str, str, str]
"""Product, lot number and serial number: one single vial."""
Number = tuple[str, str, Decimal | None]
"""Product, lot number and size: what a vial is known by whose lot was typed."""


@dataclass(frozen=True, slots=True)
class VialConflicts:
    """Vials that belong to somebody else.

    ``assigned_lots`` are lots kept for other patients, by id; ``assigned_numbers`` those of which the shelf has
    vials for other patients only; ``used_packages`` are vials that another patient's chart holds.
    """

    assigned_lots: frozenset[int] = frozenset()
    assigned_numbers: frozenset[Number] = frozenset()
    used_packages: frozenset[Package] = frozenset()

    def assigned(self, vial: ChartVial) -> bool:
        """Whether the vial was supplied for another patient."""
        if vial.lot_id is not None:
            return vial.lot_id in self.assigned_lots
        return _number_of(vial) in self.assigned_numbers

    def shared(self, vial: ChartVial) -> bool:
        """Whether another patient's chart already holds this very vial."""
        return package_of(vial) in self.used_packages


def package_of(vial: ChartVial) -> Package | None:
    """What tells the vial from every other; None without a serial number: a lot has many vials."""
    serial = vial.serial.strip()
    return (vial.product, vial.lot_number.strip(), serial) if serial else None


_ASSIGNED = select(Lot.id).where(
    Lot.id.in_(bindparam("lots", expanding=True)),
    Lot.patient_id.is_not(None),
    Lot.patient_id != bindparam("patient"),
)


def vial_conflicts(session: Session, patient_id: int, vials: tuple[ChartVial, ...]) -> VialConflicts:
    """Look for other patients behind the vials of a chart."""
    if not vials:
        return VialConflicts()
    lots = [vial.lot_id for vial in vials if vial.lot_id is not None]
    typed = tuple(vial for vial in vials if vial.lot_id is None and vial.lot_number.strip())
    packages = {package for vial in vials if (package := package_of(vial)) is not None}
    assigned = session.connection().scalars(_ASSIGNED, {"lots": lots, "patient": patient_id}) if lots else ()
    return VialConflicts(
        frozenset(assigned),
        _assigned_numbers(session, patient_id, typed) if typed else frozenset(),
        frozenset(packages & _used(session, patient_id, packages)) if packages else frozenset(),
    )


def _assigned_numbers(session: Session, patient_id: int, vials: tuple[ChartVial, ...]) -> frozenset[Number]:
    """The typed numbers whose vials on the shelf are all kept for others, as ``vial_booking`` takes them."""
    same = [same_number(vial.product, vial.lot_number) for vial in vials]
    free: dict[Number, bool] = {}
    for lot in session.scalars(select(Lot).where(or_(*same), LEFT > 0)):
        number = (lot.product, folded(lot.number), lot.size_units)
        free[number] = free.get(number, False) or lot.patient_id in (None, patient_id)
    return frozenset(number for number, is_free in free.items() if not is_free)


def _number_of(vial: ChartVial) -> Number:
    return (vial.product, folded(vial.lot_number), vial.size_units)


def _used(session: Session, patient_id: int, packages: set[Package]) -> set[Package]:
    """The packages that signed visits and charts in progress of others hold."""
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
    return used


def _packages_in(content: dict[str, object]) -> set[Package]:
    vials = content.get("vials")
    return {
        (str(vial.get("product", "")), str(vial.get("lot_number", "")).strip(), serial)
        for vial in (vials if isinstance(vials, list) else ())
        if (serial := str(vial.get("serial", "")).strip())
    }
