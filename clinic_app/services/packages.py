"""Packages as they are bought and scanned: which sizes a product has, and what a GTIN stands for."""

import re
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_app.errors import ClinicError
from clinic_app.exchange.gs1 import ScannedPackage, read_package
from clinic_app.models import Lot, ProductCode
from clinic_app.reference.catalogue import Reference
from clinic_app.reference.units import show_number
from clinic_app.rules.names import product_name
from clinic_app.services.lots import folded
from clinic_app.services.stock_data import ProductSize, ScannedVial
from clinic_app.terms import LabelRegion


def sizes_of(reference: Reference, product: str, region: LabelRegion) -> tuple[Decimal, ...]:
    """Units in the vials that exist; ``vials_other`` of the reference are those of other markets than the US."""
    known = reference.products[product]
    other = () if region is LabelRegion.US else tuple(Decimal(size) for size in known.vials_other)
    return tuple(sorted({*known.vials_units, *other}))


def product_sizes(reference: Reference, region: LabelRegion) -> tuple[ProductSize, ...]:
    """Every package of every product, in the order of the reference."""
    return tuple(
        ProductSize(
            product=product.id,
            name=product_name(reference, product.id, region.value),
            size_units=size,
            reconstituted=not product.ready_to_use,
        )
        for product in reference.products.values()
        for size in sizes_of(reference, product.id, region)
    )


def refuse_product(reference: Reference, product: str) -> None:
    """Raise ClinicError for a product that is not for treatment, or not known: its units would mean nothing."""
    if product in reference.cosmetic_products:
        raise ClinicError("product_cosmetic_only", field="product", product=product)
    if product not in reference.products:
        raise ClinicError("product_unknown", field="product")


def refuse_size(size_units: Decimal) -> None:
    """Raise ClinicError for a size that no vial can have, in units of its product."""
    if not size_units.is_finite() or size_units != round(size_units, 3):
        raise ClinicError("units_not_a_number", field="size_units", typed=size_units)
    if size_units <= 0:
        raise ClinicError("size_missing", field="size_units")
    if size_units > 100_000:
        raise ClinicError("units_too_many", field="size_units")


def refuse_unlisted_size(reference: Reference, product: str, region: LabelRegion, size_units: Decimal) -> None:
    """Raise ClinicError for a size that the reference does not list: a slip, or a new package to be confirmed."""
    known = sizes_of(reference, product, region)
    if size_units not in known:
        listed = ", ".join(show_number(size) for size in known)
        raise ClinicError(
            "size_unlisted", field="size_units", size=show_number(size_units), product=product, sizes=listed
        )


def package_of(session: Session, reference: Reference, gtin: str) -> tuple[str, Decimal] | None:
    """Product and units per vial that a GTIN stands for: as the clinic taught it, or as the reference has it."""
    learned = session.get(ProductCode, gtin)
    return printed_package(reference, gtin) if learned is None else (learned.product, learned.size_units)


def printed_package(reference: Reference, gtin: str) -> tuple[str, Decimal] | None:
    """What the reference says of a GTIN; codes that were not verified teach nothing.

    The GTIN of a US package holds its NDC: 0, 03, ten digits, check digit.
    """
    for product in reference.products.values():
        for code in product.package_codes:
            digits = re.sub(r"\D", "", code.code)
            printed = digits.zfill(14) == gtin if code.type == "GTIN" else f"003{digits}" == gtin[:13]
            if printed and code.verified:
                return product.id, code.vial_units
    return None


def refuse_other_package(session: Session, reference: Reference, gtin: str, product: str, size_units: Decimal) -> None:
    """Raise ClinicError where the GTIN is known to stand for something else."""
    known = package_of(session, reference, gtin)
    if known is not None and known != (product, size_units):
        name, size = known
        raise ClinicError("gtin_other_package", field="gtin", gtin=gtin, product=name, size=show_number(size))


def scanned_vial(session: Session, reference: Reference, text: str) -> ScannedVial:
    """What a scan says. Where it can be read in several ways, the one whose lot is in stock counts."""
    package = read_package(text)
    known = package_of(session, reference, package.gtin)
    product, size = known or ("", None)
    readings = (package, *package.other_readings)
    doubtful = len(readings) > 1
    if doubtful and product:
        numbers = {folded(each.lot) for each in readings}
        query = select(func.upper(Lot.number)).where(Lot.product == product, func.upper(Lot.number).in_(numbers))
        in_stock = set(session.scalars(query))
        fitting = [each for each in readings if folded(each.lot) in in_stock]
        if len({each.lot for each in fitting}) == 1:
            package, doubtful = _fullest(fitting), False
    return ScannedVial(
        gtin=package.gtin,
        lot=package.lot,
        expires_on=package.expires_on,
        serial=package.serial,
        product=product,
        size_units=size,
        doubtful=doubtful,
    )


def _fullest(readings: list[ScannedPackage]) -> ScannedPackage:
    return next((each for each in readings if each.is_complete), readings[0])
